//! What an operation found, and what it wrote.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use crate::check::model::{
    Access, Independent, Keyed, Kv, KvCommand, KvResult, Readable, Register, RegisterCommand, RegisterResult,
};

/// What an operation says of the content that it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finds<V> {
    /// Nothing.
    Nothing,
    /// It was one of these.
    OneOf(Vec<V>),
    /// It was none of these.
    NoneOf(Vec<V>),
}

/// What an operation found, and what it wrote, if anything: both at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect<V> {
    /// What it found.
    pub finds: Finds<V>,
    /// What it put there.
    pub writes: Option<V>,
}

/// An object that is read and written whole, whose operations say what they found and wrote, refusals among them.
pub trait Observed: Readable {
    /// What an operation found and wrote; of unknown outcome, what it found and wrote if it took effect. `None` if it
    /// changes a part of what is there, as an append does.
    fn effect(&self, command: &Self::Command, result: Option<&Self::Result>) -> Option<Effect<Self::Content>>;
}

fn of_access<V>(access: Access<V>) -> Effect<V> {
    match access {
        Access::Nothing => Effect { finds: Finds::Nothing, writes: None },
        Access::Found(content) => Effect { finds: Finds::OneOf(vec![content]), writes: None },
        Access::Wrote(content) => Effect { finds: Finds::Nothing, writes: Some(content) },
        Access::Replaced(from, to) => Effect { finds: Finds::OneOf(vec![from]), writes: Some(to) },
    }
}

impl<V: Clone + Eq + Ord + Hash + fmt::Display> Observed for Register<V> {
    fn effect(&self, command: &RegisterCommand<V>, result: Option<&RegisterResult<V>>) -> Option<Effect<Option<V>>> {
        if let (RegisterCommand::Cas { from, .. }, Some(RegisterResult::Mismatch)) = (command, result) {
            return Some(Effect { finds: Finds::NoneOf(vec![from.clone()]), writes: None });
        }
        self.access(command, result).map(of_access)
    }
}

impl<M: Observed> Observed for Independent<M> {
    fn effect(&self, command: &Keyed<M::Command>, result: Option<&M::Result>) -> Option<Effect<M::Content>> {
        self.model().effect(&command.command, result)
    }
}

impl Observed for Kv {
    fn effect(&self, command: &KvCommand, result: Option<&KvResult>) -> Option<Effect<Option<Arc<str>>>> {
        // What a put of it would leave there: an empty value may be told like a missing key.
        let content = |key: &Arc<str>, value: &Option<Arc<str>>| {
            let value = value.clone()?;
            match self.access(&KvCommand::Put { key: key.clone(), value }, None) {
                Some(Access::Wrote(content)) => content,
                _ => None,
            }
        };
        let refused = matches!(result, Some(KvResult::Mismatch));
        match (command, result) {
            (KvCommand::Cas { key, from, .. }, _) if refused => {
                Some(Effect { finds: Finds::NoneOf(vec![content(key, from)]), writes: None })
            }
            (KvCommand::CasOrCreate { key, from, .. }, _) if refused => {
                let contents = vec![None, content(key, &Some(from.clone()))];
                Some(Effect { finds: Finds::NoneOf(contents), writes: None })
            }
            (KvCommand::CasOrCreate { key, .. }, Some(KvResult::Found(told))) => {
                Some(Effect { finds: Finds::OneOf(vec![content(key, told)]), writes: None })
            }
            (KvCommand::CasOrCreate { key, from, to }, Some(KvResult::Swapped) | None) => Some(Effect {
                finds: Finds::OneOf(vec![None, content(key, &Some(from.clone()))]),
                writes: Some(content(key, &Some(to.clone()))),
            }),
            _ => self.access(command, result).map(of_access),
        }
    }
}
