//! Clients' requests, and linearizable reads by ReadIndex (section 8; dissertation, 6.4).
//!
//! A leader (1) waits until it has committed an entry of its own term, (2) notes its commit index, (3) starts a round
//! of heartbeats and waits until a majority has answered *that round or a later one*, (4) waits until it has applied up
//! to the noted index, and (5) answers ([`crate::replicated_log::reads`] says why). Rounds are numbered within a term,
//! so an acknowledgement of an older heartbeat, late or duplicated, confirms nothing. One round serves any number of
//! reads: those that come in while one is under way wait for its end, and share the next.

use super::log::{Entry, Payload};
use super::rule::{Mutation, Rule};
use super::state::Role;
use super::{Out, Raft};
use crate::kv::Request;
use crate::process::NodeId;
use crate::replicated_log::reads::majority_confirms;
use crate::replicated_log::{Admission, AnswersAnywhere as _, Confirmation};
use std::sync::Arc;

impl Raft {
    /// A client's request.
    pub(super) fn on_request(&mut self, request: &Request, out: &mut Out) {
        if self.is_local_read(request) {
            return self.answer_from_own_state(request, out);
        }
        match Admission::of(request, self.is_leader(), self.config.reads_through_log, self.answered(request)) {
            Admission::Elsewhere => self.turn_away(request, out),
            Admission::Read => self.on_read(request, out),
            Admission::Duplicate(answer) => {
                out.rule(Rule::DuplicateAnswered);
                self.reply(request, answer.clone(), out);
            }
            Admission::New => {
                out.rule(Rule::CommandAppended);
                let payload = Arc::new(Payload::Command(request.clone()));
                self.append_own(Entry { term: self.current_term(), payload }, out);
            }
        }
    }

    fn on_read(&mut self, request: &Request, out: &mut Out) {
        if self.has(Mutation::ReadIndexOff) {
            return self.answer_read(request, out);
        }
        if self.may_answer_by_lease() {
            out.rule(Rule::ReadServedByLease);
            return self.reply(request, self.machine.store.read(request.command.key()), out);
        }
        if let Role::Leader(leader) = &mut self.role {
            if !leader.reads.admit(request, None) {
                return;
            }
            if leader.a_round_is_under_way() {
                out.rule(Rule::ReadWaitsForRound);
                return;
            }
        }
        self.begin_waiting_reads(out);
    }

    pub(super) fn answer_read(&self, request: &Request, out: &mut Out) {
        out.rule(Rule::ReadServed);
        self.reply(request, self.machine.store.read(request.command.key()), out);
    }

    /// Steps 1 to 3: reads that have no index yet get one, and a round of heartbeats begins for them, unless one is
    /// under way.
    pub(super) fn begin_waiting_reads(&mut self, out: &mut Out) {
        let index = self.machine.commit_index;
        let has_committed_in_term = self.log().term_at(index) == Some(self.current_term());
        let may_begin = has_committed_in_term || self.has(Mutation::ReadBeforeOwnCommit);
        let Role::Leader(leader) = &mut self.role else { return };
        if leader.reads.iter().all(|read| read.awaits.is_some()) {
            return;
        }
        if !may_begin {
            out.rule(Rule::ReadWaitsForOwnCommit);
            return;
        }
        if leader.a_round_is_under_way() {
            return;
        }
        out.rule(Rule::ReadIndexTaken);
        leader.round += 1;
        let round = leader.round;
        for read in leader.reads.iter_mut().filter(|read| read.awaits.is_none()) {
            read.awaits = Some(Confirmation { index, round });
        }
        self.broadcast_heartbeat(out);
        self.serve_confirmed_reads(out);
    }

    /// A follower has answered a round.
    pub(super) fn confirm_round(&mut self, from: NodeId, round: u64, out: &mut Out) {
        let round = self.confirmed_round(round);
        if let Some(progress) = self.progress_mut(from) {
            progress.confirm(round);
        }
        self.renew_lease();
        self.serve_confirmed_reads(out);
    }

    /// Steps 4 and 5: answers what a majority has confirmed and what is applied. Then the next round begins for those
    /// that wait for it.
    fn serve_confirmed_reads(&mut self, out: &mut Out) {
        while let Role::Leader(leader) = &self.role {
            let Some(read) = leader.reads.first() else { return };
            let Some(Confirmation { index, round }) = read.awaits else { return self.begin_waiting_reads(out) };
            let has_confirmed =
                |peer: NodeId| leader.progress.get(peer.index()).is_some_and(|progress| progress.round() >= round);
            if self.machine.last_applied < index || !majority_confirms(self.seat, has_confirmed) {
                return;
            }
            self.answer_read(&read.request, out);
            if let Role::Leader(leader) = &mut self.role {
                leader.reads.pop_first();
            }
        }
    }
}
