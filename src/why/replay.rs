//! A run that is made again, with what only shows while it happens: which event wrote what a flush reports, and since when
//! processes and links are as they are.

use super::speech::Explained;
use super::{Fact, RuleSaid};
use crate::kv::client::ClientRule;
use crate::process::{Catalogue, NodeId, Ticks};
use crate::run::Run;
use crate::run::transcript::short_seconds;
use crate::scenario::{Scenario, ScenarioError};
use crate::sim::trace::{Fate, InputKind, NONE, Resolution};
use crate::sim::{EventRecord, Stepped};
use std::collections::{BTreeMap, VecDeque};

/// Most events of a run that is asked about.
pub const EVENTS_MAX: u32 = 300_000;

/// A run, up to where it ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Whole {
    /// The run, with all interventions.
    pub scenario: Scenario,
    /// It ends at this time...
    pub until: Ticks,
    /// ...or after so many events.
    pub events: u32,
}

/// How a process is, and since which event.
#[derive(Clone, Copy, Default)]
struct Condition {
    down: Option<u32>,
    paused: Option<u32>,
}

/// A run that was made again.
pub struct Replay<R: Explained> {
    /// The run, at its end.
    pub run: Run<R>,
    /// Which event wrote what an event says to be on disk.
    writes: BTreeMap<u32, u32>,
    /// For each replica the events whose writes it will hear of, oldest first.
    owed: Vec<VecDeque<u32>>,
    conditions: Vec<Condition>,
    /// Links that are cut, by sender and receiver, and since which event.
    cuts: BTreeMap<(NodeId, NodeId), u32>,
    /// The ends of messages, by message.
    ends: Vec<Option<Resolution>>,
}

impl<R: Explained> Replay<R> {
    /// Makes a run again.
    ///
    /// # Errors
    ///
    /// If the scenario cannot be run, or the run is too long.
    pub fn new(whole: &Whole) -> Result<Self, ScenarioError> {
        Self::watching(whole, |_, _| ())
    }

    /// The same; whoever watches sees the run after each event.
    pub(super) fn watching(whole: &Whole, mut watch: impl FnMut(&Run<R>, u32)) -> Result<Self, ScenarioError> {
        let run = Run::new(whole.scenario.simulation::<R>()?);
        let setup = run.simulation().world().setup();
        let (processes, replicas) = (usize::from(setup.processes()), usize::from(setup.replicas));
        let mut replay = Self {
            run,
            writes: BTreeMap::new(),
            owed: vec![VecDeque::new(); replicas],
            conditions: vec![Condition::default(); processes],
            cuts: BTreeMap::new(),
            ends: Vec::new(),
        };
        while replay.run.simulation().events() < whole.events && replay.run.step_until(whole.until) == Stepped::Event {
            let event = replay.run.simulation().cursor() - 1;
            if event >= EVENTS_MAX {
                let problem = format!("it has more than {EVENTS_MAX} events: ask for a shorter one");
                return Err(ScenarioError::at("run", problem));
            }
            replay.note(event);
            watch(&replay.run, event);
        }
        let trace = replay.run.simulation().trace();
        replay.ends = vec![None; trace.messages.len()];
        for resolution in &trace.resolutions {
            if let Some(end) = replay.ends.get_mut(resolution.message as usize) {
                *end = Some(*resolution);
            }
        }
        Ok(replay)
    }

    fn note(&mut self, event: u32) {
        let world = self.run.simulation().world();
        let Some(&record) = self.run.simulation().trace().events.get(event as usize) else { return };
        if let Some(machine) = world.replicas().get(usize::from(record.node)) {
            let owed = &mut self.owed[usize::from(record.node)];
            if record.input == InputKind::Persisted
                && let Some(write) = owed.pop_front()
            {
                self.writes.insert(event, write);
            }
            let receipts = machine.disk.pending.iter().map(|flush| flush.receipts.len()).sum::<usize>();
            owed.resize(receipts + machine.disk.receipts.len(), event);
        }
        if matches!(record.input, InputKind::Intervention | InputKind::Start) {
            let of = |node: NodeId| {
                let replica = world.replicas().get(node.index()).map(|machine| machine.paused);
                let client = || world.clients().get(node.index() - world.replicas().len()).map(|client| client.paused);
                replica.or_else(client).unwrap_or_default()
            };
            for (node, condition) in (0..).map(NodeId).zip(&mut self.conditions) {
                let since = |is_so: bool, before: Option<u32>| is_so.then(|| before.unwrap_or(event));
                condition.down = since(!world.is_up(node), condition.down);
                condition.paused = since(of(node), condition.paused);
            }
            let now: BTreeMap<(NodeId, NodeId), u32> =
                world.network().cuts().map(|link| (link, self.cuts.get(&link).copied().unwrap_or(event))).collect();
            self.cuts = now;
        }
    }

    /// How many replicas there are.
    pub(super) fn replicas(&self) -> u16 {
        self.run.simulation().world().setup().replicas
    }

    pub(super) fn name(&self, node: NodeId) -> String {
        self.run.simulation().world().name(node)
    }

    /// The names of several, one after the other.
    pub(super) fn names(&self, nodes: impl IntoIterator<Item = NodeId>) -> Vec<String> {
        nodes.into_iter().map(|node| self.name(node)).collect()
    }

    /// The process with a name.
    pub(super) fn process(&self, name: &str) -> Option<NodeId> {
        let processes = self.run.simulation().world().processes();
        (0..processes).map(NodeId).find(|&node| self.name(node) == name)
    }

    pub(super) fn record(&self, event: u32) -> Option<&EventRecord> {
        self.run.simulation().trace().events.get(event as usize)
    }

    pub(super) fn time(&self, event: u32) -> Ticks {
        self.record(event).map_or(0, |record| record.time)
    }

    /// When an event is, in words.
    pub(super) fn at(&self, event: u32) -> String {
        format!("{} (event {event})", short(self.time(event)))
    }

    /// The event that an event has as its cause, if that lies within the run.
    pub(super) fn cause(&self, event: u32) -> Option<u32> {
        let trace = self.run.simulation().trace();
        let record = self.record(event)?;
        match record.input {
            InputKind::Message => crate::run::causality::sent_by(trace, record),
            InputKind::Timer | InputKind::Start => (record.cause != NONE).then_some(record.cause),
            InputKind::Persisted => self.writes.get(&event).copied(),
            // A crash that strikes was ordered by the same intervention.
            InputKind::Intervention => {
                let earlier = trace.events.get(..event as usize)?;
                let is_order =
                    |other: &EventRecord| other.input == InputKind::Intervention && other.cause == record.cause;
                earlier.iter().position(is_order).map(|place| place as u32)
            }
            InputKind::Invoke => None,
        }
    }

    /// The rules that an event followed.
    pub(super) fn rules(&self, record: &EventRecord) -> Vec<RuleSaid> {
        let is_replica = record.node < self.replicas();
        let codes = self.run.simulation().trace().rules_of(record);
        let said = |code: u8| if is_replica { rule_said::<R::Rule>(code) } else { rule_said::<ClientRule>(code) };
        codes.filter_map(said).collect()
    }

    /// How a message ended; none while it is under way or has not left.
    pub(super) fn end(&self, message: u32) -> Option<Resolution> {
        self.ends.get(message as usize).copied().flatten()
    }

    /// The event that handled a message, if one did.
    pub(super) fn handled(&self, message: u32) -> Option<u32> {
        self.end(message).filter(|end| end.fate == Fate::Delivered).map(|end| end.event)
    }

    /// What became of a message that nobody handled, said of it: "was lost at 1.204 s".
    pub(super) fn fate(&self, message: u32) -> String {
        let Some(record) = self.run.simulation().trace().messages.get(message as usize) else { return String::new() };
        let (from, to) = (self.name(record.from), self.name(record.to));
        let Some(end) = self.end(message) else {
            let world = self.run.simulation().world();
            if world.arrivals().any(|(other, _)| other == message) {
                return "is under way when the run ends".to_owned();
            }
            let is_held = self.conditions.get(record.to.index()).is_some_and(|condition| condition.paused.is_some());
            let waits = world
                .replicas()
                .get(record.from.index())
                .is_some_and(|machine| machine.disk.pending.iter().any(|flush| flush.messages.contains(&message)));
            return if waits {
                format!("has not left: it waits for the disk of {from}")
            } else if is_held {
                format!("has come to {to}, which is paused")
            } else {
                "has not come when the run ends".to_owned()
            };
        };
        let time = short(end.time);
        match end.fate {
            Fate::Delivered => format!("came at {}", self.at(end.event)),
            Fate::Lost => format!("was lost by chance at {time}"),
            Fate::Cut => format!("was lost at {time}: the link from {from} to {to} was cut"),
            Fate::ReceiverDown => format!("was lost at {time}: {to} was down"),
            Fate::Dropped => format!("was dropped by hand at {time}"),
            Fate::NeverSent => format!("never left: {from} crashed at {time}, before its disk was ready"),
            Fate::Withheld => format!("was kept back at {time} by {from}, which lies"),
        }
    }

    /// Why two processes cannot reach each other when the run ends, and since when: a fact for each reason.
    pub(super) fn unreachable(&self, from: NodeId, to: NodeId) -> Option<Fact> {
        let (own, other) = (self.name(from), self.name(to));
        let condition = self.conditions.get(to.index()).copied().unwrap_or_default();
        let cut = (self.cuts.get(&(from, to)), self.cuts.get(&(to, from)));
        let (event, sentence) = match (condition, cut) {
            (Condition { down: Some(event), .. }, _) => (event, format!("{other} is down since {}", self.at(event))),
            (Condition { paused: Some(event), .. }, _) => {
                (event, format!("{other} is paused since {}", self.at(event)))
            }
            (_, (Some(&there), Some(&back))) => {
                let event = there.max(back);
                (event, format!("{own} and {other} cannot reach each other since {}", self.at(event)))
            }
            (_, (Some(&event), None)) => (event, format!("{own} cannot reach {other} since {}", self.at(event))),
            (_, (None, Some(&event))) => (event, format!("{other} cannot reach {own} since {}", self.at(event))),
            _ => return None,
        };
        Some(Fact::happened(Some(event), sentence))
    }
}

/// When something is, in words.
pub(super) fn short(ticks: Ticks) -> String {
    format!("{} s", short_seconds(ticks))
}

fn rule_said<C: Catalogue>(code: u8) -> Option<RuleSaid> {
    let rule = C::ALL.get(usize::from(code))?;
    Some(RuleSaid { name: rule.name(), text: rule.text(), source: rule.source() })
}
