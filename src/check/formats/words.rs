//! How commands and results of the two models are spelled in events.

use std::sync::Arc;

use super::Problem;
use super::event::{Content, Event, Phase, Words};
use crate::check::model::{KvCommand, KvResult, RegisterCommand, RegisterResult};

/// `read`, `write` and `cas` of integers.
pub(super) struct RegisterWords;

/// `get`, `put`, `append`, `delete` and `cas` of strings under keys.
pub(super) struct KvWords;

impl Words for RegisterWords {
    type Command = RegisterCommand;
    type Result = RegisterResult;

    fn command(event: &Event) -> Result<RegisterCommand, Problem> {
        if event.key.is_some() {
            return Err(Problem::Field("a register has no \"key\"".to_string()));
        }
        let command = match event.name.as_str() {
            "read" => RegisterCommand::Read,
            "write" => RegisterCommand::Write(written(&event.value, "value")?),
            "cas" => RegisterCommand::Cas { from: integer(&event.from, "from")?, to: written(&event.to, "to")? },
            name => return Err(Problem::UnknownOperation(name.to_string())),
        };
        let is_cas = matches!(command, RegisterCommand::Cas { .. });
        allow_only(event, matches!(command, RegisterCommand::Write(_)), is_cas)?;
        Ok(command)
    }

    fn result(command: &RegisterCommand, event: &Event) -> Result<Option<RegisterResult>, Problem> {
        Ok(match (command, event.phase == Phase::Ok) {
            (RegisterCommand::Read, true) => Some(RegisterResult::Value(integer(&event.value, "value")?)),
            (RegisterCommand::Write(_), true) => Some(RegisterResult::Written),
            (RegisterCommand::Cas { .. }, true) => Some(RegisterResult::Swapped),
            (RegisterCommand::Cas { .. }, false) => Some(RegisterResult::Mismatch),
            (_, false) => None,
        })
    }

    fn restates(command: &RegisterCommand, event: &Event) -> bool {
        let same = |content: &Content, value: Option<i64>| match content {
            Content::Absent => true,
            content => integer(content, "").is_ok_and(|restated| restated == value),
        };
        let unchanged = match *command {
            RegisterCommand::Read => are_nothing(&[&event.from, &event.to]),
            RegisterCommand::Write(value) => same(&event.value, Some(value)) && are_nothing(&[&event.from, &event.to]),
            RegisterCommand::Cas { from, to } => same(&event.from, from) && same(&event.to, Some(to)) && are_nothing(&[&event.value]),
        };
        unchanged && event.key.is_none()
    }
}

impl Words for KvWords {
    type Command = KvCommand;
    type Result = KvResult;

    fn command(event: &Event) -> Result<KvCommand, Problem> {
        let key = || match &event.key {
            Some(key) => Ok(key.clone()),
            None => Err(Problem::Field("\"key\" is missing".to_string())),
        };
        let command = match event.name.as_str() {
            "get" => KvCommand::Get { key: key()? },
            "put" => KvCommand::Put { key: key()?, value: stored(&event.value, "value")? },
            "append" => KvCommand::Append { key: key()?, value: stored(&event.value, "value")? },
            "delete" => KvCommand::Delete { key: key()? },
            "cas" => KvCommand::Cas { key: key()?, from: text(&event.from, "from")?, to: stored(&event.to, "to")? },
            name => return Err(Problem::UnknownOperation(name.to_string())),
        };
        let has_value = matches!(command, KvCommand::Put { .. } | KvCommand::Append { .. });
        allow_only(event, has_value, matches!(command, KvCommand::Cas { .. }))?;
        Ok(command)
    }

    fn result(command: &KvCommand, event: &Event) -> Result<Option<KvResult>, Problem> {
        Ok(match (command, event.phase == Phase::Ok) {
            (KvCommand::Get { .. }, true) => Some(KvResult::Value(text(&event.value, "value")?)),
            (KvCommand::Cas { .. }, true) => Some(KvResult::Swapped),
            (KvCommand::Cas { .. }, false) => Some(match &event.value {
                Content::Absent => KvResult::Mismatch,
                told => KvResult::Found(text(told, "value")?),
            }),
            (_, true) => Some(KvResult::Done),
            (_, false) => None,
        })
    }

    fn restates(command: &KvCommand, event: &Event) -> bool {
        let same = |content: &Content, value: Option<&Arc<str>>| match content {
            Content::Absent => true,
            content => text(content, "").is_ok_and(|restated| restated.as_ref() == value),
        };
        let unchanged = match command {
            KvCommand::Get { .. } => are_nothing(&[&event.from, &event.to]),
            KvCommand::Put { value, .. } | KvCommand::Append { value, .. } => {
                same(&event.value, Some(value)) && are_nothing(&[&event.from, &event.to])
            }
            KvCommand::Delete { .. } => are_nothing(&[&event.value, &event.from, &event.to]),
            // These lines have no word for it.
            KvCommand::CasOrCreate { .. } => false,
            KvCommand::Cas { from, to, .. } => {
                let may_tell = event.phase == Phase::Fail || are_nothing(&[&event.value]);
                same(&event.from, from.as_ref()) && same(&event.to, Some(to)) && may_tell
            }
        };
        unchanged && event.key.as_ref().is_none_or(|key| key == command.key())
    }
}

/// Whether none of the fields says anything.
fn are_nothing(fields: &[&Content]) -> bool {
    fields.iter().all(|content| matches!(content, Content::Absent | Content::Nil))
}

/// Refuses fields that an invocation has no use for. Jepsen and Porcupine write a nil value where there is none.
fn allow_only(event: &Event, value: bool, from_and_to: bool) -> Result<(), Problem> {
    let superfluous = if !value && !are_nothing(&[&event.value]) {
        "value"
    } else if !from_and_to && !are_nothing(&[&event.from]) {
        "from"
    } else if !from_and_to && !are_nothing(&[&event.to]) {
        "to"
    } else {
        return Ok(());
    };
    Err(Problem::Field(format!("an invocation of {:?} has no {superfluous:?}", event.name)))
}

/// The content of a register, which may be nil.
fn integer(content: &Content, field: &str) -> Result<Option<i64>, Problem> {
    match content {
        Content::Integer(value) => Ok(Some(*value)),
        Content::Nil => Ok(None),
        Content::Absent => Err(Problem::Field(format!("{field:?} is missing"))),
        Content::Text(_) => Err(Problem::Field(format!("{field:?} is not an integer"))),
    }
}

/// What is written to a register.
fn written(content: &Content, field: &str) -> Result<i64, Problem> {
    integer(content, field)?.ok_or_else(|| Problem::Field(format!("{field:?} is nothing")))
}

/// A value of the store, which may be nil where the key is not there.
fn text(content: &Content, field: &str) -> Result<Option<Arc<str>>, Problem> {
    match content {
        Content::Text(value) => Ok(Some(value.clone())),
        Content::Nil => Ok(None),
        Content::Absent => Err(Problem::Field(format!("{field:?} is missing"))),
        Content::Integer(_) => Err(Problem::Field(format!("{field:?} is not a string"))),
    }
}

/// What is put into the store.
fn stored(content: &Content, field: &str) -> Result<Arc<str>, Problem> {
    text(content, field)?.ok_or_else(|| Problem::Field(format!("{field:?} is nothing")))
}
