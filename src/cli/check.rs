//! `check`: is the history in a file linearizable? And which other promises does it keep?

mod promises;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use consensus_playground::check::formats::{FILE_BYTES_MAX, HistoryError};
use consensus_playground::check::judged::{self, Kind};
use consensus_playground::check::linearizability::{MEMORY_MAX_DEFAULT, Options, Partition, STEPS_MAX_DEFAULT};
use consensus_playground::check::model::Scalar;

pub use consensus_playground::check::judged::CheckReport;
use promises::PromiseName;
pub use promises::PromisesReport;

use super::streams::{self, remark};

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
/// With --models it is judged by other promises too, a row for each: it holds; or it is broken, by operations of which
/// none can be left out, and why; or it is not known, and why.
///
/// Exit status: 0 linearizable, 1 not, 2 the file or the command line cannot be read, or nothing written, 3 undecided within the bounds.
/// With --models: 0 all that was asked for holds, 1 something is broken, 3 nothing is, and something is not known.
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
    /// Which promises to judge it by: all, or a list
    #[arg(long, value_name = "PROMISES", value_delimiter = ',')]
    models: Vec<PromiseName>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
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

impl ModelName {
    fn kind(self) -> Kind {
        match self {
            ModelName::Register => Kind::Register,
            ModelName::Kv => Kind::Kv,
            ModelName::Mutex => Kind::Mutex,
            ModelName::Set => Kind::Set,
            ModelName::Queue => Kind::Queue,
        }
    }
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
    Json(serde_json::Error),
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

/// What was found.
enum Found {
    Linearizability(Box<CheckReport>),
    Promises(PromisesReport),
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    match judge(arguments).and_then(|found| Ok((found.status(), found.print(arguments.json)?))) {
        Ok((status, text)) => match streams::print(|out| out.write_all(text.as_bytes())) {
            Ok(()) => ExitCode::from(status),
            Err(problem) => {
                remark(problem);
                ExitCode::from(UNREADABLE)
            }
        },
        Err(failure) => {
            let path = arguments.history.display();
            match failure {
                Failure::Io(error) => remark(format_args!("{path}: {error}")),
                Failure::History(error) => remark(format_args!("{path}: {error}")),
                Failure::Initial(problem) => remark(format_args!("--initial: {problem}")),
                Failure::Json(error) => remark(format_args!("the report: {error}")),
            }
            ExitCode::from(UNREADABLE)
        }
    }
}

impl Found {
    fn status(&self) -> u8 {
        let holds = match self {
            Found::Linearizability(report) => report.linearizable,
            Found::Promises(report) => report.all_hold(),
        };
        match holds {
            Some(true) => LINEARIZABLE,
            Some(false) => NOT_LINEARIZABLE,
            None => UNDECIDED,
        }
    }

    fn print(&self, as_json: bool) -> Result<String, Failure> {
        let json = match self {
            Found::Linearizability(report) if as_json => serde_json::to_string(report),
            Found::Promises(report) if as_json => serde_json::to_string(report),
            Found::Linearizability(report) => return Ok(report.text()),
            Found::Promises(report) => return Ok(report.text()),
        };
        json.map(|line| line + "\n").map_err(Failure::Json)
    }
}

fn judge(arguments: &Arguments) -> Result<Found, Failure> {
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
    let kind = arguments.model.kind();
    if !arguments.models.is_empty() {
        return Ok(Found::Promises(promises::judge(&bytes, kind, initial, &options, &arguments.models)?));
    }
    Ok(Found::Linearizability(Box::new(judged::judge(&bytes, kind, initial, &options)?)))
}

/// A value as the command line gives it.
fn scalar(text: &str) -> Result<Scalar, &'static str> {
    if text.starts_with('"') {
        return serde_json::from_str(text)
            .map(|text: String| Scalar::from(&*text))
            .map_err(|_| "the string in quotes cannot be read");
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
