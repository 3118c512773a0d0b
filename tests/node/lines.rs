//! What a node says to each line, good or bad: the host without processes, and the process with bad input.

use super::driver::{Driven, PACE, persist};
use consensus_playground::node::{Host, Kept, LINE_LENGTH_MAX, Output, Persist};
use consensus_playground::raft::Raft;
use consensus_playground::raft::state::Write as RaftWrite;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

type Node = Driven<Raft>;

fn host() -> Node {
    Node::start(1, 1, Kept::default())
}

fn init_line(own: &str, names: &[&str]) -> String {
    json!({"src": "c0", "dest": own, "body": {"type": "init", "msg_id": 1, "node_id": own, "node_ids": names}})
        .to_string()
}

/// A cluster of one that leads.
fn leader() -> Node {
    let mut host = host();
    host.line(0, &init_line("n1", &["n1"]));
    host.tick(10_000);
    host
}

/// The bodies of the messages among some outputs.
fn bodies(outputs: &[Output<Raft>]) -> Vec<Value> {
    let body = |output: &Output<Raft>| match output {
        Output::Line(line) | Output::Now(line) => Some(serde_json::from_str::<Value>(line).unwrap()["body"].take()),
        _ => None,
    };
    outputs.iter().filter_map(body).collect()
}

fn ask(host: &mut Node, body: &Value) -> Value {
    let outputs = host.line(10_001, &json!({"src": "c1", "dest": "n1", "body": body}).to_string());
    bodies(&outputs).into_iter().next().unwrap_or(Value::Null)
}

fn complaint(host: &mut Node, line: &str) -> String {
    let outputs = host.line(10_001, line);
    assert_eq!(bodies(&outputs), [] as [Value; 0], "{line}");
    let complaint =
        outputs.into_iter().find_map(|output| if let Output::Complaint(text) = output { Some(text) } else { None });
    complaint.unwrap_or_default()
}

#[test]
fn a_node_answers_in_the_words_of_lin_kv() {
    let mut host = leader();
    let error = |code: u64, answer: &Value| {
        assert_eq!((&answer["type"], &answer["code"]), (&"error".into(), &code.into()), "{answer}")
    };
    error(20, &ask(&mut host, &json!({"type": "read", "key": 1, "msg_id": 2})));
    error(20, &ask(&mut host, &json!({"type": "cas", "key": 1, "from": 1, "to": 2, "msg_id": 3})));
    let answer = ask(&mut host, &json!({"type": "write", "key": 1, "value": {"a": [1, null, "é"]}, "msg_id": 4}));
    assert_eq!((&answer["type"], &answer["in_reply_to"]), (&"write_ok".into(), &4.into()));
    let answer = ask(&mut host, &json!({"type": "read", "key": 1, "msg_id": 5}));
    assert_eq!((&answer["type"], &answer["value"]), (&"read_ok".into(), &json!({"a": [1, null, "é"]})));
    error(22, &ask(&mut host, &json!({"type": "cas", "key": 1, "from": 7, "to": 8, "msg_id": 6})));
    let answer = ask(&mut host, &json!({"type": "cas", "key": 1, "from": {"a": [1, null, "é"]}, "to": 8, "msg_id": 7}));
    assert_eq!(answer["type"], "cas_ok");
    assert_eq!(ask(&mut host, &json!({"type": "read", "key": 1, "msg_id": 8}))["value"], 8);
    let cas = |from: u64, to: u64| json!({"type": "cas", "key": 2, "from": from, "to": to, "create_if_not_exists": true, "msg_id": 8});
    assert_eq!(ask(&mut host, &cas(1, 2))["type"], "cas_ok", "it creates the key");
    error(22, &ask(&mut host, &cas(1, 3)));
    assert_eq!(ask(&mut host, &cas(2, 3))["type"], "cas_ok");
    assert_eq!(ask(&mut host, &json!({"type": "read", "key": 2, "msg_id": 8}))["value"], 3);
    error(
        12,
        &ask(&mut host, &json!({"type": "cas", "key": 2, "from": 3, "to": 4, "create_if_not_exists": 1, "msg_id": 8})),
    );
    error(12, &ask(&mut host, &json!({"type": "write", "key": 1, "msg_id": 9})));
    error(12, &ask(&mut host, &json!({"type": "write", "key": 1, "value": "v".repeat(70_000), "msg_id": 9})));
    error(10, &ask(&mut host, &json!({"type": "topology", "msg_id": 10})));
    error(22, &ask(&mut host, &json!({"type": "init", "msg_id": 11, "node_id": "n1", "node_ids": ["n1"]})));
}

#[test]
fn a_node_that_knows_no_leader_or_no_name_answers_error_11() {
    let mut host = host();
    assert_eq!(ask(&mut host, &json!({"type": "read", "key": 1, "msg_id": 1}))["code"], 11);
    let init = json!({"type": "init", "msg_id": 1, "node_id": "n1", "node_ids": ["n1", "n2", "n3"]});
    assert_eq!(ask(&mut host, &init)["type"], "init_ok");
    let answer = ask(&mut host, &json!({"type": "read", "key": 1, "msg_id": 2}));
    assert_eq!((&answer["code"], &answer["in_reply_to"]), (&11.into(), &2.into()));
}

#[test]
fn a_node_without_an_answer_for_five_seconds_says_that_nobody_knows() {
    let mut host = host();
    let init = json!({"type": "init", "msg_id": 1, "node_id": "n1", "node_ids": ["n1", "n2", "n3"]});
    ask(&mut host, &init);
    let heartbeat = json!({"kind": "append_entries", "term": 1, "prev_log_index": 0, "prev_log_term": 0, "entries": [], "leader_commit": 0, "round": 0});
    host.line(10_001, &json!({"src": "n2", "dest": "n1", "body": {"type": "raft", "message": heartbeat}}).to_string());
    let passed_on = ask(&mut host, &json!({"type": "write", "key": 1, "value": 1, "msg_id": 2}));
    assert_eq!(passed_on["message"]["kind"], "request", "it goes to n2, which leads");
    let late = bodies(&host.tick(6_000_000));
    let answer = late.iter().find(|body| body["type"] == "error").unwrap();
    assert_eq!((&answer["code"], &answer["in_reply_to"]), (&0.into(), &2.into()));
}

#[test]
fn an_init_that_makes_no_sense_is_error_12() {
    for (node_id, node_ids) in [
        (json!("n9"), json!(["n1", "n2"])),
        (json!("n1"), json!([])),
        (json!("n1"), json!(["n1", "n1"])),
        (json!(1), json!(["n1"])),
        (json!("n1"), json!("n1")),
        (json!("n1"), json!(["n1", 2])),
        (json!("n1"), (1..=32).map(|number| format!("n{number}")).collect()),
    ] {
        let answer = ask(&mut host(), &json!({"type": "init", "msg_id": 1, "node_id": node_id, "node_ids": node_ids}));
        assert_eq!(answer["code"], 12, "{node_id} {node_ids}");
    }
}

/// Lines that say nothing a node could act upon.
fn bad_lines() -> Vec<String> {
    let raft =
        |message: Value| json!({"src": "n1", "dest": "n1", "body": {"type": "raft", "message": message}}).to_string();
    vec![
        "nonsense".to_owned(),
        "{".to_owned(),
        "[1]".to_owned(),
        "{}".to_owned(),
        "null".to_owned(),
        "1e999".to_owned(),
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
        r#"{"src":"c1","dest":"n1"}"#.to_owned(),
        r#"{"src":1,"dest":"n1","body":{"type":"read"}}"#.to_owned(),
        r#"{"src":"c1","dest":"n1","body":{"type":7}}"#.to_owned(),
        r#"{"src":"c1","dest":"n7","body":{"type":"read","key":1}}"#.to_owned(),
        r#"{"src":"c1","dest":"n1","body":{"type":"write","key":1,"value":123456789012345678901234567890}}"#.to_owned(),
        raft(json!(null)),
        raft(json!({"kind": "explode"})),
        raft(json!({"kind": "append_entries"})),
        raft(json!({"kind": "request_vote", "term": -1, "last_log_index": 0, "last_log_term": 0})),
        raft(json!({"kind": "request_vote", "term": u64::MAX, "last_log_index": 0, "last_log_term": 0})),
    ]
}

#[test]
fn a_bad_line_is_named_and_does_no_harm() {
    let mut host = leader();
    for line in bad_lines() {
        let complaint = complaint(&mut host, &line);
        assert!(complaint.contains("is left out"), "{}: {complaint:?}", line.chars().take(80).collect::<String>());
    }
    let long = " ".repeat(LINE_LENGTH_MAX + 1);
    assert!(complaint(&mut host, &long).contains("is left out: at most"));
    assert_eq!(ask(&mut host, &json!({"type": "write", "key": 1, "value": 1, "msg_id": 1}))["type"], "write_ok");
}

#[test]
fn what_a_peer_claims_at_the_edge_of_numbers_stops_no_node() {
    let edge = 1u64 << 53;
    let mut host = host();
    ask(&mut host, &json!({"type": "init", "msg_id": 1, "node_id": "n1", "node_ids": ["n1", "n2", "n3"]}));
    let store = json!({"values": [["x", "1"]], "sessions": [[65_535, edge, "done"]]});
    for message in [
        json!({"kind": "append_entries_reply", "term": 0, "success": true, "prev_log_index": edge, "match_index": edge, "conflict": null, "round": edge}),
        json!({"kind": "append_entries", "term": 1, "prev_log_index": edge, "prev_log_term": edge, "entries": [{"term": edge, "request": null}], "leader_commit": edge, "round": edge}),
        json!({"kind": "append_entries", "term": 1, "prev_log_index": 0, "prev_log_term": 0, "entries": [{"term": edge, "request": null}], "leader_commit": edge, "round": edge}),
        json!({"kind": "request", "request": {"client": 65_535, "sequence": u64::MAX, "command": {"get": {"key": "x"}}}}),
        json!({"kind": "request", "request": {"client": 0, "sequence": 0, "command": {"get": {"key": "x"}}}}),
        json!({"kind": "reply", "reply": {"sequence": 0, "body": {"not_leader": {"leader": 65_535}}}}),
        json!({"kind": "request_vote", "term": edge, "last_log_index": edge, "last_log_term": edge}),
        json!({"kind": "install_snapshot", "term": edge, "snapshot": {"last_included_index": edge, "last_included_term": edge, "store": store}, "piece": null, "round": edge}),
        json!({"kind": "install_snapshot", "term": edge, "snapshot": {"last_included_index": edge, "last_included_term": edge, "store": store}, "piece": {"offset": edge, "done": true}, "round": edge}),
        json!({"kind": "install_snapshot_reply", "term": edge, "match_index": edge, "round": edge, "piece": {"covers": edge, "offset": edge, "held": edge}}),
        json!({"kind": "append_entries", "term": edge, "prev_log_index": edge, "prev_log_term": edge, "entries": [{"term": edge, "request": null}], "leader_commit": edge, "round": edge}),
    ] {
        for client in [json!(null), json!(3), json!(65_535)] {
            let line =
                json!({"src": "n2", "dest": "n1", "body": {"type": "raft", "message": message, "client": client}});
            host.line(10_001, &line.to_string());
        }
    }
    for later in 1..50 {
        host.tick(10_001 + later * 1_000);
    }
    assert_eq!(ask(&mut host, &json!({"type": "topology", "msg_id": 5}))["code"], 10);
}

#[test]
fn a_disk_brings_back_what_was_written() {
    let mut host = leader();
    let mut snapshots = 0;
    for number in 0..1_200 {
        let write = json!({"src": "c1", "dest": "n1", "body": {"type": "write", "key": number % 7, "value": number, "msg_id": number}});
        let outputs = host.line(10_001 + number, &write.to_string());
        let is_snapshot = |persist: &&Persist<Raft>| matches!(persist, Persist::Write(RaftWrite::TakeSnapshot { .. }));
        snapshots += outputs.iter().filter_map(persist).filter(is_snapshot).count();
    }
    assert_eq!(snapshots, 1, "the log was shortened on the way");
    let mut again = host.start_again(2, 2);
    again.line(0, &init_line("n1", &["n1"]));
    again.tick(10_000);
    for key in 0..7 {
        let expected = (0..1_200).rfind(|number| number % 7 == key).unwrap();
        assert_eq!(ask(&mut again, &json!({"type": "read", "key": key, "msg_id": key}))["value"], expected);
    }
}

#[test]
fn a_node_that_starts_again_at_once_takes_no_new_request_for_an_old_one() {
    let mut kept = Kept::default();
    // Its clock stands still, or was set back.
    for (start, first_number) in [5_000, 5_000, 4_000, 3_000_000_000].into_iter().enumerate() {
        let mut host = Node::start(1, first_number, kept);
        host.line(0, &init_line("n1", &["n1"]));
        host.tick(10_000);
        let write =
            json!({"src": "c1", "dest": "n1", "body": {"type": "write", "key": "x", "value": start, "msg_id": 1}});
        let written = host.line(10_001, &write.to_string());
        assert_eq!(bodies(&written)[0]["type"], "write_ok");
        assert!(matches!(persist(&written[0]), Some(Persist::NumbersUpTo(_))), "before all else: {written:?}");
        assert_eq!(ask(&mut host, &json!({"type": "read", "key": "x", "msg_id": 2}))["value"], start);
        kept = host.kept;
    }
    let problem = Host::<Raft>::new(PACE, 1, 1, Kept { numbers_up_to: u64::MAX, ..Kept::default() }).err().unwrap();
    assert_eq!(problem, "18446744073709551615 is out of range");
}

/// A leader of three, as it has just been elected.
fn leader_of_three() -> Node {
    let mut host = host();
    host.line(0, &init_line("n1", &["n1", "n2", "n3"]));
    let answer = |host: &mut Node, now: u64, reply: Value| {
        host.line(now, &json!({"src": "n2", "dest": "n1", "body": {"type": "raft", "message": reply}}).to_string());
    };
    host.tick(2_100);
    answer(
        &mut host,
        2_101,
        json!({"kind": "pre_vote_reply", "campaign": 1, "reply": {"term": 1, "vote_granted": true}}),
    );
    answer(&mut host, 2_102, json!({"kind": "request_vote_reply", "term": 1, "vote_granted": true}));
    // Both have the entry that it begins with.
    let acknowledged = json!({"kind": "append_entries_reply", "term": 1, "success": true, "prev_log_index": 0, "match_index": 1, "conflict": null, "round": 0});
    for name in ["n2", "n3"] {
        host.line(
            2_103,
            &json!({"src": name, "dest": "n1", "body": {"type": "raft", "message": acknowledged}}).to_string(),
        );
    }
    host
}

#[test]
fn what_waits_for_no_disk_leaves_before_it_and_all_else_after_it() {
    let mut host = leader_of_three();
    let write = |msg_id: u64| {
        json!({"src": "c1", "dest": "n1", "body": {"type": "write", "key": 1, "value": 1, "msg_id": msg_id}})
            .to_string()
    };
    let first = host.line(2_103, &write(1));
    assert!(
        !first.iter().any(|output| matches!(output, Output::Now(_))),
        "nobody may hear a number that the disk does not know: {first:?}"
    );
    let mut outputs = host.host.line(2_104, &write(2));
    outputs.extend(host.host.line(2_105, &write(3)));
    let kinds = |outputs: &[Output<Raft>]| -> Vec<&str> {
        let kind = |output: &Output<Raft>| match output {
            Output::Now(_) => "now",
            Output::Persist(_) => "persist",
            Output::Line(_) => "line",
            Output::Complaint(_) => "complaint",
        };
        outputs.iter().map(kind).collect()
    };
    assert_eq!(
        kinds(&outputs),
        ["persist", "now", "now", "persist", "now", "now"],
        "both peers hear of each, and one commit will do"
    );
    assert!(host.host.awaits_flush(), "its own entries do not count yet");
    let acknowledged = json!({"kind": "append_entries_reply", "term": 1, "success": true, "prev_log_index": 1, "match_index": 4, "conflict": null, "round": 0});
    let heard = host.host.line(
        2_106,
        &json!({"src": "n2", "dest": "n1", "body": {"type": "raft", "message": acknowledged}}).to_string(),
    );
    let done = |outputs: &[Output<Raft>]| -> Vec<Value> {
        bodies(outputs)
            .into_iter()
            .filter(|body| body["type"] == "write_ok")
            .map(|mut body| body["in_reply_to"].take())
            .collect()
    };
    assert_eq!(done(&heard), [1], "one of three holds the others for certain");
    assert_eq!(done(&host.host.persisted(2_107)), [2, 3]);
}

#[test]
fn a_disk_of_another_node_or_cluster_is_refused_and_the_right_name_is_taken() {
    let names = |host: &Node| host.kept.names.as_ref().map(|names| names.node_id.clone());
    let mut first = host();
    first.line(0, &init_line("n1", &["n1", "n2", "n3"]));
    assert_eq!(names(&first).as_deref(), Some("n1"));
    let mut again = first.start_again(1, 1);
    for (own, all) in [("n2", &["n1", "n2", "n3"][..]), ("n1", &["n1", "n2"]), ("n1", &["n2", "n1", "n3"])] {
        let outputs = again.line(1, &init_line(own, all));
        assert_eq!(bodies(&outputs)[0]["code"], 22, "{outputs:?}");
        let text =
            format!("the data of this node belongs to n1 of n1, n2, n3: it cannot be {own} of {}", all.join(", "));
        assert!(outputs.contains(&Output::Complaint(text)), "{outputs:?}");
    }
    assert_eq!(bodies(&again.line(2, &init_line("n1", &["n1", "n2", "n3"])))[0]["type"], "init_ok");
    assert_eq!(again.host.incarnation(), 1);
}

/// A follower of n2, which turns away what is passed on to it.
fn turned_away(body: &Value) -> Value {
    let mut host = host();
    host.line(0, &init_line("n1", &["n1", "n2", "n3"]));
    let heartbeat = json!({"kind": "append_entries", "term": 1, "prev_log_index": 0, "prev_log_term": 0, "entries": [], "leader_commit": 0, "round": 0});
    host.line(10_001, &json!({"src": "n2", "dest": "n1", "body": {"type": "raft", "message": heartbeat}}).to_string());
    let request = ask(&mut host, body)["message"]["request"].clone();
    let reply = json!({"sequence": request["sequence"], "body": {"not_leader": {"leader": 2}}});
    let message = json!({"type": "raft", "client": request["client"], "message": {"kind": "reply", "reply": reply}});
    bodies(&host.line(10_002, &json!({"src": "n2", "dest": "n1", "body": message}).to_string())).remove(0)
}

#[test]
fn a_write_that_another_node_has_heard_of_is_never_said_to_have_had_no_effect() {
    // The leader may have heard it twice: appended it, lost its place, and turned the second one away.
    assert_eq!(turned_away(&json!({"type": "write", "key": 1, "value": 1, "msg_id": 2}))["code"], 13);
    assert_eq!(turned_away(&json!({"type": "cas", "key": 1, "from": 1, "to": 2, "msg_id": 2}))["code"], 13);
    assert_eq!(
        turned_away(&json!({"type": "read", "key": 1, "msg_id": 2}))["code"],
        11,
        "a read has no effect anywhere"
    );
}

#[test]
fn a_process_that_reads_bad_lines_goes_on_and_ends_when_its_input_does() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_consensus-playground"));
    command.args(["node", "--protocol", "raft"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for line in bad_lines() {
        writeln!(input, "{line}").unwrap();
    }
    input.write_all(&[0xff, 0xfe, b'\n', 0, b'\n']).unwrap();
    let huge = vec![b'x'; 10 << 20];
    input.write_all(&huge).unwrap();
    let init =
        json!({"src": "c0", "dest": "n1", "body": {"type": "init", "msg_id": 1, "node_id": "n1", "node_ids": ["n1"]}});
    writeln!(input, "\n{init}").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let (lines, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(lines.lines().last().unwrap().contains("init_ok"), "{lines}");
    assert!(
        errors.contains("a line of more than 8388608 bytes is left out") && !errors.contains("panicked"),
        "{errors}"
    );
}
