//! The envelope: what a line in says, and what a reply out looks like.

use super::numbers::find_lost;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

/// Longer lines are turned away unread.
pub const LINE_BYTES_MAX: usize = 4 << 20;

/// The largest number that every JSON reader keeps exactly, and the largest that is taken.
pub const NUMBER_MAX: u64 = (1 << 53) - 1;

/// The codes of error replies, as Maelstrom numbers them.
pub mod code {
    /// Nobody knows yet whether it takes effect.
    pub const TIMEOUT: u64 = 0;
    /// The node does not know that type of message.
    pub const NOT_SUPPORTED: u64 = 10;
    /// The node cannot do it now, and it had no effect; later it may.
    pub const TEMPORARILY_UNAVAILABLE: u64 = 11;
    /// The request does not have the form, or a number is out of range.
    pub const MALFORMED_REQUEST: u64 = 12;
    /// A compare-and-set on a key that is not there.
    pub const KEY_DOES_NOT_EXIST: u64 = 20;
    /// What the request needs to have happened did not happen.
    pub const PRECONDITION_FAILED: u64 = 22;
}

/// Why a request gets an error in place of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: u64,
    pub(super) text: String,
    /// More fields of the error's body.
    pub(super) fields: Map<String, Value>,
}

impl Refusal {
    pub(super) fn new(code: u64, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), fields: Map::new() }
    }

    /// A field is missing, of the wrong kind or out of range.
    pub(super) fn malformed(field: &str, problem: impl std::fmt::Display) -> Self {
        Self::new(code::MALFORMED_REQUEST, format!("{field}: {problem}"))
    }

    /// Something must have happened first.
    pub(super) fn precondition(text: impl Into<String>) -> Self {
        Self::new(code::PRECONDITION_FAILED, text)
    }

    pub(super) fn unavailable(text: impl Into<String>) -> Self {
        Self::new(code::TEMPORARILY_UNAVAILABLE, text)
    }
}

/// A number of a request: whole, not negative, at most [`NUMBER_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Count(pub(super) u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            number if number <= NUMBER_MAX => Ok(Self(number)),
            number => Err(serde::de::Error::custom(format!("at most {NUMBER_MAX}, not {number}"))),
        }
    }
}

/// A message that came in.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    pub(super) src: String,
    pub(super) dest: String,
    pub(super) body: Value,
}

/// A request, as its handler sees it.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) src: &'a str,
    pub(super) body: &'a Value,
}

impl Request<'_> {
    /// The body as the fields that a handler wants. An error names the field.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_path_to_error::deserialize(self.body).map_err(|error| {
            let path = error.path().to_string();
            let problem = error.inner();
            match path.as_str() {
                "." | "?" => Refusal::new(code::MALFORMED_REQUEST, problem.to_string()),
                _ => Refusal::malformed(&path, problem),
            }
        })
    }
}

/// What a handler answers.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The reply: its type and its other fields. Some messages get none.
    pub(super) reply: Option<(&'static str, Value)>,
    /// What is printed after the reply, to whom.
    pub(super) unsolicited: Vec<(String, Value)>,
    /// What goes to peers, and is printed only when the node was asked to.
    pub(super) to_peers: Vec<(String, Value)>,
    /// What the cores reported, for a person.
    pub(super) diagnostics: Vec<String>,
}

impl Answer {
    /// No reply.
    pub(super) fn none() -> Self {
        Self::default()
    }

    /// A reply and nothing else.
    pub(super) fn reply(kind: &'static str, fields: Value) -> Self {
        Self { reply: Some((kind, fields)), ..Self::default() }
    }
}

/// What comes of a request.
pub(super) type Answered = Result<Answer, Refusal>;

/// A line in, read.
pub(super) enum Read {
    /// A message.
    Message(Envelope),
    /// A message with a number that cannot be kept: the error to answer with.
    Lossy(Envelope, Refusal),
}

/// A line in, read: the message, or what is wrong with it where it is none.
pub(super) fn read_line(line: &str) -> Result<Read, String> {
    if line.len() > LINE_BYTES_MAX {
        return Err(format!("a line of {} bytes is turned away: at most {LINE_BYTES_MAX}", line.len()));
    }
    let lost = find_lost(line);
    let text = lost.as_ref().map_or(line, |(_, kept)| kept);
    let value: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    let mut envelope: Envelope = serde_path_to_error::deserialize(value)
        .map_err(|error| format!("not a message: {}: {}", error.path(), error.inner()))?;
    match envelope.body.get("type") {
        Some(Value::String(_)) => {}
        Some(_) => return Err("not a message: body.type: not a string".to_owned()),
        None => return Err("not a message: body: missing field `type`".to_owned()),
    }
    let Some((lost, _)) = lost else { return Ok(Read::Message(envelope)) };
    if let (Value::Object(body), "body.msg_id") = (&mut envelope.body, lost.place.as_str()) {
        body.remove("msg_id");
    }
    let place = lost.place.strip_prefix("body.").unwrap_or(&lost.place);
    Ok(Read::Lossy(envelope, Refusal::malformed(place, lost.problem)))
}

/// Whether 64 bits, or a floating-point number, hold each number of a JSON text. One that they do not hold would be
/// rounded on its way, and no answer could give it back.
pub(crate) fn keeps_its_numbers(json: &str) -> Result<(), String> {
    find_lost(json).map_or(Ok(()), |(lost, _)| Err(lost.problem))
}

/// The body of an error reply.
pub(super) fn error_body(refusal: Refusal) -> Value {
    let mut body = refusal.fields;
    body.insert("code".into(), json!(refusal.code));
    body.insert("text".into(), json!(refusal.text));
    Value::Object(body)
}

/// A body with its type, its number and the number that it answers.
pub(super) fn complete_body(kind: Option<&str>, mut fields: Value, msg_id: u64, in_reply_to: Option<u64>) -> Value {
    if let Value::Object(map) = &mut fields {
        if let Some(kind) = kind {
            map.insert("type".into(), json!(kind));
        }
        map.insert("msg_id".into(), json!(msg_id));
        if let Some(in_reply_to) = in_reply_to {
            map.insert("in_reply_to".into(), json!(in_reply_to));
        }
    }
    fields
}
