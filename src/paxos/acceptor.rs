//! The acceptor (PMS 2.2): promises and accepts, and writes both down before it says so.

use super::rule::{Mutation, Rule};
use super::state::{Ballot, Proposal, Write};
use super::{Message, Out, Paxos};
use crate::process::NodeId;

impl Paxos {
    /// Phase 1 (b): promises a ballot that is higher than any promised before. A prepare of the very ballot that it has
    /// promised is a second copy, or comes because the promise was lost: it is answered again. Where it has accepted in
    /// that ballot, its proposer has had its majority, and needs no promise any more. Only a higher promise refuses.
    pub(super) fn on_prepare(&mut self, from: NodeId, ballot: Ballot, out: &mut Out) {
        if let Some(promised) = self.durable.promised.filter(|&promised| promised > ballot) {
            out.rule(Rule::PrepareRefused);
            out.send(from, Message::Refused { ballot, promised });
            return;
        }
        if self.durable.accepted.as_ref().is_some_and(|accepted| accepted.ballot == ballot) {
            return;
        }
        out.rule(Rule::Promised);
        if self.durable.promised != Some(ballot) {
            self.persist(Write::Promise(ballot), out);
        }
        out.send(from, Message::Promise { ballot, accepted: self.reported() });
        self.outbid_at_once(ballot, out);
    }

    /// Phase 2 (b): accepts unless a higher ballot was promised. To accept is to promise: a lower ballot must not
    /// follow.
    pub(super) fn on_accept(&mut self, from: NodeId, proposal: &Proposal, out: &mut Out) {
        let ballot = proposal.ballot;
        let higher = self.durable.promised.filter(|&promised| promised > ballot);
        if let Some(promised) = higher.filter(|_| !self.has(Mutation::PromiseIgnored)) {
            out.rule(Rule::AcceptRefused);
            out.send(from, Message::Refused { ballot, promised });
            return;
        }
        out.rule(Rule::Accepted);
        if self.durable.promised < Some(ballot) && !self.has(Mutation::AcceptRaisesNoPromise) {
            self.persist(Write::Promise(ballot), out);
        }
        if self.durable.accepted.as_ref() != Some(proposal) {
            self.persist(Write::Accept(proposal.clone()), out);
        }
        for learner in self.seat.replicas() {
            out.send(learner, Message::Accepted { proposal: proposal.clone() });
        }
    }
}
