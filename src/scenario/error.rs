//! What is wrong with a scenario, and where.

use std::fmt;

/// What is wrong, and where: a path such as `network.latency_ticks.min`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScenarioError {
    /// The path to the field, or "." for the whole.
    pub place: String,
    /// What is wrong with it.
    pub message: String,
}

impl ScenarioError {
    /// An error at a place.
    pub fn at(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }

    /// The same error, seen from a level further up.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        let place = match self.place.as_str() {
            "." | "" => outer.to_owned(),
            inner if inner.starts_with('[') => format!("{outer}{inner}"),
            inner => format!("{outer}.{inner}"),
        };
        Self { place, ..self }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "." | "" => f.write_str(&self.message),
            place => write!(f, "{place}: {}", self.message),
        }
    }
}

impl std::error::Error for ScenarioError {}
