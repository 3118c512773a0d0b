//! Clients' requests: each waits with all validators until a block holds it.

use super::message::Message;
use super::rule::Rule;
use super::{Out, Tendermint};
use crate::kv::Request;
use crate::process::Signed;

impl Tendermint {
    /// A request, from its client or passed on by a validator. What a client asks for again is passed on again, since
    /// the others' answers may be lost as well.
    pub(super) fn on_request(&mut self, signed: &Signed<Request>, is_from_client: bool, out: &mut Out) {
        let request = signed.body();
        if !self.believes(signed, out) || signed.signer() != request.client || self.seat.is_replica(request.client) {
            return;
        }
        if is_from_client {
            out.rule(Rule::RequestPassedOn);
            self.broadcast(&Message::PassedOn(signed.clone()), out);
        }
        if self.store.is_past(request.client, request.sequence) {
            if let Some(answer) = self.store.answered(request.client, request.sequence) {
                out.rule(Rule::DuplicateAnswered);
                out.send(request.client, Message::answer(request.sequence, answer.clone()));
            }
            return;
        }
        if !self.pool.contains(signed) {
            self.pool.push(signed.clone());
        }
        self.begin(out);
    }
}
