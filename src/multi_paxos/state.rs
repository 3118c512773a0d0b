//! State: what survives a crash, the roles, and what a leader knows of the acceptors.

use super::Ballot;
use super::log::{Accepted, Log, Slot, Values};
use crate::kv::pieces::fingerprint_pieces;
use crate::process::{self, Fingerprint, Fingerprinter, NodeId, NodeSet, fingerprint_enum, fingerprint_struct};
use crate::replicated_log::{Confirmation, LeaderTimer, Reads, StateUpTo, Transfers};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The state machine after a slot, with the client sessions that belong to it.
pub type Snapshot = StateUpTo;

/// What survives a crash (PMS 2.5).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Durable {
    /// The highest round in which it was a candidate.
    pub round: u64,
    /// The highest ballot that it has promised, for all slots.
    pub promised: Option<Ballot>,
    /// What it has accepted.
    pub log: Log,
    /// Its latest saved state.
    pub snapshot: Option<Arc<Snapshot>>,
}

fingerprint_struct!(Durable { round, promised, log, snapshot });

/// One atomic change of what survives a crash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// It becomes a candidate: it has used the ballot's round, and promises the ballot to itself.
    Candidacy(Ballot),
    /// It promises.
    Promise(Ballot),
    /// It accepts values in neighbouring slots.
    Accept {
        /// The ballot.
        ballot: Ballot,
        /// The first of the slots.
        first: Slot,
        /// The values.
        values: Values,
    },
    /// It saves its state, and forgets slots.
    TakeSnapshot {
        /// The state.
        snapshot: Arc<Snapshot>,
        /// The last slot that is forgotten.
        forget_up_to: Slot,
    },
    /// It takes over another's state. What it has accepted after that stays.
    InstallSnapshot(Arc<Snapshot>),
}

impl process::Durable for Durable {
    type Write = Write;

    fn apply(&mut self, write: &Write) {
        match write {
            Write::Candidacy(ballot) => {
                self.round = ballot.round;
                self.promised = Some(*ballot);
            }
            Write::Promise(ballot) => self.promised = Some(*ballot),
            Write::Accept { ballot, first, values } => self.log.accept(*ballot, *first, values),
            Write::TakeSnapshot { snapshot, forget_up_to } => {
                self.snapshot = Some(snapshot.clone());
                self.log.forget_up_to(*forget_up_to);
            }
            Write::InstallSnapshot(snapshot) => {
                self.log.forget_up_to(snapshot.up_to);
                self.snapshot = Some(snapshot.clone());
            }
        }
    }
}

/// What a server is told when a write is on disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Receipt {
    /// Its promise to itself.
    OwnPromise {
        /// The ballot.
        ballot: Ballot,
    },
    /// What it has accepted as the leader of a ballot.
    OwnAcceptance {
        /// The ballot.
        ballot: Ballot,
        /// The first slot.
        first: Slot,
        /// The last slot.
        last: Slot,
    },
}

fingerprint_enum!(Receipt {
    0 => OwnPromise { ballot },
    1 => OwnAcceptance { ballot, first, last },
});

/// The timers of a server.
pub type MultiPaxosTimer = LeaderTimer;

/// What a server is besides an acceptor, with what it knows only as that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// It follows whoever leads.
    Follower,
    /// It asks for promises.
    Candidate(Box<Candidate>),
    /// It leads its ballot.
    Leader(Box<Leader>),
}

fingerprint_enum!(Role {
    0 => Follower,
    1 => Candidate(candidate),
    2 => Leader(leader),
});

/// What a candidate has heard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// Its ballot.
    pub ballot: Ballot,
    /// Who has promised it.
    pub promises: NodeSet,
    /// In each open slot, what was reported of the highest ballot.
    pub reported: BTreeMap<Slot, Accepted>,
    /// The latest of the states that came in place of forgotten slots.
    pub snapshot: Option<Arc<Snapshot>>,
    /// Promises of which some parts are missing. What they report counts, but they are no promises yet.
    pub incomplete: BTreeMap<NodeId, Parts>,
}

impl Fingerprint for Candidate {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { ballot, promises, reported, snapshot, incomplete } = self;
        ballot.fingerprint(into);
        promises.fingerprint(into);
        reported.fingerprint(into);
        snapshot.fingerprint(into);
        fingerprint_pieces(Some(incomplete).filter(|incomplete| !incomplete.is_empty()), into);
    }
}

/// The parts of a promise that have come.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Parts {
    /// Their numbers.
    pub numbers: BTreeSet<u64>,
    /// What they have of the state.
    pub snapshot: Option<Snapshot>,
}

fingerprint_struct!(Parts { numbers, snapshot });

/// What a leader knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leader {
    /// Its ballot.
    pub ballot: Ballot,
    /// The slot of the next command.
    pub next_slot: Slot,
    /// The last slot that it found in phase 1: something may be chosen up to there that it did not choose.
    pub inherited: Slot,
    /// For each slot after the commit index, who has accepted it in this ballot.
    pub open: BTreeMap<Slot, NodeSet>,
    /// The last slot that everybody should have by now: what is missing up to there is sent again.
    pub overdue: Slot,
    /// For each replica, how far it is.
    pub progress: Vec<Progress>,
    /// Who was heard from since the last quorum check.
    pub heard: NodeSet,
    /// Who was heard from between the two quorum checks before, itself included; nobody before the first check.
    pub heard_before: NodeSet,
    /// The latest round of confirmation for reads. Rounds are numbered within a ballot.
    pub round: u64,
    /// Reads that wait.
    pub reads: Reads<Confirmation>,
    /// States on their way in pieces.
    pub transfers: Transfers<Snapshot>,
}

fingerprint_struct!(Leader {
    ballot,
    next_slot,
    inherited,
    open,
    overdue,
    progress,
    heard,
    heard_before,
    round,
    reads,
    transfers
});

/// How far a follower is, as its leader knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// The last slot up to which it knows every value or has accepted it in the leader's ballot.
    pub matched: Slot,
    /// The last slot of what was sent to it again, if that is not acknowledged yet; else 0.
    pub sent_again: Slot,
    /// The latest round that it has confirmed.
    pub round: u64,
}

fingerprint_struct!(Progress { matched, sent_again, round });
