//! Rules that are switched off on purpose, where something else takes the papers' place: each beside the papers'
//! version, which comes last. Where a switched-off rule is one condition less, it stands where that condition is.

use super::log::{Accepted, Slot};
use super::message::Reported;
use super::rule::{Mutation, Rule};
use super::state::{Role, Write};
use super::{Ballot, MultiPaxos, Out};
use crate::kv::{Answer, Request};
use crate::process::NodeSet;
use crate::replicated_log::{Payload, Sessions};
use std::sync::Arc;

/// Disks and quorums.
impl MultiPaxos {
    /// How many acceptors are enough for a value to be chosen: a majority (PMS 2.1).
    pub(super) fn quorum(&self) -> u32 {
        let majority = self.seat.majority();
        if self.has(Mutation::MajorityOffByOne) { (majority - 1).max(1) } else { majority }
    }

    /// Whether a write stays in memory. In the paper none does (PMS 2.5).
    pub(super) fn is_kept_from_disk(&self, write: &Write) -> bool {
        match write {
            Write::Candidacy(_) => self.has(Mutation::BallotNotDurable),
            Write::Promise(_) => self.has(Mutation::PromiseNotDurable),
            Write::Accept { .. } => self.has(Mutation::AcceptanceNotDurable),
            Write::TakeSnapshot { .. } | Write::InstallSnapshot(_) => false,
        }
    }
}

/// Phase 1.
impl MultiPaxos {
    /// What an acceptor reports with a promise: all that it has accepted after a slot (PMS 2.2, phase 1 (b)).
    pub(super) fn reported_after(&self, slot: Slot) -> Vec<Reported> {
        if self.has(Mutation::PromiseWithoutAccepted) { Vec::new() } else { self.accepted_after(slot) }
    }

    /// Which of two reports of a slot binds the candidate, told by their ballots: the higher one (PMS 2.2,
    /// phase 2 (a)). Without this rule it is always the later one.
    pub(super) fn later_report_binds(&self) -> fn(Ballot, Ballot) -> bool {
        if self.has(Mutation::LatestInsteadOfHighestBallot) { |_, _| true } else { |known, later| known < later }
    }

    /// The value that a new leader must propose in an open slot: the one that was reported, and in a gap one that does
    /// nothing (PMS 3). None if it leaves the slot as it is, which in the paper it never does.
    pub(super) fn value_to_propose(&self, reported: Option<&Accepted>, out: &mut Out) -> Option<Arc<Payload>> {
        match reported.filter(|_| !self.has(Mutation::PossiblyChosenOverwritten)) {
            Some(accepted) => {
                out.rule(Rule::ValueBound);
                Some(accepted.payload.clone())
            }
            None if self.has(Mutation::GapSkipped) => None,
            None => {
                out.rule(Rule::GapFilled);
                Some(Arc::new(Payload::NoOp))
            }
        }
    }
}

/// Learning.
impl MultiPaxos {
    /// The last slot up to which all are chosen, as the leader counts (PMS 3).
    pub(super) fn last_committed(&self, quorum: u32) -> Slot {
        let commit_index = self.machine.commit_index;
        let Role::Leader(leader) = &self.role else { return commit_index };
        let is_chosen = |acceptors: &NodeSet| acceptors.len() >= quorum;
        if self.has(Mutation::AppliedPastGap) {
            let last = leader.open.iter().rev().find(|(_, acceptors)| is_chosen(acceptors));
            return last.map_or(commit_index, |(slot, _)| *slot);
        }
        let in_row = (commit_index + 1..).zip(&leader.open);
        let chosen = in_row.take_while(|(expected, (slot, acceptors))| expected == *slot && is_chosen(acceptors));
        commit_index + chosen.count() as u64
    }

    /// The last slot up to which a follower knows what is chosen, if all is: it has accepted it in the leader's own
    /// ballot (PMS 2.3).
    pub(super) fn last_known(&self, ballot: Ballot) -> Slot {
        let commit_index = self.machine.commit_index;
        if self.has(Mutation::AnotherBallotsValueLearned) {
            self.log().last_without_gap(commit_index)
        } else {
            self.log().last_of_ballot(commit_index, ballot)
        }
    }

    /// Whether a command that has two slots is applied once (PMMC 2).
    pub(super) fn sessions(&self) -> Sessions {
        if self.has(Mutation::SessionsOff) { Sessions::Ignored } else { Sessions::Kept }
    }
}

/// Clients and reads.
impl MultiPaxos {
    /// The answer that a request got when it was applied, if it was (PMMC 2).
    pub(super) fn answered(&self, request: &Request) -> Option<&Answer> {
        let answered = self.machine.store.answered(request.client, request.sequence);
        if self.has(Mutation::SessionsOff) { None } else { answered }
    }

    /// The last slot that must be applied before a read is answered: all that is committed, and all that the leader
    /// found in phase 1 (PMS 3).
    pub(super) fn last_that_a_read_must_see(&self) -> Slot {
        let commit_index = self.machine.commit_index;
        let Role::Leader(leader) = &self.role else { return commit_index };
        if self.has(Mutation::ReadBeforeInherited) { commit_index } else { commit_index.max(leader.inherited) }
    }

    /// The latest round that an answer confirms: that of the heartbeat which it answers (PML 5.2).
    pub(super) fn confirmed_round(&self, answered: u64) -> u64 {
        let Role::Leader(leader) = &self.role else { return answered };
        let latest = leader.reads.last().map_or(leader.round, |read| read.awaits.round);
        if self.has(Mutation::ReadRoundReused) { latest } else { answered }
    }
}
