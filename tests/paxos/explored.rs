//! Single-decree Paxos explored: the sound core to the end, and the shortest counterexample of each rule that is
//! switched off, which a run of the simulator then shows again. And the bugs that real implementations had, by name: P1
//! to P6.

use super::exploring::{broken, explored};
use consensus_playground::paxos::{Mutation, Paxos};
use consensus_playground::process::Catalogue;
use consensus_playground::run::Run;
use consensus_playground::scenario::{Scenario, parse};
use consensus_playground::search::explore::Ended;
use consensus_playground::search::models::MODELS;

/// What is found when a rule is switched off: in which model, which property breaks, and after how many steps at the
/// least.
const COUNTEREXAMPLES: [(Mutation, &str, &str, usize); 12] = [
    (Mutation::StalePromisesCounted, "paxos-ballots", "agreement", 18),
    (Mutation::LatestValueTaken, "paxos-ballots", "agreement", 23),
    (Mutation::PromiseNotDurable, "paxos", "agreement", 16),
    (Mutation::AcceptanceNotDurable, "paxos", "agreement", 16),
    (Mutation::BallotNotDurable, "paxos-restarted-proposer", "one-value-a-ballot", 13),
    (Mutation::AcceptRaisesNoPromise, "paxos-ballots", "agreement", 23),
    (Mutation::MajorityTooSmall, "paxos", "agreement", 10),
    (Mutation::AnyAcceptancesCounted, "paxos-learner", "learned-is-chosen", 14),
    (Mutation::PromiseIgnored, "paxos", "agreement", 14),
    (Mutation::PromiseWithoutAccepted, "paxos", "agreement", 14),
    (Mutation::ReportsIgnored, "paxos", "agreement", 14),
    (Mutation::BallotsShared, "paxos", "one-value-a-ballot", 12),
];

/// Without these rules nothing wrong is ever chosen, and perhaps nothing at all: the hunt's liveness check finds them.
const HARMS_PROGRESS_ONLY: [Mutation; 2] = [Mutation::OutbidsAtOnce, Mutation::NeverTriesAgain];

/// Explores without a rule. The shortest counterexample has so many steps; as a scenario, read back from its JSON, it
/// breaks the invariant of the same name.
fn assert_counterexample(mutation: Mutation) {
    let (_, model, property, steps) = COUNTEREXAMPLES.into_iter().find(|(known, ..)| *known == mutation).unwrap();
    let exploration = explored(model, &[mutation.name()]);
    assert_eq!(broken(&exploration.report()), [(property, steps)], "{}", mutation.name());

    let replay = exploration.replay(property).unwrap().unwrap();
    let scenario = parse(&serde_json::to_string(&replay.scenario).unwrap()).unwrap();
    assert_eq!(scenario.mutations, [mutation.name()]);
    let mut run = Run::new(scenario.simulation::<Paxos>().unwrap());
    run.run_until(5_000_000, u32::MAX);
    let findings = run.findings_at_end();
    assert_eq!(findings, replay.findings);
    assert!(findings.iter().any(|finding| finding.invariant.name == property), "{}: {findings:?}", mutation.name());

    let sound = Scenario { mutations: Vec::new(), ..scenario };
    let mut run = Run::new(sound.simulation::<Paxos>().unwrap());
    run.run_until(5_000_000, u32::MAX);
    assert_eq!(run.findings_at_end(), [], "{}: with the rule, the same interventions harm nothing", mutation.name());
}

/// The run of a rule's shortest counterexample, to its end.
pub fn counterexample(mutation: Mutation) -> Run<Paxos> {
    let (_, model, property, _) = COUNTEREXAMPLES.into_iter().find(|(known, ..)| *known == mutation).unwrap();
    let replay = explored(model, &[mutation.name()]).replay(property).unwrap().unwrap();
    let mut run = Run::new(replay.scenario.simulation::<Paxos>().unwrap());
    run.run_until(5_000_000, u32::MAX);
    run
}

#[test]
fn the_models_say_which_rules_they_are_there_to_show() {
    for (mutation, model, ..) in COUNTEREXAMPLES {
        let of_paxos = MODELS.iter().filter(|entry| entry.protocol == Some("paxos"));
        let showing: Vec<&str> =
            of_paxos.filter(|entry| entry.shows.contains(&mutation.name())).map(|entry| entry.name).collect();
        assert_eq!(showing, [model], "{}", mutation.name());
    }
}

#[test]
fn every_rule_is_accounted_for() {
    let named = |mutation: &&Mutation| {
        COUNTEREXAMPLES.iter().any(|(known, ..)| known == *mutation) != HARMS_PROGRESS_ONLY.contains(mutation)
    };
    assert_eq!(Mutation::ALL.iter().filter(named).count(), Mutation::ALL.len());
}

/// Explores the sound core to the end of a model, and finds nothing wrong.
fn assert_sound(model: &str, states: u32) {
    let report = explored(model, &[]).report();
    assert_eq!(report.progress.ended, Some(Ended::Exhausted), "{model}");
    assert!(!report.has_failure(), "{model}: {:?}", report.properties);
    assert_eq!(report.progress.states, states, "{model}");
}

#[test]
fn the_sound_core_is_explored_to_the_end_and_nothing_fails() {
    assert_sound("paxos", 1_485_562);
}

#[test]
fn the_sound_core_is_explored_with_a_third_ballot() {
    assert_sound("paxos-ballots", 1_254_320);
}

#[test]
fn the_sound_core_is_explored_with_a_proposer_that_restarts_and_with_a_learner() {
    assert_sound("paxos-restarted-proposer", 21_093);
    assert_sound("paxos-learner", 267_786);
}

#[test]
fn the_sound_core_is_explored_with_messages_that_come_twice() {
    assert_sound("paxos-duplicates", 617_243);
}

#[test]
fn a_state_takes_at_most_64_bytes_besides_the_queue() {
    let progress = explored("paxos-learner", &[]).report().progress;
    assert!(progress.visited_bytes <= 64 * u64::from(progress.states), "{progress:?}");
}

#[test]
fn what_harms_progress_only_breaks_nothing_that_must_always_hold() {
    for mutation in HARMS_PROGRESS_ONLY {
        let report = explored("paxos-learner", &[mutation.name()]).report();
        assert_eq!(report.progress.ended, Some(Ended::Exhausted));
        assert_eq!(broken(&report), [], "{}", mutation.name());
    }
}

#[test]
fn p1_promises_acceptances_and_ballots_must_be_durable() {
    assert_counterexample(Mutation::PromiseNotDurable);
    assert_counterexample(Mutation::AcceptanceNotDurable);
    assert_counterexample(Mutation::BallotNotDurable);
}

#[test]
fn p2_promises_of_an_earlier_ballot_must_not_count() {
    assert_counterexample(Mutation::StalePromisesCounted);
}

#[test]
fn p3_the_value_of_the_highest_accepted_ballot_must_be_taken() {
    assert_counterexample(Mutation::LatestValueTaken);
}

#[test]
fn p4_an_accept_must_raise_the_promise() {
    assert_counterexample(Mutation::AcceptRaisesNoPromise);
}

#[test]
fn a_promise_must_be_kept() {
    assert_counterexample(Mutation::PromiseIgnored);
}

#[test]
fn a_promise_must_say_what_was_accepted() {
    assert_counterexample(Mutation::PromiseWithoutAccepted);
}

#[test]
fn what_promises_report_must_be_proposed_again() {
    assert_counterexample(Mutation::ReportsIgnored);
}

#[test]
fn no_two_proposers_may_use_one_ballot() {
    assert_counterexample(Mutation::BallotsShared);
}

#[test]
fn a_majority_must_be_more_than_half_and_of_one_ballot() {
    assert_counterexample(Mutation::MajorityTooSmall);
    assert_counterexample(Mutation::AnyAcceptancesCounted);
}

/// Two proposers that take turns: each prepares before the other's proposal is accepted, and nothing is ever chosen
/// (PMS 2.4).
#[test]
fn p5_a_duel_goes_on_as_long_as_each_proposer_prepares_before_the_other_is_accepted() {
    let mut scenario = Scenario { replicas: 3, clients: 2, ..Scenario::of("paxos") };
    scenario.workload.operations_per_client = Some(0);
    // A message takes 10 ms, and a proposer that waits for answers is impatient: it prepares anew after 15 to 16 ms,
    // when its acceptance is still under way.
    scenario.network.latency_ticks = consensus_playground::sim::TicksRange::new(10_000, 10_000);
    scenario.paxos.retry_ticks = 15_000;
    scenario.paxos.backoff_ticks = 1;
    scenario.paxos.backoff_ticks_max = 1;
    let interventions = r#"[{"at": 1, "action": {"invoke": {"client": "c1",
        "command": {"cas": {"key": "value", "expected": null, "new": "1"}}}}},
        {"at": 5000, "action": {"invoke": {"client": "c2",
            "command": {"cas": {"key": "value", "expected": null, "new": "2"}}}}}]"#;
    scenario.interventions = serde_json::from_str(interventions).unwrap();
    let chosen_with_pauses_up_to = |backoff_ticks_max: u64| {
        let mut scenario = scenario.clone();
        scenario.paxos.backoff_ticks_max = backoff_ticks_max;
        scenario.paxos.backoff_ticks = backoff_ticks_max.min(20_000);
        let mut run = Run::new(scenario.simulation::<Paxos>().unwrap());
        run.run_until(900_000, u32::MAX);
        let replicas = run.simulation().world().replicas();
        replicas.iter().filter(|machine| machine.process.as_ref().is_some_and(|paxos| paxos.chosen().is_some())).count()
    };
    assert_eq!(chosen_with_pauses_up_to(1), 0, "without pauses the duel goes on");
    assert_eq!(chosen_with_pauses_up_to(640_000), 3, "random pauses that grow end it");
}

/// A wiped disk is no crash: the acceptor goes back on what it has promised and accepted, and the monitor says so
/// (Paxos Made Live 5.1).
#[test]
fn p6_an_acceptor_whose_disk_was_wiped_lets_a_second_value_be_chosen() {
    let mut scenario = Scenario { replicas: 3, clients: 3, ..Scenario::of("paxos") };
    scenario.workload.operations_per_client = Some(0);
    let interventions = r#"[{"at": 0, "action": {"partition": {"groups": [["n1", "n2", "c1"], ["n3", "c3"]]}}},
        {"at": 1, "action": {"invoke": {"client": "c1",
            "command": {"cas": {"key": "value", "expected": null, "new": "1"}}}}},
        {"at": 500000, "action": {"wipe_disk": {"node": "n2"}}},
        {"at": 500001, "action": {"partition": {"groups": [["n1", "c1"], ["n2", "n3", "c3"]]}}},
        {"at": 500002, "action": {"invoke": {"client": "c3",
            "command": {"cas": {"key": "value", "expected": null, "new": "2"}}}}}]"#;
    scenario.interventions = serde_json::from_str(interventions).unwrap();
    let findings_with = |scenario: &Scenario| {
        let mut run = Run::new(scenario.simulation::<Paxos>().unwrap());
        run.run_until(1_400_000, u32::MAX);
        run.findings_at_end().into_iter().map(|finding| finding.invariant.name).collect::<Vec<_>>()
    };
    let mut wiped = Run::new(scenario.simulation::<Paxos>().unwrap());
    wiped.run_until(1_400_000, u32::MAX);
    let findings = wiped.findings_at_end();
    let names: Vec<&str> = findings.iter().map(|finding| finding.invariant.name).collect();
    assert_eq!(names, ["agreement", "acceptances-reported"], "{findings:?}");
    for finding in &findings {
        assert!(
            finding.sentence.ends_with("; the disk of n2 was wiped before that, and Paxos assumes that disks are not"),
            "{finding:?}"
        );
    }
    scenario.interventions.remove(2);
    assert_eq!(findings_with(&scenario), Vec::<&str>::new(), "with its disk, n2 tells n3 of the value that is chosen");
}
