//! Drivers of cores, without a network: one process with its disk and timers, and a small cluster whose messages wait
//! in one queue.

use crate::process::{Durable as _, Effect, Input, NodeId, Outbox, Process, Seat, Ticks};
use crate::sim::random::Stream;
use std::collections::{BTreeMap, VecDeque};

/// A process with its disk and its timers. Its writes are on disk at once.
#[derive(Clone, Debug)]
pub(super) struct Host<P: Process> {
    seat: Seat,
    config: P::Config,
    process: P,
    disk: P::Durable,
    now: Ticks,
    timers: BTreeMap<P::Timer, Ticks>,
    /// How often it has come back from a crash.
    returns: u32,
    draws: Stream,
    /// What it has sent to others, oldest first.
    sent: Vec<(NodeId, P::Message)>,
    rules: Vec<P::Rule>,
    violations: Vec<String>,
}

enum Due<P: Process> {
    Message(P::Message),
    Receipt(P::Receipt),
}

impl<P: Process> Host<P> {
    /// Boots a process from a disk.
    pub(super) fn boot(seat: Seat, config: P::Config, disk: P::Durable, seed: u64) -> Self {
        let mut host = Self {
            process: P::boot(seat, &config, &disk, 0),
            seat,
            config,
            disk,
            now: 0,
            timers: BTreeMap::new(),
            returns: 0,
            draws: Stream::new(seed, u64::from(seat.id.0)),
            sent: Vec::new(),
            rules: Vec::new(),
            violations: Vec::new(),
        };
        host.handle(Input::Start);
        host
    }

    /// The process as it is.
    pub(super) fn process(&self) -> &P {
        &self.process
    }

    /// Its place.
    pub(super) fn seat(&self) -> Seat {
        self.seat
    }

    /// Crashes it, and boots it again from a disk: its own, perhaps changed.
    pub(super) fn restart(&mut self, disk: P::Durable) {
        self.returns += 1;
        self.process = P::boot(self.seat, &self.config, &disk, self.returns);
        self.disk = disk;
        self.timers.clear();
        self.handle(Input::Start);
    }

    /// Lets it handle an input, with all that it says to itself.
    pub(super) fn handle(&mut self, input: Input<'_, P>) {
        let mut out = Outbox::new();
        self.feed(input, &mut out);
        self.carry_out(out);
    }

    /// Lets the process handle one input: the course's one call of [`Process::handle`].
    fn feed(&mut self, input: Input<'_, P>, out: &mut Outbox<P>) {
        debug_assert!(out.effects().is_empty(), "effects of an earlier input were not carried out");
        self.process.handle(self.now, input, out);
    }

    /// Lets it handle a message.
    pub(super) fn receive(&mut self, from: NodeId, message: &P::Message) {
        self.handle(Input::Message { from, message });
    }

    /// Does something to the process that is no input.
    pub(super) fn with(&mut self, act: impl FnOnce(&mut P, &mut Outbox<P>)) {
        let mut out = Outbox::new();
        act(&mut self.process, &mut out);
        self.carry_out(out);
    }

    fn carry_out(&mut self, mut out: Outbox<P>) {
        let mut due: VecDeque<Due<P>> = VecDeque::new();
        loop {
            for effect in out.drain() {
                match effect {
                    Effect::Send { to, message, .. } if to == self.seat.id => due.push_back(Due::Message(message)),
                    Effect::Send { to, message, .. } => self.sent.push((to, message)),
                    Effect::SetTimer { timer, delay_ticks_min, delay_ticks_max } => {
                        let delay = self.draws.between(delay_ticks_min, delay_ticks_max);
                        self.timers.insert(timer, self.now + delay);
                    }
                    Effect::ClearTimer(timer) => {
                        self.timers.remove(&timer);
                    }
                    Effect::Persist(write) => self.disk.apply(&write),
                    Effect::Receipt(receipt) => due.push_back(Due::Receipt(receipt)),
                    Effect::Rule(rule) => self.rules.push(rule),
                    Effect::Violation(sentence) => self.violations.push(sentence),
                    Effect::Report(_) => {}
                }
            }
            match due.pop_front() {
                Some(Due::Message(message)) => {
                    self.feed(Input::Message { from: self.seat.id, message: &message }, &mut out);
                }
                Some(Due::Receipt(receipt)) => self.feed(Input::Persisted(receipt), &mut out),
                None => return,
            }
        }
    }

    /// Takes out what it has sent.
    pub(super) fn take_sent(&mut self) -> Vec<(NodeId, P::Message)> {
        std::mem::take(&mut self.sent)
    }

    /// Takes out the rules that fired.
    pub(super) fn take_rules(&mut self) -> Vec<P::Rule> {
        std::mem::take(&mut self.rules)
    }

    /// Takes out what it saw that must not happen.
    pub(super) fn take_violations(&mut self) -> Vec<String> {
        std::mem::take(&mut self.violations)
    }

    /// Sets a timer anew, and says how long it will take.
    pub(super) fn draw_timer(&mut self, timer: P::Timer, min: Ticks, max: Ticks) -> Ticks {
        let delay = self.draws.between(min, max);
        if self.timers.contains_key(&timer) {
            self.timers.insert(timer, self.now + delay);
        }
        delay
    }

    /// Lets a timer fire now, as if its time had come.
    pub(super) fn fire(&mut self, timer: P::Timer) {
        self.timers.remove(&timer);
        self.handle(Input::Timer(timer));
    }

    /// Lets the next timer fire that is due until a time, and says which. Without one, the time has come.
    pub(super) fn step_until(&mut self, until: Ticks) -> Option<P::Timer> {
        let next = self.timers.iter().filter(|(_, due)| **due <= until).min_by_key(|(timer, due)| (**due, **timer));
        let Some((&timer, &due)) = next else {
            self.now = self.now.max(until);
            return None;
        };
        self.now = self.now.max(due);
        self.fire(timer);
        Some(timer)
    }

    /// The time.
    pub(super) fn now(&self) -> Ticks {
        self.now
    }
}

/// A message on its way in a [`Cluster`].
#[derive(Clone, Debug)]
pub(super) struct InFlight<M> {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) message: M,
    /// How many messages, one after the other, led to it.
    pub(super) depth: u32,
}

/// All replicas of a cluster. What they send waits in one queue, first in, first out.
#[derive(Clone, Debug)]
pub(super) struct Cluster<P: Process> {
    hosts: Vec<Host<P>>,
    queue: VecDeque<InFlight<P::Message>>,
    /// What clients were told, and by whom.
    told: Vec<(NodeId, P::Message)>,
}

impl<P: Process> Cluster<P> {
    /// Boots replicas from disks.
    pub(super) fn boot(config: &P::Config, disks: Vec<P::Durable>) -> Self {
        let replicas = disks.len() as u16;
        let seat = |place: usize| Seat { id: NodeId(place as u16), replicas };
        let hosts = disks
            .into_iter()
            .enumerate()
            .map(|(place, disk)| Host::boot(seat(place), config.clone(), disk, 1))
            .collect();
        let mut cluster = Self { hosts, queue: VecDeque::new(), told: Vec::new() };
        cluster.collect_all();
        cluster
    }

    /// A replica.
    pub(super) fn host(&self, node: NodeId) -> &Host<P> {
        &self.hosts[node.index()]
    }

    /// All replicas, in order.
    pub(super) fn hosts(&self) -> &[Host<P>] {
        &self.hosts
    }

    /// Does something to a replica, and takes what it sends.
    pub(super) fn with(&mut self, node: NodeId, act: impl FnOnce(&mut Host<P>)) {
        act(&mut self.hosts[node.index()]);
        self.collect(node, 1);
    }

    fn collect_all(&mut self) {
        for node in 0..self.hosts.len() {
            self.collect(NodeId(node as u16), 1);
        }
    }

    fn collect(&mut self, from: NodeId, depth: u32) {
        for (to, message) in self.hosts[from.index()].take_sent() {
            if to.index() < self.hosts.len() {
                self.queue.push_back(InFlight { from, to, message, depth });
            } else {
                self.told.push((from, message));
            }
        }
    }

    /// Puts messages behind those that wait.
    pub(super) fn hold(&mut self, mail: Vec<InFlight<P::Message>>) {
        self.queue.extend(mail);
    }

    /// Takes the oldest message out of the queue.
    pub(super) fn next(&mut self) -> Option<InFlight<P::Message>> {
        self.queue.pop_front()
    }

    /// Delivers a message.
    pub(super) fn deliver(&mut self, mail: &InFlight<P::Message>) {
        self.hosts[mail.to.index()].receive(mail.from, &mail.message);
        self.collect(mail.to, mail.depth + 1);
    }

    /// Delivers all messages, and what follows from them, until nothing is left. The judge may change a message, or
    /// lose it (`None`).
    pub(super) fn run(&mut self, mut judge: impl FnMut(&InFlight<P::Message>) -> Option<P::Message>) {
        while let Some(mut mail) = self.next() {
            if let Some(message) = judge(&mail) {
                mail.message = message;
                self.deliver(&mail);
            }
        }
    }

    /// What clients were told, oldest first.
    pub(super) fn take_told(&mut self) -> Vec<(NodeId, P::Message)> {
        std::mem::take(&mut self.told)
    }

    /// What the replicas saw that must not happen.
    pub(super) fn take_violations(&mut self) -> Vec<String> {
        self.hosts.iter_mut().flat_map(Host::take_violations).collect()
    }

    /// The rules that fired at a replica.
    pub(super) fn take_rules(&mut self, node: NodeId) -> Vec<P::Rule> {
        self.hosts[node.index()].take_rules()
    }
}
