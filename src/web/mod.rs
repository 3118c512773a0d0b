//! The wasm-bindgen surface, and nothing else: what the page may ask of the engine.

use wasm_bindgen::prelude::wasm_bindgen;

/// The engine's version. A link carries it, since the same run needs the same engine.
#[wasm_bindgen]
#[must_use]
pub fn engine_version() -> String {
    crate::ENGINE_VERSION.to_owned()
}
