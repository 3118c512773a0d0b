//! Raft against Multi-Paxos (task 15): what is known of both, and what a change of leaders costs.
//!
//! The course counts by a formula. Next to its number stands what a real change of leaders took, one entry in a message
//! as the formula has it, and again with the batches that the cores send.

use super::State;
use super::cost::{Cost, Counted};
use super::host::Cluster;
use super::leader_change::{before_election, plain};
use super::message::{Answer, Answered, Count, Refusal, Request};
use super::multi_paxos::leader_change as multi_paxos;
use crate::kv::{self, Command};
use crate::process::NodeId;
use crate::raft::log::{Entry, Payload};
use crate::raft::{Raft, RaftTimer};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// Most servers of a measured cluster.
const CLUSTER_MAX: u64 = 31;
/// Most entries that a new leader finds uncommitted.
const ENTRIES_MAX: u64 = 1_000;
/// Entries in one message where they are batched: as the cores' settings have it.
const BATCH: u64 = 64;

const WHY_RAFT: &str = "The formula counts one message to each follower for each uncommitted entry. The measured change also elects the leader, \
                        appends the entry of its own term, and counts the followers' answers; batched, many entries travel in one message. Heartbeats, and answers to them, are \
                        among the messages, and told apart.";

const WHY_MULTI_PAXOS: &str = "The formula counts one prepare and one promise for each follower. The measured change also finishes the open \
                               slots: the new leader proposes again what it finds accepted in each of them, and waits for a majority. Heartbeats, and \
                               answers to them, are among the messages, and told apart.";

/// `compare_consensus`: what the papers and the projects say.
pub(super) fn compare_consensus(_: &mut State, _: &Request<'_>) -> Answered {
    let comparison = json!({
        "raft": {
            "leader_change_cost": "O(uncommitted_entries)", "log_gaps": false, "understandability": "high",
            "production_users": ["etcd", "TiKV", "CockroachDB"],
        },
        "multi_paxos": {
            "leader_change_cost": "O(1) per slot", "log_gaps": true, "understandability": "low",
            "production_users": ["Chubby", "Spanner", "Megastore"],
        },
    });
    Ok(Answer::reply("compare_consensus_ok", json!({ "comparison": comparison })))
}

#[derive(Deserialize)]
struct Body {
    protocol: String,
    uncommitted_entries: Count,
    cluster_size: Count,
}

/// `simulate_leader_change_cost`.
pub(super) fn simulate_leader_change_cost(_: &mut State, request: &Request<'_>) -> Answered {
    let body: Body = request.read()?;
    let (entries, size) = (body.uncommitted_entries.0, body.cluster_size.0);
    if !(1..=CLUSTER_MAX).contains(&size) {
        return Err(Refusal::malformed("cluster_size", format!("1 to {CLUSTER_MAX}, not {size}")));
    }
    if entries > ENTRIES_MAX {
        return Err(Refusal::malformed("uncommitted_entries", format!("at most {ENTRIES_MAX}, not {entries}")));
    }
    let (messages, rounds, measured, why) = match body.protocol.as_str() {
        "raft" => (entries * (size - 1), entries, (raft(entries, size, 1)?, raft(entries, size, BATCH)?), WHY_RAFT),
        "multi_paxos" | "multi-paxos" => {
            (2 * (size - 1), 1, (multi_paxos(entries, size, 1)?, multi_paxos(entries, size, BATCH)?), WHY_MULTI_PAXOS)
        }
        _ => return Err(Refusal::malformed("protocol", "raft or multi_paxos")),
    };
    let fields = json!({
        "messages_needed": messages, "rounds_needed": rounds, "why_they_differ": why,
        "measured": measured.0.json(), "measured_batched": measured.1.json(),
    });
    Ok(Answer::reply("simulate_leader_change_cost_ok", fields))
}

/// Entries of a log, each a command.
pub(super) fn commands(count: u64, term: u64) -> Vec<Entry> {
    let command = |value: u64| Command::Put { key: "x".into(), value: value.to_string().into() };
    let request = |sequence| kv::Request { client: NodeId(63), sequence, command: command(sequence) };
    (1..=count).map(|sequence| Entry { term, payload: Arc::new(Payload::Command(request(sequence))) }).collect()
}

/// Elects a leader that holds so many uncommitted entries, and counts messages until all of them are committed.
fn raft(entries: u64, size: u64, batch: u64) -> Result<Cost, Refusal> {
    let log = commands(entries, 1);
    let mut cluster: Cluster<Raft> = before_election(size as usize, 1, &log, 0, &plain(batch));
    let leader = NodeId(0);
    cluster.with(leader, |host| host.fire(RaftTimer::Election));
    let mut counted = Counted::default();
    while cluster.host(leader).process().commit_index() <= entries {
        let Some(mail) = cluster.next() else { break };
        counted.add(&mail);
        cluster.deliver(&mail);
    }
    if size > 1 && cluster.host(leader).process().commit_index() <= entries {
        return Err(Refusal::unavailable("the core did not commit the entries"));
    }
    Ok(counted.cost())
}
