//! What a way of reading promises in place of linearizability.

use super::prey::Prey;
use super::{Failure, STEPS_MAX};
use crate::check::consistency::{Promise, Verdict};
use crate::scenario::Playable;

impl<R: Playable> Prey<R> {
    /// The history is judged by another promise than that it is linearizable.
    pub(super) fn must_keep(&mut self, promise: Promise) -> Result<(), Box<Failure>> {
        let verdicts = self.run.promises(STEPS_MAX);
        let verdict = verdicts.into_iter().find_map(|(each, verdict)| (each == promise).then_some(verdict));
        let broken = match verdict {
            None | Some(Verdict::Holds { .. }) => return Ok(()),
            Some(Verdict::Undecided(_)) => {
                let sentence = format!("whether the history is {} is not known within the limit", promise.name());
                return Err(self.failure("undecided", promise.name(), self.run.simulation().cursor(), sentence));
            }
            Some(Verdict::Broken(broken)) => broken,
        };
        let history = self.run.history();
        let last = broken.operations.iter().filter_map(|&index| history.get(index)?.completed.as_ref());
        let event = last.map(|(moment, _)| moment.event).max().unwrap_or_default();
        let operations = broken.operations.len();
        let sentence = format!("not {}: {operations} operations contradict each other", promise.name());
        Err(self.failure("consistency", promise.name(), event, sentence))
    }
}
