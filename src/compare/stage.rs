//! One protocol follows a script: the run, and where in it things happened that are measured.

use super::cast::{Cast, names_a_part, names_the_leader_now};
use super::fit;
use super::script::{Script, Uncommitted};
use crate::kv::Command;
use crate::process::{NodeId, Process, Ticks};
use crate::run::Run;
use crate::scenario::{ActionText, Playable, Scenario, ScenarioError};
use crate::search::aim::leader;
use crate::sim::trace::flag;
use crate::sim::{Action, Fate, Stepped};

/// Between two clients that ask the leader for an entry that it is to be left with.
const ASK_EVERY: Ticks = 100;

/// The keys of these entries begin so: no workload writes there.
const ENTRY_KEY: &str = "entry-";

/// A place in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// So many events came before.
    pub event: u32,
    /// When.
    pub time: Ticks,
}

/// Where in a run things happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Marks {
    /// The parts, once somebody led.
    pub cast: Option<Cast>,
    /// The first fault. Work for clients is none.
    pub fault: Option<Place>,
    /// The last fault that undoes no other.
    pub struck: Option<Place>,
    /// The last fault, or what undid it.
    pub last: Option<Place>,
    /// What the disks of all replicas held together at the first fault, or at the end without one, in bytes.
    pub disk_bytes: u64,
    /// How many entries had reached the leader and were carried out by nobody when the next fault came after them.
    pub left: Option<u32>,
    /// When a replica had carried all of them out.
    pub carried_out: Option<Place>,
    /// How many of them a replica has carried out at the end.
    pub kept: u32,
    /// From the last fault on: when all replicas that are up knew all decisions that one had known then.
    pub even: Option<Place>,
}

/// Why there is no run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// The script is wrong, for whatever protocol.
    Wrong(ScenarioError),
    /// The protocol cannot follow it: why, in a sentence without its point.
    NotApplicable(String),
}

impl From<ScenarioError> for Trouble {
    fn from(error: ScenarioError) -> Self {
        Self::Wrong(error)
    }
}

/// A run that follows a script.
pub struct Stage<'a, R: Playable> {
    script: &'a Script,
    scenario: Scenario,
    /// The run so far.
    pub run: Run<R>,
    /// What happened in it.
    pub marks: Marks,
    /// All replicas are to know so many decisions.
    even_at: Option<u64>,
    /// Who has asked for the entries that the leader is left with.
    asker: Option<NodeId>,
}

impl<'a, R: Playable> Stage<'a, R> {
    /// Follows a script from its beginning to its end.
    ///
    /// # Errors
    ///
    /// If the script is wrong, or beyond what the protocol can follow.
    pub fn follow(script: &'a Script, seed: u64) -> Result<Self, Trouble> {
        let scenario = script.scenario(R::PROTOCOL, seed);
        let run = Run::new(scenario.simulation::<R>()?);
        let mut stage = Self { script, scenario, run, marks: Marks::default(), even_at: None, asker: None };
        let mut uncommitted = script.uncommitted;
        for (place, step) in script.interventions.iter().enumerate() {
            if let Some(entries) = uncommitted.take_if(|entries| entries.at <= step.at) {
                stage.leave(entries)?;
            }
            let here = |trouble| match trouble {
                Trouble::Wrong(error) => Trouble::Wrong(error.within(&format!("interventions[{place}]"))),
                not_applicable => not_applicable,
            };
            stage.take(step.at, &step.action).map_err(here)?;
        }
        if let Some(entries) = uncommitted {
            stage.leave(entries)?;
        }
        stage.go_to(script.until_ticks)?;
        stage.end();
        Ok(stage)
    }

    /// The run as a scenario: with what was done to it, in the names of its processes.
    pub fn scenario(&self) -> Scenario {
        let interventions = crate::scenario::InterventionText::all_of(self.run.simulation());
        Scenario { interventions, ..self.scenario.clone() }
    }

    fn place(&self) -> Place {
        let simulation = self.run.simulation();
        Place { event: simulation.cursor(), time: simulation.world().now() }
    }

    /// Lets the run go on to a time, and looks at each event.
    fn go_to(&mut self, time: Ticks) -> Result<(), Trouble> {
        loop {
            match self.run.step_until(time) {
                Stepped::Event => self.look(),
                Stepped::Limit => {
                    let Place { event, time } = self.place();
                    let (protocol, seed) = (R::PROTOCOL, self.scenario.seed);
                    let problem = format!(
                        "{protocol} has {event} events after {} ms with seed {seed}, and the script goes on",
                        time / 1_000
                    );
                    return Err(Trouble::Wrong(ScenarioError::at("limits.events", problem)));
                }
                Stepped::Quiet | Stepped::Idle => return Ok(()),
            }
        }
    }

    /// Notes what an event has brought about that somebody waits for.
    fn look(&mut self) {
        let simulation = self.run.simulation();
        let world = simulation.world();
        let Some(event) = simulation.trace().events.last().filter(|event| event.flags & flag::DECIDED != 0) else {
            return;
        };
        let replicas = world.replicas();
        let Some(process) = replicas.get(usize::from(event.node)).and_then(|machine| machine.process.as_ref()) else {
            return;
        };
        let all = self.script.uncommitted.map_or(0, |entries| entries.entries);
        if self.marks.left.is_some() && self.marks.carried_out.is_none() && all > 0 && entries_in(process) == all {
            self.marks.carried_out = Some(self.place());
        }
        self.look_whether_even();
    }

    fn look_whether_even(&mut self) {
        let Some(decided) = self.even_at else { return };
        let mut running = self.run.simulation().world().replicas().iter().filter_map(|each| each.process.as_ref());
        if running.all(|process| process.decided() >= decided) {
            self.even_at = None;
            self.marks.even = Some(self.place());
        }
    }

    /// Waits until somebody leads, if nobody does.
    fn wait_for_a_leader(&mut self) -> Result<(), Trouble> {
        while leader(self.run.simulation().world()).is_none() {
            if self.run.step_until(self.script.until_ticks) != Stepped::Event {
                let (protocol, seed) = (R::PROTOCOL, self.scenario.seed);
                let problem = format!("nobody leads any more, to the end: {protocol}, with seed {seed}");
                return Err(Trouble::Wrong(ScenarioError::at("action", problem)));
            }
            self.look();
        }
        Ok(())
    }

    fn cast(&mut self) -> Result<Cast, Trouble> {
        if self.marks.cast.is_none() {
            self.wait_for_a_leader()?;
            self.marks.cast = Cast::now(self.run.simulation().world());
        }
        Ok(self.marks.cast.unwrap_or(Cast::assumed(self.script.replicas as u16)))
    }

    /// Takes a step of the script.
    fn take(&mut self, at: Ticks, action: &ActionText) -> Result<(), Trouble> {
        // Whatever is done right after a tick is done in the next.
        self.go_to(at.saturating_sub(1))?;
        let cast = if names_a_part(action) { self.cast()? } else { Cast::assumed(self.script.replicas as u16) };
        if names_the_leader_now(action) {
            self.wait_for_a_leader()?;
        }
        if fit::is_a_fault(action) {
            self.note_fault(fit::undoes(action));
        }
        let world = self.run.simulation().world();
        let leads_now = leader(world).unwrap_or(cast.leader);
        let mut names = self.scenario.names()?;
        names.network = world.network().dials();
        let action = cast.played(action, leads_now).to_action::<R>(&names);
        let action = action.map_err(|error| Trouble::Wrong(error.within("action")))?;
        if let Action::Crash(node) | Action::Kill(node) | Action::WipeDisk(node) = action
            && node.0 < world.setup().replicas
            && !R::bears_crash_of(world, node)
        {
            let (name, milliseconds, seed) = (world.name(node), world.now() / 1_000, self.scenario.seed);
            let reason = format!(
                "{name} would crash at {milliseconds} ms with seed {seed}, and more would have forgotten all than its fault model bears"
            );
            return Err(Trouble::NotApplicable(reason));
        }
        self.act(action)?;
        Ok(())
    }

    fn act(&mut self, action: Action) -> Result<(), Trouble> {
        self.run.intervene(action).map_err(|error| {
            let (protocol, seed) = (R::PROTOCOL, self.scenario.seed);
            Trouble::Wrong(ScenarioError::at("action", format!("{error}: {protocol}, with seed {seed}")))
        })?;
        self.look();
        // What comes from outside decides nothing; all may be even already.
        self.look_whether_even();
        Ok(())
    }

    /// A fault comes now, or what undoes one: the first, perhaps, and the last so far.
    fn note_fault(&mut self, undoes: bool) {
        let place = self.place();
        if self.marks.fault.is_none() {
            self.marks.fault = Some(place);
            self.marks.disk_bytes = self.disk_bytes();
        }
        self.marks.last = Some(place);
        if !undoes {
            self.marks.struck = Some(place);
        }
        self.marks.even = None;
        self.even_at = Some(self.decided());
        if let (Some(asker), None) = (self.asker, self.marks.left) {
            self.marks.left = Some(self.requests_of(asker).saturating_sub(self.entries_carried_out()));
        }
    }

    /// How many of the requests for entries that it is left with have reached the leader.
    fn requests_of(&self, client: NodeId) -> u32 {
        let since = self.script.uncommitted.map_or(0, |entries| entries.at);
        let trace = self.run.simulation().trace();
        let leader = self.marks.cast.map(|cast| cast.leader);
        let arrived = trace.resolutions.iter().filter(|end| end.fate == Fate::Delivered);
        let messages = arrived.filter_map(|end| trace.messages.get(end.message as usize));
        let asks = messages.filter(|message| message.sent >= since && message.from == client);
        let most = self.script.uncommitted.map_or(0, |entries| entries.entries);
        // One that was doubled on its way is one.
        most.min(asks.filter(|message| Some(message.to) == leader).count() as u32)
    }

    /// As many decisions as a replica that is up knows.
    fn decided(&self) -> u64 {
        let running = self.run.simulation().world().replicas().iter().filter_map(|each| each.process.as_ref());
        running.map(Process::decided).max().unwrap_or_default()
    }

    fn entries_carried_out(&self) -> u32 {
        let running = self.run.simulation().world().replicas().iter().filter_map(|each| each.process.as_ref());
        running.map(entries_in).max().unwrap_or_default()
    }

    fn disk_bytes(&self) -> u64 {
        let disks = self.run.simulation().world().replicas().iter().map(|machine| &machine.disk.durable);
        disks.map(super::size::of).sum()
    }

    fn end(&mut self) {
        if self.marks.fault.is_none() {
            self.marks.disk_bytes = self.disk_bytes();
        }
        if self.script.uncommitted.is_some() {
            self.marks.kept = self.entries_carried_out();
        }
        self.look_whether_even();
    }

    /// Leaves the leader with entries that nobody commits.
    fn leave(&mut self, Uncommitted { at, entries, reaches }: Uncommitted) -> Result<(), Trouble> {
        let within = |trouble| match trouble {
            Trouble::Wrong(error) => Trouble::Wrong(error.within("uncommitted")),
            not_applicable => not_applicable,
        };
        self.go_to(at.saturating_sub(1))?;
        let cast = self.cast().map_err(within)?;
        let replicas = self.script.replicas as u16;
        let is_reached = |node: NodeId| (1..=reaches as u16).any(|place| cast.follower(place) == node);
        let others = || (0..replicas).map(NodeId);
        let is_left = |from: NodeId, to: NodeId| from == to || (from == cast.leader && is_reached(to));
        let links = others().flat_map(|from| others().map(move |to| (from, to)));
        let cut = links.filter(|&(from, to)| !is_left(from, to)).collect();
        self.act(Action::Cut(cut)).map_err(within)?;
        // Of as many clients as there are replicas, one asks the leader first.
        let client =
            NodeId((replicas..2 * replicas).find(|client| client % replicas == cast.leader.0).unwrap_or(replicas));
        self.asker = Some(client);
        for number in 0..entries {
            self.go_to(at + Ticks::from(number) * ASK_EVERY)?;
            let key = format!("{ENTRY_KEY}{number}");
            let command = Command::Put { key: key.as_str().into(), value: number.to_string().into() };
            for action in [Action::Invoke(client, command), Action::Crash(client), Action::Restart(client)] {
                self.act(action).map_err(within)?;
            }
        }
        Ok(())
    }
}

/// How many of the entries that a leader was left with a replica has carried out.
fn entries_in<P: Process>(process: &P) -> u32 {
    process.view().store.iter().filter(|(key, _)| key.starts_with(ENTRY_KEY)).count() as u32
}
