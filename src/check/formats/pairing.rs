//! How events pair up into operations.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::event::{Event, Key, Phase, Words};
use super::jepsen;
use super::{HistoryError, Problem};
use crate::check::history::{Operation, Outcome};
use crate::check::model::Keyed;

/// Operations of a model, as its words spell them, each with the key of its object.
pub(super) type Operations<W> = Vec<Operation<Keyed<<W as Words>::Command>, <W as Words>::Result>>;

/// Pairs invocations with completions, event by event.
pub(super) struct Pairing<W: Words> {
    operations: Operations<W>,
    /// By client: the index of its open operation, and the invocation.
    open: BTreeMap<u32, (usize, Event)>,
    /// The first key, if any operation has one.
    first_key: Option<Option<Key>>,
}

impl<W: Words> Pairing<W> {
    pub(super) fn new() -> Pairing<W> {
        Pairing { operations: Vec::new(), open: BTreeMap::new(), first_key: None }
    }

    /// Takes in an event. `is_jepsen` says that its `value` is still one of Jepsen's, with key and arguments together.
    pub(super) fn push(&mut self, mut event: Event, is_jepsen: bool) -> Result<(), HistoryError> {
        let line = event.line;
        let at = |problem| HistoryError { line: Some(line), problem };
        let client = event.client;
        if event.phase == Phase::Invoke {
            if let Some((_, earlier)) = self.open.get(&client) {
                return Err(at(Problem::AlreadyOpen { client, since: earlier.line }));
            }
            if is_jepsen {
                jepsen::take_apart_invocation(&mut event, W::READS_MANY).map_err(at)?;
            }
            self.must_agree(event.key.as_ref()).map_err(at)?;
            let command = Keyed { key: event.key.as_ref().map(Key::text), command: W::command(&event).map_err(at)? };
            self.open.insert(client, (self.operations.len(), event));
            self.operations.push(Operation { client, command, invoked_at: line, outcome: Outcome::Unknown });
            return Ok(());
        }
        let Entry::Occupied(open) = self.open.entry(client) else {
            return Err(at(Problem::NoInvocation { client }));
        };
        let (index, invocation) = open.remove();
        let other = Problem::OtherOperation { client, since: invocation.line };
        if is_jepsen && !jepsen::take_apart_completion(&mut event, &invocation) {
            return Err(at(other));
        }
        let operation = &mut self.operations[index];
        let is_same_key = event.key.is_none() || event.key == invocation.key;
        if event.name != invocation.name || !is_same_key || !W::restates(&operation.command.command, &event) {
            return Err(at(other));
        }
        let completed_at = event.line;
        operation.outcome = match event.phase {
            Phase::Unknown | Phase::Invoke => Outcome::Unknown,
            Phase::Failed => Outcome::Failed { completed_at },
            Phase::Ok | Phase::Refused => {
                Outcome::Ok { completed_at, result: W::result(&operation.command.command, &event).map_err(at)? }
            }
        };
        Ok(())
    }

    /// All operations have keys of one kind, or none has: 1 and "1" are not the same key.
    fn must_agree(&mut self, key: Option<&Key>) -> Result<(), Problem> {
        let first = self.first_key.get_or_insert_with(|| key.cloned());
        match (first, key) {
            (None, None)
            | (Some(Key::Integer(_)), Some(Key::Integer(_)))
            | (Some(Key::Text(_)), Some(Key::Text(_))) => Ok(()),
            (Some(_), None) => Err(Problem::Field("the key is missing, which the operations before have".to_string())),
            (None, Some(_)) => Err(Problem::Field("it has a key, which the operations before have not".to_string())),
            _ => Err(Problem::Field("integers and strings are mixed as keys".to_string())),
        }
    }

    pub(super) fn finish(self) -> Operations<W> {
        self.operations
    }
}
