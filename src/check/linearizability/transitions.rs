//! What the model says to an operation in a state. It is asked once for each pair.

use super::probe::Probe;
use super::tables::{States, table_bytes};
use super::timeline::{History, Timeline, result};
use crate::check::hash::QuickMap;
use crate::check::model::Model;

/// An operation that is not linearized yet. The order is the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Pending {
    /// The one that completes as this one of the timeline's known operations.
    Known(u32),
    /// One of the timeline's operations of unknown outcome.
    Unknown(u32),
}

/// The states met so far, and what the model said there.
pub(super) struct Transitions<'a, M: Model> {
    /// For this part alone.
    model: M,
    operations: &'a History<M>,
    states: States<M::State>,
    /// The state after an operation in a state; none where it may not go.
    known: QuickMap<(u32, Pending), Option<u32>>,
    probe: Probe,
}

impl<'a, M: Model> Transitions<'a, M> {
    pub(super) fn new(model: M, operations: &'a History<M>, states: States<M::State>, probe: Probe) -> Self {
        Self { model, operations, states, known: QuickMap::default(), probe }
    }

    /// The state after a pending operation, if it may go in this one: if it would answer as it did.
    #[inline]
    pub(super) fn after(&mut self, state: u32, pending: Pending, timeline: &Timeline) -> Option<u32> {
        if let Some(&known) = self.known.get(&(state, pending)) {
            return known;
        }
        let after = self.ask(state, pending, timeline);
        let number = after.map(|after| self.states.number(after, |state| self.model.state_bytes(state)));
        self.known.insert((state, pending), number);
        number
    }

    fn ask(&mut self, state: u32, pending: Pending, timeline: &Timeline) -> Option<M::State> {
        let before = self.states.get(state);
        let (operation, is_last) = match pending {
            Pending::Unknown(index) => (&self.operations[timeline.unknown[index as usize].operation], false),
            Pending::Known(index) => {
                let is_last = index as usize + 1 == timeline.known.len();
                (&self.operations[timeline.known[index as usize].operation], is_last)
            }
        };
        let answer = match pending {
            Pending::Known(_) => result(operation),
            Pending::Unknown(_) => None,
        };
        if is_last {
            self.probe.step(&self.model, (state, before), &operation.command, answer)
        } else {
            self.model.step(before, &operation.command, answer)
        }
    }

    /// Whether something is asked about the last operation.
    pub(super) fn is_probed(&self) -> bool {
        !matches!(self.probe, Probe::Silent)
    }

    /// What the last operation found in the states in which it was tried, each text once and in their order.
    pub(super) fn findings(&self, timeline: &Timeline) -> Vec<String> {
        let Some(last) = timeline.known.last() else { return Vec::new() };
        self.probe.findings(&self.model, &self.states, &self.operations[last.operation].command)
    }

    /// About what the table of answers takes when it has so many more.
    pub(super) fn table_bytes(&self, soon: usize) -> u64 {
        table_bytes(self.known.len() + soon, 24)
    }

    /// About what the states take.
    pub(super) fn state_bytes(&self) -> u64 {
        self.states.bytes()
    }

    /// Frees what only a search that goes on needs.
    pub(super) fn let_go(&mut self) {
        self.states = States::new();
        self.known = QuickMap::default();
    }
}
