//! The text of links, made and read.
//!
//! The browser's own JSON turns a scenario into text and back: it writes what the command line writes, letter for
//! letter. What is read is not yet known to be a scenario: the module of its protocol finds out when it opens the run.

use super::error::PlaygroundError;
use super::js::{read, to_js};
use super::link::LinkContent;
use crate::scenario::link::{LinkError, Packed};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

impl From<LinkError> for PlaygroundError {
    fn from(error: LinkError) -> Self {
        Self::new("link", error.place, error.message)
    }
}

fn wrong(place: &str, message: impl Into<String>) -> PlaygroundError {
    PlaygroundError::new("link", place, message)
}

fn written(content: &JsValue) -> Result<String, PlaygroundError> {
    let LinkContent { engine_version, is_of_this_engine: _, scenario, events, playhead, trace_hash } =
        read(content, "link")?;
    if !scenario.is_object() {
        return Err(wrong("scenario", "it is no object"));
    }
    let scenario_json =
        js_sys::JSON::stringify(&scenario).map_err(|_| wrong("scenario", "it cannot be written as JSON"))?.into();
    let trace_hash = u128::from_str_radix(&trace_hash, 16).map_err(|error| wrong("trace_hash", error.to_string()))?;
    Ok(Packed { engine_version, scenario_json, events, playhead, trace_hash }.to_fragment()?)
}

fn content(text: &str) -> Result<LinkContent, PlaygroundError> {
    let Packed { engine_version, scenario_json, events, playhead, trace_hash } = Packed::read(text)?;
    let scenario = js_sys::JSON::parse(&scenario_json)
        .map_err(|error| wrong("scenario", String::from(js_sys::Error::from(error).message())))?;
    if !scenario.is_object() {
        return Err(wrong("scenario", "it is no object"));
    }
    let is_of_this_engine = engine_version == crate::ENGINE_VERSION;
    Ok(LinkContent {
        engine_version,
        is_of_this_engine,
        scenario,
        events,
        playhead,
        trace_hash: format!("{trace_hash:032x}"),
    })
}

/// A link with this content: `#run=1.` and so on, to be put behind the page's address.
///
/// # Errors
///
/// A `PlaygroundError` with code `link` if the scenario is too large for one.
#[wasm_bindgen]
pub fn write_link(#[wasm_bindgen(unchecked_param_type = "LinkContent")] content: JsValue) -> Result<String, JsValue> {
    written(&content).map_err(PlaygroundError::into_js)
}

/// Reads a link: a URL, its fragment, or the text behind `run=`. Its scenario may still turn out to be none.
///
/// # Errors
///
/// A `PlaygroundError` with code `link` that says what is wrong with it, and where.
#[wasm_bindgen(unchecked_return_type = "LinkContent")]
pub fn read_link(text: &str) -> Result<JsValue, JsValue> {
    to_js(&content(text).map_err(PlaygroundError::into_js)?)
}
