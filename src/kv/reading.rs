//! The ways to read a replicated store: who may answer, when, and what is promised for it.
//!
//! | way | who answers, and when | promise |
//! |---|---|---|
//! | `linearizable` | the leader, after a majority has confirmed it (or the log, where the protocol has no such rule) | linearizable |
//! | `lease` | the leader, at once, while its lease lasts | linearizable, as long as clocks differ by no more than the bound |
//! | `session` | any replica that has applied all that the client has seen | sequential |
//! | `local` | any replica, at once, from its own state | none of a history; replicas converge |

use super::command::{Reply, Request};
use crate::process::{Field, fingerprint_struct};

/// A way to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Reading {
    /// The leader answers, after a majority has confirmed it.
    #[default]
    Linearizable,
    /// The leader answers at once, while its lease lasts.
    Lease,
    /// Any replica answers that has applied all that the client has seen.
    Session,
    /// Any replica answers, from its own state.
    Local,
}

impl Reading {
    /// All of them, the strongest first.
    pub const ALL: [Self; 4] = [Self::Linearizable, Self::Lease, Self::Session, Self::Local];

    /// Its name, as scenarios have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linearizable => "linearizable",
            Self::Lease => "lease",
            Self::Session => "session",
            Self::Local => "local",
        }
    }

    /// Whether a client may ask any replica, and not the leader alone.
    pub const fn asks_any(self) -> bool {
        matches!(self, Self::Session | Self::Local)
    }
}

/// A read of a session: for any replica whose state is not older than what the client has seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionRead {
    /// The read.
    pub request: Request,
    /// The last index of the log that the client has seen the effects of.
    pub seen: u64,
}

fingerprint_struct!(SessionRead { request, seen });

/// A reply to a client of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionReply {
    /// The reply.
    pub reply: Reply,
    /// The last index of the log that the replica had applied when it replied.
    pub applied: u64,
}

fingerprint_struct!(SessionReply { reply, applied });

impl SessionRead {
    /// A few words.
    pub fn label(&self) -> String {
        format!("{}, seen to {}", self.request.command, self.seen)
    }

    /// Its parts, for the inspector.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = self.request.fields();
        fields.push(Field::new("seen index", self.seen));
        fields
    }
}

impl SessionReply {
    /// Its parts, for the inspector.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = self.reply.fields();
        fields.push(Field::new("applied index", self.applied));
        fields
    }
}
