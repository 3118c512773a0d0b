//! A run on its way to become smaller: a scenario, with its interventions as the simulator takes them.

use super::messages::{Driver, MessageFate, is_drawn};
use super::promise::{Broken, Promise};
use super::size::Size;
use crate::kv::ClientReport;
use crate::process::{Message as _, NodeId, Ticks};
use crate::run::Run;
use crate::scenario::{InterventionText, Playable, Scenario, ScenarioError};
use crate::sim::trace::{Lie, NONE};
use crate::sim::{Action, Deed, InputKind, Intervention, Line, Trace};

/// A run, and what may be taken away from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// All but the interventions, which it has none of.
    pub scenario: Scenario,
    /// What is done to the run, in the order of the times.
    pub interventions: Vec<Intervention>,
    /// What becomes of single messages.
    pub messages: Vec<MessageFate>,
}

/// A case that breaks the promise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// The case.
    pub case: Case,
    /// Its interventions, with those that single messages met, by number.
    pub interventions: Vec<Intervention>,
    /// What the network did by chance to single messages.
    pub drawn_fates: Vec<MessageFate>,
    /// How it breaks it.
    pub broken: Broken,
    /// How large it is.
    pub size: Size,
    /// The trace hash where it is broken.
    pub trace_hash: u128,
    /// The operations that the workload asked for until then, as interventions.
    pub drawn_operations: Vec<Intervention>,
    /// For each intervention that is pinned to a number of events: the time that comes to the same without.
    pub unpinned: Vec<Ticks>,
    /// Each thing that a liar did until then, as a line that tells it to.
    pub lies: Vec<(NodeId, Line)>,
}

impl Case {
    /// The case of a scenario. Captions speak of moments that may not be there any more.
    ///
    /// # Errors
    ///
    /// If the scenario cannot be run: says which field is wrong.
    pub fn of<R: Playable>(scenario: &Scenario) -> Result<Self, ScenarioError> {
        let interventions = scenario.simulation::<R>()?.interventions().to_vec();
        let scenario = Scenario { interventions: Vec::new(), captions: Vec::new(), title: None, ..scenario.clone() };
        Ok(Self { scenario, interventions, messages: Vec::new() })
    }

    /// The case as a scenario, with these interventions.
    fn to_scenario<R: Playable>(&self, interventions: &[Intervention]) -> Scenario {
        let replicas = self.scenario.replicas as u16;
        let interventions = interventions.iter().map(|each| InterventionText::of::<R>(each, replicas)).collect();
        Scenario { interventions, ..self.scenario.clone() }
    }

    /// Puts the interventions into the order of their times; those of one time stay in their order.
    pub fn sort(&mut self) {
        self.interventions.sort_by_key(|each| each.at);
    }

    /// The case without some interventions.
    #[must_use]
    pub fn without(&self, is_out: impl Fn(usize) -> bool) -> Self {
        let kept = self.interventions.iter().enumerate().filter(|(index, _)| !is_out(*index));
        Self { interventions: kept.map(|(_, each)| each.clone()).collect(), ..self.clone() }
    }
}

impl Shown {
    /// The run as a scenario.
    pub fn to_scenario<R: Playable>(&self) -> Scenario {
        self.case.to_scenario::<R>(&self.interventions)
    }
}

/// What a replay of a case came to.
pub struct Replayed {
    /// How many events it took.
    pub events: u32,
    /// The case, if it broke the promise.
    pub shown: Option<Shown>,
}

/// Replays a case up to a time, and over at most so many events. A case that cannot be run breaks nothing.
pub fn replay<R: Playable>(case: Case, promise: Promise, until: Ticks, events_max: u32) -> Replayed {
    let Ok(simulation) = case.to_scenario::<R>(&case.interventions).simulation::<R>() else {
        return Replayed { events: 0, shown: None };
    };
    let mut driver = Driver::new(Run::new(simulation), &case.messages);
    let broken = promise.broken_in(&case, &mut driver, until, events_max);
    let events = driver.run.simulation().events();
    let shown = broken.map(|broken| show(case, broken, &mut driver));
    Replayed { events, shown }
}

fn show<R: Playable>(mut case: Case, broken: Broken, driver: &mut Driver<R>) -> Shown {
    let drawn_fates = if is_drawn(&case) { driver.drawn_fates(broken.events) } else { Vec::new() };
    let run = &mut driver.run;
    run.seek(broken.events);
    let trace_hash = run.hash_after(broken.events);
    // What was to be done later is of no account: the run ends before it.
    let done = run.simulation().world().interventions_done() as usize;
    let interventions = run.simulation().interventions().iter().take(done).cloned().collect::<Vec<_>>();
    let met = interventions.iter().filter(|each| is_fate(&each.action)).count();
    case.interventions.truncate(if case.messages.is_empty() { done } else { done - met });
    let time_of = |event: u32| run.simulation().trace().events.get(event as usize).map(|record| record.time);
    let unpinned = case.interventions.iter().map(|each| {
        let last = each.after_event.and_then(|after| after.checked_sub(1)).and_then(time_of);
        each.at + Ticks::from(last == Some(each.at))
    });
    let unpinned = unpinned.collect();
    let trace = run.simulation().trace();
    let mut operations = 0;
    let mut drawn_operations = Vec::new();
    for record in trace.reports.iter().filter(|record| record.event < broken.events) {
        let ClientReport::Invoked { command, .. } = &record.report else { continue };
        operations += 1;
        let event = trace.events.get(record.event as usize);
        if event.is_some_and(|event| event.input == InputKind::Invoke && event.cause == NONE) {
            let action = Action::Invoke(record.client, command.clone());
            drawn_operations.push(Intervention { at: record.time, after_event: None, action });
        }
    }
    let size = Size::of(&case, operations, broken.events);
    let lies = lies(trace, broken.events);
    Shown { case, interventions, drawn_fates, broken, size, trace_hash, drawn_operations, unpinned, lies }
}

fn is_fate(action: &Action) -> bool {
    matches!(action, Action::DropMessage(_) | Action::DelayMessage(..))
}

/// What liars did before an event, each thing once.
fn lies<R: Playable>(trace: &Trace<R>, before: u32) -> Vec<(NodeId, Line)> {
    let mut lines: Vec<(NodeId, Line)> = Vec::new();
    for told in &trace.lies {
        let Some(message) = trace.messages.get(told.message as usize).filter(|message| message.event < before) else {
            continue;
        };
        let deed = match told.lie {
            Lie::Altered(how) => Deed::Alter(how),
            Lie::Added(how) => Deed::TwoFaced(how),
            Lie::Withheld => Deed::Withhold,
            Lie::Delayed(by) => Deed::Delay(by),
            Lie::Replayed => Deed::Replay,
        };
        let kind = told.honest.as_ref().map_or(message.body.kind(), |honest| honest.kind());
        let line = Line { to: [message.to].into_iter().collect(), kind: Some(kind), deed, once: false };
        if !lines.contains(&(message.from, line)) {
            lines.push((message.from, line));
        }
    }
    lines
}
