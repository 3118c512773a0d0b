//! Raft's log: entries from index 1, each with its leader's term; the oldest are dropped once a snapshot covers them.

pub use crate::replicated_log::{Index, Payload};

use crate::kv::pieces::fitting;
use crate::process::{Fingerprint, Fingerprinter, fingerprint_struct};
use crate::replicated_log::{Shared, Suffix};
use std::sync::Arc;

/// A term: time, as Raft counts it.
pub type Term = u64;

/// An entry of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The term of the leader that made it.
    pub term: Term,
    /// What it asks for.
    pub payload: Arc<Payload>,
}

fingerprint_struct!(Entry { term, payload });

/// Entries on their way to a follower or a disk.
pub type Entries = Shared<Entry>;

/// A log whose oldest entries may be dropped. The term of the last dropped one stays known: what comes after it is
/// compared with it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Log {
    base_term: Term,
    entries: Suffix<Entry>,
}

impl Fingerprint for Log {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { base_term, entries } = self;
        entries.base().fingerprint(into);
        base_term.fingerprint(into);
        entries.entries().fingerprint(into);
    }
}

impl Log {
    /// The last index that was dropped; 0 if none was.
    pub fn base_index(&self) -> Index {
        self.entries.base()
    }

    /// The last index.
    #[inline]
    pub fn last_index(&self) -> Index {
        self.entries.last()
    }

    /// The term of the last entry; 0 if there never was one.
    #[inline]
    pub fn last_term(&self) -> Term {
        self.entries.entries().last().map_or(self.base_term, |entry| entry.term)
    }

    /// The term at an index: known for entries that are there, for the last dropped one, and for 0.
    #[inline]
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == self.base_index() { Some(self.base_term) } else { self.get(index).map(|entry| entry.term) }
    }

    /// The entry at an index, if it is there.
    #[inline]
    pub fn get(&self, index: Index) -> Option<&Entry> {
        self.entries.get(index)
    }

    /// The entries from one index up to another, both included, as far as they are there.
    #[inline]
    pub fn slice(&self, first: Index, last: Index) -> &[Entry] {
        self.entries.slice(first, last)
    }

    /// As many of those entries as so many bytes hold; one at least, if there is any.
    pub fn slice_within(&self, first: Index, last: Index, bytes_max: u64) -> &[Entry] {
        let entries = self.slice(first, last);
        &entries[..fitting(entries.iter().map(|entry| entry.payload.bytes()), bytes_max) as usize]
    }

    /// All entries that are there, with their indexes.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Index, &Entry)> {
        self.entries.iter()
    }

    /// The first index of the term that the entry at an index has, as far as the log still knows. There must be one.
    pub fn first_index_of_term_at(&self, index: Index) -> Index {
        let term = self.term_at(index);
        debug_assert!(term.is_some(), "there is no entry {index}");
        let mut first = index;
        while first > self.base_index() + 1 && self.term_at(first - 1) == term {
            first -= 1;
        }
        first
    }

    /// The last index up to another whose entry's term is at most the given one.
    pub fn last_index_up_to_term(&self, term: Term, at_most: Index) -> Index {
        let mut index = at_most.min(self.last_index());
        while index > self.base_index() && self.term_at(index).is_some_and(|held| held > term) {
            index -= 1;
        }
        index
    }

    /// Replaces all that comes after an index.
    pub fn replace_after(&mut self, index: Index, entries: &[Entry]) {
        self.entries.replace_after(index, entries);
    }

    /// Drops all entries up to an index. One that was dropped before is dropped; one that is not there (after a torn
    /// disk) drops nothing.
    pub fn drop_up_to(&mut self, index: Index) {
        let Some(term) = self.term_at(index).filter(|_| index > self.base_index()) else { return };
        self.entries.drop_up_to(index);
        self.base_term = term;
    }

    /// Starts anew after an index.
    pub fn restart_after(&mut self, index: Index, term: Term) {
        *self = Self { base_term: term, entries: Suffix::starting_after(index) };
    }

    /// Moves the beginning to an index without looking at what was there. Only a departure does that.
    pub(super) fn rebase_blindly(&mut self, index: Index, term: Term) {
        let kept: Vec<Entry> = self.iter().filter(|(held, _)| *held > index).map(|(_, entry)| entry.clone()).collect();
        self.restart_after(index, term);
        self.replace_after(index, &kept);
    }
}

/// Whether a log that ends with one (term, index) is at least as up to date as one that ends with another (Raft,
/// 5.4.1).
pub fn is_up_to_date(candidate: (Term, Index), own: (Term, Index)) -> bool {
    candidate >= own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::pieces::ITEM_BYTES;

    fn log(terms: &[Term]) -> Log {
        let entries: Vec<Entry> = terms.iter().map(|&term| Entry { term, payload: Arc::new(Payload::NoOp) }).collect();
        let mut log = Log::default();
        log.replace_after(0, &entries);
        log
    }

    #[test]
    fn the_later_last_term_is_more_up_to_date_and_then_the_longer_log() {
        assert!(is_up_to_date((3, 1), (2, 9)), "R3: a longer log of an older term lacks entries");
        assert!(!is_up_to_date((2, 9), (3, 1)));
        assert!(is_up_to_date((3, 4), (3, 4)));
        assert!(!is_up_to_date((3, 3), (3, 4)));
    }

    #[test]
    fn a_message_is_full_when_its_bytes_are_and_one_entry_always_travels() {
        let log = log(&[1, 1, 1, 1]);
        assert_eq!(log.slice_within(2, 9, 0).len(), 1);
        assert_eq!(log.slice_within(2, 9, 2 * ITEM_BYTES).len(), 2);
        assert_eq!(log.slice_within(2, 9, 1 << 20).len(), 3);
        assert_eq!(log.slice_within(5, 9, 1 << 20).len(), 0);
    }

    #[test]
    fn the_term_of_the_last_dropped_entry_stays_known() {
        let mut log = log(&[1, 1, 2, 3]);
        log.drop_up_to(3);
        assert_eq!((log.base_index(), log.last_index()), (3, 4));
        assert_eq!(log.term_at(2), None);
        assert_eq!(log.term_at(3), Some(2));
        assert_eq!(log.term_at(4), Some(3));
        assert_eq!(log.slice(1, 9).len(), 1);
    }

    #[test]
    fn the_first_index_of_a_term_is_where_a_conflict_may_begin() {
        assert_eq!(log(&[1, 2, 2, 2, 3]).first_index_of_term_at(4), 2);
        assert_eq!(log(&[1, 1, 1]).first_index_of_term_at(3), 1);
        assert_eq!(log(&[1, 2, 2, 5, 5]).last_index_up_to_term(3, 5), 3);
    }
}
