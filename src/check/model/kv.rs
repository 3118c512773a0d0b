//! A store of strings under string keys.

mod appended;
mod state;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::register::never_written;
use super::{Access, Model, Readable, Told, quoted, shortened};
use crate::kv;
pub use state::KvState;
use state::{Held, Text};

/// A store of strings under string keys, empty at first.
///
/// ```
/// use consensus_playground::check::model::{Kv, KvCommand, KvResult, Model};
///
/// let kv = Kv::default();
/// let put = KvCommand::Put { key: "lock".into(), value: "n1".into() };
/// let held = kv.step(&kv.initial(), &put, Some(&KvResult::Done)).expect("a put is always possible");
/// let get = KvCommand::Get { key: "lock".into() };
/// assert!(kv.step(&held, &get, Some(&KvResult::Value(Some("n1".into())))).is_some());
/// assert!(kv.step(&held, &get, Some(&KvResult::Value(None))).is_none());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Kv {
    /// What a get answers for a key that is not there.
    missing: Missing,
    /// The values that a history looks for, if the store is one for that history alone.
    sought: Option<Arc<BTreeMap<Arc<str>, Sought>>>,
}

/// The values that a history looks for under one key.
#[derive(Debug, Default)]
struct Sought {
    /// In order, each once.
    values: Vec<Arc<str>>,
    /// Whether there are appends, which make of a value's beginning the value.
    is_appended: bool,
}

impl Sought {
    /// Whether an operation can tell that this is there, now or after appends.
    fn matters(&self, text: &str) -> bool {
        // The first that is not less begins with the text, if any does.
        let next = self.values.partition_point(|value| &**value < text);
        self.values
            .get(next)
            .is_some_and(|value| if self.is_appended { value.starts_with(text) } else { &**value == text })
    }
}

/// How a store tells that a key is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// A get answers `None`, which differs from an empty string.
    #[default]
    IsNone,
    /// A get answers the empty string, as in Porcupine's histories: there is no telling the two apart.
    IsEmpty,
}

/// What a client asks of a [`Kv`] store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KvCommand {
    /// What is stored under the key?
    Get {
        /// The key.
        key: Arc<str>,
    },
    /// Store this under the key, whatever was there.
    Put {
        /// The key.
        key: Arc<str>,
        /// The new value.
        value: Arc<str>,
    },
    /// Put this after what is stored under the key; a missing key counts as empty.
    Append {
        /// The key.
        key: Arc<str>,
        /// What is added at the end.
        value: Arc<str>,
    },
    /// Forget the key.
    Delete {
        /// The key.
        key: Arc<str>,
    },
    /// Store `to` if the key holds `from`, or do nothing.
    Cas {
        /// The key.
        key: Arc<str>,
        /// The value that is expected (`None`: the key is not there).
        from: Option<Arc<str>>,
        /// The value that replaces it.
        to: Arc<str>,
    },
    /// Store `to` if the key holds `from` or is not there, or do nothing.
    CasOrCreate {
        /// The key.
        key: Arc<str>,
        /// The value that is expected if the key is there.
        from: Arc<str>,
        /// The value that replaces it.
        to: Arc<str>,
    },
}

/// What a [`Kv`] store answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KvResult {
    /// A get: the value, or `None` if the key is not there.
    Value(Option<Arc<str>>),
    /// A put, an append or a delete was done. A delete of a missing key is done too.
    Done,
    /// A compare-and-set found what it expected, and replaced it.
    Swapped,
    /// A compare-and-set found something else: an observation that the value was not `from`.
    Mismatch,
    /// A compare-and-set found something else, and says what it found.
    Found(Option<Arc<str>>),
}

impl From<kv::Command> for KvCommand {
    fn from(command: kv::Command) -> KvCommand {
        match command {
            kv::Command::Get { key } => KvCommand::Get { key },
            kv::Command::Put { key, value } => KvCommand::Put { key, value },
            kv::Command::Delete { key } => KvCommand::Delete { key },
            kv::Command::Cas { key, expected, new } => KvCommand::Cas { key, from: expected, to: new },
            kv::Command::CasOrCreate { key, expected, new } => KvCommand::CasOrCreate { key, from: expected, to: new },
        }
    }
}

impl From<kv::Answer> for KvResult {
    fn from(answer: kv::Answer) -> KvResult {
        match answer {
            kv::Answer::Value(value) => KvResult::Value(value),
            kv::Answer::Done => KvResult::Done,
            kv::Answer::Swapped => KvResult::Swapped,
            kv::Answer::Mismatch { found } => KvResult::Found(found),
        }
    }
}

impl KvCommand {
    /// The key that the command touches.
    pub fn key(&self) -> &Arc<str> {
        match self {
            KvCommand::Get { key }
            | KvCommand::Put { key, .. }
            | KvCommand::Append { key, .. }
            | KvCommand::Delete { key }
            | KvCommand::Cas { key, .. }
            | KvCommand::CasOrCreate { key, .. } => key,
        }
    }
}

impl Kv {
    /// A store that tells missing keys so.
    pub fn new(missing: Missing) -> Kv {
        Kv { missing, sought: None }
    }

    /// Whether a compare-and-set replaces what is held.
    fn fits(&self, command: &KvCommand, held: Option<&Held>) -> bool {
        match command {
            KvCommand::Cas { from, .. } => self.agrees(held, from.as_deref()),
            KvCommand::CasOrCreate { from, .. } => held.is_none() || self.agrees(held, Some(from)),
            _ => false,
        }
    }

    /// Whether a client that was told `told` may have seen `held`.
    fn agrees(&self, held: Option<&Held>, told: Option<&str>) -> bool {
        let held = match held {
            None => None,
            Some(Held::This(text)) => Some(&*text.text),
            Some(Held::Unsought) => return false,
        };
        match self.missing {
            Missing::IsNone => held == told,
            Missing::IsEmpty => held.unwrap_or("") == told.unwrap_or(""),
        }
    }

    /// A value as the store keeps it.
    fn keep(&self, key: &str, value: Arc<str>) -> Held {
        let matters =
            self.sought.as_ref().is_none_or(|sought| sought.get(key).is_some_and(|sought| sought.matters(&value)));
        if matters { Held::This(Text::new(value)) } else { Held::Unsought }
    }

    fn append(&self, held: Option<&Held>, key: &str, value: &Arc<str>) -> Held {
        match held {
            None => self.keep(key, value.clone()),
            Some(Held::This(text)) => self.keep(key, [&*text.text, value].concat().into()),
            // What does not begin a value that is looked for begins none when it is longer.
            Some(Held::Unsought) => Held::Unsought,
        }
    }
}

/// What an operation was told of a value, or looks for.
fn looked_for<'a>((command, result): &Told<'a, Kv>) -> [Option<&'a Arc<str>>; 2] {
    let expected = match command {
        KvCommand::Cas { from, .. } => from.as_ref(),
        KvCommand::CasOrCreate { from, .. } => Some(from),
        _ => None,
    };
    let told = if let Some(KvResult::Value(told) | KvResult::Found(told)) = result { told.as_ref() } else { None };
    [expected, told]
}

impl Model for Kv {
    type State = KvState;
    type Command = KvCommand;
    type Result = KvResult;

    fn initial(&self) -> KvState {
        KvState::default()
    }

    fn step(&self, state: &KvState, command: &KvCommand, result: Option<&KvResult>) -> Option<KvState> {
        let held = state.held(command.key());
        let possible = match (command, result) {
            (_, None) => true,
            (KvCommand::Get { .. }, Some(KvResult::Value(told))) => self.agrees(held, told.as_deref()),
            (KvCommand::Put { .. } | KvCommand::Append { .. } | KvCommand::Delete { .. }, Some(KvResult::Done)) => true,
            (KvCommand::Cas { .. } | KvCommand::CasOrCreate { .. }, Some(KvResult::Swapped)) => {
                self.fits(command, held)
            }
            (KvCommand::Cas { .. } | KvCommand::CasOrCreate { .. }, Some(KvResult::Mismatch)) => {
                !self.fits(command, held)
            }
            (KvCommand::Cas { .. } | KvCommand::CasOrCreate { .. }, Some(KvResult::Found(told))) => {
                !self.fits(command, held) && self.agrees(held, told.as_deref())
            }
            _ => false,
        };
        possible.then(|| match command {
            KvCommand::Get { .. } => state.clone(),
            KvCommand::Put { key, value } => state.with(key, self.keep(key, value.clone())),
            KvCommand::Append { key, value } => state.with(key, self.append(held, key, value)),
            KvCommand::Delete { key } => state.without(key),
            KvCommand::Cas { key, to, .. } | KvCommand::CasOrCreate { key, to, .. } if self.fits(command, held) => {
                state.with(key, self.keep(key, to.clone()))
            }
            KvCommand::Cas { .. } | KvCommand::CasOrCreate { .. } => state.clone(),
        })
    }

    fn only_observes(&self, command: &KvCommand, result: Option<&KvResult>) -> bool {
        matches!(command, KvCommand::Get { .. }) || matches!(result, Some(KvResult::Mismatch | KvResult::Found(_)))
    }

    fn for_history(&self, operations: &[Told<'_, Self>]) -> Kv {
        let mut sought: BTreeMap<Arc<str>, Sought> = BTreeMap::new();
        for operation in operations {
            if !sought.contains_key(operation.0.key()) {
                sought.insert(operation.0.key().clone(), Sought::default());
            }
            let Some(of_key) = sought.get_mut(operation.0.key()) else { continue };
            of_key.is_appended |= matches!(operation.0, KvCommand::Append { .. });
            of_key.values.extend(looked_for(operation).into_iter().flatten().cloned());
        }
        for of_key in sought.values_mut() {
            of_key.values.sort_unstable();
            of_key.values.dedup();
        }
        Kv { missing: self.missing, sought: Some(Arc::new(sought)) }
    }

    fn unseen(&self, operations: &[Told<'_, Self>]) -> Vec<bool> {
        let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut appended: BTreeSet<&str> = BTreeSet::new();
        for operation in operations {
            let key: &str = operation.0.key();
            // What an append makes of a value may be seen although the value itself is not.
            if matches!(operation.0, KvCommand::Append { .. }) {
                appended.insert(key);
            }
            seen.extend(looked_for(operation).into_iter().flatten().map(|value| (key, &**value)));
        }
        let is_unseen = |command: &KvCommand| match command {
            // An empty value may be told like a missing key.
            KvCommand::Put { key, value } => {
                !value.is_empty() && !seen.contains(&(&**key, &**value)) && !appended.contains(&**key)
            }
            _ => false,
        };
        operations.iter().map(|(command, _)| is_unseen(command)).collect()
    }

    fn unexplained(&self, operations: &[Told<'_, Self>], began_before: &[usize]) -> Vec<bool> {
        if operations.iter().any(|(command, _)| matches!(command, KvCommand::CasOrCreate { .. })) {
            // What one of these replaced is not known: the search decides.
            return vec![false; operations.len()];
        }
        if operations.iter().any(|(command, _)| matches!(command, KvCommand::Append { .. })) {
            return appended::unexplained(operations, began_before);
        }
        let mut unexplained = never_written(self, operations, began_before);
        // An empty value may be a missing key.
        for (index, operation) in operations.iter().enumerate() {
            unexplained[index] &= looked_for(operation).into_iter().flatten().all(|value| !value.is_empty());
        }
        unexplained
    }

    fn key(&self, command: &KvCommand) -> Option<Arc<str>> {
        Some(command.key().clone())
    }

    fn found(&self, state: &KvState, command: &KvCommand) -> String {
        match (state.held(command.key()), self.missing) {
            (Some(Held::This(text)), _) => quoted(Some(&text.text)),
            (Some(Held::Unsought), _) => "something else".to_string(),
            (None, Missing::IsNone) => quoted(None),
            (None, Missing::IsEmpty) => quoted(Some("")),
        }
    }

    fn describe(&self, command: &KvCommand, result: Option<&KvResult>) -> String {
        let shown = |text: &str| shortened(&quoted(Some(text)));
        let asked = match command {
            KvCommand::Get { key } => format!("get of {}", shown(key)),
            KvCommand::Put { key, value } => {
                format!("put of {} under {}", shown(value), shown(key))
            }
            KvCommand::Append { key, value } => {
                format!("append of {} to {}", shown(value), shown(key))
            }
            KvCommand::Delete { key } => format!("delete of {}", shown(key)),
            KvCommand::Cas { key, from, to } => {
                let from = shortened(&quoted(from.as_deref()));
                format!("cas of {} from {from} to {}", shown(key), shown(to))
            }
            KvCommand::CasOrCreate { key, from, to } => {
                format!("cas of {} from {} or nothing to {}", shown(key), shown(from), shown(to))
            }
        };
        match result {
            Some(KvResult::Value(value)) => {
                format!("{asked} returned {}", shortened(&quoted(value.as_deref())))
            }
            Some(KvResult::Done) => format!("{asked} was acknowledged"),
            Some(KvResult::Swapped) => format!("{asked} succeeded"),
            Some(KvResult::Mismatch) => format!("{asked} found another value"),
            Some(KvResult::Found(value)) => format!("{asked} found {}", shortened(&quoted(value.as_deref()))),
            None => format!("{asked} had no known outcome"),
        }
    }

    fn state_bytes(&self, state: &KvState) -> u64 {
        state.bytes()
    }
}

impl Readable for Kv {
    type Content = Option<Arc<str>>;

    fn initial_content(&self) -> Option<Arc<str>> {
        None
    }

    fn access(&self, command: &KvCommand, result: Option<&KvResult>) -> Option<Access<Option<Arc<str>>>> {
        let content = |told: &Option<Arc<str>>| match self.missing {
            Missing::IsEmpty => told.clone().filter(|value| !value.is_empty()),
            Missing::IsNone => told.clone(),
        };
        match (command, result) {
            (KvCommand::Get { .. }, Some(KvResult::Value(told)))
            | (KvCommand::Cas { .. }, Some(KvResult::Found(told))) => Some(Access::Found(content(told))),
            (KvCommand::Get { .. }, None) => Some(Access::Nothing),
            (KvCommand::Put { value, .. }, _) => Some(Access::Wrote(content(&Some(value.clone())))),
            (KvCommand::Delete { .. }, _) => Some(Access::Wrote(None)),
            (KvCommand::Cas { from, to, .. }, Some(KvResult::Swapped) | None) => {
                Some(Access::Replaced(content(from), content(&Some(to.clone()))))
            }
            _ => None,
        }
    }
}
