//! What Jepsen says of an operation, in a log, in its `history.txt`, or in a map.
//!
//! ```text
//! INFO  jepsen.util - 2    :invoke    :cas    [3 0]
//! 2020-05-10 09:26:55,332{GMT}  INFO  [jepsen worker 6] jepsen.util: 6   :invoke  :write  1
//! 0   :ok   :read   [5 3]
//! INFO  jepsen.util - :nemesis  :info  :start  nil
//! ```
//!
//! The columns are the process, the type of the event, the operation and its value, parted by tabs or spaces; an error
//! may follow. Lines of other loggers, lines that continue one of them, and what the nemesis does are skipped.
//!
//! | value          | what it says                                                       |
//! |----------------|--------------------------------------------------------------------|
//! | `nil`          | nothing; where a read is `:ok`, that it found nothing              |
//! | `3`, `"a"`     | what was written or read                                           |
//! | `[3 0]`        | a compare-and-set: what is expected, and what replaces it          |
//! | `[k 3]`, `[k [3 0]]` | the same, of the object with the key `k` (`jepsen.independent`)|
//! | `#{1 2}`, `[1 2]` | all that a read of a set found                                  |
//!
//! `:info` says that the outcome is not known. `:fail` says that the operation did not happen: it saw nothing, whatever
//! it expected. Two exceptions. A refused compare-and-set that says which *other* value it found has observed that
//! value. And in the logs of 2014 (those with `jepsen.util -`) a `:fail` of a compare-and-set that repeats its
//! arguments has observed that the content was not what it expected, as Porcupine reads them, and `:timed-out` in place
//! of the value leaves the outcome unknown.
//!
//! The value of an invocation of a read says nothing: Knossos puts there what will be read.

use super::Problem;
use super::edn::content_of;
use super::event::{Content, Event, Key, Phase};

/// The logger whose lines are events.
const LOGGER: &str = "jepsen.util";

/// How the lines of a log begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// `INFO jepsen.util - 0`, as in 2014.
    Old,
    /// A time, a level, a thread and `jepsen.util: 0`.
    New,
    /// With the process, as in `history.txt`.
    Bare,
}

/// How the lines of a log begin that begins with this one.
pub(super) fn detect(line: &str) -> Option<Log> {
    let mut words = line.split_whitespace();
    let (first, second) = (words.next()?, words.next().unwrap_or_default());
    let is_date = |word: &str| {
        word.len() == 10
            && word
                .bytes()
                .enumerate()
                .all(|(index, byte)| if index == 4 || index == 7 { byte == b'-' } else { byte.is_ascii_digit() })
    };
    if matches!(first, "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR") && second.starts_with("jepsen.") {
        Some(Log::Old)
    } else if is_date(first) && second.starts_with(|c: char| c.is_ascii_digit()) {
        Some(Log::New)
    } else if (is_number(first) || first == ":nemesis") && second.strip_prefix(':').and_then(Phase::of_jepsen).is_some()
    {
        Some(Log::Bare)
    } else {
        None
    }
}

fn is_number(word: &str) -> bool {
    word.parse::<i64>().is_ok()
}

impl Phase {
    /// What a type of Jepsen's says, without its colon.
    pub(super) fn of_jepsen(word: &str) -> Option<Phase> {
        match word {
            "invoke" => Some(Phase::Invoke),
            "ok" => Some(Phase::Ok),
            "fail" => Some(Phase::Failed),
            "info" => Some(Phase::Unknown),
            _ => None,
        }
    }
}

impl Key {
    pub(super) fn of(content: &Content) -> Option<Key> {
        match content {
            Content::Integer(number) => Some(Key::Integer(*number)),
            Content::Text(text) => Some(Key::Text(text.clone())),
            Content::Keyword(word) => Some(Key::Text(format!(":{word}").into())),
            _ => None,
        }
    }
}

/// The event of a line, `None` if it is no client's.
pub(super) fn event(text: &str, log: Log) -> Result<Option<Event>, Problem> {
    let malformed = |what: &str| Problem::Malformed(format!("not an event of {LOGGER}: {what}"));
    let rest = match log {
        Log::Old if detect(text) == Some(Log::Old) && text.split_whitespace().nth(1) != Some(LOGGER) => {
            return Ok(None);
        }
        Log::Old => text
            .strip_prefix("INFO")
            .and_then(|rest| rest.trim_start().strip_prefix(LOGGER))
            .and_then(|rest| rest.trim_start().strip_prefix('-'))
            .ok_or_else(|| malformed("it does not begin with \"INFO jepsen.util -\""))?,
        Log::New => match text.split_once(" jepsen.util: ").filter(|_| detect(text) == Some(Log::New)) {
            // What does not begin with a process is something else that the logger was told.
            Some((_, rest)) if is_number(word(rest).0) || word(rest).0 == ":nemesis" => rest,
            _ => return Ok(None),
        },
        Log::Bare => text,
    };
    let (process, rest) = word(rest);
    if process == ":nemesis" {
        return Ok(None);
    }
    let client = process.parse().map_err(|_| malformed("the process is not a number"))?;
    let (phase, rest) = word(rest);
    let (name, value) = word(rest);
    let mut phase = phase
        .strip_prefix(':')
        .and_then(Phase::of_jepsen)
        .ok_or_else(|| malformed("its type is not :invoke, :ok, :fail or :info"))?;
    let name = name.strip_prefix(':').ok_or_else(|| malformed("it names no operation"))?;
    let value = match value.trim() {
        "" => Content::Absent,
        value => content_of(value)?.0,
    };
    if log == Log::Old && phase == Phase::Failed {
        phase = match &value {
            Content::Keyword(reason) if &**reason == "timed-out" => Phase::Unknown,
            Content::Many(_) if name == "cas" => Phase::Refused,
            _ => Phase::Failed,
        };
    }
    let name = name.to_string();
    Ok(Some(Event { line: 0, client, phase, name, key: None, value, from: Content::Absent, to: Content::Absent }))
}

/// The first word of a text, and the rest.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// Parts an invocation's value into key and arguments.
pub(super) fn take_apart_invocation(event: &mut Event, reads_many: bool) -> Result<(), Problem> {
    let is_cas = event.name == "cas";
    let may_be_many = reads_many && event.name == "read";
    if let Some((key, value)) = keyed(&event.value, is_cas, may_be_many) {
        if event.key.is_some() {
            return Err(Problem::Field("it has a :key, and another in its :value".to_string()));
        }
        (event.key, event.value) = (Some(key), value);
    }
    if matches!(event.name.as_str(), "read" | "get" | "dequeue" | "acquire" | "release") {
        event.value = Content::Absent;
    }
    if is_cas {
        match std::mem::take(&mut event.value) {
            Content::Many(pair) if pair.len() == 2 => {
                let mut pair = pair.into_iter();
                (event.from, event.to) = (pair.next().unwrap_or_default(), pair.next().unwrap_or_default());
            }
            _ => return Err(Problem::Field("the value of a cas is not [expected new]".to_string())),
        }
    }
    Ok(())
}

/// The key of a value and the rest, if it is `[key value]`.
fn keyed(value: &Content, is_cas: bool, may_be_many: bool) -> Option<(Key, Content)> {
    let Content::Many(pair) = value else { return None };
    let [key, inner] = &pair[..] else { return None };
    // A pair of plain values is what a cas expects and what replaces it; and it may be all that a set holds.
    let is_inner_plain = !matches!(inner, Content::Many(_));
    if is_inner_plain && (is_cas || may_be_many && !inner.is_nothing()) {
        return None;
    }
    Some((Key::of(key)?, inner.clone()))
}

/// Parts a completion's value, knowing the invocation. Says whether it can be a completion of that.
pub(super) fn take_apart_completion(event: &mut Event, invocation: &Event) -> bool {
    if matches!(event.phase, Phase::Unknown) {
        // What stands beside an unknown outcome is a reason, or a value that means nothing.
        event.value = Content::Absent;
        return true;
    }
    let is_keyed = invocation.key.is_some() && event.key.is_none();
    if is_keyed && let Content::Many(pair) = &event.value {
        let [key, inner] = &pair[..] else { return false };
        if Key::of(key) != invocation.key {
            return false;
        }
        event.value = inner.clone();
    }
    if event.name == "cas" {
        return complete_cas(event, invocation);
    }
    if event.phase == Phase::Failed {
        // It did not happen: what else is said says nothing of the state.
        event.value = Content::Absent;
    }
    true
}

fn complete_cas(event: &mut Event, invocation: &Event) -> bool {
    match std::mem::take(&mut event.value) {
        Content::Many(pair) if pair.len() == 2 => {
            let mut pair = pair.into_iter();
            (event.from, event.to) = (pair.next().unwrap_or_default(), pair.next().unwrap_or_default());
            true
        }
        Content::Many(_) => false,
        found @ (Content::Integer(_) | Content::Text(_)) => {
            // A value other than the one that was expected was observed; the expected one says nothing.
            if event.phase == Phase::Failed && found != invocation.from {
                event.phase = Phase::Refused;
                event.value = found;
            }
            true
        }
        _ => true,
    }
}
