//! The runs that goals are asked of.

use super::*;

pub(super) fn named(name: &str) -> Scenario {
    gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario
}

pub(super) fn at(milliseconds: u64, action: ActionText) -> InterventionText {
    InterventionText { at: milliseconds * MILLISECOND, after_event: None, action }
}

pub(super) fn groups(sides: &[&str]) -> ActionText {
    ActionText::Partition { groups: sides.iter().map(|side| side.split(' ').map(str::to_owned).collect()).collect() }
}

pub(super) fn crash(node: &str) -> ActionText {
    ActionText::Crash { node: node.to_owned() }
}

pub(super) fn restart(node: &str) -> ActionText {
    ActionText::Restart { node: node.to_owned() }
}

pub(super) fn stand(node: &str) -> ActionText {
    ActionText::FireTimer { node: node.to_owned(), timer: "election".to_owned() }
}

/// A Raft cluster in which nothing happens by itself: every message takes 10 ms, and nobody stands for election unless
/// told to.
pub(super) fn by_hand(replicas: u32, interventions: Vec<InterventionText>) -> Scenario {
    let mut scenario = Scenario { replicas, clients: 1, interventions, ..Scenario::of("raft") };
    scenario.network.latency_ticks = TicksRange::new(10 * MILLISECOND, 10 * MILLISECOND);
    scenario.workload.operations_per_client = Some(0);
    scenario.client.attempt_ticks = 5_000 * MILLISECOND;
    scenario.client.deadline_ticks = 5_000 * MILLISECOND;
    scenario.raft.election_timeout_ticks = TicksRange::new(20_000 * MILLISECOND, 20_000 * MILLISECOND);
    scenario.raft.pre_vote = false;
    scenario.raft.check_quorum = false;
    scenario.raft.entries_per_message_max = 1;
    scenario
}

/// Four servers; n3 hears n1 first and n4 hears n2 first.
pub(super) fn split_vote() -> Scenario {
    let quick = |from: &str, to: &str| ActionText::LinkLatency {
        from: from.to_owned(),
        to: to.to_owned(),
        latency_ticks: TicksRange::new(5 * MILLISECOND, 5 * MILLISECOND),
    };
    let interventions = vec![
        at(5, quick("n1", "n3")),
        at(5, quick("n2", "n4")),
        at(10, stand("n1")),
        at(10, stand("n2")),
        at(200, stand("n1")),
    ];
    by_hand(4, interventions)
}

pub(super) fn put(client: &str, key: &str, value: &str) -> ActionText {
    ActionText::Invoke {
        client: client.to_owned(),
        command: CommandText::Put { key: key.to_owned(), value: value.to_owned() },
    }
}

/// Of three servers n1 leads, and takes a write of c1 while those two are cut off; and what happens then.
pub(super) fn written_while_cut_off(then: Vec<InterventionText>) -> Scenario {
    let written = vec![at(10, stand("n1")), at(300, groups(&["n1 c1", "n2 n3"])), at(310, put("c1", "x", "1"))];
    by_hand(3, [written, then].concat())
}

/// Figure 8 of the Raft paper, step by step.
pub(super) fn figure_8() -> Scenario {
    by_hand(
        5,
        vec![
            at(10, stand("n1")),
            // (a) n1 leads in term 1, and has copied an entry to n2 alone.
            at(300, groups(&["n1 n2 c1", "n3 n4 n5"])),
            at(310, put("c1", "x", "1")),
            at(400, crash("n1")),
            // (b) n5 is elected by n3 and n4, and has an entry of its own at that index, which nobody else gets.
            at(410, stand("n5")),
            at(435, groups(&["n1 n2 n3 n4", "n5", "c1"])),
            // (c) n1 is back, is elected (at the second try: n3 and n4 have voted in term 2), and copies the old entry
            // to n3 and n4.
            at(450, restart("n1")),
            at(460, stand("n1")),
            at(500, stand("n1")),
            at(555, groups(&["n1 n2", "n3 n4 n5", "c1"])),
            // (d) n5 is elected by n3 and n4, at its second try, and overwrites it.
            at(600, stand("n5")),
            at(640, stand("n5")),
            at(900, ActionText::Heal),
        ],
    )
}
