//! The worked examples, on the fields that the rules determine.

use super::session::Session;
use serde_json::json;

#[test]
fn init_and_echo_are_numbered_from_0() {
    let mut session = Session::of(3);
    session
        .expect(r#"{"type":"echo","msg_id":2,"echo":"hello"}"#, r#"{"type": "echo_ok", "echo": "hello", "in_reply_to": 2, "msg_id": 1}"#);
}

#[test]
fn task_6_a_quorum_commits_and_two_of_five_do_not() {
    let mut session = Session::of(1);
    // The course's example says `committed: true` here; by its own rule two nodes of five are no quorum.
    session.expect(
        r#"{"type": "check_commit", "msg_id": 1, "log_length": 5, "match_indices": {"n1": 5, "n2": 5, "n3": 3, "n4": 2, "n5": 1}, "current_term": 3}"#,
        r#"{"type": "check_commit_ok", "in_reply_to": 1, "new_commit_index": 3, "majority_count": 2, "quorum": 3, "committed": false}"#,
    );
    for (held, reached) in [("[7]", 7), ("[7,4]", 4), ("[0,9007199254740991,9007199254740991]", 9_007_199_254_740_991_u64), ("[0,0,5]", 0)]
    {
        let held: Vec<u64> = serde_json::from_str(held).unwrap();
        let names = (1..).map(|place| format!("n{place}"));
        let held: serde_json::Map<String, serde_json::Value> = names.zip(held.into_iter().map(|index| json!(index))).collect();
        let asked = json!({ "type": "check_commit", "msg_id": 1, "log_length": 7, "match_indices": held, "current_term": 3 });
        session.expect(&asked.to_string(), &json!({ "new_commit_index": reached, "committed": reached >= 7 }).to_string());
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
    session.expect(r#"{"type": "get_state", "msg_id": 4}"#, r#"{"type": "get_state_ok", "state": {"x": "8", "y": "2", "z": "3"}}"#);
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
    session.expect(r#"{"type": "take_snapshot", "msg_id": 2, "threshold": 4}"#, r#"{"snapshot_index": 0, "log_entries_trimmed": 0}"#);
    session.expect(
        r#"{"type": "take_snapshot", "msg_id": 2, "threshold": 2}"#,
        r#"{"type": "take_snapshot_ok", "in_reply_to": 2, "snapshot_index": 3, "snapshot_term": 2, "log_entries_trimmed": 3, "state_size_bytes": 25}"#,
    );
    session.expect(
        r#"{"type": "get_log_info", "msg_id": 3}"#,
        r#"{"first_index": 4, "last_index": 3, "snapshot_index": 3, "total_entries": 0}"#,
    );
    session.expect(r#"{"type": "take_snapshot", "msg_id": 2, "threshold": 2}"#, r#"{"snapshot_index": 3, "log_entries_trimmed": 0}"#);
}

#[test]
fn task_10_a_partition_rejects_some_and_breaks_nothing() {
    let mut session = Session::of(5);
    for (cluster, operations, cut, heal) in [(5, 100, 30, 70), (3, 20, 5, 11), (5, 20, 5, 15), (2, 10, 2, 5), (1, 10, 2, 5)] {
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
        assert_eq!(reply["ops_succeeded"] == operations - (heal - cut), cluster == 2, "with two servers nobody has a majority: {reply}");
    }
}

#[test]
fn task_10_histories_are_judged_in_either_form() {
    let mut session = Session::of(1);
    let sound = r#"{"type": "verify_linearizability", "msg_id": 2, "history": [
        {"client": "a", "op": "write", "key": "x", "value": 1, "start": 0, "end": 3},
        {"client": "b", "op": "read", "key": "x", "value": null, "start": 1, "end": 2}
    ]}"#;
    session.expect(sound, r#"{"type": "verify_linearizability_ok", "in_reply_to": 2, "linearizable": true, "violations": []}"#);
    session.expect(r#"{"type": "verify_linearizability", "msg_id": 2, "history": []}"#, r#"{"linearizable": true, "violations": []}"#);
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

#[test]
fn task_11_an_acceptor_promises_ever_higher_numbers_only() {
    let mut session = Session::of(1);
    session.expect(
        r#"{"type": "paxos_prepare", "msg_id": 1, "proposal_n": 1}"#,
        r#"{"type": "paxos_promise", "in_reply_to": 1, "promised": true, "accepted_n": null, "accepted_value": null}"#,
    );
    session.expect(
        r#"{"type": "paxos_prepare", "msg_id": 2, "proposal_n": 5}"#,
        r#"{"type": "paxos_promise", "in_reply_to": 2, "promised": true, "accepted_n": null, "accepted_value": null}"#,
    );
    for lower in [3, 5] {
        session.expect(
            &json!({ "type": "paxos_prepare", "msg_id": 3, "proposal_n": lower }).to_string(),
            r#"{"type": "paxos_promise", "in_reply_to": 3, "promised": false, "reason": "already_promised_higher", "highest_promised": 5}"#,
        );
    }
}

#[test]
fn task_12_an_acceptor_accepts_unless_it_has_promised_higher() {
    let mut session = Session::of(1);
    session.expect(r#"{"type": "paxos_chosen", "msg_id": 3}"#, r#"{"type": "paxos_chosen_ok", "value": null, "chosen_at_n": null}"#);
    session.expect(
        r#"{"type": "paxos_accept", "msg_id": 1, "proposal_n": 5, "value": "consensus_value"}"#,
        r#"{"type": "paxos_accepted", "in_reply_to": 1, "accepted": true, "proposal_n": 5, "value": "consensus_value"}"#,
    );
    session.expect(
        r#"{"type": "paxos_accept", "msg_id": 2, "proposal_n": 3, "value": "late_value"}"#,
        r#"{"type": "paxos_accepted", "in_reply_to": 2, "accepted": false, "reason": "promised_higher", "highest_promised": 5}"#,
    );
    session.expect(
        r#"{"type": "paxos_chosen", "msg_id": 3}"#,
        r#"{"type": "paxos_chosen_ok", "in_reply_to": 3, "value": "consensus_value", "chosen_at_n": 5}"#,
    );
    session.expect(
        r#"{"type": "paxos_prepare", "msg_id": 4, "proposal_n": 6}"#,
        r#"{"promised": true, "accepted_n": 5, "accepted_value": "consensus_value"}"#,
    );
}

#[test]
fn task_12_one_acceptance_of_three_chooses_nothing_and_a_second_does() {
    let mut session = Session::of(3);
    session.ask(r#"{"type": "paxos_accept", "msg_id": 1, "proposal_n": 5, "value": {"any": [1, null]}}"#);
    session.expect(r#"{"type": "paxos_chosen", "msg_id": 2}"#, r#"{"value": null, "chosen_at_n": null}"#);
    let of_n2 = r#"{"type": "paxos_accepted", "msg_id": 3, "accepted": true, "proposal_n": 5, "value": {"any": [1, null]}}"#;
    assert!(session.say_from("n2", of_n2).is_empty(), "a peer's answer is not answered");
    session.expect(r#"{"type": "paxos_chosen", "msg_id": 4}"#, r#"{"value": {"any": [1, null]}, "chosen_at_n": 5}"#);
}

#[test]
fn task_13_a_chosen_value_is_proposed_again_by_whoever_comes_later() {
    let mut session = Session::of(1);
    for nodes in [1, 2, 3, 4, 5, 8] {
        let asked = json!({
            "type": "paxos_safety_test", "msg_id": 1, "nodes": nodes, "chosen_value": "v1", "chosen_at_n": 3, "new_proposal_n": 7,
        });
        let reply = session.expect(
            &asked.to_string(),
            r#"{"type": "paxos_safety_test_ok", "in_reply_to": 1, "new_proposal_value": "v1", "forced_by_promise": true, "safe": true}"#,
        );
        // Who is in both quorums: the first n/2+1 nodes, and the last.
        let place: usize = reply["promise_source"].as_str().unwrap()[1..].parse().unwrap();
        assert!(place <= nodes / 2 + 1 && place > nodes - (nodes / 2 + 1), "{reply}");
    }
    let late = r#"{"type": "paxos_safety_test", "msg_id": 1, "nodes": 5, "chosen_value": "v1", "chosen_at_n": 7, "new_proposal_n": 3}"#;
    session.expect(
        late,
        r#"{"new_proposal_value": null, "forced_by_promise": false, "promise_source": null, "safe": true, "refused_by": "n3"}"#,
    );
}

#[test]
fn task_13_the_first_majority_chooses_and_later_proposals_must_match() {
    let mut session = Session::of(1);
    session.expect(
        r#"{"type": "paxos_invariant_check", "msg_id": 2, "proposals": [
            {"n": 1, "value": "a", "accepted_by": ["n1", "n2"]},
            {"n": 3, "value": "b", "accepted_by": ["n2", "n3", "n4"]},
            {"n": 5, "value": "b", "accepted_by": ["n3", "n4", "n5"]}
        ]}"#,
        r#"{"type": "paxos_invariant_check_ok", "in_reply_to": 2, "chosen_value": "b", "chosen_at_n": 3, "all_subsequent_match": true, "safe": true}"#,
    );
    session.expect(
        r#"{"type": "paxos_invariant_check", "msg_id": 2, "proposals": [
            {"n": 5, "value": "c", "accepted_by": ["n3"]}, {"n": 3, "value": "b", "accepted_by": ["n1", "n2"]}
        ]}"#,
        r#"{"chosen_value": "b", "chosen_at_n": 3, "all_subsequent_match": false, "safe": false}"#,
    );
    session.expect(
        r#"{"type": "paxos_invariant_check", "msg_id": 2, "proposals": [{"n": 1, "value": "a", "accepted_by": []}]}"#,
        r#"{"chosen_value": null, "chosen_at_n": null, "safe": true}"#,
    );
}

#[test]
fn task_15_the_comparison_and_the_course_s_formulas() {
    let mut session = Session::of(1);
    session.expect(
        r#"{"type": "compare_consensus", "msg_id": 1}"#,
        r#"{"type": "compare_consensus_ok", "in_reply_to": 1, "comparison": {
            "raft": {"leader_change_cost": "O(uncommitted_entries)", "log_gaps": false, "understandability": "high", "production_users": ["etcd", "TiKV", "CockroachDB"]},
            "multi_paxos": {"leader_change_cost": "O(1) per slot", "log_gaps": true, "understandability": "low", "production_users": ["Chubby", "Spanner", "Megastore"]}
        }}"#,
    );
    let reply = session.expect(
        r#"{"type": "simulate_leader_change_cost", "msg_id": 2, "protocol": "raft", "uncommitted_entries": 50, "cluster_size": 5}"#,
        r#"{"type": "simulate_leader_change_cost_ok", "in_reply_to": 2, "messages_needed": 200, "rounds_needed": 50}"#,
    );
    let of = |field: &str| reply[field]["messages"].as_u64().unwrap();
    assert!(of("measured") > 200, "an election and answers besides: {reply}");
    assert!(of("measured_batched") < 60, "batches need few messages: {reply}");
    session.expect(
        r#"{"type": "simulate_leader_change_cost", "msg_id": 3, "protocol": "multi_paxos", "uncommitted_entries": 50, "cluster_size": 5}"#,
        r#"{"type": "simulate_leader_change_cost_ok", "in_reply_to": 3, "messages_needed": 8, "rounds_needed": 1}"#,
    );
}

#[test]
fn task_16_faults_and_examples() {
    let mut session = Session::of(1);
    session.expect(
        r#"{"type": "classify_fault", "msg_id": 1, "scenario": "node_sends_different_values_to_different_peers"}"#,
        r#"{"type": "classify_fault_ok", "in_reply_to": 1, "fault_type": "byzantine", "cft_handles": false, "bft_handles": true, "example": "equivocation attack"}"#,
    );
    for (scenario, kind) in [("node_stops_responding", "crash"), ("message_lost", "omission"), ("node_lies_about_its_log", "byzantine")] {
        let asked = json!({ "type": "classify_fault", "msg_id": 1, "scenario": scenario }).to_string();
        let reply = session.ask(&asked);
        assert_eq!((&reply["fault_type"], &reply["cft_handles"]), (&json!(kind), &json!(kind != "byzantine")));
    }
    let (code, text) = session.refuse(r#"{"type": "classify_fault", "msg_id": 1, "scenario": "bad_luck"}"#);
    assert_eq!(code, 12);
    assert!(text.starts_with("scenario: unknown; known are node_stops_responding, "), "{text}");
    session.expect(
        r#"{"type": "byzantine_examples", "msg_id": 2}"#,
        r#"{"type": "byzantine_examples_ok", "in_reply_to": 2, "examples": [
            {"name": "hardware_bit_flip", "description": "Memory corruption changes stored value silently", "fault_type": "byzantine"},
            {"name": "compromised_node", "description": "Attacker controls node, sends malicious messages", "fault_type": "byzantine"},
            {"name": "software_bug", "description": "Bug causes node to return wrong computation result", "fault_type": "byzantine"}
        ]}"#,
    );
}

#[test]
fn task_16_algorithms_that_trust_everyone_are_misled_by_a_liar_and_not_by_silence() {
    for nodes in 1..=9 {
        let mut session = Session::of(nodes);
        session.expect(
            r#"{"type": "cft_failure_demo", "msg_id": 3, "algorithm": "raft", "byzantine_node": "n2", "behavior": "equivocation"}"#,
            r#"{"type": "cft_failure_demo_ok", "in_reply_to": 3, "consensus_reached": true, "value_correct": false, "reason": "raft_trusted_byzantine_node_response"}"#,
        );
        for algorithm in ["raft", "paxos"] {
            for behavior in ["equivocation", "wrong_value", "false_acknowledgement", "silence"] {
                for liar in ["n1", "n2", "n3"] {
                    let asked = json!({
                        "type": "cft_failure_demo", "msg_id": 3, "algorithm": algorithm, "byzantine_node": liar, "behavior": behavior,
                    });
                    let reply = session.ask(&asked.to_string());
                    assert_eq!(reply["consensus_reached"], true, "{asked} {reply}");
                    assert_eq!(reply["value_correct"], behavior == "silence", "{asked} {reply}");
                }
            }
        }
    }
}

#[test]
fn task_19_three_f_and_one_are_enough_and_fewer_are_not() {
    let mut session = Session::of(1);
    session.expect(
        r#"{"type": "bft_threshold", "msg_id": 1, "f": 1}"#,
        r#"{"type": "bft_threshold_ok", "in_reply_to": 1, "f": 1, "min_n": 4, "quorum_size": 3, "honest_in_quorum": 2, "safe": true}"#,
    );
    session.expect(
        r#"{"type": "bft_threshold", "msg_id": 2, "f": 2}"#,
        r#"{"type": "bft_threshold_ok", "in_reply_to": 2, "f": 2, "min_n": 7, "quorum_size": 5, "honest_in_quorum": 3, "safe": true}"#,
    );
    session.expect(
        r#"{"type": "bft_test_insufficient", "msg_id": 3, "n": 3, "f": 1}"#,
        r#"{"type": "bft_test_insufficient_ok", "in_reply_to": 3, "sufficient": false, "reason": "3 < 3*1+1 = 4", "attack_possible": true}"#,
    );
    for n in 1..=40 {
        for f in 0..=14 {
            let reply = session.ask(&json!({ "type": "bft_test_insufficient", "msg_id": 3, "n": n, "f": f }).to_string());
            assert_eq!(reply["sufficient"], n > 3 * f, "n {n}, f {f}: {reply}");
        }
    }
}

#[test]
fn task_14_phase_1_runs_once_and_again_after_a_change_of_leaders() {
    for nodes in [1, 3, 5] {
        let mut session = Session::of(nodes);
        session.expect(
            r#"{"type": "multi_paxos_propose", "msg_id": 1, "slot": 1, "value": "set x=1"}"#,
            r#"{"type": "multi_paxos_propose_ok", "in_reply_to": 1, "slot": 1, "phase1_skipped": false, "chosen": true, "value": "set x=1"}"#,
        );
        session.expect(
            r#"{"type": "multi_paxos_propose", "msg_id": 2, "slot": 2, "value": "set y=2"}"#,
            r#"{"type": "multi_paxos_propose_ok", "in_reply_to": 2, "slot": 2, "phase1_skipped": true, "chosen": true, "value": "set y=2"}"#,
        );
        session.expect(
            r#"{"type": "multi_paxos_log", "msg_id": 3}"#,
            r#"{"type": "multi_paxos_log_ok", "in_reply_to": 3, "log": [
                {"slot": 1, "value": "set x=1", "status": "chosen"}, {"slot": 2, "value": "set y=2", "status": "chosen"}
            ]}"#,
        );
        session.expect(
            r#"{"type": "multi_paxos_propose", "msg_id": 4, "slot": 1, "value": "another"}"#,
            r#"{"slot": 1, "chosen": true, "value": "set x=1"}"#,
        );
        assert_eq!(session.refuse(r#"{"type": "multi_paxos_propose", "msg_id": 5, "slot": 4, "value": "v"}"#).0, 12);
        session.expect(r#"{"type": "multi_paxos_depose", "msg_id": 6}"#, r#"{"deposed": true}"#);
        session.expect(
            r#"{"type": "multi_paxos_depose", "msg_id": 6}"#,
            r#"{"deposed": false, "reason": "it was deposed before, and has not led since"}"#,
        );
        session.expect(
            r#"{"type": "multi_paxos_propose", "msg_id": 7, "slot": 3, "value": "set z=3"}"#,
            r#"{"slot": 3, "phase1_skipped": false, "chosen": true, "value": "set z=3"}"#,
        );
    }
}

#[test]
fn task_14_a_node_that_does_not_lead_runs_phase_1_even_for_a_slot_that_is_chosen_and_cannot_be_deposed() {
    let mut session = Session::of(3);
    let depose = r#"{"type": "multi_paxos_depose", "msg_id": 2}"#;
    session.expect(depose, r#"{"deposed": false, "reason": "it has not led yet"}"#);
    session.ask(r#"{"type": "multi_paxos_propose", "msg_id": 1, "slot": 1, "value": "set x=1"}"#);
    session.expect(depose, r#"{"deposed": true}"#);
    let again = r#"{"type": "multi_paxos_propose", "msg_id": 3, "slot": 1, "value": "set x=9"}"#;
    session.expect(again, r#"{"slot": 1, "phase1_skipped": false, "chosen": true, "value": "set x=1"}"#);
    session.expect(again, r#"{"slot": 1, "phase1_skipped": true, "chosen": true, "value": "set x=1"}"#);
}

#[test]
fn task_15_a_multi_paxos_leader_finishes_open_slots_besides_phase_1() {
    let mut session = Session::of(1);
    let mut measure = |entries: u64| {
        let asked = json!({
            "type": "simulate_leader_change_cost", "msg_id": 3, "protocol": "multi_paxos", "uncommitted_entries": entries, "cluster_size": 5,
        });
        let reply = session.ask(&asked.to_string());
        (reply["measured"]["messages"].as_u64().unwrap(), reply["measured_batched"]["messages"].as_u64().unwrap())
    };
    let (none, some) = (measure(0), measure(50));
    assert!(none.0 <= 8, "phase 1 alone: {none:?}");
    assert!(some.0 > 200 && some.1 < 60, "{some:?}");
}

#[test]
fn task_15_heartbeats_in_the_measured_cost_are_told() {
    let mut session = Session::of(1);
    for (protocol, size) in [("raft", 2), ("raft", 5), ("multi_paxos", 2), ("multi_paxos", 5)] {
        let asked = json!({
            "type": "simulate_leader_change_cost", "msg_id": 3, "protocol": protocol, "uncommitted_entries": 50, "cluster_size": size,
        });
        let reply = session.ask(&asked.to_string());
        for measured in ["measured", "measured_batched"] {
            let of = |field: &str| reply[measured][field].as_u64().unwrap();
            // What is left is the election and what moves the log: a message and an answer for each server and each batch of entries, and the new leader's own entry.
            let batches = if measured == "measured" { 51 } else { 2 };
            assert!(of("messages") - of("heartbeats") <= (size - 1) * 2 * (batches + 2), "{protocol} {size}: {reply}");
        }
        assert!(reply["why_they_differ"].as_str().unwrap().contains("Heartbeats"), "{reply}");
    }
}

#[test]
fn task_17_four_replicas_carry_a_request_out_in_three_phases() {
    for nodes in [1, 4] {
        let mut session = Session::of(nodes);
        session.expect(
            r#"{"type": "pbft_request", "msg_id": 1, "operation": "set x=42", "client": "c1"}"#,
            r#"{"type": "pbft_request_ok", "in_reply_to": 1, "sequence_number": 1, "view": 0, "phase": "pre-prepare"}"#,
        );
        session.expect(
            r#"{"type": "pbft_status", "msg_id": 2, "sequence_number": 1}"#,
            r#"{"type": "pbft_status_ok", "in_reply_to": 2, "phase": "committed", "prepares_received": 3, "commits_received": 4, "executed": true}"#,
        );
        for (sequence, client) in (2..40).zip(["c1", "c2"].into_iter().cycle()) {
            let asked = json!({ "type": "pbft_request", "msg_id": 1, "operation": "set x=42", "client": client }).to_string();
            assert_eq!(session.ask(&asked)["sequence_number"], sequence);
        }
        session.expect(r#"{"type": "pbft_status", "msg_id": 2, "sequence_number": 2}"#, r#"{"executed": true, "commits_received": 4}"#);
        assert_eq!(session.refuse(r#"{"type": "pbft_status", "msg_id": 2, "sequence_number": 40}"#).0, 22);
    }
}

#[test]
fn task_18_a_backup_that_says_two_things_is_found_out_and_changes_nothing() {
    let mut session = Session::of(4);
    let example = r#"{"type": "simulate_equivocation", "msg_id": 1, "byzantine_node": "n2", "sequence": 1, "messages_sent": {
        "to_n1": {"prepare": {"value": "A"}}, "to_n3": {"prepare": {"value": "B"}}, "to_n4": {"prepare": {"value": "A"}}
    }}"#;
    session.expect(
        example,
        r#"{"type": "simulate_equivocation_ok", "in_reply_to": 1, "equivocation_detected": true,
            "evidence": {"node": "n2", "conflicting_values": ["A", "B"]}, "consensus_safe": true, "chosen_value": "A", "reason": "majority_agreed_on_A"}"#,
    );
    let report = r#"{"type": "equivocation_report", "msg_id": 2}"#;
    session.expect(
        report,
        r#"{"type": "equivocation_report_ok", "in_reply_to": 2, "byzantine_nodes_detected": ["n2"], "total_equivocations": 1}"#,
    );
    session.expect(&example.replace(r#""sequence": 1"#, r#""sequence": 5"#), r#"{"equivocation_detected": true, "chosen_value": "A"}"#);
    session.expect(report, r#"{"byzantine_nodes_detected": ["n2"], "total_equivocations": 2}"#);
    session.expect(&example.replace('B', "A"), r#"{"equivocation_detected": false, "evidence": null, "chosen_value": "A"}"#);
    session.expect(report, r#"{"total_equivocations": 2}"#);
    let three = example.replace(r#""to_n4": {"prepare": {"value": "A"}}"#, r#""to_n4": {"prepare": {"value": "C"}}"#);
    session.expect(&three, r#"{"equivocation_detected": true, "consensus_safe": true, "chosen_value": "A"}"#);
}

#[test]
fn task_20_a_round_is_voted_on() {
    let mut session = Session::of(4);
    let propose =
        r#"{"type": "tendermint_propose", "msg_id": 1, "round": 0, "proposer": "v1", "block": {"height": 1, "txs": ["tx1", "tx2"]}}"#;
    let reply = session.expect(propose, r#"{"type": "tendermint_propose_ok", "in_reply_to": 1, "round": 0, "is_proposers_turn": true}"#);
    let hash = reply["block_hash"].as_str().unwrap().to_owned();
    assert!(!hash.is_empty());
    let vote = |kind: &str, validator: &str, hash: &str| {
        json!({ "type": format!("tendermint_{kind}"), "msg_id": 2, "round": 0, "validator": validator, "block_hash": hash }).to_string()
    };
    session.expect(&vote("prevote", "n3", "another"), r#"{"prevotes_for_block": 1, "total_prevotes": 2, "threshold": 3}"#);
    // The example: the proposer and v2 have voted for the block, and somebody else for something else.
    session.expect(
        &vote("prevote", "v2", &hash),
        r#"{"type": "tendermint_prevote_ok", "in_reply_to": 2, "prevotes_for_block": 2, "total_prevotes": 3, "threshold": 3}"#,
    );
    let status = r#"{"type": "tendermint_status", "msg_id": 3, "round": 0}"#;
    session.expect(status, r#"{"phase": "prevote", "block_committed": false, "prevote_count": 2, "precommit_count": 0}"#);
    session.expect(&vote("prevote", "n4", &hash), r#"{"prevotes_for_block": 3, "total_prevotes": 4}"#);
    session.expect(&vote("precommit", "n1", &hash), r#"{"precommits_for_block": 1, "total_precommits": 1, "threshold": 3}"#);
    session.expect(&vote("precommit", "n2", &hash), r#"{"precommits_for_block": 2, "had_enough_prevotes": true}"#);
    session.expect(
        status,
        r#"{"type": "tendermint_status_ok", "in_reply_to": 3, "phase": "precommit", "block_committed": false, "prevote_count": 3, "precommit_count": 2}"#,
    );
    session.expect(&vote("precommit", "n4", &hash), r#"{"precommits_for_block": 3}"#);
    session.expect(status, r#"{"phase": "commit", "block_committed": true}"#);
}

#[test]
fn task_20_a_second_vote_of_a_validator_is_evidence_and_not_counted() {
    let mut session = Session::of(4);
    let vote =
        |hash: &str| json!({ "type": "tendermint_prevote", "msg_id": 2, "round": 1, "validator": "n2", "block_hash": hash }).to_string();
    session.expect(&vote("a"), r#"{"prevotes_for_block": 1, "total_prevotes": 1}"#);
    let again = session.expect(&vote("a"), r#"{"prevotes_for_block": 1, "total_prevotes": 1}"#);
    assert!(again.get("evidence").is_none());
    session.expect(
        &vote("b"),
        r#"{"prevotes_for_block": 0, "total_prevotes": 1, "evidence": {"validator": "n2", "first": "a", "second": "b"}}"#,
    );
    session.expect(&vote("nil"), r#"{"total_prevotes": 1, "evidence": {"validator": "n2", "first": "a", "second": null}}"#);
}
