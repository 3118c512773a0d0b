//! The vocabulary of the scenarios: a cluster of replicas to which things are done by name, in sentences.
//!
//! A *scripted* cluster has view-change timeouts that no test lives to see: nobody wants a new view unless the test
//! says so.

use crate::replicated_log::cluster;
use consensus_playground::process::Catalogue;
use consensus_playground::replicated_log::LeaderTimer;
use consensus_playground::scenario::Scenario;
use consensus_playground::viewstamped::{Mutation, Viewstamped};

pub type Cluster = cluster::Cluster<Viewstamped>;

pub fn scripted(replicas: u32, clients: u32) -> Scenario {
    let mut scenario = cluster::scripted("viewstamped", replicas, clients);
    scenario.viewstamped.view_change_ticks = cluster::NEVER;
    scenario
}

/// With the default timeouts; its clients do nothing on their own.
pub fn idle(replicas: u32, clients: u32) -> Scenario {
    cluster::idle("viewstamped", replicas, clients)
}

/// A scenario with or without a rule.
pub fn with(mutation: Option<Mutation>, scenario: Scenario) -> Scenario {
    Scenario { mutations: mutation.iter().map(|mutation| mutation.name().to_owned()).collect(), ..scenario }
}

impl Cluster {
    pub fn scripted(replicas: u32, clients: u32) -> Self {
        Self::of(scripted(replicas, clients))
    }

    pub fn view(&self, name: &str) -> u64 {
        self.server(name).view_number()
    }

    /// What a replica has in its log, each operation with its number and view: `1: 0 put x=1, 2: 1 put y=1`.
    pub fn log(&self, name: &str) -> String {
        let entries = self.server(name).log().iter();
        let texts = entries.map(|(op, entry)| format!("{op}: {} {}", entry.view, entry.payload));
        texts.collect::<Vec<_>>().join(", ")
    }

    /// A replica wants the next view, now.
    pub fn suspects(&mut self, name: &str) {
        self.fire(name, LeaderTimer::Election);
    }
}
