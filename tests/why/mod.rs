//! Why: what led to an event, what an operation waits for, why a server does not lead.

mod causality;
mod command;
mod leaders;
mod operations;

use consensus_playground::process::MILLISECOND;
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::TicksRange;
use consensus_playground::why::any::{Question, Report, why};
use consensus_playground::why::{Fact, Kind, Whole};
use std::fmt::Write;

pub fn until(scenario: Scenario, milliseconds: u64) -> Whole {
    Whole { scenario, until: milliseconds * MILLISECOND, events: u32::MAX }
}

/// A cluster of any protocol in which every message takes 10 ms and clients do what they are told to.
pub fn quiet(protocol: &str, replicas: u32) -> Scenario {
    let mut scenario = Scenario { replicas, clients: 1, ..Scenario::of(protocol) };
    scenario.workload.operations_per_client = Some(0);
    scenario.network.latency_ticks = TicksRange::new(10 * MILLISECOND, 10 * MILLISECOND);
    scenario
}

/// An answer as text: sentences, each fact with a sign for what is known.
pub fn told(whole: &Whole, question: &Question) -> String {
    let mut text = String::new();
    match why(whole, question).unwrap() {
        Report::Event(report) => {
            for step in report.chain.iter().chain([&report.about]) {
                let rules: Vec<&str> = step.rules.iter().map(|rule| rule.name).collect();
                writeln!(text, "{}: {} [{}]", step.event, step.sentence, rules.join(" ")).unwrap();
            }
            for sentence in report.sentences {
                writeln!(text, "{sentence}").unwrap();
            }
        }
        Report::Operation(report) => {
            writeln!(text, "{} (took effect: {:?})", report.sentence, report.took_effect).unwrap();
            for (title, facts) in [("attempts", report.attempts), ("entry", report.entry), ("waits", report.waits)] {
                facts_told(&mut text, title, &facts);
            }
        }
        Report::Leader(report) => {
            writeln!(text, "{} (leads: {})", report.sentence, report.leads).unwrap();
            for bid in &report.bids {
                facts_told(&mut text, &bid.sentence, &bid.facts);
            }
            facts_told(&mut text, "besides", &report.facts);
        }
    }
    text
}

fn facts_told(text: &mut String, title: &str, facts: &[Fact]) {
    if !facts.is_empty() {
        writeln!(text, "{title}:").unwrap();
    }
    for fact in facts {
        let sign = match fact.kind {
            Kind::Happened => '+',
            Kind::DidNotHappen => '-',
            Kind::NotKnown => '?',
        };
        writeln!(text, "  {sign} {}", fact.sentence).unwrap();
    }
}

pub fn operation(name: &str) -> Question {
    Question::Operation(name.to_owned())
}

pub fn leader(name: &str) -> Question {
    Question::Leader(name.to_owned())
}
