//! Whom a fault of a schedule hits: a process that was drawn, or the leader of the moment.

use crate::kv::Replica;
use crate::process::{NodeId, NodeSet};
use crate::sim::{Action, TicksRange, World};

/// What a schedule wants done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Aim {
    /// Just this.
    At(Action),
    /// Something to whoever leads then.
    AtLeader {
        /// What.
        blow: Blow,
        /// Whom it hits if nobody leads.
        otherwise: NodeId,
    },
}

/// What is done to a leader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blow {
    /// It crashes.
    Crash,
    /// It is paused.
    Pause,
    /// It is alone with these.
    Isolate {
        /// Who stays with it.
        companions: NodeSet,
    },
    /// No other replica hears it. Clients do.
    Mute,
    /// It hears no other replica.
    Deafen,
    /// What other replicas say to it takes long.
    SlowAnswers {
        /// So long.
        latency_ticks: TicksRange,
    },
}

impl Aim {
    /// What is to be done now.
    pub fn actions<R: Replica>(&self, world: &World<R>) -> Vec<Action> {
        match self {
            Self::At(action) => vec![action.clone()],
            Self::AtLeader { blow, otherwise } => blow.actions(leader(world).unwrap_or(*otherwise), world.setup().replicas),
        }
    }
}

impl Blow {
    fn actions(self, leader: NodeId, replicas: u16) -> Vec<Action> {
        let others = || (0..replicas).map(NodeId).filter(move |&node| node != leader);
        match self {
            Self::Crash => vec![Action::Crash(leader)],
            Self::Pause => vec![Action::Pause(leader)],
            Self::Isolate { mut companions } => {
                companions.insert(leader);
                vec![Action::Partition(vec![companions])]
            }
            Self::Mute => vec![Action::Cut(others().map(|other| (leader, other)).collect())],
            Self::Deafen => vec![Action::Cut(others().map(|other| (other, leader)).collect())],
            Self::SlowAnswers { latency_ticks } => others().map(|other| Action::LinkLatency(other, leader, latency_ticks)).collect(),
        }
    }
}

/// Who leads: of those that take themselves for the leader, the primary or the proposer, the one of the latest term, view or height.
pub fn leader<R: Replica>(world: &World<R>) -> Option<NodeId> {
    let running = world.replicas().iter().enumerate().filter_map(|(place, machine)| Some((place, machine.process.as_ref()?)));
    let leading =
        running.filter(|(_, process)| matches!(R::ROLES.get(usize::from(process.role())), Some(&("leader" | "primary" | "proposer"))));
    leading.max_by_key(|(_, process)| process.epoch()).map(|(place, _)| NodeId(place as u16))
}
