//! Viewstamped Replication, by the real core without a disk: is anything else ever committed where something was, though
//! views change and a replica forgets all?
//!
//! A committed operation is one that some replica takes for committed (VRR 4.1): the model remembers each. COMMIT and
//! state transfer are kept out: backups learn of what is committed by the next PREPARE or view. A command is asked of a
//! replica at any moment, and is turned away where that one is not the primary of its view.

use super::Begun;
use crate::kv::Command;
use crate::process::{Catalogue, NodeId, fingerprint_struct};
use crate::scenario::Scenario;
use crate::scenario::bounds::TICKS_MAX;
use crate::scenario::settings::ViewstampedSettings;
use crate::search::explore::cluster::{Bounds, ClusterModel, ClusterProperty, ClusterState, Happened, Subject};
use crate::search::explore::{Explorer, Limits, Property};
use crate::search::replay::Staged;
use crate::sim::TicksRange;
use crate::viewstamped::{Config, Index, Message, Payload, Status, Viewstamped, ViewstampedTimer};

/// How many replicas: f is 1.
pub const REPLICAS: u16 = 3;

/// What is asked of Viewstamped Replication.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Views {
    /// The clients, each with the value that it writes. Client c asks the replica n with n = c modulo 3, as clients do
    /// in a run.
    pub clients: Vec<(NodeId, &'static str)>,
    /// States with later views are out of bounds.
    pub view_max: u64,
    /// States with more messages in flight are out of bounds.
    pub in_flight_max: usize,
}

/// What was ever taken for committed, each with its op-number.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Committed {
    operations: Vec<(Index, Payload)>,
}

fingerprint_struct!(Committed { operations });

impl Committed {
    fn lacks<'a>(&'a self, replica: &'a Viewstamped) -> impl Iterator<Item = (Index, &'a Payload)> {
        let entries = replica.log().iter().map(|(op, entry)| (op, &entry.payload));
        let committed = entries.take_while(|(op, _)| *op <= replica.commit_number());
        committed.filter(|(op, payload)| !self.operations.iter().any(|known| known.0 == *op && known.1 == **payload))
    }
}

/// A state of the cluster.
type Cluster = ClusterState<Viewstamped, Committed>;

impl Subject for Views {
    type Process = Viewstamped;
    type Memory = Committed;

    fn properties(&self) -> Vec<ClusterProperty<Self>> {
        vec![
            Property::always(
                "agreement",
                "at most one operation is ever taken for committed at an op-number",
                |_, state: &Cluster| {
                    let operations = &state.memory().operations;
                    operations.iter().all(|(op, payload)| {
                        operations.iter().all(|(other, another)| other != op || payload == another)
                    })
                },
            ),
            Property::reachable("a-view-begins", "a later view has a primary", |_, state: &Cluster| {
                state.up().any(|(_, replica)| replica.is_primary() && replica.view_number() > 0)
            }),
            Property::reachable(
                "a-later-view-commits",
                "an operation of a later view is committed",
                |_, state: &Cluster| {
                    let commits = |replica: &Viewstamped| {
                        let last = replica.log().get(replica.commit_number());
                        last.is_some_and(|entry| entry.view > 0)
                    };
                    state.up().any(|(_, replica)| commits(replica))
                },
            ),
        ]
    }

    fn remember(&self, memory: &Committed, happened: &Happened<'_, Viewstamped>) -> Option<Committed> {
        let replica = happened.cluster.get(happened.node.index())?.process.as_ref()?;
        memory.lacks(replica).next()?;
        let mut committed = memory.clone();
        committed.operations.extend(memory.lacks(replica).map(|(op, payload)| (op, payload.clone())));
        // In an order of its own, so that who was the first does not tell two states apart.
        committed.operations.sort_by_cached_key(|(op, payload)| (*op, payload.to_string()));
        Some(committed)
    }

    fn memory_bytes(&self, memory: &Committed) -> usize {
        size_of::<Committed>() + memory.operations.len() * 128
    }

    fn is_within_bounds(&self, state: &Cluster) -> bool {
        state.in_flight().count() <= self.in_flight_max
            && state.up().all(|(_, replica)| replica.view_number() <= self.view_max)
    }

    fn may_fire(&self, timer: ViewstampedTimer) -> bool {
        timer == ViewstampedTimer::Election
    }

    fn carries(&self, _: NodeId, message: &Message) -> bool {
        !matches!(message, Message::Commit { .. } | Message::GetState { .. } | Message::NewState { .. })
    }

    fn requests(&self) -> Vec<(NodeId, NodeId, Message)> {
        super::requests(self.invocations(), REPLICAS)
    }

    fn bounds(&self) -> Vec<String> {
        let asks = |(client, value): &(NodeId, &str)| format!("n{} is asked to write {value}", client.0 % REPLICAS + 1);
        let asked: Vec<String> = self.clients.iter().map(asks).collect();
        vec![
            format!(
                "{}; views up to {}; at most {} messages in flight",
                asked.join(", "),
                self.view_max,
                self.in_flight_max
            ),
            "the network carries no COMMIT and no state transfer; the timers of view changes only".to_owned(),
        ]
    }

    fn describe(&self, replica: &Viewstamped) -> String {
        let status = match replica.status() {
            Status::Backup => "backup",
            Status::Primary(_) => "PRIMARY",
            Status::ViewChange(_) => "wants a view",
            Status::Recovering(_) => "recovering",
        };
        let log: Vec<String> =
            replica.log().iter().map(|(op, entry)| format!("{}.{op} {}", entry.view, entry.payload)).collect();
        let log = if log.is_empty() { "nothing".to_owned() } else { log.join(", ") };
        format!("{status}, view {}; log {log}; committed up to {}", replica.view_number(), replica.commit_number())
    }
}

/// Two replicas, n1 and n2, that a client asks to write something. n1 is the primary at first, and n2 in view 1.
pub(super) fn begin(bounds: Bounds, mutations: &[String], limits: Limits) -> Begun {
    let subject = Views { clients: vec![(NodeId(3), "v1"), (NodeId(4), "v2")], view_max: 1, in_flight_max: 6 };
    let config = Config { mutations: super::switched_off(mutations)?, ..Config::default() };
    Ok(Box::new(Explorer::new(ClusterModel::new(subject, config, REPLICAS, bounds), limits)))
}

impl Staged for Views {
    fn invocations(&self) -> Vec<(NodeId, Command)> {
        let command = |value: &str| Command::Put { key: "x".into(), value: value.into() };
        self.clients.iter().map(|&(client, value)| (client, command(value))).collect()
    }

    fn set(&self, config: &Config, scenario: &mut Scenario) {
        scenario.viewstamped = ViewstampedSettings {
            view_change_ticks: TicksRange::new(TICKS_MAX, TICKS_MAX),
            commit_ticks: TICKS_MAX,
            on_disk: config.on_disk,
            checkpoint_threshold: config.checkpoint_threshold,
            checkpoint_trailing: config.checkpoint_trailing,
            entries_per_message_max: config.entries_per_message_max,
        };
        scenario.mutations = config.mutations.iter().map(|mutation| mutation.name().to_owned()).collect();
    }
}
