//! Commitment (sections 5.3 and 5.4.2) and the apply channel: committed entries reach the state machine in order, once.

use super::log::{Index, Payload, Term};
use super::rule::{Mutation, Rule};
use super::state::Role;
use super::{Message, Out, Raft};

impl Raft {
    /// The leader's own entries are on its disk: now they count (dissertation, 10.2.1).
    pub(super) fn on_own_entries_persisted(&mut self, term: Term, index: Index, out: &mut Out) {
        if term != self.current_term() {
            return;
        }
        let Role::Leader(leader) = &mut self.role else { return };
        if index > leader.flushed_index {
            leader.flushed_index = index;
            out.rule(Rule::OwnEntryDurable);
            self.maybe_commit(out);
        }
    }

    /// The highest index that enough replicas hold.
    fn index_held_by_quorum(&self) -> Option<Index> {
        let Role::Leader(leader) = &self.role else { return None };
        let mut held: Vec<Index> = leader.progress.iter().map(|progress| progress.match_index).collect();
        held[self.seat.id.index()] = leader.flushed_index;
        held.sort_unstable_by(|a, b| b.cmp(a));
        let mut quorum = self.seat.majority() as usize;
        if self.has(Mutation::CommitQuorumTooSmall) {
            quorum = quorum.saturating_sub(1).max(1);
        }
        if self.has(Mutation::EveryoneMustAcknowledge) {
            quorum = held.len();
        }
        held.get(quorum - 1).copied()
    }

    /// Commits what a majority holds, if it is of the leader's term: only then is all before it safe (section 5.4.2).
    pub(super) fn maybe_commit(&mut self, out: &mut Out) {
        let Some(index) = self.index_held_by_quorum().filter(|&index| index > self.commit_index) else { return };
        let looked_at = if self.has(Mutation::CommitmentStopsAtOldTerm) { self.commit_index + 1 } else { index };
        if self.log().term_at(looked_at) != Some(self.current_term()) && !self.has(Mutation::OldTermCommitted) {
            out.rule(Rule::OldTermNotCounted);
            return;
        }
        out.rule(Rule::Committed);
        self.commit_index = index;
        self.apply_committed(out);
        self.begin_waiting_reads(out);
    }

    /// A follower raises its commit index, but never beyond what this message has verified.
    pub(super) fn learn_commit(&mut self, leader_commit: Index, last_new: Index, out: &mut Out) {
        let verified = if self.has(Mutation::CommitUnverified) { self.log().last_index() } else { last_new };
        let index = leader_commit.min(verified);
        if index > self.commit_index {
            out.rule(Rule::CommitLearned);
            self.commit_index = index;
        }
        self.apply_committed(out);
    }

    /// Applies what is committed and not applied yet, in order. The leader answers the clients.
    pub(super) fn apply_committed(&mut self, out: &mut Out) {
        let up_to = if self.has(Mutation::AppliedBeforeCommitted) { self.log().last_index() } else { self.commit_index };
        if self.last_applied >= up_to {
            return;
        }
        out.rule(Rule::Applied);
        while self.last_applied < up_to {
            let Some(entry) = self.durable.log.get(self.last_applied + 1) else {
                out.violation(format!("entry {} is committed, and not in the log", self.last_applied + 1));
                return;
            };
            let payload = entry.payload.clone();
            self.last_applied += 1;
            if let Payload::Command(request) = &*payload {
                let answer = if self.has(Mutation::SessionsOff) {
                    Some(self.store.apply_without_session(&request.command))
                } else {
                    self.store.apply(request)
                };
                if let (Some(answer), Role::Leader(_)) = (answer, &self.role) {
                    out.send(request.client, Message::answer(request.sequence, answer));
                }
            }
        }
        self.maybe_take_snapshot(out);
    }
}
