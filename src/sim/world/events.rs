//! How what is due happens: a message arrives, a timer fires, a flush ends, a process boots, a client asks.

use super::World;
use crate::kv::{ClientMessage, ClientReport, Replica};
use crate::process::{Fingerprint, NodeId};
use crate::sim::clock::Scheduled;
use crate::sim::shared::Altered;
use crate::sim::trace::{Fate, InputKind, NONE, Note, ReportRecord, Trace, flag};

/// What a queue entry came to.
pub(super) enum Handled {
    Event,
    Nothing,
}

impl<R: Replica> World<R> {
    pub(super) fn handle(&mut self, trace: &mut Trace<R>, what: Scheduled) -> Handled {
        match what {
            Scheduled::Arrival { message } => self.arrive(trace, message),
            Scheduled::Waited { message } => self.hand_over(trace, message),
            Scheduled::Timer { node, slot, generation } => {
                if self.members.of(NodeId(node)).holds_back(what) {
                    return Handled::Nothing;
                }
                match self.members.of(NodeId(node)).come_up(&mut self.shared, trace, slot, generation) {
                    Some(reports) => self.finish(trace, NodeId(node), reports),
                    None => Handled::Nothing,
                }
            }
            Scheduled::Flush { node, incarnation } => {
                self.finish_flush(trace, what, NodeId(node), incarnation);
                Handled::Nothing
            }
            Scheduled::Receipt { node, incarnation } => self.hear_of_write(trace, what, NodeId(node), incarnation),
            Scheduled::Boot { node, incarnation, cause } => self.boot(trace, NodeId(node), incarnation, cause),
            Scheduled::Invocation { node, incarnation } => self.invoke_next(trace, what, NodeId(node), incarnation),
        }
    }

    fn arrive(&mut self, trace: &mut Trace<R>, message: u32) -> Handled {
        if !self.shared.altered.is_empty() {
            if !self.is_current(message, self.shared.now) {
                return Handled::Nothing;
            }
            if let Some(altered) = self.shared.altered.get_mut(&message) {
                // Its other schedule, if it is still to come, comes to nothing.
                *altered = Altered::Gone;
            }
        }
        debug_assert!((message as usize) < trace.messages.len(), "a message arrives that was never recorded");
        let is_cut = trace
            .messages
            .get(message as usize)
            .is_some_and(|record| self.shared.network.is_cut(record.from, record.to));
        if is_cut {
            self.shared.resolve(trace, message, Fate::Cut);
            return Handled::Nothing;
        }
        self.hand_over(trace, message)
    }

    /// A message has reached its receiver's host, at once or after a pause.
    fn hand_over(&mut self, trace: &mut Trace<R>, message: u32) -> Handled {
        let Some(to) = trace.messages.get(message as usize).map(|record| record.to) else { return Handled::Nothing };
        if self.members.of(to).holds_back(Scheduled::Waited { message }) {
            return Handled::Nothing;
        }
        if !self.is_up(to) {
            self.shared.resolve(trace, message, Fate::ReceiverDown);
            return Handled::Nothing;
        }
        self.shared.resolve(trace, message, Fate::Delivered);
        self.shared.begin(InputKind::Message, to.0, message, 0);
        self.receive(trace, to, message)
    }

    /// A process handles a recorded message: the rest of an event that has begun.
    fn receive(&mut self, trace: &mut Trace<R>, node: NodeId, message: u32) -> Handled {
        let reports = self.members.of(node).receive(&mut self.shared, trace, message);
        self.finish(trace, node, reports)
    }

    /// What left at the end of a flush reaches the hash by a fold of its own, since no event records it.
    fn finish_flush(&mut self, trace: &mut Trace<R>, what: Scheduled, node: NodeId, incarnation: u32) {
        self.shared.scratch.clear();
        self.shared.scratch.u128(self.shared.hash);
        let (machine, _) = self.members.replica(node);
        if machine.incarnation() == incarnation {
            machine.finish_flush(&mut self.shared, trace, what);
        }
        self.shared.hash = self.shared.scratch.finish();
    }

    fn hear_of_write(&mut self, trace: &mut Trace<R>, what: Scheduled, node: NodeId, incarnation: u32) -> Handled {
        let member = self.members.of(node);
        if member.incarnation() != incarnation || member.holds_back(what) {
            return Handled::Nothing;
        }
        let (machine, outbox) = self.members.replica(node);
        debug_assert!(!machine.disk.receipts.is_empty(), "a process hears of a write that it did not ask about");
        let Some(receipt) = machine.disk.receipts.pop_front() else { return Handled::Nothing };
        machine.persisted(&mut self.shared, trace, outbox, receipt);
        self.finish(trace, node, Vec::new())
    }

    fn boot(&mut self, trace: &mut Trace<R>, node: NodeId, incarnation: u32, cause: u32) -> Handled {
        let member = self.members.of(node);
        if member.incarnation() != incarnation || member.is_up() {
            return Handled::Nothing;
        }
        let reports = member.boot(&self.setup, &mut self.shared, trace, cause);
        self.finish(trace, node, reports);
        if node.0 >= self.setup.replicas {
            self.think(node);
        }
        Handled::Event
    }

    fn think(&mut self, node: NodeId) {
        if let Some(delay) = self.shared.workload.think(node, &mut self.shared.streams.workload) {
            let incarnation = self.members.of(node).incarnation();
            self.shared.queue.push(self.shared.now + delay, Scheduled::Invocation { node: node.0, incarnation });
        }
    }

    pub(super) fn think_if_idle(&mut self, node: NodeId) {
        if self.members.client(node).is_some_and(|client| client.current().is_none()) {
            self.think(node);
        }
    }

    /// A client has thought long enough: the workload says what it asks for next.
    fn invoke_next(&mut self, trace: &mut Trace<R>, what: Scheduled, node: NodeId, incarnation: u32) -> Handled {
        let member = self.members.of(node);
        if member.incarnation() != incarnation || member.holds_back(what) {
            return Handled::Nothing;
        }
        match self.shared.workload.invoke(node, &mut self.shared.streams.workload) {
            Some(command) => self.invoke(trace, node, R::Message::invoke(command), NONE),
            None => Handled::Nothing,
        }
    }

    /// Asks a client for an operation: a message of its own, handled at once.
    pub(super) fn invoke(&mut self, trace: &mut Trace<R>, node: NodeId, body: R::Message, cause: u32) -> Handled {
        self.shared.begin(InputKind::Invoke, node.0, cause, 0);
        let message = self.shared.new_message(trace, node, node, body);
        self.shared.resolve(trace, message, Fate::Delivered);
        self.receive(trace, node, message)
    }

    /// Ends an event in which a process handled something, with what it reports.
    pub(super) fn finish(&mut self, trace: &mut Trace<R>, node: NodeId, reports: Vec<ClientReport>) -> Handled {
        let mut has_ended = false;
        for report in reports {
            has_ended |= matches!(report, ClientReport::Completed { .. });
            self.observe(trace, node, report);
        }
        let role = &mut self.roles[node.index()];
        if *role != self.shared.draft.role {
            self.shared.draft.flags |= flag::ROLE_CHANGED;
            *role = self.shared.draft.role;
        }
        self.shared.finish(trace);
        if has_ended {
            self.think_if_idle(node);
        }
        Handled::Event
    }

    /// Records what a client reports.
    fn observe(&mut self, trace: &mut Trace<R>, client: NodeId, report: ClientReport) {
        let shared = &mut self.shared;
        shared.draft.flags |= match report {
            ClientReport::Invoked { .. } => flag::INVOCATION,
            ClientReport::Completed { .. } => flag::COMPLETION,
        };
        shared.workload.observe(client, &report);
        if let ClientReport::Invoked { sequence, .. } = &report {
            shared.adversary.note_operation(client, *sequence);
        }
        report.fingerprint(&mut shared.scratch);
        let (event, time) = (shared.at.events, shared.now);
        let index = trace.put_report(&mut shared.at, || ReportRecord { event, time, client, report });
        shared.note(trace, Note::Report(index));
    }
}
