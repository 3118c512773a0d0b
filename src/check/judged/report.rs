//! What a history was judged to be: gathered once, and then printed as text or as JSON.

use crate::check::formats::HistoryFile;
use crate::check::history::{Operation, Outcome};
use crate::check::linearizability::zones::{Opinion, Opinions};
use crate::check::linearizability::{Linearization, Options, Verdict, Violation, check};
use crate::check::model::Model;
use serde::Serialize;

/// Operations at either end of a linearization that are printed as text. What lies between is counted.
const SHOWN_EACH_END: usize = 10;

/// What `check --json` prints.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckReport {
    /// Yes, no, or null where nothing is known.
    pub linearizable: Option<bool>,
    /// What the search says by itself.
    pub search: Search,
    /// How many operations it has.
    pub operations: usize,
    /// Operations of unknown outcome.
    pub unknown: usize,
    /// How many were open at once, at most.
    pub open_at_once: usize,
    /// Steps of the model that were taken.
    pub steps: u64,
    /// The bound that the search reached before it knew.
    pub bound: Option<String>,
    /// Keys on which nothing is known.
    pub open_keys: Vec<String>,
    /// Why it is not linearizable.
    pub violation: Option<ViolationReport>,
    /// What the second judge says, in a sentence; null if the model has none.
    pub second_judge: Option<String>,
    /// Where the judges contradict each other: then one of them has a fault, and nothing is known.
    pub contradiction: Option<String>,
}

/// What the search says.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Search {
    /// There is an order of all operations.
    Linearizable,
    /// There is none.
    NotLinearizable,
    /// A bound was reached before it knew.
    Undecided,
}

/// The operation that has no point at which it can have taken effect.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ViolationReport {
    /// What is wrong with it.
    pub sentence: String,
    /// Where it was invoked.
    pub invoked_in_line: u64,
    /// Where it was completed.
    pub completed_in_line: u64,
    /// False if there may be an earlier one, since a bound was reached.
    pub is_first: bool,
    /// The last operation with which the history is linearizable.
    pub until_then: Option<OperationReport>,
    /// The operations of the longest linearization, in its order.
    pub longest_linearization: Option<Vec<OperationReport>>,
}

/// An operation, with a line of the file.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OperationReport {
    /// The number of the line, from 1.
    pub line: u64,
    /// Who did what, and with which result.
    pub description: String,
}

impl CheckReport {
    /// Judges a history.
    pub fn of<M: Model>(
        model: &M,
        file: &HistoryFile<M::Command, M::Result>,
        options: &Options,
        second: Option<&Opinions>,
    ) -> CheckReport {
        let report = check(model, &file.operations, options);
        let contradiction =
            second.and_then(|second| second.disagreement(&report)).map(|disagreement| disagreement.to_string());
        let (search, by_search) = match &report.verdict {
            Verdict::Linearizable(_) => (Search::Linearizable, Some(true)),
            Verdict::NotLinearizable(_) => (Search::NotLinearizable, Some(false)),
            Verdict::Undecided(_) => (Search::Undecided, None),
        };
        // What the search leaves open the second judge may know.
        let known = by_search.or_else(|| second.and_then(Opinions::is_linearizable));
        let (bound, open_keys) = match &report.verdict {
            Verdict::Undecided(undecided) => {
                let keys = undecided.keys.iter().flatten().map(ToString::to_string).collect();
                (Some(undecided.bound.to_string()), keys)
            }
            _ => (None, Vec::new()),
        };
        let violation = match &report.verdict {
            Verdict::NotLinearizable(violation) => Some(ViolationReport::of(model, &file.operations, violation)),
            _ => None,
        };
        CheckReport {
            linearizable: known.filter(|_| contradiction.is_none()),
            search,
            operations: report.operations,
            unknown: report.unknown,
            open_at_once: report.open_at_once,
            steps: report.steps,
            bound,
            open_keys,
            violation,
            second_judge: second.map(opinion),
            contradiction,
        }
    }

    /// The report in words.
    pub fn text(&self) -> String {
        let count = self.count();
        let mut text = match (self.search, self.linearizable) {
            (Search::Linearizable, _) => format!("linearizable: {count}\n"),
            (Search::NotLinearizable, _) => format!("not linearizable: {count}\n"),
            (Search::Undecided, Some(true)) => {
                format!("linearizable: {count}\nthe search alone is {}", self.undecided())
            }
            (Search::Undecided, Some(false)) => {
                format!("not linearizable: {count}\nthe search alone is {}", self.undecided())
            }
            (Search::Undecided, None) => self.undecided(),
        };
        text += &self.violation.as_ref().map(ViolationReport::text).unwrap_or_default();
        match (&self.contradiction, &self.second_judge) {
            (Some(contradiction), _) => {
                text += &format!(
                    "the judges contradict each other, so one of them has a fault, and nothing is known: {contradiction}\n"
                );
            }
            (None, Some(opinion)) => text += &format!("second judge: {opinion}\n"),
            (None, None) => {}
        }
        text
    }

    fn undecided(&self) -> String {
        let keys: Vec<String> = self.open_keys.iter().map(|key| format!("{key:?}")).collect();
        let which = if keys.is_empty() { String::new() } else { format!("open: {}\n", keys.join(", ")) };
        format!("undecided within {}: {}\n{which}", self.bound.as_deref().unwrap_or_default(), self.count())
    }

    /// `3 operations (1 of unknown outcome), at most 2 open at once (17 steps)`
    fn count(&self) -> String {
        let Self { operations, unknown, open_at_once, steps, .. } = self;
        let plural = if *operations == 1 { "" } else { "s" };
        let of_unknown = if *unknown == 0 { String::new() } else { format!(" ({unknown} of unknown outcome)") };
        format!("{operations} operation{plural}{of_unknown}, at most {open_at_once} open at once ({steps} steps)")
    }
}

/// What the second judge says, in a sentence.
fn opinion(second: &Opinions) -> String {
    let broken = second.keys.iter().find_map(|(key, opinion)| match opinion {
        Opinion::NotLinearizable(why) => Some((key, why)),
        _ => None,
    });
    let skipped = second
        .keys
        .iter()
        .find_map(|(_, opinion)| if let Opinion::NotJudged(why) = opinion { Some(why) } else { None });
    let judged = second.keys.iter().filter(|(_, opinion)| !matches!(opinion, Opinion::NotJudged(_))).count();
    match (broken, skipped) {
        (Some((None, why)), _) => format!("not linearizable, {why}"),
        (Some((Some(key), why)), _) => format!("not linearizable, at key {key:?} {why}"),
        (None, None) => "linearizable".to_owned(),
        (None, Some(why)) if judged == 0 => format!("none, {why}"),
        (None, Some(why)) => format!("linearizable, as to {judged} of {} keys; {why}", second.keys.len()),
    }
}

impl ViolationReport {
    fn of<M: Model>(model: &M, operations: &[Operation<M::Command, M::Result>], violation: &Violation) -> Self {
        let until_then = violation.last_good.and_then(|last_good| match &operations[last_good].outcome {
            Outcome::Ok { completed_at, .. } => {
                Some(OperationReport { line: *completed_at, description: describe(model, &operations[last_good]) })
            }
            Outcome::Failed { .. } | Outcome::Unknown => None,
        });
        let listed = |linearization: &Linearization| {
            let operations = linearization.order().map(|operation| &operations[operation]);
            operations
                .map(|operation| OperationReport {
                    line: operation.invoked_at,
                    description: describe(model, operation),
                })
                .collect()
        };
        Self {
            sentence: violation.to_string(),
            invoked_in_line: operations[violation.operation].invoked_at,
            completed_in_line: violation.completed_at,
            is_first: violation.is_first,
            until_then,
            longest_linearization: violation.linearization.as_ref().map(listed),
        }
    }

    fn text(&self) -> String {
        let Self { sentence, invoked_in_line, completed_in_line, is_first, until_then, longest_linearization } = self;
        let earlier = if *is_first { "" } else { " (there may be an earlier one: a bound was reached)" };
        let mut text = format!(
            "{sentence}\noperation: invoked in line {invoked_in_line}, completed in line {completed_in_line}{earlier}\n"
        );
        if let Some(OperationReport { line, description }) = until_then {
            text += &format!("until then: linearizable up to line {line}, {description}\n");
        }
        if let Some(linearization) = longest_linearization {
            text += &list(linearization);
        }
        text
    }
}

/// The operations of a linearization, one a line; the middle of a long one is left out.
fn list(linearization: &[OperationReport]) -> String {
    let mut text = format!("longest linearization, of {} operations:\n", linearization.len());
    let hidden = SHOWN_EACH_END..linearization.len().saturating_sub(SHOWN_EACH_END);
    for (ordinal, OperationReport { line, description }) in linearization.iter().enumerate() {
        if !hidden.contains(&ordinal) {
            text += &format!("  line {line}: {description}\n");
        } else if ordinal == hidden.start {
            text += &format!("  ... {} more ...\n", hidden.len());
        }
    }
    text
}

/// An operation as the linearization has it. An unknown outcome is one that took effect there.
pub fn describe<M: Model>(model: &M, operation: &Operation<M::Command, M::Result>) -> String {
    let result = match &operation.outcome {
        Outcome::Ok { result, .. } => Some(result),
        Outcome::Failed { .. } | Outcome::Unknown => None,
    };
    format!("client {}'s {}", operation.client, model.describe(&operation.command, result))
}
