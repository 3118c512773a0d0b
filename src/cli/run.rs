//! `run`: one run, with its transcript, its verdicts and its trace hash.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use consensus_playground::check::linearizability::{STEPS_MAX_DEFAULT, Verdict};
use consensus_playground::process::MILLISECOND;
use consensus_playground::run::Run;
use consensus_playground::run::transcript::seconds;
use consensus_playground::scenario::{Playable, Scenario, WithProtocol, with_protocol};
use consensus_playground::sim::Stepped;

/// Run a scenario, and print what came of it: verdicts, and the hash over all events.
///
/// Exit status: 0 all promises were kept, 1 one was broken, 2 the scenario cannot be run.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// A file with a scenario as JSON, - for standard input, or a name: elect-and-replicate, cut-the-leader-off, stale-read
    scenario: Option<String>,
    /// Another seed than the scenario's
    #[arg(long)]
    seed: Option<u64>,
    /// Print one line for each event
    #[arg(long)]
    transcript: bool,
    /// Stop at this virtual time, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 5_000)]
    until: u64,
    /// Switch a rule off; may be given several times
    #[arg(long, value_name = "NAME")]
    mutation: Vec<String>,
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    super::exit_status(carry_out(arguments))
}

fn carry_out(arguments: &Arguments) -> Result<bool, String> {
    let mut scenario = super::scenario::read(arguments.scenario.as_deref(), "raft")?;
    scenario.seed = arguments.seed.unwrap_or(scenario.seed);
    scenario.mutations.extend(arguments.mutation.iter().cloned());
    with_protocol(&scenario.protocol, OneRun { scenario: &scenario, arguments }).map_err(|error| error.to_string())?
}

struct OneRun<'a> {
    scenario: &'a Scenario,
    arguments: &'a Arguments,
}

impl WithProtocol for OneRun<'_> {
    type Output = Result<bool, String>;

    fn with<R: Playable>(self) -> Self::Output {
        let mut run = Run::new(self.scenario.simulation::<R>().map_err(|error| error.to_string())?);
        let stepped = run.run_until(self.arguments.until.saturating_mul(MILLISECOND), u32::MAX);
        print(&mut run, self.scenario, self.arguments.transcript, stepped == Stepped::Limit).map_err(|error| error.to_string())
    }
}

fn print<R: Playable>(run: &mut Run<R>, scenario: &Scenario, transcript: bool, is_cut_short: bool) -> io::Result<bool> {
    let mut out = BufWriter::new(io::stdout().lock());
    let events = run.simulation().events();
    if transcript {
        for event in 0..events {
            writeln!(out, "{}", run.transcript_line(event))?;
        }
    }
    let findings = run.findings_at_end();
    let judgement = run.verdict(STEPS_MAX_DEFAULT);
    if !scenario.mutations.is_empty() {
        writeln!(out, "switched off: {}", scenario.mutations.join(", "))?;
    }
    writeln!(out, "{}", judgement.sentence)?;
    for finding in &findings {
        writeln!(out, "{} broken after event {}: {}", finding.invariant.name, finding.event, finding.sentence)?;
    }
    if findings.is_empty() {
        writeln!(out, "all invariants hold")?;
    }
    let world = run.simulation().world();
    let limit = if is_cut_short { ", where the scenario's limit on events stopped it" } else { "" };
    writeln!(out, "{events} events in {} s of virtual time{limit}", seconds(world.now()))?;
    writeln!(out, "trace hash {:032x}", world.trace_hash())?;
    out.flush()?;
    Ok(findings.is_empty() && matches!(judgement.report.verdict, Verdict::Linearizable(_)))
}
