//! Accountability: the proofs of misbehaviour that replicas hold, with the messages that carried what contradicts itself.
//!
//! A proof is what a replica says that it holds. Where its two halves travelled is looked up in the trace, for whoever wants to see them; no
//! replica knows.

use crate::process::{NodeId, Process, Ticks};
use crate::sim::{EventRecord, Trace};

/// Two things that one process signed, and that contradict each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldProof {
    /// Who is convicted.
    pub culprit: NodeId,
    /// Who holds the proof.
    pub holder: NodeId,
    /// Since when.
    pub since: Ticks,
    /// The event by which the holder got it.
    pub event: Option<u32>,
    /// What it said, and what it said besides.
    pub said: [SignedText; 2],
}

/// Something that was signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedText {
    /// In a few words.
    pub text: String,
    /// The first message that carried it: one of its signer's own, if there is one.
    pub message: Option<u32>,
}

/// The first message before an event that carries something; of its signer's own, if there is one.
pub(super) fn carrier<R: Process>(trace: &Trace<R>, before: u32, signer: NodeId, carries: impl Fn(&R::Message) -> bool) -> Option<u32> {
    let mut other = None;
    for (place, record) in trace.messages.iter().enumerate().take_while(|(_, record)| record.event < before) {
        if carries(&record.body) {
            if record.from == signer {
                return Some(place as u32);
            }
            other.get_or_insert(place as u32);
        }
    }
    other
}

/// The events of a process before another in which a rule fired, in order.
pub(super) fn firings<R: Process>(trace: &Trace<R>, before: u32, node: NodeId, rule: u8) -> impl Iterator<Item = (u32, &EventRecord)> {
    let events = trace.events.iter().take(before as usize).enumerate();
    events
        .filter(move |(_, event)| event.node == node.0 && trace.rules_of(event).any(|each| each == rule))
        .map(|(place, event)| (place as u32, event))
}
