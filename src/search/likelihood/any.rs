//! Forks of a protocol that is known by its name alone: what the page and the command line drive.

use super::{About, Forks, Had, Outcome, Question, Whole, run_whole};
use crate::scenario::{Link, Playable, ScenarioError, WithProtocol, with_protocol};

/// Forks a run.
pub trait AnyForks {
    /// As [`Forks::about`].
    fn about(&self) -> &About;
    /// As [`Forks::fork`].
    fn fork(&mut self, place: usize, number: u32) -> bool;
    /// As [`Forks::link`].
    fn link(&mut self, place: usize, number: u32) -> Link;
}

impl<R: Playable> AnyForks for Forks<R> {
    fn about(&self) -> &About {
        Forks::about(self)
    }

    fn fork(&mut self, place: usize, number: u32) -> bool {
        Forks::fork(self, place, number)
    }

    fn link(&mut self, place: usize, number: u32) -> Link {
        Forks::link(self, place, number)
    }
}

struct Begin<'a>(&'a Question);

impl WithProtocol for Begin<'_> {
    type Output = Result<Box<dyn AnyForks>, ScenarioError>;

    fn with<R: Playable>(self) -> Self::Output {
        Ok(Box::new(Forks::<R>::new(self.0)?))
    }
}

/// Prepares to fork a run of whatever protocol.
///
/// # Errors
///
/// As [`Forks::new`], or if there is no such protocol.
pub fn begin(question: &Question) -> Result<Box<dyn AnyForks>, ScenarioError> {
    with_protocol(&question.whole.scenario.protocol, Begin(question))?
}

/// How a run ends, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// As [`Outcome::read`] takes it.
    pub outcome: String,
    /// What it says.
    pub sentence: String,
    /// After which event it is so; none where only the end of the run says it.
    pub event: Option<u32>,
}

struct Listed<'a>(&'a Whole);

impl WithProtocol for Listed<'_> {
    type Output = Result<Vec<Told>, ScenarioError>;

    fn with<R: Playable>(self) -> Self::Output {
        let mut run = run_whole::<R>(self.0)?;
        let replicas = run.simulation().world().setup().replicas;
        let told = |Had { outcome, event }: Had| Told {
            outcome: outcome.text(replicas),
            sentence: outcome.sentence(replicas),
            event,
        };
        Ok(Outcome::all_of(&mut run).into_iter().map(told).collect())
    }
}

/// How a run does end.
///
/// # Errors
///
/// If the run cannot be run or is too long.
pub fn outcomes(whole: &Whole) -> Result<Vec<Told>, ScenarioError> {
    with_protocol(&whole.scenario.protocol, Listed(whole))?
}
