//! Ways to read: by a lease, in a session, from any server's state. What each gives, and what it costs.

use super::cluster::{Cluster, MS, idle};
use consensus_playground::check::consistency::{Promise, Verdict};
use consensus_playground::process::Ticks;
use consensus_playground::raft::{Raft, RaftTimer, Rule};
use consensus_playground::run::promise::promised;
use consensus_playground::scenario::Scenario;
use consensus_playground::search::hunt::{Hunter, Options};
use consensus_playground::sim::TicksRange;

/// Five servers whose clients read in a way. Every message takes 5 ms, and a server that hears from no leader stands
/// after 150 to 160 ms.
fn reading(way: &str, clients: u32) -> Scenario {
    let mut scenario = idle(5, clients);
    scenario.reads = Some(way.to_owned());
    scenario.network.latency_ticks = TicksRange::new(5 * MS, 5 * MS);
    scenario.raft.election_timeout_ticks = TicksRange::new(150 * MS, 160 * MS);
    scenario.raft.heartbeat_ticks = 20 * MS;
    scenario
}

/// n1 leads, and x is 1.
fn begun(scenario: Scenario) -> Cluster {
    let mut cluster = Cluster::of(scenario);
    cluster.elect("n1");
    cluster.put("c1", "x", "1");
    cluster.run_until("x is written", |cluster| cluster.last("c1") == "ok");
    cluster.run_ms(60);
    cluster
}

/// n1 and c1 are alone from now on.
fn cut_off(cluster: &mut Cluster) {
    cluster.partition(&[&["n1", "c1"], &["n2", "n3", "n4", "n5", "c2"]]);
}

/// The others elect a leader, and x becomes 2.
fn replaced(cluster: &mut Cluster) {
    cluster.run_until("another leads", |cluster| cluster.leaders().iter().any(|leader| leader != "n1"));
    cluster.put("c2", "x", "2");
    cluster.run_until("x is written again", |cluster| cluster.last("c2") == "ok");
}

fn kept(cluster: &mut Cluster, wanted: Promise) -> bool {
    let verdicts = cluster.run.promises(1_000_000);
    let verdict = verdicts.into_iter().find(|(promise, _)| *promise == wanted).map(|(_, verdict)| verdict);
    matches!(verdict, Some(Verdict::Holds { .. }))
}

/// Dissertation, 6.4.1: while its lease lasts, the leader asks nobody.
#[test]
fn a_leader_with_a_lease_answers_at_once() {
    for (way, milliseconds) in [("lease", 10), ("linearizable", 20)] {
        let mut cluster = begun(reading(way, 1));
        cluster.get("c1", "x");
        let asked = cluster.now();
        cluster.run_until("it is answered", |cluster| cluster.last("c1") != "pending");
        assert_eq!((cluster.last("c1").as_str(), cluster.now() - asked), ("1", milliseconds * MS), "{way}");
        assert_eq!(cluster.fired("n1", Rule::ReadServedByLease), usize::from(way == "lease"));
        cluster.must_be_sound();
    }
}

#[test]
fn a_lease_ends_before_another_leads() {
    let mut cluster = begun(reading("lease", 2));
    cut_off(&mut cluster);
    let cut = cluster.now();
    let mut last_by_lease: Ticks = 0;
    while !cluster.leaders().iter().any(|leader| leader != "n1") {
        let served = cluster.fired("n1", Rule::ReadServedByLease);
        cluster.get("c1", "x");
        cluster.run_ms(5);
        if cluster.fired("n1", Rule::ReadServedByLease) > served {
            last_by_lease = cluster.now();
        }
    }
    assert!((100 * MS..150 * MS).contains(&(last_by_lease - cut)), "{}", last_by_lease - cut);
    replaced(&mut cluster);
    cluster.run_ms(30);
    assert_eq!(cluster.last("c1"), "pending", "and then it asks, and nobody answers");
    cluster.must_be_sound();
}

/// The clock of n1 runs at a quarter of the others' speed: its lease lasts four times as long as it may.
#[test]
fn a_lease_by_a_clock_beyond_the_bound_gives_a_stale_read_and_the_checker_finds_it() {
    for (rate, stale) in [(250_000, true), (910_000, false)] {
        let mut scenario = reading("lease", 2);
        scenario.clock_rates_ppm = vec![rate];
        assert_eq!(scenario.clocks_beyond_the_lease().is_some(), stale);
        let mut cluster = begun(scenario);
        cut_off(&mut cluster);
        replaced(&mut cluster);
        cluster.get("c1", "x");
        cluster.run_ms(30);
        assert_eq!(cluster.last("c1"), if stale { "1" } else { "pending" }, "n1's clock: {rate}");
        assert_eq!(cluster.is_linearizable(), !stale, "n1's clock: {rate}");
        assert_eq!(cluster.broken(), Vec::<&str>::new(), "the log is sound all the same");
    }
}

/// The same clock under a bound that allows for it: the lease is so short that no read is stale.
#[test]
fn a_wider_bound_makes_the_slow_clock_safe() {
    let mut scenario = reading("lease", 2);
    scenario.clock_rates_ppm = vec![250_000];
    scenario.clock_drift_ppm = Some(3_000_000);
    assert_eq!(scenario.clocks_beyond_the_lease(), None);
    let mut cluster = begun(scenario);
    cut_off(&mut cluster);
    replaced(&mut cluster);
    cluster.get("c1", "x");
    cluster.run_ms(30);
    assert_eq!(cluster.last("c1"), "pending");
    cluster.must_be_sound();
}

/// Whoever comes back has forgotten when it heard from a leader: it votes for nobody before a lease may have ended.
#[test]
fn a_server_that_comes_back_votes_for_nobody_while_a_lease_may_last() {
    let mut cluster = begun(Scenario { replicas: 3, ..reading("lease", 1) });
    // n2 alone has answered n1's latest heartbeats. n3 has heard nothing for long, and would have its vote.
    cluster.cut(&["n3"], &["n1", "n2"]);
    cluster.run_ms(155);
    cluster.cut(&["n1"], &["n2"]);
    cluster.crash("n2");
    cluster.restart("n2");
    cluster.heal();
    cluster.cut(&["n1"], &["n2", "n3"]);
    cluster.fire("n3", RaftTimer::Election);
    cluster.run_ms(60);
    assert!(cluster.fired("n2", Rule::VoteRefusedLeaderRecent) > 0);
    assert_eq!(cluster.leaders(), ["n1"]);
    cluster.run_ms(400);
    assert!(cluster.leaders().iter().any(|leader| leader != "n1"), "when the lease must have ended, it votes");
    cluster.must_be_sound();
}

/// A server that is behind keeps a read of a session until it has come as far as the client has seen.
#[test]
fn a_read_of_a_session_waits_at_a_server_that_is_behind() {
    let mut cluster = begun(reading("session", 2));
    // c2 reads from n2, and writes at n1.
    cluster.cut_one_way(&["n1"], &["n2"]);
    cluster.put("c2", "x", "2");
    cluster.run_until("it is written", |cluster| cluster.last("c2") == "ok");
    cluster.get("c2", "x");
    cluster.run_ms(30);
    assert_eq!((cluster.last("c2").as_str(), cluster.fired("n2", Rule::ReadWaitsForState)), ("pending", 1));
    cluster.heal();
    cluster.run_ms(100);
    assert_eq!(cluster.last("c2"), "2");
}

#[test]
fn a_local_read_is_answered_by_a_server_that_is_behind() {
    let mut cluster = begun(reading("local", 2));
    // Only who has read 1 knows that its own 2 comes after it.
    cluster.introduce(&["c2"]);
    cluster.cut_one_way(&["n1"], &["n2"]);
    cluster.put("c2", "x", "2");
    cluster.run_until("it is written", |cluster| cluster.last("c2") == "ok");
    cluster.get("c2", "x");
    cluster.run_ms(30);
    assert_eq!(cluster.last("c2"), "1", "it does not read what it has written itself");
    assert!(!kept(&mut cluster, Promise::ReadYourWrites));
    assert_eq!((promised(cluster.run.reading()), cluster.broken()), (None, Vec::new()), "and nothing is broken");
}

/// Who is cut off with a minority reads on in a session, and from any state; nobody is told anything stale by who asks.
#[test]
fn reads_go_on_on_the_side_of_the_minority_where_nobody_is_asked() {
    for (way, answer, is_linearizable) in
        [("linearizable", "failed", true), ("lease", "failed", true), ("session", "1", false), ("local", "1", false)]
    {
        let mut cluster = begun(reading(way, 2));
        cut_off(&mut cluster);
        replaced(&mut cluster);
        cluster.run_ms(200);
        cluster.get("c1", "x");
        cluster.run_ms(1_100);
        assert_eq!((cluster.last("c1").as_str(), cluster.is_linearizable()), (answer, is_linearizable), "{way}");
        let promise = promised(cluster.run.reading());
        assert!(promise.is_none_or(|promise| kept(&mut cluster, promise.into())), "{way}");
        assert_eq!(cluster.broken(), Vec::<&str>::new());
    }
}

fn hunted(way: &str, seeds: std::ops::Range<u64>, change: impl Fn(&mut Scenario)) {
    let mut scenario = Scenario::of("raft");
    scenario.reads = Some(way.to_owned());
    change(&mut scenario);
    let mut hunter = Hunter::<Raft>::new(Options::new(scenario, 8, None));
    for seed in seeds {
        let failure = hunter.hunt(seed).unwrap().failure;
        assert_eq!(failure.map(|failure| failure.sentence), None, "{way}, seed {seed}");
    }
}

/// The fastest clock is faster than the slowest by a tenth, which is the bound.
#[test]
fn leases_are_linearizable_under_all_faults_while_clocks_differ_by_no_more_than_the_bound() {
    hunted("lease", 0..600, |scenario| {
        scenario.clock_rates_ppm = vec![950_000, 1_045_000, 1_000_000, 950_000, 1_045_000];
    });
}

#[test]
fn sessions_are_sequential_under_all_faults() {
    hunted("session", 0..600, |_| {});
}

#[test]
fn local_reads_break_no_invariant_and_everybody_is_served() {
    hunted("local", 0..200, |_| {});
}

/// The default workload, with a server that is cut off for two seconds.
#[test]
fn local_reads_break_the_promises_of_a_session_in_a_run_that_a_seed_names() {
    for way in ["session", "local"] {
        let mut scenario = Scenario::of("raft");
        scenario.reads = Some(way.to_owned());
        scenario.seed = 1;
        scenario.workload.operations_per_client = Some(20);
        let mut cluster = Cluster::of(scenario);
        cluster.run_ms(600);
        cluster.cut(&["n2"], &["n1", "n3", "n4", "n5"]);
        cluster.run_ms(2_000);
        cluster.heal();
        cluster.run_ms(1_500);
        for promise in [Promise::ReadYourWrites, Promise::MonotonicReads, Promise::Sequential] {
            assert!(way == "local" || kept(&mut cluster, promise), "{}", promise.name());
        }
        assert_eq!(kept(&mut cluster, Promise::ReadYourWrites), way == "session");
        assert_eq!(kept(&mut cluster, Promise::Sequential), way == "session");
    }
}

#[test]
fn a_way_that_a_protocol_does_not_have_is_refused_with_those_that_it_has() {
    let refused = |protocol: &str, way: &str| {
        let mut scenario = Scenario::of(protocol);
        scenario.reads = Some(way.to_owned());
        match protocol {
            "raft" => scenario.raft_simulation().err().map(|error| error.to_string()),
            _ => scenario.simulation::<consensus_playground::pbft::Pbft>().err().map(|error| error.to_string()),
        }
    };
    assert_eq!(
        refused("raft", "dirty").as_deref(),
        Some("reads: raft has linearizable, lease, session, local, not \"dirty\"")
    );
    assert_eq!(refused("pbft", "lease").as_deref(), Some("reads: pbft has linearizable, not \"lease\""));
    let mut scenario = reading("lease", 1);
    scenario.raft.check_quorum = false;
    let error = scenario.raft_simulation().err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.starts_with("raft.check_quorum: a lease rests on servers"), "{error}");
}

#[test]
fn a_scenario_that_says_nothing_of_reads_and_clocks_is_written_as_ever() {
    let text = serde_json::to_string(&Scenario::of("raft")).unwrap();
    assert!(!text.contains("reads\"") && !text.contains("clock"), "links stay as short as they were: {text}");
}
