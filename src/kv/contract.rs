//! What the store's clients and a protocol's replicas ask of each other: how a message carries a request, a reply or a
//! command to invoke, and what a replica says of its protocol.

use super::command::{Command, Reply, Request};
use crate::process::{Message, NodeId, Process, Seat};

/// A protocol's message, as its clients use it.
pub trait ClientMessage: Message {
    /// Carries a request to a replica.
    fn request(request: Request) -> Self;
    /// The reply, if it is one.
    fn as_reply(&self) -> Option<&Reply>;
    /// Asks a client to invoke a command: sent to it by the workload, or by a person.
    fn invoke(command: Command) -> Self;
    /// The command, if it asks a client to invoke one.
    fn as_invoke(&self) -> Option<&Command>;
    /// Carries a client's request in its own name: signed, where the protocol wants that.
    fn request_of(_client: Seat, request: Request) -> Self {
        Self::request(request)
    }
    /// Carries a read that replicas answer at once, without ordering it; none where the protocol has no such thing.
    fn unordered_read(_client: Seat, _request: Request) -> Option<Self> {
        None
    }
    /// Whether a reply is one to such a read.
    fn is_unordered(&self) -> bool {
        false
    }
    /// Whether replicas answer reads that are not for the leader alone: from their own states, or in a session.
    const READS_ANYWHERE: bool = false;
    /// Carries a read for any replica whose state is not older than this index of the log.
    fn session_read(request: Request, _seen: u64) -> Self {
        Self::request(request)
    }
    /// How far the sender of a reply had applied the log, where it says so.
    fn applied(&self) -> u64 {
        0
    }
    /// Whom the sender of a reply takes for the leader or primary, where it says so.
    fn leader_hint(&self, _replicas: u16) -> Option<NodeId> {
        None
    }
}

/// A protocol's replica, as the simulator hosts it: one that speaks to the key-value store's clients.
pub trait Replica: Process<Message: ClientMessage> {
    /// The name that links and the command line use.
    const PROTOCOL: &'static str;

    /// The one key of a protocol that chooses one value: its clients compare-and-set it from nothing, and read it, and
    /// can do nothing else. None for a protocol that keeps a whole store.
    const ONLY_KEY: Option<&'static str> = None;

    /// Where an epoch is a ballot, which has an owner: the epoch is the ballot's round times this, plus the owner's
    /// number. None where epochs are simply counted.
    const EPOCH_PLACES: Option<u32> = None;
}

/// Implements [`ClientMessage`] for an enum that carries requests and replies as they are, in
/// variants named `Request`, `Reply` and `Invoke`, as [`PlainMessage`](crate::kv::PlainMessage) does. Replicas that
/// answer reads anywhere have two more, with a [`SessionRead`](crate::kv::SessionRead) and a
/// [`SessionReply`](crate::kv::SessionReply), whose names come after it.
#[macro_export]
macro_rules! plain_client_message {
    ($message:ty $(, $session_read:ident, $session_reply:ident)?) => {
        impl $crate::kv::ClientMessage for $message {
            fn request(request: $crate::kv::Request) -> Self {
                Self::Request(request)
            }

            fn as_reply(&self) -> Option<&$crate::kv::Reply> {
                match self {
                    Self::Reply(reply) => Some(reply),
                    $(Self::$session_reply(session) => Some(&session.reply),)?
                    _ => None,
                }
            }

            $(
                const READS_ANYWHERE: bool = true;

                fn session_read(request: $crate::kv::Request, seen: u64) -> Self {
                    Self::$session_read($crate::kv::SessionRead { request, seen })
                }

                fn applied(&self) -> u64 {
                    if let Self::$session_reply(session) = self { session.applied } else { 0 }
                }
            )?

            fn invoke(command: $crate::kv::Command) -> Self {
                Self::Invoke(command)
            }

            fn as_invoke(&self) -> Option<&$crate::kv::Command> {
                if let Self::Invoke(command) = self { Some(command) } else { None }
            }
        }

        impl $message {
            /// Answers a client.
            pub fn answer(sequence: u64, answer: $crate::kv::Answer) -> Self {
                Self::Reply($crate::kv::Reply::answer(sequence, answer))
            }

            /// Turns a client away.
            pub fn not_leader(sequence: u64, leader: Option<$crate::process::NodeId>) -> Self {
                Self::Reply($crate::kv::Reply::not_leader(sequence, leader))
            }
        }

        $(
            impl From<$crate::kv::SessionReply> for $message {
                fn from(reply: $crate::kv::SessionReply) -> Self {
                    Self::$session_reply(reply)
                }
            }
        )?

        impl From<$crate::kv::Reply> for $message {
            fn from(reply: $crate::kv::Reply) -> Self {
                Self::Reply(reply)
            }
        }
    };
}
pub use plain_client_message;
