//! The vocabulary of the scenarios: a cluster of Multi-Paxos servers to which things are done by name, in sentences.
//!
//! A *scripted* cluster has no check-quorum, and election timeouts that no test lives to see: nobody stands for
//! election unless the test says so.

use crate::replicated_log::cluster;
use consensus_playground::multi_paxos::MultiPaxos;
use consensus_playground::scenario::Scenario;

pub use crate::replicated_log::cluster::MS;

pub type Cluster = cluster::Cluster<MultiPaxos>;

pub fn scripted(replicas: u32, clients: u32) -> Scenario {
    let mut scenario = cluster::scripted("multi-paxos", replicas, clients);
    scenario.multi_paxos.election_timeout_ticks = cluster::NEVER;
    scenario.multi_paxos.check_quorum = false;
    scenario
}

/// With the default timeouts; its clients do nothing on their own.
pub fn idle(replicas: u32, clients: u32) -> Scenario {
    cluster::idle("multi-paxos", replicas, clients)
}

impl Cluster {
    pub fn scripted(replicas: u32, clients: u32) -> Self {
        Self::of(scripted(replicas, clients))
    }

    /// The ballot that an acceptor has promised, as `2.n1`.
    pub fn promised(&self, name: &str) -> String {
        self.server(name).promised().map_or("nothing".to_owned(), |ballot| ballot.to_string())
    }

    /// What an acceptor has accepted, each slot with its ballot and value: `1: 1.n1 put x=1, 3: 1.n1 put y=1`. A slot
    /// that is not there is a gap.
    pub fn log(&self, name: &str) -> String {
        let slots = self.server(name).log().after(0);
        let texts = slots.map(|(slot, accepted)| format!("{slot}: {} {}", accepted.ballot, accepted.payload));
        texts.collect::<Vec<_>>().join(", ")
    }
}
