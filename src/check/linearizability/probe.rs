//! What is asked about the last operation of a cut history, to explain a verdict.

use super::tables::States;
use crate::check::model::Model;
use std::collections::BTreeSet;

/// What is asked about the last operation of a cut history, besides whether it may go.
#[derive(Clone, Debug)]
pub(super) enum Probe {
    /// Nothing.
    Silent,
    /// In which states was it tried?
    Record(BTreeSet<u32>),
    /// Might it go if it had found this (as told by [`Model::found`]), whatever it answered?
    Require(String),
}

impl Probe {
    /// What the model says to the last operation in a state, which has a number.
    pub(super) fn step<M: Model>(
        &mut self,
        model: &M,
        (number, state): (u32, &M::State),
        command: &M::Command,
        answer: Option<&M::Result>,
    ) -> Option<M::State> {
        match self {
            Self::Silent => model.step(state, command, answer),
            Self::Record(states) => {
                states.insert(number);
                model.step(state, command, answer)
            }
            Self::Require(text) if model.found(state, command) == *text => model.step(state, command, None),
            Self::Require(_) => None,
        }
    }

    /// What the operation found in the states in which it was tried, each text once and in their order.
    pub(super) fn findings<M: Model>(&self, model: &M, states: &States<M::State>, command: &M::Command) -> Vec<String> {
        let Self::Record(tried) = self else { return Vec::new() };
        let texts: BTreeSet<String> = tried.iter().map(|&number| model.found(states.get(number), command)).collect();
        texts.into_iter().collect()
    }
}
