//! Every model is sound within its bounds, and every mutation that it is meant to catch is caught by a shortest
//! counterexample.

mod other_protocols;

use super::*;
use crate::search::explore::{Ended, Outcome, Report};

fn search(model: &str, mutations: &[&str], limits: Limits) -> Box<dyn Search> {
    let mutations: Vec<String> = mutations.iter().map(|&name| name.to_owned()).collect();
    let mut exploration = begin(model, &mutations, limits).expect("the model and the mutations are known");
    while exploration.advance(u32::MAX).ended.is_none() {}
    exploration
}

fn explored(model: &str, mutations: &[&str], limits: Limits) -> Report {
    search(model, mutations, limits).report()
}

/// The first property that is broken, with the number of steps.
fn broken(report: &Report) -> Option<(&'static str, usize)> {
    let broken = report.properties.iter().find(|property| property.outcome == Outcome::Broken)?;
    Some((broken.name, broken.path.as_ref()?.steps.len()))
}

#[test]
fn elections_of_the_sound_core_are_explored_to_exhaustion_and_nothing_fails() {
    let report = explored("raft-elections", &[], Limits::default());
    assert_eq!(report.progress.ended, Some(Ended::Exhausted));
    assert!(!report.has_failure(), "{:?}", report.properties);
    assert_eq!(report.progress.states, 329_159);
}

#[test]
fn a_vote_that_is_not_durable_elects_two_leaders_of_a_term_in_eight_steps() {
    let report = explored("raft-elections", &["vote-not-durable"], Limits::default());
    assert_eq!(broken(&report), Some(("one-leader-in-a-term", 8)));
}

#[test]
fn a_vote_that_is_forgotten_in_the_same_term_elects_two_leaders_of_it_in_seven_steps() {
    let report = explored("raft-step-downs", &["vote-forgotten-in-same-term"], Limits::default());
    assert_eq!(broken(&report), Some(("one-leader-in-a-term", 7)));
}

#[test]
fn leaders_of_the_sound_core_that_step_down_are_explored_to_exhaustion_and_nothing_fails() {
    let report = explored("raft-step-downs", &[], Limits::default());
    assert_eq!(report.progress.ended, Some(Ended::Exhausted));
    assert!(!report.has_failure(), "{:?}", report.properties);
}

#[test]
fn every_mutation_of_abstract_paxos_is_caught() {
    for mutation in names::<abstract_paxos::Mutation>() {
        let report = explored("abstract-paxos-3-ballots", &[mutation], Limits::default());
        assert!(broken(&report).is_some(), "{mutation}");
    }
}

#[test]
fn names_that_are_not_known_are_refused_with_those_that_are() {
    let unknown = begin("raft", &[], Limits::default()).err().expect("there is no such model");
    assert!(unknown.to_string().starts_with("there is no model \"raft\"; there is abstract-paxos, "), "{unknown}");
    let unknown =
        begin("raft-elections", &["votes".to_owned()], Limits::default()).err().expect("there is no such mutation");
    assert!(
        unknown.to_string().starts_with("the model has no mutation \"votes\"; it has vote-not-durable, "),
        "{unknown}"
    );
}

#[test]
fn r1_and_r2_the_shortest_ways_to_two_leaders_of_a_term_are_runs_in_which_the_monitor_sees_them() {
    for (model, mutation) in
        [("raft-elections", "vote-not-durable"), ("raft-step-downs", "vote-forgotten-in-same-term")]
    {
        let search = search(model, &[mutation], Limits::default());
        let replay = search.replay("one-leader-in-a-term").expect("it is broken").expect("the run follows the path");
        assert!(
            replay.findings.iter().any(|finding| finding.invariant.name == "election-safety"),
            "{:?}",
            replay.findings
        );
        let mut run = crate::run::Run::new(replay.scenario.raft_simulation().expect("it is sound"));
        run.run_until(5 * crate::process::SECOND, u32::MAX);
        assert_eq!(run.findings_at_end(), replay.findings, "the scenario alone gives the same run");
    }
}

#[test]
fn what_is_not_decided_and_what_is_no_cluster_has_no_run() {
    let limits = Limits { states_max: 10, ..Limits::default() };
    assert!(search("paxos", &[], limits).replay("agreement").is_none());
    assert!(search("paxos", &[], limits).replay("no-such-property").is_none());
    assert!(search("abstract-paxos", &["any-value-proposed"], Limits::default()).replay("one-value-chosen").is_none());
}

#[test]
fn what_is_reachable_can_be_shown_as_a_run_of_the_sound_core() {
    let search = search("paxos-learner", &[], Limits::default());
    let replay = search.replay("a-value-is-learned").expect("it is reached").expect("the run follows the path");
    assert_eq!(replay.findings, []);
}
