//! `shrink`: a run that breaks a promise becomes a small one that breaks the same.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use consensus_playground::process::MILLISECOND;
use consensus_playground::run::transcript::seconds;
use consensus_playground::scenario::{Playable, Scenario, WithProtocol, with_protocol};
use consensus_playground::search::shrink::{Ended, Limits, Shrinker, Size};
use consensus_playground::sim::process_name;
use schemars::JsonSchema;
use serde::Serialize;

use super::interrupts::heed_interrupts;
use super::scenario::{Named, read_named};
use super::streams;

/// Until when a scenario is replayed, in milliseconds, if nobody says: a run of a hunt is over by then.
const UNTIL_DEFAULT: u64 = 20_000;

/// Make a run that breaks a promise as small as possible, so that it still breaks the same one.
///
/// Fewer interventions, servers, clients and operations, fewer lies, a calm network, quick disks, round times. Each smaller run is
/// replayed before it is kept; where a rule is switched off, the run with the rule on must keep the promise.
/// Prints the sizes before and after, what is left to do, and a link to the small run. The same run shrinks to the same run.
/// Ctrl-C ends it early, and the smallest run so far is printed.
/// Exit status: 0 it was shrunk, 2 it cannot be run, or breaks nothing.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// A prepared run by its name, an address of the page, a link, a file with a scenario as JSON or with a link, or - for
    /// standard input
    run: String,
    /// Look for what a scenario breaks up to this virtual time, in milliseconds; a link says how far its run goes
    #[arg(long, value_name = "MS", default_value_t = UNTIL_DEFAULT)]
    until: u64,
    /// Switch a rule off; may be given several times
    #[arg(long, value_name = "NAME")]
    mutation: Vec<String>,
    /// Try at most so many runs
    #[arg(long, value_name = "N", default_value_t = Limits::default().tries_max)]
    tries: u32,
    /// Over at most so many events, all runs together
    #[arg(long, value_name = "N", default_value_t = Limits::default().events_max)]
    events: u64,
    /// Stop after so many seconds: what comes out then depends on the machine
    #[arg(long, value_name = "S")]
    seconds: Option<u64>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What `shrink --json` prints.
#[derive(Clone, Serialize, JsonSchema)]
pub struct ShrinkReport {
    /// What is broken: an invariant, `linearizability`, or `every-client-is-served`.
    pub promise: &'static str,
    /// After which event of the small run.
    pub event: u32,
    /// What is seen there, in a sentence.
    pub sentence: String,
    pub before: SizeReport,
    pub after: SizeReport,
    /// How many runs were tried.
    pub tries: u32,
    /// How many events they had, all together.
    pub events: u64,
    /// Why it ended: `smallest` (nothing that is tried makes it smaller), `tries`, `events`, `seconds` or `interrupted`.
    pub ended: &'static str,
    /// The small run.
    pub scenario: Scenario,
    /// A link to it; null if it is too large for one.
    pub link: Option<String>,
    /// 32 hexadecimal digits: the hash over its events.
    pub trace_hash: String,
}

/// How large a run is.
#[derive(Clone, Copy, Serialize, JsonSchema)]
pub struct SizeReport {
    /// Faults and all else that is done to it, without the operations that clients are asked for.
    pub interventions: u32,
    pub servers: u32,
    pub clients: u32,
    /// Operations that clients have begun.
    pub operations: u32,
    /// Events until the promise is broken.
    pub events: u32,
}

impl From<Size> for SizeReport {
    fn from(Size { interventions, servers, clients, operations, events, .. }: Size) -> Self {
        Self { interventions, servers, clients, operations, events }
    }
}

impl SizeReport {
    /// Interventions, processes, operations: what a table has space for.
    pub fn cell(&self) -> String {
        format!("{}, {}, {}", self.interventions, self.servers + self.clients, self.operations)
    }

    /// In words.
    pub fn words(&self) -> String {
        let Self { interventions, servers, clients, operations, .. } = self;
        format!("{interventions} interventions, {servers} servers, {clients} clients, {operations} operations")
    }
}

/// What may stop a shrinker early.
pub struct Stops<'a> {
    pub interrupted: &'a AtomicBool,
    pub time_max: Option<Duration>,
}

/// Shrinks to the end, or until it is stopped.
pub fn shrink<R: Playable>(mut shrinker: Shrinker<R>, stops: &Stops) -> ShrinkReport {
    let start = Instant::now();
    let ended = loop {
        if stops.interrupted.load(Ordering::Relaxed) {
            break "interrupted";
        }
        if stops.time_max.is_some_and(|most| start.elapsed() >= most) {
            break "seconds";
        }
        match shrinker.step().ended {
            None => {}
            Some(Ended::Smallest) => break "smallest",
            Some(Ended::Tries) => break "tries",
            Some(Ended::Events) => break "events",
        }
    };
    let progress = shrinker.progress();
    let link = shrinker.link();
    ShrinkReport {
        promise: shrinker.promise().name(),
        event: shrinker.broken().event,
        sentence: shrinker.broken().sentence.clone(),
        before: progress.before.into(),
        after: progress.now.into(),
        tries: progress.tries,
        events: progress.events,
        ended,
        scenario: shrinker.scenario(),
        link: link.to_fragment().ok(),
        trace_hash: format!("{:032x}", link.trace_hash),
    }
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    super::exit_status(carry_out(arguments).map(|()| true))
}

fn carry_out(arguments: &Arguments) -> Result<(), String> {
    let (scenario, events) = match read_named(Some(&arguments.run), "raft")? {
        Named::Scenario(mut scenario) => {
            scenario.mutations.extend(arguments.mutation.iter().cloned());
            (*scenario, None)
        }
        Named::Run(_) if !arguments.mutation.is_empty() => {
            return Err("a link says which run it is: --mutation would make it another".to_owned());
        }
        Named::Run(link) => (link.scenario, Some(link.events)),
    };
    let one = One { scenario: &scenario, events, arguments };
    with_protocol(&scenario.protocol, one).map_err(|error| error.to_string())?
}

struct One<'a> {
    scenario: &'a Scenario,
    /// Of a link.
    events: Option<u32>,
    arguments: &'a Arguments,
}

impl WithProtocol for One<'_> {
    type Output = Result<(), String>;

    fn with<R: Playable>(self) -> Self::Output {
        let Self { scenario, events, arguments } = self;
        let limits = Limits { tries_max: arguments.tries, events_max: arguments.events };
        let until = if events.is_some() { u64::MAX } else { arguments.until.saturating_mul(MILLISECOND) };
        let shrinker = Shrinker::<R>::of_run(scenario, until, events.unwrap_or(u32::MAX), limits)
            .map_err(|error| error.to_string())?;
        let interrupted = heed_interrupts().map_err(|error| error.to_string())?;
        let stops = Stops { interrupted: &interrupted, time_max: arguments.seconds.map(Duration::from_secs) };
        let report = shrink(shrinker, &stops);
        streams::print(|out| {
            if arguments.json {
                writeln!(out, "{}", serde_json::to_string(&report)?)
            } else {
                print_text::<R>(out, &report)
            }
        })
    }
}

fn print_text<R: Playable>(out: &mut impl Write, report: &ShrinkReport) -> io::Result<()> {
    let ShrinkReport { before, after, scenario, .. } = report;
    if !scenario.mutations.is_empty() {
        writeln!(out, "switched off: {}", scenario.mutations.join(", "))?;
    }
    writeln!(out, "{} broken after event {}: {}", report.promise, report.event, report.sentence)?;
    writeln!(out, "{:14}{:>8}{:>8}", "", "before", "after")?;
    for (name, before, after) in [
        ("interventions", before.interventions, after.interventions),
        ("servers", before.servers, after.servers),
        ("clients", before.clients, after.clients),
        ("operations", before.operations, after.operations),
        ("events", before.events, after.events),
    ] {
        writeln!(out, "{name:14}{before:>8}{after:>8}")?;
    }
    let replicas = scenario.replicas as u16;
    if let Ok(simulation) = scenario.simulation::<R>() {
        for each in simulation.interventions() {
            let name = |node| process_name(replicas, node);
            writeln!(out, "  at {} s: {}", seconds(each.at), each.action.describe(&name))?;
        }
    }
    writeln!(out, "{} runs tried, {} events: {}", report.tries, report.events, ending(report.ended))?;
    match &report.link {
        Some(link) => writeln!(out, "link {link}"),
        None => writeln!(out, "no link: the run is too large for one"),
    }
}

fn ending(ended: &str) -> &'static str {
    match ended {
        "smallest" => "nothing more makes it smaller",
        "tries" => "stopped by --tries, before nothing more made it smaller",
        "events" => "stopped by --events, before nothing more made it smaller",
        "seconds" => "stopped by --seconds, before nothing more made it smaller",
        _ => "interrupted, before nothing more made it smaller",
    }
}
