//! A snapshot on its way to a replica that needs what others have dropped.
//!
//! One that is too large for a message travels in pieces, one under way at a time. The receiver answers each with what
//! it holds, and gets the piece that comes next; one that no answer came to is sent again. The sender keeps to the
//! snapshot that it has begun to send, although it takes later ones. The receiver installs nothing before it has the
//! whole. From whom a piece comes does not matter: snapshots that cover the same are equal.

use super::Index;
use crate::kv::Store;
use crate::kv::pieces::{Assembly, Piece, PieceReply, Transfer, fingerprint_pieces};
use crate::process::{Fingerprint, Fingerprinter, NodeId, fingerprint_struct};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The state machine at an index, with the clients' sessions that belong to it.
pub trait Snapshot: Sized {
    /// The last index that it covers, and what tells it from another with the same: that index' term, or 0.
    fn covers(&self) -> (Index, u64);

    /// The state machine.
    fn store(&self) -> &Store;

    /// A snapshot that covers the same, with another store: a part of this one's, or the whole again.
    fn with_store(&self, store: Store) -> Self;
}

/// A snapshot that is told from others by its index alone: Multi-Paxos' and Viewstamped Replication's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StateUpTo {
    /// The last index that it covers.
    pub up_to: Index,
    /// The state machine after it, with the clients' sessions that belong to it.
    pub store: Store,
}

fingerprint_struct!(StateUpTo { up_to, store });

impl Snapshot for StateUpTo {
    fn covers(&self) -> (Index, u64) {
        (self.up_to, 0)
    }

    fn store(&self) -> &Store {
        &self.store
    }

    fn with_store(&self, store: Store) -> Self {
        Self { store, ..*self }
    }
}

/// At the sender: snapshots on their way in pieces, by receiver. One that fits into a message is not among them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transfers<S>(BTreeMap<NodeId, Transfer<S>>);

impl<S> Default for Transfers<S> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// Where nothing travels in pieces, the bytes are as if there were no pieces.
impl<S: Fingerprint> Fingerprint for Transfers<S> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        fingerprint_pieces(Some(&self.0).filter(|transfers| !transfers.is_empty()), into);
    }
}

impl<S: Snapshot> Transfers<S> {
    /// Whether a snapshot is on its way to a receiver.
    pub fn is_under_way(&self, to: NodeId) -> bool {
        self.0.contains_key(&to)
    }

    /// The snapshot that a receiver gets: the one begun, or the latest.
    pub fn snapshot_for(&self, to: NodeId, latest: Option<&Arc<S>>) -> Option<Arc<S>> {
        self.0.get(&to).map(|transfer| &transfer.snapshot).or(latest).cloned()
    }

    /// What of its snapshot a receiver gets next: the whole, or the piece that the transfer has come to.
    pub fn next(&mut self, to: NodeId, snapshot: Arc<S>, bytes_max: u64) -> (Arc<S>, Option<Piece>) {
        if snapshot.store().fits(bytes_max) {
            return (snapshot, None);
        }
        let fresh = || Transfer { snapshot: snapshot.clone(), offset: 0, answered: false };
        let transfer = self.0.entry(to).or_insert_with(fresh);
        let (store, piece) = transfer.snapshot.store().piece(transfer.offset, bytes_max);
        (Arc::new(transfer.snapshot.with_store(store)), Some(piece))
    }

    /// Whether a receiver has answered a piece since this was asked last; none if nothing is on its way to it.
    pub fn take_answered(&mut self, to: NodeId) -> Option<bool> {
        self.0.get_mut(&to).map(|transfer| std::mem::take(&mut transfer.answered))
    }

    /// A receiver says what it holds. Says whether that answers the piece under way: then another is to be sent.
    pub fn on_reply(&mut self, from: NodeId, reply: &PieceReply) -> bool {
        self.0.get_mut(&from).is_some_and(|transfer| transfer.on_reply(transfer.snapshot.covers().0, reply))
    }

    /// A receiver has all up to an index: what covers no more than that has come.
    pub fn end_up_to(&mut self, to: NodeId, index: Index) {
        if self.0.get(&to).is_some_and(|transfer| transfer.snapshot.covers().0 <= index) {
            self.0.remove(&to);
        }
    }

    /// Nothing is on its way to a receiver any more.
    pub fn end(&mut self, to: NodeId) {
        self.0.remove(&to);
    }
}

/// At the receiver: a snapshot that has come in part. A crash forgets it, and its pieces come anew.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Incoming(Option<Assembly>);

impl Fingerprint for Incoming {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        fingerprint_pieces(self.0.as_ref(), into);
    }
}

impl Incoming {
    /// Takes in a snapshot, or a piece of one. The first piece of another snapshot begins it anew.
    ///
    /// # Errors
    ///
    /// While pieces are missing: the answer to this one.
    pub fn take_in<S: Snapshot>(&mut self, snapshot: &Arc<S>, piece: Option<Piece>) -> Result<Arc<S>, PieceReply> {
        let Some(piece) = piece else { return Ok(snapshot.clone()) };
        let (covers, term) = snapshot.covers();
        match Assembly::take_in(&mut self.0, (covers, term), piece, snapshot.store()) {
            Ok(store) => Ok(Arc::new(snapshot.with_store(store))),
            Err(held) => Err(PieceReply { covers, offset: piece.offset, held }),
        }
    }

    /// What has come in part is needed no more.
    pub fn clear(&mut self) {
        self.0 = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::{Command, Request};

    const PEER: NodeId = NodeId(1);
    const BYTES_MAX: u64 = 200;

    fn state(keys: u64) -> Arc<StateUpTo> {
        let mut store = Store::default();
        for sequence in 1..=keys {
            let command = Command::Put { key: format!("key {sequence}").into(), value: "v".into() };
            store.apply(&Request { client: NodeId(5), sequence, command });
        }
        Arc::new(StateUpTo { up_to: keys, store })
    }

    #[test]
    fn a_snapshot_that_fits_travels_whole_and_leaves_nothing_under_way() {
        let (mut transfers, whole) = (Transfers::default(), state(1));
        let (sent, piece) = transfers.next(PEER, whole.clone(), BYTES_MAX);
        assert_eq!((&sent, piece, transfers.is_under_way(PEER)), (&whole, None, false));
        assert_eq!(Incoming::default().take_in(&sent, piece), Ok(whole));
    }

    #[test]
    fn pieces_go_on_as_they_are_answered_and_the_receiver_has_the_whole_at_the_end() {
        let (mut transfers, mut incoming, whole) = (Transfers::default(), Incoming::default(), state(9));
        let mut pieces = 0;
        let arrived = loop {
            pieces += 1;
            // Later snapshots change nothing: the one that was begun is sent to its end.
            let latest = state(9 + pieces);
            let snapshot = transfers.snapshot_for(PEER, (pieces > 1).then_some(&latest)).unwrap_or(whole.clone());
            let (part, piece) = transfers.next(PEER, snapshot, BYTES_MAX);
            match incoming.take_in(&part, piece) {
                Ok(whole) => break whole,
                Err(reply) => {
                    assert!(transfers.on_reply(PEER, &reply), "it answers the piece under way");
                    assert!(!transfers.on_reply(PEER, &reply), "a copy of the answer does not");
                }
            }
        };
        assert!(pieces > 2, "{pieces}");
        assert_eq!(arrived, whole);
        assert_eq!((transfers.take_answered(PEER), transfers.take_answered(PEER)), (Some(true), Some(false)));
        transfers.end_up_to(PEER, 8);
        assert!(transfers.is_under_way(PEER), "it covers more than that");
        transfers.end_up_to(PEER, 9);
        assert_eq!((transfers.is_under_way(PEER), transfers.take_answered(PEER)), (false, None));
    }
}
