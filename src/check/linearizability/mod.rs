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
//! **One key at a time.** Where operations touch different keys, only those on the key of the first waiting completion
//! need be tried: in any order that continues from here, what goes before that operation and touches another key can as
//! well go right after it. For it completes later, so that real time does not mind, and it commutes with what it
//! passes.
//!
//! **Contents that nobody looks for** are one. A value that no operation of the history reads or expects, and that no
//! append can turn into such a value, answers to all of them as any other such value does: so the
//! [model](Model::for_history) makes one state of all.
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
//! **Before any search** the model is asked whether some answer is [explained by nothing](Model::unexplained) that was
//! asked for, as a value that nobody wrote is.
//!
//! **The bounds** count steps of the model and bytes of its tables, as laid out on any machine, never time: so a
//! verdict is the same on every machine. A key that needs too much memory is given up, and the others go on.
//!
//! **A second judge**, which shares nothing with this one, is the one of [`zones`]. It knows objects only that are
//! read and written whole, and values that are written once.

mod bits;
mod explain;
mod memo;
mod parts;
mod probe;
mod search;
mod tables;
#[cfg(test)]
mod tests;
mod timeline;
mod transitions;
mod turns;
mod verdict;
pub mod zones;

use super::history::{Operation, Outcome};
use super::model::Model;
use parts::{Case, Suspect, merge, parts, unexplained};
use probe::Probe;
use search::{Progress, Search};
use timeline::{Cut, in_order, span};
use turns::{Budget, Turns, take_turns};
pub use verdict::{Bound, Linearization, LinearizationPoint, Report, Undecided, Verdict, Violation};

/// Steps of the model after which a check gives up, unless it is told otherwise.
///
/// That many take some ten seconds at the very worst; a history of ordinary clients takes a few thousand.
pub const STEPS_MAX_DEFAULT: u64 = 20_000_000;

/// Bytes of memory after which a check gives up, unless it is told otherwise.
pub const MEMORY_MAX_DEFAULT: u64 = 256 << 20;

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
    /// Bytes of memory after which the check gives up.
    pub memory_max: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { partition: Partition::default(), steps_max: STEPS_MAX_DEFAULT, memory_max: MEMORY_MAX_DEFAULT }
    }
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
///     command: RegisterCommand::Write(5_i64),
///     invoked_at: 0,
///     outcome: Outcome::Ok { completed_at: 1, result: RegisterResult::Written },
/// };
/// let stale_read = Operation {
///     client: 2,
///     command: RegisterCommand::Read,
///     invoked_at: 2,
///     outcome: Outcome::Ok { completed_at: 3, result: RegisterResult::Value(None) },
/// };
/// let report = check(&Register::default(), &[write, stale_read], &Options::default());
/// let Verdict::NotLinearizable(violation) = report.verdict else { panic!("the read is stale") };
/// assert_eq!(violation.operation, 1);
/// assert_eq!(
///     violation.sentence(),
///     "c2's read returned nil, but whenever it could have taken effect, the value could only be 5.",
/// );
/// ```
pub fn check<M: Model>(model: &M, operations: &[Operation<M::Command, M::Result>], options: &Options) -> Report {
    let parts = parts(model, operations, options.partition);
    let mut budget = Budget::new(options);
    let case = Case { model, operations, parts: &parts };
    let verdict = match unexplained(model, operations, &parts) {
        Some((index, completion)) => Verdict::NotLinearizable(Box::new(
            case.first_violation(Suspect::Unexplained(index, completion), &mut budget),
        )),
        None => search_all(&case, &mut budget),
    };
    let judged = || operations.iter().filter(|operation| !matches!(operation.outcome, Outcome::Failed { .. }));
    Report {
        verdict,
        operations: judged().count(),
        unknown: judged().filter(|operation| matches!(operation.outcome, Outcome::Unknown)).count(),
        open_at_once: open_at_once(operations),
        steps: options.steps_max - budget.steps_left,
    }
}

fn search_all<M: Model>(case: &Case<'_, M>, budget: &mut Budget) -> Verdict {
    let &Case { model, operations, parts } = case;
    let mut searches: Vec<Search<'_, M>> =
        parts.iter().map(|part| Search::new(model, operations, &part.members, Cut::Nowhere, Probe::Silent)).collect();
    match take_turns(&mut searches, budget) {
        Turns::AllFound => Verdict::Linearizable(merge(operations, searches.iter().map(Search::linearization))),
        Turns::Exhausted(index) => {
            let failed = searches.swap_remove(index);
            drop(searches);
            Verdict::NotLinearizable(Box::new(case.first_violation(Suspect::Failed(index, Box::new(failed)), budget)))
        }
        Turns::OutOfBudget(bound) => {
            let open = parts.iter().zip(&searches).filter(|(_, search)| search.progress == Progress::Open);
            Verdict::Undecided(Undecided { bound, keys: open.map(|(part, _)| part.key.clone()).collect() })
        }
    }
}

/// The most operations that are open at once. One of unknown outcome stays open.
fn open_at_once<C, R>(operations: &[Operation<C, R>]) -> usize {
    let judged: Vec<_> =
        operations.iter().filter(|operation| !matches!(operation.outcome, Outcome::Failed { .. })).map(span).collect();
    let completions: Vec<u64> = judged.iter().filter_map(|(_, completed)| *completed).collect();
    let mut completions =
        in_order(completions.len(), |index| completions[index]).map(|index| completions[index]).peekable();
    let (mut open, mut most) = (0, 0);
    for called in in_order(judged.len(), |index| judged[index].0).map(|index| judged[index].0) {
        // Calls come before returns at equal positions.
        while completions.next_if(|&completed| completed < called).is_some() {
            open -= 1;
        }
        open += 1;
        most = most.max(open);
    }
    most
}
