//! What is said of single messages and of entries: which made a quorum, which came too late, what was written over, who
//! wrote and committed what.

use consensus_playground::check::Watched;
use consensus_playground::process::{Catalogue, Message as _, NodeId, Process, SECOND};
use consensus_playground::raft::{Raft, Rule};
use consensus_playground::run::Run;
use consensus_playground::run::quorums::Weight;
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::{Playable, Scenario};
use consensus_playground::sim::trace::InputKind;

fn run<R: Playable>(name: &str, seconds: u64) -> Run<R> {
    let scenario = gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario;
    play(&scenario, seconds)
}

fn play<R: Playable>(scenario: &Scenario, seconds: u64) -> Run<R> {
    let mut run = Run::new(scenario.simulation::<R>().unwrap());
    run.run_until(seconds * SECOND, u32::MAX);
    run
}

/// How many messages came too late, and how many made a quorum.
fn counts<R: Playable>(run: &Run<R>) -> (usize, usize) {
    let weights = run.weights(0..u32::MAX);
    let of = |wanted: Weight| weights.values().filter(|(weight, _)| *weight == wanted).count();
    (of(Weight::Late), of(Weight::Quorum))
}

fn events_of(run: &Run<Raft>, rule: Rule) -> Vec<u32> {
    let trace = run.simulation().trace();
    let events = (0..).zip(&trace.events).filter(|(_, event)| event.node < 5);
    events.filter(|(_, event)| trace.rules_of(event).any(|code| code == rule.code())).map(|(event, _)| event).collect()
}

#[test]
fn two_acknowledgements_commit_among_five_and_two_votes_elect() {
    let run = run::<Raft>("elect-and-replicate", 2);
    let trace = run.simulation().trace();
    for rule in [Rule::BecameLeader, Rule::Committed] {
        let events = events_of(&run, rule);
        assert!(!events.is_empty());
        for event in events {
            let quorum = run.quorum_of(event);
            let senders: Vec<NodeId> = quorum.iter().map(|message| trace.messages[*message as usize].from).collect();
            assert_eq!(senders.len(), 2, "{rule:?} at event {event}: with the leader itself a majority of five");
            assert_ne!(senders[0], senders[1]);
            let last = trace.events[event as usize];
            assert!(last.input == InputKind::Message && quorum.contains(&last.cause), "the last of them completes it");
        }
    }
}

#[test]
fn what_came_too_late_was_handled_after_what_it_acknowledges_was_committed() {
    let run = run::<Raft>("elect-and-replicate", 2);
    let trace = run.simulation().trace();
    let weights = run.weights(0..u32::MAX);
    let committed = events_of(&run, Rule::Committed);
    let late: Vec<u32> =
        weights.iter().filter(|(_, weight)| weight.0 == Weight::Late).map(|(message, _)| *message).collect();
    let replies = late.iter().filter(|message| trace.messages[**message as usize].body.counted().is_some());
    for message in replies.clone() {
        let handled = trace.resolutions.iter().find(|end| end.message == *message).unwrap().event;
        assert!(handled > committed[0] || trace.messages[*message as usize].body.kind() == 1);
        assert!(weights.get(message).is_none_or(|weight| weight.0 != Weight::Quorum));
    }
    assert!(replies.count() > 20);
}

#[test]
fn a_span_says_of_its_messages_what_the_whole_run_says() {
    let run = run::<Raft>("elect-and-replicate", 2);
    let whole = run.weights(0..u32::MAX);
    let events = run.simulation().events();
    let mut parts = std::collections::BTreeMap::new();
    for first in (0..events).step_by(100) {
        for (message, weight) in run.weights(first..first + 100) {
            let known = parts.entry(message).or_insert(weight);
            if weight.0 > known.0 {
                *known = weight;
            }
        }
    }
    assert_eq!(parts, whole);
}

#[test]
fn protocols_have_quorums_and_words_that_come_too_late() {
    fn check<R: Playable>(name: &str) {
        for quorum in <R as Watched>::QUORUMS {
            assert!(<R as Process>::Message::KINDS.contains(&quorum.kind), "{name} has no message {:?}", quorum.kind);
        }
        let (late, quorum) = counts(&run::<R>(name, 3));
        assert!(late > 0 && quorum > 0, "{name}: {late} late, {quorum} in quorums");
    }
    check::<Raft>("cut-the-leader-off");
    check::<consensus_playground::paxos::Paxos>("one-value");
    check::<consensus_playground::multi_paxos::MultiPaxos>("multi-paxos-cut-the-leader-off");
    check::<consensus_playground::tendermint::Tendermint>("tendermint-fault-free");
}

#[test]
fn what_a_healed_network_overwrites_is_known_at_every_moment_after() {
    let mut run = run::<Raft>("cut-the-leader-off", 5);
    let gone = run.overwritten();
    assert!(!gone.is_empty());
    for entry in &gone {
        assert!(entry.epoch == 1 && entry.node.0 < 2, "the old leader's side wrote them: {entry:?}");
        assert!(!entry.text.is_empty());
        run.seek(entry.event);
        assert!(!run.overwritten().contains(entry), "not yet");
        run.seek(entry.event + 1);
        assert!(run.overwritten().contains(entry), "from the event on");
    }
}

#[test]
fn a_snapshot_overwrites_too() {
    let mut scenario = gallery().into_iter().find(|entry| entry.name == "cut-the-leader-off").unwrap().scenario;
    scenario.raft.snapshot_threshold = 5;
    scenario.raft.snapshot_trailing = 0;
    let run = play::<Raft>(&scenario, 5);
    let installed = events_of(&run, Rule::SnapshotInstalled);
    let by_snapshot = run.overwritten().into_iter().filter(|entry| installed.contains(&entry.event)).count();
    assert!(by_snapshot > 0, "snapshots were installed at {installed:?}, and {:?} is gone", run.overwritten());
}

#[test]
fn an_entry_says_who_wrote_it_and_by_whose_word_it_was_committed() {
    let mut run = run::<Raft>("cut-the-leader-off", 2);
    let trace_time = |run: &Run<Raft>, event: u32| run.simulation().trace().events[event as usize].time;
    let origin = run.origin(5, 1).unwrap();
    let ((writer, written), (leader, decided)) = (origin.written.unwrap(), origin.decided.unwrap());
    assert_eq!((writer, leader), (NodeId(0), NodeId(0)), "n1 leads term 1");
    assert!(trace_time(&run, written) < trace_time(&run, decided));
    assert!(origin.client.is_some_and(|client| client.0 >= 5));
    assert_eq!(origin.backers.len(), 3, "three of five");
    assert!(origin.backers.contains(writer));
    run.seek(decided);
    assert_eq!(run.origin(5, 1).unwrap().decided, None, "not yet");
    run.seek(written);
    assert_eq!(run.origin(5, 1), None, "not even written");
}

#[test]
fn a_broken_property_names_the_entries_that_it_is_about() {
    let mut run = run::<Raft>("a-liar-in-raft", 3);
    let findings = run.findings_at_end();
    let matching = findings.iter().find(|finding| finding.invariant.name == "log-matching").unwrap();
    assert_eq!(matching.cells.len(), 2, "{matching:?}");
    assert_eq!(matching.cells[0].1, matching.cells[1].1, "two logs differ at one index");
}
