//! What clients ask for and are told, in the words of the workload `lin-kv`.

use crate::kv::{Answer, Command};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Longest key or value, in bytes of JSON.
const TEXT_LENGTH_MAX: usize = 1 << 16;

/// Maelstrom's error codes.
pub(super) mod code {
    /// Nobody knows whether it took effect.
    pub const TIMEOUT: u64 = 0;
    /// There is no such type of message.
    pub const NOT_SUPPORTED: u64 = 10;
    /// It cannot be served now, and had no effect.
    pub const TEMPORARILY_UNAVAILABLE: u64 = 11;
    /// Nobody knows whether it takes effect, and why is no matter of time.
    pub const CRASH: u64 = 13;
    /// A field is missing or wrong.
    pub const MALFORMED_REQUEST: u64 = 12;
    /// The key is not there.
    pub const KEY_DOES_NOT_EXIST: u64 = 20;
    /// The key holds something else.
    pub const PRECONDITION_FAILED: u64 = 22;
}

/// The body of an error.
pub(super) fn error(code: u64, text: &str) -> Value {
    json!({"type": "error", "code": code, "text": text})
}

/// The command that a body asks for.
///
/// # Errors
///
/// The body of the error to answer with.
pub(super) fn command(kind: &str, body: &Map<String, Value>) -> Result<Command, Value> {
    let field = |name: &str| -> Result<Arc<str>, Value> {
        let value =
            body.get(name).ok_or_else(|| error(code::MALFORMED_REQUEST, &format!("{name}: the field is missing")))?;
        let text = value.to_string();
        if text.len() > TEXT_LENGTH_MAX {
            let problem = format!("{name}: at most {TEXT_LENGTH_MAX} bytes, not {}", text.len());
            return Err(error(code::MALFORMED_REQUEST, &problem));
        }
        Ok(text.into())
    };
    match kind {
        "read" => Ok(Command::Get { key: field("key")? }),
        "write" => Ok(Command::Put { key: field("key")?, value: field("value")? }),
        "cas" => match body.get("create_if_not_exists") {
            None | Some(Value::Bool(false)) => {
                Ok(Command::Cas { key: field("key")?, expected: Some(field("from")?), new: field("to")? })
            }
            Some(Value::Bool(true)) => {
                Ok(Command::CasOrCreate { key: field("key")?, expected: field("from")?, new: field("to")? })
            }
            Some(_) => Err(error(code::MALFORMED_REQUEST, "create_if_not_exists: true or false is expected")),
        },
        _ => {
            let shown: String = kind.chars().take(60).collect();
            Err(error(
                code::NOT_SUPPORTED,
                &format!("there is no message of type {shown:?}: there are init, read, write and cas"),
            ))
        }
    }
}

/// The body that tells a client what the store says.
pub(super) fn answer(command: &Command, answer: &Answer) -> Value {
    let missing = || error(code::KEY_DOES_NOT_EXIST, &format!("there is no key {}", command.key()));
    match answer {
        Answer::Value(Some(value)) => match serde_json::from_str::<Value>(value) {
            Ok(value) => json!({"type": "read_ok", "value": value}),
            Err(problem) => error(code::MALFORMED_REQUEST, &format!("the value is not JSON: {problem}")),
        },
        Answer::Value(None) | Answer::Mismatch { found: None } => missing(),
        Answer::Done => json!({"type": "write_ok"}),
        Answer::Swapped => json!({"type": "cas_ok"}),
        Answer::Mismatch { found: Some(found) } => error(code::PRECONDITION_FAILED, &format!("the key holds {found}")),
    }
}
