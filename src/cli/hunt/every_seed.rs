//! A range of seeds, hunted on all cores: every failure in the order of the seeds, and the first of them shrunk.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use consensus_playground::process::Catalogue as _;
use consensus_playground::scenario::{Link, Playable, WithProtocol};
use consensus_playground::search::hunt::{BLOCK, Failure, Hunted, Hunter, Options};
use consensus_playground::search::shrink::{Limits, Shrinker};
use serde::{Deserialize, Serialize};

use super::Arguments;
use super::shards::ShardReport;
use super::watch::Watch;
use crate::cli::parallel::{in_order, pool};
use crate::cli::shrink::{ShrinkReport, Stops, shrink};
use crate::cli::streams::{Out, remark};

/// A failure as it is printed.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Line<'a> {
    #[serde(flatten)]
    failure: &'a Failure,
    /// A link to the run; null if it is too large for one.
    link: Option<String>,
}

/// What the first failure shrinks to, as it is printed.
#[derive(Serialize, schemars::JsonSchema)]
pub struct ShrunkLine {
    /// The seed of the failure.
    seed: u64,
    shrunk: ShrinkReport,
}

/// The closing line.
#[derive(Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Counts {
    pub seeds: u64,
    pub events: u64,
    pub failures: u64,
    /// The first seed that was hunted.
    pub from: u64,
    /// All up to this one were, and it was not.
    pub to: u64,
    /// Whether Ctrl-C came before the last seed.
    pub interrupted: bool,
    /// With --shard: which part of which hunt it is.
    pub shard: Option<ShardReport>,
}

impl Counts {
    /// As text, without a shard.
    pub fn text(&self) -> String {
        let Self { seeds, events, failures, from, to, interrupted, .. } = self;
        let covered =
            if *interrupted { format!(", interrupted: seeds {from}..{to} were hunted") } else { String::new() };
        format!("{seeds} seeds, {events} events, {failures} failures{covered}")
    }
}

/// Prints every failure of a range of seeds.
pub struct EverySeed<'a> {
    pub options: Options,
    pub arguments: &'a Arguments,
    pub interrupted: &'a AtomicBool,
}

/// The hunted seeds of one block, in order.
type Block = Result<Vec<(u64, Hunted)>, String>;

fn hunt_block<R: Playable>(hunter: &mut Hunter<R>, block: u64, seeds: &Range<u64>) -> Block {
    let (first, end) = (block.saturating_mul(BLOCK), (block + 1).saturating_mul(BLOCK));
    let one = |seed| Ok((seed, hunter.hunt(seed).map_err(|error| error.to_string())?));
    (first.max(seeds.start)..end.min(seeds.end)).map(one).collect()
}

impl WithProtocol for EverySeed<'_> {
    type Output = Result<u64, String>;

    fn with<R: Playable>(self) -> Self::Output {
        for name in &self.options.scenario.mutations {
            let only_scripts = R::ONLY_SCRIPTS.iter().find(|(mutation, _)| mutation.name() == name);
            if let Some((_, why)) = only_scripts {
                remark(format_args!("{name}: hunts do not find it, a script shows it. {why}"));
            }
        }
        let all = self.arguments.seeds()?;
        let seeds = self.arguments.shard.map_or_else(|| all.clone(), |shard| shard.of(&all));
        let shard = self.arguments.shard.map(|shard| ShardReport::new(shard, &self.options, &all));
        let mut printer = Printer::<R> {
            arguments: self.arguments,
            interrupted: self.interrupted,
            out: Out::new(),
            watch: Watch::new(seeds.end - seeds.start),
            counts: Counts {
                seeds: 0,
                events: 0,
                failures: 0,
                from: seeds.start,
                to: seeds.start,
                interrupted: false,
                shard,
            },
            protocol: std::marker::PhantomData,
        };
        let first = seeds.start / BLOCK;
        let blocks = if seeds.is_empty() { 0 } else { seeds.end.div_ceil(BLOCK) - first };
        let hunter = || Hunter::<R>::new(self.options.clone());
        let hunt = |hunter: &mut Hunter<R>, piece: u64| hunt_block(hunter, first + piece, &seeds);
        let hunted =
            in_order(&pool(self.arguments.jobs())?, blocks, self.interrupted, hunter, hunt, |_, block: Block| {
                printer.take(block?)
            });
        printer.watch.end();
        hunted?;
        printer.close(&seeds)
    }
}

/// Prints what is found, in the order of the seeds.
struct Printer<'a, R> {
    arguments: &'a Arguments,
    interrupted: &'a AtomicBool,
    out: Out,
    watch: Watch,
    counts: Counts,
    protocol: std::marker::PhantomData<R>,
}

impl<R: Playable> Printer<'_, R> {
    /// Takes in the seeds of a block. Says whether the hunt goes on.
    fn take(&mut self, block: Vec<(u64, Hunted)>) -> Result<bool, String> {
        for (seed, hunted) in block {
            self.counts.seeds += 1;
            self.counts.to = seed + 1;
            self.counts.events += u64::from(hunted.events);
            self.watch.advance(1, u64::from(hunted.failure.is_some()));
            let Some(failure) = hunted.failure else { continue };
            self.counts.failures += 1;
            self.print(&Line { failure: &failure, link: failure.link().to_fragment().ok() })?;
            if self.counts.failures == 1 && !self.out.has_hung_up() {
                self.look_closer(&failure)?;
            }
            if self.out.has_hung_up() || self.counts.failures >= self.arguments.failures {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Shrinks the first failure, and writes the test that is asked for.
    fn look_closer(&mut self, failure: &Failure) -> Result<(), String> {
        let mut link = failure.link();
        if !self.arguments.no_shrink
            && let Ok(shrinker) = Shrinker::<R>::of_failure(failure, Limits::default())
        {
            self.watch.meanwhile("the first is being shrunk");
            let shrunk = shrink(shrinker, &Stops { interrupted: self.interrupted, time_max: None });
            if let Some(small) = shrunk.link.as_deref().and_then(|fragment| Link::read(fragment).ok()) {
                link = small;
            }
            if self.prints_json() {
                self.print(&ShrunkLine { seed: failure.seed, shrunk })?;
            } else {
                let link = shrunk.link.as_deref().unwrap_or("too large for a link");
                let (before, after) = (shrunk.before.words(), shrunk.after.words());
                self.write(&format!("seed {} shrunk from {before} to {after}: {link}", failure.seed))?;
            }
        }
        match &self.arguments.test_out {
            Some(file) => super::test_out::write(file, failure, &link),
            None => Ok(()),
        }
    }

    fn prints_json(&self) -> bool {
        self.arguments.json || self.arguments.shard.is_some()
    }

    fn print(&mut self, line: &impl Serialize) -> Result<(), String> {
        self.write(&serde_json::to_string(line).map_err(|error| error.to_string())?)
    }

    fn write(&mut self, line: &str) -> Result<(), String> {
        let out = &mut self.out;
        self.watch.suspend(|| out.line(line))
    }

    /// Prints the closing line. Gives how many failures there were.
    fn close(&mut self, seeds: &Range<u64>) -> Result<u64, String> {
        self.counts.interrupted = self.interrupted.load(Ordering::Relaxed) && self.counts.to < seeds.end;
        if self.prints_json() {
            self.print(&self.counts.clone())?;
        } else {
            self.write(&self.counts.text())?;
        }
        if self.arguments.test_out.is_some() && self.counts.failures == 0 {
            remark("no failure, so no test is written");
        }
        Ok(self.counts.failures)
    }
}
