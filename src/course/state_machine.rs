//! Applying what is committed (task 4) and the apply channel (task 7).

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use super::values::{EntryText, from_answer, from_store, not_another, not_falling, to_entries};
use crate::raft::log::{Entries, Payload};
use crate::raft::message::AppendEntries;
use crate::raft::{Durable, Message};
use serde::Deserialize;
use serde_json::{Value, json};

/// What `get_state` asks for: three tasks use the name, and what came before tells them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum StateForm {
    /// The election track: role and term.
    #[default]
    Role,
    /// Task 4, after `seed_committed_log`.
    Seeded,
    /// Tasks 7 and 9, after `apply_entries` or `install_snapshot`.
    Applied,
}

/// `get_state`.
pub(super) fn get_state(state: &mut State, _: &Request<'_>) -> Answered {
    let (role, term) = (state.raft.role_name(), state.raft.core().current_term());
    let applied = |kind| {
        let core = state.raft.core();
        let fields = json!({ "state": from_store(core.store()), "last_applied": core.last_applied(), "role": role, "term": term });
        Answer::reply(kind, fields)
    };
    Ok(match state.state_form {
        StateForm::Role => Answer::reply("state_reply", json!({ "state": role, "term": term })),
        StateForm::Seeded => applied("state_reply"),
        StateForm::Applied => applied("get_state_ok"),
    })
}

/// `seed_committed_log`: the node boots with this log on its disk, and a leader tells it what is committed.
pub(super) fn seed_committed_log(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        entries: Vec<EntryText>,
        commit_index: Count,
    }
    let Body { entries, commit_index } = request.read()?;
    let entries = to_entries(&entries, (0, 0), "entries")?;
    if commit_index.0 > entries.len() as u64 {
        return Err(Refusal::malformed(
            "commit_index",
            format!("{} is behind the last entry {}", commit_index.0, entries.len()),
        ));
    }
    let own = state.raft.core().durable();
    let mut disk = Durable { current_term: own.current_term, voted_for: own.voted_for, ..Durable::default() };
    if entries.last().is_some_and(|last| last.term > disk.current_term) {
        disk.voted_for = None;
    }
    disk.log.replace_after(0, &entries);
    state.raft.restart(disk, commit_index.0);
    state.state_form = StateForm::Seeded;
    let mut answer = Answer::reply("seed_committed_log_ok", json!({}));
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// `apply_entries`: a leader sends entries that are committed. What was applied already is passed over; a gap is an
/// error, and nothing is applied then.
pub(super) fn apply_entries(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        entries: Vec<EntryText>,
    }
    let Body { entries: texts } = request.read()?;
    let last_applied = state.raft.core().last_applied();
    let mut fresh = Vec::new();
    let mut term = state.raft.core().log().term_at(last_applied).unwrap_or_default();
    for (place, text) in texts.iter().enumerate() {
        let index = text.index.ok_or_else(|| Refusal::malformed(&format!("entries[{place}].index"), "missing"))?.0;
        let expected = last_applied + 1 + fresh.len() as u64;
        if index > expected {
            let problem = format!("a gap: {index} where {expected} must follow; nothing is applied");
            return Err(Refusal::malformed(&format!("entries[{place}].index"), problem));
        }
        // What repeats an entry of this very batch is passed over, too.
        if index == expected {
            let place = format!("entries[{place}]");
            let entry = text.to_entry(index, &place)?;
            term = not_falling(term, &entry, &place)?;
            not_another(state.raft.core().log(), index, &entry, &place)?;
            fresh.push(entry);
        }
    }
    let mut results = Vec::new();
    for (index, entry) in (last_applied + 1..).zip(fresh) {
        let message = AppendEntries {
            term: state.raft.term_of_a_leader(entry.term),
            prev_log_index: index - 1,
            prev_log_term: state.raft.core().log().term_at(index - 1).unwrap_or_default(),
            entries: Entries::from([entry.clone()].as_slice()),
            leader_commit: index,
            round: 0,
        };
        state.raft.hear_leader(&Message::AppendEntries(message));
        results.push(json!({ "index": index, "result": result_of(state, index) }));
    }
    state.state_form = StateForm::Applied;
    let fields = json!({ "results": results, "last_applied": state.raft.core().last_applied() });
    let mut answer = Answer::reply("apply_entries_ok", fields);
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// What the state machine answered to the entry that it has just applied.
fn result_of(state: &State, index: u64) -> Value {
    let core = state.raft.core();
    match core.log().get(index).map(|entry| &*entry.payload) {
        Some(Payload::Command(request)) => {
            core.store().answered(request.client, request.sequence).map_or(Value::Null, from_answer)
        }
        _ => json!("ok"),
    }
}
