//! Byzantine faults (task 16): a vocabulary, and algorithms that trust everyone with a liar among them.
//!
//! The demonstrations run real cores. The liar's core is honest too; what it sends is rewritten on its way. Then
//! clients read at the honest servers, one after the other, and their answers say whether the cluster agrees on what
//! was asked for.

use super::State;
use super::host::{Cluster, InFlight};
use super::leader_change::{before_election, plain};
use super::message::{Answer, Answered, Refusal, Request};
use super::paxos::{propose, quorums};
use crate::kv::{self, Command};
use crate::process::{NodeId, NodeSet};
use crate::raft::log::{Entries, Entry, Payload};
use crate::raft::message::{AppendEntries, AppendEntriesReply, RequestVote};
use crate::raft::{self, Message, Raft, RaftTimer};
use serde::Deserialize;
use serde_json::{Map, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The client that reads in the end.
const READER: NodeId = NodeId(1_000);

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
    let fields =
        json!({ "fault_type": kind, "cft_handles": *kind != "byzantine", "bft_handles": true, "example": example });
    Ok(Answer::reply("classify_fault_ok", fields))
}

/// `byzantine_examples`.
pub(super) fn byzantine_examples(_: &mut State, _: &Request<'_>) -> Answered {
    let example =
        |name: &str, description: &str| json!({ "name": name, "description": description, "fault_type": "byzantine" });
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
    /// As a follower it acknowledges what it has not written down, and stands by that in the next election.
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
    /// What each server holds.
    held: Vec<Option<String>>,
    /// What a client reads at a server: a value, or that there is none.
    reads: BTreeMap<NodeId, Option<String>>,
}

impl Shown {
    /// The reads that got something else than what was written.
    fn wrong_reads(&self) -> Vec<NodeId> {
        self.reads.iter().filter(|(_, value)| value.as_deref() != Some(ASKED_FOR)).map(|(node, _)| *node).collect()
    }
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
    // The node's own cluster, filled up to three servers where it has not that many.
    let mut names = state.node_ids.clone();
    let others = (1..).map(|place| format!("n{place}")).filter(|name| !state.node_ids.contains(name));
    names.extend(others.take(3usize.saturating_sub(state.node_ids.len())));
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
    let wrong_reads = shown.wrong_reads();
    // Where nobody answers a reader, it is not known what a reader would get.
    let value_correct = (!shown.reads.is_empty()).then_some(wrong_reads.is_empty());
    let reason = match value_correct {
        None => format!("{}_answers_no_reader", body.algorithm),
        Some(true) => format!("{}_tolerates_this_fault", body.algorithm),
        Some(false) => format!("{}_trusted_byzantine_node_response", body.algorithm),
    };
    let fields = json!({
        "consensus_reached": shown.consensus_reached, "value_correct": value_correct, "reason": reason,
        "asked_for": ASKED_FOR, "held": names.iter().cloned().zip(shown.held.into_iter().map(|held| json!(held)))
            .collect::<Map<_, _>>(),
        "reads": shown.reads.into_iter().map(|(node, value)| (names[node.index()].clone(), json!(value))).collect::<Map<_, _>>(),
        "wrong_reads": wrong_reads.into_iter().map(|node| &names[node.index()]).collect::<Vec<_>>(),
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
    // The one honest follower whom an equivocating leader tells the truth; and those who hear nothing where
    // acknowledgements are false.
    let told_the_truth = followers[0];
    let honest: NodeSet = (0..replicas as u16).map(NodeId).filter(|&node| node != liar).collect();
    cluster.with(leader, |host| host.fire(RaftTimer::Election));
    cluster.run(|mail| Some(mail.message.clone()));
    cluster.with(leader, |host| {
        let command = Command::Put { key: "x".into(), value: ASKED_FOR.into() };
        host.receive(NodeId(63), &Message::Request(kv::Request { client: NodeId(63), sequence: 1, command }));
    });
    let rewrite = |mail: &InFlight<Message>| match (&mail.message, behavior) {
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
    let held = held(&cluster);
    let consensus_reached = honest.iter().any(|node| held[node.index()].is_some());
    // From now on the liar is silent, and each of the others leads once.
    let reads = honest.iter().filter_map(|node| Some((node, read_at(&cluster, node, liar)?))).collect();
    Shown { consensus_reached, held, reads }
}

/// What a client reads at a server that leads from now on, without another one. None if it gets no answer.
fn read_at(cluster: &Cluster<Raft>, leader: NodeId, without: NodeId) -> Option<Option<String>> {
    let mut future = cluster.clone();
    future.take_told();
    let reaches = |mail: &InFlight<Message>| (mail.from != without && mail.to != without).then(|| mail.message.clone());
    future.with(leader, |host| host.fire(RaftTimer::Election));
    future.run(reaches);
    let command = Command::Get { key: "x".into() };
    future.with(leader, |host| {
        host.receive(READER, &Message::Request(kv::Request { client: READER, sequence: 1, command }))
    });
    future.run(reaches);
    future.take_told().into_iter().find_map(|(_, message)| match message {
        Message::Reply(kv::Reply { body: kv::ReplyBody::Answer(kv::Answer::Value(value)), .. }) => {
            Some(value.map(|value| value.to_string()))
        }
        _ => None,
    })
}

/// The liar says that it has an entry that it has not written down: to the leader, in place of all who did not get it,
/// and, once the leader has crashed, to the voters, who elect it for that. It leads with a log that lacks the entry,
/// and overwrites it where it is. However many servers there are, whoever has the entry votes for the liar, since it
/// claims no less.
fn false_acknowledgement(mut cluster: Cluster<Raft>, leader: NodeId, liar: NodeId, followers: &[NodeId]) -> Shown {
    let majority = cluster.host(leader).seat().majority() as usize;
    // With the leader and the liar, just so many that it looks like a majority.
    let reached: NodeSet =
        followers.iter().copied().filter(|&node| node != liar).take(majority.saturating_sub(2)).collect();
    let mut claims = Vec::new();
    cluster.run(|mail| match &mail.message {
        Message::AppendEntries(request) if mail.to == liar && mail.from == leader => {
            claims.push(request.clone());
            None
        }
        message if mail.to == leader || reached.contains(mail.to) => Some(message.clone()),
        _ => None,
    });
    let mut claimed = (0, 0);
    for request in claims {
        let match_index = request.prev_log_index + request.entries.len() as u64;
        claimed =
            claimed.max((match_index, request.entries.iter().last().map_or(request.prev_log_term, |entry| entry.term)));
        let reply = AppendEntriesReply {
            term: request.term,
            success: true,
            prev_log_index: request.prev_log_index,
            match_index,
            conflict: None,
            round: request.round,
        };
        cluster.with(leader, |host| host.receive(liar, &Message::AppendEntriesReply(reply)));
    }
    let consensus_reached = cluster.take_told().iter().any(|(_, message)| matches!(message, Message::Reply(_)));
    cluster.with(liar, |host| host.fire(RaftTimer::Election));
    cluster.run(|mail| match &mail.message {
        // The leader is gone.
        _ if mail.to == leader || mail.from == leader => None,
        Message::RequestVote(request) if mail.from == liar => {
            let (last_log_index, last_log_term) = claimed;
            Some(Message::RequestVote(RequestVote { last_log_index, last_log_term, ..request.clone() }))
        }
        message => Some(message.clone()),
    });
    let honest = followers.iter().copied().filter(|&node| node != liar);
    let reads = honest.filter_map(|node| Some((node, read_at(&cluster, node, leader)?))).collect();
    Shown { consensus_reached, held: held(&cluster), reads }
}

fn held(cluster: &Cluster<Raft>) -> Vec<Option<String>> {
    let value = |process: &raft::Raft| process.store().iter().next().map(|(_, value)| value.to_string());
    cluster.hosts().iter().map(|host| value(host.process())).collect()
}

/// Paxos with a lying acceptor where the two quorums of three servers meet. To the second proposer it says that it has
/// accepted nothing (equivocation: the first one heard something else), or another value; or it told the first one that
/// it had accepted, and had not; or it keeps silent. A client reads what each of the two proposers takes for chosen.
fn paxos_with_liar(behavior: Behavior) -> Shown {
    use crate::paxos::{Durable, Message as Paxos, Proposal};
    let (nodes, first, liar, second) = (3, NodeId(0), NodeId(1), NodeId(2));
    let mut cluster = Cluster::boot(&crate::paxos::Config::default(), vec![Durable::default(); usize::from(nodes)]);
    let acknowledges_falsely = behavior == Behavior::FalseAcknowledgement;
    propose(&mut cluster, first, 1, &ASKED_FOR.into(), quorums(nodes).0, |_, to, message| {
        let is_kept_back = acknowledges_falsely && to == liar && matches!(message, Paxos::Accept { .. });
        (!is_kept_back).then(|| message.clone())
    });
    if acknowledges_falsely && let Some(proposal) = cluster.host(first).process().durable().accepted.clone() {
        cluster.with(first, |host| host.receive(liar, &Paxos::Accepted { proposal }));
    }
    let told_first = cluster.host(first).process().chosen().map(|chosen| chosen.value.to_string());
    // What the second one proposes if it hears of nothing, and, where the liar names a value, something else again.
    let own = if behavior == Behavior::WrongValue { "another" } else { LIE };
    propose(&mut cluster, second, 2, &own.into(), quorums(nodes).1, |from, _, message| match (message, behavior) {
        (_, Behavior::Silence) if from == liar => None,
        (Paxos::Promise { ballot, .. }, Behavior::Equivocation) if from == liar => {
            Some(Paxos::Promise { ballot: *ballot, accepted: None })
        }
        (Paxos::Promise { ballot, accepted: Some(accepted) }, Behavior::WrongValue) if from == liar => {
            let accepted = Some(Proposal { value: LIE.into(), ..accepted.clone() });
            Some(Paxos::Promise { ballot: *ballot, accepted })
        }
        (message, _) => Some(message.clone()),
    });
    let told_second = cluster.host(second).process().chosen().map(|chosen| chosen.value.to_string());
    let reads = [(first, &told_first), (second, &told_second)].into_iter().filter(|(_, told)| told.is_some());
    let reads = reads.map(|(node, told)| (node, told.clone())).collect();
    Shown {
        consensus_reached: told_first.is_some(),
        reads,
        held: cluster
            .hosts()
            .iter()
            .map(|host| host.process().chosen().map(|chosen| chosen.value.to_string()))
            .collect(),
    }
}
