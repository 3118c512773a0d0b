//! The steps of a cluster.

use super::memo::{Cause, Memo, Outcome, Torn, input_of};
use super::state::{Bounds, ClusterState, Envelope, Handled, Node, boot, handle};
use super::subject::{Happened, SentBy, StateOf, Subject};
use crate::process::{Fingerprint, Input, NodeId, Outbox, Process, Seat};
use crate::search::explore::model::{Kind, Model, Property, StepView};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A cluster of real cores, within bounds.
#[derive(Debug)]
pub struct ClusterModel<S: Subject> {
    subject: S,
    config: <S::Process as Process>::Config,
    replicas: u16,
    bounds: Bounds,
    memo: RefCell<Memo<S::Process, S::Memory>>,
}

/// A step of a cluster. Messages are named by their place among those in flight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step<T> {
    /// A message is delivered.
    Deliver(u16),
    /// A message is delivered, and a copy of it stays in flight.
    Duplicate(u16),
    /// A message is lost.
    Lose(u16),
    /// A timer fires.
    Fire(NodeId, T),
    /// A process crashes.
    Crash(NodeId),
    /// A process restarts from its disk.
    Restart(NodeId),
    /// A message is delivered; its receiver crashes when it has written what follows, and has not yet sent it.
    DeliverAndCrash(u16),
    /// A timer fires, and its process crashes likewise.
    FireAndCrash(NodeId, T),
}

impl<S: Subject> ClusterModel<S> {
    /// A cluster of so many replicas, which have all just started.
    pub fn new(subject: S, config: <S::Process as Process>::Config, replicas: u16, bounds: Bounds) -> Self {
        Self { subject, config, replicas, bounds, memo: RefCell::default() }
    }

    /// The subject.
    pub fn subject(&self) -> &S {
        &self.subject
    }

    /// The settings of the processes.
    pub fn config(&self) -> &<S::Process as Process>::Config {
        &self.config
    }

    /// How many processes there are.
    pub fn replicas(&self) -> u16 {
        self.replicas
    }

    pub(super) fn seat(&self, id: NodeId) -> Seat {
        Seat { id, replicas: self.replicas }
    }

    /// What comes of an input at a process. None if it is down.
    fn outcome(
        &self,
        id: NodeId,
        node: &Node<S::Process>,
        input: u128,
        handle: impl FnOnce() -> Option<Handled<S::Process>>,
    ) -> Option<Arc<Outcome<S::Process>>> {
        let known = self.memo.borrow().get(node, input);
        known.or_else(|| {
            let mut handled = handle()?;
            let envelopes = |sent: Vec<_>| {
                let to_replicas = sent.into_iter().filter(|(to, _): &(NodeId, _)| to.0 < self.replicas);
                to_replicas.map(|(to, message)| Envelope::new(id, to, message)).collect()
            };
            if self.bounds.crashes == 0 {
                handled.written = None;
            }
            Some(self.memo.borrow_mut().put(node, input, handled, envelopes))
        })
    }

    /// A process has handled something: what it sent is in flight, and what must be remembered is.
    fn settle(&self, state: &mut StateOf<S>, node: NodeId, outcome: &Outcome<S::Process>) {
        debug_assert!(node.index() < state.nodes.len(), "there is no such process");
        if let Some(slot) = state.nodes.get_mut(node.index()) {
            *slot = outcome.node.clone();
        }
        if state.violation.is_none() {
            state.violation = outcome.violation.clone();
        }
        self.leave(state, node, &outcome.sent, &[]);
    }

    /// What a process sent is in flight, as far as the network carries it, and what must be remembered is.
    fn leave(&self, state: &mut StateOf<S>, node: NodeId, sent: &[SentBy<S>], unsent: &[SentBy<S>]) {
        for envelope in sent.iter().filter(|envelope| self.subject.carries(envelope.to, &envelope.message)) {
            state.put(envelope.clone());
        }
        let happened = Happened { node, sent, unsent, cluster: &state.nodes };
        if let Some(memory) = self.subject.remember(&state.memory, &happened) {
            state.memory = self.memo.borrow_mut().memory(memory, |memory| self.subject.memory_bytes(memory) as u64);
        }
    }

    fn boot(
        &self,
        id: NodeId,
        node: &Node<S::Process>,
        outbox: &mut Outbox<S::Process>,
    ) -> Option<Arc<Outcome<S::Process>>> {
        self.outcome(id, node, input_of(id, Cause::Restart, |_| ()), || boot(self.seat(id), &self.config, node, outbox))
    }

    /// What comes of a message in flight at its receiver, if that is up.
    fn received(
        &self,
        state: &StateOf<S>,
        place: usize,
        outbox: &mut Outbox<S::Process>,
    ) -> Option<(NodeId, Arc<Outcome<S::Process>>)> {
        let envelope = state.in_flight.get(place)?;
        let node = state.nodes.get(envelope.to.index()).filter(|node| node.process.is_some())?;
        let outcome = self.outcome(envelope.to, node, envelope.fingerprint(), || {
            handle(node, Input::Message { from: envelope.from, message: &envelope.message }, outbox)
        })?;
        Some((envelope.to, outcome))
    }

    fn deliver(
        &self,
        state: &StateOf<S>,
        place: usize,
        stays: bool,
        outbox: &mut Outbox<S::Process>,
    ) -> Option<StateOf<S>> {
        let (to, outcome) = self.received(state, place, outbox)?;
        let mut after = state.clone();
        if stays {
            after.left.duplicates -= 1;
        } else {
            after.in_flight.remove(place);
        }
        self.settle(&mut after, to, &outcome);
        Some(after)
    }

    fn crash(&self, state: &StateOf<S>, node: NodeId) -> Option<StateOf<S>> {
        let crashed = state.nodes.get(node.index()).filter(|node| node.process.is_some())?;
        let mut after = state.clone();
        after.left.crashes -= 1;
        after.nodes[node.index()] = self.memo.borrow_mut().node(Node::new(
            None,
            crashed.disk.clone(),
            BTreeSet::new(),
            crashed.incarnation + 1,
        ));
        Some(after)
    }

    /// A process has handled something and written what follows, and crashes before it sends it. None if it wrote
    /// nothing: then it is as if it had crashed before.
    fn settle_unsent(&self, state: &mut StateOf<S>, node: NodeId, outcome: &Outcome<S::Process>) -> Option<()> {
        let Torn { node: down, early, unsent } = outcome.torn.as_ref().filter(|_| state.left.crashes > 0)?;
        state.left.crashes -= 1;
        *state.nodes.get_mut(node.index())? = down.clone();
        self.leave(state, node, early, unsent);
        Some(())
    }

    fn deliver_and_crash(
        &self,
        state: &StateOf<S>,
        place: usize,
        outbox: &mut Outbox<S::Process>,
    ) -> Option<StateOf<S>> {
        let (to, outcome) = self.received(state, place, outbox)?;
        let mut after = state.clone();
        after.in_flight.remove(place);
        self.settle_unsent(&mut after, to, &outcome)?;
        Some(after)
    }

    fn message_steps(
        &self,
        state: &StateOf<S>,
        outbox: &mut Outbox<S::Process>,
        visit: &mut impl FnMut(StepOf<S>, StateOf<S>),
    ) {
        for index in (0..state.in_flight.len()).filter(|&index| !state.repeats(index)) {
            let number = index as u16;
            if let Some(after) = self.deliver(state, index, false, outbox) {
                visit(Step::Deliver(number), after);
            }
            if state.left.crashes > 0
                && let Some(after) = self.deliver_and_crash(state, index, outbox)
            {
                visit(Step::DeliverAndCrash(number), after);
            }
            if state.left.duplicates > 0
                && let Some(after) = self.deliver(state, index, true, outbox)
            {
                visit(Step::Duplicate(number), after);
            }
            if state.left.losses > 0 {
                let mut after = state.clone();
                after.left.losses -= 1;
                after.in_flight.remove(index);
                visit(Step::Lose(number), after);
            }
        }
    }

    fn node_steps(
        &self,
        state: &StateOf<S>,
        outbox: &mut Outbox<S::Process>,
        visit: &mut impl FnMut(StepOf<S>, StateOf<S>),
    ) {
        for (id, node) in (0..).map(NodeId).zip(&state.nodes) {
            let may_fire = node.timers.iter().filter(|&&timer| state.left.timers > 0 && self.subject.may_fire(timer));
            for &timer in may_fire {
                let input = input_of(id, Cause::Timer, |into| timer.fingerprint(into));
                if let Some(outcome) = self.outcome(id, node, input, || handle(node, Input::Timer(timer), outbox)) {
                    let mut after = state.clone();
                    after.left.timers -= 1;
                    let mut crashed = after.clone();
                    self.settle(&mut after, id, &outcome);
                    visit(Step::Fire(id, timer), after);
                    if self.settle_unsent(&mut crashed, id, &outcome).is_some() {
                        visit(Step::FireAndCrash(id, timer), crashed);
                    }
                }
            }
            if node.process.is_some() {
                if state.left.crashes > 0
                    && let Some(after) = self.crash(state, id)
                {
                    visit(Step::Crash(id), after);
                }
            } else if let Some(outcome) = self.boot(id, node, outbox) {
                let mut after = state.clone();
                self.settle(&mut after, id, &outcome);
                visit(Step::Restart(id), after);
            }
        }
    }
}

/// A step of a subject's cluster.
pub(super) type StepOf<S> = Step<<<S as Subject>::Process as Process>::Timer>;

impl<S: Subject> Model for ClusterModel<S> {
    type State = StateOf<S>;
    type Step = StepOf<S>;

    fn initial_states(&self) -> Vec<Self::State> {
        let disk = Arc::new(Node::new(None, Default::default(), BTreeSet::new(), 0));
        let mut state = ClusterState {
            nodes: vec![disk.clone(); usize::from(self.replicas)],
            in_flight: Vec::new(),
            left: self.bounds,
            memory: Arc::default(),
            violation: None,
        };
        let mut outbox = Outbox::new();
        for id in (0..self.replicas).map(NodeId) {
            if let Some(outcome) = self.boot(id, &disk, &mut outbox) {
                self.settle(&mut state, id, &outcome);
            }
        }
        for (from, to, message) in self.subject.requests() {
            state.put(self.memo.borrow_mut().envelope(Envelope::new(from, to, message)));
        }
        vec![state]
    }

    fn successors(&self, state: &Self::State, visit: &mut impl FnMut(Self::Step, Self::State)) {
        let mut outbox = Outbox::new();
        self.message_steps(state, &mut outbox, visit);
        self.node_steps(state, &mut outbox, visit);
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = self.subject.properties();
        properties.push(Property {
            name: "no-forbidden-transition",
            sentence: "no process reports a transition that must not happen",
            kind: Kind::Always,
            holds: |_, state| state.violation.is_none(),
        });
        properties
    }

    fn is_within_bounds(&self, state: &Self::State) -> bool {
        self.subject.is_within_bounds(state)
    }

    fn bounds(&self) -> Vec<String> {
        let Bounds { timers, crashes, losses, duplicates } = self.bounds;
        let most = |number: u8, one: &str, many: &str| match number {
            0 => format!("no {one}"),
            1 => format!("at most 1 {one}"),
            _ => format!("at most {number} {many}"),
        };
        let allowed = [
            most(timers, "timer that fires", "timers that fire"),
            match crashes {
                0 => "no crash".to_owned(),
                1 => "at most 1 crash, also between a write and what is sent with it".to_owned(),
                _ => format!("at most {crashes} crashes, also between a write and what is sent with it"),
            },
            most(losses, "lost message", "lost messages"),
            most(duplicates, "duplicate", "duplicates"),
        ];
        let mut bounds = vec![format!("{} replicas; {}", self.replicas, allowed.join(", "))];
        bounds.extend(self.subject.bounds());
        bounds
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        // Two lists behind two allocations. What they point to is shared, and counted there.
        size_of::<Self::State>() + 32 + (state.nodes.len() + state.in_flight.capacity()) * size_of::<usize>()
    }

    fn shared_bytes(&self) -> u64 {
        self.memo.borrow().bytes()
    }

    fn describe_step(&self, before: &Self::State, step: &Self::Step, _: &Self::State) -> StepView {
        self.tell_step(before, step)
    }

    fn describe_state(&self, state: &Self::State) -> Vec<String> {
        let nodes = (1..).zip(&state.nodes);
        nodes
            .map(|(number, node)| match &node.process {
                Some(process) => format!("n{number}: {}", self.subject.describe(process)),
                None => format!("n{number}: down"),
            })
            .collect()
    }
}
