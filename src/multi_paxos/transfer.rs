//! Compaction and state transfer (PML 5.5): the state in place of the slots that led to it.
//!
//! A state that is too large for one message travels in pieces, one under way at a time; one that no answer came to is
//! sent again when a heartbeat is answered ([`crate::replicated_log::transfer`]). A promise has its state in parts that
//! leave together (`phase1`): a candidate that is outbid asks anew, and so there is nobody to answer each.

use super::message::{State, StateReply};
use super::rule::{Mutation, Rule};
use super::state::{Role, Snapshot, Write};
use super::{Message, MultiPaxos, Out};
use crate::process::NodeId;
use crate::replicated_log::AnswersAnywhere as _;
use std::sync::Arc;

impl MultiPaxos {
    /// Saves the state when enough was applied since the last time. Some slots are kept, for followers that are a
    /// little late.
    pub(super) fn maybe_take_snapshot(&mut self, out: &mut Out) {
        let (compaction, up_to) = (self.config.compaction(), self.machine.last_applied);
        let covered = self.durable.snapshot.as_ref().map_or(0, |snapshot| snapshot.up_to);
        if compaction.is_due(up_to, covered) {
            out.rule(Rule::SnapshotTaken);
            let snapshot = Arc::new(Snapshot { up_to, store: self.machine.store.clone() });
            self.persist(Write::TakeSnapshot { snapshot, forget_up_to: compaction.drops_up_to(up_to) }, out);
        }
    }

    /// The follower needs what the leader has forgotten: it gets the state, or the piece of it that it has come to. The
    /// next heartbeat finds out whether it came through.
    pub(super) fn send_state(&mut self, peer: NodeId, out: &mut Out) {
        let (bytes_max, is_sent) = (self.config.bytes_per_message_max, !self.has(Mutation::CompactionWithoutTransfer));
        let Role::Leader(leader) = &mut self.role else { return };
        let whole = leader.transfers.snapshot_for(peer, self.durable.snapshot.as_ref());
        let Some(whole) = whole.filter(|_| is_sent) else { return };
        let (snapshot, piece) = leader.transfers.next(peer, whole, bytes_max);
        out.rule(Rule::StateSent);
        // What a state covers is chosen, so it may leave before the flush.
        out.send_now(peer, Message::State(State { ballot: leader.ballot, snapshot, piece }));
    }

    /// A follower that gets pieces has answered a heartbeat: the piece under way again, if no piece was answered since
    /// the last one.
    pub(super) fn send_state_again(&mut self, peer: NodeId, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        if leader.transfers.take_answered(peer) != Some(true) {
            self.send_state(peer, out);
        }
    }

    /// The leader's state, or a piece of it.
    pub(super) fn on_state(&mut self, from: NodeId, state: &State, out: &mut Out) {
        let State { ballot, ref snapshot, piece } = *state;
        if !self.follow(from, ballot, out) {
            return;
        }
        self.raise_promise(ballot, out);
        let is_wanted = snapshot.up_to > self.machine.commit_index || self.has(Mutation::OldStateInstalled);
        let missing = match self.incoming.take_in(snapshot, piece.filter(|_| is_wanted)) {
            Ok(whole) => {
                self.install(&whole, out);
                None
            }
            Err(missing) => Some(missing),
        };
        let matched = self.log().last_of_ballot(self.machine.commit_index, ballot);
        out.send(from, Message::StateReply(StateReply { ballot, matched, piece: missing }));
    }

    /// Takes over a state that covers more than the own one. An older one would take back what is applied.
    pub(super) fn install(&mut self, snapshot: &Arc<Snapshot>, out: &mut Out) {
        if snapshot.up_to <= self.machine.commit_index && !self.has(Mutation::OldStateInstalled) {
            out.rule(Rule::StateIgnored);
            return;
        }
        out.rule(Rule::StateInstalled);
        self.incoming.clear();
        self.persist(Write::InstallSnapshot(snapshot.clone()), out);
        self.machine.install(&**snapshot);
        self.answer_who_waited(out);
    }

    /// The follower has the state, or has had more, or has a piece of it.
    pub(super) fn on_state_reply(&mut self, from: NodeId, reply: &StateReply, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        if reply.ballot != leader.ballot {
            return;
        }
        leader.heard.insert(from);
        if let Some(piece) = &reply.piece {
            if leader.transfers.on_reply(from, piece) {
                self.send_state(from, out);
            }
            return;
        }
        leader.transfers.end(from);
        if let Some(progress) = leader.progress.get_mut(from.index()) {
            progress.matched = progress.matched.max(reply.matched);
        }
        self.send_again(from, out);
    }
}
