//! Commitment (sections 5.3 and 5.4.2) and the apply channel: committed entries reach the state machine in order, once.

use super::log::{Index, Term};
use super::rule::{Mutation, Rule};
use super::state::Role;
use super::{Out, Raft};
use crate::replicated_log::{AnswersAnywhere as _, to_client};

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

    /// The highest index that a majority holds: the leader up to what is on its disk, the others up to what they have
    /// acknowledged.
    fn index_held_by_quorum(&self) -> Option<Index> {
        let Role::Leader(leader) = &self.role else { return None };
        let mut held: Vec<Index> = leader.progress.iter().map(|progress| progress.match_index()).collect();
        held[self.seat.id.index()] = leader.flushed_index;
        held.sort_unstable_by(|a, b| b.cmp(a));
        held.get(self.commit_quorum() - 1).copied()
    }

    /// Commits what a majority holds, if it is of the leader's term: only then is all before it safe (section 5.4.2).
    pub(super) fn maybe_commit(&mut self, out: &mut Out) {
        let Some(index) = self.index_held_by_quorum().filter(|&index| index > self.machine.commit_index) else {
            return;
        };
        let term = self.log().term_at(self.index_that_decides(index));
        if term != Some(self.current_term()) && !self.has(Mutation::OldTermCommitted) {
            out.rule(Rule::OldTermNotCounted);
            return;
        }
        out.rule(Rule::Committed);
        self.machine.commit_index = index;
        self.apply_committed(out);
        self.begin_waiting_reads(out);
    }

    /// A follower raises its commit index, but never beyond what this message has verified.
    pub(super) fn learn_commit(&mut self, leader_commit: Index, last_new: Index, out: &mut Out) {
        let index = leader_commit.min(self.last_verified(last_new));
        if index > self.machine.commit_index {
            out.rule(Rule::CommitLearned);
            self.machine.commit_index = index;
        }
        self.apply_committed(out);
    }

    /// Applies what is committed and not applied yet, in order. The leader answers the clients.
    pub(super) fn apply_committed(&mut self, out: &mut Out) {
        let up_to = self.last_to_apply();
        if self.machine.last_applied >= up_to {
            return;
        }
        out.rule(Rule::Applied);
        let (log, leads, sessions) = (&self.durable.log, self.is_leader(), self.sessions());
        let reading = self.config.reading;
        let payload_at = |index| log.get(index).map(|entry| &*entry.payload);
        let applied = self.machine.apply_up_to(up_to, sessions, payload_at, |client, reply| {
            if leads {
                out.send(client, to_client(reading, reply, up_to));
            }
        });
        self.answer_who_waited(out);
        match applied {
            Ok(()) => self.maybe_take_snapshot(out),
            Err(index) => out.violation(format!("entry {index} is committed, and not in the log")),
        }
    }
}
