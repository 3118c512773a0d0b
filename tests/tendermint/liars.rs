//! Liars: up to f of them break nothing; more than a third can.

use crate::runs::of;
use consensus_playground::scenario::Scenario;
use consensus_playground::search::hunt::{Options, hunt};
use consensus_playground::tendermint::Tendermint;

fn failures(scenario: Scenario, seeds: std::ops::Range<u64>) -> Vec<String> {
    let options = Options { scenario, faults_max: 6 };
    let found = seeds.filter_map(|seed| hunt::<Tendermint>(&options, seed).unwrap().failure);
    found.map(|failure| format!("seed {}: {}: {}", failure.seed, failure.name, failure.sentence)).collect()
}

#[test]
fn four_validators_with_a_liar_keep_every_promise() {
    assert_eq!(failures(of(4), 0..2_000), Vec::<String>::new());
}

#[test]
fn other_numbers_of_validators_keep_every_promise() {
    for (replicas, seeds) in [(1, 50), (3, 50), (5, 100), (7, 100)] {
        assert_eq!(failures(of(replicas), 0..seeds), Vec::<String>::new(), "{replicas} validators");
    }
}

/// T12: the adversary must be strong enough to break what only holds for less than a third of liars.
#[test]
fn t12_more_than_a_third_of_liars_make_honest_validators_disagree() {
    let mut scenario = of(4);
    scenario.tendermint.liars = Some(2);
    let options = Options { scenario, faults_max: 2 };
    let broken = (0..2_000).find_map(|seed| {
        let failure = hunt::<Tendermint>(&options, seed).unwrap().failure?;
        (failure.name == "agreement").then_some(failure.sentence)
    });
    println!("{broken:?}");
    assert!(broken.is_some());
}
