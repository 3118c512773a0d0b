//! `compare`: one script, followed by several protocols, and what each of them made of it.

mod table;

pub use table::columns;

use std::io::Write;
use std::ops::Range;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use consensus_playground::compare::ready::{READY, named};
use consensus_playground::compare::script::ENTRIES_MAX;
use consensus_playground::compare::{
    Column, Measured, Script, Summary, Trouble, fits, once, parse, refuse_if_none_fits,
};
use consensus_playground::scenario::bounds::ENTRIES_PER_MESSAGE_MAX;
use schemars::JsonSchema;
use serde::Serialize;

use super::hunt::seeds;
use super::parallel::{cores, in_order, pool};
use super::prepared::{nearest_of, table as list_of};
use super::scenario::content;
use super::streams;

/// Most runs of one comparison: all of them are kept until the last is measured.
const RUNS_MAX: u64 = 100_000;

/// Let several protocols follow one script, and print what each of them made of it, measured in its runs.
///
/// A script is a scenario without its protocol: JSON with the same fields, the protocols that are to follow it, and faults that
/// name parts (leader, follower-1) in place of processes. `--list` has those that are there by name.
/// Latencies are in milliseconds of virtual time. p50, p95, p99: the smallest figure that so many in a hundred do not exceed. A
/// message delay is one message of the chain that led from an operation to its answer, or from the fault to what came of it.
/// Bytes are what the fields of messages take, by one rule for all protocols. What a protocol cannot follow is not applicable.
/// The figures are the same for any number of threads.
/// Exit status: 0; 1 if something did not hold in a run that must; 2 if the script cannot be followed.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// A script: a name of --list, a file, or - for standard input
    #[arg(required_unless_present = "list")]
    script: Option<String>,
    /// The seeds, from A up to but without B, a run of each protocol for each; without, the script's own seed
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Option<Range<u64>>,
    /// Leave the leader with so many uncommitted entries instead, one table row for each number; the script must have `uncommitted`
    #[arg(long, value_name = "K,K,...", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(0..=i64::from(ENTRIES_MAX)))]
    uncommitted: Vec<u32>,
    /// Let one message carry at most so many entries, in each protocol that has such a setting
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=ENTRIES_PER_MESSAGE_MAX))]
    batch: Option<u64>,
    /// Print a link to each run
    #[arg(long)]
    links: bool,
    /// Threads
    #[arg(long, value_name = "J", default_value_t = cores())]
    jobs: usize,
    /// Instead: print the script
    #[arg(long, conflicts_with = "list")]
    show: bool,
    /// Instead: print the names of the scripts that are there, each with what happens in it
    #[arg(long)]
    list: bool,
    /// Print one JSON object instead of a table, or one a line
    #[arg(long)]
    json: bool,
}

/// What `compare --json` prints.
#[derive(Serialize, JsonSchema)]
pub struct CompareReport {
    /// The script's title.
    pub title: Option<String>,
    /// The first seed.
    pub from: u64,
    /// All seeds up to this one, and without it.
    pub to: u64,
    /// How many entries the leader was to be left with; null where the script says nothing of that.
    pub uncommitted: Option<u32>,
    /// The protocols, in the script's order.
    pub protocols: Vec<ProtocolReport>,
}

/// What became of one protocol.
#[derive(Serialize, JsonSchema)]
pub struct ProtocolReport {
    /// Its name.
    pub protocol: String,
    /// Why it cannot follow the script, with the first seed with which it cannot; null where it can with all.
    pub not_applicable: Option<String>,
    /// With how many seeds it cannot. No figure tells of these runs, and of all others all figures do.
    pub not_applicable_runs: u64,
    /// What was measured; null where it cannot follow the script with any seed.
    pub measured: Option<Summary>,
    #[serde(skip)]
    remarks: Vec<String>,
}

/// A line of `compare --list --json`.
#[derive(Serialize, JsonSchema)]
pub struct ReadyReport {
    /// The name.
    pub name: &'static str,
    /// What happens in it.
    pub about: &'static str,
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    super::exit_status(carry_out(arguments))
}

fn carry_out(arguments: &Arguments) -> Result<bool, String> {
    let Some(name) = arguments.script.as_deref().filter(|_| !arguments.list) else {
        return streams::print(|out| list(out, arguments.json)).map(|()| true);
    };
    let text = read(name)?;
    let mut script = parse(&text).map_err(|error| format!("{name}: {error}"))?;
    if arguments.show {
        return streams::print(|out| write!(out, "{text}")).map(|()| true);
    }
    if let Some(entries) = arguments.batch {
        script.set_batch(entries);
    }
    let seeds = arguments.seeds.clone().unwrap_or(script.seed..script.seed.saturating_add(1));
    let scripts = variants(script, &arguments.uncommitted)?;
    let reports = compare(&scripts, &seeds, arguments).map_err(|problem| format!("{name}: {problem}"))?;
    let all_hold = |report: &CompareReport| {
        report.protocols.iter().filter_map(|each| each.measured.as_ref()).all(|measured| measured.broken_runs == 0)
    };
    let hold = reports.iter().all(all_hold);
    streams::print(|out| {
        if arguments.json {
            return reports.iter().try_for_each(|report| writeln!(out, "{}", serde_json::to_string(report)?));
        }
        if arguments.uncommitted.is_empty() {
            reports.iter().try_for_each(|report| table::whole(out, report))
        } else {
            table::by_entries(out, &reports)
        }
    })?;
    Ok(hold)
}

fn list(out: &mut impl Write, as_json: bool) -> std::io::Result<()> {
    if !as_json {
        return list_of(out, &READY.iter().map(|ready| ([ready.name], ready.about)).collect::<Vec<_>>());
    }
    for ready in READY {
        writeln!(out, "{}", serde_json::to_string(&ReadyReport { name: ready.name, about: ready.about })?)?;
    }
    Ok(())
}

/// The text of a script.
pub fn read(name: &str) -> Result<String, String> {
    if let Some(ready) = named(name) {
        return Ok(ready.json.to_owned());
    }
    content(name, |name| {
        let names = READY.iter().map(|ready| ready.name).collect();
        format!("neither a script by name nor a file. {}", nearest_of(names, name, "compare --list"))
    })
}

/// The script, or one for each number of entries.
fn variants(script: Script, numbers: &[u32]) -> Result<Vec<Script>, String> {
    if numbers.is_empty() {
        return Ok(vec![script]);
    }
    let variant = |&entries: &u32| {
        let mut variant = script.clone();
        variant.set_entries(entries).map_err(|error| format!("--uncommitted: {}", error.message))?;
        Ok(variant)
    };
    numbers.iter().map(variant).collect()
}

/// Measures all runs, each on some thread.
fn compare(scripts: &[Script], seeds: &Range<u64>, arguments: &Arguments) -> Result<Vec<CompareReport>, String> {
    let each = seeds.end - seeds.start;
    let mut columns: Vec<Vec<Column>> = Vec::new();
    let mut followed = Vec::new();
    for (number, script) in scripts.iter().enumerate() {
        let reasons = fits(script).map_err(|error| error.to_string())?;
        let fitting = reasons.iter().enumerate().filter(|(_, reason)| reason.is_none());
        followed.extend(fitting.map(|(column, _)| (number, column)));
        let column =
            |reason: Option<String>| reason.map_or_else(Column::default, |reason| Column::without_runs(reason, each));
        columns.push(reasons.into_iter().map(column).collect());
    }
    let runs = each.checked_mul(followed.len() as u64).filter(|&runs| runs <= RUNS_MAX);
    let runs = runs.ok_or_else(|| format!("more than {RUNS_MAX} runs: ask for fewer seeds"))?;
    let run_of = |number: u64| (followed[(number / each) as usize], seeds.start + number % each);
    let work = |(): &mut (), number: u64| {
        let ((script, column), seed) = run_of(number);
        let script = &scripts[script];
        once(script, &script.protocols[column], seed, arguments.links)
    };
    let take = |number: u64, result: Result<Measured, Trouble>| {
        let ((script, column), _) = run_of(number);
        columns[script][column].take(result).map_err(|error| error.to_string()).map(|()| true)
    };
    let pool = pool(arguments.jobs)?;
    in_order(&pool, runs, &AtomicBool::new(false), || (), work, take)?;
    scripts.iter().zip(columns).map(|(script, columns)| report(script, seeds, &columns)).collect()
}

fn report(script: &Script, seeds: &Range<u64>, columns: &[Column]) -> Result<CompareReport, String> {
    let without_runs =
        |column: &Column| column.not_applicable().filter(|_| column.measured().is_empty()).map(str::to_owned);
    let reasons: Vec<_> = columns.iter().map(without_runs).collect();
    refuse_if_none_fits(script, &reasons).map_err(|error| error.to_string())?;
    let protocol = |(protocol, column): (&String, &Column)| ProtocolReport {
        protocol: protocol.clone(),
        not_applicable: column.not_applicable().map(str::to_owned),
        not_applicable_runs: column.not_applicable_runs(),
        measured: column.summary(),
        remarks: column.remarks(),
    };
    Ok(CompareReport {
        title: script.title.clone(),
        from: seeds.start,
        to: seeds.end,
        uncommitted: script.uncommitted.map(|uncommitted| uncommitted.entries),
        protocols: script.protocols.iter().zip(columns).map(protocol).collect(),
    })
}
