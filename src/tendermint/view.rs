//! What a page or a checker may see of a validator.

use super::Tendermint;
use super::consensus::{Polka, Step};
use super::vote::{RoundVotes, Tally, VoteKind};
use crate::process::{Field, LogCell, LogView, NodeSet, Process, Signed, View, VoteSet};

impl Tendermint {
    pub(super) fn to_view(&self) -> View {
        View {
            role: Self::ROLES[usize::from(self.role())],
            epoch: self.height(),
            leader: Some(self.consensus.proposer()),
            durable: self.durable_fields(),
            volatile: self.volatile_fields(),
            peers: Vec::new(),
            log: Some(self.log_view()),
            store: self.store.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect(),
        }
    }

    fn durable_fields(&self) -> Vec<Field> {
        let value = |polka: Option<Polka>| polka.map(|polka| polka.id.to_string());
        let round = |polka: Option<Polka>| polka.map(|polka| polka.round);
        let progress = &self.durable.progress;
        let own = |vote: &crate::process::Signed<super::Vote>| {
            let kind = if vote.body().kind == VoteKind::Prevote { "prevote" } else { "precommit" };
            format!(
                "{kind} {} in round {}",
                vote.body().id.map_or_else(|| "nil".to_owned(), |id| id.to_string()),
                vote.body().round
            )
        };
        let evidence = self.durable.evidence.iter().map(|evidence| {
            let (height, round) = evidence.place();
            format!("{} at height {height}, round {round}", evidence.label())
        });
        vec![
            Field::new("decided height", self.decided()),
            Field::new("round", progress.round),
            Field::new("locked value", value(progress.locked)),
            Field::new("locked round", round(progress.locked)),
            Field::new("valid value", value(progress.valid)),
            Field::new("valid round", round(progress.valid)),
            Field::new("own votes", progress.votes.iter().map(own).collect::<Vec<_>>()),
            Field::new("evidence", evidence.collect::<Vec<_>>()),
        ]
    }

    fn volatile_fields(&self) -> Vec<Field> {
        let step = match self.consensus.step() {
            Step::Waiting => "waits for a request",
            Step::Propose => "propose",
            Step::Prevote => "prevote",
            Step::Precommit => "precommit",
        };
        let tallies = self.consensus.votes().rounds().flat_map(|(round, votes)| self.tallies(round, votes));
        let proposals = self.proposals.iter().map(|proposed| {
            let proposal = proposed.proposal.body();
            let again = proposal.valid_round.map_or_else(String::new, |round| format!(", polka in round {round}"));
            format!("round {}: {}{again}", proposal.round, proposed.block.label())
        });
        vec![
            Field::new("height", self.height()),
            Field::new("step", step),
            Field::new("proposer", self.consensus.proposer()),
            Field::new("proposals", proposals.collect::<Vec<_>>()),
            Field::new("votes", tallies.collect::<Vec<_>>()),
            Field::new("voting power", self.config().validators.power(self.seat.id)),
            Field::new(
                "requests waiting",
                self.pool.iter().map(|request| request.body().command.to_string()).collect::<Vec<_>>(),
            ),
        ]
    }

    /// Each value that was voted for, as "round 0: prevotes for 1a2b: power 3 of 4, needs more than 2/3".
    fn tallies(&self, round: u64, votes: &RoundVotes) -> Vec<String> {
        let total = self.config().validators.total();
        let line = |name: &'static str, tally: &Tally| {
            let lines = tally.powers().iter().map(move |(id, power)| {
                let value = id.map_or_else(|| "nil".to_owned(), |id| id.to_string());
                let enough = if self.config().validators.is_quorum(*power) { "which is" } else { "needs" };
                format!("round {round}: {name} for {value}: power {power} of {total}, {enough} more than 2/3")
            });
            lines.collect::<Vec<_>>()
        };
        let mut lines = line("prevotes", &votes.prevotes);
        lines.extend(line("precommits", &votes.precommits));
        lines
    }

    /// The rounds of the height that is to be decided: who proposes (0 needed where the proposal has not come), and who
    /// voted for what.
    pub(super) fn to_votes(&self) -> Vec<VoteSet> {
        let rounds = self.consensus.votes().rounds().map(|(round, _)| round).chain(self.durable.progress.round);
        let last = rounds.chain(self.proposals.iter().map(|each| each.proposal.body().round)).max();
        last.map_or_else(Vec::new, |last| (0..=last).flat_map(|round| self.round_votes(round)).collect())
    }

    fn round_votes(&self, round: u64) -> Vec<VoteSet> {
        let height = self.height();
        let validators = &self.config().validators;
        let need = 2 * validators.total() / 3 + 1;
        let named = |id: super::BlockId| {
            let known = self.proposals.iter().find(|each| each.block.id() == id).map(|each| each.block.label());
            known.unwrap_or_else(|| id.to_string())
        };
        let set = |phase, id: Option<super::BlockId>, voters: NodeSet, need| VoteSet {
            index: height,
            round,
            phase,
            value: id.map(|id| id.to_string()),
            text: id.map_or_else(|| "nil".to_owned(), named),
            voters,
            have: validators.power_of(voters),
            need,
        };
        let proposer = validators.proposer(height, round);
        let proposals = self.proposals.iter().filter(|each| each.proposal.body().round == round);
        let mut sets: Vec<VoteSet> = proposals
            .map(|each| set("proposal", Some(each.block.id()), [each.proposal.signer()].into_iter().collect(), 1))
            .collect();
        if sets.is_empty() {
            sets.push(VoteSet { text: String::new(), ..set("proposal", None, [proposer].into_iter().collect(), 0) });
        }
        for (phase, kind) in [("prevote", VoteKind::Prevote), ("precommit", VoteKind::Precommit)] {
            let Some(tally) = self.consensus.votes().tally(kind, round) else { continue };
            for (id, _) in tally.powers() {
                let voters = tally.votes().iter().filter(|vote| vote.body().id == *id).map(Signed::signer).collect();
                sets.push(set(phase, *id, voters, need));
            }
        }
        sets
    }

    fn log_view(&self) -> LogView {
        let cell = |decision: &std::sync::Arc<super::Decision>| LogCell {
            index: decision.block.height(),
            epoch: decision.round,
            text: decision.block.label(),
        };
        LogView {
            cells: self.durable.chain.iter().map(cell).collect(),
            commit_index: self.decided(),
            last_applied: self.decided(),
            ..LogView::default()
        }
    }
}
