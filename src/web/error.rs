//! The one error that crosses to JavaScript.

use crate::scenario::ScenarioError;
use crate::sim::simulation::ActionError;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// What was wrong, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaygroundError {
    code: &'static str,
    place: String,
    message: String,
}

impl PlaygroundError {
    /// An error of a kind, at a place.
    pub fn new(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, place: place.into(), message: message.into() }
    }

    /// A JavaScript `Error` whose name is `PlaygroundError`, with `code` and `place`.
    pub fn into_js(self) -> JsValue {
        let text = if matches!(self.place.as_str(), "" | ".") {
            self.message
        } else {
            format!("{}: {}", self.place, self.message)
        };
        let error = js_sys::Error::new(&text);
        error.set_name("PlaygroundError");
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&error, &"code".into(), &self.code.into());
        let _ = Reflect::set(&error, &"place".into(), &self.place.into());
        error.into()
    }
}

impl From<ScenarioError> for PlaygroundError {
    fn from(error: ScenarioError) -> Self {
        Self::new("scenario", error.place, error.message)
    }
}

impl From<ActionError> for PlaygroundError {
    fn from(error: ActionError) -> Self {
        Self::new("intervention", error.place, error.message)
    }
}
