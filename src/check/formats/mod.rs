//! History files: what the `check` command reads.
//!
//! The formats are told apart by their first line.
//!
//! | format                       | a line                                                                         |
//! |------------------------------|--------------------------------------------------------------------------------|
//! | [EDN](edn): Jepsen's and Knossos' histories | `{:process 3, :type :ok, :f :cas, :value [1 4], :time 52}`      |
//! | [EDN](edn): Porcupine's store | `{:process 3, :type :ok, :f :get, :key "a", :value "1"}`                      |
//! | [Jepsen's log of 2014](jepsen) | `INFO  jepsen.util - 3  :invoke  :cas  [1 4]`                                |
//! | [Jepsen's log](jepsen)       | `2020-05-10 09:26:55,332{GMT} INFO [jepsen worker 6] jepsen.util: 6 :ok :write 1` |
//! | [Jepsen's history.txt](jepsen) | `3  :invoke  :cas  [1 4]`                                                    |
//! | [JSON lines](json), our own  | `{"client": 3, "type": "invoke", "op": "put", "key": "a", "value": "1"}`       |
//!
//! In all of them the order of the events is their order in the file, and a position in the history is the number of
//! the line on which an event begins. An operation that never completes has an unknown outcome, and so has one whose
//! completion says so.
//!
//! What *was observed*, what *did not happen* and what *is not known* are three things. An operation that did not
//! happen is left out; one of unknown outcome may take effect at any later time, or never; and only what was observed
//! says something of the state.

pub mod edn;
mod event;
pub mod jepsen;
pub mod json;
mod pairing;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use super::history::Operation;
use super::model::{
    Keyed, KvCommand, KvResult, Missing, MutexCommand, MutexResult, QueueCommand, QueueResult, RegisterCommand,
    RegisterResult, SetCommand, SetResult,
};
use event::{Event, Words};
use jepsen::Log;
use pairing::{Operations, Pairing};
use words::{KvWords, MutexWords, QueueWords, RegisterWords, SetWords};

/// Longer files are refused.
pub const FILE_BYTES_MAX: usize = 256 << 20;

/// Longer events are refused: lines, or maps in EDN.
pub const EVENT_BYTES_MAX: usize = 1 << 20;

/// Files with more events are refused.
pub const EVENTS_MAX: usize = 2_000_000;

/// What a history file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A log of Jepsen's, as its etcd test of 2014 wrote it.
    JepsenOld,
    /// A log of Jepsen's, or its `history.txt`.
    Jepsen,
    /// Clojure maps, as Jepsen and Knossos write them.
    Edn,
    /// Porcupine's histories of a key-value store: Clojure maps with a `:key`.
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
            Format::JepsenOld | Format::Jepsen | Format::Edn | Format::JsonLines => Missing::IsNone,
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
    /// A line, or a map, has more than [`EVENT_BYTES_MAX`] bytes.
    EventTooLong,
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
            Problem::EventTooLong => {
                write!(formatter, "the event has more than {EVENT_BYTES_MAX} bytes")
            }
            Problem::TooManyEvents => {
                write!(formatter, "the history has more than {EVENTS_MAX} events")
            }
            Problem::NotUtf8 => write!(formatter, "the line is not text in UTF-8"),
            Problem::UnknownFormat => write!(formatter, "neither a Jepsen log, nor a history in EDN, nor JSON lines"),
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
/// let map = b"{:process 0, :type :invoke, :f :write, :value [\"k\" 3], :time 52}";
/// assert_eq!(read_register(map).expect("the map is sound").operations[0].command.key.as_deref(), Some("k"));
///
/// let error = read_register(b"INFO jepsen.util - 0 :ok :read nil\n").expect_err("nothing was invoked");
/// assert_eq!(error.to_string(), "line 1: client 0 completes an operation that it did not invoke");
/// ```
///
/// # Errors
///
/// The first thing that is wrong with the file, and its line.
pub fn read_register(bytes: &[u8]) -> Result<HistoryFile<Keyed<RegisterCommand>, RegisterResult>, HistoryError> {
    read::<RegisterWords>(bytes)
}

/// Reads a history of a key-value store.
///
/// # Errors
///
/// The first thing that is wrong with the file, and its line.
pub fn read_kv(bytes: &[u8]) -> Result<HistoryFile<KvCommand, KvResult>, HistoryError> {
    let HistoryFile { format, operations } = read::<KvWords>(bytes)?;
    let plain = |Operation { client, command, invoked_at, outcome }: Operation<Keyed<KvCommand>, KvResult>| Operation {
        client,
        command: command.command,
        invoked_at,
        outcome,
    };
    Ok(HistoryFile { format, operations: operations.into_iter().map(plain).collect() })
}

/// Reads a history of a mutex.
///
/// # Errors
///
/// The first thing that is wrong with the file, and its line.
pub fn read_mutex(bytes: &[u8]) -> Result<HistoryFile<Keyed<MutexCommand>, MutexResult>, HistoryError> {
    read::<MutexWords>(bytes)
}

/// Reads a history of a set.
///
/// # Errors
///
/// The first thing that is wrong with the file, and its line.
pub fn read_set(bytes: &[u8]) -> Result<HistoryFile<Keyed<SetCommand>, SetResult>, HistoryError> {
    read::<SetWords>(bytes)
}

/// Reads a history of a queue.
///
/// # Errors
///
/// The first thing that is wrong with the file, and its line.
pub fn read_queue(bytes: &[u8]) -> Result<HistoryFile<Keyed<QueueCommand>, QueueResult>, HistoryError> {
    read::<QueueWords>(bytes)
}

/// What the first line of a file says of all.
#[derive(Clone, Copy)]
enum Shape {
    Log(Log),
    Edn,
    JsonLines,
}

fn read<W: Words>(bytes: &[u8]) -> Result<HistoryFile<Keyed<W::Command>, W::Result>, HistoryError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(HistoryError { line: None, problem: Problem::FileTooLong });
    }
    let empty = HistoryError { line: None, problem: Problem::Empty };
    let Some((line, first)) =
        (1..).zip(bytes.split(|&byte| byte == b'\n')).find(|(_, line)| !line.trim_ascii().is_empty())
    else {
        return Err(empty);
    };
    let first = text(&first[..first.len().min(EVENT_BYTES_MAX)], line)?;
    let shape = detect(first).ok_or(HistoryError { line: Some(line), problem: Problem::UnknownFormat })?;
    let (format, operations) = match shape {
        Shape::Edn => read_edn::<W>(bytes)?,
        Shape::Log(log) => {
            let format = if log == Log::Old { Format::JepsenOld } else { Format::Jepsen };
            (format, read_lines::<W>(bytes, true, |line| jepsen::event(line, log))?)
        }
        Shape::JsonLines => (Format::JsonLines, read_lines::<W>(bytes, false, |line| json::event(line).map(Some))?),
    };
    if operations.is_empty() { Err(empty) } else { Ok(HistoryFile { format, operations }) }
}

/// The format of a file that begins with this line.
fn detect(line: &str) -> Option<Shape> {
    match line.chars().next() {
        Some('{') if line[1..].trim_start().starts_with(['"', '}']) => Some(Shape::JsonLines),
        Some('{' | '[' | '(' | '#' | ';') => Some(Shape::Edn),
        _ => jepsen::detect(line).map(Shape::Log),
    }
}

/// A line as text, without the space around it. A mark of the byte order may stand before the first.
fn text(bytes: &[u8], line: u64) -> Result<&str, HistoryError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')),
        // A line that was cut short may end within a character.
        Err(error) if error.error_len().is_none() && bytes.len() == EVENT_BYTES_MAX => {
            text(&bytes[..error.valid_up_to()], line)
        }
        Err(_) => Err(HistoryError { line: Some(line), problem: Problem::NotUtf8 }),
    }
}

fn read_lines<W: Words>(
    bytes: &[u8],
    is_jepsen: bool,
    event_of: impl Fn(&str) -> Result<Option<Event>, Problem>,
) -> Result<Operations<W>, HistoryError> {
    let mut pairing = Pairing::<W>::new();
    let mut events = 0;
    for (line, bytes) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
        let at = |problem| HistoryError { line: Some(line), problem };
        if bytes.len() > EVENT_BYTES_MAX {
            return Err(at(Problem::EventTooLong));
        }
        let text = text(bytes, line)?;
        if text.is_empty() {
            continue;
        }
        if let Some(event) = event_of(text).map_err(at)? {
            count(&mut events).map_err(at)?;
            pairing.push(Event { line, ..event }, is_jepsen)?;
        }
    }
    Ok(pairing.finish())
}

fn read_edn<W: Words>(bytes: &[u8]) -> Result<(Format, Operations<W>), HistoryError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count() as u64;
        HistoryError { line: Some(line), problem: Problem::NotUtf8 }
    })?;
    let mut forms = edn::Events::new(text);
    let mut pairing = Pairing::<W>::new();
    let mut count_so_far = 0;
    let mut format = None;
    loop {
        let event = forms.next();
        let at = |problem| HistoryError { line: Some(forms.began()), problem };
        let Some(event) = event.map_err(at)? else { break };
        let Some(event) = event else { continue };
        count(&mut count_so_far).map_err(at)?;
        format.get_or_insert(if event.key.is_some() { Format::Porcupine } else { Format::Edn });
        pairing.push(event, true)?;
    }
    Ok((format.unwrap_or(Format::Edn), pairing.finish()))
}

fn count(events: &mut usize) -> Result<(), Problem> {
    *events += 1;
    if *events > EVENTS_MAX { Err(Problem::TooManyEvents) } else { Ok(()) }
}
