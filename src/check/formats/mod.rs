//! History files: what the `check` command reads.
//!
//! Three formats are told apart by their first line.
//!
//! | format                       | a line                                                                         |
//! |------------------------------|--------------------------------------------------------------------------------|
//! | [Jepsen's log](jepsen)       | `INFO  jepsen.util - 3  :invoke  :cas  [1 4]`                                  |
//! | [Porcupine's store](porcupine) | `{:process 3, :type :ok, :f :get, :key "a", :value "1"}`                     |
//! | [JSON lines](json), our own  | `{"client": 3, "type": "invoke", "op": "put", "key": "a", "value": "1"}`       |
//!
//! In all of them the order of the lines is the order of the events, and a position in the history is the number of a
//! line. An operation that never completes has an unknown outcome, and so has one whose completion says so.
//!
//! A refused compare-and-set is an observation: the content was not what it expected. Any other refused operation had
//! no effect, and is left out.

mod event;
pub mod jepsen;
pub mod json;
pub mod porcupine;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use super::history::Operation;
use super::model::{KvCommand, KvResult, Missing, RegisterCommand, RegisterResult};
use event::{Event, pair};
use words::{KvWords, RegisterWords};

/// Longer files are refused.
pub const FILE_BYTES_MAX: usize = 256 << 20;

/// Longer lines are refused.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// Files with more events are refused.
pub const EVENTS_MAX: usize = 2_000_000;

/// What a history file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A log of Jepsen's, as its etcd test of 2014 wrote it.
    Jepsen,
    /// Porcupine's histories of a key-value store: a Clojure map a line.
    Porcupine,
    /// A JSON object a line.
    JsonLines,
}

/// A history that was read from a file. Positions are numbers of lines, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryFile<C, R> {
    /// What it was written in.
    pub format: Format,
    /// The operations in the order of their invocations.
    pub operations: Vec<Operation<C, R>>,
}

impl<C, R> HistoryFile<C, R> {
    /// How a store tells that a key is not there, in this format.
    pub fn missing(&self) -> Missing {
        match self.format {
            Format::Porcupine => Missing::IsEmpty,
            Format::Jepsen | Format::JsonLines => Missing::IsNone,
        }
    }
}

/// What is wrong with a history file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryError {
    /// The number of the line, from 1; nothing if the file as a whole is meant.
    pub line: Option<u64>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a history file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no event in it.
    Empty,
    /// It has more than [`FILE_BYTES_MAX`] bytes.
    FileTooLong,
    /// A line has more than [`LINE_BYTES_MAX`] bytes.
    LineTooLong,
    /// It has more than [`EVENTS_MAX`] events.
    TooManyEvents,
    /// It is not text in UTF-8.
    NotUtf8,
    /// The first line is of no format that is known.
    UnknownFormat,
    /// The line does not have the form that the format asks for; the text says what is wrong.
    Malformed(String),
    /// The model has no such operation.
    UnknownOperation(String),
    /// A field of the event is missing, not allowed there, or of the wrong type; the text says which.
    Field(String),
    /// A completion of a client that has no operation open.
    NoInvocation {
        /// The client.
        client: u32,
    },
    /// An invocation of a client that has an operation open.
    AlreadyOpen {
        /// The client.
        client: u32,
        /// The line of the earlier invocation.
        since: u64,
    },
    /// A completion that is not one of the operation that the client has open.
    OtherOperation {
        /// The client.
        client: u32,
        /// The line of the invocation.
        since: u64,
    },
}

impl fmt::Display for HistoryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "line {line}: {}", self.problem),
            None => write!(formatter, "{}", self.problem),
        }
    }
}

impl std::error::Error for HistoryError {}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Empty => write!(formatter, "the history has no events"),
            Problem::FileTooLong => {
                write!(formatter, "the file has more than {FILE_BYTES_MAX} bytes")
            }
            Problem::LineTooLong => {
                write!(formatter, "the line has more than {LINE_BYTES_MAX} bytes")
            }
            Problem::TooManyEvents => {
                write!(formatter, "the history has more than {EVENTS_MAX} events")
            }
            Problem::NotUtf8 => write!(formatter, "the line is not text in UTF-8"),
            Problem::UnknownFormat => write!(formatter, "neither a Jepsen log, nor a Porcupine history, nor JSON lines"),
            Problem::Malformed(reason) | Problem::Field(reason) => formatter.write_str(reason),
            Problem::UnknownOperation(name) => {
                write!(formatter, "the model has no operation {name:?}")
            }
            Problem::NoInvocation { client } => {
                write!(formatter, "client {client} completes an operation that it did not invoke")
            }
            Problem::AlreadyOpen { client, since } => {
                write!(formatter, "client {client} invokes an operation while the one of line {since} is open")
            }
            Problem::OtherOperation { client, since } => {
                write!(formatter, "client {client} completes another operation than it invoked in line {since}")
            }
        }
    }
}

/// Reads a history of a register.
///
/// ```
/// use consensus_playground::check::formats::read_register;
///
/// let log = b"INFO jepsen.util - 0 :invoke :read nil\nINFO jepsen.util - 0 :ok :read nil\n";
/// assert_eq!(read_register(log).expect("the log is sound").operations.len(), 1);
///
/// let error = read_register(b"INFO jepsen.util - 0 :ok :read nil\n").expect_err("nothing was invoked");
/// assert_eq!(error.to_string(), "line 1: client 0 completes an operation that it did not invoke");
/// ```
///
/// # Errors
///
/// The first thing that is wrong with the file, and its line.
pub fn read_register(bytes: &[u8]) -> Result<HistoryFile<RegisterCommand, RegisterResult>, HistoryError> {
    let (format, events) = read_events(bytes)?;
    Ok(HistoryFile { format, operations: pair::<RegisterWords>(&events)? })
}

/// Reads a history of a key-value store.
///
/// # Errors
///
/// The first thing that is wrong with the file, and its line.
pub fn read_kv(bytes: &[u8]) -> Result<HistoryFile<KvCommand, KvResult>, HistoryError> {
    let (format, events) = read_events(bytes)?;
    Ok(HistoryFile { format, operations: pair::<KvWords>(&events)? })
}

/// The events of a file, and its format.
fn read_events(bytes: &[u8]) -> Result<(Format, Vec<Event>), HistoryError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(HistoryError { line: None, problem: Problem::FileTooLong });
    }
    let mut format = None;
    let mut events = Vec::new();
    for (line, bytes) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
        let at = |problem| HistoryError { line: Some(line), problem };
        if bytes.len() > LINE_BYTES_MAX {
            return Err(at(Problem::LineTooLong));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| at(Problem::NotUtf8))?.trim();
        if text.is_empty() {
            continue;
        }
        let format = match format {
            Some(format) => format,
            None => *format.insert(detect(text).ok_or_else(|| at(Problem::UnknownFormat))?),
        };
        let event = match format {
            Format::Jepsen => jepsen::event(text),
            Format::Porcupine => porcupine::event(text).map(Some),
            Format::JsonLines => json::event(text).map(Some),
        };
        if let Some(event) = event.map_err(at)? {
            if events.len() == EVENTS_MAX {
                return Err(at(Problem::TooManyEvents));
            }
            events.push(Event { line, ..event });
        }
    }
    match format {
        Some(format) if !events.is_empty() => Ok((format, events)),
        _ => Err(HistoryError { line: None, problem: Problem::Empty }),
    }
}

/// The format of a file that begins with this line.
fn detect(line: &str) -> Option<Format> {
    match line.strip_prefix('{') {
        Some(rest) if rest.trim_start().starts_with(':') => Some(Format::Porcupine),
        Some(_) => Some(Format::JsonLines),
        None => jepsen::is_log_line(line).then_some(Format::Jepsen),
    }
}
