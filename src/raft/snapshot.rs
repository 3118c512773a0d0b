//! Snapshots (section 7): the state in place of the entries that led to it.

use super::message::{InstallSnapshot, InstallSnapshotReply};
use super::rule::{Mutation, Rule};
use super::state::{Role, Snapshot, Write};
use super::{Message, Out, Raft};
use crate::process::NodeId;
use std::sync::Arc;

impl Raft {
    fn snapshot_index(&self) -> u64 {
        self.durable.snapshot.as_ref().map_or(0, |snapshot| snapshot.last_included_index)
    }

    /// Takes a snapshot when enough was applied since the last one. Some entries are kept, for followers that are a little late.
    pub(super) fn maybe_take_snapshot(&mut self, out: &mut Out) {
        let threshold = self.config.snapshot_threshold;
        if threshold == 0 || self.last_applied < self.snapshot_index() + threshold {
            return;
        }
        self.take_snapshot(self.config.snapshot_trailing, out);
    }

    /// Takes a snapshot of all that is applied, and keeps so many applied entries behind it. Whoever drives the server may ask for one at any
    /// time: when to take it is no matter of the protocol (section 7).
    pub fn take_snapshot(&mut self, trailing: u64, out: &mut Out) {
        let Some(last_included_term) = self.log().term_at(self.last_applied) else { return };
        out.rule(Rule::SnapshotTaken);
        let snapshot = Snapshot { last_included_index: self.last_applied, last_included_term, store: self.store.clone() };
        let drop_up_to = self.last_applied.saturating_sub(trailing);
        self.persist(Write::TakeSnapshot { snapshot: Arc::new(snapshot), drop_up_to }, out);
    }

    /// The follower needs what the leader has dropped: it gets the snapshot. One at a time; the next heartbeat finds out whether it came through.
    pub(super) fn send_snapshot(&mut self, peer: NodeId, out: &mut Out) {
        let term = self.current_term();
        let Some(snapshot) = self.durable.snapshot.clone() else { return };
        let mutated = self.has(Mutation::SnapshotNeverSent);
        let Role::Leader(leader) = &mut self.role else { return };
        let round = leader.round;
        if let Some(progress) = leader.progress.get_mut(peer.index()) {
            progress.next_index = snapshot.last_included_index + 1;
            progress.probing = true;
            progress.probe_sent = true;
        }
        if !mutated {
            out.rule(Rule::SnapshotSent);
            // What a snapshot covers is committed, so it may leave before the flush; the log behind it is on other disks.
            out.send_now(peer, Message::InstallSnapshot(InstallSnapshot { term, snapshot, round }));
        }
    }

    /// InstallSnapshot of the current term.
    pub(super) fn on_install_snapshot(&mut self, from: NodeId, request: &InstallSnapshot, out: &mut Out) {
        self.follow(from, out);
        if matches!(self.role, Role::Leader(_)) {
            return;
        }
        let snapshot = &request.snapshot;
        if snapshot.last_included_index <= self.commit_index && !self.has(Mutation::OldSnapshotInstalled) {
            // Older than what is committed here: installing it would take entries back.
            out.rule(Rule::SnapshotIgnored);
        } else {
            out.rule(Rule::SnapshotInstalled);
            let keep_tail = self.has(Mutation::SnapshotKeepsConflictingTail);
            self.persist(Write::InstallSnapshot { snapshot: snapshot.clone(), keep_tail }, out);
            if self.has(Mutation::SnapshotTermTaken) {
                self.persist(Write::Vote { current_term: snapshot.last_included_term, voted_for: None }, out);
            }
            self.store = snapshot.store.clone();
            self.commit_index = snapshot.last_included_index;
            self.last_applied = snapshot.last_included_index;
        }
        let reply = InstallSnapshotReply { term: self.current_term(), match_index: snapshot.last_included_index, round: request.round };
        out.send(from, Message::InstallSnapshotReply(reply));
    }

    /// The follower has all that the snapshot covers.
    pub(super) fn on_snapshot_reply(&mut self, from: NodeId, reply: &InstallSnapshotReply, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        leader.heard.insert(from);
        self.on_match(from, reply.match_index, reply.round, out);
    }
}
