//! `why`: what led to an event, what an operation waits for, why a server does not lead.

use std::io::{self, Write};
use std::process::ExitCode;

use consensus_playground::process::{MILLISECOND, Ticks};
use consensus_playground::run::transcript::seconds;
use consensus_playground::why::any::{Question, Report, why};
use consensus_playground::why::event::{EventReport, Step};
use consensus_playground::why::leader::LeaderReport;
use consensus_playground::why::operation::OperationReport;
use consensus_playground::why::{Fact, Kind, Whole};

use super::run::UNTIL_DEFAULT;
use super::scenario::{Named, read_named};
use super::streams;

/// Why did it happen, or not? What led to an event; what an operation waits for; why a server does not lead.
///
/// --event: the chain of causes that led to it, with the rule at each step, and which events could know of it or it of them.
/// --operation: each attempt with its time and fate; whose answers are missing, and who cannot be reached since when; whether it
/// took effect, and where its entry went.
/// --leader: who was asked, who refused and why. In Viewstamped Replication and PBFT: whose word the view lacks; in Tendermint:
/// what the round lacks.
/// A line begins with + for what happened, with - for what did not happen up to the end of the run, with ? for what the run does
/// not say.
/// Exit status: 0, or 2 if the run cannot be run or what is asked about is not in it.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
#[command(group(clap::ArgGroup::new("question").required(true).args(["event", "operation", "leader"])))]
pub struct Arguments {
    /// A link (the URL, or what follows its #), a file with a scenario as JSON or with a link, - for standard input,
    /// or a name from the gallery
    run: String,
    /// Why this event happened: its number, from 0
    #[arg(long, value_name = "N")]
    event: Option<u32>,
    /// What became of an operation: c1.3 is the third of c1
    #[arg(long, value_name = "OPERATION")]
    operation: Option<String>,
    /// Why this server does not lead, or its view, ballot or round did not come
    #[arg(long, value_name = "SERVER")]
    leader: Option<String>,
    /// The run ends at this virtual time, in milliseconds; a link says how far its run goes
    #[arg(long, value_name = "MS")]
    until: Option<u64>,
    /// Another seed than the scenario's
    #[arg(long)]
    seed: Option<u64>,
    /// Switch a rule off; may be given several times
    #[arg(long, value_name = "NAME")]
    mutation: Vec<String>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    super::exit_status(carry_out(arguments).map(|()| true))
}

fn carry_out(arguments: &Arguments) -> Result<(), String> {
    let question = match arguments {
        Arguments { event: Some(event), .. } => Question::Event(*event),
        Arguments { operation: Some(operation), .. } => Question::Operation(operation.clone()),
        Arguments { leader, .. } => Question::Leader(leader.clone().unwrap_or_default()),
    };
    let report = why(&whole(arguments)?, &question).map_err(|error| error.to_string())?;
    streams::print(|out| {
        if arguments.json {
            return writeln!(out, "{}", serde_json::to_string(&report)?);
        }
        match &report {
            Report::Event(report) => print_event(out, report),
            Report::Operation(report) => print_operation(out, report),
            Report::Leader(report) => print_leader(out, report),
        }
    })
}

/// The run that is meant, and where it ends.
fn whole(arguments: &Arguments) -> Result<Whole, String> {
    let until = arguments.until.map(|until| until.saturating_mul(MILLISECOND));
    match read_named(Some(&arguments.run), "raft")? {
        Named::Scenario(mut scenario) => {
            scenario.seed = arguments.seed.unwrap_or(scenario.seed);
            scenario.mutations.extend(arguments.mutation.iter().cloned());
            let until = until.unwrap_or(UNTIL_DEFAULT * MILLISECOND);
            Ok(Whole { scenario: *scenario, until, events: u32::MAX })
        }
        Named::Run(_) if arguments.seed.is_some() || !arguments.mutation.is_empty() => {
            Err("a link says which run it is: --seed and --mutation would make it another".to_owned())
        }
        Named::Run(link) => {
            Ok(Whole { scenario: link.scenario, until: until.unwrap_or(Ticks::MAX), events: link.events })
        }
    }
}

fn print_event(out: &mut impl Write, report: &EventReport) -> io::Result<()> {
    if let Some(root) = &report.root {
        print_step(out, root)?;
        writeln!(out, "  ... {} steps are left out", report.earlier_steps - 1)?;
    }
    for step in &report.chain {
        print_step(out, step)?;
    }
    print_step(out, &report.about)?;
    for sentence in &report.sentences {
        writeln!(out, "{sentence}")?;
    }
    Ok(())
}

fn print_step(out: &mut impl Write, step: &Step) -> io::Result<()> {
    writeln!(out, "{:>12} s  event {:>5}  {}", seconds(step.ticks), step.event, step.sentence)?;
    for rule in &step.rules {
        writeln!(out, "{:30}{}: {} ({})", "", rule.name, rule.text, rule.source)?;
    }
    Ok(())
}

fn print_operation(out: &mut impl Write, report: &OperationReport) -> io::Result<()> {
    writeln!(out, "{}: {}", report.operation, report.sentence)?;
    print_facts(out, "attempts", &report.attempts, report.more_attempts)?;
    print_facts(out, "its entry", &report.entry, 0)?;
    print_facts(out, "it waits for", &report.waits, report.more)
}

fn print_leader(out: &mut impl Write, report: &LeaderReport) -> io::Result<()> {
    writeln!(out, "{}", report.sentence)?;
    if report.earlier_bids > 0 {
        writeln!(out, "{} earlier bids are left out", report.earlier_bids)?;
    }
    for bid in &report.bids {
        print_facts(out, &bid.sentence, &bid.facts, bid.more)?;
    }
    print_facts(out, "besides", &report.facts, 0)
}

fn print_facts(out: &mut impl Write, title: &str, facts: &[Fact], more: u32) -> io::Result<()> {
    if facts.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}:")?;
    for fact in facts {
        let mark = match fact.kind {
            Kind::Happened => '+',
            Kind::DidNotHappen => '-',
            Kind::NotKnown => '?',
        };
        writeln!(out, "  {mark} {}", fact.sentence)?;
    }
    if more > 0 {
        writeln!(out, "  ... and {more} more")?;
    }
    Ok(())
}
