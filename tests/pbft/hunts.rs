//! The hunt: nothing with as many liars as are borne, and a broken promise with one more, or with a quorum that is too
//! small.

use super::cluster::{Cluster, LONG};
use consensus_playground::pbft::Pbft;
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::search::hunt::{Failure, Hunter, Options};

pub fn options(mut scenario: Scenario, faults_max: u32) -> Options {
    scenario.workload.operations_per_client.get_or_insert(20);
    Options { scenario, faults_max, liars: None }
}

fn nothing_is_found(scenario: Scenario, faults_max: u32, seeds: std::ops::Range<u64>) {
    let mut hunter = Hunter::<Pbft>::new(options(scenario, faults_max));
    for seed in seeds {
        let failure = hunter.hunt(seed).unwrap().failure;
        assert_eq!(failure.map(|failure| format!("seed {seed}: {}: {}", failure.name, failure.sentence)), None);
    }
}

fn of(replicas: u32) -> Scenario {
    Scenario { replicas, ..Scenario::of("pbft") }
}

fn failures(scenario: Scenario, seeds: std::ops::Range<u64>) -> impl Iterator<Item = Failure> {
    let mut hunter = Hunter::<Pbft>::new(options(scenario, 6));
    seeds.filter_map(move |seed| hunter.hunt(seed).unwrap().failure)
}

#[test]
fn four_replicas_bear_a_liar_of_any_kind() {
    nothing_is_found(of(4), 6, 0..600);
}

#[test]
fn four_replicas_bear_a_liar_and_many_faults() {
    nothing_is_found(of(4), 14, 10_000..10_100);
}

#[test]
fn seven_replicas_bear_two_liars_and_other_sizes_what_they_can() {
    nothing_is_found(of(7), 6, 0..60);
    nothing_is_found(of(5), 6, 0..100);
    nothing_is_found(of(6), 6, 0..100);
    nothing_is_found(of(1), 6, 0..30);
}

#[test]
fn small_windows_and_unordered_reads_keep_every_promise() {
    let mut scenario = of(4);
    (scenario.pbft.checkpoint_interval, scenario.pbft.log_window) = (1, 2);
    nothing_is_found(scenario, 6, 0..200);
    let mut scenario = of(4);
    scenario.pbft.read_only = true;
    nothing_is_found(scenario, 6, 0..300);
}

/// Two rules that a view begins by. One liar finds out, which plots around one honest replica or over several views.
#[test]
fn what_a_view_begins_with_is_missed_by_hunts_alone() {
    for (mutation, seeds) in [("new-view-unproven", 2_036..2_040), ("oldest-certificate-wins", 3_768..3_772)] {
        let scenario = Scenario { mutations: vec![mutation.to_owned()], ..of(4) };
        let found: Vec<&str> = failures(scenario, seeds.clone()).map(|failure| failure.name).collect();
        assert!(found.contains(&"agreement"), "{mutation}: {found:?}");
        nothing_is_found(of(4), 6, seeds);
    }
}

/// The failure's run, played to its end: what did not hold.
fn broken(failure: &Failure) -> Vec<&'static str> {
    let mut run: Run<Pbft> = Run::new(failure.scenario.simulation().unwrap());
    run.run_until(LONG, 100_000);
    Cluster { run }.broken()
}

#[test]
fn with_one_liar_too_many_honest_replicas_disagree() {
    let mut scenario = of(4);
    (scenario.pbft.faults, scenario.pbft.quorum) = (Some(2), Some(3));
    let mut found = failures(scenario, 100..400).filter(|failure| failure.kind == "invariant");
    assert!(found.any(|failure| broken(&failure).contains(&"agreement")));
}

#[test]
fn three_replicas_and_a_liar_disagree_with_quorums_of_two() {
    let mut scenario = of(3);
    (scenario.pbft.faults, scenario.pbft.quorum) = (Some(1), Some(2));
    let mut found = failures(scenario, 0..200).filter(|failure| failure.kind == "invariant");
    assert!(found.any(|failure| broken(&failure).contains(&"agreement")));
}

#[test]
fn three_replicas_and_a_liar_stall_with_quorums_of_three_and_never_disagree() {
    let mut scenario = of(3);
    scenario.pbft.faults = Some(1);
    let found: Vec<&str> = failures(scenario, 0..150).map(|failure| failure.kind).collect();
    assert!(found.len() > 5 && found.iter().all(|kind| *kind == "liveness"), "{found:?}");
}

/// The views in which the two commits of a disagreement were made.
fn views_of(sentence: &str) -> Vec<&str> {
    sentence.split(" in view ").skip(1).filter_map(|rest| rest.split([',', ';', ' ']).next()).collect()
}

/// f + 1 liars: the hunt alone finds how they divide the honest over two views, and what these received convicts f + 1
/// liars.
#[test]
fn liars_that_plot_over_several_views_divide_the_honest_and_are_convicted_of_it() {
    let mut hunter = Hunter::<Pbft>::new(Options { liars: Some(2), ..options(of(4), 6) });
    let found = (0..20_000).find_map(|seed| {
        let failure = hunter.hunt(seed).unwrap().failure?;
        let views = views_of(&failure.sentence).iter().map(ToString::to_string).collect::<Vec<_>>();
        (failure.name == "agreement" && views.len() == 2 && views[0] != views[1]).then_some(failure)
    });
    let failure = found.expect("within 20,000 seeds");
    let mut run: Run<Pbft> = Run::new(failure.scenario.simulation().unwrap());
    run.run_until(u64::MAX, failure.events);
    let culprits = run.culprits().unwrap();
    assert_eq!(culprits.missing, None, "seed {}: {}", failure.seed, failure.sentence);
    let liars = run.simulation().world().adversary().ever();
    assert!(
        culprits.named.len() >= 2 && culprits.named.iter().all(|each| liars.contains(each.culprit)),
        "{culprits:?}"
    );
}
