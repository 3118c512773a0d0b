//! How many forks of a run end as it does, some forks at a time: a worker or a page may stop in between.

use super::error::PlaygroundError;
use super::js::{milliseconds, read, to_js};
use crate::process::Ticks;
use crate::scenario::parse;
use crate::search::likelihood::{self, About, AnyForks, Moment, Question, Told, Whole, plan};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LikelihoodQuestion {
    scenario: String,
    events: u32,
    outcome: String,
    #[serde(default = "moments")]
    moments: u32,
    #[serde(default = "forks")]
    forks: u32,
}

fn moments() -> u32 {
    likelihood::MOMENTS
}

fn forks() -> u32 {
    likelihood::FORKS
}

#[derive(Serialize)]
struct OutcomeView {
    outcome: String,
    sentence: String,
    event: Option<u32>,
}

#[derive(Serialize)]
struct ForkMoment {
    event: u32,
    time: Ticks,
}

#[derive(Serialize)]
struct LikelihoodPlan {
    outcome: String,
    sentence: String,
    is_so: bool,
    events: u32,
    end: Ticks,
    forks: u32,
    moments: Vec<ForkMoment>,
    order: Vec<u32>,
}

impl LikelihoodPlan {
    fn of(about: &About) -> Self {
        let About { outcome, sentence, is_so, events, end, moments, forks } = about.clone();
        let order = plan::coarse_first(moments.len()).into_iter().map(|place| place as u32).collect();
        let moments = moments.into_iter().map(|Moment { event, time }| ForkMoment { event, time }).collect();
        Self { outcome, sentence, is_so, events, end, forks, moments, order }
    }
}

#[derive(Serialize)]
struct LikelihoodReading {
    jumps: Vec<u32>,
    all_from: Option<u32>,
}

/// A run as JSON and the number of its events, which it has whatever the time.
fn whole(scenario: &str, events: u32) -> Result<Whole, PlaygroundError> {
    Ok(Whole { scenario: parse(scenario)?, until: Ticks::MAX, events })
}

/// How a run ends, what is broken first. The scenario is JSON, with all interventions.
///
/// # Errors
///
/// A `PlaygroundError` with code `scenario` that says what is wrong.
#[wasm_bindgen(unchecked_return_type = "RunOutcome[]")]
pub fn outcomes(scenario: &str, events: u32) -> Result<JsValue, JsValue> {
    let all = || -> Result<Vec<OutcomeView>, PlaygroundError> {
        let all = likelihood::outcomes(&whole(scenario, events)?)?.into_iter();
        Ok(all.map(|Told { outcome, sentence, event }| OutcomeView { outcome, sentence, event }).collect())
    };
    to_js(&all().map_err(PlaygroundError::into_js)?)
}

/// What the shares of all moments say, in the order of the moments: where they jump, and from where on all forks end so.
///
/// # Errors
///
/// Never, unless memory runs out.
#[wasm_bindgen(unchecked_return_type = "LikelihoodReading")]
pub fn read_shares(same: &[u32], forks: u32) -> Result<JsValue, JsValue> {
    let jumps = plan::jumps(same, forks).into_iter().map(|place| place as u32).collect();
    let all_from = plan::all_from(same, forks).map(|place| place as u32);
    to_js(&LikelihoodReading { jumps, all_from })
}

/// A run of which forks are made.
#[wasm_bindgen]
pub struct Likelihood(Box<dyn AnyForks>);

#[wasm_bindgen]
impl Likelihood {
    /// Prepares to fork a run, as `consensus-playground likelihood` does.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` or `scenario` that says what is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "LikelihoodQuestion")] question: JsValue,
    ) -> Result<Likelihood, JsValue> {
        let prepare = || -> Result<Likelihood, PlaygroundError> {
            let LikelihoodQuestion { scenario, events, outcome, moments, forks } = read(&question, "argument")?;
            let whole = whole(&scenario, events)?;
            Ok(Likelihood(likelihood::begin(&Question { whole, outcome, moments, forks })?))
        };
        prepare().map_err(PlaygroundError::into_js)
    }

    /// What is known before the first fork.
    ///
    /// # Errors
    ///
    /// Never, unless memory runs out.
    #[wasm_bindgen(unchecked_return_type = "LikelihoodPlan")]
    pub fn plan(&self) -> Result<JsValue, JsValue> {
        to_js(&LikelihoodPlan::of(self.0.about()))
    }

    /// Makes the forks of a moment from a number on, as many as the budget of milliseconds allows, and one at least. Gives
    /// for each whether it ends so.
    ///
    /// # Errors
    ///
    /// Never, unless memory runs out.
    #[wasm_bindgen(unchecked_return_type = "boolean[]")]
    pub fn forks(&mut self, place: u32, from: u32, budget_ms: f64) -> Result<JsValue, JsValue> {
        let start = milliseconds();
        let mut ends = Vec::new();
        for number in from..self.0.about().forks {
            ends.push(self.0.fork(place as usize, number));
            if milliseconds() - start >= budget_ms {
                break;
            }
        }
        to_js(&ends)
    }

    /// A link to a fork, its playhead where it leaves the run.
    ///
    /// # Errors
    ///
    /// If it is too large for a link.
    pub fn link(&mut self, place: u32, number: u32) -> Result<String, JsValue> {
        let link = self.0.link(place as usize, number).to_fragment();
        link.map_err(|error| PlaygroundError::new("link", error.place, error.message).into_js())
    }
}
