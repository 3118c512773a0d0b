//! Ballots, proposals, and what survives a crash.

use crate::kv::Value;
use crate::process::{self, NodeId, Timer, fingerprint_enum, fingerprint_struct};
use std::fmt;

/// A ballot number. Two proposers never use the same one: the node breaks the tie (PMS 2.5: disjoint sets of numbers).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ballot {
    /// Counts a proposer's attempts.
    pub round: u64,
    /// The proposer.
    pub node: NodeId,
}

fingerprint_struct!(Ballot { round, node });

impl Ballot {
    /// The ballot as one number that keeps the order.
    pub fn as_epoch(self) -> u64 {
        self.round * process::PROCESSES_MAX as u64 + u64::from(self.node.0)
    }
}

impl fmt::Display for Ballot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.n{}", self.round, self.node.0 + 1)
    }
}

/// A ballot with its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// The ballot.
    pub ballot: Ballot,
    /// The value: for one ballot, always the same.
    pub value: Value,
}

fingerprint_struct!(Proposal { ballot, value });

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.ballot, self.value)
    }
}

/// What survives a crash (PMS 2.5): the acceptor's promise and acceptance, and the proposer's highest round.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Durable {
    /// The highest round that the proposer has used.
    pub round: u64,
    /// The highest ballot that the acceptor has promised.
    pub promised: Option<Ballot>,
    /// The highest proposal that the acceptor has accepted.
    pub accepted: Option<Proposal>,
}

fingerprint_struct!(Durable { round, promised, accepted });

/// One atomic change of what survives a crash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// The proposer takes a round.
    Round(u64),
    /// The acceptor promises.
    Promise(Ballot),
    /// The acceptor accepts.
    Accept(Proposal),
}

impl process::Durable for Durable {
    type Write = Write;

    fn apply(&mut self, write: &Write) {
        match write {
            Write::Round(round) => self.round = *round,
            Write::Promise(ballot) => self.promised = Some(*ballot),
            Write::Accept(proposal) => self.accepted = Some(proposal.clone()),
        }
    }
}

/// The one timer: a proposer that has not succeeded tries again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PaxosTimer {
    /// Try a higher ballot.
    Retry,
}

fingerprint_enum!(PaxosTimer { 0 => Retry });

impl Timer for PaxosTimer {
    const KINDS: &'static [&'static str] = &["retry"];

    fn kind(self) -> u8 {
        0
    }
}
