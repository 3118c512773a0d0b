//! The words in which prepared runs are written.

use crate::process::MILLISECOND;
use crate::scenario::action::CommandText;
use crate::scenario::{ActionText, InterventionText, Scenario};
use crate::sim::TicksRange;

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

pub(super) fn put(client: &str, key: &str, value: &str) -> ActionText {
    let command = CommandText::Put { key: key.to_owned(), value: value.to_owned() };
    ActionText::Invoke { client: client.to_owned(), command }
}

/// All messages from and to a replica take so long.
pub(super) fn far(node: &str, replicas: u32, milliseconds: u64) -> Vec<InterventionText> {
    let latency_ticks = TicksRange::new(milliseconds * MILLISECOND, milliseconds * MILLISECOND);
    let others = (1..=replicas).map(|number| format!("n{number}")).filter(|other| other != node);
    let link = |from: &str, to: &str| {
        at(0, ActionText::LinkLatency { from: from.to_owned(), to: to.to_owned(), latency_ticks })
    };
    others.flat_map(|other| [link(node, &other), link(&other, node)]).collect()
}

pub(super) fn of(protocol: &str, seed: u64, title: &str) -> Scenario {
    Scenario { seed, title: Some(title.to_owned()), ..Scenario::of(protocol) }
}

/// A Raft cluster in which nothing happens by itself: every message takes 10 ms, and nobody stands for election unless
/// told to.
pub(super) fn by_hand(title: &str, replicas: u32, interventions: Vec<InterventionText>) -> Scenario {
    let mut scenario = Scenario { replicas, clients: 1, interventions, ..of("raft", 1, title) };
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
