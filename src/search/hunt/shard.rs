//! A hunt in parts, as on many machines.
//!
//! Part I of N is a range of the seeds, so that each part can be hunted without knowing of the others: forks of a seed
//! depend on nothing outside its block, and a part ends with a block.

use std::ops::Range;
use std::str::FromStr;

use super::BLOCK;

/// Most parts of a hunt.
const SHARDS_MAX: u32 = 100_000;

/// A part of a hunt: number I, counted from 1, of N.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shard {
    /// Which part, counted from 1.
    pub number: u32,
    /// Of so many.
    pub of: u32,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        numbers
            .filter(|&(number, of)| 1 <= number && number <= of && of <= SHARDS_MAX)
            .map(|(number, of)| Self { number, of })
            .ok_or_else(|| format!("a part such as 3/8: from 1/8 to 8/8, and of at most {SHARDS_MAX}"))
    }
}

impl Shard {
    /// Its seeds: whole blocks, but for the ends of the range.
    pub fn of(self, seeds: &Range<u64>) -> Range<u64> {
        let (first, end) = (seeds.start / BLOCK, seeds.end.div_ceil(BLOCK));
        let border = |number: u32| {
            let block = u128::from(first) + u128::from(end - first) * u128::from(number) / u128::from(self.of);
            (block as u64).saturating_mul(BLOCK).clamp(seeds.start, seeds.end)
        };
        border(self.number - 1)..border(self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(text: &str) -> Shard {
        text.parse().unwrap()
    }

    #[test]
    fn parts_cover_the_seeds_once_and_end_with_blocks() {
        for (seeds, of) in [(0..1_000, 7), (3..29, 4), (10..12, 5), (0..u64::MAX, 3)] {
            let mut next = seeds.start;
            for number in 1..=of {
                let part = Shard { number, of }.of(&seeds);
                assert_eq!(part.start, next);
                assert!(part.end == seeds.end || part.end.is_multiple_of(BLOCK) || part.is_empty(), "{part:?}");
                next = part.end;
            }
            assert_eq!(next, seeds.end);
        }
    }

    #[test]
    fn a_part_that_there_is_not_is_refused() {
        assert_eq!(shard("3/8"), Shard { number: 3, of: 8 });
        for text in ["0/8", "9/8", "1/0", "3", "a/b", "1/100001"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
