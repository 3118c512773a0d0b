//! What proves what: checkpoints, prepared certificates and commitments of others, checked from the signatures up.

use super::message::{Certificate, Checkpoint, Commitment, Statement, Vote, primary_of};
use super::{Digest, Pbft, Phase, Sequence, View};
use crate::process::{NodeSet, Signed};

impl Pbft {
    /// How many different replicas have signed a statement like this.
    fn signers_of(&self, votes: &[Vote], statement: &Statement) -> NodeSet {
        let fits =
            |vote: &&Vote| self.is_signed(*vote) && vote.body() == statement && self.seat.is_replica(vote.signer());
        votes.iter().filter(fits).map(Signed::signer).collect()
    }

    /// Whether q replicas have signed the checkpoint. The beginning needs no proof.
    pub(super) fn is_stable(&self, checkpoint: &Checkpoint, proof: &[Signed<Checkpoint>]) -> bool {
        if checkpoint.sequence == 0 {
            return true;
        }
        let fits = |each: &&Signed<Checkpoint>| {
            self.is_signed(*each) && each.body() == checkpoint && self.seat.is_replica(each.signer())
        };
        let signers: NodeSet = proof.iter().filter(fits).map(Signed::signer).collect();
        signers.len() as usize >= self.quorum()
    }

    /// Whether a certificate proves that its request was prepared, in a view before this one, with a number between
    /// these water marks (section 4.4).
    pub(super) fn proves_prepared(&self, certificate: &Certificate, before: View, low: Sequence) -> bool {
        let (vote, said) = (&certificate.proposal.vote, *certificate.proposal.vote.body());
        let request = certificate.proposal.request.as_deref();
        let primary = primary_of(said.view, self.seat.replicas);
        let is_proposed = said.phase == Phase::PrePrepare && self.is_signed(vote) && vote.signer() == primary;
        let is_client =
            request.is_none_or(|request| self.is_signed(request) && request.signer() == request.body().client);
        let is_in_window = said.sequence > low && said.sequence <= low.saturating_add(self.config.log_window);
        let mut backups = self.signers_of(&certificate.prepares, &Statement { phase: Phase::Prepare, ..said });
        backups.remove(primary);
        is_proposed
            && is_client
            && said.digest == Digest::of(request)
            && said.view < before
            && is_in_window
            && backups.len() as usize + 1 >= self.quorum()
    }

    /// The number that a commitment proves to be committed with its request, if it does.
    pub(super) fn proven_committed(&self, commitment: &Commitment) -> Option<Sequence> {
        let said = *commitment.commits.first()?.body();
        let fits = said.phase == Phase::Commit && said.digest == Digest::of(commitment.request.as_deref());
        let signers = self.signers_of(&commitment.commits, &said);
        (fits && signers.len() as usize >= self.quorum()).then_some(said.sequence)
    }
}
