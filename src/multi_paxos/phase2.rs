//! Phase 2 (PMS 2.2 and 3): the leader asks the acceptors to accept values in slots, and offers again what was lost.

use super::log::{Payload, Slot, Values};
use super::message::{Accept, AcceptedReply};
use super::rule::{Mutation, Rule};
use super::state::{Receipt, Role, Write};
use super::{Ballot, Message, MultiPaxos, Out};
use crate::process::{NodeId, NodeSet};
use std::sync::Arc;

impl MultiPaxos {
    /// Phase 2 (a): the next slots get these values. The leader accepts them itself, and its acceptance counts when it
    /// is on its disk. The messages need not wait for that: the ballot is on disk, so no other value can ever be
    /// proposed under it in these slots.
    pub(super) fn propose(&mut self, values: Vec<Arc<Payload>>, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        if values.is_empty() {
            return;
        }
        let (ballot, first) = (leader.ballot, leader.next_slot);
        let last = first + values.len() as u64 - 1;
        leader.next_slot = last + 1;
        leader.open.extend((first..=last).map(|slot| (slot, NodeSet::EMPTY)));
        let values = Values::from(values);
        self.persist(Write::Accept { ballot, first, values }, out);
        out.when_persisted(Receipt::OwnAcceptance { ballot, first, last });
        let mut start = first;
        while start <= last {
            let end = last.min(start + self.config.slots_per_message_max - 1);
            let end = self.log().last_within(start, end, self.config.bytes_per_message_max);
            for peer in self.seat.peers() {
                self.send_accept(peer, start, end, out);
            }
            start = end + 1;
        }
    }

    /// Offers what is in the leader's log in some slots. After its commit index that is what it has proposed; up to
    /// there it is what was chosen, which any ballot may propose again.
    fn send_accept(&self, peer: NodeId, first: Slot, last: Slot, out: &mut Out) {
        let Role::Leader(leader) = &self.role else { return };
        let values = self.log().values(first, last);
        if !values.is_empty() {
            let accept = Accept { ballot: leader.ballot, first, values, commit_index: self.machine.commit_index };
            out.send_now(peer, Message::Accept(accept));
        }
    }

    /// Phase 2 (b): accepts unless a higher ballot was promised. To accept is to promise: a lower ballot must not
    /// follow. What is known to be chosen needs no accepting.
    pub(super) fn on_accept(&mut self, from: NodeId, accept: &Accept, out: &mut Out) {
        let Accept { ballot, first, values, commit_index } = accept;
        let (ballot, first) = (*ballot, *first);
        let obeys = self.promised().is_none_or(|promised| promised <= ballot) || !self.has(Mutation::PromiseIgnored);
        if obeys && !self.follow(from, ballot, out) {
            return;
        }
        if self.is_leader() {
            // Only without obedience: the leader itself keeps to its ballot.
            return;
        }
        out.rule(Rule::Accepted);
        if !self.has(Mutation::AcceptRaisesNoPromise) {
            self.raise_promise(ballot, out);
        }
        self.accept_missing(ballot, first, values, out);
        self.learn_commit(ballot, *commit_index, out);
        let last = first + values.len() as u64 - 1;
        let matched = self.log().last_of_ballot(self.machine.commit_index, ballot);
        out.send(from, Message::Accepted(AcceptedReply { ballot, first, last, matched }));
    }

    fn accept_missing(&mut self, ballot: Ballot, first: Slot, values: &Values, out: &mut Out) {
        let known = self.machine.commit_index.saturating_sub(first - 1).min(values.len() as u64);
        let (first, new) = (first + known, &values[known as usize..]);
        let mut has_all = true;
        for (slot, payload) in (first..).zip(new) {
            match self.log().get(slot) {
                Some(held) if held.ballot == ballot && held.payload != *payload => {
                    out.violation(format!("two values are offered in slot {slot} under ballot {ballot}"));
                    return;
                }
                Some(held) if held.ballot == ballot => {}
                _ => has_all = false,
            }
        }
        if !has_all {
            let values = if known == 0 { values.clone() } else { Values::from(new.to_vec()) };
            self.persist(Write::Accept { ballot, first, values }, out);
        }
    }

    /// What the leader has accepted itself is on its disk.
    pub(super) fn on_own_acceptance_persisted(&mut self, ballot: Ballot, first: Slot, last: Slot, out: &mut Out) {
        if self.leads() == Some(ballot) {
            out.rule(Rule::OwnAcceptanceDurable);
            self.count_acceptances(self.seat.id, first, last, out);
        }
    }

    /// An acceptor has accepted. What it accepted in another ballot counts for nothing in this one.
    pub(super) fn on_accepted(&mut self, from: NodeId, reply: &AcceptedReply, out: &mut Out) {
        let any_counts = self.has(Mutation::StaleAcceptancesCounted);
        let Role::Leader(leader) = &mut self.role else { return };
        if reply.ballot != leader.ballot && !any_counts {
            return;
        }
        leader.heard.insert(from);
        let mut goes_on = false;
        if let Some(progress) = leader.progress.get_mut(from.index()) {
            progress.matched = progress.matched.max(reply.matched);
            goes_on = progress.sent_again > 0 && progress.matched >= progress.sent_again;
        }
        self.count_acceptances(from, reply.first, reply.last, out);
        if goes_on {
            self.send_again(from, out);
        }
    }

    /// The next heartbeat is due. What was proposed before it should have been acknowledged when it is answered.
    pub(super) fn on_heartbeat_timeout(&mut self, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        leader.overdue = leader.next_slot - 1;
        self.config.timing().next_heartbeat(out);
        // Answers to the round under way may be lost: the reads that come after it need not wait for them.
        self.begin_awaited_round();
        self.broadcast_heartbeat(out);
    }

    /// Says to all that the leader is there, and asks whether it still leads.
    pub(super) fn broadcast_heartbeat(&mut self, out: &mut Out) {
        let Role::Leader(leader) = &self.role else { return };
        out.rule(Rule::Heartbeat);
        for peer in self.seat.peers() {
            out.send_now(
                peer,
                Message::Heartbeat {
                    ballot: leader.ballot,
                    commit_index: self.machine.commit_index,
                    round: leader.round,
                },
            );
        }
    }

    /// A heartbeat. Its ballot is promised too: the answer says that this acceptor follows no other.
    pub(super) fn on_heartbeat(&mut self, from: NodeId, ballot: Ballot, commit_index: Slot, round: u64, out: &mut Out) {
        if !self.follow(from, ballot, out) {
            return;
        }
        self.raise_promise(ballot, out);
        self.learn_commit(ballot, commit_index, out);
        let matched = self.log().last_of_ballot(self.machine.commit_index, ballot);
        out.send(from, Message::HeartbeatReply { ballot, matched, round });
    }

    /// A follower is there. It may have forgotten in a crash what it knew to be chosen, so its word counts and not what
    /// it said before.
    pub(super) fn on_heartbeat_reply(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        matched: Slot,
        round: u64,
        out: &mut Out,
    ) {
        let commit_index = self.machine.commit_index;
        if self.leads() != Some(ballot) {
            if self.has(Mutation::ConfirmationOfEarlierEpoch) {
                self.confirm_round(from, round, out);
            }
            return;
        }
        let Role::Leader(leader) = &mut self.role else { return };
        leader.heard.insert(from);
        if let Some(progress) = leader.progress.get_mut(from.index()) {
            progress.matched = matched;
        }
        self.count_acceptances(from, commit_index + 1, matched, out);
        self.confirm_round(from, round, out);
        self.send_again(from, out);
    }

    /// Offers a follower what it lacks and should have by now: a message at a time, or the state if the slots are
    /// forgotten.
    pub(super) fn send_again(&mut self, peer: NodeId, out: &mut Out) {
        let (base, max, bytes_max) =
            (self.log().base(), self.config.slots_per_message_max, self.config.bytes_per_message_max);
        let never = self.has(Mutation::DecisionNeverResent);
        let Role::Leader(leader) = &mut self.role else { return };
        let overdue = leader.overdue;
        let Some(progress) = leader.progress.get_mut(peer.index()) else { return };
        progress.sent_again = 0;
        let matched = progress.matched;
        if matched >= overdue || never {
            return;
        }
        if matched < base {
            self.send_state_again(peer, out);
            return;
        }
        leader.transfers.end(peer);
        let last = self.durable.log.last_within(matched + 1, overdue.min(matched + max), bytes_max);
        progress.sent_again = last;
        out.rule(Rule::SentAgain);
        self.send_accept(peer, matched + 1, last, out);
    }
}
