//! Accountability: the proofs of misbehaviour that replicas hold, and who is to blame once honest replicas have
//! disagreed.
//!
//! A proof is what a replica says that it holds. Where its two halves travelled is looked up in the trace, for whoever
//! wants to see them; no replica knows.
//!
//! After a disagreement somebody collects what honest replicas have received, and looks for signed messages that no
//! process which keeps to the protocol signs both ("BFT Protocol Forensics", Sheng, Wang, Nayak, Kannan and Viswanath
//! 2021). Two quorums that contradict each other share f + 1 liars: so many can be named. The protocols' monitors know
//! what contradicts what; here is what they have in common.
//!
//! A proof is as good as the disks are: an honest replica whose disk was wiped has forgotten what it said, and no
//! message shows that it did not lie. Whoever sees the whole run knows, and says so ([`excuse`]).

use crate::kv::Replica;
use crate::process::{NodeId, Process, Ticks};
use crate::sim::{EventRecord, Trace, World};

/// Who is to blame for a disagreement of honest replicas, as far as honest replicas can prove it together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Culprits {
    /// The event after which honest replicas disagreed.
    pub event: u32,
    /// Those against whom there is a proof, by their index.
    pub named: Vec<Culprit>,
    /// Why no more can be named, in a sentence, where they are fewer than f + 1.
    pub missing: Option<String>,
}

/// One who is to blame, and the proof.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Culprit {
    /// Who.
    pub culprit: NodeId,
    /// What it did, in a sentence that begins with its name.
    pub charge: String,
    /// What it signed: the messages that no process which keeps to the protocol signs together.
    pub said: Vec<SignedText>,
    /// Why this is no lie, where whoever sees the whole run knows that.
    pub excuse: Option<String>,
}

/// Why a process that contradicts itself is no liar, as whoever sees the whole run knows: it has forgotten what it
/// said.
pub fn excuse<R: Replica>(world: &World<R>, node: NodeId) -> Option<String> {
    let machine = world.replicas().get(node.index()).filter(|_| world.is_honest(node))?;
    let name = world.name(node);
    machine.disk.forgot().map(|how| {
        format!("{name} is honest and has forgotten what it said: its disk {how}, which is beyond the model")
    })
}

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
pub(super) fn carrier<R: Process>(
    trace: &Trace<R>,
    before: u32,
    signer: NodeId,
    carries: impl Fn(&R::Message) -> bool,
) -> Option<u32> {
    let mut other = None;
    for (index, record) in trace.messages.iter().enumerate().take_while(|(_, record)| record.event < before) {
        if carries(&record.body) {
            if record.from == signer {
                return Some(index as u32);
            }
            other.get_or_insert(index as u32);
        }
    }
    other
}

/// The events of a process before another in which a rule fired, in order.
pub(super) fn firings<R: Process>(
    trace: &Trace<R>,
    before: u32,
    node: NodeId,
    rule: u8,
) -> impl Iterator<Item = (u32, &EventRecord)> {
    let events = trace.events.iter().take(before as usize).enumerate();
    events
        .filter(move |(_, event)| event.node == node.0 && trace.rules_of(event).any(|each| each == rule))
        .map(|(index, event)| (index as u32, event))
}
