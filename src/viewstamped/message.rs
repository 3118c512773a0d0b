//! What travels between replicas, and between replicas and clients.

use super::state::{Checkpoint, CrashVector, Entries, ViewNumber};
use crate::kv::{Command, Reply, Request, SessionRead, SessionReply, plain_client_message};
use crate::process::{fingerprint_enum, fingerprint_struct};
use crate::replicated_log::Index;
use std::sync::Arc;

/// A message of Viewstamped Replication. The small letters in the paper's messages are named in full.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// The primary has given operations their numbers.
    Prepare {
        /// v.
        view: ViewNumber,
        /// n, of the first of the operations.
        first: Index,
        /// m: the operations.
        entries: Entries,
        /// k: the last operation that the primary knows to be committed.
        commit: Index,
    },
    /// A backup has all operations of the view up to one.
    PrepareOk {
        /// v.
        view: ViewNumber,
        /// n.
        op: Index,
    },
    /// The primary is there, and has nothing new.
    Commit {
        /// v.
        view: ViewNumber,
        /// k.
        commit: Index,
    },
    /// A replica wants a new view.
    StartViewChange {
        /// v.
        view: ViewNumber,
    },
    /// What a replica knows, for the primary of the new view.
    DoViewChange(Arc<DoViewChange>),
    /// The new view has begun.
    StartView {
        /// v.
        view: ViewNumber,
        /// l: the log that the view begins with.
        state: Arc<LogState>,
        /// k.
        commit: Index,
    },
    /// A replica has lost all that it knew.
    Recovery {
        /// x: the number of its life, which no other of its lives has.
        nonce: u32,
    },
    /// The answer to it.
    RecoveryResponse(Arc<RecoveryResponse>),
    /// A replica lacks operations of a view.
    GetState {
        /// v: the view.
        view: ViewNumber,
        /// n': it has all up to here.
        after: Index,
    },
    /// The answer to it.
    NewState {
        /// v.
        view: ViewNumber,
        /// l: what comes after.
        state: Arc<LogState>,
        /// k.
        commit: Index,
    },
    /// A client's command.
    Request(Request),
    /// The answer to it.
    Reply(Reply),
    /// A client is asked to invoke a command.
    Invoke(Command),
    /// A read of a session, for any replica.
    SessionRead(SessionRead),
    /// The answer to a client of a session.
    SessionReply(SessionReply),
}

fingerprint_enum!(Message {
    0 => Prepare { view, first, entries, commit },
    1 => PrepareOk { view, op },
    2 => Commit { view, commit },
    3 => StartViewChange { view },
    4 => DoViewChange(body),
    5 => StartView { view, state, commit },
    6 => Recovery { nonce },
    7 => RecoveryResponse(body),
    8 => GetState { view, after },
    9 => NewState { view, state, commit },
    10 => Request(body),
    11 => Reply(body),
    12 => Invoke(body),
    13 => SessionRead(body),
    14 => SessionReply(body),
});

/// A log that travels: what comes after an operation, and a checkpoint that covers the rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogState {
    /// The checkpoint; none if the receiver has all before the log, or nothing was ever dropped.
    pub checkpoint: Option<Arc<Checkpoint>>,
    /// The last operation before the log.
    pub after: Index,
    /// The log.
    pub entries: Entries,
}

fingerprint_struct!(LogState { checkpoint, after, entries });

impl LogState {
    /// n: the last operation.
    pub fn op(&self) -> Index {
        self.after + self.entries.len() as u64
    }
}

/// What a replica knows, for the primary of the new view.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DoViewChange {
    /// v: the new view.
    pub view: ViewNumber,
    /// v': the latest view in which its status was normal.
    pub last_normal: ViewNumber,
    /// l: its log.
    pub state: LogState,
    /// k: the last operation that it knows to be committed.
    pub commit: Index,
    /// Whose lives it knows to have ended; its own life too.
    pub crash_vector: CrashVector,
}

fingerprint_struct!(DoViewChange { view, last_normal, state, commit, crash_vector });

/// The answer to a replica that recovers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecoveryResponse {
    /// v: the view that the sender is in.
    pub view: ViewNumber,
    /// x: the nonce that it answers.
    pub nonce: u32,
    /// Whose lives it knows to have ended; its own life too.
    pub crash_vector: CrashVector,
    /// l and k, if the sender is the primary of its view.
    pub state: Option<(LogState, Index)>,
}

fingerprint_struct!(RecoveryResponse { view, nonce, crash_vector, state });

impl RecoveryResponse {
    /// n: the last operation of the log that it carries; 0 without one.
    pub fn op(&self) -> Index {
        self.state.as_ref().map_or(0, |(state, _)| state.op())
    }
}

plain_client_message!(Message, SessionRead, SessionReply);
