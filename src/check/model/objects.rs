//! A mutex, a set that only grows, and a queue, as Knossos has them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Display;
use std::sync::Arc;

use super::{Model, Scalar, Told, shortened};

/// A lock that is free at first. Whoever holds it, anybody may release it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mutex;

/// What a client asks of a [`Mutex`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MutexCommand {
    /// Take it.
    Acquire,
    /// Give it back.
    Release,
}

/// What a [`Mutex`] answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MutexResult {
    /// It was free and is taken, or was taken and is free.
    Done,
}

impl Model for Mutex {
    /// Whether it is held.
    type State = bool;
    type Command = MutexCommand;
    type Result = MutexResult;

    fn initial(&self) -> bool {
        false
    }

    fn step(&self, is_held: &bool, command: &MutexCommand, result: Option<&MutexResult>) -> Option<bool> {
        let is_acquired = matches!(command, MutexCommand::Acquire);
        // One of unknown outcome that would be refused changes nothing.
        (result.is_none() || *is_held != is_acquired).then_some(is_acquired)
    }

    fn only_observes(&self, _command: &MutexCommand, _result: Option<&MutexResult>) -> bool {
        false
    }

    fn key(&self, _command: &MutexCommand) -> Option<Arc<str>> {
        None
    }

    fn found(&self, is_held: &bool, _command: &MutexCommand) -> String {
        (if *is_held { "held" } else { "free" }).to_string()
    }

    fn describe(&self, command: &MutexCommand, result: Option<&MutexResult>) -> String {
        let asked = if *command == MutexCommand::Acquire { "acquire" } else { "release" };
        format!("{asked} {}", if result.is_some() { "succeeded" } else { "had no known outcome" })
    }
}

/// A set of values, empty at first, from which nothing is ever taken.
#[derive(Clone, Debug, Default)]
pub struct GrowOnlySet;

/// What a client asks of a [`GrowOnlySet`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SetCommand {
    /// Put this in.
    Add(Scalar),
    /// What is in it?
    Read,
}

/// What a [`GrowOnlySet`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SetResult {
    /// It is in.
    Added,
    /// All that is in it.
    Content(BTreeSet<Scalar>),
}

impl Model for GrowOnlySet {
    type State = Arc<BTreeSet<Scalar>>;
    type Command = SetCommand;
    type Result = SetResult;

    fn initial(&self) -> Self::State {
        Arc::default()
    }

    fn step(&self, state: &Self::State, command: &SetCommand, result: Option<&SetResult>) -> Option<Self::State> {
        match (command, result) {
            (SetCommand::Add(value), None | Some(SetResult::Added)) => {
                let mut next = state.clone();
                if !state.contains(value) {
                    Arc::make_mut(&mut next).insert(value.clone());
                }
                Some(next)
            }
            (SetCommand::Read, Some(SetResult::Content(told))) => (**state == *told).then(|| state.clone()),
            (SetCommand::Read, None) => Some(state.clone()),
            _ => None,
        }
    }

    fn only_observes(&self, command: &SetCommand, _result: Option<&SetResult>) -> bool {
        matches!(command, SetCommand::Read)
    }

    fn unexplained(&self, operations: &[Told<'_, Self>], began_before: &[usize]) -> Vec<bool> {
        let mut added = BTreeMap::new();
        for (index, (command, _)) in operations.iter().enumerate() {
            if let SetCommand::Add(value) = command {
                added.entry(value).or_insert(index);
            }
        }
        let is_unexplained = |(index, (_, result)): (usize, &Told<'_, Self>)| match result {
            Some(SetResult::Content(told)) => {
                told.iter().any(|value| added.get(value).is_none_or(|&writer| writer >= began_before[index]))
            }
            _ => false,
        };
        operations.iter().enumerate().map(is_unexplained).collect()
    }

    fn key(&self, _command: &SetCommand) -> Option<Arc<str>> {
        None
    }

    fn found(&self, state: &Self::State, _command: &SetCommand) -> String {
        format!("{{{}}}", listed(state.iter()))
    }

    fn describe(&self, command: &SetCommand, result: Option<&SetResult>) -> String {
        match (command, result) {
            (SetCommand::Add(value), Some(_)) => format!("add of {} was acknowledged", shortened(&value.to_string())),
            (SetCommand::Add(value), None) => format!("add of {} had no known outcome", shortened(&value.to_string())),
            (SetCommand::Read, Some(SetResult::Content(told))) => {
                shortened(&format!("read returned {{{}}}", listed(told.iter())))
            }
            (SetCommand::Read, _) => "read had no known outcome".to_string(),
        }
    }

    fn state_bytes(&self, state: &Self::State) -> u64 {
        32 + 64 * state.len() as u64
    }
}

/// A queue that is empty at first: what came first goes first.
#[derive(Clone, Debug, Default)]
pub struct FifoQueue;

/// What a client asks of a [`FifoQueue`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum QueueCommand {
    /// Put this at the end.
    Enqueue(Scalar),
    /// Take what is at the front.
    Dequeue,
}

/// What a [`FifoQueue`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum QueueResult {
    /// It is in.
    Enqueued,
    /// What was at the front; `None` if it was empty.
    Dequeued(Option<Scalar>),
}

impl Model for FifoQueue {
    type State = VecDeque<Scalar>;
    type Command = QueueCommand;
    type Result = QueueResult;

    fn initial(&self) -> Self::State {
        VecDeque::new()
    }

    fn step(&self, state: &Self::State, command: &QueueCommand, result: Option<&QueueResult>) -> Option<Self::State> {
        let mut next = state.clone();
        match (command, result) {
            (QueueCommand::Enqueue(value), None | Some(QueueResult::Enqueued)) => next.push_back(value.clone()),
            (QueueCommand::Dequeue, None) => {
                next.pop_front();
            }
            (QueueCommand::Dequeue, Some(QueueResult::Dequeued(told))) if *told == next.pop_front() => {}
            _ => return None,
        }
        Some(next)
    }

    fn only_observes(&self, command: &QueueCommand, result: Option<&QueueResult>) -> bool {
        matches!((command, result), (QueueCommand::Dequeue, Some(QueueResult::Dequeued(None))))
    }

    fn unexplained(&self, operations: &[Told<'_, Self>], began_before: &[usize]) -> Vec<bool> {
        let mut enqueued = BTreeMap::new();
        for (index, (command, _)) in operations.iter().enumerate() {
            if let QueueCommand::Enqueue(value) = command {
                enqueued.entry(value).or_insert(index);
            }
        }
        let is_unexplained = |(index, (_, result)): (usize, &Told<'_, Self>)| match result {
            Some(QueueResult::Dequeued(Some(told))) => {
                enqueued.get(told).is_none_or(|&writer| writer >= began_before[index])
            }
            _ => false,
        };
        operations.iter().enumerate().map(is_unexplained).collect()
    }

    fn key(&self, _command: &QueueCommand) -> Option<Arc<str>> {
        None
    }

    fn found(&self, state: &Self::State, command: &QueueCommand) -> String {
        match command {
            QueueCommand::Dequeue => state.front().map_or_else(|| "nothing".to_string(), Scalar::to_string),
            QueueCommand::Enqueue(_) => format!("[{}]", listed(state.iter())),
        }
    }

    fn describe(&self, command: &QueueCommand, result: Option<&QueueResult>) -> String {
        match (command, result) {
            (QueueCommand::Enqueue(value), Some(_)) => {
                format!("enqueue of {} was acknowledged", shortened(&value.to_string()))
            }
            (QueueCommand::Enqueue(value), None) => {
                format!("enqueue of {} had no known outcome", shortened(&value.to_string()))
            }
            (QueueCommand::Dequeue, Some(QueueResult::Dequeued(Some(told)))) => {
                format!("dequeue returned {}", shortened(&told.to_string()))
            }
            (QueueCommand::Dequeue, Some(_)) => "dequeue found nothing".to_string(),
            (QueueCommand::Dequeue, None) => "dequeue had no known outcome".to_string(),
        }
    }

    fn state_bytes(&self, state: &Self::State) -> u64 {
        32 + 32 * state.len() as u64
    }
}

fn listed<T: Display>(values: impl Iterator<Item = T>) -> String {
    values.map(|value| value.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutex_is_held_by_one_at_a_time() {
        let done = Some(&MutexResult::Done);
        assert_eq!(Mutex.step(&false, &MutexCommand::Acquire, done), Some(true));
        assert_eq!(Mutex.step(&true, &MutexCommand::Acquire, done), None);
        assert_eq!(Mutex.step(&false, &MutexCommand::Release, done), None);
        assert_eq!(Mutex.step(&true, &MutexCommand::Acquire, None), Some(true));
    }

    #[test]
    fn a_queue_gives_back_in_order_and_a_set_all_that_was_added() {
        let enqueue = |value: i64| QueueCommand::Enqueue(value.into());
        let queue = [1, 2]
            .iter()
            .fold(FifoQueue.initial(), |state, &value| FifoQueue.step(&state, &enqueue(value), None).unwrap());
        let dequeued = |told: Option<i64>| Some(QueueResult::Dequeued(told.map(Scalar::from)));
        assert!(FifoQueue.step(&queue, &QueueCommand::Dequeue, dequeued(Some(1)).as_ref()).is_some());
        assert!(FifoQueue.step(&queue, &QueueCommand::Dequeue, dequeued(Some(2)).as_ref()).is_none());
        assert!(FifoQueue.step(&queue, &QueueCommand::Dequeue, dequeued(None).as_ref()).is_none());
        let set = GrowOnlySet.step(&GrowOnlySet.initial(), &SetCommand::Add(1.into()), None).unwrap();
        let content = |values: &[i64]| Some(SetResult::Content(values.iter().copied().map(Scalar::from).collect()));
        assert!(GrowOnlySet.step(&set, &SetCommand::Read, content(&[1]).as_ref()).is_some());
        assert!(GrowOnlySet.step(&set, &SetCommand::Read, content(&[]).as_ref()).is_none());
    }
}
