//! The table of all states ever found.
//!
//! Each state has a *place*, in the order of discovery. Fingerprints and parents lie in blocks by place, so that they
//! never move and no memory is held in reserve. A hash table with linear probing finds the place of a fingerprint: one
//! slot of eight bytes holds the place and 32 bits of the fingerprint, so that a wrong slot is almost always passed
//! without a look at the blocks. It is doubled when seven eighths are full. That makes 20 bytes a state in the blocks
//! and between 9.2 and 18.3 in the table; while it is doubled, the old table is there too. The order of the slots is
//! never seen from outside.

/// States in a block.
const BLOCK: usize = 1 << 12;

/// Slots of the first table.
const SLOTS_MIN: usize = 1 << 10;

/// The parent of a state that has none.
const NO_PARENT: u32 = u32::MAX;

/// Most states in a table: places are 32 bits wide, and a slot holds the place plus one.
pub(super) const STATES_MAX: u32 = u32::MAX - 1;

/// What came of an insertion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Insertion {
    /// It is new, and has this place.
    New(u32),
    /// It was there, at this place.
    Known(u32),
}

#[derive(Debug)]
struct Block {
    fingerprints: Vec<u128>,
    parents: Vec<u32>,
}

/// The states found so far, as fingerprints with parents.
#[derive(Debug)]
pub struct Visited {
    blocks: Vec<Block>,
    /// 0: empty. Else the high half of the fingerprint's upper 64 bits, and the place plus one.
    slots: Vec<u64>,
    length: u32,
}

impl Default for Visited {
    fn default() -> Self {
        Self { blocks: Vec::new(), slots: vec![0; SLOTS_MIN], length: 0 }
    }
}

impl Visited {
    /// How many states it holds.
    pub fn len(&self) -> u32 {
        self.length
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The bytes that it takes.
    pub fn bytes(&self) -> u64 {
        (self.blocks.len() * BLOCK * (size_of::<u128>() + size_of::<u32>()) + self.slots.len() * size_of::<u64>())
            as u64
    }

    /// The bytes that it takes at most while one more state is inserted.
    pub fn bytes_for_one_more(&self) -> u64 {
        let block = if self.length as usize == self.blocks.len() * BLOCK {
            BLOCK * (size_of::<u128>() + size_of::<u32>())
        } else {
            0
        };
        let table = if self.is_full() { self.slots.len() * 2 * size_of::<u64>() } else { 0 };
        self.bytes() + (block + table) as u64
    }

    /// The fingerprint at a place.
    pub fn fingerprint(&self, place: u32) -> Option<u128> {
        let block = self.blocks.get(place as usize / BLOCK)?;
        block.fingerprints.get(place as usize % BLOCK).copied()
    }

    /// The place of the state from which the one at a place was found; none for an initial state.
    pub fn parent(&self, place: u32) -> Option<u32> {
        let block = self.blocks.get(place as usize / BLOCK)?;
        block.parents.get(place as usize % BLOCK).copied().filter(|&parent| parent != NO_PARENT)
    }

    /// The place of a fingerprint.
    pub fn find(&self, fingerprint: u128) -> Option<u32> {
        self.probe(fingerprint).ok()
    }

    /// Inserts a state if it is new.
    #[inline]
    pub fn insert(&mut self, fingerprint: u128, parent: Option<u32>) -> Insertion {
        let slot = match self.probe(fingerprint) {
            Ok(index) => return Insertion::Known(index),
            Err(slot) => slot,
        };
        let slot = if self.is_full() {
            self.double();
            match self.probe(fingerprint) {
                Ok(index) => return Insertion::Known(index),
                Err(slot) => slot,
            }
        } else {
            slot
        };
        let index = self.length;
        self.slots[slot] = tag(fingerprint) | u64::from(index + 1);
        self.push(fingerprint, parent.unwrap_or(NO_PARENT));
        Insertion::New(index)
    }

    /// Where a fingerprint is: its place, or else the empty slot where it would go.
    #[inline]
    fn probe(&self, fingerprint: u128) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let tag = tag(fingerprint);
        let mut slot = fingerprint as usize & mask;
        loop {
            let held = self.slots[slot];
            if held == 0 {
                return Err(slot);
            }
            if held & TAG == tag {
                let index = (held as u32) - 1;
                if self.fingerprint(index) == Some(fingerprint) {
                    return Ok(index);
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    fn is_full(&self) -> bool {
        (self.length as usize + 1) * 8 > self.slots.len() * 7
    }

    fn push(&mut self, fingerprint: u128, parent: u32) {
        if self.length as usize == self.blocks.len() * BLOCK {
            self.blocks.push(Block { fingerprints: Vec::with_capacity(BLOCK), parents: Vec::with_capacity(BLOCK) });
        }
        if let Some(block) = self.blocks.last_mut() {
            block.fingerprints.push(fingerprint);
            block.parents.push(parent);
        }
        self.length += 1;
    }

    fn double(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0; mask + 1];
        let fingerprints = self.blocks.iter().flat_map(|block| &block.fingerprints);
        for (index, &fingerprint) in (1..).zip(fingerprints) {
            let mut slot = fingerprint as usize & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = tag(fingerprint) | index;
        }
        self.slots = slots;
    }
}

/// The bits of a slot that hold a part of the fingerprint.
const TAG: u64 = 0xffff_ffff << 32;

/// A part of the fingerprint that does not choose the slot.
fn tag(fingerprint: u128) -> u64 {
    (fingerprint >> 64) as u64 & TAG
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Fingerprint;

    #[test]
    fn every_fingerprint_is_found_again_with_its_parent_also_after_the_table_has_grown() {
        let mut visited = Visited::default();
        for number in 0..50_000u32 {
            let parent = number.checked_sub(1).map(|before| before / 2);
            assert_eq!(visited.insert(number.fingerprint_of(), parent), Insertion::New(number));
            assert_eq!(visited.insert(number.fingerprint_of(), Some(7)), Insertion::Known(number));
        }
        for number in 0..50_000u32 {
            assert_eq!(visited.find(number.fingerprint_of()), Some(number));
            assert_eq!(visited.parent(number), number.checked_sub(1).map(|before| before / 2));
        }
        assert_eq!(visited.find(50_000u32.fingerprint_of()), None);
        assert_eq!(visited.len(), 50_000);
    }

    #[test]
    fn fingerprints_that_share_a_slot_or_a_tag_are_told_apart() {
        let mut visited = Visited::default();
        let alike = [1, 1 | 1 << 127, 1 | 1 << 70, 1 | 1 << 20, 1 | 1 << 20 | 1 << 70, 0];
        for (index, fingerprint) in (0..).zip(alike) {
            assert_eq!(visited.insert(fingerprint, None), Insertion::New(index));
        }
        for (index, fingerprint) in (0..).zip(alike) {
            assert_eq!(visited.find(fingerprint), Some(index));
        }
    }

    #[test]
    fn a_state_takes_at_most_64_bytes_even_while_the_table_grows() {
        let mut visited = Visited::default();
        for number in 0..300_000u32 {
            let peak = visited.bytes_for_one_more();
            visited.insert(number.fingerprint_of(), None);
            if number >= 20_000 {
                assert!(peak <= 64 * u64::from(number + 1), "{peak} bytes for {} states", number + 1);
            }
        }
        assert_eq!(visited.bytes_for_one_more() - visited.bytes(), 0, "no growth is due");
    }
}
