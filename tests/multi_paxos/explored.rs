//! Multi-Paxos explored: the sound core to the end, and the shortest counterexample of each rule that a model is there
//! to show, which a run of the simulator then shows again.

use crate::paxos::exploring::{broken, explored};
use consensus_playground::multi_paxos::MultiPaxos;
use consensus_playground::run::Run;
use consensus_playground::scenario::{Scenario, parse};
use consensus_playground::search::explore::{Ended, Outcome};
use consensus_playground::search::models::MODELS;

/// What is found when a rule is switched off: in which model, which property breaks, and after how many steps at the
/// least.
const COUNTEREXAMPLES: [(&str, &str, &str, usize); 13] = [
    ("majority-off-by-one", "multi-paxos", "learned-is-chosen", 2),
    ("promise-not-durable", "multi-paxos", "agreement", 11),
    ("ballot-not-durable", "multi-paxos", "agreement", 11),
    ("acceptance-not-durable", "multi-paxos", "agreement", 12),
    ("promise-ignored", "multi-paxos", "agreement", 10),
    ("promise-without-accepted", "multi-paxos", "agreement", 10),
    ("new-leader-overwrites-possibly-chosen", "multi-paxos", "agreement", 10),
    ("apply-past-a-gap", "multi-paxos", "learned-is-chosen", 12),
    ("stale-promises-counted", "multi-paxos-ballots", "agreement", 12),
    ("latest-instead-of-highest-ballot", "multi-paxos-ballots", "agreement", 15),
    ("accept-raises-no-promise", "multi-paxos-gaps", "promises-kept", 8),
    ("gap-skipped", "multi-paxos-gaps", "gaps-filled", 13),
    ("commit-for-another-ballots-value", "multi-paxos-gaps", "learned-is-chosen", 15),
];

/// What the monitor finds in a run of a scenario.
fn found(scenario: &Scenario) -> Vec<&'static str> {
    let mut run = Run::new(scenario.simulation::<MultiPaxos>().unwrap());
    run.run_until(5_000_000, u32::MAX);
    run.findings_at_end().iter().map(|finding| finding.invariant.name).collect()
}

#[test]
fn the_models_say_which_rules_they_are_there_to_show() {
    let shown: usize =
        MODELS.iter().filter(|entry| entry.protocol == Some("multi-paxos")).map(|entry| entry.shows.len()).sum();
    assert_eq!(shown, COUNTEREXAMPLES.len());
    for (mutation, model, ..) in COUNTEREXAMPLES {
        let entry = MODELS.iter().find(|entry| entry.name == model).unwrap();
        assert!(entry.shows.contains(&mutation), "{mutation}");
    }
}

#[test]
fn the_sound_core_is_explored_to_the_end_and_no_slot_ever_has_two_chosen_values() {
    for (model, states) in [("multi-paxos", 252_455), ("multi-paxos-ballots", 478_211), ("multi-paxos-gaps", 950_459)] {
        let report = explored(model, &[]).report();
        assert_eq!(report.progress.ended, Some(Ended::Exhausted), "{model}");
        assert!(!report.has_failure(), "{model}: {:?}", report.properties);
        assert!(
            report.properties.iter().all(|property| property.outcome != Outcome::OutOfReach),
            "{model}: all that is to be possible is"
        );
        assert_eq!(report.progress.states, states, "{model}");
    }
}

#[test]
fn a_rule_that_is_switched_off_has_a_shortest_counterexample_which_a_run_shows_again() {
    for (mutation, model, property, steps) in COUNTEREXAMPLES {
        let exploration = explored(model, &[mutation]);
        assert_eq!(broken(&exploration.report()), [(property, steps)], "{mutation}");

        let replay = exploration.replay(property).unwrap().unwrap();
        let scenario = parse(&serde_json::to_string(&replay.scenario).unwrap()).unwrap();
        assert_eq!(scenario.mutations, [mutation]);
        // The shortest way leads over a crash between write and send: the model counts a leader's own acceptance from
        // its disk, the monitor from what left it, and sees the promise that was broken on the way.
        let is_torn = ["promise-not-durable", "ballot-not-durable"].contains(&mutation);
        let breach = if is_torn { "promises-kept" } else { property };
        assert!(found(&scenario).contains(&breach), "{mutation}: {:?}", found(&scenario));
        let sound = Scenario { mutations: Vec::new(), ..scenario };
        assert_eq!(found(&sound), Vec::<&str>::new(), "{mutation}: with the rule, the same interventions harm nothing");
    }
}
