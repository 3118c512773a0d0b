//! Who is to blame: the proofs that replicas hold, and, once honest replicas have disagreed, the culprits.
//!
//! The argument (Sheng et al. 2021, "BFT Protocol Forensics", section 4). Two honest replicas have committed different
//! requests with number n, in views v <= v'. If v = v', two quorums have said commit, and those in both have signed two
//! digests. If v < v', take the first view after v in which something else was prepared with number n. An honest
//! replica took part in that, so it holds the new-view, with view-changes of a quorum. That quorum and the one that
//! committed in v share 2q - n >= f + 1 replicas, and had one of them told what it had prepared, the view would have
//! begun with that: each of them has hidden it. So all that honest replicas have received together convicts f + 1, as
//! long as fewer than q lie; where q lie they need no honest replica to agree with themselves.

use crate::check::accountability::{Culprit, Culprits, HeldProof, SignedText, carrier, excuse, firings};
use crate::pbft::message::{Certificate, SignedViewChange};
use crate::pbft::{Message, Pbft, Proof, Rule, Said, Sequence};
use crate::process::{Catalogue, NodeId};
use crate::sim::trace::InputKind;
use crate::sim::{Trace, World};
use std::collections::BTreeMap;

/// The proofs that replicas hold.
pub(super) fn proofs(before: u32, world: &World<Pbft>, trace: &Trace<Pbft>) -> Vec<HeldProof> {
    let up =
        world.replicas().iter().enumerate().filter_map(|(index, machine)| Some((index, machine.process.as_ref()?)));
    let held = up.flat_map(|(index, pbft)| pbft.proofs().values().map(move |held| (NodeId(index as u16), held)));
    held.map(|(holder, held)| {
        let rule = Rule::MisbehaviourProven.code();
        let event =
            firings(trace, before, holder, rule).find(|(_, event)| event.time == held.since).map(|(event, _)| event);
        let said = held.proof.said().each_ref().map(|said| signed_text(said, before, trace));
        HeldProof { culprit: held.proof.culprit(), holder, since: held.since, event, said }
    })
    .collect()
}

/// What was said, and which message carried it.
pub(super) fn signed_text(said: &Said, before: u32, trace: &Trace<Pbft>) -> SignedText {
    SignedText { text: said.text(), message: carrier(trace, before, said.signer(), |message| carries(message, said)) }
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

/// What honest replicas have received together, by signer: of votes those for one number.
struct Transcript {
    number: Sequence,
    said: BTreeMap<NodeId, Vec<Said>>,
}

impl Transcript {
    fn add(&mut self, said: Said) {
        if let Said::Vote(vote) = &said
            && vote.body().sequence != self.number
        {
            return;
        }
        if said.is_genuine() {
            let known = self.said.entry(said.signer()).or_default();
            if !known.contains(&said) {
                known.push(said);
            }
        }
    }

    fn add_certificate(&mut self, certificate: &Certificate) {
        self.add(Said::Vote(certificate.proposal.vote.clone()));
        certificate.prepares.iter().for_each(|vote| self.add(Said::Vote(vote.clone())));
    }

    fn add_view_change(&mut self, view_change: &SignedViewChange) {
        self.add(Said::ViewChange(view_change.clone()));
        view_change.body().prepared.iter().for_each(|certificate| self.add_certificate(certificate));
        view_change.body().proof.iter().for_each(|checkpoint| self.add(Said::Checkpoint(checkpoint.clone())));
    }

    fn add_message(&mut self, message: &Message) {
        match message {
            Message::PrePrepare(proposal) => self.add(Said::Vote(proposal.vote.clone())),
            Message::Prepare(vote) | Message::Commit(vote) => self.add(Said::Vote(vote.clone())),
            Message::Commitment(body) => body.commits.iter().for_each(|vote| self.add(Said::Vote(vote.clone()))),
            Message::Checkpoint(checkpoint) => self.add(Said::Checkpoint(checkpoint.clone())),
            Message::State(stable) => {
                stable.proof.iter().for_each(|checkpoint| self.add(Said::Checkpoint(checkpoint.clone())))
            }
            Message::ViewChange(view_change) => self.add_view_change(view_change),
            Message::NewView(new_view) => {
                self.add(Said::NewView(new_view.clone()));
                new_view.body().proposals.iter().for_each(|vote| self.add(Said::Vote(vote.clone())));
                new_view.body().view_changes.iter().for_each(|view_change| self.add_view_change(view_change));
            }
            _ => {}
        }
    }
}

/// The first contradiction among what one replica has said: about the number itself, if there is one.
fn contradiction(said: &[Said]) -> Option<Proof> {
    let pairs = || {
        said.iter()
            .enumerate()
            .flat_map(|(index, one)| said[index + 1..].iter().filter_map(move |other| Proof::of(one, other)))
    };
    let is_about_votes = |proof: &Proof| proof.said().iter().any(|said| matches!(said, Said::Vote(_)));
    pairs().find(is_about_votes).or_else(|| pairs().next())
}

/// Who is to blame for the disagreement about a number that was seen after an event.
pub(super) fn culprits(
    event: u32,
    number: Sequence,
    before: u32,
    world: &World<Pbft>,
    trace: &Trace<Pbft>,
) -> Culprits {
    let mut transcript = Transcript { number, said: BTreeMap::new() };
    let events = trace.events.iter().take(before as usize);
    for event in events.filter(|event| event.input == InputKind::Message && world.is_honest(NodeId(event.node))) {
        if let Some(record) = trace.messages.get(event.cause as usize).filter(|_| event.node < world.setup().replicas) {
            transcript.add_message(&record.body);
        }
    }
    let proofs = transcript.said.values().filter_map(|said| contradiction(said));
    let named: Vec<Culprit> = proofs
        .filter(|proof| proof.culprit().0 < world.setup().replicas)
        .map(|proof| Culprit {
            culprit: proof.culprit(),
            charge: format!("{} {}", world.name(proof.culprit()), proof.charge()),
            said: proof.said().iter().map(|said| signed_text(said, before, trace)).collect(),
            excuse: excuse(world, proof.culprit()),
        })
        .collect();
    let missing = missing(&named, world);
    Culprits { event, named, missing }
}

/// Why fewer than f + 1 are named, where they are.
fn missing(named: &[Culprit], world: &World<Pbft>) -> Option<String> {
    let setup = world.setup();
    let (replicas, config) = (u32::from(setup.replicas), &setup.replica);
    let (faults, quorum) = (config.faults(setup.replicas), config.quorum(setup.replicas));
    if named.len() as u32 > faults {
        return None;
    }
    let shared = (2 * quorum).saturating_sub(replicas);
    let liars = world.adversary().ever().iter().filter(|node| node.0 < setup.replicas).count() as u32;
    let off = config.mutations.iter().map(Catalogue::name).collect::<Vec<_>>().join(", ");
    Some(if shared <= faults {
        format!(
            "Two quorums of {quorum} among {replicas} replicas need not share more than {shared}: so many can be named for sure, and not f + 1 = {}.",
            faults + 1
        )
    } else if !off.is_empty() {
        format!("Rules are switched off ({off}): who does without them contradicts itself in no message.")
    } else if liars >= quorum {
        format!(
            "The {liars} liars are a quorum of {quorum} on their own: they prepare what they like, and no honest replica holds what would show it."
        )
    } else {
        "What honest replicas have received so far does not show it.".to_owned()
    })
}
