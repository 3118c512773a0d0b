//! Small objects, to JavaScript and from it.

use super::error::PlaygroundError;
use serde::Serialize;
use serde::de::DeserializeOwned;
#[cfg(any(feature = "run", feature = "threshold", feature = "hunt", feature = "course"))]
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;

/// Hands a value over: numbers as numbers, nothing as null.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(JsValue::from)
}

/// Reads a small object, with the place of what is wrong in it. A field that nobody knows is refused; what it holds further
/// down is looked at by [`super::shapes`].
pub fn read<T: DeserializeOwned>(value: &JsValue, code: &'static str) -> Result<T, PlaygroundError> {
    super::fields::refuse_unknown_to::<T>(value, code)?;
    serde_path_to_error::deserialize(serde_wasm_bindgen::Deserializer::from(value.clone()))
        .map_err(|error| PlaygroundError::new(code, error.path().to_string(), error.inner().to_string()))
}

#[cfg(any(feature = "run", feature = "threshold", feature = "hunt", feature = "course"))]
thread_local! {
    /// The clock of the page, of a worker's thread, or of Node.js: the global object of each has it under one name. It
    /// is looked up once, since it is read thousands of times a second.
    static CLOCK: Option<web_sys::Performance> = {
        let found = js_sys::Reflect::get(&js_sys::global(), &"performance".into()).ok();
        found.filter(JsValue::is_object).map(JsCast::unchecked_into)
    };
}

/// What that clock says. It bounds how long a call takes, and never reaches a run.
#[cfg(any(feature = "run", feature = "threshold", feature = "hunt", feature = "course"))]
pub fn milliseconds() -> f64 {
    CLOCK.with(|clock| clock.as_ref().map_or(0.0, web_sys::Performance::now))
}
