//! A register with compare-and-set, as Jepsen's etcd test has one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use super::{Access, Model, Readable, Scalar, Told, shortened};

/// A register that holds one value.
#[derive(Clone, Debug)]
pub struct Register<V = Scalar> {
    /// What it holds at first.
    initial: Option<V>,
    /// The contents that a history looks for, if the register is one for that history alone.
    sought: Option<Arc<BTreeSet<Option<V>>>>,
}

impl<V> Register<V> {
    /// A register that holds this at first.
    pub fn new(initial: Option<V>) -> Register<V> {
        Register { initial, sought: None }
    }
}

impl<V> Default for Register<V> {
    fn default() -> Register<V> {
        Register::new(None)
    }
}

/// What a client asks of a [`Register`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegisterCommand<V = Scalar> {
    /// What does it hold?
    Read,
    /// Hold this from now on.
    Write(V),
    /// Hold `to` if you hold `from`, or do nothing.
    Cas {
        /// The content that is expected (`None`: nothing was ever written).
        from: Option<V>,
        /// The content that replaces it.
        to: V,
    },
}

/// What a [`Register`] answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegisterResult<V = Scalar> {
    /// A read: the content, `None` before the first write.
    Value(Option<V>),
    /// A write was done.
    Written,
    /// A compare-and-set found what it expected, and replaced it.
    Swapped,
    /// A compare-and-set found something else: an observation that the content was not `from`.
    Mismatch,
    /// A compare-and-set found something else, and says what it found.
    Found(Option<V>),
}

/// What a [`Register`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegisterState<V = Scalar> {
    /// This, or nothing.
    Holds(Option<V>),
    /// Something that no operation of the history looks for.
    Unsought,
}

impl<V: Clone + Eq + Ord + Hash + fmt::Display> Register<V> {
    /// Whether a read that returned this says nothing. A register that holds something at first always does, since
    /// nothing takes a value away: a read of nothing is then one whose value is not known, as Knossos has it.
    fn tells_nothing(&self, told: &Option<V>) -> bool {
        told.is_none() && self.initial.is_some()
    }

    /// The state that holds a value.
    fn holding(&self, value: &V) -> RegisterState<V> {
        let content = Some(value.clone());
        match &self.sought {
            Some(sought) if !sought.contains(&content) => RegisterState::Unsought,
            _ => RegisterState::Holds(content),
        }
    }
}

impl<V: Clone + Eq + Ord + Hash + fmt::Display> Model for Register<V> {
    type State = RegisterState<V>;
    type Command = RegisterCommand<V>;
    type Result = RegisterResult<V>;

    fn initial(&self) -> RegisterState<V> {
        RegisterState::Holds(self.initial.clone())
    }

    fn step(
        &self,
        state: &RegisterState<V>,
        command: &RegisterCommand<V>,
        result: Option<&RegisterResult<V>>,
    ) -> Option<RegisterState<V>> {
        let holds = |content: &Option<V>| matches!(state, RegisterState::Holds(held) if held == content);
        let possible = match (command, result) {
            (_, None) => true,
            (RegisterCommand::Read, Some(RegisterResult::Value(told))) => holds(told) || self.tells_nothing(told),
            (RegisterCommand::Write(_), Some(RegisterResult::Written)) => true,
            (RegisterCommand::Cas { from, .. }, Some(RegisterResult::Swapped)) => holds(from),
            (RegisterCommand::Cas { from, .. }, Some(RegisterResult::Mismatch)) => !holds(from),
            (RegisterCommand::Cas { from, .. }, Some(RegisterResult::Found(told))) => from != told && holds(told),
            _ => false,
        };
        possible.then(|| match command {
            RegisterCommand::Write(value) => self.holding(value),
            RegisterCommand::Cas { from, to } if holds(from) => self.holding(to),
            RegisterCommand::Read | RegisterCommand::Cas { .. } => state.clone(),
        })
    }

    fn only_observes(&self, command: &RegisterCommand<V>, result: Option<&RegisterResult<V>>) -> bool {
        matches!(command, RegisterCommand::Read)
            || matches!(result, Some(RegisterResult::Mismatch | RegisterResult::Found(_)))
    }

    fn for_history(&self, operations: &[Told<'_, Self>]) -> Self {
        Register { initial: self.initial.clone(), sought: Some(Arc::new(sought(operations))) }
    }

    fn unseen(&self, operations: &[Told<'_, Self>]) -> Vec<bool> {
        let seen = sought(operations);
        let is_unseen = |command: &RegisterCommand<V>| match command {
            RegisterCommand::Write(value) => !seen.contains(&Some(value.clone())),
            RegisterCommand::Read | RegisterCommand::Cas { .. } => false,
        };
        operations.iter().map(|(command, _)| is_unseen(command)).collect()
    }

    fn unexplained(&self, operations: &[Told<'_, Self>], began_before: &[usize]) -> Vec<bool> {
        never_written(self, operations, began_before)
    }

    fn key(&self, _command: &RegisterCommand<V>) -> Option<Arc<str>> {
        None
    }

    fn found(&self, state: &RegisterState<V>, _command: &RegisterCommand<V>) -> String {
        match state {
            RegisterState::Holds(content) => shown(content.as_ref()),
            RegisterState::Unsought => "something else".to_string(),
        }
    }

    fn describe(&self, command: &RegisterCommand<V>, result: Option<&RegisterResult<V>>) -> String {
        let short = |content: Option<&V>| shortened(&shown(content));
        let asked = match command {
            RegisterCommand::Read => "read".to_string(),
            RegisterCommand::Write(value) => format!("write of {}", short(Some(value))),
            RegisterCommand::Cas { from, to } => format!("cas from {} to {}", short(from.as_ref()), short(Some(to))),
        };
        match result {
            Some(RegisterResult::Value(value)) => format!("{asked} returned {}", short(value.as_ref())),
            Some(RegisterResult::Written) => format!("{asked} was acknowledged"),
            Some(RegisterResult::Swapped) => format!("{asked} succeeded"),
            Some(RegisterResult::Mismatch) => format!("{asked} found another value"),
            Some(RegisterResult::Found(value)) => format!("{asked} found {}", short(value.as_ref())),
            None => format!("{asked} had no known outcome"),
        }
    }
}

impl<V: Clone + Eq + Ord + Hash + fmt::Display> Readable for Register<V> {
    type Content = Option<V>;

    fn initial_content(&self) -> Option<V> {
        self.initial.clone()
    }

    fn access(&self, command: &RegisterCommand<V>, result: Option<&RegisterResult<V>>) -> Option<Access<Option<V>>> {
        match (command, result) {
            (RegisterCommand::Read, Some(RegisterResult::Value(told))) if self.tells_nothing(told) => {
                Some(Access::Nothing)
            }
            (RegisterCommand::Read, Some(RegisterResult::Value(told)))
            | (RegisterCommand::Cas { .. }, Some(RegisterResult::Found(told))) => Some(Access::Found(told.clone())),
            (RegisterCommand::Read, None) => Some(Access::Nothing),
            (RegisterCommand::Write(value), _) => Some(Access::Wrote(Some(value.clone()))),
            (RegisterCommand::Cas { from, to }, Some(RegisterResult::Swapped) | None) => {
                Some(Access::Replaced(from.clone(), Some(to.clone())))
            }
            _ => None,
        }
    }
}

/// The contents that operations were told of, or look for.
fn sought<V: Clone + Ord>(operations: &[(&RegisterCommand<V>, Option<&RegisterResult<V>>)]) -> BTreeSet<Option<V>> {
    let mut sought = BTreeSet::new();
    for (command, result) in operations {
        if let RegisterCommand::Cas { from, .. } = command {
            sought.insert(from.clone());
        }
        if let Some(RegisterResult::Value(value) | RegisterResult::Found(value)) = result {
            sought.insert(value.clone());
        }
    }
    sought
}

/// For each operation, whether it found what nobody had asked for in time. Contents that are there at first need no
/// writer.
pub(super) fn never_written<M: Readable>(model: &M, operations: &[Told<'_, M>], began_before: &[usize]) -> Vec<bool> {
    let mut first_writer = BTreeMap::new();
    first_writer.insert(model.initial_content(), 0);
    for (index, (command, _)) in operations.iter().enumerate() {
        // Whatever it was told later: until then it may have written.
        if let Some(Access::Wrote(content) | Access::Replaced(_, content)) = model.access(command, None) {
            first_writer.entry(content).or_insert(index);
        }
    }
    let accesses: Vec<_> = operations.iter().map(|(command, result)| model.access(command, *result)).collect();
    let is_unexplained = |index: usize| match &accesses[index] {
        // What a compare-and-set of unknown outcome expects is no observation.
        Some(Access::Replaced(..)) if operations[index].1.is_none() => false,
        Some(Access::Found(content) | Access::Replaced(content, _)) => {
            first_writer.get(content).is_none_or(|&writer| writer >= began_before[index])
        }
        _ => false,
    };
    (0..operations.len()).map(is_unexplained).collect()
}

fn shown<V: fmt::Display>(content: Option<&V>) -> String {
    content.map_or_else(|| "nil".to_string(), V::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_of_another_kind_is_never_possible() {
        let register = Register::<i64>::default();
        let swapped = Some(&RegisterResult::Swapped);
        assert_eq!(register.step(&register.initial(), &RegisterCommand::Read, swapped), None);
    }

    #[test]
    fn contents_that_nobody_looks_for_are_one_state() {
        let read = (&RegisterCommand::Read, Some(&RegisterResult::Value(Some(1))));
        let register = Register::default().for_history(&[read]);
        let after = |value| register.step(&register.initial(), &RegisterCommand::Write(value), None);
        assert_eq!(after(2), after(3));
        assert_ne!(after(1), after(2));
    }
}
