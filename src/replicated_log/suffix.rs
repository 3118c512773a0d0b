//! The log as it is kept: a suffix without gaps. What a snapshot covers may be dropped from its beginning.
//!
//! ```text
//! index      1   2   3   4   5   6   7
//!          └─ dropped ─┘ ┌───┬───┬───┐
//!                  base=4│ e5│ e6│ e7│  last=7
//!                        └───┴───┴───┘
//! ```

use super::Index;
use crate::process::{Fingerprint, Fingerprinter};

/// Entries with the indexes `base + 1` to `last`, without gaps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suffix<T> {
    base: Index,
    entries: Vec<T>,
}

impl<T> Default for Suffix<T> {
    fn default() -> Self {
        Self { base: 0, entries: Vec::new() }
    }
}

impl<T: Fingerprint> Fingerprint for Suffix<T> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { base, entries } = self;
        base.fingerprint(into);
        entries.fingerprint(into);
    }
}

impl<T> Suffix<T> {
    /// A log without entries, all of which up to an index were dropped.
    pub fn starting_after(base: Index) -> Self {
        Self { base, entries: Vec::new() }
    }

    /// The last index that was dropped; 0 if none was.
    #[inline]
    pub fn base(&self) -> Index {
        self.base
    }

    /// The last index; the base, if no entry is there.
    #[inline]
    pub fn last(&self) -> Index {
        self.base + self.entries.len() as u64
    }

    /// The entry at an index, if it is there.
    #[inline]
    pub fn get(&self, index: Index) -> Option<&T> {
        self.entries.get(index.checked_sub(self.base + 1)? as usize)
    }

    /// All entries that are there.
    #[inline]
    pub fn entries(&self) -> &[T] {
        &self.entries
    }

    /// The entries from one index up to another, both included, as far as they are there.
    #[inline]
    pub fn slice(&self, first: Index, last: Index) -> &[T] {
        debug_assert!(first <= last.saturating_add(1), "entries {first} to {last} are no range");
        let start = first.saturating_sub(self.base + 1).min(self.entries.len() as u64);
        let end = last.saturating_sub(self.base).min(self.entries.len() as u64);
        self.entries.get(start as usize..end as usize).unwrap_or_default()
    }

    /// All entries that are there, with their indexes.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Index, &T)> {
        self.entries.iter().enumerate().map(|(position, entry)| (self.base + 1 + position as u64, entry))
    }

    /// Replaces all that comes after an index. Total, as every write of a disk must be: where a torn disk has lost what
    /// stood before, the entries move up.
    pub fn replace_after(&mut self, index: Index, entries: &[T])
    where
        T: Clone,
    {
        self.entries.truncate(index.saturating_sub(self.base) as usize);
        self.entries.extend_from_slice(entries);
    }

    /// Drops the entries up to an index, which must not come before the base. From now on the base is there, even where
    /// the entries did not reach so far.
    pub fn drop_up_to(&mut self, index: Index) {
        debug_assert!(index >= self.base, "{index} was dropped before: the base is {}", self.base);
        let dropped = index.saturating_sub(self.base).min(self.entries.len() as u64);
        self.entries.drain(..dropped as usize);
        self.base = index;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suffix(base: Index, entries: &[u64]) -> Suffix<u64> {
        let mut suffix = Suffix::starting_after(base);
        suffix.replace_after(base, entries);
        suffix
    }

    #[test]
    fn indexes_stay_what_they_are_when_the_beginning_is_dropped() {
        let mut log = suffix(0, &[1, 2, 3, 4]);
        log.drop_up_to(3);
        assert_eq!((log.base(), log.last()), (3, 4));
        assert_eq!((log.get(3), log.get(4), log.get(5)), (None, Some(&4), None));
        assert_eq!(log.slice(1, 9), [4]);
        assert_eq!(log.iter().collect::<Vec<_>>(), [(4, &4)]);
        log.drop_up_to(7);
        assert_eq!((log.base(), log.last(), log.entries()), (7, 7, &[][..]));
    }

    #[test]
    fn what_comes_after_an_index_is_replaced_and_what_comes_before_it_stays() {
        let mut log = suffix(2, &[3, 4, 5]);
        log.replace_after(3, &[40]);
        assert_eq!((log.entries(), log.last()), (&[3, 40][..], 4));
        log.replace_after(2, &[]);
        assert_eq!(log.last(), 2);
    }

    #[test]
    #[should_panic(expected = "was dropped before")]
    fn the_base_never_falls() {
        suffix(5, &[6]).drop_up_to(4);
    }
}
