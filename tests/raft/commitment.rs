//! Sections 5.3 and 5.4: what is committed, and what only seems to be (figure 8). From the dissertation 10.2.1: the
//! leader's own disk.

use super::cluster::{Cluster, scripted};
use super::server::{CLIENT, S2, S3, S4, S5, Server, acknowledge, put, request, server};
use consensus_playground::process::NodeId;
use consensus_playground::raft::{Message, Mutation, Role, Rule};
use consensus_playground::scenario::Scenario;

#[test]
fn the_leader_commits_what_a_majority_holds() {
    // Who acknowledges besides the leader, and whether that commits in a cluster of five.
    for (acknowledging, committed) in
        [(&[][..], false), (&[S2], false), (&[S2, S3], true), (&[S2, S2, S2], false), (&[S2, S3, S4, S5], true)]
    {
        let mut server = server(1, &[]);
        server.becomes_leader();
        for &peer in acknowledging {
            server.hears(peer, &acknowledge(2, 1));
        }
        assert_eq!(server.core.commit_index() == 1, committed, "{acknowledging:?}");
    }
}

#[test]
fn the_client_is_answered_once_its_command_is_committed_and_applied() {
    let mut server = server(1, &[]);
    server.becomes_leader();
    let done = server.hears(CLIENT, &request(1, put("1")));
    server.is_told(&done.receipts);
    assert!(server.hears(S2, &acknowledge(2, 2)).sent.iter().all(|(to, _)| *to != CLIENT));
    let done = server.hears(S3, &acknowledge(2, 2));
    assert_eq!(done.to(CLIENT), &Message::answer(1, consensus_playground::kv::Answer::Done));
    assert!(done.fired(Rule::Committed) && done.fired(Rule::Applied));
}

/// 5.4.2: counting replicas commits no entry of an earlier term; an entry of the leader's own term commits all before
/// it.
#[test]
fn only_entries_of_the_leaders_term_are_counted() {
    let mut server = server(2, &[1, 2]);
    server.becomes_leader();
    server.hears(S2, &acknowledge(3, 2));
    let done = server.hears(S3, &acknowledge(3, 2));
    assert!(done.fired(Rule::OldTermNotCounted));
    assert_eq!(server.core.commit_index(), 0);
    server.hears(S2, &acknowledge(3, 3));
    server.hears(S3, &acknowledge(3, 3));
    assert_eq!(server.core.commit_index(), 3);
}

/// Dissertation 10.2.1: the leader writes to its disk while its followers write to theirs, and counts itself when it is
/// done.
#[test]
fn the_leader_counts_its_own_entry_once_it_is_on_its_disk() {
    let mut server = server(1, &[]);
    server.becomes_leader();
    let done = server.hears(CLIENT, &request(1, put("1")));
    server.hears(S2, &acknowledge(2, 2));
    server.hears(S3, &acknowledge(2, 2));
    assert_eq!(server.core.commit_index(), 1, "two disks of five");
    let mut on_disk = server.clone();
    on_disk.is_told(&done.receipts);
    assert_eq!(on_disk.core.commit_index(), 2, "three disks, the leader's among them");
    server.hears(S4, &acknowledge(2, 2));
    assert_eq!(server.core.commit_index(), 2, "three disks without the leader's: the entry is safe all the same");
}

/// R11: the quorum against a count of its own, for all ways in which four followers may stand.
#[test]
fn r11_the_commit_index_is_the_highest_that_a_majority_holds() {
    let mut leading = server(1, &[]);
    leading.becomes_leader();
    for sequence in 1..=3 {
        let done = leading.hears(CLIENT, &request(sequence, put("1")));
        leading.is_told(&done.receipts);
    }
    let holds = |held: &[u64], index: u64| 1 + held.iter().filter(|&&other| other >= index).count() >= 3;
    for code in 0..5u64.pow(4) {
        let held: Vec<u64> = (0..4).map(|ordinal| code / 5u64.pow(ordinal) % 5).collect();
        let mut server: Server = leading.clone();
        for (ordinal, &match_index) in held.iter().enumerate() {
            server.hears(NodeId(ordinal as u16 + 1), &acknowledge(2, match_index));
        }
        let expected = (1..=4).rev().find(|&index| holds(&held, index)).unwrap_or(0);
        assert_eq!(server.core.commit_index(), expected, "{held:?}");
    }
}

fn figure_8_scenario() -> Scenario {
    let mut scenario = scripted(5, 1);
    scenario.raft.entries_per_message_max = 1;
    scenario
}

/// Figure 8 up to (c): n1 leads again, and an entry of its earlier term has just reached a majority. Then n1 crashes.
fn figure_8(cluster: &mut Cluster) {
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    // (a) n1 leads, and gets its second entry to n2 only.
    cluster.partition(&[&["n1", "n2", "c1"]]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(50);
    assert_eq!(cluster.log("n2"), "1:no-op 1:put x=1");
    cluster.crash("n1");
    // (b) n5 is elected by n3, n4 and itself, and takes an entry that it gets to nobody.
    cluster.heal();
    cluster.elect("n5");
    cluster.partition(&[&["n5"]]);
    cluster.run_ms(50);
    assert_eq!(cluster.log("n5"), "1:no-op 2:no-op");
    cluster.crash("n5");
    // (c) n1 is back, is elected, and goes on with the entry of term 1. It reaches n3: three of five hold it.
    cluster.heal();
    cluster.restart("n1");
    cluster.elect("n1");
    let acknowledged = |cluster: &Cluster| match cluster.server("n1").role_state() {
        Role::Leader(leader) => leader.progress[2].match_index() == 2,
        _ => false,
    };
    cluster.run_until("n1 knows that n3 holds entry 2", acknowledged);
    assert_eq!(cluster.log("n3"), "1:no-op 1:put x=1");
}

/// n1 is gone before it has replicated an entry of its own term, and n5 comes back and wins.
fn n5_takes_over(cluster: &mut Cluster) {
    cluster.partition(&[&["n1"]]);
    cluster.crash("n1");
    cluster.run_ms(20);
    cluster.heal();
    cluster.restart("n5");
    cluster.elect("n5");
    cluster.run_ms(300);
}

/// Figure 8, (d): n5 is elected by n3 and n4, and overwrites the entry. Nothing is lost, for nobody has called it
/// committed.
#[test]
fn figure_8_an_old_entry_on_a_majority_is_not_committed_and_may_be_overwritten() {
    let mut cluster = Cluster::of(figure_8_scenario());
    figure_8(&mut cluster);
    assert_eq!(cluster.commit("n1"), 0, "since its crash it knows of nothing that is committed");
    assert!(cluster.fired("n1", Rule::OldTermNotCounted) > 0);
    n5_takes_over(&mut cluster);
    assert!(cluster.log("n3").starts_with("1:no-op 2:no-op"), "{}", cluster.log("n3"));
    assert!(cluster.fired("n3", Rule::ConflictTruncated) > 0);
    cluster.must_be_sound();
}

/// Figure 8, (e): had n1 got an entry of its own term to a majority, n5 could not win, and the old entry would stay.
#[test]
fn figure_8_an_entry_of_the_own_term_makes_all_before_it_safe() {
    let mut cluster = Cluster::of(figure_8_scenario());
    figure_8(&mut cluster);
    cluster.run_ms(100);
    assert_eq!(cluster.commit("n1"), 3);
    cluster.crash("n1");
    cluster.restart("n5");
    for _ in 0..3 {
        cluster.fire("n5", consensus_playground::raft::RaftTimer::Election);
        cluster.run_ms(50);
        assert_eq!(cluster.role("n5"), "candidate");
    }
    cluster.elect("n3");
    cluster.run_ms(300);
    assert!(cluster.log("n5").starts_with("1:no-op 1:put x=1"));
    cluster.must_be_sound();
}

/// Figure 8 with the rule switched off: the leader commits by counting, and a later leader lacks what was committed.
pub fn figure_8_without_the_rule() -> Cluster {
    let mut cluster = Cluster::without(Mutation::OldTermCommitted, figure_8_scenario());
    figure_8(&mut cluster);
    assert_eq!(cluster.commit("n1"), 2);
    n5_takes_over(&mut cluster);
    cluster
}

#[test]
fn figure_8_without_the_rule_a_committed_entry_is_lost() {
    assert!(figure_8_without_the_rule().broken().contains(&"leader-completeness"));
}
