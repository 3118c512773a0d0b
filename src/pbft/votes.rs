//! Certificates as sets: who said the same of a number, of a checkpoint, of a view.

use super::message::{Phase, Sequence, Vote, request_text};
use super::{Digest, Pbft, Slot};
use crate::process::{NodeSet, Signed, VoteSet};
use std::collections::BTreeMap;

/// What a set of voters is for: a phase of a number in a view, and a digest.
type Said = (Sequence, u64, Phase, Digest);

/// The voters of everything that was said.
#[derive(Default)]
struct Voters(BTreeMap<Said, NodeSet>);

impl Voters {
    fn add(&mut self, vote: &Vote) {
        let said = *vote.body();
        self.0.entry((said.sequence, said.view, said.phase, said.digest)).or_default().insert(vote.signer());
    }
}

impl Pbft {
    /// All that it has counted above its low water mark, and whom it counts for a view that is to begin.
    pub(super) fn to_votes(&self) -> Vec<VoteSet> {
        let mut voters = Voters::default();
        for slot in self.durable.slots.values() {
            slot.accepted.iter().for_each(|proposal| voters.add(&proposal.vote));
            slot.prepared.iter().for_each(|certificate| {
                voters.add(&certificate.proposal.vote);
                certificate.prepares.iter().for_each(|vote| voters.add(vote));
            });
            slot.committed.iter().for_each(|commitment| commitment.commits.iter().for_each(|vote| voters.add(vote)));
        }
        for tally in self.tallies.values() {
            tally.prepares.iter().chain(&tally.commits).for_each(|vote| voters.add(vote));
        }
        let mut sets = self.checkpoint_votes();
        sets.extend(voters.0.into_iter().map(|(said, voters)| self.vote_set(said, voters)));
        sets.extend(self.view_change_votes());
        sets
    }

    fn vote_set(&self, (sequence, view, phase, digest): Said, voters: NodeSet) -> VoteSet {
        let quorum = u64::from(self.quorum);
        VoteSet {
            index: sequence,
            round: view,
            phase: phase.name(),
            value: Some(digest.to_string()),
            text: self.durable.slots.get(&sequence).map_or_else(String::new, |slot| request_of(slot, digest)),
            voters,
            have: u64::from(voters.len()),
            need: match phase {
                Phase::PrePrepare => 1,
                Phase::Prepare => quorum.saturating_sub(1),
                Phase::Commit => quorum,
            },
        }
    }

    fn checkpoint_votes(&self) -> Vec<VoteSet> {
        let mut by_digest: BTreeMap<(Sequence, Digest), NodeSet> = BTreeMap::new();
        let stable = self.durable.stable.iter().flat_map(|stable| &stable.proof);
        for signed in stable.chain(self.checkpoints.values().flatten()) {
            by_digest.entry((signed.body().sequence, signed.body().digest)).or_default().insert(signed.signer());
        }
        let set = |((sequence, digest), voters): ((Sequence, Digest), NodeSet)| VoteSet {
            index: sequence,
            round: 0,
            phase: "checkpoint",
            value: Some(digest.to_string()),
            text: String::new(),
            voters,
            have: u64::from(voters.len()),
            need: u64::from(self.quorum),
        };
        by_digest.into_iter().map(set).collect()
    }

    /// Who asks for which view, of those above its own and its own while that has not begun.
    fn view_change_votes(&self) -> Vec<VoteSet> {
        let mut by_view: BTreeMap<u64, NodeSet> = BTreeMap::new();
        for signed in self.view_changes.values().map(|each| -> &Signed<_> { each }) {
            by_view.entry(signed.body().view).or_default().insert(signed.signer());
        }
        let least = self.current_view() + u64::from(!self.is_changing());
        let set = |(view, voters): (u64, NodeSet)| VoteSet {
            index: 0,
            round: view,
            phase: "view-change",
            value: None,
            text: String::new(),
            voters,
            have: u64::from(voters.len()),
            need: u64::from(self.quorum),
        };
        by_view.split_off(&least).into_iter().map(set).collect()
    }
}

/// The request with that digest, as far as the slot has it.
fn request_of(slot: &Slot, digest: Digest) -> String {
    if digest == Digest::NULL {
        return request_text(None);
    }
    let proposals = slot.accepted.iter().chain(slot.prepared.iter().map(|certificate| &certificate.proposal));
    let proposed = proposals
        .filter(|proposal| proposal.vote.body().digest == digest)
        .map(|proposal| proposal.request.as_deref())
        .next();
    let of_commitment = || {
        let commitment = slot
            .committed
            .as_ref()
            .filter(|commitment| commitment.commits.iter().any(|vote| vote.body().digest == digest))?;
        Some(commitment.request.as_deref())
    };
    proposed.or_else(of_commitment).map_or_else(String::new, request_text)
}
