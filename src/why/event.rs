//! Why an event happened: the chain that led to it, and its past and future.

use super::replay::{Replay, short};
use super::speech::Explained;
use super::{RuleSaid, STEPS_MAX, listed};
use crate::process::{Catalogue as _, Message as _, NodeId};
use crate::run::causality::cone;
use crate::scenario::ScenarioError;
use crate::sim::EventRecord;
use crate::sim::trace::{InputKind, NONE, Note, flag};
use serde::Serialize;

/// So many timers of one kind in a row that each set the next are told as one step.
const IN_A_ROW: u32 = 3;

/// An event of the chain, in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// The event.
    pub event: u32,
    /// When.
    pub ticks: u64,
    /// Whose it is; "outside" for what is done to no process in particular.
    pub process: String,
    /// How it came to it, and what it came to, in a sentence without its point.
    pub sentence: String,
    /// The rules that the process followed.
    pub rules: Vec<RuleSaid>,
}

/// An event of a process.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Edge {
    /// The process.
    pub process: String,
    /// The event.
    pub event: u32,
    /// When.
    pub ticks: u64,
}

/// Why an event happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventReport {
    /// The event, in words.
    pub about: Step,
    /// The chain that led to it, oldest first, without itself.
    pub chain: Vec<Step>,
    /// So many steps of the chain before those are left out.
    pub earlier_steps: u32,
    /// Where the chain begins, if that is left out.
    pub root: Option<Step>,
    /// For each process that is in the past, its last event there: all its earlier ones are in the past, too.
    pub past: Vec<Edge>,
    /// How many events lie in the past.
    pub past_events: u32,
    /// For each process that is in the future, its first event there: all its later ones are in the future, too.
    pub future: Vec<Edge>,
    /// How many events lie in the future.
    pub future_events: u32,
    /// How many events have nothing to do with it: neither could have known of the other.
    pub concurrent_events: u32,
    /// Past and future in sentences.
    pub sentences: Vec<String>,
}

/// Why an event happened.
///
/// # Errors
///
/// If there is no such event.
pub fn explain<R: Explained>(replay: &Replay<R>, event: u32) -> Result<EventReport, ScenarioError> {
    let end = replay.run.simulation().events();
    if event >= end {
        let problem = if end == 0 {
            "the run has no events".to_owned()
        } else {
            format!("the run has {end} events, 0 to {}", end - 1)
        };
        return Err(ScenarioError::at("event", problem));
    }
    let mut chain = Vec::new();
    let (mut at, mut about) = step_back(replay, event);
    let (mut earlier_steps, mut root) = (0, None);
    about.process = replay.whose(event);
    while let Some(cause) = at {
        let (before, step) = step_back(replay, cause);
        at = before;
        if chain.len() < STEPS_MAX {
            chain.push(step);
        } else {
            earlier_steps += 1;
            root = Some(step);
        }
    }
    chain.reverse();
    Ok(with_cone(
        replay,
        event,
        end,
        EventReport {
            about,
            chain,
            earlier_steps,
            root,
            past: Vec::new(),
            past_events: 0,
            future: Vec::new(),
            future_events: 0,
            concurrent_events: 0,
            sentences: Vec::new(),
        },
    ))
}

/// An event in words, and the one that caused it. Timers in a row that each set the next are one step.
fn step_back<R: Explained>(replay: &Replay<R>, event: u32) -> (Option<u32>, Step) {
    let mut cause = replay.cause(event);
    let mut sentence = replay.sentence(event);
    let is_same = |one: u32, other: u32| match (replay.record(one), replay.record(other)) {
        (Some(one), Some(other)) => {
            one.input == InputKind::Timer
                && other.input == InputKind::Timer
                && (one.node, one.detail) == (other.node, other.detail)
        }
        _ => false,
    };
    let (mut first, mut times) = (event, 1);
    while let Some(before) = replay.cause(first).filter(|&before| is_same(first, before)) {
        (first, times) = (before, times + 1);
    }
    if times >= IN_A_ROW {
        cause = replay.cause(first);
        sentence
            .push_str(&format!("; each time it ran out it was set again, {times} times since {}", replay.at(first)));
    }
    let record = replay.record(event);
    let step = Step {
        event,
        ticks: replay.time(event),
        process: replay.whose(event),
        sentence,
        rules: record.map(|record| replay.rules(record)).unwrap_or_default(),
    };
    (cause, step)
}

fn with_cone<R: Explained>(replay: &Replay<R>, event: u32, end: u32, report: EventReport) -> EventReport {
    let world = replay.run.simulation().world();
    let trace = replay.run.simulation().trace();
    let processes = world.processes();
    let cone = cone(trace, processes, event, end);
    let edge = |(node, event): (NodeId, &Option<u32>)| {
        event.map(|event| Edge { process: replay.name(node), event, ticks: replay.time(event) })
    };
    let past: Vec<Edge> = (0..).map(NodeId).zip(&cone.past).filter_map(edge).collect();
    let future: Vec<Edge> = (0..).map(NodeId).zip(&cone.future).filter_map(edge).collect();
    let (mut past_events, mut future_events) = (0, 0);
    for (other, record) in (0..end).zip(&trace.events).filter(|(other, _)| *other != event) {
        past_events += u32::from(cone.is_past(record.node, other));
        future_events += u32::from(cone.is_future(record.node, other));
    }
    let own = &report.about.process;
    let of = |edges: &[Edge], words: &str| {
        let others = edges.iter().filter(|edge| edge.process != *own);
        let told = |edge: &Edge| format!("{} {words} {}", edge.process, replay.at(edge.event));
        others.map(told).collect::<Vec<String>>()
    };
    let unheard: Vec<String> = (0..processes)
        .map(NodeId)
        .filter(|node| cone.past[node.index()].is_none())
        .map(|node| replay.name(node))
        .collect();
    let concurrent_events = end - 1 - past_events - future_events;
    let mut sentences = Vec::new();
    if past.is_empty() {
        sentences.push("no process handled it: it lies in nobody's past or future".to_owned());
    } else {
        let (known, later) = (of(&past, "up to"), of(&future, "from"));
        sentences.push(format!(
            "it could know of {past_events} of the {event} earlier events{}{}",
            if known.is_empty() { String::new() } else { format!(": {}", listed(&known)) },
            if unheard.is_empty() { String::new() } else { format!("; it could know nothing of {}", listed(&unheard)) }
        ));
        sentences.push(match end - 1 - event {
            0 => "it is the last event of the run".to_owned(),
            after => {
                let who = if later.is_empty() { String::new() } else { format!(": {}", listed(&later)) };
                format!("{future_events} of the {after} later events could know of it{who}")
            }
        });
        let concurrent = match concurrent_events {
            1 => "1 event is".to_owned(),
            many => format!("{many} events are"),
        };
        sentences.push(format!("{concurrent} concurrent with it: neither could know of the other"));
    }
    EventReport { past, past_events, future, future_events, concurrent_events, sentences, ..report }
}

impl<R: Explained> Replay<R> {
    /// The name of the process of an event.
    pub(super) fn whose(&self, event: u32) -> String {
        match self.record(event).map(|record| record.node) {
            None | Some(u16::MAX) => "outside".to_owned(),
            Some(node) => self.name(NodeId(node)),
        }
    }

    /// An event in a sentence: how the process came to it, and what it came to.
    pub(super) fn sentence(&self, event: u32) -> String {
        let Some(record) = self.record(event) else { return String::new() };
        let mut sentence = self.came(event, record);
        let trace = self.run.simulation().trace();
        if record.flags & flag::ROLE_CHANGED != 0 && record.node < self.replicas() {
            let (role, epoch) = (self.run.role_name(record), R::stage_text(u64::from(record.epoch)));
            sentence.push_str(&format!("; from now on it is {role} in {epoch}"));
        }
        // Only an event with such a rule completes a quorum: to look for one takes a while.
        let completes = trace.rules_of(record).any(|code| R::QUORUMS.iter().any(|quorum| quorum.rule.code() == code));
        let quorum = if completes { self.run.quorum_of(event) } else { Vec::new() };
        let counted: Vec<String> = quorum
            .into_iter()
            .filter(|&message| message != record.cause)
            .filter_map(|message| {
                let from = trace.messages.get(message as usize)?.from;
                Some(format!("{} (event {})", self.name(from), self.handled(message)?))
            })
            .collect();
        if !counted.is_empty() {
            sentence.push_str(&format!("; it counts together with what came from {}", listed(&counted)));
        }
        for told in self.run.reports_in(record) {
            sentence.push_str(&format!("; {told}"));
        }
        for note in trace.notes_of(record) {
            if let Note::Violation(violation) = note
                && let Some(violation) = trace.violations.get(*violation as usize)
            {
                sentence.push_str(&format!("; what must not happen: {}", violation.sentence));
            }
        }
        sentence
    }

    fn came(&self, event: u32, record: &EventRecord) -> String {
        let trace = self.run.simulation().trace();
        let whose = self.whose(event);
        match record.input {
            InputKind::Message => {
                let Some(message) = trace.messages.get(record.cause as usize) else { return String::new() };
                let mut sentence =
                    format!("{whose} got {}, sent at {}", self.run.title(record), self.at(message.event));
                if message.from == message.to {
                    sentence = format!("{whose} got what it said to itself: {}", message.body.label());
                } else if message.sent > self.time(message.event) && message.copy_of == NONE {
                    let from = self.name(message.from);
                    sentence.push_str(&format!(", which left {from} at {}: its disk came first", short(message.sent)));
                }
                if message.copy_of != NONE {
                    sentence.push_str("; this is a second copy of it");
                }
                if let Some(lie) = trace.lie_of(record.cause) {
                    sentence.push_str(&format!("; {}", self.run.lie_text(lie)));
                }
                sentence
            }
            InputKind::Timer => {
                let title = self.run.title(record);
                if record.cause == NONE {
                    return format!("the {title} of {whose} ran out");
                }
                let (set, waited) = (self.at(record.cause), record.time.saturating_sub(self.time(record.cause)));
                format!("the {title} of {whose} ran out: it was set at {set}, {} before, and not since", short(waited))
            }
            InputKind::Persisted => match self.cause(event) {
                Some(write) => format!("{whose} was told that what it wrote at {} is on its disk", self.at(write)),
                None => format!("{whose} was told that what it wrote is on its disk"),
            },
            InputKind::Start if record.cause == NONE => format!("{whose} started"),
            InputKind::Start => format!("{whose} started again"),
            InputKind::Intervention if record.detail == crate::sim::trace::STRUCK => {
                format!("the crash of {whose} that was ordered struck")
            }
            InputKind::Intervention => format!("from outside: {}", self.run.title(record)),
            InputKind::Invoke => format!("{whose} {}", self.run.title(record)),
        }
    }
}
