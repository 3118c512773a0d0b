//! Snapshots (section 7): the state in place of the entries that led to it.
//!
//! A snapshot that is too large for one message travels in pieces (figure 13), one under way at a time; one that no
//! answer came to is sent again with the next heartbeat ([`crate::replicated_log::transfer`]).

use super::message::{InstallSnapshot, InstallSnapshotReply};
use super::rule::{Mutation, Rule};
use super::state::{Role, Snapshot, Write};
use super::{Message, Out, Raft};
use crate::process::NodeId;
use crate::replicated_log::AnswersAnywhere as _;
use std::sync::Arc;

impl Raft {
    /// Takes a snapshot when enough was applied since the last one. Some entries are kept, for followers that are a
    /// little late.
    pub(super) fn maybe_take_snapshot(&mut self, out: &mut Out) {
        let covered = self.durable.snapshot.as_ref().map_or(0, |snapshot| snapshot.last_included_index);
        if self.config.compaction().is_due(self.machine.last_applied, covered) {
            self.take_snapshot(self.config.snapshot_trailing, out);
        }
    }

    /// Takes a snapshot of all that is applied, and keeps so many of the entries that it covers. Whoever drives the
    /// server may ask for one at any time: when to take it is no matter of the protocol (section 7).
    pub fn take_snapshot(&mut self, trailing: u64, out: &mut Out) {
        let last_included_index = self.machine.last_applied;
        let Some(last_included_term) = self.log().term_at(last_included_index) else { return };
        out.rule(Rule::SnapshotTaken);
        let snapshot = Snapshot { last_included_index, last_included_term, store: self.machine.store.clone() };
        let drop_up_to = last_included_index.saturating_sub(trailing);
        self.persist(Write::TakeSnapshot { snapshot: Arc::new(snapshot), drop_up_to }, out);
    }

    /// The follower needs what the leader has dropped: it gets the snapshot. One at a time; the next heartbeat finds
    /// out whether it came through.
    pub(super) fn send_snapshot(&mut self, peer: NodeId, out: &mut Out) {
        let (term, bytes_max) = (self.current_term(), self.config.bytes_per_message_max);
        let is_sent = !self.has(Mutation::SnapshotNeverSent);
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(snapshot) = leader.transfers.snapshot_for(peer, self.durable.snapshot.as_ref()) else { return };
        if let Some(progress) = leader.progress.get_mut(peer.index()) {
            progress.sent_snapshot(snapshot.last_included_index);
        }
        if is_sent {
            let (snapshot, piece) = leader.transfers.next(peer, snapshot, bytes_max);
            out.rule(Rule::SnapshotSent);
            // What a snapshot covers is committed, so it may leave before the flush; the log up to its end is on other
            // disks.
            let round = leader.round;
            out.send_now(peer, Message::InstallSnapshot(InstallSnapshot { term, snapshot, piece, round }));
        }
    }

    /// Whether a snapshot is on its way to a follower in pieces.
    pub(super) fn is_transferring_to(&self, peer: NodeId) -> bool {
        matches!(&self.role, Role::Leader(leader) if leader.transfers.is_under_way(peer))
    }

    /// A heartbeat to a follower that gets pieces: the piece under way again, if nothing was answered since the last
    /// one. Says whether it does.
    pub(super) fn transfer_on_heartbeat(&mut self, peer: NodeId, out: &mut Out) -> bool {
        let Role::Leader(leader) = &mut self.role else { return false };
        match leader.transfers.take_answered(peer) {
            None => return false,
            Some(true) => self.send_heartbeat(peer, out),
            Some(false) => self.send_snapshot(peer, out),
        }
        true
    }

    /// InstallSnapshot of the current term.
    pub(super) fn on_install_snapshot(&mut self, from: NodeId, request: &InstallSnapshot, out: &mut Out) {
        self.follow(from, out);
        if self.is_leader() {
            return;
        }
        let last_included_index = request.snapshot.last_included_index;
        let mut reply = InstallSnapshotReply {
            term: self.current_term(),
            match_index: last_included_index,
            round: request.round,
            piece: None,
        };
        if last_included_index <= self.machine.commit_index && !self.has(Mutation::OldSnapshotInstalled) {
            // Older than what is committed here: installing it would take entries back.
            out.rule(Rule::SnapshotIgnored);
        } else {
            match self.incoming.take_in(&request.snapshot, request.piece) {
                Ok(whole) => {
                    self.install(whole, out);
                    reply.term = self.current_term();
                }
                Err(piece) => (reply.match_index, reply.piece) = (0, Some(piece)),
            }
        }
        out.send(from, Message::InstallSnapshotReply(reply));
    }

    /// The snapshot replaces the state and the log that it covers (figure 13, steps 5 to 8).
    fn install(&mut self, snapshot: Arc<Snapshot>, out: &mut Out) {
        self.incoming.clear();
        out.rule(Rule::SnapshotInstalled);
        let keep_tail = self.has(Mutation::SnapshotKeepsConflictingTail);
        self.persist(Write::InstallSnapshot { snapshot: snapshot.clone(), keep_tail }, out);
        self.take_term_of(&snapshot, out);
        self.machine.install(&*snapshot);
        self.answer_who_waited(out);
    }

    /// The follower has all that the snapshot covers, or a piece of it.
    pub(super) fn on_snapshot_reply(&mut self, from: NodeId, reply: &InstallSnapshotReply, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        leader.heard.insert(from);
        let Some(piece) = &reply.piece else {
            self.on_match(from, reply.match_index, reply.round, out);
            return;
        };
        if leader.transfers.on_reply(from, piece) {
            self.send_snapshot(from, out);
        }
        self.confirm_round(from, reply.round, out);
    }
}
