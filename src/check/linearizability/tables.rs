//! The search's table of states, and what tables take.

use std::hash::Hash;

use crate::check::hash::hash_of;

/// What a hash table of so many entries takes at most while it grows: a power of two of slots that are filled up to
/// seven eighths, each with a byte of its own, and the old slots beside the new. The same on every target.
pub(super) fn table_bytes(entries: usize, entry_bytes: u64) -> u64 {
    let slots = (entries as u64 * 8 / 7 + 1).next_power_of_two().max(4);
    (entry_bytes + 1) * (slots + slots / 2)
}

/// All states met so far, each under a small number. States are compared whole.
pub(super) struct States<S> {
    by_number: Vec<S>,
    /// The numbers by their states' hashes, from there on to the next empty slot; at most half full.
    slots: Vec<u32>,
    /// What the states take.
    state_bytes: u64,
}

const EMPTY: u32 = u32::MAX;

impl<S: Eq + Hash> States<S> {
    pub(super) fn new() -> States<S> {
        States { by_number: Vec::new(), slots: vec![EMPTY; 16], state_bytes: 0 }
    }

    pub(super) fn get(&self, number: u32) -> &S {
        &self.by_number[number as usize]
    }

    /// The number of a state; `bytes` says what it takes if it is new.
    pub(super) fn number(&mut self, state: S, bytes: impl FnOnce(&S) -> u64) -> u32 {
        let mut slot = self.slot_of(&state);
        while self.slots[slot] != EMPTY {
            if *self.get(self.slots[slot]) == state {
                return self.slots[slot];
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        let number = self.by_number.len() as u32;
        self.state_bytes += bytes(&state);
        self.by_number.push(state);
        self.slots[slot] = number;
        if 2 * self.by_number.len() > self.slots.len() {
            self.grow();
        }
        number
    }

    /// What all this takes at most while it grows.
    pub(super) fn bytes(&self) -> u64 {
        // A vector that grows by doubling is at most three times as large while it is copied.
        3 * self.state_bytes + 4 * (self.slots.len() + self.slots.len() / 2) as u64
    }

    fn slot_of(&self, state: &S) -> usize {
        hash_of(state) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        self.slots = vec![EMPTY; 2 * self.slots.len()];
        for number in 0..self.by_number.len() as u32 {
            let mut slot = self.slot_of(self.get(number));
            while self.slots[slot] != EMPTY {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_keeps_its_number_while_the_table_grows() {
        let mut states = States::new();
        for round in 0..2 {
            for state in 0..1000_u64 {
                assert_eq!(states.number(state * 64, |_| 8), state as u32, "{round}");
            }
        }
        assert_eq!(states.get(999), &(999 * 64));
        assert_eq!(states.bytes(), 3 * 8000 + 4 * 3 * 1024);
    }

    #[test]
    fn a_table_that_has_just_grown_is_counted_with_what_it_leaves() {
        assert_eq!(table_bytes(7, 9), 10 * 24);
        assert!(table_bytes(15, 9) > table_bytes(14, 9) || table_bytes(14, 9) == 10 * 48);
    }
}
