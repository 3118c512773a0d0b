//! Where two majorities meet: what the page's quorum lens tells, in sound runs and in broken ones.

use super::explored::counterexample;
use super::gallery::run;
use consensus_playground::paxos::{Mutation, Paxos};
use consensus_playground::process::{MILLISECOND, NodeId, SECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Ratio, TicksRange};

#[test]
fn without_two_majorities_nothing_meets() {
    assert_eq!(run("one-value", 5 * MILLISECOND).meeting(), None, "nobody has promised anything");
    assert_eq!(run("one-value", 100 * MILLISECOND).meeting(), None, "one ballot alone");
}

#[test]
fn the_lens_shows_what_had_happened_at_the_playhead() {
    let mut run = run("lost-majority", 3 * SECOND);
    let meeting = run.meeting().unwrap();
    assert!(meeting.is_chosen);
    let events = run.simulation().events();
    run.seek(0);
    assert_eq!((run.meeting(), run.ballots()), (None, Vec::new()));
    run.seek(events);
    assert_eq!(run.meeting(), Some(meeting));
}

#[test]
fn majorities_of_promises_meet_before_anything_is_chosen() {
    let run = run("duel", 150 * MILLISECOND);
    let meeting = run.meeting().unwrap();
    assert!(!meeting.is_chosen && meeting.earlier < meeting.later);
    assert!(!meeting.shared.is_empty());
    assert!(meeting.carried_by.is_empty(), "there is nothing to carry");
}

/// The step of the induction: whoever is in both majorities accepted the earlier ballot before it promised the later one.
#[test]
fn in_sound_runs_all_that_are_in_both_majorities_carry_the_value() {
    let mut scenario = Scenario { replicas: 5, ..Scenario::of("paxos") };
    scenario.network.loss = Ratio { numerator: 1, denominator: 5 };
    scenario.workload.think_ticks = TicksRange::new(1_000, 30_000);
    let mut met = 0;
    for seed in 0..100 {
        let scenario = Scenario { seed, ..scenario.clone() };
        let mut run = Run::new(scenario.simulation::<Paxos>().unwrap());
        run.run_until(3 * SECOND, u32::MAX);
        for events in (0..=run.simulation().events()).step_by(16) {
            run.seek(events);
            let Some(meeting) = run.meeting().filter(|meeting| meeting.is_chosen) else { continue };
            assert!(!meeting.shared.is_empty(), "two majorities share an acceptor");
            assert_eq!(meeting.carried_by, meeting.shared, "seed {seed}, event {events}");
            met += 1;
        }
    }
    assert!(met > 100, "{met}");
}

#[test]
fn an_acceptor_that_forgets_its_promise_carries_nothing() {
    let run = counterexample(Mutation::PromiseNotDurable);
    let meeting = run.meeting().unwrap();
    assert!(meeting.is_chosen && !meeting.shared.is_empty());
    assert!(meeting.carried_by.is_empty(), "it promised the later ballot first: {meeting:?}");
}

#[test]
fn an_acceptor_that_forgets_what_it_accepted_is_seen_to_have_accepted_it() {
    let run = counterexample(Mutation::AcceptanceNotDurable);
    let meeting = run.meeting().unwrap();
    assert!(!meeting.carried_by.is_empty(), "it accepted first, and its promise should have said so: {meeting:?}");
    let majority = run.ballots().iter().filter(|ballot| ballot.is_chosen).count();
    assert_eq!(majority, 2, "two ballots are chosen");
    assert!(meeting.shared.iter().all(|acceptor| acceptor < NodeId(3)));
}
