//! Snapshots (section 7): the state in place of the entries that led to it.
//!
//! A snapshot that is too large for one message travels in pieces (figure 13), one under way at a time. The follower answers each with what it
//! holds, and gets the piece that follows; one that no answer came to is sent again with the next heartbeat. The leader keeps to the snapshot that
//! it has begun to send, although it takes later ones. The follower installs nothing before it has the whole.

use super::log::Index;
use super::message::{InstallSnapshot, InstallSnapshotReply};
use super::rule::{Mutation, Rule};
use super::state::{Role, Snapshot, Write};
use super::{Message, Out, Raft};
use crate::kv::pieces::{Assembly, Piece, PieceReply, Transfer};
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
        let (term, bytes_max) = (self.current_term(), self.config.bytes_per_message_max);
        let mutated = self.has(Mutation::SnapshotNeverSent);
        let Role::Leader(leader) = &mut self.role else { return };
        let begun = leader.transfers.get(&peer).map(|transfer| transfer.snapshot.clone());
        let Some(snapshot) = begun.or_else(|| self.durable.snapshot.clone()) else { return };
        let round = leader.round;
        if let Some(progress) = leader.progress.get_mut(peer.index()) {
            progress.next_index = snapshot.last_included_index + 1;
            progress.probing = true;
            progress.probe_sent = true;
        }
        if !mutated {
            let (snapshot, piece) = if snapshot.store.fits(bytes_max) {
                (snapshot, None)
            } else {
                let fresh = || Transfer { snapshot: snapshot.clone(), offset: 0, answered: false };
                let (part, piece) = next_piece(leader.transfers.entry(peer).or_insert_with(fresh), bytes_max);
                (part, Some(piece))
            };
            out.rule(Rule::SnapshotSent);
            // What a snapshot covers is committed, so it may leave before the flush; the log behind it is on other disks.
            out.send_now(peer, Message::InstallSnapshot(InstallSnapshot { term, snapshot, piece, round }));
        }
    }

    /// Whether a snapshot is on its way to a follower in pieces.
    pub(super) fn is_transferring_to(&self, peer: NodeId) -> bool {
        matches!(&self.role, Role::Leader(leader) if leader.transfers.contains_key(&peer))
    }

    /// A heartbeat to a follower that gets pieces: the piece under way again, if nothing was answered since the last one. Says whether it does.
    pub(super) fn transfer_on_heartbeat(&mut self, peer: NodeId, out: &mut Out) -> bool {
        let Role::Leader(leader) = &mut self.role else { return false };
        let Some(transfer) = leader.transfers.get_mut(&peer) else { return false };
        if std::mem::take(&mut transfer.answered) {
            self.send_heartbeat(peer, out);
        } else {
            self.send_snapshot(peer, out);
        }
        true
    }

    /// A follower has all up to an index: what is on its way to it has come.
    pub(super) fn end_transfer(&mut self, peer: NodeId, match_index: Index) {
        if let Role::Leader(leader) = &mut self.role
            && leader.transfers.get(&peer).is_some_and(|transfer| transfer.snapshot.last_included_index <= match_index)
        {
            leader.transfers.remove(&peer);
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
            let snapshot = match self.assemble(request) {
                Ok(snapshot) => snapshot,
                Err(piece) => {
                    let reply =
                        InstallSnapshotReply { term: self.current_term(), match_index: 0, round: request.round, piece: Some(piece) };
                    return out.send(from, Message::InstallSnapshotReply(reply));
                }
            };
            self.incoming = None;
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
        let match_index = snapshot.last_included_index;
        let reply = InstallSnapshotReply { term: self.current_term(), match_index, round: request.round, piece: None };
        out.send(from, Message::InstallSnapshotReply(reply));
    }

    /// The whole snapshot, if this was the last piece of it. Which leader a piece is from does not matter: snapshots to the same index are equal.
    fn assemble(&mut self, request: &InstallSnapshot) -> Result<Arc<Snapshot>, PieceReply> {
        let Some(piece) = request.piece else { return Ok(request.snapshot.clone()) };
        let Snapshot { last_included_index, last_included_term, ref store } = *request.snapshot;
        match Assembly::take_in(&mut self.incoming, (last_included_index, last_included_term), piece, store) {
            Ok(store) => Ok(Arc::new(Snapshot { last_included_index, last_included_term, store })),
            Err(held) => Err(PieceReply { covers: last_included_index, offset: piece.offset, held }),
        }
    }

    /// The follower has all that the snapshot covers, or a piece of it.
    pub(super) fn on_snapshot_reply(&mut self, from: NodeId, reply: &InstallSnapshotReply, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        leader.heard.insert(from);
        let Some(piece) = &reply.piece else {
            self.on_match(from, reply.match_index, reply.round, out);
            return;
        };
        let transfer = leader.transfers.get_mut(&from);
        if transfer.is_some_and(|transfer| transfer.on_reply(transfer.snapshot.last_included_index, piece)) {
            self.send_snapshot(from, out);
        }
        self.confirm_round(from, reply.round, out);
    }
}

/// The piece that a transfer has come to.
fn next_piece(transfer: &Transfer<Snapshot>, bytes_max: u64) -> (Arc<Snapshot>, Piece) {
    let Snapshot { last_included_index, last_included_term, ref store } = *transfer.snapshot;
    let (store, piece) = store.piece(transfer.offset, bytes_max);
    (Arc::new(Snapshot { last_included_index, last_included_term, store }), piece)
}
