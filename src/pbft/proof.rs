//! Proof of misbehaviour: two signed messages of one replica that contradict each other convict it, whoever shows them.
//!
//! What contradicts what ([`Proof::of`]): two digests for one number in one view; two states at one number; two
//! view-changes, or two new-views, of one view; and a commit with a later view-change that hides it. The last is how
//! liars break agreement over several views (Sheng et al. 2021, "BFT Protocol Forensics", section 4): whoever says that
//! a request is prepared must say so in each view-change, until a checkpoint contains it or a later view has prepared
//! that number.

use super::message::{Checkpoint, NewView, Phase, SignedViewChange, Statement, Vote};
use crate::process::{Fingerprint, Fingerprinter, NodeId, Signed, fingerprint_enum};
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
                format!(
                    "view-change to view {}: stable up to {}, prepared above that: {prepared}",
                    body.view, body.stable.sequence
                )
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

/// Whether no honest replica signs both.
pub(super) fn contradict(one: &Said, other: &Said) -> bool {
    match (one, other) {
        (Said::Vote(one), Said::Vote(other)) => {
            let (a, b) = (one.body(), other.body());
            (a.view, a.sequence) == (b.view, b.sequence) && a.digest != b.digest
        }
        (Said::Checkpoint(one), Said::Checkpoint(other)) => {
            one.body().sequence == other.body().sequence && one.body().digest != other.body().digest
        }
        (Said::ViewChange(one), Said::ViewChange(other)) => {
            one.body().view == other.body().view && one.body() != other.body()
        }
        (Said::NewView(one), Said::NewView(other)) => {
            one.body().view == other.body().view && one.body() != other.body()
        }
        (Said::Vote(commit), Said::ViewChange(later)) | (Said::ViewChange(later), Said::Vote(commit)) => {
            hides(later, commit.body())
        }
        _ => false,
    }
}

/// Whether a view-change hides what its signer had prepared when it said commit.
fn hides(later: &SignedViewChange, commit: &Statement) -> bool {
    let body = later.body();
    let tells = |said: &Statement| {
        said.sequence == commit.sequence
            && (said.view > commit.view || (said.view == commit.view && said.digest == commit.digest))
    };
    commit.phase == Phase::Commit
        && commit.view < body.view
        && commit.sequence > body.stable.sequence
        && !body.prepared.iter().any(|certificate| tells(certificate.proposal.vote.body()))
}

#[cfg(test)]
mod tests;
