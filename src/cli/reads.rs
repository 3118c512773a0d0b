//! `reads`: one script, one protocol, and the ways to read it side by side.

use std::io::{self, Write};
use std::ops::Range;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use consensus_playground::compare::reads::{Fared, READ, ReadsMeasured, Served, once, read_in, ways_of};
use consensus_playground::compare::rows::{NOTHING, ms};
use consensus_playground::compare::{Quantiles, Script, Trouble, parse};
use consensus_playground::kv::Reading;
use schemars::JsonSchema;
use serde::Serialize;

use super::compare::{columns, read};
use super::hunt::seeds;
use super::parallel::{cores, in_order, pool};
use super::streams;

/// Most runs of one table.
const RUNS_MAX: u64 = 100_000;

/// Let one protocol follow one script, read in each way that it has, and print how its clients fared.
///
/// linearizable: the leader answers when a majority has confirmed it, or the log does. lease: the leader answers at once,
/// while nobody else can have been elected. session: any server answers that has applied all that the client has seen.
/// local: any server answers, from its own state.
/// A script is one of compare's: `compare --list` has those that are there by name. Latencies are in milliseconds of virtual
/// time; p50, p99: the smallest figure that so many in a hundred do not exceed. A read is stale if it missed a write whose
/// client had been told so before the read began; it is behind by the time since then.
/// Exit status: 0; 1 if a way did not keep what it promises; 2 if the script cannot be followed.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// A script: a name of `compare --list`, a file, or - for standard input
    script: String,
    /// The protocol
    #[arg(long, default_value = "raft", value_parser = clap::builder::PossibleValuesParser::new(READ))]
    protocol: String,
    /// The seeds, from A up to but without B, a run of each way for each; without, the script's own seed
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Option<Range<u64>>,
    /// Threads
    #[arg(long, value_name = "J", default_value_t = cores())]
    jobs: usize,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

/// What `reads --json` prints.
#[derive(Serialize, JsonSchema)]
pub struct ReadsTable {
    /// The script's title.
    pub title: Option<String>,
    /// The protocol.
    pub protocol: String,
    /// The first seed.
    pub from: u64,
    /// All seeds up to this one, and without it.
    pub to: u64,
    /// The ways, the strongest first.
    pub ways: Vec<WayReport>,
}

/// How clients fared that read in one way.
#[derive(Serialize, JsonSchema)]
pub struct WayReport {
    /// The way.
    pub reads: &'static str,
    /// What was measured.
    pub measured: ReadsMeasured,
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    super::exit_status(carry_out(arguments))
}

fn carry_out(arguments: &Arguments) -> Result<bool, String> {
    let name = &arguments.script;
    let script = parse(&read(name)?).map_err(|error| format!("{name}: {error}"))?;
    let seeds = arguments.seeds.clone().unwrap_or(script.seed..script.seed.saturating_add(1));
    let ways = ways_of(&arguments.protocol).map_err(|error| error.to_string())?;
    let ways = measure(&script, ways, &seeds, arguments).map_err(|problem| format!("{name}: {problem}"))?;
    let kept = |way: &WayReport| way.measured.kept_runs == way.measured.runs && way.measured.broken_runs == 0;
    let all_kept = ways.iter().all(kept);
    let table = ReadsTable {
        title: script.title,
        protocol: arguments.protocol.clone(),
        from: seeds.start,
        to: seeds.end,
        ways,
    };
    streams::print(|out| {
        if arguments.json { writeln!(out, "{}", serde_json::to_string(&table)?) } else { print(out, &table) }
    })?;
    Ok(all_kept)
}

/// Measures all runs, each on some thread.
fn measure(
    script: &Script,
    ways: &[Reading],
    seeds: &Range<u64>,
    arguments: &Arguments,
) -> Result<Vec<WayReport>, String> {
    let scripts: Result<Vec<Script>, _> = ways.iter().map(|&way| read_in(script, way)).collect();
    let scripts = scripts.map_err(|error| error.to_string())?;
    let each = seeds.end - seeds.start;
    let runs = each.checked_mul(ways.len() as u64).filter(|&runs| runs <= RUNS_MAX);
    let runs = runs.ok_or_else(|| format!("more than {RUNS_MAX} runs: ask for fewer seeds"))?;
    let mut measured = vec![ReadsMeasured::default(); ways.len()];
    let work = |(): &mut (), number: u64| {
        once(&scripts[(number / each) as usize], &arguments.protocol, seeds.start + number % each)
    };
    let take = |number: u64, result: Result<ReadsMeasured, Trouble>| match result {
        Ok(run) => {
            measured[(number / each) as usize].add(run);
            Ok(true)
        }
        Err(Trouble::NotApplicable(reason)) => Err(format!("{} cannot follow it: {reason}", arguments.protocol)),
        Err(Trouble::Wrong(error)) => Err(error.to_string()),
    };
    in_order(&pool(arguments.jobs)?, runs, &AtomicBool::new(false), || (), work, take)?;
    let report = |(way, mut measured): (&Reading, ReadsMeasured)| {
        measured.sum_up();
        WayReport { reads: way.name(), measured }
    };
    Ok(ways.iter().zip(measured).map(report).collect())
}

fn of(part: u64, whole: u64) -> String {
    format!("{part} of {whole}")
}

fn answered(served: &Served) -> String {
    of(served.answered, served.asked)
}

fn milliseconds(quantiles: Option<Quantiles>, second: fn(&Quantiles) -> u64) -> String {
    quantiles.map_or(NOTHING.to_owned(), |quantiles| format!("{} {}", ms(quantiles.p50), ms(second(&quantiles))))
}

type Row = (&'static str, fn(&Fared) -> String);

const ROWS: [Row; 7] = [
    ("reads answered", |fared| answered(&fared.reads)),
    ("latency, ms: p50 p99", |fared| milliseconds(fared.reads.latency_ticks, |quantiles| quantiles.p99)),
    ("writes answered", |fared| answered(&fared.writes)),
    ("latency, ms: p50 p99", |fared| milliseconds(fared.writes.latency_ticks, |quantiles| quantiles.p99)),
    ("stale reads", |fared| of(fared.stale, fared.reads.answered)),
    ("writes missed: p50 max", |fared| {
        fared.missed.map_or(NOTHING.to_owned(), |missed| format!("{} {}", missed.p50, missed.max))
    }),
    ("behind, ms: p50 max", |fared| milliseconds(fared.behind_ticks, |quantiles| quantiles.max)),
];

type Part = (&'static str, fn(&ReadsMeasured) -> &Fared);

const PARTS: [Part; 3] = [
    ("in calm", |measured| &measured.calm),
    ("from the first fault on, with fewer than half of the servers", |measured| &measured.minority),
    ("from the first fault on, with the others", |measured| &measured.majority),
];

fn print(out: &mut impl Write, table: &ReadsTable) -> io::Result<()> {
    let ReadsTable { title, protocol, from, to, ways } = table;
    if let Some(title) = title {
        writeln!(out, "{title}: {protocol}")?;
    }
    let row = |label: &str, cell: &dyn Fn(&WayReport) -> String| -> Vec<String> {
        [label.to_owned()].into_iter().chain(ways.iter().map(cell)).collect()
    };
    let mut lines = vec![row(&format!("seeds {from}..{to}"), &|way| way.reads.to_owned())];
    for (part, fared) in PARTS {
        if ways.iter().all(|way| fared(&way.measured).reads.asked == 0) {
            continue;
        }
        lines.push(vec![part.to_owned()]);
        lines.extend(ROWS.map(|(label, cell)| row(&format!("  {label}"), &|way| cell(fared(&way.measured)))));
    }
    lines.push(vec!["always".to_owned()]);
    lines.push(row("  promised", &|way| way.measured.promised.unwrap_or("nothing").to_owned()));
    lines.push(row("  kept, runs", &|way| of(way.measured.kept_runs, way.measured.runs)));
    lines.push(row("  linearizable, runs", &|way| of(way.measured.linearizable_runs, way.measured.runs)));
    columns(out, &lines)?;
    for WayReport { reads, measured } in ways {
        if measured.not_known_runs > 0 {
            writeln!(out, "{reads}: in {} runs it is not known whether that was kept", measured.not_known_runs)?;
        }
        if measured.broken_runs > 0 {
            writeln!(out, "{reads}: an invariant is broken in {} runs", measured.broken_runs)?;
        }
        if let Some(beyond) = &measured.beyond_the_model {
            writeln!(out, "{reads}: beyond what a lease counts on: {beyond}")?;
        }
    }
    Ok(())
}
