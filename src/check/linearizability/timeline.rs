//! One part of a history, arranged for the search: who completes when, and who is open at each completion.

use std::sync::Arc;

use crate::check::hash::QuickMap;
use crate::check::history::{Operation, Outcome};
use crate::check::model::Model;

/// A history as the search sees it.
pub(super) type History<M> = [Operation<<M as Model>::Command, <M as Model>::Result>];

/// A completion, in the order in which completions happen: at equal positions the operation's index decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Completion {
    pub(super) position: u64,
    pub(super) operation: usize,
}

/// How much of the history is looked at. Operations that are open at the cut have an unknown outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// All of it.
    Nowhere,
    /// What happened before this completion.
    Before(Completion),
    /// What happened before this completion, and the completion.
    After(Completion),
}

impl Cut {
    fn keeps_call(self, position: u64) -> bool {
        match self {
            Cut::Nowhere => true,
            // Calls come before returns at equal positions.
            Cut::Before(end) | Cut::After(end) => position <= end.position,
        }
    }

    pub(super) fn keeps_completion(self, completion: Completion) -> bool {
        match self {
            Cut::Nowhere => true,
            Cut::Before(end) => completion < end,
            Cut::After(end) => completion <= end,
        }
    }
}

/// An operation that completes within the cut, and so must go somewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) operation: usize,
    called: u64,
    pub(super) completion: Completion,
    /// No two operations that are open at one time have the same slot.
    pub(super) slot: usize,
}

/// An operation that may take effect at any time after its invocation, or never.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unknown {
    pub(super) operation: usize,
    called: u64,
    /// The one before it that is interchangeable with it. The earlier goes first.
    pub(super) twin: Option<usize>,
}

/// The operations of one part of a history up to a cut.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    /// In the order of completions.
    pub(super) known: Vec<Known>,
    /// In the order of invocations.
    pub(super) unknown: Vec<Unknown>,
    /// How many slots there are: the most operations of known outcome that are open at one time.
    pub(super) slots: usize,
    /// The known operations in the order of their invocations.
    by_call: Vec<usize>,
    /// For each completion, how many of `by_call` were called before it.
    known_called: Vec<usize>,
    /// For each completion, how many of `unknown` were called before it.
    unknown_called: Vec<usize>,
}

/// What makes two operations of unknown outcome interchangeable.
#[derive(PartialEq, Eq, Hash)]
enum Alike<'a, C> {
    /// They are the same.
    Equal(&'a C),
    /// Nobody can tell their effects on this key apart.
    Unseen(Option<Arc<str>>),
}

/// What an operation was told, if anything.
pub(super) fn result<C, R>(operation: &Operation<C, R>) -> Option<&R> {
    match &operation.outcome {
        Outcome::Ok { result, .. } => Some(result),
        Outcome::Failed { .. } | Outcome::Unknown => None,
    }
}

/// When an operation was called and when it completed, if it did: a completion before the call counts as one at the
/// call.
pub(super) fn span<C, R>(operation: &Operation<C, R>) -> (u64, Option<u64>) {
    let called = operation.invoked_at;
    match operation.outcome {
        Outcome::Ok { completed_at, .. } => (called, Some(completed_at.max(called))),
        Outcome::Failed { .. } | Outcome::Unknown => (called, None),
    }
}

/// The indices of so many things in the order of their keys; where keys are equal, in their own order. One sort for
/// all, since each type that is sorted would add a sort of its own to what the page loads.
pub(super) fn in_order(count: usize, key: impl Fn(usize) -> u64) -> impl Iterator<Item = usize> {
    let mut keys: Vec<(u64, usize)> = (0..count).map(|index| (key(index), index)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, index)| index)
}

impl Timeline {
    /// Arranges the `members` of `operations` that lie within the cut. `is_probed` says that the last operation may
    /// have found anything, so that no content can be taken for unseen.
    pub(super) fn new<M: Model>(
        model: &M,
        operations: &History<M>,
        members: &[usize],
        cut: Cut,
        is_probed: bool,
    ) -> Timeline {
        let mut known = Vec::new();
        let mut unknown = Vec::new();
        for &operation in members {
            let (called, completed) = span(&operations[operation]);
            if !cut.keeps_call(called) {
                continue;
            }
            let completion = completed.map(|position| Completion { position, operation });
            match completion.filter(|completion| cut.keeps_completion(*completion)) {
                Some(completion) => known.push(Known { operation, called, completion, slot: 0 }),
                None => unknown.push(Unknown { operation, called, twin: None }),
            }
        }
        // Members are in the order of their indices in the history, which is how ties are broken.
        let known: Vec<_> =
            in_order(known.len(), |index| known[index].completion.position).map(|index| known[index]).collect();
        let mut unknown: Vec<_> =
            in_order(unknown.len(), |index| unknown[index].called).map(|index| unknown[index]).collect();
        let mut unseen = vec![false; operations.len()];
        if !is_probed && !unknown.is_empty() {
            let seen: Vec<_> =
                members.iter().map(|&index| (&operations[index].command, result(&operations[index]))).collect();
            for (&operation, is_unseen) in members.iter().zip(model.unseen(&seen)) {
                unseen[operation] = is_unseen;
            }
        }
        let mut latest = QuickMap::default();
        for (index, entry) in unknown.iter_mut().enumerate() {
            let command = &operations[entry.operation].command;
            let alike = if unseen[entry.operation] { Alike::Unseen(model.key(command)) } else { Alike::Equal(command) };
            entry.twin = latest.insert(alike, index);
        }
        let mut timeline = Timeline {
            known,
            unknown,
            slots: 0,
            by_call: Vec::new(),
            known_called: Vec::new(),
            unknown_called: Vec::new(),
        };
        timeline.sweep();
        timeline
    }

    /// Walks over the completions, and notes who is open at each and in which slot.
    fn sweep(&mut self) {
        self.by_call = in_order(self.known.len(), |index| self.known[index].called).collect();
        let mut free_slots = Vec::new();
        let (mut known_called, mut unknown_called) = (0, 0);
        for index in 0..self.known.len() {
            let now = self.known[index].completion.position;
            while known_called < self.by_call.len() && self.known[self.by_call[known_called]].called <= now {
                let slot = free_slots.pop().unwrap_or_else(|| {
                    self.slots += 1;
                    self.slots - 1
                });
                self.known[self.by_call[known_called]].slot = slot;
                known_called += 1;
            }
            while unknown_called < self.unknown.len() && self.unknown[unknown_called].called <= now {
                unknown_called += 1;
            }
            self.known_called.push(known_called);
            self.unknown_called.push(unknown_called);
            free_slots.push(self.known[index].slot);
        }
    }

    /// The known operations that are called after completion `index - 1` and before completion `index`.
    pub(super) fn called_just_before(&self, index: usize) -> &[usize] {
        let from = if index == 0 { 0 } else { self.known_called[index - 1] };
        &self.by_call[from..self.known_called[index]]
    }

    /// Puts the operations that are called just before a completion into their slots.
    pub(super) fn open_called_before(&self, completed: usize, occupants: &mut [Option<u32>]) {
        if completed < self.known.len() {
            for &index in self.called_just_before(completed) {
                occupants[self.known[index].slot] = Some(index as u32);
            }
        }
    }

    /// How many of the unknown operations are called before completion `index`.
    pub(super) fn unknown_called_before(&self, index: usize) -> usize {
        self.unknown_called[index]
    }
}
