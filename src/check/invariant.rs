//! Invariants: what must hold after every event. A monitor reads the world after each event and never changes it.

use super::accountability::HeldProof;
use super::quorums::{BallotVotes, Meeting, SlotVotes};
use crate::kv::{Replica, Request};
use crate::process::NodeSet;
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
    /// After which event, as a place in the trace.
    pub event: u32,
    /// What was seen, in a sentence.
    pub sentence: String,
}

/// Watches one run of a protocol.
pub trait Monitor<R: Replica>: Clone {
    /// What it watches for.
    const INVARIANTS: &'static [Invariant];

    /// Begins to watch a cluster of so many replicas.
    fn new(replicas: u16) -> Self;

    /// Looks at the world after an event. Must be called once for every event, in order.
    fn observe(&mut self, event: u32, world: &World<R>, trace: &Trace<R>);

    /// Looks at all states again, and not only at what the last event changed.
    fn observe_everything(&mut self, event: u32, world: &World<R>);

    /// Forgets all events from a place on; the world stands there.
    fn rewind(&mut self, event: u32, world: &World<R>);

    /// The first time that each invariant did not hold, in the order of [`Monitor::INVARIANTS`].
    fn findings(&self) -> Vec<Finding>;

    /// Who promised and accepted each ballot before an event, lowest ballot first; nothing where there are no ballots.
    fn ballots(&self, _before: u32) -> Vec<BallotVotes> {
        Vec::new()
    }

    /// What honest replicas have carried out before an event, the world being as it is then; nothing where only clients' own requests can be.
    fn carried_out(&self, _before: u32, _world: &World<R>) -> Vec<Request> {
        Vec::new()
    }

    /// The honest replicas that have gone past a request before an event, and never will carry it out: they did something else of its client's in its
    /// place. None where nobody notes that.
    fn gone_past(&self, _request: &Request, _before: u32) -> NodeSet {
        NodeSet::EMPTY
    }

    /// The proofs of misbehaviour that replicas hold, the world being as it is before an event; nothing where nobody signs.
    fn proofs(_before: u32, _world: &World<R>, _trace: &Trace<R>) -> Vec<HeldProof> {
        Vec::new()
    }

    /// Where two majorities meet that matter, before an event; none where there are no ballots, or no two such majorities.
    fn meeting(&self, _before: u32) -> Option<Meeting> {
        None
    }

    /// Who accepted what in some of the slots of a log before an event, first slot first; nothing where a log has no acceptors.
    fn slots(&self, _slots: RangeInclusive<u64>, _before: u32) -> Vec<SlotVotes> {
        Vec::new()
    }
}

/// A protocol whose invariants are watched.
pub trait Watched: Replica {
    /// What watches it.
    type Monitor: Monitor<Self>;
}

/// The first finding for each invariant of a list.
#[derive(Clone, Debug)]
pub(crate) struct Findings {
    invariants: &'static [Invariant],
    first: Vec<Option<(u32, String)>>,
}

impl Findings {
    pub(crate) fn new(invariants: &'static [Invariant]) -> Self {
        Self { invariants, first: vec![None; invariants.len()] }
    }

    /// Notes that an invariant did not hold, unless an earlier event is noted already.
    pub(crate) fn note(&mut self, place: usize, event: u32, sentence: impl FnOnce() -> String) {
        if let Some(slot) = self.first.get_mut(place).filter(|slot| slot.is_none()) {
            *slot = Some((event, sentence()));
        }
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
                slot.as_ref().map(|(event, sentence)| Finding { invariant: *invariant, event: *event, sentence: sentence.clone() })
            })
            .collect()
    }
}
