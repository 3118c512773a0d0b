//! What the monitor says is true: the sound protocol keeps every invariant whatever its disks do, each invariant is
//! seen to break when a rule is switched off, and the reasons that are given are the events that are responsible.

use super::cluster::Cluster;
use super::known_bugs::{gap_after_a_leader_change, without_heartbeats};
use crate::paxos::stress::{ALL_DISKS, all_are_seen, must_name_its_events, sent, stressed};
use consensus_playground::check::{Finding, Monitor, Watched};
use consensus_playground::multi_paxos::{Ballot, Message, MultiPaxos, MultiPaxosTimer, Mutation};
use consensus_playground::process::{Catalogue, MILLISECOND, SECOND, Ticks};
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
const SEEN: [(Mutation, &[&str]); 13] = [
    (Mutation::StalePromisesCounted, &["proposals-bound"]),
    (Mutation::LatestInsteadOfHighestBallot, &["proposals-bound"]),
    (Mutation::PromiseNotDurable, &["promises-kept"]),
    (Mutation::BallotNotDurable, &["ballots-used-once"]),
    (Mutation::AcceptanceNotDurable, &["acceptances-reported"]),
    (Mutation::PromiseIgnored, &["promises-kept"]),
    (Mutation::MajorityOffByOne, &["learned-is-chosen", "proposals-bound"]),
    (Mutation::PossiblyChosenOverwritten, &["proposals-bound", "agreement", "state-machine-safety"]),
    (Mutation::PromiseWithoutAccepted, &["acceptances-reported"]),
    (Mutation::AnotherBallotsValueLearned, &["learned-is-chosen"]),
    (Mutation::AppliedPastGap, &["learned-is-chosen"]),
    (Mutation::ForgottenSlotsRefilled, &["acceptances-reported"]),
    (Mutation::OldStateInstalled, &["indexes-in-order"]),
];

#[test]
fn each_rule_that_is_switched_off_is_seen_whether_a_flush_takes_no_time_or_milliseconds() {
    let run = |mutation, disks, seed| {
        let mut scenario = busy(Some(mutation));
        scenario.multi_paxos.check_quorum = seed % 2 == 0;
        stressed(scenario, disks, seed, 60 * MILLISECOND)
    };
    all_are_seen::<MultiPaxos>(&SEEN, run, must_be_explained);
}

#[test]
fn every_invariant_has_a_rule_that_breaks_it() {
    for invariant in <MultiPaxos as Watched>::Monitor::INVARIANTS {
        let by_rule = SEEN.iter().any(|(_, seen)| seen.contains(&invariant.name));
        assert_ne!(by_rule, SCRIPTED.contains(&invariant.name), "{}", invariant.name);
    }
}

/// What chance seldom shows has a script of its own.
const SCRIPTED: [&str; 4] = ["one-value-a-ballot", "one-leader-a-ballot", "gaps-filled", "no-forbidden-transition"];

/// n1 leads 1.n1 and proposes in slot 1, and n2 alone hears of it. n1 forgets in a crash which ballots it has used and
/// what it has accepted, takes 1.n1 again, with n3's promise, and proposes something else in slot 1.
fn ballot_used_twice(mutations: &[&str], flush_ticks: Ticks) -> Cluster {
    let mut scenario = without_heartbeats(3, 2);
    scenario.mutations = mutations.iter().map(|&name| name.to_owned()).collect();
    scenario.disk.flush_ticks = flush_ticks;
    let mut cluster = Cluster::of(scenario);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1", "c2"]);
    cluster.cut_one_way(&["n1"], &["n3"]);
    cluster.put("c1", "x", "first");
    cluster.run_ms(12);
    cluster.crash("n1");
    cluster.restart("n1");
    cluster.heal();
    cluster.cut_one_way(&["n2"], &["n1"]);
    cluster.elect("n1");
    cluster.put("c2", "x", "second");
    cluster.run_ms(200);
    cluster
}

#[test]
fn m5_a_ballot_that_is_led_twice_is_seen_with_all_that_follows() {
    for flush_ticks in [0, 20 * MILLISECOND] {
        let mut sound = ballot_used_twice(&[], flush_ticks);
        sound.must_be_sound();
        let cluster = ballot_used_twice(&["ballot-not-durable", "acceptance-not-durable"], flush_ticks);
        for name in ["ballots-used-once", "one-leader-a-ballot", "one-value-a-ballot", "no-forbidden-transition"] {
            let finding = cluster.run.findings().into_iter().find(|finding| finding.invariant.name == name);
            must_be_explained(
                &cluster.run,
                &finding.unwrap_or_else(|| panic!("{name}, flush {flush_ticks}: {:?}", cluster.broken())),
            );
        }
        let finding =
            cluster.run.findings().into_iter().find(|finding| finding.invariant.name == "one-value-a-ballot").unwrap();
        let sentences: Vec<&str> = finding.because.iter().map(|reason| reason.sentence.as_str()).collect();
        let wanted = [
            "n1 proposes put x=first in slot 1 in 1.n1",
            "n2 accepts put x=first in slot 1 in 1.n1",
            "n1 proposes put x=second in slot 1 in 1.n1",
        ];
        assert!(wanted.iter().all(|sentence| sentences.contains(sentence)), "{sentences:?}");
    }
}

/// n3 accepts in 1.n2, of which it has heard nothing else. Then 1.n1's prepare comes, which was long under way.
fn late_prepare(mutation: Option<Mutation>, flush_ticks: Ticks) -> Cluster {
    let mut scenario = without_heartbeats(3, 2);
    scenario.mutations = mutation.iter().map(|mutation| mutation.name().to_owned()).collect();
    scenario.disk.flush_ticks = flush_ticks;
    let mut cluster = Cluster::of(scenario);
    cluster.link_takes("n1", "n3", 300);
    cluster.cut_one_way(&["n1"], &["n2"]);
    cluster.fire("n1", MultiPaxosTimer::Election);
    cluster.run_ms(25);
    cluster.heal();
    cluster.cut_one_way(&["n2"], &["n3"]);
    cluster.elect("n2");
    cluster.run_ms(50);
    cluster.heal();
    cluster.put("c2", "x", "1");
    cluster.run_ms(500);
    assert_eq!(cluster.log("n3"), "1: 1.n2 put x=1");
    cluster
}

#[test]
fn p4_an_accept_that_raises_no_promise_is_seen_when_a_lower_ballot_is_promised() {
    for flush_ticks in [0, 20 * MILLISECOND] {
        late_prepare(None, flush_ticks).must_be_sound();
        let cluster = late_prepare(Some(Mutation::AcceptRaisesNoPromise), flush_ticks);
        let finding =
            cluster.run.findings().into_iter().find(|finding| finding.invariant.name == "promises-kept").unwrap();
        let sentences: Vec<&str> = finding.because.iter().map(|reason| reason.sentence.as_str()).collect();
        assert_eq!(sentences, ["n3 accepts in 1.n2", "n3 promises 1.n1"]);
        must_be_explained(&cluster.run, &finding);
    }
}

#[test]
fn a_gap_that_is_left_is_explained_by_the_promise_that_told_of_what_lies_behind_it() {
    let slow = gap_after_a_leader_change(Some(Mutation::GapSkipped), 20 * MILLISECOND);
    assert_eq!(
        (slow.broken(), gap_after_a_leader_change(None, 20 * MILLISECOND).broken()),
        (vec!["gaps-filled"], Vec::new())
    );
    let cluster = gap_after_a_leader_change(Some(Mutation::GapSkipped), 0);
    let finding = cluster.run.findings().into_iter().find(|finding| finding.invariant.name == "gaps-filled").unwrap();
    let sentences: Vec<&str> = finding.because.iter().map(|reason| reason.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        [
            "n2 promises 2.n3, and reports 1.n1 put y=found in slot 2",
            "n3 begins to lead with slots up to 2, and has proposed nothing in slot 1"
        ]
    );
    must_be_explained(&cluster.run, &finding);
}

/// The ballot that a message binds its sender to.
fn bound(message: &Message) -> Ballot {
    match message {
        Message::Prepare { ballot, .. } | Message::HeartbeatReply { ballot, .. } => *ballot,
        Message::StateReply(reply) => reply.ballot,
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
        let mut nodes: Vec<u16> =
            finding.because.iter().map(|reason| run.simulation().trace().events[reason.event as usize].node).collect();
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
        "acceptances-reported" => {
            matches!(words.last(), Some((_, _, Message::Promise(_)))) && words.len() + 1 >= finding.because.len().min(3)
        }
        "ballots-used-once" => {
            words.iter().filter(|(.., message)| matches!(message, Message::Prepare { .. })).count() >= 2
        }
        "proposals-bound" | "gaps-filled" => {
            last() && words.iter().any(|(.., message)| matches!(message, Message::Promise(_)))
        }
        "state-machine-safety" => last() && speakers(2),
        "one-leader-a-ballot" | "indexes-in-order" => last() && finding.because.len() >= 2,
        "learned-is-chosen" | "no-forbidden-transition" => last(),
        other => panic!("{other}"),
    };
    assert!(holds, "{finding:?}\n{words:?}");
}

/// Going back, and doing something else there, forgets what was heard later: the monitor knows what one knows that has
/// watched from the beginning.
#[test]
fn a_monitor_that_is_rewound_knows_what_a_new_one_would() {
    for (disks, mutation) in ALL_DISKS
        .into_iter()
        .flat_map(|disks| [Mutation::PromiseIgnored, Mutation::MajorityOffByOne].map(|each| (disks, each)))
    {
        let mut run: Run<MultiPaxos> = stressed(busy(Some(mutation)), disks, 3, 60 * MILLISECOND);
        for part in [4, 3, 2] {
            run.seek(run.simulation().events() / part);
            run.intervene(Action::Heal).unwrap();
            run.run_until(4 * SECOND, u32::MAX);
            let simulation = run.simulation();
            let (setup, interventions) = (simulation.world().setup().clone(), simulation.interventions().to_vec());
            let mut fresh: Run<MultiPaxos> = Run::new(Simulation::new(setup, interventions));
            fresh.run_until(4 * SECOND, u32::MAX);
            assert_eq!(run.findings(), fresh.findings(), "{disks:?}, {part}");
            for (slot, again) in run.slots(1..=500).iter().zip(fresh.slots(1..=500)) {
                assert_eq!(*slot, again, "{disks:?}, {part}");
            }
        }
    }
}
