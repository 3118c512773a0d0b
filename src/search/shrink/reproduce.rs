//! What a run that somebody shared breaks.

use super::{Broken, Limits, Promise, ShrinkError, Shrinker};
use crate::process::Ticks;
use crate::scenario::{Link, Playable, ScenarioError, WithProtocol, with_protocol};

/// What the run of a link breaks, and how; none if it keeps its promises. A test that reproduces a failure asks for it.
///
/// # Errors
///
/// If the scenario cannot be run: says which field is wrong.
pub fn broken_by(link: &Link) -> Result<Option<(Promise, Broken)>, ScenarioError> {
    with_protocol(&link.scenario.protocol, BrokenBy(link))?
}

struct BrokenBy<'a>(&'a Link);

impl WithProtocol for BrokenBy<'_> {
    type Output = Result<Option<(Promise, Broken)>, ScenarioError>;

    fn with<R: Playable>(self) -> Self::Output {
        let Link { scenario, events, .. } = self.0;
        let nothing_more = Limits { tries_max: 0, events_max: 0 };
        match Shrinker::<R>::of_run(scenario, Ticks::MAX, *events, nothing_more) {
            Ok(shrinker) => Ok(Some((shrinker.promise(), shrinker.broken().clone()))),
            Err(ShrinkError::Scenario(error)) => Err(error),
            Err(ShrinkError::NothingBroken | ShrinkError::NotBroken(_)) => Ok(None),
        }
    }
}
