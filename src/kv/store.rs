//! The deterministic state machine.
//!
//! Two stores that applied the same requests in the same order are equal. A client's session remembers its latest
//! command and the answer, so that a command that reaches the log twice takes effect once (Raft dissertation, section
//! 6.3). A client has one command outstanding, hence one answer for each client is enough. The sessions are part of the
//! store, so a snapshot carries them.

use super::command::{Answer, Command, Key, Request, Value, canonical_text};
use crate::process::{NodeId, fingerprint_struct};
use std::collections::BTreeMap;

/// Keys and values, and a session for each client.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Store {
    values: BTreeMap<Key, Value>,
    sessions: BTreeMap<NodeId, Session>,
}

fingerprint_struct!(Store { values, sessions });

#[derive(Clone, PartialEq, Eq, Debug)]
struct Session {
    sequence: u64,
    answer: Answer,
}

fingerprint_struct!(Session { sequence, answer });

impl Store {
    /// Applies a request: once, however often it is applied. Says `None` to one that the client has given up.
    pub fn apply(&mut self, request: &Request) -> Option<Answer> {
        if let Some(session) = self.sessions.get(&request.client) {
            if session.sequence == request.sequence {
                return Some(session.answer.clone());
            }
            if session.sequence > request.sequence {
                return None;
            }
        }
        let answer = self.apply_without_session(&request.command);
        let session = Session { sequence: request.sequence, answer: answer.clone() };
        self.sessions.insert(request.client, session);
        Some(answer)
    }

    /// Applies a request as often as it is applied: what the session is there to prevent. The session is kept up all
    /// the same.
    pub fn apply_again(&mut self, request: &Request) -> Answer {
        let answer = self.apply_without_session(&request.command);
        self.sessions.insert(request.client, Session { sequence: request.sequence, answer: answer.clone() });
        answer
    }

    /// Applies a command with no regard to whether it was applied before.
    pub fn apply_without_session(&mut self, command: &Command) -> Answer {
        match command {
            Command::Get { .. } => self.read(command.key()),
            Command::Put { key, value } => {
                self.values.insert(key.clone(), value.clone());
                Answer::Done
            }
            Command::Delete { key } => {
                self.values.remove(key);
                Answer::Done
            }
            Command::Cas { key, expected, new } => {
                let held = self.values.get(key);
                if held != expected.as_ref() {
                    return Answer::Mismatch { found: held.cloned() };
                }
                self.values.insert(key.clone(), new.clone());
                Answer::Swapped
            }
            Command::CasOrCreate { key, expected, new } => match self.values.get(key) {
                Some(held) if held != expected => Answer::Mismatch { found: Some(held.clone()) },
                _ => {
                    self.values.insert(key.clone(), new.clone());
                    Answer::Swapped
                }
            },
        }
    }

    /// The answer to a get, which changes nothing and needs no session.
    pub fn read(&self, key: &Key) -> Answer {
        Answer::Value(self.values.get(key).cloned())
    }

    /// The answer that was given to this very request, if it was the client's latest.
    pub fn answered(&self, client: NodeId, sequence: u64) -> Option<&Answer> {
        self.sessions.get(&client).filter(|session| session.sequence == sequence).map(|session| &session.answer)
    }

    /// Whether this request, or a later one of its client, was applied: applying it again changes nothing.
    pub fn is_past(&self, client: NodeId, sequence: u64) -> bool {
        self.sessions.get(&client).is_some_and(|session| session.sequence >= sequence)
    }

    /// All that it holds, in one way of writing it down, for a digest.
    pub fn canonical(&self, into: &mut Vec<u8>) {
        into.extend((self.values.len() as u64).to_le_bytes());
        for (key, value) in &self.values {
            canonical_text(key, into);
            canonical_text(value, into);
        }
        into.extend((self.sessions.len() as u64).to_le_bytes());
        for (client, session) in &self.sessions {
            into.extend(client.0.to_le_bytes());
            into.extend(session.sequence.to_le_bytes());
            session.answer.canonical(into);
        }
    }

    /// The latest request of a client that was applied.
    pub fn latest(&self, client: NodeId) -> u64 {
        self.sessions.get(&client).map_or(0, |session| session.sequence)
    }

    /// A store with these keys and values, and these sessions: client, number of its latest command, the answer to it.
    pub fn from_parts(
        values: impl IntoIterator<Item = (Key, Value)>,
        sessions: impl IntoIterator<Item = (NodeId, u64, Answer)>,
    ) -> Self {
        let session = |(client, sequence, answer)| (client, Session { sequence, answer });
        Self { values: values.into_iter().collect(), sessions: sessions.into_iter().map(session).collect() }
    }

    /// The sessions, in the order of the clients, as [`Store::from_parts`] takes them.
    pub fn sessions(&self) -> impl Iterator<Item = (NodeId, u64, &Answer)> {
        self.sessions.iter().map(|(client, session)| (*client, session.sequence, &session.answer))
    }

    /// Adds all that another one holds.
    pub(crate) fn add(&mut self, other: &Self) {
        self.values.extend(other.values.iter().map(|(key, value)| (key.clone(), value.clone())));
        self.sessions.extend(other.sessions.iter().map(|(client, session)| (*client, session.clone())));
    }

    /// How many keys and how many sessions it has.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.values.len(), self.sessions.len())
    }

    /// Keys and values, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Value)> {
        self.values.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(sequence: u64, command: Command) -> Request {
        Request { client: NodeId(9), sequence, command }
    }

    fn put(value: &str) -> Command {
        Command::Put { key: "x".into(), value: value.into() }
    }

    #[test]
    fn a_retried_command_is_applied_once_and_answered_the_same() {
        let mut store = Store::default();
        store.apply(&request(1, put("1")));
        let swap = Command::Cas { key: "x".into(), expected: Some("1".into()), new: "2".into() };
        assert_eq!(store.apply(&request(2, swap.clone())), Some(Answer::Swapped));
        assert_eq!(store.apply(&request(2, swap)), Some(Answer::Swapped), "a second time it would be a mismatch");
        assert_eq!(store.read(&"x".into()), Answer::Value(Some("2".into())));
    }

    #[test]
    fn a_command_that_its_client_left_behind_never_takes_effect() {
        let mut store = Store::default();
        store.apply(&request(2, put("2")));
        assert_eq!(store.apply(&request(1, put("1"))), None);
        assert_eq!(store.read(&"x".into()), Answer::Value(Some("2".into())));
    }

    #[test]
    fn compare_and_set_on_a_missing_key_changes_nothing() {
        let mut store = Store::default();
        let swap = Command::Cas { key: "x".into(), expected: Some("1".into()), new: "2".into() };
        assert_eq!(store.apply(&request(1, swap)), Some(Answer::Mismatch { found: None }));
        assert_eq!(store.iter().count(), 0);
    }

    #[test]
    fn compare_and_set_from_nothing_succeeds_once() {
        let mut store = Store::default();
        let swap = |new: &str| Command::Cas { key: "x".into(), expected: None, new: new.into() };
        assert_eq!(store.apply(&request(1, swap("1"))), Some(Answer::Swapped));
        assert_eq!(store.apply(&request(2, swap("2"))), Some(Answer::Mismatch { found: Some("1".into()) }));
    }

    #[test]
    fn compare_and_set_that_creates_takes_a_missing_key_for_a_fitting_one() {
        let mut store = Store::default();
        let swap =
            |from: &str, to: &str| Command::CasOrCreate { key: "x".into(), expected: from.into(), new: to.into() };
        assert_eq!(store.apply(&request(1, swap("1", "2"))), Some(Answer::Swapped), "it creates the key");
        assert_eq!(store.apply(&request(2, swap("1", "3"))), Some(Answer::Mismatch { found: Some("2".into()) }));
        assert_eq!(store.apply(&request(3, swap("2", "3"))), Some(Answer::Swapped));
        assert_eq!(store.read(&"x".into()), Answer::Value(Some("3".into())));
    }

    #[test]
    fn a_deleted_key_reads_as_nothing() {
        let mut store = Store::default();
        store.apply(&request(1, put("1")));
        store.apply(&request(2, Command::Delete { key: "x".into() }));
        assert_eq!(store.read(&"x".into()), Answer::Value(None));
    }
}
