//! A run of any protocol, as the page asks about it.

mod answers;

use self::answers::{node_view, operation_view, rule};
use super::columns::columns;
use super::error::PlaygroundError;
use super::wire::{self, LieView, NodeView, Rule, fields};
use crate::check::accountability::excuse;
use crate::check::linearizability::Verdict;
use crate::check::{HeldProof, Monitor, SlotVotes};
use crate::kv::Client;
use crate::kv::client::{ClientRule, ClientTimer};
use crate::process::{Catalogue, Message, NodeId, Process, Ticks, Timer};
use crate::run::Run;
use crate::run::promise::{Promised, promised};
use crate::scenario::bounds::TICKS_MAX;
use crate::scenario::moments::Reached;
use crate::scenario::{ActionText, InterventionText, Playable, Scenario, ScenarioError, Story};
use crate::search::undecided;
use crate::sim::trace::{Fate, InputKind, NONE};
use crate::sim::{EventRecord, Stepped};
use std::ops::RangeInclusive;
use wasm_bindgen::JsValue;

/// Steps of the checker that a page can wait for: a fraction of a second.
const VERDICT_STEPS_MAX: u64 = 1_000_000;

/// What the page may ask of a run, whatever its protocol.
pub trait Session {
    fn status(&self, stopped: Option<Stepped>) -> wire::Status;
    fn step_until(&mut self, until: Ticks) -> Stepped;
    fn seek(&mut self, events: u32);
    fn hash_after(&mut self, events: u32) -> u128;
    fn intervene(&mut self, action: &ActionText) -> Result<u32, PlaygroundError>;
    fn plan_heal(&mut self, at: Ticks) -> Result<(), PlaygroundError>;
    fn interventions(&self) -> Vec<InterventionText>;
    fn intervention_views(&self) -> Vec<wire::InterventionView>;
    fn catalogue(&self) -> wire::CatalogueView;
    fn columns(&self, events: u32, messages: u32, resolutions: u32) -> JsValue;
    fn nodes(&self) -> Vec<NodeView>;
    fn network(&self) -> wire::NetworkView;
    fn message(&self, index: u32) -> Result<wire::MessageView, PlaygroundError>;
    fn event(&self, index: u32) -> Result<wire::EventView, PlaygroundError>;
    fn labels(&self, messages: &[u32]) -> Vec<String>;
    fn history(&mut self, since: usize) -> Vec<wire::OperationView>;
    fn verdict(&mut self) -> wire::VerdictView;
    fn lost_writes(&mut self) -> Vec<wire::OperationView>;
    fn invariants(&self) -> Vec<wire::InvariantState>;
    fn votes(&self, node: u16) -> Vec<wire::VoteSetView>;
    fn proofs(&self) -> Vec<wire::ProofView>;
    fn culprits(&self) -> Option<wire::CulpritsView>;
    fn phases(&self, from: Ticks, to: Ticks) -> Vec<wire::DecisionView>;
    fn quorums(&self) -> wire::QuorumsView;
    fn slots(&self, slots: RangeInclusive<u64>) -> Vec<wire::SlotView>;
    fn transcript(&self, events: std::ops::Range<u32>) -> String;
    fn keep_undecided(&mut self, until: Ticks, events_max: u32) -> Result<Stepped, PlaygroundError>;
    fn let_go(&mut self) -> Result<(), PlaygroundError>;
    fn held_back(&self) -> Option<u32>;
    fn story(&self, scenario: &Scenario) -> Result<Story, ScenarioError>;
    fn moments(&mut self, story: &mut Story) -> Vec<Option<Reached>>;
}

impl<R: Playable> Session for Run<R> {
    fn status(&self, stopped: Option<Stepped>) -> wire::Status {
        let (simulation, world) = (self.simulation(), self.simulation().world());
        wire::Status {
            cursor: simulation.cursor(),
            events: simulation.events(),
            messages: simulation.trace().messages.len(),
            resolutions: simulation.trace().resolutions.len(),
            now: world.now(),
            end: simulation.trace().events.last().map_or(0, |event| event.time).max(if simulation.is_live() {
                world.now()
            } else {
                0
            }),
            stopped: match stopped {
                Some(Stepped::Limit) => Some("limit"),
                Some(Stepped::Idle) => Some("idle"),
                _ => None,
            },
            trace_hash: format!("{:032x}", world.trace_hash()),
        }
    }

    fn step_until(&mut self, until: Ticks) -> Stepped {
        Run::step_until(self, until)
    }

    fn seek(&mut self, events: u32) {
        Run::seek(self, events);
    }

    fn hash_after(&mut self, events: u32) -> u128 {
        Run::hash_after(self, events)
    }

    fn intervene(&mut self, action: &ActionText) -> Result<u32, PlaygroundError> {
        let action = action
            .to_action::<R>(&self.names())
            .map_err(|error| PlaygroundError::new("intervention", error.place, error.message))?;
        Ok(Run::intervene(self, action)?)
    }

    fn plan_heal(&mut self, at: Ticks) -> Result<(), PlaygroundError> {
        if at > TICKS_MAX {
            return Err(PlaygroundError::new("argument", "tick", format!("at most {TICKS_MAX}, not {at}")));
        }
        Ok(Run::plan_heal(self, at)?)
    }

    fn interventions(&self) -> Vec<InterventionText> {
        InterventionText::all_of(self.simulation())
    }

    fn intervention_views(&self) -> Vec<wire::InterventionView> {
        let simulation = self.simulation();
        let replicas = simulation.world().setup().replicas;
        let events = simulation.trace().events.iter().enumerate();
        let is_outside = |event: &EventRecord| {
            event.input == InputKind::Intervention || (event.input == InputKind::Invoke && event.cause != NONE)
        };
        events
            .filter(|(_, event)| is_outside(event))
            .filter_map(|(place, event)| {
                let intervention = simulation.interventions().get(event.cause as usize)?;
                Some(wire::InterventionView {
                    at: event.time,
                    after_event: place as u32,
                    text: intervention.action.describe(&|node| simulation.world().name(node)).to_string(),
                    action: ActionText::of::<R>(&intervention.action, replicas),
                })
            })
            .collect()
    }

    fn catalogue(&self) -> wire::CatalogueView {
        let world = self.simulation().world();
        wire::CatalogueView {
            protocol: R::PROTOCOL,
            engine_version: crate::ENGINE_VERSION,
            processes: (0..world.processes()).map(|node| world.name(NodeId(node))).collect(),
            replicas: world.setup().replicas,
            replica_roles: R::ROLES,
            client_roles: Client::<R::Message>::ROLES,
            message_kinds: <R::Message as Message>::KINDS,
            replica_timers: <R::Timer as Timer>::KINDS,
            client_timers: ClientTimer::KINDS,
            replica_rules: Rule::all::<R::Rule>(),
            client_rules: Rule::all::<ClientRule>(),
            mutations: Rule::all::<R::Mutation>(),
            invariants: <R::Monitor as Monitor<R>>::INVARIANTS.iter().map(Rule::invariant).collect(),
            input_kinds: InputKind::NAMES,
            message_fates: Fate::NAMES,
            only_key: R::ONLY_KEY,
            epoch_places: R::EPOCH_PLACES,
        }
    }

    fn columns(&self, events: u32, messages: u32, resolutions: u32) -> JsValue {
        columns(self, events, messages, resolutions)
    }

    fn nodes(&self) -> Vec<NodeView> {
        let world = self.simulation().world();
        let name = |place: u16| world.name(NodeId(place));
        let overwritten = self.overwritten();
        let replicas = world.replicas().iter().enumerate().map(|(place, machine)| {
            let place = place as u16;
            let mut view = node_view(machine, &world.setup().replica, place, name(place), self.honesty(NodeId(place)));
            if let Some(log) = &mut view.log {
                let own = overwritten.iter().filter(|entry| entry.node.0 == place);
                log.overwritten = own.cloned().map(Into::into).collect();
            }
            view
        });
        let first = world.setup().replicas;
        let clients = world.clients().iter().enumerate().map(|(place, machine)| {
            let place = first + place as u16;
            node_view(machine, &world.setup().client, place, name(place), self.honesty(NodeId(place)))
        });
        replicas.chain(clients).collect()
    }

    fn network(&self) -> wire::NetworkView {
        let network = self.simulation().world().network();
        let dials = network.dials();
        wire::NetworkView {
            cut: network.cuts().map(|(from, to)| wire::Link { from: from.0, to: to.0 }).collect(),
            latency_ticks: dials.latency_ticks,
            loss: dials.loss,
            duplication: dials.duplication,
            reordering: dials.reordering,
            in_flight: self.simulation().world().in_flight(),
            heals_at: self.simulation().heals_at(),
        }
    }

    fn message(&self, index: u32) -> Result<wire::MessageView, PlaygroundError> {
        let (simulation, trace) = (self.simulation(), self.simulation().trace());
        let missing = || PlaygroundError::new("argument", "message", format!("there is no message {index}"));
        let record = trace.messages.get(index as usize).ok_or_else(missing)?;
        let end = trace.resolutions.iter().find(|end| end.message == index && end.event < simulation.cursor());
        let in_flight = end.is_none() && record.event < simulation.cursor();
        Ok(wire::MessageView {
            index,
            from: record.from.0,
            to: record.to.0,
            kind: <R::Message as Message>::KINDS.get(usize::from(record.body.kind())).copied().unwrap_or_default(),
            label: record.body.label(),
            epoch: record.body.epoch(),
            fields: fields(record.body.fields()),
            sent: record.sent,
            due: record.due,
            sent_by: record.event,
            copy_of: (record.copy_of != NONE).then_some(record.copy_of),
            fate: end
                .map_or(if in_flight { "in flight" } else { "not sent yet" }, |end| Fate::NAMES[end.fate as usize]),
            handled_by: end.filter(|end| end.fate == Fate::Delivered).map(|end| end.event),
            in_flight,
            lie: trace.lie_of(index).map(|lie| LieView::of(lie.lie, lie.honest.as_ref())),
            faces: self.faces(index),
        })
    }

    fn event(&self, index: u32) -> Result<wire::EventView, PlaygroundError> {
        let trace = self.simulation().trace();
        let missing = || PlaygroundError::new("argument", "event", format!("there is no event {index}"));
        let event = trace.events.get(index as usize).ok_or_else(missing)?;
        let is_replica = event.node < self.simulation().world().setup().replicas;
        let cause = (event.cause != NONE).then_some(event.cause);
        let violations = trace.violations.iter().filter(|violation| violation.event == index);
        Ok(wire::EventView {
            index,
            time: event.time,
            node: (event.node != u16::MAX).then_some(event.node),
            title: self.title(event),
            input: InputKind::NAMES[event.input as usize],
            cause_message: cause.filter(|_| event.input == InputKind::Message),
            cause_event: cause.filter(|_| matches!(event.input, InputKind::Timer | InputKind::Start)),
            rules: trace.rules_of(event).filter_map(|code| rule(is_replica, R::Rule::ALL, code)).collect(),
            sent: event.sent().collect(),
            effects: self.effects(event),
            violations: violations.map(|violation| violation.sentence.clone()).collect(),
            role: self.role_name(event),
            epoch: event.epoch,
        })
    }

    fn labels(&self, messages: &[u32]) -> Vec<String> {
        let trace = self.simulation().trace();
        let label = |message: &u32| {
            trace.messages.get(*message as usize).map_or_else(String::new, |record| record.body.label())
        };
        messages.iter().map(label).collect()
    }

    fn history(&mut self, since: usize) -> Vec<wire::OperationView> {
        let operations = Run::history(self).iter().enumerate().skip(since);
        operations.map(|(index, operation)| operation_view(index, operation)).collect()
    }

    fn verdict(&mut self) -> wire::VerdictView {
        let mut judgement = Run::verdict(self, VERDICT_STEPS_MAX);
        // What nobody promised is not broken.
        let is_promised = promised(self.reading()) == Some(Promised::Linearizable);
        if !is_promised {
            judgement.sentence = format!("reads: {}; {}", self.reading().name(), judgement.sentence);
        }
        let (kind, blamed, linearization) = match &judgement.report.verdict {
            Verdict::Linearizable(linearization) => ("linearizable", None, Some(linearization)),
            Verdict::NotLinearizable(_) if !is_promised => ("undecided", None, None),
            Verdict::NotLinearizable(violation) => {
                ("not-linearizable", Some(violation.operation), violation.linearization.as_ref())
            }
            Verdict::Undecided(_) => ("undecided", None, None),
        };
        let (linearization_operation, linearization_at) = self.linearization_columns(linearization);
        wire::VerdictView {
            kind,
            operations: judgement.report.operations,
            sentence: judgement.sentence,
            blamed,
            linearization_operation,
            linearization_at,
        }
    }

    fn lost_writes(&mut self) -> Vec<wire::OperationView> {
        let lost = Run::lost_writes(self);
        let history = Run::history(self);
        lost.into_iter()
            .filter_map(|index| history.get(index).map(|operation| operation_view(index, operation)))
            .collect()
    }

    fn invariants(&self) -> Vec<wire::InvariantState> {
        let cursor = self.simulation().cursor();
        let findings = self.findings();
        let state = |invariant: &crate::check::Invariant| {
            let found = findings.iter().find(|finding| finding.invariant == *invariant && finding.event < cursor);
            wire::InvariantState {
                name: invariant.name,
                text: invariant.text,
                source: invariant.source,
                broken: found.map(wire::Broken::from),
            }
        };
        <R::Monitor as Monitor<R>>::INVARIANTS.iter().map(state).collect()
    }

    fn quorums(&self) -> wire::QuorumsView {
        wire::QuorumsView {
            ballots: Run::ballots(self).into_iter().map(Into::into).collect(),
            meeting: Run::meeting(self).map(Into::into),
        }
    }

    fn slots(&self, slots: RangeInclusive<u64>) -> Vec<wire::SlotView> {
        let view = |votes: SlotVotes| {
            let slot = votes.slot;
            let mut view = wire::SlotView::from(votes);
            for entry in &mut view.accepted {
                entry.origin = self.origin(slot, entry.epoch).map(Into::into);
            }
            view
        };
        Run::slots(self, slots).into_iter().map(view).collect()
    }

    fn votes(&self, node: u16) -> Vec<wire::VoteSetView> {
        let machine = self.simulation().world().replicas().get(usize::from(node));
        let process = machine.and_then(|machine| machine.process.as_ref());
        process.map_or_else(Vec::new, |process| process.votes().into_iter().map(Into::into).collect())
    }

    fn proofs(&self) -> Vec<wire::ProofView> {
        let world = self.simulation().world();
        let view = |held: HeldProof| wire::ProofView { excuse: excuse(world, held.culprit), ..held.into() };
        Run::proofs(self).into_iter().map(view).collect()
    }

    fn culprits(&self) -> Option<wire::CulpritsView> {
        Run::culprits(self).map(Into::into)
    }

    fn phases(&self, from: Ticks, to: Ticks) -> Vec<wire::DecisionView> {
        Run::phases(self, from, to).into_iter().map(Into::into).collect()
    }

    fn transcript(&self, events: std::ops::Range<u32>) -> String {
        Run::transcript(self, events)
    }

    fn keep_undecided(&mut self, until: Ticks, events_max: u32) -> Result<Stepped, PlaygroundError> {
        Ok(undecided::keep_undecided(self, until, events_max)?)
    }

    fn let_go(&mut self) -> Result<(), PlaygroundError> {
        Ok(undecided::let_go(self)?)
    }

    fn held_back(&self) -> Option<u32> {
        R::KNOWN.then(|| undecided::held_count(self) as u32)
    }

    fn story(&self, scenario: &Scenario) -> Result<Story, ScenarioError> {
        Story::of::<R>(scenario)
    }

    fn moments(&mut self, story: &mut Story) -> Vec<Option<Reached>> {
        story.read(self)
    }
}
