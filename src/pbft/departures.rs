//! What a replica does instead where a rule is switched off on purpose: each departure beside the paper's version,
//! which comes first. A rule that is only left out is left out where it stands.

use super::message::{Certificate, NewView, SignedViewChange, Stable};
use super::rule::Mutation;
use super::state::{Plan, Write};
use super::{Config, Digest, Pbft, Sequence, View};
use crate::kv::{Answer, Request};
use crate::process::{Mutations, NodeSet, Signed, Ticks};
use std::sync::Arc;

impl Pbft {
    /// q (section 4). Departure: one less.
    pub(super) fn quorum(&self) -> usize {
        let quorum = self.quorum as usize;
        if self.has(Mutation::QuorumTooSmall) { quorum.saturating_sub(1).max(1) } else { quorum }
    }

    /// A signature is believed if it is genuine (section 2). Departure: all are.
    pub(super) fn is_signed<T>(&self, signed: &Signed<T>) -> bool {
        signed.is_genuine() || self.has(Mutation::SignatureUnchecked)
    }

    /// All that others may rest on survives a crash. Departures: what it has promised in a view does not, or the view.
    pub(super) fn is_durable(&self, write: &Write) -> bool {
        match write {
            Write::Accept(_) | Write::Prepare(_) => !self.has(Mutation::PromisesNotDurable),
            Write::ChangeView(_) | Write::EnterView(_) => !self.has(Mutation::ViewsNotDurable),
            _ => true,
        }
    }

    /// Numbers between the water marks are in use: h < n <= H (section 4.2). Departure: all are.
    pub(super) fn is_in_window(&self, sequence: Sequence) -> bool {
        let paper = sequence > self.low_water_mark() && sequence <= self.high_water_mark();
        paper || self.has(Mutation::WaterMarksIgnored)
    }

    /// How long a backup waits for a request: twice as long after each view that failed (section 4.5.2). Departure:
    /// always as long.
    pub(super) fn patience(&self) -> Ticks {
        let doublings = if self.has(Mutation::TimerNeverDoubles) { 0 } else { self.failed_views.min(10) };
        self.config.view_change_ticks << doublings
    }

    /// Requests are executed in the order of their numbers, without a gap (section 4.2). Departure: the next one that
    /// is committed, whatever is missing before it.
    pub(super) fn next_to_execute(&self) -> Option<Sequence> {
        if self.has(Mutation::ExecutedOutOfOrder) {
            let mut above = self.durable.slots.range(self.executed + 1..);
            return above.find(|(_, slot)| slot.committed.is_some()).map(|(sequence, _)| *sequence);
        }
        Some(self.executed + 1)
    }

    /// A request is carried out once (section 4.1: by its timestamp). Departure: as often as it is ordered.
    pub(super) fn apply(&mut self, request: &Request) -> Option<Answer> {
        if self.has(Mutation::SessionsOff) { Some(self.store.apply_again(request)) } else { self.store.apply(request) }
    }

    /// n and C of a view-change: the last stable checkpoint (section 4.4). Departure: none.
    pub(super) fn stable_to_claim(&self) -> Option<&Arc<Stable>> {
        self.durable.stable.as_ref().filter(|_| !self.has(Mutation::CheckpointHidden))
    }

    /// P of a view-change: a certificate for each request that it has prepared (section 4.4). Departure: none.
    pub(super) fn certificates_to_show(&self) -> Vec<Arc<Certificate>> {
        if self.has(Mutation::CertificatesDropped) {
            return Vec::new();
        }
        self.durable.slots.values().filter_map(|slot| slot.prepared.clone()).collect()
    }

    /// V: the view-changes by which the new primary proves its view, its own first, then others' in their order, a
    /// quorum together (section 4.4). Departure: those that tell least, and it waits for others while one of them tells
    /// of anything.
    pub(super) fn view_changes_for(&self, view: View) -> Option<Vec<SignedViewChange>> {
        let mut all: Vec<&SignedViewChange> =
            self.view_changes.values().filter(|each| each.body().view == view).collect();
        all.sort_by_key(|each| each.signer() != self.seat.id);
        if self.has(Mutation::ViewChangesChosen) {
            all.sort_by_key(|each| each.body().prepared.len());
            let tells = |each: &&SignedViewChange| !each.body().prepared.is_empty();
            if all.iter().take(self.quorum()).any(tells) && all.len() < usize::from(self.seat.replicas) {
                return None;
            }
        }
        Some(all.into_iter().take(self.quorum()).cloned().collect())
    }

    /// How many different replicas have sent these view-changes. Departure: how many view-changes there are.
    pub(super) fn count_senders(&self, view_changes: &[SignedViewChange]) -> usize {
        if self.has(Mutation::DuplicatesCounted) {
            return view_changes.len();
        }
        view_changes.iter().map(|each| each.signer()).collect::<NodeSet>().len() as usize
    }

    /// A new-view that is not proven is rejected (section 4.4). Departure: what the primary says is taken for what
    /// follows.
    pub(super) fn unproven_plan(&self, body: &NewView) -> Option<Plan> {
        if !self.has(Mutation::NewViewUnproven) {
            return None;
        }
        let known = |digest: Digest| {
            let certificates = body.view_changes.iter().flat_map(|each| &each.body().prepared);
            let mut requests = certificates.filter_map(|each| each.proposal.request.clone());
            requests.find(|request| Digest::of(Some(request)) == digest)
        };
        let min = body.view_changes.iter().map(|each| each.body().stable.sequence).max().unwrap_or(0);
        let proposals = body.proposals.iter().map(|vote| (vote.body().sequence, known(vote.body().digest))).collect();
        Some(Plan { min, proposals })
    }
}

/// Of several certificates for a number the one of the latest view counts (section 4.4). Departure: of the earliest.
pub(super) fn certificate_to_carry_over<'a>(
    of_number: impl Iterator<Item = &'a Arc<Certificate>>,
    mutations: Mutations<Mutation>,
) -> Option<&'a Arc<Certificate>> {
    let view = |each: &&Arc<Certificate>| each.proposal.vote.body().view;
    if mutations.has(Mutation::OldestCertificateWins) { of_number.min_by_key(view) } else { of_number.max_by_key(view) }
}

impl Config {
    /// How many equal replies a client needs: one more than can lie (section 4.1). Where reads are not ordered, a write
    /// must have reached a quorum before it is complete, or a read of another quorum could miss it (Berger, Reiser and
    /// Bessani 2021). Departures: one reply is enough, or f + 1 are.
    pub fn replies(&self, replicas: u16) -> u32 {
        if self.mutations.has(Mutation::OneReplyTrusted) {
            1
        } else if self.read_only && !self.mutations.has(Mutation::WritesOfFewReplies) {
            self.quorum(replicas)
        } else {
            self.faults(replicas) + 1
        }
    }
}
