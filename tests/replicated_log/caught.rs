//! What the hunt finds: nothing on a sound core, and something where a rule is switched off.

use consensus_playground::process::Catalogue;
use consensus_playground::scenario::{Playable, Scenario};
use consensus_playground::search::hunt::{Hunter, Options};
use std::ops::Range;

/// The hunt finds nothing on the sound core within these seeds.
pub fn nothing<R: Playable>(replicas: u32, faults_max: u32, seeds: Range<u64>) {
    let mut scenario = Scenario { replicas, ..Scenario::of(R::PROTOCOL) };
    scenario.workload.operations_per_client = Some(20);
    let mut hunter = Hunter::<R>::new(Options { scenario, faults_max, liars: None });
    for seed in seeds {
        let failure = hunter.hunt(seed).unwrap().failure;
        let failure = failure.map(|failure| format!("seed {seed}: {}: {}", failure.name, failure.sentence));
        assert_eq!(failure, None);
    }
}

/// Whether the hunt misses a rule within these seeds, by one of these checks. Says how it did, or how not.
pub fn by_hunt<R: Playable>(mutation: R::Mutation, seeds: Range<u64>, by: &[&str]) -> Result<String, String> {
    let name = mutation.name();
    let mut scenario = Scenario { mutations: vec![name.to_owned()], ..Scenario::of(R::PROTOCOL) };
    scenario.workload.operations_per_client = Some(20);
    let mut hunter = Hunter::<R>::new(Options { scenario, faults_max: 6, liars: None });
    for seed in seeds.clone() {
        if let Some(failure) = hunter.hunt(seed).map_err(|error| error.to_string())?.failure {
            let how = format!("{name}: {} at seed {seed}, expected {by:?}", failure.name);
            return if by.contains(&failure.name) { Ok(how) } else { Err(how) };
        }
    }
    Err(format!("{name}: not caught within the seeds {seeds:?}"))
}

/// Every rule that can be switched off is missed by something.
pub fn all_are_caught<M: Catalogue>(is_caught: impl Fn(M) -> Result<String, String>) {
    let mut missed = Vec::new();
    for &mutation in M::ALL {
        match is_caught(mutation) {
            Ok(how) => println!("{how}"),
            Err(how) => missed.push(how),
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}
