//! The normal case (sections 4.1 and 4.2): request, pre-prepare, prepare, commit.

use super::message::{Certificate, Commitment, Proposal, SignedRequest, Statement, Vote, primary_of};
use super::rule::{Mutation, Rule};
use super::state::{Counted, PbftTimer, Receipt, Write, count};
use super::{Digest, Message, Out, Pbft, Phase, Sequence, View};
use crate::process::{NodeId, Ticks};
use std::sync::Arc;

impl Pbft {
    /// Whether a request is its client's own.
    fn is_request_signed(&self, request: &SignedRequest) -> bool {
        let client = request.body().client;
        self.is_signed(request) && request.signer() == client && !self.seat.is_replica(client)
    }

    /// A client asks, or a backup passes on what a client asked.
    pub(super) fn on_request(&mut self, from: NodeId, request: &Arc<SignedRequest>, out: &mut Out) {
        if !self.is_request_signed(request) {
            out.rule(Rule::SignatureRejected);
            return;
        }
        let body = request.body();
        let latest = self.store.latest(body.client);
        if body.sequence <= latest {
            if body.sequence == latest {
                out.rule(Rule::ReplyRepeated);
                self.reply_again(body.client, latest, out);
            }
            return;
        }
        // Whoever starts its timer for a request makes sure that the primary has it too, wherever the request came
        // from: else an honest primary is deposed for what it has never heard of.
        let is_new = self.wait_for(request, out);
        if self.is_primary() {
            self.order(request, out);
        } else if !self.is_changing() && (is_new || !self.seat.is_replica(from)) {
            out.rule(Rule::RequestRelayed);
            out.send(self.primary(), Message::Request(request.clone()));
        }
    }

    /// Notes that a request waits, in place of an older one of the same client, and starts the timer. Says whether that
    /// is new.
    pub(super) fn wait_for(&mut self, request: &Arc<SignedRequest>, out: &mut Out) -> bool {
        let body = request.body();
        let is_new = match self.waiting.iter_mut().find(|waiting| waiting.body().client == body.client) {
            Some(waiting) if waiting.body().sequence >= body.sequence => false,
            Some(waiting) => {
                *waiting = request.clone();
                true
            }
            None => {
                self.waiting.push_back(request.clone());
                true
            }
        };
        self.start_timer(out);
        is_new
    }

    /// A backup that waits for a request, and does not time one already, does so from now on (section 4.4). It times
    /// the one that has waited longest, so that a primary cannot leave one client out for ever. A client that gave up
    /// and asks for something else has been waiting all the while.
    pub(super) fn start_timer(&mut self, out: &mut Out) {
        if self.is_changing() || self.is_primary() {
            return;
        }
        if self.timed.is_some_and(|client| self.waiting.iter().any(|waiting| waiting.body().client == client)) {
            return;
        }
        self.timed = self.waiting.front().map(|first| first.body().client);
        if self.timed.is_some() {
            out.rule(Rule::TimerStarted);
            let patience = self.patience();
            out.set_timer(PbftTimer::ViewChange, patience, patience);
        } else {
            out.clear_timer(PbftTimer::ViewChange);
        }
    }

    /// Whether a request has a number in this view already.
    fn is_ordered(&self, request: &SignedRequest) -> bool {
        let view = self.current_view();
        let mut unexecuted = self.durable.slots.range(self.executed + 1..);
        unexecuted
            .any(|(_, slot)| slot.accepted_in(view).is_some_and(|known| known.request.as_deref() == Some(request)))
    }

    /// The primary gives a request its number.
    fn order(&mut self, request: &Arc<SignedRequest>, out: &mut Out) {
        if self.is_ordered(request) {
            return;
        }
        let sequence = self.assigned.max(self.low_water_mark()) + 1;
        if sequence > self.high_water_mark() && !self.has(Mutation::WaterMarksIgnored) {
            out.rule(Rule::RequestWaits);
            return;
        }
        out.rule(Rule::RequestOrdered);
        self.assigned = sequence;
        let vote = self.say(Phase::PrePrepare, sequence, Digest::of(Some(request)));
        let proposal = Arc::new(Proposal { vote, request: Some(request.clone()) });
        self.keep_acceptance(&proposal, out);
        self.broadcast(&Message::PrePrepare(proposal), out);
    }

    /// The primary orders all that waits and has no number yet.
    pub(super) fn order_waiting(&mut self, out: &mut Out) {
        if !self.is_primary() {
            return;
        }
        for request in self.waiting.clone() {
            self.order(&request, out);
        }
    }

    /// A pre-prepare, from the primary or shown by another.
    pub(super) fn on_pre_prepare(&mut self, now: Ticks, from: NodeId, proposal: &Arc<Proposal>, out: &mut Out) {
        let vote = &proposal.vote;
        let said = *vote.body();
        if let Some(rejection) = self.rejection_of(proposal) {
            out.rule(rejection);
            return;
        }
        if !self.is_of_this_view(from, said.view, || Message::PrePrepare(proposal.clone())) {
            return;
        }
        if !self.is_in_window(said.sequence) || said.sequence <= self.floor() {
            out.rule(Rule::OutsideWaterMarks);
            return;
        }
        if proposal.request.is_none() && !self.is_carried_over(vote) {
            out.rule(Rule::NullRejected);
            return;
        }
        let known = self.durable.slots.get(&said.sequence).and_then(|slot| slot.accepted_in(said.view)).cloned();
        if let Some(known) = known {
            if known.vote.body().digest == said.digest {
                return;
            }
            out.rule(Rule::PrePrepareConflicting);
            self.convict_of_votes(now, &known.vote, vote, out);
            if !self.has(Mutation::SecondPrePrepareAccepted) || self.primary() == self.seat.id {
                return;
            }
        }
        if self.primary() != self.seat.id {
            self.accept(proposal, out);
        }
    }

    /// Whether its view began with this pre-prepare.
    fn is_carried_over(&self, vote: &Vote) -> bool {
        let began = self.durable.new_view.as_ref().filter(|new_view| new_view.body().view == vote.body().view);
        began.is_some_and(|new_view| new_view.body().proposals.iter().any(|of_view| of_view.body() == vote.body()))
    }

    /// Why a pre-prepare is no good, whatever the state.
    fn rejection_of(&self, proposal: &Proposal) -> Option<Rule> {
        let (vote, said) = (&proposal.vote, proposal.vote.body());
        let request = proposal.request.as_deref();
        if !self.is_signed(vote) || request.is_some_and(|request| !self.is_request_signed(request)) {
            Some(Rule::SignatureRejected)
        } else if said.phase != Phase::PrePrepare || vote.signer() != primary_of(said.view, self.seat.replicas) {
            Some(Rule::SenderRejected)
        } else if said.digest != Digest::of(request) && !self.has(Mutation::DigestUnchecked) {
            Some(Rule::DigestRejected)
        } else {
            None
        }
    }

    /// Accepts a pre-prepare of the present view, and says so to all.
    pub(super) fn accept(&mut self, proposal: &Arc<Proposal>, out: &mut Out) {
        out.rule(Rule::PrePrepareAccepted);
        let said = *proposal.vote.body();
        self.keep_acceptance(proposal, out);
        if let Some(request) = &proposal.request
            && request.body().sequence > self.store.latest(request.body().client)
        {
            self.wait_for(request, out);
        }
        let vote = self.say(Phase::Prepare, said.sequence, said.digest);
        self.broadcast(&Message::Prepare(vote), out);
    }

    /// Writes down which pre-prepare it accepted. Its own prepare counts when that is on its disk, and not before: a
    /// replica that crashes earlier has promised nothing, and may accept another.
    pub(super) fn keep_acceptance(&mut self, proposal: &Arc<Proposal>, out: &mut Out) {
        let Statement { view, sequence, .. } = *proposal.vote.body();
        self.persist(Write::Accept(proposal.clone()), out);
        out.when_persisted(Receipt::OwnAcceptance { view, sequence });
    }

    /// What it accepted is on its disk: it counts for a certificate of its own.
    pub(super) fn on_own_acceptance_persisted(&mut self, view: View, sequence: Sequence, out: &mut Out) {
        let accepted = self.durable.slots.get(&sequence).and_then(|slot| slot.accepted_in(view));
        let Some(digest) = accepted
            .filter(|_| view == self.current_view() && !self.is_changing())
            .map(|known| known.vote.body().digest)
        else {
            return;
        };
        if self.primary() != self.seat.id {
            let vote = self.say(Phase::Prepare, sequence, digest);
            let tally = self.tallies.entry(sequence).or_default();
            tally.prepares.retain(|own| own.signer() != vote.signer());
            tally.prepares.push(vote);
        }
        self.check_prepared(sequence, out);
    }

    /// Whether a vote is worth counting: genuine, of a replica that may cast it, of this view, between the water marks.
    fn is_countable(&mut self, from: NodeId, vote: &Vote, phase: Phase, out: &mut Out) -> bool {
        let said = *vote.body();
        if !self.is_signed(vote) {
            out.rule(Rule::SignatureRejected);
            return false;
        }
        let is_primary = vote.signer() == primary_of(said.view, self.seat.replicas);
        if said.phase != phase || !self.seat.is_replica(vote.signer()) || (phase == Phase::Prepare && is_primary) {
            out.rule(Rule::SenderRejected);
            return false;
        }
        let message =
            || if phase == Phase::Prepare { Message::Prepare(vote.clone()) } else { Message::Commit(vote.clone()) };
        if !self.is_of_this_view(from, said.view, message) {
            return false;
        }
        if !self.is_in_window(said.sequence) {
            out.rule(Rule::OutsideWaterMarks);
            return false;
        }
        true
    }

    /// A backup says which pre-prepare it accepted.
    pub(super) fn on_prepare(&mut self, now: Ticks, from: NodeId, vote: &Vote, out: &mut Out) {
        if !self.is_countable(from, vote, Phase::Prepare, out) {
            return;
        }
        let duplicates_too = self.has(Mutation::DuplicatesCounted);
        let said = *vote.body();
        match count(&mut self.tallies.entry(said.sequence).or_default().prepares, vote, duplicates_too) {
            Counted::New => {
                self.show_conflict(vote, out);
                self.check_prepared(said.sequence, out);
            }
            Counted::Known => {}
            Counted::Contradicts(known) => self.convict_of_votes(now, &known, vote, out),
        }
    }

    /// A pre-prepare and matching prepares of q - 1 backups: prepared (section 4.2).
    pub(super) fn check_prepared(&mut self, sequence: Sequence, out: &mut Out) {
        let view = self.current_view();
        let Some(slot) = self.durable.slots.get(&sequence) else { return };
        let Some(proposal) = slot.accepted_in(view).filter(|_| slot.prepared_in(view).is_none()) else { return };
        let digest = proposal.vote.body().digest;
        let tally = self.tallies.entry(sequence).or_default();
        let prepares: Vec<Vote> = tally.prepares.iter().filter(|vote| vote.body().digest == digest).cloned().collect();
        if prepares.len() + 1 < self.quorum() && !self.has(Mutation::NoPreparePhase) {
            return;
        }
        out.rule(Rule::Prepared);
        let certificate = Certificate { proposal: proposal.clone(), prepares };
        self.persist(Write::Prepare(Arc::new(certificate)), out);
        out.when_persisted(Receipt::OwnCertificate { view, sequence });
        self.broadcast(&Message::Commit(self.say(Phase::Commit, sequence, digest)), out);
    }

    /// A certificate is on its disk: its own commit counts from now on.
    pub(super) fn on_own_certificate_persisted(&mut self, view: View, sequence: Sequence, out: &mut Out) {
        let prepared = self.durable.slots.get(&sequence).and_then(|slot| slot.prepared_in(view));
        let Some(certificate) = prepared.filter(|_| view == self.current_view() && !self.is_changing()) else { return };
        let vote = self.say(Phase::Commit, sequence, certificate.proposal.vote.body().digest);
        let tally = self.tallies.entry(sequence).or_default();
        tally.commits.retain(|own| own.signer() != vote.signer());
        tally.commits.push(vote);
        self.check_committed(sequence, out);
    }

    /// A replica has a prepared certificate.
    pub(super) fn on_commit(&mut self, now: Ticks, from: NodeId, vote: &Vote, out: &mut Out) {
        if !self.is_countable(from, vote, Phase::Commit, out) {
            return;
        }
        let duplicates_too = self.has(Mutation::DuplicatesCounted);
        let said = *vote.body();
        match count(&mut self.tallies.entry(said.sequence).or_default().commits, vote, duplicates_too) {
            Counted::New => self.check_committed(said.sequence, out),
            Counted::Known => {}
            Counted::Contradicts(known) => self.convict_of_votes(now, &known, vote, out),
        }
    }

    /// Prepared, and matching commits of q replicas: committed (section 4.2).
    pub(super) fn check_committed(&mut self, sequence: Sequence, out: &mut Out) {
        let view = self.current_view();
        let Some(slot) = self.durable.slots.get(&sequence).filter(|slot| slot.committed.is_none()) else { return };
        let Some(certificate) = slot.prepared_in(view) else { return };
        let digest = certificate.proposal.vote.body().digest;
        let Some(tally) = self.tallies.get(&sequence) else { return };
        let matching = || tally.commits.iter().filter(|vote| vote.body().digest == digest);
        if matching().count() < self.quorum() {
            return;
        }
        out.rule(Rule::CommittedLocal);
        let commitment =
            Commitment { request: certificate.proposal.request.clone(), commits: matching().cloned().collect() };
        self.persist(Write::Commit(sequence, Arc::new(commitment)), out);
        self.execute(out);
    }
}
