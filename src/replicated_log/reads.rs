//! Reads that need no index in the log.
//!
//! A leader may have been deposed without knowing it, so it must not answer a read from its own state just so. A read
//! waits until a majority has confirmed, *after the read came in*, that the leader still leads, and until the leader
//! has applied all that the read must see. Confirmations come in numbered *rounds* of heartbeats: an answer to an older
//! round confirms nothing. Which index a read must see, and when a round begins, each protocol says for itself.

use super::Index;
use crate::kv::{Reply, Request};
use crate::process::{Fingerprint, Fingerprinter, NodeId, Outbox, Process, Seat, fingerprint_struct};
use std::collections::VecDeque;

/// What must come about before a read is answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Confirmation {
    /// The leader has applied so far.
    pub index: Index,
    /// A majority has answered this round, or a later one.
    pub round: u64,
}

fingerprint_struct!(Confirmation { index, round });

/// A read, and what it waits for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingRead<W> {
    /// The read.
    pub request: Request,
    /// What it waits for.
    pub awaits: W,
}

impl<W: Fingerprint> Fingerprint for PendingRead<W> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { request, awaits } = self;
        request.fingerprint(into);
        awaits.fingerprint(into);
    }
}

/// The reads that wait, oldest first; of each client one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reads<W>(VecDeque<PendingRead<W>>);

impl<W> Default for Reads<W> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<W: Fingerprint> Fingerprint for Reads<W> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        self.0.fingerprint(into);
    }
}

impl<W> Reads<W> {
    /// Takes a read in, and says whether it did. A retry or a late copy is not taken: the read that waits will be
    /// answered, and must not begin again. A new one of the same client takes the place of what the client has given
    /// up.
    pub fn admit(&mut self, request: &Request, awaits: W) -> bool {
        let is_copy = |read: &PendingRead<W>| read.request.sequence >= request.sequence;
        if self.0.iter().any(|read| read.request.client == request.client && is_copy(read)) {
            return false;
        }
        self.0.retain(|read| read.request.client != request.client);
        self.0.push_back(PendingRead { request: request.clone(), awaits });
        true
    }

    /// The oldest.
    pub fn first(&self) -> Option<&PendingRead<W>> {
        self.0.front()
    }

    /// The latest.
    pub fn last(&self) -> Option<&PendingRead<W>> {
        self.0.back()
    }

    /// All, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &PendingRead<W>> {
        self.0.iter()
    }

    /// All, oldest first.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut PendingRead<W>> {
        self.0.iter_mut()
    }

    /// The oldest is answered.
    pub fn pop_first(&mut self) -> Option<PendingRead<W>> {
        self.0.pop_front()
    }

    /// Takes out those that need not wait any more, oldest first.
    pub fn take_ready(&mut self, is_ready: impl Fn(&W) -> bool) -> Vec<Request> {
        let (ready, waiting) = std::mem::take(&mut self.0).into_iter().partition(|read| is_ready(&read.awaits));
        self.0 = waiting;
        let ready: VecDeque<_> = ready;
        ready.into_iter().map(|read| read.request).collect()
    }

    /// Who led leads no more: all are turned away, each by this rule.
    pub fn turn_away<P>(self, rule: P::Rule, leader: Option<NodeId>, out: &mut Outbox<P>)
    where
        P: Process<Message: From<Reply>>,
    {
        for read in self.0 {
            out.rule(rule);
            out.send(read.request.client, Reply::not_leader(read.request.sequence, leader).into());
        }
    }

    /// As a page shows them.
    pub fn texts(&self) -> Vec<String> {
        self.0.iter().map(|read| read.request.command.to_string()).collect()
    }
}

/// Whether a leader has a majority for it, itself counted: the others are asked.
pub fn majority_confirms(seat: Seat, confirms: impl Fn(NodeId) -> bool) -> bool {
    1 + seat.peers().filter(|&peer| confirms(peer)).count() >= seat.majority() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::Command;

    fn read(client: u16, sequence: u64) -> Request {
        Request { client: NodeId(client), sequence, command: Command::Get { key: "x".into() } }
    }

    fn waiting(reads: &Reads<()>) -> Vec<(u16, u64)> {
        reads.iter().map(|read| (read.request.client.0, read.request.sequence)).collect()
    }

    #[test]
    fn a_retry_or_a_late_copy_does_not_begin_again() {
        let mut reads = Reads::default();
        assert!(reads.admit(&read(5, 2), ()));
        assert!(reads.admit(&read(6, 1), ()));
        assert!(!reads.admit(&read(5, 2), ()), "a retry");
        assert!(!reads.admit(&read(5, 1), ()), "a late copy");
        assert_eq!(waiting(&reads), [(5, 2), (6, 1)]);
    }

    #[test]
    fn a_new_read_takes_the_place_of_what_its_client_has_given_up() {
        let mut reads = Reads::default();
        reads.admit(&read(5, 2), ());
        reads.admit(&read(6, 1), ());
        assert!(reads.admit(&read(5, 3), ()));
        assert_eq!(waiting(&reads), [(6, 1), (5, 3)]);
    }

    #[test]
    fn the_leader_counts_for_itself() {
        let seat = Seat { id: NodeId(0), replicas: 5 };
        assert!(!majority_confirms(seat, |peer| peer == NodeId(1)));
        assert!(majority_confirms(seat, |peer| peer.0 <= 2));
        assert!(majority_confirms(Seat { id: NodeId(0), replicas: 1 }, |_| false));
    }
}
