//! The contract that every protocol implements.
//!
//! A core is *sans-I/O*: a state machine that takes one [`Input`] and fills an [`Outbox`]. It has no clock, no network,
//! no disk and no randomness of its own. The same core therefore runs in the simulator, in the exhaustive explorer and
//! at a real socket, and none of them can make it behave differently.
//!
//! **Time** is an argument, in integer [`Ticks`]. A core keeps no absolute times unless a rule is about time (a lease).
//! Randomised timeouts are asked for as a range; whoever drives the core draws the number.
//!
//! **Durability.** What survives a crash is a type of its own, [`Process::Durable`]. It changes only by
//! [`Outbox::persist`]ed writes, which the driver replays on the disk's copy: a core that forgets to persist forgets
//! after a crash. What an outbox sends leaves together with the flush of what was persisted so far, atomically; only
//! [`Outbox::send_now`] may leave earlier. [`Input::Persisted`] says that a flush is done.
//!
//! **Peers.** A peer is a replica or a client. Requests and replies are messages, and a client is a process with a
//! place in the network, so that a partition puts it on a side too.
//!
//! **Liars.** A Byzantine process is an honest one whose outgoing messages an adversary rewrites, for each receiver
//! ([`Message::altered`]). What it cannot do is sign in another's name ([`Signed`]). No process is told who lies.
//!
//! **Rules.** [`Outbox::rule`] names the line of the paper that made this happen. The page lights it up; a test can ask
//! for it. A transition that must not happen is reported by [`Outbox::violation`], never by a panic: a mutation, a liar
//! or a course command may provoke it.

mod alteration;
mod catalogue;
mod fingerprint;
mod outbox;
mod signature;
mod view;

pub use alteration::{Alteration, Liar};
pub use catalogue::{Catalogue, Mutations, catalogue};
pub use fingerprint::{Fingerprint, Fingerprinter, fingerprint_enum, fingerprint_struct};
pub use outbox::{Effect, Outbox};
pub use signature::{Keyring, Signed};
pub use view::{Counted, Field, FieldValue, LogCell, LogView, Step, View, VoteSet};

use std::fmt;

/// Virtual time. One tick stands for one microsecond.
pub type Ticks = u64;

/// Ticks in a millisecond.
pub const MILLISECOND: Ticks = 1_000;

/// Ticks in a second.
pub const SECOND: Ticks = 1_000_000;

/// Most processes (replicas and clients together) in one cluster, so that a set of them fits a [`NodeSet`].
pub const PROCESSES_MAX: usize = 64;

/// A process's number in the cluster: replicas first, from 0, then clients.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u16);

impl NodeId {
    /// The number as an index into a table of processes.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A set of processes, as bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct NodeSet(u64);

impl NodeSet {
    /// The set with nobody in it.
    pub const EMPTY: NodeSet = NodeSet(0);

    /// Adds a process; says whether it was new.
    pub fn insert(&mut self, node: NodeId) -> bool {
        let fresh = !self.contains(node);
        self.0 |= 1 << node.0;
        fresh
    }

    /// Takes a process out.
    pub fn remove(&mut self, node: NodeId) {
        self.0 &= !(1 << node.0);
    }

    /// Whether the process is in the set. No number from [`PROCESSES_MAX`] on is: an event may concern no single
    /// process.
    pub fn contains(self, node: NodeId) -> bool {
        node.index() < PROCESSES_MAX && self.0 >> node.0 & 1 == 1
    }

    /// How many processes are in the set.
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether nobody is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, lowest first.
    pub fn iter(self) -> impl Iterator<Item = NodeId> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            if rest == 0 {
                return None;
            }
            let lowest = rest.trailing_zeros();
            rest &= rest - 1;
            Some(NodeId(lowest as u16))
        })
    }
}

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> Self {
        let mut set = NodeSet::EMPTY;
        for node in nodes {
            set.insert(node);
        }
        set
    }
}

/// What a process knows about itself from birth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seat {
    /// Its own number.
    pub id: NodeId,
    /// How many replicas the cluster has. Replicas are 0..replicas, clients follow.
    pub replicas: u16,
}

impl Seat {
    /// All replicas, in order.
    pub fn replicas(self) -> impl Iterator<Item = NodeId> {
        (0..self.replicas).map(NodeId)
    }

    /// All replicas but oneself, in order.
    pub fn peers(self) -> impl Iterator<Item = NodeId> {
        self.replicas().filter(move |&node| node != self.id)
    }

    /// The smallest number of replicas that is more than half of them.
    pub fn majority(self) -> u32 {
        u32::from(self.replicas) / 2 + 1
    }

    /// The most liars among so many replicas that agreement can survive: n >= 3f + 1 (Castro and Liskov 1999, section
    /// 2).
    pub fn liars_tolerated(self) -> u32 {
        u32::from(self.replicas).saturating_sub(1) / 3
    }

    /// The smallest quorum of which any two share an honest replica although so many lie: 2q - n >= f + 1.
    pub fn byzantine_quorum(self, liars: u32) -> u32 {
        (u32::from(self.replicas) + liars) / 2 + 1
    }

    /// Whether a process is a replica, and not a client.
    pub fn is_replica(self, node: NodeId) -> bool {
        node.0 < self.replicas
    }
}

/// What a process is given to handle, one at a time.
#[derive(Debug)]
pub enum Input<'a, P: Process> {
    /// It has just been booted, for the first time or after a crash; its state was restored from [`Process::Durable`].
    Start,
    /// A message arrived. `from` is who sent it: links are authentic, contents need not be.
    Message {
        /// The sender.
        from: NodeId,
        /// The content.
        message: &'a P::Message,
    },
    /// A timer fired. It is no longer set.
    Timer(P::Timer),
    /// The write that was persisted with this receipt is now on disk.
    Persisted(P::Receipt),
}

/// One process of a protocol: a replica or a client.
pub trait Process: Clone + Eq + Fingerprint + fmt::Debug {
    /// The settings, the same for all processes of a kind.
    type Config: Clone + fmt::Debug;
    /// What travels between processes.
    type Message: Message;
    /// The timers it can set. Setting a timer that is already set replaces it; two that differ in data are two timers.
    type Timer: Timer;
    /// What it wants to be told when a write is on disk.
    type Receipt: Copy + Eq + Fingerprint + fmt::Debug;
    /// What survives a crash.
    type Durable: Durable;
    /// The lines of the paper.
    type Rule: Catalogue;
    /// The rules that can be switched off on purpose.
    type Mutation: Catalogue;
    /// What it tells observers, and nobody else: a client reports its invocations and completions.
    type Report: Clone + Eq + Fingerprint + fmt::Debug;

    /// Whether a process does something else in one life than in another that begins with the same disk. The explorer
    /// tells states that differ in nothing but the number of a life apart only where this is so.
    const LIVES_DIFFER: bool = false;

    /// Boots a process from what survived. The first boot gets the empty disk. `incarnation` says which life begins: 0
    /// is the first start, n the n-th return. Whoever drives the core counts them, so that a process without a disk can
    /// tell a return from a first start.
    fn boot(seat: Seat, config: &Self::Config, durable: &Self::Durable, incarnation: u32) -> Self;

    /// The rules that are switched off in it. None where no rule can be.
    fn mutations(&mut self) -> Option<&mut Mutations<Self::Mutation>> {
        None
    }

    /// Handles one input, and puts all that follows from it into the outbox.
    fn handle(&mut self, now: Ticks, input: Input<'_, Self>, out: &mut Outbox<Self>);

    /// The term, view, ballot round or height that it is in: what colour means on the page. 0 where there is no such
    /// thing.
    fn epoch(&self) -> u64 {
        0
    }

    /// Its role, as an index of [`Process::ROLES`].
    fn role(&self) -> u8 {
        0
    }

    /// How far it knows the decisions to reach: a commit index, an executed sequence number, a height. It never shrinks
    /// while the process is up. 0 where nobody counts them.
    fn decided(&self) -> u64 {
        0
    }

    /// The names of the roles.
    const ROLES: &'static [&'static str] = &["replica"];

    /// What a page or a checker may see of it. Role and epoch, unless a protocol shows more.
    fn view(&self) -> View {
        let role = Self::ROLES.get(usize::from(self.role())).copied().unwrap_or_default();
        View { role, epoch: self.epoch(), ..View::default() }
    }

    /// The votes that it has counted, those that agree together: the certificates that it has, and what there is of
    /// others. Nothing where a protocol has none that are worth a look.
    fn votes(&self) -> Vec<VoteSet> {
        Vec::new()
    }
}

/// What survives a crash. It changes by writes alone.
pub trait Durable: Clone + Eq + Fingerprint + fmt::Debug + Default {
    /// One atomic change.
    type Write: Clone + Eq + fmt::Debug;

    /// Carries out a write. Total: a write of a mutated core may make no sense, and must not panic.
    fn apply(&mut self, write: &Self::Write);
}

/// A timer, with the data that tells it from others of its kind (a round, a height).
pub trait Timer: Copy + Ord + Fingerprint + fmt::Debug {
    /// The names of the kinds.
    const KINDS: &'static [&'static str];

    /// Its kind, as an index of [`Timer::KINDS`].
    fn kind(self) -> u8;
}

/// For a protocol without timers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NoTimer {}

impl Fingerprint for NoTimer {
    fn fingerprint(&self, _: &mut Fingerprinter) {
        match *self {}
    }
}

impl Timer for NoTimer {
    const KINDS: &'static [&'static str] = &[];

    fn kind(self) -> u8 {
        match self {}
    }
}

/// What travels between processes, and what a page may say about it.
pub trait Message: Clone + Eq + Fingerprint + fmt::Debug {
    /// The names of the kinds, in the paper's words.
    const KINDS: &'static [&'static str];

    /// Its kind, as an index of [`Message::KINDS`].
    fn kind(&self) -> u8;

    /// The term, view, ballot round or height that it belongs to; 0 where it has none.
    fn epoch(&self) -> u64 {
        0
    }

    /// Whether it only says "I am alive": the page folds these until asked.
    fn is_heartbeat(&self) -> bool {
        false
    }

    /// A few words for the arrow. The whole of it as a programmer sees it, unless a protocol says it better.
    fn label(&self) -> String {
        format!("{self:?}")
    }

    /// Every field, for the inspector.
    fn fields(&self) -> Vec<Field> {
        Vec::new()
    }

    /// Which decision it is a step of, and which step; none where it is no such step.
    fn step(&self) -> Option<Step> {
        None
    }

    /// What it is counted for, where its receiver waits until enough others say the same; none where nobody counts it.
    fn counted(&self) -> Option<Counted> {
        None
    }

    /// The message as a liar would send it in place of this one, signed with what keys it has; none where the
    /// alteration means nothing for this kind of message.
    fn altered(&self, _liar: &Liar, _how: Alteration) -> Option<Self> {
        None
    }

    /// As [`Message::altered`]. A liar may use all that reached or left it and those who share its keys; the latest
    /// comes first.
    fn altered_knowing<'a>(
        &self,
        liar: &Liar,
        how: Alteration,
        _known: &mut dyn Iterator<Item = &'a Self>,
    ) -> Option<Self>
    where
        Self: 'a,
    {
        self.altered(liar, how)
    }
}
