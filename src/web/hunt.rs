//! A hunt, a few seeds at a time, and the failure that it found made smaller, a few tries at a time: a worker or a page
//! may stop in between.

use super::error::PlaygroundError;
use super::js::{milliseconds, read, to_js};
use crate::scenario::settings::replicas_of;
use crate::scenario::{PROTOCOLS, Scenario};
use crate::search::hunt::any::{AnyHunter, AnyShrinker, Ground, Told, begin, ground};
use crate::search::hunt::{FAULTS_MAX, Failure, Options};
use crate::search::shrink::{Ended, ShrinkError, Size};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HuntOptions {
    protocol: String,
    #[serde(default)]
    mutations: Vec<String>,
    replicas: Option<u32>,
    faults: Option<u32>,
    liars: Option<u32>,
}

impl HuntOptions {
    /// What the command line would hunt.
    fn meant(self) -> Options {
        let Self { protocol, mutations, replicas, faults, liars } = self;
        let mut scenario = Scenario { mutations, ..Scenario::of(&protocol) };
        scenario.replicas = replicas.unwrap_or(scenario.replicas);
        Options::new(scenario, faults.unwrap_or(FAULTS_MAX), liars)
    }
}

#[derive(Serialize)]
struct ToldView {
    name: &'static str,
    text: &'static str,
    source: &'static str,
}

impl ToldView {
    fn of(Told { name, text, source }: Told) -> Self {
        Self { name, text, source }
    }
}

#[derive(Serialize)]
struct PreyView {
    rule: ToldView,
    only_a_script: Option<&'static str>,
}

#[derive(Serialize)]
struct GroundView {
    protocol: &'static str,
    replicas: u32,
    faults: u32,
    has_liars: bool,
    mutations: Vec<PreyView>,
    rare: Vec<ToldView>,
}

impl GroundView {
    fn of(protocol: &'static str, ground: Ground) -> Self {
        let prey = |(rule, only_a_script)| PreyView { rule: ToldView::of(rule), only_a_script };
        Self {
            protocol,
            replicas: replicas_of(protocol),
            faults: FAULTS_MAX,
            has_liars: ground.has_liars,
            mutations: ground.mutations.into_iter().map(prey).collect(),
            rare: ground.rare.into_iter().map(ToldView::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct FailureView {
    kind: &'static str,
    name: &'static str,
    sentence: String,
    link: Option<String>,
}

impl FailureView {
    fn of(failure: Failure) -> Self {
        let link = failure.link().to_fragment().ok();
        Self { kind: failure.kind, name: failure.name, sentence: failure.sentence, link }
    }
}

#[derive(Serialize)]
struct HuntedView {
    seed: u64,
    events: u32,
    leaders: u32,
    rare: Vec<u32>,
    failure: Option<FailureView>,
}

#[derive(Serialize)]
struct SizeView {
    interventions: u32,
    servers: u32,
    clients: u32,
    operations: u32,
    events: u32,
}

impl SizeView {
    fn of(size: &Size) -> Self {
        let Size { interventions, servers, clients, operations, events, .. } = *size;
        Self { interventions, servers, clients, operations, events }
    }
}

#[derive(Serialize)]
struct ShrunkView {
    promise: &'static str,
    sentence: String,
    event: u32,
    before: SizeView,
    now: SizeView,
    tries: u32,
    pass: &'static str,
    ended: Option<&'static str>,
    scenario: Option<Scenario>,
    link: Option<String>,
}

impl ShrunkView {
    /// The run itself is handed over at the end alone.
    fn of(shrinker: &dyn AnyShrinker, progress: &crate::search::shrink::Progress) -> Self {
        let ended = progress.ended.map(|ended| match ended {
            Ended::Smallest => "smallest",
            Ended::Tries => "tries",
            Ended::Events => "events",
        });
        let link = ended.map(|_| shrinker.link());
        let broken = shrinker.broken();
        Self {
            promise: shrinker.promise().name(),
            sentence: broken.sentence.clone(),
            event: broken.event,
            before: SizeView::of(&progress.before),
            now: SizeView::of(&progress.now),
            tries: progress.tries,
            pass: progress.pass,
            ended,
            link: link.as_ref().and_then(|link| link.to_fragment().ok()),
            scenario: link.map(|link| link.scenario),
        }
    }
}

/// What there is to hunt: the protocols of this module, with the rules that can be switched off.
///
/// # Errors
///
/// Never, unless memory runs out.
#[wasm_bindgen(unchecked_return_type = "HuntGround[]")]
pub fn grounds() -> Result<JsValue, JsValue> {
    let there = PROTOCOLS.iter().filter_map(|protocol| Some(GroundView::of(protocol, ground(protocol).ok()?)));
    to_js(&there.collect::<Vec<_>>())
}

/// A hunt.
#[wasm_bindgen]
pub struct Hunt {
    hunter: Box<dyn AnyHunter>,
    shrinker: Option<Box<dyn AnyShrinker>>,
}

#[wasm_bindgen]
impl Hunt {
    /// Prepares a hunt, as `consensus-playground hunt` does.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` or `scenario` that says what is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "HuntOptions")] options: JsValue) -> Result<Hunt, JsValue> {
        let prepare = || -> Result<Hunt, PlaygroundError> {
            let options: HuntOptions = read(&options, "argument")?;
            Ok(Hunt { hunter: begin(&options.meant())?, shrinker: None })
        };
        prepare().map_err(PlaygroundError::into_js)
    }

    /// Hunts one seed from a range, and more of them as long as the budget of milliseconds allows; after a failure no
    /// more. Gives what came of each.
    ///
    /// # Errors
    ///
    /// If the scenario cannot be run under what a seed draws: says which field is wrong.
    #[wasm_bindgen(unchecked_return_type = "HuntedSeed[]")]
    pub fn next(&mut self, from: u32, to: u32, budget_ms: f64) -> Result<JsValue, JsValue> {
        let start = milliseconds();
        let mut all = Vec::new();
        for seed in u64::from(from)..u64::from(to) {
            let hunted = self.hunter.hunt(seed).map_err(|error| PlaygroundError::from(error).into_js())?;
            let failure = hunted.failure.map(FailureView::of);
            let fails = failure.is_some();
            all.push(HuntedView { seed, events: hunted.events, leaders: hunted.leaders, rare: hunted.rare, failure });
            if fails || milliseconds() - start >= budget_ms {
                break;
            }
        }
        to_js(&all)
    }

    /// Begins to shrink the failure of a seed.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `argument` if the seed does not fail, or with what came to a limit.
    pub fn begin_shrink(&mut self, seed: u32) -> Result<(), JsValue> {
        let error = |error: ShrinkError| PlaygroundError::new("argument", "", error.to_string()).into_js();
        self.shrinker = self.hunter.shrinker(u64::from(seed)).map_err(error)?;
        if self.shrinker.is_some() { Ok(()) } else { Err(error(ShrinkError::NothingBroken)) }
    }

    /// Tries one smaller run, and more as long as the budget of milliseconds allows, and says how small it is by now.
    ///
    /// # Errors
    ///
    /// If nothing is being shrunk.
    #[wasm_bindgen(unchecked_return_type = "Shrunk")]
    pub fn shrink(&mut self, budget_ms: f64) -> Result<JsValue, JsValue> {
        let start = milliseconds();
        let Some(shrinker) = self.shrinker.as_deref_mut() else {
            return Err(PlaygroundError::new("argument", "", ShrinkError::NothingBroken.to_string()).into_js());
        };
        loop {
            let progress = shrinker.step();
            if progress.ended.is_some() || milliseconds() - start >= budget_ms {
                return to_js(&ShrunkView::of(shrinker, &progress));
            }
        }
    }
}
