//! How a world carries out what is done to it from outside.

use super::World;
use crate::kv::{ClientMessage, Replica};
use crate::process::{Catalogue as _, Mutations, NodeId, Ticks, Timer};
use crate::sim::clock::Scheduled;
use crate::sim::faults::{Action, Intervention};
use crate::sim::machine::Altered;
use crate::sim::random::Streams;
use crate::sim::trace::{Fate, InputKind, STRUCK, Trace};

impl<R: Replica> World<R> {
    /// Carries out an intervention, as an event of its own.
    pub(super) fn intervene(&mut self, trace: &mut Trace<R>, intervention: &Intervention) {
        self.core.now = self.core.now.max(intervention.at);
        let number = self.interventions_done;
        self.interventions_done += 1;
        let node = intervention.action.node().map_or(u16::MAX, |node| node.0);
        if let Action::Invoke(client, command) = &intervention.action {
            let body = R::Message::invoke(command.clone());
            if self.is_up(*client) {
                if !self.hold_invocation(trace, client.0, &body) {
                    self.invoke(trace, client.0, body, number);
                }
                return;
            }
        }
        if let Action::FireTimer(node, kind) = intervention.action
            && self.is_up(node)
            && !self.replicas[node.index()].paused
            && let Some((timer, armed)) = self.replicas[node.index()].timers.take(|timer| timer.kind() == kind)
        {
            self.fire_replica(trace, node.0, timer, armed.set_by);
            return;
        }
        self.core.begin(InputKind::Intervention, node, number, 0);
        self.carry_out(trace, &intervention.action);
        self.core.finish(trace);
    }

    /// A paused client takes an operation when it goes on: the request waits as a message from itself.
    fn hold_invocation(&mut self, trace: &mut Trace<R>, node: u16, body: &R::Message) -> bool {
        if !self.clients[usize::from(node - self.setup.replicas)].paused {
            return false;
        }
        self.core.begin(InputKind::Intervention, node, self.interventions_done - 1, 0);
        let message = self.core.new_message(trace, NodeId(node), NodeId(node), body.clone());
        self.hold_if_paused(node, Scheduled::Waited { message });
        self.core.finish(trace);
        true
    }

    fn carry_out(&mut self, trace: &mut Trace<R>, action: &Action) {
        let core = &mut self.core;
        match action {
            Action::Partition(groups) => core.network.partition(groups),
            Action::Cut(links) => links.iter().for_each(|&(from, to)| core.network.cut(from, to)),
            Action::Restore(links) => links.iter().for_each(|&(from, to)| core.network.restore(from, to)),
            Action::Heal => core.network.heal(),
            Action::Network(dials) => core.network.set_dials(*dials),
            Action::LinkLatency(from, to, range) => core.network.set_link_latency(*from, *to, *range),
            Action::LinkLoss(from, to, loss) => core.network.set_link_loss(*from, *to, *loss),
            Action::Crash(node) => self.crash(trace, *node),
            Action::Kill(node) => self.kill(trace, *node),
            Action::Restart(node) => self.restart(*node),
            Action::Disk(..) | Action::StallDisk(_) | Action::ReleaseDisk(_) | Action::LoseFlushes(_) | Action::KeepFlushes(_) => {
                self.treat_disk(action);
            }
            Action::CrashAt(node, point) => self.replicas[node.index()].disk.crash_at(*point, self.interventions_done - 1),
            Action::Reseed(seed) => core.streams = Streams::new(*seed),
            Action::Misstep(node, mutation) => self.replicas[node.index()].misstep = Some(*mutation),
            Action::WipeDisk(node) => {
                let machine = &mut self.replicas[node.index()];
                let was_up = machine.process.is_some();
                if was_up {
                    machine.crash(core, trace);
                }
                machine.wipe();
                if was_up {
                    self.restart(*node);
                }
            }
            Action::Pause(node) => self.set_paused(*node, true),
            Action::Resume(node) => self.set_paused(*node, false),
            Action::Workload(dials) => {
                core.workload.set_dials(*dials);
                (self.setup.replicas..self.processes()).for_each(|node| self.think_if_idle(node));
            }
            // What is not in flight cannot be dropped, delayed or copied: a link may name any message.
            Action::DropMessage(message) => {
                if self.arrival(*message).is_some() {
                    self.core.altered.insert(*message, Altered::Gone);
                    self.core.resolve(trace, *message, Fate::Dropped);
                }
            }
            Action::DelayMessage(message, by) => self.reschedule(trace, *message, Some(*by)),
            Action::DeliverMessageNow(message) => self.reschedule(trace, *message, None),
            Action::DuplicateMessage(message) => {
                if let Some(due) = self.arrival(*message) {
                    self.core.copy(trace, *message, due + 1);
                }
            }
            Action::Corrupt(node, strategy) => core.adversary.corrupt(*node, strategy),
            Action::Depart(node, mutation) => {
                core.adversary.depart(*node);
                let machine = &mut self.replicas[node.index()];
                if let Some(mutation) = R::Mutation::ALL.get(usize::from(*mutation)) {
                    machine.departures = machine.departures.with(*mutation);
                }
            }
            Action::Say(node, line) => core.adversary.add_line(*node, *line),
            Action::Collude(nodes) => core.adversary.collude(*nodes),
            Action::Reform(node) => {
                core.adversary.reform(*node);
                self.replicas[node.index()].departures = Mutations::NONE;
            }
            Action::RemoveFaults => self.remove_faults(),
            Action::Invoke(..) | Action::FireTimer(..) => {}
        }
    }

    /// Changes when a message in flight arrives: later by so many ticks, or now.
    fn reschedule(&mut self, trace: &mut Trace<R>, message: u32, by: Option<Ticks>) {
        let Some(planned) = self.arrival(message) else { return };
        let core = &mut self.core;
        let due = by.map_or(core.now, |by| planned.saturating_add(by));
        core.altered.insert(message, Altered::Due(due));
        core.scratch.u64(due);
        core.queue.push(due, Scheduled::Arrival { message });
        if let Some(record) = trace.messages.get_mut(message as usize) {
            record.due = due;
        }
    }

    /// The crash strikes that waited for a write of this process: an event of its own.
    pub(super) fn strike(&mut self, trace: &mut Trace<R>, node: u16, intervention: u32) {
        self.core.begin(InputKind::Intervention, node, intervention, STRUCK);
        self.crash(trace, NodeId(node));
        self.core.finish(trace);
    }

    fn crash(&mut self, trace: &mut Trace<R>, node: NodeId) {
        match node.0.checked_sub(self.setup.replicas) {
            None => self.replicas[node.index()].crash(&mut self.core, trace),
            Some(client) => {
                self.clients[usize::from(client)].crash(&mut self.core, trace);
                self.core.workload.forget(node);
            }
        }
    }

    /// A client has no disk: for it, the two ways to crash are one.
    fn kill(&mut self, trace: &mut Trace<R>, node: NodeId) {
        match self.replicas.get_mut(node.index()) {
            Some(replica) => replica.kill(&mut self.core, trace),
            None => self.crash(trace, node),
        }
    }

    fn treat_disk(&mut self, action: &Action) {
        let (Some(node), core) = (action.node(), &mut self.core) else { return };
        let machine = &mut self.replicas[node.index()];
        match action {
            Action::Disk(_, flush_ticks) => machine.disk.flush_ticks = *flush_ticks,
            Action::StallDisk(_) => drop(machine.disk.set_stalled(true)),
            Action::ReleaseDisk(_) => {
                let overdue = machine.disk.set_stalled(false);
                machine.flushes_are_due(core, overdue);
            }
            Action::LoseFlushes(_) => machine.disk.set_loses_flushes(true),
            Action::KeepFlushes(_) => machine.disk.set_loses_flushes(false),
            _ => {}
        }
    }

    fn restart(&mut self, node: NodeId) {
        if !self.is_up(node) {
            let client = node.0.checked_sub(self.setup.replicas).map(usize::from);
            let incarnation = client.map_or_else(|| self.replicas[node.index()].incarnation, |client| self.clients[client].incarnation);
            self.core.queue.push(self.core.now, Scheduled::Boot { node: node.0, incarnation, cause: self.core.at.events });
        }
    }

    fn set_paused(&mut self, node: NodeId, paused: bool) {
        let replicas = self.setup.replicas;
        let held = if node.0 < replicas {
            let machine = &mut self.replicas[node.index()];
            machine.paused = paused && machine.process.is_some();
            &mut machine.held
        } else {
            let machine = &mut self.clients[usize::from(node.0 - replicas)];
            machine.paused = paused && machine.process.is_some();
            &mut machine.held
        };
        if !paused {
            for what in held.drain(..) {
                self.core.queue.push(self.core.now, what);
            }
        }
    }

    pub(super) fn think_if_idle(&mut self, node: u16) {
        let idle = self.clients[usize::from(node - self.setup.replicas)].process.as_ref().is_some_and(|client| client.current().is_none());
        if idle {
            self.think(node);
        }
    }

    fn remove_faults(&mut self) {
        self.core.adversary.reform_all();
        self.core.network.heal();
        self.core.network.forget_own();
        self.core.network.set_dials(self.setup.network.without_faults());
        for node in (0..self.setup.replicas).map(NodeId) {
            let machine = &mut self.replicas[node.index()];
            machine.misstep = None;
            machine.departures = Mutations::NONE;
            let overdue = machine.disk.mend(self.setup.disk(node));
            machine.flushes_are_due(&mut self.core, overdue);
        }
        for node in (0..self.processes()).map(NodeId) {
            self.set_paused(node, false);
        }
        for node in (0..self.processes()).map(NodeId) {
            self.restart(node);
        }
    }
}
