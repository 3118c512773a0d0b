//! Recovery (VRR 4.3), by crash vectors (RSO 5).
//!
//! A replica without a disk that comes back knows nothing. It asks all others, and takes part in nothing until f + 1 of
//! them have answered *this* life, told from others by its nonce, and the primary of the latest view among them has
//! sent its log. What an earlier life has acknowledged was in the log of that view's primary before; and each two sets
//! of f + 1 have a replica in common, so that no later view is missed, whose log has all that is committed.
//!
//! Two things the paper's recovery leaves open. The replica may have promised a later view, by a DOVIEWCHANGE that is
//! still under way: `view_change` says why that report must not count any more, and those who answer here are told of
//! the new life before they answer. And an answer may itself be of a life that has ended since, so that nobody
//! remembers having been told: it counts only if no other answer comes from somebody who knows of that end.

use super::message::RecoveryResponse;
use super::rule::{Mutation, Rule};
use super::state::{CrashVector, Status, Write};
use super::{Message, Out, Viewstamped};
use crate::process::NodeId;
use std::sync::Arc;

impl Viewstamped {
    /// Asks all others, again and again until it has recovered.
    pub(super) fn ask_for_recovery(&mut self, out: &mut Out) {
        for peer in self.seat.peers() {
            out.send(peer, Message::Recovery { nonce: self.life });
        }
        self.next_commit(out);
    }

    /// Another replica has lost all. That its life before has ended is noted before it is answered.
    pub(super) fn on_recovery(&mut self, from: NodeId, nonce: u32, out: &mut Out) {
        if !self.may_answer_recovery() {
            return out.rule(Rule::RecoveryUnanswered);
        }
        if nonce > self.durable.crash_vector.life(from) {
            let mut crashed = CrashVector::of(self.seat.replicas);
            crashed.note(from, nonce);
            self.persist(Write::Crashed(crashed), out);
        }
        out.rule(Rule::RecoveryAnswered);
        let view = self.view_number();
        let is_primary = self.primary_of(view) == self.seat.id;
        let state = is_primary.then(|| (self.whole_state(), self.machine.commit_index));
        let crash_vector = self.durable.crash_vector.clone();
        out.send(from, Message::RecoveryResponse(Arc::new(RecoveryResponse { view, nonce, crash_vector, state })));
    }

    /// An answer. Of one replica the latest counts, whatever the network did to their order.
    pub(super) fn on_recovery_response(&mut self, from: NodeId, response: &Arc<RecoveryResponse>, out: &mut Out) {
        let Status::Recovering(recovering) = &mut self.status else { return };
        if response.nonce != self.life && !self.config.mutations.has(Mutation::RecoveryWithoutNonce) {
            return out.rule(Rule::AnotherNonceIgnored);
        }
        // What it is told of lives that have ended, it remembers, whatever it is told later.
        self.durable.crash_vector.merge(&response.crash_vector);
        let age = |response: &RecoveryResponse| (response.crash_vector.life(from), response.view, response.op());
        if recovering.responses.get(&from).is_none_or(|known| age(known) <= age(response)) {
            recovering.responses.insert(from, response.clone());
            self.maybe_recover(out);
        }
    }

    fn maybe_recover(&mut self, out: &mut Out) {
        let Status::Recovering(recovering) = &self.status else { return };
        let responses = self.of_living(&recovering.responses, |response| &response.crash_vector, out);
        if (responses.len() as u32) < self.responses_needed() {
            return;
        }
        let Some(primarys) = self.response_with_log(&responses).cloned() else { return };
        let Some((state, commit)) = &primarys.state else { return };
        out.rule(Rule::Recovered);
        self.persist(Write::Begin(self.durable.crash_vector.clone()), out);
        if !self.enter_view(primarys.view, state, out) {
            return;
        }
        self.become_backup(out);
        let primary = self.primary_of(primarys.view);
        out.send(primary, Message::PrepareOk { view: primarys.view, op: self.op_number() });
        self.learn_commit(*commit, out);
    }
}
