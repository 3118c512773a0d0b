//! Normal operation (VRR 4.1), state transfer (5.2) and checkpoints (5.1).

use super::cluster::{Cluster, scripted};
use consensus_playground::viewstamped::Rule;

#[test]
fn an_operation_is_committed_by_f_acknowledgements_and_the_client_is_answered() {
    let mut cluster = Cluster::scripted(5, 1);
    cluster.cut(&["n1"], &["n4", "n5"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(21);
    assert_eq!((cluster.last("c1"), cluster.commit("n1")), ("ok".into(), 1));
    assert_eq!((cluster.log("n3"), cluster.log("n4")), ("1: 0 put x=1".into(), String::new()));
    assert_eq!(cluster.commit("n3"), 0, "it is told with the next message");
    cluster.run_ms(100);
    assert_eq!((cluster.commit("n3"), cluster.store("n3")), (1, "x=1".into()));
    cluster.must_be_sound();
}

#[test]
fn with_one_acknowledgement_less_than_f_nothing_is_committed() {
    let mut cluster = Cluster::scripted(5, 1);
    cluster.cut(&["n1"], &["n3", "n4", "n5"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(900);
    assert_eq!((cluster.last("c1"), cluster.commit("n1"), cluster.commit("n2")), ("pending".into(), 0, 0));
}

#[test]
fn a_backup_that_finds_a_gap_accepts_nothing_and_asks_for_what_is_missing() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.cut(&["n1"], &["n3"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(21);
    cluster.heal();
    cluster.put("c1", "y", "2");
    cluster.run_ms(11);
    assert_eq!((cluster.fired("n3", Rule::GapFound), cluster.log("n3")), (1, String::new()));
    cluster.run_ms(20);
    assert_eq!(cluster.log("n3"), "1: 0 put x=1, 2: 0 put y=2");
    cluster.run_ms(200);
    cluster.must_be_sound();
}

#[test]
fn what_a_backup_has_not_acknowledged_is_sent_again_with_the_next_commit() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.cut(&["n1"], &["n2", "n3"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(20);
    cluster.heal();
    cluster.run_ms(120);
    assert!(cluster.fired("n1", Rule::SentAgain) > 0);
    assert_eq!((cluster.last("c1"), cluster.log("n3")), ("ok".into(), "1: 0 put x=1".into()));
}

#[test]
fn a_request_that_is_sent_again_is_answered_from_the_client_table() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.put("c1", "x", "1");
    cluster.run_ms(12);
    cluster.cut_one_way(&["n1"], &["c1"]);
    cluster.run_ms(900);
    cluster.heal();
    cluster.run_ms(2_500);
    assert_eq!((cluster.last("c1"), cluster.log("n1")), ("ok".into(), "1: 0 put x=1".into()));
    assert_eq!(cluster.fired("n1", Rule::ResultResent), 1);
    cluster.must_be_sound();
}

#[test]
fn a_read_is_an_operation_like_any_other() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.put("c1", "x", "1");
    cluster.run_ms(100);
    cluster.get("c1", "x");
    cluster.run_ms(100);
    assert_eq!((cluster.last("c1"), cluster.commit("n1")), ("1".into(), 2));
}

#[test]
fn a_backup_that_lacks_what_a_checkpoint_covers_gets_the_checkpoint() {
    let mut scenario = scripted(3, 1);
    scenario.viewstamped.checkpoint_threshold = 4;
    scenario.viewstamped.checkpoint_trailing = 1;
    let mut cluster = Cluster::of(scenario);
    cluster.cut(&["n1", "n2"], &["n3"]);
    for value in ["1", "2", "3", "4", "5"] {
        cluster.put("c1", "x", value);
        cluster.run_ms(50);
    }
    assert_eq!(cluster.server("n1").log().base(), 3);
    cluster.heal();
    cluster.run_ms(300);
    assert_eq!((cluster.store("n3"), cluster.commit("n3"), cluster.server("n3").log().base()), ("x=5".into(), 5, 3));
    cluster.must_be_sound();
}
