//! How fast a process's clock runs.

use crate::process::Ticks;
use std::num::NonZeroU64;

/// A clock that goes on by so many ticks in a million.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClockRate(NonZeroU64);

impl ClockRate {
    /// So many ticks pass on a clock that runs true.
    pub const MILLION: u64 = 1_000_000;

    /// A clock that runs true.
    pub const TRUE: Self = Self(NonZeroU64::MIN.saturating_add(Self::MILLION - 1));

    /// A clock that goes on by so many ticks in a million. None stands still.
    pub fn new(ppm: u64) -> Self {
        Self(NonZeroU64::MIN.saturating_add(ppm.saturating_sub(1)))
    }

    /// What the clock shows at a time.
    #[inline]
    pub fn shows(self, time: Ticks) -> Ticks {
        if self == Self::TRUE { time } else { time.saturating_mul(self.0.get()) / Self::MILLION }
    }

    /// How long it takes until the clock has gone on by so many ticks.
    #[inline]
    pub fn takes(self, ticks: Ticks) -> Ticks {
        if self == Self::TRUE { ticks } else { ticks.saturating_mul(Self::MILLION).div_ceil(self.0.get()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_true_clock_shows_the_time() {
        assert_eq!((ClockRate::TRUE.shows(150_001), ClockRate::TRUE.takes(150_001)), (150_001, 150_001));
    }

    #[test]
    fn a_slow_clock_shows_less_and_its_timers_take_longer() {
        let slow = ClockRate::new(500_000);
        assert_eq!((slow.shows(300), slow.takes(150)), (150, 300));
    }

    #[test]
    fn no_timer_fires_before_its_clock_has_gone_on_so_far() {
        let odd = ClockRate::new(1_000_003);
        for ticks in [0, 1, 7, 149_999, 150_000, 86_400_000_000] {
            assert!(odd.shows(odd.takes(ticks)) >= ticks, "{ticks}");
        }
    }
}
