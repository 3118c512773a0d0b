//! What stands at an index of the log, and rows of it that travel to a follower or a disk.

use crate::kv::Request;
use crate::kv::pieces::ITEM_BYTES;
use crate::process::{Fingerprint, Fingerprinter, fingerprint_enum};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// What an entry asks the state machine to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Payload {
    /// Nothing: the first entry of a new leader, or what fills a gap.
    NoOp,
    /// A client's command.
    Command(Request),
}

fingerprint_enum!(Payload {
    0 => NoOp,
    1 => Command(request),
});

impl Payload {
    /// What it costs in a message, in bytes.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::NoOp => ITEM_BYTES,
            Self::Command(request) => ITEM_BYTES + request.command.bytes(),
        }
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOp => f.write_str("no-op"),
            Self::Command(request) => write!(f, "{}", request.command),
        }
    }
}

/// Neighbouring entries, shared between all messages and disks that hold them. An empty row, of which a heartbeat is
/// made, costs no memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shared<T>(Option<Arc<[T]>>);

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for Shared<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl<T: Clone> From<&[T]> for Shared<T> {
    fn from(items: &[T]) -> Self {
        Self(if items.is_empty() { None } else { Some(items.into()) })
    }
}

impl<T> From<Vec<T>> for Shared<T> {
    fn from(items: Vec<T>) -> Self {
        Self(if items.is_empty() { None } else { Some(items.into()) })
    }
}

impl<T: Fingerprint> Fingerprint for Shared<T> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        (**self).fingerprint(into);
    }
}
