//! The configurations that a search has visited (Lowe 2017, section 3).

use std::collections::hash_map::Entry;

use super::bits::Bits;
use super::tables::table_bytes;
use crate::check::hash::QuickMap;

/// Comparisons of small sets that count as one step of the model.
const COMPARISONS_A_STEP: u64 = 8;

/// A configuration as the memo keeps it, without the operations of unknown outcome that were used up to come there.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Visited {
    pub(super) completed: u32,
    pub(super) state: u32,
    pub(super) known: Bits,
}

/// The smallest sets of used-up operations with which a configuration was visited; none contains another.
#[derive(Debug)]
struct UsedUp {
    first: Bits,
    others: Vec<Bits>,
}

/// All configurations visited so far.
#[derive(Default)]
pub(super) struct Memo {
    visited: QuickMap<Visited, UsedUp>,
    /// What sets of operations take beyond their first words.
    set_bytes: u64,
}

/// What came of a visit.
pub(super) struct Visit {
    /// Whether an earlier one makes it useless.
    pub(super) is_useless: bool,
    /// What it cost: looking through a long list is work too, and the bounds must bound all work.
    pub(super) steps: u64,
}

impl Memo {
    pub(super) fn is_empty(&self) -> bool {
        self.visited.is_empty()
    }

    /// What all this takes at most, with one visit more.
    pub(super) fn bytes(&self) -> u64 {
        table_bytes(self.visited.len() + 1, 88) + self.set_bytes
    }

    /// Notes a visit.
    ///
    /// It is useless if the same operations of known outcome led to the same state before with no other operations
    /// of unknown outcome used up than now: whatever can follow now could follow then.
    pub(super) fn visit(&mut self, configuration: Visited, unknown: &Bits) -> Visit {
        let words = (configuration.known.words_beyond_first() + unknown.words_beyond_first()) as u64;
        match self.visited.entry(configuration) {
            Entry::Vacant(entry) => {
                entry.insert(UsedUp { first: unknown.clone(), others: Vec::new() });
                self.set_bytes += 8 * words;
                Visit { is_useless: false, steps: 0 }
            }
            Entry::Occupied(mut entry) => {
                let used_up = entry.get_mut();
                let steps = used_up.others.len() as u64 / COMPARISONS_A_STEP;
                if used_up.first.is_subset_of(unknown) || used_up.others.iter().any(|used| used.is_subset_of(unknown)) {
                    return Visit { is_useless: true, steps };
                }
                used_up.others.retain(|used| !unknown.is_subset_of(used));
                if unknown.is_subset_of(&used_up.first) {
                    used_up.first = unknown.clone();
                } else {
                    used_up.others.push(unknown.clone());
                    self.set_bytes += 3 * (24 + 8 * words);
                }
                Visit { is_useless: false, steps }
            }
        }
    }
}
