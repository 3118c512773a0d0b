//! Small objects, to JavaScript and from it.

use super::error::PlaygroundError;
use serde::Serialize;
use serde::de::DeserializeOwned;
#[cfg(any(feature = "run", feature = "threshold"))]
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;

/// Hands a value over: numbers as numbers, nothing as null.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(JsValue::from)
}

/// Reads a small object, with the place of what is wrong in it. It goes by way of JSON, as the command line reads it:
/// there a field that nobody knows is refused, where serde-wasm-bindgen only looks up the fields that it knows; and an
/// object that contains itself is refused by the browser.
pub fn read<T: DeserializeOwned>(value: &JsValue, code: &'static str) -> Result<T, PlaygroundError> {
    let wrong = |place: String, message: String| PlaygroundError::new(code, place, message);
    let json = js_sys::JSON::stringify(value).ok().and_then(|json| json.as_string());
    let json = json.ok_or_else(|| wrong(String::new(), "it cannot be written as JSON".to_owned()))?;
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&json)).map_err(|error| {
        let text = error.inner().to_string();
        // Nobody has seen the text that line and column are about.
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message).to_owned();
        wrong(error.path().to_string(), message)
    })
}

#[cfg(any(feature = "run", feature = "threshold"))]
thread_local! {
    /// The clock of the page, of a worker's thread, or of Node.js: the global object of each has it under one name. It
    /// is looked up once, since it is read thousands of times a second.
    static CLOCK: Option<web_sys::Performance> = {
        let found = js_sys::Reflect::get(&js_sys::global(), &"performance".into()).ok();
        found.filter(JsValue::is_object).map(JsCast::unchecked_into)
    };
}

/// What that clock says. It bounds how long a call takes, and never reaches a run.
#[cfg(any(feature = "run", feature = "threshold"))]
pub fn milliseconds() -> f64 {
    CLOCK.with(|clock| clock.as_ref().map_or(0.0, web_sys::Performance::now))
}
