//! What a node says to each line, good or bad: the host without processes, and the process with bad input.

use consensus_playground::node::{Host, LINE_LENGTH_MAX, Output, Pace};
use consensus_playground::raft::Raft;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

const PACE: Pace = Pace { election_timeout_ticks_min: 1_000, heartbeat_ticks: 250 };

fn host() -> Host<Raft> {
    Host::new(PACE, 1, 1, []).unwrap()
}

/// A cluster of one that leads.
fn leader() -> Host<Raft> {
    let mut host = host();
    host.line(
        0,
        &json!({"src": "c0", "dest": "n1", "body": {"type": "init", "msg_id": 1, "node_id": "n1", "node_ids": ["n1"]}}).to_string(),
    );
    host.tick(10_000);
    host
}

/// The bodies of the messages among some outputs.
fn bodies(outputs: &[Output]) -> Vec<Value> {
    let body = |output: &Output| match output {
        Output::Line(line) => Some(serde_json::from_str::<Value>(line).unwrap()["body"].take()),
        _ => None,
    };
    outputs.iter().filter_map(body).collect()
}

fn ask(host: &mut Host<Raft>, body: &Value) -> Value {
    let outputs = host.line(10_001, &json!({"src": "c1", "dest": "n1", "body": body}).to_string());
    bodies(&outputs).into_iter().next().unwrap_or(Value::Null)
}

fn complaint(host: &mut Host<Raft>, line: &str) -> String {
    let outputs = host.line(10_001, line);
    assert_eq!(bodies(&outputs), [] as [Value; 0], "{line}");
    let complaint = outputs.into_iter().find_map(|output| if let Output::Complaint(text) = output { Some(text) } else { None });
    complaint.unwrap_or_default()
}

#[test]
fn a_node_answers_in_the_words_of_lin_kv() {
    let mut host = leader();
    let error = |code: u64, answer: &Value| assert_eq!((&answer["type"], &answer["code"]), (&"error".into(), &code.into()), "{answer}");
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
    error(12, &ask(&mut host, &json!({"type": "cas", "key": 2, "from": 3, "to": 4, "create_if_not_exists": 1, "msg_id": 8})));
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
    let raft = |message: Value| json!({"src": "n1", "dest": "n1", "body": {"type": "raft", "message": message}}).to_string();
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
        json!({"kind": "install_snapshot", "term": edge, "snapshot": {"last_included_index": edge, "last_included_term": edge, "store": store}, "round": edge}),
        json!({"kind": "append_entries", "term": edge, "prev_log_index": edge, "prev_log_term": edge, "entries": [{"term": edge, "request": null}], "leader_commit": edge, "round": edge}),
    ] {
        for client in [json!(null), json!(3), json!(65_535)] {
            let line = json!({"src": "n2", "dest": "n1", "body": {"type": "raft", "message": message, "client": client}});
            host.line(10_001, &line.to_string());
        }
    }
    for later in 1..50 {
        host.tick(10_001 + later * 1_000);
    }
    assert_eq!(ask(&mut host, &json!({"type": "topology", "msg_id": 5}))["code"], 10);
}

#[test]
fn a_journal_brings_back_what_was_written_and_a_bad_one_is_refused() {
    let mut host = host();
    let init = json!({"src": "c0", "dest": "n1", "body": {"type": "init", "msg_id": 1, "node_id": "n1", "node_ids": ["n1"]}}).to_string();
    let mut outputs = host.line(0, &init);
    outputs.extend(host.tick(10_000));
    for number in 0..200 {
        let write = json!({"src": "c1", "dest": "n1", "body": {"type": "write", "key": number % 7, "value": number, "msg_id": number}});
        outputs.extend(host.line(10_001 + number, &write.to_string()));
    }
    let lines = journal(&outputs);
    assert!(lines.iter().any(|line| line.contains("take_snapshot")), "the log was shortened on the way");
    let mut again = Host::<Raft>::new(PACE, 2, 2, lines.iter().map(String::as_str)).unwrap();
    again.line(0, &init);
    again.tick(10_000);
    for key in 0..7 {
        let expected = (0..200).rfind(|number| number % 7 == key).unwrap();
        assert_eq!(ask(&mut again, &json!({"type": "read", "key": key, "msg_id": key}))["value"], expected);
    }
    let problem = Host::<Raft>::new(PACE, 2, 2, [lines[0].as_str(), "{\"write\":\"nonsense\"}"]).err().unwrap();
    assert!(problem.starts_with("line 2 of the journal: unknown variant `nonsense`"), "{problem}");
}

/// What is in the journal after some outputs.
fn journal(outputs: &[Output]) -> Vec<String> {
    let line = |output: &Output| if let Output::Journal(line) = output { Some(line.clone()) } else { None };
    outputs.iter().filter_map(line).collect()
}

#[test]
fn a_node_that_starts_again_at_once_takes_no_new_request_for_an_old_one() {
    let init = json!({"src": "c0", "dest": "n1", "body": {"type": "init", "msg_id": 1, "node_id": "n1", "node_ids": ["n1"]}}).to_string();
    let mut lines: Vec<String> = Vec::new();
    // Its clock stands still, or was set back.
    for (start, first_number) in [5_000, 5_000, 4_000, 3_000_000_000].into_iter().enumerate() {
        let mut host = Host::<Raft>::new(PACE, 1, first_number, lines.iter().map(String::as_str)).unwrap();
        let mut outputs = host.line(0, &init);
        outputs.extend(host.tick(10_000));
        let write = json!({"src": "c1", "dest": "n1", "body": {"type": "write", "key": "x", "value": start, "msg_id": 1}});
        let written = host.line(10_001, &write.to_string());
        assert_eq!(bodies(&written)[0]["type"], "write_ok");
        let place = |wanted: fn(&Output) -> bool| written.iter().position(wanted).unwrap();
        assert!(
            place(|output| matches!(output, Output::Journal(line) if line.contains("numbers_up_to"))) == 0,
            "before all else: {written:?}"
        );
        outputs.extend(written);
        assert_eq!(ask(&mut host, &json!({"type": "read", "key": "x", "msg_id": 2}))["value"], start);
        lines.extend(journal(&outputs));
    }
    let problem = Host::<Raft>::new(PACE, 1, 1, ["{\"numbers_up_to\":-1}"]).err().unwrap();
    assert_eq!(problem, "line 1 of the journal: numbers_up_to: a number is expected");
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
    let init = json!({"src": "c0", "dest": "n1", "body": {"type": "init", "msg_id": 1, "node_id": "n1", "node_ids": ["n1"]}});
    writeln!(input, "\n{init}").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let (lines, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(lines.lines().last().unwrap().contains("init_ok"), "{lines}");
    assert!(errors.contains("a line of more than 8388608 bytes is left out") && !errors.contains("panicked"), "{errors}");
}
