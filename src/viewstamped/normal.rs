//! Normal operation (VRR 4.1): the primary orders requests, f backups acknowledge them, and all carry them out.

use super::rule::{Mutation, Rule};
use super::state::{Entries, Entry, Status, ViewNumber, Write, Written};
use super::{Message, Out, Viewstamped};
use crate::kv::Request;
use crate::process::NodeId;
use crate::replicated_log::{Admission, AnswersAnywhere as _, Index, Payload, to_client};
use std::sync::Arc;

impl Viewstamped {
    /// A client's request. All reads get an op-number like anything else.
    pub(super) fn on_request(&mut self, request: &Request, out: &mut Out) {
        if self.is_local_read(request) && !self.is_recovering() {
            return self.answer_from_own_state(request, out);
        }
        match Admission::of(request, self.is_primary(), true, self.answered(request)) {
            Admission::Elsewhere => {
                out.rule(Rule::NotPrimaryAnswered);
                out.send(request.client, Message::not_leader(request.sequence, self.known_primary()));
            }
            Admission::Duplicate(answer) => {
                out.rule(Rule::ResultResent);
                self.reply(request, answer.clone(), out);
            }
            Admission::Read | Admission::New if self.is_known(request) => out.rule(Rule::RequestDropped),
            Admission::Read | Admission::New => self.prepare(request, out),
        }
    }

    /// The number of a client's latest request, as the client table has it: carried out, or still in the log.
    fn latest_request(&self, client: NodeId) -> u64 {
        let open = self.log().slice(self.machine.last_applied + 1, self.op_number()).iter().rev();
        let sequence = |entry: &Arc<Entry>| match &entry.payload {
            Payload::Command(request) if request.client == client => Some(request.sequence),
            _ => None,
        };
        open.filter_map(sequence).next().unwrap_or_else(|| self.machine.store.latest(client))
    }

    fn is_known(&self, request: &Request) -> bool {
        request.sequence <= self.latest_request(request.client) && !self.has(Mutation::ClientTableLost)
    }

    fn prepare(&mut self, request: &Request, out: &mut Out) {
        out.rule(Rule::Prepared);
        let (view, first) = (self.view_number(), self.op_number() + 1);
        let entry = Entry { view, payload: Payload::Command(request.clone()) };
        let entries = Entries::from(vec![Arc::new(entry)]);
        self.persist(Write::Append(entries.clone()), out);
        let commit = self.machine.commit_index;
        for peer in self.seat.peers() {
            out.send(peer, Message::Prepare { view, first, entries: entries.clone(), commit });
        }
        self.count_own(out);
    }

    /// The primary's own log counts as far as it is on its disk, if it has one.
    pub(super) fn count_own(&mut self, out: &mut Out) {
        let written = Written { view: self.view_number(), op: self.op_number() };
        if self.config.on_disk {
            out.when_persisted(written);
        } else {
            self.on_written(written, out);
        }
    }

    /// What was the primary's log is on its disk.
    pub(super) fn on_written(&mut self, Written { view, op }: Written, out: &mut Out) {
        let is_own = view == self.view_number();
        let Status::Primary(primary) = &mut self.status else { return };
        if is_own {
            primary.written = op.max(primary.written);
            self.advance_commit(out);
        }
    }

    /// The primary of a view has spoken: whether it is this replica's, in normal status. One that has missed the
    /// beginning of the view asks for its state.
    fn hear_primary(&mut self, from: NodeId, view: ViewNumber, out: &mut Out) -> bool {
        let is_own = view == self.view_number();
        if is_own && matches!(self.status, Status::Backup) {
            self.await_primary(out);
            return true;
        }
        if view > self.view_number() || (is_own && matches!(self.status, Status::ViewChange(_))) {
            self.ask_for_view(from, view, out);
        }
        false
    }

    /// Operations that the primary has given their numbers.
    pub(super) fn on_prepare(
        &mut self,
        from: NodeId,
        (view, commit): (ViewNumber, Index),
        (first, entries): (Index, &Entries),
        out: &mut Out,
    ) {
        if !self.still_accepts(view) && !self.hear_primary(from, view, out) {
            return;
        }
        let first = if self.has(Mutation::PreparedWithGap) { first.min(self.op_number() + 1) } else { first };
        let Some(held) = (self.op_number() + 1).checked_sub(first) else {
            out.rule(Rule::GapFound);
            return self.ask_for_state(from, out);
        };
        match entries.get(held as usize..) {
            Some(new) if !new.is_empty() => {
                out.rule(Rule::PrepareAccepted);
                self.persist(Write::Append(new.into()), out);
            }
            _ => out.rule(Rule::PrepareRepeated),
        }
        out.send(from, Message::PrepareOk { view, op: self.op_number() });
        self.learn_commit(commit, out);
    }

    /// A backup has all of the view's log up to an operation.
    pub(super) fn on_prepare_ok(&mut self, from: NodeId, view: ViewNumber, op: Index, out: &mut Out) {
        let counts = view == self.view_number() || self.has(Mutation::StaleAcknowledgementsCounted);
        let Status::Primary(primary) = &mut self.status else { return };
        if let Some(prepared) = primary.prepared.get_mut(from.index()).filter(|_| counts) {
            *prepared = op.max(*prepared);
            self.advance_commit(out);
        }
    }

    /// An operation is committed when f backups have it, and the primary itself (VRR 4.1, step 5).
    fn advance_commit(&mut self, out: &mut Out) {
        let Status::Primary(primary) = &self.status else { return };
        let commit = self.last_acknowledged().min(primary.written);
        if commit > self.machine.commit_index {
            out.rule(Rule::Committed);
            self.machine.commit_index = commit;
            self.execute_committed(out);
        }
    }

    /// The primary has nothing new to say.
    pub(super) fn on_commit(&mut self, from: NodeId, view: ViewNumber, commit: Index, out: &mut Out) {
        if !self.hear_primary(from, view, out) {
            return;
        }
        self.learn_commit(commit, out);
        if commit > self.op_number() {
            out.rule(Rule::GapFound);
            self.ask_for_state(from, out);
        }
    }

    /// The primary says up to where all is committed.
    pub(super) fn learn_commit(&mut self, commit: Index, out: &mut Out) {
        let commit = commit.min(self.op_number());
        if commit > self.machine.commit_index {
            out.rule(Rule::CommitLearned);
            self.machine.commit_index = commit;
            self.execute_committed(out);
        }
    }

    /// Carries out what is committed and was not carried out yet, in order. The primary answers the clients.
    fn execute_committed(&mut self, out: &mut Out) {
        out.rule(Rule::Executed);
        let (log, leads, sessions) = (&self.durable.log, matches!(self.status, Status::Primary(_)), self.sessions());
        let (reading, up_to) = (self.config.reading, self.machine.commit_index);
        let payload_at = |op| log.get(op).map(|entry| &entry.payload);
        let executed = self.machine.apply_up_to(up_to, sessions, payload_at, |client, reply| {
            if leads {
                out.send(client, to_client(reading, reply, up_to));
            }
        });
        self.answer_who_waited(out);
        match executed {
            Ok(()) => self.maybe_take_checkpoint(out),
            Err(op) => out.violation(format!("operation {op} is taken for committed, and is not in the log")),
        }
    }

    /// COMMIT is due: what is missing at a backup goes with it. A replica that recovers asks again.
    pub(super) fn on_commit_timeout(&mut self, out: &mut Out) {
        match self.status {
            Status::Recovering(_) => self.ask_for_recovery(out),
            Status::Primary(_) => {
                self.send_commit(out);
                self.next_commit(out);
            }
            Status::Backup | Status::ViewChange(_) => {}
        }
    }

    /// Says to each backup up to where all is committed, and sends it what it has not acknowledged by now.
    pub(super) fn send_commit(&mut self, out: &mut Out) {
        out.rule(Rule::CommitSent);
        let (view, commit, op) = (self.view_number(), self.machine.commit_index, self.op_number());
        let Status::Primary(primary) = &self.status else { return };
        for peer in self.seat.peers() {
            let prepared = primary.prepared.get(peer.index()).copied().unwrap_or(0);
            let first = prepared.max(self.log().base()) + 1;
            if prepared < primary.overdue && first <= op {
                out.rule(Rule::SentAgain);
                let last = op.min(first + self.config.entries_per_message_max - 1);
                let entries = self.log().slice(first, last).into();
                out.send(peer, Message::Prepare { view, first, entries, commit });
            } else {
                out.send(peer, Message::Commit { view, commit });
            }
        }
        if let Status::Primary(primary) = &mut self.status {
            primary.overdue = op;
        }
    }
}
