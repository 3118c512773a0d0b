//! For protocols of one's own: a message and a disk, ready-made.
//!
//! A protocol whose replicas pass requests on as they are, and say nothing else, speaks [`PlainMessage`]. One whose
//! disk holds what was carried out keeps a [`Store`] there, and writes requests.

use super::command::{Command, Reply, Request};
use super::contract::plain_client_message;
use super::store::Store;
use crate::process::{Durable, Message, fingerprint_enum};

/// A request, a reply, or what a client is asked to invoke.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlainMessage {
    /// A client's request, from the client or passed on.
    Request(Request),
    /// The answer to it.
    Reply(Reply),
    /// A client is asked to invoke a command.
    Invoke(Command),
}

fingerprint_enum!(PlainMessage {
    0 => Request(request),
    1 => Reply(reply),
    2 => Invoke(command),
});

impl Message for PlainMessage {
    const KINDS: &'static [&'static str] = &["request", "reply", "invoke"];

    fn kind(&self) -> u8 {
        match self {
            Self::Request(_) => 0,
            Self::Reply(_) => 1,
            Self::Invoke(_) => 2,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Request(Request { command, .. }) | Self::Invoke(command) => command.to_string(),
            Self::Reply(reply) => reply.body.to_string(),
        }
    }
}

plain_client_message!(PlainMessage);

impl Durable for Store {
    type Write = Request;

    fn apply(&mut self, request: &Request) {
        Self::apply(self, request);
    }
}
