//! Raft's messages and writes as JSON: the fields of the paper's figures, by their names.

use super::codec::{Codec, Pace};
use super::wire::{ReplyWire, RequestWire, StoreWire, bounded};
use crate::process::NodeId;
use crate::raft::log::{Entries, Entry, Payload};
use crate::raft::message::{
    AppendEntries, AppendEntriesReply, Conflict, InstallSnapshot, InstallSnapshotReply, Message, PreVote, PreVoteReply, RequestVote,
    RequestVoteReply,
};
use crate::raft::state::{Snapshot, Write};
use crate::raft::{Config, Raft};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum MessageWire {
    RequestVote(VoteWire),
    RequestVoteReply(VoteReplyWire),
    PreVote { campaign: u64, request: VoteWire },
    PreVoteReply { campaign: u64, reply: VoteReplyWire },
    AppendEntries { term: u64, prev_log_index: u64, prev_log_term: u64, entries: Vec<EntryWire>, leader_commit: u64, round: u64 },
    AppendEntriesReply { term: u64, success: bool, prev_log_index: u64, match_index: u64, conflict: Option<ConflictWire>, round: u64 },
    InstallSnapshot { term: u64, snapshot: SnapshotWire, round: u64 },
    InstallSnapshotReply { term: u64, match_index: u64, round: u64 },
    Request { request: RequestWire },
    Reply { reply: ReplyWire },
}

#[derive(Serialize, Deserialize)]
struct VoteWire {
    term: u64,
    last_log_index: u64,
    last_log_term: u64,
}

#[derive(Serialize, Deserialize)]
struct VoteReplyWire {
    term: u64,
    vote_granted: bool,
}

/// An entry; without a request it is a new leader's no-op.
#[derive(Serialize, Deserialize)]
struct EntryWire {
    term: u64,
    request: Option<RequestWire>,
}

#[derive(Serialize, Deserialize)]
struct ConflictWire {
    term: Option<u64>,
    index: u64,
}

#[derive(Serialize, Deserialize)]
struct SnapshotWire {
    last_included_index: u64,
    last_included_term: u64,
    store: StoreWire,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "write", rename_all = "snake_case")]
enum WriteWire {
    Vote { current_term: u64, voted_for: Option<u16> },
    Append { after: u64, entries: Vec<EntryWire> },
    TakeSnapshot { snapshot: SnapshotWire, drop_up_to: u64 },
    InstallSnapshot { snapshot: SnapshotWire },
}

impl From<&RequestVote> for VoteWire {
    fn from(body: &RequestVote) -> Self {
        Self { term: body.term, last_log_index: body.last_log_index, last_log_term: body.last_log_term }
    }
}

impl VoteWire {
    fn read(self) -> Result<RequestVote, String> {
        Ok(RequestVote {
            term: bounded(self.term)?,
            last_log_index: bounded(self.last_log_index)?,
            last_log_term: bounded(self.last_log_term)?,
        })
    }
}

impl From<&RequestVoteReply> for VoteReplyWire {
    fn from(body: &RequestVoteReply) -> Self {
        Self { term: body.term, vote_granted: body.vote_granted }
    }
}

impl VoteReplyWire {
    fn read(self) -> Result<RequestVoteReply, String> {
        Ok(RequestVoteReply { term: bounded(self.term)?, vote_granted: self.vote_granted })
    }
}

fn entries_wire(entries: &Entries) -> Vec<EntryWire> {
    let request = |entry: &Entry| match &*entry.payload {
        Payload::NoOp => None,
        Payload::Command(request) => Some(request.into()),
    };
    entries.iter().map(|entry| EntryWire { term: entry.term, request: request(entry) }).collect()
}

fn read_entries(entries: Vec<EntryWire>) -> Result<Entries, String> {
    let entry = |entry: EntryWire| {
        let payload = entry.request.map_or(Payload::NoOp, |request| Payload::Command(request.into()));
        Ok(Entry { term: bounded(entry.term)?, payload: Arc::new(payload) })
    };
    let entries: Result<Vec<Entry>, String> = entries.into_iter().map(entry).collect();
    Ok(Entries::from(entries?.as_slice()))
}

impl From<&Snapshot> for SnapshotWire {
    fn from(snapshot: &Snapshot) -> Self {
        Self {
            last_included_index: snapshot.last_included_index,
            last_included_term: snapshot.last_included_term,
            store: (&snapshot.store).into(),
        }
    }
}

impl SnapshotWire {
    fn read(self) -> Result<Arc<Snapshot>, String> {
        Ok(Arc::new(Snapshot {
            last_included_index: bounded(self.last_included_index)?,
            last_included_term: bounded(self.last_included_term)?,
            store: self.store.into(),
        }))
    }
}

impl MessageWire {
    fn of(message: &Message) -> Option<Self> {
        Some(match message {
            Message::RequestVote(body) => Self::RequestVote(body.into()),
            Message::RequestVoteReply(body) => Self::RequestVoteReply(body.into()),
            Message::PreVote(body) => Self::PreVote { campaign: body.campaign, request: (&body.request).into() },
            Message::PreVoteReply(body) => Self::PreVoteReply { campaign: body.campaign, reply: (&body.reply).into() },
            Message::AppendEntries(body) => {
                let AppendEntries { term, prev_log_index, prev_log_term, ref entries, leader_commit, round } = *body;
                Self::AppendEntries { term, prev_log_index, prev_log_term, entries: entries_wire(entries), leader_commit, round }
            }
            Message::AppendEntriesReply(body) => {
                let AppendEntriesReply { term, success, prev_log_index, match_index, ref conflict, round } = *body;
                let conflict = conflict.as_ref().map(|conflict| ConflictWire { term: conflict.term, index: conflict.index });
                Self::AppendEntriesReply { term, success, prev_log_index, match_index, conflict, round }
            }
            Message::InstallSnapshot(body) => {
                Self::InstallSnapshot { term: body.term, snapshot: (&*body.snapshot).into(), round: body.round }
            }
            Message::InstallSnapshotReply(body) => {
                Self::InstallSnapshotReply { term: body.term, match_index: body.match_index, round: body.round }
            }
            Message::Request(request) => Self::Request { request: request.into() },
            Message::Reply(reply) => Self::Reply { reply: reply.into() },
            // The simulator's workload says this to its own clients.
            Message::Invoke(_) => return None,
        })
    }

    fn read(self) -> Result<Message, String> {
        Ok(match self {
            Self::RequestVote(body) => Message::RequestVote(body.read()?),
            Self::RequestVoteReply(body) => Message::RequestVoteReply(body.read()?),
            Self::PreVote { campaign, request } => Message::PreVote(PreVote { campaign, request: request.read()? }),
            Self::PreVoteReply { campaign, reply } => Message::PreVoteReply(PreVoteReply { campaign, reply: reply.read()? }),
            Self::AppendEntries { term, prev_log_index, prev_log_term, entries, leader_commit, round } => {
                Message::AppendEntries(AppendEntries {
                    term: bounded(term)?,
                    prev_log_index: bounded(prev_log_index)?,
                    prev_log_term: bounded(prev_log_term)?,
                    entries: read_entries(entries)?,
                    leader_commit: bounded(leader_commit)?,
                    round: bounded(round)?,
                })
            }
            Self::AppendEntriesReply { term, success, prev_log_index, match_index, conflict, round } => {
                let read = |conflict: ConflictWire| -> Result<Conflict, String> {
                    Ok(Conflict { term: conflict.term.map(bounded).transpose()?, index: bounded(conflict.index)? })
                };
                Message::AppendEntriesReply(AppendEntriesReply {
                    term: bounded(term)?,
                    success,
                    prev_log_index: bounded(prev_log_index)?,
                    match_index: bounded(match_index)?,
                    conflict: conflict.map(read).transpose()?,
                    round: bounded(round)?,
                })
            }
            Self::InstallSnapshot { term, snapshot, round } => {
                Message::InstallSnapshot(InstallSnapshot { term: bounded(term)?, snapshot: snapshot.read()?, round: bounded(round)? })
            }
            Self::InstallSnapshotReply { term, match_index, round } => Message::InstallSnapshotReply(InstallSnapshotReply {
                term: bounded(term)?,
                match_index: bounded(match_index)?,
                round: bounded(round)?,
            }),
            Self::Request { request } => Message::Request(request.into()),
            Self::Reply { reply } => Message::Reply(reply.into()),
        })
    }
}

impl WriteWire {
    fn of(write: &Write) -> Self {
        match write {
            Write::Vote { current_term, voted_for } => Self::Vote { current_term: *current_term, voted_for: voted_for.map(|node| node.0) },
            Write::Append { after, entries } => Self::Append { after: *after, entries: entries_wire(entries) },
            Write::TakeSnapshot { snapshot, drop_up_to } => Self::TakeSnapshot { snapshot: (&**snapshot).into(), drop_up_to: *drop_up_to },
            // Only a mutation keeps a tail, and a node has none.
            Write::InstallSnapshot { snapshot, keep_tail: _ } => Self::InstallSnapshot { snapshot: (&**snapshot).into() },
        }
    }

    fn read(self) -> Result<Write, String> {
        Ok(match self {
            Self::Vote { current_term, voted_for } => {
                Write::Vote { current_term: bounded(current_term)?, voted_for: voted_for.map(NodeId) }
            }
            Self::Append { after, entries } => Write::Append { after: bounded(after)?, entries: read_entries(entries)? },
            Self::TakeSnapshot { snapshot, drop_up_to } => {
                Write::TakeSnapshot { snapshot: snapshot.read()?, drop_up_to: bounded(drop_up_to)? }
            }
            Self::InstallSnapshot { snapshot } => Write::InstallSnapshot { snapshot: snapshot.read()?, keep_tail: false },
        })
    }
}

impl Codec for Raft {
    fn config(pace: Pace) -> Config {
        Config {
            election_timeout_ticks_min: pace.election_timeout_ticks_min,
            election_timeout_ticks_max: pace.election_timeout_ticks_min.saturating_mul(2),
            heartbeat_ticks: pace.heartbeat_ticks,
            ..Config::default()
        }
    }

    fn encode(message: &Message) -> Value {
        MessageWire::of(message).and_then(|wire| serde_json::to_value(wire).ok()).unwrap_or(Value::Null)
    }

    fn decode(message: &Value) -> Result<Message, String> {
        MessageWire::deserialize(message).map_err(|error| error.to_string())?.read()
    }

    fn encode_write(write: &Write) -> Value {
        serde_json::to_value(WriteWire::of(write)).unwrap_or(Value::Null)
    }

    fn decode_write(write: &Value) -> Result<Write, String> {
        WriteWire::deserialize(write).map_err(|error| error.to_string())?.read()
    }
}
