//! The command `why` from outside: what it prints, and what it says to bad input.

use crate::runs::commands::playground;
use serde_json::Value;

#[test]
fn it_prints_text_and_one_json_object() {
    let asked = ["why", "cut-the-leader-off", "--until", "2300", "--operation", "c1.4"];
    let (status, text, errors) = playground(&asked);
    assert_eq!((status, errors.as_str()), (0, ""), "{text}");
    assert!(text.starts_with("c1.4: "), "{text}");
    let (_, json, _) = playground(&[&asked[..], &["--json"]].concat());
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["why"], "operation");
    assert!(text.contains(report["sentence"].as_str().unwrap()), "{text}");
}

#[test]
fn an_event_and_a_leader_can_be_asked_about() {
    let (_, text, _) = playground(&["why", "elect-and-replicate", "--until", "600", "--event", "40"]);
    assert!(text.contains("event    40  "), "{text}");
    let (_, text, _) = playground(&["why", "elect-and-replicate", "--until", "600", "--leader", "n5"]);
    assert!(text.starts_with("n5 "), "{text}");
}

#[test]
fn bad_questions_are_refused_with_what_is_wrong() {
    let refused = |arguments: &[&str]| {
        let (status, text, errors) = playground(&[&["why", "elect-and-replicate"], arguments].concat());
        assert_eq!((status, text.as_str()), (2, ""), "{arguments:?}");
        errors
    };
    assert!(refused(&["--until", "100", "--event", "999999"]).contains("event: the run has "));
    assert!(refused(&["--leader", "n9"]).contains("leader: there is no replica of that name"));
    assert!(refused(&["--operation", "third"]).contains("a client and a number from 1"));
    assert!(refused(&[]).contains("--event"), "one of the three must be asked");
    assert!(refused(&["--event", "1", "--leader", "n1"]).contains("cannot be used with"));
}
