//! Proof of misbehaviour: signed messages can be shown to others, so a replica that holds two that contradict each
//! other can convict their signer.
//!
//! The paper does without; no rule of it depends on this. To have such proofs at all, replicas must compare what they
//! were told: one that hears a prepare for another digest than it accepted shows the pre-prepare that the primary
//! signed to the one that said so.
//!
//! What contradicts what ([`Proof::of`]): two digests for one number in one view; two states at one number; two
//! view-changes, or two new-views, of one view; and a commit with a later view-change that hides it. The last is how
//! liars break agreement over several views (Sheng et al. 2021, "BFT Protocol Forensics", section 4): whoever says that
//! a request is prepared must say so in each view-change, until a checkpoint contains it or a later view has prepared
//! that number.

use super::message::{Checkpoint, Commitment, NewView, Phase, SignedViewChange, Statement, Vote};
use super::rule::Rule;
use super::state::{HeldProof, Write};
use super::{Message, Out, Pbft};
use crate::process::{Fingerprint, Fingerprinter, NodeId, Signed, Ticks, fingerprint_enum};
use std::sync::Arc;

/// Something that a replica signed, and that may contradict what it signed besides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    /// A pre-prepare, a prepare or a commit.
    Vote(Vote),
    /// A checkpoint.
    Checkpoint(Signed<Checkpoint>),
    /// A view-change.
    ViewChange(SignedViewChange),
    /// A new-view.
    NewView(Arc<Signed<NewView>>),
}

fingerprint_enum!(Said {
    0 => Vote(vote),
    1 => Checkpoint(checkpoint),
    2 => ViewChange(view_change),
    3 => NewView(new_view),
});

fn listed<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    if items.is_empty() { "nothing".to_owned() } else { items.iter().map(text).collect::<Vec<_>>().join(", ") }
}

fn numbered(said: &Statement) -> String {
    format!("{}: {}", said.sequence, said.digest)
}

impl Said {
    /// Who is said to have signed it.
    pub fn signer(&self) -> NodeId {
        match self {
            Self::Vote(signed) => signed.signer(),
            Self::Checkpoint(signed) => signed.signer(),
            Self::ViewChange(signed) => signed.signer(),
            Self::NewView(signed) => signed.signer(),
        }
    }

    /// Whether it did.
    pub fn is_genuine(&self) -> bool {
        match self {
            Self::Vote(signed) => signed.is_genuine(),
            Self::Checkpoint(signed) => signed.is_genuine(),
            Self::ViewChange(signed) => signed.is_genuine(),
            Self::NewView(signed) => signed.is_genuine(),
        }
    }

    /// In a few words.
    pub fn text(&self) -> String {
        match self {
            Self::Vote(vote) => {
                let Statement { phase, view, sequence, digest } = *vote.body();
                format!("{} of number {sequence} in view {view}: {digest}", phase.name())
            }
            Self::Checkpoint(signed) => format!("checkpoint at {}: {}", signed.body().sequence, signed.body().digest),
            Self::ViewChange(signed) => {
                let body = signed.body();
                let prepared = listed(&body.prepared, |certificate| numbered(certificate.proposal.vote.body()));
                format!("view-change to view {}: stable up to {}, prepared above that: {prepared}", body.view, body.stable.sequence)
            }
            Self::NewView(signed) => {
                let body = signed.body();
                let of = listed(&body.view_changes, |each| format!("n{}", each.signer().0 + 1));
                format!(
                    "new-view {} from view-changes of {of}, which begins with {}",
                    body.view,
                    listed(&body.proposals, |vote| numbered(vote.body()))
                )
            }
        }
    }
}

/// A proof of misbehaviour: two things under one signature that no replica which keeps to the protocol, and to its
/// disk, signs both.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    said: [Said; 2],
}

impl Fingerprint for Proof {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { said: [one, other] } = self;
        one.fingerprint(into);
        other.fingerprint(into);
    }
}

impl Proof {
    /// The proof, if these are one: both genuine, of one signer, and in contradiction.
    pub fn of(one: &Said, other: &Said) -> Option<Self> {
        let is_signed = one.signer() == other.signer() && one.is_genuine() && other.is_genuine();
        (is_signed && contradict(one, other)).then(|| Self { said: [one.clone(), other.clone()] })
    }

    /// Who is convicted.
    pub fn culprit(&self) -> NodeId {
        self.said[0].signer()
    }

    /// What it said, and what it said besides.
    pub fn said(&self) -> &[Said; 2] {
        &self.said
    }

    /// What the culprit did, to be put after its name.
    pub fn charge(&self) -> String {
        match &self.said {
            [Said::Vote(one), Said::Vote(_)] => {
                format!("signs two digests for number {} in view {}", one.body().sequence, one.body().view)
            }
            [Said::Checkpoint(one), _] => format!("signs two states at number {}", one.body().sequence),
            [Said::ViewChange(one), Said::ViewChange(_)] => format!("asks for view {} in two ways", one.body().view),
            [Said::NewView(one), _] => format!("begins view {} in two ways", one.body().view),
            [Said::Vote(commit), Said::ViewChange(later)] | [Said::ViewChange(later), Said::Vote(commit)] => {
                let (said, view) = (commit.body(), later.body().view);
                format!(
                    "hides in its view-change to view {view} that number {} was prepared, which it had committed in view {}",
                    said.sequence, said.view
                )
            }
            _ => "contradicts itself".to_owned(),
        }
    }

    /// What it said, and what it said besides.
    pub fn text(&self) -> String {
        let [one, other] = &self.said;
        format!("{} and {}", one.text(), other.text())
    }
}

fn contradict(one: &Said, other: &Said) -> bool {
    match (one, other) {
        (Said::Vote(one), Said::Vote(other)) => {
            let (a, b) = (one.body(), other.body());
            (a.view, a.sequence) == (b.view, b.sequence) && a.digest != b.digest
        }
        (Said::Checkpoint(one), Said::Checkpoint(other)) => {
            one.body().sequence == other.body().sequence && one.body().digest != other.body().digest
        }
        (Said::ViewChange(one), Said::ViewChange(other)) => one.body().view == other.body().view && one.body() != other.body(),
        (Said::NewView(one), Said::NewView(other)) => one.body().view == other.body().view && one.body() != other.body(),
        (Said::Vote(commit), Said::ViewChange(later)) | (Said::ViewChange(later), Said::Vote(commit)) => hides(later, commit.body()),
        _ => false,
    }
}

/// Whether a view-change hides what its signer had prepared when it said commit.
fn hides(later: &SignedViewChange, commit: &Statement) -> bool {
    let body = later.body();
    let tells = |said: &Statement| {
        said.sequence == commit.sequence && (said.view > commit.view || (said.view == commit.view && said.digest == commit.digest))
    };
    commit.phase == Phase::Commit
        && commit.view < body.view
        && commit.sequence > body.stable.sequence
        && !body.prepared.iter().any(|certificate| tells(certificate.proposal.vote.body()))
}

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
        let in_slots = self.durable.slots.values().filter_map(|slot| slot.committed.as_ref()).flat_map(|commitment| &commitment.commits);
        let commits = in_slots.chain(self.tallies.values().flat_map(|tally| &tally.commits)).filter(own);
        let held = self.held_view_changes(signer).into_iter().map(Said::ViewChange).chain(commits.cloned().map(Said::Vote));
        let said = Said::ViewChange(signed.clone());
        if let Some(other) = held.into_iter().find(|held| contradict(held, &said)) {
            self.convict(now, &other, &said, out);
        }
    }

    /// The view-changes of a replica that it holds.
    fn held_view_changes(&self, signer: NodeId) -> Vec<SignedViewChange> {
        let began = self.durable.new_view.iter().flat_map(|new_view| &new_view.body().view_changes);
        self.view_changes.get(&signer).into_iter().chain(began.filter(|each| each.signer() == signer)).cloned().collect()
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

#[cfg(test)]
mod tests;
