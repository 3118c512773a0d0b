//! The events of a history file, whatever its format, and how they pair up into operations.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{HistoryError, Problem};
use crate::check::history::{Operation, Outcome};

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// The number of the line, from 1.
    pub(super) line: u64,
    pub(super) client: u32,
    pub(super) phase: Phase,
    /// The operation's name: `read`, `put`, ...
    pub(super) name: String,
    pub(super) key: Option<Arc<str>>,
    pub(super) value: Content,
    pub(super) from: Content,
    pub(super) to: Content,
}

/// Where in an operation's life an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Invoke,
    Ok,
    Fail,
    Unknown,
}

/// A field of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Content {
    #[default]
    Absent,
    Nil,
    Integer(i64),
    Text(Arc<str>),
}

/// How a model's commands and results are spelled in events.
pub(super) trait Words {
    type Command;
    type Result;

    /// The command of an invocation.
    fn command(event: &Event) -> Result<Self::Command, Problem>;

    /// The result of a completion ([`Phase::Ok`] or [`Phase::Fail`]) of `command`, `None` if it says nothing of the
    /// state.
    fn result(command: &Self::Command, event: &Event) -> Result<Option<Self::Result>, Problem>;

    /// Whether what a completion repeats of its invocation is the same there.
    fn restates(command: &Self::Command, event: &Event) -> bool;
}

/// Operations of a model, as its words spell them.
pub(super) type Operations<W> = Vec<Operation<<W as Words>::Command, <W as Words>::Result>>;

/// Pairs invocations with completions.
pub(super) fn pair<W: Words>(events: &[Event]) -> Result<Operations<W>, HistoryError> {
    let mut operations: Operations<W> = Vec::new();
    let mut open: BTreeMap<u32, (usize, &Event)> = BTreeMap::new();
    for event in events {
        let client = event.client;
        let at = |problem| HistoryError { line: Some(event.line), problem };
        if event.phase == Phase::Invoke {
            if let Some((_, earlier)) = open.insert(client, (operations.len(), event)) {
                return Err(at(Problem::AlreadyOpen { client, since: earlier.line }));
            }
            operations.push(Operation {
                client,
                command: W::command(event).map_err(at)?,
                invoked_at: event.line,
                outcome: Outcome::Unknown,
            });
            continue;
        }
        let (index, invocation) = open.remove(&client).ok_or_else(|| at(Problem::NoInvocation { client }))?;
        let operation = &mut operations[index];
        if event.name != invocation.name || !W::restates(&operation.command, event) {
            return Err(at(Problem::OtherOperation { client, since: invocation.line }));
        }
        if event.phase != Phase::Unknown {
            let completed_at = event.line;
            operation.outcome = match W::result(&operation.command, event).map_err(at)? {
                Some(result) => Outcome::Ok { completed_at, result },
                None => Outcome::Failed { completed_at },
            };
        }
    }
    Ok(operations)
}
