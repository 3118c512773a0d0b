//! A run as text: one line for each event, made to be read and to be compared.
//!
//! ```text
//!    0.181628 n1  election timer · election-timeout pre-vote-requested → n2 would you vote?, n3 would you vote?
//! ```
//!
//! Seconds, the process, what it handled, the rules that fired, what it sent, and what clients began and ended.

use super::Run;
use crate::check::Watched;
use crate::kv::client::{ClientRule, ClientTimer};
use crate::kv::{Client, ClientReport, Ending};
use crate::process::{Catalogue, MILLISECOND, Message, NodeId, Process, SECOND, Ticks, Timer};
use crate::sim::faults::Altered;
use crate::sim::trace::{Lie, LieRecord, NONE};
use crate::sim::{EventRecord, InputKind, Note};
use std::fmt::Write;

/// Ticks as seconds, to the tick.
pub fn seconds(ticks: Ticks) -> String {
    format!("{}.{:06}", ticks / 1_000_000, ticks % 1_000_000)
}

/// Ticks as seconds, down to the millisecond.
pub fn short_seconds(ticks: Ticks) -> String {
    format!("{}.{:03}", ticks / SECOND, ticks % SECOND / MILLISECOND)
}

impl<R: Watched> Run<R> {
    fn name(&self, node: NodeId) -> String {
        self.simulation.world().name(node)
    }

    /// What an event handled, in a few words.
    pub fn title(&self, event: &EventRecord) -> String {
        let is_replica = event.node < self.simulation.world().setup().replicas;
        let body = self.simulation.trace().messages.get(event.cause as usize);
        match event.input {
            InputKind::Start => "starts".to_owned(),
            InputKind::Persisted => "is told that its write is on disk".to_owned(),
            InputKind::Timer => {
                let kinds = if is_replica { <R::Timer as Timer>::KINDS } else { ClientTimer::KINDS };
                format!("{} timer", kinds.get(usize::from(event.detail)).copied().unwrap_or_default())
            }
            InputKind::Message => body.map_or_else(String::new, |record| {
                let kind =
                    <R::Message as Message>::KINDS.get(usize::from(record.body.kind())).copied().unwrap_or_default();
                format!("{kind} from {}: {}", self.name(record.from), record.body.label())
            }),
            InputKind::Intervention => {
                self.simulation.interventions().get(event.cause as usize).map_or_else(String::new, |intervention| {
                    intervention.action.describe(&|node| self.name(node)).to_string()
                })
            }
            InputKind::Invoke => {
                let asked = self.simulation.trace().messages.get(event.first_message as usize);
                let by = if event.cause == NONE { "the workload" } else { "hand" };
                format!("is asked by {by}: {}", asked.map_or_else(String::new, |record| record.body.label()))
            }
        }
    }

    /// The names of the rules that fired in an event.
    pub fn rule_names(&self, event: &EventRecord) -> Vec<&'static str> {
        let is_replica = event.node < self.simulation.world().setup().replicas;
        let name = |code: u8| {
            if is_replica {
                <R::Rule as Catalogue>::ALL.get(usize::from(code)).map(|rule| rule.name())
            } else {
                ClientRule::ALL.get(usize::from(code)).map(|rule| rule.name())
            }
        };
        self.simulation.trace().rules_of(event).filter_map(name).collect()
    }

    /// What a client began or ended in an event, in words.
    pub fn reports_in(&self, event: &EventRecord) -> Vec<String> {
        let trace = self.simulation.trace();
        let told = |note: &Note| match note {
            Note::Report(report) => trace.reports.get(*report as usize).map(|record| report_text(&record.report)),
            _ => None,
        };
        trace.notes_of(event).iter().filter_map(told).collect()
    }

    /// One line for an event.
    pub fn transcript_line(&self, index: u32) -> String {
        let trace = self.simulation.trace();
        let Some(event) = trace.events.get(index as usize) else { return String::new() };
        let who = if event.node == u16::MAX { "-".to_owned() } else { self.name(NodeId(event.node)) };
        let mut line = format!("{:>12} {who:<3} {}", seconds(event.time), self.title(event));
        let rules = self.rule_names(event);
        if !rules.is_empty() {
            let _ = write!(line, " · {}", rules.join(" "));
        }
        let sent: Vec<String> = event
            .sent()
            .filter_map(|message| trace.messages.get(message as usize))
            .filter(|record| record.from != record.to)
            .map(|record| format!("{} {}", self.name(record.to), record.body.label()))
            .collect();
        if !sent.is_empty() {
            let _ = write!(line, " → {}", sent.join(", "));
        }
        for note in trace.notes_of(event) {
            match note {
                Note::Report(report) => {
                    if let Some(record) = trace.reports.get(*report as usize) {
                        let _ = write!(line, " · {}", report_text(&record.report));
                    }
                }
                Note::Violation(violation) => {
                    if let Some(record) = trace.violations.get(*violation as usize) {
                        let _ = write!(line, " · VIOLATION: {}", record.sentence);
                    }
                }
                Note::Lie(lie) => {
                    if let Some(record) = trace.lies.get(*lie as usize) {
                        let _ = write!(line, " · {}", self.lie_text(record));
                    }
                }
                _ => {}
            }
        }
        line
    }

    /// What a liar did to a message, with both faces where there are two.
    pub fn lie_text(&self, record: &LieRecord<R::Message>) -> String {
        let message = self.simulation.trace().messages.get(record.message as usize);
        let (to, said) = message.map_or_else(Default::default, |message| (self.name(message.to), message.body.label()));
        let meant = record.honest.as_ref().map_or_else(String::new, |honest| format!(", not {}", honest.label()));
        match record.lie {
            Lie::Altered(how) => format!("LIE to {to}: {said}{meant} ({})", Altered(how)),
            Lie::Added(how) => format!("LIE to {to} besides: {said} ({})", Altered(how)),
            Lie::Withheld => format!("WITHHELD from {to}: {said}"),
            Lie::Delayed(by) => format!("LATE to {to} by {} s: {said}", seconds(by)),
            Lie::Replayed => format!("SAID AGAIN to {to}: {said}"),
        }
    }

    /// The lines of a range of events.
    pub fn transcript(&self, events: std::ops::Range<u32>) -> String {
        let end = events.end.min(self.simulation.events());
        (events.start..end).fold(String::new(), |mut text, event| {
            text.push_str(&self.transcript_line(event));
            text.push('\n');
            text
        })
    }

    /// The names of a replica's or client's roles.
    pub fn role_name(&self, event: &EventRecord) -> &'static str {
        let is_replica = event.node < self.simulation.world().setup().replicas;
        let roles = if is_replica { R::ROLES } else { Client::<R::Message>::ROLES };
        roles.get(usize::from(event.role)).copied().unwrap_or_default()
    }
}

fn report_text(report: &ClientReport) -> String {
    match report {
        ClientReport::Invoked { command, .. } => format!("begins {command}"),
        ClientReport::Completed { ending: Ending::Ok(answer), .. } => format!("ends: {answer}"),
        ClientReport::Completed { ending: Ending::Failed, .. } => "ends: failed".to_owned(),
        ClientReport::Completed { ending: Ending::Unknown, .. } => "ends: unknown".to_owned(),
    }
}
