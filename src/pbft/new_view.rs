//! The new view (section 4.4): what must be proposed again, and the proof that it is neither less nor more.

use super::departures::certificate_to_carry_over;
use super::message::{NewView, Proposal, SignedRequest, SignedViewChange, Stable, Statement, Vote, primary_of};
use super::rule::{Mutation, Rule};
use super::state::{PbftTimer, Plan, Write};
use super::{Digest, Message, Out, Pbft, Phase, Sequence, View};
use crate::process::{Mutations, Signed, Ticks};
use std::sync::Arc;

impl Pbft {
    /// Computes what view-changes oblige the new primary to propose.
    fn plan(&self, view_changes: &[SignedViewChange]) -> Plan {
        plan(view_changes, self.config.mutations)
    }
}

/// Computes what view-changes oblige a new primary to propose, whoever it is.
pub(super) fn plan(view_changes: &[SignedViewChange], mutations: Mutations<Mutation>) -> Plan {
    let min = view_changes.iter().map(|each| each.body().stable.sequence).max().unwrap_or(0);
    let certificates = || view_changes.iter().flat_map(|each| &each.body().prepared);
    let max = certificates().map(|each| each.proposal.vote.body().sequence).max().unwrap_or(0);
    let mut proposals = Vec::new();
    for sequence in min.saturating_add(1)..=max {
        let of_number = certificates().filter(|each| each.proposal.vote.body().sequence == sequence);
        match certificate_to_carry_over(of_number, mutations) {
            Some(certificate) => proposals.push((sequence, certificate.proposal.request.clone())),
            None if mutations.has(Mutation::NullRequestsOff) => {}
            None => proposals.push((sequence, None)),
        }
    }
    Plan { min, proposals }
}

impl Pbft {
    /// The new primary has enough view-changes: it begins its view.
    pub(super) fn begin_view(&mut self, out: &mut Out) {
        let view = self.current_view();
        let Some(view_changes) = self.view_changes_for(view) else { return };
        let plan = self.plan(&view_changes);
        let sign = |(sequence, request): &(Sequence, Option<Arc<SignedRequest>>)| {
            self.say(Phase::PrePrepare, *sequence, Digest::of(request.as_deref()))
        };
        let proposals: Vec<Vote> = plan.proposals.iter().map(sign).collect();
        out.rule(Rule::NewViewSent);
        let new_view = Arc::new(self.seat.sign(NewView { view, view_changes, proposals }));
        self.enter_view(&new_view, &plan, out);
    }

    /// A primary begins its view. Its proof is checked from the signatures up.
    pub(super) fn on_new_view(&mut self, now: Ticks, signed: &Arc<Signed<NewView>>, out: &mut Out) {
        self.examine_new_view(now, signed, out);
        let (body, view) = (signed.body(), self.current_view());
        if body.view < view || (body.view == view && !self.is_changing()) || signed.signer() == self.seat.id {
            return;
        }
        if !self.is_signed(signed.as_ref()) {
            out.rule(Rule::SignatureRejected);
            return;
        }
        if signed.signer() != primary_of(body.view, self.seat.replicas) {
            out.rule(Rule::SenderRejected);
            return;
        }
        if let Some(plan) = self.proven_plan(body) {
            out.rule(Rule::NewViewAccepted);
            self.enter_view(signed, &plan, out);
        } else {
            out.rule(Rule::NewViewRejected);
        }
    }

    /// What a new-view obliges to, if it is proven. Nothing is computed from view-changes that nobody has checked:
    /// their numbers may be any.
    fn proven_plan(&self, body: &NewView) -> Option<Plan> {
        let is_proven = self.has_quorum_for(body.view, &body.view_changes);
        let plan = is_proven.then(|| self.plan(&body.view_changes)).filter(|plan| self.follows(body, plan));
        plan.or_else(|| self.unproven_plan(body))
    }

    /// Whether there are valid view-changes of q different replicas for a view, and no invalid one among them.
    fn has_quorum_for(&self, view: View, view_changes: &[SignedViewChange]) -> bool {
        let is_valid = |each: &SignedViewChange| each.body().view == view && self.is_valid_view_change(each);
        self.count_senders(view_changes) >= self.quorum() && view_changes.iter().all(is_valid)
    }

    /// Whether the primary's pre-prepares are those that follow from the view-changes.
    fn follows(&self, body: &NewView, plan: &Plan) -> bool {
        let is_same = |(vote, (sequence, request)): (&Vote, &(Sequence, Option<Arc<SignedRequest>>))| {
            let digest = Digest::of(request.as_deref());
            let expected = Statement { phase: Phase::PrePrepare, view: body.view, sequence: *sequence, digest };
            self.is_signed(vote)
                && vote.signer() == primary_of(body.view, self.seat.replicas)
                && *vote.body() == expected
        };
        body.proposals.len() == plan.proposals.len() && body.proposals.iter().zip(&plan.proposals).all(is_same)
    }

    /// The view begins: what was proposed again goes through its phases anew. What is executed already is not executed
    /// again.
    fn enter_view(&mut self, new_view: &Arc<Signed<NewView>>, plan: &Plan, out: &mut Out) {
        self.persist(Write::EnterView(new_view.clone()), out);
        if new_view.signer() == self.seat.id {
            // Not before it is on disk: after a crash it must not begin the same view by another proof.
            self.broadcast(&Message::NewView(new_view.clone()), out);
        }
        let view = self.current_view();
        self.tallies.clear();
        self.awaits_primary = false;
        self.timed = None;
        out.clear_timer(PbftTimer::ViewChange);
        self.view_changes.retain(|_, each| each.body().view > view);
        self.adopt_stable(new_view.body(), plan.min, out);
        self.assigned = plan.proposals.last().map_or(plan.min, |(last, _)| *last).max(plan.min);
        self.take_up(new_view.body(), plan, out);
        if self.has(Mutation::NewPrimaryIdle) {
            self.start_timer(out);
        } else if self.is_primary() {
            self.order_waiting(out);
        } else {
            for request in &self.waiting {
                out.send(self.primary(), Message::Request(request.clone()));
            }
            self.start_timer(out);
        }
    }

    /// Accepts what the view begins with, as far as it lies between the water marks.
    fn take_up(&mut self, new_view: &NewView, plan: &Plan, out: &mut Out) {
        for (sequence, request) in &plan.proposals {
            out.rule(if request.is_some() { Rule::CarriedOver } else { Rule::NullRequest });
            let digest = Digest::of(request.as_deref());
            let Some(vote) = new_view.proposals.iter().find(|vote| vote.body().sequence == *sequence) else { continue };
            if vote.body().digest != digest || !self.is_in_window(*sequence) {
                continue;
            }
            let proposal = Arc::new(Proposal { vote: vote.clone(), request: request.clone() });
            if self.primary() == self.seat.id {
                self.keep_acceptance(&proposal, out);
            } else {
                self.accept(&proposal, out);
            }
        }
    }

    /// The water marks have moved. What its view began with may have lain above them when the view began: only now can
    /// it take part in that, and where others are silent, it must.
    pub(super) fn take_up_the_rest(&mut self, out: &mut Out) {
        let Some(new_view) =
            self.durable.new_view.clone().filter(|new_view| new_view.body().view == self.current_view())
        else {
            return;
        };
        let body = new_view.body();
        let (view, low, high) = (body.view, self.low_water_mark(), self.high_water_mark());
        let slots = &self.durable.slots;
        let is_accepted =
            |sequence: Sequence| slots.get(&sequence).is_some_and(|slot| slot.accepted_in(view).is_some());
        let numbers = body.proposals.iter().map(|vote| vote.body().sequence);
        let left: Vec<Sequence> =
            numbers.filter(|sequence| (low + 1..=high).contains(sequence) && !is_accepted(*sequence)).collect();
        if self.is_changing() || left.is_empty() {
            return;
        }
        if let Some(mut plan) = self.proven_plan(body) {
            plan.proposals.retain(|(sequence, _)| left.contains(sequence));
            self.take_up(body, &plan, out);
        }
    }

    /// Takes over the checkpoint that the view begins from, if its state is at hand. If not, others send it.
    fn adopt_stable(&mut self, new_view: &NewView, min: Sequence, out: &mut Out) {
        let latest = new_view.view_changes.iter().find(|each| each.body().stable.sequence == min);
        let (Some(latest), Some(store)) = (latest, self.snapshots.get(&min).cloned()) else { return };
        let (checkpoint, proof) = (latest.body().stable, latest.body().proof.clone());
        if min > self.low_water_mark() && Digest::of_state(&store) == checkpoint.digest {
            out.rule(Rule::CheckpointStable);
            self.stabilise(Arc::new(Stable { checkpoint, proof, store: (*store).clone() }), out);
        }
    }
}
