//! `explore`: every state that a model can reach, within bounds.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use consensus_playground::search::explore::{Ended, Limits, Outcome, Progress, Report};
use consensus_playground::search::models::{self, MODELS, Search};

use super::interrupts::{INTERRUPTED, heed_interrupts};
use super::prepared::table;
use super::streams::{self, remark};

/// States between two looks at the clock.
const STATES_PER_ADVANCE: u32 = 10_000;

/// Explore every state that a model can reach, breadth first, and say which of its properties hold.
///
/// Prints each property with what is known of it, the shortest way to break it step by step, and a closing line with
/// what was covered: distinct states, transitions, depth, rate.
/// Ctrl-C ends the search, and what it has covered is printed; a second one ends the command.
/// Exit status: 0 no property failed within the model's bounds, 1 one did, 2 the model is not known, 3 none failed before a cap on states,
/// depth or memory, 130 none failed before the search was ended.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// What to explore: a name that --list prints
    #[arg(required_unless_present = "list")]
    model: Option<String>,
    /// Print the models, one a line: name, a sentence
    #[arg(long)]
    list: bool,
    /// Do not go further than so many steps from the start
    #[arg(long, value_name = "D", default_value_t = u32::MAX, hide_default_value = true)]
    depth: u32,
    /// Stop at so many states
    #[arg(long, value_name = "N", default_value_t = Limits::default().states_max)]
    states: u32,
    /// Stop at so many megabytes of memory
    #[arg(long, value_name = "MB", default_value_t = Limits::default().memory_bytes_max / 1_000_000, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    memory: u64,
    /// Switch a rule off; may be given several times
    #[arg(long, value_name = "NAME")]
    mutation: Vec<String>,
    /// Go on after a property failed
    #[arg(long)]
    beyond_failure: bool,
    /// Write the shortest way to break a property as a scenario, which `run` and the page can show
    #[arg(long, value_name = "FILE")]
    scenario_out: Option<PathBuf>,
    /// Print the shortest ways to what is reachable, too
    #[arg(long)]
    witnesses: bool,
    /// Print one JSON object instead of text; with --list, one line for each model
    #[arg(long)]
    json: bool,
}

/// A model, as `explore --list --json` prints it.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct ModelReport {
    name: &'static str,
    text: &'static str,
    /// The protocol whose core it has; null for a model that is no core.
    protocol: Option<&'static str>,
    /// The rules that can be switched off in it.
    mutations: Vec<&'static str>,
    /// Those of them whose loss this model is the one to show.
    shows: &'static [&'static str],
}

/// What `explore --json` prints.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct ExploreReport {
    model: String,
    mutations: Vec<String>,
    /// What the model itself is limited to.
    bounds: Vec<String>,
    properties: Vec<PropertyReport>,
    /// Distinct states that were found. Each was checked.
    states: u32,
    transitions: u64,
    /// Steps that led out of the model's bounds.
    out_of_bounds: u64,
    /// Steps from the start to the farthest state.
    depth: u32,
    /// States that were found and not expanded: what follows them was not looked at.
    not_expanded: u32,
    /// Why the search ended, and what that means.
    ending: String,
    failed: bool,
}

/// A property, with what is known of it.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct PropertyReport {
    name: &'static str,
    sentence: &'static str,
    /// `always` or `reachable`.
    kind: &'static str,
    /// `not_broken`, `broken`, `reached`, `not_yet_reached` or `out_of_reach`.
    outcome: &'static str,
    /// The shortest way to the state that decides it.
    path: Option<PathReport>,
}

/// A shortest way, step by step.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct PathReport {
    /// The state where it begins.
    start: Vec<String>,
    steps: Vec<StepReport>,
}

/// One step of a path.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct StepReport {
    text: String,
    /// The state after it.
    after: Vec<String>,
}

impl ExploreReport {
    fn of(model: &str, mutations: &[String], report: &Report) -> Self {
        let outcome = |outcome| match outcome {
            Outcome::NotBroken => "not_broken",
            Outcome::Broken => "broken",
            Outcome::Reached => "reached",
            Outcome::NotYetReached => "not_yet_reached",
            Outcome::OutOfReach => "out_of_reach",
        };
        let properties = report.properties.iter().map(|property| PropertyReport {
            name: property.name,
            sentence: property.sentence,
            kind: property.kind.name(),
            outcome: outcome(property.outcome),
            path: property.path.as_ref().map(|path| PathReport {
                start: path.start.clone(),
                steps: path
                    .steps
                    .iter()
                    .map(|step| StepReport { text: step.view.text.clone(), after: step.after.clone() })
                    .collect(),
            }),
        });
        Self {
            model: model.to_owned(),
            mutations: mutations.to_vec(),
            bounds: report.bounds.clone(),
            properties: properties.collect(),
            states: report.progress.states,
            transitions: report.progress.transitions,
            out_of_bounds: report.progress.out_of_bounds,
            depth: report.progress.depth,
            not_expanded: report.progress.queue,
            ending: report.ending(),
            failed: report.has_failure(),
        }
    }
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    match carry_out(arguments) {
        Ok(status) => status,
        Err(message) => super::exit_status(Err(message)),
    }
}

fn carry_out(arguments: &Arguments) -> Result<ExitCode, String> {
    let Some(model) = arguments.model.as_deref().filter(|_| !arguments.list) else {
        return streams::print(|out| list(out, arguments.json)).map(|()| ExitCode::SUCCESS);
    };
    let limits = Limits {
        states_max: arguments.states,
        depth_max: arguments.depth,
        memory_bytes_max: arguments.memory.saturating_mul(1_000_000),
        beyond_failure: arguments.beyond_failure,
    };
    let mut exploration = models::begin(model, &arguments.mutation, limits).map_err(|error| error.to_string())?;
    let interrupted = heed_interrupts().map_err(|error| error.to_string())?;
    // The bounds come first, so that whoever waits for a search knows what it is of.
    if !arguments.json {
        streams::print(|out| print_bounds(out, &exploration.report()))?;
    }
    let took = explore(exploration.as_mut(), &interrupted);
    let report = exploration.report();
    if arguments.json {
        let report = ExploreReport::of(model, &arguments.mutation, &report);
        streams::print(|out| writeln!(out, "{}", serde_json::to_string(&report)?))?;
    } else {
        streams::print(|out| print(out, &report, arguments.witnesses, took))?;
    }
    if let Some(file) = &arguments.scenario_out {
        write_scenario(file, exploration.as_ref(), &report)?;
    }
    Ok(match report.progress.ended {
        _ if report.has_failure() => ExitCode::from(1),
        Some(Ended::Cancelled) => ExitCode::from(INTERRUPTED),
        Some(Ended::StatesCap | Ended::DepthCap | Ended::MemoryCap) => ExitCode::from(super::LIMIT),
        Some(Ended::Exhausted | Ended::Failed) | None => ExitCode::SUCCESS,
    })
}

fn list(out: &mut impl Write, as_json: bool) -> io::Result<()> {
    if !as_json {
        let rows: Vec<_> = MODELS.iter().map(|model| ([model.name], model.text)).collect();
        return table(out, &rows);
    }
    for model in MODELS {
        let mutations = (model.mutations)().iter().map(|switch| switch.name).collect();
        let report =
            ModelReport { name: model.name, text: model.text, protocol: model.protocol, mutations, shows: model.shows };
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    }
    Ok(())
}

/// Writes the first property's counterexample as a scenario.
fn write_scenario(file: &Path, exploration: &dyn Search, report: &Report) -> Result<(), String> {
    let broken = report.properties.iter().find(|property| property.outcome == Outcome::Broken);
    let Some(broken) = broken else {
        remark(format_args!("no property is broken, so nothing is written to {}", file.display()));
        return Ok(());
    };
    let replay = exploration.replay(broken.name).ok_or("this model has no runs: it is no cluster of real cores")?;
    let replay = replay.map_err(|error| error.to_string())?;
    let json = serde_json::to_string_pretty(&replay.scenario).map_err(|error| error.to_string())?;
    std::fs::write(file, json + "\n").map_err(|error| format!("{}: {error}", file.display()))
}

/// Explores to the end; on a terminal, with a running count.
fn explore(exploration: &mut dyn Search, interrupted: &AtomicBool) -> Duration {
    let is_watched = io::stderr().is_terminal();
    let start = Instant::now();
    let mut shown = start;
    loop {
        let Progress { states, depth, queue, visited_bytes, queue_bytes, shared_bytes, ended, .. } =
            exploration.advance(STATES_PER_ADVANCE);
        if ended.is_some() {
            return start.elapsed();
        }
        if interrupted.load(Ordering::Relaxed) {
            exploration.cancel();
            return start.elapsed();
        }
        if is_watched && shown.elapsed() >= Duration::from_secs(1) {
            shown = Instant::now();
            let _ = write!(
                io::stderr(),
                "\r{states} states, {queue} to expand, depth {depth}, {} MB ",
                (visited_bytes + queue_bytes + shared_bytes) / 1_000_000
            );
        }
    }
}

fn print_bounds(out: &mut impl Write, report: &Report) -> io::Result<()> {
    for bound in &report.bounds {
        writeln!(out, "bounds: {bound}")?;
    }
    Ok(())
}

fn print(out: &mut impl Write, report: &Report, witnesses: bool, took: Duration) -> io::Result<()> {
    for property in &report.properties {
        writeln!(out, "{}", property.line())?;
        let is_wanted = property.outcome == Outcome::Broken || (witnesses && property.outcome == Outcome::Reached);
        let Some(path) = property.path.as_ref().filter(|_| is_wanted) else { continue };
        let mut before = &path.start;
        for line in before {
            writeln!(out, "       {line}")?;
        }
        for (number, step) in (1..).zip(&path.steps) {
            writeln!(out, "  {number:>3}. {}", step.view.text)?;
            for line in step.after.iter().filter(|line| !before.contains(line)) {
                writeln!(out, "       {line}")?;
            }
            before = &step.after;
        }
    }
    writeln!(out, "{}", report.ending())?;
    let seconds = took.as_secs_f64();
    let rate = if seconds > 0.0 { (f64::from(report.progress.states) / seconds) as u64 } else { 0 };
    writeln!(out, "{}, {rate} states/s", report.covered())
}
