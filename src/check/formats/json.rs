//! Our own format: one JSON object a line, in UTF-8.
//!
//! ```json
//! {"client": 0, "type": "invoke", "op": "put", "key": "a", "value": "1"}
//! {"client": 1, "type": "invoke", "op": "cas", "key": "a", "from": "1", "to": "2"}
//! {"client": 0, "type": "ok", "op": "put"}
//! {"client": 1, "type": "fail", "op": "cas"}
//! {"client": 1, "type": "invoke", "op": "get", "key": "a"}
//! {"client": 1, "type": "ok", "op": "get", "value": "1"}
//! ```
//!
//! | field           | what it says                                                                                     |
//! |-----------------|--------------------------------------------------------------------------------------------------|
//! | `client`        | who: a number below 2^32. A client has at most one operation open                                |
//! | `type`          | `invoke`, or how the client's open operation ended: `ok`, `fail`, `unknown`                      |
//! | `op`            | for a register `read`, `write`, `cas`; for a store `get`, `put`, `append`, `delete`, `cas`       |
//! | `key`           | the key, a string: in an invocation on a store                                                   |
//! | `value`         | what is written (`write`, `put`, `append`), or, in the completion, what was read (`read`, `get`) |
//! | `from`, `to`    | what a `cas` expects, and what it puts in its place                                              |
//!
//! The values of a register are integers of 64 bits, those of a store are strings. `null` is what a register holds
//! before the first write, and what a missing key reads as; a `cas` may expect it. A completion may repeat `key`,
//! `value`, `from` and `to` of its invocation, and must then repeat them as they were. There are no other fields.
//!
//! `fail` of a `cas` says that the content was not what it expected; on a store its `value` may say what it was. `fail` of anything else says that it certainly had
//! no effect. A `cas` that failed for another reason, and perhaps never reached the object, is `unknown`: after
//! `unknown` the operation may take effect at any later time, or never, and its client may go on.

use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::Problem;
use super::event::{Content, Event, Phase};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    client: u32,
    #[serde(rename = "type")]
    phase: LinePhase,
    op: String,
    key: Option<Arc<str>>,
    #[serde(default, deserialize_with = "content")]
    value: Content,
    #[serde(default, deserialize_with = "content")]
    from: Content,
    #[serde(default, deserialize_with = "content")]
    to: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum LinePhase {
    Invoke,
    Ok,
    Fail,
    Unknown,
}

/// Reads a string, an integer or null; a field that is absent is told from null.
fn content<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Content, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Content::Nil),
        Value::String(text) => Ok(Content::Text(text.into())),
        Value::Number(number) => {
            number.as_i64().map(Content::Integer).ok_or_else(|| serde::de::Error::custom("expected an integer of 64 bits"))
        }
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(serde::de::Error::custom("expected a string, an integer or null")),
    }
}

/// The event of a line.
pub(super) fn event(text: &str) -> Result<Event, Problem> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let place = if matches!(path.as_str(), "." | "?") { String::new() } else { format!(" in {path:?}") };
        Problem::Malformed(format!("not a JSON event{place}: {}", without_line(error.inner())))
    });
    let line: Line = read?;
    deserializer.end().map_err(|error| Problem::Malformed(format!("not one JSON object a line: {}", without_line(&error))))?;
    Ok(Event {
        line: 0,
        client: line.client,
        phase: match line.phase {
            LinePhase::Invoke => Phase::Invoke,
            LinePhase::Ok => Phase::Ok,
            LinePhase::Fail => Phase::Fail,
            LinePhase::Unknown => Phase::Unknown,
        },
        name: line.op,
        key: line.key,
        value: line.value,
        from: line.from,
        to: line.to,
    })
}

/// The parser saw one line only and calls it line 1, which would contradict the number of the line in the file.
fn without_line(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}
