//! A history as the judges of this room see it: who found what, who wrote what, and in which session.

use std::collections::{BTreeMap, BTreeSet};

use super::effect::{Finds, Observed};
use crate::check::history::{Operation, Outcome};

/// The number of the content that is there at first.
const FIRST_CONTENT: usize = 0;

/// One operation. Keys and contents are numbers.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    /// Its index in the history.
    pub(super) operation: usize,
    pub(super) client: u32,
    pub(super) key: usize,
    pub(super) invoked: u64,
    /// `None`: its outcome is unknown.
    pub(super) completed: Option<u64>,
    /// It is left out: what it writes may have been written at any time, or never.
    pub(super) is_left_out: bool,
    pub(super) finds: Finds<usize>,
    pub(super) writes: Option<usize>,
}

impl Fact {
    pub(super) fn is_reader(&self) -> bool {
        !matches!(self.finds, Finds::Nothing)
    }

    fn admits(&self, content: usize) -> bool {
        match &self.finds {
            Finds::Nothing => false,
            Finds::OneOf(contents) => contents.contains(&content),
            Finds::NoneOf(contents) => !contents.contains(&content),
        }
    }
}

/// Where the content came from that an operation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// It is not chosen yet, or nothing was found.
    Open,
    /// It was there at first.
    First,
    /// This fact wrote it.
    Write(usize),
}

/// The operations of a history, in the order of their invocations.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) facts: Vec<Fact>,
    /// The facts that write, by key.
    writers: BTreeMap<usize, Vec<usize>>,
    /// The facts that write a content, by key and content.
    writers_of: BTreeMap<(usize, usize), Vec<usize>>,
}

/// An operation that neither finds one content nor writes one.
pub(super) const CHANGES_A_PART: &str = "an operation changes a part of what is there, as an append does";

/// Two operations of one client that are open at one time: there is no telling what its session is.
pub(super) const OVERLAP: &str = "two operations of one client are open at one time";

impl Facts {
    /// The facts of a history, or why it has none that decide.
    pub(super) fn of<M: Observed>(
        model: &M,
        operations: &[Operation<M::Command, M::Result>],
    ) -> Result<Facts, &'static str> {
        let mut keys = BTreeMap::new();
        let mut contents = BTreeMap::from([(model.initial_content(), FIRST_CONTENT)]);
        let mut number = |content: M::Content| {
            let next = contents.len();
            *contents.entry(content).or_insert(next)
        };
        let mut facts = Vec::new();
        for (index, operation) in operations.iter().enumerate() {
            let (result, completed) = match &operation.outcome {
                Outcome::Ok { result, completed_at } => (Some(result), Some(*completed_at)),
                Outcome::Unknown => (None, None),
                Outcome::Failed { .. } => continue,
            };
            let effect = model.effect(&operation.command, result).ok_or(CHANGES_A_PART)?;
            let finds = match effect.finds {
                Finds::Nothing => Finds::Nothing,
                Finds::OneOf(contents) => Finds::OneOf(contents.into_iter().map(&mut number).collect()),
                Finds::NoneOf(contents) => Finds::NoneOf(contents.into_iter().map(&mut number).collect()),
            };
            let writes = effect.writes.map(&mut number);
            let count = keys.len();
            facts.push(Fact {
                operation: index,
                client: operation.client,
                key: *keys.entry(model.key(&operation.command)).or_insert(count),
                invoked: operation.invoked_at,
                completed: completed.map(|position| position.max(operation.invoked_at)),
                is_left_out: false,
                finds,
                writes,
            });
        }
        facts.retain(|fact| fact.is_reader() || fact.writes.is_some());
        facts.sort_by_key(|fact| (fact.invoked, fact.operation));
        let mut free_at = BTreeMap::new();
        for fact in facts.iter().filter(|fact| fact.completed.is_some()) {
            if free_at.insert(fact.client, fact.completed).flatten().is_some_and(|free| free >= fact.invoked) {
                return Err(OVERLAP);
            }
        }
        Ok(Facts::from(facts))
    }

    fn from(facts: Vec<Fact>) -> Facts {
        let mut writers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut writers_of: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (index, fact) in facts.iter().enumerate() {
            if let Some(content) = fact.writes {
                writers.entry(fact.key).or_default().push(index);
                writers_of.entry((fact.key, content)).or_default().push(index);
            }
        }
        Facts { facts, writers, writers_of }
    }

    /// The facts that write what is found under a key.
    pub(super) fn writers(&self, key: usize) -> &[usize] {
        self.writers.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Where what a fact found may have come from: the likeliest first, which is the latest before its completion.
    pub(super) fn sources(&self, reader: usize) -> Vec<Source> {
        let fact = &self.facts[reader];
        let admitted: Vec<usize> = match &fact.finds {
            Finds::Nothing => Vec::new(),
            Finds::OneOf(contents) => contents
                .iter()
                .filter_map(|&content| self.writers_of.get(&(fact.key, content)))
                .flatten()
                .copied()
                .collect(),
            Finds::NoneOf(_) => self
                .writers(fact.key)
                .iter()
                .copied()
                .filter(|&writer| self.facts[writer].writes.is_some_and(|content| fact.admits(content)))
                .collect(),
        };
        let admitted = admitted.into_iter().filter(|&writer| writer != reader);
        let (before, after): (Vec<usize>, Vec<usize>) =
            admitted.partition(|&writer| fact.completed.is_none_or(|end| self.facts[writer].invoked < end));
        let first = fact.admits(FIRST_CONTENT).then_some(Source::First);
        let writes = |writers: Vec<usize>| writers.into_iter().map(Source::Write);
        writes(before).rev().chain(first).chain(writes(after)).collect()
    }

    /// What is left of the history where all operations but these (as the history counts them) are left out: of the others it is only known that they
    /// were asked for. What one of them writes may have been written at any time, or never.
    pub(super) fn restricted(&self, kept: &BTreeSet<usize>) -> Facts {
        let is_kept = |index: &usize| kept.contains(&self.facts[*index].operation);
        let mut left: BTreeSet<usize> = (0..self.facts.len()).filter(is_kept).collect();
        let mut readers: Vec<usize> = left.iter().copied().collect();
        while let Some(reader) = readers.pop() {
            for source in self.sources(reader) {
                if let Source::Write(writer) = source
                    && left.insert(writer)
                {
                    readers.push(writer);
                }
            }
        }
        let fact = |index: usize| {
            let fact = self.facts[index].clone();
            if is_kept(&index) { fact } else { Fact { invoked: 0, completed: None, is_left_out: true, ..fact } }
        };
        Facts::from(left.into_iter().map(fact).collect())
    }

    /// Whether the first comes before the second in the session of their client: it had completed when that was invoked.
    pub(super) fn in_session(&self, first: usize, second: usize) -> bool {
        self.facts[first].client == self.facts[second].client && self.in_time(first, second)
    }

    /// Whether the first had completed when the second was invoked.
    pub(super) fn in_time(&self, first: usize, second: usize) -> bool {
        let (first, second) = (&self.facts[first], &self.facts[second]);
        !second.is_left_out && first.completed.is_some_and(|end| end < second.invoked)
    }
}
