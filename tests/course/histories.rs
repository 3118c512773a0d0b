//! Histories that are judged: what was observed, what did not happen, and what nobody knows.

use super::session::Session;
use serde_json::{Value, json};

fn asked(history: &Value) -> String {
    json!({ "type": "verify_linearizability", "msg_id": 2, "history": history }).to_string()
}

fn is_linearizable(history: &Value) -> bool {
    let reply = Session::of(1).ask(&asked(history));
    reply["linearizable"].as_bool().unwrap_or_else(|| panic!("{history}: {reply}"))
}

fn put(value: u64, start: u64, end: Value) -> Value {
    json!({ "op": "put", "key": "x", "value": value, "start": start, "end": end })
}

fn get(value: Value, start: u64) -> Value {
    json!({ "op": "get", "key": "x", "value": value, "start": start, "end": start + 1 })
}

#[test]
fn operations_that_touch_are_concurrent() {
    let touching = json!([put(1, 0, json!(5)), { "op": "get", "key": "x", "value": null, "start": 5, "end": 6 }]);
    assert!(is_linearizable(&touching));
    let apart = json!([put(1, 0, json!(4)), { "op": "get", "key": "x", "value": null, "start": 5, "end": 6 }]);
    assert!(!is_linearizable(&apart));
}

#[test]
fn an_operation_that_never_returned_may_have_taken_effect_or_not() {
    for seen in [json!(null), json!(1)] {
        assert!(is_linearizable(&json!([put(1, 0, Value::Null), get(seen.clone(), 10)])), "{seen}");
        let mut timed_out = put(1, 0, json!(5));
        timed_out["ok"] = Value::Null;
        assert!(is_linearizable(&json!([timed_out, get(seen.clone(), 10)])), "{seen}");
    }
    assert!(is_linearizable(&json!([put(1, 0, Value::Null), get(json!(null), 10), get(json!(1), 20)])), "later, even");
    assert!(!is_linearizable(&json!([put(1, 0, Value::Null), get(json!(1), 10), get(json!(null), 20)])), "but once");
    assert!(!is_linearizable(&json!([get(json!(1), 10), put(1, 20, Value::Null)])), "and not before it began");
}

#[test]
fn what_did_not_happen_says_nothing_but_what_a_cas_has_found() {
    let mut failed = put(1, 0, json!(5));
    failed["ok"] = json!(false);
    assert!(is_linearizable(&json!([failed, get(json!(null), 10)])));
    assert!(!is_linearizable(&json!([failed, get(json!(1), 10)])), "a write that did not happen is not read");
    let mut cas = json!({ "op": "cas", "key": "x", "from": 1, "to": 2, "start": 6, "end": 7, "ok": false });
    assert!(
        is_linearizable(&json!([put(1, 0, json!(5)), cas, get(json!(1), 10)])),
        "it may have failed for any reason"
    );
    cas["found"] = json!(3);
    assert!(!is_linearizable(&json!([put(1, 0, json!(5)), cas, get(json!(1), 10)])), "it has found what nobody wrote");
    cas["found"] = Value::Null;
    assert!(is_linearizable(&json!([cas, put(1, 8, json!(9)), get(json!(1), 10)])), "there was no such key yet");
}

#[test]
fn a_cas_may_create_a_key() {
    let cas =
        json!({ "op": "cas", "key": "x", "from": 1, "to": 2, "create_if_not_exists": true, "start": 0, "end": 1 });
    assert!(is_linearizable(&json!([cas, get(json!(2), 10)])));
    assert!(!is_linearizable(&json!([cas, get(json!(null), 10)])));
    assert!(!is_linearizable(
        &json!([put(3, 0, json!(1)), { "op": "cas", "key": "x", "from": 1, "to": 2, "create_if_not_exists": true, "start": 2, "end": 3 }])
    ));
}

#[test]
fn times_up_to_2_to_the_63_are_read_as_numbers_or_texts() {
    let most = 1u64 << 63;
    let history = |first: Value, second: Value| json!([{ "op": "put", "key": "x", "value": 1, "start": "0", "end": first }, { "op": "get", "key": "x", "value": null, "start": second, "end": most }]);
    assert!(is_linearizable(&history(json!(most), json!(most))));
    assert!(!is_linearizable(&history(json!(most - 1), json!(most.to_string()))), "no digit is lost");
    assert!(is_linearizable(&history(json!((most - 1).to_string()), json!(most - 1))));
}

#[test]
fn a_violation_is_named_as_it_was_sent() {
    let history = json!([get(json!(null), 30), put(1, 0, json!(5)), get(json!(1), 10)]);
    let reply = Session::of(1).ask(&asked(&history));
    assert_eq!(
        (&reply["violations"][0]["operation"], &reply["violations"][0]["completed_at"]),
        (&json!(0), &json!(31)),
        "{reply}"
    );
}

#[test]
fn what_cannot_be_kept_or_contradicts_itself_is_error_12_with_its_place() {
    let with = |field: &str, value: Value| {
        let mut element = put(1, 0, json!(5));
        element[field] = value;
        element
    };
    let read = |ok: Value| json!({ "op": "get", "key": "x", "value": 1, "start": 0, "end": 1, "ok": ok });
    let cases = [
        (with("value", json!(1.5)), "value: a float"),
        (with("value", json!({ "a": 1 })), "value: a text, a whole number, true or false is expected"),
        (with("value", json!([1])), "value: a text, a whole number, true or false is expected"),
        (with("value", Value::Null), "value: null stands for a key that is not there"),
        (with("start", json!(0.5)), "start: a whole number from 0 to 2^63"),
        (with("start", Value::Null), "start: a whole number from 0 to 2^63"),
        (with("end", json!((1u64 << 63) + 1)), "end: a whole number from 0 to 2^63"),
        (with("end", json!("5 ms")), "end: a whole number from 0 to 2^63"),
        (with("end", json!(-1)), "end: a whole number from 0 to 2^63"),
        (with("start", json!(6)), "end: before start"),
        (with("key", json!({ "a": 1 })), "key: a string or a number"),
        (with("client", json!(1.5)), "client: a string or a whole number"),
        (with("found", json!(1)), "found: \"put\" has none"),
        (with("from", json!(1)), "from: \"put\" has none"),
        (with("colour", json!(1)), "colour: unknown field"),
        (with("ok", json!("yes")), "ok: invalid type"),
        (read(json!(false)), "value: what was read, of a read that is not said to have been answered"),
        (read(Value::Null), "value: what was read, of a read that is not said to have been answered"),
        (
            json!({ "op": "put", "key": "x", "value": 1, "start": 0, "end": null, "ok": true }),
            "ok: true, and an operation that never returned",
        ),
        (json!({ "op": "put", "key": "x", "value": 1, "start": 0 }), "end: missing"),
        (json!({ "op": "put", "key": "x", "value": 1, "end": null }), "start: missing"),
    ];
    for (element, problem) in cases {
        let (code, text) = Session::of(1).refuse(&asked(&json!([get(json!(null), 0), element])));
        assert!(code == 12 && text.starts_with(&format!("history[1].{problem}")), "{element}: {code} {text}");
    }
    let mixed = json!([put(1, 0, json!(5)), { "op": "get", "key": "x", "value": 1 }]);
    let (code, text) = Session::of(1).refuse(&asked(&mixed));
    assert_eq!((code, text.as_str()), (12, "history[1].start: missing, and other operations say when they began"));
}
