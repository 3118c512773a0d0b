//! What many runs of one protocol came to together. Whole numbers only, and the same for any order of the runs.

use super::measure::{Measured, Phase, Reached, Traffic};
use crate::process::Ticks;
use serde::Serialize;

/// How numbers are spread. A quantile of p in a hundred is the smallest of them that at least p in a hundred do not
/// exceed (the nearest rank): one of the numbers, and nothing between two.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quantiles {
    /// How many numbers.
    pub count: u64,
    /// The smallest.
    pub min: u64,
    /// Half of them do not exceed it.
    pub p50: u64,
    /// 95 in a hundred do not exceed it.
    pub p95: u64,
    /// 99 in a hundred do not exceed it.
    pub p99: u64,
    /// The largest.
    pub max: u64,
}

impl Quantiles {
    /// How numbers are spread; none of no number.
    pub fn of(mut numbers: Vec<u64>) -> Option<Self> {
        numbers.sort_unstable();
        let count = numbers.len() as u64;
        let at = |percent: u64| numbers.get((count * percent).div_ceil(100).saturating_sub(1) as usize).copied();
        Some(Self { count, min: *numbers.first()?, p50: at(50)?, p95: at(95)?, p99: at(99)?, max: *numbers.last()? })
    }
}

/// A phase of all runs together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhaseSum {
    /// How long it was, in all runs together.
    pub ticks: Ticks,
    /// Operations that were answered.
    pub answered: u64,
    /// How long each of them took, in ticks.
    pub latency_ticks: Option<Quantiles>,
    /// How many messages, one after the other, led from each of them to its answer.
    pub message_delays: Option<Quantiles>,
    /// How often a replica began to lead.
    pub leaders: u64,
    /// What was sent.
    pub traffic: Traffic,
}

impl PhaseSum {
    fn of<'a>(phases: impl Iterator<Item = &'a Phase>) -> Option<Self> {
        let (mut traffic, mut ticks, mut leaders, mut runs) = (Traffic::default(), 0, 0, 0);
        let (mut latencies, mut delays) = (Vec::new(), Vec::new());
        for phase in phases {
            traffic.add(&phase.traffic);
            ticks += phase.ticks;
            leaders += u64::from(phase.leaders);
            latencies.extend_from_slice(&phase.latencies);
            delays.extend(phase.delays.iter().copied().map(u64::from));
            runs += 1;
        }
        (runs > 0).then(|| Self {
            ticks,
            answered: latencies.len() as u64,
            latency_ticks: Quantiles::of(latencies),
            message_delays: Quantiles::of(delays),
            leaders,
            traffic,
        })
    }
}

/// Something that came in some of the runs, so long after a fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReachedSum {
    /// In how many runs.
    pub runs: u64,
    /// How long it took, in ticks.
    pub ticks: Quantiles,
    /// How many messages, one after the other, led to it.
    pub message_delays: Quantiles,
    /// How many messages were sent between replicas until then, without heartbeats.
    pub messages: Quantiles,
    /// What these took, in bytes.
    pub bytes: Quantiles,
}

impl ReachedSum {
    fn of(reached: impl Iterator<Item = Reached> + Clone) -> Option<Self> {
        let each = |number: fn(&Reached) -> u64| Quantiles::of(reached.clone().map(|each| number(&each)).collect());
        let ticks = each(|reached| reached.ticks)?;
        Some(Self {
            runs: ticks.count,
            ticks,
            message_delays: each(|reached| u64::from(reached.delays))?,
            messages: each(|reached| reached.traffic.messages)?,
            bytes: each(|reached| reached.traffic.bytes)?,
        })
    }
}

/// What a protocol made of a script, in all runs together. What no run has is null: it was not asked for, or did not come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// How many runs.
    pub runs: u64,
    /// Events of all of them.
    pub events: u64,
    /// In how many runs something did not hold that must.
    pub broken_runs: u64,
    /// The invariant that did not hold in the first of them.
    pub broken: Option<String>,
    /// What the protocol counts on, and did not hold, since something was done that is beyond its fault model.
    pub beyond_the_model: Option<String>,
    /// From the time at which it is steady to the first fault.
    pub calm: Option<PhaseSum>,
    /// What all disks held together when the calm was over, in bytes.
    pub disk_bytes: u64,
    /// How many operations were answered by then, since the beginning.
    pub answered_by_then: u64,
    /// From the first fault to what undid the last; to the end where nothing did.
    pub faults: Option<PhaseSum>,
    /// From what undid the last fault to the end.
    pub after: Option<PhaseSum>,
    /// From the last fault that undoes no other to the next answer to an operation that was asked for after it, in
    /// ticks: of the runs where one came.
    pub unserved_ticks: Option<Quantiles>,
    /// The longest time without any answer from the first fault on, in ticks.
    pub silence_ticks: Option<Quantiles>,
    /// In how many runs an operation that was asked for after that fault was answered before it was undone.
    pub served_meanwhile_runs: u64,
    /// From what undid the last fault to the next answer to an operation that was asked for after it, in ticks.
    pub unserved_after_ticks: Option<Quantiles>,
    /// From the first fault until another replica than the leader of before begins to lead.
    pub elected: Option<ReachedSum>,
    /// How many entries the leader was left with.
    pub left: Option<Quantiles>,
    /// From the first fault until a replica has carried out all of these; of none, until another replica leads.
    pub carried_out: Option<ReachedSum>,
    /// How many of them were carried out at the end.
    pub kept: Option<Quantiles>,
    /// From what undid the last fault until all replicas know what one knew then.
    pub even: Option<ReachedSum>,
    /// Links to the runs, where they were asked for.
    pub links: Vec<String>,
}

impl Summary {
    /// All runs together, in the order of their seeds.
    pub fn of(runs: &[Measured]) -> Self {
        let some = |number: fn(&Measured) -> Option<u64>| Quantiles::of(runs.iter().filter_map(number).collect());
        let reached = |what: fn(&Measured) -> Option<Reached>| ReachedSum::of(runs.iter().filter_map(what));
        let sum = |number: fn(&Measured) -> u64| runs.iter().map(number).sum();
        let broken: Vec<&str> = runs.iter().filter_map(|run| run.broken).collect();
        Self {
            runs: runs.len() as u64,
            events: sum(|run| u64::from(run.events)),
            broken_runs: broken.len() as u64,
            broken: broken.first().map(|name| (*name).to_owned()),
            beyond_the_model: runs.iter().find_map(|run| run.beyond).map(str::to_owned),
            calm: PhaseSum::of(runs.iter().map(|run| &run.calm)),
            disk_bytes: sum(|run| run.disk_bytes),
            answered_by_then: sum(|run| run.answered_by_then),
            faults: PhaseSum::of(runs.iter().filter_map(|run| run.faults.as_ref())),
            after: PhaseSum::of(runs.iter().filter_map(|run| run.after.as_ref())),
            unserved_ticks: some(|run| run.unserved),
            silence_ticks: some(|run| run.silence),
            served_meanwhile_runs: sum(|run| u64::from(run.is_served_meanwhile)),
            unserved_after_ticks: some(|run| run.unserved_after),
            elected: reached(|run| run.elected),
            left: some(|run| run.left.map(u64::from)),
            carried_out: reached(|run| run.carried_out),
            kept: some(|run| run.left.map(|_| u64::from(run.kept))),
            even: reached(|run| run.even),
            links: runs.iter().filter_map(|run| run.link.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_numbers_the_smallest_that_enough_do_not_exceed() {
        assert_eq!(Quantiles::of(Vec::new()), None);
        let of = |numbers: Vec<u64>| Quantiles::of(numbers).unwrap();
        assert_eq!(of(vec![7]), Quantiles { count: 1, min: 7, p50: 7, p95: 7, p99: 7, max: 7 });
        assert_eq!(of(vec![4, 1]).p50, 1);
        let hundred = of((1..=100).rev().collect());
        assert_eq!((hundred.p50, hundred.p95, hundred.p99, hundred.max), (50, 95, 99, 100));
        assert_eq!(of((1..=101).collect()).p99, 100);
    }
}
