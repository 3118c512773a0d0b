//! What travels between servers, and between servers and clients.

use super::Ballot;
use super::log::{Accepted, Slot, Values};
use super::state::Snapshot;
use crate::kv::pieces::{Piece, PieceReply, fingerprint_pieces};
use crate::kv::{Command, Reply, Request, SessionRead, SessionReply, plain_client_message};
use crate::process::{Fingerprint, Fingerprinter, fingerprint_enum, fingerprint_struct};
use std::sync::Arc;

/// A message of Multi-Paxos. The letters are those of the paper's phases.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// 1a: a candidate asks for a promise, for all slots after one.
    Prepare {
        /// Its ballot.
        ballot: Ballot,
        /// The last slot up to which it knows all to be chosen.
        after: Slot,
    },
    /// 1b: an acceptor promises.
    Promise(Promise),
    /// 2a: the leader asks for acceptance.
    Accept(Accept),
    /// 2b: an acceptor has accepted.
    Accepted(AcceptedReply),
    /// The leader is there.
    Heartbeat {
        /// Its ballot.
        ballot: Ballot,
        /// The last slot up to which it knows all to be chosen.
        commit_index: Slot,
        /// The latest round by which it asks whether it still leads.
        round: u64,
    },
    /// The answer to it.
    HeartbeatReply {
        /// The heartbeat's ballot.
        ballot: Ballot,
        /// The last slot up to which the follower knows every value or has accepted it in this ballot.
        matched: Slot,
        /// The heartbeat's round.
        round: u64,
    },
    /// An acceptor refuses, and says what it has promised.
    Refused {
        /// The ballot that it refuses.
        ballot: Ballot,
        /// The ballot that it has promised.
        promised: Ballot,
    },
    /// The leader's state, in place of slots that it has forgotten.
    State(State),
    /// The answer to it.
    StateReply(StateReply),
    /// A client's command.
    Request(Request),
    /// The answer to it.
    Reply(Reply),
    /// A client is asked to invoke a command.
    Invoke(Command),
    /// A read of a session, for any server.
    SessionRead(SessionRead),
    /// The answer to a client of a session.
    SessionReply(SessionReply),
}

fingerprint_enum!(Message {
    0 => Prepare { ballot, after },
    1 => Promise(body),
    2 => Accept(body),
    3 => Accepted(body),
    4 => Heartbeat { ballot, commit_index, round },
    5 => HeartbeatReply { ballot, matched, round },
    6 => Refused { ballot, promised },
    7 => State(body),
    8 => StateReply(body),
    9 => Request(body),
    10 => Reply(body),
    11 => Invoke(body),
    12 => SessionRead(body),
    13 => SessionReply(body),
});

/// The leader's state, in one piece if it fits into a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    /// The leader's ballot.
    pub ballot: Ballot,
    /// The state; of one in pieces, this piece of it.
    pub snapshot: Arc<Snapshot>,
    /// Where the piece belongs; none if this is the whole.
    pub piece: Option<Piece>,
}

impl Fingerprint for State {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { ballot, snapshot, piece } = self;
        ballot.fingerprint(into);
        snapshot.fingerprint(into);
        fingerprint_pieces(piece.as_ref(), into);
    }
}

/// The answer to the leader's state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StateReply {
    /// The leader's ballot.
    pub ballot: Ballot,
    /// As in the answer to a heartbeat.
    pub matched: Slot,
    /// While pieces are missing: what the follower has of the state.
    pub piece: Option<PieceReply>,
}

impl Fingerprint for StateReply {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { ballot, matched, piece } = self;
        ballot.fingerprint(into);
        matched.fingerprint(into);
        fingerprint_pieces(piece.as_ref(), into);
    }
}

/// One of the messages that a promise takes if it does not fit into one. They are all sent at once, and count together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Part {
    /// Its number, from 0.
    pub number: u64,
    /// How many there are.
    pub of: u64,
}

fingerprint_struct!(Part { number, of });

/// A promise, for all slots.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    /// The ballot.
    pub ballot: Ballot,
    /// What the acceptor has accepted in the slots that the candidate asked for, in order.
    pub reported: Arc<[Reported]>,
    /// The state in place of slots that the candidate asked for and the acceptor has forgotten; in a part, this part of
    /// it.
    pub snapshot: Option<Arc<Snapshot>>,
    /// Which part of the promise this is; none if it is the whole.
    pub part: Option<Part>,
}

/// What an acceptor has accepted in a slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reported {
    /// The slot.
    pub slot: Slot,
    /// Ballot and value.
    pub accepted: Accepted,
}

fingerprint_struct!(Reported { slot, accepted });

impl Fingerprint for Promise {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { ballot, reported, snapshot, part } = self;
        ballot.fingerprint(into);
        (**reported).fingerprint(into);
        snapshot.fingerprint(into);
        fingerprint_pieces(part.as_ref(), into);
    }
}

/// Values for neighbouring slots.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accept {
    /// The leader's ballot.
    pub ballot: Ballot,
    /// The first of the slots.
    pub first: Slot,
    /// At least one value.
    pub values: Values,
    /// As in a heartbeat.
    pub commit_index: Slot,
}

fingerprint_struct!(Accept { ballot, first, values, commit_index });

/// Slots that an acceptor has accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AcceptedReply {
    /// The leader's ballot.
    pub ballot: Ballot,
    /// The first of the slots.
    pub first: Slot,
    /// The last of the slots.
    pub last: Slot,
    /// As in the answer to a heartbeat.
    pub matched: Slot,
}

fingerprint_struct!(AcceptedReply { ballot, first, last, matched });

plain_client_message!(Message, SessionRead, SessionReply);
