//! What a node is made of, and what it wants to be written.

use super::codec::{Codec, WriteOf};
use crate::kv::Request;
use crate::process::{Durable as _, NodeId, Process, Seat, Ticks};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// What is to be written, in this order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output<R: Codec> {
    /// A message, for standard output. It promises nothing that must be on the disk first.
    Now(String),
    /// What must be on the disk before any [`Output::Line`] that follows is sent, and before
    /// [`super::Host::persisted`] is called.
    Persist(Persist<R>),
    /// A message, for standard output.
    Line(String),
    /// Something that was wrong, for standard error.
    Complaint(String),
}

/// Something to keep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Persist<R: Codec> {
    /// Whose disk this is, from now on.
    Names(Names),
    /// No number beyond this one has been given to a request of a client.
    NumbersUpTo(u64),
    /// A write of the process.
    Write(WriteOf<R>),
}

/// A node's name and its cluster's, which a disk belongs to. Places are by the order of the names, so another order is
/// another cluster.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Names {
    /// The node.
    pub node_id: String,
    /// All nodes of the cluster.
    pub node_ids: Vec<String>,
}

/// What earlier starts of a node have left: nothing, at the first one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept<R: Codec> {
    /// What must survive a crash.
    pub durable: R::Durable,
    /// Whose it is.
    pub names: Option<Names>,
    /// No number beyond this one has been given to a request of a client.
    pub numbers_up_to: u64,
    /// How many starts there were before this one.
    pub incarnation: u64,
}

impl<R: Codec> Default for Kept<R> {
    fn default() -> Self {
        Self { durable: R::Durable::default(), names: None, numbers_up_to: 0, incarnation: 0 }
    }
}

impl<R: Codec> Kept<R> {
    /// Carries out what was to be kept.
    pub fn apply(&mut self, persist: &Persist<R>) {
        match persist {
            Persist::Names(names) => self.names = Some(names.clone()),
            Persist::NumbersUpTo(number) => self.numbers_up_to = *number,
            Persist::Write(write) => self.durable.apply(write),
        }
    }
}

/// What comes up at a deadline.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Due<T> {
    Timer(T),
    Request(usize),
}

/// What the process of this node is given next.
pub(super) enum Next<R: Process> {
    Message { from: NodeId, message: R::Message },
    Persisted(R::Receipt),
}

/// When something comes up, with what tells a timer that was set again from its earlier setting.
type Deadline<T> = Reverse<(Ticks, u64, Due<T>)>;

/// A node that has been told its name and its peers.
pub(super) struct Member<R: Codec> {
    pub(super) seat: Seat,
    pub(super) names: Vec<String>,
    pub(super) process: R,
    /// Timers that are set, each with what its entry among the deadlines must carry.
    pub(super) timers: BTreeMap<R::Timer, u64>,
    pub(super) deadlines: BinaryHeap<Deadline<R::Timer>>,
    pub(super) generation: u64,
    pub(super) requests: Vec<Option<Waiting>>,
}

/// A request of a client that is under way.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) client: String,
    pub(super) msg_id: Option<u64>,
    pub(super) request: Request,
    pub(super) passed_on: bool,
    pub(super) generation: u64,
}
