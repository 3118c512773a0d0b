//! The search for one linearization, resumable after any number of steps. See the [module above](super) for why it is
//! right.
//!
//! A [`Configuration`] says which operations have gone, and the state after them. [`Search::run`] does one of two
//! things until there is a linearization, or nothing is left to try:
//!
//! * [`Search::enter`] a configuration. If an earlier visit was at least as good, go back (Lowe). If all completions
//!   are passed, the path is a linearization. Otherwise collect the operations that may go next, and put them on the
//!   stack.
//! * [`Search::choose`] the next of those (Wing and Gong): let it go, and enter what comes of it; where none is left,
//!   take the last choice back.

mod setup;

use super::bits::Bits;
use super::memo::{Memo, Visited};
use super::timeline::Timeline;
use super::transitions::{Pending, Transitions};
use crate::check::model::Model;

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// It may go on.
    Open,
    /// It has a linearization.
    Found,
    /// It has seen everything, and there is no linearization.
    Exhausted,
}

/// How far the linearization has come: with the state it determines everything that may follow.
///
/// The operations linearized so far are all that completed before completion `completed`, the open ones whose slots are
/// in `known`, and those of unknown outcome in `unknown`.
#[derive(Clone, Debug)]
struct Configuration {
    completed: usize,
    known: Bits,
    unknown: Bits,
    state: u32,
}

/// An operation that may go next, and the state after it.
#[derive(Clone, Copy, Debug)]
struct Choice {
    pending: Pending,
    next_state: u32,
}

/// A configuration with the choices that remain to be tried there.
#[derive(Debug)]
struct Frame {
    configuration: Configuration,
    path_length: usize,
    choices_start: usize,
    choices_next: usize,
}

/// A depth-first search over the configurations of one part of a history.
pub(super) struct Search<'a, M: Model> {
    pub(super) timeline: Timeline,
    pub(super) progress: Progress,
    /// The most completions that any configuration had passed. If the search is exhausted, the completion after
    /// these is the one that was never passed.
    pub(super) deepest: usize,
    /// Steps of the model that were asked for.
    pub(super) steps: u64,
    /// Whether it stopped for want of memory, and has let go of what it knew.
    pub(super) is_given_up: bool,
    transitions: Transitions<'a, M>,
    memo: Memo,
    entering: Option<Configuration>,
    frames: Vec<Frame>,
    choices: Vec<Choice>,
    /// Operations linearized so far, as indices of the history.
    path: Vec<usize>,
    /// Which of the known operations change no state in which they may go.
    only_observes: Vec<bool>,
    /// The keys of the known operations and of those of unknown outcome, as numbers.
    known_keys: Vec<u32>,
    unknown_keys: Vec<u32>,
    /// Which known operation is open in which slot, at the completion where the search stands.
    occupants: Vec<Option<u32>>,
    stands_at: usize,
}

impl<'a, M: Model> Search<'a, M> {
    /// Searches on for about this many steps, within so many bytes: it stops at the first configuration after either.
    pub(super) fn run(&mut self, steps: u64, bytes: u64) -> Progress {
        let until = self.steps.saturating_add(steps);
        while self.progress == Progress::Open && self.steps < until && !self.is_given_up {
            if self.bytes() > bytes {
                self.is_given_up = true;
            } else {
                match self.entering.take() {
                    Some(configuration) => self.enter(configuration),
                    None => self.choose(),
                }
            }
        }
        if self.is_given_up || (self.progress != Progress::Open && !self.transitions.is_probed()) {
            self.let_go();
        }
        self.progress
    }

    /// Takes the next choice of the innermost frame, or gives the frame up.
    fn choose(&mut self) {
        let Some(frame) = self.frames.last_mut() else {
            self.progress = Progress::Exhausted;
            return;
        };
        let Some(&choice) = self.choices.get(frame.choices_next) else {
            self.choices.truncate(frame.choices_start);
            self.frames.pop();
            return;
        };
        frame.choices_next += 1;
        let mut configuration = frame.configuration.clone();
        self.path.truncate(frame.path_length);
        self.stand_at(configuration.completed);
        self.linearize(&mut configuration, choice);
        self.entering = Some(configuration);
    }

    /// Visits a configuration, unless one at least as good was visited before.
    fn enter(&mut self, mut configuration: Configuration) {
        if self.visited(&configuration) {
            return;
        }
        let choices_start = self.choices.len();
        let path_length = self.path.len();
        loop {
            if configuration.completed == self.timeline.known.len() {
                self.progress = Progress::Found;
                return;
            }
            self.choices.truncate(choices_start);
            if !self.collect_known(&mut configuration) {
                break;
            }
        }
        if self.path.len() > path_length && self.visited(&configuration) {
            self.choices.truncate(choices_start);
            return;
        }
        self.collect_unknown(&configuration);
        self.choices[choices_start..].sort_unstable_by_key(|choice| choice.pending);
        self.frames.push(Frame {
            path_length: self.path.len(),
            configuration,
            choices_start,
            choices_next: choices_start,
        });
    }

    /// Notes a visit; says whether an earlier one makes it useless.
    fn visited(&mut self, configuration: &Configuration) -> bool {
        let Configuration { completed, known, unknown, state } = configuration;
        let visit =
            self.memo.visit(Visited { completed: *completed as u32, state: *state, known: known.clone() }, unknown);
        self.steps += visit.steps;
        visit.is_useless
    }

    /// Collects the open operations of known outcome that may go next, on the key of the first that waits. Those that
    /// only observe go at once: whatever order exists from here on, it exists with such an operation moved to its
    /// front, so nothing is lost and there is no choice to come back to. Says whether completions were passed, and it
    /// must collect again.
    fn collect_known(&mut self, configuration: &mut Configuration) -> bool {
        let key = self.known_keys[configuration.completed];
        for slot in 0..self.occupants.len() {
            let Some(index) = self.occupants[slot] else {
                continue;
            };
            if configuration.known.contains(slot) || self.known_keys[index as usize] != key {
                continue;
            }
            let pending = Pending::Known(index);
            let Some(next_state) = self.step(configuration.state, pending) else {
                continue;
            };
            let choice = Choice { pending, next_state };
            if !self.only_observes[index as usize] {
                self.choices.push(choice);
            } else if self.linearize(configuration, choice) {
                return true;
            }
        }
        false
    }

    /// Collects the operations of unknown outcome that may go next. One that changes nothing can as well never happen.
    fn collect_unknown(&mut self, configuration: &Configuration) {
        let key = self.known_keys[configuration.completed];
        for index in 0..self.timeline.unknown_called_before(configuration.completed) {
            let twin_waits =
                self.timeline.unknown[index].twin.is_some_and(|twin| !configuration.unknown.contains(twin));
            if twin_waits || configuration.unknown.contains(index) || self.unknown_keys[index] != key {
                continue;
            }
            let pending = Pending::Unknown(index as u32);
            match self.step(configuration.state, pending) {
                Some(next_state) if next_state != configuration.state => {
                    self.choices.push(Choice { pending, next_state });
                }
                _ => {}
            }
        }
    }

    /// Lets an operation take effect, and passes the completions that waited for it. Says whether there were any.
    fn linearize(&mut self, configuration: &mut Configuration, choice: Choice) -> bool {
        configuration.state = choice.next_state;
        let index = match choice.pending {
            Pending::Unknown(index) => {
                configuration.unknown.insert(index as usize);
                self.path.push(self.timeline.unknown[index as usize].operation);
                return false;
            }
            Pending::Known(index) => index as usize,
        };
        let known = &self.timeline.known;
        configuration.known.insert(known[index].slot);
        self.path.push(known[index].operation);
        if index != configuration.completed {
            return false;
        }
        while let Some(next) = known.get(configuration.completed)
            && configuration.known.contains(next.slot)
        {
            configuration.known.remove(next.slot);
            configuration.completed += 1;
            self.occupants[next.slot] = None;
            self.timeline.open_called_before(configuration.completed, &mut self.occupants);
        }
        self.stands_at = configuration.completed;
        self.deepest = self.deepest.max(configuration.completed);
        true
    }

    /// What the model says to a pending operation in a state: the state after it, if it may go.
    #[inline]
    fn step(&mut self, state: u32, pending: Pending) -> Option<u32> {
        self.steps += 1;
        self.transitions.after(state, pending, &self.timeline)
    }

    /// Goes back to an earlier completion.
    fn stand_at(&mut self, completed: usize) {
        while self.stands_at > completed {
            if self.stands_at < self.timeline.known.len() {
                for &index in self.timeline.called_just_before(self.stands_at) {
                    self.occupants[self.timeline.known[index].slot] = None;
                }
            }
            self.stands_at -= 1;
            self.occupants[self.timeline.known[self.stands_at].slot] = Some(self.stands_at as u32);
        }
    }
}
