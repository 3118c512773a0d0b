//! Viewstamped Replication explored: the sound core to the end, and the shortest counterexample of each rule that a
//! model is there to show, which a run of the simulator then shows again.

use crate::paxos::exploring::{broken, explored};
use consensus_playground::run::Run;
use consensus_playground::scenario::{Scenario, parse};
use consensus_playground::search::explore::{Ended, Limits, Outcome};
use consensus_playground::search::models::{MODELS, begin};
use consensus_playground::viewstamped::Viewstamped;

/// What is found when a rule is switched off: in which model, and after how many steps at the least something else is
/// committed where something was.
const COUNTEREXAMPLES: [(&str, &str, usize); 8] = [
    ("commit-before-quorum", "viewstamped", 8),
    ("old-view-prepared", "viewstamped", 11),
    ("start-view-without-quorum", "viewstamped", 11),
    ("own-log-kept", "viewstamped", 11),
    ("uncommitted-dropped", "viewstamped", 11),
    ("recovery-skipped", "viewstamped-recovery", 13),
    ("recovery-without-quorum", "viewstamped-recovery", 16),
    ("recovery-from-any-primary", "viewstamped-recovery", 17),
];

/// What the monitor finds in a run of a scenario.
fn found(scenario: &Scenario) -> Vec<&'static str> {
    let mut run = Run::new(scenario.simulation::<Viewstamped>().unwrap());
    run.run_until(5_000_000, u32::MAX);
    run.findings_at_end().iter().map(|finding| finding.invariant.name).collect()
}

#[test]
fn the_models_say_which_rules_they_are_there_to_show() {
    let entries = MODELS.iter().filter(|entry| entry.protocol == Some("viewstamped"));
    assert_eq!(entries.map(|entry| entry.shows.len()).sum::<usize>(), COUNTEREXAMPLES.len());
    for (mutation, model, _) in COUNTEREXAMPLES {
        let entry = MODELS.iter().find(|entry| entry.name == model).unwrap();
        assert!(entry.shows.contains(&mutation), "{mutation}");
    }
}

#[test]
fn the_sound_core_is_explored_to_the_end_and_nothing_is_committed_twice() {
    let report = explored("viewstamped", &[]).report();
    assert_eq!(report.progress.ended, Some(Ended::Exhausted));
    assert!(!report.has_failure(), "{:?}", report.properties);
    assert!(report.properties.iter().all(|property| property.outcome != Outcome::OutOfReach));
    assert_eq!(report.progress.states, 89_933);
}

/// With recovery there are about two million states: `explore viewstamped-recovery` goes through them all.
#[test]
fn the_sound_core_is_explored_some_way_with_recovery() {
    const STATES_MAX: u32 = 100_000;
    let limits = Limits { states_max: STATES_MAX, ..Limits::default() };
    let mut exploration = begin("viewstamped-recovery", &[], limits).unwrap();
    while exploration.advance(u32::MAX).ended.is_none() {}
    let report = exploration.report();
    assert_eq!(report.progress.ended, Some(Ended::StatesCap));
    assert!(!report.has_failure(), "{:?}", report.properties);
}

#[test]
fn a_rule_that_is_switched_off_has_a_shortest_counterexample_which_a_run_shows_again() {
    for (mutation, model, steps) in COUNTEREXAMPLES {
        let exploration = explored(model, &[mutation]);
        assert_eq!(broken(&exploration.report()), [("agreement", steps)], "{mutation}");

        let replay = exploration.replay("agreement").unwrap().unwrap();
        let scenario = parse(&serde_json::to_string(&replay.scenario).unwrap()).unwrap();
        assert_eq!(scenario.mutations, [mutation]);
        assert!(found(&scenario).contains(&"agreement"), "{mutation}: {:?}", found(&scenario));
        let sound = Scenario { mutations: Vec::new(), ..scenario };
        assert_eq!(found(&sound), Vec::<&str>::new(), "{mutation}: with the rule, the same interventions harm nothing");
    }
}
