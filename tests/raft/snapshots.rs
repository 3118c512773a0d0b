//! Section 7: snapshots.

use super::cluster::{Cluster, scripted};
use super::server::{S2, append, boot, entries, plain, server};
use consensus_playground::kv::Store;
use consensus_playground::process::Durable as _;
use consensus_playground::raft::message::InstallSnapshot;
use consensus_playground::raft::state::{Snapshot, Write};
use consensus_playground::raft::{Durable, Message, Rule};
use consensus_playground::scenario::Scenario;
use std::sync::Arc;

pub fn often() -> Scenario {
    let mut scenario = scripted(3, 1);
    scenario.raft.snapshot_threshold = 4;
    scenario.raft.snapshot_trailing = 0;
    scenario
}

fn snapshot(last_included_index: u64, last_included_term: u64) -> Arc<Snapshot> {
    Arc::new(Snapshot { last_included_index, last_included_term, store: Store::default() })
}

pub fn install(term: u64, index: u64, index_term: u64) -> Message {
    Message::InstallSnapshot(InstallSnapshot { term, snapshot: snapshot(index, index_term), piece: None, round: 0 })
}

/// Puts so many values under a key.
pub fn puts(cluster: &mut Cluster, client: &str, values: std::ops::RangeInclusive<u32>) {
    for value in values {
        cluster.put(client, "x", &value.to_string());
        cluster.run_ms(40);
    }
}

#[test]
fn a_server_saves_its_state_and_drops_the_log_when_enough_was_applied() {
    let mut cluster = Cluster::of(often());
    cluster.elect_and_settle("n1");
    puts(&mut cluster, "c1", 1..=3);
    cluster.run_ms(100);
    for name in ["n1", "n2", "n3"] {
        assert_eq!((cluster.log(name).as_str(), cluster.store(name).as_str()), ("[4:1]", "x=3"), "{name}");
        assert!(cluster.fired(name, Rule::SnapshotTaken) > 0, "each for itself");
    }
    cluster.must_be_sound();
}

#[test]
fn some_entries_are_kept_for_followers_that_are_a_little_late() {
    let mut scenario = often();
    scenario.raft.snapshot_trailing = 2;
    let mut cluster = Cluster::of(scenario);
    cluster.elect_and_settle("n1");
    puts(&mut cluster, "c1", 1..=3);
    assert_eq!(cluster.log("n1"), "[2:1] 1:put x=2 1:put x=3");
}

#[test]
fn a_server_boots_from_its_snapshot_and_the_log_behind_it() {
    let mut cluster = Cluster::of(often());
    cluster.elect_and_settle("n1");
    puts(&mut cluster, "c1", 1..=4);
    cluster.run_ms(100);
    cluster.crash("n2");
    cluster.restart("n2");
    assert_eq!((cluster.log("n2").as_str(), cluster.commit("n2")), ("[4:1] 1:put x=4", 4));
    cluster.run_ms(100);
    assert_eq!(cluster.store("n2"), "x=4");
    cluster.must_be_sound();
}

#[test]
fn a_follower_that_needs_what_was_dropped_gets_the_snapshot() {
    let mut cluster = Cluster::of(often());
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut(&["n3"], &["n1", "n2"]);
    puts(&mut cluster, "c1", 1..=9);
    cluster.heal();
    cluster.run_ms(300);
    assert_eq!(cluster.fired("n3", Rule::SnapshotInstalled), 1);
    assert_eq!((cluster.store("n3"), cluster.commit("n3")), ("x=9".to_owned(), cluster.commit("n1")));
    cluster.must_be_sound();
}

#[test]
fn a_snapshot_carries_the_sessions_of_the_clients() {
    let mut cluster = Cluster::of(often());
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut(&["n3"], &["n1", "n2"]);
    puts(&mut cluster, "c1", 1..=2);
    // The answer to the last one is lost, so the client asks again later: n3 by then, which knows of it by the snapshot
    // alone.
    cluster.cut_one_way(&["n1", "n2"], &["c1"]);
    cluster.cas("c1", "x", "2", "3");
    cluster.run_ms(100);
    cluster.heal();
    cluster.cut(&["c1"], &["n1", "n2"]);
    cluster.run_ms(300);
    assert_eq!(cluster.log("n3"), "[4:1]");
    cluster.elect("n3");
    cluster.run_until("the client is answered", |cluster| cluster.last("c1") != "pending");
    assert_eq!(cluster.last("c1"), "ok", "a second application would say: no, holds 3");
    assert_eq!(cluster.fired("n3", Rule::DuplicateAnswered), 1);
    cluster.heal();
    cluster.run_ms(300);
    cluster.must_be_sound();
}

#[test]
fn what_follows_a_snapshot_stays_if_the_entry_at_its_place_matches() {
    let mut server = server(2, &[1, 1, 2]);
    let done = server.hears(S2, &install(2, 2, 1));
    assert!(done.fired(Rule::SnapshotInstalled) && done.persisted_before_sending);
    assert_eq!((server.core.log().base_index(), server.log()), (2, vec![2]));
    assert_eq!((server.core.commit_index(), server.core.last_applied()), (2, 2));
}

#[test]
fn the_whole_log_goes_if_the_entry_at_its_place_differs_or_is_missing() {
    for log in [&[1, 1, 1][..], &[1], &[]] {
        let mut server = server(2, log);
        server.hears(S2, &install(2, 2, 2));
        assert_eq!((server.core.log().base_index(), server.core.log().last_term(), server.log()), (2, 2, vec![]));
    }
}

#[test]
fn what_is_on_the_disk_is_what_is_in_memory_after_a_snapshot() {
    let mut disk = Durable::default();
    disk.apply(&Write::Append { after: 0, entries: entries(&[1, 1, 2]) });
    disk.apply(&Write::TakeSnapshot { snapshot: snapshot(2, 1), drop_up_to: 2 });
    let server = boot(3, plain(), &disk);
    assert_eq!((server.core.commit_index(), server.log()), (2, vec![2]));
    assert_eq!(server.core.durable(), &disk);
}

#[test]
fn an_entry_behind_the_snapshot_matches_whatever_is_said_before_it() {
    let mut server = server(2, &[]);
    server.hears(S2, &install(2, 4, 1));
    let done = server.hears(S2, &append(2, (1, 1), &[1, 1, 1, 2], 5));
    assert!(done.appended().success);
    assert_eq!((done.appended().match_index, server.log(), server.core.commit_index()), (5, vec![2], 5));
}
