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
//! | `op`            | what was asked for: see below                                                                    |
//! | `key`           | which object, a string: on a store always, on other objects where there are several              |
//! | `value`         | what is written (`write`, `put`, `append`, `add`, `enqueue`), or, in the completion, what was read (`read`, `get`, `dequeue`) |
//! | `from`, `to`    | what a `cas` expects, and what it puts in its place                                              |
//! | `error`         | with `fail` and `unknown`: why, in words                                                         |
//!
//! | model      | `op`                                       | values                                            |
//! |------------|--------------------------------------------|---------------------------------------------------|
//! | `register` | `read`, `write`, `cas`                     | integers of 64 bits, or strings                   |
//! | `kv`       | `get`, `put`, `append`, `delete`, `cas`    | strings                                           |
//! | `mutex`    | `acquire`, `release`                       |                                                   |
//! | `set`      | `add`, `read`                              | integers or strings; a read has an array of them  |
//! | `queue`    | `enqueue`, `dequeue`                       | integers or strings; `null`: it was empty         |
//!
//! `null` is what a register holds before the first write, and what a missing key reads as; a `cas` may expect it. A
//! completion may repeat `key`, `value`, `from` and `to` of its invocation, and must then repeat them as they were.
//! There are no other fields.
//!
//! | a `cas` ended with            | what that says                                                                 |
//! |-------------------------------|--------------------------------------------------------------------------------|
//! | `ok`                          | it found what it expected                                                      |
//! | `fail`                        | it found something else; its `value` may say what                              |
//! | `fail` with an `error`        | it certainly did not happen, and saw nothing                                   |
//! | `unknown`                     | nobody knows                                                                   |
//!
//! `fail` of anything else says that it certainly had no effect. After `unknown` the operation may take effect at any
//! later time, or never, and its client may go on.

use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::Problem;
use super::event::{Content, Event, Key, Phase};

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
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum LinePhase {
    Invoke,
    Ok,
    Fail,
    Unknown,
}

/// Reads a string, an integer, null, or an array of strings and integers; a field that is absent is told from null.
fn content<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Content, D::Error> {
    let one = |value: Value| match value {
        Value::Null => Ok(Content::Nil),
        Value::String(text) => Ok(Content::Text(text.into())),
        Value::Number(number) => number.as_i64().map(Content::Integer).ok_or("expected an integer of 64 bits"),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err("expected a string, an integer or null"),
    };
    let read = match Value::deserialize(deserializer)? {
        Value::Array(elements) => elements.into_iter().map(one).collect::<Result<_, _>>().map(Content::Many),
        value => one(value),
    };
    read.map_err(serde::de::Error::custom)
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
    deserializer
        .end()
        .map_err(|error| Problem::Malformed(format!("not one JSON object a line: {}", without_line(&error))))?;
    let phase = match line.phase {
        LinePhase::Invoke => Phase::Invoke,
        LinePhase::Ok => Phase::Ok,
        LinePhase::Fail if line.op == "cas" && line.error.is_none() => Phase::Refused,
        LinePhase::Fail => Phase::Failed,
        LinePhase::Unknown => Phase::Unknown,
    };
    if line.error.is_some() && !matches!(phase, Phase::Failed | Phase::Unknown) {
        return Err(Problem::Field("\"error\" goes with \"fail\" and \"unknown\" only".to_string()));
    }
    if line.op == "cas" && phase == Phase::Failed && !line.value.is_nothing() {
        return Err(Problem::Field(
            "a cas that failed with an \"error\" saw nothing, and has no \"value\"".to_string(),
        ));
    }
    Ok(Event {
        line: 0,
        client: line.client,
        phase,
        name: line.op,
        key: line.key.map(Key::Text),
        value: line.value,
        from: line.from,
        to: line.to,
    })
}

/// The parser saw one line only and calls it line 1, which would contradict the number of the line in the file.
fn without_line(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}
