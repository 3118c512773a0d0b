//! How commands and results of the models are spelled in events.

use std::sync::Arc;

use super::Problem;
use super::event::{Content, Event, Phase, Words};
use crate::check::model::{
    KvCommand, KvResult, MutexCommand, MutexResult, QueueCommand, QueueResult, RegisterCommand, RegisterResult, Scalar,
    SetCommand, SetResult,
};

/// `read`, `write` and `cas` of integers or strings.
pub(super) struct RegisterWords;

/// `get`, `put`, `append`, `delete` and `cas` of strings under keys.
pub(super) struct KvWords;

/// `acquire` and `release`.
pub(super) struct MutexWords;

/// `add` and `read` of integers or strings.
pub(super) struct SetWords;

/// `enqueue` and `dequeue` of integers or strings.
pub(super) struct QueueWords;

impl Words for RegisterWords {
    type Command = RegisterCommand;
    type Result = RegisterResult;

    fn command(event: &Event) -> Result<RegisterCommand, Problem> {
        let command = match event.name.as_str() {
            "read" => RegisterCommand::Read,
            "write" => RegisterCommand::Write(present(&event.value, "value")?),
            "cas" => RegisterCommand::Cas { from: scalar(&event.from, "from")?, to: present(&event.to, "to")? },
            name => return Err(Problem::UnknownOperation(name.to_string())),
        };
        let is_cas = matches!(command, RegisterCommand::Cas { .. });
        allow_only(event, matches!(command, RegisterCommand::Write(_)), is_cas)?;
        Ok(command)
    }

    fn result(command: &RegisterCommand, event: &Event) -> Result<RegisterResult, Problem> {
        Ok(match (command, event.phase == Phase::Ok) {
            (RegisterCommand::Read, _) => RegisterResult::Value(scalar(&event.value, "value")?),
            (RegisterCommand::Write(_), _) => RegisterResult::Written,
            (RegisterCommand::Cas { .. }, true) => RegisterResult::Swapped,
            (RegisterCommand::Cas { .. }, false) => match &event.value {
                Content::Absent => RegisterResult::Mismatch,
                told => RegisterResult::Found(scalar(told, "value")?),
            },
        })
    }

    fn restates(command: &RegisterCommand, event: &Event) -> bool {
        match command {
            RegisterCommand::Read => are_nothing(&[&event.from, &event.to]),
            RegisterCommand::Write(value) => {
                is_same(&event.value, Some(value)) && are_nothing(&[&event.from, &event.to])
            }
            RegisterCommand::Cas { from, to } => {
                is_same(&event.from, from.as_ref()) && is_same(&event.to, Some(to)) && may_tell_a_value(event)
            }
        }
    }
}

impl Words for KvWords {
    type Command = KvCommand;
    type Result = KvResult;

    fn command(event: &Event) -> Result<KvCommand, Problem> {
        // The key is put in by the caller, who has it as text.
        let key: Arc<str> = match &event.key {
            Some(super::event::Key::Text(key)) => key.clone(),
            Some(super::event::Key::Integer(number)) => number.to_string().into(),
            None => return Err(Problem::Field("\"key\" is missing".to_string())),
        };
        let command = match event.name.as_str() {
            "get" => KvCommand::Get { key },
            "put" => KvCommand::Put { key, value: stored(&event.value, "value")? },
            "append" => KvCommand::Append { key, value: stored(&event.value, "value")? },
            "delete" => KvCommand::Delete { key },
            "cas" => KvCommand::Cas { key, from: text(&event.from, "from")?, to: stored(&event.to, "to")? },
            name => return Err(Problem::UnknownOperation(name.to_string())),
        };
        let has_value = matches!(command, KvCommand::Put { .. } | KvCommand::Append { .. });
        allow_only(event, has_value, matches!(command, KvCommand::Cas { .. }))?;
        Ok(command)
    }

    fn result(command: &KvCommand, event: &Event) -> Result<KvResult, Problem> {
        Ok(match (command, event.phase == Phase::Ok) {
            (KvCommand::Get { .. }, _) => KvResult::Value(text(&event.value, "value")?),
            (KvCommand::Cas { .. }, true) => KvResult::Swapped,
            (KvCommand::Cas { .. }, false) => match &event.value {
                Content::Absent => KvResult::Mismatch,
                told => KvResult::Found(text(told, "value")?),
            },
            _ => KvResult::Done,
        })
    }

    fn restates(command: &KvCommand, event: &Event) -> bool {
        let is_same = |content: &Content, value: Option<&Arc<str>>| match content {
            Content::Absent => true,
            content => text(content, "").is_ok_and(|restated| restated.as_ref() == value),
        };
        match command {
            KvCommand::Get { .. } => are_nothing(&[&event.from, &event.to]),
            KvCommand::Put { value, .. } | KvCommand::Append { value, .. } => {
                is_same(&event.value, Some(value)) && are_nothing(&[&event.from, &event.to])
            }
            KvCommand::Delete { .. } => are_nothing(&[&event.value, &event.from, &event.to]),
            // These lines have no word for it.
            KvCommand::CasOrCreate { .. } => false,
            KvCommand::Cas { from, to, .. } => {
                is_same(&event.from, from.as_ref()) && is_same(&event.to, Some(to)) && may_tell_a_value(event)
            }
        }
    }
}

impl Words for MutexWords {
    type Command = MutexCommand;
    type Result = MutexResult;

    fn command(event: &Event) -> Result<MutexCommand, Problem> {
        allow_only(event, false, false)?;
        match event.name.as_str() {
            "acquire" => Ok(MutexCommand::Acquire),
            "release" => Ok(MutexCommand::Release),
            name => Err(Problem::UnknownOperation(name.to_string())),
        }
    }

    fn result(_: &MutexCommand, _: &Event) -> Result<MutexResult, Problem> {
        Ok(MutexResult::Done)
    }

    fn restates(_: &MutexCommand, event: &Event) -> bool {
        are_nothing(&[&event.from, &event.to])
    }
}

impl Words for SetWords {
    type Command = SetCommand;
    type Result = SetResult;

    const READS_MANY: bool = true;

    fn command(event: &Event) -> Result<SetCommand, Problem> {
        let command = match event.name.as_str() {
            "add" => SetCommand::Add(present(&event.value, "value")?),
            "read" => SetCommand::Read,
            name => return Err(Problem::UnknownOperation(name.to_string())),
        };
        allow_only(event, matches!(command, SetCommand::Add(_)), false)?;
        Ok(command)
    }

    fn result(command: &SetCommand, event: &Event) -> Result<SetResult, Problem> {
        let SetCommand::Read = command else { return Ok(SetResult::Added) };
        let Content::Many(elements) = &event.value else {
            return Err(Problem::Field("\"value\" is not all that the set holds".to_string()));
        };
        elements.iter().map(|element| present(element, "value")).collect::<Result<_, _>>().map(SetResult::Content)
    }

    fn restates(command: &SetCommand, event: &Event) -> bool {
        let is_restated = if let SetCommand::Add(value) = command { is_same(&event.value, Some(value)) } else { true };
        is_restated && are_nothing(&[&event.from, &event.to])
    }
}

impl Words for QueueWords {
    type Command = QueueCommand;
    type Result = QueueResult;

    fn command(event: &Event) -> Result<QueueCommand, Problem> {
        let command = match event.name.as_str() {
            "enqueue" => QueueCommand::Enqueue(present(&event.value, "value")?),
            "dequeue" => QueueCommand::Dequeue,
            name => return Err(Problem::UnknownOperation(name.to_string())),
        };
        allow_only(event, matches!(command, QueueCommand::Enqueue(_)), false)?;
        Ok(command)
    }

    fn result(command: &QueueCommand, event: &Event) -> Result<QueueResult, Problem> {
        match command {
            QueueCommand::Enqueue(_) => Ok(QueueResult::Enqueued),
            QueueCommand::Dequeue => Ok(QueueResult::Dequeued(scalar(&event.value, "value")?)),
        }
    }

    fn restates(command: &QueueCommand, event: &Event) -> bool {
        let is_restated =
            if let QueueCommand::Enqueue(value) = command { is_same(&event.value, Some(value)) } else { true };
        is_restated && are_nothing(&[&event.from, &event.to])
    }
}

/// Whether none of the fields says anything.
fn are_nothing(fields: &[&Content]) -> bool {
    fields.iter().all(|content| content.is_nothing())
}

/// Whether a field repeats a value, or is not there.
fn is_same(content: &Content, value: Option<&Scalar>) -> bool {
    match content {
        Content::Absent => true,
        content => scalar(content, "").is_ok_and(|restated| restated.as_ref() == value),
    }
}

/// Only a refused compare-and-set says what it found.
fn may_tell_a_value(event: &Event) -> bool {
    event.phase == Phase::Refused || event.value.is_nothing()
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
fn scalar(content: &Content, field: &str) -> Result<Option<Scalar>, Problem> {
    match content {
        Content::Nil => Ok(None),
        Content::Absent => Err(Problem::Field(format!("{field:?} is missing"))),
        other => match other.scalar() {
            Some(value) => Ok(Some(value)),
            None => Err(Problem::Field(format!("{field:?} is neither an integer nor a string"))),
        },
    }
}

/// A value, which may not be nil.
fn present(content: &Content, field: &str) -> Result<Scalar, Problem> {
    scalar(content, field)?.ok_or_else(|| Problem::Field(format!("{field:?} is nothing")))
}

/// A value of the store, which may be nil where the key is not there.
fn text(content: &Content, field: &str) -> Result<Option<Arc<str>>, Problem> {
    match content {
        Content::Text(value) => Ok(Some(value.clone())),
        Content::Nil => Ok(None),
        Content::Absent => Err(Problem::Field(format!("{field:?} is missing"))),
        _ => Err(Problem::Field(format!("{field:?} is not a string"))),
    }
}

/// What is put into the store.
fn stored(content: &Content, field: &str) -> Result<Arc<str>, Problem> {
    text(content, field)?.ok_or_else(|| Problem::Field(format!("{field:?} is nothing")))
}
