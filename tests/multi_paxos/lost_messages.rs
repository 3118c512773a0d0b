//! M6 of the known bugs: what was lost is sent again.

use super::cluster::{Cluster, idle};
use consensus_playground::multi_paxos::Rule;
use consensus_playground::sim::Ratio;

#[test]
fn m6_lost_accepts_are_sent_again() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut_one_way(&["n1"], &["n2", "n3"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(30);
    cluster.heal();
    cluster.run_ms(150);
    assert_eq!(cluster.last("c1"), "ok");
    assert!(cluster.fired("n1", Rule::SentAgain) > 0);
    cluster.must_be_sound();
}

#[test]
fn m6_lost_acceptances_are_made_good_by_the_next_heartbeat() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut_one_way(&["n2", "n3"], &["n1"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(30);
    assert_eq!(cluster.log("n2"), "1: 1.n1 put x=1");
    cluster.heal();
    cluster.run_ms(150);
    assert_eq!((cluster.last("c1"), cluster.fired("n1", Rule::SentAgain)), ("ok".into(), 0), "nobody lacks anything");
}

#[test]
fn m6_a_follower_that_crashed_is_told_again_what_is_chosen() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(200);
    cluster.crash("n2");
    cluster.elect_and_settle("n3");
    cluster.restart("n2");
    assert_eq!((cluster.commit("n2"), cluster.log("n2")), (0, "1: 1.n1 put x=1".into()));
    cluster.run_ms(200);
    assert_eq!((cluster.commit("n2"), cluster.store("n2")), (1, "x=1".into()));
    cluster.must_be_sound();
}

#[test]
fn m6_lost_prepares_and_promises_only_cost_time() {
    let mut cluster = Cluster::of(idle(3, 1));
    cluster.network(|dials| dials.loss = Ratio::percent(100));
    cluster.run_ms(1_000);
    assert_eq!(cluster.leaders(), Vec::<String>::new());
    cluster.network(|dials| dials.loss = Ratio::percent(0));
    cluster.put("c1", "x", "1");
    cluster.run_ms(1_500);
    assert_eq!(cluster.last("c1"), "ok");
    cluster.must_be_sound();
}
