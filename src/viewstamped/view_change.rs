//! View changes (VRR 4.2): f + 1 replicas leave the old view, and the new primary begins with what any of them may have
//! seen committed.
//!
//! What a replica reports binds it: having sent DOVIEWCHANGE for a view, it acknowledges nothing in an earlier one. A
//! crash without a disk takes that promise with it, and the paper's recovery lets the replica go on in the earlier view
//! while its report is still under way. So a report carries the crash vector of its sender, and one counts only if
//! nobody else who reports knows that the life in which it was sent has ended (RSO 5). Recovery tells f + 1 replicas of
//! the new life before it takes part in anything, and each f + 1 that report have one of them among them.

use super::message::DoViewChange;
use super::rule::{Mutation, Rule};
use super::state::{CrashVector, Status, ViewNumber, Write};
use super::{Message, Out, Viewstamped};
use crate::process::NodeId;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Viewstamped {
    /// Nothing was heard from the primary for too long, or the view change takes too long.
    pub(super) fn on_view_change_timeout(&mut self, out: &mut Out) {
        if matches!(self.status, Status::Backup | Status::ViewChange(_)) {
            out.rule(Rule::PrimarySuspected);
            self.become_view_changer(self.view_number() + 1, out);
        }
    }

    /// Says to all which view it wants.
    pub(super) fn want_view(&mut self, out: &mut Out) {
        for peer in self.seat.peers() {
            out.send(peer, Message::StartViewChange { view: self.view_number() });
        }
        self.await_primary(out);
        self.maybe_report(out);
    }

    /// Another replica wants a view. One that is later than the own is wanted here too.
    fn join(&mut self, view: ViewNumber, out: &mut Out) {
        if view > self.view_number() {
            out.rule(Rule::ViewChangeJoined);
            self.become_view_changer(view, out);
        }
    }

    fn count_wanting(&mut self, from: NodeId, view: ViewNumber, out: &mut Out) {
        let is_own = view == self.view_number();
        let Status::ViewChange(view_change) = &mut self.status else { return };
        if is_own && view_change.wanted_by.insert(from) {
            self.maybe_report(out);
        }
    }

    /// STARTVIEWCHANGE.
    pub(super) fn on_start_view_change(&mut self, from: NodeId, view: ViewNumber, out: &mut Out) {
        self.join(view, out);
        self.count_wanting(from, view, out);
    }

    /// When f others want the same view, the replica says what it knows.
    fn maybe_report(&mut self, out: &mut Out) {
        let others_needed = self.quorum() - 1;
        let Status::ViewChange(view_change) = &mut self.status else { return };
        if view_change.is_done || view_change.wanted_by.len() < others_needed {
            return;
        }
        view_change.is_done = true;
        out.rule(Rule::ViewReported);
        let report = Arc::new(DoViewChange {
            view: self.view_number(),
            last_normal: self.durable.last_normal,
            state: self.whole_state(),
            commit: self.machine.commit_index,
            crash_vector: self.durable.crash_vector.clone(),
        });
        let primary = self.primary_of(report.view);
        if primary == self.seat.id {
            self.note_report(primary, report, out);
        } else {
            out.send(primary, Message::DoViewChange(report));
        }
    }

    /// DOVIEWCHANGE. Who sends it wants the view as well.
    pub(super) fn on_do_view_change(&mut self, from: NodeId, report: &Arc<DoViewChange>, out: &mut Out) {
        self.join(report.view, out);
        if report.view == self.view_number() && self.primary_of(self.view_number()) == self.seat.id {
            self.note_report(from, report.clone(), out);
            self.count_wanting(from, report.view, out);
        }
    }

    /// The new primary has one more report. Of one replica the one of its latest life counts.
    fn note_report(&mut self, from: NodeId, report: Arc<DoViewChange>, out: &mut Out) {
        if !matches!(self.status, Status::ViewChange(_)) {
            return;
        }
        // What it is told of lives that have ended, it remembers.
        self.persist(Write::Crashed(report.crash_vector.clone()), out);
        let Status::ViewChange(view_change) = &mut self.status else { return };
        let life = |report: &DoViewChange| report.crash_vector.life(from);
        if view_change.reports.get(&from).is_none_or(|known| life(known) < life(&report)) {
            view_change.reports.insert(from, report);
            self.maybe_start_view(out);
        }
    }

    /// What counts of what replicas have said: not what one said in a life that is known to have ended (RSO 5).
    pub(super) fn of_living<'r, T>(
        &self,
        said: &'r BTreeMap<NodeId, Arc<T>>,
        crash_vector: fn(&T) -> &CrashVector,
        out: &mut Out,
    ) -> Vec<(&'r NodeId, &'r Arc<T>)> {
        let known = &self.durable.crash_vector;
        let counts = |(from, what): &(&NodeId, &Arc<T>)| {
            crash_vector(what).life(**from) >= known.life(**from) || self.has(Mutation::CrashVectorsIgnored)
        };
        let living: Vec<_> = said.iter().filter(counts).collect();
        if living.len() < said.len() {
            out.rule(Rule::StaleReportIgnored);
        }
        living
    }

    fn maybe_start_view(&mut self, out: &mut Out) {
        let Status::ViewChange(view_change) = &self.status else { return };
        let reports = self.of_living(&view_change.reports, |report| &report.crash_vector, out);
        let has_own = reports.iter().any(|(from, _)| **from == self.seat.id);
        if !has_own || (reports.len() as u32) < self.reports_needed() {
            return;
        }
        let Some(log_of) = self.report_with_log(&reports) else { return };
        let log_of = log_of.clone();
        let commit = reports.iter().map(|(_, report)| report.commit).max().unwrap_or(0);
        self.start_view(&log_of, commit, out);
    }

    /// The new primary takes the log of a report, and begins the view.
    fn start_view(&mut self, log_of: &DoViewChange, commit: u64, out: &mut Out) {
        out.rule(Rule::ViewStarted);
        let view = self.view_number();
        let state = self.log_to_begin_with(&log_of.state, commit);
        if !self.enter_view(view, &state, out) {
            return;
        }
        self.become_primary(out);
        let state = Arc::new(self.whole_state());
        for peer in self.seat.peers() {
            out.send(peer, Message::StartView { view, state: state.clone(), commit });
        }
        self.learn_commit(commit, out);
        self.count_own(out);
    }

    /// STARTVIEW. A copy of it finds the replica in the view, which may have gone on.
    pub(super) fn on_start_view(
        &mut self,
        from: NodeId,
        (view, commit): (ViewNumber, u64),
        state: &super::message::LogState,
        out: &mut Out,
    ) {
        if view < self.view_number() || self.is_in(view) || !self.enter_view(view, state, out) {
            return;
        }
        out.rule(Rule::ViewEntered);
        self.become_backup(out);
        out.send(from, Message::PrepareOk { view, op: self.op_number() });
        self.learn_commit(commit, out);
    }
}
