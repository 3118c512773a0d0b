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

/// Reads a small object, with the place of what is wrong in it.
pub fn read<T: DeserializeOwned>(value: JsValue, code: &'static str) -> Result<T, PlaygroundError> {
    serde_path_to_error::deserialize(serde_wasm_bindgen::Deserializer::from(value))
        .map_err(|error| PlaygroundError::new(code, error.path().to_string(), error.inner().to_string()))
}

/// The page's clock. It bounds how long a call takes, and never reaches a run.
#[cfg(any(feature = "run", feature = "threshold"))]
pub fn milliseconds() -> f64 {
    let global = js_sys::global();
    let performance = match global.dyn_ref::<web_sys::Window>() {
        Some(window) => window.performance(),
        None => global.dyn_ref::<web_sys::WorkerGlobalScope>().and_then(web_sys::WorkerGlobalScope::performance),
    };
    performance.map_or(0.0, |performance| performance.now())
}
