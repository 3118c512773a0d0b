//! Catching up: whoever lacks something says how far it is, and gets it from those who have it.
//!
//! The paper assumes that a message is sent again until its receiver has it, and describes no way. Here a replica tells
//! all others now and then how far it is. Who is further answers with what proves itself: a stable state with its
//! checkpoints, commits of a quorum, a view-change, a new-view. Votes are sent again to a replica that has not moved
//! since it spoke last: else they are still under way.

use super::message::{Commitment, Status};
use super::rule::{Mutation, Rule};
use super::state::{PbftTimer, Write};
use super::{Message, Out, Pbft, Phase, Sequence};
use crate::process::{NodeId, Ticks};
use std::sync::Arc;

/// Most numbers that one answer speaks of.
const NUMBERS_MAX: usize = 16;

impl Pbft {
    pub(super) fn on_start(&mut self, out: &mut Out) {
        let view = self.current_view();
        let promised: Vec<(Sequence, super::Digest, bool)> = self
            .durable
            .slots
            .iter()
            .filter_map(|(sequence, slot)| {
                let digest = slot.accepted_in(view)?.vote.body().digest;
                Some((*sequence, digest, slot.prepared_in(view).is_some()))
            })
            .collect();
        for &(sequence, digest, is_prepared) in &promised {
            let (prepare, commit) =
                (self.say(Phase::Prepare, sequence, digest), self.say(Phase::Commit, sequence, digest));
            let is_backup = self.primary() != self.seat.id;
            let tally = self.tallies.entry(sequence).or_default();
            tally.prepares.extend(is_backup.then_some(prepare));
            tally.commits.extend(is_prepared.then_some(commit));
        }
        if let Some(own) = self.durable.view_change.clone().filter(|_| self.is_changing()) {
            self.view_changes.insert(self.seat.id, own);
        }
        // Where one replica makes a quorum, no other has a vote that would still have to come.
        for (sequence, ..) in promised {
            self.check_prepared(sequence, out);
            self.check_committed(sequence, out);
        }
        self.execute(out);
        self.on_status_timeout(out);
    }

    /// Time to say how far it is.
    pub(super) fn on_status_timeout(&mut self, out: &mut Out) {
        let status = Status {
            view: self.current_view(),
            is_changing: self.is_changing(),
            stable: self.low_water_mark(),
            executed: self.executed,
        };
        for peer in self.seat.peers() {
            out.send_now(peer, Message::Status(status));
        }
        out.set_timer(PbftTimer::Status, self.config.status_ticks, self.config.status_ticks);
    }

    /// How far another is: it gets what it lacks.
    pub(super) fn on_status(&mut self, from: NodeId, status: &Status, out: &mut Out) {
        if self.has(Mutation::NeverRetransmits) || !self.seat.is_replica(from) {
            return;
        }
        let messages = out.effects().len();
        self.send_view(from, status, out);
        let before = self.heard.insert(from, status.executed);
        if let Some(stable) = self.durable.stable.clone().filter(|stable| stable.checkpoint.sequence > status.stable) {
            out.rule(Rule::StateSent);
            out.send(from, Message::State(stable));
        }
        if before == Some(status.executed) {
            self.send_checkpoints(from, status, out);
            self.send_commitments(from, status, out);
            if status.view == self.current_view() && !status.is_changing && !self.is_changing() {
                self.send_votes(from, status, out);
            }
        }
        if out.effects().len() > messages {
            out.rule(Rule::StatusAnswered);
        }
    }

    /// The view-change or new-view that another lacks.
    fn send_view(&self, to: NodeId, status: &Status, out: &mut Out) {
        let view = self.current_view();
        if self.is_changing() {
            if let Some(own) = self
                .durable
                .view_change
                .clone()
                .filter(|_| status.view < view || (status.view == view && status.is_changing))
            {
                out.send(to, Message::ViewChange(own));
            }
        } else if (status.view < view || (status.view == view && status.is_changing))
            && let Some(new_view) = self.durable.new_view.clone()
        {
            out.send(to, Message::NewView(new_view));
        }
    }

    /// The own checkpoint messages that are not stable yet.
    fn send_checkpoints(&self, to: NodeId, status: &Status, out: &mut Out) {
        for (_, known) in self.checkpoints.range(status.stable.saturating_add(1)..) {
            if let Some(own) = known.iter().find(|each| each.signer() == self.seat.id) {
                out.send(to, Message::Checkpoint(own.clone()));
            }
        }
    }

    fn send_commitments(&self, to: NodeId, status: &Status, out: &mut Out) {
        for (_, slot) in self.durable.slots.range(status.executed.saturating_add(1)..).take(NUMBERS_MAX) {
            if let Some(commitment) = &slot.committed {
                out.send(to, Message::Commitment(commitment.clone()));
            }
        }
    }

    fn send_votes(&self, to: NodeId, status: &Status, out: &mut Out) {
        let view = self.current_view();
        for (sequence, slot) in self.durable.slots.range(status.executed.saturating_add(1)..).take(NUMBERS_MAX) {
            let Some(proposal) = slot.accepted_in(view).filter(|_| slot.committed.is_none()) else { continue };
            if self.is_primary() {
                out.send(to, Message::PrePrepare(proposal.clone()));
            } else {
                out.send(to, Message::Prepare(self.say(Phase::Prepare, *sequence, proposal.vote.body().digest)));
            }
            if let Some(certificate) = slot.prepared_in(view) {
                out.send(
                    to,
                    Message::Commit(self.say(Phase::Commit, *sequence, certificate.proposal.vote.body().digest)),
                );
            }
        }
    }

    /// Commits of a quorum, from another: they prove that a number is committed, in whatever view.
    pub(super) fn on_commitment(&mut self, now: Ticks, commitment: &Arc<Commitment>, out: &mut Out) {
        self.examine_commitment(now, commitment, out);
        let Some(sequence) = self.proven_committed(commitment) else {
            out.rule(Rule::SignatureRejected);
            return;
        };
        let known = self.durable.slots.get(&sequence).is_some_and(|slot| slot.committed.is_some());
        if known || sequence <= self.low_water_mark() || sequence > self.high_water_mark() {
            return;
        }
        out.rule(Rule::CommitmentLearned);
        self.persist(Write::Commit(sequence, commitment.clone()), out);
        self.execute(out);
    }
}
