//! The wasm surface, tried in a real browser: `wasm-pack test --headless --chrome . --config wasm-pack.toml --test web`.
#![cfg(target_arch = "wasm32")]

#[path = "golden/table.rs"]
mod table;

use consensus_playground::web;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

// Without this line every test below is skipped, and the run is reported green.
wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_engine_says_its_version() {
    assert_eq!(web::engine_version(), env!("CARGO_PKG_VERSION"));
}

/// The same file is what the native tests find.
#[wasm_bindgen_test]
fn runs_have_the_trace_hashes_that_they_have_natively() {
    assert_eq!(table::table(), include_str!("golden/hashes.txt"));
}
