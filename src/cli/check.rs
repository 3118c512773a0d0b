//! `check`: is the history in a file linearizable?

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use consensus_playground::check::formats::{
    FILE_BYTES_MAX, HistoryError, HistoryFile, read_kv, read_mutex, read_queue, read_register, read_set,
};
use consensus_playground::check::history::{Operation, Outcome};
use consensus_playground::check::linearizability::zones::{self, Opinion, Opinions};
use consensus_playground::check::linearizability::{
    Linearization, MEMORY_MAX_DEFAULT, Options, Partition, Report, STEPS_MAX_DEFAULT, Verdict, Violation, check,
};
use consensus_playground::check::model::{FifoQueue, GrowOnlySet, Independent, Kv, Model, Mutex, Readable, Register, Scalar};

/// Operations at either end of a linearization that are printed. What lies between is counted.
const SHOWN_EACH_END: usize = 10;

const LINEARIZABLE: u8 = 0;
const NOT_LINEARIZABLE: u8 = 1;
const UNREADABLE: u8 = 2;
const UNDECIDED: u8 = 3;

/// Judge whether the history in a file is linearizable.
///
/// The file is one of Jepsen's (EDN maps one after the other or in a vector, a log, or history.txt), of Knossos', of
/// Porcupine's key-value store, or JSON lines of our own (one event a line: client, type, op, key, value, from, to).
///
/// A history of a register or a store is also judged by a second judge, as far as each value was written once.
///
/// Exit status: 0 linearizable, 1 not, 2 the file or the command line cannot be read, 3 undecided within the bounds.
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
    /// Give up after so many megabytes of memory
    #[arg(long, value_name = "MB", default_value_t = MEMORY_MAX_DEFAULT >> 20, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    memory: u64,
    /// What a register holds at first: an integer, or a string, which may stand in quotes. Without it: nothing
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    initial: Option<String>,
    /// The history, or - for standard input
    history: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum ModelName {
    /// A register of integers or strings with compare-and-set
    Register,
    /// Strings under string keys
    Kv,
    /// A lock
    Mutex,
    /// A set from which nothing is taken
    Set,
    /// A queue: first in, first out
    Queue,
}

#[derive(Clone, Copy, ValueEnum)]
enum PartitionName {
    Key,
    None,
}

/// Why there is no verdict.
enum Failure {
    Io(io::Error),
    Initial(&'static str),
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
                Failure::Initial(problem) => eprintln!("--initial: {problem}"),
            }
            ExitCode::from(UNREADABLE)
        }
    }
}

/// The exit status, and what is printed.
fn judge(arguments: &Arguments) -> Result<(u8, String), Failure> {
    let initial = arguments.initial.as_deref().map(scalar).transpose().map_err(Failure::Initial)?;
    if initial.is_some() && !matches!(arguments.model, ModelName::Register) {
        return Err(Failure::Initial("only a register holds something at first"));
    }
    let bytes = read(&arguments.history)?;
    let options = Options {
        partition: match arguments.partition {
            PartitionName::Key => Partition::ByKey,
            PartitionName::None => Partition::None,
        },
        steps_max: arguments.limit,
        memory_max: arguments.memory << 20,
    };
    Ok(match arguments.model {
        ModelName::Register => judge_with_both(&Independent::new(Register::new(initial)), &read_register(&bytes)?, &options),
        ModelName::Kv => {
            let file = read_kv(&bytes)?;
            judge_with_both(&Kv::new(file.missing()), &file, &options)
        }
        ModelName::Mutex => judge_with(&Independent::new(Mutex), &read_mutex(&bytes)?, &options, None),
        ModelName::Set => judge_with(&Independent::new(GrowOnlySet), &read_set(&bytes)?, &options, None),
        ModelName::Queue => judge_with(&Independent::new(FifoQueue), &read_queue(&bytes)?, &options, None),
    })
}

/// A value as the command line gives it.
fn scalar(text: &str) -> Result<Scalar, &'static str> {
    if text.starts_with('"') {
        return serde_json::from_str(text).map(|text: String| Scalar::from(&*text)).map_err(|_| "the string in quotes cannot be read");
    }
    Ok(text.parse().map_or_else(|_| Scalar::from(text), Scalar::Integer))
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

fn judge_with_both<M: Readable>(model: &M, file: &HistoryFile<M::Command, M::Result>, options: &Options) -> (u8, String) {
    judge_with(model, file, options, Some(&zones::judge(model, &file.operations)))
}

fn judge_with<M: Model>(
    model: &M,
    file: &HistoryFile<M::Command, M::Result>,
    options: &Options,
    second: Option<&Opinions>,
) -> (u8, String) {
    let report = check(model, &file.operations, options);
    let count = count(&report);
    let disagreement = second.and_then(|second| second.disagreement(&report));
    let (status, mut text) = match &report.verdict {
        Verdict::Linearizable(_) => (LINEARIZABLE, format!("linearizable: {count}\n")),
        Verdict::NotLinearizable(violation) => {
            let reasons = explain(model, &file.operations, violation);
            (NOT_LINEARIZABLE, format!("not linearizable: {count}\n{reasons}"))
        }
        Verdict::Undecided(undecided) => {
            let keys: Vec<String> = undecided.keys.iter().flatten().map(|key| format!("{key:?}")).collect();
            let which = match keys.len() {
                0 => String::new(),
                _ => format!("open: {}\n", keys.join(", ")),
            };
            let text = format!("undecided within {}: {count}\n{which}", undecided.bound);
            // What the search leaves open the second judge may know.
            match second.and_then(Opinions::is_linearizable) {
                Some(true) => (LINEARIZABLE, format!("linearizable: {count}\nthe search alone is {text}")),
                Some(false) => (NOT_LINEARIZABLE, format!("not linearizable: {count}\nthe search alone is {text}")),
                None => (UNDECIDED, text),
            }
        }
    };
    if let Some(disagreement) = disagreement {
        return (
            UNDECIDED,
            format!("{text}the judges contradict each other, so one of them has a fault, and nothing is known: {disagreement}\n"),
        );
    }
    if let Some(second) = second {
        text += &opinion(second);
    }
    (status, text)
}

/// What the second judge says, in a line.
fn opinion(second: &Opinions) -> String {
    let broken = second.keys.iter().find_map(|(key, opinion)| match opinion {
        Opinion::NotLinearizable(why) => Some((key, why)),
        _ => None,
    });
    let skipped = second.keys.iter().find_map(|(_, opinion)| if let Opinion::NotJudged(why) = opinion { Some(why) } else { None });
    let judged = second.keys.iter().filter(|(_, opinion)| !matches!(opinion, Opinion::NotJudged(_))).count();
    match (broken, skipped) {
        (Some((None, why)), _) => format!("second judge: not linearizable, {why}\n"),
        (Some((Some(key), why)), _) => format!("second judge: not linearizable, at key {key:?} {why}\n"),
        (None, None) => "second judge: linearizable\n".to_string(),
        (None, Some(why)) if judged == 0 => format!("second judge: none, {why}\n"),
        (None, Some(why)) => format!("second judge: linearizable, as to {judged} of {} keys; {why}\n", second.keys.len()),
    }
}

/// `3 operations (1 of unknown outcome), at most 2 open at once (17 steps)`
fn count(report: &Report) -> String {
    let Report { operations, unknown, open_at_once, steps, .. } = report;
    let plural = if *operations == 1 { "" } else { "s" };
    let of_unknown = if *unknown == 0 { String::new() } else { format!(" ({unknown} of unknown outcome)") };
    format!("{operations} operation{plural}{of_unknown}, at most {open_at_once} open at once ({steps} steps)")
}

/// The sentence, the operation's place in the file, and the longest linearization.
fn explain<M: Model>(model: &M, operations: &[Operation<M::Command, M::Result>], violation: &Violation) -> String {
    let culprit = &operations[violation.operation];
    let mut text = format!(
        "{violation}\noperation: invoked in line {}, completed in line {}{}\n",
        culprit.invoked_at,
        violation.completed_at,
        if violation.is_first { "" } else { " (there may be an earlier one: a bound was reached)" },
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
