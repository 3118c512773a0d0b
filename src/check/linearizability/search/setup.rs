//! What a search begins with, what it takes, and what it leaves.

use super::{Configuration, Progress, Search};
use crate::check::linearizability::bits::Bits;
use crate::check::linearizability::memo::Memo;
use crate::check::linearizability::probe::Probe;
use crate::check::linearizability::tables::States;
use crate::check::linearizability::timeline::{Cut, History, Timeline, result};
use crate::check::linearizability::transitions::Transitions;
use crate::check::model::{Model, Told};
use std::collections::BTreeMap;

impl<'a, M: Model> Search<'a, M> {
    /// A search over the `members` of the history, up to the cut.
    pub(in crate::check::linearizability) fn new(
        model: &'a M,
        operations: &'a History<M>,
        members: &[usize],
        cut: Cut,
        probe: Probe,
    ) -> Search<'a, M> {
        let timeline = Timeline::new(model, operations, members, cut, !matches!(probe, Probe::Silent));
        let told: Vec<Told<'_, M>> =
            members.iter().map(|&index| (&operations[index].command, result(&operations[index]))).collect();
        // One that is asked about may have found anything.
        let model = if matches!(probe, Probe::Silent) { model.for_history(&told) } else { model.clone() };
        let mut states = States::new();
        let start = Configuration {
            completed: 0,
            known: Bits::empty(timeline.slots),
            unknown: Bits::empty(timeline.unknown.len()),
            state: states.number(model.initial(), |state| model.state_bytes(state)),
        };
        let only_observes = timeline.known.iter().enumerate().map(|(index, known)| {
            let operation = &operations[known.operation];
            // One that is asked about must be tried in every state, not only in the first that suits it.
            let is_probed = !matches!(probe, Probe::Silent) && index + 1 == timeline.known.len();
            !is_probed && model.only_observes(&operation.command, result(operation))
        });
        let mut keys = BTreeMap::new();
        let mut key_of = |operation: usize| {
            let count = keys.len() as u32;
            *keys.entry(model.key(&operations[operation].command)).or_insert(count)
        };
        let mut search = Search {
            only_observes: only_observes.collect(),
            known_keys: timeline.known.iter().map(|known| key_of(known.operation)).collect(),
            unknown_keys: timeline.unknown.iter().map(|unknown| key_of(unknown.operation)).collect(),
            occupants: vec![None; timeline.slots],
            stands_at: 0,
            transitions: Transitions::new(model, operations, states, probe),
            timeline,
            progress: Progress::Open,
            deepest: 0,
            steps: 0,
            is_given_up: false,
            memo: Memo::default(),
            entering: Some(start),
            frames: Vec::new(),
            choices: Vec::new(),
            path: Vec::new(),
        };
        search.timeline.open_called_before(0, &mut search.occupants);
        search
    }

    /// About what its tables take: at most that much, and the same on every target.
    pub(in crate::check::linearizability) fn bytes(&self) -> u64 {
        // What one configuration may add is there already.
        let soon = self.occupants.len() + self.timeline.unknown.len();
        let is_idle = self.memo.is_empty() && self.entering.is_none();
        if is_idle {
            return 8 * self.path.len() as u64;
        }
        let tables = self.memo.bytes() + self.transitions.table_bytes(soon);
        let stack = 112 * self.frames.len() + 16 * self.choices.len() + 8 * self.path.len();
        tables + 3 * stack as u64 + self.transitions.state_bytes()
    }

    /// Frees what only a search that goes on needs.
    pub(super) fn let_go(&mut self) {
        self.transitions.let_go();
        self.memo = Memo::default();
        self.entering = None;
        self.frames = Vec::new();
        self.choices = Vec::new();
    }

    /// The linearization that was found, as indices of the history.
    pub(in crate::check::linearizability) fn linearization(&self) -> &[usize] {
        &self.path
    }

    /// What the last operation found in the states in which it was tried, each text once and in their order.
    pub(in crate::check::linearizability) fn findings(&self) -> Vec<String> {
        self.transitions.findings(&self.timeline)
    }
}
