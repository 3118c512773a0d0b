//! The run of a protocol that is known by its name alone, in a format: what the page drives.

use super::{Exported, Format, export};
use crate::process::Ticks;
use crate::run::Run;
use crate::scenario::{Link, Playable, Scenario, ScenarioError, WithProtocol, with_protocol};
use std::ops::Range;

/// A run, and in which format it is wanted.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// With all interventions.
    pub scenario: &'a Scenario,
    /// How many events the run has.
    pub events: u32,
    /// After which event the playhead stands.
    pub playhead: u32,
    /// Of diagrams, logs and states only these events.
    pub part: Range<u32>,
    /// What it is written in.
    pub format: Format,
}

impl WithProtocol for Wanted<'_> {
    type Output = Result<Exported, ScenarioError>;

    fn with<R: Playable>(self) -> Self::Output {
        let Self { scenario, events, playhead, part, format } = self;
        let mut run = Run::new(scenario.simulation::<R>()?);
        run.run_until(Ticks::MAX, events);
        let link = Link::of_run(&mut run, scenario, playhead);
        let end = run.simulation().events();
        let part = part.start.min(end)..part.end.min(end);
        if part.is_empty() {
            return Err(ScenarioError::at("events", format!("the run has {end} events, from 0 on")));
        }
        export(&mut run, format, part, &link).map_err(|problem| ScenarioError::at("run", problem))
    }
}

/// Makes the run again, and writes it in the format.
///
/// # Errors
///
/// If it cannot be run, if there is no such protocol, or if the format has no words for what is in it.
pub fn export_wanted(wanted: Wanted<'_>) -> Result<Exported, ScenarioError> {
    with_protocol(&wanted.scenario.protocol, wanted)?
}

struct Tried<'a>(&'a Scenario);

impl WithProtocol for Tried<'_> {
    type Output = Result<(), ScenarioError>;

    fn with<R: Playable>(self) -> Self::Output {
        self.0.simulation::<R>().map(|_| ())
    }
}

/// Whether a scenario can be run, be it of whatever protocol.
///
/// # Errors
///
/// What is wrong with it, and where.
pub fn try_scenario(scenario: &Scenario) -> Result<(), ScenarioError> {
    with_protocol(&scenario.protocol, Tried(scenario))?
}
