//! Five nodes serve clients, go on when the network is cut, forget nothing in a crash, and their history is
//! linearizable.

use super::harness::{Directory, Harness};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};

const ALL: &[usize] = &[1, 2, 3, 4, 5];

/// Serves, is cut in two ways, heals, and serves again; the history is judged.
fn goes_on_although_the_network_is_cut(protocol: &'static str) {
    let mut harness = Harness::start(protocol, 5, 4, None);
    harness.run_until(ALL, "40 operations succeed", |harness| harness.successes() >= 40);
    for (cut_off, others) in [(&[1, 2][..], &[3, 4, 5][..]), (&[3, 4], &[1, 2, 5])] {
        harness.cut_off(cut_off);
        let since = harness.history.len();
        harness.run_until(others, "the majority goes on", |harness| {
            harness.successes_since(since, true) >= 8 && harness.successes_since(since, false) >= 8
        });
        // Those who are cut off serve nobody, and say nothing that is not so.
        let served = harness.successes();
        let asked = harness.history.len();
        harness.run_until(cut_off, "the minority is asked", |harness| harness.history.len() >= asked + 12);
        harness.run_out();
        assert!(
            harness.successes() <= served + 4,
            "what was under way may have ended well: {} after {served}",
            harness.successes()
        );
        harness.heal();
        let since = harness.history.len();
        harness.run_until(cut_off, "all are served again", |harness| {
            harness.successes_since(since, true) >= 8 && harness.successes_since(since, false) >= 8
        });
    }
    harness.run_out();
    harness.must_be_linearizable();
}

/// All nodes lose power at once, and are started again from their disks.
fn keeps_what_it_has_acknowledged(protocol: &'static str) {
    let data = Directory::new(protocol);
    let mut harness = Harness::start(protocol, 3, 3, Some(data.path()));
    for target in [30, 60, 90] {
        harness.run_until(&[1, 2, 3], "operations succeed", |harness| harness.successes() >= target);
        harness.crash_all_and_restart();
    }
    let since = harness.history.len();
    harness.run_until(&[1, 2, 3], "reads succeed", |harness| harness.successes_since(since, true) >= 10);
    harness.run_out();
    harness.must_be_linearizable();
}

/// One node after another is killed while clients are served, and started again from its disk at once.
fn survives_kills_at_any_moment(protocol: &'static str) {
    let data = Directory::new(&format!("kills-{protocol}"));
    let mut harness = Harness::start(protocol, 3, 4, Some(data.path()));
    harness.run_until(&[1, 2, 3], "operations succeed", |harness| harness.successes() >= 10);
    for kill in 0..12 {
        let (number, target) = (kill * 7 % 3 + 1, harness.successes() + 1 + kill * 5 % 13);
        harness.run_until(&[1, 2, 3], "operations succeed", |harness| harness.successes() >= target);
        harness.kill(number);
        harness.start_again(number);
    }
    let since = harness.history.len();
    harness.run_until(&[1, 2, 3], "reads succeed", |harness| harness.successes_since(since, true) >= 10);
    harness.run_out();
    harness.must_be_linearizable();
}

/// A node comes back when log and state are far larger than a line may be. Then another one is lost, and the two must
/// serve.
fn a_majority_serves_however_large_its_state(protocol: &'static str) {
    let data = Directory::new(&format!("large-{protocol}"));
    let mut harness = Harness::start(protocol, 3, 1, Some(data.path()));
    let ok = |harness: &mut Harness, number, body| harness.ask_until(number, "write_ok", &body);
    ok(&mut harness, 1, json!({"type": "write", "key": "first", "value": 1}));
    harness.kill(3);
    // On its way each quote is four bytes: 20 such values are two and a half megabytes, ten times what a message may be.
    let large = |number: usize| format!("{number}{}", "\"".repeat(31_000));
    for number in 0..20 {
        ok(&mut harness, 1 + number % 2, json!({"type": "write", "key": number, "value": large(number)}));
    }
    harness.start_again(3);
    harness.kill(2);
    assert_eq!(
        harness.ask_until(3, "read_ok", &json!({"type": "read", "key": 7}))["value"],
        large(7),
        "the log arrived"
    );
    harness.start_again(2);
    harness.kill(3);
    for number in 0..1_700 {
        ok(&mut harness, 1, json!({"type": "write", "key": "last", "value": number}));
    }
    harness.start_again(3);
    harness.kill(1);
    assert_eq!(
        harness.ask_until(3, "read_ok", &json!({"type": "read", "key": "last"}))["value"],
        1_699,
        "the state arrived"
    );
    assert_eq!(harness.ask_until(3, "read_ok", &json!({"type": "read", "key": 19}))["value"], large(19));
}

#[test]
fn raft_survives_kills_at_any_moment() {
    survives_kills_at_any_moment("raft");
}

#[test]
fn multi_paxos_survives_kills_at_any_moment() {
    survives_kills_at_any_moment("multi-paxos");
}

#[test]
fn a_majority_of_raft_serves_however_large_its_state() {
    a_majority_serves_however_large_its_state("raft");
}

#[test]
fn a_majority_of_multi_paxos_serves_however_large_its_state() {
    a_majority_serves_however_large_its_state("multi-paxos");
}

/// What a process says that cannot start.
fn refusal(protocol: &str, data: &Path, cluster: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_consensus-playground"));
    let output = command
        .args(["node", "--protocol", protocol, "--cluster", cluster, "--data"])
        .arg(data)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_directory_that_is_in_use_or_another_cluster_s_or_rotten_is_refused() {
    let data = Directory::new("refused");
    let mut harness = Harness::start("raft", 1, 1, Some(data.path()));
    harness.ask_until(1, "write_ok", &json!({"type": "write", "key": 1, "value": 1}));
    let own = data.path().join("n1");
    assert!(refusal("raft", &own, "default").contains("another process uses this directory"));
    harness.kill(1);
    assert!(refusal("raft", &own, "payments").contains("this belongs to the cluster \"default\", not \"payments\""));
    assert!(refusal("multi-paxos", &own, "default").contains("this belongs to a node of raft, not multi-paxos"));
    let file = own.join("node.redb");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[70] ^= 1;
    bytes[198] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let problem = refusal("raft", &own, "default");
    assert!(problem.contains("node.redb: what is here has rotted") && !problem.contains("panicked"), "{problem}");
}

#[test]
fn raft_goes_on_although_the_network_is_cut() {
    goes_on_although_the_network_is_cut("raft");
}

#[test]
fn raft_keeps_what_it_has_acknowledged() {
    keeps_what_it_has_acknowledged("raft");
}

#[test]
fn multi_paxos_goes_on_although_the_network_is_cut() {
    goes_on_although_the_network_is_cut("multi-paxos");
}

#[test]
fn multi_paxos_keeps_what_it_has_acknowledged() {
    keeps_what_it_has_acknowledged("multi-paxos");
}
