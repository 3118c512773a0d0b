//! How fast the replicas' clocks run, and whether a lease may count on them.

use super::bounds::CLOCK_RATES_PPM;
use super::error::ScenarioError;
use super::names::Names;
use super::settings::Scenario;
use crate::kv::Reading;
use crate::process::NodeId;
use crate::raft::config::CLOCK_DRIFT_PPM;
use crate::sim::{ClockRate, process_name};

impl Scenario {
    /// How fast each replica's clock runs.
    pub(super) fn clock_rates(&self, names: &Names) -> Result<Vec<u64>, ScenarioError> {
        let rates = &self.clock_rates_ppm;
        if rates.len() > usize::from(names.replicas) || !rates.iter().all(|rate| CLOCK_RATES_PPM.contains(rate)) {
            let problem = "10000 to 100000000, at most one for each replica";
            return Err(ScenarioError::at("clock_rates_ppm", problem));
        }
        Ok(rates.clone())
    }

    /// By how much clocks may differ in speed for a lease to hold, in parts per million.
    pub fn clock_drift(&self) -> u32 {
        self.clock_drift_ppm.unwrap_or(CLOCK_DRIFT_PPM)
    }

    /// Which clocks differ by more than a lease counts on, in a sentence without its point; none where reads hold no
    /// lease, or no clocks do.
    pub fn clocks_beyond_the_lease(&self) -> Option<String> {
        if self.reads.as_deref() != Some(Reading::Lease.name()) {
            return None;
        }
        let rate = |node: u32| (self.clock_rates_ppm.get(node as usize).copied().unwrap_or(ClockRate::MILLION), node);
        let (slow, slowest) = (0..self.replicas).map(rate).min()?;
        let (fast, fastest) = (0..self.replicas).map(rate).max()?;
        let bound = u128::from(ClockRate::MILLION) + u128::from(self.clock_drift());
        let differ = u128::from(fast) * u128::from(ClockRate::MILLION) > u128::from(slow) * bound;
        let name = |node: u32| process_name(self.replicas as u16, NodeId(node as u16));
        differ.then(|| {
            let (slowest, fastest, drift) = (name(slowest), name(fastest), self.clock_drift());
            format!("{slowest}'s clock runs at {slow} ppm, {fastest}'s at {fast}, and the bound is {drift} ppm")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leased(rates: &[u64]) -> Scenario {
        let mut scenario = Scenario::of("raft");
        scenario.reads = Some("lease".to_owned());
        scenario.clock_rates_ppm = rates.to_vec();
        scenario
    }

    #[test]
    fn clocks_that_differ_by_the_bound_are_within_it() {
        assert_eq!(leased(&[]).clocks_beyond_the_lease(), None);
        assert_eq!(leased(&[1_000_000, 1_100_000]).clocks_beyond_the_lease(), None);
        assert_eq!(leased(&[900_000, 990_000, 990_000, 990_000, 990_000]).clocks_beyond_the_lease(), None);
    }

    #[test]
    fn clocks_that_differ_by_more_are_named() {
        let told = "n1's clock runs at 900000 ppm, n5's at 1000000, and the bound is 100000 ppm";
        assert_eq!(leased(&[900_000]).clocks_beyond_the_lease().as_deref(), Some(told));
        let without_lease = Scenario { reads: None, ..leased(&[900_000]) };
        assert_eq!(without_lease.clocks_beyond_the_lease(), None);
    }

    #[test]
    fn a_clock_that_stands_still_and_one_too_many_are_refused() {
        for rates in [&[0][..], &[1_000_000; 6], &[100_000_001]] {
            let error = leased(rates).raft_simulation().map(|_| ()).expect_err("refused").to_string();
            assert_eq!(error, "clock_rates_ppm: 10000 to 100000000, at most one for each replica");
        }
    }
}
