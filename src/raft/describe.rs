//! How Raft's messages are told apart and shown, and what a liar may make of them.

use super::message::{InstallSnapshot, InstallSnapshotReply, Message, RequestVote, RequestVoteReply};
use crate::process::{self, Alteration, Counted, Field, Liar};

impl RequestVote {
    fn fields(&self) -> Vec<Field> {
        vec![
            Field::new("term", self.term),
            Field::new("last log index", self.last_log_index),
            Field::new("last log term", self.last_log_term),
        ]
    }
}

impl RequestVoteReply {
    fn fields(&self) -> Vec<Field> {
        vec![Field::new("term", self.term), Field::new("vote granted", self.vote_granted)]
    }
}

impl process::Message for Message {
    const KINDS: &'static [&'static str] = &[
        "RequestVote",
        "RequestVote reply",
        "PreVote",
        "PreVote reply",
        "AppendEntries",
        "AppendEntries reply",
        "InstallSnapshot",
        "InstallSnapshot reply",
        "request",
        "reply",
        "invoke",
        "session read",
        "session reply",
    ];

    fn kind(&self) -> u8 {
        match self {
            Self::RequestVote(_) => 0,
            Self::RequestVoteReply(_) => 1,
            Self::PreVote(_) => 2,
            Self::PreVoteReply(_) => 3,
            Self::AppendEntries(_) => 4,
            Self::AppendEntriesReply(_) => 5,
            Self::InstallSnapshot(_) => 6,
            Self::InstallSnapshotReply(_) => 7,
            Self::Request(_) => 8,
            Self::Reply(_) => 9,
            Self::Invoke(_) => 10,
            Self::SessionRead(_) => 11,
            Self::SessionReply(_) => 12,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Self::RequestVote(body) => body.term,
            Self::PreVote(body) => body.request.term,
            Self::RequestVoteReply(body) => body.term,
            Self::PreVoteReply(body) => body.reply.term,
            Self::AppendEntries(body) => body.term,
            Self::AppendEntriesReply(body) => body.term,
            Self::InstallSnapshot(body) => body.term,
            Self::InstallSnapshotReply(body) => body.term,
            Self::Request(_) | Self::Reply(_) | Self::Invoke(_) | Self::SessionRead(_) | Self::SessionReply(_) => 0,
        }
    }

    fn counted(&self) -> Option<Counted> {
        match self {
            Self::RequestVoteReply(body) => body.vote_granted.then(|| Counted::in_epoch(body.term)),
            Self::AppendEntriesReply(body) => body.success.then(|| Counted::of_indexes(body.term, 1, body.match_index)),
            _ => None,
        }
    }

    fn is_heartbeat(&self) -> bool {
        match self {
            Self::AppendEntries(body) => body.entries.is_empty(),
            // An answer that moves nothing cannot be told from here; it is one to a heartbeat if it matches no more
            // than was asked.
            Self::AppendEntriesReply(body) => body.success && body.match_index == body.prev_log_index,
            _ => false,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::RequestVote(_) => "vote?".into(),
            Self::PreVote(_) => "would you vote?".into(),
            Self::RequestVoteReply(body) => if body.vote_granted { "yes" } else { "no" }.into(),
            Self::PreVoteReply(body) => if body.reply.vote_granted { "would" } else { "would not" }.into(),
            Self::AppendEntries(body) => match &*body.entries {
                [] => "heartbeat".into(),
                [entry] => format!("append {}: {}", body.prev_log_index + 1, entry.payload),
                entries => format!("append {}–{}", body.prev_log_index + 1, body.prev_log_index + entries.len() as u64),
            },
            Self::AppendEntriesReply(body) if body.success => format!("ok to {}", body.match_index),
            Self::AppendEntriesReply(body) => match &body.conflict {
                Some(conflict) => format!("no, from {}", conflict.index),
                None => format!("no: term {}", body.term),
            },
            Self::InstallSnapshot(InstallSnapshot { snapshot, piece: Some(piece), .. }) => {
                format!("snapshot to {}, from item {}", snapshot.last_included_index, piece.offset)
            }
            Self::InstallSnapshot(body) => format!("snapshot to {}", body.snapshot.last_included_index),
            Self::InstallSnapshotReply(InstallSnapshotReply { piece: Some(piece), .. }) => {
                format!("have {} items", piece.held)
            }
            Self::InstallSnapshotReply(body) => format!("have to {}", body.match_index),
            Self::Request(request) => request.command.to_string(),
            Self::Reply(reply) => reply.body.to_string(),
            Self::Invoke(command) => command.to_string(),
            Self::SessionRead(read) => read.label(),
            Self::SessionReply(session) => session.reply.body.to_string(),
        }
    }

    fn altered(&self, liar: &Liar, how: Alteration) -> Option<Self> {
        super::lies::altered(self, liar, how)
    }

    fn fields(&self) -> Vec<Field> {
        match self {
            Self::RequestVote(body) => body.fields(),
            Self::PreVote(body) => [body.request.fields(), vec![Field::new("campaign", body.campaign)]].concat(),
            Self::RequestVoteReply(body) => body.fields(),
            Self::PreVoteReply(body) => [body.reply.fields(), vec![Field::new("campaign", body.campaign)]].concat(),
            Self::AppendEntries(body) => vec![
                Field::new("term", body.term),
                Field::new("prev log index", body.prev_log_index),
                Field::new("prev log term", body.prev_log_term),
                Field::new(
                    "entries",
                    body.entries.iter().map(|entry| format!("{} ({})", entry.payload, entry.term)).collect::<Vec<_>>(),
                ),
                Field::new("leader commit", body.leader_commit),
                Field::new("round", body.round),
            ],
            Self::AppendEntriesReply(body) => vec![
                Field::new("term", body.term),
                Field::new("success", body.success),
                Field::new("prev log index", body.prev_log_index),
                Field::new("match index", body.match_index),
                Field::new("conflict term", body.conflict.as_ref().and_then(|conflict| conflict.term)),
                Field::new("conflict index", body.conflict.as_ref().map(|conflict| conflict.index)),
                Field::new("round", body.round),
            ],
            Self::InstallSnapshot(body) => {
                let mut fields = vec![
                    Field::new("term", body.term),
                    Field::new("last included index", body.snapshot.last_included_index),
                    Field::new("last included term", body.snapshot.last_included_term),
                    Field::new(
                        "state",
                        body.snapshot.store.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>(),
                    ),
                    Field::new("round", body.round),
                ];
                fields.extend(body.piece.iter().flat_map(|piece| piece.fields()));
                fields
            }
            Self::InstallSnapshotReply(body) => {
                let mut fields = vec![
                    Field::new("term", body.term),
                    Field::new("match index", body.match_index),
                    Field::new("round", body.round),
                ];
                fields.extend(body.piece.iter().flat_map(|piece| piece.fields()));
                fields
            }
            Self::Request(request) => request.fields(),
            Self::Reply(reply) => reply.fields(),
            Self::Invoke(command) => vec![Field::new("command", command.to_string())],
            Self::SessionRead(read) => read.fields(),
            Self::SessionReply(session) => session.fields(),
        }
    }
}
