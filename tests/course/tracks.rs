//! The node's own Raft core: elections, replication, the store; what is printed to peers.

use super::session::Session;
use consensus_playground::course::Settings;
use serde_json::{Value, json};

#[test]
fn a1_every_node_starts_as_follower_in_term_0() {
    Session::of(3).expect(
        r#"{"type":"get_state","msg_id":2}"#,
        r#"{"type":"state_reply","state":"follower","term":0,"msg_id":1}"#,
    );
}

#[test]
fn a2_a_leader_that_waits_sends_heartbeats_numbered_after_the_replies() {
    for wait in [50, 100, 1_000] {
        let mut session = Session::of(3);
        session.expect(
            r#"{"type":"become_leader","msg_id":2,"term":1}"#,
            r#"{"type":"become_leader_ok","msg_id":1,"in_reply_to":2}"#,
        );
        let lines = session.say_from("c0", &json!({ "type": "wait", "msg_id": 3, "duration_ms": wait }).to_string());
        let shown: Vec<(&Value, &Value, &Value)> =
            lines.iter().map(|line| (&line["dest"], &line["body"]["msg_id"], &line["body"]["entries"])).collect();
        assert_eq!(shown, [(&json!("n2"), &json!(2), &json!([])), (&json!("n3"), &json!(3), &json!([]))]);
        assert!(lines.iter().all(|line| line["body"]["type"] == "append_entries" && line["body"]["leader_id"] == "n1"));
    }
}

#[test]
fn a2_a_follower_that_waits_too_long_stands_for_election() {
    let mut session = Session::of(3);
    assert!(session.say_from("c0", r#"{"type":"wait","msg_id":3,"duration_ms":300}"#).is_empty());
    assert_eq!(session.ask(r#"{"type":"get_state","msg_id":4}"#)["state"], "candidate");
}

#[test]
fn a3_election_timeouts_are_random_between_150_and_300_ms() {
    let mut session = Session::of(3);
    let mut ask = || session.ask(r#"{"type":"get_election_timeout","msg_id":2}"#)["timeout_ms"].as_u64().unwrap();
    let timeouts: Vec<u64> = (0..50).map(|_| ask()).collect();
    assert!(timeouts.iter().all(|timeout| (150..=300).contains(timeout)), "{timeouts:?}");
    assert!(timeouts.iter().max().unwrap() - timeouts.iter().min().unwrap() > 50, "{timeouts:?}");
}

#[test]
fn a4_a_vote_is_given_once_in_a_term() {
    let mut session = Session::of(3);
    let mut ask = |term: u64, candidate: &str| {
        let asked = json!({
            "type": "request_vote", "msg_id": 2, "term": term, "candidate_id": candidate, "last_log_index": 0, "last_log_term": 0,
        });
        let reply = session.ask(&asked.to_string());
        (reply["term"].as_u64().unwrap(), reply["vote_granted"].as_bool().unwrap())
    };
    assert_eq!(ask(1, "n2"), (1, true));
    assert_eq!(ask(1, "n3"), (1, false), "the vote is given");
    assert_eq!(ask(1, "n2"), (1, true), "the same candidate asks again");
    assert_eq!(ask(3, "n3"), (3, true));
    assert_eq!(ask(2, "n2"), (3, false), "an old term is told the new one");
}

#[test]
fn a5_a_timeout_raises_the_term_at_once_and_no_vote_request_takes_a_number() {
    let mut session = Session::of(3);
    session.expect(
        r#"{"type":"trigger_election_timeout","msg_id":2}"#,
        r#"{"type":"trigger_election_timeout_ok","msg_id":1}"#,
    );
    session.expect(r#"{"type":"get_state","msg_id":3}"#, r#"{"state":"candidate","term":1,"msg_id":2}"#);
    session.ask(r#"{"type":"trigger_election_timeout","msg_id":4}"#);
    session.expect(r#"{"type":"get_state","msg_id":5}"#, r#"{"state":"candidate","term":2,"msg_id":4}"#);
    session.ask(r#"{"type":"append_entries","msg_id":6,"term":2,"leader_id":"n2","prev_log_index":0,"prev_log_term":0,"entries":[],"leader_commit":0}"#);
    session.expect(r#"{"type":"get_state","msg_id":7}"#, r#"{"state":"follower","term":2}"#);
}

#[test]
fn a_candidate_leads_when_a_peer_votes_for_it() {
    let mut session = Session::of(3);
    session.ask(r#"{"type":"trigger_election_timeout","msg_id":2}"#);
    assert!(session.say_from("n3", r#"{"type":"request_vote_ok","msg_id":9,"term":1,"vote_granted":true}"#).is_empty());
    session.expect(r#"{"type":"get_state","msg_id":3}"#, r#"{"state":"leader","term":1}"#);
}

#[test]
fn task_5_set_term_leaves_the_vote_free_and_a_candidate_that_is_behind_gets_none() {
    let mut session = Session::of(3);
    session.expect(r#"{"type":"set_term","msg_id":2,"term":3}"#, r#"{"type":"set_term_ok"}"#);
    session.expect(
        r#"{"type":"request_vote","msg_id":3,"term":3,"candidate_id":"n2","last_log_index":0,"last_log_term":0}"#,
        r#"{"type":"request_vote_ok","in_reply_to":3,"term":3,"vote_granted":true}"#,
    );
    session.ask(
        r#"{"type":"append_entries","msg_id":4,"term":4,"leader_id":"n2","prev_log_index":0,"prev_log_term":0,"leader_commit":0,"entries":[
            {"term":2,"index":1,"command":{"op":"set","key":"x","value":1}}, {"term":4,"index":2,"command":{"op":"set","key":"x","value":2}}]}"#,
    );
    let mut ask = |term: u64, index: u64, last: u64| {
        let asked = json!({
            "type": "request_vote", "msg_id": 5, "term": term, "candidate_id": "n3", "last_log_index": index, "last_log_term": last,
        });
        session.ask(&asked.to_string())["vote_granted"].as_bool().unwrap()
    };
    assert!(!ask(5, 9, 3), "a longer log of an older term is behind");
    assert!(!ask(6, 1, 4), "a shorter log of the same term is behind");
    assert!(ask(7, 2, 4));
    assert!(ask(8, 1, 5));
}

#[test]
fn task_1_entries_get_places_from_1_on() {
    let mut session = Session::of(3);
    for index in 1..=3 {
        let asked = json!({
            "type": "raft_append", "msg_id": index, "entry": {"term": 1, "command": {"op": "set", "key": "x", "value": index}},
        });
        session.expect(
            &asked.to_string(),
            &json!({ "type": "raft_append_ok", "index": index, "msg_id": index }).to_string(),
        );
    }
    session.expect(
        r#"{"type":"commit_status","msg_id":9}"#,
        r#"{"type":"commit_status_ok","commit_index":0,"last_log_index":3,"term":1}"#,
    );
}

#[test]
fn task_3_the_leader_commits_what_a_majority_acknowledges_and_only_of_its_term() {
    let mut session = Session::of(5);
    let append = |term: u64| {
        json!({ "type": "raft_append", "msg_id": 1, "entry": {"term": term, "command": {"op": "set", "key": "x", "value": term}} })
            .to_string()
    };
    let acknowledge = |session: &mut Session, peer: &str, index: u64| {
        let reply =
            json!({ "type": "append_entries_ok", "msg_id": 7, "success": true, "match_index": index }).to_string();
        assert!(session.say_from(peer, &reply).is_empty());
        session.ask(r#"{"type":"commit_status","msg_id":9}"#)["commit_index"].as_u64().unwrap()
    };
    session.ask(&append(1));
    assert_eq!(acknowledge(&mut session, "n2", 1), 0);
    session.ask(&append(2));
    assert_eq!(acknowledge(&mut session, "n2", 1), 0);
    assert_eq!(acknowledge(&mut session, "n3", 1), 0, "a majority has entry 1, but it is of an earlier term");
    assert_eq!(acknowledge(&mut session, "n2", 2), 0);
    assert_eq!(acknowledge(&mut session, "n3", 2), 2, "entry 2 is of the leader's term, and commits the one before it");
}

#[test]
fn task_2_a_follower_appends_on_a_match_and_cuts_its_conflicting_tail() {
    let mut session = Session::of(3);
    let mut append = |term: u64, prev: (u64, u64), terms: &[u64], commit: u64| {
        let entry = |(place, term): (usize, &u64)| json!({ "term": term, "index": prev.0 + 1 + place as u64, "command": {"op": "set", "key": "x", "value": term} });
        let entries: Vec<Value> = terms.iter().enumerate().map(entry).collect();
        let asked = json!({
            "type": "append_entries", "msg_id": 2, "term": term, "leader_id": "n2", "prev_log_index": prev.0, "prev_log_term": prev.1,
            "entries": entries, "leader_commit": commit,
        });
        let reply = session.ask(&asked.to_string());
        (reply["success"].as_bool().unwrap(), reply["match_index"].as_u64().unwrap(), reply["term"].as_u64().unwrap())
    };
    assert_eq!(append(1, (0, 0), &[1, 1, 1], 0), (true, 3, 1));
    assert_eq!(append(1, (5, 1), &[1], 0), (false, 0, 1), "the entry before is missing");
    assert_eq!(append(2, (2, 2), &[2], 0), (false, 0, 2), "the entry before is of another term");
    assert_eq!(append(2, (1, 1), &[2], 9), (true, 2, 2), "entry 2 conflicts: it and entry 3 go");
    assert_eq!(append(1, (0, 0), &[], 0), (false, 0, 2), "a leader of an old term");
    session.expect(r#"{"type":"commit_status","msg_id":9}"#, r#"{"commit_index":2,"last_log_index":2,"term":2}"#);
}

#[test]
fn b1_a_leader_answers_reads_and_writes_and_a_missing_key_reads_as_null() {
    let mut session = Session::of(3);
    session.ask(r#"{"type":"become_leader","msg_id":2,"term":1}"#);
    session.expect(r#"{"type":"read","msg_id":3,"key":"x"}"#, r#"{"type":"read_ok","value":null,"in_reply_to":3}"#);
    session.expect(
        r#"{"type":"write","msg_id":4,"key":"x","value":7}"#,
        r#"{"type":"write_ok","in_reply_to":4,"commit_index":2}"#,
    );
    session.expect(r#"{"type":"cas","msg_id":5,"key":"x","from":7,"to":8}"#, r#"{"type":"cas_ok"}"#);
    assert_eq!(session.refuse(r#"{"type":"cas","msg_id":5,"key":"x","from":7,"to":9}"#).0, 22);
    assert_eq!(session.refuse(r#"{"type":"cas","msg_id":5,"key":"y","from":7,"to":9}"#).0, 20);
    session.expect(r#"{"type":"read","msg_id":6,"key":"x"}"#, r#"{"value":8}"#);
}

#[test]
fn b1_a_cas_creates_a_key_that_is_not_there_where_it_is_told_to() {
    let mut session = Session::of(3);
    session.ask(r#"{"type":"become_leader","msg_id":2,"term":1}"#);
    let cas = |from: Value, to: u64, creates: Value| {
        json!({ "type": "cas", "msg_id": 5, "key": "x", "from": from, "to": to, "create_if_not_exists": creates })
            .to_string()
    };
    assert_eq!(session.refuse(&cas(json!(7), 8, json!(false))).0, 20);
    session.expect(&cas(json!(7), 8, json!(true)), r#"{"type":"cas_ok"}"#);
    session.expect(r#"{"type":"read","msg_id":6,"key":"x"}"#, r#"{"value":8}"#);
    assert_eq!(session.refuse(&cas(json!(7), 9, json!(true))).0, 22, "now it is there, and holds something else");
    session.expect(&cas(json!(8), 9, json!(true)), r#"{"type":"cas_ok"}"#);
    assert_eq!(session.refuse(&cas(Value::Null, 1, json!(true))).0, 22, "null says that it must not be there");
    assert_eq!(session.refuse(&cas(json!(9), 1, json!("yes"))), (12, "create_if_not_exists: true or false".to_owned()));
    session.expect(r#"{"type":"read","msg_id":6,"key":"x"}"#, r#"{"value":9}"#);
}

#[test]
fn b1_what_a_store_cannot_keep_is_refused_and_not_changed() {
    let mut session = Session::of(3);
    session.ask(r#"{"type":"become_leader","msg_id":2,"term":1}"#);
    for (body, place) in [
        (r#"{"type":"write","msg_id":3,"key":"x","value":1.5}"#, "value: a float"),
        (r#"{"type":"write","msg_id":3,"key":"x","value":{"a":[1,2.0]}}"#, "value: a float"),
        (r#"{"type":"write","msg_id":3,"key":"x","value":null}"#, "value: null stands for a key that is not there"),
        (r#"{"type":"write","msg_id":3,"key":{"a":1},"value":1}"#, "key: a string or a number"),
        (r#"{"type":"write","msg_id":3,"key":1.5,"value":1}"#, "key: a float"),
        (r#"{"type":"cas","msg_id":3,"key":"x","from":1,"to":0.5}"#, "to: a float"),
        (r#"{"type":"cas","msg_id":3,"key":"x","from":0.5,"to":1}"#, "from: a float"),
        (
            r#"{"type":"raft_append","msg_id":3,"entry":{"term":1,"command":{"op":"set","key":"x","value":0.5}}}"#,
            "entry.command.value: a float",
        ),
        (
            r#"{"type":"install_snapshot","msg_id":3,"snapshot_index":5,"snapshot_term":1,"state":{"x":0.5}}"#,
            "state.x: a float",
        ),
        (r#"{"type":"paxos_accept","msg_id":3,"proposal_n":1,"value":0.5}"#, "value: a float"),
    ] {
        let (code, text) = session.refuse(body);
        assert!(code == 12 && text.starts_with(place), "{body}: {code} {text}");
    }
    session.expect(r#"{"type":"read","msg_id":6,"key":"x"}"#, r#"{"type":"read_ok","value":null}"#);
}

#[test]
fn b2_who_does_not_lead_names_the_leader() {
    let mut session = Session::of(3);
    assert_eq!(session.ask(r#"{"type":"read","msg_id":3,"key":"x"}"#)["leader"], Value::Null);
    session.ask(r#"{"type":"append_entries","msg_id":6,"term":2,"leader_id":"n3","prev_log_index":0,"prev_log_term":0,"entries":[],"leader_commit":0}"#);
    let reply = session.ask(r#"{"type":"write","msg_id":3,"key":"x","value":1}"#);
    assert_eq!((&reply["type"], &reply["code"], &reply["leader"]), (&json!("error"), &json!(11), &json!("n3")));
}

#[test]
fn b4_a_retried_write_takes_effect_once() {
    let mut session = Session::of(3);
    session.ask(r#"{"type":"become_leader","msg_id":2,"term":1}"#);
    let write = |seq: u64, value: &str| {
        json!({ "type": "write", "msg_id": 3, "key": "x", "value": value, "client_id": "c", "seq": seq }).to_string()
    };
    session.ask(&write(1, "first"));
    session.ask(&write(2, "second"));
    for seq in [2, 1] {
        session.expect(&write(seq, "again"), r#"{"type":"write_ok"}"#);
    }
    session.expect(r#"{"type":"read","msg_id":6,"key":"x"}"#, r#"{"value":"second"}"#);
}

#[test]
fn b5_a_seeded_state_has_a_snapshot_up_to_its_index() {
    let mut session = Session::of(3);
    session.expect(
        r#"{"type":"seed_state","msg_id":2,"state":{"x":1},"commit_index":10,"term":2}"#,
        r#"{"type":"seed_state_ok"}"#,
    );
    session.expect(
        r#"{"type":"take_snapshot","msg_id":3,"up_to_index":10}"#,
        r#"{"type":"snapshot_ok","last_included_index":10,"last_included_term":2}"#,
    );
    assert_eq!(session.refuse(r#"{"type":"take_snapshot","msg_id":3,"up_to_index":11}"#).0, 22);
}

#[test]
fn c_a_leader_that_reaches_no_majority_answers_no_write_until_it_is_healed() {
    let mut session = Session::of(3);
    session.ask(r#"{"type":"become_leader","msg_id":2,"term":1}"#);
    session.expect(r#"{"type":"partition","msg_id":3,"blocked":["n2","n3"]}"#, r#"{"type":"partition_ok"}"#);
    // The write is in its log, and nobody knows yet what becomes of it; a read changes nothing.
    assert_eq!(session.refuse(r#"{"type":"write","msg_id":4,"key":"x","value":1}"#).0, 0);
    assert_eq!(session.refuse(r#"{"type":"read","msg_id":4,"key":"x"}"#).0, 11);
    let status =
        session.expect(r#"{"type":"partition_status","msg_id":5}"#, r#"{"is_partitioned":true,"blocked":["n2","n3"]}"#);
    assert!(status["messages_dropped"].as_u64().unwrap() > 0);
    session.expect(r#"{"type":"heal","msg_id":6}"#, r#"{"type":"heal_ok"}"#);
    session.expect(r#"{"type":"read","msg_id":7,"key":"x"}"#, r#"{"type":"read_ok","value":1}"#);
}

#[test]
fn with_peers_shown_the_reply_comes_first_and_all_messages_are_numbered() {
    let mut session = Session::with(3, Settings { show_peers: true });
    let lines = session.say_from("c0", r#"{"type":"trigger_election_timeout","msg_id":2}"#);
    let shown: Vec<(&str, u64)> = lines
        .iter()
        .map(|line| (line["body"]["type"].as_str().unwrap(), line["body"]["msg_id"].as_u64().unwrap()))
        .collect();
    assert_eq!(shown, [("trigger_election_timeout_ok", 1), ("request_vote", 2), ("request_vote", 3)]);
    let lines = session.say_from("n2", r#"{"type":"request_vote_ok","msg_id":1,"term":1,"vote_granted":true}"#);
    assert_eq!(lines.len(), 2, "the new leader's heartbeats: {lines:?}");
    let asked = r#"{"type":"raft_append","msg_id":5,"entry":{"term":1,"command":{"op":"set","key":"x","value":[1]}}}"#;
    let lines = session.say_from("c0", asked);
    let entries = json!([{ "index": 1, "term": 1, "command": {"op": "put", "key": "x", "value": [1]} }]);
    assert_eq!((lines.len(), &lines[1]["body"]["entries"]), (3, &entries));
}
