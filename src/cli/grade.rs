//! `grade`: does the run of a link meet a goal? And of many links: which does?

mod gradescope;
mod handed_in;

use std::io::Write;
use std::process::ExitCode;

use consensus_playground::grade::{GOALS, Goal, Grade, goal};
use consensus_playground::process::MILLISECOND;
use consensus_playground::run::Run;
use consensus_playground::scenario::{Link, Playable, Scenario, WithProtocol, with_protocol};

use self::handed_in::HandedIn;
use super::run::UNTIL_DEFAULT;
use super::scenario::{Named, read_named};
use super::streams;

/// Replay the run of a link, and say whether it meets a goal.
///
/// Prints one JSON line for each goal: whether it is met, after which event, and a sentence with what was seen or what is missing.
/// With --many, a line for each link of a file; with --gradescope, Gradescope's results.json.
///
/// Each line of such a file is a link, or a goal and a link, or a student, a goal and a link, with spaces between. Lines that
/// begin with "# " are left out. A line that names no goal is held against each --goal.
///
/// Exit status: 0 met, 1 not met, 2 there is no such goal, or the link cannot be read or replayed to its hash.
/// With --many: 0 all are met, 1 not all, 2 the file cannot be read. With --gradescope: 0, or 2 if the file cannot be read.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// The run: a link, an address of the page, a file that holds one, or - for standard input. A prepared run by its name, or
    /// a scenario in a file, is run as `run` does
    #[arg(required_unless_present_any = ["list", "many", "gradescope"])]
    link: Option<String>,
    /// The goal, by a name that --list prints; more than one if it is given more than once
    #[arg(long, value_name = "NAME", required_unless_present_any = ["list", "many", "gradescope"])]
    goal: Vec<String>,
    /// Grade the links of a file, or of standard input (-), one JSON line each
    #[arg(long, value_name = "FILE", conflicts_with_all = ["link", "list"])]
    many: Option<String>,
    /// Grade the links of a file, or of standard input (-), and print Gradescope's results.json. With --goal the file is one
    /// submission, and these goals count, each once; without, each goal of each student that a line names
    #[arg(long, value_name = "FILE", conflicts_with_all = ["link", "list", "many"])]
    gradescope: Option<String>,
    /// With --gradescope: how many points each goal is worth
    #[arg(long, value_name = "N", default_value_t = 1, requires = "gradescope", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    points: u32,
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
pub struct Graded {
    #[serde(flatten)]
    grade: Grade,
    protocol: String,
    seed: u64,
    events: u32,
    trace_hash: String,
    engine_version: String,
}

impl Graded {
    fn of(goal: &Goal, link: &Link) -> Result<Self, String> {
        Ok(Self {
            grade: goal.grade(link).map_err(|error| error.to_string())?,
            protocol: link.scenario.protocol.clone(),
            seed: link.scenario.seed,
            events: link.events,
            trace_hash: format!("{:032x}", link.trace_hash),
            engine_version: link.engine_version.clone(),
        })
    }
}

/// A link of a file, graded: what `grade` prints of it, or why it cannot.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct GradedLine<'a> {
    /// Its line in the file, from 1.
    line: usize,
    /// Whose it is, if the line says so.
    student: Option<&'a str>,
    #[serde(flatten)]
    outcome: Outcome,
}

/// What came of a link.
#[derive(serde::Serialize, schemars::JsonSchema)]
#[serde(untagged)]
enum Outcome {
    Graded(Graded),
    /// It cannot be graded.
    Refused {
        /// The goal that the line names.
        goal: Option<String>,
        /// Why.
        error: String,
    },
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
    let goals = asked_for(&arguments.goal)?;
    if let Some(path) = &arguments.many {
        return grade_many(&handed_in::read(path)?, &goals);
    }
    if let Some(path) = &arguments.gradescope {
        let results = gradescope::results(&handed_in::read(path)?, &goals, arguments.points);
        return streams::print(|out| writeln!(out, "{}", serde_json::to_string_pretty(&results)?)).map(|()| true);
    }
    let Some(text) = arguments.link.as_ref().filter(|_| !arguments.list) else {
        let list = |out: &mut streams::Out| {
            GOALS.iter().try_for_each(|goal| writeln!(out, "{}", serde_json::to_string(goal)?))
        };
        return streams::print(list).map(|()| true);
    };
    let link = run_named(text)?;
    let graded = goals.iter().map(|goal| Graded::of(goal, &link)).collect::<Result<Vec<_>, String>>()?;
    streams::print(|out| graded.iter().try_for_each(|graded| writeln!(out, "{}", serde_json::to_string(graded)?)))?;
    Ok(graded.iter().all(|graded| graded.grade.met))
}

/// The goals of these names, each once.
fn asked_for(names: &[String]) -> Result<Vec<&'static Goal>, String> {
    let mut goals: Vec<&'static Goal> = Vec::new();
    for name in names {
        let goal = goal(name).map_err(|error| error.to_string())?;
        if goals.iter().all(|other| other.name != goal.name) {
            goals.push(goal);
        }
    }
    Ok(goals)
}

/// The run that the command line names.
fn run_named(text: &str) -> Result<Link, String> {
    // The protocol is that of no text at all.
    match read_named(Some(text), "raft")? {
        Named::Run(link) => Ok(*link),
        Named::Scenario(scenario) => {
            with_protocol(&scenario.protocol, RunOf(&scenario)).map_err(|error| error.to_string())?
        }
    }
}

fn grade_many(handed_in: &[HandedIn], goals: &[&'static Goal]) -> Result<bool, String> {
    let mut out = streams::Out::new();
    let mut all_met = true;
    for each in handed_in {
        let outcomes = match &each.goal {
            Some(name) => vec![outcome(each, goal(name).map_err(|error| error.to_string()))],
            None if goals.is_empty() => {
                vec![outcome(each, Err("the line names no goal, and there is no --goal".to_owned()))]
            }
            None => goals.iter().map(|goal| outcome(each, Ok(goal))).collect(),
        };
        for outcome in outcomes {
            all_met &= matches!(&outcome, Outcome::Graded(graded) if graded.grade.met);
            let line = GradedLine { line: each.line, student: each.student.as_deref(), outcome };
            out.line(serde_json::to_string(&line).map_err(|error| error.to_string())?)?;
        }
    }
    Ok(all_met)
}

fn outcome(each: &HandedIn, goal: Result<&'static Goal, String>) -> Outcome {
    let graded = goal.and_then(|goal| Graded::of(goal, &each.read_link()?));
    graded.map_or_else(|error| Outcome::Refused { goal: each.goal.clone(), error }, Outcome::Graded)
}
