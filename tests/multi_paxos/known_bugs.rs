//! Bugs that real implementations of Multi-Paxos had, each as the story in which it shows.

use super::cluster::{Cluster, idle, scripted};
use consensus_playground::multi_paxos::{Mutation, Rule};
use consensus_playground::process::{SECOND, Ticks};
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, Ratio};

/// A scripted scenario in which nothing is sent again, since no heartbeat finds out what was lost.
pub fn without_heartbeats(replicas: u32, clients: u32) -> Scenario {
    let mut scenario = scripted(replicas, clients);
    scenario.multi_paxos.heartbeat_ticks = 100 * SECOND;
    scenario
}

fn cluster(mutation: Option<Mutation>, scenario: Scenario) -> Cluster {
    match mutation {
        None => Cluster::of(scenario),
        Some(mutation) => Cluster::without(mutation, scenario),
    }
}

/// M1. n1 gives slot 1 to a write that no other acceptor hears of, and slot 2 to one that only n2 hears of. Then it is
/// gone, and n3 leads.
pub fn gap_after_a_leader_change(mutation: Option<Mutation>, flush_ticks: Ticks) -> Cluster {
    let mut scenario = without_heartbeats(5, 3);
    scenario.disk.flush_ticks = flush_ticks;
    let mut cluster = cluster(mutation, scenario);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1", "c2"]);
    cluster.cut_one_way(&["n1"], &["n2", "n3", "n4", "n5"]);
    cluster.put("c1", "x", "lost");
    cluster.run_ms(6);
    cluster.heal();
    cluster.cut_one_way(&["n1"], &["n3", "n4", "n5"]);
    cluster.put("c2", "y", "found");
    cluster.run_ms(11);
    assert_eq!(
        (cluster.log("n1"), cluster.log("n2")),
        ("1: 1.n1 put x=lost, 2: 1.n1 put y=found".into(), "2: 1.n1 put y=found".into())
    );
    cluster.crash("n1");
    cluster.crash("n5");
    cluster.elect("n3");
    cluster.put("c3", "z", "new");
    cluster.run_ms(3_000);
    cluster
}

#[test]
fn m1_behind_a_gap_that_is_left_nothing_is_ever_applied() {
    let cluster = gap_after_a_leader_change(Some(Mutation::GapSkipped), 0);
    assert_eq!((cluster.commit("n3"), cluster.broken()), (0, vec!["gaps-filled"]));
    assert_ne!(cluster.last("c3"), "ok");
}

#[test]
fn m1_a_gap_is_filled_with_a_no_op_and_what_is_behind_it_is_applied() {
    let mut cluster = gap_after_a_leader_change(None, 0);
    assert!(
        cluster.log("n3").starts_with("1: 2.n3 no-op, 2: 2.n3 put y=found, 3: 2.n3 put z=new"),
        "{}",
        cluster.log("n3")
    );
    assert_eq!((cluster.last("c3"), cluster.fired("n3", Rule::GapFilled)), ("ok".into(), 1));
    cluster.restart("n1");
    cluster.run_ms(1_000);
    cluster.put("c3", "z", "newer");
    cluster.run_ms(1_000);
    cluster.must_be_sound();
}

/// M1, the other half: what may be chosen is never overwritten, though the new leader hears of it from one acceptor
/// only.
#[test]
fn m1_a_slot_that_may_be_chosen_keeps_its_value() {
    let mut cluster = Cluster::of(without_heartbeats(5, 2));
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut_one_way(&["n1"], &["n4", "n5"]);
    cluster.put("c1", "x", "chosen");
    cluster.run_until("it is chosen", |cluster| cluster.last("c1") == "ok");
    cluster.crash("n1");
    cluster.crash("n2");
    cluster.elect("n5");
    cluster.run_ms(100);
    assert_eq!(cluster.log("n5"), "1: 2.n5 put x=chosen");
    cluster.get("c2", "x");
    cluster.run_ms(3_500);
    assert_eq!(cluster.last("c2"), "chosen");
    cluster.must_be_sound();
}

/// M2. An acceptance of n1's first ballot is late: it comes when n1 leads a second one, in which too few have accepted.
pub fn late_acceptance(mutation: Option<Mutation>) -> Cluster {
    let mut cluster = cluster(mutation, without_heartbeats(5, 1));
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.link_takes("n2", "n1", 500);
    cluster.cut(&["n1"], &["n3", "n4", "n5"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(12);
    assert_eq!(cluster.in_flight("accepted", "n2", "n1").len(), 1);
    cluster.crash("n1");
    cluster.restart("n1");
    cluster.heal();
    cluster.cut_one_way(&["n1"], &["n2"]);
    cluster.elect("n1");
    cluster.drop_all("accept", "n1", "n4");
    cluster.drop_all("accept", "n1", "n5");
    cluster.run_ms(600);
    assert_eq!((cluster.promised("n3"), cluster.log("n3")), ("2.n1".into(), "1: 2.n1 put x=1".into()));
    cluster
}

#[test]
fn m2_acceptances_of_an_earlier_ballot_are_not_counted() {
    let mut cluster = late_acceptance(None);
    assert_eq!(cluster.commit("n1"), 0, "two of five in ballot 1.n1, two of five in ballot 2.n1");
    cluster.must_be_sound();
}

/// M3. n2 holds a value of n1's ballot, and another one is chosen there by those who cannot hear n1. n2 gets the commit
/// index first.
#[test]
fn m3_a_commit_index_does_not_bless_another_ballots_value() {
    let mut cluster = Cluster::scripted(5, 2);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.partition(&[&["n1", "n2", "c1"]]);
    cluster.put("c1", "x", "not chosen");
    cluster.run_ms(12);
    cluster.cut(&["c1"], &["n1", "n2"]);
    cluster.elect("n3");
    cluster.put("c2", "x", "chosen");
    cluster.run_until("it is chosen", |cluster| cluster.last("c2") == "ok");
    assert_eq!(cluster.log("n2"), "1: 1.n1 put x=not chosen");
    cluster.crash("n1");
    cluster.heal();
    cluster.cut(&["c1"], &["n2", "n3", "n4", "n5"]);
    cluster.run_until("n2 hears from n3", |cluster| cluster.promised("n2") == "2.n3");
    assert_eq!((cluster.commit("n3"), cluster.commit("n2")), (1, 0));
    cluster.run_ms(200);
    assert_eq!((cluster.log("n2"), cluster.store("n2")), ("1: 2.n3 put x=chosen".into(), "x=chosen".into()));
    assert!(cluster.fired("n3", Rule::SentAgain) > 0);
    cluster.must_be_sound();
}

/// M4. n5 is away while the others forget the slots that it lacks.
pub fn forgotten_slots(mutation: Option<Mutation>) -> Cluster {
    let mut scenario = scripted(5, 1);
    scenario.multi_paxos.snapshot_threshold = 4;
    scenario.multi_paxos.snapshot_trailing = 0;
    let mut cluster = cluster(mutation, scenario);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut(&["n5"], &["n1", "n2", "n3", "n4"]);
    for value in ["1", "2", "3", "4", "5", "6"] {
        cluster.put("c1", "x", value);
        cluster.run_ms(100);
    }
    assert!(cluster.server("n1").log().base() == 4 && cluster.server("n4").log().base() == 4);
    cluster.heal();
    cluster.run_ms(1_000);
    cluster
}

#[test]
fn m4_who_needs_forgotten_slots_gets_the_state() {
    let mut cluster = forgotten_slots(None);
    assert_eq!((cluster.commit("n5"), cluster.store("n5")), (6, "x=6".into()));
    assert_eq!(cluster.fired("n5", Rule::StateInstalled), 1);
    cluster.must_be_sound();
}

#[test]
fn m4_a_candidate_that_lacks_forgotten_slots_does_not_take_them_for_gaps() {
    let mut scenario = scripted(3, 1);
    scenario.multi_paxos.snapshot_threshold = 2;
    scenario.multi_paxos.snapshot_trailing = 0;
    let mut cluster = Cluster::of(scenario);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut(&["n3"], &["n1", "n2"]);
    for value in ["1", "2", "3", "4"] {
        cluster.put("c1", "x", value);
        cluster.run_ms(100);
    }
    cluster.crash("n1");
    cluster.heal();
    cluster.elect("n3");
    assert_eq!((cluster.fired("n2", Rule::StatePromised), cluster.fired("n3", Rule::GapFilled)), (1, 0));
    assert_eq!(cluster.store("n3"), "x=4");
    cluster.must_be_sound();
}

/// M5. n1 leads, loses its mastership and regains it, and is then cut off while n2 takes over. Answers to the
/// heartbeats of its first time as leader are so late that they come when a client reads from it.
fn regained_mastership(mutation: Option<Mutation>) -> Cluster {
    let mut scenario = without_heartbeats(3, 3);
    scenario.network.reordering = Ratio::percent(100);
    let mut cluster = cluster(mutation, scenario);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1", "c3"]);
    cluster.put("c1", "x", "old");
    cluster.run_ms(100);
    cluster.link_takes("n2", "n1", 900);
    cluster.get("c3", "x");
    cluster.run_ms(12);
    cluster.link_takes("n2", "n1", 5);
    assert_eq!(cluster.in_flight("heartbeat reply", "n2", "n1").len(), 1);
    cluster.elect("n2");
    cluster.introduce(&["c2"]);
    cluster.elect_and_settle("n1");
    assert_eq!(cluster.promised("n1"), "3.n1");
    cluster.introduce(&["c1"]);
    // Nobody hears n1 any more, and it hears nothing new: what n2 sent it long ago is still under way.
    cluster.cut_one_way(&["n1"], &["n2", "n3"]);
    cluster.link_takes("n2", "n1", 5_000);
    cluster.link_takes("n3", "n1", 5_000);
    cluster.elect("n2");
    cluster.put("c2", "x", "new");
    cluster.run_until("n2 serves c2", |cluster| cluster.last("c2") == "ok");
    cluster.get("c1", "x");
    cluster.run_ms(900);
    cluster
}

#[test]
fn m5_a_read_that_waits_is_turned_away_when_the_mastership_is_lost() {
    let mut scenario = without_heartbeats(3, 1);
    scenario.network.reordering = Ratio::percent(100);
    let mut cluster = Cluster::of(scenario);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.link_takes("n2", "n1", 300);
    cluster.link_takes("n3", "n1", 300);
    cluster.get("c1", "x");
    cluster.run_ms(12);
    cluster.link_takes("n2", "n1", 5);
    cluster.link_takes("n3", "n1", 5);
    let before = cluster.fired("n1", Rule::ReadServed);
    cluster.elect("n2");
    cluster.run_ms(500);
    assert_eq!(
        (cluster.fired("n1", Rule::ReadServed), cluster.last("c1").as_str()),
        (before, "nothing"),
        "n2 has served it"
    );
    assert_eq!(cluster.fired("n1", Rule::BallotLost), 1);
    cluster.must_be_sound();
}

#[test]
fn m5_a_regained_mastership_is_not_confirmed_by_answers_to_the_lost_one() {
    let mut cluster = regained_mastership(None);
    assert_ne!(cluster.last("c1"), "old");
    cluster.must_be_sound();
    assert!(!regained_mastership(Some(Mutation::ConfirmationOfEarlierEpoch)).is_linearizable());
}

/// A server is cut off for two seconds and so many milliseconds, and comes back. Gives the leader before, and that
/// server.
fn comes_back(late: u64) -> (Cluster, String, &'static str) {
    let mut cluster = Cluster::of(idle(5, 1));
    cluster.run_ms(2_000);
    let leader = cluster.leaders()[0].clone();
    let away = if leader == "n5" { "n4" } else { "n5" };
    let others: Vec<&str> = ["n1", "n2", "n3", "n4", "n5"].into_iter().filter(|name| *name != away).collect();
    cluster.cut(&[away], &others);
    cluster.run_ms(2_000 + late);
    assert_eq!(cluster.leaders(), [leader.as_str()]);
    cluster.heal();
    cluster.run_ms(500);
    (cluster, leader, away)
}

#[test]
fn m5_a_server_that_comes_back_with_a_high_ballot_interrupts_for_one_round_trip() {
    let (mut cluster, leader, away) = comes_back(0);
    assert_eq!(cluster.leaders(), [leader.as_str()], "the master is the same");
    assert_eq!(cluster.fired(&leader, Rule::BallotBoosted), 1);
    assert!(cluster.promised(away).ends_with(&leader));
    cluster.must_be_sound();
}

/// M5: at whatever moment it comes back, also when the master has just asked itself whether a majority hears it.
#[test]
fn m5_a_server_that_comes_back_is_outbid_whatever_the_moment() {
    for late in (0..300).step_by(20) {
        let (cluster, leader, _) = comes_back(late);
        assert_eq!(
            (cluster.leaders(), cluster.fired(&leader, Rule::BallotBoosted)),
            (vec![leader], 1),
            "{late} ms late"
        );
    }
}

/// P6. A wiped disk is no crash: n2 goes back on what it has promised and accepted, and another value is chosen in the
/// same slot. Paxos Made Live 5.1 would have it wait as a non-voter; here the monitor tells.
#[test]
fn p6_an_acceptor_whose_disk_was_wiped_lets_a_second_value_be_chosen() {
    let choose_twice = |wiped: bool| {
        let mut cluster = Cluster::of(without_heartbeats(3, 2));
        cluster.elect_and_settle("n1");
        cluster.introduce(&["c1"]);
        cluster.cut(&["n3"], &["n1", "n2"]);
        cluster.put("c1", "x", "first");
        cluster.run_until("it is chosen", |cluster| cluster.last("c1") == "ok");
        assert_eq!(cluster.log("n2"), "1: 1.n1 put x=first");
        cluster.crash("n1");
        if wiped {
            cluster.act(Action::WipeDisk(cluster.id("n2")));
            cluster.run_ms(1);
            assert_eq!(cluster.promised("n2"), "nothing", "it has reneged");
        }
        cluster.heal();
        cluster.elect("n3");
        cluster.put("c2", "x", "second");
        cluster.run_ms(3_000);
        cluster
    };
    let wiped = choose_twice(true);
    assert_eq!(wiped.log("n3"), "1: 2.n3 put x=second");
    assert!(wiped.broken().contains(&"agreement"), "{:?}", wiped.broken());
    for finding in wiped.run.findings() {
        assert!(
            finding.sentence.ends_with("; the disk of n2 was wiped before that, and Paxos assumes that disks are not"),
            "{finding:?}"
        );
    }
    let mut kept = choose_twice(false);
    assert!(kept.log("n3").starts_with("1: 2.n3 put x=first, 2: 2.n3 put x=second"), "{}", kept.log("n3"));
    kept.must_be_sound();
}

/// The old leader's answered write is on all disks, and n2, which leads now, has proposed it again to nobody's hearing.
pub fn read_from_a_new_leader(mutation: Option<Mutation>) -> Cluster {
    let mut cluster = cluster(mutation, without_heartbeats(3, 2));
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.put("c1", "x", "1");
    cluster.run_until("it is chosen", |cluster| cluster.last("c1") == "ok");
    cluster.run_ms(20);
    cluster.crash("n1");
    cluster.elect("n2");
    cluster.drop_all("accept", "n2", "n3");
    cluster.get("c2", "x");
    cluster.run_ms(2_500);
    cluster
}

#[test]
fn a_read_waits_for_what_the_new_leader_found() {
    let mut cluster = read_from_a_new_leader(None);
    assert_ne!(cluster.last("c2"), "nothing");
    cluster.must_be_sound();
}
