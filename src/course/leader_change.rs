//! The entry that does nothing (task 8): a real election, held just before that entry is replicated, and then let go.

use super::State;
use super::host::Cluster;
use super::message::{Answer, Answered, Count, Refusal, Request};
use super::values::{EntryText, to_entries};
use crate::process::NodeId;
use crate::raft::log::{Entries, Entry, Payload};
use crate::raft::message::AppendEntries;
use crate::raft::{Config, Durable, Message, Raft, RaftTimer, Role};
use serde::Deserialize;
use serde_json::json;

/// The new leader's place. Its name is the request's.
const LEADER: NodeId = NodeId(0);
/// The leader before it, who is gone.
const BEFORE: NodeId = NodeId(62);

/// A cluster whose new leader has appended its entry, and sent it to nobody yet.
#[derive(Debug)]
pub(super) struct Changed {
    cluster: Cluster<Raft>,
    commit_index: u64,
    noop_index: u64,
}

/// Settings under which the number of messages is that of the paper: no pre-vote, and so many entries in one message.
pub(super) fn plain(entries_per_message_max: u64) -> Config {
    Config { pre_vote: false, check_quorum: false, snapshot_threshold: 0, entries_per_message_max, ..Config::default() }
}

/// A cluster in which one server holds a log of which the others hold, and know, only what is committed.
pub(super) fn before_election(
    replicas: usize,
    term: u64,
    log: &[Entry],
    commit_index: u64,
    config: &Config,
) -> Cluster<Raft> {
    let disk = |entries: &[Entry]| {
        let mut disk = Durable { current_term: term, ..Durable::default() };
        disk.log.replace_after(0, entries);
        disk
    };
    let committed = &log[..commit_index as usize];
    let disks = (0..replicas).map(|place| disk(if place == 0 { log } else { committed })).collect();
    let mut cluster = Cluster::boot(config, disks);
    let told = AppendEntries {
        term,
        prev_log_index: commit_index,
        prev_log_term: committed.last().map_or(0, |entry| entry.term),
        entries: Entries::default(),
        leader_commit: commit_index,
        round: 0,
    };
    for place in 0..replicas as u16 {
        cluster.with(NodeId(place), |host| {
            host.receive(BEFORE, &Message::AppendEntries(told.clone()));
        });
    }
    cluster.take_told();
    cluster
}

/// `leader_change`: the new leader is elected by real votes, and appends its entry.
pub(super) fn leader_change(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        new_leader: String,
        new_term: Count,
        log: Vec<EntryText>,
        commit_index: Count,
    }
    let body: Body = request.read()?;
    let (new_term, commit_index) = (body.new_term.0, body.commit_index.0);
    let log = to_entries(&body.log, (0, 0), "log")?;
    if commit_index > log.len() as u64 {
        return Err(Refusal::malformed(
            "commit_index",
            format!("{commit_index} is behind the last entry {}", log.len()),
        ));
    }
    let last_term = log.last().map_or(0, |entry| entry.term);
    if new_term <= last_term {
        return Err(Refusal::malformed(
            "new_term",
            format!("{new_term} is not later than term {last_term} of the log"),
        ));
    }
    if new_term == 0 {
        return Err(Refusal::malformed("new_term", "terms of leaders begin with 1"));
    }
    let config = plain(1_000);
    let replicas = state.node_ids.len().max(3);
    let mut cluster = before_election(replicas, new_term - 1, &log, commit_index, &config);
    cluster.with(LEADER, |host| host.fire(RaftTimer::Election));
    // The votes go round; what the new leader then sends to replicate waits.
    let mut held = Vec::new();
    cluster.run(|mail| match &mail.message {
        Message::AppendEntries(_) => {
            held.push(mail.clone());
            None
        }
        message => Some(message.clone()),
    });
    let core = cluster.host(LEADER).process();
    let noop = core.log().iter().next_back().filter(|(_, entry)| matches!(*entry.payload, Payload::NoOp));
    let Some((noop_index, noop)) = noop.filter(|_| matches!(core.role_state(), Role::Leader(_))) else {
        return Err(Refusal::precondition("the core did not win the election"));
    };
    let noop_term = noop.term;
    let applied_early = core.last_applied() > commit_index;
    // Tried on a copy: is all applied, in order, once the entry is committed, and nothing before?
    let mut future = cluster.clone();
    held.iter().for_each(|mail| future.deliver(mail));
    future.run(|mail| Some(mail.message.clone()));
    let applied_after = future.host(LEADER).process().last_applied() == noop_index;
    let mut answer = Answer::reply(
        "leader_change_ok",
        json!({
            "noop_appended_at": noop_index, "noop_term": noop_term,
            "safe_to_apply_after_commit": !applied_early && applied_after && future.take_violations().is_empty(),
            "new_leader": body.new_leader,
        }),
    );
    answer.diagnostics.extend(cluster.take_violations());
    cluster.hold(held);
    state.leader_change = Some(Changed { cluster, commit_index, noop_index });
    Ok(answer)
}

/// `simulate_noop_commit`: what was held is delivered, and a majority acknowledges.
pub(super) fn simulate_noop_commit(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        noop_index: Count,
    }
    let Body { noop_index: Count(noop_index) } = request.read()?;
    let Some(changed) = &mut state.leader_change else {
        return Err(Refusal::precondition("no leader_change came before"));
    };
    if noop_index != changed.noop_index {
        return Err(Refusal::precondition(format!(
            "noop_index: the entry stands at {}, not at {noop_index}",
            changed.noop_index
        )));
    }
    changed.cluster.run(|mail| Some(mail.message.clone()));
    let new = changed.cluster.host(LEADER).process().commit_index();
    let now_committed: Vec<u64> = (changed.commit_index + 1..=new).collect();
    changed.commit_index = new;
    Ok(Answer::reply(
        "simulate_noop_commit_ok",
        json!({ "new_commit_index": new, "entries_now_committed": now_committed }),
    ))
}
