//! Small strict readers: what a tool allows in what we write, and nothing more. Each panics at what it does not know.

use std::collections::{BTreeMap, BTreeSet};

use consensus_playground::export::shiviz::REGULAR_EXPRESSION;
use serde_json::Value;

/// Reads a sequence diagram of Mermaid's. Gives how many messages and notes it has.
pub fn mermaid(text: &str) -> (usize, usize) {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("sequenceDiagram"));
    let mut participants = BTreeSet::new();
    let (mut messages, mut notes) = (0, 0);
    for line in lines {
        let line = line.strip_prefix("  ").unwrap_or_else(|| panic!("{line}"));
        if let Some(name) = line.strip_prefix("participant ") {
            assert!(messages + notes == 0 && is_name(name) && participants.insert(name), "{line}");
        } else if let Some(comment) = line.strip_prefix("%% ") {
            assert!(!comment.contains('{'), "{line}");
        } else if let Some(note) = line.strip_prefix("note over ") {
            let (over, label) = note.split_once(": ").unwrap();
            let over: Vec<&str> = over.split(',').collect();
            assert!(over.len() <= 2 && over.iter().all(|name| participants.contains(name)), "{line}");
            mermaid_label(label);
            notes += 1;
        } else {
            let (between, label) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            let (from, to) = between.split_once("->>").or_else(|| between.split_once("-x")).unwrap();
            assert!(from != to && participants.contains(from) && participants.contains(to), "{line}");
            mermaid_label(label);
            messages += 1;
        }
    }
    (messages, notes)
}

/// A label ends at a `;` or the end of the line, and `#` begins a code; nothing else in it may mean something.
fn mermaid_label(label: &str) {
    let mut rest = label.chars();
    while let Some(character) = rest.next() {
        if character == '#' {
            let digits: String = rest.by_ref().take_while(|next| *next != ';').collect();
            assert!(!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()), "{label}");
        } else {
            assert!(character.is_alphanumeric() || " ,.?!=+-_/()…".contains(character), "{character:?} in {label}");
        }
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(['n', 'c']) && name[1..].parse::<u16>().is_ok()
}

/// Reads a log of ShiViz' with its own rules for clocks. Gives how many events it has.
pub fn shiviz(text: &str) -> usize {
    let log = text.strip_prefix(&format!("{REGULAR_EXPRESSION}\n\n")).unwrap();
    // The point of a regular expression in JavaScript matches no end of a line, of which there are four.
    assert!(!log.contains(['\r', '\u{2028}', '\u{2029}']));
    let lines: Vec<&str> = log.lines().collect();
    let mut reached: BTreeMap<String, u64> = BTreeMap::new();
    for pair in lines.chunks(2) {
        let [event, host_and_clock] = pair else { panic!("{pair:?}") };
        assert!(!event.is_empty());
        let (host, clock) = host_and_clock.split_once(' ').unwrap();
        assert!(host == "outside" || is_name(host), "{host}");
        let clock: BTreeMap<String, u64> = serde_json::from_str(clock).unwrap();
        let own = reached.entry(host.to_owned()).or_default();
        *own += 1;
        assert_eq!(clock[host], *own, "each event counts one for its host: {host_and_clock}");
        for (other, count) in &clock {
            assert!(*count > 0 && reached.get(other).is_some_and(|reached| count <= reached), "{host_and_clock}");
        }
    }
    lines.len() / 2
}

/// Reads a trace in ITF (Apalache's ADR-015). Gives how many states it has.
pub fn itf(text: &str) -> usize {
    let document: Value = serde_json::from_str(text).unwrap();
    let fields: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["#meta", "states", "vars"]);
    assert_eq!(document["#meta"]["format"], "ITF");
    let variables: BTreeSet<&str> =
        document["vars"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let states = document["states"].as_array().unwrap();
    for (index, state) in states.iter().enumerate() {
        let state = state.as_object().unwrap();
        assert_eq!(state["#meta"]["index"], index);
        let named: BTreeSet<&str> = state.keys().map(String::as_str).filter(|name| *name != "#meta").collect();
        assert_eq!(named, variables);
        state.iter().filter(|(name, _)| *name != "#meta").for_each(|(_, value)| itf_value(value));
    }
    states.len()
}

/// A value: a string, a truth value, a list, a record, or one of the objects that stand for what JSON has not.
fn itf_value(value: &Value) {
    match value {
        Value::String(_) | Value::Bool(_) => {}
        Value::Array(items) => items.iter().for_each(itf_value),
        Value::Object(fields) => match fields.iter().next() {
            Some((name, inner)) if name.starts_with('#') => {
                assert_eq!(fields.len(), 1, "{value}");
                itf_special(name, inner);
            }
            _ => {
                assert!(fields.keys().all(|name| !name.starts_with('#')), "{value}");
                fields.values().for_each(itf_value);
            }
        },
        Value::Number(_) | Value::Null => panic!("{value}: no value in ITF, as we write it"),
    }
}

fn itf_special(name: &str, inner: &Value) {
    match name {
        "#bigint" => {
            let digits = inner.as_str().unwrap();
            assert!(digits.parse::<i128>().is_ok(), "{digits}");
        }
        "#set" => {
            let items = inner.as_array().unwrap();
            let distinct: BTreeSet<String> = items.iter().map(ToString::to_string).collect();
            assert_eq!(distinct.len(), items.len(), "a set has each element once");
            items.iter().for_each(itf_value);
        }
        "#map" => {
            let pairs: Vec<&[Value]> =
                inner.as_array().unwrap().iter().map(|pair| &pair.as_array().unwrap()[..]).collect();
            let keys: BTreeSet<String> = pairs.iter().map(|pair| pair[0].to_string()).collect();
            assert_eq!(keys.len(), pairs.len(), "a map has each key once: {inner}");
            assert!(pairs.iter().all(|pair| pair.len() == 2));
            pairs.iter().flat_map(|pair| pair.iter()).for_each(itf_value);
        }
        _ => panic!("{name}: not in ITF"),
    }
}
