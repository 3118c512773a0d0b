//! The words at moments of a run: where they are in it, and other words for it.

use super::error::PlaygroundError;
use super::js::{read, to_js};
use super::shapes::refuse_unknown;
use super::simulation::Simulation;
use crate::process::Ticks;
use crate::scenario::moments::Reached;
use crate::scenario::{Caption, Scenario};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[derive(Serialize)]
struct ReachedView {
    events: u32,
    time: Ticks,
}

impl From<Reached> for ReachedView {
    fn from(Reached { events, time }: Reached) -> Self {
        Self { events, time }
    }
}

#[wasm_bindgen]
impl Simulation {
    /// Where the captions of the scenario are in the run as it is recorded, in their order; null for what is not
    /// reached.
    #[allow(clippy::missing_errors_doc)]
    #[wasm_bindgen(unchecked_return_type = "(ReachedMoment | null)[]")]
    pub fn moments(&mut self) -> Result<JsValue, JsValue> {
        let moments = self.session.moments(&mut self.story).into_iter();
        to_js(&moments.map(|reached| reached.map(ReachedView::from)).collect::<Vec<_>>())
    }

    /// Gives the run other captions. They change nothing in it.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `scenario` that says which caption is wrong, and where; the captions are then as
    /// they were.
    pub fn set_captions(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Caption[]")] captions: JsValue,
    ) -> Result<(), JsValue> {
        let mut set = || -> Result<(), PlaygroundError> {
            refuse_unknown(&captions, "Caption[]", "scenario")?;
            let captions: Vec<Caption> = read(&captions, "scenario")?;
            let scenario = Scenario { captions, ..self.scenario.clone() };
            self.story = self.session.story(&scenario)?;
            self.scenario = scenario;
            Ok(())
        };
        set().map_err(PlaygroundError::into_js)
    }
}
