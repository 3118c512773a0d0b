//! Five nodes serve clients, go on when the network is cut, forget nothing in a crash, and their history is linearizable.

use crate::harness::Harness;
use std::path::PathBuf;

const ALL: &[usize] = &[1, 2, 3, 4, 5];

fn empty_directory(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("consensus-playground-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

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
        assert!(harness.successes() <= served + 4, "what was under way may have ended well: {} after {served}", harness.successes());
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
    let data = empty_directory(protocol);
    let mut harness = Harness::start(protocol, 3, 3, Some(data.clone()));
    for target in [30, 60, 90] {
        harness.run_until(&[1, 2, 3], "operations succeed", |harness| harness.successes() >= target);
        harness.crash_all_and_restart();
    }
    let since = harness.history.len();
    harness.run_until(&[1, 2, 3], "reads succeed", |harness| harness.successes_since(since, true) >= 10);
    harness.run_out();
    harness.must_be_linearizable();
    drop(harness);
    std::fs::remove_dir_all(data).unwrap();
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
