//! Clients' requests, and reads that need no slot.
//!
//! A leader (1) notes what a read must see: the commit index, and all that it found in phase 1, since any of that may
//! have been chosen and answered by a leader before it; (2) starts a round of heartbeats and waits until a majority has
//! answered *that round or a later one*: so nobody else had a majority's promises when the read came in; (3) waits
//! until it has applied what it noted, and (4) answers ([`crate::replicated_log::reads`] says why). Rounds are numbered
//! within a ballot, so an answer to an older heartbeat, or to one of an earlier ballot of the same leader, confirms
//! nothing.
//!
//! Reads that wait together share a round. A round that is under way began before the read came in, so it cannot
//! confirm it; all that come in meanwhile wait for the next one, which begins when a majority has answered this one, or
//! with the next heartbeat (the same is said of Raft in Ongaro's dissertation, 6.4).

use super::log::Payload;
use super::rule::{Mutation, Rule};
use super::state::{Leader, Role};
use super::{Message, MultiPaxos, Out};
use crate::kv::Request;
use crate::process::NodeId;
use crate::replicated_log::reads::majority_confirms;
use crate::replicated_log::{Admission, AnswersAnywhere as _, Confirmation};
use std::sync::Arc;

impl MultiPaxos {
    /// A client's request.
    pub(super) fn on_request(&mut self, request: &Request, out: &mut Out) {
        if self.is_local_read(request) {
            return self.answer_from_own_state(request, out);
        }
        match Admission::of(request, self.is_leader(), false, self.answered(request)) {
            Admission::Elsewhere => {
                out.rule(Rule::NotLeaderAnswered);
                out.send(request.client, Message::not_leader(request.sequence, self.leader));
            }
            Admission::Read => self.on_read(request, out),
            Admission::Duplicate(answer) => {
                out.rule(Rule::DuplicateAnswered);
                self.reply(request, answer.clone(), out);
            }
            Admission::New => {
                out.rule(Rule::Proposed);
                self.propose(vec![Arc::new(Payload::Command(request.clone()))], out);
            }
        }
    }

    fn on_read(&mut self, request: &Request, out: &mut Out) {
        if self.has(Mutation::ReadUnconfirmed) {
            return self.answer_read(request, out);
        }
        let index = self.last_that_a_read_must_see();
        let Role::Leader(leader) = &mut self.role else { return };
        if leader.reads.admit(request, Confirmation { index, round: leader.round + 1 }) {
            out.rule(Rule::ReadIndexTaken);
            self.serve_confirmed_reads(out);
        }
    }

    fn answer_read(&self, request: &Request, out: &mut Out) {
        out.rule(Rule::ReadServed);
        self.reply(request, self.machine.store.read(request.command.key()), out);
    }

    /// Whether a majority has answered a round, or a later one. The leader itself always has.
    fn is_confirmed(&self, leader: &Leader, round: u64) -> bool {
        let has = |peer: NodeId| leader.progress.get(peer.index()).is_some_and(|progress| progress.round >= round);
        majority_confirms(self.seat, has)
    }

    /// Begins the round that reads wait for, if some do. Says whether it did.
    pub(super) fn begin_awaited_round(&mut self) -> bool {
        let Role::Leader(leader) = &mut self.role else { return false };
        let is_awaited = leader.reads.last().is_some_and(|read| read.awaits.round > leader.round);
        leader.round += u64::from(is_awaited);
        is_awaited
    }

    /// A follower has answered a round.
    pub(super) fn confirm_round(&mut self, from: NodeId, round: u64, out: &mut Out) {
        let round = self.confirmed_round(round);
        let Role::Leader(leader) = &mut self.role else { return };
        if let Some(progress) = leader.progress.get_mut(from.index()) {
            progress.round = progress.round.max(round);
        }
        self.serve_confirmed_reads(out);
    }

    /// Answers what a majority has confirmed and what is applied. When no round is under way any more, the next one
    /// begins for those that wait for it.
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
            let Some(read) = leader.reads.first() else { return };
            let Confirmation { index, round } = read.awaits;
            if self.machine.last_applied < index || !self.is_confirmed(leader, round) {
                return;
            }
            self.answer_read(&read.request, out);
            if let Role::Leader(leader) = &mut self.role {
                leader.reads.pop_first();
            }
        }
    }
}
