//! The live state of a cluster, and its one step: take what is due first, let one process handle it, record the event.

mod interventions;

use super::adversary::Adversary;
use super::clock::Scheduled;
use super::faults::Intervention;
use super::machine::{Altered, Core, Machine};
use super::network::{Network, NetworkDials, TicksRange};
use super::random::Streams;
use super::trace::{EventRecord, Extent, Fate, InputKind, NONE, Note, ReportRecord, Trace, flag};
use super::workload::{Workload, WorkloadDials};
use crate::kv::{Client, ClientConfig, ClientMessage, ClientReport, Replica};
use crate::process::{Fingerprint, Fingerprinter, Input, NodeId, Outbox, Process, Seat, Ticks, Timer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a cluster is made of.
#[derive(Clone, Debug)]
pub struct Setup<R: Process> {
    /// Names all random numbers of the run.
    pub seed: u64,
    /// How many replicas.
    pub replicas: u16,
    /// How many clients.
    pub clients: u16,
    /// The replicas' settings.
    pub replica: R::Config,
    /// The clients' settings.
    pub client: ClientConfig,
    /// The network's dials.
    pub network: NetworkDials,
    /// The workload's dials.
    pub workload: WorkloadDials,
    /// How long a flush takes on the disk of each replica, in order.
    pub disks: Vec<TicksRange>,
    /// After how many events the run stops.
    pub events_max: u32,
}

impl<R: Process> Setup<R> {
    /// Whether a flush takes time on some disk, as the scenario has it.
    pub fn flushes_take_time(&self) -> bool {
        self.disks.iter().any(|range| range.max > 0)
    }

    /// How long a flush takes on a replica's disk, as the scenario has it.
    pub fn disk(&self, node: NodeId) -> TicksRange {
        self.disks.get(node.index()).copied().unwrap_or(TicksRange::new(0, 0))
    }
}

/// What a step came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stepped {
    /// One event happened.
    Event,
    /// Nothing more happens until the given time.
    Quiet,
    /// Nothing more will ever happen.
    Idle,
    /// The run has as many events as it may have.
    Limit,
}

/// What a queue entry came to.
enum Handled {
    Event,
    Nothing,
}

/// The live state of a cluster. It is cloned for a checkpoint; what happened is in the [`Trace`], which is not.
#[derive(Clone, Debug)]
pub struct World<R: Replica> {
    setup: Arc<Setup<R>>,
    core: Core,
    replicas: Vec<Machine<R>>,
    clients: Vec<Machine<Client<R::Message>>>,
    interventions_done: u32,
    /// All that was due until now has happened, and not only the last event.
    quiet: bool,
    /// What has departed so far was there to be looked at, with the event that was handed out last.
    departed_seen: bool,
    replica_outbox: Outbox<R>,
    client_outbox: Outbox<Client<R::Message>>,
    roles: Vec<u8>,
}

impl<R: Replica> World<R> {
    /// A cluster before its first event.
    pub fn new(setup: Arc<Setup<R>>) -> Self {
        let processes = setup.replicas + setup.clients;
        let seat = |id| Seat { id: NodeId(id), replicas: setup.replicas };
        let mut core = Core {
            now: 0,
            at: Extent::default(),
            hash: 0,
            queue: Default::default(),
            network: Network::new(setup.network, usize::from(processes)),
            streams: Streams::new(setup.seed),
            workload: Workload::new(setup.workload, R::ONLY_KEY, setup.replicas, setup.clients),
            adversary: Adversary::default(),
            departed: Vec::new(),
            struck: None,
            altered: BTreeMap::new(),
            scratch: Fingerprinter::new(),
            draft: EventRecord {
                time: 0,
                cause: NONE,
                first_message: 0,
                first_note: 0,
                epoch: 0,
                node: 0,
                messages: 0,
                notes: 0,
                input: InputKind::Start,
                detail: 0,
                role: 0,
                flags: 0,
            },
        };
        for node in 0..processes {
            core.queue.push(0, Scheduled::Boot { node, incarnation: 0, cause: NONE });
        }
        Self {
            core,
            replicas: (0..setup.replicas).map(|id| Machine::new(seat(id), setup.disk(NodeId(id)))).collect(),
            clients: (setup.replicas..processes).map(|id| Machine::new(seat(id), TicksRange::new(0, 0))).collect(),
            interventions_done: 0,
            quiet: false,
            departed_seen: false,
            replica_outbox: Outbox::new(),
            client_outbox: Outbox::new(),
            roles: vec![0; usize::from(processes)],
            setup,
        }
    }

    /// What the cluster is made of.
    pub fn setup(&self) -> &Setup<R> {
        &self.setup
    }

    /// The time.
    pub fn now(&self) -> Ticks {
        self.core.now
    }

    /// Where it stands in its trace.
    pub fn extent(&self) -> Extent {
        self.core.at
    }

    /// Hash over all events so far.
    pub fn trace_hash(&self) -> u128 {
        self.core.hash
    }

    /// How many interventions were carried out.
    pub fn interventions_done(&self) -> u32 {
        self.interventions_done
    }

    /// The tick at which an action that is done now happens. Where all of the present tick has happened, it is the next one: so
    /// a replay, which knows ticks and events but not where somebody paused, finds the same place.
    pub fn action_time(&self) -> Ticks {
        self.core.now + Ticks::from(self.quiet)
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.core.network
    }

    /// The workload.
    pub fn workload(&self) -> &Workload {
        &self.core.workload
    }

    /// Who lies, and who ever did. For checkers and pages: no process is told.
    pub fn adversary(&self) -> &Adversary {
        &self.core.adversary
    }

    /// Whether a replica has been honest so far: promises are made by such alone.
    pub fn is_honest(&self, node: NodeId) -> bool {
        !self.core.adversary.ever().contains(node)
    }

    /// The replicas, in order.
    pub fn replicas(&self) -> &[Machine<R>] {
        &self.replicas
    }

    /// The clients, in order.
    pub fn clients(&self) -> &[Machine<Client<R::Message>>] {
        &self.clients
    }

    /// Whether a process is up: a replica or a client.
    pub fn is_up(&self, node: NodeId) -> bool {
        match self.clients.get(usize::from(node.0.wrapping_sub(self.setup.replicas))) {
            Some(client) => client.process.is_some(),
            None => self.replicas.get(node.index()).is_some_and(|replica| replica.process.is_some()),
        }
    }

    /// How many processes there are.
    pub fn processes(&self) -> u16 {
        self.setup.replicas + self.setup.clients
    }

    /// A process's name: replicas n1, n2, ..., clients c1, c2, ...
    pub fn name(&self, node: NodeId) -> String {
        process_name(self.setup.replicas, node)
    }

    /// The messages, as places in the trace, that have left their senders since the event before the last one: first what
    /// left at the end of flushes, then what left with the event itself.
    pub fn departed(&self) -> &[u32] {
        &self.core.departed
    }

    /// Messages in flight, as places in the trace, in the order of sending.
    pub fn in_flight(&self) -> Vec<u32> {
        let mut messages: Vec<u32> = self.arrivals().map(|(message, _)| message).collect();
        messages.sort_unstable();
        messages
    }

    /// Messages in flight with the times at which they arrive, in no particular order.
    pub fn arrivals(&self) -> impl Iterator<Item = (u32, Ticks)> + '_ {
        self.core.queue.iter().filter_map(|(time, what)| match what {
            Scheduled::Arrival { message } if self.is_current(message, time) => Some((message, time)),
            _ => None,
        })
    }

    fn arrival(&self, message: u32) -> Option<Ticks> {
        self.arrivals().find(|&(each, _)| each == message).map(|(_, due)| due)
    }

    /// Whether an entry of the queue is the one by which a message arrives, after all that was done to it by hand.
    fn is_current(&self, message: u32, time: Ticks) -> bool {
        self.core.altered.get(&message).is_none_or(|altered| *altered == Altered::Due(time))
    }

    /// Lets one event happen, if one is due until the given time.
    pub fn step(&mut self, trace: &mut Trace<R>, interventions: &[Intervention], until: Ticks) -> Stepped {
        if self.core.at.events >= self.setup.events_max {
            return Stepped::Limit;
        }
        self.quiet = false;
        if std::mem::take(&mut self.departed_seen) {
            self.core.departed.clear();
        }
        let stepped = self.next(trace, interventions, until);
        self.departed_seen = stepped == Stepped::Event;
        stepped
    }

    fn next(&mut self, trace: &mut Trace<R>, interventions: &[Intervention], until: Ticks) -> Stepped {
        loop {
            if let Some((node, intervention)) = self.core.struck.take() {
                self.strike(trace, node, intervention);
                return Stepped::Event;
            }
            let next_time = self.core.queue.next_time();
            if let Some(intervention) = interventions.get(self.interventions_done as usize) {
                let is_due = self.core.at.events >= intervention.after_event.unwrap_or(0)
                    && intervention.at <= until
                    && next_time.is_none_or(|next| intervention.at <= next);
                if is_due {
                    self.intervene(trace, intervention);
                    return Stepped::Event;
                }
            }
            match next_time {
                None if self.interventions_done as usize >= interventions.len() => return Stepped::Idle,
                Some(next) if next <= until => {}
                _ => {
                    if until < Ticks::MAX {
                        self.core.now = self.core.now.max(until);
                    }
                    self.quiet = next_time.is_none_or(|next| next > self.core.now);
                    return Stepped::Quiet;
                }
            }
            let Some((time, what)) = self.core.queue.pop() else { return Stepped::Idle };
            self.core.now = self.core.now.max(time);
            if let Handled::Event = self.handle(trace, what) {
                return Stepped::Event;
            }
        }
    }

    fn handle(&mut self, trace: &mut Trace<R>, what: Scheduled) -> Handled {
        match what {
            Scheduled::Arrival { message } => self.arrive(trace, message),
            Scheduled::Waited { message } => {
                let Some((from, to)) = trace.messages.get(message as usize).map(|record| (record.from, record.to)) else {
                    return Handled::Nothing;
                };
                if self.hold_if_paused(to.0, what) { Handled::Nothing } else { self.hand_over(trace, message, from, to) }
            }
            Scheduled::Timer { node, slot, generation } => self.timer(trace, what, node, slot, generation),
            Scheduled::Flush { node, incarnation } => {
                let core = &mut self.core;
                core.scratch.clear();
                core.scratch.u128(core.hash);
                if let Some(machine) = self.replicas.get_mut(usize::from(node)).filter(|machine| machine.incarnation == incarnation) {
                    machine.finish_flush(core, trace, what);
                }
                // What left at the end of a flush reaches the hash by this fold, since no event records it.
                core.hash = core.scratch.finish();
                Handled::Nothing
            }
            Scheduled::Receipt { node, incarnation } => self.receipt(trace, what, node, incarnation),
            Scheduled::Boot { node, incarnation, cause } => self.boot(trace, node, incarnation, cause),
            Scheduled::Invocation { node, incarnation } => {
                let machine = &self.clients[usize::from(node - self.setup.replicas)];
                if machine.incarnation != incarnation || self.hold_if_paused(node, what) {
                    return Handled::Nothing;
                }
                match self.core.workload.invoke(NodeId(node), &mut self.core.streams.workload) {
                    Some(command) => {
                        let body = R::Message::invoke(command);
                        self.invoke(trace, node, body, NONE);
                        Handled::Event
                    }
                    None => Handled::Nothing,
                }
            }
        }
    }

    fn hold_if_paused(&mut self, node: u16, what: Scheduled) -> bool {
        let replicas = self.setup.replicas;
        let (paused, held) = if node < replicas {
            let machine = &mut self.replicas[usize::from(node)];
            (machine.paused, &mut machine.held)
        } else {
            let machine = &mut self.clients[usize::from(node - replicas)];
            (machine.paused, &mut machine.held)
        };
        if paused {
            held.push(what);
        }
        paused
    }

    fn arrive(&mut self, trace: &mut Trace<R>, message: u32) -> Handled {
        let now = self.core.now;
        if !self.core.altered.is_empty() {
            if !self.is_current(message, now) {
                return Handled::Nothing;
            }
            if let Some(altered) = self.core.altered.get_mut(&message) {
                // Its other schedule, if it is still to come, comes to nothing.
                *altered = Altered::Gone;
            }
        }
        let Some((from, to)) = trace.messages.get(message as usize).map(|record| (record.from, record.to)) else { return Handled::Nothing };
        if self.core.network.is_cut(from, to) {
            self.core.resolve(trace, message, Fate::Cut);
            return Handled::Nothing;
        }
        if self.hold_if_paused(to.0, Scheduled::Waited { message }) {
            return Handled::Nothing;
        }
        self.hand_over(trace, message, from, to)
    }

    /// A message has reached its receiver's host, at once or after a pause.
    fn hand_over(&mut self, trace: &mut Trace<R>, message: u32, from: NodeId, to: NodeId) -> Handled {
        if !self.is_up(to) {
            self.core.resolve(trace, message, Fate::ReceiverDown);
            return Handled::Nothing;
        }
        self.core.resolve(trace, message, Fate::Delivered);
        self.core.begin(InputKind::Message, to.0, message, 0);
        self.deliver(trace, from, to.0, message);
        Handled::Event
    }

    /// Lets a process handle a recorded message, and ends the event.
    fn deliver(&mut self, trace: &mut Trace<R>, from: NodeId, node: u16, message: u32) {
        let now = self.core.now;
        let Some(record) = trace.messages.get(message as usize) else { return };
        if node < self.setup.replicas {
            let machine = &mut self.replicas[usize::from(node)];
            machine.feed(now, Input::Message { from, message: &record.body }, &mut self.replica_outbox);
            self.finish_replica(trace, node);
        } else {
            let machine = &mut self.clients[usize::from(node - self.setup.replicas)];
            machine.feed(now, Input::Message { from, message: &record.body }, &mut self.client_outbox);
            self.finish_client(trace, node);
        }
    }

    fn timer(&mut self, trace: &mut Trace<R>, what: Scheduled, node: u16, slot: u16, generation: u32) -> Handled {
        if self.hold_if_paused(node, what) {
            return Handled::Nothing;
        }
        let (now, replicas) = (self.core.now, self.setup.replicas);
        if node < replicas {
            let machine = &mut self.replicas[usize::from(node)];
            let Some((timer, armed)) = machine.timers.come_up(node, slot, generation, now, &mut self.core.queue) else {
                return Handled::Nothing;
            };
            self.fire_replica(trace, node, timer, armed.set_by);
        } else {
            let machine = &mut self.clients[usize::from(node - replicas)];
            let Some((timer, armed)) = machine.timers.come_up(node, slot, generation, now, &mut self.core.queue) else {
                return Handled::Nothing;
            };
            self.core.begin(InputKind::Timer, node, armed.set_by, timer.kind());
            machine.feed(now, Input::Timer(timer), &mut self.client_outbox);
            self.finish_client(trace, node);
        }
        Handled::Event
    }

    fn fire_replica(&mut self, trace: &mut Trace<R>, node: u16, timer: R::Timer, cause: u32) {
        self.core.begin(InputKind::Timer, node, cause, timer.kind());
        self.replicas[usize::from(node)].feed(self.core.now, Input::Timer(timer), &mut self.replica_outbox);
        self.finish_replica(trace, node);
    }

    fn receipt(&mut self, trace: &mut Trace<R>, what: Scheduled, node: u16, incarnation: u32) -> Handled {
        if node >= self.setup.replicas || self.replicas[usize::from(node)].incarnation != incarnation || self.hold_if_paused(node, what) {
            return Handled::Nothing;
        }
        let machine = &mut self.replicas[usize::from(node)];
        let Some(receipt) = machine.disk.receipts.pop_front() else { return Handled::Nothing };
        self.core.begin(InputKind::Persisted, node, NONE, 0);
        machine.feed(self.core.now, Input::Persisted(receipt), &mut self.replica_outbox);
        self.finish_replica(trace, node);
        Handled::Event
    }

    fn boot(&mut self, trace: &mut Trace<R>, node: u16, incarnation: u32, cause: u32) -> Handled {
        let (now, replicas) = (self.core.now, self.setup.replicas);
        if node < replicas {
            let machine = &mut self.replicas[usize::from(node)];
            if machine.incarnation != incarnation || machine.process.is_some() {
                return Handled::Nothing;
            }
            machine.boot(&self.setup.replica);
            self.core.begin(InputKind::Start, node, cause, 0);
            machine.feed(now, Input::Start, &mut self.replica_outbox);
            self.finish_replica(trace, node);
        } else {
            let machine = &mut self.clients[usize::from(node - replicas)];
            if machine.incarnation != incarnation || machine.process.is_some() {
                return Handled::Nothing;
            }
            machine.boot(&self.setup.client);
            self.core.begin(InputKind::Start, node, cause, 0);
            machine.feed(now, Input::Start, &mut self.client_outbox);
            self.finish_client(trace, node);
            self.think(node);
        }
        Handled::Event
    }

    fn think(&mut self, node: u16) {
        if let Some(delay) = self.core.workload.think(NodeId(node), &mut self.core.streams.workload) {
            let incarnation = self.clients[usize::from(node - self.setup.replicas)].incarnation;
            self.core.queue.push(self.core.now + delay, Scheduled::Invocation { node, incarnation });
        }
    }

    /// Asks a client for an operation: a message of its own, handled at once.
    fn invoke(&mut self, trace: &mut Trace<R>, node: u16, body: R::Message, cause: u32) {
        self.core.begin(InputKind::Invoke, node, cause, 0);
        let message = self.core.new_message(trace, NodeId(node), NodeId(node), body);
        self.core.resolve(trace, message, Fate::Delivered);
        self.deliver(trace, NodeId(node), node, message);
    }

    fn finish_replica(&mut self, trace: &mut Trace<R>, node: u16) {
        let machine = &mut self.replicas[usize::from(node)];
        let mut reports = Vec::new();
        machine.absorb(&mut self.core, trace, &mut self.replica_outbox, &mut reports);
        self.finish_event(trace, node);
    }

    fn finish_client(&mut self, trace: &mut Trace<R>, node: u16) {
        let machine = &mut self.clients[usize::from(node - self.setup.replicas)];
        let mut reports = Vec::new();
        machine.absorb(&mut self.core, trace, &mut self.client_outbox, &mut reports);
        let mut ended = false;
        for report in reports {
            let core = &mut self.core;
            core.draft.flags |= match report {
                ClientReport::Invoked { .. } => flag::INVOCATION,
                ClientReport::Completed { .. } => flag::COMPLETION,
            };
            ended |= matches!(report, ClientReport::Completed { .. });
            core.workload.observe(NodeId(node), &report);
            if let ClientReport::Invoked { sequence, .. } = &report {
                core.adversary.note_operation(NodeId(node), *sequence);
            }
            report.fingerprint(&mut core.scratch);
            let (event, time) = (core.at.events, core.now);
            let place = trace.put_report(&mut core.at, || ReportRecord { event, time, client: NodeId(node), report });
            core.note(trace, Note::Report(place));
        }
        self.finish_event(trace, node);
        if ended {
            self.think_if_idle(node);
        }
    }

    fn finish_event(&mut self, trace: &mut Trace<R>, node: u16) {
        let role = &mut self.roles[usize::from(node)];
        if *role != self.core.draft.role {
            self.core.draft.flags |= flag::ROLE_CHANGED;
            *role = self.core.draft.role;
        }
        self.core.finish(trace);
    }
}

/// A process's name: replicas n1, n2, ..., clients c1, c2, ...
pub fn process_name(replicas: u16, node: NodeId) -> String {
    if node.0 < replicas { format!("n{}", node.0 + 1) } else { format!("c{}", node.0 - replicas + 1) }
}
