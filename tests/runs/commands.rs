//! The `run` and `hunt` commands from outside: what they print, and what they say to bad input.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Exit status, standard output, standard error.
fn parts(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

pub fn playground(arguments: &[&str]) -> (i32, String, String) {
    parts(Command::new(env!("CARGO_BIN_EXE_consensus-playground")).args(arguments).output().unwrap())
}

/// As [`playground`], with something on standard input.
pub fn playground_reads(arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_consensus-playground"));
    let mut child =
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Whoever refuses an input that is too long need not read it to its end.
    let _ = child.stdin.take().unwrap().write_all(input);
    parts(child.wait_with_output().unwrap())
}

#[test]
fn a_run_prints_its_verdicts_and_its_trace_hash() {
    let (status, output, errors) = playground(&["run", "--until", "1000"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    let lines: Vec<&str> = output.lines().collect();
    assert!(lines[0].starts_with("linearizable: "), "{output}");
    assert_eq!(lines[1], "all invariants hold");
    assert!(lines[3].starts_with("trace hash ") && lines[3].len() == "trace hash ".len() + 32, "{output}");
    assert_eq!(playground(&["run", "--until", "1000"]).1, output, "the same again");
    assert_ne!(playground(&["run", "--until", "1000", "--seed", "2"]).1, output);
}

/// Where nobody can be elected, no promise can be broken: to say that all of them hold would be praise for nothing.
#[test]
fn settings_under_which_nobody_can_be_elected_are_said_to_be_such() {
    let scenario = br#"{"protocol": "raft", "disk": {"flush_ticks": 400000}}"#;
    let (status, output, _) = playground_reads(&["run", "-", "--until", "3000"], scenario);
    assert_eq!(status, 0);
    assert!(
        output.contains("Nobody can be elected: with these disks") && !output.contains("all invariants hold"),
        "{output}"
    );
    let scenario = br#"{"protocol": "raft", "raft": {"pre_vote": false, "election_timeout_ticks": {"min": 200000, "max": 200000}}}"#;
    let (_, output, _) = playground_reads(&["run", "-", "--until", "3000"], scenario);
    assert!(
        output.contains("all 5 servers wait exactly 200 ms") && !output.contains("all invariants hold"),
        "{output}"
    );
}

#[test]
fn a_transcript_has_a_line_for_each_event() {
    let (_, output, _) = playground(&["run", "elect-and-replicate", "--transcript", "--until", "300"]);
    let events: usize = output.lines().find_map(|line| line.split_once(" events in")).unwrap().0.parse().unwrap();
    assert_eq!(output.lines().count(), events + 4);
}

#[test]
fn a_broken_promise_is_printed_and_is_exit_status_1() {
    let (status, output, _) = playground(&["run", "stale-read"]);
    assert_eq!(status, 1);
    assert!(output.starts_with("switched off: read-index-off\nnot linearizable: c1's get of \"x\""), "{output}");
}

#[test]
fn a_hunt_counts_what_it_has_done() {
    let (status, output, errors) = playground(&["hunt", "--seeds", "0..20"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(output.starts_with("20 seeds, ") && output.ends_with(" events, 0 failures\n"), "{output}");
}

#[test]
fn a_hunt_prints_a_line_for_each_failure_and_its_scenario_fails_again() {
    let (status, output, _) = playground(&[
        "hunt",
        "--seeds",
        "0..100",
        "--mutation",
        "election-restriction-off",
        "--failures",
        "2",
        "--no-shrink",
    ]);
    assert_eq!(status, 1);
    assert_eq!(output.lines().count(), 3);
    let failure: serde_json::Value = serde_json::from_str(output.lines().next().unwrap()).unwrap();
    let scenario = failure["scenario"].to_string();
    let (status, output, _) = playground_reads(&["run", "-", "--until", "20000"], scenario.as_bytes());
    assert_eq!(status, 1);
    assert!(
        output.contains(&format!("{} broken after event {}:", failure["name"].as_str().unwrap(), failure["event"])),
        "{output}"
    );
}

#[test]
fn what_is_wrong_in_a_scenario_is_said_with_its_place() {
    for (scenario, expected) in [
        (r#"{"protocol":"raft","replica":5}"#, "unknown field `replica`"),
        (r#"{"protocol":"raft","network":{"latency":1}}"#, "network.latency: unknown field `latency`"),
        (r#"{"protocol":"raft","replicas":0}"#, "replicas: 1 to 31 replicas, not 0"),
        (r#"{"protocol":"raft","replicas":1000000}"#, "replicas: 1 to 31 replicas, not 1000000"),
        (r#"{"protocol":"raft","replicas":-1}"#, "replicas: invalid value: integer `-1`"),
        (r#"{"protocol":"raft","clients":1000000}"#, "clients: at most 32 clients, not 1000000"),
        (
            r#"{"protocol":"raft","network":{"loss":{"numerator":-1,"denominator":100}}}"#,
            "network.loss.numerator: invalid value: integer `-1`",
        ),
        (
            r#"{"protocol":"raft","network":{"loss":{"numerator":101,"denominator":100}}}"#,
            "network.loss.numerator: 101 is more than",
        ),
        (
            r#"{"protocol":"raft","network":{"loss":{"numerator":0,"denominator":0}}}"#,
            "network.loss.denominator: must not be 0",
        ),
        (r#"{"protocol":"raft","workload":{"keys":0}}"#, "workload.keys: 1 to 1000 keys, not 0"),
        (
            r#"{"protocol":"raft","workload":{"think_ticks":{"min":9,"max":3}}}"#,
            "workload.think_ticks.min: 9 is more than",
        ),
        (r#"{"protocol":"raft","raft":{"heartbeat_ticks":0}}"#, "raft.heartbeat_ticks"),
        (r#"{"protocol":"raft","limits":{"events":0}}"#, "limits.events: 1 to"),
        (r#"{"protocol":"raft","mutations":["gravity-off"]}"#, "mutations[0]"),
        (r#"{"protocol":"zab"}"#, "protocol: there is no protocol"),
        (r#"{"replicas":5}"#, "missing field `protocol`"),
        (
            r#"{"protocol":"raft","interventions":[{"at":1,"action":{"crash":{"node":"n6"}}}]}"#,
            "interventions[0].action.node: there is no process \"n6\"",
        ),
        (
            r#"{"protocol":"raft","interventions":[{"at":1,"action":{"wipe_disk":{"node":"c1"}}}]}"#,
            "interventions[0].action.node: c1 is a client",
        ),
        (
            r#"{"protocol":"raft","interventions":[{"at":1,"action":{"partition":{"groups":[["n1"],["n1"]]}}}]}"#,
            "interventions[0].action.groups[1][0]: n1 is in two groups",
        ),
        (
            r#"{"protocol":"raft","interventions":[{"at":2,"action":"heal"},{"at":1,"action":"heal"}]}"#,
            "interventions[1].at: interventions must be in the order",
        ),
        (
            r#"{"protocol":"raft","interventions":[{"at":1,"action":{"explode":{"node":"n1"}}}]}"#,
            "interventions[0].action",
        ),
        (r#"{"protocol":"raft"} trailing"#, "trailing characters"),
        (r#"{"protocol":"#, "EOF while parsing"),
        ("", "EOF while parsing"),
        ("[[[[[[[[", "invalid type"),
        ("\u{0}", "expected value"),
    ] {
        for command in [&["run", "-"][..], &["hunt", "-", "--seeds", "0..2"]] {
            let (status, output, errors) = playground_reads(command, scenario.as_bytes());
            // A hunt leaves the interventions out, as it draws its own.
            if command[0] == "hunt" && scenario.contains("interventions") && status == 0 {
                continue;
            }
            assert_eq!((status, output.as_str()), (2, ""), "{command:?} {scenario}");
            assert!(errors.starts_with("-: ") || errors.contains(expected), "{scenario}\n{errors}");
            assert!(errors.contains(expected), "{scenario}\n{errors}");
            assert!(!errors.contains("panicked"), "{errors}");
        }
    }
}

#[test]
fn what_cannot_be_done_when_its_time_comes_does_no_harm() {
    let impossible = r#"{"protocol":"raft","interventions":[
        {"at":1,"action":{"restart":{"node":"n1"}}},
        {"at":2,"action":{"crash":{"node":"n1"}}},
        {"at":2,"action":{"crash":{"node":"n1"}}},
        {"at":3,"action":{"fire_timer":{"node":"n1","timer":"heartbeat"}}},
        {"at":4,"action":{"drop_message":{"message":4000000000}}},
        {"at":4,"action":{"drop_message":{"message":1}}},
        {"at":5,"action":{"delay_message":{"message":4000000000,"by_ticks":5}}},
        {"at":5,"action":{"duplicate_message":{"message":4000000000}}},
        {"at":6,"action":{"deliver_message_now":{"message":4000000000}}},
        {"at":7,"action":{"pause":{"node":"n1"}}},
        {"at":8,"action":{"resume":{"node":"n2"}}}]}"#;
    let (status, output, errors) = playground_reads(&["run", "-", "--until", "2000"], impossible.as_bytes());
    assert_eq!((status, errors.as_str()), (0, ""), "{output}");
}

#[test]
fn what_cannot_be_read_is_said_too() {
    let (status, _, errors) = playground(&["run", "no-such-scenario"]);
    assert_eq!(status, 2);
    assert!(errors.starts_with("no-such-scenario: "), "{errors}");
    assert_eq!(playground(&["run", "/"]).0, 2);
    let (status, _, errors) = playground_reads(&["run", "-"], b"{\"protocol\":\"\xff\"}");
    assert_eq!(status, 2);
    assert!(errors.contains("UTF-8"), "{errors}");
    let long = vec![b' '; (1 << 20) + 9];
    let (status, _, errors) = playground_reads(&["run", "-"], &long);
    assert_eq!(status, 2);
    assert!(errors.contains("at most 1048576 bytes"), "{errors}");
}

#[test]
fn bad_arguments_are_exit_status_2() {
    for arguments in [
        &["hunt"][..],
        &["hunt", "--seeds", "5..5"],
        &["hunt", "--seeds", "9..3"],
        &["hunt", "--seeds", "many"],
        &["hunt", "--seeds", "0..2", "--protocol", "zab"],
        &["hunt", "--seeds", "0..2", "--mutation", "gravity-off"],
        &["run", "--mutation", "gravity-off"],
        &["run", "--seed", "-1"],
        &["run", "--until", "soon"],
        &["explode"],
        &[],
    ] {
        let (status, output, errors) = playground(arguments);
        assert_eq!((status, output.as_str()), (2, ""), "{arguments:?}");
        assert!(!errors.is_empty() && !errors.contains("panicked"), "{errors}");
    }
}

#[test]
fn any_text_in_a_key_or_value_is_text() {
    let scenario = r#"{"protocol":"raft","interventions":[{"at":600000,"action":{"invoke":{"client":"c1",
        "command":{"put":{"key":"<b>\u0000\n\"","value":"\ud83d\ude80 \u202e ' ; --"}}}}}]}"#;
    let (status, output, errors) = playground_reads(&["run", "-", "--transcript"], scenario.as_bytes());
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(output.contains("🚀"));
}

#[test]
fn the_threshold_prints_a_row_for_each_choice_and_writes_a_run_that_shows_what_is_lost() {
    let file = std::env::temp_dir().join(format!("threshold-{}.json", std::process::id()));
    let path = file.to_str().unwrap();
    let (status, output, errors) = playground(&["threshold", "--n", "3..5", "--seeds", "40", "--scenario-out", path]);
    assert_eq!((status, errors.as_str()), (0, ""), "{output}");
    let rows: Vec<Vec<&str>> = output.lines().skip(1).take(3).map(|line| line.split_whitespace().collect()).collect();
    assert!(rows[0].starts_with(&["3", "1", "2", "1", "yes", "broken"]), "{output}");
    assert!(rows[1].starts_with(&["3", "1", "3", "3,", "an", "honest", "one", "no", "kept"]), "{output}");
    assert!(rows[1].contains(&"stalls"), "{output}");
    assert_eq!(
        rows[2][..],
        ["4", "1", "3", "2,", "an", "honest", "one", "yes", "kept", "in", "40", "made", "in", "40"],
        "{output}"
    );
    let (status, shown, _) = playground(&["run", path, "--until", "20000"]);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(status, 1);
    assert!(shown.contains("agreement broken after event "), "{shown}");
}

#[test]
fn the_threshold_refuses_what_cannot_be() {
    let (status, output, errors) = playground(&["threshold", "--n", "3", "--f", "3"]);
    assert_eq!((status, output.as_str()), (2, ""));
    assert!(errors.starts_with("there are no such replicas"), "{errors}");
    assert_eq!(playground(&["threshold", "--n", "5..3"]).0, 2);
    assert_eq!(playground(&["threshold", "--n", "4000000000", "--q", "1", "--seeds", "1"]).0, 2);
}
