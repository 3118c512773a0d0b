//! Proof of misbehaviour: signed messages can be shown to others, so a replica that holds two that contradict each other can convict their signer.
//!
//! The paper does without; no rule of it depends on this. To have such proofs at all, replicas must compare what they were told: one that
//! hears a prepare for another digest than it accepted shows the pre-prepare that the primary signed to the one that said so.

use super::message::{Checkpoint, Vote};
use super::rule::Rule;
use super::state::{HeldProof, Proof, Write};
use super::{Message, Out, Pbft};
use crate::process::{Signed, Ticks};

/// Two messages that may contradict each other.
pub(super) enum Heard<'a> {
    /// Votes.
    Votes(&'a Vote, &'a Vote),
    /// Checkpoints.
    Checkpoints(&'a Signed<Checkpoint>, &'a Signed<Checkpoint>),
}

impl Heard<'_> {
    /// The proof, if these are one: both genuine, of one signer, about one thing, and different.
    fn proof(&self) -> Option<Proof> {
        match *self {
            Self::Votes(one, other) => {
                let (a, b) = (one.body(), other.body());
                let is_one_thing = (a.phase, a.view, a.sequence) == (b.phase, b.view, b.sequence) && a.digest != b.digest;
                let is_signed = one.is_genuine() && other.is_genuine() && one.signer() == other.signer();
                (is_one_thing && is_signed).then(|| Proof::Votes(one.clone(), other.clone()))
            }
            Self::Checkpoints(one, other) => {
                let is_one_thing = one.body().sequence == other.body().sequence && one.body().digest != other.body().digest;
                let is_signed = one.is_genuine() && other.is_genuine() && one.signer() == other.signer();
                (is_one_thing && is_signed).then(|| Proof::Checkpoints(one.clone(), other.clone()))
            }
        }
    }
}

impl Pbft {
    /// Keeps a proof against somebody who is not convicted yet.
    pub(super) fn convict(&mut self, now: Ticks, heard: &Heard<'_>, out: &mut Out) {
        let Some(proof) = heard.proof().filter(|proof| !self.durable.proofs.contains_key(&proof.culprit())) else { return };
        out.rule(Rule::MisbehaviourProven);
        self.persist(Write::Convict(HeldProof { proof, since: now }), out);
    }

    /// Shows the pre-prepare that was accepted here to a backup that accepted another.
    pub(super) fn show_conflict(&self, prepare: &Vote, out: &mut Out) {
        let said = prepare.body();
        let accepted = self.durable.slots.get(&said.sequence).and_then(|slot| slot.accepted_in(said.view));
        if let Some(proposal) = accepted.filter(|proposal| proposal.vote.body().digest != said.digest)
            && prepare.signer() != self.seat.id
        {
            out.rule(Rule::ConflictShown);
            out.send(prepare.signer(), Message::PrePrepare(proposal.clone()));
        }
    }
}
