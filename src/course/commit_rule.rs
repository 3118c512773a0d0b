//! The commitment rule (task 6): which index a quorum has reached. A leading Raft core is asked.
//!
//! The core leads in a term of its own, takes a command for each step of the table, and hears from each follower how
//! far it is. What it then knows to be committed is the answer. Only the order of the indexes matters to the rule, so
//! the log has one entry for each index that occurs, however large the indexes are.
//!
//! The messages do not say the terms of the entries, so the rule that a leader counts only entries of its own term
//! (Raft, 5.4.2) cannot be looked at here: all entries are of the core's term. The replies say so in `note`, a field of
//! ours.

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use super::raft_node::RaftNode;
use super::values::COURSE_CLIENT;
use crate::kv::{self, Command};
use crate::process::NodeId;
use crate::raft::Message;
use crate::raft::message::AppendEntriesReply;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

const NOTE: &str = "if the entry there is of the current term: the request does not say its term";

/// The term in which the core leads.
const TERM: u64 = 1;

/// How far each server is, the leader with them, and what the core makes of it.
struct Table {
    held: Vec<u64>,
    quorum: usize,
    /// The highest index that a quorum has reached.
    reached: u64,
}

impl Table {
    fn new(match_indices: &BTreeMap<String, Count>) -> Result<Self, Refusal> {
        if !(1..=super::NODES_MAX).contains(&match_indices.len()) {
            return Err(Refusal::malformed(
                "match_indices",
                format!("1 to {} nodes, not {}", super::NODES_MAX, match_indices.len()),
            ));
        }
        let mut held: Vec<u64> = match_indices.values().map(|index| index.0).collect();
        // Nobody has more than the leader: it stands first.
        held.sort_unstable_by(|a, b| b.cmp(a));
        let mut steps: Vec<u64> = held.iter().copied().filter(|&index| index > 0).collect();
        steps.sort_unstable();
        steps.dedup();
        let leader = leader_that_hears(&held, &steps)?;
        let quorum = leader.host.seat().majority() as usize;
        let reached = (leader.core().commit_index() as usize)
            .checked_sub(1)
            .and_then(|step| steps.get(step))
            .copied()
            .unwrap_or(0);
        Ok(Self { held, quorum, reached })
    }
}

/// A core that leads, has an entry for each step, and hears from its followers how many steps each of them has made.
fn leader_that_hears(held: &[u64], steps: &[u64]) -> Result<RaftNode, Refusal> {
    let names: Vec<String> = (1..=held.len()).map(|place| format!("n{place}")).collect();
    let mut node = RaftNode::new(&names[0], &names);
    node.lead(TERM)?;
    for sequence in 1..=steps.len() as u64 {
        let command = Command::Put { key: "step".into(), value: sequence.to_string().into() };
        node.host.receive(COURSE_CLIENT, &Message::Request(kv::Request { client: COURSE_CLIENT, sequence, command }));
    }
    for (place, index) in held.iter().enumerate().skip(1) {
        let match_index = steps.partition_point(|step| step <= index) as u64;
        let reply = AppendEntriesReply {
            term: TERM,
            success: true,
            prev_log_index: match_index,
            match_index,
            conflict: None,
            round: 0,
        };
        node.host.receive(NodeId(place as u16), &Message::AppendEntriesReply(reply));
    }
    Ok(node)
}

/// `check_commit`.
pub(super) fn check_commit(_: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        log_length: Count,
        match_indices: BTreeMap<String, Count>,
        #[serde(rename = "current_term")]
        _current_term: Count,
    }
    let body: Body = request.read()?;
    let table = Table::new(&body.match_indices)?;
    let majority_count = table.held.iter().filter(|&&index| index >= body.log_length.0).count();
    let fields = json!({
        "new_commit_index": table.reached, "majority_count": majority_count,
        "quorum": table.quorum, "committed": table.reached >= body.log_length.0, "note": NOTE,
    });
    Ok(Answer::reply("check_commit_ok", fields))
}

/// `advance_commit`. A commit index never goes back.
pub(super) fn advance_commit(_: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        old_commit_index: Count,
        match_indices: BTreeMap<String, Count>,
        #[serde(rename = "current_term")]
        _current_term: Count,
    }
    let body: Body = request.read()?;
    let old = body.old_commit_index.0;
    let new = Table::new(&body.match_indices)?.reached.max(old);
    Ok(Answer::reply(
        "advance_commit_ok",
        json!({ "new_commit_index": new, "entries_committed": new - old, "note": NOTE }),
    ))
}
