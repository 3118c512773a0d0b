//! Bad input: an error reply or a remark, and the node goes on.

use super::session::{Session, messages};
use consensus_playground::course::{LINE_BYTES_MAX, Line, Node, Settings, kinds};
use consensus_playground::sim::random::Stream;
use serde_json::json;

fn remark(line: &str) -> String {
    let mut node = Session::of(1).node;
    let mut lines = node.handle_line(line);
    assert_eq!(lines.len(), 1, "{lines:?}");
    let Line::Diagnostic(text) = lines.remove(0) else { panic!("{line} is answered") };
    assert_eq!(
        messages(node.handle_line(r#"{"src":"c","dest":"n1","body":{"type":"echo","msg_id":1,"echo":1}}"#)).len(),
        1,
        "it goes on"
    );
    text
}

#[test]
fn what_is_no_message_gets_a_remark() {
    assert!(remark("{").starts_with("not JSON: "));
    assert!(remark("[1]").starts_with("not a message: "));
    assert!(remark(r#"{"dest":"n1","body":{"type":"echo"}}"#).contains("missing field `src`"));
    assert!(remark(r#"{"src":"c0","body":{"type":"echo"}}"#).contains("missing field `dest`"));
    assert!(remark(r#"{"src":"c0","dest":"n1"}"#).contains("missing field `body`"));
    assert!(remark(r#"{"src":"c0","dest":"n1","body":{}}"#).contains("missing field `type`"));
    assert!(remark(r#"{"src":"c0","dest":"n1","body":{"type":7}}"#).contains("body.type"));
    assert!(remark(r#"{"src":7,"dest":"n1","body":{"type":"echo"}}"#).contains("src"));
    assert!(
        remark(r#"{"src":"c0","dest":"n9","body":{"type":"echo","msg_id":1,"echo":1}}"#)
            .contains("is left out: this is n1")
    );
    assert!(remark(&"[".repeat(1_000_000)).contains("recursion limit"));
    assert!(remark(&"x".repeat(10 << 20)).contains(&LINE_BYTES_MAX.to_string()));
}

#[test]
fn numbers_that_64_bits_hold_come_back_as_they_were_and_digits_in_a_text_are_no_number() {
    let mut session = Session::of(1);
    let asked = r#"{"type":"echo","msg_id":2,"echo":[18446744073709551615,-9223372036854775808,1.5e300,"123456789012345678901234567890"]}"#;
    session.expect(
        asked,
        asked.replace(r#""type":"echo","#, r#""type":"echo_ok","#).replace(r#""msg_id":2,"#, "").as_str(),
    );
}

#[test]
fn a_number_that_is_not_kept_is_error_12_and_never_silence() {
    for number in [
        "123456789012345678901234567890",
        "-9223372036854775809",
        "18446744073709551616",
        "1e400",
        "0.12345678901234567890",
    ] {
        let ask = |dest: &str, body: &str| {
            messages(Session::of(1).node.handle_line(&format!(r#"{{"src":"c0","dest":"{dest}","body":{body}}}"#)))
        };
        let echo = format!(r#"{{"type":"echo","msg_id":7,"echo":["\\\"1",{number}]}}"#);
        let [reply] = &ask("n1", &echo)[..] else { panic!("{number} is not answered") };
        let body = &reply["body"];
        assert_eq!(
            (&reply["dest"], &body["code"], &body["in_reply_to"]),
            (&json!("c0"), &json!(12), &json!(7)),
            "{reply}"
        );
        assert!(body["text"].as_str().unwrap().starts_with(&format!("echo[1]: {number} ")), "{reply}");
        assert!(ask("n9", &echo).is_empty(), "it is for another node");
        let [reply] = &ask("n1", &format!(r#"{{"type":"write","msg_id":{number},"key":"x","value":1}}"#))[..] else {
            panic!("{number}")
        };
        assert!(
            reply["body"]["text"].as_str().unwrap().starts_with("msg_id: ")
                && reply["body"].get("in_reply_to").is_none(),
            "{reply}"
        );
    }
}

#[test]
fn an_unknown_type_is_error_10_and_so_is_a_request_before_init() {
    let mut session = Session::of(1);
    assert_eq!(session.refuse(r#"{"type":"make_coffee","msg_id":1}"#).0, 10);
    let mut node = Node::new(Settings::default());
    let lines = messages(node.handle_line(r#"{"src":"c0","dest":"n1","body":{"type":"get_state","msg_id":1}}"#));
    assert_eq!(lines[0]["body"]["code"], 10);
}

#[test]
fn a_malformed_body_is_error_12_and_names_the_field() {
    let mut session = Session::of(3);
    for (body, field) in [
        (r#"{"type":"paxos_prepare","msg_id":1}"#, "proposal_n"),
        (r#"{"type":"paxos_prepare","msg_id":1,"proposal_n":"5"}"#, "proposal_n"),
        (r#"{"type":"paxos_prepare","msg_id":1,"proposal_n":-1}"#, "proposal_n"),
        (r#"{"type":"paxos_prepare","msg_id":1,"proposal_n":1.5}"#, "proposal_n"),
        (r#"{"type":"paxos_prepare","msg_id":1,"proposal_n":18446744073709551615}"#, "proposal_n"),
        (r#"{"type":"paxos_prepare","msg_id":"one","proposal_n":1}"#, "msg_id"),
        (
            r#"{"type":"raft_append","msg_id":1,"entry":{"term":1,"command":{"op":"fly","key":"x"}}}"#,
            "entry.command.op",
        ),
        (
            r#"{"type":"raft_append","msg_id":1,"entry":{"term":1,"command":{"op":"set","key":"x"}}}"#,
            "entry.command.value",
        ),
        (r#"{"type":"raft_append","msg_id":1,"entry":{"term":0,"command":{"op":"set","key":"x","value":1}}}"#, "term"),
        (r#"{"type":"raft_append","msg_id":1,"entry":{"command":{}}}"#, "entry"),
        (r#"{"type":"check_commit","msg_id":1,"log_length":1,"match_indices":{},"current_term":1}"#, "match_indices"),
        (
            r#"{"type":"check_commit","msg_id":1,"log_length":1,"match_indices":{"n1":"x"},"current_term":1}"#,
            "match_indices.n1",
        ),
        (
            r#"{"type":"partition_test","msg_id":1,"cluster_size":1000000000,"operations":1,"partition_after_op":0,"heal_after_op":1}"#,
            "cluster_size",
        ),
        (
            r#"{"type":"partition_test","msg_id":1,"cluster_size":3,"operations":1000000000,"partition_after_op":0,"heal_after_op":1}"#,
            "operations",
        ),
        (
            r#"{"type":"partition_test","msg_id":1,"cluster_size":3,"operations":10,"partition_after_op":5,"heal_after_op":1}"#,
            "partition_after_op",
        ),
        (
            r#"{"type":"simulate_leader_change_cost","msg_id":1,"protocol":"raft","uncommitted_entries":1,"cluster_size":1000000000}"#,
            "cluster_size",
        ),
        (
            r#"{"type":"simulate_leader_change_cost","msg_id":1,"protocol":"vsr","uncommitted_entries":1,"cluster_size":3}"#,
            "protocol",
        ),
        (
            r#"{"type":"paxos_safety_test","msg_id":1,"nodes":1000000000,"chosen_value":"v","chosen_at_n":1,"new_proposal_n":2}"#,
            "nodes",
        ),
        (r#"{"type":"bft_threshold","msg_id":1,"f":1000000000}"#, "f: "),
        (
            r#"{"type":"verify_linearizability","msg_id":1,"history":[{"op":"read","key":"x","value":1},{"op":"jump","key":"x"}]}"#,
            "history[1].op",
        ),
        (
            r#"{"type":"append_entries","msg_id":1,"term":1,"leader_id":"n1","prev_log_index":0,"prev_log_term":0,"entries":[],"leader_commit":0}"#,
            "leader_id",
        ),
        (
            r#"{"type":"append_entries","msg_id":1,"term":1,"leader_id":"n2","prev_log_index":0,"prev_log_term":0,"entries":[{"term":1,"index":2,"command":{"op":"noop"}}],"leader_commit":0}"#,
            "entries[0].index",
        ),
        (r#"{"type":"init","msg_id":1,"node_id":"n1","node_ids":[]}"#, "node_ids"),
        (r#"{"type":"init","msg_id":1,"node_id":"n9","node_ids":["n1"]}"#, "node_id"),
        (r#"{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1","n1"]}"#, "node_ids[1]"),
        (r#"{"type":"wait","msg_id":1,"duration_ms":9007199254740991}"#, "duration_ms"),
    ] {
        let (code, text) = session.refuse(body);
        assert_eq!(code, 12, "{body}: {text}");
        assert!(text.contains(field), "{body}: {text}");
    }
}

#[test]
fn the_largest_numbers_do_no_harm() {
    let most = consensus_playground::course::NUMBER_MAX;
    for kind in kinds() {
        let mut session = Session::of(3);
        let body = json!({
            "type": kind.name, "msg_id": u64::MAX, "term": most, "new_term": most, "commit_index": most, "prev_log_index": most,
            "prev_log_term": most, "leader_commit": most, "last_log_index": most, "last_log_term": most, "match_index": most,
            "snapshot_index": most, "snapshot_term": most, "proposal_n": most, "noop_index": most, "threshold": most, "seq": most,
            "candidate_id": "n2", "leader_id": "n2", "entries": [], "log": [], "state": {}, "success": true, "vote_granted": true,
            "accepted": true, "value": null, "key": "x", "client_id": "c", "new_leader": "n2", "from": 1, "to": 2, "nodes": 3,
            "chosen_value": "v", "chosen_at_n": most - 1, "new_proposal_n": most, "n": 3, "f": most, "duration_ms": most,
            "entry": {"term": most, "command": {"op": "set", "key": "x", "value": most}},
        });
        for src in ["c0", "n2"] {
            for reply in session.say_from(src, &body.to_string()) {
                let answers = reply["body"]["type"].as_str().unwrap();
                assert!(answers == "error" || !answers.is_empty() && reply["dest"] == src, "{body}: {reply}");
                assert!(
                    reply["body"]["code"].as_u64().is_none_or(|code| [0, 10, 11, 12, 20, 22].contains(&code)),
                    "{body}: {reply}"
                );
            }
            let term = session.ask(r#"{"type":"commit_status","msg_id":1}"#)["term"].as_u64().unwrap();
            assert!(term <= most + 2, "{body}: no term but those that were named, and one more for each timeout");
            session.say_from(src, r#"{"type":"trigger_election_timeout","msg_id":1}"#);
            session.say_from(
                src,
                r#"{"type":"raft_append","msg_id":1,"entry":{"term":9007199254740991,"command":{"op":"set","key":"x","value":1}}}"#,
            );
            session.say_from(src, r#"{"type":"write","msg_id":1,"key":"x","value":1}"#);
        }
    }
}

#[test]
fn random_bytes_never_stop_a_node() {
    let mut stream = Stream::new(1, 99);
    let mut node = Node::new(Settings { show_peers: true });
    for _ in 0..20_000 {
        let length = stream.between(0, 80);
        let bytes: Vec<u8> = (0..length).map(|_| stream.between(0, 255) as u8).collect();
        node.handle_line(&String::from_utf8_lossy(&bytes));
    }
    assert_eq!(messages(node.handle_line(r#"{"src":"c0","dest":"n1","body":{"type":"echo","msg_id":1}}"#)).len(), 1);
}

/// Bodies made of the protocol's own words with wrong values, in any order, against one node.
#[test]
fn random_requests_never_stop_a_node() {
    let mut stream = Stream::new(2, 99);
    let names: Vec<&str> = kinds().map(|kind| kind.name).filter(|name| *name != "partition_test").collect();
    let fields = [
        "term",
        "new_term",
        "commit_index",
        "prev_log_index",
        "prev_log_term",
        "leader_commit",
        "last_log_index",
        "last_log_term",
        "match_index",
        "snapshot_index",
        "snapshot_term",
        "proposal_n",
        "noop_index",
        "threshold",
        "up_to_index",
        "seq",
        "duration_ms",
        "n",
        "f",
        "slot",
        "round",
        "sequence",
        "sequence_number",
    ];
    let words = ["n1", "n2", "n3", "nobody", "a"];
    let mut node = Session::with(3, Settings { show_peers: true }).node;
    for count in 0..20_000u64 {
        let mut entries = Vec::new();
        let first = stream.between(0, 4);
        for place in 0..stream.between(0, 3) {
            let op = ["put", "get", "delete", "noop", "cas"][stream.between(0, 4) as usize];
            entries.push(json!({
                "index": first + place, "term": stream.between(0, 4), "command": {"op": op, "key": "x", "value": count, "from": null, "to": 1},
            }));
        }
        let mut body = json!({
            "type": names[stream.between(0, names.len() as u64 - 1) as usize], "msg_id": count, "success": stream.between(0, 1) == 1,
            "vote_granted": true, "accepted": true, "value": count, "key": "x", "from": 1, "to": 2, "echo": 1, "state": {"x": 1},
            "entry": {"term": stream.between(0, 9), "command": {"op": "set", "key": "x", "value": count}}, "new_leader": "n2",
            "log": entries.clone(), "entries": entries, "node_id": "n1", "node_ids": ["n1", "n2", "n3"], "blocked": ["n2"],
        });
        for field in ["candidate_id", "leader_id", "client_id"] {
            body[field] = json!(words[stream.between(0, 4) as usize]);
        }
        for field in fields {
            if stream.between(0, 9) > 0 {
                body[field] = json!(stream.between(0, 9));
            }
        }
        let src = words[stream.between(0, 4) as usize];
        let lines = node.handle_line(&json!({ "src": src, "dest": "n1", "body": body }).to_string());
        assert!(lines.iter().all(|line| !matches!(line, Line::Out(text) if text.len() > 1 << 20)));
    }
}
