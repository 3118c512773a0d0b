//! Sequential models: what an object may answer when one operation happens at a time.
//!
//! Linearizability compares a concurrent history with such a model (Herlihy and Wing 1990, section 2.2: a sequential
//! specification). Two are given: a [`Register`] with compare-and-set, as Jepsen's etcd test has one, and [`Kv`], a
//! store of strings under string keys.
//!
//! An operation whose outcome nobody knows is a step without a result: the model says what the command would do in
//! the state at hand, and accepts it whatever it would have answered.

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::linearizability::hash::hash_of;
use crate::kv;

/// A sequential specification of an object.
pub trait Model {
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

    /// Which of the operations replace the content by one that no operation among them looks for, such as a write of a value
    /// that none of them read: which of these values the object holds makes no difference to any answer.
    ///
    /// It may always be false. Where it is true, such operations of unknown outcome and of one key are interchangeable.
    fn unseen(&self, operations: &[(&Self::Command, Option<&Self::Result>)]) -> Vec<bool> {
        vec![false; operations.len()]
    }

    /// The part of the object that a command touches, if the object has independent parts.
    ///
    /// A history is linearizable if and only if its restriction to each part is (Herlihy and Wing 1990, theorem 1), so
    /// the parts can be judged apart. All commands of one history name a part, or none does.
    fn key(&self, command: &Self::Command) -> Option<Arc<str>>;

    /// What `command` finds in `state`, for a reader: different findings have different texts.
    fn found(&self, state: &Self::State, command: &Self::Command) -> String;

    /// The command and its result as the end of a sentence that begins with "client 1's": `read returned 3`. `result`
    /// is `None` where the outcome is unknown.
    fn describe(&self, command: &Self::Command, result: Option<&Self::Result>) -> String;
}

/// A register that holds one integer, or nothing at first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Register;

/// What a client asks of a [`Register`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegisterCommand {
    /// What does it hold?
    Read,
    /// Hold this from now on.
    Write(i64),
    /// Hold `to` if you hold `from`, or do nothing.
    Cas {
        /// The content that is expected (`None`: nothing was ever written).
        from: Option<i64>,
        /// The content that replaces it.
        to: i64,
    },
}

/// What a [`Register`] answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegisterResult {
    /// A read: the content, `None` before the first write.
    Value(Option<i64>),
    /// A write was done.
    Written,
    /// A compare-and-set found what it expected, and replaced it.
    Swapped,
    /// A compare-and-set found something else: an observation that the content was not `from`.
    Mismatch,
}

impl Model for Register {
    type State = Option<i64>;
    type Command = RegisterCommand;
    type Result = RegisterResult;

    fn initial(&self) -> Option<i64> {
        None
    }

    fn step(&self, state: &Option<i64>, command: &RegisterCommand, result: Option<&RegisterResult>) -> Option<Option<i64>> {
        let (answer, next) = match *command {
            RegisterCommand::Read => (RegisterResult::Value(*state), *state),
            RegisterCommand::Write(value) => (RegisterResult::Written, Some(value)),
            RegisterCommand::Cas { from, to } if *state == from => (RegisterResult::Swapped, Some(to)),
            RegisterCommand::Cas { .. } => (RegisterResult::Mismatch, *state),
        };
        result.is_none_or(|told| *told == answer).then_some(next)
    }

    fn only_observes(&self, command: &RegisterCommand, result: Option<&RegisterResult>) -> bool {
        matches!(command, RegisterCommand::Read) || result == Some(&RegisterResult::Mismatch)
    }

    fn unseen(&self, operations: &[(&RegisterCommand, Option<&RegisterResult>)]) -> Vec<bool> {
        let mut seen = BTreeSet::new();
        for (command, result) in operations {
            if let RegisterCommand::Cas { from, .. } = command {
                seen.insert(*from);
            }
            if let Some(RegisterResult::Value(value)) = result {
                seen.insert(*value);
            }
        }
        let is_unseen = |command: &RegisterCommand| match command {
            RegisterCommand::Write(value) => !seen.contains(&Some(*value)),
            RegisterCommand::Read | RegisterCommand::Cas { .. } => false,
        };
        operations.iter().map(|(command, _)| is_unseen(command)).collect()
    }

    fn key(&self, _command: &RegisterCommand) -> Option<Arc<str>> {
        None
    }

    fn found(&self, state: &Option<i64>, _command: &RegisterCommand) -> String {
        Content(*state).to_string()
    }

    fn describe(&self, command: &RegisterCommand, result: Option<&RegisterResult>) -> String {
        let asked = match *command {
            RegisterCommand::Read => "read".to_string(),
            RegisterCommand::Write(value) => format!("write of {value}"),
            RegisterCommand::Cas { from, to } => format!("cas from {} to {to}", Content(from)),
        };
        match result {
            Some(RegisterResult::Value(value)) => format!("{asked} returned {}", Content(*value)),
            Some(RegisterResult::Written) => format!("{asked} was acknowledged"),
            Some(RegisterResult::Swapped) => format!("{asked} succeeded"),
            Some(RegisterResult::Mismatch) => format!("{asked} found another value"),
            None => format!("{asked} had no known outcome"),
        }
    }
}

/// A register's content as text.
struct Content(Option<i64>);

impl fmt::Display for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => write!(formatter, "{value}"),
            None => formatter.write_str("nil"),
        }
    }
}

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
#[derive(Clone, Copy, Debug, Default)]
pub struct Kv {
    /// What a get answers for a key that is not there.
    pub missing: Missing,
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

/// The content of a [`Kv`] store: the keys that are there, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct KvState {
    entries: Vec<(Arc<str>, Text)>,
}

impl KvState {
    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.position(key).ok().map(|index| &*self.entries[index].1.text)
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(present, _)| (**present).cmp(key))
    }

    fn with(&self, key: &Arc<str>, value: Arc<str>) -> KvState {
        let text = Text::new(value);
        let mut next = self.clone();
        match self.position(key) {
            Ok(index) => next.entries[index].1 = text,
            Err(index) => next.entries.insert(index, (key.clone(), text)),
        }
        next
    }

    fn without(&self, key: &str) -> KvState {
        let mut next = self.clone();
        if let Ok(index) = self.position(key) {
            next.entries.remove(index);
        }
        next
    }
}

/// A value that remembers its hash: a search compares the same long strings millions of times.
#[derive(Clone, Debug)]
struct Text {
    text: Arc<str>,
    hash: u64,
}

impl Text {
    fn new(text: Arc<str>) -> Text {
        Text { hash: hash_of(&*text), text }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        // Unequal hashes prove a difference; equal ones prove nothing.
        self.hash == other.hash && (Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.hash);
    }
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
    /// The store whose missing keys read as empty strings.
    pub fn with_empty_for_missing() -> Kv {
        Kv { missing: Missing::IsEmpty }
    }

    /// Whether a compare-and-set replaces what is held.
    fn fits(&self, command: &KvCommand, held: Option<&str>) -> bool {
        match command {
            KvCommand::Cas { from, .. } => self.agrees(held, from.as_deref()),
            KvCommand::CasOrCreate { from, .. } => held.is_none() || self.agrees(held, Some(from)),
            _ => false,
        }
    }

    /// Whether a client that was told `told` may have seen `held`.
    fn agrees(&self, held: Option<&str>, told: Option<&str>) -> bool {
        match self.missing {
            Missing::IsNone => held == told,
            Missing::IsEmpty => held.unwrap_or("") == told.unwrap_or(""),
        }
    }
}

impl Model for Kv {
    type State = KvState;
    type Command = KvCommand;
    type Result = KvResult;

    fn initial(&self) -> KvState {
        KvState::default()
    }

    fn step(&self, state: &KvState, command: &KvCommand, result: Option<&KvResult>) -> Option<KvState> {
        let held = state.get(command.key());
        let possible = match (command, result) {
            (_, None) => true,
            (KvCommand::Get { .. }, Some(KvResult::Value(told))) => self.agrees(held, told.as_deref()),
            (KvCommand::Put { .. } | KvCommand::Append { .. } | KvCommand::Delete { .. }, Some(KvResult::Done)) => true,
            (KvCommand::Cas { .. } | KvCommand::CasOrCreate { .. }, Some(KvResult::Swapped)) => self.fits(command, held),
            (KvCommand::Cas { .. } | KvCommand::CasOrCreate { .. }, Some(KvResult::Mismatch)) => !self.fits(command, held),
            (KvCommand::Cas { .. } | KvCommand::CasOrCreate { .. }, Some(KvResult::Found(told))) => {
                !self.fits(command, held) && self.agrees(held, told.as_deref())
            }
            _ => false,
        };
        if !possible {
            return None;
        }
        Some(match command {
            KvCommand::Get { .. } => state.clone(),
            KvCommand::Put { key, value } => state.with(key, value.clone()),
            KvCommand::Append { key, value } => state.with(key, [held.unwrap_or(""), value].concat().into()),
            KvCommand::Delete { key } => state.without(key),
            KvCommand::Cas { key, to, .. } | KvCommand::CasOrCreate { key, to, .. } if self.fits(command, held) => {
                state.with(key, to.clone())
            }
            KvCommand::Cas { .. } | KvCommand::CasOrCreate { .. } => state.clone(),
        })
    }

    fn only_observes(&self, command: &KvCommand, result: Option<&KvResult>) -> bool {
        matches!(command, KvCommand::Get { .. }) || matches!(result, Some(KvResult::Mismatch | KvResult::Found(_)))
    }

    fn unseen(&self, operations: &[(&KvCommand, Option<&KvResult>)]) -> Vec<bool> {
        let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut appended: BTreeSet<&str> = BTreeSet::new();
        for (command, result) in operations {
            let key: &str = command.key();
            match command {
                // What an append makes of a value may be seen although the value itself is not.
                KvCommand::Append { .. } => {
                    appended.insert(key);
                }
                KvCommand::Cas { from: Some(from), .. } | KvCommand::CasOrCreate { from, .. } => {
                    seen.insert((key, from));
                }
                _ => {}
            }
            if let Some(KvResult::Value(Some(value)) | KvResult::Found(Some(value))) = result {
                seen.insert((key, value));
            }
        }
        let is_unseen = |command: &KvCommand| match command {
            // An empty value may be told like a missing key.
            KvCommand::Put { key, value } => !value.is_empty() && !seen.contains(&(&**key, &**value)) && !appended.contains(&**key),
            _ => false,
        };
        operations.iter().map(|(command, _)| is_unseen(command)).collect()
    }

    fn key(&self, command: &KvCommand) -> Option<Arc<str>> {
        Some(command.key().clone())
    }

    fn found(&self, state: &KvState, command: &KvCommand) -> String {
        let held = state.get(command.key());
        match self.missing {
            Missing::IsNone => quoted(held),
            Missing::IsEmpty => quoted(Some(held.unwrap_or(""))),
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

    #[test]
    fn a_missing_key_reads_as_nothing_or_as_empty_by_choice() {
        let get = KvCommand::Get { key: "a".into() };
        let told = |text: Option<&str>| Some(KvResult::Value(text.map(Arc::from)));
        for (kv, none, empty) in [(Kv::default(), true, false), (Kv::with_empty_for_missing(), true, true)] {
            let state = kv.initial();
            assert_eq!(kv.step(&state, &get, told(None).as_ref()).is_some(), none);
            assert_eq!(kv.step(&state, &get, told(Some("")).as_ref()).is_some(), empty);
        }
    }

    #[test]
    fn values_with_equal_hashes_are_still_compared() {
        let one = Text::new("one".into());
        let other = Text { text: "two".into(), hash: one.hash };
        assert_ne!(one, other);
    }

    #[test]
    fn a_delete_leaves_no_trace_in_the_state() {
        let kv = Kv::default();
        let put = KvCommand::Put { key: "a".into(), value: "1".into() };
        let delete = KvCommand::Delete { key: "a".into() };
        let state = kv.step(&kv.initial(), &put, None).unwrap();
        assert_eq!(state.get("a"), Some("1"));
        assert_eq!(kv.step(&state, &delete, Some(&KvResult::Done)), Some(kv.initial()));
    }

    #[test]
    fn a_refused_cas_that_says_what_it_found_observed_just_that() {
        let kv = Kv::default();
        let put = KvCommand::Put { key: "a".into(), value: "1".into() };
        let state = kv.step(&kv.initial(), &put, None).unwrap();
        let cas = |from: &str| KvCommand::Cas { key: "a".into(), from: Some(from.into()), to: "9".into() };
        let found = |value: &str| Some(KvResult::Found(Some(value.into())));
        assert_eq!(kv.step(&state, &cas("2"), found("1").as_ref()), Some(state.clone()));
        assert_eq!(kv.step(&state, &cas("2"), found("3").as_ref()), None);
        assert_eq!(kv.step(&state, &cas("1"), found("1").as_ref()), None);
    }

    #[test]
    fn a_result_of_another_kind_is_never_possible() {
        let register = Register;
        let swapped = Some(&RegisterResult::Swapped);
        assert_eq!(register.step(&None, &RegisterCommand::Read, swapped), None);
        let kv = Kv::default();
        let get = KvCommand::Get { key: "a".into() };
        assert_eq!(kv.step(&kv.initial(), &get, Some(&KvResult::Done)), None);
    }
}
