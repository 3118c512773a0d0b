//! What Viewstamped Replication promises, after every event.
//!
//! The monitor hears what leaves the replicas, and keeps it, whatever becomes of their memory later:
//!
//! * `words`: operations with their viewstamps, acknowledgements, reports for a new view, answers to replicas that
//!   recover. What was said binds whoever remembers it.
//! * `views`: what a new primary was told, and what it begins its view with.
//! * `recoveries`: what a replica was answered that had lost all, and what it made of it.
//! * `operations`: what a replica has in its log, takes for committed, and has carried out. After an event only the
//!   replica that handled it can have changed.
//!
//! A replica without a disk forgets in a crash, and is allowed to. Two of its lives are told apart by its entry in its
//! own crash vector: what it said in one life binds it in that alone. What it said to others in an earlier life must
//! count nowhere where somebody knows that this life has ended: that is a matter of those who count.

mod invariants;
mod operations;
mod recoveries;
mod views;
mod words;

use super::invariant::{Finding, Findings, Found, Invariant, Monitor, Watched};
use super::said::name;
use crate::process::{Fingerprint, Fingerprinter, NodeId};
use crate::sim::trace::{InputKind, flag};
use crate::sim::{Trace, World};
use crate::viewstamped::message::{DoViewChange, RecoveryResponse};
use crate::viewstamped::{Entry, Index, Message, ViewNumber, Viewstamped};
use invariants::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// That a replica has all of a view's log up to an operation, as it has said.
#[derive(Clone, Copy, Debug)]
struct Acknowledged {
    op: Index,
    event: u32,
    left: u32,
}

/// Something that a replica was told.
#[derive(Clone, Debug)]
struct Told<T> {
    from: NodeId,
    body: Arc<T>,
    /// The event that sent it.
    event: u32,
    /// The event that handled it.
    handled: u32,
}

/// A word that binds its speaker: it has left all earlier views.
#[derive(Clone, Copy, Debug)]
struct Reported {
    view: ViewNumber,
    memory: u32,
    event: u32,
    left: u32,
}

/// How a view began: who has said so first, by which event.
#[derive(Clone, Copy, Debug)]
struct Begun {
    primary: NodeId,
    event: u32,
    left: u32,
}

/// What a replica has said to stand at an op-number.
#[derive(Clone, Debug)]
struct Held {
    entry: Arc<Entry>,
    by: NodeId,
    event: u32,
    left: u32,
}

/// What was taken for committed at an op-number first: by a replica in this view.
#[derive(Clone, Debug)]
struct Committed {
    entry: Arc<Entry>,
    view: ViewNumber,
    by: NodeId,
    event: u32,
}

/// What is known of an op-number.
#[derive(Clone, Debug, Default)]
struct OperationSeen {
    /// What replicas have said to stand there, each of another view.
    held: Vec<Held>,
    /// What was taken for committed there first.
    committed: Option<Committed>,
    /// The hash of the state after it, who had it first, and after which event.
    state: Option<(u128, NodeId, u32)>,
}

impl OperationSeen {
    fn rewind(&mut self, event: u32) {
        self.held.retain(|held| held.left < event);
        self.committed.take_if(|committed| committed.event >= event);
        self.state.take_if(|(.., seen)| *seen >= event);
    }
}

/// What a replica was like after its last event.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    is_up: bool,
    is_primary: bool,
    is_recovering: bool,
    view: ViewNumber,
    last_normal: ViewNumber,
    op: Index,
    commit: Index,
    executed: Index,
    /// Which of its lives it remembers.
    memory: u32,
    /// The event after which it committed or carried out something last.
    went_on: u32,
}

impl Seen {
    fn of(process: &Viewstamped, node: NodeId, went_on: u32) -> Self {
        let durable = process.durable();
        Self {
            is_up: true,
            is_primary: process.is_primary(),
            is_recovering: process.is_recovering(),
            view: durable.view,
            last_normal: durable.last_normal,
            op: process.op_number(),
            commit: process.commit_number(),
            executed: process.last_executed(),
            memory: durable.crash_vector.life(node),
            went_on,
        }
    }
}

/// What a replica was like from an event on: in normal status or not, and what it remembers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Standing {
    since: u32,
    is_normal: bool,
    memory: u32,
}

/// Watches a run of Viewstamped Replication.
#[derive(Clone, Debug)]
pub struct ViewstampedMonitor {
    findings: Findings,
    /// f + 1.
    quorum: usize,
    /// For each view and replica, in the order in which it has said so.
    acknowledged: BTreeMap<(ViewNumber, NodeId), Vec<Acknowledged>>,
    /// For each replica the views for which it has reported, each later than the one before in the same memory.
    reported: Vec<Vec<Reported>>,
    /// For each replica how its standing changed.
    standings: Vec<Vec<Standing>>,
    /// For each view and its primary, what it was told.
    reports: BTreeMap<(ViewNumber, NodeId), Vec<Told<DoViewChange>>>,
    /// For each replica, what it was answered in recovering.
    answers: Vec<Vec<Told<RecoveryResponse>>>,
    /// For each replica, when it booted.
    starts: Vec<Vec<u32>>,
    /// How each view began.
    begun: BTreeMap<ViewNumber, Begun>,
    /// By op-number, from 1.
    operations: Vec<OperationSeen>,
    seen: Vec<Seen>,
    scratch: Fingerprinter,
}

impl ViewstampedMonitor {
    fn operation(&mut self, op: Index) -> &mut OperationSeen {
        let position = op.saturating_sub(1) as usize;
        if self.operations.len() <= position {
            self.operations.resize_with(position + 1, OperationSeen::default);
        }
        &mut self.operations[position]
    }

    fn known(&self, op: Index) -> Option<&OperationSeen> {
        self.operations.get(op.checked_sub(1)? as usize)
    }

    /// What a replica was like at an event.
    fn standing(&self, node: NodeId, event: u32) -> Option<Standing> {
        let standings = self.standings.get(node.index())?;
        standings.iter().rev().find(|standing| standing.since <= event).copied()
    }

    fn note_standing(&mut self, event: u32, ordinal: usize, process: Option<&Viewstamped>) {
        let node = NodeId(ordinal as u16);
        let Some(process) = process else { return };
        let (is_normal, memory) = (process.is_normal(), process.durable().crash_vector.life(node));
        let last = self.standings[ordinal].last();
        if last.is_none_or(|last| (last.is_normal, last.memory) != (is_normal, memory)) {
            self.standings[ordinal].push(Standing { since: event, is_normal, memory });
        }
    }

    /// Adds what a disk did that the protocol assumes disks not to do, if one has: then it is not to blame.
    fn excused(sentence: String, world: &World<Viewstamped>) -> String {
        let forgot = world.replicas().iter().enumerate().find_map(|(ordinal, machine)| {
            machine.disk.forgot().filter(|how| *how != "was wiped").map(|how| (NodeId(ordinal as u16), how))
        });
        match forgot {
            Some((node, how)) => {
                format!("{sentence}; the disk of {} {how} before that, which no replica with a disk bears", name(node))
            }
            None => sentence,
        }
    }
}

impl Monitor<Viewstamped> for ViewstampedMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        let count = usize::from(replicas);
        Self {
            findings: Findings::new(INVARIANTS),
            quorum: count / 2 + 1,
            acknowledged: BTreeMap::new(),
            reported: vec![Vec::new(); count],
            standings: vec![Vec::new(); count],
            reports: BTreeMap::new(),
            answers: vec![Vec::new(); count],
            starts: vec![Vec::new(); count],
            begun: BTreeMap::new(),
            operations: Vec::new(),
            seen: vec![Seen::default(); count],
            scratch: Fingerprinter::new(),
        }
    }

    fn hear(&mut self, event: u32, message: u32, world: &World<Viewstamped>, trace: &Trace<Viewstamped>) {
        let Some(record) = trace.messages.get(message as usize) else { return };
        if record.from.index() < self.seen.len() && world.is_honest(record.from) {
            self.hear_word(event, record, world);
        }
    }

    fn observe(&mut self, event: u32, world: &World<Viewstamped>, trace: &Trace<Viewstamped>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        let ordinal = usize::from(record.node);
        let Some(machine) = world.replicas().get(ordinal) else { return };
        if machine.process.is_none() || record.input == InputKind::Start {
            self.seen[ordinal] = Seen::default();
        }
        if record.input == InputKind::Start {
            self.starts[ordinal].push(event);
        }
        if record.flags & flag::VIOLATION != 0 && world.is_honest(NodeId(record.node)) {
            let sentence = trace.violation_at(event).unwrap_or_default();
            self.findings.note(TRANSITIONS, event, || format!("n{}: {sentence}", ordinal + 1));
        }
        if record.input == InputKind::Message {
            self.note_told(event, ordinal, record.cause, trace);
        }
        self.note_standing(event, ordinal, machine.process.as_ref());
        self.look_at_life(event, ordinal, record.input, world);
        let begins = self.look_at_view(event, ordinal, record.input, world);
        self.look_at_operations(event, ordinal, begins, world);
    }

    fn observe_everything(&mut self, event: u32, world: &World<Viewstamped>) {
        for ordinal in 0..self.seen.len() {
            let seen = &mut self.seen[ordinal];
            (seen.op, seen.commit) = (0, 0);
            self.look_at_operations(event, ordinal, true, world);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<Viewstamped>) {
        self.findings.rewind(event);
        self.acknowledged.values_mut().for_each(|said| said.retain(|each| each.left < event));
        self.reported.iter_mut().for_each(|said| said.retain(|each| each.left < event));
        self.standings.iter_mut().for_each(|standings| standings.retain(|each| each.since < event));
        self.reports.values_mut().for_each(|told| told.retain(|each| each.handled < event));
        self.answers.iter_mut().for_each(|told| told.retain(|each| each.handled < event));
        self.starts.iter_mut().for_each(|starts| starts.retain(|start| *start < event));
        self.begun.retain(|_, begun| begun.left < event);
        self.operations.iter_mut().for_each(|operation| operation.rewind(event));
        for (ordinal, machine) in world.replicas().iter().enumerate() {
            let went_on = self.seen[ordinal].went_on.min(event.saturating_sub(1));
            let process = machine.process.as_ref();
            self.seen[ordinal] =
                process.map_or(Seen::default(), |process| Seen::of(process, NodeId(ordinal as u16), went_on));
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }
}

impl Watched for Viewstamped {
    type Monitor = ViewstampedMonitor;
}
