//! Shrinking: a run that breaks a promise becomes a small run that breaks the same one.
//!
//! A hunt's failures are large: dozens of faults, of which two matter; five servers, where three would do; clients that
//! ask for sixty operations. A shrinker tries one smaller run after another. Each is replayed by the simulator, from a
//! scenario, as any other run is. If it *breaks the same promise* ([`Promise`]) and *weighs less* ([`Size`]), it is the
//! run that goes on.
//!
//! What is tried is a list of `passes`: interventions are taken away by halves, then quarters, then one by one
//! (delta debugging); operations that were drawn are asked for by hand, and taken away in the same manner; the network
//! becomes calm, disks quick, settings those by default; clients and servers go; liars are told line by line what to
//! say; times become round and values small. Where the network must still draw latencies or losses, it is taken apart
//! message by message (`messages`): each message is lost or late by an intervention, and of these few are left. The
//! passes are gone through again and again until a whole round has made nothing smaller. Every run that is kept weighs
//! less than the one before, so this comes to an end.
//!
//! **The same reason.** A smaller run might break the promise for another reason: a disk that was wiped while it
//! mattered, more liars than the protocol bears. Where a rule is switched off and the run keeps the promise with the
//! rule on, every run that is kept has to do so, too. Nobody lies in it who did not before, and liars have no more power
//! than the protocol bears unless they had in the beginning.
//!
//! A try is one replay, and [`Shrinker::step`] makes one. There is no clock and no thread here: the same run shrinks to
//! the same run, wherever and in however many slices.

mod case;
mod messages;
mod passes;
mod promise;
mod renaming;
mod reproduce;
mod size;

pub use promise::{Broken, Promise};
pub use reproduce::broken_by;
pub use size::Size;

use crate::process::{MILLISECOND, Message as _, NodeSet, Ticks};
use crate::run::Run;
use crate::scenario::{Link, Playable, Scenario, ScenarioError};
use crate::search::hunt::Failure;
use crate::sim::Action;
use case::{Case, Shown, replay};
use messages::by_message;
use passes::{Bounds, MESSAGE_PASSES, PASSES, Pass};

/// A smaller run may take so much longer than the smallest so far: half as long again, and this.
const LONGER: Ticks = 200 * MILLISECOND;

/// And it may have so many more events: twice as many, and these.
const MORE_EVENTS: u32 = 500;

/// A network is taken apart if not more messages than these were lost or late.
const MESSAGES_MAX: usize = 2_000;

/// A run in which nobody is served is looked at so many events longer than it is said to be.
const SILENCE_EVENTS: u32 = 5_000;

/// How much may be tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Most runs.
    pub tries_max: u32,
    /// Most events of all runs together.
    pub events_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { tries_max: 6_000, events_max: 30_000_000 }
    }
}

/// Why nothing more is tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// A whole round has made nothing smaller.
    Smallest,
    /// The limit on runs.
    Tries,
    /// The limit on events.
    Events,
}

/// How far a shrinker is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Runs so far.
    pub tries: u32,
    /// Events of all of them.
    pub events: u64,
    /// The run that it began with.
    pub before: Size,
    /// The smallest so far.
    pub now: Size,
    /// What is being tried.
    pub pass: &'static str,
    /// Why nothing more is tried; none while there is more.
    pub ended: Option<Ended>,
}

/// Why a run cannot be shrunk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ShrinkError {
    /// Its scenario cannot be run.
    Scenario(ScenarioError),
    /// It keeps what it promises, as far as it was replayed.
    NothingBroken,
    /// It does not break this promise when it is replayed.
    NotBroken(Promise),
}

impl std::fmt::Display for ShrinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Scenario(error) => error.fmt(f),
            Self::NothingBroken => f.write_str("nothing to shrink: the run breaks no promise"),
            Self::NotBroken(promise) => {
                write!(f, "nothing to shrink: the run does not break {} when it is replayed", promise.name())
            }
        }
    }
}

impl std::error::Error for ShrinkError {}

/// Makes a run smaller, one try at a time.
pub struct Shrinker<R: Playable> {
    promise: Promise,
    limits: Limits,
    bounds: Bounds,
    before: Size,
    now: Shown,
    /// With the rules on that are switched off, the promise is kept: in every smaller run as well.
    has_control: bool,
    /// Who lied in the beginning, and whether that was more than the protocol bears.
    liars_are_too_many: bool,
    tries: u32,
    events: u64,
    search: Search,
    protocol: std::marker::PhantomData<R>,
}

/// Where in a round the shrinker is.
struct Search {
    pass: usize,
    level: u32,
    /// The cases of the level; none until they are worked out.
    cases: Option<Vec<Case>>,
    /// The next of them.
    next: usize,
    /// Something became smaller in this round.
    is_smaller: bool,
    /// The run as it was before its network was taken apart, while that is tried.
    whole: Option<Box<Shown>>,
    ended: Option<Ended>,
}

impl<R: Playable> Shrinker<R> {
    /// Shrinks the run of a scenario that breaks a promise within so many events.
    ///
    /// # Errors
    ///
    /// If the scenario cannot be run, or does not break the promise.
    pub fn new(scenario: &Scenario, promise: Promise, events: u32, limits: Limits) -> Result<Self, ShrinkError> {
        let case = Case::of::<R>(scenario).map_err(ShrinkError::Scenario)?;
        // Where a bound passes in silence, no event says so: the next ones show that it has.
        let more = if promise == Promise::Service { SILENCE_EVENTS } else { 0 };
        let replayed = replay::<R>(case, promise, Ticks::MAX, events.saturating_add(more));
        let now = replayed.shown.ok_or(ShrinkError::NotBroken(promise))?;
        let mut shrinker = Self {
            promise,
            limits,
            bounds: Bounds {
                one_value: R::ONLY_KEY.is_some(),
                is_service: promise == Promise::Service,
                kinds: R::Message::KINDS.len() as u8,
            },
            before: now.size,
            has_control: false,
            liars_are_too_many: !liars_are_borne::<R>(&now.case),
            now,
            tries: 1,
            events: u64::from(replayed.events),
            search: Search { pass: 0, level: 0, cases: None, next: 0, is_smaller: false, whole: None, ended: None },
            protocol: std::marker::PhantomData,
        };
        shrinker.has_control = shrinker.keeps_with_rules_on(&shrinker.now.clone());
        Ok(shrinker)
    }

    /// Shrinks what a hunt found.
    ///
    /// # Errors
    ///
    /// If it came to a limit instead of breaking a promise, or does not break it again.
    pub fn of_failure(failure: &Failure, limits: Limits) -> Result<Self, ShrinkError> {
        let promise = Promise::of(failure).ok_or(ShrinkError::NothingBroken)?;
        Self::new(&failure.scenario, promise, failure.events, limits)
    }

    /// Shrinks a run whatever it breaks first: an invariant, or else linearizability, or else that clients are
    /// served. It is replayed up to a time, and over at most so many events.
    ///
    /// # Errors
    ///
    /// If the scenario cannot be run, or breaks nothing.
    pub fn of_run(scenario: &Scenario, until: Ticks, events: u32, limits: Limits) -> Result<Self, ShrinkError> {
        let mut run = Run::new(scenario.simulation::<R>().map_err(ShrinkError::Scenario)?);
        run.run_until(until, events);
        let events = run.simulation().events();
        // That clients are not served shows at the very end, and is looked for last.
        let promise = Promise::broken_by(&mut run).unwrap_or(Promise::Service);
        Self::new(scenario, promise, events, limits).map_err(|error| match error {
            ShrinkError::NotBroken(Promise::Service) => ShrinkError::NothingBroken,
            error => error,
        })
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress {
            tries: self.tries,
            events: self.events,
            before: self.before,
            now: self.smallest().size,
            pass: self.passes().get(self.search.pass).map_or("", |pass| pass.name),
            ended: self.search.ended,
        }
    }

    /// What is broken.
    pub fn promise(&self) -> Promise {
        self.promise
    }

    /// How the smallest run so far breaks it.
    pub fn broken(&self) -> &Broken {
        &self.smallest().broken
    }

    /// The smallest run so far.
    pub fn scenario(&self) -> Scenario {
        self.smallest().to_scenario::<R>()
    }

    /// A link to the smallest run so far, its playhead right after what is broken.
    pub fn link(&self) -> Link {
        let Shown { broken: Broken { event, events, .. }, trace_hash, .. } = *self.smallest();
        Link::new(self.scenario(), events, event.saturating_add(1), trace_hash)
    }

    /// Tries one run, if there is one left to try.
    pub fn step(&mut self) -> Progress {
        if self.search.ended.is_none() {
            self.search.ended = if self.tries >= self.limits.tries_max {
                Some(Ended::Tries)
            } else if self.events >= self.limits.events_max {
                Some(Ended::Events)
            } else {
                match self.next_case() {
                    Some(case) => {
                        self.try_case(case);
                        None
                    }
                    None => Some(Ended::Smallest),
                }
            };
        }
        self.progress()
    }

    /// The next case to try; none when a whole round has made nothing smaller.
    fn next_case(&mut self) -> Option<Case> {
        loop {
            let Some(pass) = self.passes().get(self.search.pass) else {
                self.search.pass = 0;
                if !std::mem::take(&mut self.search.is_smaller) && !self.turn() {
                    return None;
                }
                continue;
            };
            if self.search.cases.is_none() {
                self.search.cases = (pass.cases)(&self.now, &self.bounds, self.search.level);
            }
            let search = &mut self.search;
            match &search.cases {
                None => (search.pass, search.level, search.next) = (search.pass + 1, 0, 0),
                Some(cases) => match cases.get(search.next) {
                    Some(case) => {
                        search.next += 1;
                        return Some(case.clone());
                    }
                    None => (search.level, search.next, search.cases) = (search.level + 1, 0, None),
                },
            }
        }
    }

    /// The smallest run so far: a network that is being taken apart makes it larger for a while.
    fn smallest(&self) -> &Shown {
        match &self.search.whole {
            Some(whole) if whole.size.weight <= self.now.size.weight => whole,
            _ => &self.now,
        }
    }

    fn passes(&self) -> &'static [Pass] {
        if self.search.whole.is_some() { MESSAGE_PASSES } else { PASSES }
    }

    /// A round has made nothing smaller. Where the network still draws, it is taken apart, once for each run; where it was,
    /// the smaller of the two runs stays. Says whether there is more to do.
    fn turn(&mut self) -> bool {
        if let Some(whole) = self.search.whole.take() {
            let is_smaller = self.now.size.weight < whole.size.weight;
            if !is_smaller {
                self.now = *whole;
                self.now.drawn_fates.clear();
            }
            return is_smaller;
        }
        let fates = std::mem::take(&mut self.now.drawn_fates);
        if fates.is_empty() || fates.len() > MESSAGES_MAX {
            return false;
        }
        self.tries += 1;
        let case = by_message(&self.now.case, &fates);
        let replayed = replay::<R>(case, self.promise, self.until(), self.events_max());
        self.events += u64::from(replayed.events);
        let Some(apart) = replayed.shown else { return false };
        if self.has_control && !self.keeps_with_rules_on(&apart) {
            return false;
        }
        self.search.whole = Some(Box::new(std::mem::replace(&mut self.now, apart)));
        true
    }

    fn until(&self) -> Ticks {
        let time = self.now.broken.time;
        time.saturating_add(time / 2).saturating_add(LONGER)
    }

    fn events_max(&self) -> u32 {
        self.now.broken.events.saturating_mul(2).saturating_add(MORE_EVENTS)
    }

    fn try_case(&mut self, case: Case) {
        self.tries += 1;
        if case == self.now.case || !(self.liars_are_too_many || liars_are_borne::<R>(&case)) {
            return;
        }
        let replayed = replay::<R>(case, self.promise, self.until(), self.events_max());
        self.events += u64::from(replayed.events);
        let Some(shown) = replayed.shown.filter(|shown| shown.size.weight < self.now.size.weight) else { return };
        if self.has_control && !self.keeps_with_rules_on(&shown) {
            return;
        }
        self.now = shown;
        self.search.is_smaller = true;
        // What follows is worked out anew. What stood before the case that was kept failed, and is left alone in this round.
        self.search.next -= 1;
        self.search.cases = None;
    }

    /// Whether the run keeps the promise when no rule is switched off: not known where none is.
    fn keeps_with_rules_on(&mut self, shown: &Shown) -> bool {
        if shown.case.scenario.mutations.is_empty() {
            return false;
        }
        let mut control = shown.case.clone();
        control.scenario.mutations.clear();
        let Broken { time, events, .. } = shown.broken;
        let replayed = replay::<R>(control, self.promise, time, events.saturating_mul(2).saturating_add(MORE_EVENTS));
        self.events += u64::from(replayed.events);
        replayed.shown.is_none()
    }
}

/// Whether those who ever lie have no more power than the protocol bears.
fn liars_are_borne<R: Playable>(case: &Case) -> bool {
    let mut liars = NodeSet::EMPTY;
    for each in &case.interventions {
        if let Action::Corrupt(node, _) | Action::Say(node, _) | Action::Depart(node, _) = each.action {
            liars.insert(node);
        }
    }
    let replicas = case.scenario.replicas as u16;
    R::config(&case.scenario).is_ok_and(|config| {
        let powers = R::powers(&config, replicas);
        let power: u64 = liars.iter().filter_map(|node| powers.get(node.index())).sum();
        power <= R::power_that_may_lie(&config, replicas)
    })
}
