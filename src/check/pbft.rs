//! What PBFT promises of honest replicas, after every event. What a liar has is not looked at.
//!
//! The monitor keeps the first sighting of what is committed at each number, executes it on a store of its own, and compares the state of
//! every honest replica with that: so a replica that executes something else, in another order, twice, or before it is committed, is found.
//! What a replica commits, executes and throws away in one event is in no slot afterwards: it is taken from the message that the event handled, or from
//! the certificate that the replica was seen to have.

use super::accountability::{HeldProof, SignedText, carrier, firings};
use super::invariant::{Finding, Findings, Invariant, Monitor, Watched};
use crate::kv::{Request, Store};
use crate::pbft::message::{Commitment, SignedRequest};
use crate::pbft::{Digest, Message, Pbft, Proof, Rule, Said, Sequence, View};
use crate::process::{Catalogue, Fingerprint, Fingerprinter, NodeId};
use crate::sim::trace::{InputKind, flag};
use crate::sim::{Trace, World};
use std::collections::BTreeMap;
use std::sync::Arc;

const AGREEMENT: usize = 0;
const ONE_PREPARED: usize = 1;
const EXECUTION: usize = 2;
const CHECKPOINTS: usize = 3;
const VIEWS: usize = 4;
const WATER_MARKS: usize = 5;
const VALIDITY: usize = 6;
const CONVICTIONS: usize = 7;

const INVARIANTS: &[Invariant] = &[
    Invariant { name: "agreement", text: "No two honest replicas commit different requests with one number.", source: "PBFT 4.5.1" },
    Invariant {
        name: "one-prepared",
        text: "No two honest replicas prepare different requests with one number in one view.",
        source: "PBFT 4.2 and 4.5.1",
    },
    Invariant {
        name: "execution",
        text: "The state of an honest replica is that of the committed requests, each executed once, in order.",
        source: "PBFT 4.1, 4.2",
    },
    Invariant {
        name: "checkpoints-agree",
        text: "Stable checkpoints of honest replicas with one number are of one state.",
        source: "PBFT 4.3",
    },
    Invariant {
        name: "views-rise",
        text: "View and stable checkpoint of an honest replica never fall, crash or no crash.",
        source: "PBFT 4.4",
    },
    Invariant {
        name: "water-marks",
        text: "An honest replica keeps promises only for numbers between its water marks.",
        source: "PBFT 4.2, 4.3",
    },
    Invariant { name: "validity", text: "What is committed was signed by a client, or is the null request.", source: "PBFT 2, 4.2" },
    Invariant { name: "only-liars-are-convicted", text: "No honest replica is convicted of misbehaviour.", source: "not in the paper" },
];

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    wipes: u32,
    view: View,
    stable: Sequence,
    executed: Sequence,
}

/// The first sighting of what is committed at a number.
#[derive(Clone, Debug)]
struct Committed {
    event: u32,
    digest: Digest,
    request: Option<Arc<SignedRequest>>,
}

/// The first sighting of what is prepared with a number in a view.
#[derive(Clone, Debug)]
struct Prepared {
    event: u32,
    digest: Digest,
    request: Option<Arc<SignedRequest>>,
}

/// Watches a run of PBFT.
#[derive(Clone, Debug)]
pub struct PbftMonitor {
    findings: Findings,
    seen: Vec<Seen>,
    committed: BTreeMap<Sequence, Committed>,
    prepared: BTreeMap<(View, Sequence), Prepared>,
    stable: BTreeMap<Sequence, (Digest, u32)>,
    /// The state after each number, as far as nothing is missing.
    states: BTreeMap<Sequence, u128>,
    /// The number that the reference has executed last.
    tip: Sequence,
    reference: Store,
    scratch: Fingerprinter,
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

impl PbftMonitor {
    /// Looks at a replica; `told`: the message that it has just handled.
    fn look(&mut self, event: u32, node: NodeId, world: &World<Pbft>, persisted: bool, told: Option<&Message>) {
        let Some(machine) = world.replicas().get(node.index()).filter(|_| world.is_honest(node)) else { return };
        let Some(pbft) = machine.process.as_ref() else { return };
        let seen = self.seen[node.index()];
        let seen = if machine.wipes() > seen.wipes { Seen { wipes: machine.wipes(), ..Seen::default() } } else { seen };
        // Of the disk: what was not there yet when it crashed, nobody has heard of.
        let disk = &machine.disk.durable;
        let (view, stable) = (disk.view, disk.stable.as_ref().map_or(0, |stable| stable.checkpoint.sequence));
        if view < seen.view || stable < seen.stable {
            self.findings.note(VIEWS, event, || {
                format!("{} was in view {} with checkpoint {} and is in view {view} with {stable} now", name(node), seen.view, seen.stable)
            });
        }
        if persisted {
            self.look_at_slots(event, node, pbft);
            self.look_at_collected(event, node, pbft, seen.executed, told);
            self.look_at_stable(event, node, pbft);
            let culprits = pbft.proofs().keys().find(|culprit| world.is_honest(**culprit));
            if let Some(culprit) = culprits {
                self.findings.note(CONVICTIONS, event, || format!("{} convicts {}, which is honest", name(node), name(*culprit)));
            }
        }
        if pbft.executed() != seen.executed {
            self.look_at_state(event, node, pbft);
        }
        self.seen[node.index()] = Seen { wipes: machine.wipes(), view, stable, executed: pbft.executed() };
    }

    fn look_at_slots(&mut self, event: u32, node: NodeId, pbft: &Pbft) {
        let window = pbft.low_water_mark() + 1..=pbft.high_water_mark();
        for (&sequence, slot) in &pbft.durable().slots {
            if !window.contains(&sequence) {
                self.findings.note(WATER_MARKS, event, || format!("{} keeps number {sequence}, outside {window:?}", name(node)));
            }
            if let Some(certificate) = &slot.prepared {
                let said = *certificate.proposal.vote.body();
                let sighting = || Prepared { event, digest: said.digest, request: certificate.proposal.request.clone() };
                let digest = self.prepared.entry((said.view, sequence)).or_insert_with(sighting).digest;
                if digest != said.digest {
                    self.findings.note(ONE_PREPARED, event, || {
                        format!(
                            "{} has {} prepared with number {sequence} in view {}, another has {digest}",
                            name(node),
                            said.digest,
                            said.view
                        )
                    });
                }
            }
            if let Some(commitment) = &slot.committed {
                self.look_at_commitment(event, node, sequence, commitment);
            }
        }
    }

    fn look_at_commitment(&mut self, event: u32, node: NodeId, sequence: Sequence, commitment: &Arc<Commitment>) {
        let digest = commitment.commits.first().map_or(Digest::NULL, |vote| vote.body().digest);
        self.note_committed(event, node, sequence, digest, commitment.request.as_ref());
    }

    /// What was executed and thrown away since the last look, but for what a transferred state has brought.
    fn look_at_collected(&mut self, event: u32, node: NodeId, pbft: &Pbft, executed: Sequence, told: Option<&Message>) {
        let low = pbft.low_water_mark();
        if low <= executed || matches!(told, Some(Message::State(_))) {
            return;
        }
        for sequence in executed + 1..=low {
            match told {
                Some(Message::Commitment(commitment)) if is_about(commitment, sequence) => {
                    self.look_at_commitment(event, node, sequence, commitment);
                }
                Some(Message::Commit(vote)) if vote.body().sequence == sequence => {
                    self.look_at_certified(event, node, (vote.body().view, sequence), Some(vote.body().digest));
                }
                // One at most is new: others that follow were committed before, and seen then.
                _ if sequence == executed + 1 || !self.committed.contains_key(&sequence) => {
                    self.look_at_certified(event, node, (pbft.current_view(), sequence), None);
                }
                _ => {}
            }
        }
    }

    /// A number was committed upon the certificate of a view, for the digest that a commit bore.
    fn look_at_certified(&mut self, event: u32, node: NodeId, place: (View, Sequence), said: Option<Digest>) {
        let Some(Prepared { digest, request, .. }) = self.prepared.get(&place).cloned() else { return };
        // Where two certificates contradict each other, which is found elsewhere, only one of the two requests is known.
        let digest = said.unwrap_or(digest);
        self.note_committed(event, node, place.1, digest, request.as_ref().filter(|request| Digest::of(Some(request)) == digest));
    }

    fn note_committed(&mut self, event: u32, node: NodeId, sequence: Sequence, digest: Digest, request: Option<&Arc<SignedRequest>>) {
        if let Some(known) = self.committed.get(&sequence) {
            if known.digest != digest {
                let other = known.digest;
                self.findings.note(AGREEMENT, event, || {
                    format!("{} commits {digest} with number {sequence}, where {other} was committed", name(node))
                });
            }
            return;
        }
        if request.is_some_and(|request| !request.is_genuine()) {
            self.findings
                .note(VALIDITY, event, || format!("{} commits a request with number {sequence} that no client signed", name(node)));
        }
        self.committed.insert(sequence, Committed { event, digest, request: request.cloned() });
        self.advance();
    }

    /// Executes what is known to be committed and has no gap before it.
    fn advance(&mut self) {
        while let Some(next) = self.committed.get(&(self.tip + 1)) {
            if let Some(request) = &next.request {
                self.reference.apply(request.body());
            }
            self.tip += 1;
            self.states.insert(self.tip, fingerprint(&mut self.scratch, &self.reference));
        }
    }

    fn look_at_stable(&mut self, event: u32, node: NodeId, pbft: &Pbft) {
        let Some(stable) = pbft.durable().stable.as_ref() else { return };
        let checkpoint = stable.checkpoint;
        let (digest, _) = *self.stable.entry(checkpoint.sequence).or_insert((checkpoint.digest, event));
        if digest != checkpoint.digest {
            self.findings.note(CHECKPOINTS, event, || {
                format!("{} has {} as stable at {}, another has {digest}", name(node), checkpoint.digest, checkpoint.sequence)
            });
        }
    }

    fn look_at_state(&mut self, event: u32, node: NodeId, pbft: &Pbft) {
        let executed = pbft.executed();
        // Where those that executed a request have all lied at some time, nobody was looked at: from a checkpoint that a quorum has signed it goes on.
        if let Some(stable) = pbft.durable().stable.as_ref().filter(|stable| stable.checkpoint.sequence > self.tip) {
            self.tip = stable.checkpoint.sequence;
            self.reference = stable.store.clone();
            self.states.insert(self.tip, fingerprint(&mut self.scratch, &self.reference));
            self.advance();
        }
        match self.states.get(&executed) {
            Some(expected) if *expected == fingerprint(&mut self.scratch, pbft.store()) => {}
            Some(_) => {
                self.findings.note(EXECUTION, event, || format!("the state of {} at {executed} is not that of the order", name(node)));
            }
            None if executed < self.tip => {}
            None => self
                .findings
                .note(EXECUTION, event, || format!("{} has executed up to {executed}, and not all of it is committed", name(node))),
        }
    }

    fn rebuild(&mut self) {
        self.states.clear();
        self.reference = Store::default();
        self.tip = 0;
        self.states.insert(0, fingerprint(&mut self.scratch, &self.reference));
        self.advance();
    }
}

fn fingerprint(scratch: &mut Fingerprinter, store: &Store) -> u128 {
    scratch.clear();
    store.fingerprint(scratch);
    scratch.finish()
}

impl Monitor<Pbft> for PbftMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        let mut monitor = Self {
            findings: Findings::new(INVARIANTS),
            seen: vec![Seen::default(); usize::from(replicas)],
            committed: BTreeMap::new(),
            prepared: BTreeMap::new(),
            stable: BTreeMap::new(),
            states: BTreeMap::new(),
            tip: 0,
            reference: Store::default(),
            scratch: Fingerprinter::new(),
        };
        monitor.rebuild();
        monitor
    }

    fn observe(&mut self, event: u32, world: &World<Pbft>, trace: &Trace<Pbft>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        let node = NodeId(record.node);
        let changes = record.flags & flag::PERSISTED != 0 || matches!(record.input, InputKind::Start);
        let told = trace.messages.get(record.cause as usize).filter(|_| record.input == InputKind::Message);
        self.look(event, node, world, changes, told.map(|message| &message.body));
    }

    fn observe_everything(&mut self, event: u32, world: &World<Pbft>) {
        for node in (0..self.seen.len() as u16).map(NodeId) {
            self.look(event, node, world, true, None);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<Pbft>) {
        self.findings.rewind(event);
        self.committed.retain(|_, committed| committed.event < event);
        self.prepared.retain(|_, prepared| prepared.event < event);
        self.stable.retain(|_, (_, seen)| *seen < event);
        self.rebuild();
        for (seen, machine) in self.seen.iter_mut().zip(world.replicas()) {
            let disk = &machine.disk.durable;
            *seen = Seen {
                wipes: machine.wipes(),
                view: disk.view,
                stable: disk.stable.as_ref().map_or(0, |stable| stable.checkpoint.sequence),
                executed: machine.process.as_ref().map_or(0, Pbft::executed),
            };
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }

    fn carried_out(&self, before: u32, _: &World<Pbft>) -> Vec<Request> {
        let known = self.committed.values().filter(|committed| committed.event < before);
        known.filter_map(|committed| committed.request.as_ref().map(|request| request.body().clone())).collect()
    }

    fn proofs(before: u32, world: &World<Pbft>, trace: &Trace<Pbft>) -> Vec<HeldProof> {
        let up = world.replicas().iter().enumerate().filter_map(|(place, machine)| Some((place, machine.process.as_ref()?)));
        let held = up.flat_map(|(place, pbft)| pbft.proofs().values().map(move |held| (NodeId(place as u16), held)));
        held.map(|(holder, held)| {
            let rule = Rule::MisbehaviourProven.code();
            let event = firings(trace, before, holder, rule).find(|(_, event)| event.time == held.since).map(|(event, _)| event);
            HeldProof { culprit: held.proof.culprit(), holder, since: held.since, event, said: said(&held.proof, before, trace) }
        })
        .collect()
    }
}

fn is_about(commitment: &Commitment, sequence: Sequence) -> bool {
    commitment.commits.first().is_some_and(|vote| vote.body().sequence == sequence)
}

/// The halves of a proof, and which messages carried them.
fn said(proof: &Proof, before: u32, trace: &Trace<Pbft>) -> [SignedText; 2] {
    proof
        .said()
        .each_ref()
        .map(|said| SignedText { text: said.text(), message: carrier(trace, before, said.signer(), |message| carries(message, said)) })
}

/// Whether a message contains something that was signed.
fn carries(message: &Message, said: &Said) -> bool {
    match (said, message) {
        (Said::Vote(vote), Message::PrePrepare(proposal)) => proposal.vote == *vote,
        (Said::Vote(vote), Message::Prepare(other) | Message::Commit(other)) => other == vote,
        (Said::Vote(vote), Message::NewView(body)) => body.body().proposals.contains(vote),
        (Said::Vote(vote), Message::Commitment(body)) => body.commits.contains(vote),
        (Said::Checkpoint(checkpoint), Message::Checkpoint(other)) => other == checkpoint,
        (Said::ViewChange(view_change), Message::ViewChange(other)) => other == view_change,
        (Said::ViewChange(view_change), Message::NewView(body)) => body.body().view_changes.contains(view_change),
        (Said::NewView(new_view), Message::NewView(other)) => other == new_view,
        _ => false,
    }
}

impl Watched for Pbft {
    type Monitor = PbftMonitor;
}
