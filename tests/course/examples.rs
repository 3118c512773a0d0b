//! The worked examples, on the fields that the rules determine.

mod byzantine;
mod paxos;

use super::session::Session;
use serde_json::json;

#[test]
fn init_and_echo_are_numbered_from_0() {
    let mut session = Session::of(3);
    session.expect(
        r#"{"type":"echo","msg_id":2,"echo":"hello"}"#,
        r#"{"type": "echo_ok", "echo": "hello", "in_reply_to": 2, "msg_id": 1}"#,
    );
}

#[test]
fn task_6_a_quorum_commits_and_two_of_five_do_not() {
    let mut session = Session::of(1);
    // The course's example says `committed: true` here; by its own rule two nodes of five are no quorum.
    session.expect(
        r#"{"type": "check_commit", "msg_id": 1, "log_length": 5, "match_indices": {"n1": 5, "n2": 5, "n3": 3, "n4": 2, "n5": 1}, "current_term": 3}"#,
        r#"{"type": "check_commit_ok", "in_reply_to": 1, "new_commit_index": 3, "majority_count": 2, "quorum": 3, "committed": false}"#,
    );
    for (held, reached) in
        [("[7]", 7), ("[7,4]", 4), ("[0,9007199254740991,9007199254740991]", 9_007_199_254_740_991_u64), ("[0,0,5]", 0)]
    {
        let held: Vec<u64> = serde_json::from_str(held).unwrap();
        let names = (1..).map(|place| format!("n{place}"));
        let held: serde_json::Map<String, serde_json::Value> =
            names.zip(held.into_iter().map(|index| json!(index))).collect();
        let asked =
            json!({ "type": "check_commit", "msg_id": 1, "log_length": 7, "match_indices": held, "current_term": 3 });
        session
            .expect(&asked.to_string(), &json!({ "new_commit_index": reached, "committed": reached >= 7 }).to_string());
    }
    session.expect(
        r#"{"type": "advance_commit", "msg_id": 2, "old_commit_index": 3, "match_indices": {"n1": 7, "n2": 5, "n3": 5, "n4": 3, "n5": 2}, "current_term": 3}"#,
        r#"{"type": "advance_commit_ok", "in_reply_to": 2, "new_commit_index": 5, "entries_committed": 2}"#,
    );
}

#[test]
fn task_7_entries_are_applied_in_order_and_once() {
    let mut session = Session::of(1);
    let batch = r#"{"type": "apply_entries", "msg_id": 1, "entries": [
        {"index": 1, "term": 1, "command": {"op": "put", "key": "x", "value": "1"}},
        {"index": 2, "term": 1, "command": {"op": "put", "key": "y", "value": "2"}},
        {"index": 3, "term": 1, "command": {"op": "get", "key": "x"}}
    ]}"#;
    session.expect(
        batch,
        r#"{"type": "apply_entries_ok", "in_reply_to": 1, "results": [
            {"index": 1, "result": "ok"}, {"index": 2, "result": "ok"}, {"index": 3, "result": "1"}
        ], "last_applied": 3}"#,
    );
    session.expect(
        r#"{"type": "get_state", "msg_id": 2}"#,
        r#"{"type": "get_state_ok", "in_reply_to": 2, "state": {"x": "1", "y": "2"}, "last_applied": 3}"#,
    );
    session.expect(batch, r#"{"results": [], "last_applied": 3}"#);
    session.expect(
        r#"{"type": "apply_entries", "msg_id": 3, "entries": [
            {"index": 3, "term": 1, "command": {"op": "get", "key": "x"}},
            {"index": 4, "term": 1, "command": {"op": "delete", "key": "x"}},
            {"index": 5, "term": 1, "command": {"op": "get", "key": "x"}}
        ]}"#,
        r#"{"results": [{"index": 4, "result": "ok"}, {"index": 5, "result": null}], "last_applied": 5}"#,
    );
}

#[test]
fn task_7_a_gap_is_an_error_and_nothing_is_applied() {
    let mut session = Session::of(1);
    let (code, text) = session.refuse(
        r#"{"type": "apply_entries", "msg_id": 1, "entries": [
            {"index": 1, "term": 1, "command": {"op": "put", "key": "x", "value": "1"}},
            {"index": 3, "term": 1, "command": {"op": "put", "key": "x", "value": "3"}}
        ]}"#,
    );
    assert_eq!(code, 12);
    assert!(text.starts_with("entries[1].index: a gap"), "{text}");
    session.expect(r#"{"type": "apply_entries", "msg_id": 2, "entries": []}"#, r#"{"results": [], "last_applied": 0}"#);
}

const LEADER_CHANGE: &str = r#"{"type": "leader_change", "msg_id": 1, "new_leader": "n2", "new_term": 3, "log": [
    {"index": 1, "term": 1, "command": {"op": "put", "key": "x", "value": "1"}},
    {"index": 2, "term": 2, "command": {"op": "put", "key": "y", "value": "2"}},
    {"index": 3, "term": 2, "command": {"op": "put", "key": "z", "value": "3"}}
], "commit_index": 1}"#;

#[test]
fn task_8_the_entry_that_does_nothing_commits_all_before_it() {
    for nodes in [1, 3, 5] {
        let mut session = Session::of(nodes);
        session.expect(
            LEADER_CHANGE,
            r#"{"type": "leader_change_ok", "in_reply_to": 1, "noop_appended_at": 4, "noop_term": 3, "safe_to_apply_after_commit": true}"#,
        );
        let (code, text) = session.refuse(r#"{"type": "simulate_noop_commit", "msg_id": 2, "noop_index": 3}"#);
        assert_eq!((code, text.as_str()), (22, "noop_index: the entry stands at 4, not at 3"));
        session.expect(
            r#"{"type": "simulate_noop_commit", "msg_id": 2, "noop_index": 4}"#,
            r#"{"type": "simulate_noop_commit_ok", "in_reply_to": 2, "new_commit_index": 4, "entries_now_committed": [2, 3, 4]}"#,
        );
    }
}

#[test]
fn task_8_there_is_nothing_to_commit_before_a_change_of_leaders() {
    let mut session = Session::of(1);
    assert_eq!(session.refuse(r#"{"type": "simulate_noop_commit", "msg_id": 2, "noop_index": 4}"#).0, 22);
}

#[test]
fn task_9_a_snapshot_takes_the_place_of_the_log() {
    let mut session = Session::of(1);
    session.expect(
        r#"{"type": "install_snapshot", "msg_id": 2, "snapshot_index": 5, "snapshot_term": 2, "state": {"x": "1", "y": "2", "z": "3"}}"#,
        r#"{"type": "install_snapshot_ok", "in_reply_to": 2, "applied": true, "new_last_applied": 5}"#,
    );
    session.ask(
        r#"{"type": "apply_entries", "msg_id": 1, "entries": [
            {"index": 6, "term": 2, "command": {"op": "put", "key": "x", "value": "6"}},
            {"index": 7, "term": 2, "command": {"op": "put", "key": "x", "value": "7"}},
            {"index": 8, "term": 3, "command": {"op": "put", "key": "x", "value": "8"}}
        ]}"#,
    );
    session.expect(
        r#"{"type": "get_log_info", "msg_id": 3}"#,
        r#"{"type": "get_log_info_ok", "in_reply_to": 3, "first_index": 6, "last_index": 8, "snapshot_index": 5, "total_entries": 3}"#,
    );
    session.expect(
        r#"{"type": "get_state", "msg_id": 4}"#,
        r#"{"type": "get_state_ok", "state": {"x": "8", "y": "2", "z": "3"}}"#,
    );
    let older = r#"{"type": "install_snapshot", "msg_id": 5, "snapshot_index": 5, "snapshot_term": 2, "state": {}}"#;
    session.expect(older, r#"{"applied": false, "new_last_applied": 8}"#);
}

#[test]
fn task_9_the_example_of_a_snapshot_that_is_taken() {
    let mut session = Session::of(1);
    let entry = |index: u64| json!({ "index": index, "term": 1 + index / 4, "command": {"op": "put", "key": "x", "value": index} });
    let entries: Vec<serde_json::Value> = (1..=5).map(entry).collect();
    session.ask(&json!({ "type": "apply_entries", "msg_id": 9, "entries": entries }).to_string());
    session.expect(
        r#"{"type": "take_snapshot", "msg_id": 1, "threshold": 5}"#,
        r#"{"type": "take_snapshot_ok", "in_reply_to": 1, "snapshot_index": 5, "snapshot_term": 2, "log_entries_trimmed": 5}"#,
    );
}

#[test]
fn task_9_a_snapshot_is_taken_from_the_threshold_on() {
    let mut session = Session::of(1);
    session.ask(
        r#"{"type": "apply_entries", "msg_id": 1, "entries": [
            {"index": 1, "term": 1, "command": {"op": "put", "key": "x", "value": "1"}},
            {"index": 2, "term": 1, "command": {"op": "put", "key": "y", "value": "2"}},
            {"index": 3, "term": 2, "command": {"op": "put", "key": "z", "value": "3"}}
        ]}"#,
    );
    session.expect(
        r#"{"type": "take_snapshot", "msg_id": 2, "threshold": 4}"#,
        r#"{"snapshot_index": 0, "log_entries_trimmed": 0}"#,
    );
    session.expect(
        r#"{"type": "take_snapshot", "msg_id": 2, "threshold": 2}"#,
        r#"{"type": "take_snapshot_ok", "in_reply_to": 2, "snapshot_index": 3, "snapshot_term": 2, "log_entries_trimmed": 3, "state_size_bytes": 25}"#,
    );
    session.expect(
        r#"{"type": "get_log_info", "msg_id": 3}"#,
        r#"{"first_index": 4, "last_index": 3, "snapshot_index": 3, "total_entries": 0}"#,
    );
    session.expect(
        r#"{"type": "take_snapshot", "msg_id": 2, "threshold": 2}"#,
        r#"{"snapshot_index": 3, "log_entries_trimmed": 0}"#,
    );
}

#[test]
fn task_10_a_partition_rejects_some_and_breaks_nothing() {
    let mut session = Session::of(5);
    for (cluster, operations, cut, heal) in
        [(5, 100, 30, 70), (3, 20, 5, 11), (5, 20, 5, 15), (2, 10, 2, 5), (1, 10, 2, 5)]
    {
        let asked = json!({
            "type": "partition_test", "msg_id": 1, "cluster_size": cluster, "operations": operations,
            "partition_after_op": cut, "heal_after_op": heal,
        });
        let reply = session.ask(&asked.to_string());
        assert_eq!(reply["total_ops"], operations, "{reply}");
        assert_eq!(reply["ops_during_partition"], heal - cut);
        assert_eq!(reply["ops_succeeded"].as_u64().unwrap() + reply["ops_rejected"].as_u64().unwrap(), operations);
        assert_eq!((&reply["linearizable"], &reply["invariants_hold"]), (&json!(true), &json!(true)));
        let rejected = reply["ops_rejected"].as_u64().unwrap();
        assert!(rejected > 0, "two clients are cut off: {reply}");
        assert_eq!(
            reply["ops_succeeded"] == operations - (heal - cut),
            cluster == 2,
            "with two servers nobody has a majority: {reply}"
        );
    }
}

#[test]
fn task_10_histories_are_judged_in_either_form() {
    let mut session = Session::of(1);
    let sound = r#"{"type": "verify_linearizability", "msg_id": 2, "history": [
        {"client": "a", "op": "write", "key": "x", "value": 1, "start": 0, "end": 3},
        {"client": "b", "op": "read", "key": "x", "value": null, "start": 1, "end": 2}
    ]}"#;
    session.expect(
        sound,
        r#"{"type": "verify_linearizability_ok", "in_reply_to": 2, "linearizable": true, "violations": []}"#,
    );
    session.expect(
        r#"{"type": "verify_linearizability", "msg_id": 2, "history": []}"#,
        r#"{"linearizable": true, "violations": []}"#,
    );
    let stale = r#"{"type": "verify_linearizability", "msg_id": 2, "history": [
        {"op": "write", "key": "x", "value": 1}, {"op": "write", "key": "x", "value": 2}, {"op": "read", "key": "x", "value": 1}
    ]}"#;
    let reply = session.expect(stale, r#"{"linearizable": false}"#);
    assert_eq!(reply["violations"].as_array().unwrap().len(), 1);
    let touching = r#"{"type": "verify_linearizability", "msg_id": 2, "history": [
        {"op": "write", "key": "x", "value": 1, "start": 0, "end": 1}, {"op": "read", "key": "x", "value": null, "start": 1, "end": 1}
    ]}"#;
    session.expect(touching, r#"{"linearizable": true}"#);
    let events = r#"{"type": "verify_linearizability", "msg_id": 2, "history": [
        {"client": 0, "type": "invoke", "op": "put", "key": "a", "value": "old"}, {"client": 0, "type": "ok", "op": "put"},
        {"client": 1, "type": "invoke", "op": "get", "key": "a"}, {"client": 1, "type": "ok", "op": "get", "value": null}
    ]}"#;
    session.expect(events, r#"{"linearizable": false}"#);
}
