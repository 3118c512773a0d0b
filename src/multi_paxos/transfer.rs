//! Compaction and state transfer (PML 5.5): the state in place of the slots that led to it.
//!
//! A state that is too large for one message travels in pieces, one under way at a time. The follower answers each with what it holds, and gets the
//! piece that follows; one that no answer came to is sent again when a heartbeat is answered. The leader keeps to the state that it has begun to send,
//! although it saves later ones. The follower installs nothing before it has the whole. A promise has its state in parts that leave together
//! (`phase1`): a candidate that is outbid asks anew, and so there is nobody to answer each.

use super::message::{State, StateReply};
use super::rule::{Mutation, Rule};
use super::state::{Role, Snapshot, Write};
use super::{Message, MultiPaxos, Out};
use crate::kv::pieces::{Assembly, PieceReply, Transfer};
use crate::process::NodeId;
use std::sync::Arc;

impl MultiPaxos {
    /// Saves the state when enough was applied since the last time. Some slots are kept, for followers that are a little late.
    pub(super) fn maybe_take_snapshot(&mut self, out: &mut Out) {
        let threshold = self.config.snapshot_threshold;
        let saved = self.durable.snapshot.as_ref().map_or(0, |snapshot| snapshot.up_to);
        if threshold == 0 || self.last_applied < saved + threshold {
            return;
        }
        out.rule(Rule::SnapshotTaken);
        let snapshot = Snapshot { up_to: self.last_applied, store: self.store.clone() };
        let forget_up_to = self.last_applied.saturating_sub(self.config.snapshot_trailing);
        self.persist(Write::TakeSnapshot { snapshot: Arc::new(snapshot), forget_up_to }, out);
    }

    /// The follower needs what the leader has forgotten: it gets the state, or the piece of it that it has come to. The next heartbeat finds out
    /// whether it came through.
    pub(super) fn send_state(&mut self, peer: NodeId, out: &mut Out) {
        let (bytes_max, mutated) = (self.config.bytes_per_message_max, self.has(Mutation::CompactionWithoutTransfer));
        let Role::Leader(leader) = &mut self.role else { return };
        let begun = leader.transfers.get(&peer).map(|transfer| transfer.snapshot.clone());
        let Some(whole) = begun.or_else(|| self.durable.snapshot.clone()).filter(|_| !mutated) else { return };
        let (snapshot, piece) = if whole.store.fits(bytes_max) {
            (whole, None)
        } else {
            let fresh = || Transfer { snapshot: whole.clone(), offset: 0, answered: false };
            let offset = leader.transfers.entry(peer).or_insert_with(fresh).offset;
            let (store, piece) = whole.store.piece(offset, bytes_max);
            (Arc::new(Snapshot { up_to: whole.up_to, store }), Some(piece))
        };
        out.rule(Rule::StateSent);
        // What a state covers is chosen, so it may leave before the flush.
        out.send_now(peer, Message::State(State { ballot: leader.ballot, snapshot, piece }));
    }

    /// A follower that gets pieces has answered a heartbeat: the piece under way again, if no piece was answered since the last one.
    pub(super) fn send_state_again(&mut self, peer: NodeId, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        let waits = leader.transfers.get_mut(&peer).is_some_and(|transfer| std::mem::take(&mut transfer.answered));
        if !waits {
            self.send_state(peer, out);
        }
    }

    /// The leader's state, or a piece of it. Which leader a piece is from does not matter: states up to the same slot are equal.
    pub(super) fn on_state(&mut self, from: NodeId, state: &State, out: &mut Out) {
        let State { ballot, ref snapshot, piece } = *state;
        if !self.follow(from, ballot, out) {
            return;
        }
        self.raise_promise(ballot, out);
        let covers = snapshot.up_to;
        let is_wanted = covers > self.commit_index || self.has(Mutation::OldStateInstalled);
        let missing = match piece.filter(|_| is_wanted) {
            None => {
                self.install(snapshot, out);
                None
            }
            Some(piece) => match Assembly::take_in(&mut self.incoming, (covers, 0), piece, &snapshot.store) {
                Ok(store) => {
                    self.install(&Arc::new(Snapshot { up_to: covers, store }), out);
                    None
                }
                Err(held) => Some(PieceReply { covers, offset: piece.offset, held }),
            },
        };
        let matched = self.log().last_of_ballot(self.commit_index, ballot);
        out.send(from, Message::StateReply(StateReply { ballot, matched, piece: missing }));
    }

    /// Takes over a state that is ahead of the own one. An older one would take back what is applied.
    pub(super) fn install(&mut self, snapshot: &Arc<Snapshot>, out: &mut Out) {
        if snapshot.up_to <= self.commit_index && !self.has(Mutation::OldStateInstalled) {
            out.rule(Rule::StateIgnored);
            return;
        }
        out.rule(Rule::StateInstalled);
        self.incoming = None;
        self.persist(Write::InstallSnapshot(snapshot.clone()), out);
        self.store = snapshot.store.clone();
        self.commit_index = snapshot.up_to;
        self.last_applied = snapshot.up_to;
    }

    /// The follower has the state, or has had more, or has a piece of it.
    pub(super) fn on_state_reply(&mut self, from: NodeId, reply: &StateReply, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        if reply.ballot != leader.ballot {
            return;
        }
        leader.heard.insert(from);
        if let Some(piece) = &reply.piece {
            let transfer = leader.transfers.get_mut(&from);
            if transfer.is_some_and(|transfer| transfer.on_reply(transfer.snapshot.up_to, piece)) {
                self.send_state(from, out);
            }
            return;
        }
        leader.transfers.remove(&from);
        if let Some(progress) = leader.progress.get_mut(from.index()) {
            progress.matched = progress.matched.max(reply.matched);
        }
        self.send_again(from, out);
    }
}
