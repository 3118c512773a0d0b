//! Small objects, to JavaScript and from it.

use super::error::PlaygroundError;
use serde::Serialize;
use serde::de::DeserializeOwned;
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
