//! Links, as the page makes and reads them.
//!
//! The browser's own JSON turns a scenario into text and back: it writes what the command line writes, letter for letter, and a second
//! reader of scenarios would cost the page more than all else here.

use super::error::PlaygroundError;
use super::simulation::{Simulation, read_scenario};
use super::wire::to_js;
use crate::scenario::Scenario;
use crate::scenario::link::{LinkError, Packed, WithoutDefaults, canonical, wrong_scenario};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What a link carries.
#[derive(Serialize)]
struct LinkContent {
    engine_version: String,
    is_of_this_engine: bool,
    scenario: Scenario,
    events: u32,
    playhead: u32,
    trace_hash: String,
}

impl From<LinkError> for PlaygroundError {
    fn from(error: LinkError) -> Self {
        Self::new("link", error.place, error.message)
    }
}

#[wasm_bindgen]
impl Simulation {
    /// A link to the run as it is recorded, with its playhead: `#run=1.` and so on, to be put behind the page's address.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `link` if the scenario is too large for one.
    pub fn link(&mut self) -> Result<String, JsValue> {
        let status = self.session.status(None);
        let scenario = canonical(Scenario { interventions: self.session.interventions(), ..self.scenario.clone() });
        let scenario_json = js_sys::JSON::stringify(&to_js(&WithoutDefaults(&scenario))?)?;
        let packed = Packed {
            engine_version: crate::ENGINE_VERSION.to_owned(),
            scenario_json: scenario_json.into(),
            events: status.events,
            playhead: status.cursor,
            trace_hash: self.session.hash_after(status.events),
        };
        packed.to_fragment().map_err(|error| PlaygroundError::from(error).into_js())
    }

    /// The trace hash right after so many of the recorded events: what a link to a run of that many says. The playhead stays where it is.
    #[allow(clippy::missing_errors_doc)]
    pub fn hash_after(&mut self, events: u32) -> Result<String, JsValue> {
        Ok(format!("{:032x}", self.session.hash_after(events)))
    }
}

/// Reads a link: a URL, its fragment, or the text behind `run=`.
///
/// # Errors
///
/// A `PlaygroundError` with code `link` that says what is wrong with it, and where.
#[wasm_bindgen(unchecked_return_type = "LinkContent")]
pub fn read_link(text: &str) -> Result<JsValue, JsValue> {
    let content = || -> Result<LinkContent, PlaygroundError> {
        let Packed { engine_version, scenario_json, events, playhead, trace_hash } = Packed::read(text)?;
        let wrong = |place: String, message: String| wrong_scenario(&engine_version, crate::scenario::ScenarioError { place, message });
        let object =
            js_sys::JSON::parse(&scenario_json).map_err(|error| wrong(String::new(), js_sys::Error::from(error).message().into()))?;
        let scenario = read_scenario(object, "link").map_err(|error| wrong(error.place().to_owned(), error.message().to_owned()))?;
        Ok(LinkContent {
            is_of_this_engine: engine_version == crate::ENGINE_VERSION,
            engine_version,
            scenario,
            events,
            playhead,
            trace_hash: format!("{trace_hash:032x}"),
        })
    };
    to_js(&content().map_err(PlaygroundError::into_js)?)
}
