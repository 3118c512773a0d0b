//! How a world carries out what is done to it from outside.

use super::World;
use crate::kv::{ClientMessage, Replica};
use crate::process::{Catalogue as _, NodeId, Ticks, Timer};
use crate::sim::clock::Scheduled;
use crate::sim::faults::{Action, Intervention};
use crate::sim::random::Streams;
use crate::sim::shared::Altered;
use crate::sim::trace::{Fate, InputKind, STRUCK, Trace};

impl<R: Replica> World<R> {
    /// Carries out an intervention, as an event of its own.
    pub(super) fn intervene(&mut self, trace: &mut Trace<R>, intervention: &Intervention) {
        self.shared.now = self.shared.now.max(intervention.at);
        let number = self.interventions_done;
        self.interventions_done += 1;
        let node = intervention.action.node().map_or(u16::MAX, |node| node.0);
        match &intervention.action {
            Action::Invoke(client, command) if self.is_up(*client) => {
                return self.ask(trace, *client, R::Message::invoke(command.clone()), number);
            }
            Action::FireTimer(node, kind) if self.fire_by_hand(trace, *node, *kind) => return,
            _ => {}
        }
        self.shared.begin(InputKind::Intervention, node, number, 0);
        self.carry_out(trace, &intervention.action);
        self.shared.finish(trace);
    }

    /// Asks a client for an operation. A paused client takes it when it goes on: the request waits as a message from
    /// itself.
    fn ask(&mut self, trace: &mut Trace<R>, client: NodeId, body: R::Message, number: u32) {
        let message = self.shared.at.messages;
        if !self.members.of(client).holds_back(Scheduled::Waited { message }) {
            self.invoke(trace, client, body, number);
            return;
        }
        self.shared.begin(InputKind::Intervention, client.0, number, 0);
        let recorded = self.shared.new_message(trace, client, client, body);
        debug_assert_eq!(recorded, message, "a client waits for another message than was recorded");
        self.shared.finish(trace);
    }

    /// Lets a timer of such a kind fire now. Says whether one was set at a process that handles it.
    fn fire_by_hand(&mut self, trace: &mut Trace<R>, node: NodeId, kind: u8) -> bool {
        let (machine, outbox) = self.members.replica(node);
        if machine.process.is_none() || machine.paused {
            return false;
        }
        let Some(timer) = machine.timers.take(|timer| timer.kind() == kind) else { return false };
        machine.fire(&mut self.shared, trace, outbox, timer);
        self.finish(trace, node, Vec::new());
        true
    }

    fn carry_out(&mut self, trace: &mut Trace<R>, action: &Action) {
        let shared = &mut self.shared;
        match action {
            Action::Partition(groups) => shared.network.partition(groups),
            Action::Cut(links) => links.iter().for_each(|&(from, to)| shared.network.cut(from, to)),
            Action::Restore(links) => links.iter().for_each(|&(from, to)| shared.network.restore(from, to)),
            Action::Heal => shared.network.heal(),
            Action::Network(dials) => shared.network.set_dials(*dials),
            Action::LinkLatency(from, to, range) => shared.network.set_link_latency(*from, *to, *range),
            Action::LinkLoss(from, to, loss) => shared.network.set_link_loss(*from, *to, *loss),
            Action::Crash(node) => self.crash(trace, *node),
            Action::Kill(node) => self.kill(trace, *node),
            Action::Restart(node) => self.restart(*node),
            Action::Disk(..)
            | Action::StallDisk(_)
            | Action::ReleaseDisk(_)
            | Action::LoseFlushes(_)
            | Action::KeepFlushes(_) => {
                self.treat_disk(action);
            }
            Action::CrashAt(node, point) => {
                self.members.replica(*node).0.disk.crash_at(*point, self.interventions_done - 1)
            }
            Action::Reseed(seed) => shared.streams = Streams::new(*seed),
            Action::Misstep(node, mutation) => self.members.replica(*node).0.misstep(*mutation),
            Action::WipeDisk(node) => {
                let (machine, _) = self.members.replica(*node);
                let was_up = machine.process.is_some();
                if was_up {
                    machine.crash(shared, trace);
                }
                machine.wipe();
                if was_up {
                    self.restart(*node);
                }
            }
            Action::Pause(node) => self.members.of(*node).pause(),
            Action::Resume(node) => self.resume(*node),
            Action::Workload(dials) => {
                shared.workload.set_dials(*dials);
                (self.setup.replicas..self.processes()).for_each(|node| self.think_if_idle(NodeId(node)));
            }
            // What is not in flight cannot be dropped, delayed or copied: a link may name any message.
            Action::DropMessage(message) => {
                if self.arrival(*message).is_some() {
                    self.shared.altered.insert(*message, Altered::Gone);
                    self.shared.resolve(trace, *message, Fate::Dropped);
                }
            }
            Action::DelayMessage(message, by) => self.reschedule(trace, *message, Some(*by)),
            Action::DeliverMessageNow(message) => self.reschedule(trace, *message, None),
            Action::DuplicateMessage(message) => {
                if let Some(due) = self.arrival(*message) {
                    self.shared.copy(trace, *message, due + 1);
                }
            }
            Action::Corrupt(node, strategy) => shared.adversary.corrupt(*node, strategy),
            Action::Depart(node, mutation) => {
                shared.adversary.depart(*node);
                if let Some(mutation) = R::Mutation::ALL.get(usize::from(*mutation)) {
                    self.members.replica(*node).0.depart_from(*mutation);
                }
            }
            Action::Say(node, line) => shared.adversary.add_line(*node, *line),
            Action::Collude(nodes) => shared.adversary.collude(*nodes),
            Action::Reform(node) => {
                shared.adversary.reform(*node);
                self.members.replica(*node).0.reform();
            }
            Action::RemoveFaults => self.remove_faults(),
            Action::Invoke(..) | Action::FireTimer(..) => {}
        }
    }

    /// Changes when a message in flight arrives: later by so many ticks, or now.
    fn reschedule(&mut self, trace: &mut Trace<R>, message: u32, by: Option<Ticks>) {
        let Some(planned) = self.arrival(message) else { return };
        let shared = &mut self.shared;
        let due = by.map_or(shared.now, |by| planned.saturating_add(by));
        shared.altered.insert(message, Altered::Due(due));
        shared.scratch.u64(due);
        shared.queue.push(due, Scheduled::Arrival { message });
        if let Some(record) = trace.messages.get_mut(message as usize) {
            record.due = due;
        }
    }

    /// The crash strikes that waited for a write of this process: an event of its own.
    pub(super) fn strike(&mut self, trace: &mut Trace<R>, node: u16, intervention: u32) {
        self.shared.begin(InputKind::Intervention, node, intervention, STRUCK);
        self.crash(trace, NodeId(node));
        self.shared.finish(trace);
    }

    fn crash(&mut self, trace: &mut Trace<R>, node: NodeId) {
        self.members.of(node).crash(&mut self.shared, trace);
        self.forget_operation(node);
    }

    fn kill(&mut self, trace: &mut Trace<R>, node: NodeId) {
        self.members.of(node).kill(&mut self.shared, trace);
        self.forget_operation(node);
    }

    /// A client that comes back does not know what it had asked for.
    fn forget_operation(&mut self, node: NodeId) {
        if node.0 >= self.setup.replicas {
            self.shared.workload.forget(node);
        }
    }

    fn treat_disk(&mut self, action: &Action) {
        let Some(node) = action.node() else { return };
        let (machine, _) = self.members.replica(node);
        match action {
            Action::Disk(_, flush_ticks) => machine.disk.flush_ticks = *flush_ticks,
            Action::StallDisk(_) => drop(machine.disk.set_stalled(true)),
            Action::ReleaseDisk(_) => {
                let overdue = machine.disk.set_stalled(false);
                machine.flushes_are_due(&mut self.shared, overdue);
            }
            Action::LoseFlushes(_) => machine.disk.set_loses_flushes(true),
            Action::KeepFlushes(_) => machine.disk.set_loses_flushes(false),
            _ => {}
        }
    }

    fn restart(&mut self, node: NodeId) {
        let member = self.members.of(node);
        if !member.is_up() {
            let boot =
                Scheduled::Boot { node: node.0, incarnation: member.incarnation(), cause: self.shared.at.events };
            self.shared.queue.push(self.shared.now, boot);
        }
    }

    fn resume(&mut self, node: NodeId) {
        for what in self.members.of(node).resume() {
            self.shared.queue.push(self.shared.now, what);
        }
    }

    fn remove_faults(&mut self) {
        self.shared.adversary.reform_all();
        self.shared.network.heal();
        self.shared.network.forget_own();
        self.shared.network.set_dials(self.setup.network.without_faults());
        for node in (0..self.setup.replicas).map(NodeId) {
            self.members.replica(node).0.mend(&mut self.shared, self.setup.disk(node));
        }
        for node in (0..self.processes()).map(NodeId) {
            self.resume(node);
        }
        for node in (0..self.processes()).map(NodeId) {
            self.restart(node);
        }
    }
}
