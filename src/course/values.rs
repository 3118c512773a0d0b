//! Commands and values: JSON outside, the store's texts inside.
//!
//! The replicated store maps texts to texts. A value of the course may be any JSON, and a number must stay a number, so
//! the store is given the value *as JSON text*: `1` and `"1"` are two values. Objects are written with their keys in
//! order, so equal values have equal texts.

use super::message::{Count, Refusal};
use crate::kv::{self, Answer, Command, Store};
use crate::process::NodeId;
use crate::raft::log::{Entry, Log, Payload};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The client in whose name the course's entries stand. The number of an entry in its session is the entry's index.
pub(super) const COURSE_CLIENT: NodeId = NodeId(63);

/// A value as the store keeps it. What is a float, or has one in it, is refused: two texts of one float may differ, and
/// two floats may have one text.
pub(super) fn to_text(value: &Value, place: &str) -> Result<Arc<str>, Refusal> {
    fn has_float(value: &Value) -> bool {
        match value {
            Value::Number(number) => number.is_f64(),
            Value::Array(values) => values.iter().any(has_float),
            Value::Object(fields) => fields.values().any(has_float),
            Value::Null | Value::Bool(_) | Value::String(_) => false,
        }
    }
    if has_float(value) {
        return Err(Refusal::malformed(place, "a float, which is not kept exactly: a whole number or a text is"));
    }
    Ok(value.to_string().into())
}

/// A value under a key, as the store keeps it. Null is what a key reads as that is not there, so none that is there can
/// hold it.
pub(super) fn to_held_text(value: &Value, place: &str) -> Result<Arc<str>, Refusal> {
    if value.is_null() {
        return Err(Refusal::malformed(place, "null stands for a key that is not there, and cannot be told from it"));
    }
    to_text(value, place)
}

/// What a key must hold; null: it must not be there.
pub(super) fn to_expected(value: &Value, place: &str) -> Result<Option<Arc<str>>, Refusal> {
    if value.is_null() { Ok(None) } else { to_text(value, place).map(Some) }
}

/// The compare-and-set that is asked for. A key that is not there fits if it is to be created.
pub(super) fn to_cas(key: kv::Key, expected: Option<Arc<str>>, new: Arc<str>, creates: bool) -> Command {
    match expected {
        Some(expected) if creates => Command::CasOrCreate { key, expected, new },
        expected => Command::Cas { key, expected, new },
    }
}

/// A value as JSON.
pub(super) fn from_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

/// What a store holds.
pub(super) fn from_store(store: &Store) -> Value {
    Value::Object(store.iter().map(|(key, value)| (key.to_string(), from_text(value))).collect())
}

/// A store that holds what the field `state` says.
pub(super) fn to_store(state: &Map<String, Value>) -> Result<Store, Refusal> {
    let mut store = Store::default();
    for (key, value) in state {
        let value = to_held_text(value, &format!("state.{key}"))?;
        store.apply_without_session(&Command::Put { key: key.as_str().into(), value });
    }
    Ok(store)
}

/// What a store answers, as a result of task 7: "ok", or the value.
pub(super) fn from_answer(answer: &Answer) -> Value {
    match answer {
        Answer::Value(Some(text)) => from_text(text),
        Answer::Value(None) => Value::Null,
        Answer::Done | Answer::Swapped => json!("ok"),
        Answer::Mismatch { .. } => json!("mismatch"),
    }
}

/// A command of the course: `{op, key, value}`. The op of an entry of the log may also be `noop`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct CommandText {
    op: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(default, deserialize_with = "present", alias = "expected", skip_serializing_if = "Option::is_none")]
    from: Option<Value>,
    #[serde(default, deserialize_with = "present", alias = "new", skip_serializing_if = "Option::is_none")]
    to: Option<Value>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    create_if_not_exists: bool,
}

/// A null that is there is told from a field that is not.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl CommandText {
    /// The command, none for the op that does nothing. `place` is where it stands in the request.
    pub(super) fn to_command(&self, place: &str) -> Result<Option<Command>, Refusal> {
        let missing = |field: &str| {
            Refusal::malformed(&format!("{place}.{field}"), format!("missing, and {:?} needs it", self.op))
        };
        if matches!(self.op.as_str(), "noop" | "no-op" | "no_op") {
            return Ok(None);
        }
        let key = || self.key.as_deref().map(Into::into).ok_or_else(|| missing("key"));
        let at = |field: &str| format!("{place}.{field}");
        let held = |field: &str, value: &Option<Value>| {
            to_held_text(value.as_ref().ok_or_else(|| missing(field))?, &at(field))
        };
        Ok(Some(match self.op.as_str() {
            "put" | "set" | "write" => Command::Put { key: key()?, value: held("value", &self.value)? },
            "get" | "read" => Command::Get { key: key()? },
            "delete" | "del" => Command::Delete { key: key()? },
            "cas" => {
                let expected = to_expected(self.from.as_ref().ok_or_else(|| missing("from"))?, &at("from"))?;
                to_cas(key()?, expected, held("to", &self.to)?, self.create_if_not_exists)
            }
            other => {
                let shown: String = other.chars().take(64).collect();
                let problem = format!("{shown:?} is none of put (or set, write), get (read), delete (del), cas, noop");
                return Err(Refusal::malformed(&format!("{place}.op"), problem));
            }
        }))
    }

    fn of(payload: &Payload) -> Self {
        let none =
            Self { op: "noop".into(), key: None, value: None, from: None, to: None, create_if_not_exists: false };
        let Payload::Command(request) = payload else { return none };
        let key = Some(request.command.key().to_string());
        match &request.command {
            Command::Put { value, .. } => Self { op: "put".into(), key, value: Some(from_text(value)), ..none },
            Command::Get { .. } => Self { op: "get".into(), key, ..none },
            Command::Delete { .. } => Self { op: "delete".into(), key, ..none },
            Command::Cas { expected, new, .. } => {
                let from = Some(expected.as_deref().map_or(Value::Null, from_text));
                Self { op: "cas".into(), key, from, to: Some(from_text(new)), ..none }
            }
            Command::CasOrCreate { expected, new, .. } => {
                let (from, to) = (Some(from_text(expected)), Some(from_text(new)));
                Self { op: "cas".into(), key, from, to, create_if_not_exists: true, ..none }
            }
        }
    }
}

/// An entry of a log. Its index may be left out: it follows from its place.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct EntryText {
    pub(super) index: Option<Count>,
    pub(super) term: Count,
    pub(super) command: CommandText,
}

impl EntryText {
    /// The entry at its index.
    pub(super) fn to_entry(&self, index: u64, place: &str) -> Result<Entry, Refusal> {
        let payload = match self.command.to_command(&format!("{place}.command"))? {
            Some(command) => Payload::Command(kv::Request { client: COURSE_CLIENT, sequence: index, command }),
            None => Payload::NoOp,
        };
        Ok(Entry { term: self.term.0, payload: Arc::new(payload) })
    }
}

/// Entries that follow one of this index and term: without a gap, and with terms that never fall, as in every log of
/// Raft. `field` is where they stand in the request.
pub(super) fn to_entries(texts: &[EntryText], after: (u64, u64), field: &str) -> Result<Vec<Entry>, Refusal> {
    let mut entries = Vec::with_capacity(texts.len());
    let (last_index, mut term) = after;
    for (place, text) in texts.iter().enumerate() {
        let (index, place) = (last_index + 1 + place as u64, format!("{field}[{place}]"));
        if let Some(given) = text.index.filter(|given| given.0 != index) {
            return Err(Refusal::malformed(
                &format!("{place}.index"),
                format!("{} where {index} must follow", given.0),
            ));
        }
        let entry = text.to_entry(index, &place)?;
        term = not_falling(term, &entry, &place)?;
        entries.push(entry);
    }
    Ok(entries)
}

/// The term of an entry that follows one of another term: terms of a log never fall.
pub(super) fn not_falling(before: u64, entry: &Entry, place: &str) -> Result<u64, Refusal> {
    if entry.term < before {
        let problem = format!("{} behind an entry of term {before}, and the terms of a log never fall", entry.term);
        return Err(Refusal::malformed(&format!("{place}.term"), problem));
    }
    Ok(entry.term)
}

/// Refuses an entry that a log holds with the same index and term, but with another command: a leader makes one entry
/// of an index.
pub(super) fn not_another(log: &Log, index: u64, entry: &Entry, place: &str) -> Result<(), Refusal> {
    let command = |payload: &Payload| match payload {
        Payload::Command(request) => Some(request.command.clone()),
        Payload::NoOp => None,
    };
    let held = log.get(index).filter(|held| held.term == entry.term);
    if held.is_some_and(|held| command(&held.payload) != command(&entry.payload)) {
        let problem = format!(
            "the log holds another command at index {index} of term {}, and a leader makes one entry of an index",
            entry.term
        );
        return Err(Refusal::precondition(format!("{place}: {problem}")));
    }
    Ok(())
}

/// An entry as JSON.
pub(super) fn from_entry(index: u64, entry: &Entry) -> Value {
    json!({ "index": index, "term": entry.term, "command": CommandText::of(&entry.payload) })
}
