//! What follows at once from what a validator has: lines 36 to 43, 47, 49 and 55.

use super::{DECIDED_IN_ANY_ROUND, LATE_POLKAS, TendermintMonitor, name};
use crate::check::invariant::Found;
use crate::process::NodeId;
use crate::tendermint::{BlockId, Height, Round, Step, Tendermint, VoteKind};

impl TendermintMonitor {
    /// Whether what the log of votes makes possible has happened: lines 36 to 43 and 49.
    pub(super) fn look_at_round(&mut self, event: u32, node: NodeId, process: &Tendermint) {
        let (consensus, validators) = (process.consensus(), &process.config().validators);
        let (height, now) = (consensus.height(), consensus.round());
        for (round, votes) in consensus.votes().rounds() {
            let full = |powers: &[(Option<BlockId>, u64)]| {
                powers.iter().find(|(_, power)| validators.is_quorum(*power)).and_then(|(id, _)| *id)
            };
            let of_round = |id: &BlockId| consensus.has_valid_proposal(round, *id);
            let (precommits, prevotes) = (full(votes.precommits.powers()), full(votes.prevotes.powers()));
            if let Some(id) = precommits.filter(of_round) {
                let says = format!(
                    "{} has precommits of more than two thirds for {id} at height {height}, round {round}, and is in round {now}",
                    name(node)
                );
                let found = self.with_votes(event, node, (height, round, VoteKind::Precommit, id), Found::new(says));
                self.findings.note(DECIDED_IN_ANY_ROUND, event, || found);
            }
            let is_late = round == now && consensus.step() >= Step::Prevote;
            let Some(id) = prevotes.filter(|id| is_late && of_round(id)) else { continue };
            if consensus.valid().is_none_or(|valid| valid.round != round) {
                let says = format!(
                    "{} has a polka for {id} at height {height}, round {round}, and would not propose it",
                    name(node)
                );
                let found = self.with_votes(event, node, (height, round, VoteKind::Prevote, id), Found::new(says));
                self.findings.note(LATE_POLKAS, event, || found);
            }
        }
    }

    /// The event itself, and those by which the votes came.
    fn with_votes(
        &self,
        event: u32,
        node: NodeId,
        (height, round, kind, id): (Height, Round, VoteKind, BlockId),
        found: Found,
    ) -> Found {
        let what = if kind == VoteKind::Prevote { "prevote" } else { "precommit" };
        let mut found =
            found.because(event, format!("now {} has {what}s of more than two thirds for {id}", name(node)));
        for (voter, came) in self.heard[node.index()].voters(event, height, round, kind, Some(id)) {
            found =
                found.because(came, format!("{} hears {}'s {what} for {id} in round {round}", name(node), name(voter)));
        }
        found
    }

    /// Where a validator stands after an event. One that has come to a later round had a reason: more than two thirds
    /// have precommitted something in the round before (lines 47 and 65), or others of more than a third are there
    /// (line 55).
    pub(super) fn look_at_place(&mut self, event: u32, node: NodeId, process: &Tendermint, is_boot: bool) {
        let (consensus, validators) = (process.consensus(), &process.config().validators);
        let place = (consensus.height(), consensus.round());
        let before = self.places[node.index()].replace(place);
        let (height, round) = place;
        if is_boot || before == Some(place) || round == 0 || consensus.step() == Step::Waiting {
            return;
        }
        let heard = &self.heard[node.index()];
        let mut others = heard.present(event, height, round, None);
        others.remove(node);
        let comes_from_before = before.is_some_and(|(of, last)| of == height && last + 1 == round);
        let precommitted = validators.power_of(heard.present(event, height, round - 1, Some(VoteKind::Precommit)));
        if validators.has_honest(validators.power_of(others))
            || (comes_from_before && validators.is_quorum(precommitted))
        {
            return;
        }
        let (power, total) = (validators.power_of(others), validators.total());
        let says = format!(
            "{} goes to round {round} of height {height}, where it has heard a power of {power} of {total}",
            name(node)
        );
        let mut found = Found::new(says.clone()).because(event, says);
        for (kind, what) in [(VoteKind::Prevote, "prevote"), (VoteKind::Precommit, "precommit")] {
            let voters = heard.votes_in(event, height, round, kind).filter(|(voter, _)| *voter != node);
            for (voter, came) in voters.collect::<Vec<_>>() {
                found =
                    found.because(came, format!("{} hears a {what} of {} in round {round}", name(node), name(voter)));
            }
        }
        self.entered.insert((node, height, round), (event, found));
    }
}
