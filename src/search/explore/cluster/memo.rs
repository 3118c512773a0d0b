//! What processes did with inputs, so that no process has to do the same twice.
//!
//! A step changes one process, and the same process in the same state meets the same input in very many states of the cluster. What came of it is
//! therefore looked up by the fingerprints of both. It saves most of the work; and equal processes and messages are stored once, whatever
//! the number of states that they occur in. The table is only ever asked for what is in it, so its order reaches nothing.

use super::state::{Envelope, Handled, Node};
use crate::process::{Fingerprinter, NodeId, Process};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// Entries of a table before it is emptied.
const ENTRIES_MAX: usize = 1 << 18;

/// A table by fingerprints, which need no further hashing.
type ByFingerprint<V> = HashMap<u128, V, BuildHasherDefault<FirstHalf>>;

#[derive(Clone, Copy, Default)]
struct FirstHalf(u64);

impl Hasher for FirstHalf {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u128(&mut self, fingerprint: u128) {
        self.0 = fingerprint as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What came of an input.
#[derive(Debug)]
pub(super) struct Outcome<P: Process> {
    pub node: Arc<Node<P>>,
    pub sent: Vec<Arc<Envelope<P::Message>>>,
    pub violation: Option<Arc<str>>,
}

/// The kinds of input other than messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cause {
    Timer = 1,
    Restart = 2,
}

/// The table.
#[derive(Debug)]
pub(super) struct Memo<P: Process> {
    outcomes: ByFingerprint<Arc<Outcome<P>>>,
    nodes: ByFingerprint<Arc<Node<P>>>,
    bytes: u64,
}

impl<P: Process> Default for Memo<P> {
    fn default() -> Self {
        Self { outcomes: HashMap::default(), nodes: HashMap::default(), bytes: 0 }
    }
}

impl<P: Process> Memo<P> {
    /// The bytes that it takes, roughly: what is behind a process's pointers is guessed.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The outcome of an input at a process, if it is known.
    pub fn get(&self, node: &Node<P>, input: u128) -> Option<Arc<Outcome<P>>> {
        self.outcomes.get(&key(node, input)).cloned()
    }

    /// Keeps the outcome of an input at a process.
    pub fn put(&mut self, before: &Node<P>, input: u128, handled: Handled<P>, sent: Vec<Arc<Envelope<P::Message>>>) -> Arc<Outcome<P>> {
        if self.outcomes.len() >= ENTRIES_MAX {
            *self = Self::default();
        }
        let after = self.nodes.entry(handled.node.fingerprint()).or_insert_with(|| {
            self.bytes += 2 * (64 + size_of::<Node<P>>() as u64);
            Arc::new(handled.node)
        });
        let outcome = Arc::new(Outcome { node: after.clone(), sent, violation: handled.violation.map(Into::into) });
        self.bytes += 64 + (size_of::<Outcome<P>>() + outcome.sent.len() * (16 + size_of::<Envelope<P::Message>>())) as u64;
        self.outcomes.insert(key(before, input), outcome.clone());
        outcome
    }
}

fn key<P: Process>(node: &Node<P>, input: u128) -> u128 {
    node.fingerprint().rotate_left(1) ^ input
}

/// The fingerprint of an input that is no message.
pub(super) fn input_of(node: NodeId, cause: Cause, add: impl FnOnce(&mut Fingerprinter)) -> u128 {
    let mut into = Fingerprinter::new();
    into.u8(cause as u8);
    into.u16(node.0);
    add(&mut into);
    into.finish()
}
