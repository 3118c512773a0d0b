//! What is said binds, whatever the disks do; and each finding names the events that are responsible.

use super::cluster::{Cluster, MS, quiet};
use super::hunts::options;
use consensus_playground::check::Finding;
use consensus_playground::pbft::{Mutation, Pbft};
use consensus_playground::process::{Alteration, Catalogue, NodeId};
use consensus_playground::scenario::Scenario;
use consensus_playground::search::hunt::hunt;
use consensus_playground::sim::trace::flag;
use consensus_playground::sim::{Action, CrashPoint, Deed, TicksRange};

/// Each replica's disk has a range of its own: one is quick, one takes up to 25 ms.
fn on_slow_disks(mut scenario: Scenario) -> Scenario {
    for (name, most) in [("n1", 5), ("n2", 25), ("n3", 12), ("n4", 0)] {
        scenario.disk.own_flush_ticks.insert(name.to_owned(), TicksRange::new(most * MS / 2, most * MS));
    }
    scenario
}

fn without(mutation: Mutation, scenario: Scenario) -> Scenario {
    Scenario { mutations: vec![mutation.name().to_owned()], ..scenario }
}

#[test]
fn a_sound_core_keeps_every_promise_on_slow_and_unequal_disks() {
    for seed in 0..60 {
        let failure = hunt::<Pbft>(&options(on_slow_disks(Scenario::of("pbft")), 8), seed).unwrap().failure;
        assert_eq!(failure.map(|failure| format!("seed {seed}: {}: {}", failure.name, failure.sentence)), None);
    }
}

#[test]
fn crashes_between_write_and_send_kills_pauses_and_copies_break_no_promise() {
    let mut scenario = on_slow_disks(Scenario::of("pbft"));
    scenario.network.duplication = consensus_playground::sim::Ratio::percent(50);
    for seed in 0..12 {
        let mut cluster = Cluster::of(&Scenario { seed, ..scenario.clone() });
        let mut try_to = |action: Action, milliseconds: u64| {
            // The crash that waits for a write may have struck already, or not yet.
            let _ = cluster.run.intervene(action);
            cluster.run_ms(milliseconds);
        };
        for node in (0..4).map(NodeId) {
            try_to(Action::CrashAt(node, CrashPoint::BetweenWriteAndSend), 90);
            try_to(Action::Restart(node), 40);
            try_to(Action::Kill(node), 30);
            try_to(Action::Restart(node), 0);
            try_to(Action::Pause(node), 150);
            try_to(Action::Resume(node), 0);
            try_to(Action::Crash(NodeId(4)), 20);
            try_to(Action::Restart(NodeId(4)), 0);
        }
        cluster.act(Action::RemoveFaults);
        cluster.run_ms(4_000);
        cluster.must_be_sound();
    }
}

fn found(cluster: &Cluster, name: &str) -> Finding {
    let findings = cluster.run.findings();
    findings
        .iter()
        .find(|finding| finding.invariant.name == name)
        .unwrap_or_else(|| panic!("{name}: {findings:?}"))
        .clone()
}

fn why(finding: &Finding) -> Vec<&str> {
    finding.because.iter().map(|reason| reason.sentence.as_str()).collect()
}

/// n3 accepts one request, crashes, and accepts another with the same number in the same view. Nobody has to notice:
/// the liar shows the second one to n3 alone.
fn forgets_what_it_accepted(scenario: Scenario) -> Cluster {
    let mut scenario = without(Mutation::PromisesNotDurable, scenario);
    (scenario.pbft.view_change_ticks, scenario.pbft.status_ticks) = (5_000 * MS, 5_000 * MS);
    let mut cluster = Cluster::of(&scenario);
    // The votes of the others take their time: nothing is prepared meanwhile.
    for (from, to) in [(1, 2), (3, 2), (2, 1), (2, 3), (1, 3), (3, 1)] {
        cluster.act(Action::LinkLatency(NodeId(from), NodeId(to), TicksRange::new(2_000 * MS, 2_000 * MS)));
    }
    cluster.put("c1", "x", "A");
    cluster.run_ms(60);
    cluster.act(Action::Crash(NodeId(2)));
    cluster.act(Action::Crash(NodeId(0)));
    cluster.run_ms(10);
    cluster.act(Action::Restart(NodeId(2)));
    cluster.act(Action::Restart(NodeId(0)));
    cluster.put("c2", "x", "B");
    cluster.run_ms(200);
    cluster
}

#[test]
fn a_vote_that_was_forgotten_was_said_all_the_same() {
    for scenario in [quiet(4), on_slow_disks(quiet(4))] {
        let cluster = forgets_what_it_accepted(scenario);
        let finding = found(&cluster, "votes-kept");
        assert!(finding.sentence.contains("signs two digests for number 1 in view 0"), "{}", finding.sentence);
        let why = why(&finding);
        assert_eq!(why.len(), 2, "{why:?}");
        let name = finding.sentence.split(' ').next().unwrap();
        assert!(
            why.iter().all(|why| why.starts_with(&format!("{name} says pre")) && why.contains("of number 1 in view 0")),
            "{why:?}"
        );
        let events = &cluster.run.simulation().trace().events;
        let node = cluster.id(name);
        assert!(finding.because.iter().all(|reason| events[reason.event as usize].node == node.0));
    }
}

#[test]
fn a_replica_that_forgets_its_view_is_heard_to_fall_back() {
    for scenario in [quiet(4), on_slow_disks(quiet(4))] {
        let mut cluster = Cluster::of(&without(Mutation::ViewsNotDurable, scenario));
        cluster.act(Action::Crash(NodeId(0)));
        cluster.put("c1", "x", "1");
        cluster.run_ms(1_500);
        assert_eq!(cluster.views(), [1; 3]);
        assert_eq!(cluster.broken(), Vec::<&str>::new());
        for node in (1..4).map(NodeId) {
            cluster.act(Action::Crash(node));
            cluster.run_ms(5);
            cluster.act(Action::Restart(node));
        }
        cluster.act(Action::Restart(NodeId(0)));
        cluster.put("c2", "x", "2");
        cluster.run_ms(1_500);
        let finding = found(&cluster, "views-rise");
        assert!(finding.sentence.contains("speaks in view 0, and has spoken of view 1"), "{}", finding.sentence);
        let why = why(&finding);
        assert!(why[0].contains("speaks of view 1") && why[1].contains("in view 0"), "{why:?}");
    }
}

#[test]
fn certificates_are_counted_by_the_monitor_and_not_by_the_core() {
    for scenario in [quiet(4), on_slow_disks(quiet(4))] {
        let mut cluster = Cluster::of(&without(Mutation::QuorumTooSmall, scenario));
        cluster.act(Action::Crash(NodeId(3)));
        cluster.act(Action::Crash(NodeId(2)));
        cluster.put("c1", "x", "1");
        cluster.run_ms(500);
        let finding = found(&cluster, "certificates");
        assert!(
            finding.sentence.contains("number 1 as prepared in view 0, signed by 2 (n1, n2), where 3 are needed"),
            "{}",
            finding.sentence
        );
        assert_eq!(finding.because.last().map(|reason| reason.event), Some(finding.event));
    }
}

#[test]
fn two_requests_that_are_prepared_in_one_view_are_both_named() {
    for scenario in [quiet(4), on_slow_disks(quiet(4))] {
        let mut scenario = without(Mutation::NoPreparePhase, scenario);
        scenario.pbft.status_ticks = 5_000 * MS;
        let mut cluster = Cluster::of(&scenario);
        cluster.put("c1", "x", "A");
        cluster.run_ms(150);
        cluster.alter("n1", &["n3"], "pre-prepare", Alteration::Value(0));
        cluster.put("c2", "x", "B");
        cluster.run_ms(150);
        let finding = found(&cluster, "one-prepared");
        let why = why(&finding);
        assert_eq!(why.len(), 2);
        assert!(why.iter().all(|why| why.contains("with number 2 in view 0")), "{why:?}");
        assert!(why.iter().any(|why| why.starts_with("n3 prepares")), "{why:?}");
    }
}

#[test]
fn an_honest_replica_that_accepts_a_second_pre_prepare_is_convicted_and_both_votes_are_shown() {
    for scenario in [quiet(4), on_slow_disks(quiet(4))] {
        let mut cluster = Cluster::of(&without(Mutation::SecondPrePrepareAccepted, scenario));
        cluster.put("c1", "x", "A");
        cluster.run_ms(150);
        cluster.say("n1", &["n3"], "pre-prepare", Deed::TwoFaced(Alteration::Value(0)), false);
        cluster.put("c2", "x", "B");
        cluster.run_ms(150);
        assert!(found(&cluster, "votes-kept").sentence.starts_with("n3 signs two digests for number 2"));
        let finding = found(&cluster, "only-liars-are-convicted");
        let why = why(&finding);
        assert!(finding.sentence.contains("convicts n3, which is honest") && why.len() >= 2, "{why:?}");
        assert!(why.iter().any(|why| why.starts_with("n3 says prepare of number 2")), "{why:?}");
    }
}

#[test]
fn what_no_client_signed_is_named_with_the_event_that_commits_it() {
    for scenario in [quiet(4), on_slow_disks(quiet(4))] {
        let mut cluster = Cluster::of(&without(Mutation::SignatureUnchecked, scenario));
        cluster.alter("n1", &[], "pre-prepare", Alteration::Value(1));
        cluster.put("c1", "x", "1");
        cluster.run_ms(500);
        let finding = found(&cluster, "validity");
        assert!(why(&finding)[0].contains("commits") && finding.because[0].event == finding.event);
    }
}

#[test]
fn a_state_out_of_order_is_named_with_the_event_that_executed_it() {
    for scenario in [quiet(4), on_slow_disks(quiet(4))] {
        let mut cluster = Cluster::of(&without(Mutation::ExecutedOutOfOrder, scenario));
        cluster.say("n1", &["n4"], "pre-prepare", Deed::Withhold, true);
        cluster.put("c1", "x", "1");
        cluster.run_ms(15);
        cluster.put("c2", "x", "2");
        cluster.run_ms(150);
        let finding = found(&cluster, "execution");
        assert!(finding.sentence.contains("the state of n4 at 2 is not that of the order"), "{}", finding.sentence);
        assert!(finding.because.iter().any(|reason| reason.event == finding.event), "{finding:?}");
        assert!(
            why(&finding).iter().any(|why| why.contains("commits") && why.contains("with number 2")),
            "{finding:?}"
        );
    }
}

/// A new number is asked for while the window of two is full.
fn fills_its_window(scenario: Scenario) -> Cluster {
    let mut scenario = scenario;
    (scenario.pbft.checkpoint_interval, scenario.pbft.log_window) = (2, 2);
    let mut cluster = Cluster::of(&scenario);
    for (client, value) in [("c1", "A"), ("c2", "B"), ("c3", "C")] {
        cluster.put(client, "x", value);
    }
    cluster.run_ms(1_000);
    cluster
}

#[test]
fn a_number_beyond_the_high_water_mark_is_named_with_the_event_that_keeps_it() {
    for scenario in [quiet(4), on_slow_disks(quiet(4))] {
        fills_its_window(scenario.clone()).must_be_sound();
        let cluster = fills_its_window(without(Mutation::WaterMarksIgnored, scenario));
        let finding = found(&cluster, "water-marks");
        assert_eq!(finding.sentence, "n1 keeps number 3, which is not between its water marks 0 and 2");
        assert_eq!(why(&finding), [&finding.sentence]);
        assert_eq!(finding.because[0].event, finding.event);
        let record = &cluster.run.simulation().trace().events[finding.event as usize];
        assert_eq!(
            (record.node, record.flags & flag::PERSISTED),
            (0, flag::PERSISTED),
            "the event of n1 that has it on its disk"
        );
    }
}

/// The cluster is cut in two halves, each with a client. Where two of four are a quorum, each decides for itself.
pub fn divided_in_halves(scenario: Scenario) -> Cluster {
    let mut scenario = without(Mutation::QuorumTooSmall, scenario);
    scenario.pbft.checkpoint_interval = 1;
    let mut cluster = Cluster::of(&scenario);
    let halves = [["n1", "n2", "c1"], ["n3", "n4", "c2"]].map(|half| cluster.set(&half));
    cluster.act(Action::Partition(halves.into()));
    cluster.put("c1", "x", "A");
    cluster.put("c2", "x", "B");
    cluster.run_ms(6_000);
    cluster
}

#[test]
fn two_halves_that_commit_and_execute_for_themselves_are_named_with_what_they_prepared() {
    let halves = [["n1 ", "n2 "], ["n3 ", "n4 "]];
    let of_half = |half: usize, what: &str, why: &[&str]| {
        let is_of =
            |sentence: &&&str| sentence.contains(what) && halves[half].iter().any(|name| sentence.starts_with(name));
        why.iter().filter(is_of).map(ToString::to_string).collect::<Vec<_>>()
    };
    for scenario in [quiet(4), on_slow_disks(quiet(4))] {
        let cluster = divided_in_halves(scenario);
        let finding = found(&cluster, "agreement");
        let why_agreement = why(&finding);
        assert_eq!(why_agreement.len(), 4, "{why_agreement:?}");
        for (half, what) in [(0, "prepares "), (0, "commits "), (1, "prepares "), (1, "commits ")] {
            let said = of_half(half, what, &why_agreement);
            assert!(said.len() == 1 && said[0].contains("with number 1 in view "), "{what}: {why_agreement:?}");
            assert_eq!(said[0].ends_with("in view 0"), half == 0, "{why_agreement:?}");
        }
        assert_eq!(finding.because.last().map(|reason| reason.event), Some(finding.event));
        let finding = found(&cluster, "checkpoints-agree");
        let (why, first) = (why(&finding), finding.because[0].event);
        let stable = [0, 1].map(|half| of_half(half, " as stable at 1", &why));
        assert_eq!((why.len(), stable[0].len(), stable[1].len()), (2, 1, 1), "{why:?}");
        assert_ne!(stable[0][0].split(' ').nth(2), stable[1][0].split(' ').nth(2), "two digests: {why:?}");
        assert!(first < finding.event && finding.because[1].event == finding.event);
    }
}

#[test]
fn stepping_back_and_acting_anew_forgets_what_was_said_after() {
    let mut cluster = Cluster::quiet(4);
    cluster.put("c1", "x", "1");
    cluster.run_ms(5);
    let before = cluster.run.simulation().cursor();
    cluster.run_ms(500);
    cluster.run.seek(before);
    // In this run n1 proposes something else with number 1: nobody has said anything about that number yet.
    cluster.act(Action::Crash(NodeId(4)));
    cluster.put("c2", "x", "2");
    cluster.run_ms(1_500);
    cluster.must_be_sound();
}
