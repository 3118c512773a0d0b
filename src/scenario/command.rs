//! A client's command, as a scenario writes it.

use super::error::ScenarioError;
use crate::kv::Command;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Longest text of a key or a value.
pub const TEXT_LENGTH_MAX: usize = 4_096;

/// A client's command.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "fields whose names say what they are")]
pub enum CommandText {
    /// Reads a key.
    Get { key: String },
    /// Writes a key.
    Put { key: String, value: String },
    /// Deletes a key.
    Delete { key: String },
    /// Writes `new` if the key holds `expected` (null: nothing).
    Cas { key: String, expected: Option<String>, new: String },
    /// The same; and where there is no such key, writes `new`.
    CasOrCreate { key: String, expected: String, new: String },
}

impl CommandText {
    pub(super) fn to_command(&self) -> Result<Command, ScenarioError> {
        let text = |place: &str, text: &str| -> Result<Arc<str>, ScenarioError> {
            if text.len() > TEXT_LENGTH_MAX {
                return Err(ScenarioError::at(place, format!("at most {TEXT_LENGTH_MAX} bytes, not {}", text.len())));
            }
            Ok(text.into())
        };
        Ok(match self {
            Self::Get { key } => Command::Get { key: text("key", key)? },
            Self::Put { key, value } => Command::Put { key: text("key", key)?, value: text("value", value)? },
            Self::Delete { key } => Command::Delete { key: text("key", key)? },
            Self::Cas { key, expected, new } => Command::Cas {
                key: text("key", key)?,
                expected: expected.as_deref().map(|expected| text("expected", expected)).transpose()?,
                new: text("new", new)?,
            },
            Self::CasOrCreate { key, expected, new } => Command::CasOrCreate {
                key: text("key", key)?,
                expected: text("expected", expected)?,
                new: text("new", new)?,
            },
        })
    }

    pub(super) fn of(command: &Command) -> Self {
        match command {
            Command::Get { key } => Self::Get { key: key.to_string() },
            Command::Put { key, value } => Self::Put { key: key.to_string(), value: value.to_string() },
            Command::Delete { key } => Self::Delete { key: key.to_string() },
            Command::Cas { key, expected, new } => Self::Cas {
                key: key.to_string(),
                expected: expected.as_ref().map(ToString::to_string),
                new: new.to_string(),
            },
            Command::CasOrCreate { key, expected, new } => {
                Self::CasOrCreate { key: key.to_string(), expected: expected.to_string(), new: new.to_string() }
            }
        }
    }
}
