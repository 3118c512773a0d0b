//! Clients' requests, and reads that need no slot.
//!
//! A leader may have lost its ballot without knowing it, so it must not answer a read from its own state just so. It (1) notes what the read must see:
//! the commit index, and all that it found in phase 1, since any of that may have been chosen and answered by a leader before it; (2) starts a
//! round of heartbeats and waits until a majority has answered *that round or a later one*: so nobody else had a majority's promises when the read
//! came in; (3) waits until it has applied what it noted, and (4) answers. Rounds are numbered within a ballot, so an answer to an older heartbeat, or
//! to one of an earlier ballot of the same leader, confirms nothing.
//!
//! Reads that wait together share a round. A round that is under way began before the read came in, so it cannot confirm it; all that come in
//! meanwhile wait for the next one, which begins when a majority has answered this one, or with the next heartbeat (the same is said of Raft in
//! Ongaro's dissertation, 6.4).

use super::log::Payload;
use super::rule::{Mutation, Rule};
use super::state::{Leader, PendingRead, Role};
use super::{Message, MultiPaxos, Out};
use crate::kv::Request;
use crate::process::NodeId;
use std::sync::Arc;

impl MultiPaxos {
    /// A client's request.
    pub(super) fn on_request(&mut self, request: &Request, out: &mut Out) {
        if !matches!(self.role, Role::Leader(_)) {
            out.rule(Rule::NotLeaderAnswered);
            out.send(request.client, Message::not_leader(request.sequence, self.leader));
        } else if request.command.is_read() {
            self.on_read(request, out);
        } else if let Some(answer) = self.store.answered(request.client, request.sequence).filter(|_| !self.has(Mutation::SessionsOff)) {
            out.rule(Rule::DuplicateAnswered);
            out.send(request.client, Message::answer(request.sequence, answer.clone()));
        } else {
            out.rule(Rule::Proposed);
            self.propose(vec![Arc::new(Payload::Command(request.clone()))], out);
        }
    }

    fn on_read(&mut self, request: &Request, out: &mut Out) {
        if self.has(Mutation::ReadUnconfirmed) {
            out.rule(Rule::ReadServed);
            out.send(request.client, Message::answer(request.sequence, self.store.read(request.command.key())));
            return;
        }
        let (commit_index, own_only) = (self.commit_index, self.has(Mutation::ReadBeforeInherited));
        let Role::Leader(leader) = &mut self.role else { return };
        let waits_already = |read: &PendingRead| read.request.client == request.client && read.request.sequence >= request.sequence;
        if leader.reads.iter().any(waits_already) {
            // A retry or a late copy: the read that waits will be answered, and must not start again from the beginning.
            return;
        }
        out.rule(Rule::ReadIndexTaken);
        // The client has given up the read before it.
        leader.reads.retain(|read| read.request.client != request.client);
        let read_index = if own_only { commit_index } else { commit_index.max(leader.inherited) };
        leader.reads.push_back(PendingRead { request: request.clone(), read_index, round: leader.round + 1 });
        self.serve_confirmed_reads(out);
    }

    /// Whether a majority has answered a round, or a later one. The leader itself always has.
    fn is_confirmed(&self, leader: &Leader, round: u64) -> bool {
        let has = |peer: NodeId| leader.progress.get(peer.index()).is_some_and(|progress| progress.round >= round);
        1 + self.seat.peers().filter(|&peer| has(peer)).count() >= self.seat.majority() as usize
    }

    /// Begins the round that reads wait for, if some do. Says whether it did.
    pub(super) fn begin_awaited_round(&mut self) -> bool {
        let Role::Leader(leader) = &mut self.role else { return false };
        let is_awaited = leader.reads.back().is_some_and(|read| read.round > leader.round);
        leader.round += u64::from(is_awaited);
        is_awaited
    }

    /// A follower has answered a round.
    pub(super) fn confirm_round(&mut self, from: NodeId, round: u64, out: &mut Out) {
        let any_will_do = self.has(Mutation::ReadRoundReused);
        let Role::Leader(leader) = &mut self.role else { return };
        let latest = leader.reads.back().map_or(leader.round, |read| read.round);
        if let Some(progress) = leader.progress.get_mut(from.index()) {
            progress.round = progress.round.max(if any_will_do { latest } else { round });
        }
        self.serve_confirmed_reads(out);
    }

    /// Answers what a majority has confirmed and what is applied. When no round is under way any more, the next one begins for those that wait for it.
    pub(super) fn serve_confirmed_reads(&mut self, out: &mut Out) {
        loop {
            self.serve_reads_of_confirmed_rounds(out);
            let Role::Leader(leader) = &self.role else { return };
            if !self.is_confirmed(leader, leader.round) || !self.begin_awaited_round() {
                return;
            }
            self.broadcast_heartbeat(out);
        }
    }

    fn serve_reads_of_confirmed_rounds(&mut self, out: &mut Out) {
        while let Role::Leader(leader) = &self.role {
            let is_ready = |read: &&PendingRead| self.last_applied >= read.read_index && self.is_confirmed(leader, read.round);
            let Some(read) = leader.reads.front().filter(is_ready) else { return };
            out.rule(Rule::ReadServed);
            let answer = self.store.read(read.request.command.key());
            out.send(read.request.client, Message::answer(read.request.sequence, answer));
            if let Role::Leader(leader) = &mut self.role {
                leader.reads.pop_front();
            }
        }
    }
}
