//! State: what survives a crash, and what a replica keeps in mind.

use super::Pbft;
use super::message::{
    Certificate, Commitment, NewView, Proposal, Sequence, SignedRequest, SignedViewChange, Stable, View, Vote,
};
use super::proof::Proof;
use crate::kv::Store;
use crate::process::{
    self, Fingerprint, Fingerprinter, NodeId, Signed, Ticks, Timer, fingerprint_enum, fingerprint_struct,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What view-changes oblige a new primary to propose: for each number above min-s a request, or the null request.
pub(super) struct Plan {
    /// min-s: the latest stable checkpoint.
    pub(super) min: Sequence,
    /// By number, from min-s + 1 to max-s.
    pub(super) proposals: Vec<(Sequence, Option<Arc<SignedRequest>>)>,
}

/// What a replica has promised and learnt for one number.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Slot {
    /// The pre-prepare that it accepted last.
    pub accepted: Option<Arc<Proposal>>,
    /// The prepared certificate of the latest view.
    pub prepared: Option<Arc<Certificate>>,
    /// The proof that it is committed.
    pub committed: Option<Arc<Commitment>>,
}

fingerprint_struct!(Slot { accepted, prepared, committed });

impl Slot {
    /// What was accepted in a view.
    pub fn accepted_in(&self, view: View) -> Option<&Arc<Proposal>> {
        self.accepted.as_ref().filter(|proposal| proposal.vote.body().view == view)
    }

    /// The certificate of a view.
    pub fn prepared_in(&self, view: View) -> Option<&Arc<Certificate>> {
        self.prepared.as_ref().filter(|certificate| certificate.proposal.vote.body().view == view)
    }
}

/// A proof, and when it was complete. The time is for whoever reads it: no rule looks at it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldProof {
    /// The proof.
    pub proof: Proof,
    /// Since when it is held.
    pub since: Ticks,
}

impl Fingerprint for HeldProof {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        self.proof.fingerprint(into);
    }
}

/// What survives a crash. The paper lets replicas that fail be Byzantine ones; here one that crashes keeps its
/// promises, so it needs a disk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Durable {
    /// Its view.
    pub view: View,
    /// It has asked for that view, and waits for it to begin.
    pub is_changing: bool,
    /// Its last stable checkpoint; none at the beginning.
    pub stable: Option<Arc<Stable>>,
    /// What it promised and learnt for the numbers above.
    pub slots: BTreeMap<Sequence, Slot>,
    /// Its latest view-change.
    pub view_change: Option<SignedViewChange>,
    /// The message by which the latest view that it has been in began.
    pub new_view: Option<Arc<Signed<NewView>>>,
    /// Proofs of misbehaviour, by culprit.
    pub proofs: BTreeMap<NodeId, HeldProof>,
}

fingerprint_struct!(Durable { view, is_changing, stable, slots, view_change, new_view, proofs });

/// One atomic change of what survives a crash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// A pre-prepare was accepted.
    Accept(Arc<Proposal>),
    /// A certificate is complete.
    Prepare(Arc<Certificate>),
    /// A number is committed.
    Commit(Sequence, Arc<Commitment>),
    /// A checkpoint is stable: all up to it is thrown away.
    Stabilise(Arc<Stable>),
    /// A view is asked for.
    ChangeView(SignedViewChange),
    /// A view begins.
    EnterView(Arc<Signed<NewView>>),
    /// Somebody is convicted.
    Convict(HeldProof),
}

impl process::Durable for Durable {
    type Write = Write;

    fn apply(&mut self, write: &Write) {
        match write {
            Write::Accept(proposal) => {
                self.slots.entry(proposal.vote.body().sequence).or_default().accepted = Some(proposal.clone());
            }
            Write::Prepare(certificate) => {
                let sequence = certificate.proposal.vote.body().sequence;
                self.slots.entry(sequence).or_default().prepared = Some(certificate.clone());
            }
            Write::Commit(sequence, commitment) => {
                self.slots.entry(*sequence).or_default().committed = Some(commitment.clone());
            }
            Write::Stabilise(stable) => {
                self.slots = self.slots.split_off(&(stable.checkpoint.sequence + 1));
                self.stable = Some(stable.clone());
            }
            Write::ChangeView(view_change) => {
                self.view = view_change.body().view;
                self.is_changing = true;
                self.view_change = Some(view_change.clone());
            }
            Write::EnterView(new_view) => {
                self.view = new_view.body().view;
                self.is_changing = false;
                self.new_view = Some(new_view.clone());
            }
            Write::Convict(held) => {
                self.proofs.entry(held.proof.culprit()).or_insert_with(|| held.clone());
            }
        }
    }
}

/// What it wants to be told when it is on its disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Receipt {
    /// A pre-prepare that it accepted, or made.
    OwnAcceptance {
        /// In this view.
        view: View,
        /// With this number.
        sequence: Sequence,
    },
    /// A certificate.
    OwnCertificate {
        /// Of this view.
        view: View,
        /// With this number.
        sequence: Sequence,
    },
}

fingerprint_enum!(Receipt {
    0 => OwnAcceptance { view, sequence },
    1 => OwnCertificate { view, sequence },
});

/// The timers of a replica.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PbftTimer {
    /// A request waits too long, or a view does not begin.
    ViewChange,
    /// Time to say how far it is.
    Status,
}

fingerprint_enum!(PbftTimer {
    0 => ViewChange,
    1 => Status,
});

impl Timer for PbftTimer {
    const KINDS: &'static [&'static str] = &["view change", "status"];

    fn kind(self) -> u8 {
        self as u8
    }
}

/// The votes for one number in the current view.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Prepares of backups.
    pub prepares: Vec<Vote>,
    /// Commits.
    pub commits: Vec<Vote>,
}

fingerprint_struct!(Tally { prepares, commits });

/// What became of a vote.
pub(super) enum Counted {
    /// It is new.
    New,
    /// It was known.
    Known,
    /// Its signer has said something else before.
    Contradicts(Vote),
}

/// Puts a vote to the others, once for each signer.
pub(super) fn count(votes: &mut Vec<Vote>, vote: &Vote, duplicates_too: bool) -> Counted {
    match votes.iter().find(|known| known.signer() == vote.signer()) {
        Some(known) if known.body() != vote.body() => Counted::Contradicts(known.clone()),
        Some(_) if !duplicates_too => Counted::Known,
        _ => {
            votes.push(vote.clone());
            Counted::New
        }
    }
}

impl Pbft {
    /// What survives a crash, as the replica knows it.
    pub fn durable(&self) -> &Durable {
        &self.durable
    }

    /// Its view.
    pub fn current_view(&self) -> View {
        self.durable.view
    }

    /// Whether it waits for its view to begin.
    pub fn is_changing(&self) -> bool {
        self.durable.is_changing
    }

    /// h: the last stable checkpoint's number.
    pub fn low_water_mark(&self) -> Sequence {
        self.durable.stable.as_ref().map_or(0, |stable| stable.checkpoint.sequence)
    }

    /// min-s of its view: the view proposes nothing up to there, since a quorum has executed that (section 4.4). A
    /// replica that is behind takes it from others, and from no pre-prepare.
    pub(super) fn floor(&self) -> Sequence {
        let began = self
            .durable
            .new_view
            .as_ref()
            .map(|new_view| new_view.body())
            .filter(|body| body.view == self.current_view());
        began.and_then(|body| body.view_changes.iter().map(|each| each.body().stable.sequence).max()).unwrap_or(0)
    }

    /// H = h + L.
    pub fn high_water_mark(&self) -> Sequence {
        self.low_water_mark() + self.config.log_window
    }

    /// The last request that it executed.
    pub fn executed(&self) -> Sequence {
        self.executed
    }

    /// Its state machine.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The proofs of misbehaviour that it holds, by culprit.
    pub fn proofs(&self) -> &BTreeMap<NodeId, HeldProof> {
        &self.durable.proofs
    }

    /// The votes that it has counted for a number in its view.
    pub fn tally(&self, sequence: Sequence) -> Option<&Tally> {
        self.tallies.get(&sequence)
    }
}
