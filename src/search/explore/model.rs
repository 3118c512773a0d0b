//! What can be explored: a model with its properties.

use crate::process::{Fingerprint, NodeId};
use std::fmt;

/// Something with states and steps, such as a cluster of processes, or an algorithm as a paper writes it down.
///
/// The same state must always give the same successors in the same order: paths are rebuilt by taking the steps again.
pub trait Model: Sized {
    /// A state. Two states that differ must have different canonical bytes.
    type State: Clone + Eq + Fingerprint + fmt::Debug;
    /// Names one of the steps that are possible in a state.
    type Step: Clone + fmt::Debug;

    /// The states in which it may begin.
    fn initial_states(&self) -> Vec<Self::State>;

    /// Hands every state that may follow in one step to the visitor, with the step. A step may lead to the same state.
    fn successors(&self, state: &Self::State, visit: &mut impl FnMut(Self::Step, Self::State));

    /// What is to hold, or to be possible.
    fn properties(&self) -> Vec<Property<Self>>;

    /// Whether a state belongs to what is explored. A step that leads outside is counted, and its state is not looked
    /// at.
    fn is_within_bounds(&self, _: &Self::State) -> bool {
        true
    }

    /// What the exploration is limited to by the model itself, in sentences.
    fn bounds(&self) -> Vec<String> {
        Vec::new()
    }

    /// How many bytes a state in the queue takes, roughly. What many states share is not counted.
    fn state_bytes(&self, _: &Self::State) -> usize {
        size_of::<Self::State>()
    }

    /// How many bytes the model itself holds for all states, roughly.
    fn shared_bytes(&self) -> u64 {
        0
    }

    /// What a step did, for a person.
    fn describe_step(&self, before: &Self::State, step: &Self::Step, after: &Self::State) -> StepView;

    /// A state in a few lines, for a person.
    fn describe_state(&self, state: &Self::State) -> Vec<String>;
}

/// What a property asks of the states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// It holds in every state.
    Always,
    /// It holds in some state.
    Reachable,
}

impl Kind {
    /// In one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Reachable => "reachable",
        }
    }
}

/// A named sentence about the states of a model.
#[derive(Debug)]
pub struct Property<M: Model> {
    /// In kebab-case.
    pub name: &'static str,
    /// What it says, as a sentence without a full stop.
    pub sentence: &'static str,
    /// In every state, or in some.
    pub kind: Kind,
    /// Whether it holds in a state.
    pub holds: fn(&M, &M::State) -> bool,
}

impl<M: Model> Clone for Property<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M: Model> Copy for Property<M> {}

impl<M: Model> Property<M> {
    /// It must hold in every state.
    pub const fn always(name: &'static str, sentence: &'static str, holds: fn(&M, &M::State) -> bool) -> Self {
        Self { name, sentence, kind: Kind::Always, holds }
    }

    /// It must hold in some state.
    pub const fn reachable(name: &'static str, sentence: &'static str, holds: fn(&M, &M::State) -> bool) -> Self {
        Self { name, sentence, kind: Kind::Reachable, holds }
    }
}

/// A step as a page shows it: enough for an arrow or a mark in a diagram.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StepView {
    /// What kind of step: `deliver`, `crash`, the name of an action.
    pub kind: &'static str,
    /// At which process it happened, if at one.
    pub node: Option<NodeId>,
    /// Who sent the message that was handled, if one was.
    pub from: Option<NodeId>,
    /// The whole step in words.
    pub text: String,
}
