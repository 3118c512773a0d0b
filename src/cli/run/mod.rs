//! `run`: one run, with its transcript, its verdicts and its trace hash.

mod formats;
mod report;
mod text;

use std::io::{self, Write};
use std::process::ExitCode;

use consensus_playground::process::MILLISECOND;
use consensus_playground::run::Run;
use consensus_playground::scenario::{Link, Playable, Scenario, WithProtocol, with_protocol};
use consensus_playground::sim::Stepped;

pub use report::RunReport;

use report::LinkReport;

use super::prepared::list;
use super::scenario::{Named, read_named};
use super::streams;

/// Until when a scenario runs, in milliseconds, if nobody says.
pub const UNTIL_DEFAULT: u64 = 5_000;

/// The exit status for a link whose run comes out with another hash.
const ANOTHER_RUN: u8 = 3;

/// Run a scenario, or replay the run of a link, and print what came of it: verdicts, and the hash over all events.
///
/// A link is replayed for as many events as it says, and the hash is compared with the one that it carries.
/// Exit status: 0 all promises were kept, 1 one was broken, 2 the scenario cannot be run, 3 the link's hash does not agree.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// A prepared run by its name, an address of the page, a link, a file with a scenario as JSON or with a link, or - for
    /// standard input
    scenario: Option<String>,
    /// Print the prepared runs, one a line: name, protocol, a sentence
    #[arg(long, conflicts_with = "scenario")]
    list: bool,
    #[command(flatten)]
    formats: formats::Formats,
    /// Another seed than the scenario's
    #[arg(long)]
    seed: Option<u64>,
    /// Print one line for each event
    #[arg(long)]
    transcript: bool,
    /// Stop at this virtual time, in milliseconds, instead of 5000
    #[arg(long, value_name = "MS")]
    until: Option<u64>,
    /// Switch a rule off; may be given several times
    #[arg(long, value_name = "NAME")]
    mutation: Vec<String>,
    /// Print a link to the run
    #[arg(long)]
    link: bool,
    /// Print one JSON object instead of text; with --list, one line for each run
    #[arg(long)]
    json: bool,
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    if arguments.list {
        return super::exit_status(streams::print(|out| list(out, arguments.json)).map(|()| true));
    }
    match carry_out(arguments) {
        Ok(report) if !report.agrees() => ExitCode::from(ANOTHER_RUN),
        Ok(report) => super::exit_status(Ok(report.kept())),
        Err(message) => super::exit_status(Err(message)),
    }
}

fn carry_out(arguments: &Arguments) -> Result<RunReport, String> {
    let (scenario, expected) = match read_named(arguments.scenario.as_deref(), "raft")? {
        Named::Scenario(mut scenario) => {
            scenario.seed = arguments.seed.unwrap_or(scenario.seed);
            scenario.mutations.extend(arguments.mutation.iter().cloned());
            (*scenario, None)
        }
        Named::Run(_) if arguments.seed.is_some() || arguments.until.is_some() || !arguments.mutation.is_empty() => {
            return Err("a link says which run it is: --seed, --until and --mutation would make it another".to_owned());
        }
        Named::Run(link) => (link.scenario.clone(), Some(*link)),
    };
    let one_run = OneRun { scenario: &scenario, expected: expected.as_ref(), arguments };
    with_protocol(&scenario.protocol, one_run).map_err(|error| error.to_string())?
}

struct OneRun<'a> {
    scenario: &'a Scenario,
    expected: Option<&'a Link>,
    arguments: &'a Arguments,
}

impl WithProtocol for OneRun<'_> {
    type Output = Result<RunReport, String>;

    fn with<R: Playable>(self) -> Self::Output {
        let Self { scenario, expected, arguments } = self;
        let mut run = Run::new(scenario.simulation::<R>().map_err(|error| error.to_string())?);
        let stepped = match expected {
            Some(link) => run.run_until(u64::MAX, link.events),
            None => run.run_until(arguments.until.unwrap_or(UNTIL_DEFAULT).saturating_mul(MILLISECOND), u32::MAX),
        };
        let mut report = RunReport::of(&mut run, scenario, stepped == Stepped::Limit);
        if arguments.transcript {
            report.transcript = Some((0..run.simulation().events()).map(|event| run.transcript_line(event)).collect());
        }
        report.shared = expected.map(|link| report::compare(&mut run, link));
        let playhead = expected.map_or(u32::MAX, |link| link.playhead);
        let link = |run: &mut Run<R>| Link::of_run(run, scenario, playhead);
        if arguments.link {
            report.link = Some(LinkReport::of(&link(&mut run)));
        }
        arguments.formats.write_history(&mut run)?;
        match arguments.formats.text(&mut run, link)? {
            Some(text) => streams::print(|out| out.write_all(text.as_bytes()))?,
            None => streams::print(|out| print(out, &report, arguments.json))?,
        }
        Ok(report)
    }
}

fn print(out: &mut impl Write, report: &RunReport, as_json: bool) -> io::Result<()> {
    if as_json { writeln!(out, "{}", serde_json::to_string(report)?) } else { text::print(out, report) }
}
