//! `hunt --every-mutation`: how soon each rule that is switched off is missed, and how small a run shows it.

use std::sync::atomic::{AtomicBool, Ordering};

use consensus_playground::process::Catalogue as _;
use consensus_playground::scenario::{Playable, WithProtocol};
use consensus_playground::search::hunt::{Failure, Hunter, Options};
use consensus_playground::search::shrink::{Limits, Shrinker};

use super::Arguments;
use crate::cli::parallel::{in_order, pool};
use crate::cli::shrink::{SizeReport, Stops, shrink};
use crate::cli::streams::{Out, remark};

/// What became of one rule that was switched off.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct Row {
    mutation: &'static str,
    /// Where no hunt finds it, and a script shows it: why.
    only_a_script: Option<&'static str>,
    /// In each range, how many seeds it took until something missed the rule; null where nothing did.
    seeds: Vec<Option<u64>>,
    /// The middle one of these; null if most ranges did not find it.
    median: Option<u64>,
    /// What missed it, each once.
    by: Vec<&'static str>,
    /// The first failure of the first range that has one, shrunk: how large it is then. Null with --no-shrink, and where nothing missed
    /// the rule.
    shrunk: Option<SizeReport>,
}

/// For each rule that can be switched off: how many seeds it takes until something misses it.
pub struct EveryMutation<'a> {
    pub options: Options,
    pub arguments: &'a Arguments,
    pub interrupted: &'a AtomicBool,
}

/// How a hunt for one mutation ended.
#[derive(Default)]
struct Found {
    /// In each range, how many seeds it took; none where it was not found.
    seeds: Vec<Option<u64>>,
    /// What missed it, each once, in the order of the ranges.
    by: Vec<&'static str>,
    shrunk: Option<SizeReport>,
}

impl Found {
    /// The middle one of the numbers of seeds; none if most ranges did not find it.
    fn median(&self) -> Option<u64> {
        let mut seeds: Vec<u64> = self.seeds.iter().map(|seeds| seeds.unwrap_or(u64::MAX)).collect();
        seeds.sort_unstable();
        seeds.get(seeds.len() / 2).copied().filter(|&seeds| seeds < u64::MAX)
    }
}

impl EveryMutation<'_> {
    fn look_for<R: Playable>(&self, mutation: R::Mutation) -> Result<Found, String> {
        let mut options = self.options.clone();
        options.scenario.mutations.push(mutation.name().to_owned());
        let mut found = Found::default();
        let length = self.arguments.seeds()?.end - self.arguments.seeds()?.start;
        for range in 0..u64::from(self.arguments.ranges) {
            let mut hunter = Hunter::<R>::new(options.clone());
            let start = self.arguments.seeds()?.start + range * length;
            let mut seeds = None;
            for seed in start..start + length {
                if self.is_interrupted() {
                    break;
                }
                if let Some(failure) = hunter.hunt(seed).map_err(|error| error.to_string())?.failure {
                    seeds = Some(seed - start + 1);
                    if found.seeds.iter().all(Option::is_none) && !self.arguments.no_shrink {
                        found.shrunk = self.shrunk::<R>(&failure);
                    }
                    if !found.by.contains(&failure.name) {
                        found.by.push(failure.name);
                    }
                    break;
                }
            }
            found.seeds.push(seeds);
        }
        Ok(found)
    }

    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    fn shrunk<R: Playable>(&self, failure: &Failure) -> Option<SizeReport> {
        let shrinker = Shrinker::<R>::of_failure(failure, Limits::default()).ok()?;
        Some(shrink(shrinker, &Stops { interrupted: self.interrupted, time_max: None }).after)
    }
}

/// Why no hunt finds a rule that is switched off, where a script shows it.
pub fn only_a_script<R: Playable>(mutation: R::Mutation) -> Option<&'static str> {
    R::ONLY_SCRIPTS.iter().find(|(scripted, _)| *scripted == mutation).map(|(_, why)| *why)
}

impl WithProtocol for EveryMutation<'_> {
    type Output = Result<u64, String>;

    fn with<R: Playable>(self) -> Self::Output {
        let mut out = Out::new();
        let ranges = self.arguments.ranges;
        let length = self.arguments.seeds()?.end - self.arguments.seeds()?.start;
        let is_json = self.arguments.json;
        if !is_json {
            out.line(format_args!(
                "| rule switched off | seeds until it is missed, in {ranges} ranges of {length} | median | by | shrunk to |"
            ))?;
            out.line("|---|---|---|---|---|")?;
        }
        let mut missed = 0;
        let look = |(): &mut (), index: u64| {
            let mutation = R::Mutation::ALL[index as usize];
            if only_a_script::<R>(mutation).is_some() { Ok(Found::default()) } else { self.look_for::<R>(mutation) }
        };
        let mut rows = 0;
        let take = |index: u64, found: Result<Found, String>| {
            if self.is_interrupted() {
                // This one may have been broken off.
                return Ok(false);
            }
            let mutation = R::Mutation::ALL[index as usize];
            let only_a_script = only_a_script::<R>(mutation);
            let found = found?;
            let median = found.median();
            missed += u64::from(only_a_script.is_none() && median.is_none());
            let Found { seeds, by, shrunk } = found;
            let row = Row { mutation: mutation.name(), only_a_script, seeds, median, by, shrunk };
            out.line(if is_json {
                serde_json::to_string(&row).map_err(|error| error.to_string())?
            } else {
                row.text()
            })?;
            rows += 1;
            Ok(!out.has_hung_up())
        };
        let count = R::Mutation::ALL.len() as u64;
        in_order(&pool(self.arguments.jobs())?, count, self.interrupted, || (), look, take)?;
        if self.is_interrupted() && rows < count {
            remark(format_args!("interrupted: {rows} of {count} rules were looked for"));
        }
        Ok(missed)
    }
}

impl Row {
    fn text(&self) -> String {
        let Self { mutation, only_a_script, seeds, median, by, shrunk } = self;
        if let Some(why) = only_a_script {
            return format!("| {mutation} | a script shows it | | {why} | |");
        }
        let seeds: Vec<String> =
            seeds.iter().map(|seeds| seeds.map_or("-".to_owned(), |seeds| seeds.to_string())).collect();
        let median = median.map_or("not found".to_owned(), |median| median.to_string());
        let shrunk = shrunk.map_or(String::new(), |shrunk| shrunk.cell());
        format!("| {mutation} | {} | {median} | {} | {shrunk} |", seeds.join(", "), by.join(", "))
    }
}
