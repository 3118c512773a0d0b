//! What the numbers of a scenario may be, and how an error says so.

use super::error::ScenarioError;
use crate::process::{Catalogue, Ticks};
use crate::sim::{NetworkDials, Ratio, TicksRange, WorkloadDials};

/// Longest time that a scenario may speak of: a day.
pub const TICKS_MAX: Ticks = 86_400 * crate::process::SECOND;

/// Most events in a run: so many of the largest clusters fit into the memory that a page has.
pub const EVENTS_MAX: u32 = 2_000_000;
/// How fast a clock may run, in ticks per million ticks: from a hundredth to a hundred times as fast as time.
pub const CLOCK_RATES_PPM: std::ops::RangeInclusive<u64> = 10_000..=100_000_000;
/// Most entries in one message.
pub const ENTRIES_PER_MESSAGE_MAX: u64 = 10_000;

/// At most so many characters of what a person wrote, for an error.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

pub(super) fn at_least_one(place: &str, ticks: Ticks) -> Result<Ticks, ScenarioError> {
    if ticks == 0 {
        return Err(ScenarioError::at(place, "at least 1, not 0"));
    }
    check_ticks(place, ticks)
}

/// There is no such mutation; says which there are.
pub fn unknown_mutation<M: Catalogue>(place: &str, name: &str) -> ScenarioError {
    let known: Vec<&str> = M::ALL.iter().map(|mutation| mutation.name()).collect();
    ScenarioError::at(place, format!("there is no mutation {:?}: there are {}", shown(name), known.join(", ")))
}

pub(super) fn check_ticks(place: &str, ticks: Ticks) -> Result<Ticks, ScenarioError> {
    if ticks > TICKS_MAX {
        Err(ScenarioError::at(place, format!("at most {TICKS_MAX} ticks, not {ticks}")))
    } else {
        Ok(ticks)
    }
}

pub(super) fn check_range(place: &str, range: TicksRange, at_least: Ticks) -> Result<(), ScenarioError> {
    check_ticks(&format!("{place}.max"), range.max)?;
    if range.min < at_least {
        return Err(ScenarioError::at(format!("{place}.min"), format!("at least {at_least}, not {}", range.min)));
    }
    if range.min > range.max {
        return Err(ScenarioError::at(
            format!("{place}.min"),
            format!("{} is more than the longest, {}", range.min, range.max),
        ));
    }
    Ok(())
}

pub(super) fn check_ratio(place: &str, ratio: Ratio) -> Result<(), ScenarioError> {
    if ratio.denominator == 0 {
        return Err(ScenarioError::at(format!("{place}.denominator"), "must not be 0"));
    }
    if ratio.numerator > ratio.denominator {
        return Err(ScenarioError::at(
            format!("{place}.numerator"),
            format!("{} is more than the denominator, {}", ratio.numerator, ratio.denominator),
        ));
    }
    Ok(())
}

pub(super) fn check_network(dials: &NetworkDials) -> Result<(), ScenarioError> {
    check_range("latency_ticks", dials.latency_ticks, 0)?;
    check_ratio("loss", dials.loss)?;
    check_ratio("duplication", dials.duplication)?;
    check_ratio("reordering", dials.reordering)
}

pub(super) fn check_workload(dials: &WorkloadDials) -> Result<(), ScenarioError> {
    if !(1..=1_000).contains(&dials.keys) {
        return Err(ScenarioError::at("keys", format!("1 to 1000 keys, not {}", dials.keys)));
    }
    check_range("think_ticks", dials.think_ticks, 1)
}
