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
    let again = simulation.link_content().expect("there is one");
    assert_eq!(web::write_link(again).expect("it fits a link"), golden);
    let error = web::read_link(&golden[..60]).expect_err("it is cut short").unchecked_into::<js_sys::Error>();
    assert!(String::from(error.message()).starts_with("checksum: "), "{error:?}");
}

#[cfg(feature = "explore")]
mod exploration {
    use consensus_playground::web::{Exploration, Simulation, models};
    use js_sys::{Object, Reflect};
    use wasm_bindgen::JsValue;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn get(value: &JsValue, name: &str) -> JsValue {
        Reflect::get(value, &name.into()).expect("it is an object")
    }

    fn explored(model: &str, mutation: Option<&str>) -> (Exploration, JsValue) {
        let options = Object::new();
        let mutations: js_sys::Array = mutation.into_iter().map(JsValue::from).collect();
        Reflect::set(&options, &"mutations".into(), &mutations).expect("it is an object");
        let mut exploration = Exploration::new(model, options.into()).expect("the model and the rule are known");
        loop {
            let progress = exploration.advance(10_000).expect("it is an object");
            if !get(&progress, "ended").is_null() {
                return (exploration, progress);
            }
        }
    }

    #[wasm_bindgen_test]
    fn the_specification_has_the_states_that_it_has_natively() {
        let (_, progress) = explored("abstract-paxos", None);
        assert_eq!(get(&progress, "states").as_f64(), Some(3_921.0));
        assert_eq!(get(&progress, "ended").as_string().as_deref(), Some("exhausted"));
        assert_eq!(get(&progress, "frontier").as_f64(), Some(0.0));
    }

    #[wasm_bindgen_test]
    fn a_counterexample_is_listed_and_becomes_a_scenario() {
        let (exploration, progress) = explored("raft-step-downs", Some("vote-forgotten-in-same-term"));
        assert_eq!(get(&progress, "ended").as_string().as_deref(), Some("failed"));
        let report = exploration.report().expect("it is an object");
        let property = js_sys::Array::from(&get(&report, "properties")).get(0);
        assert_eq!(get(&property, "outcome").as_string().as_deref(), Some("broken"));
        assert_eq!(js_sys::Array::from(&get(&get(&property, "path"), "steps")).length(), 7);
        let scenario = exploration.scenario("one-leader-in-a-term").expect("the run follows the path");
        Simulation::new(scenario).expect("it can be run");
        assert!(exploration.scenario("leaders-change").expect("it is not decided").is_null());
    }

    #[wasm_bindgen_test]
    fn what_is_not_known_is_refused_in_a_sentence_and_a_cancelled_search_says_so() {
        let error = Exploration::new("no-such-model", JsValue::UNDEFINED).err().expect("there is no such model");
        assert_eq!(get(&error, "code").as_string().as_deref(), Some("argument"));
        assert!(get(&error, "message").as_string().unwrap_or_default().starts_with("there is no model \"no-such-model\""));
        let listed = js_sys::Array::from(&models().expect("it is a list")).length();
        assert_eq!(listed as usize, consensus_playground::search::models::MODELS.len());
        let mut exploration = Exploration::new("paxos", JsValue::UNDEFINED).expect("it is known");
        exploration.advance(10).expect("it is an object");
        exploration.cancel();
        let ending = get(&exploration.report().expect("it is an object"), "ending").as_string().unwrap_or_default();
        assert!(ending.starts_with("Cancelled: "), "{ending}");
    }
}
