//! Liars: what clients read after one, attacks that are tried, and the votes of Tendermint's validators.

use super::session::Session;
use serde_json::{Value, json};

#[test]
fn task_16_clients_read_what_nobody_wrote() {
    let demo = |session: &mut Session, algorithm: &str, liar: &str, behavior: &str| {
        let asked = json!({ "type": "cft_failure_demo", "msg_id": 3, "algorithm": algorithm, "byzantine_node": liar, "behavior": behavior });
        session.ask(&asked.to_string())
    };
    let mut session = Session::of(3);
    let reply = demo(&mut session, "raft", "n2", "equivocation");
    assert_eq!(
        (&reply["reads"], &reply["wrong_reads"]),
        (&json!({ "n1": "right", "n3": "wrong" }), &json!(["n3"])),
        "{reply}"
    );
    let reply = demo(&mut session, "raft", "n2", "wrong_value");
    assert_eq!(
        (&reply["reads"], &reply["wrong_reads"]),
        (&json!({ "n1": "wrong", "n3": "wrong" }), &json!(["n1", "n3"])),
        "{reply}"
    );
    let reply = demo(&mut session, "raft", "n2", "false_acknowledgement");
    assert_eq!(
        (&reply["reads"], &reply["wrong_reads"]),
        (&json!({ "n3": null }), &json!(["n3"])),
        "the write is gone: {reply}"
    );
    let reply = demo(&mut session, "raft", "n2", "silence");
    assert_eq!(
        (&reply["reads"], &reply["wrong_reads"]),
        (&json!({ "n1": "right", "n3": "right" }), &json!([])),
        "{reply}"
    );
    for behavior in ["equivocation", "wrong_value", "false_acknowledgement"] {
        let reply = demo(&mut session, "paxos", "n2", behavior);
        assert_eq!(
            (&reply["reads"], &reply["wrong_reads"]),
            (&json!({ "n1": "right", "n3": "wrong" }), &json!(["n3"])),
            "{reply}"
        );
    }
    let reply = demo(&mut session, "paxos", "n2", "silence");
    assert_eq!((&reply["reads"], &reply["wrong_reads"]), (&json!({ "n1": "right" }), &json!([])), "{reply}");
}

#[test]
fn task_16_a_cluster_of_two_is_filled_up_to_three() {
    let mut session = Session::of(3);
    session.ask(r#"{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1","b"]}"#);
    let asked =
        r#"{"type":"cft_failure_demo","msg_id":3,"algorithm":"raft","byzantine_node":"b","behavior":"silence"}"#;
    let reply = session.expect(asked, r#"{"value_correct":true}"#);
    assert_eq!(reply["held"].as_object().unwrap().keys().collect::<Vec<_>>(), ["b", "n1", "n2"]);
}

#[test]
fn task_17_a_service_has_more_clients_than_replicas_have_names() {
    let mut session = Session::of(4);
    for client in 1..=100 {
        let asked =
            json!({ "type": "pbft_request", "msg_id": 1, "operation": "set x=42", "client": format!("c{client}") });
        session.expect(&asked.to_string(), &json!({ "sequence_number": client }).to_string());
    }
    session.expect(
        r#"{"type":"pbft_status","msg_id":2,"sequence_number":100}"#,
        r#"{"executed":true,"commits_received":4}"#,
    );
}

#[test]
fn task_19_the_attack_succeeds_below_the_bound_and_nowhere_else() {
    let mut session = Session::of(1);
    for n in 2..=10u64 {
        for f in 0..n {
            let reply =
                session.ask(&json!({ "type": "bft_test_insufficient", "msg_id": 3, "n": n, "f": f }).to_string());
            if f == 0 || n - f < 2 {
                assert_eq!(reply["attack_tried"], Value::Null, "{reply}");
            } else {
                assert!(reply["attack_tried"].as_str().unwrap().contains("told"), "{reply}");
                assert_eq!(reply["attack_broke"].is_string(), n <= 3 * f, "n {n}, f {f}: {reply}");
            }
        }
    }
    let reply = session.ask(r#"{"type":"bft_test_insufficient","msg_id":3,"n":3,"f":1}"#);
    let tried = "quorums of 2; n1 told n2 one thing and n3 another, and these two could not talk to each other";
    assert_eq!(reply["attack_tried"], tried);
    let large = session.ask(r#"{"type":"bft_test_insufficient","msg_id":3,"n":30,"f":10}"#);
    assert_eq!((&large["attack_possible"], &large["attack_tried"]), (&json!(true), &Value::Null));
}

/// A cluster of four validators, and what is said to it.
struct Validators(Session);

impl Validators {
    fn new() -> Self {
        Self(Session::of(4))
    }

    fn propose(&mut self, round: u64, proposer: &str, height: u64) -> Value {
        let block = json!({ "height": height, "txs": [format!("{round} {proposer}")] });
        let asked =
            json!({ "type": "tendermint_propose", "msg_id": 1, "round": round, "proposer": proposer, "block": block });
        self.0.ask(&asked.to_string())
    }

    fn vote(&mut self, kind: &str, round: u64, validator: &str, block: &str) -> Value {
        let asked = json!({
            "type": format!("tendermint_{kind}"), "msg_id": 2, "round": round, "validator": validator, "block_hash": block,
        });
        self.0.ask(&asked.to_string())
    }

    fn votes(&mut self, kind: &str, round: u64, validators: &[&str], block: &str) {
        for validator in validators {
            self.vote(kind, round, validator, block);
        }
    }

    fn status(&mut self, round: u64) -> Value {
        self.0.ask(&json!({ "type": "tendermint_status", "msg_id": 3, "round": round }).to_string())
    }
}

#[test]
fn task_20_no_two_blocks_of_a_height_are_committed() {
    let mut cluster = Validators::new();
    cluster.votes("prevote", 0, &["n1", "n2", "n3"], "a");
    cluster.votes("precommit", 0, &["n1", "n2", "n3"], "a");
    assert_eq!(cluster.status(0)["block_committed"], true);
    for validator in ["n1", "n2", "n3"] {
        let reply = cluster.vote("prevote", 1, validator, "b");
        assert_eq!(reply["counted"], false);
        let lock = json!({ "locked_block": "a", "locked_round": 0, "voted_block": "b", "voted_round": 1 });
        assert_eq!((&reply["prevotes_for_block"], &reply["violates_lock"]), (&json!(0), &lock), "{reply}");
        cluster.vote("precommit", 1, validator, "b");
    }
    let reply = cluster.vote("prevote", 1, "n4", "b");
    assert_eq!((&reply["counted"], &reply["prevotes_for_block"]), (&json!(true), &json!(1)), "n4 is not locked");
    assert_eq!(cluster.status(1)["block_committed"], false);
    let reply = cluster.vote("prevote", 2, "n1", "a");
    assert_eq!(reply["counted"], true, "what it is locked on it may vote for: {reply}");
}

#[test]
fn task_20_prevotes_of_a_later_round_release_a_lock() {
    let mut cluster = Validators::new();
    cluster.votes("prevote", 0, &["n1", "n2", "n3"], "a");
    cluster.vote("precommit", 0, "n1", "a");
    assert_eq!(cluster.vote("prevote", 2, "n1", "b")["counted"], false, "it is locked on a");
    cluster.votes("prevote", 1, &["n2", "n3", "n4"], "b");
    let status = cluster.status(2);
    assert_eq!(status["prevote_count"], 1, "now the prevotes of round 1 are there, and what waited counts: {status}");
    let reply = cluster.vote("precommit", 1, "n1", "b");
    assert_eq!(reply["counted"], true, "with the prevotes of its own round it may precommit: {reply}");
}

#[test]
fn task_20_a_precommit_waits_for_the_prevotes_that_it_rests_on() {
    let mut cluster = Validators::new();
    let reply = cluster.vote("precommit", 0, "n1", "a");
    let waits = json!({ "counted": false, "had_enough_prevotes": false, "precommits_for_block": 0 });
    assert!(waits.as_object().unwrap().iter().all(|(field, value)| reply[field] == *value), "{reply}");
    cluster.votes("prevote", 0, &["n1", "n2", "n3"], "a");
    assert_eq!(cluster.status(0)["precommit_count"], 1);
    assert_eq!(cluster.vote("precommit", 0, "n1", "a")["precommits_for_block"], 1, "once, however often it comes");
    let reply = cluster.vote("precommit", 0, "n1", "b");
    assert_eq!(reply["evidence"], json!({ "validator": "n1", "first": "a", "second": "b" }));
}

#[test]
fn task_20_each_height_has_rounds_of_its_own_and_nobody_is_accused_for_that() {
    let mut cluster = Validators::new();
    let first = cluster.propose(0, "n1", 1);
    let hash = first["block_hash"].as_str().unwrap().to_owned();
    cluster.votes("prevote", 0, &["n2", "n3"], &hash);
    cluster.votes("precommit", 0, &["n1", "n2", "n3"], &hash);
    assert_eq!(cluster.status(0)["block_committed"], true);
    let second = cluster.propose(0, "n1", 2);
    assert!(second.get("evidence").is_none() && second["block_hash"] != first["block_hash"], "{second}");
    assert_eq!(second["is_proposers_turn"], false, "at height 2 it is the turn of n2");
    let status = cluster.status(0);
    assert_eq!(
        (&status["height"], &status["prevote_count"], &status["block_committed"]),
        (&json!(2), &json!(1), &json!(false))
    );
    let earlier = cluster.0.ask(r#"{"type":"tendermint_status","msg_id":3,"round":0,"height":1}"#);
    assert_eq!(earlier["block_committed"], true);
    assert_eq!(
        cluster.vote("precommit", 0, "n4", &hash)["precommits_for_block"],
        4,
        "a block is of the height at which it was proposed"
    );
}

#[test]
fn task_20_a_vote_that_comes_before_its_proposal_is_for_the_same_block() {
    let hash = Validators::new().propose(0, "n1", 1)["block_hash"].as_str().unwrap().to_owned();
    let mut cluster = Validators::new();
    cluster.vote("prevote", 0, "n2", &hash);
    assert!(cluster.propose(0, "n1", 1).get("evidence").is_none());
    cluster.votes("prevote", 0, &["n3"], &hash);
    assert_eq!(cluster.vote("prevote", 0, "n4", &hash)["prevotes_for_block"], 4);
    let again = cluster.vote("prevote", 0, "n2", &hash);
    assert!(again.get("evidence").is_none() && again["prevotes_for_block"] == 4, "{again}");
}

#[test]
fn task_20_two_proposals_in_one_round_are_evidence_and_a_vote_for_nil_before_is_not() {
    let mut cluster = Validators::new();
    cluster.vote("prevote", 0, "n1", "nil");
    let first = cluster.propose(0, "n1", 1);
    assert!(first.get("evidence").is_none(), "{first}");
    let asked =
        r#"{"type":"tendermint_propose","msg_id":1,"round":0,"proposer":"n1","block":{"height":1,"txs":["another"]}}"#;
    let second = cluster.0.ask(asked);
    assert_eq!(second["evidence"]["validator"], "n1");
    assert_eq!(second["evidence"]["second"], second["block_hash"]);
}

#[test]
fn task_20_prevotes_for_nil_end_the_prevotes() {
    let mut cluster = Validators::new();
    cluster.votes("prevote", 0, &["n1", "n2"], "nil");
    assert_eq!(cluster.status(0)["phase"], "prevote");
    cluster.vote("prevote", 0, "n3", "nil");
    assert_eq!(cluster.status(0)["phase"], "precommit");
    cluster.votes("precommit", 0, &["n1", "n2", "n3", "n4"], "nil");
    assert_eq!(
        (&cluster.status(0)["phase"], &cluster.status(0)["block_committed"]),
        (&json!("precommit"), &json!(false))
    );
}

#[test]
fn task_20_only_so_much_is_kept() {
    let mut cluster = Validators::new();
    let long = json!({ "type": "tendermint_prevote", "msg_id": 2, "round": 0, "validator": "n1", "block_hash": "h".repeat(1 << 20) });
    let (code, text) = cluster.0.refuse(&long.to_string());
    assert_eq!((code, text.as_str()), (12, "block_hash: at most 256 bytes"));
    let kept = (0..10_000u64).take_while(|&round| cluster.vote("prevote", round, "n1", "a")["type"] != "error").count();
    assert!((1_000..10_000).contains(&kept), "{kept}");
    assert_eq!(cluster.vote("prevote", 0, "n1", "a")["counted"], true, "what is kept already is no more");
}

/// What a cluster says of each round after votes in this order: which block is committed, and what counts.
fn after(votes: &[(&str, u64, &str, &str)]) -> Vec<Value> {
    let mut cluster = Validators::new();
    for (kind, round, validator, block) in votes {
        cluster.vote(kind, *round, validator, block);
    }
    (0..3)
        .map(|round| cluster.status(round))
        .map(|status| {
            json!({
                "committed": status["block_committed"], "block": status["block_hash"], "phase": status["phase"],
                "prevotes": status["prevote_count"], "precommits": status["precommit_count"],
            })
        })
        .collect()
}

#[test]
fn task_20_precommits_of_two_thirds_decide_before_any_prevote_has_come() {
    let mut cluster = Validators::new();
    cluster.votes("precommit", 0, &["n1", "n2"], "a");
    assert_eq!(
        (&cluster.status(0)["block_committed"], &cluster.status(0)["precommit_count"]),
        (&json!(false), &json!(0))
    );
    let reply = cluster.vote("precommit", 0, "n3", "a");
    let expected = json!({ "counted": true, "had_enough_prevotes": false, "precommits_for_block": 3 });
    assert!(expected.as_object().unwrap().iter().all(|(field, value)| reply[field] == *value), "{reply}");
    assert_eq!((&cluster.status(0)["block_committed"], &cluster.status(0)["phase"]), (&json!(true), &json!("commit")));
}

#[test]
fn task_20_a_decision_does_not_depend_on_the_order_of_arrival() {
    // n1 lies: it is locked on a, and prevotes b later. The others are honest; n4 sees nothing of round 0, and prevotes
    // nil.
    let votes = [
        ("prevote", 0, "n1", "a"),
        ("prevote", 0, "n2", "a"),
        ("prevote", 0, "n3", "a"),
        ("prevote", 0, "n4", "nil"),
        ("precommit", 0, "n1", "a"),
        ("precommit", 0, "n2", "a"),
        ("precommit", 0, "n3", "a"),
        ("precommit", 0, "n4", "nil"),
        ("prevote", 1, "n1", "b"),
        ("prevote", 1, "n4", "b"),
        ("precommit", 1, "n1", "b"),
    ];
    let expected = after(&votes);
    assert_eq!(expected[0]["committed"], true);
    assert_eq!(
        (&expected[1]["prevotes"], &expected[1]["precommits"]),
        (&json!(1), &json!(0)),
        "n1 keeps to no lock: {expected:?}"
    );
    let mut order = votes;
    let mut draws = consensus_playground::sim::random::Stream::new(1, 20);
    for _ in 0..300 {
        for place in (1..order.len()).rev() {
            order.swap(place, draws.between(0, place as u64) as usize);
        }
        assert_eq!(after(&order), expected, "{order:?}");
    }
}

#[test]
fn task_20_a_second_quorum_for_another_block_is_told_and_decides_nothing() {
    let mut cluster = Validators::new();
    cluster.votes("precommit", 1, &["n1", "n2", "n3"], "b");
    cluster.votes("prevote", 0, &["n1", "n2", "n3"], "a");
    cluster.votes("precommit", 0, &["n1", "n2", "n3"], "a");
    assert_eq!(cluster.status(1)["block_committed"], true);
    let status = cluster.status(0);
    let contradicted = json!({ "decided_block": "b", "decided_round": 1 });
    assert_eq!(
        (&status["block_committed"], &status["contradicts_decision"]),
        (&json!(false), &contradicted),
        "{status}"
    );
}

#[test]
fn task_16_even_clusters_lose_the_write_to_a_false_acknowledgement_as_odd_ones_do() {
    for nodes in 3..=9 {
        let mut session = Session::of(nodes);
        let asked = r#"{"type":"cft_failure_demo","msg_id":3,"algorithm":"raft","byzantine_node":"n2","behavior":"false_acknowledgement"}"#;
        let reply = session.expect(
            asked,
            r#"{"consensus_reached":true,"value_correct":false,"reason":"raft_trusted_byzantine_node_response"}"#,
        );
        let reads = reply["reads"].as_object().unwrap();
        assert!(
            reads.len() == nodes - 2 && reads.values().all(Value::is_null),
            "everybody but the liar and the leader that is gone: {reply}"
        );
    }
}
