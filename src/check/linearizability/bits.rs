//! Sets of small numbers, as the search's memo keeps millions of them.

/// A set of numbers below the length that it was made with.
///
/// The first 64 lie in the struct itself: nearly every history has fewer operations open at one time, and such a set
/// costs no allocation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Bits {
    first: u64,
    rest: Box<[u64]>,
}

impl Bits {
    /// The empty set of numbers below `length`.
    pub(super) fn empty(length: usize) -> Bits {
        Bits { first: 0, rest: vec![0; length.saturating_sub(1) / 64].into() }
    }

    /// Whether `number` is in the set.
    pub(super) fn contains(&self, number: usize) -> bool {
        let word = if number < 64 { self.first } else { self.rest[number / 64 - 1] };
        word & (1 << (number % 64)) != 0
    }

    /// Puts `number` in.
    pub(super) fn insert(&mut self, number: usize) {
        *self.word(number) |= 1 << (number % 64);
    }

    /// Takes `number` out.
    pub(super) fn remove(&mut self, number: usize) {
        *self.word(number) &= !(1 << (number % 64));
    }

    /// Whether everything in this set is in the other too.
    pub(super) fn is_subset_of(&self, other: &Bits) -> bool {
        self.first & !other.first == 0 && self.rest.iter().zip(&other.rest).all(|(mine, theirs)| mine & !theirs == 0)
    }

    /// How many words of memory it takes beside the struct.
    pub(super) fn words_beyond_first(&self) -> usize {
        self.rest.len()
    }

    fn word(&mut self, number: usize) -> &mut u64 {
        if number < 64 { &mut self.first } else { &mut self.rest[number / 64 - 1] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_the_first_word_are_kept_apart() {
        let mut bits = Bits::empty(200);
        for number in [0, 63, 64, 127, 128, 199] {
            assert!(!bits.contains(number));
            bits.insert(number);
            assert!(bits.contains(number));
        }
        let all = bits.clone();
        bits.remove(128);
        assert!(!bits.contains(128) && bits.contains(127) && bits.contains(199));
        assert!(bits.is_subset_of(&all) && !all.is_subset_of(&bits));
    }
}
