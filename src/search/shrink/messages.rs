//! Message by message: a network that draws latencies and losses becomes a calm one, in which the few messages are lost or
//! late whose loss or lateness matters.
//!
//! Messages have no name that a smaller run shares with a larger one: their numbers shift as soon as something is taken
//! away. Here one is the n-th that left on its link. The driver counts as they leave, and does to each what its fate
//! says, at that very moment; what it did stands in the run as interventions, by number.

use super::case::Case;
use crate::process::{NodeId, Ticks};
use crate::run::Run;
use crate::scenario::Playable;
use crate::sim::trace::Fate;
use crate::sim::{Action, Ratio, Stepped, TicksRange};
use std::collections::BTreeMap;

/// What becomes of one message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MessageFate {
    /// Its sender.
    pub from: NodeId,
    /// Its receiver.
    pub to: NodeId,
    /// How many left on this link before it.
    pub nth: u32,
    /// Later by so many ticks; none: lost.
    pub late: Option<Ticks>,
}

/// Moves a run on, and lets messages meet their fates.
pub struct Driver<R: Playable> {
    pub run: Run<R>,
    fates: BTreeMap<(NodeId, NodeId, u32), Option<Ticks>>,
    left: BTreeMap<(NodeId, NodeId), u32>,
    /// Each message that left, with how many left on its link before it.
    departures: Vec<(u32, u32)>,
}

impl<R: Playable> Driver<R> {
    pub fn new(run: Run<R>, fates: &[MessageFate]) -> Self {
        let fates = fates.iter().map(|fate| ((fate.from, fate.to, fate.nth), fate.late)).collect();
        Self { run, fates, left: BTreeMap::new(), departures: Vec::new() }
    }

    /// Moves the run to a time, over at most so many events.
    pub fn run_until(&mut self, until: Ticks, events_max: u32) -> Stepped {
        for _ in 0..events_max {
            let stepped = self.run.step_until(until);
            if stepped != Stepped::Event {
                return stepped;
            }
            self.meet_fates();
        }
        Stepped::Event
    }

    fn meet_fates(&mut self) {
        let simulation = self.run.simulation();
        let mut actions = Vec::new();
        for &message in simulation.world().departed() {
            let Some(record) = simulation.trace().messages.get(message as usize) else { continue };
            let nth = self.left.entry((record.from, record.to)).or_default();
            self.departures.push((message, *nth));
            match self.fates.get(&(record.from, record.to, *nth)) {
                Some(Some(late)) => actions.push(Action::DelayMessage(message, *late)),
                Some(None) => actions.push(Action::DropMessage(message)),
                None => {}
            }
            *nth += 1;
        }
        for action in actions {
            // One that is not in flight any more has met its fate.
            let _ = self.run.intervene(action);
        }
    }

    /// What the network did by chance to the messages that left before an event.
    pub fn drawn_fates(&self, before: u32) -> Vec<MessageFate> {
        let simulation = self.run.simulation();
        let (trace, setup) = (simulation.trace(), simulation.world().setup());
        let lost = trace.resolutions.iter().filter(|end| end.fate == Fate::Lost).map(|end| end.message);
        let lost: std::collections::BTreeSet<u32> = lost.collect();
        let shortest = setup.network.latency_ticks.min;
        let fate = |&(message, nth): &(u32, u32)| {
            let record = trace.messages.get(message as usize).filter(|record| record.event < before)?;
            let late =
                if lost.contains(&message) { None } else { Some(record.due.saturating_sub(record.sent + shortest)) };
            let is_drawn = record.from != record.to && late != Some(0);
            is_drawn.then_some(MessageFate { from: record.from, to: record.to, nth, late })
        };
        self.departures.iter().filter_map(fate).collect()
    }
}

/// Whether the network draws, and nothing else turns its dials or holds messages back.
pub fn is_drawn(case: &Case) -> bool {
    let dials = case.scenario.network;
    let draws = dials.latency_ticks.min < dials.latency_ticks.max || dials != dials.without_faults();
    let is_alone = |action: &Action| {
        !matches!(
            action,
            Action::Network(_)
                | Action::LinkLatency(..)
                | Action::LinkLoss(..)
                | Action::Corrupt(..)
                | Action::Say(..)
                | Action::DropMessage(_)
                | Action::DelayMessage(..)
                | Action::DuplicateMessage(_)
                | Action::DeliverMessageNow(_)
        )
    };
    draws
        && dials.duplication == Ratio::NEVER
        && case.messages.is_empty()
        && case.interventions.iter().all(|each| each.after_event.is_none() && is_alone(&each.action))
}

/// The same run in a network that draws nothing: each message meets the fate that it met.
pub fn by_message(case: &Case, fates: &[MessageFate]) -> Case {
    let mut case = case.clone();
    let dials = case.scenario.network;
    let shortest = dials.latency_ticks.min;
    case.scenario.network = dials.without_faults();
    case.scenario.network.latency_ticks = TicksRange::new(shortest, shortest);
    case.messages = fates.to_vec();
    case
}
