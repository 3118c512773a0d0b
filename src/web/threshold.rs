//! The threshold, tried out in small advances: a page or a worker calls [`Threshold::advance`] again and again, and may
//! stop at any time.

use super::error::PlaygroundError;
use super::js::{milliseconds, read, to_js};
use crate::scenario::Scenario;
use crate::search::threshold::{self, Question, Shown};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    n: u32,
    f: u32,
    q: u32,
    seeds: u32,
    #[serde(default)]
    first_seed: u32,
}

#[derive(Serialize)]
struct ShownView<'a> {
    seed: u64,
    sentence: &'a str,
    event: u32,
    events: u32,
    scenario: &'a Scenario,
}

impl<'a> ShownView<'a> {
    fn of(shown: &'a Shown) -> Self {
        let Shown { seed, event, sentence, scenario, events, .. } = shown;
        Self { seed: *seed, sentence, event: *event, events: *events, scenario }
    }
}

#[derive(Serialize)]
struct ThresholdView<'a> {
    n: u32,
    f: u32,
    q: u32,
    shared: u32,
    shares_honest: bool,
    honest_suffice: bool,
    seeds: u32,
    seeds_done: u64,
    events: u64,
    disagreements: u64,
    stalls: u64,
    others: u64,
    broken: Option<ShownView<'a>>,
    stalled: Option<ShownView<'a>>,
    ended: bool,
}

/// PBFT with n replicas, f liars and quorums of q, tried in many runs.
#[wasm_bindgen]
pub struct Threshold {
    search: threshold::Threshold,
    seeds: u32,
}

#[wasm_bindgen]
impl Threshold {
    /// Begins to try.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` if a number is missing, or code `scenario` if there are no such
    /// replicas: says which number is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "ThresholdQuestion")] question: JsValue,
    ) -> Result<Threshold, JsValue> {
        let begin = || -> Result<Threshold, PlaygroundError> {
            let Asked { n, f, q, seeds, first_seed } = read(&question, "argument")?;
            let question = Question { replicas: n, faults: f, quorum: q };
            Ok(Threshold { search: threshold::Threshold::new(question, u64::from(first_seed))?, seeds })
        };
        begin().map_err(PlaygroundError::into_js)
    }

    /// Tries one seed, and more as long as the budget of milliseconds allows, and says what was seen so far. Once all
    /// are done, nothing happens.
    ///
    /// # Errors
    ///
    /// Never, unless memory runs out.
    #[wasm_bindgen(unchecked_return_type = "ThresholdReport")]
    pub fn advance(&mut self, budget_ms: f64) -> Result<JsValue, JsValue> {
        let start = milliseconds();
        while !self.ended() {
            self.search.advance().map_err(|error| PlaygroundError::from(error).into_js())?;
            if milliseconds() - start >= budget_ms {
                break;
            }
        }
        self.report()
    }

    /// What was seen so far.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "ThresholdReport")]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        let (question, seen) = (self.search.question(), self.search.seen());
        to_js(&ThresholdView {
            n: question.replicas,
            f: question.faults,
            q: question.quorum,
            shared: question.shared(),
            shares_honest: question.shares_honest(),
            honest_suffice: question.honest_suffice(),
            seeds: self.seeds,
            seeds_done: seen.seeds,
            events: seen.events,
            disagreements: seen.disagreements,
            stalls: seen.stalls,
            others: seen.others,
            broken: seen.disagreement.as_ref().map(ShownView::of),
            stalled: seen.stall.as_ref().map(ShownView::of),
            ended: self.ended(),
        })
    }

    fn ended(&self) -> bool {
        self.search.seen().seeds >= u64::from(self.seeds)
    }
}
