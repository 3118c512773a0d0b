//! Could this value have been there at all, where operations append to it?
//!
//! A value is explained if it is some text that was put there, or nothing, followed by texts that were appended, each
//! any number of times: a condition that is necessary, and cheap. Most values prolong one that was explained before, so
//! that only the rest must be looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Kv, KvCommand, KvResult, looked_for};
use crate::check::model::Told;

/// Comparisons of pieces of text after which everything else counts as explained.
const COMPARISONS_MAX: usize = 4_000_000;

/// The texts that were put or appended under one key, each with the first operation that did.
#[derive(Default)]
struct Sources<'a> {
    put: BTreeMap<&'a str, usize>,
    appended: BTreeMap<&'a str, usize>,
    /// The lengths of what was appended.
    lengths: BTreeSet<usize>,
    explained: BTreeSet<&'a str>,
    comparisons: usize,
}

impl<'a> Sources<'a> {
    fn add(&mut self, index: usize, command: &'a KvCommand) {
        match command {
            KvCommand::Put { value, .. } | KvCommand::Cas { to: value, .. } => {
                self.put.entry(value).or_insert(index);
            }
            KvCommand::Append { value, .. } => {
                self.appended.entry(value).or_insert(index);
                self.lengths.insert(value.len());
            }
            KvCommand::CasOrCreate { to: value, .. } => {
                self.put.entry(value).or_insert(index);
            }
            KvCommand::Get { .. } | KvCommand::Delete { .. } => {}
        }
    }

    /// Whether the operations before a place explain a value.
    fn explain(&mut self, value: &'a str, before: usize) -> bool {
        if self.explained.contains(value) {
            return true;
        }
        let prolonged = self.explained.range(..value).next_back().filter(|start| value.starts_with(**start));
        let is_explained =
            prolonged.map(|start| start.len()).is_some_and(|start| self.reaches_end(value, &[start], before)) || {
                let is_put = |text: &str| self.put.get(text).is_some_and(|&writer| writer < before);
                let lengths: BTreeSet<usize> =
                    self.put.keys().map(|text| text.len()).filter(|&length| length <= value.len()).collect();
                self.comparisons += lengths.len();
                let begins = |length: &usize| value.is_char_boundary(*length) && is_put(&value[..*length]);
                let mut starts: Vec<usize> = lengths.into_iter().filter(begins).collect();
                starts.push(0);
                self.reaches_end(value, &starts, before)
            };
        if is_explained {
            self.explained.insert(value);
        }
        is_explained
    }

    /// Whether appended texts lead from one of the starts to the end of a value.
    fn reaches_end(&mut self, value: &str, starts: &[usize], before: usize) -> bool {
        let mut reached: BTreeSet<usize> = starts.iter().copied().collect();
        while let Some(from) = reached.pop_first() {
            if from == value.len() || self.comparisons > COMPARISONS_MAX {
                return true;
            }
            for &length in self.lengths.iter().filter(|&&length| length > 0) {
                self.comparisons += 1 + length / 64;
                let Some(piece) = value.get(from..from + length) else { continue };
                if self.appended.get(piece).is_some_and(|&writer| writer < before) {
                    reached.insert(from + length);
                }
            }
        }
        false
    }
}

/// For each operation, whether it found what nobody could have put there.
pub(super) fn unexplained(operations: &[Told<'_, Kv>], began_before: &[usize]) -> Vec<bool> {
    let mut by_key: BTreeMap<&Arc<str>, Sources<'_>> = BTreeMap::new();
    for (index, (command, _)) in operations.iter().enumerate() {
        by_key.entry(command.key()).or_default().add(index, command);
    }
    let mut is_unexplained = |index: usize| {
        let operation = operations[index];
        // What a compare-and-set expects is an observation if it was found, and only then.
        let observed = match operation.1 {
            Some(KvResult::Swapped) => looked_for(&operation)[0],
            _ => looked_for(&operation)[1],
        };
        let (Some(value), Some(sources)) = (observed, by_key.get_mut(operation.0.key())) else { return false };
        !sources.explain(value, began_before[index])
    };
    (0..operations.len()).map(&mut is_unexplained).collect()
}
