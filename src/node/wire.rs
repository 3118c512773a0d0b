//! What all protocols' messages carry, as JSON: requests, replies, the store.

use crate::kv::pieces::{Piece, PieceReply};
use crate::kv::{Answer, Command, Reply, ReplyBody, Request, Store};
use crate::process::NodeId;
use crate::replicated_log::Payload;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// The largest index, term or number that is read: what every JSON parser knows exactly.
pub(super) const NUMBER_MAX: u64 = 1 << 53;

/// A number of a protocol, small enough to count on from it.
pub(super) fn bounded(number: u64) -> Result<u64, String> {
    if number <= NUMBER_MAX { Ok(number) } else { Err(format!("{number} is out of range")) }
}

/// A message in its form as JSON; null if it never leaves the simulator.
pub(super) fn encoded(wire: Option<impl Serialize>) -> Value {
    wire.and_then(|wire| serde_json::to_value(wire).ok()).unwrap_or(Value::Null)
}

/// A message's form again.
pub(super) fn decoded<W: DeserializeOwned>(message: &Value) -> Result<W, String> {
    W::deserialize(message).map_err(|error| error.to_string())
}

/// Where a piece of a state belongs.
#[derive(Serialize, Deserialize)]
pub(super) struct PieceWire {
    offset: u64,
    done: bool,
}

impl From<Piece> for PieceWire {
    fn from(Piece { offset, done }: Piece) -> Self {
        Self { offset, done }
    }
}

impl PieceWire {
    pub(super) fn read(self) -> Result<Piece, String> {
        Ok(Piece { offset: bounded(self.offset)?, done: self.done })
    }
}

/// The answer to a piece.
#[derive(Serialize, Deserialize)]
pub(super) struct PieceReplyWire {
    covers: u64,
    offset: u64,
    held: u64,
}

impl From<PieceReply> for PieceReplyWire {
    fn from(PieceReply { covers, offset, held }: PieceReply) -> Self {
        Self { covers, offset, held }
    }
}

impl PieceReplyWire {
    pub(super) fn read(self) -> Result<PieceReply, String> {
        Ok(PieceReply { covers: bounded(self.covers)?, offset: bounded(self.offset)?, held: bounded(self.held)? })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestWire {
    client: u16,
    sequence: u64,
    command: CommandWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum CommandWire {
    Get { key: Arc<str> },
    Put { key: Arc<str>, value: Arc<str> },
    Delete { key: Arc<str> },
    Cas { key: Arc<str>, expected: Option<Arc<str>>, new: Arc<str> },
    CasOrCreate { key: Arc<str>, expected: Arc<str>, new: Arc<str> },
}

impl From<&Request> for RequestWire {
    fn from(request: &Request) -> Self {
        let command = match request.command.clone() {
            Command::Get { key } => CommandWire::Get { key },
            Command::Put { key, value } => CommandWire::Put { key, value },
            Command::Delete { key } => CommandWire::Delete { key },
            Command::Cas { key, expected, new } => CommandWire::Cas { key, expected, new },
            Command::CasOrCreate { key, expected, new } => CommandWire::CasOrCreate { key, expected, new },
        };
        Self { client: request.client.0, sequence: request.sequence, command }
    }
}

impl From<RequestWire> for Request {
    fn from(request: RequestWire) -> Self {
        let command = match request.command {
            CommandWire::Get { key } => Command::Get { key },
            CommandWire::Put { key, value } => Command::Put { key, value },
            CommandWire::Delete { key } => Command::Delete { key },
            CommandWire::Cas { key, expected, new } => Command::Cas { key, expected, new },
            CommandWire::CasOrCreate { key, expected, new } => Command::CasOrCreate { key, expected, new },
        };
        Self { client: NodeId(request.client), sequence: request.sequence, command }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum AnswerWire {
    Value(Option<Arc<str>>),
    Done,
    Swapped,
    Mismatch(Option<Arc<str>>),
}

impl From<&Answer> for AnswerWire {
    fn from(answer: &Answer) -> Self {
        match answer.clone() {
            Answer::Value(value) => Self::Value(value),
            Answer::Done => Self::Done,
            Answer::Swapped => Self::Swapped,
            Answer::Mismatch { found } => Self::Mismatch(found),
        }
    }
}

impl From<AnswerWire> for Answer {
    fn from(answer: AnswerWire) -> Self {
        match answer {
            AnswerWire::Value(value) => Self::Value(value),
            AnswerWire::Done => Self::Done,
            AnswerWire::Swapped => Self::Swapped,
            AnswerWire::Mismatch(found) => Self::Mismatch { found },
        }
    }
}

/// What stands at an index of the log: a request, or nothing in place of a no-op.
pub(super) type PayloadWire = Option<RequestWire>;

pub(super) fn payload_wire(payload: &Payload) -> PayloadWire {
    match payload {
        Payload::NoOp => None,
        Payload::Command(request) => Some(request.into()),
    }
}

pub(super) fn read_payload(payload: PayloadWire) -> Arc<Payload> {
    Arc::new(payload.map_or(Payload::NoOp, |request| Payload::Command(request.into())))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplyWire {
    sequence: u64,
    body: ReplyBodyWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ReplyBodyWire {
    Answer(AnswerWire),
    NotLeader { leader: Option<u16> },
}

impl From<&Reply> for ReplyWire {
    fn from(reply: &Reply) -> Self {
        let body = match &reply.body {
            ReplyBody::Answer(answer) => ReplyBodyWire::Answer(answer.into()),
            ReplyBody::NotLeader { leader } => ReplyBodyWire::NotLeader { leader: leader.map(|leader| leader.0) },
        };
        Self { sequence: reply.sequence, body }
    }
}

impl From<ReplyWire> for Reply {
    fn from(reply: ReplyWire) -> Self {
        let body = match reply.body {
            ReplyBodyWire::Answer(answer) => ReplyBody::Answer(answer.into()),
            ReplyBodyWire::NotLeader { leader } => ReplyBody::NotLeader { leader: leader.map(NodeId) },
        };
        Self { sequence: reply.sequence, body }
    }
}

/// The store: keys and values, and the clients' sessions.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoreWire {
    values: Vec<(Arc<str>, Arc<str>)>,
    sessions: Vec<(u16, u64, AnswerWire)>,
}

impl From<&Store> for StoreWire {
    fn from(store: &Store) -> Self {
        Self {
            values: store.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            sessions: store.sessions().map(|(client, sequence, answer)| (client.0, sequence, answer.into())).collect(),
        }
    }
}

impl From<StoreWire> for Store {
    fn from(store: StoreWire) -> Self {
        let sessions =
            store.sessions.into_iter().map(|(client, sequence, answer)| (NodeId(client), sequence, answer.into()));
        Store::from_parts(store.values, sessions)
    }
}
