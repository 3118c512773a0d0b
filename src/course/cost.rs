//! What a change of leaders costs, counted as messages are delivered.

use super::host::InFlight;
use crate::process::Message;
use serde_json::{Value, json};

/// What a change of leaders took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// All messages.
    messages: u64,
    /// How many of them are heartbeats, or answers to such.
    heartbeats: u64,
    /// How many times there and back.
    rounds: u32,
}

impl Cost {
    pub(super) fn json(self) -> Value {
        json!({ "messages": self.messages, "heartbeats": self.heartbeats, "rounds": self.rounds })
    }
}

/// Messages as they are delivered.
#[derive(Debug, Default)]
pub(super) struct Counted {
    messages: u64,
    heartbeats: u64,
    depth: u32,
}

impl Counted {
    pub(super) fn add<M: Message>(&mut self, mail: &InFlight<M>) {
        self.messages += 1;
        self.heartbeats += u64::from(mail.message.is_heartbeat());
        self.depth = self.depth.max(mail.depth);
    }

    /// A round is a message there and its answer back.
    pub(super) fn cost(&self) -> Cost {
        Cost { messages: self.messages, heartbeats: self.heartbeats, rounds: self.depth.div_ceil(2) }
    }
}
