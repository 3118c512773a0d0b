//! Compaction and state transfer (PML 5.5): the state in place of the slots that led to it.

use super::log::Slot;
use super::rule::{Mutation, Rule};
use super::state::{Role, Snapshot, Write};
use super::{Ballot, Message, MultiPaxos, Out};
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

    /// The follower needs what the leader has forgotten: it gets the state. The next heartbeat finds out whether it came through.
    pub(super) fn send_state(&self, peer: NodeId, out: &mut Out) {
        let Role::Leader(leader) = &self.role else { return };
        let Some(snapshot) = self.durable.snapshot.clone().filter(|_| !self.has(Mutation::CompactionWithoutTransfer)) else { return };
        out.rule(Rule::StateSent);
        // What a state covers is chosen, so it may leave before the flush.
        out.send_now(peer, Message::State { ballot: leader.ballot, snapshot });
    }

    /// The leader's state.
    pub(super) fn on_state(&mut self, from: NodeId, ballot: Ballot, snapshot: &Arc<Snapshot>, out: &mut Out) {
        if !self.follow(from, ballot, out) {
            return;
        }
        self.raise_promise(ballot, out);
        self.install(snapshot, out);
        let matched = self.log().last_of_ballot(self.commit_index, ballot);
        out.send(from, Message::StateReply { ballot, matched });
    }

    /// Takes over a state that is ahead of the own one. An older one would take back what is applied.
    pub(super) fn install(&mut self, snapshot: &Arc<Snapshot>, out: &mut Out) {
        if snapshot.up_to <= self.commit_index && !self.has(Mutation::OldStateInstalled) {
            out.rule(Rule::StateIgnored);
            return;
        }
        out.rule(Rule::StateInstalled);
        self.persist(Write::InstallSnapshot(snapshot.clone()), out);
        self.store = snapshot.store.clone();
        self.commit_index = snapshot.up_to;
        self.last_applied = snapshot.up_to;
    }

    /// The follower has the state, or has had more.
    pub(super) fn on_state_reply(&mut self, from: NodeId, ballot: Ballot, matched: Slot, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        if ballot != leader.ballot {
            return;
        }
        leader.heard.insert(from);
        if let Some(progress) = leader.progress.get_mut(from.index()) {
            progress.matched = progress.matched.max(matched);
        }
        self.send_again(from, out);
    }
}
