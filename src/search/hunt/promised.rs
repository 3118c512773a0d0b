//! What a way of reading promises in place of linearizability.

use super::prey::Prey;
use super::{Failure, STEPS_MAX};
use crate::check::consistency::{Promise, Verdict};
use crate::scenario::Playable;

impl<R: Playable> Prey<R> {
    /// The history is judged by sequential consistency, and not by linearizability.
    pub(super) fn must_be_sequential(&mut self) -> Result<(), Box<Failure>> {
        let promise = Promise::Sequential;
        let broken = match self.run.sequential(STEPS_MAX) {
            Verdict::Holds { .. } => return Ok(()),
            Verdict::Undecided(_) => {
                let sentence = format!("whether the history is {} is not known within the limit", promise.name());
                return Err(self.failure("undecided", promise.name(), self.run.simulation().cursor(), sentence));
            }
            Verdict::Broken(broken) => broken,
        };
        let history = self.run.history();
        let last = broken.operations.iter().filter_map(|&index| history.get(index)?.completed.as_ref());
        let event = last.map(|(moment, _)| moment.event).max().unwrap_or_default();
        let operations = broken.operations.len();
        let sentence = format!("not {}: {operations} operations contradict each other", promise.name());
        Err(self.failure("consistency", promise.name(), event, sentence))
    }
}
