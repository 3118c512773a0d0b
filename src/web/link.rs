//! What a link to a run carries.
//!
//! The text of a link is made and read in a module of its own ([`super::links`]): packing costs more than a cluster,
//! and few visits need it.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// What a link carries.
#[derive(Serialize, Deserialize)]
pub struct LinkContent {
    pub engine_version: String,
    pub is_of_this_engine: bool,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub scenario: JsValue,
    pub events: u32,
    pub playhead: u32,
    pub trace_hash: String,
}

#[cfg(feature = "run")]
use {
    super::js::to_js,
    super::simulation::Simulation,
    crate::scenario::Scenario,
    crate::scenario::link::{WithoutDefaults, canonical},
    wasm_bindgen::prelude::wasm_bindgen,
};

#[cfg(feature = "run")]
#[wasm_bindgen]
impl Simulation {
    /// What a link to the run as it is recorded carries, with its playhead: for `write_link` of the module `links`.
    ///
    /// # Errors
    ///
    /// Never, unless memory runs out.
    #[wasm_bindgen(unchecked_return_type = "LinkContent")]
    pub fn link_content(&mut self) -> Result<JsValue, JsValue> {
        let status = self.session.status(None);
        let scenario = canonical(Scenario { interventions: self.session.interventions(), ..self.scenario.clone() });
        to_js(&LinkContent {
            engine_version: crate::ENGINE_VERSION.to_owned(),
            is_of_this_engine: true,
            scenario: to_js(&WithoutDefaults(&scenario))?,
            events: status.events,
            playhead: status.cursor,
            trace_hash: format!("{:032x}", self.session.hash_after(status.events)),
        })
    }

    /// The trace hash right after so many of the recorded events: what a link to a run of that many says. The playhead
    /// stays where it is.
    #[allow(clippy::missing_errors_doc)]
    pub fn hash_after(&mut self, events: u32) -> Result<String, JsValue> {
        Ok(format!("{:032x}", self.session.hash_after(events)))
    }
}
