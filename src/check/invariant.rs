//! Invariants: what must hold after every event. A monitor reads the world after each event and never changes it.

use super::accountability::{Culprits, HeldProof};
use super::quorums::{BallotVotes, Meeting, SlotVotes};
use crate::kv::{Replica, Request};
use crate::process::{NodeId, NodeSet};
use crate::sim::{Trace, World};
use std::ops::RangeInclusive;

/// An invariant, by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Invariant {
    /// In kebab-case, as links and the command line write it.
    pub name: &'static str,
    /// One sentence that states it.
    pub text: &'static str,
    /// Where the paper says so.
    pub source: &'static str,
}

/// An invariant that did not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Which invariant.
    pub invariant: Invariant,
    /// After which event, as an index into the trace.
    pub event: u32,
    /// What was seen, in a sentence.
    pub sentence: String,
    /// The events that are responsible, in their order, at most [`REASONS_MAX`]; the last of them is the event after
    /// which it did not hold, or the one by which what was said left its sender.
    pub because: Vec<Reason>,
    /// The entries of logs that it is about: whose, and at which index.
    pub cells: Vec<(NodeId, u64)>,
}

/// Most events that are given as responsible for one finding.
pub const REASONS_MAX: usize = 8;

/// An event that is responsible for a finding, and what it has to do with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// The event, as an index into the trace.
    pub event: u32,
    /// What it has to do with the finding, in a sentence.
    pub sentence: String,
}

/// What is noted of an invariant that did not hold: a sentence, and the events that are responsible.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    sentence: String,
    because: Vec<Reason>,
    cells: Vec<(NodeId, u64)>,
}

impl Found {
    /// What was seen, in a sentence.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), because: Vec::new(), cells: Vec::new() }
    }

    /// An event that is responsible, and what it has to do with it. Those that come first weigh most: beyond
    /// [`REASONS_MAX`] they are left out.
    #[must_use]
    pub(crate) fn because(mut self, event: u32, sentence: impl Into<String>) -> Self {
        if self.because.len() < REASONS_MAX && self.because.iter().all(|reason| reason.event != event) {
            self.because.push(Reason { event, sentence: sentence.into() });
        }
        self
    }

    /// An entry of a log that it is about.
    #[must_use]
    pub(crate) fn at(mut self, node: NodeId, index: u64) -> Self {
        if !self.cells.contains(&(node, index)) {
            self.cells.push((node, index));
        }
        self
    }
}

impl From<String> for Found {
    fn from(sentence: String) -> Self {
        Self::new(sentence)
    }
}

/// Where an entry of a log comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Who held it first, and after which event: the leader that wrote it, unless a fault has hidden that.
    pub written: Option<(NodeId, u32)>,
    /// The client whose command it is.
    pub client: Option<NodeId>,
    /// When it was decided: whose doing that was, and the event.
    pub decided: Option<(NodeId, u32)>,
    /// Those whose word decided it. Nobody where the messages alone tell.
    pub backers: NodeSet,
}

/// An entry that a replica held, and that another one has replaced.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overwritten {
    /// The replica.
    pub node: NodeId,
    /// Where it stood.
    pub index: u64,
    /// Its term or ballot.
    pub epoch: u64,
    /// The command, in a few characters.
    pub text: String,
    /// After which event it was gone.
    pub event: u32,
}

/// Watches one run of a protocol.
pub trait Monitor<R: Replica>: Clone {
    /// What it watches for.
    const INVARIANTS: &'static [Invariant];

    /// Begins to watch a cluster of so many replicas.
    fn new(replicas: u16) -> Self;

    /// Hears of a message that has left its sender, at the end of a flush before an event or with the event itself.
    /// What a process has *said* is judged by this alone, and kept by the monitor: a crash, a wiped disk or a later
    /// write takes nothing of it back. Called for each message of [`World::departed`], in order, before
    /// [`Monitor::observe`] of that event.
    fn hear(&mut self, _event: u32, _message: u32, _world: &World<R>, _trace: &Trace<R>) {}

    /// Looks at the world after an event. Must be called once for every event, in order.
    fn observe(&mut self, event: u32, world: &World<R>, trace: &Trace<R>);

    /// Looks at all states again, and not only at what the last event changed.
    fn observe_everything(&mut self, event: u32, world: &World<R>);

    /// Forgets all events from a moment on; the world stands there.
    fn rewind(&mut self, event: u32, world: &World<R>);

    /// The first time that each invariant did not hold, in the order of [`Monitor::INVARIANTS`].
    fn findings(&self) -> Vec<Finding>;

    /// Who promised and accepted each ballot before an event, lowest ballot first; nothing where there are no ballots.
    fn ballots(&self, _before: u32) -> Vec<BallotVotes> {
        Vec::new()
    }

    /// What honest replicas have carried out before an event, the world being as it is then; nothing where only
    /// clients' own requests can be.
    fn carried_out(&self, _before: u32, _world: &World<R>) -> Vec<Request> {
        Vec::new()
    }

    /// The honest replicas that have gone past a request before an event, and never will carry it out: they did
    /// something else of its client's in its place. None where nobody notes that.
    fn gone_past(&self, _request: &Request, _before: u32) -> NodeSet {
        NodeSet::EMPTY
    }

    /// The highest index that was first known to be decided after an event; none where an event decided nothing, or
    /// nobody numbers decisions.
    fn decided_in(&self, _event: u32) -> Option<u64> {
        None
    }

    /// Where an entry comes from that a replica holds: written and decided before an event. None where there is no log
    /// whose entries have a writer.
    fn origin(&self, _index: u64, _epoch: u64, _before: u32) -> Option<Origin> {
        None
    }

    /// Entries that replicas held and wrote over before an event, in the order in which that happened.
    fn overwritten(&self, _before: u32) -> Vec<Overwritten> {
        Vec::new()
    }

    /// The proofs of misbehaviour that replicas hold, the world being as it is before an event; nothing where nobody
    /// signs.
    fn proofs(_before: u32, _world: &World<R>, _trace: &Trace<R>) -> Vec<HeldProof> {
        Vec::new()
    }

    /// Who is to blame for the disagreement of honest replicas that was found before an event, the world being as it is
    /// then; none where they have not disagreed, or nobody signs.
    fn culprits(&self, _before: u32, _world: &World<R>, _trace: &Trace<R>) -> Option<Culprits> {
        None
    }

    /// Where two majorities meet that matter, before an event; none where there are no ballots, or no two such
    /// majorities.
    fn meeting(&self, _before: u32) -> Option<Meeting> {
        None
    }

    /// Who accepted what in some of the slots of a log before an event, first slot first; nothing where a log has no
    /// acceptors.
    fn slots(&self, _slots: RangeInclusive<u64>, _before: u32) -> Vec<SlotVotes> {
        Vec::new()
    }
}

/// Watches for nothing: for a protocol of which no invariant is written down yet. Its clients' history is judged all
/// the same.
#[derive(Clone, Debug)]
pub struct NoMonitor;

impl<R: Replica> Monitor<R> for NoMonitor {
    const INVARIANTS: &'static [Invariant] = &[];

    fn new(_: u16) -> Self {
        Self
    }

    fn observe(&mut self, _: u32, _: &World<R>, _: &Trace<R>) {}

    fn observe_everything(&mut self, _: u32, _: &World<R>) {}

    fn rewind(&mut self, _: u32, _: &World<R>) {}

    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

/// Lets a monitor hear and see all of an event that has just happened.
pub fn watch<R: Replica, M: Monitor<R>>(monitor: &mut M, event: u32, world: &World<R>, trace: &Trace<R>) {
    for &message in world.departed() {
        monitor.hear(event, message, world, trace);
    }
    monitor.observe(event, world, trace);
}

/// A protocol whose invariants are watched.
pub trait Watched: Replica {
    /// What watches it.
    type Monitor: Monitor<Self>;

    /// The rules by which a replica says that enough others have said the same.
    const QUORUMS: &'static [QuorumRule<Self::Rule>] = &[];
}

/// A rule that fires when a quorum is complete.
#[derive(Clone, Copy, Debug)]
pub struct QuorumRule<R> {
    /// The rule.
    pub rule: R,
    /// What was counted: one of [`Message::KINDS`](crate::process::Message::KINDS).
    pub kind: &'static str,
    /// Something is decided, or somebody elected, by it; else it is a step on the way.
    pub decides: bool,
}

impl<R> QuorumRule<R> {
    /// A quorum that decides, or elects.
    pub const fn deciding(rule: R, kind: &'static str) -> Self {
        Self { rule, kind, decides: true }
    }

    /// A quorum that is a step on the way.
    pub const fn step(rule: R, kind: &'static str) -> Self {
        Self { rule, kind, decides: false }
    }
}

/// The first finding for each invariant of a list.
#[derive(Clone, Debug)]
pub(crate) struct Findings {
    invariants: &'static [Invariant],
    first: Vec<Option<(u32, Found)>>,
}

impl Findings {
    pub(crate) fn new(invariants: &'static [Invariant]) -> Self {
        Self { invariants, first: vec![None; invariants.len()] }
    }

    /// Notes that an invariant did not hold, unless an earlier event is noted already.
    pub(crate) fn note<F: Into<Found>>(&mut self, place: usize, event: u32, found: impl FnOnce() -> F) {
        if let Some(slot) = self.first.get_mut(place).filter(|slot| slot.is_none()) {
            let mut found: Found = found().into();
            if found.because.is_empty() {
                let sentence = found.sentence.clone();
                found = found.because(event, sentence);
            }
            found.because.sort_by_key(|reason| reason.event);
            *slot = Some((event, found));
        }
    }

    /// Whether nothing is noted of an invariant: what is found is worth working out.
    pub(crate) fn lacks(&self, place: usize) -> bool {
        self.first.get(place).is_some_and(Option::is_none)
    }

    pub(crate) fn rewind(&mut self, event: u32) {
        for slot in &mut self.first {
            if slot.as_ref().is_some_and(|(noted, _)| *noted >= event) {
                *slot = None;
            }
        }
    }

    pub(crate) fn list(&self) -> Vec<Finding> {
        let noted = self.invariants.iter().zip(&self.first);
        noted
            .filter_map(|(invariant, slot)| {
                let (event, Found { sentence, because, cells }) = slot.clone()?;
                Some(Finding { invariant: *invariant, event, sentence, because, cells })
            })
            .collect()
    }
}
