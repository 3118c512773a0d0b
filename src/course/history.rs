//! Histories that are judged (task 10): what clients asked for, when, and what they know of how it ended.
//!
//! The course leaves the shape of a history open; both that are taken are ours. One is the events that the command
//! `check` reads (with a `type`). The other has an element for each operation:
//!
//! ```json
//! {"client": "a", "op": "put", "key": "x", "value": 1, "start": 0, "end": 5}
//! {"client": "b", "op": "get", "key": "x", "value": null, "start": 5, "end": 6}
//! {"client": "a", "op": "cas", "key": "x", "from": 1, "to": 2, "start": 6, "end": 9, "ok": false, "found": 3}
//! {"client": "c", "op": "put", "key": "x", "value": 4, "start": 7, "end": null}
//! ```
//!
//! An operation goes on from `start` to `end`, both included: where one ends as another begins, the two are concurrent.
//! Without times each operation ends before the next one begins. What is known of its end is one of three things:
//!
//! * It was *observed*: `ok` is true, or is not said. The value of a get is then what was read, and null says that the
//!   key was not there.
//! * It *did not happen*: `ok` is false. That says nothing of the state, but for a cas that also says what it `found`.
//! * It is *not known* whether it happened: `ok` is null, or the operation never returned and `end` is null.

use super::State;
use super::message::{Answer, Answered, Refusal, Request};
use super::partition::STEPS_MAX;
use super::values::{present, to_expected, to_held_text};
use crate::check::formats::read_kv;
use crate::check::history::{Operation, Outcome};
use crate::check::linearizability::{Options, Verdict, check};
use crate::check::model::{Kv, KvCommand, KvResult};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use std::sync::Arc;

/// The latest time that is read.
const TIME_MAX: u64 = 1 << 63;

/// A time of a history: a whole number, or a text of one, for readers of JSON that keep no numbers that large.
#[derive(Clone, Copy)]
struct Time(u64);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            _ => None,
        };
        let time = read.filter(|&time| time <= TIME_MAX).map(Self);
        time.ok_or_else(|| serde::de::Error::custom("a whole number from 0 to 2^63 is expected, or a text of one"))
    }
}

/// An operation, as it is written. A field that is null is told from one that is not there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, deserialize_with = "present")]
    client: Option<Value>,
    op: String,
    #[serde(default, deserialize_with = "present")]
    key: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    value: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    from: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    to: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    found: Option<Value>,
    #[serde(default)]
    create_if_not_exists: bool,
    #[serde(default, deserialize_with = "present")]
    start: Option<Time>,
    #[serde(default, deserialize_with = "present")]
    end: Option<Option<Time>>,
    #[serde(default, deserialize_with = "present")]
    ok: Option<Option<bool>>,
}

/// What is known of how an operation ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Observed,
    DidNotHappen,
    Nothing,
}

/// What an operation came to.
enum Told {
    Result(KvResult),
    DidNotHappen,
    Nothing,
}

/// An operation, read.
struct Read {
    client: String,
    command: KvCommand,
    told: Told,
    /// When it began, and when it ended, if it did; none where it does not say.
    span: Option<(u64, Option<u64>)>,
}

/// A history for the checker, and how to speak of it in the words of whoever wrote it down.
struct History {
    operations: Vec<Operation<KvCommand, KvResult>>,
    /// For each operation its place in the history that was sent.
    places: Vec<usize>,
    /// For each operation, when it says that it ended.
    ends: Vec<Option<u64>>,
}

/// `verify_linearizability`.
pub(super) fn verify_linearizability(_: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        history: Vec<Value>,
    }
    let Body { history } = request.read()?;
    let history = match history.first() {
        Some(first) if first.get("type").is_some() => events(&history)?,
        _ => operations(&history)?,
    };
    let report = check(&Kv::default(), &history.operations, &Options { steps_max: STEPS_MAX, ..Options::default() });
    let violations = match report.verdict {
        Verdict::Linearizable(_) => Vec::new(),
        Verdict::NotLinearizable(violation) => {
            let place = history.places.get(violation.operation).copied().unwrap_or(violation.operation);
            let end = history.ends.get(violation.operation).copied().flatten().unwrap_or(violation.completed_at);
            vec![json!({ "sentence": violation.sentence(), "operation": place, "completed_at": end })]
        }
        Verdict::Undecided(_) => return Err(Refusal::unavailable(format!("undecided within {STEPS_MAX} steps"))),
    };
    let fields =
        json!({ "linearizable": violations.is_empty(), "violations": violations, "operations": report.operations });
    Ok(Answer::reply("verify_linearizability_ok", fields))
}

fn events(history: &[Value]) -> Result<History, Refusal> {
    let lines: Vec<String> = history.iter().map(Value::to_string).collect();
    let file = read_kv(lines.join("\n").as_bytes()).map_err(|error| {
        let place = error.line.map_or("history".to_owned(), |line| format!("history[{}]", line - 1));
        Refusal::malformed(&place, error.problem)
    })?;
    Ok(History { operations: file.operations, places: Vec::new(), ends: Vec::new() })
}

fn operations(history: &[Value]) -> Result<History, Refusal> {
    let mut read = Vec::with_capacity(history.len());
    for (place, element) in history.iter().enumerate() {
        let here = format!("history[{place}]");
        let written: Written = serde_path_to_error::deserialize(element).map_err(|error| {
            let field = error.path().to_string();
            let place = if matches!(field.as_str(), "." | "?") { here.clone() } else { format!("{here}.{field}") };
            Refusal::malformed(&place, error.inner())
        })?;
        read.push(written.read(&here)?);
    }
    let (spans, is_timed) = spans(&read)?;
    let (invoked, completed) = positions(&spans);
    let mut names: Vec<&str> = read.iter().map(|operation| operation.client.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let number = |client: &str| names.binary_search(&client).unwrap_or_default() as u32;
    let mut places: Vec<usize> = (0..read.len()).collect();
    places.sort_by_key(|&place| invoked[place]);
    let to_operation = |&place: &usize| {
        let Read { client, command, told, .. } = &read[place];
        let outcome = match told {
            Told::Result(result) => Outcome::Ok { completed_at: completed[place], result: result.clone() },
            Told::DidNotHappen => Outcome::Failed { completed_at: completed[place] },
            Told::Nothing => Outcome::Unknown,
        };
        Operation { client: number(client), command: command.clone(), invoked_at: invoked[place], outcome }
    };
    let operations = places.iter().map(to_operation).collect();
    let ends = places.iter().map(|&place| spans[place].1.filter(|_| is_timed)).collect();
    Ok(History { operations, places, ends })
}

/// When each operation began and ended, and whether they say so. All of them do, or none.
#[allow(clippy::type_complexity, reason = "a name for it would say less")]
fn spans(read: &[Read]) -> Result<(Vec<(u64, Option<u64>)>, bool), Refusal> {
    let is_timed = read.iter().any(|operation| operation.span.is_some());
    let span = |(place, operation): (usize, &Read)| match operation.span {
        Some(span) => Ok(span),
        None if is_timed => Err(Refusal::malformed(
            &format!("history[{place}].start"),
            "missing, and other operations say when they began",
        )),
        None => Ok((2 * place as u64, Some(2 * place as u64 + 1))),
    };
    let spans: Result<Vec<_>, Refusal> = read.iter().enumerate().map(span).collect();
    Ok((spans?, is_timed))
}

/// The places of all beginnings and ends in one sequence, as the checker wants them. At one moment all that begins
/// comes before all that ends, so operations that touch are concurrent.
fn positions(spans: &[(u64, Option<u64>)]) -> (Vec<u64>, Vec<u64>) {
    let mut marks: Vec<(u64, bool, usize)> = Vec::with_capacity(2 * spans.len());
    for (place, (start, end)) in spans.iter().enumerate() {
        marks.push((*start, false, place));
        marks.extend(end.map(|end| (end, true, place)));
    }
    marks.sort_unstable();
    let (mut invoked, mut completed) = (vec![0; spans.len()], vec![u64::MAX; spans.len()]);
    for (position, (_, is_end, place)) in (1..).zip(marks) {
        if is_end {
            completed[place] = position;
        } else {
            invoked[place] = position;
        }
    }
    (invoked, completed)
}

/// A value of a history: a text, a whole number, true or false.
fn is_plain(value: &Value, place: &str) -> Result<(), Refusal> {
    match value {
        Value::Array(_) | Value::Object(_) => {
            Err(Refusal::malformed(place, "a text, a whole number, true or false is expected"))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

impl Written {
    fn read(&self, here: &str) -> Result<Read, Refusal> {
        let span = match (self.start, self.end) {
            (None, None) => None,
            (Some(start), Some(None)) => Some((start.0, None)),
            (Some(start), Some(Some(end))) if start.0 <= end.0 => Some((start.0, Some(end.0))),
            (Some(_), Some(Some(_))) => return Err(Refusal::malformed(&format!("{here}.end"), "before start")),
            (Some(_), None) => {
                return Err(Refusal::malformed(
                    &format!("{here}.end"),
                    "missing; null for an operation that never returned",
                ));
            }
            (None, Some(_)) => return Err(Refusal::malformed(&format!("{here}.start"), "missing, and end needs it")),
        };
        let client = match &self.client {
            None => String::new(),
            Some(client @ Value::String(_)) => client.to_string(),
            Some(Value::Number(number)) if !number.is_f64() => number.to_string(),
            Some(_) => return Err(Refusal::malformed(&format!("{here}.client"), "a string or a whole number")),
        };
        let known = self.known(here)?;
        let command = self.command(here)?;
        let told = self.told(&command, known, here)?;
        Ok(Read { client, command, told, span })
    }

    fn known(&self, here: &str) -> Result<Known, Refusal> {
        match (self.ok, self.end) {
            (Some(Some(ok)), Some(None)) => Err(Refusal::malformed(
                &format!("{here}.ok"),
                format!("{ok}, and an operation that never returned has told nobody so"),
            )),
            (Some(None), _) | (None, Some(None)) => Ok(Known::Nothing),
            (None | Some(Some(true)), _) => Ok(Known::Observed),
            (Some(Some(false)), _) => Ok(Known::DidNotHappen),
        }
    }

    fn key(&self, here: &str) -> Result<Arc<str>, Refusal> {
        match &self.key {
            Some(Value::String(key)) => Ok(key.as_str().into()),
            Some(Value::Number(key)) if !key.is_f64() => Ok(key.to_string().into()),
            Some(Value::Number(_)) => {
                Err(Refusal::malformed(&format!("{here}.key"), "a float, which is not kept exactly"))
            }
            Some(_) => Err(Refusal::malformed(&format!("{here}.key"), "a string or a number")),
            None => Err(Refusal::malformed(&format!("{here}.key"), "missing")),
        }
    }

    fn command(&self, here: &str) -> Result<KvCommand, Refusal> {
        let at = |field: &str| format!("{here}.{field}");
        let needed = |field: &str, value: &Option<Value>| -> Result<Value, Refusal> {
            let value = value.clone().ok_or_else(|| Refusal::malformed(&at(field), "missing"))?;
            is_plain(&value, &at(field)).map(|()| value)
        };
        let held = |field: &str, value: &Option<Value>| to_held_text(&needed(field, value)?, &at(field));
        let key = self.key(here)?;
        let command = match self.op.as_str() {
            "get" | "read" => KvCommand::Get { key },
            "put" | "write" | "set" => KvCommand::Put { key, value: held("value", &self.value)? },
            "delete" => KvCommand::Delete { key },
            "cas" => {
                let (from, to) = (to_expected(&needed("from", &self.from)?, &at("from"))?, held("to", &self.to)?);
                match from {
                    Some(from) if self.create_if_not_exists => KvCommand::CasOrCreate { key, from, to },
                    from => KvCommand::Cas { key, from, to },
                }
            }
            _ => return Err(Refusal::malformed(&at("op"), "none of get (read), put (write, set), delete, cas")),
        };
        // A field that says nothing of such an operation would be lost.
        let is_cas = matches!(command, KvCommand::Cas { .. } | KvCommand::CasOrCreate { .. });
        let has_value = matches!(command, KvCommand::Get { .. } | KvCommand::Put { .. });
        let superfluous = [
            ("value", self.value.is_some() && !has_value),
            ("from", self.from.is_some() && !is_cas),
            ("to", self.to.is_some() && !is_cas),
            ("found", self.found.is_some() && !is_cas),
            ("create_if_not_exists", self.create_if_not_exists && !is_cas),
        ];
        match superfluous.iter().find(|(_, is_there)| *is_there) {
            Some((field, _)) => Err(Refusal::malformed(&at(field), format!("{:?} has none", self.op))),
            None => Ok(command),
        }
    }

    fn told(&self, command: &KvCommand, known: Known, here: &str) -> Result<Told, Refusal> {
        let at = |field: &str| format!("{here}.{field}");
        // Null is what a key reads as that is not there.
        let seen =
            |field: &str, value: &Value| is_plain(value, &at(field)).and_then(|()| to_expected(value, &at(field)));
        if known != Known::DidNotHappen && self.found.is_some() {
            return Err(Refusal::malformed(
                &at("found"),
                "what a cas found that was refused, and ok does not say that it was",
            ));
        }
        Ok(match (command, known) {
            (KvCommand::Get { .. }, Known::Observed) => {
                let value = self.value.as_ref().ok_or_else(|| Refusal::malformed(&at("value"), "missing"))?;
                Told::Result(KvResult::Value(seen("value", value)?))
            }
            (KvCommand::Get { .. }, _) if self.value.as_ref().is_some_and(|value| !value.is_null()) => {
                return Err(Refusal::malformed(
                    &at("value"),
                    "what was read, of a read that is not said to have been answered",
                ));
            }
            (KvCommand::Cas { .. } | KvCommand::CasOrCreate { .. }, Known::Observed) => Told::Result(KvResult::Swapped),
            (_, Known::Observed) => Told::Result(KvResult::Done),
            (_, Known::DidNotHappen) => match &self.found {
                Some(found) => Told::Result(KvResult::Found(seen("found", found)?)),
                None => Told::DidNotHappen,
            },
            (_, Known::Nothing) => Told::Nothing,
        })
    }
}
