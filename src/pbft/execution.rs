//! Execution (sections 4.1 and 4.2): what is committed reaches the state machine in order, once, and clients get their
//! answers.

use super::message::{Reply, SignedRequest};
use super::rule::Rule;
use super::{Message, Out, Pbft};
use crate::process::NodeId;
use std::sync::Arc;

impl Pbft {
    /// Executes all that is committed and has no gap before it.
    pub(super) fn execute(&mut self, out: &mut Out) {
        let before = self.executed;
        let mut is_progress = false;
        while let Some(sequence) = self.next_to_execute() {
            let slot = self.durable.slots.get(&sequence);
            let Some(commitment) = slot.and_then(|slot| slot.committed.clone()) else { break };
            out.rule(Rule::Executed);
            self.executed = sequence;
            if let Some(request) = &commitment.request {
                is_progress |= self.carry_out(request, out);
            }
            if sequence.is_multiple_of(self.config.checkpoint_interval) {
                self.take_checkpoint(sequence, out);
            }
        }
        // A primary that has requests executed which do nothing must not keep the others from losing patience.
        if is_progress {
            self.failed_views = 0;
        }
        if self.executed > before {
            self.start_timer(out);
        }
    }

    /// Applies a request, and answers its client. A request that is ordered a second time does nothing. Says whether
    /// this was the first time.
    fn carry_out(&mut self, signed: &Arc<SignedRequest>, out: &mut Out) -> bool {
        let request = signed.body();
        let is_new = request.sequence > self.store.latest(request.client);
        let answer = self.apply(request);
        self.waiting
            .retain(|waiting| waiting.body().client != request.client || waiting.body().sequence > request.sequence);
        if is_new && self.timed == Some(request.client) {
            self.timed = None;
        }
        if let Some(answer) = answer {
            let reply = Reply::answer(self.current_view(), request.sequence, answer, false);
            out.send(request.client, Message::Reply(self.seat.sign(reply)));
        }
        is_new
    }

    /// Answers a request that was executed already.
    pub(super) fn reply_again(&self, client: NodeId, sequence: u64, out: &mut Out) {
        if let Some(answer) = self.store.answered(client, sequence) {
            let reply = Reply::answer(self.current_view(), sequence, answer.clone(), false);
            out.send(client, Message::Reply(self.seat.sign(reply)));
        }
    }

    /// A read that is not ordered is answered from the state as it is (section 5.1.3). The paper's replicas wait until
    /// what their state reflects is committed; here nothing is executed before it is.
    pub(super) fn on_read(&mut self, request: &Arc<SignedRequest>, out: &mut Out) {
        let body = request.body();
        if !self.is_signed(request) || request.signer() != body.client || self.seat.is_replica(body.client) {
            out.rule(Rule::SignatureRejected);
            return;
        }
        if !body.command.is_read() || !self.config.read_only {
            return;
        }
        out.rule(Rule::ReadAnswered);
        let reply = Reply::answer(self.current_view(), body.sequence, self.store.read(body.command.key()), true);
        out.send(body.client, Message::Reply(self.seat.sign(reply)));
    }
}
