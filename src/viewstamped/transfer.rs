//! Checkpoints (VRR 5.1), and state transfer (VRR 5.2).
//!
//! A replica that has missed operations of its view, or the beginning of a view, asks the primary for them. The paper
//! has it drop all after its commit-number first, where it has missed a view: those operations may have been replaced.
//! But they may also have been acknowledged, and be committed: until the new ones are there, the old ones are what the
//! replica must report in the next view change (Vanlightly 2022). So here nothing is dropped before the new log takes
//! its place, in one step, and neither view-number nor latest normal view changes before that.

use super::message::LogState;
use super::rule::{Mutation, Rule};
use super::state::{Checkpoint, Log, ViewNumber, Write};
use super::{Message, Out, Viewstamped};
use crate::process::NodeId;
use crate::replicated_log::{AnswersAnywhere as _, Index};
use std::sync::Arc;

impl Viewstamped {
    /// It lacks operations of its view.
    pub(super) fn ask_for_state(&mut self, primary: NodeId, out: &mut Out) {
        out.rule(Rule::StateRequested);
        out.send(primary, Message::GetState { view: self.view_number(), after: self.op_number() });
    }

    /// It has missed the beginning of a view. What comes after its commit-number may be other operations there.
    pub(super) fn ask_for_view(&mut self, primary: NodeId, view: ViewNumber, out: &mut Out) {
        out.rule(Rule::StateRequested);
        let after = self.machine.commit_index;
        if self.has(Mutation::StateTransferDrops) {
            self.persist(Write::Truncate(after), out);
        }
        out.send(primary, Message::GetState { view, after });
    }

    /// Another replica lacks operations of this view.
    pub(super) fn on_get_state(&mut self, from: NodeId, view: ViewNumber, after: Index, out: &mut Out) {
        if !self.is_in(view) {
            return;
        }
        out.rule(Rule::StateSent);
        let state = Arc::new(if after < self.log().base() || after > self.op_number() {
            self.whole_state()
        } else {
            let entries = self.log().slice(after + 1, self.op_number()).into();
            LogState { checkpoint: None, after, entries }
        });
        out.send(from, Message::NewState { view, state, commit: self.machine.commit_index });
    }

    /// What was missing.
    pub(super) fn on_new_state(
        &mut self,
        from: NodeId,
        (view, commit): (ViewNumber, Index),
        state: &LogState,
        out: &mut Out,
    ) {
        if view < self.view_number() || self.is_primary() && self.is_in(view) {
            return;
        }
        let is_missing = !self.is_in(view) || state.op() > self.op_number();
        // What an earlier life asked for may begin after what this one has.
        if is_missing && state.after > self.kept_in(view) && state.checkpoint.is_none() {
            return;
        }
        if is_missing {
            if !self.enter_view(view, state, out) {
                return;
            }
            out.rule(Rule::StateTaken);
            self.become_backup(out);
        }
        out.send(from, Message::PrepareOk { view, op: self.op_number() });
        self.learn_commit(commit, out);
    }

    /// Its log and checkpoint.
    pub(super) fn whole_state(&self) -> LogState {
        let log = self.log();
        LogState { checkpoint: self.durable.checkpoint.clone(), after: log.base(), entries: log.entries().into() }
    }

    /// Takes over the log of a view that has begun. Says whether it could: it is a violation if operations are missing
    /// between what it knows to be committed and the log, and no checkpoint covers them.
    pub(super) fn enter_view(&mut self, view: ViewNumber, state: &LogState, out: &mut Out) -> bool {
        let mut checkpoint = self.durable.checkpoint.clone();
        let covered = |checkpoint: &Option<Arc<Checkpoint>>| checkpoint.as_ref().map_or(0, |each| each.up_to);
        if covered(&state.checkpoint) > covered(&checkpoint) {
            checkpoint = state.checkpoint.clone();
        }
        let kept = self.kept_in(view);
        let mut log = if state.after > kept { Log::starting_after(state.after) } else { self.log().clone() };
        if state.after > kept {
            match checkpoint.as_deref().filter(|checkpoint| checkpoint.up_to >= state.after) {
                Some(checkpoint) => self.machine.install(checkpoint),
                None => {
                    let sentence = format!("operations {} to {} are missing in view {view}", kept + 1, state.after);
                    out.violation(sentence);
                    return false;
                }
            }
        }
        let skipped = log.base().saturating_sub(state.after);
        log.replace_after(state.after + skipped, state.entries.get(skipped as usize..).unwrap_or_default());
        self.persist(Write::EnterView { view, log, checkpoint }, out);
        self.answer_who_waited(out);
        true
    }

    /// Up to where a view's log holds what it holds: its commit-number, and in its own view all of its log.
    fn kept_in(&self, view: ViewNumber) -> Index {
        if self.is_in(view) { self.op_number() } else { self.machine.commit_index }
    }

    /// Whether it is in a view, in normal status.
    pub(super) fn is_in(&self, view: ViewNumber) -> bool {
        self.is_normal() && view == self.view_number()
    }

    /// Saves the state when enough was carried out since the last time. Some operations are kept, for backups that are
    /// a little late.
    pub(super) fn maybe_take_checkpoint(&mut self, out: &mut Out) {
        let (compaction, up_to) = (self.config.compaction(), self.machine.last_applied);
        let covered = self.durable.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.up_to);
        if compaction.is_due(up_to, covered) {
            out.rule(Rule::CheckpointTaken);
            let checkpoint = Arc::new(Checkpoint { up_to, store: self.machine.store.clone() });
            let drop_up_to = compaction.drops_up_to(up_to);
            self.persist(Write::TakeCheckpoint { checkpoint, drop_up_to }, out);
        }
    }
}
