//! Where two majorities meet: what the page's quorum lens tells, in sound runs and in broken ones.

use super::explored::counterexample;
use super::gallery::run;
use consensus_playground::paxos::{Mutation, Paxos};
use consensus_playground::process::{MILLISECOND, NodeId, SECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, Ratio, TicksRange};

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

/// What the lens must say in every run without a broken rule, at every sixteenth event: gives how often there was
/// something to say.
fn must_carry_everywhere(run: &mut Run<Paxos>, seed: u64) -> u32 {
    let mut met = 0;
    for events in (0..=run.simulation().events()).step_by(16) {
        run.seek(events);
        let Some(meeting) = run.meeting().filter(|meeting| meeting.is_chosen) else { continue };
        assert!(!meeting.shared.is_empty(), "two majorities share an acceptor");
        assert_eq!(meeting.carried_by, meeting.shared, "seed {seed}, event {events}");
        met += 1;
    }
    met
}

/// The step of the induction: whoever is in both majorities accepted the earlier ballot before it promised the later
/// one.
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
        met += must_carry_everywhere(&mut run, seed);
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

/// Disks take a while, and acceptors crash before their promises are written down: nobody hears of those, so they bind
/// nobody.
#[test]
fn in_sound_runs_with_slow_disks_and_crashes_they_do_as_well() {
    let mut scenario = Scenario { replicas: 3, ..Scenario::of("paxos") };
    scenario.network.loss = Ratio { numerator: 1, denominator: 5 };
    scenario.disk.flush_ticks = 8 * MILLISECOND;
    scenario.workload.think_ticks = TicksRange::new(1_000, 30_000);
    let mut met = 0;
    for seed in 0..60 {
        let scenario = Scenario { seed, ..scenario.clone() };
        let mut run = Run::new(scenario.simulation::<Paxos>().unwrap());
        for crash in 0..40 {
            let node = NodeId((crash % 3) as u16);
            run.run_until(crash * 31 * MILLISECOND + 17 * MILLISECOND, u32::MAX);
            run.intervene(Action::Crash(node)).unwrap();
            run.run_until(crash * 31 * MILLISECOND + 19 * MILLISECOND, u32::MAX);
            run.intervene(Action::Restart(node)).unwrap();
        }
        run.run_until(3 * SECOND, u32::MAX);
        assert_eq!(run.findings_at_end(), [], "seed {seed}");
        met += must_carry_everywhere(&mut run, seed);
    }
    assert!(met > 100, "{met}");
}

/// n2 promises 1.n3 and crashes before that is on its disk. Then it accepts 1.n1, which is late: that promise binds
/// nobody.
#[test]
fn a_promise_that_is_lost_before_its_flush_is_no_promise() {
    let mut scenario = Scenario { replicas: 3, clients: 3, ..Scenario::of("paxos") };
    scenario.workload.operations_per_client = Some(0);
    scenario.network.latency_ticks = TicksRange::new(1_000, 1_000);
    scenario.disk.flush_ticks = 20_000;
    scenario.paxos.retry_ticks = 5 * SECOND;
    scenario.client.attempt_ticks = 5 * SECOND;
    scenario.client.deadline_ticks = 5 * SECOND;
    let interventions = r#"[{"at": 0, "action": {"cut": {"links": [{"from": "n1", "to": "n3"},
        {"from": "n3", "to": "n1"}]}}},
        {"at": 1, "action": {"invoke": {"client": "c1",
            "command": {"cas": {"key": "value", "expected": null, "new": "1"}}}}},
        {"at": 40000, "action": {"link_latency": {"from": "n1", "to": "n2",
            "latency_ticks": {"min": 200000, "max": 200000}}}},
        {"at": 100000, "action": {"invoke": {"client": "c3",
            "command": {"cas": {"key": "value", "expected": null, "new": "3"}}}}},
        {"at": 130000, "action": {"crash": {"node": "n2"}}},
        {"at": 131000, "action": {"restart": {"node": "n2"}}}]"#;
    scenario.interventions = serde_json::from_str(interventions).unwrap();
    let mut run = Run::new(scenario.simulation::<Paxos>().unwrap());
    run.run_until(129 * MILLISECOND, u32::MAX);
    let promised = |run: &Run<Paxos>, ballot: u64| {
        let row = run.ballots().into_iter().find(|row| row.epoch == ballot);
        row.map_or(Vec::new(), |row| row.promised.iter().collect())
    };
    let (first, third) = (64, 64 + 2);
    assert_eq!(promised(&run, first), [NodeId(0), NodeId(1)]);
    assert_eq!(promised(&run, third), [], "both disks are busy");
    run.run_until(SECOND, u32::MAX);
    assert_eq!(promised(&run, third), [NodeId(2)], "what n2 wanted to promise, nobody ever heard");
    assert!(run.ballots().iter().any(|row| row.epoch == first && row.is_chosen));
    assert_eq!(run.meeting(), None, "the promises of one ballot are a majority");
    let events = run.simulation().events();
    run.seek(0);
    run.run_until(129 * MILLISECOND, u32::MAX);
    run.seek(events);
    assert_eq!(promised(&run, third), [NodeId(2)]);
}

/// Two ballots had promises from a majority, and the later one was chosen at once.
#[test]
fn majorities_of_promises_meet_also_where_the_later_ballot_is_the_chosen_one() {
    let run = run("duel", 5 * SECOND);
    let ballots = run.ballots();
    let last = ballots.iter().rfind(|ballot| ballot.has_promises).unwrap();
    assert!(last.is_chosen && ballots.iter().filter(|ballot| ballot.has_promises).count() > 1, "{ballots:?}");
    let meeting = run.meeting().unwrap();
    assert!(!meeting.is_chosen && meeting.later == last.epoch && meeting.earlier < last.epoch);
    assert!(!meeting.shared.is_empty());
}
