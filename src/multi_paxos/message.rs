//! What travels between servers, and between servers and clients.

use super::Ballot;
use super::log::{Accepted, Slot, Values};
use super::state::Snapshot;
use crate::kv::pieces::{Piece, PieceReply, fingerprint_pieces};
use crate::kv::{Command, Reply, Request, plain_client_message};
use crate::process::{self, Field, Fingerprint, Fingerprinter, fingerprint_enum, fingerprint_struct};
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

/// One slot, or the first and last of several.
fn slots(first: Slot, last: Slot) -> String {
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

impl process::Message for Message {
    const KINDS: &'static [&'static str] = &[
        "prepare",
        "promise",
        "accept",
        "accepted",
        "heartbeat",
        "heartbeat reply",
        "refused",
        "state",
        "state reply",
        "request",
        "reply",
        "invoke",
    ];

    fn kind(&self) -> u8 {
        match self {
            Self::Prepare { .. } => 0,
            Self::Promise(_) => 1,
            Self::Accept(_) => 2,
            Self::Accepted(_) => 3,
            Self::Heartbeat { .. } => 4,
            Self::HeartbeatReply { .. } => 5,
            Self::Refused { .. } => 6,
            Self::State(_) => 7,
            Self::StateReply(_) => 8,
            Self::Request(_) => 9,
            Self::Reply(_) => 10,
            Self::Invoke(_) => 11,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Self::Prepare { ballot, .. }
            | Self::Heartbeat { ballot, .. }
            | Self::HeartbeatReply { ballot, .. }
            | Self::Refused { ballot, .. } => ballot.as_epoch(),
            Self::State(body) => body.ballot.as_epoch(),
            Self::StateReply(body) => body.ballot.as_epoch(),
            Self::Promise(body) => body.ballot.as_epoch(),
            Self::Accept(body) => body.ballot.as_epoch(),
            Self::Accepted(body) => body.ballot.as_epoch(),
            Self::Request(_) | Self::Reply(_) | Self::Invoke(_) => 0,
        }
    }

    fn is_heartbeat(&self) -> bool {
        matches!(self, Self::Heartbeat { .. } | Self::HeartbeatReply { .. })
    }

    fn label(&self) -> String {
        match self {
            Self::Prepare { ballot, .. } => format!("prepare {ballot}"),
            Self::Promise(body) => match (&*body.reported, &body.snapshot) {
                ([], None) => format!("promise {}", body.ballot),
                ([first, .., last], _) => format!("promise {}, accepted {}", body.ballot, slots(first.slot, last.slot)),
                ([one], _) => format!("promise {}, accepted {}", body.ballot, one.slot),
                ([], Some(snapshot)) => format!("promise {}, state to {}", body.ballot, snapshot.up_to),
            },
            Self::Accept(body) => match &*body.values {
                [value] => format!("accept {}: {value}", body.first),
                values => format!("accept {}", slots(body.first, body.first + values.len() as u64 - 1)),
            },
            Self::Accepted(body) => format!("accepted {}", slots(body.first, body.last)),
            Self::Heartbeat { .. } => "heartbeat".into(),
            Self::HeartbeatReply { matched, .. } => format!("have to {matched}"),
            Self::Refused { promised, .. } => format!("no: promised {promised}"),
            Self::State(State { snapshot, piece: Some(piece), .. }) => {
                format!("state to {}, from item {}", snapshot.up_to, piece.offset)
            }
            Self::State(body) => format!("state to {}", body.snapshot.up_to),
            Self::StateReply(StateReply { piece: Some(piece), .. }) => format!("have {} items", piece.held),
            Self::StateReply(body) => format!("have to {}", body.matched),
            Self::Request(Request { command, .. }) | Self::Invoke(command) => command.to_string(),
            Self::Reply(reply) => reply.body.to_string(),
        }
    }

    fn fields(&self) -> Vec<Field> {
        match self {
            Self::Prepare { ballot, after } => {
                vec![Field::new("ballot", ballot.to_string()), Field::new("for slots behind", *after)]
            }
            Self::Promise(body) => {
                let mut fields = vec![
                    Field::new("ballot", body.ballot.to_string()),
                    Field::new("accepted", body.reported.iter().map(reported_text).collect::<Vec<_>>()),
                    Field::new("state up to", body.snapshot.as_ref().map(|snapshot| snapshot.up_to)),
                ];
                if let Some(part) = body.part {
                    fields.extend([Field::new("part", part.number + 1), Field::new("of", part.of)]);
                }
                fields
            }
            Self::Accept(body) => vec![
                Field::new("ballot", body.ballot.to_string()),
                Field::new("first slot", body.first),
                Field::new("values", body.values.iter().map(ToString::to_string).collect::<Vec<_>>()),
                Field::new("commit index", body.commit_index),
            ],
            Self::Accepted(body) => vec![
                Field::new("ballot", body.ballot.to_string()),
                Field::new("first slot", body.first),
                Field::new("last slot", body.last),
                Field::new("has all up to", body.matched),
            ],
            Self::Heartbeat { ballot, commit_index, round } => {
                vec![
                    Field::new("ballot", ballot.to_string()),
                    Field::new("commit index", *commit_index),
                    Field::new("round", *round),
                ]
            }
            Self::HeartbeatReply { ballot, matched, round } => {
                vec![
                    Field::new("ballot", ballot.to_string()),
                    Field::new("has all up to", *matched),
                    Field::new("round", *round),
                ]
            }
            Self::Refused { ballot, promised } => {
                vec![Field::new("ballot", ballot.to_string()), Field::new("promised", promised.to_string())]
            }
            Self::State(body) => {
                let mut fields = vec![
                    Field::new("ballot", body.ballot.to_string()),
                    Field::new("up to", body.snapshot.up_to),
                    Field::new(
                        "state",
                        body.snapshot.store.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>(),
                    ),
                ];
                if let Some(piece) = body.piece {
                    fields.extend([Field::new("offset", piece.offset), Field::new("done", piece.done)]);
                }
                fields
            }
            Self::StateReply(body) => {
                let mut fields =
                    vec![Field::new("ballot", body.ballot.to_string()), Field::new("has all up to", body.matched)];
                if let Some(piece) = body.piece {
                    fields.extend([Field::new("offset", piece.offset), Field::new("items held", piece.held)]);
                }
                fields
            }
            Self::Request(request) => request.fields(),
            Self::Reply(reply) => reply.fields(),
            Self::Invoke(command) => vec![Field::new("command", command.to_string())],
        }
    }
}

fn reported_text(reported: &Reported) -> String {
    format!("{}: {} {}", reported.slot, reported.accepted.ballot, reported.accepted.payload)
}

plain_client_message!(Message);
