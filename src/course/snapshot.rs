//! Snapshots (task 9, and the store track's sister of it): taken, installed, and what is left of the log.

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use super::state_machine::StateForm;
use super::values::{from_store, to_store};
use crate::raft::Message;
use crate::raft::message::InstallSnapshot;
use crate::raft::state::Snapshot;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `take_snapshot`: with `threshold` that of task 9, with `up_to_index` that of the store track.
pub(super) fn take_snapshot(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        threshold: Option<Count>,
        up_to_index: Option<Count>,
    }
    match request.read()? {
        Body { up_to_index: Some(Count(index)), threshold: None } => take_up_to(state, index),
        Body { threshold: Some(Count(threshold)), up_to_index: None } => take_at_threshold(state, threshold),
        Body { threshold: None, up_to_index: None } => Err(Refusal::malformed("threshold", "missing (or up_to_index)")),
        Body { .. } => Err(Refusal::malformed("up_to_index", "either this or threshold")),
    }
}

/// With at least so many entries in the log, all that is applied goes into the snapshot, and out of the log.
fn take_at_threshold(state: &mut State, threshold: u64) -> Answered {
    let base = state.raft.core().log().base_index();
    let held = state.raft.core().log().last_index() - base;
    if held >= threshold && state.raft.core().last_applied() > base {
        state.raft.host.with(|core, out| core.take_snapshot(0, out));
    }
    let core = state.raft.core();
    let snapshot = core.durable().snapshot.as_deref();
    let size = snapshot.map_or(0, |snapshot| from_store(&snapshot.store).to_string().len());
    let mut answer = Answer::reply(
        "take_snapshot_ok",
        json!({
            "snapshot_index": snapshot.map_or(0, |snapshot| snapshot.last_included_index),
            "snapshot_term": snapshot.map_or(0, |snapshot| snapshot.last_included_term),
            "state_size_bytes": size, "log_entries_trimmed": core.log().base_index() - base,
        }),
    );
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// A snapshot up to an index. Of an older state than that at hand, there is none but the last snapshot's.
fn take_up_to(state: &mut State, index: u64) -> Answered {
    let (last_applied, base) = (state.raft.core().last_applied(), state.raft.core().log().base_index());
    if index > last_applied {
        return Err(Refusal::precondition(format!(
            "up_to_index: {index} is not applied; the last that is, is {last_applied}"
        )));
    }
    if index != base {
        if index < base {
            return Err(Refusal::precondition(format!("up_to_index: the log before {base} is in a snapshot already")));
        }
        if index < last_applied {
            state_at(state, index)?;
        } else {
            state.raft.host.with(|core, out| core.take_snapshot(0, out));
        }
    }
    let snapshot = state.raft.core().durable().snapshot.clone();
    let Some(snapshot) = snapshot else { return Err(Refusal::precondition("up_to_index: nothing is applied")) };
    let mut answer = Answer::reply(
        "snapshot_ok",
        json!({ "last_included_index": snapshot.last_included_index, "last_included_term": snapshot.last_included_term }),
    );
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// A snapshot of an earlier state: the core boots again and applies up to there, takes it, and applies the rest.
fn state_at(state: &mut State, index: u64) -> Result<(), Refusal> {
    if state.raft.is_leader() {
        return Err(Refusal::precondition("up_to_index: a leader takes a snapshot of all that it has applied"));
    }
    let commit_index = state.raft.core().commit_index();
    let disk = state.raft.core().durable().clone();
    state.raft.restart(disk, index);
    state.raft.host.with(|core, out| core.take_snapshot(0, out));
    let disk = state.raft.core().durable().clone();
    state.raft.restart(disk, commit_index);
    Ok(())
}

/// `install_snapshot`: the leader sends a snapshot in place of entries.
pub(super) fn install_snapshot(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        snapshot_index: Count,
        snapshot_term: Count,
        state: Map<String, Value>,
    }
    let body: Body = request.read()?;
    let applied = install(state, body.snapshot_index.0, body.snapshot_term.0, &body.state)?;
    state.state_form = StateForm::Applied;
    let fields = json!({ "applied": applied, "new_last_applied": state.raft.core().last_applied() });
    let mut answer = Answer::reply("install_snapshot_ok", fields);
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// `seed_state`: as if a leader had sent a snapshot with this state.
pub(super) fn seed_state(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        state: Map<String, Value>,
        commit_index: Count,
        term: Count,
    }
    let body: Body = request.read()?;
    if !install(state, body.commit_index.0, body.term.0, &body.state)? {
        let own = state.raft.core().commit_index();
        return Err(Refusal::precondition(format!(
            "commit_index: the node has committed up to {own}, and does not go back"
        )));
    }
    let mut answer = Answer::reply("seed_state_ok", json!({}));
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// Whether the core took the snapshot in place of its own state: it does not take one that is older.
fn install(state: &mut State, index: u64, term: u64, content: &Map<String, Value>) -> Result<bool, Refusal> {
    let snapshot = Snapshot { last_included_index: index, last_included_term: term, store: to_store(content)? };
    let message = InstallSnapshot {
        term: state.raft.term_of_a_leader(term),
        snapshot: Arc::new(snapshot),
        piece: None,
        round: 0,
    };
    state.raft.host.take_rules();
    state.raft.hear_leader(&Message::InstallSnapshot(message));
    Ok(state.raft.host.take_rules().contains(&crate::raft::Rule::SnapshotInstalled))
}

/// `get_log_info`: what is left of the log. An empty one begins behind its snapshot.
pub(super) fn get_log_info(state: &mut State, _: &Request<'_>) -> Answered {
    let core = state.raft.core();
    let (base, last) = (core.log().base_index(), core.log().last_index());
    let snapshot_index = core.durable().snapshot.as_ref().map_or(0, |snapshot| snapshot.last_included_index);
    let fields = json!({ "first_index": base + 1, "last_index": last, "snapshot_index": snapshot_index, "total_entries": last - base });
    Ok(Answer::reply("get_log_info_ok", fields))
}
