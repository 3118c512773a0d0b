//! Jepsen's log of a register, as in its etcd test of 2014.
//!
//! ```text
//! INFO  jepsen.util - 2    :invoke    :cas    [3 0]
//! INFO  jepsen.util - 2    :ok        :cas    [3 0]
//! ```
//!
//! The columns are the process, the type of the event, the operation and its value, parted by tabs or spaces. `:info`
//! says that the outcome is unknown, and so does `:timed-out` in place of a value. Lines of other loggers are skipped.

use super::Problem;
use super::event::{Content, Event, Phase};

/// The logger whose lines are events.
const LOGGER: &str = "jepsen.util";

/// Whether a line begins as a log's lines do: with a level and a logger of Jepsen's.
pub(super) fn is_log_line(line: &str) -> bool {
    let mut words = line.split_whitespace();
    matches!(words.next(), Some("TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR"))
        && words.next().is_some_and(|logger| logger.starts_with("jepsen."))
}

/// The event of a line, `None` if another logger wrote it.
pub(super) fn event(text: &str) -> Result<Option<Event>, Problem> {
    let malformed = |what: &str| Problem::Malformed(format!("not an event of {LOGGER}: {what}"));
    if is_log_line(text) && text.split_whitespace().nth(1) != Some(LOGGER) {
        return Ok(None);
    }
    let rest = text
        .strip_prefix("INFO")
        .and_then(|rest| rest.trim_start().strip_prefix(LOGGER))
        .and_then(|rest| rest.trim_start().strip_prefix('-'))
        .ok_or_else(|| malformed("it does not begin with \"INFO jepsen.util -\""))?;
    let (process, rest) = word(rest);
    let client = process.parse().map_err(|_| malformed("the process is not a number"))?;
    let (phase, rest) = word(rest);
    let (name, value) = word(rest);
    let value = value.trim();
    let timed_out = value == ":timed-out";
    let phase = match phase {
        ":invoke" => Phase::Invoke,
        ":ok" => Phase::Ok,
        ":fail" if timed_out => Phase::Unknown,
        ":fail" => Phase::Fail,
        ":info" => Phase::Unknown,
        _ => return Err(malformed("its type is not :invoke, :ok, :fail or :info")),
    };
    let name = name.strip_prefix(':').ok_or_else(|| malformed("it names no operation"))?;
    let mut event = Event {
        line: 0,
        client,
        phase,
        name: name.to_string(),
        key: None,
        value: Content::Absent,
        from: Content::Absent,
        to: Content::Absent,
    };
    // What follows an unknown outcome is a reason, not a value.
    if phase != Phase::Unknown {
        let content = |text| content(text).ok_or_else(|| malformed("its value is not an integer"));
        match value.strip_prefix('[').and_then(|pair| pair.strip_suffix(']')) {
            Some(pair) => {
                let (from, to) = word(pair);
                event.from = content(from)?;
                event.to = content(to.trim())?;
            }
            // A refused operation may give a reason too.
            None if phase == Phase::Fail && value.starts_with(':') => {}
            None => event.value = content(value)?,
        }
    }
    Ok(Some(event))
}

/// The first word of a text, and the rest.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

fn content(text: &str) -> Option<Content> {
    match text {
        "nil" => Some(Content::Nil),
        _ => text.parse().ok().map(Content::Integer),
    }
}
