//! Checkpoints (section 4.3): proofs of a state, garbage collection, water marks, and the transfer of a state.

use super::message::{Checkpoint, Stable};
use super::proof::Said;
use super::rule::{Mutation, Rule};
use super::state::Write;
use super::{Digest, Message, Out, Pbft, Sequence};
use crate::process::{Signed, Ticks};
use std::sync::Arc;

impl Pbft {
    /// Signs the state after a request, and says so to all.
    pub(super) fn take_checkpoint(&mut self, sequence: Sequence, out: &mut Out) {
        if sequence <= self.low_water_mark() {
            return;
        }
        out.rule(Rule::CheckpointTaken);
        let checkpoint = self.seat.sign(Checkpoint { sequence, digest: Digest::of_state(&self.store) });
        self.snapshots.insert(sequence, Arc::new(self.store.clone()));
        self.checkpoints.entry(sequence).or_default().push(checkpoint.clone());
        self.broadcast(&Message::Checkpoint(checkpoint), out);
        self.check_stable(sequence, out);
    }

    /// A replica says what its state is.
    pub(super) fn on_checkpoint(&mut self, now: Ticks, checkpoint: &Signed<Checkpoint>, out: &mut Out) {
        if !self.is_signed(checkpoint) || !self.seat.is_replica(checkpoint.signer()) {
            out.rule(Rule::SignatureRejected);
            return;
        }
        let sequence = checkpoint.body().sequence;
        // Also what lies beyond the high water mark: others may be further. A liar must not fill the memory: one number
        // for each interval of the next window is enough.
        let furthest = self.high_water_mark() + self.config.log_window;
        if sequence <= self.low_water_mark()
            || sequence > furthest
            || !sequence.is_multiple_of(self.config.checkpoint_interval)
        {
            return;
        }
        let known = self.checkpoints.entry(sequence).or_default();
        match known.iter().find(|each| each.signer() == checkpoint.signer()).cloned() {
            Some(other) if other.body() != checkpoint.body() => {
                self.convict(now, &Said::Checkpoint(other), &Said::Checkpoint(checkpoint.clone()), out);
            }
            Some(_) => {}
            None => {
                known.push(checkpoint.clone());
                self.check_stable(sequence, out);
            }
        }
    }

    /// q equal checkpoints, the own among them, are a proof: all before is thrown away. Whoever is not that far yet
    /// asks for the state by its status.
    fn check_stable(&mut self, sequence: Sequence, out: &mut Out) {
        let Some(known) = self.checkpoints.get(&sequence) else { return };
        let Some(own) = known.iter().find(|each| each.signer() == self.seat.id) else { return };
        let Some(store) = self.snapshots.get(&sequence) else { return };
        let checkpoint = *own.body();
        let proof: Vec<Signed<Checkpoint>> = known.iter().filter(|each| *each.body() == checkpoint).cloned().collect();
        if self.is_stable(&checkpoint, &proof) {
            out.rule(Rule::CheckpointStable);
            let stable = Stable { checkpoint, proof, store: (**store).clone() };
            self.stabilise(Arc::new(stable), out);
            self.take_up_the_rest(out);
            self.order_waiting(out);
        }
    }

    /// Throws away all up to a stable checkpoint.
    pub(super) fn stabilise(&mut self, stable: Arc<Stable>, out: &mut Out) {
        let above = stable.checkpoint.sequence + 1;
        self.persist(Write::Stabilise(stable), out);
        self.tallies = self.tallies.split_off(&above);
        self.checkpoints = self.checkpoints.split_off(&above);
        self.snapshots = self.snapshots.split_off(&above);
    }

    /// A state from another replica, with its proof.
    pub(super) fn on_state(&mut self, stable: &Arc<Stable>, out: &mut Out) {
        let checkpoint = stable.checkpoint;
        if checkpoint.sequence <= self.low_water_mark() {
            return;
        }
        let fits = Digest::of_state(&stable.store) == checkpoint.digest || self.has(Mutation::StateUnchecked);
        if !fits || !self.is_stable(&checkpoint, &stable.proof) {
            out.rule(Rule::StateRejected);
            return;
        }
        if checkpoint.sequence > self.executed {
            out.rule(Rule::StateInstalled);
            self.store = stable.store.clone();
            self.executed = checkpoint.sequence;
            let store = &self.store;
            self.waiting.retain(|waiting| waiting.body().sequence > store.latest(waiting.body().client));
        } else {
            out.rule(Rule::CheckpointStable);
        }
        self.assigned = self.assigned.max(checkpoint.sequence);
        self.stabilise(stable.clone(), out);
        self.take_up_the_rest(out);
        self.execute(out);
        self.start_timer(out);
        self.order_waiting(out);
    }
}
