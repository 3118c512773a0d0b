//! Certificates, counted from the signatures up by somebody who believes nobody: genuine, by different replicas, and
//! enough.

use crate::pbft::message::{Certificate, Commitment, Vote, primary_of};
use crate::pbft::{Phase, Stable, Statement};
use crate::process::{NodeId, NodeSet, Signed};

/// Who has really signed something, of those who can.
pub(super) struct Counted {
    pub signers: NodeSet,
    pub needed: u32,
}

impl Counted {
    pub fn is_enough(&self) -> bool {
        self.signers.len() >= self.needed
    }

    /// In words: how many, who, and how many are needed.
    pub fn text(&self) -> String {
        let names: Vec<String> = self.signers.iter().map(super::name).collect();
        format!(
            "{} ({}), where {} are needed",
            self.signers.len(),
            if names.is_empty() { "nobody".to_owned() } else { names.join(", ") },
            self.needed
        )
    }
}

fn signers(votes: &[Vote], said: &Statement, replicas: u16) -> NodeSet {
    let fits = |vote: &&Vote| vote.is_genuine() && vote.body() == said && vote.signer().0 < replicas;
    votes.iter().filter(fits).map(Signed::signer).collect()
}

/// A prepared certificate: its primary's pre-prepare, and prepares of backups.
pub(super) fn prepared(certificate: &Certificate, replicas: u16, quorum: u32) -> Counted {
    let vote = &certificate.proposal.vote;
    let primary = primary_of(vote.body().view, replicas);
    let mut all = signers(&certificate.prepares, &Statement { phase: Phase::Prepare, ..*vote.body() }, replicas);
    all.remove(primary);
    if vote.is_genuine() && vote.signer() == primary && vote.body().phase == Phase::PrePrepare {
        all.insert(primary);
    }
    Counted { signers: all, needed: quorum }
}

/// A commitment.
pub(super) fn committed(commitment: &Commitment, replicas: u16, quorum: u32) -> Counted {
    let said = commitment.commits.first().map(|vote| *vote.body()).filter(|said| said.phase == Phase::Commit);
    Counted {
        signers: said.map_or(NodeSet::EMPTY, |said| signers(&commitment.commits, &said, replicas)),
        needed: quorum,
    }
}

/// A stable checkpoint.
pub(super) fn stable(stable: &Stable, replicas: u16, quorum: u32) -> Counted {
    let fits = |each: &&Signed<_>| each.is_genuine() && *each.body() == stable.checkpoint && each.signer().0 < replicas;
    let all: NodeSet = stable.proof.iter().filter(fits).map(Signed::signer).collect();
    Counted { signers: all, needed: quorum }
}

/// The commits that were said, by whomever, to the one that commits: it says its own as well.
pub(super) fn heard(mut committers: NodeSet, holder: NodeId, quorum: u32) -> Counted {
    committers.insert(holder);
    Counted { signers: committers, needed: quorum }
}
