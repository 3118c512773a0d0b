//! A trace in ITF, the format of Apalache's counterexamples (its ADR-015,
//! <https://apalache-mc.org/docs/adr/015adr-trace.html>), which the ITF Trace Viewer shows.
//!
//! A state before the first event, and one after each. Its variables:
//!
//! | variable    | what it holds                                                                        |
//! |-------------|--------------------------------------------------------------------------------------|
//! | `event`     | the number of the event that led here; -1 in the first state                          |
//! | `time`      | virtual time, in microseconds                                                         |
//! | `process`   | whose event it was; empty if no one's in particular                                   |
//! | `action`    | what it handled, in words                                                             |
//! | `rules`     | the rules of the paper that fired, in order                                           |
//! | `role`, `epoch` | of each process: its role, and its term, view, ballot round or height             |
//! | `durable`, `volatile` | of each process: what survives a crash and what does not, names to values   |
//! | `in_flight` | the messages on their way                                                             |

use super::Exported;
use crate::process::{Field, FieldValue, Message, NodeId, View};
use crate::run::Run;
use crate::scenario::Playable;
use serde_json::{Value, json};
use std::ops::Range;

/// Most states in a trace: each tells all of every process.
pub const STATES_MAX: usize = 200;

const VARIABLES: [&str; 10] =
    ["event", "time", "process", "action", "rules", "role", "epoch", "durable", "volatile", "in_flight"];

/// A part of a run as a trace. The playhead stands where it stood, afterwards.
pub fn trace<R: Playable>(run: &mut Run<R>, events: Range<u32>) -> Exported {
    let playhead = run.simulation().cursor();
    let end = events.end.min(playhead);
    let last = end.min(events.start.saturating_add(STATES_MAX as u32 - 1));
    let mut states = Vec::new();
    for event in events.start..=last.max(events.start) {
        run.seek(event);
        states.push(state(run, states.len(), event.checked_sub(1).filter(|_| !states.is_empty())));
    }
    run.seek(playhead);
    let left_out = (last < end).then(|| run.shown_up_to("states", states.len(), last.saturating_sub(1), end - 1));
    let description =
        left_out.as_ref().map_or_else(|| "The whole run.".to_owned(), |left_out| format!("Of the run, {left_out}."));
    let meta = json!({
        "format": "ITF",
        "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
        "source": format!("consensus-playground {}, {}", crate::ENGINE_VERSION, R::PROTOCOL),
        "description": description,
    });
    // A state a line.
    let states: Vec<String> = states.iter().map(ToString::to_string).collect();
    let text =
        format!("{{\"#meta\":{meta},\n\"vars\":{},\n\"states\":[\n{}\n]}}\n", json!(VARIABLES), states.join(",\n"));
    Exported { text, left_out }
}

/// The state at the playhead. `event`: the one that led there.
fn state<R: Playable>(run: &Run<R>, index: usize, event: Option<u32>) -> Value {
    let world = run.simulation().world();
    let trace = run.simulation().trace();
    let record = event.and_then(|event| trace.events.get(event as usize));
    let process = record.filter(|record| record.node != u16::MAX).map(|record| world.name(NodeId(record.node)));
    let setup = world.setup();
    let replicas = world.replicas().iter().map(|machine| machine.view(&setup.replica));
    let views: Vec<View> = replicas.chain(world.clients().iter().map(|machine| machine.view(&setup.client))).collect();
    let names = run.process_names();
    let of_each =
        |value: &dyn Fn(&View) -> Value| map(names.iter().zip(&views).map(|(name, view)| (json!(name), value(view))));
    let fields =
        |fields: &[Field]| map(fields.iter().map(|field| (json!(field.name), json!(words(&names, &field.value)))));
    let in_flight = world.in_flight().into_iter().filter_map(|number| {
        let message = trace.messages.get(number as usize)?;
        let kind = <R::Message as Message>::KINDS.get(usize::from(message.body.kind())).copied().unwrap_or_default();
        let (from, to) = (world.name(message.from), world.name(message.to));
        Some(json!({
            "number": integer(number), "from": from, "to": to, "kind": kind, "says": message.body.label(),
            "sent": integer(message.sent),
        }))
    });
    json!({
        "#meta": { "index": index },
        "event": event.map_or_else(|| integer("-1"), integer),
        "time": integer(record.map_or_else(|| world.now(), |record| record.time)),
        "process": process.unwrap_or_default(),
        "action": record.map_or_else(String::new, |record| run.title(record)),
        "rules": record.map_or_else(Vec::new, |record| run.rule_names(record)),
        "role": of_each(&|view| json!(view.role)),
        "epoch": of_each(&|view| integer(view.epoch)),
        "durable": of_each(&|view| fields(&view.durable)),
        "volatile": of_each(&|view| fields(&view.volatile)),
        "in_flight": { "#set": in_flight.collect::<Vec<_>>() },
    })
}

/// A whole number of any size.
fn integer(number: impl ToString) -> Value {
    json!({ "#bigint": number.to_string() })
}

fn map(pairs: impl Iterator<Item = (Value, Value)>) -> Value {
    json!({ "#map": pairs.map(|(key, value)| json!([key, value])).collect::<Vec<_>>() })
}

/// A value in words: all values of a map are of one type, as in TLA+ they have to be.
fn words(names: &[String], value: &FieldValue) -> String {
    match value {
        FieldValue::Nothing => "none".to_owned(),
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Text(text) => text.clone(),
        FieldValue::Process(node) => names.get(node.index()).cloned().unwrap_or_default(),
        FieldValue::List(values) => {
            let values: Vec<String> = values.iter().map(|value| words(names, value)).collect();
            format!("[{}]", values.join(", "))
        }
    }
}
