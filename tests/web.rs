//! The wasm surface, tried in a real browser: `wasm-pack test --headless --chrome . --config wasm-pack.toml --test web`.
#![cfg(target_arch = "wasm32")]

use consensus_playground::web;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

// Without this line every test below is skipped, and the run is reported green.
wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_engine_says_its_version() {
    assert_eq!(web::engine_version(), env!("CARGO_PKG_VERSION"));
}
