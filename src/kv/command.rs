//! Commands, answers, requests and replies.

use crate::process::{Field, NodeId, fingerprint_enum, fingerprint_struct};
use std::fmt;
use std::sync::Arc;

/// A key: any text.
pub type Key = Arc<str>;

/// A value: any text.
pub type Value = Arc<str>;

/// What a client asks for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Command {
    /// The value of a key.
    Get {
        /// The key.
        key: Key,
    },
    /// Sets a key.
    Put {
        /// The key.
        key: Key,
        /// Its new value.
        value: Value,
    },
    /// Takes a key out.
    Delete {
        /// The key.
        key: Key,
    },
    /// Compare-and-set: sets a key if it holds the expected value.
    Cas {
        /// The key.
        key: Key,
        /// What it must hold; nothing, if the key must not be there.
        expected: Option<Value>,
        /// Its new value.
        new: Value,
    },
    /// Compare-and-set that creates: sets a key if it holds the expected value, and also if it is not there.
    CasOrCreate {
        /// The key.
        key: Key,
        /// What it must hold if it is there.
        expected: Value,
        /// Its new value.
        new: Value,
    },
}

fingerprint_enum!(Command {
    0 => Get { key },
    1 => Put { key, value },
    2 => Delete { key },
    3 => Cas { key, expected, new },
    4 => CasOrCreate { key, expected, new },
});

impl Command {
    /// The key that it is about.
    pub fn key(&self) -> &Key {
        match self {
            Self::Get { key }
            | Self::Put { key, .. }
            | Self::Delete { key }
            | Self::Cas { key, .. }
            | Self::CasOrCreate { key, .. } => key,
        }
    }

    /// How long its texts are, in bytes.
    pub fn bytes(&self) -> u64 {
        let texts = match self {
            Self::Get { key } | Self::Delete { key } => key.len(),
            Self::Put { key, value } => key.len() + value.len(),
            Self::Cas { key, expected, new } => key.len() + expected.as_ref().map_or(0, |text| text.len()) + new.len(),
            Self::CasOrCreate { key, expected, new } => key.len() + expected.len() + new.len(),
        };
        texts as u64
    }

    /// Whether it leaves the store as it is.
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Get { .. })
    }
}

impl Command {
    /// The command with a value that nobody asked for, the same for the same number: what a liar says. A read has no
    /// value to change.
    pub fn falsified(&self, number: u8) -> Option<Self> {
        let value = || -> Value { format!("lie {number}").into() };
        match self {
            Self::Put { key, .. } => Some(Self::Put { key: key.clone(), value: value() }),
            Self::Cas { key, expected, .. } => {
                Some(Self::Cas { key: key.clone(), expected: expected.clone(), new: value() })
            }
            Self::CasOrCreate { key, expected, .. } => {
                Some(Self::CasOrCreate { key: key.clone(), expected: expected.clone(), new: value() })
            }
            Self::Get { .. } | Self::Delete { .. } => None,
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Get { key } => write!(f, "get {key}"),
            Self::Put { key, value } => write!(f, "put {key}={value}"),
            Self::Delete { key } => write!(f, "delete {key}"),
            Self::Cas { key, expected, new } => {
                write!(f, "cas {key} {}→{new}", expected.as_deref().unwrap_or("nothing"))
            }
            Self::CasOrCreate { key, expected, new } => write!(f, "cas {key} {expected} or nothing→{new}"),
        }
    }
}

/// What the store says to a command.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Answer {
    /// To a get: the value, if the key is there.
    Value(Option<Value>),
    /// To a put or a delete.
    Done,
    /// To a compare-and-set that found what it expected.
    Swapped,
    /// To a compare-and-set that found something else, or nothing.
    Mismatch {
        /// What it found.
        found: Option<Value>,
    },
}

fingerprint_enum!(Answer {
    0 => Value(value),
    1 => Done,
    2 => Swapped,
    3 => Mismatch { found },
});

impl Answer {
    /// How long its text is, in bytes.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Value(Some(text)) | Self::Mismatch { found: Some(text) } => text.len() as u64,
            Self::Value(None) | Self::Mismatch { found: None } | Self::Done | Self::Swapped => 0,
        }
    }

    /// Another answer than this, the same for the same number: what a liar says.
    pub fn falsified(&self, number: u8) -> Self {
        match self {
            Self::Value(_) => Self::Value(Some(format!("lie {number}").into())),
            Self::Done => Self::Value(None),
            Self::Swapped => Self::Mismatch { found: Some(format!("lie {number}").into()) },
            Self::Mismatch { .. } => Self::Swapped,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(Some(value)) => write!(f, "{value}"),
            Self::Value(None) => f.write_str("nothing"),
            Self::Done | Self::Swapped => f.write_str("ok"),
            Self::Mismatch { found: Some(found) } => write!(f, "no: holds {found}"),
            Self::Mismatch { found: None } => f.write_str("no: holds nothing"),
        }
    }
}

/// A client's command with its number in the client's session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Who asks.
    pub client: NodeId,
    /// Counts the client's commands from 1. A retry carries the same number.
    pub sequence: u64,
    /// What is asked for.
    pub command: Command,
}

fingerprint_struct!(Request { client, sequence, command });

/// A text as bytes, its length first.
pub(super) fn canonical_text(text: &str, into: &mut Vec<u8>) {
    into.extend((text.len() as u64).to_le_bytes());
    into.extend(text.as_bytes());
}

fn canonical_option(text: Option<&Value>, into: &mut Vec<u8>) {
    into.push(u8::from(text.is_some()));
    if let Some(text) = text {
        canonical_text(text, into);
    }
}

impl Request {
    /// Its parts, for the inspector.
    pub fn fields(&self) -> Vec<Field> {
        vec![
            Field::new("client", self.client),
            Field::new("sequence", self.sequence),
            Field::new("command", self.command.to_string()),
        ]
    }

    /// The request as bytes, in one way of writing it down, for a digest.
    pub fn canonical(&self, into: &mut Vec<u8>) {
        into.extend(self.client.0.to_le_bytes());
        into.extend(self.sequence.to_le_bytes());
        match &self.command {
            Command::Get { key } => {
                into.push(0);
                canonical_text(key, into);
            }
            Command::Put { key, value } => {
                into.push(1);
                canonical_text(key, into);
                canonical_text(value, into);
            }
            Command::Delete { key } => {
                into.push(2);
                canonical_text(key, into);
            }
            Command::Cas { key, expected, new } => {
                into.push(3);
                canonical_text(key, into);
                canonical_option(expected.as_ref(), into);
                canonical_text(new, into);
            }
            Command::CasOrCreate { key, expected, new } => {
                into.push(4);
                canonical_text(key, into);
                canonical_text(expected, into);
                canonical_text(new, into);
            }
        }
    }
}

impl Answer {
    /// The answer as bytes, in one way of writing it down, for a digest.
    pub fn canonical(&self, into: &mut Vec<u8>) {
        match self {
            Self::Value(value) => {
                into.push(0);
                canonical_option(value.as_ref(), into);
            }
            Self::Done => into.push(1),
            Self::Swapped => into.push(2),
            Self::Mismatch { found } => {
                into.push(3);
                canonical_option(found.as_ref(), into);
            }
        }
    }
}

/// A replica's word on a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// The request's number.
    pub sequence: u64,
    /// What it says.
    pub body: ReplyBody,
}

fingerprint_struct!(Reply { sequence, body });

/// What a replica says to a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReplyBody {
    /// It was carried out, with this answer.
    Answer(Answer),
    /// This replica did not take it, and this attempt had no effect: try the one named, if one is.
    NotLeader {
        /// Whom this replica takes for the leader.
        leader: Option<NodeId>,
    },
}

fingerprint_enum!(ReplyBody {
    0 => Answer(answer),
    1 => NotLeader { leader },
});

impl Reply {
    /// The command was carried out.
    pub fn answer(sequence: u64, answer: Answer) -> Self {
        Self { sequence, body: ReplyBody::Answer(answer) }
    }

    /// The command was not taken: this replica does not lead.
    pub fn not_leader(sequence: u64, leader: Option<NodeId>) -> Self {
        Self { sequence, body: ReplyBody::NotLeader { leader } }
    }

    /// Its parts, for the inspector.
    pub fn fields(&self) -> Vec<Field> {
        let body = match &self.body {
            ReplyBody::Answer(answer) => Field::new("answer", answer.to_string()),
            ReplyBody::NotLeader { leader } => Field::new("leader", *leader),
        };
        vec![Field::new("sequence", self.sequence), body]
    }
}

impl fmt::Display for ReplyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(answer) => answer.fmt(f),
            Self::NotLeader { .. } => f.write_str("not leader"),
        }
    }
}
