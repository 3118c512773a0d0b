//! The hunt finds nothing on the sound core, whatever the size of the cluster.

use crate::replicated_log::caught::nothing;
use consensus_playground::raft::Raft;
use consensus_playground::scenario::Scenario;
use consensus_playground::search::hunt::{Options, hunt_raft};

fn hunt(replicas: u32, faults_max: u32, seeds: std::ops::Range<u64>) {
    nothing::<Raft>(replicas, faults_max, seeds);
}

#[test]
fn five_replicas_keep_every_promise() {
    hunt(5, 6, 0..1_000);
}

#[test]
fn many_faults_break_no_promise() {
    hunt(5, 14, 2_000..2_400);
}

#[test]
fn three_replicas_keep_every_promise() {
    hunt(3, 14, 0..1_000);
}

#[test]
fn small_and_even_clusters_keep_every_promise() {
    hunt(1, 6, 0..100);
    hunt(2, 6, 0..200);
    hunt(4, 10, 0..300);
    hunt(7, 10, 0..200);
}

#[test]
fn a_failure_carries_a_scenario_that_shows_it_again() {
    let mut scenario = Scenario { mutations: vec!["election-restriction-off".to_owned()], ..Scenario::of("raft") };
    scenario.workload.operations_per_client = Some(20);
    let options = Options { scenario, faults_max: 6, liars: None };
    let failure = (0..100).find_map(|seed| hunt_raft(&options, seed).unwrap().failure).unwrap();
    let mut run = consensus_playground::run::Run::new(failure.scenario.raft_simulation().unwrap());
    while run.simulation().cursor() <= failure.event {
        assert_eq!(run.step_until(u64::MAX), consensus_playground::sim::Stepped::Event);
    }
    let findings = run.findings();
    assert!(
        findings.iter().any(|finding| finding.invariant.name == failure.name && finding.event == failure.event),
        "{findings:?}"
    );
}
