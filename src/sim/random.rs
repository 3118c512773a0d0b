//! Random numbers: one stream for each concern, so that touching one dial does not reshuffle the others.
//!
//! The generator is xoshiro256++ by name, and only integers of fixed width are drawn: the same seed gives the same
//! numbers on every target.

use super::range::{Ratio, TicksRange};
use crate::process::Ticks;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// One stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The stream of a concern, from the seed of a run.
    pub fn new(seed: u64, concern: u64) -> Self {
        // The golden ratio spreads neighbouring concerns; `seed_from_u64` is SplitMix64.
        Self(Xoshiro256PlusPlus::seed_from_u64(seed ^ concern.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// A number of the range, both ends included.
    #[inline]
    pub fn between(&mut self, lowest: u64, highest: u64) -> u64 {
        if lowest >= highest { lowest } else { self.0.random_range(lowest..=highest) }
    }

    /// A number of ticks of the range.
    #[inline]
    pub fn ticks(&mut self, range: TicksRange) -> Ticks {
        self.between(range.min, range.max)
    }

    /// Whether something of this probability happens. Impossible and certain things draw nothing.
    #[inline]
    pub fn happens(&mut self, ratio: Ratio) -> bool {
        ratio.numerator > 0
            && (ratio.numerator >= ratio.denominator
                || self.between(1, u64::from(ratio.denominator)) <= u64::from(ratio.numerator))
    }
}

/// The streams of a run.
#[derive(Clone, Debug)]
pub struct Streams {
    /// How long messages take.
    pub latency: Stream,
    /// Which messages are lost.
    pub loss: Stream,
    /// Which messages are duplicated, and how long the copies take.
    pub duplication: Stream,
    /// Which messages may overtake others.
    pub reordering: Stream,
    /// Randomised timeouts.
    pub timeouts: Stream,
    /// What clients ask for, and when.
    pub workload: Stream,
    /// What liars do by chance.
    pub adversary: Stream,
    /// How long flushes take.
    pub disks: Stream,
}

impl Streams {
    /// All streams of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            latency: Stream::new(seed, 1),
            loss: Stream::new(seed, 2),
            duplication: Stream::new(seed, 3),
            reordering: Stream::new(seed, 4),
            timeouts: Stream::new(seed, 5),
            workload: Stream::new(seed, 6),
            adversary: Stream::new(seed, 7),
            disks: Stream::new(seed, 8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_names_its_numbers_for_ever() {
        let mut stream = Stream::new(1, 1);
        let numbers: Vec<u64> = (0..4).map(|_| stream.between(0, 999)).collect();
        assert_eq!(numbers, [705, 690, 534, 598]);
    }

    #[test]
    fn a_ratio_is_met_in_the_long_run() {
        let mut stream = Stream::new(7, 2);
        let third = Ratio { numerator: 1, denominator: 3 };
        let hits = (0..30_000).filter(|_| stream.happens(third)).count();
        assert!((9_700..=10_300).contains(&hits), "{hits}");
    }
}
