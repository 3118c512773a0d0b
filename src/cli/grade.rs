//! `grade`: does the run of a link meet a goal?

use std::io::Write;
use std::process::ExitCode;

use consensus_playground::grade::{GOALS, Grade, goal};
use consensus_playground::process::MILLISECOND;
use consensus_playground::run::Run;
use consensus_playground::scenario::{Link, Playable, Scenario, WithProtocol, with_protocol};

use super::run::UNTIL_DEFAULT;
use super::scenario::{Named, read_named};
use super::streams;

/// Replay the run of a link, and say whether it meets a goal.
///
/// Prints one JSON line: the goal, whether it is met, after which event, and a sentence with what was seen or what is missing.
/// Exit status: 0 met, 1 not met, 2 there is no such goal, or the link cannot be read or replayed to its hash.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// The run: a link, an address of the page, a file that holds one, or - for standard input. A prepared run by its name, or
    /// a scenario in a file, is run as `run` does
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

/// The run of a scenario.
struct RunOf<'a>(&'a Scenario);

impl WithProtocol for RunOf<'_> {
    type Output = Result<Link, String>;

    fn with<R: Playable>(self) -> Self::Output {
        let mut run = Run::new(self.0.simulation::<R>().map_err(|error| error.to_string())?);
        run.run_until(UNTIL_DEFAULT * MILLISECOND, u32::MAX);
        Ok(Link::of_run(&mut run, self.0, u32::MAX))
    }
}

fn carry_out(arguments: &Arguments) -> Result<bool, String> {
    let (Some(text), Some(name)) = (&arguments.link, &arguments.goal) else {
        let list = |out: &mut streams::Out| {
            GOALS.iter().try_for_each(|goal| writeln!(out, "{}", serde_json::to_string(goal)?))
        };
        return streams::print(list).map(|()| true);
    };
    let goal = goal(name).map_err(|error| error.to_string())?;
    let link = match read_named(Some(text), goal.protocol)? {
        Named::Run(link) => *link,
        Named::Scenario(scenario) => {
            with_protocol(&scenario.protocol, RunOf(&scenario)).map_err(|error| error.to_string())??
        }
    };
    let grade = goal.grade(&link).map_err(|error| error.to_string())?;
    let line = Line {
        grade: &grade,
        protocol: &link.scenario.protocol,
        seed: link.scenario.seed,
        events: link.events,
        trace_hash: format!("{:032x}", link.trace_hash),
        engine_version: &link.engine_version,
    };
    streams::print(|out| writeln!(out, "{}", serde_json::to_string(&line)?))?;
    Ok(grade.met)
}
