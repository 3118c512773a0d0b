//! View changes (VRR 4.2).

use super::cluster::{Cluster, idle, scripted, with};
use consensus_playground::viewstamped::{Mutation, Rule};

#[test]
fn the_next_replica_becomes_the_primary_and_has_what_was_committed() {
    let mut cluster = Cluster::scripted(5, 2);
    cluster.put("c1", "x", "1");
    cluster.run_ms(21);
    cluster.crash("n1");
    cluster.suspects("n4");
    cluster.run_ms(50);
    assert_eq!((cluster.view("n2"), cluster.role("n2"), cluster.role("n5")), (1, "primary", "backup"));
    assert_eq!((cluster.log("n2"), cluster.commit("n2")), ("1: 0 put x=1".into(), 1));
    cluster.get("c2", "x");
    cluster.run_ms(100);
    assert_eq!(cluster.last("c2"), "1");
    cluster.must_be_sound();
}

#[test]
fn a_view_begins_only_once_f_others_have_left_the_old_one() {
    let mut cluster = Cluster::scripted(5, 1);
    cluster.cut(&["n2", "n3"], &["n1", "n4", "n5"]);
    cluster.suspects("n3");
    cluster.run_ms(300);
    assert_eq!((cluster.role("n2"), cluster.role("n3")), ("view change", "view change"));
    assert_eq!(cluster.fired("n2", Rule::ViewStarted), 0);
    cluster.put("c1", "x", "1");
    cluster.run_ms(50);
    assert_eq!(cluster.last("c1"), "ok", "the others go on in their view");
    cluster.must_be_sound();
}

#[test]
fn a_replica_that_has_missed_the_beginning_of_a_view_gets_its_state() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.cut(&["n3"], &["n1", "n2"]);
    cluster.suspects("n2");
    cluster.run_ms(50);
    cluster.put("c1", "x", "1");
    cluster.run_ms(100);
    assert_eq!((cluster.view("n3"), cluster.log("n2")), (0, "1: 1 put x=1".into()));
    cluster.heal();
    cluster.run_ms(200);
    assert_eq!((cluster.view("n3"), cluster.log("n3")), (1, "1: 1 put x=1".into()));
    assert_eq!(cluster.fired("n3", Rule::StateTaken), 1);
    cluster.must_be_sound();
}

/// n1 is cut off with three operations that nobody else has. n2 and n3 go on in view 1, and commit one. Then n2 is
/// gone, and n1 back.
pub fn longer_log_of_an_earlier_view(mutation: Option<Mutation>) -> Cluster {
    let mut cluster = Cluster::of(with(mutation, scripted(3, 4)));
    cluster.partition(&[&["n1", "c1", "c4"]]);
    for value in ["1", "2"] {
        cluster.put("c1", value, value);
    }
    cluster.put("c4", "z", "3");
    cluster.run_ms(20);
    cluster.suspects("n2");
    cluster.run_ms(30);
    cluster.put("c2", "x", "committed");
    cluster.run_until("it is committed", |cluster| cluster.last("c2") == "ok");
    cluster.crash("n2");
    cluster.cut_one_way(&["n1"], &["c1", "c4"]);
    cluster.heal();
    cluster.suspects("n3");
    cluster.run_ms(120);
    cluster
}

#[test]
fn the_log_of_the_latest_normal_view_is_taken_and_not_the_longest() {
    let cluster = longer_log_of_an_earlier_view(None);
    assert_eq!((cluster.view("n3"), cluster.role("n3")), (2, "primary"));
    assert!(cluster.log("n1").starts_with("1: 1 put x=committed"), "{}", cluster.log("n1"));
    let broken = longer_log_of_an_earlier_view(Some(Mutation::HighestOpInsteadOfLatestView)).broken();
    assert!(broken.contains(&"latest-log-taken") && broken.contains(&"committed-survives"), "{broken:?}");
}

#[test]
fn primaries_that_crash_one_after_another_stop_nobody() {
    let mut cluster = Cluster::of(idle(5, 2));
    for (down, value) in [("n1", "1"), ("n2", "2"), ("n3", "3"), ("n4", "4"), ("n5", "5"), ("n1", "6")] {
        cluster.crash(down);
        cluster.put("c1", "x", value);
        cluster.run_ms(2_500);
        assert_eq!(cluster.last("c1"), "ok", "without {down}");
        cluster.restart(down);
        cluster.run_ms(1_000);
    }
    cluster.must_be_sound();
}
