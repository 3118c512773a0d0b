//! How a replica comes by proofs of misbehaviour ([`super::proof`]): it compares what it is told with what it holds.
//!
//! The paper does without; no rule of it depends on this. To have such proofs at all, a replica that hears a prepare
//! for another digest than it accepted shows the pre-prepare that the primary signed to the one that said so.

use super::message::{Commitment, NewView, SignedViewChange, Vote};
use super::proof::{Proof, Said, contradict};
use super::rule::Rule;
use super::state::{HeldProof, Write};
use super::{Message, Out, Pbft};
use crate::process::{NodeId, Signed, Ticks};
use std::sync::Arc;

impl Pbft {
    /// Keeps a proof against somebody who is not convicted yet, if these two are one.
    pub(super) fn convict(&mut self, now: Ticks, one: &Said, other: &Said, out: &mut Out) {
        if self.durable.proofs.contains_key(&one.signer()) {
            return;
        }
        let Some(proof) = Proof::of(one, other) else { return };
        out.rule(Rule::MisbehaviourProven);
        self.persist(Write::Convict(HeldProof { proof, since: now }), out);
    }

    /// As [`Pbft::convict`], of two votes.
    pub(super) fn convict_of_votes(&mut self, now: Ticks, one: &Vote, other: &Vote, out: &mut Out) {
        self.convict(now, &Said::Vote(one.clone()), &Said::Vote(other.clone()), out);
    }

    /// Compares a view-change with what it holds of the same signer: view-changes of the same view, and commits of
    /// earlier ones.
    pub(super) fn examine_view_change(&mut self, now: Ticks, signed: &SignedViewChange, out: &mut Out) {
        let signer = signed.signer();
        if signer == self.seat.id || self.durable.proofs.contains_key(&signer) {
            return;
        }
        let own = |vote: &&Vote| vote.signer() == signer;
        let in_slots = self
            .durable
            .slots
            .values()
            .filter_map(|slot| slot.committed.as_ref())
            .flat_map(|commitment| &commitment.commits);
        let commits = in_slots.chain(self.tallies.values().flat_map(|tally| &tally.commits)).filter(own);
        let held =
            self.held_view_changes(signer).into_iter().map(Said::ViewChange).chain(commits.cloned().map(Said::Vote));
        let said = Said::ViewChange(signed.clone());
        if let Some(other) = held.into_iter().find(|held| contradict(held, &said)) {
            self.convict(now, &other, &said, out);
        }
    }

    /// The view-changes of a replica that it holds.
    fn held_view_changes(&self, signer: NodeId) -> Vec<SignedViewChange> {
        let began = self.durable.new_view.iter().flat_map(|new_view| &new_view.body().view_changes);
        self.view_changes
            .get(&signer)
            .into_iter()
            .chain(began.filter(|each| each.signer() == signer))
            .cloned()
            .collect()
    }

    /// Compares a new-view with the one that it holds of the same view, and each view-change in it with what it holds.
    pub(super) fn examine_new_view(&mut self, now: Ticks, signed: &Arc<Signed<NewView>>, out: &mut Out) {
        if let Some(known) = self.durable.new_view.clone() {
            if known == *signed {
                return;
            }
            self.convict(now, &Said::NewView(known), &Said::NewView(signed.clone()), out);
        }
        for view_change in &signed.body().view_changes {
            self.examine_view_change(now, view_change, out);
        }
    }

    /// Compares the commits of others with the view-changes that it holds of theirs.
    pub(super) fn examine_commitment(&mut self, now: Ticks, commitment: &Commitment, out: &mut Out) {
        for commit in &commitment.commits {
            for held in self.held_view_changes(commit.signer()) {
                self.convict(now, &Said::Vote(commit.clone()), &Said::ViewChange(held), out);
            }
        }
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
