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

/// The page's links are the command line's, letter for letter.
#[wasm_bindgen_test]
fn a_link_that_the_page_reads_and_writes_again_is_the_one_that_was_made_natively() {
    use wasm_bindgen::JsCast;
    let golden = include_str!("golden/link.txt").trim();
    let content = web::read_link(golden).expect("it is a link");
    let field = |name: &str| js_sys::Reflect::get(&content, &name.into()).expect("it is there");
    assert_eq!(field("trace_hash"), "2783ef6a78b872b331df918a612bc479");
    let mut simulation = web::Simulation::new(field("scenario")).expect("it can be run");
    while field("events") != js_sys::Reflect::get(&simulation.status().expect("there is one"), &"events".into()).expect("there are") {
        assert!(simulation.step().expect("it goes on"));
    }
    simulation.seek(900.0).expect("it can go back");
    assert_eq!(simulation.link().expect("it fits a link"), golden);
    let error = web::read_link(&golden[..60]).expect_err("it is cut short").unchecked_into::<js_sys::Error>();
    assert!(String::from(error.message()).starts_with("checksum: "), "{error:?}");
}
