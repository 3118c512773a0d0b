//! The live state of a cluster, and its one step: take what is due first, let one process handle it, record the event.
//!
//! [`World::step`] chooses what comes next, `events` lets it happen, `interventions` does what is done from outside,
//! and `members` knows replicas from clients.

mod events;
mod interventions;
mod members;

use self::events::Handled;
use self::members::Members;
use super::adversary::Adversary;
use super::clock::Scheduled;
use super::faults::Intervention;
use super::machine::Machine;
use super::network::Network;
use super::setup::{Setup, process_name};
use super::shared::{Altered, Shared};
use super::trace::{Extent, NONE, Trace};
use super::workload::Workload;
use crate::kv::{Client, Replica};
use crate::process::{NodeId, Ticks};
use std::sync::Arc;

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

/// The live state of a cluster. It is cloned for a checkpoint; what happened is in the [`Trace`], which is not.
#[derive(Clone, Debug)]
pub struct World<R: Replica> {
    setup: Arc<Setup<R>>,
    shared: Shared,
    members: Members<R>,
    interventions_done: u32,
    /// All that was due until now has happened, and not only the last event.
    quiet: bool,
    /// What has departed so far was there to be looked at, with the event that was handed out last.
    departed_seen: bool,
    roles: Vec<u8>,
}

impl<R: Replica> World<R> {
    /// A cluster before its first event.
    pub fn new(setup: Arc<Setup<R>>) -> Self {
        let mut shared = Shared::new(&setup);
        for node in 0..setup.processes() {
            shared.queue.push(0, Scheduled::Boot { node, incarnation: 0, cause: NONE });
        }
        Self {
            shared,
            members: Members::new(&setup),
            interventions_done: 0,
            quiet: false,
            departed_seen: false,
            roles: vec![0; usize::from(setup.processes())],
            setup,
        }
    }

    /// What the cluster is made of.
    pub fn setup(&self) -> &Setup<R> {
        &self.setup
    }

    /// The time.
    pub fn now(&self) -> Ticks {
        self.shared.now
    }

    /// Where it stands in its trace.
    pub fn extent(&self) -> Extent {
        self.shared.at
    }

    /// Hash over all events so far.
    pub fn trace_hash(&self) -> u128 {
        self.shared.hash
    }

    /// How many interventions were carried out.
    pub fn interventions_done(&self) -> u32 {
        self.interventions_done
    }

    /// The tick at which an action that is done now happens. Where all of the present tick has happened, it is the next
    /// one: so a replay, which knows ticks and events but not where somebody paused, finds the same place.
    pub fn action_time(&self) -> Ticks {
        self.shared.now + Ticks::from(self.quiet)
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.shared.network
    }

    /// The workload.
    pub fn workload(&self) -> &Workload {
        &self.shared.workload
    }

    /// Who lies, and who ever did. For checkers and pages: no process is told.
    pub fn adversary(&self) -> &Adversary {
        &self.shared.adversary
    }

    /// Whether a replica has been honest so far: promises are made by such alone.
    pub fn is_honest(&self, node: NodeId) -> bool {
        !self.shared.adversary.ever().contains(node)
    }

    /// The replicas, in order.
    pub fn replicas(&self) -> &[Machine<R>] {
        &self.members.replicas
    }

    /// The clients, in order.
    pub fn clients(&self) -> &[Machine<Client<R::Message>>] {
        &self.members.clients
    }

    /// Whether a process is up: a replica or a client.
    pub fn is_up(&self, node: NodeId) -> bool {
        self.members.is_up(node)
    }

    /// How many processes there are.
    pub fn processes(&self) -> u16 {
        self.setup.processes()
    }

    /// A process's name: replicas n1, n2, ..., clients c1, c2, ...
    pub fn name(&self, node: NodeId) -> String {
        process_name(self.setup.replicas, node)
    }

    /// The messages, as indices into the trace, that have left their senders since the event before the last one: first
    /// what left at the end of flushes, then what left with the event itself.
    pub fn departed(&self) -> &[u32] {
        &self.shared.departed
    }

    /// Messages in flight, as indices into the trace, in the order of sending.
    pub fn in_flight(&self) -> Vec<u32> {
        let mut messages: Vec<u32> = self.arrivals().map(|(message, _)| message).collect();
        messages.sort_unstable();
        messages
    }

    /// Messages in flight with the times at which they arrive, in no particular order.
    pub fn arrivals(&self) -> impl Iterator<Item = (u32, Ticks)> + '_ {
        self.shared.queue.iter().filter_map(|(time, what)| match what {
            Scheduled::Arrival { message } if self.is_current(message, time) => Some((message, time)),
            _ => None,
        })
    }

    fn arrival(&self, message: u32) -> Option<Ticks> {
        self.arrivals().find(|&(each, _)| each == message).map(|(_, due)| due)
    }

    /// Whether an entry of the queue is the one by which a message arrives, after all that was done to it by hand.
    fn is_current(&self, message: u32, time: Ticks) -> bool {
        self.shared.altered.get(&message).is_none_or(|altered| *altered == Altered::Due(time))
    }

    /// Lets one event happen, if one is due until the given time.
    pub fn step(&mut self, trace: &mut Trace<R>, interventions: &[Intervention], until: Ticks) -> Stepped {
        if self.shared.at.events >= self.setup.events_max {
            return Stepped::Limit;
        }
        self.quiet = false;
        if std::mem::take(&mut self.departed_seen) {
            self.shared.departed.clear();
        }
        let stepped = self.next(trace, interventions, until);
        self.departed_seen = stepped == Stepped::Event;
        stepped
    }

    fn next(&mut self, trace: &mut Trace<R>, interventions: &[Intervention], until: Ticks) -> Stepped {
        loop {
            if let Some((node, intervention)) = self.shared.struck.take() {
                self.strike(trace, node, intervention);
                return Stepped::Event;
            }
            let next_time = self.shared.queue.next_time();
            if let Some(intervention) = interventions.get(self.interventions_done as usize) {
                let is_due = self.shared.at.events >= intervention.after_event.unwrap_or(0)
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
                        self.shared.now = self.shared.now.max(until);
                    }
                    self.quiet = next_time.is_none_or(|next| next > self.shared.now);
                    return Stepped::Quiet;
                }
            }
            let Some((time, what)) = self.shared.queue.pop() else { return Stepped::Idle };
            debug_assert!(time >= self.shared.now, "what is due now should have happened before");
            self.shared.now = self.shared.now.max(time);
            if let Handled::Event = self.handle(trace, what) {
                return Stepped::Event;
            }
        }
    }
}
