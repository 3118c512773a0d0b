//! Tasks 16 to 20: liars, PBFT and Tendermint.

use super::Session;
use serde_json::json;

#[test]
fn task_16_faults_and_examples() {
    let mut session = Session::of(1);
    session.expect(
        r#"{"type": "classify_fault", "msg_id": 1, "scenario": "node_sends_different_values_to_different_peers"}"#,
        r#"{"type": "classify_fault_ok", "in_reply_to": 1, "fault_type": "byzantine", "cft_handles": false, "bft_handles": true, "example": "equivocation attack"}"#,
    );
    for (scenario, kind) in
        [("node_stops_responding", "crash"), ("message_lost", "omission"), ("node_lies_about_its_log", "byzantine")]
    {
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
            let reply =
                session.ask(&json!({ "type": "bft_test_insufficient", "msg_id": 3, "n": n, "f": f }).to_string());
            assert_eq!(reply["sufficient"], n > 3 * f, "n {n}, f {f}: {reply}");
        }
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
            let asked =
                json!({ "type": "pbft_request", "msg_id": 1, "operation": "set x=42", "client": client }).to_string();
            assert_eq!(session.ask(&asked)["sequence_number"], sequence);
        }
        session.expect(
            r#"{"type": "pbft_status", "msg_id": 2, "sequence_number": 2}"#,
            r#"{"executed": true, "commits_received": 4}"#,
        );
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
    session.expect(
        &example.replace(r#""sequence": 1"#, r#""sequence": 5"#),
        r#"{"equivocation_detected": true, "chosen_value": "A"}"#,
    );
    session.expect(report, r#"{"byzantine_nodes_detected": ["n2"], "total_equivocations": 2}"#);
    session.expect(
        &example.replace('B', "A"),
        r#"{"equivocation_detected": false, "evidence": null, "chosen_value": "A"}"#,
    );
    session.expect(report, r#"{"total_equivocations": 2}"#);
    let three = example.replace(r#""to_n4": {"prepare": {"value": "A"}}"#, r#""to_n4": {"prepare": {"value": "C"}}"#);
    session.expect(&three, r#"{"equivocation_detected": true, "consensus_safe": true, "chosen_value": "A"}"#);
}

#[test]
fn task_20_a_round_is_voted_on() {
    let mut session = Session::of(4);
    let propose = r#"{"type": "tendermint_propose", "msg_id": 1, "round": 0, "proposer": "v1", "block": {"height": 1, "txs": ["tx1", "tx2"]}}"#;
    let reply = session.expect(
        propose,
        r#"{"type": "tendermint_propose_ok", "in_reply_to": 1, "round": 0, "is_proposers_turn": true}"#,
    );
    let hash = reply["block_hash"].as_str().unwrap().to_owned();
    assert!(!hash.is_empty());
    let vote = |kind: &str, validator: &str, hash: &str| {
        json!({ "type": format!("tendermint_{kind}"), "msg_id": 2, "round": 0, "validator": validator, "block_hash": hash }).to_string()
    };
    session
        .expect(&vote("prevote", "n3", "another"), r#"{"prevotes_for_block": 1, "total_prevotes": 2, "threshold": 3}"#);
    // The example: the proposer and v2 have voted for the block, and somebody else for something else.
    session.expect(
        &vote("prevote", "v2", &hash),
        r#"{"type": "tendermint_prevote_ok", "in_reply_to": 2, "prevotes_for_block": 2, "total_prevotes": 3, "threshold": 3}"#,
    );
    let status = r#"{"type": "tendermint_status", "msg_id": 3, "round": 0}"#;
    session
        .expect(status, r#"{"phase": "prevote", "block_committed": false, "prevote_count": 2, "precommit_count": 0}"#);
    session.expect(&vote("prevote", "n4", &hash), r#"{"prevotes_for_block": 3, "total_prevotes": 4}"#);
    session.expect(
        &vote("precommit", "n1", &hash),
        r#"{"precommits_for_block": 1, "total_precommits": 1, "threshold": 3}"#,
    );
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
    let vote = |hash: &str| {
        json!({ "type": "tendermint_prevote", "msg_id": 2, "round": 1, "validator": "n2", "block_hash": hash })
            .to_string()
    };
    session.expect(&vote("a"), r#"{"prevotes_for_block": 1, "total_prevotes": 1}"#);
    let again = session.expect(&vote("a"), r#"{"prevotes_for_block": 1, "total_prevotes": 1}"#);
    assert!(again.get("evidence").is_none());
    session.expect(
        &vote("b"),
        r#"{"prevotes_for_block": 0, "total_prevotes": 1, "evidence": {"validator": "n2", "first": "a", "second": "b"}}"#,
    );
    session.expect(
        &vote("nil"),
        r#"{"total_prevotes": 1, "evidence": {"validator": "n2", "first": "a", "second": null}}"#,
    );
}
