//! One run under hunt: what a schedule does to it, and what must hold of it.

use super::{BOUND, Failure, Hunted, SETTLE, STEPS_MAX};
use crate::check::linearizability::Verdict;
use crate::kv::{Command, Ending};
use crate::process::{MILLISECOND, NodeId, SECOND, Ticks};
use crate::run::Run;
use crate::run::promise::{Promised, promised};
use crate::scenario::{InterventionText, Playable, Scenario};
use crate::search::aim::{Aim, is_rare, reached};
use crate::search::schedule::{self, Course, Schedule, Terrain, What};
use crate::sim::{Action, Simulation, Stepped, WorkloadDials};
use std::collections::BTreeMap;

/// Between two rare moments of which the run is kept.
const APART: Ticks = 100 * MILLISECOND;

/// Rare things of the first moments are no sign of anything: several stand for election at once.
const NOT_BEFORE: Ticks = 20 * MILLISECOND;

/// A course that is under way.
#[derive(Clone, Debug)]
struct Walk {
    course: Course,
    /// Which of its ambushes lies in wait.
    next: usize,
    /// Since when.
    since: Ticks,
    /// Where its first ambush fell.
    first: Option<NodeId>,
}

/// A run under hunt.
#[derive(Clone)]
pub(super) struct Prey<R: Playable> {
    pub(super) run: Run<R>,
    scenario: Scenario,
    seed: u64,
    schedule: Schedule,
    terrain: Terrain,
    /// What is to be done, by time and in the order of drawing.
    planned: BTreeMap<(Ticks, u32), Aim>,
    order: u32,
    walks: Vec<Walk>,
    /// The dials of the workload, while nobody writes.
    hushed: Option<WorkloadDials>,
    /// Of how many rare moments the run is still kept.
    keep: usize,
    snapshots: Vec<Snapshot<R>>,
}

/// A run under hunt as it was when something rare had happened.
#[derive(Clone)]
pub(super) struct Snapshot<R: Playable>(Box<Prey<R>>);

impl<R: Playable> Snapshot<R> {
    /// Hunts what becomes of it with other random numbers.
    pub fn fork(self, seed: u64) -> Hunted {
        let mut prey = *self.0;
        prey.seed = seed;
        prey.act(&Action::Reseed(seed));
        let now = prey.run.simulation().world().now();
        prey.walks.clear();
        prey.lie_in_wait(schedule::draw_fork(seed, prey.terrain, now));
        prey.pursue().0
    }
}

impl<R: Playable> Prey<R> {
    pub fn new(
        simulation: Simulation<R>,
        scenario: Scenario,
        schedule: Schedule,
        terrain: Terrain,
        keep: usize,
    ) -> Self {
        let mut prey = Self {
            run: Run::new(simulation),
            seed: scenario.seed,
            terrain: Terrain { network: scenario.network, ..terrain },
            scenario,
            planned: BTreeMap::new(),
            order: 0,
            walks: Vec::new(),
            hushed: None,
            keep,
            snapshots: Vec::new(),
            schedule,
        };
        for fault in std::mem::take(&mut prey.schedule.faults) {
            prey.plan(fault.at, fault.aim);
        }
        let courses = std::mem::take(&mut prey.schedule.courses);
        prey.lie_in_wait(courses);
        prey
    }

    fn plan(&mut self, at: Ticks, aim: Aim) {
        self.planned.insert((at, self.order), aim);
        self.order += 1;
    }

    fn lie_in_wait(&mut self, courses: Vec<Course>) {
        self.walks.extend(courses.into_iter().map(|course| Walk { since: course.from, next: 0, first: None, course }));
    }

    /// Hunts the run to its end. Gives what came of it, and the run as it was at rare moments.
    pub fn pursue(mut self) -> (Hunted, Vec<Snapshot<R>>) {
        let failure = self.hunt().err().map(|failure| *failure);
        let simulation = self.run.simulation();
        let (leaders, rare) = reached(simulation.trace());
        (Hunted { events: simulation.events(), leaders, rare, failure }, self.snapshots)
    }

    fn hunt(&mut self) -> Result<(), Box<Failure>> {
        let now = self.run.simulation().world().now();
        if let Some(silence) = self.schedule.silence.filter(|silence| now < silence.to) {
            self.faults_until(silence.from)?;
            self.hush();
            self.faults_until(silence.to)?;
            self.speak();
        }
        self.faults_until(self.schedule.end)?;
        self.act(&Action::RemoveFaults);
        for action in self.schedule.still_lying.clone() {
            self.act(&action);
        }
        for node in self.schedule.absent.clone() {
            self.go(self.schedule.end + MILLISECOND)?;
            self.act(&Action::Crash(node));
        }
        self.go(self.schedule.end + SETTLE)?;
        if !self.schedule.owes_nothing {
            self.all_must_be_served()?;
        }
        self.look_back()
    }

    /// From now on nobody writes, and nothing of what the courses so far still wanted is done.
    fn hush(&mut self) {
        let now = self.run.simulation().world().now();
        if self.hushed.is_some() {
            return;
        }
        self.walks.retain(|walk| walk.course.from > now);
        let dials = self.run.simulation().world().workload().dials();
        self.hushed = Some(dials);
        self.act(&Action::RemoveFaults);
        self.act(&Action::Workload(WorkloadDials { operations_per_client: Some(0), ..dials }));
    }

    fn speak(&mut self) {
        if let Some(dials) = self.hushed.take() {
            self.act(&Action::Workload(dials));
        }
    }

    /// Runs up to a time, and does what the schedule wants done until then.
    fn faults_until(&mut self, until: Ticks) -> Result<(), Box<Failure>> {
        loop {
            let next = self.planned.first_key_value().map_or(until, |(&(at, _), _)| at.min(until));
            if !self.watch_until(next)? {
                continue;
            }
            let Some(entry) = self.planned.first_entry().filter(|entry| entry.key().0 <= until) else { return Ok(()) };
            let aim = entry.remove();
            for action in aim.actions(self.run.simulation().world()) {
                self.act(&action);
            }
        }
    }

    /// Runs up to a time. Says whether it got there: not if an ambush has planned something for an earlier one.
    fn watch_until(&mut self, until: Ticks) -> Result<bool, Box<Failure>> {
        loop {
            let stepped = self.run.step_until(until);
            if stepped != Stepped::Event {
                return self.check(stepped).map(|()| true);
            }
            self.spring();
            self.keep_if_rare();
            if self.planned.first_key_value().is_some_and(|(&(at, _), _)| at < until) {
                return self.check(stepped).map(|()| false);
            }
        }
    }

    /// The ambushes fall whose moment has come with the last event.
    fn spring(&mut self) {
        let simulation = self.run.simulation();
        let (world, trace, now) = (simulation.world(), simulation.trace(), simulation.world().now());
        let Some(record) = trace.events.last() else { return };
        let mut fallen: Vec<(Ticks, Aim)> = Vec::new();
        let replicas = world.setup().replicas;
        for walk in &mut self.walks {
            let Some(ambush) = walk.course.ambushes.get(walk.next).filter(|_| now >= walk.since) else { continue };
            if now > walk.since + ambush.within {
                walk.next = usize::MAX;
                continue;
            }
            let Some(node) = ambush.moment.came(record, world, trace) else { continue };
            walk.next += 1;
            walk.since = now;
            let first = *walk.first.get_or_insert(node);
            for then in &ambush.then {
                let (target, blow) = match &then.what {
                    What::There(blow) => (node, blow),
                    What::AtFirst(blow) => (first, blow),
                    What::To(replica, blow) => (*replica, blow),
                    What::Aim(aim) => {
                        fallen.push((now + then.after, aim.clone()));
                        continue;
                    }
                };
                fallen.extend(
                    blow.actions::<R>(target, replicas).into_iter().map(|action| (now + then.after, Aim::At(action))),
                );
            }
        }
        // What is done in silence, or when all faults are gone, would be no ambush any more.
        let end =
            self.schedule.silence.map(|silence| silence.from).filter(|&from| now < from).unwrap_or(self.schedule.end);
        for (at, aim) in fallen.into_iter().filter(|(at, _)| *at < end) {
            self.plan(at, aim);
        }
    }

    fn keep_if_rare(&mut self) {
        if self.keep == 0 {
            return;
        }
        let simulation = self.run.simulation();
        let (world, trace) = (simulation.world(), simulation.trace());
        let Some(record) = trace.events.last() else { return };
        let last = self.snapshots.last().map_or(0, |Snapshot(prey)| prey.run.simulation().world().now());
        if record.time >= last + if self.snapshots.is_empty() { NOT_BEFORE } else { APART }
            && is_rare(record, world, trace)
        {
            self.keep -= 1;
            let kept = Self { keep: 0, snapshots: Vec::new(), ..self.clone_without_snapshots() };
            self.snapshots.push(Snapshot(Box::new(kept)));
        }
    }

    fn clone_without_snapshots(&mut self) -> Self {
        let snapshots = std::mem::take(&mut self.snapshots);
        let clone = self.clone();
        self.snapshots = snapshots;
        clone
    }

    /// Every client gets a read and a write served. The read comes first, since a leader that cannot tell what is
    /// committed must not need a write for it; where one value is chosen, there may be nothing to read before the first
    /// write.
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
        self.check(stepped)
    }

    fn check(&mut self, stepped: Stepped) -> Result<(), Box<Failure>> {
        if let Some(finding) = self.run.findings().into_iter().min_by_key(|finding| finding.event) {
            return Err(self.failure("invariant", finding.invariant.name, finding.event, finding.sentence));
        }
        if stepped == Stepped::Limit {
            let events = self.run.simulation().events();
            return Err(self.failure(
                "limit",
                "limit",
                events,
                format!("the run has {events} events, and its limit is reached"),
            ));
        }
        Ok(())
    }

    /// Does something, if it can be done, and the fault model has it: two faults of a schedule may want to crash the
    /// same replica.
    fn act(&mut self, action: &Action) {
        let crashes = matches!(action, Action::Crash(_) | Action::Kill(_) | Action::WipeDisk(_));
        let world = self.run.simulation().world();
        if action
            .node()
            .is_some_and(|node| crashes && world.replicas().len() > node.index() && !R::bears_crash_of(world, node))
        {
            return;
        }
        let _ = self.run.intervene(action.clone());
    }

    /// Every client gets an operation of a kind served within the bound. Whatever it asked for before has its turn
    /// first.
    fn must_serve(&mut self, kind: &'static str, command: impl Fn(NodeId) -> Command) -> Result<(), Box<Failure>> {
        let setup = self.run.simulation().world().setup();
        let all: Vec<NodeId> = (setup.replicas..setup.replicas + setup.clients).map(NodeId).collect();
        // One that gave its keys away is owed nothing: others use the numbers of its requests.
        let clients: Vec<NodeId> =
            all.iter().copied().filter(|&client| self.run.simulation().world().is_honest(client)).collect();
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
                return Err(self.failure(
                    "liveness",
                    "every-client-is-served",
                    self.run.simulation().cursor() - 1,
                    sentence,
                ));
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
        match promised(self.run.reading()) {
            Some(Promised::Linearizable) => {}
            Some(Promised::Sequential) => return self.must_be_sequential(),
            None => return Ok(()),
        }
        let judgement = self.run.verdict(STEPS_MAX);
        if let Some(disagreement) = judgement.disagreement {
            let events = self.run.simulation().cursor();
            return Err(self.failure("judges", "linearizability", events, disagreement));
        }
        match &judgement.report.verdict {
            Verdict::Linearizable(_) => Ok(()),
            Verdict::NotLinearizable(violation) => {
                let completed =
                    self.run.history().get(violation.operation).and_then(|operation| operation.completed.as_ref());
                let event = completed.map_or(0, |(moment, _)| moment.event);
                Err(self.failure("linearizability", "linearizability", event, judgement.sentence))
            }
            Verdict::Undecided(_) => {
                Err(self.failure("undecided", "linearizability", self.run.simulation().cursor(), judgement.sentence))
            }
        }
    }

    pub(super) fn failure(
        &mut self,
        kind: &'static str,
        name: &'static str,
        event: u32,
        sentence: String,
    ) -> Box<Failure> {
        let scenario =
            Scenario { interventions: InterventionText::all_of(self.run.simulation()), ..self.scenario.clone() };
        let events = self.run.simulation().cursor();
        let trace_hash = self.run.hash_after(events);
        Box::new(Failure { seed: self.seed, kind, name, event, sentence, scenario, events, trace_hash })
    }
}
