//! The explorer: breadth first, in small advances, within limits.

use super::frontier::Frontier;
use super::model::{Kind, Model, Property};
use super::visited::{Insertion, STATES_MAX, Visited};
use crate::process::{Fingerprint, Fingerprinter};

/// When to stop although there is more to explore.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Most states. The search stops where one more would be found.
    pub states_max: u32,
    /// Most steps from the start. States at this depth are checked, and not expanded.
    pub depth_max: u32,
    /// Most bytes for the table, the queue, and what the model holds, together.
    pub memory_bytes_max: u64,
    /// Go on after an `always` property failed, until nothing is left or another limit is reached.
    pub beyond_failure: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { states_max: 10_000_000, depth_max: u32::MAX, memory_bytes_max: 1 << 30, beyond_failure: false }
    }
}

/// Why a search has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// Every state within the model's bounds was expanded.
    Exhausted,
    /// A property that must always hold does not.
    Failed,
    /// The cap on states.
    StatesCap,
    /// The cap on depth: states at that depth were not expanded.
    DepthCap,
    /// The cap on memory.
    MemoryCap,
    /// It was asked to end.
    Cancelled,
}

/// How far a search is: what it covered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Distinct states found. Each was checked.
    pub states: u32,
    /// States that were expanded: all their steps were taken.
    pub expanded: u32,
    /// Steps taken, those to known states included.
    pub transitions: u64,
    /// Steps that led out of the model's bounds.
    pub out_of_bounds: u64,
    /// Steps from the start to the farthest state found.
    pub depth: u32,
    /// States found and not yet expanded.
    pub queue: u32,
    /// Bytes of the table of visited states.
    pub visited_bytes: u64,
    /// Bytes of the queue, roughly.
    pub queue_bytes: u64,
    /// Bytes that the model holds for all states, roughly.
    pub shared_bytes: u64,
    /// Why it has ended, if it has.
    pub ended: Option<Ended>,
}

/// Watches the steps of a search. States are named by their places, in the order of discovery.
pub trait Observer<M: Model> {
    /// A step within the bounds was taken, to a new state or a known one.
    fn step(&mut self, from: (u32, &M::State), step: &M::Step, to: (u32, &M::State));
}

impl<M: Model> Observer<M> for () {
    #[inline]
    fn step(&mut self, _: (u32, &M::State), _: &M::Step, _: (u32, &M::State)) {}
}

/// A shortest way to a state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Path<S, T> {
    /// Where it begins.
    pub start: S,
    /// The steps, each with the state after it.
    pub steps: Vec<(T, S)>,
}

impl<S, T> Path<S, T> {
    /// The state where it ends.
    pub fn last(&self) -> &S {
        self.steps.last().map_or(&self.start, |(_, state)| state)
    }
}

/// What is explored, for what, and how far.
#[derive(Debug)]
struct Task<M: Model> {
    model: M,
    properties: Vec<Property<M>>,
    limits: Limits,
}

/// A search in progress.
#[derive(Debug)]
pub struct Explorer<M: Model> {
    task: Task<M>,
    /// The states to expand, in the order of their places; the first has the place `next`.
    queue: Frontier<M::State>,
    next: u32,
    found: Found<M::State>,
}

/// What is known of the states found. Apart from the queue, so that a state can be expanded while others are found.
#[derive(Debug)]
struct Found<S> {
    visited: Visited,
    /// New states, which have yet to join the queue.
    fresh: Vec<S>,
    /// For each property, the first state that decides it: that breaks it, or that shows it to be reachable.
    deciding: Vec<Option<u32>>,
    transitions: u64,
    out_of_bounds: u64,
    queue_bytes: u64,
    /// The depth of the states being expanded.
    depth: u32,
    /// The index after the last state of that depth.
    level_end: u32,
    ended: Option<Ended>,
    scratch: Fingerprinter,
}

impl<M: Model> Explorer<M> {
    /// A search that has found the initial states.
    pub fn new(model: M, limits: Limits) -> Self {
        let limits = Limits { states_max: limits.states_max.min(STATES_MAX), ..limits };
        let properties = model.properties();
        let mut found = Found {
            visited: Visited::default(),
            fresh: Vec::new(),
            deciding: vec![None; properties.len()],
            transitions: 0,
            out_of_bounds: 0,
            queue_bytes: 0,
            depth: 0,
            level_end: 0,
            ended: None,
            scratch: Fingerprinter::new(),
        };
        let task = Task { model, properties, limits };
        for state in task.model.initial_states() {
            if task.model.is_within_bounds(&state) {
                found.meet(&task, None, state, |_, _| ());
            }
        }
        found.level_end = found.visited.len();
        let mut queue = Frontier::default();
        found.fresh.drain(..).for_each(|state| queue.push(state));
        let mut explorer = Self { task, queue, next: 0, found };
        explorer.look_for_end();
        explorer
    }

    /// The model.
    pub fn model(&self) -> &M {
        &self.task.model
    }

    /// The properties, in the model's order.
    pub fn properties(&self) -> &[Property<M>] {
        &self.task.properties
    }

    /// The caps.
    pub fn limits(&self) -> Limits {
        self.task.limits
    }

    /// Expands at most so many states. Once the search has ended, nothing happens.
    pub fn advance(&mut self, states: u32) -> Progress {
        self.advance_observed(states, &mut ())
    }

    /// Expands at most so many states, and tells of every step.
    pub fn advance_observed(&mut self, states: u32, observer: &mut impl Observer<M>) -> Progress {
        for _ in 0..states {
            if self.found.ended.is_some() {
                break;
            }
            let Some(state) = self.queue.pop() else { break };
            self.expand(state, observer);
            self.look_for_end();
        }
        self.progress()
    }

    /// Explores until the search ends.
    pub fn run(&mut self) -> Progress {
        while self.advance(u32::MAX).ended.is_none() {}
        self.progress()
    }

    /// Ends the search. What it has found stays.
    pub fn cancel(&mut self) {
        self.found.ended.get_or_insert(Ended::Cancelled);
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let Found { visited, transitions, out_of_bounds, queue_bytes, depth, level_end, ended, .. } = &self.found;
        Progress {
            states: visited.len(),
            expanded: self.next,
            transitions: *transitions,
            out_of_bounds: *out_of_bounds,
            depth: depth + u32::from(visited.len() > *level_end),
            queue: visited.len() - self.next,
            visited_bytes: visited.bytes(),
            queue_bytes: *queue_bytes,
            shared_bytes: self.task.model.shared_bytes(),
            ended: *ended,
        }
    }

    /// The place of the first state that decides a property: that breaks it, or that shows it to be reachable.
    pub fn deciding(&self, property: usize) -> Option<u32> {
        self.found.deciding.get(property).copied().flatten()
    }

    /// A shortest path to the state at a place. None if there is no such place, or if the model does not give the same
    /// successors again.
    pub fn path_to(&self, place: u32) -> Option<Path<M::State, M::Step>> {
        let visited = &self.found.visited;
        let mut fingerprints = vec![visited.fingerprint(place)?];
        let mut at = place;
        while let Some(parent) = visited.parent(at) {
            fingerprints.push(visited.fingerprint(parent)?);
            at = parent;
        }
        let first = fingerprints.pop()?;
        let start = self.task.model.initial_states().into_iter().find(|state| state.fingerprint_of() == first)?;
        let mut path = Path { start, steps: Vec::with_capacity(fingerprints.len()) };
        while let Some(fingerprint) = fingerprints.pop() {
            let mut taken = None;
            self.task.model.successors(path.last(), &mut |step, state| {
                if taken.is_none() && state.fingerprint_of() == fingerprint {
                    taken = Some((step, state));
                }
            });
            path.steps.push(taken?);
        }
        Some(path)
    }

    fn expand(&mut self, state: M::State, observer: &mut impl Observer<M>) {
        let Self { task, queue, next, found } = self;
        let (model, from) = (&task.model, *next);
        model.successors(&state, &mut |step, after| {
            if found.ended.is_some() {
                return;
            }
            found.transitions += 1;
            if model.is_within_bounds(&after) {
                found.meet(task, Some(from), after, |to, after| observer.step((from, &state), &step, (to, after)));
            } else {
                found.out_of_bounds += 1;
            }
        });
        found.fresh.drain(..).for_each(|state| queue.push(state));
        // A search that has ended in the midst of a state's steps is over: the state counts as not expanded, and is
        // needed no more.
        if found.ended.is_none() {
            found.queue_bytes -= model.state_bytes(&state) as u64;
            *next += 1;
        }
    }

    /// Ends the search where nothing is left, or only states at the greatest depth.
    fn look_for_end(&mut self) {
        let found = &mut self.found;
        if found.ended.is_some() {
            return;
        }
        if self.next == found.visited.len() {
            found.ended = Some(Ended::Exhausted);
            return;
        }
        if self.next == found.level_end {
            found.depth += 1;
            found.level_end = found.visited.len();
        }
        if found.depth >= self.task.limits.depth_max {
            found.ended = Some(Ended::DepthCap);
        }
    }
}

impl<S: Fingerprint> Found<S> {
    /// A state was come upon. Tells its place, and if it is new, checks it and keeps it for the queue.
    #[inline]
    fn meet<M: Model<State = S>>(&mut self, task: &Task<M>, parent: Option<u32>, state: S, tell: impl FnOnce(u32, &S)) {
        self.scratch.clear();
        state.fingerprint(&mut self.scratch);
        let fingerprint = self.scratch.finish();
        let bytes = task.model.state_bytes(&state) as u64;
        if let Some(cap) = self.cap_reached(&task.limits, bytes + task.model.shared_bytes()) {
            match self.visited.find(fingerprint) {
                Some(index) => tell(index, &state),
                None => self.ended = Some(cap),
            }
            return;
        }
        match self.visited.insert(fingerprint, parent) {
            Insertion::Known(index) => tell(index, &state),
            Insertion::New(index) => {
                self.queue_bytes += bytes;
                self.check(task, index, &state);
                tell(index, &state);
                self.fresh.push(state);
            }
        }
    }

    /// The cap that leaves no space for one more state.
    #[inline]
    fn cap_reached(&self, limits: &Limits, bytes: u64) -> Option<Ended> {
        if self.visited.len() >= limits.states_max {
            Some(Ended::StatesCap)
        } else if self.visited.bytes_for_one_more() + self.queue_bytes + bytes > limits.memory_bytes_max {
            Some(Ended::MemoryCap)
        } else {
            None
        }
    }

    /// Looks at the properties in a new state.
    #[inline]
    fn check<M: Model<State = S>>(&mut self, task: &Task<M>, place: u32, state: &S) {
        for (property, deciding) in task.properties.iter().zip(&mut self.deciding) {
            if deciding.is_some() || (property.holds)(&task.model, state) != (property.kind == Kind::Reachable) {
                continue;
            }
            *deciding = Some(place);
            if property.kind == Kind::Always && !task.limits.beyond_failure {
                self.ended = Some(Ended::Failed);
            }
        }
    }
}
