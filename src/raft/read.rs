//! Clients' requests, and linearizable reads by ReadIndex (section 8; dissertation, 6.4).
//!
//! A leader may have been deposed without knowing it, so it must not answer a read from its own state just so. It
//! (1) waits until it has committed an entry of its own term, (2) notes its commit index, (3) starts a round of heartbeats and
//! waits until a majority has answered *that round or a later one*, (4) waits until it has applied up to the noted index, and (5) answers.
//! Rounds are numbered within a term, so an acknowledgement of an older heartbeat, late or duplicated, confirms nothing. One round serves
//! any number of reads: those that come in while one is under way wait for its end, and share the next.

use super::log::{Entry, Payload};
use super::rule::{Mutation, Rule};
use super::state::{PendingRead, Role};
use super::{Message, Out, Raft};
use crate::kv::Request;
use crate::process::NodeId;
use std::sync::Arc;

impl Raft {
    /// A client's request.
    pub(super) fn on_request(&mut self, request: &Request, out: &mut Out) {
        if !matches!(self.role, Role::Leader(_)) {
            if self.has(Mutation::FollowerReads) && request.command.is_read() {
                out.rule(Rule::ReadServed);
                out.send(request.client, Message::answer(request.sequence, self.store.read(request.command.key())));
                return;
            }
            out.rule(Rule::NotLeaderAnswered);
            out.send(request.client, Message::not_leader(request.sequence, self.leader));
        } else if request.command.is_read() && !self.config.reads_through_log {
            self.on_read(request, out);
        } else if let Some(answer) = self.store.answered(request.client, request.sequence).filter(|_| !self.has(Mutation::SessionsOff)) {
            out.rule(Rule::DuplicateAnswered);
            out.send(request.client, Message::answer(request.sequence, answer.clone()));
        } else {
            out.rule(Rule::CommandAppended);
            let payload = Arc::new(Payload::Command(request.clone()));
            self.append_own(Entry { term: self.current_term(), payload }, out);
        }
    }

    fn on_read(&mut self, request: &Request, out: &mut Out) {
        if self.has(Mutation::ReadIndexOff) {
            out.rule(Rule::ReadServed);
            out.send(request.client, Message::answer(request.sequence, self.store.read(request.command.key())));
            return;
        }
        if let Role::Leader(leader) = &mut self.role {
            let waits_already = |read: &PendingRead| read.request.client == request.client && read.request.sequence >= request.sequence;
            if leader.reads.iter().any(waits_already) {
                // A retry or a late copy: the read that waits will be answered, and must not start again from the beginning.
                return;
            }
            // The client has given up the read before it.
            leader.reads.retain(|read| read.request.client != request.client);
            leader.reads.push_back(PendingRead { request: request.clone(), read_index: None });
            if leader.a_round_is_under_way() {
                out.rule(Rule::ReadWaitsForRound);
                return;
            }
        }
        self.begin_waiting_reads(out);
    }

    /// Steps 1 to 3: reads that have no index yet get one, and a round of heartbeats begins for them, unless one is under way.
    pub(super) fn begin_waiting_reads(&mut self, out: &mut Out) {
        let has_committed_in_term =
            self.log().term_at(self.commit_index) == Some(self.current_term()) || self.has(Mutation::ReadBeforeOwnCommit);
        let commit_index = self.commit_index;
        let Role::Leader(leader) = &mut self.role else { return };
        if leader.reads.iter().all(|read| read.read_index.is_some()) {
            return;
        }
        if !has_committed_in_term {
            out.rule(Rule::ReadWaitsForOwnCommit);
            return;
        }
        if leader.a_round_is_under_way() {
            return;
        }
        out.rule(Rule::ReadIndexTaken);
        leader.round += 1;
        let round = leader.round;
        for read in leader.reads.iter_mut().filter(|read| read.read_index.is_none()) {
            read.read_index = Some((commit_index, round));
        }
        self.broadcast_heartbeat(out);
        self.serve_confirmed_reads(out);
    }

    /// A follower has answered a round.
    pub(super) fn confirm_round(&mut self, from: NodeId, round: u64, out: &mut Out) {
        let any_will_do = self.has(Mutation::ReadRoundReused);
        let Role::Leader(leader) = &mut self.role else { return };
        let latest = leader.round;
        if let Some(progress) = leader.progress.get_mut(from.index()) {
            progress.round = progress.round.max(if any_will_do { latest } else { round });
        }
        self.serve_confirmed_reads(out);
    }

    /// Steps 4 and 5: answers what a majority has confirmed and what is applied. Then the next round begins for those that wait for it.
    fn serve_confirmed_reads(&mut self, out: &mut Out) {
        let (own, majority) = (self.seat.id, self.seat.majority() as usize);
        let last_applied = self.last_applied;
        let Role::Leader(leader) = &mut self.role else { return };
        while let Some(read) = leader.reads.front() {
            let Some((read_index, round)) = read.read_index else { return self.begin_waiting_reads(out) };
            let others =
                leader.progress.iter().enumerate().filter(|(place, progress)| *place != own.index() && progress.round >= round).count();
            if others + 1 < majority || last_applied < read_index {
                return;
            }
            out.rule(Rule::ReadServed);
            let answer = self.store.read(read.request.command.key());
            out.send(read.request.client, Message::answer(read.request.sequence, answer));
            leader.reads.pop_front();
        }
    }
}
