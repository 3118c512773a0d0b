//! View changes (sections 4.4 and 4.5.2): suspecting the primary, asking for a view, joining others who do.

use super::message::{SignedViewChange, ViewChange, primary_of};
use super::rule::{Mutation, Rule};
use super::state::{PbftTimer, Write};
use super::{Checkpoint, Message, Out, Pbft, View};
use crate::process::Ticks;
use std::sync::Arc;

impl Pbft {
    /// A request has waited too long, or the primary of the next view too long with its new-view.
    pub(super) fn on_view_change_timeout(&mut self, out: &mut Out) {
        if self.is_primary() {
            return;
        }
        out.rule(Rule::PrimarySuspected);
        self.ask_for_view(self.current_view() + 1, out);
    }

    /// Stops taking part in the present view, and asks for a later one.
    fn ask_for_view(&mut self, view: View, out: &mut Out) {
        debug_assert!(view > self.current_view(), "whoever asks has made sure of it");
        let own: SignedViewChange = Arc::new(self.seat.sign(self.view_change_to(view)));
        self.persist(Write::ChangeView(own.clone()), out);
        self.failed_views += 1;
        self.awaits_primary = false;
        self.timed = None;
        self.tallies.clear();
        self.early.retain(|(_, message)| super::epoch(message) >= view);
        out.clear_timer(PbftTimer::ViewChange);
        self.view_changes.insert(self.seat.id, own.clone());
        self.broadcast(&Message::ViewChange(own), out);
        self.check_view_changes(out);
    }

    /// What it has stable, and what it has prepared above that (C and P).
    fn view_change_to(&self, view: View) -> ViewChange {
        let stable = self.stable_to_claim();
        ViewChange {
            view,
            stable: stable.map_or(Checkpoint { sequence: 0, digest: super::Digest::NULL }, |stable| stable.checkpoint),
            proof: stable.map(|stable| stable.proof.clone()).unwrap_or_default(),
            prepared: self.certificates_to_show(),
        }
    }

    /// Whether a view-change proves what it claims (section 4.4).
    pub(super) fn is_valid_view_change(&self, signed: &SignedViewChange) -> bool {
        let body = signed.body();
        let low = body.stable.sequence;
        self.is_signed(signed.as_ref())
            && self.seat.is_replica(signed.signer())
            && self.is_stable(&body.stable, &body.proof)
            && body.prepared.iter().all(|certificate| self.proves_prepared(certificate, body.view, low))
    }

    /// A replica asks for a view.
    pub(super) fn on_view_change(&mut self, now: Ticks, signed: &SignedViewChange, out: &mut Out) {
        self.examine_view_change(now, signed, out);
        let (view, current) = (signed.body().view, self.current_view());
        if view < current || (view == current && !self.is_changing()) {
            return;
        }
        if self.view_changes.get(&signed.signer()).is_some_and(|known| known.body().view >= view) {
            return;
        }
        if !self.is_signed(signed.as_ref()) {
            out.rule(Rule::SignatureRejected);
            return;
        }
        if !self.is_valid_view_change(signed) {
            out.rule(Rule::ViewChangeRejected);
            return;
        }
        out.rule(Rule::ViewChangeAccepted);
        self.view_changes.insert(signed.signer(), signed.clone());
        self.check_view_changes(out);
    }

    /// How many replicas want a view that fits.
    fn wanted(&self, fits: impl Fn(View) -> bool) -> usize {
        self.view_changes.values().filter(|each| fits(each.body().view)).count()
    }

    /// Joins others, begins to wait for the new primary, or begins the view.
    fn check_view_changes(&mut self, out: &mut Out) {
        let view = self.current_view();
        let higher = self.view_changes.values().map(|each| each.body().view).filter(|&wanted| wanted > view);
        if self.wanted(|wanted| wanted > view) > self.faults as usize && !self.has(Mutation::NeverJoins) {
            // f+1 want higher views: at least one of them is honest.
            if let Some(smallest) = higher.min() {
                out.rule(Rule::ViewChangeJoined);
                self.ask_for_view(smallest, out);
            }
            return;
        }
        if !self.is_changing() {
            return;
        }
        // A replica that is ahead has left this view too: it counts for the wait, and not for the new-view.
        if !self.awaits_primary && self.wanted(|wanted| wanted >= view) >= self.quorum() {
            self.awaits_primary = true;
            out.rule(Rule::ViewChangeTimerStarted);
            let patience = self.patience();
            out.set_timer(PbftTimer::ViewChange, patience, patience);
        }
        if primary_of(view, self.seat.replicas) == self.seat.id && self.wanted(|wanted| wanted == view) >= self.quorum()
        {
            self.begin_view(out);
        }
    }
}
