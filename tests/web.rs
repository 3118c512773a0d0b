//! The wasm surface, tried in a real browser: `wasm-pack test --headless --chrome`.
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

/// The link of a run that the native tests write down and replay.
fn written_down(name: &str) -> &'static str {
    let lines = include_str!("golden/links.txt").lines();
    lines.filter_map(|line| line.split_once(' ')).find(|&(run, _)| run == name).expect("it is written down").1
}

/// The page's links are the command line's, letter for letter.
#[wasm_bindgen_test]
fn a_link_that_the_page_reads_and_writes_again_is_the_one_that_was_made_natively() {
    use wasm_bindgen::JsCast;
    let golden = written_down("stale-read");
    let content = web::read_link(golden).expect("it is a link");
    let field = |name: &str| js_sys::Reflect::get(&content, &name.into()).expect("it is there");
    let mut simulation = web::Simulation::new(field("scenario")).expect("it can be run");
    while field("events")
        != js_sys::Reflect::get(&simulation.status().expect("there is one"), &"events".into()).expect("there are")
    {
        assert!(simulation.step().expect("it goes on"));
    }
    simulation.seek(field("playhead").as_f64().expect("it is a number")).expect("it can go back");
    let again = simulation.link_content().expect("there is one");
    assert_eq!(web::write_link(again).expect("it fits a link"), golden);
    let other = |letter| if letter == 'A' { 'B' } else { 'A' };
    let changed: String =
        golden.char_indices().map(|(at, letter)| if at == 60 { other(letter) } else { letter }).collect();
    let error = web::read_link(&changed).expect_err("a letter is another").unchecked_into::<js_sys::Error>();
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
        assert!(exploration.scenario("no-forbidden-transition").expect("it is not decided").is_null());
    }

    #[wasm_bindgen_test]
    fn what_is_not_known_is_refused_in_a_sentence_and_a_cancelled_search_says_so() {
        let error = Exploration::new("no-such-model", JsValue::UNDEFINED).err().expect("there is no such model");
        assert_eq!(get(&error, "code").as_string().as_deref(), Some("argument"));
        assert!(
            get(&error, "message").as_string().unwrap_or_default().starts_with("there is no model \"no-such-model\"")
        );
        let listed = js_sys::Array::from(&models().expect("it is a list")).length();
        assert_eq!(listed as usize, consensus_playground::search::models::MODELS.len());
        let mut exploration = Exploration::new("paxos", JsValue::UNDEFINED).expect("it is known");
        exploration.advance(10).expect("it is an object");
        exploration.cancel();
        let ending = get(&exploration.report().expect("it is an object"), "ending").as_string().unwrap_or_default();
        assert!(ending.starts_with("Cancelled: "), "{ending}");
    }
}

#[cfg(feature = "course")]
mod course {
    use consensus_playground::web::{CourseNode, course, course_runs, curve, grade, play_lock};
    use js_sys::{Array, Object, Reflect};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_test::wasm_bindgen_test;

    fn get(value: &JsValue, name: &str) -> JsValue {
        Reflect::get(value, &name.into()).expect("it is an object")
    }

    fn message(error: JsValue) -> String {
        error.unchecked_into::<js_sys::Error>().message().into()
    }

    #[wasm_bindgen_test]
    fn the_node_answers_a_line_and_remarks_on_one_that_it_cannot_read() {
        let mut node = CourseNode::new(false);
        let lines = |node: &mut CourseNode, line: &str| Array::from(&node.handle_line(line).expect("it answers"));
        let init = r#"{"src":"c0","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1"]}}"#;
        let reply = lines(&mut node, init).get(0);
        assert!(
            get(&reply, "is_message").is_truthy()
                && get(&reply, "text").as_string().is_some_and(|text| text.contains("init_ok"))
        );
        assert!(get(&lines(&mut node, "{").get(0), "is_message").is_falsy());
        assert_eq!(lines(&mut node, "").length(), 0);
    }

    #[wasm_bindgen_test]
    fn there_are_twenty_tasks_and_the_runs_that_they_name() {
        let course = course().expect("it is there");
        let tasks = Array::from(&get(&course, "tracks"))
            .iter()
            .flat_map(|track| Array::from(&get(&track, "tasks")).to_vec())
            .collect::<Vec<_>>();
        assert_eq!(tasks.len(), 20);
        let runs: Vec<JsValue> =
            Array::from(&course_runs().expect("they are there")).iter().map(|run| get(&run, "name")).collect();
        assert!(tasks.iter().all(|task| Array::from(&get(task, "runs")).iter().all(|name| runs.contains(&name))));
    }

    #[wasm_bindgen_test]
    fn what_is_not_a_link_a_goal_or_a_setting_is_refused_by_name() {
        let golden = super::written_down("stale-read");
        assert!(
            get(&grade(golden, "elect-a-leader-without-split-vote").expect("it is graded"), "sentence").is_string()
        );
        assert!(message(grade(golden, "no-such-goal").expect_err("there is none")).starts_with("goal: "));
        assert!(grade(&golden[..60], "figure-8").is_err());
        let settings = Object::new();
        Reflect::set(&settings, &"lease_ms".into(), &JsValue::from(1)).expect("it is an object");
        assert!(message(play_lock(settings.into()).expect_err("it is too short")).contains("lease_ms"));
        assert!(curve("no-such-curve").expect("it answers").is_null());
    }
}

/// In small advances, the same seeds break as on the command line.
#[wasm_bindgen_test]
fn the_threshold_finds_in_the_page_what_it_finds_natively() {
    let question = js_sys::JSON::parse(r#"{"n": 3, "f": 1, "q": 2, "seeds": 8}"#).expect("it is JSON");
    let mut threshold = web::Threshold::new(question).expect("there are such replicas");
    let field =
        |object: &wasm_bindgen::JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).expect("it is there");
    let mut calls = 0;
    let report = loop {
        let report = threshold.advance(0.0).expect("it goes on");
        calls += 1;
        if field(&report, "ended") == true {
            break report;
        }
    };
    assert_eq!((calls, field(&report, "seeds_done").as_f64()), (8, Some(8.0)), "without a budget, a seed a call");
    assert_eq!(field(&field(&report, "broken"), "seed"), 5);
    let mut simulation = web::Simulation::new(field(&field(&report, "broken"), "scenario")).expect("it can be run");
    while field(&simulation.status().expect("there is one"), "events") != field(&field(&report, "broken"), "events") {
        assert!(simulation.step().expect("it goes on"));
    }
}

/// An error that has crossed the border: its name, place and text.
#[cfg(feature = "run")]
fn refused(result: Result<web::Simulation, wasm_bindgen::JsValue>) -> (String, String) {
    use wasm_bindgen::JsCast;
    let error = result.err().expect("it is refused").unchecked_into::<js_sys::Error>();
    let place = js_sys::Reflect::get(&error, &"place".into()).expect("it is there").as_string();
    (place.unwrap_or_default(), String::from(error.message()))
}

#[cfg(feature = "run")]
#[wasm_bindgen_test]
fn a_field_that_nobody_knows_is_refused_with_its_place_as_the_command_line_does() {
    let open = |text: &str| web::Simulation::new(js_sys::JSON::parse(text).expect("it is JSON"));
    let (place, message) = refused(open(r#"{ "protocol": "raft", "network": { "los": 1 } }"#));
    assert_eq!(place, "network.los");
    assert!(message.contains("unknown field `los`, expected one of "), "{message}");
    let crash = r#"{ "protocol": "raft", "interventions": [
        { "after_event": 3, "action": { "crash": { "node": "n1", "x": 2 } } }] }"#;
    let (place, message) = refused(open(crash));
    assert_eq!(place, "interventions[0].action.crash.x");
    assert!(message.contains("unknown field `x`, expected `node`"), "{message}");
    assert!(open(r#"{ "protocol": "raft", "network": {}, "interventions": [] }"#).is_ok());
}
