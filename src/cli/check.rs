//! `check`: is the history in a file linearizable?

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use consensus_playground::check::formats::{FILE_BYTES_MAX, HistoryError, HistoryFile, read_kv, read_register};
use consensus_playground::check::history::{Operation, Outcome};
use consensus_playground::check::linearizability::{
    Linearization, Options, Partition, Report, STEPS_MAX_DEFAULT, Verdict, Violation, check,
};
use consensus_playground::check::model::{Kv, Model, Register};

/// Operations at either end of a linearization that are printed. What lies between is counted.
const SHOWN_EACH_END: usize = 10;

const LINEARIZABLE: u8 = 0;
const NOT_LINEARIZABLE: u8 = 1;
const UNREADABLE: u8 = 2;
const UNDECIDED: u8 = 3;

/// Judge whether the history in a file is linearizable.
///
/// The file is a Jepsen log of a register, a Porcupine history of a key-value store, or JSON lines of our own (one
/// event a line: client, type, op, key, value, from, to).
///
/// Exit status: 0 linearizable, 1 not, 2 the file or the command line cannot be read, 3 undecided within the limit.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// What the history is a history of
    #[arg(long)]
    model: ModelName,
    /// Judge each key by itself, or all as one object; the verdict is the same, the work is not
    #[arg(long, default_value = "key")]
    partition: PartitionName,
    /// Give up after so many steps of the model
    #[arg(long, value_name = "STEPS", default_value_t = STEPS_MAX_DEFAULT)]
    limit: u64,
    /// The history, or - for standard input
    history: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum ModelName {
    /// One register with compare-and-set
    Register,
    /// Strings under string keys
    Kv,
}

#[derive(Clone, Copy, ValueEnum)]
enum PartitionName {
    Key,
    None,
}

/// Why there is no verdict.
enum Failure {
    Io(io::Error),
    History(HistoryError),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Io(error)
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Failure {
        Failure::History(error)
    }
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    match judge(arguments) {
        Ok((status, text)) => {
            // A reader that hangs up early (`| head`) is no reason to change the verdict's status.
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::from(status)
        }
        Err(failure) => {
            let path = arguments.history.display();
            match failure {
                Failure::Io(error) => eprintln!("{path}: {error}"),
                Failure::History(error) => eprintln!("{path}: {error}"),
            }
            ExitCode::from(UNREADABLE)
        }
    }
}

/// The exit status, and what is printed.
fn judge(arguments: &Arguments) -> Result<(u8, String), Failure> {
    let bytes = read(&arguments.history)?;
    let options = Options {
        partition: match arguments.partition {
            PartitionName::Key => Partition::ByKey,
            PartitionName::None => Partition::None,
        },
        steps_max: arguments.limit,
    };
    Ok(match arguments.model {
        ModelName::Register => judge_with(&Register, &read_register(&bytes)?, &options),
        ModelName::Kv => {
            let file = read_kv(&bytes)?;
            judge_with(&Kv { missing: file.missing() }, &file, &options)
        }
    })
}

/// The file's bytes: at most one more than are accepted, so that a longer file is refused without being read.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let limit = FILE_BYTES_MAX as u64 + 1;
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn judge_with<M: Model>(model: &M, file: &HistoryFile<M::Command, M::Result>, options: &Options) -> (u8, String) {
    let Report { verdict, operations, steps } = check(model, &file.operations, options);
    let count = format!("{operations} operation{}", if operations == 1 { "" } else { "s" });
    match verdict {
        Verdict::Linearizable(_) => (LINEARIZABLE, format!("linearizable: {count} ({steps} steps)\n")),
        Verdict::NotLinearizable(violation) => {
            let reasons = explain(model, &file.operations, &violation);
            (NOT_LINEARIZABLE, format!("not linearizable: {count} ({steps} steps)\n{reasons}"))
        }
        Verdict::Undecided(undecided) => {
            let keys: Vec<String> = undecided.keys.iter().flatten().map(|key| format!("{key:?}")).collect();
            let which = match keys.len() {
                0 => String::new(),
                _ => format!("open: {}\n", keys.join(", ")),
            };
            (UNDECIDED, format!("undecided within {} steps: {count}\n{which}", options.steps_max))
        }
    }
}

/// The sentence, the operation's place in the file, and the longest linearization.
fn explain<M: Model>(model: &M, operations: &[Operation<M::Command, M::Result>], violation: &Violation) -> String {
    let culprit = &operations[violation.operation];
    let mut text = format!(
        "{violation}\noperation: invoked in line {}, completed in line {}{}\n",
        culprit.invoked_at,
        violation.completed_at,
        if violation.is_first { "" } else { " (there may be an earlier one: the limit was reached)" },
    );
    if let Some(last_good) = violation.last_good
        && let Outcome::Ok { completed_at, .. } = &operations[last_good].outcome
    {
        text += &format!("until then: linearizable up to line {completed_at}, {}\n", describe(model, &operations[last_good]),);
    }
    if let Some(linearization) = &violation.linearization {
        text += &list(model, operations, linearization);
    }
    text
}

/// The operations of a linearization, one a line; the middle of a long one is left out.
fn list<M: Model>(model: &M, operations: &[Operation<M::Command, M::Result>], linearization: &Linearization) -> String {
    let order: Vec<usize> = linearization.order().collect();
    let mut text = format!("longest linearization, of {} operations:\n", order.len());
    let hidden = SHOWN_EACH_END..order.len().saturating_sub(SHOWN_EACH_END);
    for (place, &operation) in order.iter().enumerate() {
        if !hidden.contains(&place) {
            let operation = &operations[operation];
            text += &format!("  line {}: {}\n", operation.invoked_at, describe(model, operation));
        } else if place == hidden.start {
            text += &format!("  ... {} more ...\n", hidden.len());
        }
    }
    text
}

/// An operation as the linearization has it. An unknown outcome is one that took effect there.
fn describe<M: Model>(model: &M, operation: &Operation<M::Command, M::Result>) -> String {
    let result = match &operation.outcome {
        Outcome::Ok { result, .. } => Some(result),
        Outcome::Failed { .. } | Outcome::Unknown => None,
    };
    format!("client {}'s {}", operation.client, model.describe(&operation.command, result))
}
