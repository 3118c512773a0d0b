//! The parts of a history, and which of them has the first violation.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::explain::{Located, locate, locate_unexplained};
use super::probe::Probe;
use super::search::Search;
use super::timeline::{Completion, Cut, History, in_order, result, span};
use super::turns::{Budget, Turns, take_turns};
use super::{Linearization, LinearizationPoint, Partition, Violation};
use crate::check::history::{Operation, Outcome};
use crate::check::model::{Model, Told};

/// The operations of one key, or all.
pub(super) struct Part {
    pub(super) key: Option<Arc<str>>,
    pub(super) members: Vec<usize>,
}

/// The parts of a history in the order of their keys, without operations that had no effect.
pub(super) fn parts<M: Model>(
    model: &M,
    operations: &[Operation<M::Command, M::Result>],
    partition: Partition,
) -> Vec<Part> {
    let mut members: BTreeMap<Option<Arc<str>>, Vec<usize>> = BTreeMap::new();
    for (index, operation) in operations.iter().enumerate() {
        if !matches!(operation.outcome, Outcome::Failed { .. }) {
            let key = match partition {
                Partition::ByKey => model.key(&operation.command),
                Partition::None => None,
            };
            members.entry(key).or_default().push(index);
        }
    }
    members.into_iter().map(|(key, members)| Part { key, members }).collect()
}

/// The first completion, over all parts, that is impossible whatever the order of the operations before it; and its
/// part.
pub(super) fn unexplained<M: Model>(model: &M, operations: &History<M>, parts: &[Part]) -> Option<(usize, Completion)> {
    let first_of = |members: &[usize]| {
        let members: Vec<usize> = in_order(members.len(), |index| operations[members[index]].invoked_at)
            .map(|index| members[index])
            .collect();
        let told: Vec<Told<'_, M>> =
            members.iter().map(|&member| (&operations[member].command, result(&operations[member]))).collect();
        let began_before = |member: &usize| match span(&operations[*member]).1 {
            Some(completed) => members.partition_point(|&other| operations[other].invoked_at <= completed),
            None => members.len(),
        };
        let began_before: Vec<usize> = members.iter().map(began_before).collect();
        let unexplained = model.unexplained(&told, &began_before);
        let flagged = members.iter().zip(unexplained).filter(|(_, is_unexplained)| *is_unexplained);
        flagged
            .filter_map(|(&operation, _)| Some(Completion { position: span(&operations[operation]).1?, operation }))
            .min()
    };
    let first_of_each = parts.iter().enumerate().filter_map(|(index, part)| Some((index, first_of(&part.members)?)));
    first_of_each.min_by_key(|(_, completion)| *completion)
}

/// A history that is known to have a violation in one of its parts.
pub(super) struct Case<'a, M: Model> {
    pub(super) model: &'a M,
    pub(super) operations: &'a [Operation<M::Command, M::Result>],
    pub(super) parts: &'a [Part],
}

/// The part that is known to have a violation, and how.
pub(super) enum Suspect<'a, M: Model> {
    /// This search found no linearization.
    Failed(usize, Box<Search<'a, M>>),
    /// This completion is impossible, whatever the order.
    Unexplained(usize, Completion),
}

impl<'a, M: Model> Case<'a, M> {
    /// The first completion without a linearization, over all parts.
    ///
    /// The other parts are cut before the violation at hand and searched again, in turn; one that fails has an
    /// earlier violation, and takes its place.
    pub(super) fn first_violation(&self, mut suspect: Suspect<'a, M>, budget: &mut Budget) -> Violation {
        loop {
            let (index, located) = match &suspect {
                Suspect::Failed(index, failed) => {
                    (*index, locate(self.model, self.operations, &self.parts[*index].members, failed, budget))
                }
                Suspect::Unexplained(index, completion) => {
                    let members = &self.parts[*index].members;
                    (*index, locate_unexplained(self.model, self.operations, members, *completion, budget))
                }
            };
            let cut = Cut::Before(located.completion);
            let mut searches: Vec<Search<'a, M>> = (self.parts.iter().enumerate())
                .filter(|(other, _)| *other != index)
                .map(|(_, part)| Search::new(self.model, self.operations, &part.members, cut, Probe::Silent))
                .collect();
            match take_turns(&mut searches, budget) {
                Turns::Exhausted(position) => {
                    // The part at `index` was not among them.
                    let earlier = if position < index { position } else { position + 1 };
                    suspect = Suspect::Failed(earlier, Box::new(searches.swap_remove(position)));
                }
                Turns::AllFound => {
                    let orders: Vec<&[usize]> = searches.iter().map(Search::linearization).collect();
                    return self.violation(index, located, Some(&orders));
                }
                Turns::OutOfBudget(_) => return self.violation(index, located, None),
            }
        }
    }

    /// Puts the evidence together. `others` are the other parts' orders, if they are known.
    fn violation(&self, index: usize, located: Located, others: Option<&[&[usize]]>) -> Violation {
        let Completion { position, operation } = located.completion;
        let culprit = &self.operations[operation];
        let is_first = located.is_first && others.is_some();
        let linearization = located.order.as_deref().map(|order| {
            let others = if is_first { others.unwrap_or_default() } else { &[] };
            merge(self.operations, others.iter().copied().chain([order]))
        });
        Violation {
            operation,
            is_first,
            client: culprit.client,
            completed_at: position,
            key: self.parts[index].key.clone(),
            description: self.model.describe(&culprit.command, result(culprit)),
            is_unexplained: located.is_unexplained,
            possible: located.possible,
            last_good: is_first.then(|| self.completed_before(located.completion)).flatten(),
            linearization,
        }
    }

    /// The last operation to complete before a completion.
    fn completed_before(&self, end: Completion) -> Option<usize> {
        let completions = self
            .operations
            .iter()
            .enumerate()
            .filter_map(|(operation, seen)| Some(Completion { position: span(seen).1?, operation }));
        completions.filter(|completion| *completion < end).max().map(|last| last.operation)
    }
}

/// Merges the orders of independent parts into one order of the whole history.
///
/// Each operation takes effect as early as its own part's order allows: at its invocation, or with the one before it.
/// These instants lie within the operations' spans, so sorting by them respects real time (Herlihy and Wing 1990,
/// theorem 1, is why this is enough).
pub(super) fn merge<'a, C, R>(
    operations: &[Operation<C, R>],
    orders: impl Iterator<Item = &'a [usize]>,
) -> Linearization {
    let mut points = Vec::new();
    for order in orders {
        let mut position = 0;
        for &operation in order {
            position = operations[operation].invoked_at.max(position);
            points.push(LinearizationPoint { operation, position });
        }
    }
    // Points of one part at one position stay in their order.
    let points = in_order(points.len(), |index| points[index].position).map(|index| points[index]).collect();
    Linearization { points }
}
