//! What a server takes for chosen, and has applied (PMS 2.3, 3).

use super::*;
use crate::multi_paxos::log::Accepted;

impl MultiPaxosMonitor {
    /// What a server takes for chosen, and has applied, after an event of its own.
    pub(super) fn look_at_process(&mut self, event: u32, ordinal: usize, world: &World<MultiPaxos>) {
        let honest = world.replicas().get(ordinal).filter(|_| world.is_honest(NodeId(ordinal as u16)));
        let Some(process) = honest.and_then(|machine| machine.process.as_ref()) else { return };
        let (was_committed, was_applied, went_on) = {
            let seen = &self.seen[ordinal];
            (seen.commit_index, seen.last_applied, seen.went_on)
        };
        let (commit, applied) = (process.commit_index(), process.last_applied());
        let node = NodeId(ordinal as u16);
        if process.log().base() > applied || applied > commit {
            self.findings.note(INDEXES_IN_ORDER, event, || {
                format!(
                    "{}: forgotten to {}, applied to {applied}, committed to {commit}",
                    name(node),
                    process.log().base()
                )
            });
        }
        if commit < was_committed || applied < was_applied {
            self.findings.note(INDEXES_IN_ORDER, event, || {
                let has = |commit: Slot, applied: Slot| {
                    format!("{} has committed to slot {commit} and applied to slot {applied}", name(node))
                };
                let (now, before) = (has(commit, applied), has(was_committed, was_applied));
                Found::new(format!("{now}, after slots {was_committed} and {was_applied}"))
                    .because(event, now)
                    .because(went_on, before)
            });
        }
        for slot in was_committed + 1..=commit {
            self.check_learned(event, ordinal, slot, process.log().get(slot), slot <= process.log().base());
        }
        if applied > was_applied {
            self.check_state(event, ordinal, process);
        }
        let seen = &mut self.seen[ordinal];
        if commit > was_committed || applied > was_applied {
            seen.went_on = event;
        }
        seen.commit_index = commit;
        seen.last_applied = applied;
    }

    fn check_learned(&mut self, event: u32, ordinal: usize, slot: Slot, held: Option<&Accepted>, is_forgotten: bool) {
        let chosen = self.chosen(slot);
        let is_right = |held: &Accepted| {
            chosen.is_some_and(|chosen| Arc::ptr_eq(&held.payload, chosen) || held.payload == *chosen)
        };
        if chosen.is_some() && (is_forgotten || held.is_some_and(is_right)) {
            return;
        }
        let node = NodeId(ordinal as u16);
        let name = name(node);
        let takes = match held {
            Some(held) => format!("{name} takes {} for chosen in slot {slot}", held.payload),
            None => format!("{name} takes slot {slot} for chosen"),
        };
        let votes = self.known(slot).map(|known| known.votes.as_slice()).unwrap_or_default();
        let (sentence, shown) = match chosen {
            Some(chosen) => (format!("{takes}, and {chosen} is"), chosen.clone()),
            None => {
                let most = votes.iter().map(|votes| votes.acceptors.len()).max().unwrap_or(0);
                let sentence = format!(
                    "{takes}, and nothing is: {most} of {} acceptors have accepted one ballot there",
                    self.acceptors.len()
                );
                (sentence, held.map_or(Arc::new(Payload::NoOp), |held| held.payload.clone()))
            }
        };
        // Those acceptances weigh most that are there of what is chosen, or of what it takes for chosen.
        let mut votes: Vec<&Votes> = votes.iter().collect();
        votes.sort_by_key(|votes| votes.payload != shown);
        let mut found = Found::new(self.excused(slot, sentence)).at(node, slot).because(event, takes);
        for (votes, vote) in votes.iter().flat_map(|votes| votes.acceptors.iter().map(move |vote| (votes, vote))) {
            found = found.because(vote.event, vote.sentence(slot, votes.ballot, &votes.payload));
        }
        self.findings.note(LEARNED_IS_CHOSEN, event, || found);
    }

    fn check_state(&mut self, event: u32, ordinal: usize, process: &MultiPaxos) {
        self.scratch.clear();
        process.store().fingerprint(&mut self.scratch);
        let hash = self.scratch.finish();
        let (slot, node) = (process.last_applied(), NodeId(ordinal as u16));
        let (known, other, earlier) = *self.slot(slot).state.get_or_insert((hash, node, event));
        if known != hash {
            let applied = |node: NodeId| format!("{} has applied up to slot {slot}", name(node));
            let sentence = self
                .excused(slot, format!("{}, and its state differs from that of {} there", applied(node), name(other)));
            self.findings.note(STATE_MACHINE_SAFETY, event, || {
                let found = Found::new(sentence).at(node, slot).at(other, slot);
                found.because(event, applied(node)).because(earlier, applied(other))
            });
        }
    }
}
