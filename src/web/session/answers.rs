//! How a run's own words become the shapes that cross to JavaScript.

use crate::check::Watched;
use crate::check::linearizability::Linearization;
use crate::kv::client::{ClientRule, ClientTimer};
use crate::kv::{Command, Ending};
use crate::process::{Catalogue, NodeId, Process, Timer};
use crate::run::Run;
use crate::run::history::ClientOperation;
use crate::scenario::names::Names;
use crate::sim::machine::Machine;
use crate::sim::{EventRecord, Note};
use crate::web::wire::{self, NodeView, Outside, Rule, TimerView};
use js_sys::{Float64Array, Uint32Array};

pub(super) fn node_view<P: Process>(
    machine: &Machine<P>,
    config: &P::Config,
    index: u16,
    name: String,
    honesty: &'static str,
) -> NodeView {
    let timers = machine.timers.armed().map(|(timer, armed)| TimerView {
        name: <P::Timer as Timer>::KINDS.get(usize::from(timer.kind())).copied().unwrap_or_default(),
        set_at: armed.set_at,
        fires_at: armed.due,
    });
    let condition = match &machine.process {
        None => "down",
        Some(_) if machine.paused => "paused",
        Some(_) => "up",
    };
    let outside = Outside { condition, honesty, timers: timers.collect(), inbox_held: machine.held_count() };
    NodeView::of(index, name, machine.view(config), outside)
}

impl<R: Watched> Run<R> {
    pub(super) fn names(&self) -> Names {
        let world = self.simulation().world();
        Names { replicas: world.setup().replicas, clients: world.setup().clients, network: world.network().dials() }
    }

    /// The operations of a linearization in order, and the times of their points.
    pub(super) fn linearization_columns(&self, linearization: Option<&Linearization>) -> (Uint32Array, Float64Array) {
        let reports = &self.simulation().trace().reports;
        let points = linearization.map_or(&[][..], |linearization| &linearization.points);
        let operations: Vec<u32> = points.iter().map(|point| point.operation as u32).collect();
        let time = |position: u64| reports.get(position as usize).map_or(0, |record| record.time);
        let times: Vec<f64> = points.iter().map(|point| time(point.position) as f64).collect();
        (Uint32Array::from(operations.as_slice()), Float64Array::from(times.as_slice()))
    }

    /// What is known of a process from outside, and to no other process.
    pub(super) fn honesty(&self, node: NodeId) -> &'static str {
        let adversary = self.simulation().world().adversary();
        match (adversary.lies(node), adversary.colludes(node), adversary.ever().contains(node)) {
            (true, true, _) => "lies and colludes",
            (true, false, _) => "lies",
            (false, true, _) => "colludes",
            (false, false, true) => "lied",
            (false, false, false) => "honest",
        }
    }

    /// Where its honest half would have said one thing, a liar says several: all messages of that event that were to
    /// say the same as this one. Nothing where no lie is among them.
    pub(super) fn faces(&self, index: u32) -> Vec<u32> {
        let trace = self.simulation().trace();
        let honest = |index: u32| {
            let record = trace.messages.get(index as usize)?;
            Some(trace.lie_of(index).and_then(|lie| lie.honest.as_ref()).unwrap_or(&record.body))
        };
        let Some(event) = trace.messages.get(index as usize).and_then(|record| trace.events.get(record.event as usize))
        else {
            return Vec::new();
        };
        let meant = honest(index);
        let faces: Vec<u32> = event.sent().filter(|other| honest(*other) == meant).collect();
        if faces.iter().any(|face| trace.lie_of(*face).is_some()) { faces } else { Vec::new() }
    }

    pub(super) fn effects(&self, event: &EventRecord) -> Vec<String> {
        let is_replica = event.node < self.simulation().world().setup().replicas;
        let kinds = if is_replica { <R::Timer as Timer>::KINDS } else { ClientTimer::KINDS };
        let timer = |kind: u8| kinds.get(usize::from(kind)).copied().unwrap_or_default();
        let text = |note: &Note| match note {
            Note::TimerSet { kind, delay_ticks } => {
                Some(format!("sets its {} timer to {} ms", timer(*kind), delay_ticks / 1_000))
            }
            Note::TimerCleared { kind } => Some(format!("clears its {} timer", timer(*kind))),
            Note::Persisted => Some("writes to its disk".to_owned()),
            Note::Rule(_) | Note::Violation(_) | Note::Report(_) | Note::Lie(_) => None,
        };
        self.simulation().trace().notes_of(event).iter().filter_map(text).collect()
    }
}

pub(super) fn rule(is_replica: bool, replica_rules: &[impl Catalogue], code: u8) -> Option<Rule> {
    if is_replica {
        replica_rules.get(usize::from(code)).map(|rule| Rule::of(*rule))
    } else {
        ClientRule::ALL.get(usize::from(code)).map(|rule| Rule::of(*rule))
    }
}

pub(super) fn operation_view(index: usize, operation: &ClientOperation) -> wire::OperationView {
    let (outcome, result) = match &operation.completed {
        None => ("pending", None),
        Some((_, Ending::Ok(answer))) => ("ok", Some(answer.to_string())),
        Some((_, Ending::Failed)) => ("failed", None),
        Some((_, Ending::Unknown)) => ("unknown", None),
    };
    let kind = match operation.command {
        Command::Get { .. } => "get",
        Command::Put { .. } => "put",
        Command::Delete { .. } => "delete",
        Command::Cas { .. } | Command::CasOrCreate { .. } => "cas",
    };
    wire::OperationView {
        index,
        client: operation.client.0,
        sequence: operation.sequence,
        text: operation.command.to_string(),
        kind,
        key: operation.command.key().to_string(),
        invoked_at: operation.invoked.time,
        invoked_event: operation.invoked.event,
        completed_at: operation.completed.as_ref().map(|(moment, _)| moment.time),
        completed_event: operation.completed.as_ref().map(|(moment, _)| moment.event),
        outcome,
        result,
    }
}
