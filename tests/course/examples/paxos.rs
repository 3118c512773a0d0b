//! Tasks 11 to 15: Paxos, Multi-Paxos, and Raft beside it.

use super::Session;
use serde_json::json;

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
    session.expect(
        r#"{"type": "paxos_chosen", "msg_id": 3}"#,
        r#"{"type": "paxos_chosen_ok", "value": null, "chosen_at_n": null}"#,
    );
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
    let of_n2 =
        r#"{"type": "paxos_accepted", "msg_id": 3, "accepted": true, "proposal_n": 5, "value": {"any": [1, null]}}"#;
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
            // What is left is the election and what moves the log: a message and an answer for each server and each
            // batch of entries, and the new leader's own entry.
            let batches = if measured == "measured" { 51 } else { 2 };
            assert!(of("messages") - of("heartbeats") <= (size - 1) * 2 * (batches + 2), "{protocol} {size}: {reply}");
        }
        assert!(reply["why_they_differ"].as_str().unwrap().contains("Heartbeats"), "{reply}");
    }
}
