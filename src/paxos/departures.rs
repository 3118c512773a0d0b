//! Rules that are switched off on purpose, where something else takes the paper's place: each beside the paper's
//! version, which comes last. Where a switched-off rule is one condition less, it stands where that condition is.

use super::rule::Mutation;
use super::state::{Ballot, PaxosTimer, Proposal, Write};
use super::{Out, Paxos};
use crate::kv::Value;
use crate::process::{NodeId, NodeSet};

impl Paxos {
    /// How many acceptors are enough: a majority (PMS 2.1).
    pub(super) fn quorum(&self) -> u32 {
        let majority = self.seat.majority();
        if self.has(Mutation::MajorityTooSmall) { (majority - 1).max(1) } else { majority }
    }

    /// Whether a write stays in memory. In the paper none does (PMS 2.5).
    pub(super) fn is_kept_from_disk(&self, write: &Write) -> bool {
        match write {
            Write::Round(_) => self.has(Mutation::BallotNotDurable),
            Write::Promise(_) => self.has(Mutation::PromiseNotDurable),
            Write::Accept(_) => self.has(Mutation::AcceptanceNotDurable),
        }
    }

    /// Whose ballots a proposer takes: its own, so that no two proposers use the same one (PMS 2.5).
    pub(super) fn owner_of_ballots(&self) -> NodeId {
        if self.has(Mutation::BallotsShared) { NodeId(0) } else { self.seat.id }
    }

    /// What an acceptor reports with a promise: the highest proposal that it has accepted (PMS 2.2, phase 1 (b)).
    pub(super) fn reported(&self) -> Option<Proposal> {
        if self.has(Mutation::PromiseWithoutAccepted) { None } else { self.durable.accepted.clone() }
    }

    /// Which of two reported proposals binds the proposer, told by their ballots: the higher one (PMS 2.2,
    /// phase 2 (a)). Without this rule it is always the later one.
    pub(super) fn later_report_binds(&self) -> fn(Ballot, Ballot) -> bool {
        if self.has(Mutation::LatestValueTaken) { |_, _| true } else { |known, later| known < later }
    }

    /// The value that a proposer must propose: that of the highest ballot which was reported (PMS 2.2, phase 2 (a)).
    pub(super) fn bound_value(&self, highest: Option<&Proposal>) -> Option<Value> {
        if self.has(Mutation::ReportsIgnored) { None } else { highest.map(|highest| highest.value.clone()) }
    }

    /// How many acceptances of a proposal a learner counts: those of its ballot (PMS 2.3).
    pub(super) fn acceptances(&self, proposal: &Proposal) -> u32 {
        let same_value = self.learner.counts().filter(|(_, value, _)| **value == proposal.value);
        if self.has(Mutation::AnyAcceptancesCounted) {
            same_value.flat_map(|(.., acceptors)| acceptors.iter()).collect::<NodeSet>().len()
        } else {
            same_value.filter(|(ballot, ..)| *ballot == proposal.ballot).map(|(.., acceptors)| acceptors.len()).sum()
        }
    }

    /// A proposer that hears, as an acceptor, of a higher ballot than its own, and outbids it at once. In the paper it
    /// goes on, until an acceptor refuses it.
    pub(super) fn outbid_at_once(&mut self, ballot: Ballot, out: &mut Out) {
        if self.has(Mutation::OutbidsAtOnce) && self.attempt.as_ref().is_some_and(|attempt| attempt.ballot() < ballot) {
            self.on_retry(out);
        }
    }

    /// A proposer that was outbid waits a random time before it tries again, lest the two outbid each other for ever
    /// (PMS 2.4).
    pub(super) fn pause(&mut self, out: &mut Out) {
        if self.has(Mutation::OutbidsAtOnce) {
            self.on_retry(out);
        } else if !self.has(Mutation::NeverTriesAgain) {
            out.set_timer(PaxosTimer::Retry, 1, self.pause_max());
        }
    }
}
