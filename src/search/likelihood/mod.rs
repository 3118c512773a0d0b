//! When did it become inevitable? A run is forked at many moments, and at each it is counted how many forks end as a
//! word says ([`Outcome`]).
//!
//! A fork has the run's beginning up to its moment, and other random numbers from there on (`reseed`): latencies, losses,
//! timeouts, what clients ask for. What is done to the run later is done to the fork at the same times, but for what
//! concerns single messages that were not sent yet. It goes on to the time where the run ends. So a fork is a run of its
//! own, with a link of its own.
//!
//! A share is of the forks that were made, and no probability: 30 of 30 is not always.
//!
//! One fork is a pure function of the run, its moment and its number. In whatever order and by however many workers forks
//! are made, the numbers are the same.
//!
//! * [`outcome`]: how a run can end. * [`plan`]: the moments, their order, and where the share jumps.

mod any;
pub mod outcome;
pub mod plan;

pub use any::{AnyForks, Told, begin, outcomes};
pub use outcome::{Had, Outcome};
pub use plan::Moment;

use crate::process::Ticks;
use crate::run::Run;
use crate::scenario::{Link, Playable, Scenario, ScenarioError};
use crate::sim::Stepped;
use xxhash_rust::xxh3::xxh3_64;

/// Moments, unless somebody says.
pub const MOMENTS: u32 = 60;
/// Most moments.
pub const MOMENTS_MAX: u32 = 500;
/// Forks at each moment, unless somebody says.
pub const FORKS: u32 = 30;
/// Most forks at each moment.
pub const FORKS_MAX: u32 = 1_000;
/// Most events of a run of which forks are made.
pub const EVENTS_MAX: u32 = 100_000;

/// A fork may have so many times the events of its run, and [`MORE_EVENTS`]. One with more is looked at as it is then.
const TIMES_EVENTS: u32 = 4;
/// See [`TIMES_EVENTS`].
const MORE_EVENTS: u32 = 10_000;

/// Events between two looks at how a fork ends.
const LOOK_EVENTS: u32 = 32;

/// Bits of a fork's seed: so many a number of JavaScript has.
const SEED_BITS: u32 = 53;

/// A run, up to where it ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Whole {
    /// The run.
    pub scenario: Scenario,
    /// It ends at this time...
    pub until: Ticks,
    /// ...or after so many events.
    pub events: u32,
}

/// What is asked of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The run.
    pub whole: Whole,
    /// How it ends, as [`Outcome::read`] takes it.
    pub outcome: String,
    /// At how many moments.
    pub moments: u32,
    /// How many forks at each.
    pub forks: u32,
}

/// What is known before the first fork.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct About {
    /// The outcome as it is read.
    pub outcome: String,
    /// What it says, in a sentence without its point.
    pub sentence: String,
    /// Whether the run itself ends so.
    pub is_so: bool,
    /// How many events the run has.
    pub events: u32,
    /// When it ends.
    pub end: Ticks,
    /// Where it is forked.
    pub moments: Vec<Moment>,
    /// How many forks are made at each.
    pub forks: u32,
}

/// A run of which forks are made.
#[derive(Clone)]
pub struct Forks<R: Playable> {
    scenario: Scenario,
    outcome: Outcome,
    about: About,
    /// The run at the moment where it was forked last, and whether it is then already as the outcome says, and stays so.
    at: Run<R>,
    is_so_already: bool,
}

/// A run of a scenario to its end.
///
/// # Errors
///
/// If the scenario cannot be run, or the run is too long.
fn run_whole<R: Playable>(whole: &Whole) -> Result<Run<R>, ScenarioError> {
    let mut run = Run::new(whole.scenario.simulation::<R>()?);
    let stepped = run.run_until(whole.until, whole.events.min(EVENTS_MAX + 1));
    if run.simulation().events() > EVENTS_MAX {
        return Err(ScenarioError::at("run", format!("it has more than {EVENTS_MAX} events: ask for a shorter one")));
    }
    // Up to a number of events it ends with the last of them, and not with all of its tick.
    debug_assert!(stepped != Stepped::Event || run.simulation().events() == whole.events);
    Ok(run)
}

fn check_count(place: &str, count: u32, least: u32, most: u32) -> Result<(), ScenarioError> {
    let is_right = (least..=most).contains(&count);
    if is_right { Ok(()) } else { Err(ScenarioError::at(place, format!("{least} to {most}, not {count}"))) }
}

impl<R: Playable> Forks<R> {
    /// Prepares to fork a run.
    ///
    /// # Errors
    ///
    /// If it cannot be run or is too long, if there is no such outcome, or too many moments or forks are asked for.
    pub fn new(question: &Question) -> Result<Self, ScenarioError> {
        let Question { whole, outcome, moments, forks } = question;
        check_count("moments", *moments, 2, MOMENTS_MAX)?;
        check_count("forks", *forks, 1, FORKS_MAX)?;
        let mut run = run_whole::<R>(whole)?;
        let outcome = Outcome::read(outcome, &mut run)?;
        run.findings_at_end();
        let is_so = outcome.is_so(&mut run, 0);
        let simulation = run.simulation();
        let time_of = |event: u32| match event.checked_sub(1) {
            Some(last) => simulation.trace().events.get(last as usize).map_or(0, |record| record.time),
            None => 0,
        };
        let replicas = simulation.world().setup().replicas;
        let events = simulation.events();
        let places = plan::spread(events, *moments).into_iter();
        let about = About {
            outcome: outcome.text(replicas),
            sentence: outcome.sentence(replicas),
            is_so,
            events,
            end: simulation.world().now(),
            moments: places.map(|event| Moment { event, time: time_of(event) }).collect(),
            forks: *forks,
        };
        let at = Run::new(whole.scenario.simulation::<R>()?);
        Ok(Self { scenario: whole.scenario.clone(), outcome, about, at, is_so_already: false })
    }

    /// What is known before the first fork.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Whether a fork ends so: by the place of its moment and its number, both from 0.
    pub fn fork(&mut self, place: usize, number: u32) -> bool {
        self.go_to(place);
        self.is_so_already || self.pursue(place, number, true).1
    }

    /// A link to a fork, its playhead where it leaves the run.
    pub fn link(&mut self, place: usize, number: u32) -> Link {
        self.go_to(place);
        let (mut run, _) = self.pursue(place, number, false);
        // Captions speak of what the run itself does.
        let scenario = Scenario { captions: Vec::new(), ..self.scenario.clone() };
        Link::of_run(&mut run, &scenario, self.event_of(place).saturating_add(1))
    }

    fn event_of(&self, place: usize) -> u32 {
        self.about.moments.get(place).map_or(self.about.events, |moment| moment.event)
    }

    /// Brings the run to a moment: on from where it is, or from its beginning.
    fn go_to(&mut self, place: usize) {
        let event = self.event_of(place);
        let is = self.at.simulation().events();
        if is == event && is > 0 {
            return;
        }
        if is > event
            && let Ok(simulation) = self.scenario.simulation::<R>()
        {
            self.at = Run::new(simulation);
        }
        let is = self.at.simulation().events();
        self.at.run_until(Ticks::MAX, event - is);
        self.is_so_already = self.outcome.stays() && self.outcome.is_so(&mut self.at, 0);
    }

    /// Goes on from the moment with other random numbers, to the end or, if that suffices, until it is known how it ends.
    fn pursue(&self, place: usize, number: u32, until_known: bool) -> (Run<R>, bool) {
        let mut run = self.at.clone();
        let mut left = self.about.events.saturating_mul(TIMES_EVENTS).saturating_add(MORE_EVENTS);
        // A run that has come to its limit has no other ends.
        let _ = run.fork(self.seed_of(place, number));
        let looks = until_known && self.outcome.stays() && self.outcome.is_quick();
        let mut seen = run.simulation().events();
        while left > 0 {
            let part = if looks { left.min(LOOK_EVENTS) } else { left };
            left -= part;
            let stepped = run.run_until(self.about.end, part);
            if looks && self.outcome.is_so(&mut run, seen) {
                return (run, true);
            }
            seen = run.simulation().events();
            if stepped != Stepped::Event {
                break;
            }
        }
        run.findings_at_end();
        let is_so = self.outcome.is_so(&mut run, 0);
        (run, is_so)
    }

    /// The seed of a fork's random numbers: no other fork of the run has it, but by a rare chance.
    fn seed_of(&self, place: usize, number: u32) -> u64 {
        let mut bytes = self.scenario.seed.to_le_bytes().to_vec();
        bytes.extend(self.event_of(place).to_le_bytes());
        bytes.extend(number.to_le_bytes());
        xxh3_64(&bytes) >> (u64::BITS - SEED_BITS)
    }
}
