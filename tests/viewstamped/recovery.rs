//! Recovery (VRR 4.3), by crash vectors (RSO), and the disk that makes it unnecessary.

use super::cluster::{Cluster, idle, scripted, with};
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, Ratio};
use consensus_playground::viewstamped::{Mutation, Rule};

#[test]
fn a_crash_forgets_all_and_the_others_bring_it_back() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.put("c1", "x", "1");
    cluster.run_ms(100);
    cluster.crash("n3");
    cluster.restart("n3");
    assert_eq!((cluster.role("n3"), cluster.log("n3")), ("recovering", String::new()));
    cluster.run_ms(30);
    assert_eq!(
        (cluster.role("n3"), cluster.log("n3"), cluster.store("n3")),
        ("backup", "1: 0 put x=1".into(), "x=1".into())
    );
    cluster.must_be_sound();
}

#[test]
fn one_that_recovers_takes_part_in_nothing() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.run_ms(100);
    cluster.crash("n3");
    cluster.cut_one_way(&["n3"], &["n1"]);
    cluster.restart("n3");
    cluster.run_ms(20);
    cluster.suspects("n2");
    cluster.cut(&["n1"], &["n2"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(200);
    assert_eq!((cluster.role("n3"), cluster.view("n3")), ("recovering", 0));
    assert_eq!((cluster.commit("n1"), cluster.fired("n2", Rule::ViewStarted)), (0, 0), "nobody counts it");
    cluster.must_be_sound();
}

#[test]
fn a_primary_that_crashed_recovers_once_the_others_have_another() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.put("c1", "x", "1");
    cluster.run_ms(100);
    cluster.crash("n1");
    cluster.restart("n1");
    cluster.run_ms(300);
    assert_eq!(cluster.role("n1"), "recovering", "the primary of the latest view is itself, and has no log");
    cluster.suspects("n2");
    cluster.run_ms(200);
    assert_eq!((cluster.role("n1"), cluster.view("n1"), cluster.log("n1")), ("backup", 1, "1: 0 put x=1".into()));
    cluster.must_be_sound();
}

#[test]
fn more_than_f_that_forget_at_once_stop_all_for_ever_and_break_no_promise() {
    let mut cluster = Cluster::of(idle(3, 1));
    cluster.put("c1", "x", "1");
    cluster.run_ms(100);
    for name in ["n2", "n3"] {
        cluster.crash(name);
        cluster.restart(name);
    }
    cluster.put("c1", "x", "2");
    cluster.run_ms(8_000);
    assert_eq!((cluster.role("n2"), cluster.role("n3")), ("recovering", "recovering"));
    assert_eq!((cluster.commit("n1"), cluster.last("c1")), (1, "unknown".into()));
    cluster.must_be_sound();
}

/// What is sent later may overtake what takes long.
fn overtaking(clients: u32) -> Scenario {
    let mut scenario = scripted(3, clients);
    scenario.network.reordering = Ratio::percent(100);
    scenario
}

/// The answers to n3's first recovery take long. It recovers in its second life, and acknowledges an operation that n2
/// does not get; then it crashes a third time, and the old answers come.
pub fn answers_to_an_earlier_life(mutation: Option<Mutation>) -> Cluster {
    let mut cluster = Cluster::of(with(mutation, overtaking(1)));
    cluster.crash("n3");
    for from in ["n1", "n2"] {
        cluster.link_takes(from, "n3", 120);
    }
    cluster.restart("n3");
    cluster.run_ms(7);
    cluster.crash("n3");
    for from in ["n1", "n2"] {
        cluster.link_takes(from, "n3", 5);
    }
    cluster.restart("n3");
    cluster.run_ms(20);
    assert_eq!(cluster.role("n3"), "backup");
    cluster.cut(&["n1"], &["n2"]);
    cluster.put("c1", "x", "1");
    cluster.run_until("it is committed", |cluster| cluster.last("c1") == "ok");
    cluster.crash("n3");
    cluster.cut_one_way(&["n3"], &["n1", "n2"]);
    cluster.restart("n3");
    cluster.run_ms(150);
    cluster
}

#[test]
fn an_answer_to_an_earlier_life_does_not_count() {
    let mut cluster = answers_to_an_earlier_life(None);
    assert_eq!((cluster.role("n3"), cluster.fired("n3", Rule::AnotherNonceIgnored)), ("recovering", 2));
    cluster.must_be_sound();
    let broken = answers_to_an_earlier_life(Some(Mutation::RecoveryWithoutNonce)).broken();
    assert!(broken.contains(&"recovered-on-quorum"), "{broken:?}");
}

/// The paper's own recovery (RSO 3). n2 asks for view 1, and forgets that in a crash, and recovers in view 0. Its
/// STARTVIEWCHANGE reaches n3, which reports for view 1, forgets that in a crash, and recovers in view 0. There it
/// acknowledges an operation, which is committed. Then its old report reaches n2.
pub fn report_of_an_earlier_life(mutation: Option<Mutation>) -> Cluster {
    let mut cluster = Cluster::of(with(mutation, overtaking(2)));
    cluster.run_ms(60);
    cluster.link_takes("n2", "n3", 60);
    cluster.cut_one_way(&["n2"], &["n1"]);
    cluster.suspects("n2");
    cluster.crash("n2");
    cluster.link_takes("n2", "n3", 5);
    cluster.heal();
    cluster.restart("n2");
    cluster.run_ms(20);
    assert_eq!((cluster.role("n2"), cluster.view("n2")), ("backup", 0));
    cluster.link_takes("n3", "n2", 150);
    cluster.cut_one_way(&["n3"], &["n1"]);
    cluster.run_until("n3 has reported", |cluster| cluster.fired("n3", Rule::ViewReported) == 1);
    cluster.crash("n3");
    cluster.link_takes("n3", "n2", 5);
    cluster.heal();
    cluster.restart("n3");
    cluster.run_ms(20);
    assert_eq!((cluster.role("n3"), cluster.view("n3")), ("backup", 0));
    cluster.cut(&["n1"], &["n2"]);
    cluster.put("c1", "x", "1");
    cluster.run_until("it is committed", |cluster| cluster.last("c1") == "ok");
    cluster.partition(&[&["n1", "c1"]]);
    cluster.run_ms(300);
    cluster.get("c2", "x");
    cluster.run_ms(3_000);
    cluster
}

#[test]
fn a_report_of_an_earlier_life_does_not_count_once_anybody_knows() {
    let mut cluster = report_of_an_earlier_life(None);
    assert_eq!((cluster.role("n2"), cluster.log("n2").starts_with("1: 0 put x=1")), ("primary", true));
    assert_eq!(cluster.last("c2"), "1");
    cluster.must_be_sound();
}

#[test]
fn the_papers_own_recovery_loses_what_is_committed() {
    let mut cluster = report_of_an_earlier_life(Some(Mutation::CrashVectorsIgnored));
    let broken = cluster.broken();
    assert!(broken.contains(&"started-on-quorum") && broken.contains(&"committed-survives"), "{broken:?}");
    assert!(!cluster.is_linearizable());
}

#[test]
fn with_a_disk_all_may_crash_at_once() {
    let mut scenario = idle(5, 1);
    scenario.viewstamped.on_disk = true;
    scenario.disk.flush_ticks = 5_000;
    let mut cluster = Cluster::of(scenario);
    cluster.put("c1", "x", "1");
    cluster.run_ms(200);
    for name in ["n1", "n2", "n3", "n4", "n5"] {
        cluster.crash(name);
    }
    for name in ["n1", "n2", "n3", "n4", "n5"] {
        cluster.restart(name);
        assert_ne!(cluster.role(name), "recovering");
    }
    cluster.run_ms(1_000);
    cluster.get("c1", "x");
    cluster.run_ms(1_000);
    assert_eq!(cluster.last("c1"), "1");
    cluster.must_be_sound();
}

#[test]
fn a_wiped_disk_is_noticed_and_its_replica_recovers_from_the_others() {
    let mut scenario = idle(3, 1);
    scenario.viewstamped.on_disk = true;
    let mut cluster = Cluster::of(scenario);
    cluster.put("c1", "x", "1");
    cluster.run_ms(200);
    cluster.act(Action::WipeDisk(cluster.id("n3")));
    cluster.run_ticks(0);
    assert_eq!(cluster.role("n3"), "recovering");
    cluster.run_ms(200);
    assert_eq!((cluster.role("n3"), cluster.store("n3")), ("backup", "x=1".into()));
    cluster.crash("n3");
    cluster.restart("n3");
    assert_eq!((cluster.role("n3"), cluster.log("n3")), ("backup", "1: 0 put x=1".into()));
    cluster.run_ms(200);
    cluster.must_be_sound();
}
