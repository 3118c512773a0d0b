//! What a cluster is made of, and what its processes are called.

use super::network::NetworkDials;
use super::range::TicksRange;
use super::rate::ClockRate;
use super::workload::WorkloadDials;
use crate::kv::ClientConfig;
use crate::process::{NodeId, Process};

/// What a cluster is made of.
#[derive(Clone, Debug)]
pub struct Setup<R: Process> {
    /// Names all random numbers of the run.
    pub seed: u64,
    /// How many replicas.
    pub replicas: u16,
    /// How many clients.
    pub clients: u16,
    /// The replicas' settings.
    pub replica: R::Config,
    /// The clients' settings.
    pub client: ClientConfig,
    /// The network's dials.
    pub network: NetworkDials,
    /// The workload's dials.
    pub workload: WorkloadDials,
    /// How long a flush takes on the disk of each replica, in order.
    pub disks: Vec<TicksRange>,
    /// How many ticks the clock of each replica goes on in a million, in order; each other one runs true.
    pub clock_rates_ppm: Vec<u64>,
    /// After how many events the run stops.
    pub events_max: u32,
}

impl<R: Process> Setup<R> {
    /// How many processes there are: replicas and clients.
    pub fn processes(&self) -> u16 {
        self.replicas + self.clients
    }

    /// Whether a flush takes time on some disk, as the scenario has it.
    pub fn flushes_take_time(&self) -> bool {
        self.disks.iter().any(|range| range.max > 0)
    }

    /// How long a flush takes on a replica's disk, as the scenario has it.
    pub fn disk(&self, node: NodeId) -> TicksRange {
        self.disks.get(node.index()).copied().unwrap_or(TicksRange::new(0, 0))
    }

    /// How fast a replica's clock runs.
    pub fn clock(&self, node: NodeId) -> ClockRate {
        self.clock_rates_ppm.get(node.index()).map_or(ClockRate::TRUE, |&ppm| ClockRate::new(ppm))
    }
}

/// A process's name: replicas n1, n2, ..., clients c1, c2, ...
pub fn process_name(replicas: u16, node: NodeId) -> String {
    if node.0 < replicas { format!("n{}", node.0 + 1) } else { format!("c{}", node.0 - replicas + 1) }
}
