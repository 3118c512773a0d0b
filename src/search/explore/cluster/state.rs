//! States of a cluster: processes, disks, timers, and the messages in flight.

use crate::process::{Durable, Effect, Fingerprint, Fingerprinter, Input, NodeId, Outbox, Process, Seat};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How much may happen at most on the way to any state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bounds {
    /// Timers that fire.
    pub timers: u8,
    /// Processes that crash: between two inputs, or when what an input made them write is on disk and what they send
    /// with it has not left. Each may restart once for each crash.
    pub crashes: u8,
    /// Messages that are lost.
    pub losses: u8,
    /// Messages that are delivered while a copy stays in flight.
    pub duplicates: u8,
}

impl Fingerprint for Bounds {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { timers, crashes, losses, duplicates } = *self;
        [timers, crashes, losses, duplicates].into_iter().for_each(|each| into.u8(each));
    }
}

/// A process with its disk and its timers. Its fingerprint is kept, since most of a cluster stays the same from step to
/// step.
#[derive(Clone, Debug)]
pub struct Node<P: Process> {
    /// The process; none while it is down.
    pub process: Option<P>,
    /// What survives a crash.
    pub disk: P::Durable,
    /// The timers that are set.
    pub timers: BTreeSet<P::Timer>,
    /// Which of its lives this is. Two that differ in nothing else are the same, unless a process asks
    /// ([`Process::LIVES_DIFFER`]).
    pub incarnation: u32,
    fingerprint: u128,
}

impl<P: Process> PartialEq for Node<P> {
    fn eq(&self, other: &Self) -> bool {
        (&self.process, &self.disk, &self.timers, self.life())
            == (&other.process, &other.disk, &other.timers, other.life())
    }
}

impl<P: Process> Eq for Node<P> {}

impl<P: Process> Node<P> {
    /// A process, its disk, its timers, and the number of its life.
    pub fn new(process: Option<P>, disk: P::Durable, timers: BTreeSet<P::Timer>, incarnation: u32) -> Self {
        let mut node = Self { process, disk, timers, incarnation, fingerprint: 0 };
        node.refresh();
        node
    }

    /// The fingerprint of all of it.
    pub fn fingerprint(&self) -> u128 {
        self.fingerprint
    }

    /// The number of its life, where that matters.
    fn life(&self) -> u32 {
        if P::LIVES_DIFFER { self.incarnation } else { 0 }
    }

    fn refresh(&mut self) {
        let mut into = Fingerprinter::new();
        self.process.fingerprint(&mut into);
        self.disk.fingerprint(&mut into);
        self.timers.fingerprint(&mut into);
        if P::LIVES_DIFFER {
            into.u32(self.incarnation);
        }
        self.fingerprint = into.finish();
    }
}

/// A message in flight.
#[derive(Clone, Debug)]
pub struct Envelope<M> {
    /// Who sent it.
    pub from: NodeId,
    /// Who gets it.
    pub to: NodeId,
    /// The content.
    pub message: M,
    fingerprint: u128,
}

impl<M: PartialEq> PartialEq for Envelope<M> {
    fn eq(&self, other: &Self) -> bool {
        (self.from, self.to, &self.message) == (other.from, other.to, &other.message)
    }
}

impl<M: Eq> Eq for Envelope<M> {}

impl<M: Fingerprint> Envelope<M> {
    /// A message from one process to another.
    pub fn new(from: NodeId, to: NodeId, message: M) -> Self {
        let mut into = Fingerprinter::new();
        from.fingerprint(&mut into);
        to.fingerprint(&mut into);
        message.fingerprint(&mut into);
        Self { from, to, message, fingerprint: into.finish() }
    }

    pub(super) fn fingerprint(&self) -> u128 {
        self.fingerprint
    }
}

/// A state of a cluster. What two states share is stored once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterState<P: Process, H> {
    pub(super) nodes: Vec<Arc<Node<P>>>,
    /// In the order of their fingerprints; equal ones side by side.
    pub(super) in_flight: Vec<Arc<Envelope<P::Message>>>,
    pub(super) left: Bounds,
    pub(super) memory: Arc<H>,
    /// The first thing that a core reported as something that must not happen.
    pub(super) violation: Option<Arc<str>>,
}

impl<P: Process, H: Fingerprint> Fingerprint for ClusterState<P, H> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { nodes, in_flight, left, memory, violation } = self;
        nodes.iter().for_each(|node| into.u128(node.fingerprint));
        into.length(in_flight.len());
        in_flight.iter().for_each(|envelope| into.u128(envelope.fingerprint));
        left.fingerprint(into);
        memory.fingerprint(into);
        violation.fingerprint(into);
    }
}

impl<P: Process, H> ClusterState<P, H> {
    /// The processes, by their places.
    pub fn nodes(&self) -> &[Arc<Node<P>>] {
        &self.nodes
    }

    /// The processes that are up, with their places.
    pub fn up(&self) -> impl Iterator<Item = (NodeId, &P)> {
        let nodes = (0..).map(NodeId).zip(&self.nodes);
        nodes.filter_map(|(index, node)| node.process.as_ref().map(|process| (index, process)))
    }

    /// The messages in flight, in an order that depends on the messages alone.
    pub fn in_flight(&self) -> impl Iterator<Item = &Envelope<P::Message>> {
        self.in_flight.iter().map(|envelope| &**envelope)
    }

    /// What is left of the bounds.
    pub fn left(&self) -> Bounds {
        self.left
    }

    /// What is remembered of the past.
    pub fn memory(&self) -> &H {
        &self.memory
    }

    /// What a core reported first as something that must not happen.
    pub fn violation(&self) -> Option<&str> {
        self.violation.as_deref()
    }

    pub(super) fn put(&mut self, envelope: Arc<Envelope<P::Message>>) {
        let index = self.in_flight.partition_point(|other| other.fingerprint < envelope.fingerprint);
        self.in_flight.insert(index, envelope);
    }

    /// Whether a message in flight is equal to the one before it, so that what can happen to it is known already.
    pub(super) fn repeats(&self, place: usize) -> bool {
        let fingerprint = |place: usize| self.in_flight.get(place).map(|envelope| envelope.fingerprint);
        place.checked_sub(1).is_some_and(|before| fingerprint(before) == fingerprint(place))
    }
}

/// What a process did with one input, with all that followed at once.
#[derive(Clone, Debug)]
pub(super) struct Handled<P: Process> {
    pub node: Node<P>,
    pub sent: Vec<(NodeId, P::Message)>,
    pub rules: Vec<P::Rule>,
    pub violation: Option<String>,
    /// What a crash between write and send leaves, if it wrote something.
    pub written: Option<Written<P>>,
}

/// What a crash between write and send leaves.
#[derive(Clone, Debug)]
pub(super) struct Written<P: Process> {
    /// The disk.
    pub disk: P::Durable,
    /// The messages that may leave before the write is done.
    pub early: Vec<(NodeId, P::Message)>,
    /// Those that never leave.
    pub unsent: Vec<(NodeId, P::Message)>,
}

/// Lets a process handle an input, and the receipts of what it writes: the explorer's one call of [`Process::handle`].
/// None if it is down.
pub(super) fn handle<P: Process>(node: &Node<P>, input: Input<'_, P>, outbox: &mut Outbox<P>) -> Option<Handled<P>> {
    let mut process = node.process.clone()?;
    let mut handled = Handled {
        node: Node { process: None, ..node.clone() },
        sent: Vec::new(),
        rules: Vec::new(),
        violation: None,
        written: None,
    };
    if let Input::Timer(timer) = &input {
        handled.node.timers.remove(timer);
    }
    let mut receipts = std::collections::VecDeque::new();
    let mut next = Some(input);
    let mut is_first = true;
    while let Some(input) = next {
        process.handle(0, input, outbox);
        let (mut writes, mut early, mut unsent) = (false, Vec::new(), Vec::new());
        for effect in outbox.effects().iter().filter(|_| is_first) {
            match effect {
                Effect::Send { to, message, now } => {
                    if *now { &mut early } else { &mut unsent }.push((*to, message.clone()))
                }
                Effect::Persist(_) => writes = true,
                _ => {}
            }
        }
        for effect in outbox.drain() {
            match effect {
                Effect::Send { to, message, .. } => handled.sent.push((to, message)),
                Effect::SetTimer { timer, .. } => drop(handled.node.timers.insert(timer)),
                Effect::ClearTimer(timer) => drop(handled.node.timers.remove(&timer)),
                Effect::Persist(write) => handled.node.disk.apply(&write),
                Effect::Receipt(receipt) => receipts.push_back(receipt),
                Effect::Rule(rule) => handled.rules.push(rule),
                Effect::Violation(sentence) => drop(handled.violation.get_or_insert(sentence)),
                Effect::Report(_) => {}
            }
        }
        if std::mem::take(&mut is_first) && writes {
            handled.written = Some(Written { disk: handled.node.disk.clone(), early, unsent });
        }
        next = receipts.pop_front().map(Input::Persisted);
    }
    handled.node.process = Some(process);
    handled.node.refresh();
    Some(handled)
}

/// Boots a process from its disk and lets it start.
pub(super) fn boot<P: Process>(
    seat: Seat,
    config: &P::Config,
    down: &Node<P>,
    outbox: &mut Outbox<P>,
) -> Option<Handled<P>> {
    let process = P::boot(seat, config, &down.disk, down.incarnation);
    let node = Node { process: Some(process), timers: BTreeSet::new(), ..down.clone() };
    handle(&node, Input::Start, outbox)
}
