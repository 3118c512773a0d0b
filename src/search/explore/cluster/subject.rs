//! What is explored: a protocol, with what is asked of it.

use super::model::ClusterModel;
use super::state::{ClusterState, Envelope, Node};
use crate::process::{Fingerprint, NodeId, Process};
use crate::search::explore::model::Property;
use std::fmt;
use std::sync::Arc;

/// A property of a cluster.
pub type ClusterProperty<S> = Property<ClusterModel<S>>;

/// A state of a subject's cluster.
pub(super) type StateOf<S> = ClusterState<<S as Subject>::Process, <S as Subject>::Memory>;

/// A message of a subject's process.
pub(super) type SentBy<S> = Arc<Envelope<<<S as Subject>::Process as Process>::Message>>;

/// What is explored: a protocol, with what is asked of it.
pub trait Subject: Sized {
    /// The replicas.
    type Process: Process;
    /// What the properties must know of the past. It is part of the state, so it should hold little. `()` if a state
    /// says it all.
    type Memory: Clone + Eq + Fingerprint + fmt::Debug + Default;

    /// What must hold, or be possible. That no core reports a transition which must not happen is asked always.
    fn properties(&self) -> Vec<ClusterProperty<Self>>;

    /// Remembers what a step has brought: gives the new memory, if it has changed. Asked after every step in which a
    /// process handled something.
    fn remember(&self, _memory: &Self::Memory, _happened: &Happened<'_, Self::Process>) -> Option<Self::Memory> {
        None
    }

    /// How many bytes a memory takes, roughly, with what is behind its pointers.
    fn memory_bytes(&self, _: &Self::Memory) -> usize {
        size_of::<Self::Memory>()
    }

    /// Whether a state is to be explored: a bound on terms, ballots, messages in flight.
    fn is_within_bounds(&self, _: &StateOf<Self>) -> bool {
        true
    }

    /// Which timers may fire.
    fn may_fire(&self, _: <Self::Process as Process>::Timer) -> bool {
        true
    }

    /// Which messages the network carries, and to whom. Others are lost at once.
    fn carries(&self, _to: NodeId, _message: &<Self::Process as Process>::Message) -> bool {
        true
    }

    /// Messages that are in flight from the beginning: sender, receiver, content. The sender need not be a replica.
    fn requests(&self) -> Vec<(NodeId, NodeId, <Self::Process as Process>::Message)> {
        Vec::new()
    }

    /// Its own bounds, in sentences.
    fn bounds(&self) -> Vec<String> {
        Vec::new()
    }

    /// A process in a line, for a person.
    fn describe(&self, process: &Self::Process) -> String {
        let role = Self::Process::ROLES.get(usize::from(process.role())).copied().unwrap_or_default();
        format!("{role}, epoch {}", process.epoch())
    }
}

/// What a step has brought, for a subject that remembers.
#[derive(Debug)]
pub struct Happened<'a, P: Process> {
    /// Who handled something.
    pub node: NodeId,
    /// What it sent to replicas, whether the network carries it or not.
    pub sent: &'a [Arc<Envelope<P::Message>>],
    /// What it would have sent if it had not crashed right after it wrote what that rests on. Nobody gets any of it.
    pub unsent: &'a [Arc<Envelope<P::Message>>],
    /// The processes after the step.
    pub cluster: &'a [Arc<Node<P>>],
}
