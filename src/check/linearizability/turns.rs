//! Searches that take turns, within bounds.

use super::search::{Progress, Search};
use super::{Bound, Options};
use crate::check::model::Model;

/// Steps of each key's first turn. Each later turn has twice as many.
const TURN_STEPS_FIRST: u64 = 1 << 10;

/// Work that may still be done.
pub(super) struct Budget {
    steps_max: u64,
    pub(super) steps_left: u64,
    memory_max: u64,
    /// The bound that was reached first.
    reached: Option<Bound>,
}

impl Budget {
    pub(super) fn new(options: &Options) -> Budget {
        let Options { steps_max, memory_max, .. } = *options;
        Budget { steps_max, steps_left: steps_max, memory_max, reached: None }
    }

    /// Runs one search for at most so many steps, within what is left beside what other searches hold.
    pub(super) fn run<M: Model>(&mut self, search: &mut Search<'_, M>, steps: u64, held_by_others: u64) -> Progress {
        let before = search.steps;
        let progress = search.run(steps.min(self.steps_left), self.memory_max.saturating_sub(held_by_others));
        self.steps_left = self.steps_left.saturating_sub(search.steps - before);
        if search.is_given_up {
            self.reached.get_or_insert(Bound::Memory(self.memory_max));
        } else if progress == Progress::Open && self.steps_left == 0 {
            self.reached.get_or_insert(Bound::Steps(self.steps_max));
        }
        progress
    }
}

/// How a number of searches ended.
pub(super) enum Turns {
    AllFound,
    /// This one has no linearization.
    Exhausted(usize),
    OutOfBudget(Bound),
}

/// Runs the searches in turn, with more steps in each round, until one fails, all succeed, or the budget is spent.
pub(super) fn take_turns<M: Model>(searches: &mut [Search<'_, M>], budget: &mut Budget) -> Turns {
    let mut steps = TURN_STEPS_FIRST;
    let mut held: u64 = searches.iter().map(Search::bytes).sum();
    loop {
        let mut is_any_open = false;
        for (index, search) in searches.iter_mut().enumerate().filter(|(_, search)| search.progress == Progress::Open) {
            if search.is_given_up {
                continue;
            }
            held -= search.bytes();
            let progress = budget.run(search, steps, held);
            held += search.bytes();
            match progress {
                Progress::Found => {}
                Progress::Exhausted => return Turns::Exhausted(index),
                Progress::Open => is_any_open |= !search.is_given_up,
            }
        }
        if searches.iter().all(|search| search.progress == Progress::Found) {
            return Turns::AllFound;
        }
        if budget.steps_left == 0 || !is_any_open {
            return Turns::OutOfBudget(budget.reached.unwrap_or(Bound::Steps(budget.steps_max)));
        }
        steps = steps.saturating_mul(2);
    }
}
