//! What a search came to, in words: the same for the command line and for a page, whatever the model.

use super::explorer::{Ended, Explorer, Limits, Path, Progress};
use super::model::{Kind, Model, Property, StepView};

/// What is known of a property.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// `always`: it holds in every state found.
    NotBroken,
    /// `always`: it does not hold in some state.
    Broken,
    /// `reachable`: it holds in some state.
    Reached,
    /// `reachable`: it holds in no state found, and there may be more states.
    NotYetReached,
    /// `reachable`: it holds in none of the states within the model's bounds.
    OutOfReach,
}

impl Outcome {
    /// Whether the property failed, as far as the search can tell.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Broken | Self::OutOfReach)
    }
}

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StepReport {
    /// What was done.
    pub view: StepView,
    /// The state after it.
    pub after: Vec<String>,
}

/// A shortest path, step by step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathReport {
    /// The state where it begins.
    pub start: Vec<String>,
    /// The steps.
    pub steps: Vec<StepReport>,
}

/// A property with what is known of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PropertyReport {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// In every state, or in some.
    pub kind: Kind,
    /// What is known of it.
    pub outcome: Outcome,
    /// A shortest path to the state that decides it.
    pub path: Option<PathReport>,
}

impl PropertyReport {
    /// What is known of it, in one line.
    pub fn line(&self) -> String {
        let steps = || match self.path.as_ref().map_or(0, |path| path.steps.len()) {
            0 => "in an initial state".to_owned(),
            1 => "in 1 step".to_owned(),
            steps => format!("in {steps} steps"),
        };
        let known = match self.outcome {
            Outcome::NotBroken => "no violation found within these bounds".to_owned(),
            Outcome::Broken => format!("BROKEN {}", steps()),
            Outcome::Reached => format!("reached {}", steps()),
            Outcome::NotYetReached => "not reached as far as was explored".to_owned(),
            Outcome::OutOfReach => "NOT REACHED within these bounds".to_owned(),
        };
        format!("{} {}: {}: {known}", self.kind.name(), self.name, self.sentence)
    }
}

/// What a search came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// What the model itself is limited to.
    pub bounds: Vec<String>,
    /// The properties, in the model's order.
    pub properties: Vec<PropertyReport>,
    /// What was covered.
    pub progress: Progress,
    /// The caps that were set.
    pub limits: Limits,
}

impl Report {
    /// Whether a property failed.
    pub fn has_failure(&self) -> bool {
        self.properties.iter().any(|property| property.outcome.is_failure())
    }

    /// Why the search ended and what that means, in a sentence.
    pub fn ending(&self) -> String {
        let Progress { queue, ended, .. } = self.progress;
        let more =
            format!("{} not expanded, and what follows them was not looked at", count(u64::from(queue), "state"));
        match ended {
            Some(Ended::Exhausted) => "Every state within these bounds was explored.".to_owned(),
            Some(Ended::Failed) => format!("Stopped at the first failure: {more}."),
            Some(Ended::StatesCap) => {
                format!("Stopped at the cap of {}: {more}.", count(u64::from(self.limits.states_max), "state"))
            }
            Some(Ended::DepthCap) => format!("Stopped at the cap of depth {}: {more}.", self.limits.depth_max),
            Some(Ended::MemoryCap) => {
                format!("Stopped at the cap of {} bytes of memory: {more}.", self.limits.memory_bytes_max)
            }
            Some(Ended::Cancelled) => format!("Cancelled: {more}."),
            None => format!("Under way: {more} yet."),
        }
    }

    /// What was covered, in a line.
    pub fn covered(&self) -> String {
        let Progress { states, transitions, depth, out_of_bounds, .. } = self.progress;
        let left = match out_of_bounds {
            0 => String::new(),
            left => format!(" ({left} out of bounds)"),
        };
        format!(
            "{}, {}{left}, depth {depth}",
            count(u64::from(states), "distinct state"),
            count(transitions, "transition")
        )
    }
}

fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A search of any model.
pub trait Exploration {
    /// Expands at most so many states.
    fn advance(&mut self, states: u32) -> Progress;

    /// Ends the search. What it has found stays.
    fn cancel(&mut self);

    /// What it has come to.
    fn report(&self) -> Report;
}

impl<M: Model> Exploration for Explorer<M> {
    fn advance(&mut self, states: u32) -> Progress {
        Explorer::advance(self, states)
    }

    fn cancel(&mut self) {
        Explorer::cancel(self);
    }

    fn report(&self) -> Report {
        let progress = self.progress();
        let properties = self.properties().iter().enumerate();
        Report {
            bounds: self.model().bounds(),
            properties: properties.map(|(index, property)| self.report_property(index, property)).collect(),
            progress,
            limits: self.limits(),
        }
    }
}

impl<M: Model> Explorer<M> {
    fn report_property(&self, place: usize, property: &Property<M>) -> PropertyReport {
        let is_decided = self.deciding(place).is_some();
        let is_exhausted = self.progress().ended == Some(Ended::Exhausted);
        PropertyReport {
            name: property.name,
            sentence: property.sentence,
            kind: property.kind,
            outcome: match property.kind {
                Kind::Always if is_decided => Outcome::Broken,
                Kind::Always => Outcome::NotBroken,
                Kind::Reachable if is_decided => Outcome::Reached,
                Kind::Reachable if is_exhausted => Outcome::OutOfReach,
                Kind::Reachable => Outcome::NotYetReached,
            },
            path: self.deciding(place).and_then(|place| self.path_to(place)).map(|path| self.report_path(&path)),
        }
    }

    fn report_path(&self, path: &Path<M::State, M::Step>) -> PathReport {
        let model = self.model();
        let mut before = &path.start;
        let mut steps = Vec::with_capacity(path.steps.len());
        for (step, after) in &path.steps {
            steps.push(StepReport {
                view: model.describe_step(before, step, after),
                after: model.describe_state(after),
            });
            before = after;
        }
        PathReport { start: model.describe_state(&path.start), steps }
    }
}
