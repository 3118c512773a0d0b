//! The past and the future of an event, against vector clocks that are counted here; and the chain, against the trace.

use super::{leader, operation, told, until};
use consensus_playground::lesson::runs::runs;
use consensus_playground::multi_paxos::MultiPaxos;
use consensus_playground::paxos::Paxos;
use consensus_playground::pbft::Pbft;
use consensus_playground::process::MILLISECOND;
use consensus_playground::raft::Raft;
use consensus_playground::run::causality::cone;
use consensus_playground::scenario::script::{at, by_hand, crash, groups, put, restart, stand};
use consensus_playground::scenario::{ActionText, PROTOCOLS, Scenario};
use consensus_playground::sim::Ratio;
use consensus_playground::sim::trace::InputKind;
use consensus_playground::tendermint::Tendermint;
use consensus_playground::viewstamped::Viewstamped;
use consensus_playground::why::any::{Question, why};
use consensus_playground::why::event::explain;
use consensus_playground::why::speech::Explained;
use consensus_playground::why::{Replay, STEPS_MAX, Whole};
use expect_test::expect;

/// A run in which messages are lost, copied and overtake, disks are slow, a server crashes and the network is cut.
fn stormy(protocol: &str, seed: u64) -> Whole {
    let mut scenario = Scenario { seed, ..Scenario::of(protocol) };
    scenario.network.loss = Ratio::percent(8);
    scenario.network.duplication = Ratio::percent(8);
    scenario.network.reordering = Ratio::percent(20);
    scenario.disk.flush_ticks = 4 * MILLISECOND;
    scenario.interventions =
        vec![at(400, crash("n2")), at(600, restart("n2")), at(700, groups(&["n1 n2 c1"])), at(900, ActionText::Heal)];
    until(scenario, 1_100)
}

/// The vector clock of each event, counted from the front: for each process how many of its events are known.
fn clocks<R: Explained>(replay: &Replay<R>) -> Vec<Option<Vec<u32>>> {
    let (world, trace) = (replay.run.simulation().world(), replay.run.simulation().trace());
    let mut of_processes = vec![vec![0; usize::from(world.processes())]; usize::from(world.processes())];
    let mut clocks: Vec<Option<Vec<u32>>> = Vec::new();
    for record in &trace.events {
        let Some(own) = of_processes.get(usize::from(record.node)).cloned() else {
            clocks.push(None);
            continue;
        };
        let mut clock = own;
        if record.input == InputKind::Message {
            let sent = trace.messages[record.cause as usize].event;
            if let Some(sender) = &clocks[sent as usize] {
                clock.iter_mut().zip(sender).for_each(|(known, other)| *known = (*known).max(*other));
            }
        }
        clock[usize::from(record.node)] += 1;
        of_processes[usize::from(record.node)].clone_from(&clock);
        clocks.push(Some(clock));
    }
    clocks
}

fn cones_are_the_vector_clocks<R: Explained>(whole: &Whole) {
    let replay = Replay::<R>::new(whole).unwrap();
    let clocks = clocks(&replay);
    let (world, trace) = (replay.run.simulation().world(), replay.run.simulation().trace());
    let end = trace.events.len() as u32;
    assert!(end > 200, "{}: a run in which nothing happens shows nothing", R::PROTOCOL);
    // Every so manieth event is compared with all others.
    for event in (0..end).step_by(17) {
        let cone = cone(trace, world.processes(), event, end);
        for (other, record) in (0..end).zip(&trace.events) {
            let knows = |knowing: u32, known: u32| {
                let node = usize::from(trace.events[known as usize].node);
                let (Some(knowing), Some(known)) = (&clocks[knowing as usize], &clocks[known as usize]) else {
                    return false;
                };
                known[node] <= knowing[node]
            };
            assert_eq!(cone.is_past(record.node, other), knows(event, other), "{event} knows of {other}");
            assert_eq!(cone.is_future(record.node, other), knows(other, event), "{other} knows of {event}");
        }
    }
}

#[test]
fn past_and_future_are_what_vector_clocks_say() {
    for seed in 1..=3 {
        cones_are_the_vector_clocks::<Raft>(&stormy("raft", seed));
        cones_are_the_vector_clocks::<MultiPaxos>(&stormy("multi-paxos", seed));
        cones_are_the_vector_clocks::<Viewstamped>(&stormy("viewstamped", seed));
        cones_are_the_vector_clocks::<Pbft>(&stormy("pbft", seed));
        cones_are_the_vector_clocks::<Tendermint>(&stormy("tendermint", seed));
    }
}

/// Every event of a run is explained; each step of a chain lies in the past of the next, and says who did it.
fn every_event_is_explained<R: Explained>(whole: &Whole, name: &str) {
    let replay = Replay::<R>::new(whole).unwrap();
    let (world, trace) = (replay.run.simulation().world(), replay.run.simulation().trace());
    let end = trace.events.len() as u32;
    for event in 0..end {
        let report = explain(&replay, event).unwrap();
        assert!(!report.about.sentence.is_empty() && report.chain.len() <= STEPS_MAX, "{name}: {event}");
        assert_eq!(report.earlier_steps > 0, report.root.is_some());
        let all: Vec<u32> = report.root.iter().chain(&report.chain).map(|step| step.event).collect();
        assert!(all.is_sorted_by(|one, other| one < other), "{name}: {event}: {all:?}");
        let own = cone(trace, world.processes(), event, end);
        for step in all.into_iter().filter(|&step| trace.events[step as usize].node != u16::MAX) {
            assert!(own.is_past(trace.events[step as usize].node, step), "{name}: {step} led to {event}");
        }
        let others = report.past_events + report.future_events + report.concurrent_events;
        assert_eq!(others, end - 1, "{name}: {event}");
    }
    assert!(explain(&replay, end).is_err());
}

#[test]
fn every_event_of_every_prepared_run_has_a_reason() {
    for entry in runs() {
        let (protocol, whole) = (entry.scenario.protocol.clone(), until(entry.scenario, 1_000));
        match protocol.as_str() {
            "raft" => every_event_is_explained::<Raft>(&whole, entry.name),
            "paxos" => every_event_is_explained::<Paxos>(&whole, entry.name),
            "multi-paxos" => every_event_is_explained::<MultiPaxos>(&whole, entry.name),
            "viewstamped" => every_event_is_explained::<Viewstamped>(&whole, entry.name),
            "pbft" => every_event_is_explained::<Pbft>(&whole, entry.name),
            _ => every_event_is_explained::<Tendermint>(&whole, entry.name),
        }
    }
}

#[test]
fn every_server_and_the_first_operations_of_every_prepared_run_are_explained() {
    for entry in runs() {
        let whole = until(entry.scenario, 1_500);
        for server in 1..=whole.scenario.replicas {
            let text = told(&whole, &leader(&format!("n{server}")));
            assert!(text.len() > 20, "{}: {text}", entry.name);
        }
        for asked in ["c1.1", "c1.4"] {
            // Some runs have no such operation: that is said.
            if let Err(error) = why(&whole, &operation(asked)) {
                assert!(error.to_string().contains("there is no operation"), "{}: {error}", entry.name);
            }
        }
    }
}

#[test]
fn stormy_runs_of_every_protocol_are_explained_to_the_end() {
    for protocol in PROTOCOLS {
        let whole = stormy(protocol, 9);
        for question in [leader("n1"), leader("n2"), operation("c1.1"), Question::Event(100)] {
            assert!(!told(&whole, &question).is_empty());
        }
    }
}

#[test]
fn the_chain_of_an_answer_goes_back_to_what_was_asked() {
    let scenario = by_hand(3, vec![at(10, stand("n1")), at(300, put("c1", "x", "1"))]);
    let whole = until(scenario, 600);
    let replay = Replay::<Raft>::new(&whole).unwrap();
    let answered = &replay.run.simulation().trace().reports.last().unwrap();
    expect![[r#"
        38: c1 is asked by hand: put x=1; begins put x=1 [client-invoke]
        41: n1 got request from c1: put x=1, sent at 0.300 s (event 38) [command-appended]
        43: n2 got AppendEntries from n1: append 2: put x=1, sent at 0.310 s (event 41) [entries-appended]
        46: n1 got AppendEntries reply from n2: ok to 2, sent at 0.320 s (event 43) [committed applied]
        50: c1 got reply from n1: ok, sent at 0.330 s (event 46); ends: ok [client-complete]
        it could know of 46 of the 50 earlier events: n1 up to 0.330 s (event 46), n2 up to 0.320 s (event 43) and n3 up to 0.290 s (event 37)
        0 of the 27 later events could know of it
        31 events are concurrent with it: neither could know of the other
    "#]].assert_eq(&told(&whole, &Question::Event(answered.event)));
}

#[test]
fn a_write_that_is_on_disk_names_the_event_that_wrote_it() {
    let mut scenario = by_hand(3, vec![at(10, stand("n1"))]);
    scenario.disk.flush_ticks = 3 * MILLISECOND;
    let whole = until(scenario, 100);
    let replay = Replay::<Raft>::new(&whole).unwrap();
    let events = &replay.run.simulation().trace().events;
    let told_of = events.iter().position(|record| record.input == InputKind::Persisted).unwrap();
    expect![[r#"
        0: n1 started []
        4: the election timer of n1 ran out: it was set at 0.000 s (event 0), 0.010 s before, and not since; from now on it is candidate in term 1 [election-timeout became-candidate]
        5: n1 was told that what it wrote at 0.010 s (event 4) is on its disk []
        it could know of 2 of the 5 earlier events; it could know nothing of n2, n3 and c1
        10 of the 12 later events could know of it: n2 from 0.046 s (event 11) and n3 from 0.046 s (event 12)
        5 events are concurrent with it: neither could know of the other
    "#]].assert_eq(&told(&whole, &Question::Event(told_of as u32)));
}

#[test]
fn heartbeats_in_a_row_are_one_step() {
    let whole = until(by_hand(3, vec![at(10, stand("n1"))]), 1_000);
    let replay = Replay::<Raft>::new(&whole).unwrap();
    let events = &replay.run.simulation().trace().events;
    let last = events.iter().rposition(|record| record.input == InputKind::Timer).unwrap();
    expect![[r#"
        0: n1 started []
        4: the election timer of n1 ran out: it was set at 0.000 s (event 0), 0.010 s before, and not since; from now on it is candidate in term 1 [election-timeout became-candidate]
        6: n2 got RequestVote from n1: vote?, sent at 0.010 s (event 4) [stepped-down-higher-term vote-granted]
        8: n1 got RequestVote reply from n2: yes, sent at 0.020 s (event 6); from now on it is leader in term 1 [became-leader no-op-appended]
        105: the heartbeat timer of n1 ran out: it was set at 0.930 s (event 100), 0.050 s before, and not since; each time it ran out it was set again, 19 times since 0.080 s (event 15) [heartbeat]
        it could know of 104 of the 105 earlier events: n2 up to 0.940 s (event 101) and n3 up to 0.940 s (event 102); it could know nothing of c1
        4 of the 4 later events could know of it: n2 from 0.990 s (event 106) and n3 from 0.990 s (event 107)
        1 event is concurrent with it: neither could know of the other
    "#]].assert_eq(&told(&whole, &Question::Event(last as u32)));
}
