//! Why something happened in a run, or did not: for the inspector and the diagram.

use super::error::PlaygroundError;
use super::js::{read, to_js};
use crate::process::{NodeId, Ticks};
use crate::scenario::{Scenario, parse};
use crate::sim::process_name;
use crate::why::any::{Question, Report, why};
use crate::why::event::{Edge, EventReport, Step};
use crate::why::{Fact, Whole};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// So many steps are shown, the others counted: more find no place beside a drawing.
const STEPS_SHOWN: usize = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhyQuestion {
    scenario: String,
    events: u32,
    what: String,
    of: String,
}

#[derive(Serialize)]
struct WhyStep {
    event: Option<u32>,
    sentence: String,
}

#[derive(Serialize)]
struct WhyAnswer {
    sentence: String,
    steps: Vec<WhyStep>,
    left_out: u32,
    past: Vec<Option<u32>>,
    future: Vec<Option<u32>>,
}

/// Makes a run again, and says why. The scenario is JSON, with all interventions; what is asked about is an event by its number, an
/// operation such as c1.3, or a server that does not lead.
///
/// # Errors
///
/// A `PlaygroundError` with code `argument` or `scenario` that says what is wrong.
#[wasm_bindgen(unchecked_return_type = "WhyAnswer")]
pub fn why_of_run(#[wasm_bindgen(unchecked_param_type = "WhyQuestion")] question: JsValue) -> Result<JsValue, JsValue> {
    let answered = || -> Result<WhyAnswer, PlaygroundError> {
        let WhyQuestion { scenario, events, what, of } = read(&question, "argument")?;
        let wrong = |message: &str| PlaygroundError::new("argument", "what", message);
        let question = match what.as_str() {
            "event" => Question::Event(of.parse().map_err(|_| wrong("an event is a whole number"))?),
            "operation" => Question::Operation(of),
            "leader" => Question::Leader(of),
            _ => return Err(wrong("one of event, operation, leader")),
        };
        let whole = Whole { scenario: parse(&scenario)?, until: Ticks::MAX, events };
        let report = why(&whole, &question)?;
        Ok(match report {
            Report::Event(report) => of_event(&whole.scenario, report),
            Report::Operation(report) => {
                let facts = report.waits.into_iter().chain(report.entry).chain(report.attempts).collect();
                of_facts(report.sentence, facts, report.more + report.more_attempts)
            }
            Report::Leader(report) => {
                let bid = report.bids.into_iter().next_back();
                let more = bid.as_ref().map_or(0, |bid| bid.more);
                let facts = bid.into_iter().flat_map(|bid| bid.facts).chain(report.facts).collect();
                of_facts(report.sentence, facts, more)
            }
        })
    };
    to_js(&answered().map_err(PlaygroundError::into_js)?)
}

fn of_facts(sentence: String, facts: Vec<Fact>, more: u32) -> WhyAnswer {
    let left_out = more + facts.len().saturating_sub(STEPS_SHOWN) as u32;
    let step = |Fact { sentence, event, .. }: Fact| WhyStep { event, sentence };
    let steps = facts.into_iter().take(STEPS_SHOWN).map(step).collect();
    WhyAnswer { sentence, steps, left_out, past: Vec::new(), future: Vec::new() }
}

fn of_event(scenario: &Scenario, report: EventReport) -> WhyAnswer {
    let EventReport { about, mut chain, earlier_steps, past, future, sentences, .. } = report;
    chain.push(about);
    let left_out = earlier_steps + chain.len().saturating_sub(STEPS_SHOWN) as u32;
    chain.drain(..chain.len().saturating_sub(STEPS_SHOWN));
    let processes = scenario.replicas + scenario.clients;
    let names = (0..processes).map(|process| process_name(scenario.replicas as u16, NodeId(process as u16)));
    let names: Vec<String> = names.collect();
    let edges = |edges: &[Edge]| {
        let of = |name: &String| edges.iter().find(|edge| edge.process == *name).map(|edge| edge.event);
        names.iter().map(of).collect()
    };
    WhyAnswer {
        sentence: sentences.join("; "),
        steps: chain.into_iter().map(with_rules).collect(),
        left_out,
        past: edges(&past),
        future: edges(&future),
    }
}

fn with_rules(step: Step) -> WhyStep {
    let rules: Vec<String> = step.rules.iter().map(|rule| format!("{} ({})", rule.text, rule.source)).collect();
    WhyStep { event: Some(step.event), sentence: [vec![step.sentence], rules].concat().join(". ") }
}
