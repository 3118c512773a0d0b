//! Is a history linearizable? Wing and Gong's search, with Lowe's memo, part by part.
//!
//! A history is linearizable if each operation can be given one instant between its invocation and its completion so
//! that, taken in the order of these instants, the operations answer as a sequential object would (Herlihy and Wing
//! 1990, "Linearizability: A Correctness Condition for Concurrent Objects").
//!
//! **The search** builds such an order from its beginning (Wing and Gong 1993, "Testing and Verifying Concurrent
//! Objects", section 4). An operation may go next if nothing that still waits had completed before it was invoked. It
//! goes, the model says what the state is afterwards, and the search continues from there; when no operation can go,
//! it takes the last choice back. All that may follow depends only on *which* operations have gone and on the state,
//! not on their order: a pair that was seen before is not entered again (Lowe 2017, "Testing for linearizability",
//! section 3). Since everything that completed before the first waiting completion must have gone, that completion's
//! number and the few operations open there say which have gone.
//!
//! **Unknown outcomes.** An operation that never completed, or of which nobody knows whether it took effect, stays
//! concurrent with all that follows: it may go at any time after its invocation, or never. Each one doubles the sets
//! in the worst case, so three facts keep them in check. Where one changes nothing, it need not go. Of two equal ones,
//! or two that write what nobody looks for, the earlier can go first. And a configuration reached with more of them
//! used up than in an earlier visit, all else being equal, cannot succeed where that visit failed.
//!
//! **Observations.** A read that fits goes at once, without a choice to come back to: in any order that continues from
//! here it can be moved to the front, and every other operation answers as before. So with a refused compare-and-set,
//! but not with a write of the value that is there already, for where that was taken away it may be missed.
//!
//! **Parts.** A history over several keys is linearizable if and only if it is for each key alone (Herlihy and Wing
//! 1990, theorem 1). The keys are searched in turn with growing budgets, so that a hard one cannot keep an easy
//! violation from being found. Afterwards the keys' orders are merged into one.
//!
//! **A violation** is named by the first completion such that the history cut right after it has no linearization,
//! operations open there having an unknown outcome. If a cut has a linearization, so has each earlier one (take the
//! operations up to the last that completes within it), so the first bad cut is found by bisection. How far the
//! failed searches came bounds it from below, and nearly always is the answer.
//!
//! **The limit** counts steps of the model, never time, so a verdict is the same on every machine.

mod bits;
mod explain;
pub(crate) mod hash;
mod search;
#[cfg(test)]
mod tests;
mod timeline;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::history::{Operation, Outcome};
use super::model::{Model, shortened};
use explain::{Located, locate};
use search::{Probe, Progress, Search};
use timeline::{Completion, Cut, in_order, result, span};

/// Steps of the model after which a check gives up, unless it is told otherwise.
///
/// That many take some ten seconds and a gigabyte at the very worst; a history of ordinary clients takes a few thousand.
pub const STEPS_MAX_DEFAULT: u64 = 20_000_000;

/// Steps of each key's first turn. Each later turn has twice as many.
const TURN_STEPS_FIRST: u64 = 1 << 10;

/// Whether the keys of a history are judged apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Partition {
    /// Each key by itself, which comes to the same verdict sooner.
    #[default]
    ByKey,
    /// All together, as one object.
    None,
}

/// How to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether the keys are judged apart.
    pub partition: Partition,
    /// Steps of the model after which the check gives up.
    pub steps_max: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { partition: Partition::default(), steps_max: STEPS_MAX_DEFAULT }
    }
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The verdict, with its evidence.
    pub verdict: Verdict,
    /// How many operations were judged: all but those that certainly had no effect.
    pub operations: usize,
    /// How many steps of the model it took.
    pub steps: u64,
}

/// Whether a history is linearizable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is, and this order shows it.
    Linearizable(Linearization),
    /// It is not, and this operation is the first that shows it.
    NotLinearizable(Box<Violation>),
    /// The limit was reached before anything was known.
    Undecided(Undecided),
}

/// Operations in an order in which a sequential object could have executed them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linearization {
    /// The operations that took effect, in order. Those of unknown outcome are absent if they need not have.
    pub points: Vec<LinearizationPoint>,
}

impl Linearization {
    /// The operations' indices, in order.
    pub fn order(&self) -> impl Iterator<Item = usize> + '_ {
        self.points.iter().map(|point| point.operation)
    }
}

/// The instant at which an operation took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinearizationPoint {
    /// The operation's index in the history.
    pub operation: usize,
    /// The instant: right after the event at this position, and after all points that are listed before this one. It
    /// is the earliest that the order allows.
    pub position: u64,
}

/// Why a history is not linearizable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The operation whose completion is the first without a linearization: its index in the history.
    pub operation: usize,
    /// Whether this is known to be the first such completion. If not, the limit was reached while looking for it.
    pub is_first: bool,
    /// Its client.
    pub client: u32,
    /// The position of its completion.
    pub completed_at: u64,
    /// The key it belongs to, if keys were judged apart.
    pub key: Option<Arc<str>>,
    /// What it asked and was told, such as `read returned 3`.
    pub description: String,
    /// All that it could have found without a violation, or nothing if the limit was reached or there is too much.
    pub possible: Option<Vec<String>>,
    /// The last operation before it whose completion still had a linearization, if any completed before.
    pub last_good: Option<usize>,
    /// A linearization of the history cut just before the completion; of the key's part alone where `is_first` is
    /// false; nothing if the limit was reached.
    pub linearization: Option<Linearization>,
}

impl Violation {
    /// Why, in one sentence: whose operation cannot be placed, what it was told, and what it could have found.
    pub fn sentence(&self) -> String {
        let reason = match self.possible.as_deref() {
            Some([all_but_last @ .., last]) => {
                let mut values = shortened(last);
                if !all_but_last.is_empty() {
                    let others: Vec<String> = all_but_last.iter().map(|value| shortened(value)).collect();
                    values = format!("{} or {values}", others.join(", "));
                }
                format!("whenever it could have taken effect, the value could only be {values}")
            }
            _ => "no order of the operations up to then explains it".to_string(),
        };
        format!("c{}'s {}, but {reason}.", self.client, self.description)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence())
    }
}

/// What was left open when the limit was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The keys without a verdict (`None` for a part without a key).
    pub keys: Vec<Option<Arc<str>>>,
}

/// Judges a history.
///
/// Positions must order the events as they happened; operations may be listed in any order. Operations of
/// [`Outcome::Failed`] are left out.
///
/// ```
/// use consensus_playground::check::history::{Operation, Outcome};
/// use consensus_playground::check::linearizability::{Options, Verdict, check};
/// use consensus_playground::check::model::{Register, RegisterCommand, RegisterResult};
///
/// let write = Operation {
///     client: 1,
///     command: RegisterCommand::Write(5),
///     invoked_at: 0,
///     outcome: Outcome::Ok { completed_at: 1, result: RegisterResult::Written },
/// };
/// let stale_read = Operation {
///     client: 2,
///     command: RegisterCommand::Read,
///     invoked_at: 2,
///     outcome: Outcome::Ok { completed_at: 3, result: RegisterResult::Value(None) },
/// };
/// let report = check(&Register, &[write, stale_read], &Options::default());
/// let Verdict::NotLinearizable(violation) = report.verdict else { panic!("the read is stale") };
/// assert_eq!(violation.operation, 1);
/// assert_eq!(
///     violation.sentence(),
///     "c2's read returned nil, but whenever it could have taken effect, the value could only be 5.",
/// );
/// ```
pub fn check<M: Model>(model: &M, operations: &[Operation<M::Command, M::Result>], options: &Options) -> Report {
    let parts = parts(model, operations, options.partition);
    let mut budget = Budget { left: options.steps_max };
    let mut searches: Vec<Search<'_, M>> =
        parts.iter().map(|part| Search::new(model, operations, &part.members, Cut::Nowhere, Probe::Silent)).collect();
    let verdict = match take_turns(&mut searches, &mut budget) {
        Turns::AllFound => {
            let orders = searches.iter().map(Search::linearization);
            Verdict::Linearizable(merge(operations, orders))
        }
        Turns::Exhausted(index) => {
            let case = Case { model, operations, parts: &parts };
            let failed = searches.swap_remove(index);
            Verdict::NotLinearizable(Box::new(case.first_violation(index, failed, &mut budget)))
        }
        Turns::OutOfBudget => Verdict::Undecided(Undecided {
            keys: parts
                .iter()
                .zip(&searches)
                .filter(|(_, search)| search.progress == Progress::Open)
                .map(|(part, _)| part.key.clone())
                .collect(),
        }),
    };
    let operations = parts.iter().map(|part| part.members.len()).sum();
    Report { verdict, operations, steps: options.steps_max - budget.left }
}

/// The operations of one key, or all.
struct Part {
    key: Option<Arc<str>>,
    members: Vec<usize>,
}

/// The parts of a history in the order of their keys, without operations that had no effect.
fn parts<M: Model>(model: &M, operations: &[Operation<M::Command, M::Result>], partition: Partition) -> Vec<Part> {
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

/// Steps of the model that may still be taken.
struct Budget {
    left: u64,
}

impl Budget {
    /// Runs one search for at most so many steps, within what is left.
    fn run<M: Model>(&mut self, search: &mut Search<'_, M>, steps: u64) -> Progress {
        let before = search.steps;
        let progress = search.run(steps.min(self.left));
        self.left = self.left.saturating_sub(search.steps - before);
        progress
    }
}

/// How a number of searches ended.
enum Turns {
    AllFound,
    /// This one has no linearization.
    Exhausted(usize),
    OutOfBudget,
}

/// Runs the searches in turn, with more steps in each round, until one fails or all succeed.
fn take_turns<M: Model>(searches: &mut [Search<'_, M>], budget: &mut Budget) -> Turns {
    let mut steps = TURN_STEPS_FIRST;
    loop {
        let mut all_found = true;
        for (index, search) in searches.iter_mut().enumerate() {
            match budget.run(search, steps) {
                Progress::Found => {}
                Progress::Exhausted => return Turns::Exhausted(index),
                Progress::Open => all_found = false,
            }
        }
        if all_found {
            return Turns::AllFound;
        }
        if budget.left == 0 {
            return Turns::OutOfBudget;
        }
        steps = steps.saturating_mul(2);
    }
}

/// A history that is known to have a violation in one of its parts.
struct Case<'a, M: Model> {
    model: &'a M,
    operations: &'a [Operation<M::Command, M::Result>],
    parts: &'a [Part],
}

impl<'a, M: Model> Case<'a, M> {
    /// The first completion without a linearization, over all parts. The part at `index` has none: its search `failed`.
    ///
    /// The other parts are cut before the violation at hand and searched again, in turn; one that fails has an
    /// earlier violation, and takes its place.
    fn first_violation(&self, mut index: usize, mut failed: Search<'a, M>, budget: &mut Budget) -> Violation {
        loop {
            let members = &self.parts[index].members;
            let located = locate(self.model, self.operations, members, &failed, budget);
            let cut = Cut::Before(located.completion);
            let mut searches: Vec<Search<'a, M>> = (self.parts.iter().enumerate())
                .filter(|(other, _)| *other != index)
                .map(|(_, part)| Search::new(self.model, self.operations, &part.members, cut, Probe::Silent))
                .collect();
            match take_turns(&mut searches, budget) {
                Turns::Exhausted(position) => {
                    // The part at `index` was not among them.
                    index = if position < index { position } else { position + 1 };
                    failed = searches.swap_remove(position);
                }
                Turns::AllFound => {
                    let orders: Vec<&[usize]> = searches.iter().map(Search::linearization).collect();
                    return self.violation(index, located, Some(&orders));
                }
                Turns::OutOfBudget => return self.violation(index, located, None),
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
        let description = self.model.describe(&culprit.command, result(culprit));
        Violation {
            operation,
            is_first,
            client: culprit.client,
            completed_at: position,
            key: self.parts[index].key.clone(),
            description,
            possible: located.possible,
            last_good: is_first.then(|| self.completed_before(located.completion)).flatten(),
            linearization,
        }
    }

    /// The last operation to complete before a completion.
    fn completed_before(&self, end: Completion) -> Option<usize> {
        let completions =
            self.operations.iter().enumerate().filter_map(|(operation, seen)| Some(Completion { position: span(seen).1?, operation }));
        completions.filter(|completion| *completion < end).max().map(|last| last.operation)
    }
}

/// Merges the orders of independent parts into one order of the whole history.
///
/// Each operation takes effect as early as its own part's order allows: at its invocation, or with the one before it.
/// These instants lie within the operations' spans, so sorting by them respects real time (Herlihy and Wing 1990,
/// theorem 1, is why this is enough).
fn merge<'a, C, R>(operations: &[Operation<C, R>], orders: impl Iterator<Item = &'a [usize]>) -> Linearization {
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
