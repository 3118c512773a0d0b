//! What the monitor says is true: the sound protocol keeps every invariant whatever its disks do, each invariant is seen to break when a rule is switched
//! off, and the reasons that are given are the events that are responsible.

use crate::known_bugs::gap_after_a_leader_change;
use crate::stress::{ALL_DISKS, Disks, must_name_its_events, sent, stressed};
use consensus_playground::check::{Finding, Monitor, Watched};
use consensus_playground::multi_paxos::{Ballot, Message, MultiPaxos, Mutation};
use consensus_playground::process::{Catalogue, MILLISECOND, SECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, Simulation, TicksRange};

/// Five servers, whose clients are busy.
fn busy(mutation: Option<Mutation>) -> Scenario {
    let mut scenario = Scenario { replicas: 5, clients: 3, ..Scenario::of("multi-paxos") };
    scenario.workload.operations_per_client = Some(40);
    scenario.workload.think_ticks = TicksRange::new(1, 40 * MILLISECOND);
    scenario.multi_paxos.snapshot_threshold = 8;
    scenario.multi_paxos.snapshot_trailing = 2;
    scenario.multi_paxos.slots_per_message_max = 3;
    scenario.mutations = mutation.iter().map(|mutation| mutation.name().to_owned()).collect();
    scenario
}

#[test]
fn the_sound_protocol_keeps_every_promise_whatever_its_disks_do() {
    for check_quorum in [true, false] {
        for disks in ALL_DISKS {
            for seed in 0..60 {
                let mut scenario = busy(None);
                scenario.multi_paxos.check_quorum = check_quorum;
                let run: Run<MultiPaxos> = stressed(scenario, disks, seed, 60 * MILLISECOND);
                assert_eq!(run.findings(), [], "{disks:?}, seed {seed}");
            }
        }
    }
}

/// Which invariants are seen to break when a rule is switched off.
const SEEN: [(Mutation, &[&str]); 14] = [
    (Mutation::StalePromisesCounted, &["proposals-bound"]),
    (Mutation::LatestInsteadOfHighestBallot, &["proposals-bound"]),
    (Mutation::PromiseNotDurable, &["promises-kept"]),
    (Mutation::BallotNotDurable, &["ballots-used-once", "one-leader-a-ballot", "one-value-a-ballot"]),
    (Mutation::AcceptanceNotDurable, &["acceptances-reported"]),
    (Mutation::AcceptRaisesNoPromise, &["promises-kept"]),
    (Mutation::PromiseIgnored, &["promises-kept"]),
    (Mutation::MajorityOffByOne, &["learned-is-chosen", "proposals-bound"]),
    (Mutation::PossiblyChosenOverwritten, &["proposals-bound", "agreement", "state-machine-safety"]),
    (Mutation::PromiseWithoutAccepted, &["acceptances-reported"]),
    (Mutation::AnotherBallotsValueLearned, &["learned-is-chosen"]),
    (Mutation::AppliedPastGap, &["learned-is-chosen", "no-forbidden-transition"]),
    (Mutation::ForgottenSlotsRefilled, &["acceptances-reported"]),
    (Mutation::OldStateInstalled, &["indexes-in-order"]),
];

/// The first run in which an invariant is seen to break.
fn broken(mutation: Mutation, disks: Disks, invariant: &str) -> Option<(Run<MultiPaxos>, Finding)> {
    (0..300).find_map(|seed| {
        let mut scenario = busy(Some(mutation));
        scenario.multi_paxos.check_quorum = seed % 2 == 0;
        let run: Run<MultiPaxos> = stressed(scenario, disks, seed, 60 * MILLISECOND);
        let finding = run.findings().into_iter().find(|finding| finding.invariant.name == invariant)?;
        Some((run, finding))
    })
}

#[test]
fn each_rule_that_is_switched_off_is_seen_whether_a_flush_takes_no_time_or_milliseconds() {
    let mut missed = Vec::new();
    for (mutation, invariants) in SEEN {
        for (disks, invariant) in [Disks::Instant, Disks::Slow].into_iter().flat_map(|disks| invariants.iter().map(move |&each| (disks, each))) {
            match broken(mutation, disks, invariant) {
                Some((run, finding)) => must_be_explained(&run, &finding),
                None => missed.push(format!("{}: {invariant}, {disks:?}", mutation.name())),
            }
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}

#[test]
fn every_invariant_has_a_rule_that_breaks_it() {
    for invariant in <MultiPaxos as Watched>::Monitor::INVARIANTS {
        let by_rule = SEEN.iter().any(|(_, seen)| seen.contains(&invariant.name));
        assert_ne!(by_rule, invariant.name == "gaps-filled", "{}: a gap needs a script", invariant.name);
    }
}

#[test]
fn a_gap_that_is_left_is_explained_by_the_promise_that_told_of_what_lies_behind_it() {
    let cluster = gap_after_a_leader_change(Some(Mutation::GapSkipped));
    let finding = cluster.run.findings().into_iter().find(|finding| finding.invariant.name == "gaps-filled").unwrap();
    let sentences: Vec<&str> = finding.because.iter().map(|reason| reason.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        ["n2 promises 2.n3, and reports 1.n1 put y=found in slot 2", "n3 begins to lead with slots up to 2, and has proposed nothing in slot 1"]
    );
    must_be_explained(&cluster.run, &finding);
}

/// The ballot that a message binds its sender to.
fn bound(message: &Message) -> Ballot {
    match message {
        Message::Prepare { ballot, .. } | Message::HeartbeatReply { ballot, .. } | Message::StateReply { ballot, .. } => *ballot,
        Message::Promise(promise) => promise.ballot,
        Message::Accepted(reply) => reply.ballot,
        _ => panic!("{message:?}"),
    }
}

/// The reasons of a finding are the events that are responsible, as the trace tells.
fn must_be_explained(run: &Run<MultiPaxos>, finding: &Finding) {
    must_name_its_events(run, finding);
    let words = sent(run, finding, &["prepare", "promise", "accepted", "heartbeat reply", "state reply"]);
    let speakers = |at_least: usize| {
        let mut nodes: Vec<u16> = finding.because.iter().map(|reason| run.simulation().trace().events[reason.event as usize].node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes.len() >= at_least
    };
    let last = || finding.because.last().is_some_and(|last| last.event == finding.event);
    let holds = match finding.invariant.name {
        "promises-kept" => words.iter().any(|(event, from, message)| {
            words.iter().any(|(later, same, other)| from == same && event < later && bound(other) < bound(message))
        }),
        "agreement" => finding.because.len() >= 4 && speakers(2),
        "one-value-a-ballot" => finding.because.len() >= 2,
        "acceptances-reported" => matches!(words.last(), Some((_, _, Message::Promise(_)))) && words.len() + 1 >= finding.because.len().min(3),
        "ballots-used-once" => words.iter().filter(|(.., message)| matches!(message, Message::Prepare { .. })).count() >= 2,
        "proposals-bound" | "gaps-filled" => last() && words.iter().any(|(.., message)| matches!(message, Message::Promise(_))),
        "state-machine-safety" => last() && speakers(2),
        "one-leader-a-ballot" | "indexes-in-order" => last() && finding.because.len() >= 2,
        "learned-is-chosen" | "no-forbidden-transition" => last(),
        other => panic!("{other}"),
    };
    assert!(holds, "{finding:?}\n{words:?}");
}

/// Going back, and doing something else there, forgets what was heard later: the monitor knows what one knows that has watched from the beginning.
#[test]
fn a_monitor_that_is_rewound_knows_what_a_new_one_would() {
    for (disks, mutation) in ALL_DISKS.into_iter().flat_map(|disks| [Mutation::PromiseIgnored, Mutation::MajorityOffByOne].map(|each| (disks, each))) {
        let mut run: Run<MultiPaxos> = stressed(busy(Some(mutation)), disks, 3, 60 * MILLISECOND);
        for part in [4, 3, 2] {
            run.seek(run.simulation().events() / part);
            run.intervene(Action::Heal).unwrap();
            run.run_until(4 * SECOND, u32::MAX);
            let simulation = run.simulation();
            let (setup, interventions) = (simulation.world().setup().clone(), simulation.interventions().to_vec());
            let mut fresh: Run<MultiPaxos> = Run::new(Simulation::new(setup, interventions));
            fresh.run_until(4 * SECOND, u32::MAX);
            assert_eq!((run.findings(), run.slots(1..=500)), (fresh.findings(), fresh.slots(1..=500)), "{disks:?}, {part}");
        }
    }
}
