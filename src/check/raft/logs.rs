//! What logs hold: Log Matching and Leader Append-Only, and the order of indexes.
//!
//! Log Matching needs no comparison of whole logs: if an index and a term always come with the same command *and the
//! same term before it*, then by induction two logs that share an entry are identical up to there.

use super::{INDEXES_IN_ORDER, LEADER_APPEND_ONLY, LOG_MATCHING, RaftMonitor, name, slot};
use crate::check::invariant::Found;
use crate::process::NodeId;
use crate::raft::Raft;
use crate::raft::log::{Entry, Index, Log, Payload, Term};
use std::sync::Arc;

/// The first sighting of an entry.
#[derive(Clone, Debug)]
pub(super) struct Sighting {
    pub event: u32,
    pub node: NodeId,
    term: Term,
    prev_term: Term,
    pub payload: Arc<Payload>,
}

impl Sighting {
    pub(super) fn term(&self) -> Term {
        self.term
    }
}

/// The terms of a log, each with the first index that has it.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    base: Index,
    pub last: Index,
    terms: Vec<(Index, Term)>,
}

impl Outline {
    pub(super) fn of(log: &Log) -> Self {
        let mut terms: Vec<(Index, Term)> = Vec::new();
        for (index, entry) in log.iter() {
            if terms.last().is_none_or(|(_, term)| *term != entry.term) {
                terms.push((index, entry.term));
            }
        }
        Self { base: log.base_index(), last: log.last_index(), terms }
    }

    /// The term of an entry, if the log had it and had not dropped it.
    pub(super) fn term_at(&self, index: Index) -> Option<Term> {
        let position = self.terms.partition_point(|(first, _)| *first <= index).checked_sub(1)?;
        self.terms.get(position).filter(|_| index <= self.last).map(|(_, term)| *term)
    }

    /// Whether the log had an entry, perhaps one that its snapshot covers.
    pub(super) fn holds(&self, index: Index, term: Term) -> bool {
        index <= self.base || self.term_at(index) == Some(term)
    }
}

impl RaftMonitor {
    /// Leader Append-Only, and Log Matching for entries that are new in this log.
    pub(super) fn check_log(&mut self, event: u32, node: NodeId, raft: &Raft, is_leader: bool) {
        let log = raft.log();
        let seen = &self.seen[node.index()];
        let before = seen.terms.len() as u64;
        let kept = before.min(log.last_index());
        let mut first_new = log.last_index() + 1;
        while first_new > log.base_index() + 1 {
            let index = first_new - 1;
            if index <= kept && log.term_at(index) == seen.terms.get(index as usize - 1).copied() {
                break;
            }
            first_new = index;
        }
        self.note_replaced(event, node, log, first_new);
        let seen = &mut self.seen[node.index()];
        let base_moved = std::mem::replace(&mut seen.base_index, log.base_index()) != log.base_index();
        seen.terms.resize(first_new as usize - 1, 0);
        for entry in log.slice(first_new, log.last_index()) {
            seen.terms.push(entry.term);
        }
        if is_leader && first_new <= before {
            self.found(LEADER_APPEND_ONLY, event, |monitor| {
                monitor.leaders_entry_changed(event, node, raft.current_term(), first_new)
            });
        }
        for (position, entry) in log.slice(first_new, log.last_index()).iter().enumerate() {
            let index = first_new + position as u64;
            self.check_entry(event, node, index, entry, log.term_at(index - 1).unwrap_or_default());
        }
        // A snapshot may have put another term before an entry that is not new.
        if let Some(entry) = log.get(log.base_index() + 1).filter(|_| base_moved && first_new > log.base_index() + 1) {
            self.check_entry(
                event,
                node,
                log.base_index() + 1,
                entry,
                log.term_at(log.base_index()).unwrap_or_default(),
            );
        }
    }

    fn leaders_entry_changed(&self, event: u32, node: NodeId, term: Term, index: Index) -> Found {
        let leader = name(node);
        let mut found = Found::new(format!("{leader} leads term {term} and has changed its entry {index}"))
            .at(node, index)
            .because(event, format!("{leader} deletes or overwrites its entry {index}"));
        if let Some(led) = self.leaders.get(&(term, node)) {
            found = found.because(led.event, format!("{leader} becomes the leader of term {term}"));
        }
        match self.entries.get(index as usize - 1).and_then(Option::as_ref) {
            Some(first) => {
                found.because(first.event, format!("{} has an entry {index}, of term {}", name(first.node), first.term))
            }
            None => found,
        }
    }

    pub(super) fn check_entry(&mut self, event: u32, node: NodeId, index: Index, entry: &Entry, prev_term: Term) {
        let sighting = || Sighting { event, node, term: entry.term, prev_term, payload: entry.payload.clone() };
        let first = slot(&mut self.entries, index).get_or_insert_with(sighting);
        let known = if first.term == entry.term {
            first
        } else {
            self.other_entries.entry((index, entry.term)).or_insert_with(sighting)
        };
        let same_command = Arc::ptr_eq(&known.payload, &entry.payload) || known.payload == entry.payload;
        if !same_command || known.prev_term != prev_term {
            let known = known.clone();
            self.found(LOG_MATCHING, event, |monitor| monitor.logs_differ(&known, &sighting(), index));
        }
    }

    fn logs_differ(&self, one: &Sighting, other: &Sighting, index: Index) -> Found {
        let term = one.term;
        let tell = |sighting: &Sighting| {
            let of = name(sighting.node);
            if one.payload == other.payload {
                format!("before entry {index} of term {term}, {of} has one of term {}", sighting.prev_term)
            } else {
                format!("entry {index} of term {term} is {} in the log of {of}", sighting.payload)
            }
        };
        let mut found = Found::new(format!("{}; {}", tell(one), tell(other)))
            .at(one.node, index)
            .at(other.node, index)
            .because(other.event, tell(other))
            .because(one.event, tell(one));
        for ((_, leader), led) in self.leaders.range((term, NodeId(0))..=(term, NodeId(u16::MAX))) {
            found = found.because(led.event, format!("{} becomes the leader of term {term}", name(*leader)));
        }
        found
    }

    /// When the entry that a server holds at an index was first seen, and in whose log.
    pub(super) fn first_seen(&self, index: Index, term: Term) -> Option<(u32, NodeId)> {
        self.sighting(index, term).map(|sighting| (sighting.event, sighting.node))
    }

    pub(super) fn sighting(&self, index: Index, term: Term) -> Option<&Sighting> {
        let first = self.entries.get((index as usize).checked_sub(1)?)?.as_ref()?;
        if first.term == term { Some(first) } else { self.other_entries.get(&(index, term)) }
    }

    pub(super) fn check_order(&mut self, event: u32, node: NodeId, raft: &Raft) {
        let seen = &self.seen[node.index()];
        let (base, applied) = (raft.log().base_index(), raft.last_applied());
        let (commit, last) = (raft.commit_index(), raft.log().last_index());
        let (was_committed, commit_event) = (seen.commit_index, seen.commit_event);
        let (was_applied, applied_event) = (seen.last_applied, seen.applied_event);
        if base > applied || applied > commit || commit > last {
            let sentence =
                format!("{}: dropped to {base}, applied to {applied}, committed to {commit}, last {last}", name(node));
            self.found(INDEXES_IN_ORDER, event, |_| {
                let found = Found::new(sentence.clone()).because(event, sentence);
                if applied > commit && applied_event < event {
                    found.because(applied_event, format!("{} applies up to entry {was_applied}", name(node)))
                } else if commit > last && commit_event < event {
                    found.because(commit_event, format!("{} commits up to entry {was_committed}", name(node)))
                } else {
                    found
                }
            });
        }
        if commit < was_committed || applied < was_applied {
            self.found(INDEXES_IN_ORDER, event, |_| {
                Found::new(format!("{}: commit or applied index fell to {commit}, {applied}", name(node)))
                    .because(event, format!("{}: commit index {commit}, applied {applied}", name(node)))
                    .because(commit_event, format!("{} commits up to entry {was_committed}", name(node)))
                    .because(applied_event, format!("{} applies up to entry {was_applied}", name(node)))
            });
        }
    }
}
