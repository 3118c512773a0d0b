//! Byzantine faults (task 16): a vocabulary, and algorithms that trust everyone with a liar among them.
//!
//! The demonstrations run real cores. The liar's core is honest too; what it sends is rewritten on its way. Then a client's view of the honest
//! servers says whether they agree, and whether what they hold is what was asked for.

use super::State;
use super::host::Cluster;
use super::leader_change::{before_election, plain};
use super::message::{Answer, Answered, Refusal, Request};
use super::paxos::{choose, propose, quorums};
use crate::kv::{self, Command};
use crate::process::{NodeId, NodeSet};
use crate::raft::log::{Entries, Entry, Payload};
use crate::raft::message::{AppendEntries, AppendEntriesReply};
use crate::raft::{self, Message, Raft, RaftTimer};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// A kind of fault: scenario, type, and an example.
struct Fault(&'static str, &'static str, &'static str);

const FAULTS: &[Fault] = &[
    Fault("node_stops_responding", "crash", "a power failure"),
    Fault("node_crashes_and_restarts", "crash", "a process that is killed and started again from its disk"),
    Fault("message_lost", "omission", "a full queue in a switch"),
    Fault("message_delayed", "omission", "a congested link"),
    Fault("network_partition", "omission", "a cable that is cut"),
    Fault("node_sends_different_values_to_different_peers", "byzantine", "equivocation attack"),
    Fault("memory_bit_flip", "byzantine", "a cosmic ray in memory without error correction"),
    Fault("compromised_node", "byzantine", "an attacker who controls a server"),
    Fault("forged_sender", "byzantine", "a message in another server's name"),
    Fault("wrong_computation_result", "byzantine", "a bug that lets replicas compute different results"),
    Fault("node_lies_about_its_log", "byzantine", "a vote for a candidate that lacks committed entries"),
];

/// `classify_fault`.
pub(super) fn classify_fault(_: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        scenario: String,
    }
    let Body { scenario } = request.read()?;
    let Some(Fault(_, kind, example)) = FAULTS.iter().find(|fault| fault.0 == scenario) else {
        let known: Vec<&str> = FAULTS.iter().map(|fault| fault.0).collect();
        return Err(Refusal::malformed("scenario", format!("unknown; known are {}", known.join(", "))));
    };
    let fields = json!({ "fault_type": kind, "cft_handles": *kind != "byzantine", "bft_handles": true, "example": example });
    Ok(Answer::reply("classify_fault_ok", fields))
}

/// `byzantine_examples`.
pub(super) fn byzantine_examples(_: &mut State, _: &Request<'_>) -> Answered {
    let example = |name: &str, description: &str| json!({ "name": name, "description": description, "fault_type": "byzantine" });
    let examples = [
        example("hardware_bit_flip", "Memory corruption changes stored value silently"),
        example("compromised_node", "Attacker controls node, sends malicious messages"),
        example("software_bug", "Bug causes node to return wrong computation result"),
    ];
    Ok(Answer::reply("byzantine_examples_ok", json!({ "examples": examples })))
}

/// What the liar does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behavior {
    /// It tells different peers different things.
    Equivocation,
    /// It tells all the same, and not what the client asked for.
    WrongValue,
    /// As a follower it acknowledges what it has not written down.
    FalseAcknowledgement,
    /// It says nothing: a fault that these algorithms are made for.
    Silence,
}

const BEHAVIORS: &[(&str, Behavior)] = &[
    ("equivocation", Behavior::Equivocation),
    ("wrong_value", Behavior::WrongValue),
    ("false_acknowledgement", Behavior::FalseAcknowledgement),
    ("silence", Behavior::Silence),
];

/// What came of a demonstration.
struct Shown {
    /// A value counts as decided on an honest server's word.
    consensus_reached: bool,
    /// All honest servers that hold a value hold the one that was asked for.
    value_correct: bool,
    /// What each server holds.
    held: Vec<Option<String>>,
}

/// `cft_failure_demo`.
pub(super) fn cft_failure_demo(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        algorithm: String,
        byzantine_node: String,
        behavior: String,
    }
    let body: Body = request.read()?;
    let Some((_, behavior)) = BEHAVIORS.iter().find(|(name, _)| *name == body.behavior) else {
        let known: Vec<&str> = BEHAVIORS.iter().map(|(name, _)| *name).collect();
        return Err(Refusal::malformed("behavior", format!("unknown; known are {}", known.join(", "))));
    };
    // The node's own cluster, or three servers where it has not that many.
    let mut names = if state.node_ids.len() >= 3 { state.node_ids.clone() } else { (1..=3).map(|place| format!("n{place}")).collect() };
    let Some(liar) = names.iter().position(|name| *name == body.byzantine_node) else {
        return Err(Refusal::malformed("byzantine_node", format!("none of {}", names.join(", "))));
    };
    let shown = match body.algorithm.as_str() {
        "raft" => raft_with_liar(names.len(), NodeId(liar as u16), *behavior),
        "paxos" => {
            // Three servers, the liar where their two quorums meet.
            let liar = names.remove(liar);
            names.truncate(2);
            names.insert(1, liar);
            paxos_with_liar(*behavior)
        }
        _ => return Err(Refusal::malformed("algorithm", "raft or paxos")),
    };
    let reason = if shown.value_correct {
        format!("{}_tolerates_this_fault", body.algorithm)
    } else {
        format!("{}_trusted_byzantine_node_response", body.algorithm)
    };
    let fields = json!({
        "consensus_reached": shown.consensus_reached, "value_correct": shown.value_correct, "reason": reason,
        "asked_for": ASKED_FOR, "held": names.iter().cloned().zip(shown.held.into_iter().map(|held| json!(held)))
            .collect::<serde_json::Map<_, _>>(),
    });
    Ok(Answer::reply("cft_failure_demo_ok", fields))
}

/// What the client asks for, and what the liar says in its place.
const ASKED_FOR: &str = "right";
const LIE: &str = "wrong";

/// The same entries with another value in each command.
fn rewritten(request: &AppendEntries) -> Message {
    let rewrite = |entry: &Entry| {
        let Payload::Command(asked) = &*entry.payload else { return entry.clone() };
        let command = Command::Put { key: asked.command.key().clone(), value: LIE.into() };
        Entry { term: entry.term, payload: Arc::new(Payload::Command(kv::Request { command, ..asked.clone() })) }
    };
    let entries: Vec<Entry> = request.entries.iter().map(rewrite).collect();
    Message::AppendEntries(AppendEntries { entries: Entries::from(entries.as_slice()), ..request.clone() })
}

/// A Raft cluster in which one server lies: as leader about a command, as follower about what it has written.
fn raft_with_liar(replicas: usize, liar: NodeId, behavior: Behavior) -> Shown {
    let leads = matches!(behavior, Behavior::Equivocation | Behavior::WrongValue);
    let leader = if leads { liar } else { NodeId(u16::from(liar.0 == 0)) };
    let mut cluster: Cluster<Raft> = before_election(replicas, 1, &[], 0, &plain(64));
    let followers: Vec<NodeId> = (0..replicas as u16).map(NodeId).filter(|&node| node != leader).collect();
    // The one honest follower whom an equivocating leader tells the truth; and those who hear nothing where acknowledgements are false.
    let told_the_truth = followers[0];
    let honest: NodeSet = (0..replicas as u16).map(NodeId).filter(|&node| node != liar).collect();
    cluster.with(leader, |host| host.fire(RaftTimer::Election));
    cluster.run(|mail| Some(mail.message.clone()));
    cluster.with(leader, |host| {
        let command = Command::Put { key: "x".into(), value: ASKED_FOR.into() };
        host.receive(NodeId(63), &Message::Request(kv::Request { client: NodeId(63), sequence: 1, command }));
    });
    let rewrite = |mail: &super::host::InFlight<Message>| match (&mail.message, behavior) {
        (Message::AppendEntries(request), Behavior::Equivocation) if mail.from == liar && mail.to != told_the_truth => {
            Some(rewritten(request))
        }
        (Message::AppendEntries(request), Behavior::WrongValue) if mail.from == liar => Some(rewritten(request)),
        (_, Behavior::Silence) if mail.from == liar => None,
        (message, _) => Some(message.clone()),
    };
    if behavior == Behavior::FalseAcknowledgement {
        return false_acknowledgement(cluster, leader, liar, &followers);
    }
    cluster.run(rewrite);
    cluster.with(leader, |host| host.fire(RaftTimer::Heartbeat));
    cluster.run(rewrite);
    shown(&cluster, honest)
}

/// The liar acknowledges an entry in place of all who did not get it; then the leader crashes, and the others elect one that lacks it.
fn false_acknowledgement(mut cluster: Cluster<Raft>, leader: NodeId, liar: NodeId, followers: &[NodeId]) -> Shown {
    let majority = cluster.host(leader).seat().majority() as usize;
    // With the leader and the liar, just so many that it looks like a majority.
    let reached: NodeSet = followers.iter().copied().filter(|&node| node != liar).take(majority.saturating_sub(2)).collect();
    let mut claims = Vec::new();
    cluster.run(|mail| match &mail.message {
        Message::AppendEntries(request) if mail.to == liar && mail.from == leader => {
            claims.push(request.clone());
            None
        }
        message if mail.to == leader || reached.contains(mail.to) => Some(message.clone()),
        _ => None,
    });
    for request in claims {
        let reply = AppendEntriesReply {
            term: request.term,
            success: true,
            prev_log_index: request.prev_log_index,
            match_index: request.prev_log_index + request.entries.len() as u64,
            conflict: None,
            round: request.round,
        };
        cluster.with(leader, |host| host.receive(liar, &Message::AppendEntriesReply(reply)));
    }
    let consensus_reached = cluster.take_told().iter().any(|(_, message)| matches!(message, Message::Reply(_)));
    // The leader is gone. Who did not get the entry stands for election, and the liar votes for it.
    let candidate = followers.iter().copied().rfind(|&node| node != liar && !reached.contains(node)).unwrap_or(followers[0]);
    cluster.with(candidate, |host| host.fire(RaftTimer::Election));
    cluster.run(|mail| (mail.to != leader && mail.from != leader).then(|| mail.message.clone()));
    let mut held = held(&cluster);
    let survives = held[candidate.index()].as_deref() == Some(ASKED_FOR);
    held[leader.index()] = None;
    Shown { consensus_reached, value_correct: survives || !consensus_reached, held }
}

fn held(cluster: &Cluster<Raft>) -> Vec<Option<String>> {
    let value = |process: &raft::Raft| process.store().iter().next().map(|(_, value)| value.to_string());
    cluster.hosts().iter().map(|host| value(host.process())).collect()
}

fn shown(cluster: &Cluster<Raft>, honest: NodeSet) -> Shown {
    let held = held(cluster);
    let by_honest: Vec<&str> = honest.iter().filter_map(|node| held[node.index()].as_deref()).collect();
    Shown { consensus_reached: !by_honest.is_empty(), value_correct: by_honest.iter().all(|held| *held == ASKED_FOR), held }
}

/// Paxos with a lying acceptor where the two quorums of three servers meet: it says that it has accepted nothing, or it keeps silent.
fn paxos_with_liar(behavior: Behavior) -> Shown {
    use crate::paxos::Message as Paxos;
    let (nodes, liar, proposer) = (3, NodeId(1), NodeId(2));
    let mut chosen = choose(nodes, 1, &ASKED_FOR.into());
    propose(&mut chosen.cluster, proposer, 2, &LIE.into(), quorums(nodes).1, |from, _, message| match message {
        _ if behavior == Behavior::Silence && from == liar => None,
        Paxos::Promise { ballot, .. } if from == liar => Some(Paxos::Promise { ballot: *ballot, accepted: None }),
        message => Some(message.clone()),
    });
    let first = chosen.chosen.map(|chosen| chosen.value.to_string());
    let later = chosen.cluster.host(proposer).process().chosen().map(|chosen| chosen.value.to_string());
    let value_correct = [&first, &later].into_iter().flatten().all(|value| value == ASKED_FOR);
    Shown { consensus_reached: first.is_some(), value_correct, held: vec![first, None, later] }
}
