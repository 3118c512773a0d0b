//! The content of a store.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::check::hash::hash_of;

/// The content of a [`super::Kv`] store: the keys that are there, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct KvState {
    entries: Vec<(Arc<str>, Held)>,
}

/// What is under a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Held {
    This(Text),
    /// A value that no operation of the history looks for, nor the beginning of one.
    Unsought,
}

impl KvState {
    pub(super) fn held(&self, key: &str) -> Option<&Held> {
        self.position(key).ok().map(|index| &self.entries[index].1)
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(present, _)| (**present).cmp(key))
    }

    pub(super) fn with(&self, key: &Arc<str>, held: Held) -> KvState {
        let mut next = self.clone();
        match self.position(key) {
            Ok(index) => next.entries[index].1 = held,
            Err(index) => next.entries.insert(index, (key.clone(), held)),
        }
        next
    }

    pub(super) fn without(&self, key: &str) -> KvState {
        let mut next = self.clone();
        if let Ok(index) = self.position(key) {
            next.entries.remove(index);
        }
        next
    }
}

/// A value that remembers its hash: a search compares the same long strings millions of times.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) text: Arc<str>,
    pub(super) hash: u64,
}

impl Text {
    pub(super) fn new(text: Arc<str>) -> Text {
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

impl KvState {
    /// What it takes, if a step has just made it. One value is new; which, the state does not tell.
    pub(super) fn bytes(&self) -> u64 {
        let longest = self
            .entries
            .iter()
            .map(|(_, held)| if let Held::This(text) = held { text.text.len() as u64 } else { 0 })
            .max();
        24 + 48 * self.entries.len() as u64 + longest.map_or(0, |length| length + 16)
    }
}
