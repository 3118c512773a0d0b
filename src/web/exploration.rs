//! A search of all states of a model, in small advances: a worker or a page calls [`Exploration::advance`] again and
//! again, and may stop at any time.

use super::error::PlaygroundError;
use super::js::{read, to_js};
use crate::process::NodeId;
use crate::search::explore::{Ended, Limits, Outcome, PathReport, Progress, PropertyReport, Report, StepReport};
use crate::search::models::{self, Entry, MODELS, Search, Switch};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Most states that one call expands, so that it returns promptly whatever it is asked.
const STATES_PER_CALL_MAX: u32 = 50_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    mutations: Vec<String>,
    states_max: u32,
    depth_max: u32,
    memory_bytes_max: u64,
    beyond_failure: bool,
}

impl Default for Options {
    fn default() -> Self {
        let Limits { states_max, depth_max, memory_bytes_max, beyond_failure } = Limits::default();
        Self { mutations: Vec::new(), states_max, depth_max, memory_bytes_max, beyond_failure }
    }
}

#[derive(Serialize)]
struct ModelView {
    name: &'static str,
    text: &'static str,
    protocol: Option<&'static str>,
    mutations: Vec<SwitchView>,
}

#[derive(Serialize)]
struct SwitchView {
    name: &'static str,
    text: &'static str,
    source: &'static str,
    shown: bool,
}

impl ModelView {
    fn of(model: &Entry) -> Self {
        let switch = |Switch { name, text, source }: Switch| SwitchView {
            name,
            text,
            source,
            shown: model.shows.contains(&name),
        };
        let mutations = (model.mutations)().into_iter().map(switch).collect();
        Self { name: model.name, text: model.text, protocol: model.protocol, mutations }
    }
}

#[derive(Serialize)]
struct ProgressView {
    states: u32,
    expanded: u32,
    transitions: u64,
    out_of_bounds: u64,
    depth: u32,
    frontier: u32,
    visited_bytes: u64,
    frontier_bytes: u64,
    shared_bytes: u64,
    ended: Option<&'static str>,
}

impl ProgressView {
    fn of(progress: &Progress) -> Self {
        let ended = progress.ended.map(|ended| match ended {
            Ended::Exhausted => "exhausted",
            Ended::Failed => "failed",
            Ended::StatesCap => "states cap",
            Ended::DepthCap => "depth cap",
            Ended::MemoryCap => "memory cap",
            Ended::Cancelled => "cancelled",
        });
        Self {
            states: progress.states,
            expanded: progress.expanded,
            transitions: progress.transitions,
            out_of_bounds: progress.out_of_bounds,
            depth: progress.depth,
            frontier: progress.queue,
            visited_bytes: progress.visited_bytes,
            frontier_bytes: progress.queue_bytes,
            shared_bytes: progress.shared_bytes,
            ended,
        }
    }
}

#[derive(Serialize)]
struct StepView {
    kind: &'static str,
    node: Option<u16>,
    from: Option<u16>,
    text: String,
    after: Vec<String>,
}

#[derive(Serialize)]
struct PathView {
    start: Vec<String>,
    steps: Vec<StepView>,
}

impl PathView {
    fn of(path: PathReport) -> Self {
        let place = |node: Option<NodeId>| node.map(|node| node.0);
        let step = |StepReport { view, after }| StepView {
            kind: view.kind,
            node: place(view.node),
            from: place(view.from),
            text: view.text,
            after,
        };
        Self { start: path.start, steps: path.steps.into_iter().map(step).collect() }
    }
}

#[derive(Serialize)]
struct PropertyView {
    name: &'static str,
    sentence: &'static str,
    kind: &'static str,
    outcome: &'static str,
    line: String,
    path: Option<PathView>,
}

impl PropertyView {
    fn of(property: PropertyReport) -> Self {
        Self {
            line: property.line(),
            name: property.name,
            sentence: property.sentence,
            kind: property.kind.name(),
            outcome: match property.outcome {
                Outcome::NotBroken => "not broken",
                Outcome::Broken => "broken",
                Outcome::Reached => "reached",
                Outcome::NotYetReached => "not yet reached",
                Outcome::OutOfReach => "out of reach",
            },
            path: property.path.map(PathView::of),
        }
    }
}

#[derive(Serialize)]
struct ReportView {
    bounds: Vec<String>,
    properties: Vec<PropertyView>,
    progress: ProgressView,
    ending: String,
    covered: String,
    failed: bool,
}

impl ReportView {
    fn of(report: Report) -> Self {
        Self {
            ending: report.ending(),
            covered: report.covered(),
            failed: report.has_failure(),
            progress: ProgressView::of(&report.progress),
            bounds: report.bounds,
            properties: report.properties.into_iter().map(PropertyView::of).collect(),
        }
    }
}

/// All that can be explored, with the rules that can be switched off.
///
/// # Errors
///
/// Never, unless memory runs out.
#[wasm_bindgen(unchecked_return_type = "ExplorationModel[]")]
pub fn models() -> Result<JsValue, JsValue> {
    to_js(&MODELS.iter().map(ModelView::of).collect::<Vec<_>>())
}

/// A search of all states of a model.
#[wasm_bindgen]
pub struct Exploration {
    search: Box<dyn Search>,
}

#[wasm_bindgen]
impl Exploration {
    /// Begins to explore a model, with some rules switched off and some limits.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` that says what is wrong: there is no such model, or no such rule.
    #[wasm_bindgen(constructor)]
    pub fn new(
        model: &str,
        #[wasm_bindgen(unchecked_param_type = "ExplorationOptions")] options: JsValue,
    ) -> Result<Exploration, JsValue> {
        let begin = || -> Result<Exploration, PlaygroundError> {
            let Options { mutations, states_max, depth_max, memory_bytes_max, beyond_failure } =
                if options.is_undefined() { Options::default() } else { read(&options, "argument")? };
            let limits = Limits { states_max, depth_max, memory_bytes_max, beyond_failure };
            let search = models::begin(model, &mutations, limits);
            Ok(Exploration { search: search.map_err(|error| PlaygroundError::new("argument", "", error.to_string()))? })
        };
        begin().map_err(PlaygroundError::into_js)
    }

    /// Expands at most so many states, and at most 50,000, and says how far it is. Once the search has ended, nothing
    /// happens.
    ///
    /// # Errors
    ///
    /// Never, unless memory runs out; so it is with all that have no section of errors here.
    #[wasm_bindgen(unchecked_return_type = "ExplorationProgress")]
    pub fn advance(&mut self, states: u32) -> Result<JsValue, JsValue> {
        to_js(&ProgressView::of(&self.search.advance(states.min(STATES_PER_CALL_MAX))))
    }

    /// Ends the search. What it has found stays.
    pub fn cancel(&mut self) {
        self.search.cancel();
    }

    /// What it has come to: what was covered, and each property with the shortest path that decides it.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "ExplorationReport")]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        to_js(&ReportView::of(self.search.report()))
    }

    /// The path that decides a property as a scenario that a simulation can run; null if it is not decided, or the
    /// model has no runs.
    ///
    /// # Errors
    ///
    /// If the run parts from the path, which would be a defect of the engine.
    #[wasm_bindgen(unchecked_return_type = "Scenario | null")]
    pub fn scenario(&self, property: &str) -> Result<JsValue, JsValue> {
        match self.search.replay(property) {
            None => Ok(JsValue::NULL),
            Some(Ok(replay)) => to_js(&replay.scenario),
            Some(Err(error)) => Err(PlaygroundError::new("defect", "", error.to_string()).into_js()),
        }
    }
}
