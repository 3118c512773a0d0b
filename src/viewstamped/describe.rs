//! How the messages of Viewstamped Replication are told apart and shown.

use super::message::{LogState, Message};
use super::state::CrashVector;
use crate::kv::Request;
use crate::process::{self, Field};
use crate::replicated_log::Index;

/// One operation, or the first and last of several.
fn operations(first: Index, last: Index) -> String {
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

fn lives(crash_vector: &CrashVector) -> Vec<u64> {
    crash_vector.lives().iter().map(|&life| u64::from(life)).collect()
}

/// Each entry with its viewstamp, view before op-number.
fn log_fields(state: &LogState) -> Vec<Field> {
    let entries = (state.after + 1..).zip(state.entries.iter());
    let texts = entries.map(|(op, entry)| format!("{}.{op} {}", entry.view, entry.payload));
    vec![
        Field::new("checkpoint up to", state.checkpoint.as_ref().map(|checkpoint| checkpoint.up_to)),
        Field::new("log after", state.after),
        Field::new("log", texts.collect::<Vec<_>>()),
        Field::new("op-number", state.op()),
    ]
}

fn fields(view: u64, state: &LogState, commit: Index) -> Vec<Field> {
    let mut fields = vec![Field::new("view", view)];
    fields.extend(log_fields(state));
    fields.push(Field::new("commit-number", commit));
    fields
}

impl process::Message for Message {
    const KINDS: &'static [&'static str] = &[
        "prepare",
        "prepare ok",
        "commit",
        "start view change",
        "do view change",
        "start view",
        "recovery",
        "recovery response",
        "get state",
        "new state",
        "request",
        "reply",
        "invoke",
        "session read",
        "session reply",
    ];

    fn kind(&self) -> u8 {
        match self {
            Self::Prepare { .. } => 0,
            Self::PrepareOk { .. } => 1,
            Self::Commit { .. } => 2,
            Self::StartViewChange { .. } => 3,
            Self::DoViewChange(_) => 4,
            Self::StartView { .. } => 5,
            Self::Recovery { .. } => 6,
            Self::RecoveryResponse(_) => 7,
            Self::GetState { .. } => 8,
            Self::NewState { .. } => 9,
            Self::Request(_) => 10,
            Self::Reply(_) => 11,
            Self::Invoke(_) => 12,
            Self::SessionRead(_) => 13,
            Self::SessionReply(_) => 14,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Self::Prepare { view, .. }
            | Self::PrepareOk { view, .. }
            | Self::Commit { view, .. }
            | Self::StartViewChange { view }
            | Self::StartView { view, .. }
            | Self::GetState { view, .. }
            | Self::NewState { view, .. } => *view,
            Self::DoViewChange(body) => body.view,
            Self::RecoveryResponse(body) => body.view,
            Self::Recovery { .. } | Self::Request(_) | Self::Reply(_) | Self::Invoke(_) => 0,
            Self::SessionRead(_) | Self::SessionReply(_) => 0,
        }
    }

    fn is_heartbeat(&self) -> bool {
        matches!(self, Self::Commit { .. })
    }

    fn label(&self) -> String {
        match self {
            Self::Prepare { first, entries, .. } => match &**entries {
                [entry] => format!("prepare {first}: {}", entry.payload),
                entries => format!("prepare {}", operations(*first, first + entries.len().max(1) as u64 - 1)),
            },
            Self::PrepareOk { op, .. } => format!("ok to {op}"),
            Self::Commit { commit, .. } => format!("commit {commit}"),
            Self::StartViewChange { view } => format!("start view change {view}"),
            Self::DoViewChange(body) => {
                format!("do view change {}: log of view {} to {}", body.view, body.last_normal, body.state.op())
            }
            Self::StartView { view, state, .. } => format!("start view {view}: log to {}", state.op()),
            Self::Recovery { nonce } => format!("recovery {nonce}"),
            Self::RecoveryResponse(body) => match &body.state {
                Some((state, _)) => format!("view {}: log to {}", body.view, state.op()),
                None => format!("view {}", body.view),
            },
            Self::GetState { view, after } => format!("get state of view {view} after {after}"),
            Self::NewState { state, .. } => format!("new state to {}", state.op()),
            Self::Request(Request { command, .. }) | Self::Invoke(command) => command.to_string(),
            Self::Reply(reply) => reply.body.to_string(),
            Self::SessionRead(read) => read.label(),
            Self::SessionReply(session) => session.reply.body.to_string(),
        }
    }

    fn fields(&self) -> Vec<Field> {
        match self {
            Self::Prepare { view, first, entries, commit } => vec![
                Field::new("view", *view),
                Field::new("op-number", *first),
                Field::new("requests", entries.iter().map(|entry| entry.payload.to_string()).collect::<Vec<_>>()),
                Field::new("commit-number", *commit),
            ],
            Self::PrepareOk { view, op } => vec![Field::new("view", *view), Field::new("op-number", *op)],
            Self::Commit { view, commit } => vec![Field::new("view", *view), Field::new("commit-number", *commit)],
            Self::StartViewChange { view } => vec![Field::new("view", *view)],
            Self::DoViewChange(body) => {
                let mut fields = fields(body.view, &body.state, body.commit);
                fields.insert(1, Field::new("latest normal view", body.last_normal));
                fields.push(Field::new("crash vector", lives(&body.crash_vector)));
                fields
            }
            Self::StartView { view, state, commit } | Self::NewState { view, state, commit } => {
                fields(*view, state, *commit)
            }
            Self::Recovery { nonce } => vec![Field::new("nonce", u64::from(*nonce))],
            Self::RecoveryResponse(body) => {
                let mut shown = match &body.state {
                    Some((state, commit)) => fields(body.view, state, *commit),
                    None => vec![Field::new("view", body.view)],
                };
                shown.push(Field::new("nonce", u64::from(body.nonce)));
                shown.push(Field::new("crash vector", lives(&body.crash_vector)));
                shown
            }
            Self::GetState { view, after } => vec![Field::new("view", *view), Field::new("after", *after)],
            Self::Request(request) => request.fields(),
            Self::Reply(reply) => reply.fields(),
            Self::SessionRead(read) => read.fields(),
            Self::SessionReply(session) => session.fields(),
            Self::Invoke(command) => vec![Field::new("command", command.to_string())],
        }
    }
}
