//! Below 3f+1 every choice of a quorum loses something, and the search finds what; from there on one choice loses
//! nothing.

use super::cluster::{Cluster, LONG};
use consensus_playground::kv::Ending;
use consensus_playground::run::Run;
use consensus_playground::run::history::ClientOperation;
use consensus_playground::search::threshold::{Question, Seen, Shown, Threshold};
use consensus_playground::sim::Action;

fn tried(replicas: u32, faults: u32, quorum: u32, seeds: u64) -> Seen {
    let mut threshold = Threshold::new(Question { replicas, faults, quorum }, 0).unwrap();
    (0..seeds).for_each(|_| threshold.advance().unwrap());
    threshold.seen().clone()
}

/// No further than to the first seed in which honest replicas decide differently.
fn disagreement(replicas: u32, faults: u32, quorum: u32, seeds: u64) -> Option<Shown> {
    let mut threshold = Threshold::new(Question { replicas, faults, quorum }, 0).unwrap();
    (0..seeds).find_map(|_| {
        threshold.advance().unwrap();
        threshold.seen().disagreement.clone()
    })
}

/// The run, played to its end: what did not hold.
fn broken(shown: &Shown) -> Vec<&'static str> {
    let mut run = Run::new(shown.scenario.simulation().unwrap());
    run.run_until(u64::MAX, shown.events);
    assert_eq!(run.hash_after(shown.events), shown.trace_hash);
    Cluster { run }.broken()
}

#[test]
fn with_three_replicas_for_each_liar_and_quorums_of_the_honest_ones_honest_replicas_decide_differently() {
    for (faults, seeds) in [(1, 60), (2, 150), (3, 300)] {
        let shown = disagreement(3 * faults, faults, 2 * faults, seeds);
        let shown = shown.unwrap_or_else(|| panic!("n = {}", 3 * faults));
        assert!(broken(&shown).contains(&"agreement"), "{}", shown.sentence);
    }
}

#[test]
fn with_three_replicas_for_each_liar_and_quorums_that_share_an_honest_one_they_stall_and_never_disagree() {
    for faults in [1, 2] {
        let quorum = Question::sharing_quorum(3 * faults, faults);
        let seen = tried(3 * faults, faults, quorum, 150);
        assert_eq!((seen.disagreements, seen.others), (0, 0), "{:?}", seen.disagreement);
        let shown = seen.stall.expect("silent liars stop all");
        assert_eq!(broken(&shown), Vec::<&str>::new());
        let mut run: Run<consensus_playground::pbft::Pbft> = Run::new(shown.scenario.simulation().unwrap());
        run.run_until(LONG, 200_000);
        let healed = run
            .simulation()
            .interventions()
            .iter()
            .filter(|each| each.action == Action::RemoveFaults)
            .map(|each| each.at)
            .max();
        let healed = healed.expect("the faults are over");
        let is_served = |operation: &ClientOperation| matches!(operation.completed, Some((_, Ending::Ok(_))));
        let asked: Vec<&ClientOperation> =
            run.history().iter().filter(|operation| operation.invoked.time > healed).collect();
        assert!(
            !asked.is_empty() && !asked.into_iter().any(is_served),
            "{}: nobody is served from then on",
            shown.sentence
        );
    }
}

#[test]
fn with_one_more_replica_neither_is_lost() {
    for faults in [1, 2] {
        let (replicas, quorum) = (3 * faults + 1, 2 * faults + 1);
        assert_eq!(Question::sharing_quorum(replicas, faults), quorum);
        assert_eq!(Question::honest_quorum(replicas, faults), quorum);
        let seen = tried(replicas, faults, quorum, 200);
        assert_eq!(
            (seen.seeds, seen.disagreements, seen.stalls, seen.others),
            (200, 0, 0, 0),
            "{:?}{:?}",
            seen.disagreement,
            seen.stall
        );
    }
}

/// The opposite test: the adversary is strong enough to break what holds for f liars only.
#[test]
fn with_one_liar_more_than_a_quorum_reckons_with_honest_replicas_disagree() {
    for (replicas, faults) in [(4, 1), (7, 2)] {
        let shown = disagreement(replicas, faults + 1, 2 * faults + 1, 400).unwrap_or_else(|| panic!("n = {replicas}"));
        assert!(broken(&shown).contains(&"agreement"), "{}", shown.sentence);
    }
}

#[test]
fn the_arithmetic_leaves_a_quorum_from_3f_plus_1_on_and_none_below() {
    for faults in 0..7u32 {
        for replicas in faults + 1..31 {
            let mut questions = (1..=replicas).map(|quorum| Question { replicas, faults, quorum });
            let some = questions.any(|question| question.shares_honest() && question.honest_suffice());
            assert_eq!(some, replicas > 3 * faults, "n = {replicas}, f = {faults}");
        }
    }
}

#[test]
fn replicas_that_cannot_be_are_refused_with_what_is_wrong() {
    let error =
        |replicas, faults, quorum| Threshold::new(Question { replicas, faults, quorum }, 0).unwrap_err().to_string();
    assert_eq!(error(3, 3, 2), "f: fewer than the 3 replicas, not 3");
    assert_eq!(error(3, 1, 4), "q: 1 to 3, the number of replicas, not 4");
    assert!(error(99, 1, 50).starts_with("replicas"), "{}", error(99, 1, 50));
    assert!(error(u32::MAX, u32::MAX - 1, u32::MAX).starts_with("replicas"));
}
