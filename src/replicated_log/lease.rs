//! A leader's lease: a time in which nobody else can lead, so that it may answer reads without asking.
//!
//! Who has heard from a leader votes for nobody else for an election timeout, the shortest. So a leader whose round of
//! heartbeats a majority has answered knows that nobody is elected until an election timeout after that round *began*:
//! until then it answers at once (Raft dissertation, 6.4.1; leases are Gray and Cheriton's, 1989). It reckons with its
//! own clock, and the others with theirs, so its lease is shorter by the bound to which clocks may differ in speed.
//! Where they differ by more, the lease lasts while somebody else is elected: reads are stale then, and nobody notices.
//!
//! Two things must hold besides. Who comes back from a crash has forgotten when it heard from a leader, and votes for
//! nobody until an election timeout has passed. And a round confirms nothing that began after it.

use crate::process::{Fingerprint, Fingerprinter, Ticks};
use std::collections::VecDeque;

/// By how much clocks may differ in speed, in parts per million, unless a scenario says otherwise: a tenth.
pub const CLOCK_DRIFT_PPM: u32 = 100_000;

/// At most so many rounds are remembered: of more, the oldest are of no use any more.
const ROUNDS_MAX: usize = 64;

/// What a leader knows of its lease. Times are those of its own clock.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lease {
    /// When the latest round began that a majority has answered.
    since: Option<Ticks>,
    /// The rounds after it, each with when it began, oldest first.
    rounds: VecDeque<(u64, Ticks)>,
}

impl Fingerprint for Lease {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        self.since.fingerprint(into);
        for (round, began) in &self.rounds {
            round.fingerprint(into);
            began.fingerprint(into);
        }
    }
}

impl Lease {
    /// How long a lease lasts by the leader's clock: an election timeout by any other's, however much slower the
    /// leader's is within the bound.
    pub fn lasts(election_timeout_ticks_min: Ticks, clock_drift_ppm: u32) -> Ticks {
        const MILLION: u64 = 1_000_000;
        election_timeout_ticks_min.saturating_mul(MILLION) / (MILLION + u64::from(clock_drift_ppm))
    }

    /// A round of confirmation begins, right before its first message leaves.
    pub fn begin_round(&mut self, round: u64, now: Ticks) {
        if self.rounds.len() == ROUNDS_MAX {
            self.rounds.pop_front();
        }
        self.rounds.push_back((round, now));
    }

    /// Somebody has answered a round: it may be that a majority has now.
    pub fn renew(&mut self, is_confirmed: impl Fn(u64) -> bool) {
        while let Some(&(round, began)) = self.rounds.front() {
            if !is_confirmed(round) {
                return;
            }
            self.since = Some(began);
            self.rounds.pop_front();
        }
    }

    /// Whether a lease that lasts so long holds. Both readings of the clock are rounded down to whole ticks: one tick
    /// less.
    pub fn holds(&self, now: Ticks, lasts: Ticks) -> bool {
        self.since.is_some_and(|since| now.saturating_sub(since) + 1 < lasts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_counts_from_the_beginning_of_the_round_that_a_majority_answered() {
        let mut lease = Lease::default();
        lease.begin_round(1, 100);
        lease.begin_round(2, 150);
        lease.renew(|round| round <= 1);
        assert!(lease.holds(100 + 98, 100), "the answer came later, and says nothing of later");
        assert!(!lease.holds(100 + 99, 100));
        lease.renew(|round| round <= 2);
        assert!(lease.holds(150 + 98, 100));
    }

    #[test]
    fn without_a_confirmed_round_there_is_no_lease() {
        let mut lease = Lease::default();
        assert!(!lease.holds(0, 100));
        lease.begin_round(1, 0);
        lease.renew(|_| false);
        assert!(!lease.holds(0, 100));
    }

    #[test]
    fn a_lease_is_shorter_by_the_bound_of_the_clocks() {
        assert_eq!(Lease::lasts(150_000, 0), 150_000);
        assert_eq!(Lease::lasts(150_000, CLOCK_DRIFT_PPM), 136_363);
    }
}
