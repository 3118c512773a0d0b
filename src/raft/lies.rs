//! What a liar may say in Raft. Nothing is signed and nobody compares what two followers were told, so whatever has the
//! right form is believed: Raft assumes that servers only stop ("Raft" 2, 5: safety holds "under all non-Byzantine
//! conditions").

use super::log::{Entries, Entry, Payload};
use super::message::{AppendEntries, AppendEntriesReply, Message, PreVoteReply, RequestVoteReply};
use crate::kv::{Reply, ReplyBody, Request, SessionReply};
use crate::process::{Alteration, Liar};
use std::sync::Arc;

/// A number, one up or one down.
fn moved(number: u64, how: Alteration) -> u64 {
    match how {
        Alteration::SequenceUp | Alteration::EpochUp => number.saturating_add(1),
        _ => number.saturating_sub(1),
    }
}

pub(super) fn altered(message: &Message, _: &Liar, how: Alteration) -> Option<Message> {
    match message {
        Message::AppendEntries(body) => append(body, how).map(Message::AppendEntries),
        Message::AppendEntriesReply(body) => append_reply(body, how).map(Message::AppendEntriesReply),
        Message::RequestVoteReply(body) => vote(body, how).map(Message::RequestVoteReply),
        Message::PreVoteReply(body) => {
            vote(&body.reply, how).map(|reply| Message::PreVoteReply(PreVoteReply { reply, ..body.clone() }))
        }
        Message::Reply(reply) => answer(reply, how).map(Message::Reply),
        Message::SessionReply(session) => answer(&session.reply, how)
            .map(|reply| Message::SessionReply(SessionReply { reply, applied: session.applied })),
        Message::RequestVote(_) | Message::PreVote(_) => None,
        Message::InstallSnapshot(_) | Message::InstallSnapshotReply(_) => None,
        Message::Request(_) | Message::Invoke(_) | Message::SessionRead(_) => None,
    }
}

fn append(body: &AppendEntries, how: Alteration) -> Option<AppendEntries> {
    let term = body.term;
    match how {
        Alteration::Value(number) => {
            let entries: Vec<Entry> = body.entries.iter().map(|entry| falsified(entry, number)).collect();
            Some(AppendEntries { entries: Entries::from(entries.as_slice()), ..body.clone() })
        }
        Alteration::Nil => Some(AppendEntries { entries: Entries::from([].as_slice()), ..body.clone() }),
        Alteration::SequenceUp | Alteration::SequenceDown => {
            Some(AppendEntries { leader_commit: moved(body.leader_commit, how), ..body.clone() })
        }
        Alteration::EpochUp | Alteration::EpochDown => Some(AppendEntries { term: moved(term, how), ..body.clone() }),
        Alteration::Digest | Alteration::Impersonate(_) => None,
    }
}

/// The entry with another value, where it has one.
fn falsified(entry: &Entry, number: u8) -> Entry {
    let Payload::Command(request) = &*entry.payload else { return entry.clone() };
    match request.command.falsified(number) {
        Some(command) => {
            Entry { payload: Arc::new(Payload::Command(Request { command, ..request.clone() })), ..entry.clone() }
        }
        None => entry.clone(),
    }
}

fn append_reply(body: &AppendEntriesReply, how: Alteration) -> Option<AppendEntriesReply> {
    match how {
        Alteration::Nil => Some(AppendEntriesReply { success: false, conflict: None, ..body.clone() }),
        Alteration::SequenceUp | Alteration::SequenceDown => {
            Some(AppendEntriesReply { match_index: moved(body.match_index, how), ..body.clone() })
        }
        Alteration::EpochUp | Alteration::EpochDown => {
            Some(AppendEntriesReply { term: moved(body.term, how), ..body.clone() })
        }
        Alteration::Value(_) | Alteration::Digest | Alteration::Impersonate(_) => None,
    }
}

fn vote(body: &RequestVoteReply, how: Alteration) -> Option<RequestVoteReply> {
    match how {
        Alteration::Value(_) => Some(RequestVoteReply { vote_granted: true, ..body.clone() }),
        Alteration::Nil => Some(RequestVoteReply { vote_granted: false, ..body.clone() }),
        Alteration::EpochUp | Alteration::EpochDown => {
            Some(RequestVoteReply { term: moved(body.term, how), ..body.clone() })
        }
        _ => None,
    }
}

fn answer(reply: &Reply, how: Alteration) -> Option<Reply> {
    match (&reply.body, how) {
        (ReplyBody::Answer(answer), Alteration::Value(number)) => {
            Some(Reply { body: ReplyBody::Answer(answer.falsified(number)), ..reply.clone() })
        }
        _ => None,
    }
}
