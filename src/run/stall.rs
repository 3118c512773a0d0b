//! That nothing completes although it could: the most that can be said of liveness without knowing the future.
//!
//! It is a fact with its number, and convicts nobody: a network may be slow, and an adversary may hold back what
//! decides. It is said only where all of this has been so for a while: an operation waits; no operation has completed;
//! enough replicas are up, none of them paused, and connected with each other and with the client that waits; and
//! nothing was done from outside.

use super::Run;
use crate::check::Watched;
use crate::kv::ClientReport;
use crate::process::{NodeId, NodeSet, SECOND, Ticks};
use crate::sim::trace::InputKind;

/// From so long on it is said: an election after a crash, and a client that tries again, take less.
pub const SAID_AFTER: Ticks = 2 * SECOND;

/// No operation has completed for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stall {
    /// Since when all of it holds.
    pub since: Ticks,
    /// The clients that wait, and are connected.
    pub waiting: NodeSet,
    /// Replicas that are up and connected with each other and with those clients.
    pub connected: NodeSet,
}

impl<R: Watched> Run<R> {
    /// Whether nothing completes at the playhead although `suffices` says that the replicas could.
    pub fn stall(&self, suffices: impl Fn(NodeSet) -> bool) -> Option<Stall> {
        let (trace, cursor, world) = (self.simulation().trace(), self.simulation().cursor(), self.simulation().world());
        let now = world.now();
        let reports = &trace.reports[..trace.reports.partition_point(|record| record.event < cursor)];
        let completed = reports.iter().rev().find(|record| matches!(record.report, ClientReport::Completed { .. }));
        let completed = completed.map_or(0, |record| record.time);
        if completed + SAID_AFTER > now {
            return None;
        }
        let connected = self.connected();
        let is_connected = |client: &NodeId| connected.iter().all(|replica| self.is_linked(*client, replica));
        let begun = |client: NodeId| {
            let last = reports.iter().rev().find(|record| record.client == client)?;
            matches!(last.report, ClientReport::Invoked { .. }).then_some((client, last.time))
        };
        let setup = world.setup();
        let clients = (setup.replicas..setup.replicas + setup.clients).map(NodeId);
        let waits: Vec<(NodeId, Ticks)> = clients.filter(is_connected).filter_map(begun).collect();
        let oldest = waits.iter().map(|(_, since)| *since).min()?.max(completed);
        let events = trace.events.get(..cursor as usize).unwrap_or(&trace.events).iter().rev();
        let touched =
            events.take_while(|event| event.time > oldest).find(|event| event.input == InputKind::Intervention);
        let since = touched.map_or(oldest, |event| event.time);
        let waiting = waits.iter().map(|(client, _)| *client).collect();
        (since + SAID_AFTER <= now && suffices(connected)).then_some(Stall { since, waiting, connected })
    }

    /// The largest set of replicas found that are up, and linked with each other both ways: grown around each of them.
    fn connected(&self) -> NodeSet {
        let replicas = self.simulation().world().setup().replicas;
        let is_up = |node: NodeId| {
            let machine = &self.simulation().world().replicas()[node.index()];
            machine.process.is_some() && !machine.paused
        };
        let around = |centre: NodeId| {
            let others = (0..replicas).map(NodeId).filter(|node| *node != centre && is_up(*node));
            let mut set: NodeSet = [centre].into_iter().filter(|node| is_up(*node)).collect();
            for node in others {
                if !set.is_empty() && set.iter().all(|member| self.is_linked(member, node)) {
                    set.insert(node);
                }
            }
            set
        };
        (0..replicas).map(|node| around(NodeId(node))).max_by_key(|set| set.len()).unwrap_or_default()
    }

    fn is_linked(&self, one: NodeId, other: NodeId) -> bool {
        let network = self.simulation().world().network();
        !network.is_cut(one, other) && !network.is_cut(other, one)
    }
}
