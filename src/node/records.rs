//! What a node keeps on its disk: records, each with a key.
//!
//! A protocol's state lies there as the parts that change one by one: a few numbers, the entries of its log, and the
//! keys and sessions of the state that it has saved. So a write costs what it changes, and what is dropped makes space:
//! the records are never more than state and log.

use super::wire::AnswerWire;
use crate::kv::{Answer, Store, Value};
use crate::process::NodeId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a record is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Key {
    /// Something of which there is one.
    About(Arc<str>),
    /// An entry of the log, by its index.
    Entry(u64),
    /// A key of the saved state.
    Value(Arc<str>),
    /// A client's session in the saved state.
    Session(u16),
}

impl Key {
    /// Something of which there is one.
    pub fn about(name: &str) -> Self {
        Self::About(name.into())
    }

    /// The key as bytes. Entries lie in their order.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (kind, bytes): (u8, &[u8]) = match self {
            Self::About(name) => (b'a', name.as_bytes()),
            Self::Entry(index) => (b'e', &index.to_be_bytes()),
            Self::Value(key) => (b'v', key.as_bytes()),
            Self::Session(client) => (b's', &client.to_be_bytes()),
        };
        [&[kind], bytes].concat()
    }

    /// The key again.
    ///
    /// # Errors
    ///
    /// These bytes are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let problem = || format!("{bytes:?} is the key of no record");
        let (kind, rest) = bytes.split_first().ok_or_else(problem)?;
        let text = || std::str::from_utf8(rest).map(Arc::from).map_err(|_| problem());
        match kind {
            b'a' => text().map(Self::About),
            b'e' => rest.try_into().map(|index| Self::Entry(u64::from_be_bytes(index))).map_err(|_| problem()),
            b'v' => text().map(Self::Value),
            b's' => rest.try_into().map(|client| Self::Session(u16::from_be_bytes(client))).map_err(|_| problem()),
            _ => Err(problem()),
        }
    }
}

/// All records of a disk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Records(BTreeMap<Key, Vec<u8>>);

impl Records {
    /// Adds a record, or replaces it.
    pub fn put(&mut self, key: Key, content: Vec<u8>) {
        self.0.insert(key, content);
    }

    /// Takes a record out.
    pub fn remove(&mut self, key: &Key) {
        self.0.remove(key);
    }

    /// How many bytes they take.
    pub fn bytes(&self) -> u64 {
        self.0.iter().map(|(key, content)| (key.to_bytes().len() + content.len()) as u64).sum()
    }

    /// The record about something of which there is one.
    pub(super) fn about<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, String> {
        let key = Key::about(name);
        self.0.get(&key).map(|content| read(&key, content)).transpose()
    }

    /// The entries of the log, in their order.
    pub(super) fn entries<T: DeserializeOwned>(&self) -> impl Iterator<Item = Result<(u64, T), String>> {
        let entries = self.0.range(Key::Entry(0)..=Key::Entry(u64::MAX));
        entries.filter_map(|(key, content)| {
            let Key::Entry(index) = key else { return None };
            Some(read(key, content).map(|entry| (*index, entry)))
        })
    }

    /// The saved state.
    pub(super) fn state(&self) -> Result<Store, String> {
        let (mut values, mut sessions) = (Vec::new(), Vec::new());
        for (key, content) in &self.0 {
            match key {
                Key::Value(name) => {
                    let value = std::str::from_utf8(content).map_err(|_| format!("{key:?}: it is no text"))?;
                    values.push((name.clone(), Value::from(value)));
                }
                Key::Session(client) => {
                    let (sequence, answer): (u64, AnswerWire) = read(key, content)?;
                    sessions.push((NodeId(*client), sequence, Answer::from(answer)));
                }
                Key::About(_) | Key::Entry(_) => {}
            }
        }
        Ok(Store::from_parts(values, sessions))
    }
}

fn read<T: DeserializeOwned>(key: &Key, content: &[u8]) -> Result<T, String> {
    serde_json::from_slice(content).map_err(|error| format!("{key:?}: {error}"))
}

/// What becomes of records: the later of two changes of one record stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changes(BTreeMap<Key, Option<Vec<u8>>>);

impl Changes {
    /// A record gets this content.
    pub(super) fn put(&mut self, key: Key, content: &impl Serialize) {
        // All that is written here has texts for keys, and numbers that JSON has: it cannot fail.
        self.0.insert(key, Some(serde_json::to_vec(content).unwrap_or_default()));
    }

    /// The entries at some indexes are gone.
    pub(super) fn remove_entries(&mut self, indexes: impl Iterator<Item = u64>) {
        self.0.extend(indexes.map(|index| (Key::Entry(index), None)));
    }

    /// The saved state is another one now: what differs is written.
    pub(super) fn put_state(&mut self, before: Option<&Store>, after: &Store) {
        let empty = Store::default();
        let before = before.unwrap_or(&empty);
        let changes = &mut self.0;
        differences(before.iter(), after.iter(), |name, value| {
            changes.insert(Key::Value(name.clone()), value.map(|value| value.as_bytes().to_vec()));
        });
        let sessions = |store: &Store| -> Vec<(NodeId, (u64, Answer))> {
            store.sessions().map(|(client, sequence, answer)| (client, (sequence, answer.clone()))).collect()
        };
        let (before, after) = (sessions(before), sessions(after));
        differences(before.into_iter(), after.into_iter(), |client, session| {
            let content = session.map(|(sequence, answer)| (sequence, AnswerWire::from(&answer)));
            changes.insert(
                Key::Session(client.0),
                content.map(|content| serde_json::to_vec(&content).unwrap_or_default()),
            );
        });
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each record that changes, with its new content; none if it is gone.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, Option<&[u8]>)> {
        self.0.iter().map(|(key, content)| (key, content.as_deref()))
    }

    /// Carries them out on records.
    pub fn apply(&self, records: &mut Records) {
        for (key, content) in self.iter() {
            match content {
                Some(content) => records.put(key.clone(), content.to_vec()),
                None => records.remove(key),
            }
        }
    }
}

/// Walks along two rows that are in order, and names what is new, different or gone in the second one.
fn differences<K: Ord, V: PartialEq>(
    before: impl Iterator<Item = (K, V)>,
    after: impl Iterator<Item = (K, V)>,
    mut found: impl FnMut(K, Option<V>),
) {
    let (mut before, mut after) = (before.peekable(), after.peekable());
    loop {
        let next_before = before.peek().map(|(key, _)| key);
        match after.peek() {
            Some((key, _)) if next_before.is_some_and(|before| before == key) => {
                let (old, new) = (before.next(), after.next());
                if let (Some((_, old)), Some((key, new))) = (old, new)
                    && old != new
                {
                    found(key, Some(new));
                }
            }
            Some((key, _)) if next_before.is_none_or(|before| before > key) => {
                if let Some((key, new)) = after.next() {
                    found(key, Some(new));
                }
            }
            _ => match before.next() {
                Some((key, _)) => found(key, None),
                None => return,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        for key in [
            Key::about("names"),
            Key::Entry(1 << 40),
            Key::Value("é\0".into()),
            Key::Value("".into()),
            Key::Session(65_535),
        ] {
            assert_eq!(Key::from_bytes(&key.to_bytes()), Ok(key));
        }
        for bytes in [&b""[..], b"x", b"e1", b"s1", b"v\xff"] {
            assert!(Key::from_bytes(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn only_what_differs_between_two_states_is_written() {
        let state = |values: &[(&str, &str)], sessions: &[(u16, u64)]| {
            let values = values.iter().map(|(key, value)| ((*key).into(), (*value).into()));
            Store::from_parts(
                values,
                sessions.iter().map(|&(client, sequence)| (NodeId(client), sequence, Answer::Done)),
            )
        };
        let before = state(&[("a", "1"), ("b", "1"), ("d", "1")], &[(1, 1), (2, 2)]);
        let after = state(&[("a", "1"), ("b", "2"), ("c", "1")], &[(2, 3), (3, 1)]);
        let (mut first, mut second) = (Changes::default(), Changes::default());
        first.put_state(None, &before);
        second.put_state(Some(&before), &after);
        let changed: Vec<(Key, bool)> = second.iter().map(|(key, content)| (key.clone(), content.is_some())).collect();
        let (value, session) = (|name: &str| Key::Value(name.into()), Key::Session);
        let expected = [(value("b"), true), (value("c"), true), (value("d"), false)];
        let expected_sessions = [(session(1), false), (session(2), true), (session(3), true)];
        assert_eq!(changed, [&expected[..], &expected_sessions].concat());
        let mut records = Records::default();
        first.apply(&mut records);
        assert_eq!(records.state().as_ref(), Ok(&before));
        second.apply(&mut records);
        assert_eq!(records.state(), Ok(after));
    }
}
