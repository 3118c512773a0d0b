//! What processes did with inputs, so that no process has to do the same twice.
//!
//! A step changes one process, and the same process in the same state meets the same input in very many states of the
//! cluster. What came of it is therefore looked up by the fingerprints of both. It saves most of the work. Equal
//! processes, messages and memories are stored once, whatever the number of states that they occur in: a state is
//! little more than pointers to them. The tables are only ever asked for what is in them, so their order reaches
//! nothing.

use super::state::{Envelope, Handled, Node};
use crate::process::{Fingerprint, Fingerprinter, NodeId, Process};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// Outcomes that are kept before they are forgotten.
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
    /// What is left if it crashes when it has written and not yet sent. None if it wrote nothing, or nobody may crash.
    pub torn: Option<Torn<P>>,
}

/// What is left of a process that crashed when it had written and not yet sent.
#[derive(Debug)]
pub(super) struct Torn<P: Process> {
    /// The process, down.
    pub node: Arc<Node<P>>,
    /// What may have left before.
    pub early: Vec<Arc<Envelope<P::Message>>>,
    /// What never left.
    pub unsent: Vec<Arc<Envelope<P::Message>>>,
}

/// The kinds of input other than messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cause {
    Timer = 1,
    Restart = 2,
}

/// Things of a kind that are equal are stored once. Each with the bytes that it takes, roughly.
#[derive(Debug)]
struct Shared<T> {
    things: ByFingerprint<(Arc<T>, u64)>,
    bytes: u64,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { things: HashMap::default(), bytes: 0 }
    }
}

impl<T> Shared<T> {
    /// The one thing with a fingerprint; this one, if there was none.
    fn share(&mut self, fingerprint: u128, thing: T, bytes: impl FnOnce(&T) -> u64) -> Arc<T> {
        let total = &mut self.bytes;
        let (shared, _) = self.things.entry(fingerprint).or_insert_with(|| {
            // Of the table, of the two counts behind the pointer, and of the thing.
            let bytes = 64 + bytes(&thing);
            *total += bytes;
            (Arc::new(thing), bytes)
        });
        shared.clone()
    }

    /// Forgets what nobody else holds. What a state in the queue holds stays, and stays counted.
    fn forget_unused(&mut self) {
        self.things.retain(|_, (thing, _)| Arc::strong_count(thing) > 1);
        self.things.shrink_to_fit();
        self.bytes = self.things.values().map(|(_, bytes)| bytes).sum();
    }
}

/// The table: outcomes, and all that states share.
#[derive(Debug)]
pub(super) struct Memo<P: Process, H> {
    outcomes: ByFingerprint<Arc<Outcome<P>>>,
    outcome_bytes: u64,
    nodes: Shared<Node<P>>,
    envelopes: Shared<Envelope<P::Message>>,
    memories: Shared<H>,
}

impl<P: Process, H> Default for Memo<P, H> {
    fn default() -> Self {
        let (nodes, envelopes, memories) = (Shared::default(), Shared::default(), Shared::default());
        Self { outcomes: HashMap::default(), outcome_bytes: 0, nodes, envelopes, memories }
    }
}

impl<P: Process, H: Fingerprint> Memo<P, H> {
    /// The bytes that it takes, roughly: what is behind the pointers of processes and messages is guessed.
    pub fn bytes(&self) -> u64 {
        self.outcome_bytes + self.nodes.bytes + self.envelopes.bytes + self.memories.bytes
    }

    /// The outcome of an input at a process, if it is known.
    pub fn get(&self, node: &Node<P>, input: u128) -> Option<Arc<Outcome<P>>> {
        self.outcomes.get(&key(node, input)).cloned()
    }

    /// Keeps the outcome of an input at a process. `envelopes` puts what it sent into envelopes, as far as the network
    /// knows the receivers.
    pub fn put(
        &mut self,
        before: &Node<P>,
        input: u128,
        mut handled: Handled<P>,
        envelopes: impl Fn(Vec<(NodeId, P::Message)>) -> Vec<Envelope<P::Message>>,
    ) -> Arc<Outcome<P>> {
        if self.outcomes.len() >= ENTRIES_MAX {
            self.forget();
        }
        let sent = envelopes(std::mem::take(&mut handled.sent));
        let torn = handled.written.take().map(|written| {
            let down = Node::new(None, written.disk, Default::default(), handled.node.incarnation + 1);
            let mut shared =
                |messages| envelopes(messages).into_iter().map(|envelope| self.envelope(envelope)).collect();
            let (early, unsent) = (shared(written.early), shared(written.unsent));
            Torn { node: self.node(down), early, unsent }
        });
        let outcome = Outcome {
            torn,
            node: self.node(handled.node),
            sent: sent.into_iter().map(|envelope| self.envelope(envelope)).collect(),
            violation: handled.violation.map(Into::into),
        };
        let outcome = Arc::new(outcome);
        self.outcome_bytes += 64 + (size_of::<Outcome<P>>() + outcome.sent.len() * size_of::<usize>()) as u64;
        self.outcomes.insert(key(before, input), outcome.clone());
        outcome
    }

    /// Shares a process with all states that have the same.
    pub fn node(&mut self, node: Node<P>) -> Arc<Node<P>> {
        self.nodes.share(node.fingerprint(), node, |_| 2 * size_of::<Node<P>>() as u64)
    }

    /// Shares a message with all states in which the same is in flight.
    pub fn envelope(&mut self, envelope: Envelope<P::Message>) -> Arc<Envelope<P::Message>> {
        self.envelopes.share(envelope.fingerprint(), envelope, |_| 2 * size_of::<Envelope<P::Message>>() as u64)
    }

    /// Shares what is remembered with all states that remember the same.
    pub fn memory(&mut self, memory: H, bytes: impl FnOnce(&H) -> u64) -> Arc<H> {
        self.memories.share(memory.fingerprint_of(), memory, bytes)
    }

    /// Forgets all outcomes, and what only they held.
    fn forget(&mut self) {
        self.outcomes = HashMap::default();
        self.outcome_bytes = 0;
        self.nodes.forget_unused();
        self.envelopes.forget_unused();
        self.memories.forget_unused();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn memories(numbers: std::ops::Range<u64>, memo: &mut Memo<crate::paxos::Paxos, u64>) -> Vec<Arc<u64>> {
        numbers.map(|number| memo.memory(number, |_| 100)).collect()
    }

    #[test]
    fn equal_things_are_stored_and_counted_once() {
        let mut memo = Memo::default();
        let (first, second) = (memories(0..10, &mut memo), memories(0..10, &mut memo));
        assert!(first.iter().zip(&second).all(|(one, other)| Arc::ptr_eq(one, other)));
        assert_eq!(memo.bytes(), 10 * 164);
    }

    #[test]
    fn what_a_state_still_holds_stays_counted_when_the_rest_is_forgotten() {
        let mut memo = Memo::default();
        let mut held = memories(0..10, &mut memo);
        held.truncate(3);
        memo.forget();
        assert_eq!(memo.bytes(), 3 * 164);
        assert!(Arc::ptr_eq(&held[2], &memo.memory(2, |_| 100)), "and is shared as before");
        held.clear();
        memo.forget();
        assert_eq!(memo.bytes(), 0);
    }
}
