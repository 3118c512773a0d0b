//! The vocabulary of the scenarios: a cluster of Raft servers to which things are done by name, in sentences.
//!
//! A *scripted* cluster has no pre-vote and no check-quorum, and election timeouts that no test lives to see: nobody
//! stands for election unless the test says so.

use crate::replicated_log::cluster;
use consensus_playground::raft::Raft;
use consensus_playground::scenario::Scenario;

pub use crate::replicated_log::cluster::MS;

pub type Cluster = cluster::Cluster<Raft>;

pub fn scripted(replicas: u32, clients: u32) -> Scenario {
    let mut scenario = cluster::scripted("raft", replicas, clients);
    scenario.raft.election_timeout_ticks = cluster::NEVER;
    scenario.raft.pre_vote = false;
    scenario.raft.check_quorum = false;
    scenario
}

/// With the default timeouts; its clients do nothing on their own.
pub fn idle(replicas: u32, clients: u32) -> Scenario {
    cluster::idle("raft", replicas, clients)
}

impl Cluster {
    pub fn scripted(replicas: u32, clients: u32) -> Self {
        Self::of(scripted(replicas, clients))
    }

    pub fn term(&self, name: &str) -> u64 {
        self.server(name).current_term()
    }

    /// The log, each entry as its term and what it asks for: `1:no-op 1:put x=1`. After a snapshot it begins with
    /// `[index:term]`.
    pub fn log(&self, name: &str) -> String {
        let log = self.server(name).log();
        let base = log.base_index();
        let snapshot = (base > 0).then(|| format!("[{base}:{}]", log.term_at(base).unwrap()));
        let entries = log.iter().map(|(_, entry)| format!("{}:{}", entry.term, entry.payload));
        snapshot.into_iter().chain(entries).collect::<Vec<_>>().join(" ")
    }
}
