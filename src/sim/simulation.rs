//! A world with its trace, a playhead and checkpoints: what can be played, stepped back, and acted upon.
//!
//! The playhead stands between two events. Going forward past the last recorded event makes new ones. Going back
//! restores the nearest checkpoint and replays from there: the same events happen again. Acting in the past forgets
//! what came after.

use super::faults::{Action, Intervention};
use super::setup::Setup;
use super::trace::{Extent, Trace};
use super::world::{Stepped, World};
use crate::kv::{Command, Replica};
use crate::process::{NodeId, Ticks};
use std::sync::Arc;

/// Events between two checkpoints.
const CHECKPOINT_EVENTS: u32 = 2_048;

/// A run.
#[derive(Clone, Debug)]
pub struct Simulation<R: Replica> {
    world: World<R>,
    trace: Trace<R>,
    interventions: Vec<Intervention>,
    checkpoints: Vec<World<R>>,
}

/// Why an action cannot be carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActionError {
    /// Which part of the action is wrong: `node`, `message`, `links`, `client`, `timer`.
    pub place: &'static str,
    /// What is wrong with it.
    pub message: String,
}

impl std::fmt::Display for ActionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for ActionError {}

impl<R: Replica> Simulation<R> {
    /// A run before its first event, with the interventions that are known beforehand, in the order of their times.
    pub fn new(setup: Setup<R>, interventions: Vec<Intervention>) -> Self {
        let world = World::new(Arc::new(setup));
        Self { checkpoints: vec![world.clone()], world, trace: Trace::default(), interventions }
    }

    /// The state at the playhead.
    pub fn world(&self) -> &World<R> {
        &self.world
    }

    /// All that was recorded, also after the playhead.
    pub fn trace(&self) -> &Trace<R> {
        &self.trace
    }

    /// All interventions, also those yet to come.
    pub fn interventions(&self) -> &[Intervention] {
        &self.interventions
    }

    /// Events before the playhead.
    pub fn cursor(&self) -> u32 {
        self.world.extent().events
    }

    /// Events recorded.
    pub fn events(&self) -> u32 {
        self.trace.events.len() as u32
    }

    /// Whether the playhead stands after all that was recorded.
    pub fn is_live(&self) -> bool {
        self.cursor() == self.events()
    }

    /// Moves the playhead over one event, if one is due until the given time.
    pub fn step_until(&mut self, until: Ticks) -> Stepped {
        let stepped = self.world.step(&mut self.trace, &self.interventions, until);
        if stepped == Stepped::Event {
            self.keep_checkpoint();
        }
        stepped
    }

    /// Moves the playhead over one event.
    pub fn step(&mut self) -> Stepped {
        self.step_until(Ticks::MAX)
    }

    /// Moves the playhead to a time, over at most so many events.
    pub fn run_until(&mut self, until: Ticks, events_max: u32) -> Stepped {
        for _ in 0..events_max {
            let stepped = self.step_until(until);
            if stepped != Stepped::Event {
                return stepped;
            }
        }
        Stepped::Event
    }

    fn keep_checkpoint(&mut self) {
        let cursor = self.cursor();
        let next = self.checkpoints.last().map_or(0, |last| last.extent().events) + CHECKPOINT_EVENTS;
        if cursor >= next {
            self.checkpoints.push(self.world.clone());
        }
    }

    /// Moves the playhead to just after so many events, of those recorded. Replays at most the events between two
    /// checkpoints.
    pub fn seek(&mut self, events: u32) {
        let events = events.min(self.events());
        let nearest = self.checkpoints.partition_point(|checkpoint| checkpoint.extent().events <= events);
        if let Some(checkpoint) = nearest.checked_sub(1).and_then(|index| self.checkpoints.get(index)) {
            let cursor = self.cursor();
            if cursor > events
                || cursor < checkpoint.extent().events
                || (cursor == events && self.cursor_time() < self.world.now())
            {
                self.world = checkpoint.clone();
                // A message that was delayed by hand later on is, here, still on its first way.
                for (message, due) in self.world.arrivals() {
                    if let Some(record) = self.trace.messages.get_mut(message as usize) {
                        record.due = due;
                    }
                }
            }
        }
        while self.cursor() < events && self.step() == Stepped::Event {}
    }

    /// The trace hash right after so many events, of those recorded, wherever the playhead stands. At the playhead a
    /// flush may have ended since the last event, and the hash there has it already.
    pub fn hash_after(&mut self, events: u32) -> u128 {
        let events = events.min(self.events());
        let nearest = self.checkpoints.partition_point(|checkpoint| checkpoint.extent().events <= events);
        let Some(checkpoint) = nearest.checked_sub(1).and_then(|index| self.checkpoints.get(index)) else { return 0 };
        let mut world = checkpoint.clone();
        while world.extent().events < events
            && world.step(&mut self.trace, &self.interventions, Ticks::MAX) == Stepped::Event
        {}
        // On the way there messages were sent again, as they first were: the playhead's own view of them comes back.
        for (message, due) in self.world.arrivals() {
            if let Some(record) = self.trace.messages.get_mut(message as usize) {
                record.due = due;
            }
        }
        world.trace_hash()
    }

    /// When the event before the playhead happened.
    fn cursor_time(&self) -> Ticks {
        self.cursor().checked_sub(1).and_then(|last| self.trace.events.get(last as usize)).map_or(0, |event| event.time)
    }

    /// Whether an action can be carried out at the playhead.
    ///
    /// # Errors
    ///
    /// Says which part of the action names something that is not there, or not in the state that the action needs.
    pub fn check_action(&self, action: &Action) -> Result<(), ActionError> {
        let world = &self.world;
        let replicas = world.setup().replicas;
        let wrong = |place, message: String| Err(ActionError { place, message });
        let replica = |node: NodeId| world.replicas().get(node.index());
        if self.cursor() >= world.setup().events_max {
            return wrong("run", format!("it has {} events, and its limit is reached", self.cursor()));
        }
        match action {
            Action::Invoke(_, command) if !takes::<R>(command) => {
                let key = R::ONLY_KEY.unwrap_or_default();
                wrong(
                    "command",
                    format!("{} chooses one value: its clients can set {key:?} from nothing, and get it", R::PROTOCOL),
                )
            }
            Action::WipeDisk(node)
            | Action::CrashAt(node, _)
            | Action::Disk(node, _)
            | Action::StallDisk(node)
            | Action::ReleaseDisk(node)
            | Action::LoseFlushes(node)
            | Action::KeepFlushes(node)
            | Action::Misstep(node, _)
            | Action::Depart(node, _)
            | Action::FireTimer(node, _)
            | Action::Corrupt(node, _)
            | Action::Say(node, _)
            | Action::Reform(node)
                if node.0 >= replicas =>
            {
                wrong("node", format!("{} is not a replica", world.name(*node)))
            }
            Action::Reform(node) if !world.adversary().lies(*node) => {
                wrong("node", format!("{} is honest", world.name(*node)))
            }
            Action::Crash(node) | Action::Kill(node) if !world.is_up(*node) => {
                wrong("node", format!("{} is down already", world.name(*node)))
            }
            Action::Restart(node) if world.is_up(*node) => wrong("node", format!("{} is up", world.name(*node))),
            Action::Pause(node) | Action::FireTimer(node, _) | Action::CrashAt(node, _) | Action::Misstep(node, _)
                if !world.is_up(*node) =>
            {
                wrong("node", format!("{} is down", world.name(*node)))
            }
            Action::Invoke(client, _) if !world.is_up(*client) => {
                wrong("client", format!("{} is down", world.name(*client)))
            }
            Action::FireTimer(node, _) if replica(*node).is_some_and(|machine| machine.paused) => {
                wrong("node", format!("{} is paused", world.name(*node)))
            }
            Action::FireTimer(node, kind)
                if !replica(*node)
                    .is_some_and(|machine| machine.timers.armed().any(|(timer, _)| timer_kind(timer) == *kind)) =>
            {
                wrong("timer", format!("{} has not set that timer", world.name(*node)))
            }
            Action::DropMessage(message)
            | Action::DelayMessage(message, _)
            | Action::DuplicateMessage(message)
            | Action::DeliverMessageNow(message)
                if !world.in_flight().contains(message) =>
            {
                wrong("message", format!("message {message} is not in flight"))
            }
            _ => Ok(()),
        }
    }

    /// Plans an action for the very place of the playhead: the next step carries it out. What was recorded after it is
    /// forgotten, with the interventions that belong to it; those planned for later times stay, but for a heal that
    /// this action takes the place of ([`Simulation::plan_heal`]). Gives how many events were forgotten.
    ///
    /// # Errors
    ///
    /// As [`Simulation::check_action`]; the run is then as it was.
    pub fn plan(&mut self, action: Action) -> Result<u32, ActionError> {
        self.check_action(&action)?;
        let extent = self.world.extent();
        let forgotten = self.events() - extent.events;
        self.forget_after(&extent);
        let at = self.world.action_time();
        let mut later = self.take_planned(at);
        if cuts_or_restores(&action) {
            later.retain(|planned| planned.after_event.is_none() || planned.action != Action::Heal);
        }
        self.interventions.push(Intervention { at, after_event: Some(extent.events), action });
        self.interventions.extend(later);
        Ok(forgotten)
    }

    /// Plans that the network heals by itself at a time, because of what was done last before the playhead: acting
    /// before that forgets the plan, and cutting or healing by hand takes its place. What was recorded after the
    /// playhead is forgotten. Gives how many events were.
    ///
    /// # Errors
    ///
    /// If nothing has happened yet.
    pub fn plan_heal(&mut self, at: Ticks) -> Result<u32, ActionError> {
        let extent = self.world.extent();
        let Some(last) = extent.events.checked_sub(1) else {
            return Err(ActionError { place: "run", message: "nothing has happened yet that could heal".into() });
        };
        let forgotten = self.events() - extent.events;
        self.forget_after(&extent);
        let at = at.max(self.world.action_time());
        let later = self.take_planned(self.world.action_time());
        let (before, after): (Vec<_>, Vec<_>) = later.into_iter().partition(|planned| planned.at <= at);
        self.interventions.extend(before);
        self.interventions.push(Intervention { at, after_event: Some(last), action: Action::Heal });
        self.interventions.extend(after);
        Ok(forgotten)
    }

    /// From here on the run may go another way. What is planned for later is then done at its time, however many events
    /// there are by then; but not what concerns a message that is yet to be sent: its number will be another one's.
    pub fn expect_another_way(&mut self) {
        let Extent { messages, .. } = self.world.extent();
        let planned = self.interventions.split_off(self.world.interventions_done() as usize);
        let stays = planned.into_iter().filter(|each| each.action.message().is_none_or(|message| message < messages));
        self.interventions.extend(stays.map(|each| Intervention { after_event: None, ..each }));
    }

    /// When the network heals by itself, as it is planned at the playhead.
    pub fn heals_at(&self) -> Option<Ticks> {
        let cursor = self.cursor();
        let mut planned = self.interventions.iter().skip(self.world.interventions_done() as usize);
        planned.find(|each| each.action == Action::Heal && stays_at(each, cursor)).map(|heal| heal.at)
    }

    /// Takes out what is still to come of what was planned before the playhead: none of it comes before a time.
    fn take_planned(&mut self, at: Ticks) -> Vec<Intervention> {
        let cursor = self.cursor();
        let planned = self.interventions.split_off(self.world.interventions_done() as usize);
        let later = planned.into_iter().filter(|planned| stays_at(planned, cursor));
        later.map(|planned| Intervention { at: planned.at.max(at), ..planned }).collect()
    }

    fn forget_after(&mut self, extent: &Extent) {
        self.trace.truncate(extent);
        self.checkpoints.retain(|checkpoint| checkpoint.extent().events <= extent.events);
    }
}

/// Whether an intervention that is still to come belongs to what lies before the playhead. One that was done by hand at
/// the playhead or later does not.
fn stays_at(planned: &Intervention, cursor: u32) -> bool {
    planned.after_event.is_none_or(|after| after < cursor)
}

fn cuts_or_restores(action: &Action) -> bool {
    matches!(action, Action::Partition(_) | Action::Cut(_) | Action::Restore(_) | Action::Heal | Action::RemoveFaults)
}

/// Whether a protocol's clients can ask for a command.
fn takes<R: Replica>(command: &Command) -> bool {
    R::ONLY_KEY.is_none_or(|key| {
        &**command.key() == key && matches!(command, Command::Get { .. } | Command::Cas { expected: None, .. })
    })
}

fn timer_kind<T: crate::process::Timer>(timer: T) -> u8 {
    timer.kind()
}
