//! Bulk data as typed-array columns. All arrays are copies: a view into wasm memory would die when the memory grows.

use crate::check::Watched;
use crate::process::Message;
use crate::run::Run;
use crate::sim::trace::NONE;
use crate::sim::{EventRecord, MessageRecord, Note, Trace};
use js_sys::{Float64Array, Object, Reflect, Uint8Array, Uint16Array, Uint32Array};
use wasm_bindgen::JsValue;

/// No rule fired.
const NO_RULE: u8 = 255;

/// What was recorded since the given numbers of events, messages and resolutions.
pub fn columns<R: Watched>(run: &Run<R>, events: u32, messages: u32, resolutions: u32) -> JsValue {
    let trace = run.simulation().trace();
    let table = Table(Object::new());
    table.number("first_event", events);
    table.number("first_message", messages);
    table.number("first_resolution", resolutions);
    let first_event = events;
    let events = trace.events.get(events as usize..).unwrap_or_default();
    event_columns(&table, events);
    let first_rule = |event: &EventRecord| {
        let rule =
            trace.notes_of(event).iter().find_map(|note| if let Note::Rule(code) = note { Some(*code) } else { None });
        rule.unwrap_or(NO_RULE)
    };
    table.u8("event_rule", events.iter().map(first_rule));
    message_columns(&table, trace, messages);
    let ends = trace.resolutions.get(resolutions as usize..).unwrap_or_default();
    table.u32("resolution_message", ends.iter().map(|end| end.message));
    table.u8("resolution_fate", ends.iter().map(|end| end.fate as u8));
    table.f64("resolution_time", ends.iter().map(|end| end.time));
    table.u32("resolution_event", ends.iter().map(|end| end.event));
    let weights = run.weights(first_event..trace.events.len() as u32);
    if !weights.is_empty() {
        table.u32("weight_message", weights.keys().copied());
        table.u8("weight", weights.values().map(|(weight, _)| *weight as u8));
        table.u32("weight_event", weights.values().map(|(_, event)| *event));
    }
    table.0.into()
}

fn event_columns(table: &Table, events: &[EventRecord]) {
    table.f64("event_time", events.iter().map(|event| event.time));
    table.u16("event_node", events.iter().map(|event| event.node));
    table.u8("event_input", events.iter().map(|event| event.input as u8));
    table.u32("event_cause", events.iter().map(|event| event.cause));
    table.u8("event_detail", events.iter().map(|event| event.detail));
    table.u32("event_epoch", events.iter().map(|event| event.epoch));
    table.u8("event_role", events.iter().map(|event| event.role));
    table.u32("event_first_message", events.iter().map(|event| event.first_message));
    table.u16("event_messages", events.iter().map(|event| u16::try_from(event.messages).unwrap_or(u16::MAX)));
    table.u8("event_flags", events.iter().map(|event| event.flags));
}

fn message_columns<R: Watched>(table: &Table, trace: &Trace<R>, first: u32) {
    let messages = trace.messages.get(first as usize..).unwrap_or_default();
    let flags = |(place, record): (usize, &MessageRecord<R::Message>)| {
        let is_lie = trace.lie_of(first + place as u32).is_some();
        u8::from(record.body.is_heartbeat()) | u8::from(record.copy_of != NONE) << 1 | u8::from(is_lie) << 2
    };
    table.u16("message_from", messages.iter().map(|record| record.from.0));
    table.u16("message_to", messages.iter().map(|record| record.to.0));
    table.f64("message_sent", messages.iter().map(|record| record.sent));
    table.f64("message_due", messages.iter().map(|record| record.due));
    table.u32("message_event", messages.iter().map(|record| record.event));
    table.u8("message_kind", messages.iter().map(|record| record.body.kind()));
    table.u32("message_epoch", messages.iter().map(|record| u32::try_from(record.body.epoch()).unwrap_or(u32::MAX)));
    table.u8("message_flags", messages.iter().enumerate().map(flags));
}

/// An object whose properties are columns. Setting a property of a fresh object cannot fail.
struct Table(Object);

impl Table {
    fn set(&self, name: &str, value: &JsValue) {
        let _ = Reflect::set(&self.0, &name.into(), value);
    }

    fn number(&self, name: &str, value: u32) {
        self.set(name, &value.into());
    }

    fn u8(&self, name: &str, values: impl Iterator<Item = u8>) {
        let values: Vec<u8> = values.collect();
        self.set(name, &Uint8Array::from(values.as_slice()));
    }

    fn u16(&self, name: &str, values: impl Iterator<Item = u16>) {
        let values: Vec<u16> = values.collect();
        self.set(name, &Uint16Array::from(values.as_slice()));
    }

    fn u32(&self, name: &str, values: impl Iterator<Item = u32>) {
        let values: Vec<u32> = values.collect();
        self.set(name, &Uint32Array::from(values.as_slice()));
    }

    /// Times: exact in a double up to 2^53 ticks, which is 285 years.
    fn f64(&self, name: &str, values: impl Iterator<Item = u64>) {
        let values: Vec<f64> = values.map(|value| value as f64).collect();
        self.set(name, &Float64Array::from(values.as_slice()));
    }
}
