//! What a hunted run has of its own, besides its faults.

use super::Terrain;
use crate::kv::Reading;
use crate::process::NodeId;
use crate::process::{MILLISECOND, Ticks};
use crate::scenario::Scenario;
use crate::sim::process_name;
use crate::sim::random::Stream;
use crate::sim::{NetworkDials, Ratio, TicksRange};

/// What a run has of its own. Nothing of it may make a sound core fail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// How long a write takes to reach each replica's disk; nothing: as the scenario says.
    pub disks: Vec<TicksRange>,
    /// The network, where it is bad from the beginning.
    pub network: Option<NetworkDials>,
    /// Every how many entries a snapshot is taken; 0: as the scenario says.
    pub snapshot_threshold: u64,
    /// How many entries travel in one message; 0: as the scenario says.
    pub entries_per_message_max: u64,
    /// Pre-vote is off, whatever the scenario says.
    pub without_pre_vote: bool,
    /// Check-quorum is off, whatever the scenario says.
    pub without_check_quorum: bool,
    /// Clients hardly think between operations, and all want the same key.
    pub eager_clients: bool,
    /// Clients delete as well.
    pub deletes: bool,
}

impl Settings {
    /// Draws them.
    pub(super) fn draw(stream: &mut Stream, terrain: &Terrain, eager_clients: bool) -> Self {
        let one_in = |stream: &mut Stream, cases: u64| stream.between(1, cases) == 1;
        Self {
            disks: disks(stream, terrain.replicas),
            network: one_in(stream, 4).then(|| bad_network(stream)),
            snapshot_threshold: [0, 1, 4, 12, 64][stream.between(0, 4) as usize],
            entries_per_message_max: [0, 0, 1, 3][stream.between(0, 3) as usize],
            without_pre_vote: one_in(stream, 4),
            without_check_quorum: one_in(stream, 4),
            eager_clients,
            deletes: one_in(stream, 10),
        }
    }

    /// Gives a scenario what its run has of its own.
    pub fn put_into(&self, scenario: &mut Scenario) {
        for (node, range) in (0..).map(NodeId).zip(&self.disks) {
            let name = process_name(self.disks.len() as u16, node);
            scenario.disk.own_flush_ticks.entry(name).or_insert(*range);
        }
        if let Some(network) = self.network {
            scenario.network = network;
        }
        let raft = &mut scenario.raft;
        if self.snapshot_threshold > 0 {
            raft.snapshot_threshold = self.snapshot_threshold;
            raft.snapshot_trailing = self.snapshot_threshold / 4;
        }
        if self.entries_per_message_max > 0 {
            raft.entries_per_message_max = self.entries_per_message_max;
        }
        raft.pre_vote &= !self.without_pre_vote;
        // A lease rests on it.
        raft.check_quorum &= !self.without_check_quorum || scenario.reads.as_deref() == Some(Reading::Lease.name());
        let multi_paxos = &mut scenario.multi_paxos;
        if self.snapshot_threshold > 0 {
            multi_paxos.snapshot_threshold = self.snapshot_threshold;
            multi_paxos.snapshot_trailing = self.snapshot_threshold / 4;
        }
        if self.entries_per_message_max > 0 {
            multi_paxos.slots_per_message_max = self.entries_per_message_max;
        }
        multi_paxos.check_quorum &= !self.without_check_quorum;
        let viewstamped = &mut scenario.viewstamped;
        if self.snapshot_threshold > 0 {
            viewstamped.checkpoint_threshold = self.snapshot_threshold;
            viewstamped.checkpoint_trailing = self.snapshot_threshold / 4;
        }
        if self.entries_per_message_max > 0 {
            viewstamped.entries_per_message_max = self.entries_per_message_max;
        }
        // A quarter of the runs has a disk, drawn by what means nothing to this protocol.
        viewstamped.on_disk |= self.without_pre_vote;
        if self.eager_clients {
            scenario.workload.keys = 1;
            scenario.workload.think_ticks = TicksRange::new(1, 20 * MILLISECOND);
        }
        if self.deletes && scenario.workload.mix.delete == 0 {
            scenario.workload.mix.delete = 2;
        }
    }
}

/// A third of the runs have disks that take no time, a third equal ones, a third unequal ones, one of which may be
/// quick beside slow ones, or slow beside quick ones.
fn disks(stream: &mut Stream, replicas: u16) -> Vec<TicksRange> {
    const TIMES: [Ticks; 4] = [0, 3 * MILLISECOND, 12 * MILLISECOND, 25 * MILLISECOND];
    let any = |stream: &mut Stream| TIMES[stream.between(0, 3) as usize];
    match stream.between(0, 2) {
        0 => Vec::new(),
        1 => {
            let time = TIMES[stream.between(1, 2) as usize * 2 - 1];
            vec![TicksRange::new(time, time); usize::from(replicas)]
        }
        _ => {
            let range = |stream: &mut Stream| {
                let (one, other) = (any(stream), any(stream));
                TicksRange::new(one.min(other), one.max(other))
            };
            (0..replicas).map(|_| range(stream)).collect()
        }
    }
}

/// Slow, of very different latencies, and of single messages that are lost, sent twice, or overtake others.
fn bad_network(stream: &mut Stream) -> NetworkDials {
    let shortest = stream.between(1, 8) * MILLISECOND;
    NetworkDials {
        latency_ticks: TicksRange::new(shortest, shortest + stream.between(5, 60) * MILLISECOND),
        loss: Ratio::percent(stream.between(0, 10) as u32),
        duplication: Ratio::percent(stream.between(0, 20) as u32),
        reordering: Ratio::percent(stream.between(0, 50) as u32),
    }
}
