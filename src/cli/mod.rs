//! The native command line: one module for each sub-command.

mod check;
mod course;
mod explore;
mod grade;
mod hunt;
mod interrupts;
mod likelihood;
mod node;
mod run;
mod scenario;
mod schema;
mod shrink;
mod threshold;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    Check(check::Arguments),
    Explore(explore::Arguments),
    Threshold(threshold::Arguments),
    Course(course::Arguments),
    Grade(grade::Arguments),
    Node(node::Arguments),
    Schema(schema::Arguments),
}

/// The exit status where a limit came first: nothing wrong was found as far as was looked.
const LIMIT: u8 = 3;

/// The exit status of a sub-command that looks for something wrong: 0 nothing was, 1 something was, 2 it could not be carried out.
fn exit_status(all_is_well: Result<bool, String>) -> ExitCode {
    match all_is_well {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// What writing came to. A reader that hangs up early (`| head`) is no error: it has what it wanted.
fn written(result: io::Result<()>) -> Result<(), String> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}

/// Runs the sub-command that the arguments name.
pub fn run() -> ExitCode {
    match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Hunt(arguments) => hunt::run(&arguments),
        Command::Shrink(arguments) => shrink::run(&arguments),
        Command::Likelihood(arguments) => likelihood::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Explore(arguments) => explore::run(&arguments),
        Command::Threshold(arguments) => threshold::run(&arguments),
        Command::Course(arguments) => course::run(&arguments),
        Command::Grade(arguments) => grade::run(&arguments),
        Command::Node(arguments) => node::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
    }
}
