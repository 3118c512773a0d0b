//! After an event a monitor looks only at the process that handled it, and only at what is new there. A look at
//! everything sees no more.

use consensus_playground::check::{Finding, Monitor, Watched};
use consensus_playground::multi_paxos::MultiPaxos;
use consensus_playground::pbft::Pbft;
use consensus_playground::process::{Catalogue, Process};
use consensus_playground::raft::Raft;
use consensus_playground::scenario::{Playable, Scenario};
use consensus_playground::search::hunt::{Failure, Options, hunt};
use consensus_playground::sim::Stepped;
use consensus_playground::tendermint::Tendermint;

fn what_did_not_hold(findings: &[Finding]) -> Vec<(&'static str, u32)> {
    let mut names: Vec<_> = findings.iter().map(|finding| (finding.invariant.name, finding.event)).collect();
    names.sort_unstable();
    names
}

/// Runs in which a rule is switched off and something was found, looked at in both ways, event for event.
fn quick_and_thorough_agree<R: Playable>(protocol: &str, seeds: u64) {
    let mut findings = 0;
    for &mutation in <R as Process>::Mutation::ALL {
        let mut scenario = Scenario { mutations: vec![mutation.name().to_owned()], ..Scenario::of(protocol) };
        scenario.workload.operations_per_client = Some(20);
        let options = Options { scenario, faults_max: 6, liars: None };
        // What Tendermint's monitor reads are the disks, and a slow one changes between two events.
        let is_comparable = |failure: &Failure| protocol != "tendermint" || failure.scenario.disk.flush_ticks == 0;
        let found =
            (0..seeds).filter_map(|seed| hunt::<R>(&options, seed).unwrap().failure).filter(is_comparable).take(3);
        for failure in found {
            let mut simulation = failure.scenario.simulation::<R>().unwrap();
            let replicas = simulation.world().setup().replicas;
            let (mut quick, mut thorough) =
                (<R as Watched>::Monitor::new(replicas), <R as Watched>::Monitor::new(replicas));
            while simulation.cursor() < failure.events.min(2_500) && simulation.step() == Stepped::Event {
                let event = simulation.cursor() - 1;
                consensus_playground::check::watch(&mut quick, event, simulation.world(), simulation.trace());
                consensus_playground::check::watch(&mut thorough, event, simulation.world(), simulation.trace());
                thorough.observe_everything(event, simulation.world());
                let (seen, expected) = (what_did_not_hold(&quick.findings()), what_did_not_hold(&thorough.findings()));
                assert_eq!(seen, expected, "{}, seed {}, after event {event}", mutation.name(), failure.seed);
            }
            findings += quick.findings().len();
        }
    }
    assert!(findings >= 5, "{findings}");
}

#[test]
fn the_quick_look_at_raft_sees_what_the_thorough_one_sees() {
    quick_and_thorough_agree::<Raft>("raft", 40);
}

#[test]
fn the_quick_look_at_multi_paxos_sees_what_the_thorough_one_sees() {
    quick_and_thorough_agree::<MultiPaxos>("multi-paxos", 40);
}

#[test]
fn the_quick_look_at_pbft_sees_what_the_thorough_one_sees() {
    quick_and_thorough_agree::<Pbft>("pbft", 40);
}

#[test]
fn the_quick_look_at_tendermint_sees_what_the_thorough_one_sees() {
    quick_and_thorough_agree::<Tendermint>("tendermint", 40);
}

/// A hunted liar speaks of kinds of messages that there are: what is found is a scenario that can be read again.
#[test]
fn every_failure_of_tendermint_can_be_opened_again() {
    let scenario = Scenario { mutations: vec!["duplicates-counted".to_owned()], ..Scenario::of("tendermint") };
    let options = Options { scenario, faults_max: 6, liars: None };
    let failures: Vec<Failure> =
        (0..600).filter_map(|seed| hunt::<Tendermint>(&options, seed).unwrap().failure).collect();
    let by_hand = |failure: &&Failure| serde_json::to_string(&failure.scenario).unwrap().contains("by_hand");
    assert!(failures.iter().filter(by_hand).count() > 10, "{}", failures.len());
    for failure in failures {
        let text = serde_json::to_string(&failure.scenario).unwrap();
        let again = consensus_playground::scenario::parse(&text).unwrap();
        assert!(again.simulation::<Tendermint>().is_ok(), "seed {}: {text}", failure.seed);
    }
}
