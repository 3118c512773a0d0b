//! `grade`: does the run of a link meet a goal?

use std::io::{self, Write};
use std::process::ExitCode;

use consensus_playground::grade::{GOALS, Goal, Grade, goal};
use consensus_playground::scenario::Link;

/// Replay the run of a link, and say whether it meets a goal.
///
/// Prints one JSON line: the goal, whether it is met, after which event, and a sentence with what was seen or what is missing.
/// Exit status: 0 met, 1 not met, 2 there is no such goal, or the link cannot be read or replayed to its hash.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// The link: a URL, what follows its #, a file that holds it, or - for standard input
    #[arg(required_unless_present = "list")]
    link: Option<String>,
    /// The goal, by a name that --list prints
    #[arg(long, value_name = "NAME", required_unless_present = "list")]
    goal: Option<String>,
    /// Print the goals, one JSON line each: name, title, statement, source, protocol, limits
    #[arg(long)]
    list: bool,
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    super::exit_status(carry_out(arguments))
}

/// A grade as it is printed.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct Line<'a> {
    #[serde(flatten)]
    grade: &'a Grade,
    protocol: &'a str,
    seed: u64,
    events: u32,
    trace_hash: String,
    engine_version: &'a str,
}

fn carry_out(arguments: &Arguments) -> Result<bool, String> {
    let (Some(text), Some(name)) = (&arguments.link, &arguments.goal) else {
        let print = |goal: &Goal| -> io::Result<()> { writeln!(io::stdout(), "{}", serde_json::to_string(goal)?) };
        return super::written(GOALS.iter().try_for_each(print)).map(|()| true);
    };
    let goal = goal(name).map_err(|error| error.to_string())?;
    let link: Link = super::scenario::read_link(text)?;
    let grade = goal.grade(&link).map_err(|error| error.to_string())?;
    let line = Line {
        grade: &grade,
        protocol: &link.scenario.protocol,
        seed: link.scenario.seed,
        events: link.events,
        trace_hash: format!("{:032x}", link.trace_hash),
        engine_version: &link.engine_version,
    };
    println!("{}", serde_json::to_string(&line).map_err(|error| error.to_string())?);
    Ok(grade.met)
}
