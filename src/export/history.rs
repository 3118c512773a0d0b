//! What the clients saw, in the formats that the checker reads ([`crate::check::formats`]): Jepsen's EDN, and JSON lines.
//!
//! What is written is what the run is judged by: the answers to a client that gave its keys away say nothing, and what was
//! carried out in such a client's name comes first, as operations of unknown outcome. So `check` finds the same.

use super::Exported;
use crate::check::history::{Operation, Outcome};
use crate::check::model::{KvCommand, KvResult};
use crate::process::Ticks;
use crate::run::Run;
use crate::scenario::Playable;
use serde_json::{Value, json};
use std::fmt::Write;

/// The beginning or the end of an operation.
struct Told<'a> {
    /// Place among all of the run; what comes before all else has none.
    position: Option<u64>,
    time: Ticks,
    client: u32,
    command: &'a KvCommand,
    kind: Kind<'a>,
}

#[derive(Clone, Copy)]
enum Kind<'a> {
    Invoke,
    Ok(&'a KvResult),
    /// A compare-and-set that found something else.
    Refused(Option<&'a str>),
    /// It did not happen.
    Failed,
    Unknown,
}

/// The history as JSON lines of our own.
///
/// # Errors
///
/// If a command was asked for that the format has no word for.
pub fn json_lines<R: Playable>(run: &mut Run<R>) -> Result<Exported, String> {
    let text = written(run, |text, _, told| {
        let (name, key, from, to) = words(told.command)?;
        let mut line =
            json!({ "client": told.client, "type": kind_name(told.kind, "unknown"), "op": name, "key": key });
        let mut put = |field: &str, value: Value| line[field] = value;
        match told.kind {
            Kind::Ok(KvResult::Value(value)) => put("value", json!(value)),
            Kind::Refused(found) => put("value", json!(found)),
            Kind::Failed if name == "cas" => put("error", json!("given up")),
            _ => {}
        }
        if name == "cas" {
            put("from", json!(from));
            put("to", json!(to));
        } else if let Some(to) = to {
            put("value", json!(to));
        }
        let _ = writeln!(text, "{line}");
        Ok(())
    })?;
    Ok(Exported::whole(text))
}

/// The history as Jepsen writes it: maps in EDN, each value with its key, times in nanoseconds.
///
/// # Errors
///
/// If a command was asked for that the format has no word for.
pub fn edn<R: Playable>(run: &mut Run<R>) -> Result<Exported, String> {
    let mut lost = 0;
    let text = written(run, |text, index, told| {
        let (name, key, from, to) = words(told.command)?;
        let quoted = |value: Option<&str>| value.map_or_else(|| "nil".to_owned(), quoted);
        let value = match told.kind {
            Kind::Ok(KvResult::Value(value)) => quoted(value.as_deref()),
            Kind::Refused(Some(found)) => quoted(Some(found)),
            Kind::Refused(None) => {
                lost += 1;
                "nil".to_owned()
            }
            _ if name == "cas" => format!("[{} {}]", quoted(from), quoted(to)),
            _ => quoted(to),
        };
        let kind = kind_name(told.kind, "info");
        let nanoseconds = u128::from(told.time) * 1_000;
        let _ = writeln!(
            text,
            "{{:process {}, :type :{kind}, :f :{name}, :value [{} {value}], :time {nanoseconds}, :index {index}}}",
            told.client,
            quoted(Some(key)),
        );
        Ok(())
    })?;
    let left_out = (lost > 0).then(|| {
        format!(
            "{lost} refused compare-and-sets found nothing, which Jepsen's maps cannot say: there they did not happen"
        )
    });
    Ok(Exported { text, left_out })
}

/// Writes each event by a function, which gets its number too.
fn written<R: Playable>(
    run: &mut Run<R>,
    mut write: impl FnMut(&mut String, usize, &Told<'_>) -> Result<(), String>,
) -> Result<String, String> {
    let operations = run.judged();
    let mut events: Vec<Told<'_>> = Vec::new();
    for (index, operation) in operations.iter().enumerate() {
        let Operation { client, command, outcome, invoked_at } = operation;
        let told = |position, time, kind| Told { position, time, client: *client, command, kind };
        // What somebody else did in a client's name is in no history.
        let Some(seen) = run.history().get(index) else {
            events.push(told(None, 0, Kind::Invoke));
            events.push(told(None, 0, Kind::Unknown));
            continue;
        };
        events.push(told(Some(*invoked_at), seen.invoked.time, Kind::Invoke));
        let Some((moment, _)) = &seen.completed else { continue };
        let kind = match outcome {
            Outcome::Ok { result: KvResult::Found(found), .. } => Kind::Refused(found.as_deref()),
            Outcome::Ok { result, .. } => Kind::Ok(result),
            Outcome::Failed { .. } => Kind::Failed,
            Outcome::Unknown => Kind::Unknown,
        };
        events.push(told(Some(u64::from(moment.position)), moment.time, kind));
    }
    // A stable order: of what has no place, the beginnings and ends stay in pairs.
    events.sort_by_key(|told| told.position);
    let mut text = String::new();
    for (index, told) in events.iter().enumerate() {
        write(&mut text, index, told)?;
    }
    Ok(text)
}

/// A command's name, its key, what it expects, and what it puts there.
type Words<'a> = (&'static str, &'a str, Option<&'a str>, Option<&'a str>);

fn words(command: &KvCommand) -> Result<Words<'_>, String> {
    Ok(match command {
        KvCommand::Get { key } => ("get", key, None, None),
        KvCommand::Put { key, value } => ("put", key, None, Some(value)),
        KvCommand::Append { key, value } => ("append", key, None, Some(value)),
        KvCommand::Delete { key } => ("delete", key, None, None),
        KvCommand::Cas { key, from, to } => ("cas", key, from.as_deref(), Some(to)),
        KvCommand::CasOrCreate { .. } => {
            return Err("a client asked for a compare-and-set that creates: histories have no word for it".to_owned());
        }
    })
}

fn kind_name(kind: Kind<'_>, unknown: &'static str) -> &'static str {
    match kind {
        Kind::Invoke => "invoke",
        Kind::Ok(_) => "ok",
        Kind::Refused(_) | Kind::Failed => "fail",
        Kind::Unknown => unknown,
    }
}

/// A text as a string in EDN.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
