//! The hunt: many seeds, each under a drawn schedule of faults, then without faults, with every check on.
//!
//! First comes *safety*: the workload runs while faults come and go, and every invariant is checked after every event. Then comes
//! *liveness*: all faults are removed, some replicas (fewer than half) may stay down, or go on lying where the protocol bears that, and every client must get a read and a write
//! served within a bound. At the end the whole history is judged. What fails is a scenario that shows the failure again.

use super::liars;
use super::schedule::{self, Schedule};
use crate::check::Watched;
use crate::check::linearizability::Verdict;
use crate::kv::{Command, Ending};
use crate::process::{MILLISECOND, NodeId, SECOND, Ticks};
use crate::raft::Raft;
use crate::run::Run;
use crate::scenario::{InterventionText, Link, Playable, Scenario, ScenarioError};
use crate::sim::{Action, Simulation, Stepped};
use serde::Serialize;

/// Between the removal of the faults and the first operation that must be served.
const SETTLE: Ticks = 2 * SECOND;

/// Every client must be served within this time.
const BOUND: Ticks = 10 * SECOND;

/// Steps of the linearizability checker for one history.
const STEPS_MAX: u64 = 20_000_000;

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

/// What went wrong in a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// What kind: `invariant`, `linearizability`, `undecided`, `liveness`, `limit`.
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
    let names = options.scenario.names()?;
    let mut schedule = schedule::draw(seed, names.replicas, names.clients, options.faults_max, options.scenario.network);
    let config = R::config(&options.scenario)?;
    let powers = R::powers(&config, names.replicas);
    let cast = liars::Cast {
        clients: names.clients,
        kinds: liars::kinds_of::<R>(),
        power_max: R::power_that_may_lie(&config, names.replicas),
        count: options.liars.map(|liars| liars.min(u32::from(names.replicas))),
        repertoire: R::repertoire(),
        powers,
    };
    liars::add(&mut schedule, seed, &cast);
    if cast.count.is_some_and(|count| count > R::liars_tolerated(&config, names.replicas)) {
        // Nobody is owed progress while so many lie.
        schedule.still_lying.clear();
    }
    schedule.leave_out_within(&cast.powers, R::power_that_may_be_absent(&config, names.replicas));
    pursue::<R>(options, seed, &schedule)
}

/// Hunts one seed under a schedule that was drawn elsewhere.
pub(super) fn pursue<R: Playable>(options: &Options, seed: u64, schedule: &Schedule) -> Result<Hunted, ScenarioError> {
    let mut scenario = Scenario { seed, interventions: Vec::new(), ..options.scenario.clone() };
    schedule.settings.put_into(&mut scenario);
    let simulation = scenario.simulation::<R>()?;
    Ok(hunt_one(simulation, scenario, schedule))
}

fn hunt_one<R: Watched>(simulation: Simulation<R>, scenario: Scenario, schedule: &Schedule) -> Hunted {
    let mut prey = Prey { run: Run::new(simulation), scenario };
    let failure = prey.pursue(schedule).err().map(|failure| *failure);
    Hunted { events: prey.run.simulation().events(), failure }
}

/// A run under hunt.
struct Prey<R: Watched> {
    run: Run<R>,
    scenario: Scenario,
}

impl<R: Watched> Prey<R> {
    fn pursue(&mut self, schedule: &Schedule) -> Result<(), Box<Failure>> {
        for fault in &schedule.faults {
            self.go(fault.at)?;
            for action in fault.aim.actions(self.run.simulation().world()) {
                self.act(&action);
            }
        }
        self.go(schedule.end)?;
        self.act(&Action::RemoveFaults);
        for action in &schedule.still_lying {
            self.act(action);
        }
        for &node in &schedule.absent {
            self.go(schedule.end + MILLISECOND)?;
            self.act(&Action::Crash(node));
        }
        self.go(schedule.end + SETTLE)?;
        self.all_must_be_served()?;
        self.look_back()
    }

    /// Every client gets a read and a write served. The read comes first, since a leader that cannot tell what is committed must not need a
    /// write for it; where one value is chosen, there may be nothing to read before the first write.
    fn all_must_be_served(&mut self) -> Result<(), Box<Failure>> {
        let last = |client: NodeId| format!("last-{}", client.0).into();
        match R::ONLY_KEY {
            None => {
                self.must_serve("read", |_| Command::Get { key: "x".into() })?;
                self.must_serve("write", |client| Command::Put { key: "x".into(), value: last(client) })
            }
            Some(key) => {
                self.must_serve("write", |client| Command::Cas { key: key.into(), expected: None, new: last(client) })?;
                self.must_serve("read", |_| Command::Get { key: key.into() })
            }
        }
    }

    /// Runs up to a time; fails with the first thing that does not hold.
    fn go(&mut self, until: Ticks) -> Result<(), Box<Failure>> {
        let stepped = self.run.run_until(until, u32::MAX);
        if let Some(finding) = self.run.findings().into_iter().min_by_key(|finding| finding.event) {
            return Err(self.failure("invariant", finding.invariant.name, finding.event, finding.sentence));
        }
        if stepped == Stepped::Limit {
            let events = self.run.simulation().events();
            return Err(self.failure("limit", "limit", events, format!("the run has {events} events, and its limit is reached")));
        }
        Ok(())
    }

    /// Does something, if it can be done: two faults of a schedule may want to crash the same replica.
    fn act(&mut self, action: &Action) {
        let _ = self.run.intervene(action.clone());
    }

    /// Every client gets an operation of a kind served within the bound. Whatever it asked for before has its turn first.
    fn must_serve(&mut self, kind: &'static str, command: impl Fn(NodeId) -> Command) -> Result<(), Box<Failure>> {
        let setup = self.run.simulation().world().setup();
        let all: Vec<NodeId> = (setup.replicas..setup.replicas + setup.clients).map(NodeId).collect();
        // One that gave its keys away is owed nothing: others use the numbers of its requests.
        let clients: Vec<NodeId> = all.iter().copied().filter(|&client| self.run.simulation().world().is_honest(client)).collect();
        let start = self.run.simulation().world().now();
        let is_read = command(NodeId(0)).is_read();
        loop {
            let history = self.run.history();
            let since = history.partition_point(|operation| operation.invoked.time < start);
            let served = |client: NodeId| {
                history[since..].iter().any(|operation| {
                    let ok = matches!(operation.completed, Some((_, Ending::Ok(_))));
                    operation.client == client && operation.command.is_read() == is_read && ok
                })
            };
            let waiting: Vec<NodeId> = clients.iter().copied().filter(|&client| !served(client)).collect();
            let Some(first) = waiting.first() else { return Ok(()) };
            let now = self.run.simulation().world().now();
            if now >= start + BOUND {
                let sentence = format!(
                    "{} got no {kind} served within {} s, {} s after the faults were removed",
                    self.run.simulation().world().name(*first),
                    BOUND / SECOND,
                    SETTLE / SECOND
                );
                return Err(self.failure("liveness", "every-client-is-served", self.run.simulation().cursor() - 1, sentence));
            }
            for client in waiting {
                let machine = &self.run.simulation().world().clients()[usize::from(client.0 - all[0].0)];
                if machine.process.as_ref().is_some_and(|process| process.current().is_none()) {
                    self.act(&Action::Invoke(client, command(client)));
                }
            }
            self.go(now + 50 * MILLISECOND)?;
        }
    }

    /// Everything is looked at once more, and the history is judged.
    fn look_back(&mut self) -> Result<(), Box<Failure>> {
        if let Some(finding) = self.run.findings_at_end().into_iter().min_by_key(|finding| finding.event) {
            return Err(self.failure("invariant", finding.invariant.name, finding.event, finding.sentence));
        }
        let judgement = self.run.verdict(STEPS_MAX);
        match &judgement.report.verdict {
            Verdict::Linearizable(_) => Ok(()),
            Verdict::NotLinearizable(violation) => {
                let completed = self.run.history().get(violation.operation).and_then(|operation| operation.completed.as_ref());
                let event = completed.map_or(0, |(moment, _)| moment.event);
                Err(self.failure("linearizability", "linearizability", event, judgement.sentence))
            }
            Verdict::Undecided(_) => Err(self.failure("undecided", "linearizability", self.run.simulation().cursor(), judgement.sentence)),
        }
    }

    fn failure(&mut self, kind: &'static str, name: &'static str, event: u32, sentence: String) -> Box<Failure> {
        let replicas = self.run.simulation().world().setup().replicas;
        let interventions = self.run.simulation().interventions().iter();
        let scenario = Scenario {
            interventions: interventions.map(|each| InterventionText::of::<R>(each, replicas)).collect(),
            ..self.scenario.clone()
        };
        let events = self.run.simulation().cursor();
        let trace_hash = self.run.hash_after(events);
        Box::new(Failure { seed: self.scenario.seed, kind, name, event, sentence, scenario, events, trace_hash })
    }
}
