//! The commitment rule as arithmetic (task 6): which index a quorum has reached.
//!
//! The messages do not say the terms of the entries, so the rule that a leader counts only entries of its own term (Raft, 5.4.2) cannot be looked at
//! here; the replies say so in `note`, a field of ours.

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use crate::process::{NodeId, Seat};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// Most servers of a table.
const SERVERS_MAX: usize = 1_000;

const NOTE: &str = "if the entry there is of the current term: the request does not say its term";

/// How far each server is, the leader with them.
struct Table {
    /// Highest first.
    held: Vec<u64>,
    quorum: usize,
}

impl Table {
    fn new(match_indices: &BTreeMap<String, Count>) -> Result<Self, Refusal> {
        if !(1..=SERVERS_MAX).contains(&match_indices.len()) {
            return Err(Refusal::malformed("match_indices", format!("1 to {SERVERS_MAX} nodes, not {}", match_indices.len())));
        }
        let mut held: Vec<u64> = match_indices.values().map(|index| index.0).collect();
        held.sort_unstable_by(|a, b| b.cmp(a));
        let quorum = Seat { id: NodeId(0), replicas: held.len() as u16 }.majority() as usize;
        Ok(Self { held, quorum })
    }

    /// The highest index that a quorum has reached.
    fn reached(&self) -> u64 {
        self.held[self.quorum - 1]
    }
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
        "new_commit_index": table.reached(), "majority_count": majority_count,
        "quorum": table.quorum, "committed": majority_count >= table.quorum, "note": NOTE,
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
    let new = Table::new(&body.match_indices)?.reached().max(old);
    Ok(Answer::reply("advance_commit_ok", json!({ "new_commit_index": new, "entries_committed": new - old, "note": NOTE })))
}
