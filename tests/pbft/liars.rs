//! Liars of each kind: what is seen of their lies, and what does not come of them.

use super::cluster::{Cluster, quiet};
use consensus_playground::pbft::{Pbft, Rule};
use consensus_playground::process::{Alteration, NodeId, SECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::{Scenario, parse};
use consensus_playground::sim::{Action, Deed, Strategy};

fn played(name: &str) -> Cluster {
    let scenario = gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario;
    let mut run: Run<Pbft> = Run::new(scenario.simulation().unwrap());
    run.run_until(5 * SECOND, u32::MAX);
    Cluster { run }
}

#[test]
fn a_primary_with_two_faces_forms_no_certificate_is_replaced_and_convicted() {
    let mut cluster = played("pbft-two-faced-primary");
    assert!(cluster.views().iter().all(|&view| view == 1), "{:?}", cluster.views());
    for name in ["n2", "n3"] {
        let held = &cluster.replica(name).proofs()[&NodeId(0)];
        assert!(held.since > 500_000 && held.proof.charge().contains("signs two digests"), "{}", held.proof.text());
    }
    assert!(cluster.replica("n4").executed() > 20, "the others go on");
    cluster.must_be_sound();
}

#[test]
fn a_lying_replica_changes_nothing() {
    let mut cluster = played("pbft-lying-replica");
    assert_eq!(cluster.views(), [0; 4]);
    assert!(cluster.run.simulation().trace().lies.len() > 50);
    cluster.must_be_sound();
}

#[test]
fn the_calm_scenario_is_calm() {
    let mut cluster = played("pbft-fault-free");
    assert_eq!(cluster.views(), [0; 4]);
    cluster.must_be_sound();
}

#[test]
fn a_forged_request_is_seen_to_be_forged_and_never_executed() {
    let mut cluster = Cluster::quiet(4);
    cluster.alter("n1", &[], "pre-prepare", Alteration::Value(1));
    cluster.put("c1", "x", "1");
    cluster.run_ms(3_000);
    assert!(cluster.fired("n2", Rule::SignatureRejected) > 0);
    assert_eq!(cluster.ended("c1"), "ok");
    cluster.must_be_sound();
}

/// A client that shares its key with a liar is owed nothing; the others are, and what was done in its name is nobody's
/// fault.
#[test]
fn what_a_liar_asks_for_in_the_name_of_its_accomplice_is_executed_once_and_the_history_of_the_others_stays_sound() {
    let mut cluster = Cluster::quiet(4);
    cluster.act(Action::Collude(cluster.set(&["n1", "c1"])));
    cluster.say("n1", &[], "pre-prepare", Deed::Alter(Alteration::Value(1)), true);
    cluster.put("c2", "x", "honest");
    cluster.run_ms(100);
    cluster.get("c3", "x");
    cluster.run_ms(200);
    assert_eq!(cluster.ended("c3"), "lie 1");
    cluster.must_be_sound();
    cluster.act(Action::RemoveFaults);
    cluster.run_ms(4_000);
    assert_eq!(cluster.ended("c2"), "ok");
    // The number of its first request was used in its name; that of the second was not.
    cluster.put("c1", "y", "1");
    cluster.run_ms(1_000);
    cluster.put("c1", "y", "2");
    cluster.run_ms(1_000);
    cluster.get("c2", "y");
    cluster.run_ms(1_000);
    assert_eq!(cluster.ended("c2"), "2");
    cluster.must_be_sound();
}

#[test]
fn nobody_is_made_to_believe_that_something_else_was_committed() {
    for how in [Alteration::Value(0), Alteration::Value(1), Alteration::Nil, Alteration::Digest, Alteration::SequenceUp]
    {
        let mut cluster = Cluster::quiet(4);
        cluster.alter("n4", &[], "commitment", how);
        cluster.act(Action::Crash(cluster.id("n3")));
        cluster.put("c1", "x", "1");
        cluster.run_ms(200);
        cluster.act(Action::Restart(cluster.id("n3")));
        cluster.run_ms(1_500);
        assert!(cluster.fired("n3", Rule::SignatureRejected) > 0, "{how:?}");
        assert_eq!(cluster.replica("n3").executed(), 1, "the others say it as it is");
        cluster.must_be_sound();
    }
}

#[test]
fn a_vote_in_anothers_name_is_seen_to_be_forged() {
    let mut cluster = Cluster::quiet(4);
    cluster.alter("n4", &["n2"], "prepare", Alteration::Impersonate(2));
    cluster.put("c1", "x", "1");
    cluster.run_ms(500);
    assert_eq!(cluster.fired("n2", Rule::SignatureRejected), 1);
    cluster.must_be_sound();
}

#[test]
fn a_client_believes_no_single_replica() {
    let mut cluster = Cluster::quiet(4);
    cluster.alter("n1", &[], "reply", Alteration::Value(0));
    cluster.put("c1", "x", "1");
    cluster.run_ms(300);
    cluster.get("c1", "x");
    cluster.run_ms(300);
    assert_eq!(cluster.ended("c1"), "1");
    cluster.must_be_sound();
}

#[test]
fn every_strategy_of_one_liar_is_borne() {
    let all = [
        Strategy::Silence { to: Default::default() },
        Strategy::Falsehood { say: Alteration::Digest },
        Strategy::Falsehood { say: Alteration::EpochUp },
        Strategy::Replay,
        Strategy::Delay { by_ticks: 700_000 },
        Strategy::Drawn,
    ];
    for strategy in all {
        let mut cluster = Cluster::of(&quiet(4));
        cluster.act(Action::Corrupt(NodeId(0), strategy.clone()));
        for number in 0..6 {
            cluster.put("c1", "x", &number.to_string());
            cluster.run_ms(1_500);
        }
        assert_eq!(cluster.ended("c1"), "ok", "{strategy:?}");
        cluster.must_be_sound();
    }
}

#[test]
fn a_liar_that_withholds_says_nothing_and_both_are_recorded() {
    let mut cluster = Cluster::quiet(4);
    cluster.say("n1", &["n3"], "pre-prepare", Deed::Withhold, true);
    cluster.put("c1", "x", "1");
    cluster.run_ms(300);
    assert_eq!(cluster.run.simulation().trace().lies.len(), 1);
    assert_eq!(cluster.ended("c1"), "ok");
}

/// n1 withholds its commits from n2 alone. To the others they were said: a commit that completes a certificate and, in the
/// same event, a checkpoint counts, although nobody holds the certificate any more.
#[test]
fn what_a_liar_says_to_some_is_counted_though_it_is_withheld_from_the_first() {
    let scenario = parse(
        r#"{
            "protocol": "pbft", "replicas": 4, "clients": 3,
            "network": {
                "latency_ticks": { "min": 2000, "max": 55000 },
                "reordering": { "numerator": 40, "denominator": 100 }
            },
            "workload": { "operations_per_client": 20, "keys": 3, "think_ticks": { "min": 20000, "max": 120000 } },
            "pbft": { "checkpoint_interval": 2, "log_window": 8 },
            "interventions": [
                { "at": 1, "action": { "crash": { "node": "n2" } } },
                { "at": 2, "action": { "corrupt": { "node": "n1", "strategy": { "by_hand": { "lines": [
                    { "to": ["n2"], "kind": "commit", "deed": "withhold" }
                ] } } } } }
            ]
        }"#,
    )
    .unwrap();
    for seed in 1..=3 {
        let mut run: Run<Pbft> = Run::new(Scenario { seed, ..scenario.clone() }.simulation().unwrap());
        run.run_until(5 * SECOND, u32::MAX);
        let mut cluster = Cluster { run };
        assert!(cluster.replica("n4").executed() > 20, "seed {seed}");
        cluster.must_be_sound();
    }
}
