//! `hunt`: many seeds, each under a drawn schedule of faults, with every check on.

mod every_mutation;
mod every_seed;
mod mutations;
mod shards;
mod test_out;
mod watch;

use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use consensus_playground::scenario::with_protocol;
use consensus_playground::search::hunt::{FAULTS_MAX, Options, Shard};

use every_mutation::{EveryMutation, Row};
use every_seed::{Counts, EverySeed, Line, ShrunkLine};

pub use mutations::MutationReport;

use super::interrupts::{INTERRUPTED, heed_interrupts};
use super::parallel::cores;

/// Most faults that may be asked for in one run: more than a run has time for.
const FAULTS_ALLOWED: u32 = 1_000;

/// Run each seed under a drawn schedule of faults, then without faults, with every check on.
///
/// Prints one JSON line for each failure, with the scenario and the link that show it again, and a closing line that counts. The first
/// failure is shrunk: made as small as possible, so that it still breaks the same promise.
/// All cores hunt; what is printed is the same for any number of them. Ctrl-C ends the hunt, and the closing line says which seeds it has
/// covered; a second one ends the command.
/// Exit status: 0 no failure, 1 some, 2 the scenario cannot be run, or the shards cannot be joined, 130 none before the hunt was ended.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// What every run is made of, without its interventions: a prepared run by its name, an address of the page, a link, a
    /// file with a scenario as JSON or with a link, or - for standard input
    scenario: Option<String>,
    /// Which protocol, without a scenario: raft if nobody says; a scenario must be one of it
    #[arg(long, value_name = "NAME")]
    protocol: Option<String>,
    /// The seeds, from A up to but without B
    #[arg(long, value_name = "A..B", value_parser = seeds, required_unless_present_any = ["join", "list_mutations"])]
    seeds: Option<Range<u64>>,
    /// Switch a rule off; may be given several times
    #[arg(long, value_name = "NAME")]
    mutation: Vec<String>,
    /// Most faults in one run
    #[arg(long, value_name = "N", default_value_t = FAULTS_MAX, value_parser = clap::value_parser!(u32).range(..=i64::from(FAULTS_ALLOWED)))]
    faults: u32,
    /// So many replicas lie, also more than the protocol bears, instead of what each seed draws
    #[arg(long, value_name = "N")]
    liars: Option<u32>,
    /// Stop after so many failures
    #[arg(long, value_name = "N", default_value_t = u64::MAX, hide_default_value = true)]
    failures: u64,
    /// Hunt on so many cores instead of all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1_024))]
    jobs: Option<u16>,
    /// Leave the first failure as large as it is
    #[arg(long)]
    no_shrink: bool,
    /// Write a Rust test that fails as long as the first failure, shrunk, is there
    #[arg(long, value_name = "FILE")]
    test_out: Option<PathBuf>,
    /// Hunt part I of N of the seeds only, and say in the closing line, as JSON, which part of which hunt it is
    #[arg(long, value_name = "I/N", conflicts_with_all = ["failures", "every_mutation"])]
    shard: Option<Shard>,
    /// Instead: put together what all parts of a hunt printed, in one file or several, - for standard input
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["scenario", "seeds", "mutation", "shard", "every_mutation", "test_out"])]
    join: Vec<String>,
    /// Instead: switch off each rule in turn, and print a table of how many seeds it takes until something misses it,
    /// and of what the first failure shrinks to: interventions, processes, operations
    #[arg(long)]
    every_mutation: bool,
    /// With --every-mutation: so many ranges of seeds, as long as --seeds and one after another
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    ranges: u32,
    /// Instead: print the rules that can be switched off, of one --protocol or of all, one a line: name, protocol, a sentence
    #[arg(long, conflicts_with_all = ["scenario", "seeds", "mutation", "shard", "every_mutation", "test_out", "join"])]
    list_mutations: bool,
    /// Print the closing line, what the first failure shrinks to, and with --every-mutation or --list-mutations each row, as JSON too
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn seeds(&self) -> Result<Range<u64>, String> {
        self.seeds.clone().ok_or_else(|| "--seeds: which?".to_owned())
    }

    fn jobs(&self) -> usize {
        self.jobs.map_or_else(cores, usize::from)
    }
}

/// A range of seeds, as a person writes it.
pub fn seeds(text: &str) -> Result<Range<u64>, String> {
    let bounds = text.split_once("..").and_then(|(first, end)| Some(first.parse().ok()?..end.parse().ok()?));
    bounds
        .filter(|range: &Range<u64>| range.start < range.end)
        .ok_or_else(|| "a range such as 0..1000, with at least one seed".to_owned())
}

/// What `hunt` prints as JSON, a line each: failures and then the counts; with --every-mutation, rows.
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "a schema is made from it, and no value")]
pub enum HuntLine {
    /// A failure.
    Failure(Line<'static>),
    /// What the first failure shrinks to, with --json or --shard.
    Shrunk(ShrunkLine),
    /// The closing line, with --json or --shard.
    Counts(Counts),
    /// A rule that was switched off, with --every-mutation --json.
    Row(Row),
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    match carry_out(arguments) {
        Ok((0, true)) => ExitCode::from(INTERRUPTED),
        Ok((failures, _)) => super::exit_status(Ok(failures == 0)),
        Err(message) => super::exit_status(Err(message)),
    }
}

/// What a hunt is for: to print every failure, or to find out how soon each rule that is switched off is missed. Gives how
/// many failures there were, and whether it was interrupted.
fn carry_out(arguments: &Arguments) -> Result<(u64, bool), String> {
    if !arguments.join.is_empty() {
        return shards::join(&arguments.join, arguments.json).map(|failures| (failures, false));
    }
    if arguments.list_mutations {
        return mutations::list(arguments.protocol.as_deref(), arguments.json).map(|()| (0, false));
    }
    let mut scenario = super::scenario::read(arguments.scenario.as_deref(), arguments.protocol.as_deref())?;
    scenario.mutations.extend(arguments.mutation.iter().cloned());
    let protocol = scenario.protocol.clone();
    if let Some(liars) = arguments.liars.filter(|&liars| liars > scenario.replicas) {
        return Err(format!("--liars: at most as many as there are replicas, {}, not {liars}", scenario.replicas));
    }
    let options = Options::new(scenario, arguments.faults, arguments.liars);
    let seeds = arguments.seeds()?;
    let all = (seeds.end - seeds.start).checked_mul(arguments.ranges.into());
    if all.and_then(|all| seeds.start.checked_add(all)).is_none() {
        return Err("--ranges: there are not so many seeds after the first".to_owned());
    }
    let interrupted = heed_interrupts().map_err(|error| error.to_string())?;
    let hunted = if arguments.every_mutation {
        with_protocol(&protocol, EveryMutation { options, arguments, interrupted: &interrupted })
    } else {
        with_protocol(&protocol, EverySeed { options, arguments, interrupted: &interrupted })
    };
    let failures = hunted.map_err(|error| error.to_string())??;
    Ok((failures, interrupted.load(Ordering::Relaxed)))
}
