//! Who promised and accepted each ballot, and where two majorities meet: what the page's quorum lens shows.

use super::*;
use crate::process::NodeSet;

/// Those whose promise or acceptance had left before an event.
fn set(votes: &[Vote], before: u32) -> NodeSet {
    votes.iter().filter(|vote| vote.left < before).map(|vote| vote.acceptor).collect()
}

impl PaxosMonitor {
    pub(super) fn ballots_before(&self, before: u32) -> Vec<BallotVotes> {
        let mut ballots: Vec<Ballot> = self.promises.keys().chain(self.votes.keys()).copied().collect();
        ballots.sort_unstable();
        ballots.dedup();
        let rows = ballots.into_iter().map(|ballot| self.row(ballot, before));
        rows.filter(|row| !(row.promised.is_empty() && row.accepted.is_empty())).collect()
    }

    fn row(&self, ballot: Ballot, before: u32) -> BallotVotes {
        let is_majority = |set: NodeSet| set.len() as usize >= self.majority;
        let promised = self.promises.get(&ballot).map_or(NodeSet::EMPTY, |votes| set(votes, before));
        let all = self.votes.get(&ballot).map(Vec::as_slice).unwrap_or_default();
        let values: Vec<(&Value, NodeSet)> =
            all.iter().map(|votes| (&votes.value, set(&votes.acceptors, before))).collect();
        let accepted = values.iter().flat_map(|(_, set)| set.iter()).collect::<NodeSet>();
        let shown: Vec<&str> = values.iter().filter(|(_, set)| !set.is_empty()).map(|(value, _)| &***value).collect();
        BallotVotes {
            epoch: ballot.as_epoch(),
            promised,
            accepted,
            value: (!shown.is_empty()).then(|| shown.join(" / ")),
            has_promises: is_majority(promised),
            is_chosen: values.iter().any(|(_, set)| is_majority(*set)),
        }
    }

    pub(super) fn meeting_before(&self, before: u32) -> Option<Meeting> {
        let ballots = self.ballots_before(before);
        let mut promised = ballots.iter().rev().filter(|ballot| ballot.has_promises);
        let later = promised.next()?;
        let chosen = ballots.iter().find(|ballot| ballot.is_chosen && ballot.epoch < later.epoch);
        let earlier = chosen.or_else(|| promised.next())?;
        let is_chosen = chosen.is_some();
        let majority = if is_chosen { earlier.accepted } else { earlier.promised };
        let shared: NodeSet = majority.iter().filter(|&acceptor| later.promised.contains(acceptor)).collect();
        let carried_by = shared
            .iter()
            .filter(|&acceptor| is_chosen && self.accepted_first(earlier.epoch, later.epoch, acceptor))
            .collect();
        Some(Meeting { earlier: earlier.epoch, later: later.epoch, is_chosen, shared, carried_by })
    }

    /// Whether an acceptor had said that it accepted one ballot before it said that it promised another, or said both
    /// at once.
    fn accepted_first(&self, earlier: u64, later: u64, acceptor: NodeId) -> bool {
        let of = |votes: &[Vote]| votes.iter().find(|vote| vote.acceptor == acceptor).map(|vote| vote.message);
        let accepted = self.votes.iter().find(|(ballot, _)| ballot.as_epoch() == earlier);
        let accepted = accepted.and_then(|(_, values)| values.iter().find_map(|votes| of(&votes.acceptors)));
        let promised =
            self.promises.iter().find(|(ballot, _)| ballot.as_epoch() == later).and_then(|(_, votes)| of(votes));
        accepted.zip(promised).is_some_and(|(accepted, promised)| accepted <= promised)
    }
}
