//! The log: entries from index 1, the oldest dropped behind a snapshot.

use crate::kv::Request;
use crate::kv::pieces::ITEM_BYTES;
use crate::process::{Fingerprint, Fingerprinter, fingerprint_enum, fingerprint_struct};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A term: time, as Raft counts it.
pub type Term = u64;

/// A place in the log, from 1. 0 stands before the first entry.
pub type Index = u64;

/// What an entry asks the state machine to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Payload {
    /// Nothing: the entry of a new leader.
    NoOp,
    /// A client's command.
    Command(Request),
}

fingerprint_enum!(Payload {
    0 => NoOp,
    1 => Command(request),
});

impl Payload {
    /// What it costs in a message, in bytes.
    fn bytes(&self) -> u64 {
        match self {
            Self::NoOp => ITEM_BYTES,
            Self::Command(request) => ITEM_BYTES + request.command.bytes(),
        }
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOp => f.write_str("no-op"),
            Self::Command(request) => write!(f, "{}", request.command),
        }
    }
}

/// An entry of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The term of the leader that made it.
    pub term: Term,
    /// What it asks for.
    pub payload: Arc<Payload>,
}

fingerprint_struct!(Entry { term, payload });

/// Entries on their way to a follower or a disk, shared between all who hold them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entries(Option<Arc<[Entry]>>);

impl Fingerprint for Entries {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        (**self).fingerprint(into);
    }
}

impl Deref for Entries {
    type Target = [Entry];

    fn deref(&self) -> &[Entry] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl From<&[Entry]> for Entries {
    fn from(entries: &[Entry]) -> Self {
        // The empty message is the most frequent one: it costs no memory.
        Self(if entries.is_empty() { None } else { Some(entries.into()) })
    }
}

/// A log whose oldest entries may be dropped.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Log {
    base_index: Index,
    base_term: Term,
    entries: Vec<Entry>,
}

fingerprint_struct!(Log { base_index, base_term, entries });

impl Log {
    /// The last index that was dropped; 0 if none was.
    pub fn base_index(&self) -> Index {
        self.base_index
    }

    /// The last index.
    #[inline]
    pub fn last_index(&self) -> Index {
        self.base_index + self.entries.len() as u64
    }

    /// The term of the last entry; 0 if there never was one.
    #[inline]
    pub fn last_term(&self) -> Term {
        self.entries.last().map_or(self.base_term, |entry| entry.term)
    }

    /// The term at an index: known for entries that are there, for the last dropped one, and for 0.
    #[inline]
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == self.base_index { Some(self.base_term) } else { self.get(index).map(|entry| entry.term) }
    }

    /// The entry at an index, if it is there.
    #[inline]
    pub fn get(&self, index: Index) -> Option<&Entry> {
        let place = index.checked_sub(self.base_index + 1)?;
        self.entries.get(place as usize)
    }

    /// The entries from one index up to another, both included, as far as they are there.
    #[inline]
    pub fn slice(&self, first: Index, last: Index) -> &[Entry] {
        let start = first.saturating_sub(self.base_index + 1).min(self.entries.len() as u64);
        let end = last.saturating_sub(self.base_index).min(self.entries.len() as u64);
        self.entries.get(start as usize..end as usize).unwrap_or_default()
    }

    /// As many of those entries as so many bytes hold; one at least, if there is any.
    pub fn slice_within(&self, first: Index, last: Index, bytes_max: u64) -> &[Entry] {
        let entries = self.slice(first, last);
        let mut bytes = 0;
        let fitting = entries.iter().take_while(|entry| {
            bytes += entry.payload.bytes();
            bytes <= bytes_max
        });
        let fitting = fitting.count().max(1).min(entries.len());
        &entries[..fitting]
    }

    /// All entries that are there, with their indexes.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Index, &Entry)> {
        self.entries.iter().enumerate().map(|(place, entry)| (self.base_index + 1 + place as u64, entry))
    }

    /// The first index of the term that the entry at an index has, as far as the log still knows.
    pub fn first_index_of_term_at(&self, index: Index) -> Index {
        let Some(term) = self.term_at(index) else { return index };
        let mut first = index;
        while first > self.base_index + 1 && self.term_at(first - 1) == Some(term) {
            first -= 1;
        }
        first
    }

    /// The last index at or before another whose entry's term is at most the given one.
    pub fn last_index_up_to_term(&self, term: Term, at_most: Index) -> Index {
        let mut index = at_most.min(self.last_index());
        while index > self.base_index && self.term_at(index).is_some_and(|held| held > term) {
            index -= 1;
        }
        index
    }

    /// Replaces all that follows an index.
    pub fn replace_after(&mut self, index: Index, entries: &[Entry]) {
        self.entries.truncate(index.saturating_sub(self.base_index) as usize);
        self.entries.extend_from_slice(entries);
    }

    /// Drops all entries up to an index, which must be there.
    pub fn drop_up_to(&mut self, index: Index) {
        let Some(term) = self.term_at(index).filter(|_| index > self.base_index) else { return };
        self.entries.drain(..(index - self.base_index) as usize);
        self.base_index = index;
        self.base_term = term;
    }

    /// Starts anew behind an index.
    pub fn restart_after(&mut self, index: Index, term: Term) {
        *self = Self { base_index: index, base_term: term, entries: Vec::new() };
    }

    /// Moves the beginning to an index without looking at what was there. Only a mutation does that.
    pub(super) fn rebase_blindly(&mut self, index: Index, term: Term) {
        let drop = index.saturating_sub(self.base_index).min(self.entries.len() as u64);
        self.entries.drain(..drop as usize);
        self.base_index = index;
        self.base_term = term;
    }
}

/// Whether a log that ends with one (term, index) is at least as up to date as one that ends with another (Raft, 5.4.1).
pub fn is_up_to_date(candidate: (Term, Index), own: (Term, Index)) -> bool {
    candidate >= own
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(terms: &[Term]) -> Log {
        let entries: Vec<Entry> = terms.iter().map(|&term| Entry { term, payload: Arc::new(Payload::NoOp) }).collect();
        let mut log = Log::default();
        log.replace_after(0, &entries);
        log
    }

    #[test]
    fn the_later_last_term_is_more_up_to_date_and_then_the_longer_log() {
        assert!(is_up_to_date((3, 1), (2, 9)), "R3: a longer log of an older term is behind");
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
    fn terms_stay_known_behind_a_snapshot() {
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
