//! Log replication (task 1), log matching (task 2), commitment (task 3).

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use super::values::{COURSE_CLIENT, CommandText, EntryText, not_another, to_entries};
use crate::kv;
use crate::raft::Message;
use crate::raft::log::Entries;
use crate::raft::message::{AppendEntries, AppendEntriesReply, Conflict};
use serde::Deserialize;
use serde_json::{Value, json};

/// `raft_append`: a client's command, with the term in which the node is to lead. It becomes leader of that term first,
/// if it is not.
pub(super) fn raft_append(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        entry: Entry,
    }
    #[derive(Deserialize)]
    struct Entry {
        term: Count,
        command: CommandText,
    }
    let Body { entry } = request.read()?;
    let command = entry.command.to_command("entry.command")?;
    let command = command.ok_or_else(|| {
        Refusal::malformed("entry.command.op", "a client does not ask for an entry that does nothing")
    })?;
    state
        .raft
        .lead(entry.term.0)
        .map_err(|refusal| Refusal { text: format!("entry.term: {}", refusal.text), ..refusal })?;
    let index = append(state, command);
    let mut answer = Answer::none();
    state.raft.flush(&mut answer);
    if state.raft.core().log().last_index() < index {
        return Err(Refusal::precondition("the core did not append the entry"));
    }
    answer.reply = Some(("raft_append_ok", json!({ "index": index })));
    Ok(answer)
}

/// Hands a client's command to the leading core: the index that it gets.
pub(super) fn append(state: &mut State, command: kv::Command) -> u64 {
    let index = state.raft.core().log().last_index() + 1;
    let request = kv::Request { client: COURSE_CLIENT, sequence: index, command };
    state.raft.host.receive(COURSE_CLIENT, &Message::Request(request));
    index
}

/// `append_entries`: what a leader sends to a follower.
pub(super) fn append_entries(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        term: Count,
        leader_id: String,
        prev_log_index: Count,
        prev_log_term: Count,
        entries: Vec<EntryText>,
        leader_commit: Count,
    }
    let body: Body = request.read()?;
    let leader = state.raft.other_named(&body.leader_id, "leader_id")?;
    let entries = to_entries(&body.entries, (body.prev_log_index.0, body.prev_log_term.0), "entries")?;
    if let Some(last) = entries.last().filter(|last| last.term > body.term.0) {
        let problem = format!("{}, and a leader of term {} has no entries of later terms", last.term, body.term.0);
        return Err(Refusal::malformed(&format!("entries[{}].term", entries.len() - 1), problem));
    }
    for ((place, entry), index) in entries.iter().enumerate().zip(body.prev_log_index.0 + 1..) {
        not_another(state.raft.core().log(), index, entry, &format!("entries[{place}]"))?;
    }
    let message = AppendEntries {
        term: body.term.0,
        prev_log_index: body.prev_log_index.0,
        prev_log_term: body.prev_log_term.0,
        entries: Entries::from(entries.as_slice()),
        leader_commit: body.leader_commit.0,
        round: 0,
    };
    let message = Message::AppendEntries(message);
    // What is committed is never cut (5.4.3): a leader that asks for it breaks a promise, and gets no answer.
    if body.prev_log_index.0 < state.raft.core().commit_index()
        && let Some(broken) = state.raft.would_break(leader, &message)
    {
        return Err(Refusal::precondition(format!("entries: {broken}; nothing is changed")));
    }
    state.raft.host.receive(leader, &message);
    let mut told = None;
    for (_, sent) in state.raft.host.take_sent() {
        if let Message::AppendEntriesReply(reply) = sent {
            told = Some(reply);
        }
    }
    let Some(reply) = told else {
        let why = state.raft.host.take_violations().join("; ");
        return Err(Refusal::precondition(format!("the core gave no answer: {why}")));
    };
    let mut answer = Answer::reply("append_entries_ok", reply_body(&reply));
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// The reply of task 2. Its `term` is the paper's, and so is where a conflict may begin.
fn reply_body(reply: &AppendEntriesReply) -> Value {
    let mut body = json!({ "success": reply.success, "match_index": reply.match_index, "term": reply.term });
    if let (Some(conflict), Value::Object(fields)) = (&reply.conflict, &mut body) {
        fields.insert("conflict_index".into(), json!(conflict.index));
        fields.insert("conflict_term".into(), json!(conflict.term));
    }
    body
}

/// `append_entries_ok` of a follower: the leader learns how far it is. It gets no reply.
pub(super) fn append_entries_ok(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        success: bool,
        match_index: Option<Count>,
        term: Option<Count>,
        conflict_index: Option<Count>,
        conflict_term: Option<Count>,
    }
    let body: Body = request.read()?;
    let follower = state.raft.other_named(request.src, "src")?;
    let next_index = match state.raft.core().role_state() {
        crate::raft::Role::Leader(leader) => match leader.progress.get(follower.index()) {
            Some(progress) => progress.next_index(),
            None => return Err(Refusal::malformed("src", format!("{} is not of this cluster", request.src))),
        },
        _ => return Err(Refusal::precondition("the node does not lead, and has asked nothing")),
    };
    let match_index = match (body.success, body.match_index) {
        (true, None) => return Err(Refusal::malformed("match_index", "missing, and success needs it")),
        (true, Some(Count(index))) => index,
        (false, _) => 0,
    };
    let prev_log_index = if body.success { match_index } else { next_index.saturating_sub(1) };
    // A refusal that says no more sends the leader one entry back.
    let hinted = Conflict {
        term: body.conflict_term.map(|term| term.0),
        index: body.conflict_index.map_or(prev_log_index, |index| index.0).max(1),
    };
    let reply = AppendEntriesReply {
        term: body.term.map_or(state.raft.core().current_term(), |term| term.0),
        success: body.success,
        prev_log_index,
        match_index,
        conflict: (!body.success).then_some(hinted),
        round: 0,
    };
    state.raft.host.receive(follower, &Message::AppendEntriesReply(reply));
    let mut answer = Answer::none();
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// `commit_status`, ours: how far the node knows the log to be committed.
pub(super) fn commit_status(state: &mut State, _: &Request<'_>) -> Answered {
    let core = state.raft.core();
    let fields = json!({
        "commit_index": core.commit_index(), "last_log_index": core.log().last_index(), "term": core.current_term(),
    });
    Ok(Answer::reply("commit_status_ok", fields))
}
