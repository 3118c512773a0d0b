//! What no request can bring a node to do: cut what is committed, lead twice in a term, answer one number with
//! another's answer.

use super::session::Session;
use serde_json::{Value, json};

/// Three entries of term 1, and what is committed of them.
fn seed(session: &mut Session, commit_index: u64) {
    let entry = |index: u64| json!({ "index": index, "term": 1, "command": {"op": "set", "key": "x", "value": index} });
    let entries: Vec<Value> = (1..=3).map(entry).collect();
    session.ask(
        &json!({ "type": "seed_committed_log", "msg_id": 2, "entries": entries, "commit_index": commit_index })
            .to_string(),
    );
}

fn append(term: u64, leader: &str, prev: (u64, u64), entries: &Value) -> String {
    json!({
        "type": "append_entries", "msg_id": 3, "term": term, "leader_id": leader, "prev_log_index": prev.0, "prev_log_term": prev.1,
        "entries": entries, "leader_commit": 0,
    })
    .to_string()
}

#[test]
fn task_2_a_committed_entry_is_never_overwritten() {
    let mut session = Session::of(3);
    seed(&mut session, 3);
    let (code, text) = session.refuse(&append(
        5,
        "n2",
        (1, 1),
        &json!([{ "term": 5, "command": {"op": "set", "key": "x", "value": "new"} }]),
    ));
    assert_eq!(code, 22);
    assert!(text.starts_with("entries: the leader's entry 2 conflicts with a committed one"), "{text}");
    session.expect(r#"{"type":"commit_status","msg_id":4}"#, r#"{"commit_index":3,"last_log_index":3,"term":1}"#);
    session.expect(
        r#"{"type":"apply_entries","msg_id":5,"entries":[{"index":4,"term":1,"command":{"op":"get","key":"x"}}]}"#,
        r#"{"results":[{"index":4,"result":3}],"last_applied":4}"#,
    );
    session.ask(r#"{"type":"become_leader","msg_id":6,"term":6}"#);
    let written = session.expect(r#"{"type":"write","msg_id":7,"key":"x","value":"after"}"#, r#"{"type":"write_ok"}"#);
    assert!(written.get("duplicate").is_none(), "{written}");
    session.expect(r#"{"type":"read","msg_id":8,"key":"x"}"#, r#"{"value":"after"}"#);
}

#[test]
fn task_2_what_is_not_committed_may_be_overwritten_still() {
    let mut session = Session::of(3);
    seed(&mut session, 1);
    let entry = json!([{ "term": 5, "command": {"op": "set", "key": "x", "value": "new"} }]);
    session.expect(&append(5, "n2", (1, 1), &entry), r#"{"success":true,"match_index":2}"#);
    session.expect(r#"{"type":"commit_status","msg_id":4}"#, r#"{"commit_index":1,"last_log_index":2}"#);
}

#[test]
fn terms_never_fall_along_a_log_and_no_leader_has_entries_of_later_terms() {
    let mut session = Session::of(3);
    let entry = |index: u64, term: u64| json!({ "index": index, "term": term, "command": {"op": "set", "key": "x", "value": 1} });
    let falling = json!([entry(1, 2), entry(2, 1)]);
    let change = json!({ "type": "leader_change", "msg_id": 1, "new_leader": "n2", "new_term": 4, "log": falling, "commit_index": 0 });
    let applied = json!({ "type": "apply_entries", "msg_id": 1, "entries": falling });
    let seeded = json!({ "type": "seed_committed_log", "msg_id": 1, "entries": falling, "commit_index": 0 });
    for (body, place) in [
        (change.to_string(), "log[1].term: 1 behind an entry of term 2"),
        (applied.to_string(), "entries[1].term: 1 behind an entry of term 2"),
        (seeded.to_string(), "entries[1].term: 1 behind an entry of term 2"),
        (append(2, "n2", (0, 0), &falling), "entries[1].term: 1 behind an entry of term 2"),
        (append(2, "n2", (4, 2), &json!([entry(5, 1)])), "entries[0].term: 1 behind an entry of term 2"),
        (
            append(1, "n2", (0, 0), &json!([entry(1, 7)])),
            "entries[0].term: 7, and a leader of term 1 has no entries of later terms",
        ),
    ] {
        let (code, text) = session.refuse(&body);
        assert_eq!(code, 12, "{text}");
        assert!(text.starts_with(place), "{text}");
    }
    session.expect(r#"{"type":"commit_status","msg_id":4}"#, r#"{"commit_index":0,"last_log_index":0,"term":0}"#);
}

#[test]
fn one_index_and_term_have_one_command() {
    let mut session = Session::of(3);
    seed(&mut session, 1);
    let another = json!([{ "index": 2, "term": 1, "command": {"op": "set", "key": "x", "value": "another"} }]);
    for body in [
        append(1, "n2", (1, 1), &another),
        json!({ "type": "apply_entries", "msg_id": 3, "entries": another }).to_string(),
    ] {
        let (code, text) = session.refuse(&body);
        assert_eq!(code, 22);
        assert!(text.starts_with("entries[0]: the log holds another command at index 2 of term 1"), "{text}");
    }
    session.expect(r#"{"type":"commit_status","msg_id":4}"#, r#"{"commit_index":1,"last_log_index":3}"#);
}

#[test]
fn a_term_has_one_leader_and_who_is_refused_has_not_changed() {
    let mut session = Session::of(3);
    session.ask(&append(1, "n2", (0, 0), &json!([])));
    let (code, text) = session.refuse(r#"{"type":"become_leader","msg_id":4,"term":1}"#);
    assert_eq!((code, text.as_str()), (22, "n2 leads in term 1, and a term has one leader at most"));
    session.ask(&append(1, "n2", (0, 0), &json!([{ "term": 1, "command": {"op": "set", "key": "x", "value": 1} }])));
    let asked = r#"{"type":"raft_append","msg_id":5,"entry":{"term":1,"command":{"op":"set","key":"x","value":2}}}"#;
    assert_eq!(session.refuse(asked).0, 22);
    session.expect(r#"{"type":"get_state","msg_id":6}"#, r#"{"state":"follower","term":1}"#);
    session.expect(r#"{"type":"become_leader","msg_id":7,"term":2}"#, r#"{"type":"become_leader_ok"}"#);
    session.expect(r#"{"type":"get_state","msg_id":8}"#, r#"{"state":"leader","term":2}"#);
    // The log holds an entry of term 4, so that term had a leader; what is tried in vain leaves no trace.
    let mut session = Session::of(3);
    session.ask(r#"{"type":"apply_entries","msg_id":2,"entries":[{"index":1,"term":4,"command":{"op":"put","key":"x","value":1}}]}"#);
    assert_eq!(session.refuse(r#"{"type":"become_leader","msg_id":3,"term":4}"#).0, 22);
    session.expect(r#"{"type":"commit_status","msg_id":4}"#, r#"{"term":4}"#);
}

#[test]
fn b4_a_number_of_a_session_is_answered_with_its_own_answer_or_with_an_error() {
    let mut session = Session::of(3);
    session.ask(r#"{"type":"become_leader","msg_id":2,"term":1}"#);
    session.ask(r#"{"type":"write","msg_id":3,"key":"x","value":7}"#);
    let read = |seq: u64| json!({ "type": "read", "msg_id": 4, "key": "x", "client_id": "c", "seq": seq }).to_string();
    let cas = |seq: u64| {
        json!({ "type": "cas", "msg_id": 4, "key": "x", "from": 99, "to": 1, "client_id": "c", "seq": seq }).to_string()
    };
    let write = |seq: u64| {
        json!({ "type": "write", "msg_id": 4, "key": "x", "value": 8, "client_id": "c", "seq": seq }).to_string()
    };
    session.expect(&read(1), r#"{"type":"read_ok","value":7}"#);
    session.expect(&read(1), r#"{"type":"read_ok","value":7}"#);
    session.expect(&write(2), r#"{"type":"write_ok"}"#);
    for (body, what) in [(read(1), "read"), (cas(1), "cas")] {
        let (code, text) = session.refuse(&body);
        assert_eq!(
            (code, text),
            (22, format!("seq: the client has gone on since, and the answer to this {what} is not kept"))
        );
    }
    for (body, what) in [(read(2), "read"), (cas(2), "cas")] {
        let (code, text) = session.refuse(&body);
        assert_eq!(
            (code, text),
            (22, format!("seq: the client has used this number for another command than a {what}"))
        );
    }
    session.expect(&read(3), r#"{"value":8}"#);
    assert_eq!(session.refuse(&write(3)).0, 22, "number 3 was a read");
    session.expect(r#"{"type":"read","msg_id":9,"key":"x"}"#, r#"{"value":8}"#);
}

#[test]
fn task_12_a_number_has_one_value_and_what_is_chosen_stays() {
    let mut session = Session::of(1);
    let accept =
        |value: &str| json!({ "type": "paxos_accept", "msg_id": 1, "proposal_n": 5, "value": value }).to_string();
    session.expect(&accept("a"), r#"{"accepted":true}"#);
    session.expect(&accept("a"), r#"{"accepted":true}"#);
    let (code, text) = session.refuse(&accept("b"));
    assert_eq!(code, 22);
    assert!(text.starts_with("proposal_n: 5 was proposed with the value \"a\""), "{text}");
    session.expect(r#"{"type":"paxos_chosen","msg_id":2}"#, r#"{"value":"a","chosen_at_n":5}"#);
}

#[test]
fn task_13_a_lower_number_is_refused_by_whoever_has_promised_a_higher_one() {
    let mut session = Session::of(1);
    for (nodes, refused_by) in [(1, "n1"), (2, "n2"), (3, "n2"), (4, "n3"), (5, "n3")] {
        let asked = json!({
            "type": "paxos_safety_test", "msg_id": 1, "nodes": nodes, "chosen_value": "v1", "chosen_at_n": 5, "new_proposal_n": 3,
        });
        session.expect(
            &asked.to_string(),
            &json!({ "new_proposal_value": null, "forced_by_promise": false, "safe": true, "refused_by": refused_by })
                .to_string(),
        );
    }
}

#[test]
fn task_10_what_happens_at_one_moment_is_in_either_order() {
    let mut session = Session::of(1);
    let mut judge = |history: Value| {
        let reply =
            session.ask(&json!({ "type": "verify_linearizability", "msg_id": 2, "history": history }).to_string());
        reply["linearizable"].as_bool().unwrap_or_else(|| panic!("{reply}"))
    };
    let operation = |op: &str, value: Value, start: u64, end: u64| json!({ "op": op, "key": "x", "value": value, "start": start, "end": end });
    let (write, read) = (operation("write", json!(1), 0, 0), operation("read", json!(1), 0, 0));
    assert!(judge(json!([read, write])) && judge(json!([write, read])));
    // So it is with what ends at that moment, and with what begins at it.
    assert!(judge(json!([operation("write", json!(1), 0, 3), operation("read", json!(null), 3, 3)])));
    assert!(judge(json!([operation("read", json!(1), 3, 3), operation("write", json!(1), 3, 4)])));
    assert!(judge(json!([operation("write", json!(1), 0, 5), operation("read", json!(null), 5, 6)])));
    assert!(!judge(json!([operation("write", json!(1), 0, 4), operation("read", json!(null), 5, 6)])));
    assert!(!judge(json!([operation("read", json!(1), 3, 3), operation("write", json!(1), 4, 4)])));
}

#[test]
fn task_10_a_history_says_which_key_and_what_was_read() {
    let mut session = Session::of(1);
    for (element, place) in [
        (json!({ "op": "read", "key": "x" }), "history[0].value: missing"),
        (json!({ "op": "read", "value": 1 }), "history[0].key: missing"),
        (json!({ "op": "cas", "key": "x", "to": 1 }), "history[0].from: missing"),
        (json!({ "op": "read", "key": [1], "value": 1 }), "history[0].key: a string or a number"),
    ] {
        let asked = json!({ "type": "verify_linearizability", "msg_id": 2, "history": [element] });
        assert_eq!(session.refuse(&asked.to_string()), (12, place.to_owned()));
    }
    let asked = r#"{"type":"verify_linearizability","msg_id":2,"history":[{"op":"read","key":1,"ok":false},{"op":"read","key":1,"value":null}]}"#;
    session.expect(asked, r#"{"linearizable":true}"#);
}
