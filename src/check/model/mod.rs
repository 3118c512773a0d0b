//! Sequential models: what an object may answer when one operation happens at a time.
//!
//! Linearizability compares a concurrent history with such a model (Herlihy and Wing 1990, section 2.2: a sequential
//! specification).
//!
//! | model           | operations                                 | content                               |
//! |-----------------|--------------------------------------------|---------------------------------------|
//! | [`Register`]    | read, write, compare-and-set               | one value, or nothing                 |
//! | [`Kv`]          | get, put, append, delete, compare-and-set  | strings under string keys             |
//! | [`Mutex`]       | acquire, release                           | held, or free                         |
//! | [`GrowOnlySet`] | add, read                                  | values                                |
//! | [`FifoQueue`]   | enqueue, dequeue                           | values, the oldest first              |
//!
//! [`Independent`] makes of any of them one object for each key.
//!
//! An operation whose outcome nobody knows is a step without a result: the model says what the command would do in
//! the state at hand, and accepts it whatever it would have answered.

mod independent;
mod kv;
mod objects;
mod register;
mod scalar;

use std::hash::Hash;
use std::sync::Arc;

pub use independent::{Independent, Keyed};
pub use kv::{Kv, KvCommand, KvResult, KvState, Missing};
pub use objects::{
    FifoQueue, GrowOnlySet, Mutex, MutexCommand, MutexResult, QueueCommand, QueueResult, SetCommand, SetResult,
};
pub use register::{Register, RegisterCommand, RegisterResult, RegisterState};
pub use scalar::Scalar;

/// A command, and what it was told, if anything is known of that.
pub type Told<'a, M> = (&'a <M as Model>::Command, Option<&'a <M as Model>::Result>);

/// A sequential specification of an object.
pub trait Model: Clone {
    /// The object's whole state. Two states are the same if and only if they are equal: a hash never decides.
    type State: Clone + Eq + Hash;
    /// What a client may ask for. Equal commands do the same.
    type Command: Eq + Hash;
    /// What a client may be told.
    type Result;

    /// The state before the first operation.
    fn initial(&self) -> Self::State;

    /// The state after `command` answered `result` in `state`, or `None` if it could not have answered so.
    ///
    /// `result` is `None` where the outcome is unknown: such a step is always possible.
    fn step(&self, state: &Self::State, command: &Self::Command, result: Option<&Self::Result>) -> Option<Self::State>;

    /// Whether `command` changes no state whatever in which it answers `result` (`None`: whatever it answers).
    ///
    /// It may always be false. Where it is true, the search has less to try. A write of the value that is there already
    /// is no observation: in another state it would change it.
    fn only_observes(&self, command: &Self::Command, result: Option<&Self::Result>) -> bool;

    /// This model for a history of just these operations: contents that none of them can tell apart may become one.
    ///
    /// The answers to these operations must stay what they are, in every order. Operations with an unknown outcome are
    /// among them, without a result.
    #[must_use]
    fn for_history(&self, _operations: &[Told<'_, Self>]) -> Self {
        self.clone()
    }

    /// Which of the operations replace the content by one that no operation among them looks for, such as a write of a
    /// value that none of them read: which of these values the object holds makes no difference to any answer.
    ///
    /// It may always be false. Where it is true, such operations of unknown outcome and of one key are interchangeable.
    fn unseen(&self, operations: &[Told<'_, Self>]) -> Vec<bool> {
        vec![false; operations.len()]
    }

    /// For each operation, whether what it was told can be seen to be impossible without any search: it found what none
    /// of the operations before it in `began_before` could have put there, in whatever order.
    ///
    /// `began_before[i]` says how many of the operations, which come in the order of their invocations, were invoked
    /// before operation `i` completed. It may always be false: the search finds out.
    fn unexplained(&self, operations: &[Told<'_, Self>], _began_before: &[usize]) -> Vec<bool> {
        vec![false; operations.len()]
    }

    /// The part of the object that a command touches, if the object has independent parts.
    ///
    /// A history is linearizable if and only if its restriction to each part is (Herlihy and Wing 1990, theorem 1), so
    /// the parts can be judged apart. Commands that touch different parts commute in every state.
    fn key(&self, command: &Self::Command) -> Option<Arc<str>>;

    /// What `command` finds in `state`, for a reader: different findings have different texts.
    fn found(&self, state: &Self::State, command: &Self::Command) -> String;

    /// The command and its result as the end of a sentence that begins with "client 1's": `read returned 3`. `result`
    /// is `None` where the outcome is unknown.
    fn describe(&self, command: &Self::Command, result: Option<&Self::Result>) -> String;

    /// About how many bytes a state takes that a step has just made: the same on every target.
    fn state_bytes(&self, _state: &Self::State) -> u64 {
        32
    }
}

/// An object that is read and written whole: what the judge of zones needs to know of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access<V> {
    /// It saw nothing that is known, and changed nothing.
    Nothing,
    /// It found this, and changed nothing.
    Found(V),
    /// It replaced the content, whatever that was.
    Wrote(V),
    /// It found the first, and replaced it by the second.
    Replaced(V, V),
}

/// A model of an object that is read and written whole.
pub trait Readable: Model {
    /// A content.
    type Content: Clone + Ord;

    /// The content at first.
    fn initial_content(&self) -> Self::Content;

    /// What an operation was told, or would do if it took effect and found what it expects; `None` if that is neither
    /// to find one content nor to write one, as an append is.
    fn access(&self, command: &Self::Command, result: Option<&Self::Result>) -> Option<Access<Self::Content>>;
}

/// A value in quotes, its special characters escaped; nothing reads as `nil`.
fn quoted(value: Option<&str>) -> String {
    value.map_or_else(|| "nil".to_string(), |text| format!("{text:?}"))
}

/// Texts with more characters than this are shortened for a reader.
const SHOWN_CHARACTERS_MAX: usize = 80;

/// A text for a reader: the beginning and the end of a long one, and how much lies between.
pub(super) fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= SHOWN_CHARACTERS_MAX {
        return text.to_string();
    }
    let kept = SHOWN_CHARACTERS_MAX / 2;
    let start: String = text.chars().take(kept).collect();
    let end: String = text.chars().skip(count - kept).collect();
    format!("{start} ...{} more... {end}", count - 2 * kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_shows_its_beginning_and_its_end() {
        let text = format!("start{}end", "é".repeat(200));
        let short = shortened(&text);
        assert!(short.starts_with("start") && short.ends_with("end"));
        assert!(short.contains("...128 more..."), "{short}");
        assert_eq!(shortened("short"), "short");
    }
}
