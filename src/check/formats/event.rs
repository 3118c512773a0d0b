//! The events of a history file, whatever its format.

use std::sync::Arc;

use super::Problem;
use crate::check::model::Scalar;

/// What a line, or a map, says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// The number of the line, from 1.
    pub(super) line: u64,
    pub(super) client: u32,
    pub(super) phase: Phase,
    /// The operation's name: `read`, `put`, ...
    pub(super) name: String,
    pub(super) key: Option<Key>,
    pub(super) value: Content,
    pub(super) from: Content,
    pub(super) to: Content,
}

/// Where in an operation's life an event stands.
///
/// Three things are kept apart: what was observed, what did not happen, and what is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Invoke,
    /// It took effect, and answered.
    Ok,
    /// A compare-and-set found another value than it expected: an observation.
    Refused,
    /// It had no effect, and saw nothing.
    Failed,
    /// Nobody knows whether it has taken effect, or ever will.
    Unknown,
}

/// Which of several objects is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Integer(i64),
    Text(Arc<str>),
}

impl Key {
    pub(super) fn text(&self) -> Arc<str> {
        match self {
            Key::Integer(number) => number.to_string().into(),
            Key::Text(text) => text.clone(),
        }
    }
}

/// A field of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Content {
    #[default]
    Absent,
    Nil,
    Integer(i64),
    Text(Arc<str>),
    /// A word of Clojure's, without its colon.
    Keyword(Arc<str>),
    /// A vector, a list or a set.
    Many(Vec<Content>),
    /// Something else.
    Other,
}

impl Content {
    /// A value that a register, a set or a queue can hold.
    pub(super) fn scalar(&self) -> Option<Scalar> {
        match self {
            Content::Integer(value) => Some(Scalar::Integer(*value)),
            Content::Text(text) => Some(Scalar::Text(text.clone())),
            _ => None,
        }
    }

    /// Whether it says nothing.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Content::Absent | Content::Nil)
    }
}

/// How a model's commands and results are spelled in events.
pub(super) trait Words {
    type Command;
    type Result;

    /// Whether what is read may have several elements.
    const READS_MANY: bool = false;

    /// The command of an invocation. Its key is seen to already.
    fn command(event: &Event) -> Result<Self::Command, Problem>;

    /// The result of a completion ([`Phase::Ok`] or [`Phase::Refused`]) of `command`.
    fn result(command: &Self::Command, event: &Event) -> Result<Self::Result, Problem>;

    /// Whether what a completion repeats of its invocation is the same there.
    fn restates(command: &Self::Command, event: &Event) -> bool;
}
