//! The wasm-bindgen surface, and nothing else: what the page may ask of the engine.
//!
//! Bulk data crosses as typed-array columns ([`columns`]); small things cross as objects ([`wire`]). Every call returns a `Result`, and
//! every error is one `PlaygroundError` with a code, a place and a message ([`error`]). The TypeScript types are written by hand in
//! `types.d.ts`, become part of the package's own, and are compared with the structs by a native test (`tests/declarations`).

#[cfg(feature = "run")]
mod columns;
#[cfg(feature = "hunt")]
mod compare;
#[cfg(feature = "course")]
mod course;
mod error;
#[cfg(feature = "explore")]
mod exploration;
mod fields;
#[cfg(feature = "course")]
mod files;
#[cfg(feature = "hunt")]
mod hunt;
mod js;
#[cfg(feature = "hunt")]
mod likelihood;
#[cfg(any(feature = "run", feature = "links"))]
mod link;
#[cfg(feature = "links")]
mod links;
#[cfg(feature = "run")]
mod session;
#[cfg(feature = "run")]
mod shapes;
#[cfg(feature = "run")]
mod simulation;
#[cfg(feature = "run")]
mod story;
#[cfg(feature = "threshold")]
mod threshold;
#[cfg(feature = "course")]
mod why;
#[cfg(feature = "run")]
mod wire;

#[cfg(feature = "hunt")]
pub use compare::{Comparison, ready_scripts};
#[cfg(feature = "course")]
pub use course::{CourseNode, course, course_questions, course_runs, curve, grade, measured_protocols, play_lock};
#[cfg(feature = "explore")]
pub use exploration::{Exploration, models};
#[cfg(feature = "course")]
pub use files::{check_scenario, export_run, formats, judge_history};
#[cfg(feature = "hunt")]
pub use hunt::{Hunt, grounds};
#[cfg(feature = "hunt")]
pub use likelihood::{Likelihood, outcomes, read_shares};
#[cfg(feature = "links")]
pub use links::{read_link, write_link};
#[cfg(feature = "run")]
pub use simulation::Simulation;
#[cfg(feature = "threshold")]
pub use threshold::Threshold;
#[cfg(feature = "course")]
pub use why::why_of_run;

use error::PlaygroundError;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("types.d.ts");

/// Runs once when the module is loaded: a panic, which is always a defect, says where it happened.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The engine's version. A link carries it, since the same run needs the same engine.
#[wasm_bindgen]
#[must_use]
pub fn engine_version() -> String {
    crate::ENGINE_VERSION.to_owned()
}

/// The named scenarios of the protocols that this module has, each protocol's first one first.
///
/// # Errors
///
/// Never, unless memory runs out.
#[cfg(feature = "run")]
#[wasm_bindgen(unchecked_return_type = "GalleryEntry[]")]
pub fn gallery() -> Result<JsValue, JsValue> {
    js::to_js(&crate::scenario::gallery::gallery())
}

/// A seed that nobody has had before, for a run that is new. The only thing that chance decides.
///
/// # Errors
///
/// If the browser has no source of randomness.
#[wasm_bindgen]
pub fn fresh_seed() -> Result<f64, JsValue> {
    let mut bytes = [0u8; 4];
    getrandom::fill(&mut bytes).map_err(|error| PlaygroundError::new("argument", "", error.to_string()).into_js())?;
    Ok(f64::from(u32::from_le_bytes(bytes)))
}

/// Panics on purpose, so that the page's recovery can be tried.
///
/// # Errors
///
/// Never: it panics.
#[wasm_bindgen]
pub fn panic_on_purpose() -> Result<(), JsError> {
    panic!("this panic was asked for");
}
