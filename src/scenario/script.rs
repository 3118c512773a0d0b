//! Scenarios written in Rust, in few words: what happens when, and a cluster in which nothing else does.
//!
//! ```
//! use consensus_playground::scenario::script::{at, by_hand, groups, put, stand};
//!
//! // n1 leads, is cut off with the client, and takes a write that it cannot commit.
//! let cut = vec![at(10, stand("n1")), at(300, groups(&["n1 c1", "n2 n3"])), at(310, put("c1", "x", "1"))];
//! let scenario = by_hand(3, cut);
//! assert_eq!(scenario.interventions.len(), 3);
//! ```

use super::action::{ActionText, InterventionText};
use super::command::CommandText;
use super::settings::Scenario;
use crate::process::MILLISECOND;
use crate::sim::TicksRange;

/// Something that is done so many milliseconds after the run's beginning.
pub fn at(milliseconds: u64, action: ActionText) -> InterventionText {
    InterventionText { at: milliseconds * MILLISECOND, after_event: None, action }
}

/// The network is cut into these sides, each a list of names with blanks between.
pub fn groups(sides: &[&str]) -> ActionText {
    ActionText::Partition { groups: sides.iter().map(|side| side.split(' ').map(str::to_owned).collect()).collect() }
}

/// A process crashes.
pub fn crash(node: &str) -> ActionText {
    ActionText::Crash { node: node.to_owned() }
}

/// A process is started again.
pub fn restart(node: &str) -> ActionText {
    ActionText::Restart { node: node.to_owned() }
}

/// A replica stands for election: its election timer fires.
pub fn stand(node: &str) -> ActionText {
    ActionText::FireTimer { node: node.to_owned(), timer: "election".to_owned() }
}

/// A client writes.
pub fn put(client: &str, key: &str, value: &str) -> ActionText {
    let command = CommandText::Put { key: key.to_owned(), value: value.to_owned() };
    ActionText::Invoke { client: client.to_owned(), command }
}

/// A Raft cluster in which nothing happens by itself: every message takes 10 ms, and nobody stands for election unless
/// told to.
pub fn by_hand(replicas: u32, interventions: Vec<InterventionText>) -> Scenario {
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
