//! The normal case: how many messages, how many delays; checkpoints; catching up; reads that are not ordered.

use super::cluster::{Cluster, MS, quiet};
use consensus_playground::pbft::Rule;
use consensus_playground::sim::Action;

/// (n-1) + (n-1)^2 + n(n-1) messages between replicas, and n replies.
#[test]
fn a_write_takes_five_delays_and_the_messages_of_the_arithmetic() {
    for n in [4usize, 7, 10] {
        let mut cluster = Cluster::quiet(n as u32);
        let primary_of_zero =
            ["c1", "c2", "c3"].into_iter().find(|client| cluster.id(client).index().is_multiple_of(n)).unwrap_or("c1");
        // The client learns who the primary is by its first request.
        cluster.put(primary_of_zero, "x", "0");
        cluster.run_ms(500);
        let count = |cluster: &Cluster| ["pre-prepare", "prepare", "commit", "reply"].map(|kind| cluster.sent(kind));
        let before = count(&cluster);
        cluster.put(primary_of_zero, "x", "1");
        cluster.run_ms(500);
        let sent: Vec<usize> = count(&cluster).iter().zip(before).map(|(after, before)| after - before).collect();
        assert_eq!(sent, [n - 1, (n - 1) * (n - 1), n * (n - 1), n]);
        assert_eq!(cluster.last(primary_of_zero), ("ok".to_owned(), Some(50 * MS)));
        cluster.must_be_sound();
    }
}

#[test]
fn an_unordered_read_takes_two_delays_and_no_message_between_replicas() {
    let mut scenario = quiet(4);
    scenario.pbft.read_only = true;
    let mut cluster = Cluster::of(&scenario);
    cluster.put("c1", "x", "1");
    cluster.run_ms(500);
    let before = ["pre-prepare", "prepare", "commit"].map(|kind| cluster.sent(kind));
    cluster.get("c2", "x");
    cluster.run_ms(500);
    assert_eq!(cluster.last("c2"), ("1".to_owned(), Some(20 * MS)));
    assert_eq!(["pre-prepare", "prepare", "commit"].map(|kind| cluster.sent(kind)), before);
    cluster.must_be_sound();
}

#[test]
fn a_checkpoint_of_a_quorum_is_stable_and_the_log_before_it_is_thrown_away() {
    let mut scenario = quiet(4);
    (scenario.pbft.checkpoint_interval, scenario.pbft.log_window) = (2, 4);
    let mut cluster = Cluster::of(&scenario);
    for number in 0..5 {
        cluster.put("c1", "x", &number.to_string());
        cluster.run_ms(200);
    }
    for name in ["n1", "n2", "n3", "n4"] {
        assert_eq!((cluster.replica(name).low_water_mark(), cluster.replica(name).executed()), (4, 5), "{name}");
        assert_eq!(cluster.replica(name).durable().slots.keys().copied().collect::<Vec<_>>(), [5]);
    }
    cluster.must_be_sound();
}

#[test]
fn a_replica_that_was_away_gets_the_state_and_what_came_after() {
    let mut scenario = quiet(4);
    (scenario.pbft.checkpoint_interval, scenario.pbft.log_window) = (2, 4);
    let mut cluster = Cluster::of(&scenario);
    cluster.act(Action::Crash(cluster.id("n4")));
    for number in 0..5 {
        cluster.put("c1", "x", &number.to_string());
        cluster.run_ms(200);
    }
    cluster.act(Action::Restart(cluster.id("n4")));
    cluster.run_ms(1_000);
    assert_eq!(cluster.replica("n4").executed(), 5);
    assert!(cluster.fired("n4", Rule::StateInstalled) > 0 && cluster.fired("n4", Rule::CommitmentLearned) > 0);
    cluster.must_be_sound();
}
