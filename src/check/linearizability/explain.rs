//! Which completion is the first without a linearization, and what it could have found instead.

use std::collections::BTreeSet;

use super::probe::Probe;
use super::search::{Progress, Search};
use super::timeline::{Completion, Cut, History};
use super::turns::Budget;
use crate::check::model::Model;

/// More findings than this are not listed: nobody would read them.
const FINDINGS_MAX: usize = 16;

/// Steps that may be spent on what an operation could have found: it is worth less than the verdict.
const FINDINGS_STEPS_MAX: u64 = 100_000;

/// The same where it found what nobody could have put there, which says enough.
const FINDINGS_STEPS_MAX_UNEXPLAINED: u64 = 20_000;

/// The first violation of one part.
pub(super) struct Located {
    pub(super) completion: Completion,
    /// Whether it is known to be the part's first.
    pub(super) is_first: bool,
    /// Whether it found what no operation before could have put there.
    pub(super) is_unexplained: bool,
    /// A linearization of the part cut just before the completion, if the budget sufficed.
    pub(super) order: Option<Vec<usize>>,
    /// What the operation could have found, if the budget sufficed.
    pub(super) possible: Option<Vec<String>>,
}

/// One part of a history.
struct Part<'a, M: Model> {
    model: &'a M,
    operations: &'a History<M>,
    members: &'a [usize],
}

impl<'a, M: Model> Part<'a, M> {
    fn search(&self, cut: Cut, probe: Probe) -> Search<'a, M> {
        Search::new(self.model, self.operations, self.members, cut, probe)
    }
}

/// Finds the first completion of a part whose prefix has no linearization. `failed` is an exhausted search of the part.
pub(super) fn locate<M: Model>(
    model: &M,
    operations: &History<M>,
    members: &[usize],
    failed: &Search<'_, M>,
    budget: &mut Budget,
) -> Located {
    let part = Part { model, operations, members };
    let known = &failed.timeline.known;
    // The prefixes of all completions before `lowest` have a linearization; that of `highest` has none.
    let mut lowest = failed.deepest;
    let mut highest = known.len() - 1;
    let mut guess = lowest;
    while lowest < highest {
        let mut search = part.search(Cut::After(known[guess].completion), Probe::Silent);
        match budget.run(&mut search, u64::MAX, 0) {
            Progress::Open => {
                let completion = known[highest].completion;
                return Located { completion, is_first: false, is_unexplained: false, order: None, possible: None };
            }
            Progress::Found => {
                lowest = guess + 1;
                guess = lowest + (highest - lowest) / 2;
            }
            Progress::Exhausted => {
                highest = guess;
                // Where a failed search was stopped is the best guess there is.
                lowest = lowest.max(search.deepest);
                guess = lowest;
            }
        }
    }
    let completion = known[highest].completion;
    let mut before = part.search(Cut::Before(completion), Probe::Silent);
    let found = budget.run(&mut before, u64::MAX, 0) == Progress::Found;
    let order = found.then(|| before.linearization().to_vec());
    let possible = part.possible(completion, FINDINGS_STEPS_MAX, budget);
    Located { completion, is_first: true, is_unexplained: false, order, possible }
}

/// Finds the first completion of a part whose prefix has no linearization. That of `completion` has none, whatever the
/// order.
pub(super) fn locate_unexplained<M: Model>(
    model: &M,
    operations: &History<M>,
    members: &[usize],
    completion: Completion,
    budget: &mut Budget,
) -> Located {
    let part = Part { model, operations, members };
    let mut before = part.search(Cut::Before(completion), Probe::Silent);
    match budget.run(&mut before, u64::MAX, 0) {
        Progress::Found => {
            let order = Some(before.linearization().to_vec());
            let possible = part.possible(completion, FINDINGS_STEPS_MAX_UNEXPLAINED, budget);
            Located { completion, is_first: true, is_unexplained: true, order, possible }
        }
        Progress::Exhausted => locate(model, operations, members, &before, budget),
        Progress::Open => Located { completion, is_first: false, is_unexplained: true, order: None, possible: None },
    }
}

impl<M: Model> Part<'_, M> {
    /// What the operation could have found at its completion, whatever it answered: what it found where the search
    /// tried it, as far as there is a linearization with it.
    fn possible(&self, completion: Completion, mut steps: u64, budget: &mut Budget) -> Option<Vec<String>> {
        let mut run = |probe| {
            let mut search = self.search(Cut::After(completion), probe);
            let progress = budget.run(&mut search, steps, 0);
            steps = steps.saturating_sub(search.steps);
            (progress != Progress::Open).then_some(search)
        };
        let findings = run(Probe::Record(BTreeSet::new()))?.findings();
        if findings.len() > FINDINGS_MAX {
            return None;
        }
        let mut possible = Vec::new();
        for finding in findings {
            if run(Probe::Require(finding.clone()))?.progress == Progress::Found {
                possible.push(finding);
            }
        }
        Some(possible)
    }
}
