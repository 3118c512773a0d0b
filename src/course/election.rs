//! Elections: states, heartbeats, timeouts, votes, terms (the track before), and the election restriction (task 5).

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use crate::process::MILLISECOND;
use crate::raft::message::{RequestVote, RequestVoteReply};
use crate::raft::{Message, RaftTimer};
use serde::Deserialize;
use serde_json::json;

/// The longest wait that a node is told to wait.
const WAIT_MS_MAX: u64 = 60_000;

#[derive(Deserialize)]
struct Term {
    term: Count,
}

/// `become_leader`: the election timer fires, and the others vote for the node.
pub(super) fn become_leader(state: &mut State, request: &Request<'_>) -> Answered {
    let Term { term } = request.read()?;
    state.raft.lead(term.0)?;
    let mut answer = Answer::reply("become_leader_ok", json!({}));
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// `set_term`: a server of that term speaks, and the node adopts it. It has then voted for nobody.
pub(super) fn set_term(state: &mut State, request: &Request<'_>) -> Answered {
    let Term { term: Count(term) } = request.read()?;
    let own = state.raft.core().current_term();
    if term < own {
        return Err(Refusal::precondition(format!("the node is in term {own}, and terms never go back to {term}")));
    }
    if term == own && state.raft.core().durable().voted_for.is_some() {
        return Err(Refusal::precondition(format!(
            "the node has voted in term {term}, and a vote cannot be taken back"
        )));
    }
    state.raft.adopt_term(term);
    let mut answer = Answer::reply("set_term_ok", json!({}));
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// `wait`: time passes. It gets no reply; the leader's first round of heartbeats is printed, whatever follows it.
pub(super) fn wait(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Wait {
        duration_ms: Count,
    }
    let Wait { duration_ms: Count(duration_ms) } = request.read()?;
    if duration_ms > WAIT_MS_MAX {
        return Err(Refusal::malformed("duration_ms", format!("at most {WAIT_MS_MAX}, not {duration_ms}")));
    }
    let mut answer = Answer::none();
    let raft = &mut state.raft;
    let until = raft.host.now() + duration_ms * MILLISECOND;
    let mut shown = false;
    while let Some(timer) = raft.host.step_until(until) {
        let mut sent = Answer::none();
        raft.flush(&mut sent);
        answer.diagnostics.append(&mut sent.diagnostics);
        if timer == RaftTimer::Heartbeat && !shown {
            shown = true;
            answer.unsolicited.append(&mut sent.to_peers);
        } else {
            answer.to_peers.append(&mut sent.to_peers);
        }
    }
    Ok(answer)
}

/// `get_election_timeout`: a new one is drawn each time, as each heartbeat would have it drawn.
pub(super) fn get_election_timeout(state: &mut State, _: &Request<'_>) -> Answered {
    let config = super::raft_node::figure_2();
    let (min, max) = (config.election_timeout_ticks_min / MILLISECOND, config.election_timeout_ticks_max / MILLISECOND);
    let ticks = state.raft.host.draw_timer(RaftTimer::Election, min * MILLISECOND, max * MILLISECOND);
    Ok(Answer::reply("election_timeout_reply", json!({ "timeout_ms": ticks / MILLISECOND })))
}

/// `trigger_election_timeout`: the node has heard from no leader for too long. A leader has no such timeout.
pub(super) fn trigger_election_timeout(state: &mut State, _: &Request<'_>) -> Answered {
    state.raft.host.fire(RaftTimer::Election);
    let mut answer = Answer::reply("trigger_election_timeout_ok", json!({}));
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// `request_vote`: a candidate asks for the node's vote.
pub(super) fn request_vote(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        term: Count,
        candidate_id: String,
        #[serde(default = "zero")]
        last_log_index: Count,
        #[serde(default = "zero")]
        last_log_term: Count,
    }
    let Body { term, candidate_id, last_log_index, last_log_term } = request.read()?;
    let candidate = state.raft.other_named(&candidate_id, "candidate_id")?;
    let message = RequestVote { term: term.0, last_log_index: last_log_index.0, last_log_term: last_log_term.0 };
    state.raft.host.receive(candidate, &Message::RequestVote(message));
    let mut vote = None;
    for (_, sent) in state.raft.host.take_sent() {
        if let Message::RequestVoteReply(reply) = sent {
            vote = Some(reply);
        }
    }
    let mut answer = Answer::none();
    state.raft.flush(&mut answer);
    let Some(RequestVoteReply { term, vote_granted }) = vote else {
        return Err(Refusal::precondition("the core gave no answer"));
    };
    answer.reply = Some(("request_vote_ok", json!({ "term": term, "vote_granted": vote_granted })));
    Ok(answer)
}

/// `request_vote_ok` of a peer: a candidate counts it. It gets no reply.
pub(super) fn request_vote_ok(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        term: Count,
        vote_granted: bool,
    }
    let Body { term, vote_granted } = request.read()?;
    let voter = state.raft.other_named(request.src, "src")?;
    if !state.raft.host.seat().is_replica(voter) {
        return Err(Refusal::malformed("src", format!("{} is not of this cluster", request.src)));
    }
    state.raft.host.receive(voter, &Message::RequestVoteReply(RequestVoteReply { term: term.0, vote_granted }));
    let mut answer = Answer::none();
    state.raft.flush(&mut answer);
    Ok(answer)
}

/// An empty log has no last entry: index and term 0.
fn zero() -> Count {
    Count(0)
}
