//! The hunt: many seeds, each under a drawn schedule of faults, then without faults, with every check on.
//!
//! First comes *safety*: the workload runs while faults come and go, and every invariant is checked after every event. In some runs a time of
//! *silence* follows, without faults and without writes, and then further faults. Then comes *liveness*: all faults are removed, some replicas
//! (fewer than half) may stay down, or go on lying where the protocol bears that, and every client must get a read and a write served within a
//! bound. At the end the whole history is judged. What fails is a scenario that shows the failure again.
//!
//! **Forks.** Where something rare happens, a bug may be near. Seeds are taken in blocks of [`BLOCK`]. The first of a block is a run of its own. If
//! something rare happened in it ([`Playable::RARE`]), the others of the block are forks of it: they begin where that happened, with new random
//! numbers from there on and a course of events laid around what comes next. Otherwise they are runs of their own too. So each seed is one run,
//! and what it is depends on the seed alone, in whatever order seeds are hunted.

pub mod any;
mod prey;
mod promised;
mod shard;

pub use shard::Shard;

use super::liars;
use super::schedule::{self, Schedule, Terrain};
use crate::process::{SECOND, Ticks};
use crate::raft::Raft;
use crate::scenario::{Link, Playable, Scenario, ScenarioError};
use prey::{Prey, Snapshot};
use serde::Serialize;

/// So many seeds belong together: a run, and its forks.
pub const BLOCK: u64 = 4;

/// Between the removal of the faults and the first operation that must be served.
pub(super) const SETTLE: Ticks = 2 * SECOND;

/// Every client must be served within this time.
pub(super) const BOUND: Ticks = 10 * SECOND;

/// Steps of the linearizability checker for one history.
pub(super) const STEPS_MAX: u64 = 20_000_000;

/// Operations of each client, unless the scenario says otherwise.
pub const OPERATIONS_PER_CLIENT: u64 = 20;

/// Most faults in one run, unless somebody says.
pub const FAULTS_MAX: u32 = 6;

/// How a hunt is done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// What every run is made of, but for its seed and its faults.
    pub scenario: Scenario,
    /// Most faults in one run.
    pub faults_max: u32,
    /// So many replicas lie, whatever the protocol bears; none: none to as many as it bears, as each seed draws.
    pub liars: Option<u32>,
}

impl Options {
    /// A hunt of a scenario, whose clients ask for a number of operations that comes to an end.
    pub fn new(mut scenario: Scenario, faults_max: u32, liars: Option<u32>) -> Self {
        scenario.workload.operations_per_client.get_or_insert(OPERATIONS_PER_CLIENT);
        Self { scenario, faults_max, liars }
    }
}

/// What went wrong in a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// What kind: `invariant`, `linearizability`, `undecided`, `judges` (the two judges of a history contradict each other), `consistency` (what the
    /// way of reading promises in place of linearizability), `liveness`, `limit`.
    pub kind: &'static str,
    /// Which invariant, or the kind again.
    pub name: &'static str,
    /// After which event.
    pub event: u32,
    /// What was seen, in a sentence.
    pub sentence: String,
    /// The run, to be looked at again.
    pub scenario: Scenario,
    /// How many events it has.
    pub events: u32,
    /// Its trace hash right after the last of them.
    #[serde(serialize_with = "as_hexadecimal")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub trace_hash: u128,
}

fn as_hexadecimal<S: serde::Serializer>(hash: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{hash:032x}"))
}

impl Failure {
    /// A link to the run, its playhead right after what failed.
    pub fn link(&self) -> Link {
        Link::new(self.scenario.clone(), self.events, self.event.saturating_add(1), self.trace_hash)
    }
}

/// A run that was hunted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hunted {
    /// How many events it had.
    pub events: u32,
    /// How often a replica began to lead.
    pub leaders: u32,
    /// How often each rule of [`Playable::RARE`] was followed.
    pub rare: Vec<u32>,
    /// What went wrong, if anything did.
    pub failure: Option<Failure>,
}

/// Hunts one seed of Raft.
///
/// # Errors
///
/// As [`hunt`].
pub fn hunt_raft(options: &Options, seed: u64) -> Result<Hunted, ScenarioError> {
    hunt::<Raft>(options, seed)
}

/// Hunts one seed.
///
/// # Errors
///
/// If the scenario cannot be run: says which field is wrong.
pub fn hunt<R: Playable>(options: &Options, seed: u64) -> Result<Hunted, ScenarioError> {
    Hunter::<R>::new(options.clone()).hunt(seed)
}

/// Hunts one seed after another. It keeps what the first run of a block left for its forks: seeds in their order are hunted quickest.
#[derive(Clone)]
pub struct Hunter<R: Playable> {
    options: Options,
    /// The first seed of the block that was begun last, and where something rare happened in its run.
    block: Option<(u64, Vec<Snapshot<R>>)>,
}

impl<R: Playable> Hunter<R> {
    /// A hunter with these options.
    pub fn new(mut options: Options) -> Self {
        R::meet_rules_switched_off(&mut options.scenario);
        Self { options, block: None }
    }

    /// Hunts one seed.
    ///
    /// # Errors
    ///
    /// If the scenario cannot be run: says which field is wrong.
    pub fn hunt(&mut self, seed: u64) -> Result<Hunted, ScenarioError> {
        let (first, place) = (seed - seed % BLOCK, (seed % BLOCK) as usize);
        if place == 0 {
            return self.begin_block(first);
        }
        if self.block.as_ref().is_none_or(|(begun, _)| *begun != first) {
            self.begin_block(first)?;
        }
        let snapshots = self.block.as_ref().map_or(&[][..], |(_, snapshots)| snapshots);
        let Some(snapshot) = snapshots.get((place - 1).min(snapshots.len().saturating_sub(1))) else {
            return Ok(self.fresh(seed)?.0);
        };
        Ok(snapshot.clone().fork(seed))
    }

    fn begin_block(&mut self, first: u64) -> Result<Hunted, ScenarioError> {
        let (hunted, snapshots) = self.fresh(first)?;
        self.block = Some((first, snapshots));
        Ok(hunted)
    }

    /// A run from its beginning.
    fn fresh(&self, seed: u64) -> Result<(Hunted, Vec<Snapshot<R>>), ScenarioError> {
        let options = &self.options;
        let names = options.scenario.names()?;
        let config = R::config(&options.scenario)?;
        let cast = liars::Cast {
            clients: names.clients,
            kinds: liars::kinds_of::<R>(),
            power_max: R::power_that_may_lie(&config, names.replicas),
            count: options.liars.map(|liars| liars.min(u32::from(names.replicas))),
            repertoire: R::repertoire(),
            powers: R::powers(&config, names.replicas),
        };
        let terrain = terrain::<R>(
            &options.scenario,
            options.faults_max,
            cast.power_max > 0 || cast.count.is_some_and(|count| count > 0),
        )?;
        let mut schedule = schedule::draw(seed, terrain);
        liars::add(&mut schedule, seed, &cast);
        if cast.count.is_some_and(|count| count > R::liars_tolerated(&config, names.replicas)) {
            schedule.owes_nothing = true;
            schedule.still_lying.clear();
        }
        schedule.leave_out_within(&cast.powers, R::power_that_may_be_absent(&config, names.replicas));
        let keep = if seed.is_multiple_of(BLOCK) { BLOCK as usize - 1 } else { 0 };
        prey(options, seed, schedule, terrain, keep).map(Prey::pursue)
    }
}

/// What schedules for a scenario are drawn for.
///
/// # Errors
///
/// If there are too many or too few processes.
pub fn terrain<R: Playable>(scenario: &Scenario, faults_max: u32, liars: bool) -> Result<Terrain, ScenarioError> {
    let names = scenario.names()?;
    Ok(Terrain {
        replicas: names.replicas,
        clients: names.clients,
        faults_max,
        network: scenario.network,
        one_value: R::ONLY_KEY.is_some(),
        refills: R::REFILLS,
        liars,
    })
}

/// Hunts one seed under a schedule that was drawn elsewhere.
pub(super) fn pursue<R: Playable>(options: &Options, seed: u64, schedule: &Schedule) -> Result<Hunted, ScenarioError> {
    let terrain = terrain::<R>(&options.scenario, options.faults_max, true)?;
    prey::<R>(options, seed, schedule.clone(), terrain, 0).map(|prey| prey.pursue().0)
}

/// A run that is to be hunted. `keep`: of how many rare moments it keeps the run for forks.
fn prey<R: Playable>(
    options: &Options,
    seed: u64,
    schedule: Schedule,
    terrain: Terrain,
    keep: usize,
) -> Result<Prey<R>, ScenarioError> {
    let mut scenario = Scenario { seed, interventions: Vec::new(), captions: Vec::new(), ..options.scenario.clone() };
    schedule.settings.put_into(&mut scenario);
    Ok(Prey::new(scenario.simulation::<R>()?, scenario, schedule, terrain, keep))
}
