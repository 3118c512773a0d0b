//! A path of the explorer as a run of the simulator: the same cores, the same steps, with a network, clocks and clients
//! around them.
//!
//! The run's network is so slow that nothing arrives by itself, and its timers are so long that none fires by itself.
//! All that happens is what is done to it from outside: each step of the path becomes an intervention or two (deliver
//! this message now, let this timer fire, crash that process), one at a time, a little apart so that a diagram has
//! space. Messages to oneself, which otherwise arrive at once, get a slow link of their own if the path says when they
//! arrive.
//!
//! The run is made beside the path, and after every step each process, its disk and its timers are compared with the
//! path's state. A scenario that comes out of here therefore shows what the explorer found, and not something like it.

use super::explore::Path;
use super::explore::cluster::{ClusterModel, ClusterState, Node, Step, Subject};
use crate::check::Finding;
use crate::kv::Command;
use crate::process::{MILLISECOND, NodeId, Process, Ticks, Timer};
use crate::run::Run;
use crate::scenario::bounds::TICKS_MAX;
use crate::scenario::{ClientSettings, InterventionText, Playable, Scenario};
use crate::sim::process_name;
use crate::sim::{Action, CrashPoint, NetworkDials, Stepped, TicksRange};
use std::fmt;

/// Between two steps.
const STEP_TICKS: Ticks = 10 * MILLISECOND;

/// Most events that one step may cause.
const EVENTS_AT_ONCE: u32 = 1_000;

/// Longer than any replay.
const NEVER: TicksRange = TicksRange::new(TICKS_MAX, TICKS_MAX);

/// A subject whose paths can be shown as runs.
pub trait Staged: Subject<Process: Playable> {
    /// What clients ask for at the beginning: each becomes one of [`Subject::requests`].
    fn invocations(&self) -> Vec<(NodeId, Command)>;

    /// Puts the protocol's settings into a scenario: those of the model, and timers so long that none fires by itself.
    fn set(&self, config: &<Self::Process as Process>::Config, scenario: &mut Scenario);
}

/// A path as a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replay {
    /// The run, from its beginning to the path's last state.
    pub scenario: Scenario,
    /// What the run's monitor found, once each step was taken.
    pub findings: Vec<Finding>,
}

/// Why a path cannot be shown as a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReplayError {
    /// After how many steps.
    pub step: usize,
    /// What went wrong.
    pub problem: String,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the run parts from the path after {} steps: {}", self.step, self.problem)
    }
}

impl std::error::Error for ReplayError {}

type Problem<T> = Result<T, String>;
type State<S> = ClusterState<<S as Subject>::Process, <S as Subject>::Memory>;
type StepOf<S> = Step<<<S as Subject>::Process as Process>::Timer>;

/// Makes the run of a path.
///
/// # Errors
///
/// Says after which step the run and the path are not the same.
pub fn replay<S: Staged>(model: &ClusterModel<S>, path: &Path<State<S>, StepOf<S>>) -> Result<Replay, ReplayError> {
    let at = |step| move |problem| ReplayError { step, problem };
    let mut stage = Stage::set_up(model, path).map_err(at(0))?;
    stage.compare(&path.start).map_err(at(0))?;
    let mut before = &path.start;
    for (number, (step, after)) in (1..).zip(&path.steps) {
        stage.take(before, step).and_then(|()| stage.compare(after)).map_err(at(number))?;
        before = after;
    }
    let findings = stage.run.findings_at_end();
    let planned = stage.run.simulation().interventions();
    let interventions = planned.iter().map(|each| InterventionText::of::<S::Process>(each, model.replicas())).collect();
    Ok(Replay { scenario: Scenario { interventions, ..stage.scenario }, findings })
}

/// A run in the making.
struct Stage<S: Staged> {
    scenario: Scenario,
    run: Run<S::Process>,
    next: Ticks,
}

impl<S: Staged> Stage<S> {
    /// A cluster that has booted, and whose clients have asked for what they want.
    fn set_up(model: &ClusterModel<S>, path: &Path<State<S>, StepOf<S>>) -> Problem<Self> {
        let replicas = model.replicas();
        let invocations = model.subject().invocations();
        let clients = invocations.iter().map(|(client, _)| client.0 + 1 - replicas).max().unwrap_or(0);
        let mut scenario = Scenario {
            replicas: u32::from(replicas),
            clients: u32::from(clients),
            network: NetworkDials { latency_ticks: NEVER, ..NetworkDials::default() },
            client: ClientSettings { attempt_ticks: TICKS_MAX, deadline_ticks: TICKS_MAX, ..ClientSettings::default() },
            ..Scenario::of(<S::Process as crate::kv::Replica>::PROTOCOL)
        };
        scenario.workload.operations_per_client = Some(0);
        model.subject().set(model.config(), &mut scenario);
        let simulation = scenario.simulation::<S::Process>().map_err(|error| error.to_string())?;
        let mut stage = Self { scenario, run: Run::new(simulation), next: 0 };
        let states = std::iter::once(&path.start).chain(path.steps.iter().map(|(_, state)| state));
        if states.flat_map(ClusterState::in_flight).any(|envelope| envelope.from == envelope.to) {
            for node in (0..replicas).map(NodeId) {
                stage.act(Action::LinkLatency(node, node, NEVER))?;
            }
        }
        stage.settle()?;
        for (client, command) in invocations {
            stage.wait()?;
            stage.act(Action::Invoke(client, command))?;
        }
        Ok(stage)
    }

    /// Lets time pass, in which nothing must happen.
    fn wait(&mut self) -> Problem<()> {
        self.next += STEP_TICKS;
        let events = self.run.simulation().events();
        self.run.run_until(self.next, EVENTS_AT_ONCE);
        if self.run.simulation().events() == events { Ok(()) } else { Err("something happens by itself".to_owned()) }
    }

    fn act(&mut self, action: Action) -> Problem<()> {
        self.run.intervene(action).map(drop).map_err(|error| error.to_string())
    }

    /// Lets all that follows at once happen.
    fn settle(&mut self) -> Problem<()> {
        let now = self.run.simulation().world().now();
        match self.run.run_until(now, EVENTS_AT_ONCE) {
            Stepped::Quiet | Stepped::Idle => Ok(()),
            Stepped::Event | Stepped::Limit => Err("too much happens at once".to_owned()),
        }
    }

    /// The number of a message in flight that is the one at a place in a state.
    fn message(&self, state: &State<S>, place: u16) -> Problem<u32> {
        let envelope = state.in_flight().nth(usize::from(place)).ok_or("there is no such message")?;
        let simulation = self.run.simulation();
        let messages = &simulation.trace().messages;
        let is_it = |number: &u32| {
            let record = messages.get(*number as usize);
            record.is_some_and(|record| {
                (record.from, record.to, &record.body) == (envelope.from, envelope.to, &envelope.message)
            })
        };
        simulation.world().in_flight().into_iter().find(is_it).ok_or_else(|| "a message is not in flight".to_owned())
    }

    fn take(&mut self, before: &State<S>, step: &StepOf<S>) -> Problem<()> {
        self.wait()?;
        match *step {
            Step::Deliver(index) => self.act(Action::DeliverMessageNow(self.message(before, index)?))?,
            Step::Duplicate(index) => {
                let message = self.message(before, index)?;
                self.act(Action::DuplicateMessage(message))?;
                self.act(Action::DeliverMessageNow(message))?;
            }
            Step::Lose(index) => self.act(Action::DropMessage(self.message(before, index)?))?,
            Step::Fire(node, timer) => self.act(Action::FireTimer(node, timer.kind()))?,
            Step::Crash(node) => self.act(Action::Crash(node))?,
            Step::Restart(node) => self.act(Action::Restart(node))?,
            Step::DeliverAndCrash(index) => {
                let message = self.message(before, index)?;
                let to = before
                    .in_flight()
                    .nth(usize::from(index))
                    .map(|envelope| envelope.to)
                    .ok_or("there is no such message")?;
                self.act(Action::CrashAt(to, CrashPoint::BetweenWriteAndSend))?;
                self.act(Action::DeliverMessageNow(message))?;
            }
            Step::FireAndCrash(node, timer) => {
                self.act(Action::CrashAt(node, CrashPoint::BetweenWriteAndSend))?;
                self.act(Action::FireTimer(node, timer.kind()))?;
            }
        }
        self.settle()
    }

    /// Whether each process, its disk and its timers are those of a state, and all that is in flight there is in flight
    /// here.
    fn compare(&self, state: &State<S>) -> Problem<()> {
        let world = self.run.simulation().world();
        for ((id, machine), node) in (0..).map(NodeId).zip(world.replicas()).zip(state.nodes()) {
            let timers = machine.timers.armed().map(|(timer, _)| timer).collect();
            let here = Node::new(machine.process.clone(), machine.disk.durable.clone(), timers, machine.incarnation());
            if here.fingerprint() != node.fingerprint() {
                return Err(format!("{} is not in the same state", process_name(world.setup().replicas, id)));
            }
        }
        (0..state.in_flight().count()).try_for_each(|index| self.message(state, index as u16).map(drop))
    }
}
