//! Raft's messages as JSON, the fields of the paper's figures by their names; and what survives a crash as records.

use super::codec::{
    BYTES_PER_MESSAGE_MAX, Codec, ENTRIES_PER_MESSAGE_MAX, Pace, SNAPSHOT_THRESHOLD, SNAPSHOT_TRAILING,
};
use super::records::{Changes, Key, Records};
use super::wire::{
    PayloadWire, PieceReplyWire, PieceWire, ReplyWire, RequestWire, StoreWire, bounded, decoded, encoded, payload_wire,
    read_payload,
};
use crate::kv::Replica;
use crate::process::{Durable as _, NodeId};
use crate::raft::log::{Entries, Entry};
use crate::raft::message::{
    AppendEntries, AppendEntriesReply, Conflict, InstallSnapshot, InstallSnapshotReply, Message, PreVote, PreVoteReply,
    RequestVote, RequestVoteReply,
};
use crate::raft::state::{Snapshot, Write};
use crate::raft::{Config, Durable, Raft};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum MessageWire {
    RequestVote(VoteWire),
    RequestVoteReply(VoteReplyWire),
    PreVote {
        campaign: u64,
        request: VoteWire,
    },
    PreVoteReply {
        campaign: u64,
        reply: VoteReplyWire,
    },
    AppendEntries {
        term: u64,
        prev_log_index: u64,
        prev_log_term: u64,
        entries: Vec<EntryWire>,
        leader_commit: u64,
        round: u64,
    },
    AppendEntriesReply {
        term: u64,
        success: bool,
        prev_log_index: u64,
        match_index: u64,
        conflict: Option<ConflictWire>,
        round: u64,
    },
    InstallSnapshot {
        term: u64,
        snapshot: SnapshotWire,
        piece: Option<PieceWire>,
        round: u64,
    },
    InstallSnapshotReply {
        term: u64,
        match_index: u64,
        round: u64,
        piece: Option<PieceReplyWire>,
    },
    Request {
        request: RequestWire,
    },
    Reply {
        reply: ReplyWire,
    },
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
    request: PayloadWire,
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

/// Of what survives a crash, that of which there is one.
#[derive(Serialize, Deserialize)]
struct HeadWire {
    current_term: u64,
    voted_for: Option<u16>,
    base_index: u64,
    base_term: u64,
    /// The last index that the saved state covers, and its term.
    snapshot: Option<(u64, u64)>,
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

fn entry_wire(entry: &Entry) -> EntryWire {
    EntryWire { term: entry.term, request: payload_wire(&entry.payload) }
}

fn read_entry(entry: EntryWire) -> Result<Entry, String> {
    Ok(Entry { term: bounded(entry.term)?, payload: read_payload(entry.request) })
}

fn entries_wire(entries: &Entries) -> Vec<EntryWire> {
    entries.iter().map(entry_wire).collect()
}

fn read_entries(entries: Vec<EntryWire>) -> Result<Entries, String> {
    let entries: Result<Vec<Entry>, String> = entries.into_iter().map(read_entry).collect();
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
                Self::AppendEntries {
                    term,
                    prev_log_index,
                    prev_log_term,
                    entries: entries_wire(entries),
                    leader_commit,
                    round,
                }
            }
            Message::AppendEntriesReply(body) => {
                let AppendEntriesReply { term, success, prev_log_index, match_index, ref conflict, round } = *body;
                let conflict =
                    conflict.as_ref().map(|conflict| ConflictWire { term: conflict.term, index: conflict.index });
                Self::AppendEntriesReply { term, success, prev_log_index, match_index, conflict, round }
            }
            Message::InstallSnapshot(body) => {
                let piece = body.piece.map(Into::into);
                Self::InstallSnapshot { term: body.term, snapshot: (&*body.snapshot).into(), piece, round: body.round }
            }
            Message::InstallSnapshotReply(body) => {
                let piece = body.piece.map(Into::into);
                Self::InstallSnapshotReply { term: body.term, match_index: body.match_index, round: body.round, piece }
            }
            Message::Request(request) => Self::Request { request: request.into() },
            Message::Reply(reply) => Self::Reply { reply: reply.into() },
            // The simulator's workload says this to its own clients, and reads of sessions are the simulator's alone.
            Message::Invoke(_) | Message::SessionRead(_) | Message::SessionReply(_) => return None,
        })
    }

    fn read(self) -> Result<Message, String> {
        Ok(match self {
            Self::RequestVote(body) => Message::RequestVote(body.read()?),
            Self::RequestVoteReply(body) => Message::RequestVoteReply(body.read()?),
            Self::PreVote { campaign, request } => Message::PreVote(PreVote { campaign, request: request.read()? }),
            Self::PreVoteReply { campaign, reply } => {
                Message::PreVoteReply(PreVoteReply { campaign, reply: reply.read()? })
            }
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
            Self::InstallSnapshot { term, snapshot, piece, round } => Message::InstallSnapshot(InstallSnapshot {
                term: bounded(term)?,
                snapshot: snapshot.read()?,
                piece: piece.map(PieceWire::read).transpose()?,
                round: bounded(round)?,
            }),
            Self::InstallSnapshotReply { term, match_index, round, piece } => {
                Message::InstallSnapshotReply(InstallSnapshotReply {
                    term: bounded(term)?,
                    match_index: bounded(match_index)?,
                    round: bounded(round)?,
                    piece: piece.map(PieceReplyWire::read).transpose()?,
                })
            }
            Self::Request { request } => Message::Request(request.into()),
            Self::Reply { reply } => Message::Reply(reply.into()),
        })
    }
}

fn head_wire(disk: &Durable) -> HeadWire {
    let base_index = disk.log.base_index();
    HeadWire {
        current_term: disk.current_term,
        voted_for: disk.voted_for.map(|node| node.0),
        base_index,
        base_term: disk.log.term_at(base_index).unwrap_or_default(),
        snapshot: disk.snapshot.as_ref().map(|snapshot| (snapshot.last_included_index, snapshot.last_included_term)),
    }
}

impl Codec for Raft {
    fn config(pace: Pace) -> Config {
        Config {
            election_timeout_ticks_min: pace.election_timeout_ticks_min,
            election_timeout_ticks_max: pace.election_timeout_ticks_min.saturating_mul(2),
            heartbeat_ticks: pace.heartbeat_ticks,
            snapshot_threshold: SNAPSHOT_THRESHOLD,
            snapshot_trailing: SNAPSHOT_TRAILING,
            entries_per_message_max: ENTRIES_PER_MESSAGE_MAX,
            bytes_per_message_max: BYTES_PER_MESSAGE_MAX,
            ..Config::default()
        }
    }

    fn encode(message: &Message) -> Value {
        encoded(MessageWire::of(message))
    }

    fn decode(message: &Value) -> Result<Message, String> {
        decoded::<MessageWire>(message)?.read()
    }

    fn lay_down(disk: &mut Durable, write: &Write, changes: &mut Changes) {
        let (base_before, last_before, snapshot_before) =
            (disk.log.base_index(), disk.log.last_index(), disk.snapshot.clone());
        disk.apply(write);
        changes.remove_entries(base_before + 1..=last_before.min(disk.log.base_index()));
        changes.remove_entries(disk.log.last_index().max(base_before) + 1..=last_before);
        match write {
            Write::Append { after, entries } => {
                for (index, entry) in (after + 1..).zip(entries.iter()) {
                    changes.put(Key::Entry(index), &entry_wire(entry));
                }
            }
            Write::Vote { .. } => changes.put(Key::about(Self::PROTOCOL), &head_wire(disk)),
            Write::TakeSnapshot { snapshot, .. } | Write::InstallSnapshot { snapshot, .. } => {
                changes.put(Key::about(Self::PROTOCOL), &head_wire(disk));
                changes.put_state(snapshot_before.as_ref().map(|snapshot| &snapshot.store), &snapshot.store);
            }
        }
    }

    fn take_up(records: &Records) -> Result<Durable, String> {
        let mut durable = Durable::default();
        if let Some(head) = records.about::<HeadWire>(Self::PROTOCOL)? {
            durable.current_term = bounded(head.current_term)?;
            durable.voted_for = head.voted_for.map(NodeId);
            durable.log.restart_after(bounded(head.base_index)?, bounded(head.base_term)?);
            if let Some((last_included_index, last_included_term)) = head.snapshot {
                durable.snapshot =
                    Some(Arc::new(Snapshot { last_included_index, last_included_term, store: records.state()? }));
            }
        }
        let mut entries = Vec::new();
        for (expected, entry) in (durable.log.base_index() + 1..).zip(records.entries()) {
            let (index, entry) = entry?;
            if index != expected {
                return Err(format!("entry {expected} of the log is missing, and entry {index} is there"));
            }
            entries.push(read_entry(entry)?);
        }
        durable.log.replace_after(durable.log.base_index(), &entries);
        Ok(durable)
    }
}
