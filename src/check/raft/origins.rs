//! Where entries come from, and which were written over: what the page says of a cell of a log.

use super::RaftMonitor;
use super::logs::Sighting;
use crate::check::{Origin, Overwritten, SlotBallot, SlotVotes};
use crate::process::{NodeId, NodeSet};
use crate::raft::log::{Index, Log, Payload, Term};

/// An entry that a server held, and holds no more: another is there, or the log ends before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replaced {
    pub event: u32,
    node: NodeId,
    index: Index,
    term: Term,
}

impl RaftMonitor {
    /// A server's log has changed from an index on, and perhaps its snapshot covers more: notes which of the entries
    /// that it had are there no more. What a snapshot covers is replaced where something else is committed there. Must
    /// be called before the new terms are kept.
    pub(super) fn note_replaced(&mut self, event: u32, node: NodeId, log: &Log, first_new: Index) {
        let seen = &self.seen[node.index()];
        let (last, base) = (seen.terms.len() as Index, log.base_index());
        let held = |index: Index| seen.terms.get(index as usize - 1).copied().filter(|term| *term > 0);
        let committed =
            |index: Index| self.committed.get(index as usize - 1).copied().flatten().map(|found| found.term());
        let covered = (seen.base_index + 1..=base.min(last)).filter(|&index| {
            committed(index).is_some_and(|committed| held(index).is_some_and(|term| term != committed))
        });
        // A log that only became shorter went with its disk: nothing was written over.
        let end = if first_new <= log.last_index() { last } else { 0 };
        let rewritten = (first_new.max(base + 1)..=end).filter(|&index| log.term_at(index) != held(index));
        let indexes: Vec<Index> = covered.chain(rewritten).collect();
        let replaced: Vec<Replaced> =
            indexes.into_iter().filter_map(|index| Some(Replaced { event, node, index, term: held(index)? })).collect();
        self.replaced.extend(replaced);
    }

    pub(super) fn overwritten_before(&self, before: u32) -> Vec<Overwritten> {
        let of = |replaced: &Replaced| Overwritten {
            node: replaced.node,
            index: replaced.index,
            epoch: replaced.term,
            text: self
                .sighting(replaced.index, replaced.term)
                .map_or_else(String::new, |first| first.payload.to_string()),
            event: replaced.event,
        };
        self.replaced.iter().filter(|replaced| replaced.event < before).map(of).collect()
    }

    pub(super) fn origin_of(&self, index: Index, term: Term, before: u32) -> Option<Origin> {
        let first = self.sighting(index, term).filter(|first| first.event < before)?;
        let client = match &*first.payload {
            Payload::NoOp => None,
            Payload::Command(request) => Some(request.client),
        };
        let committed = (index as usize).checked_sub(1).and_then(|position| *self.committed.get(position)?);
        let decided = committed.filter(|committed| committed.term() == term && committed.event < before);
        Some(Origin {
            written: Some((first.node, first.event)),
            client,
            decided: decided.map(|committed| (committed.by(), committed.event)),
            backers: NodeSet::EMPTY,
        })
    }

    /// The entries seen at an index before an event, lowest term first, and who has acknowledged each to its leader.
    pub(super) fn slot_of(&self, index: Index, before: u32) -> Option<SlotVotes> {
        let position = (index as usize).checked_sub(1).filter(|position| *position < self.entries.len())?;
        let committed = self.committed.get(position).copied().flatten().filter(|committed| committed.event < before);
        let first = self.entries[position].iter();
        let others = self.other_entries.range((index, 0)..=(index, Term::MAX)).map(|(_, sighting)| sighting);
        let seen = first.chain(others).filter(|sighting| sighting.event < before);
        let entry = |sighting: &Sighting| {
            let term = sighting.term();
            let has_said = |server: &usize| {
                let said = self.said[*server].acknowledged(term, index).is_some_and(|said| said.when.left < before);
                said || sighting.node.index() == *server
            };
            SlotBallot {
                epoch: term,
                value: sighting.payload.to_string(),
                acceptors: (0..self.said.len()).filter(has_said).map(|server| NodeId(server as u16)).collect(),
                is_chosen: committed.is_some_and(|committed| committed.term() == term),
            }
        };
        let mut accepted: Vec<SlotBallot> = seen.map(entry).collect();
        accepted.sort_by_key(|entry| entry.epoch);
        let chosen = accepted.iter().find(|entry| entry.is_chosen).map(|entry| entry.value.clone());
        (!accepted.is_empty()).then_some(SlotVotes { slot: index, chosen, accepted })
    }

    /// The highest index whose entry was first known to be committed after an event.
    pub(super) fn committed_in(&self, event: u32) -> Option<Index> {
        let position =
            self.committed.iter().rposition(|slot| slot.is_some_and(|committed| committed.event == event))?;
        Some(position as Index + 1)
    }
}
