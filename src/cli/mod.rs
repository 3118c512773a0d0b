//! The native command line: one module for each sub-command.

mod address;
mod check;
mod compare;
mod course;
mod explore;
mod grade;
mod hunt;
mod interrupts;
mod likelihood;
mod manual;
mod node;
mod parallel;
mod prepared;
mod reads;
mod run;
mod scenario;
mod schema;
mod shrink;
mod streams;
mod threshold;
mod why;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use streams::{remark, written};

/// Real consensus cores in a simulated network.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Arguments),
    Hunt(hunt::Arguments),
    Shrink(shrink::Arguments),
    Likelihood(likelihood::Arguments),
    Why(why::Arguments),
    Compare(compare::Arguments),
    Reads(reads::Arguments),
    Check(check::Arguments),
    Explore(explore::Arguments),
    Threshold(threshold::Arguments),
    Course(course::Arguments),
    Grade(grade::Arguments),
    Node(node::Arguments),
    Schema(schema::Arguments),
    Completions(manual::Completions),
    Man(manual::Man),
}

/// The exit status where a limit came first: nothing wrong was found as far as was looked.
const LIMIT: u8 = 3;

/// The exit status of a sub-command that looks for something wrong: 0 nothing was, 1 something was, 2 it could not be carried out.
fn exit_status(all_is_well: Result<bool, String>) -> ExitCode {
    match all_is_well {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            remark(message);
            ExitCode::from(2)
        }
    }
}

/// Prints the help that was asked for, or says what is wrong with the arguments.
fn help(error: &clap::Error) -> ExitCode {
    let printed = error.print().and_then(|()| io::stdout().flush());
    match printed {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe && !error.use_stderr() => {
            exit_status(written(Err(cause)).map(|()| true))
        }
        _ => ExitCode::from(error.exit_code() as u8),
    }
}

/// Runs the sub-command that the arguments name.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return help(&error),
    };
    match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Hunt(arguments) => hunt::run(&arguments),
        Command::Shrink(arguments) => shrink::run(&arguments),
        Command::Likelihood(arguments) => likelihood::run(&arguments),
        Command::Why(arguments) => why::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Reads(arguments) => reads::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Explore(arguments) => explore::run(&arguments),
        Command::Threshold(arguments) => threshold::run(&arguments),
        Command::Course(arguments) => course::run(&arguments),
        Command::Grade(arguments) => grade::run(&arguments),
        Command::Node(arguments) => node::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Man(arguments) => manual::man(&arguments),
    }
}
