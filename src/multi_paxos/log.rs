//! What an acceptor has accepted, slot by slot; the oldest slots may be forgotten once a saved state covers them.

pub use crate::replicated_log::Payload;

use super::Ballot;
use crate::kv::pieces::fitting;
use crate::process::fingerprint_struct;
use crate::replicated_log::{Index, Shared};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An index of the log: an instance of Paxos.
pub type Slot = Index;

/// Most gaps in what a promise reports. Each would be filled, so that a promise with more of them would cost a new
/// leader its memory.
pub const GAPS_MAX: u64 = 1_000_000;

/// What was accepted in a slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// The ballot.
    pub ballot: Ballot,
    /// The value: for one slot and ballot, always the same.
    pub payload: Arc<Payload>,
}

fingerprint_struct!(Accepted { ballot, payload });

/// Values of neighbouring slots, on their way to an acceptor or a disk.
pub type Values = Shared<Arc<Payload>>;

/// The acceptor's log. It may have gaps.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Log {
    base: Slot,
    slots: BTreeMap<Slot, Accepted>,
}

fingerprint_struct!(Log { base, slots });

impl Log {
    /// The last slot that was forgotten; 0 if none was.
    #[inline]
    pub fn base(&self) -> Slot {
        self.base
    }

    /// The last slot in which anything was accepted, or the last forgotten one.
    #[inline]
    pub fn last_slot(&self) -> Slot {
        self.slots.last_key_value().map_or(self.base, |(slot, _)| *slot)
    }

    /// What was accepted in a slot.
    #[inline]
    pub fn get(&self, slot: Slot) -> Option<&Accepted> {
        self.slots.get(&slot)
    }

    /// All that was accepted after a slot, with the slots, in order.
    pub fn after(&self, slot: Slot) -> impl Iterator<Item = (Slot, &Accepted)> {
        self.slots.range(slot.saturating_add(1)..).map(|(slot, accepted)| (*slot, accepted))
    }

    /// All that was accepted from one slot up to another, both included.
    fn range(&self, first: Slot, last: Slot) -> impl Iterator<Item = (Slot, &Accepted)> {
        self.slots.range(first..=last.max(first)).map(|(slot, accepted)| (*slot, accepted))
    }

    /// The values from one slot up to another, both included, as far as there is no gap.
    pub fn values(&self, first: Slot, last: Slot) -> Values {
        let in_row = (first..=last).zip(self.range(first, last)).take_while(|(expected, (slot, _))| expected == slot);
        in_row.map(|(_, (_, accepted))| accepted.payload.clone()).collect::<Vec<_>>().into()
    }

    /// The last of those slots whose values fit into so many bytes; the first one always does.
    pub fn last_within(&self, first: Slot, last: Slot, bytes_max: u64) -> Slot {
        let fitting = fitting(self.range(first, last).map(|(_, accepted)| accepted.payload.bytes()), bytes_max);
        self.range(first, last).nth(fitting as usize).map_or(last, |(slot, _)| slot - 1)
    }

    /// The last slot up to which, from the one after another on, all was accepted in one ballot.
    pub fn last_of_ballot(&self, after: Slot, ballot: Ballot) -> Slot {
        self.last_in_row(after, |accepted| accepted.ballot == ballot)
    }

    /// The last slot up to which, from the one after another on, there is no gap. Only a departure asks.
    pub(super) fn last_without_gap(&self, after: Slot) -> Slot {
        self.last_in_row(after, |_| true)
    }

    fn last_in_row(&self, after: Slot, counts: impl Fn(&Accepted) -> bool) -> Slot {
        let in_row = self.after(after).zip(after + 1..);
        after + in_row.take_while(|((slot, accepted), expected)| slot == expected && counts(accepted)).count() as u64
    }

    /// Accepts values in neighbouring slots. What is forgotten stays forgotten.
    pub(super) fn accept(&mut self, ballot: Ballot, first: Slot, values: &[Arc<Payload>]) {
        debug_assert!(first > 0, "slots are counted from 1");
        for (slot, payload) in (first..).zip(values).filter(|(slot, _)| *slot > self.base) {
            self.slots.insert(slot, Accepted { ballot, payload: payload.clone() });
        }
    }

    /// Forgets all slots up to one. What was accepted after it stays: it may be chosen.
    pub(super) fn forget_up_to(&mut self, slot: Slot) {
        if slot > self.base {
            self.slots = self.slots.split_off(&(slot + 1));
            self.base = slot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::pieces::ITEM_BYTES;
    use crate::process::NodeId;

    fn ballot(round: u64) -> Ballot {
        Ballot { round, node: NodeId(0) }
    }

    fn log(slots: &[(Slot, u64)]) -> Log {
        let mut log = Log::default();
        for &(slot, round) in slots {
            log.accept(ballot(round), slot, &[Arc::new(Payload::NoOp)]);
        }
        log
    }

    #[test]
    fn values_end_at_a_gap() {
        let log = log(&[(1, 1), (2, 1), (4, 1)]);
        assert_eq!(log.values(1, 9).len(), 2);
        assert_eq!(log.values(2, 2).len(), 1);
        assert_eq!(log.values(3, 4).len(), 0, "slot 3 is the gap");
        assert_eq!(log.last_slot(), 4);
    }

    #[test]
    fn a_message_is_full_when_its_bytes_are_and_one_slot_always_travels() {
        let log = log(&[(1, 1), (2, 1), (3, 1)]);
        assert_eq!(log.last_within(1, 3, 0), 1);
        assert_eq!(log.last_within(1, 3, 2 * ITEM_BYTES), 2);
        assert_eq!(log.last_within(1, 3, 1 << 20), 3);
    }

    #[test]
    fn slots_of_one_ballot_end_at_another_ballot_and_at_a_gap() {
        assert_eq!(log(&[(1, 2), (2, 2), (3, 1), (4, 2)]).last_of_ballot(0, ballot(2)), 2);
        assert_eq!(log(&[(2, 2)]).last_of_ballot(0, ballot(2)), 0);
        assert_eq!(log(&[(1, 1), (2, 2)]).last_of_ballot(1, ballot(2)), 2);
    }

    #[test]
    fn what_was_accepted_after_the_forgotten_slots_stays() {
        let mut log = log(&[(1, 1), (2, 1), (4, 1)]);
        log.forget_up_to(3);
        assert_eq!((log.base(), log.last_slot()), (3, 4));
        log.accept(ballot(5), 3, &[Arc::new(Payload::NoOp), Arc::new(Payload::NoOp)]);
        assert_eq!(log.get(3), None, "forgotten, and known to be chosen");
        assert_eq!(log.get(4).map(|accepted| accepted.ballot), Some(ballot(5)));
    }
}
