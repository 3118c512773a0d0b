//! PBFT with a liar or without (tasks 17 and 18): real replicas within the node.

use super::State;
use super::host::{Cluster, InFlight};
use super::message::{Answer, Answered, Count, Refusal, Request};
use crate::kv::{self, Command};
use crate::pbft::message::SignedRequest;
use crate::pbft::{Config, Digest, Durable, Message, Pbft, Statement};
use crate::process::{NodeId, Seat};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const PRIMARY: NodeId = NodeId(0);
/// The first process that stands for a client, and how many do: keys are known of 64 processes. Further clients share
/// them.
const FIRST_CLIENT: u16 = 40;
const CLIENT_PROCESSES: usize = 20;
/// Most clients.
const CLIENTS_MAX: usize = 10_000;
/// The number up to which a liar may lie: the requests before it are carried out first.
const SEQUENCE_MAX: u64 = 200;
const REPLICAS_MAX: usize = 31;

/// What the node has seen of PBFT.
#[derive(Debug, Default)]
pub(super) struct Service {
    cluster: Option<Cluster<Pbft>>,
    /// Clients, with the place of the process that stands for each.
    clients: BTreeMap<String, usize>,
    /// For each such process, the number of its last request.
    requests: [u64; CLIENT_PROCESSES],
    liars: BTreeSet<String>,
    equivocations: u64,
}

/// No checkpoint is ever due, so that every number's votes can be asked for.
fn config() -> Config {
    Config { checkpoint_interval: u64::from(u32::MAX), log_window: u64::from(u32::MAX), ..Config::default() }
}

fn boot(replicas: usize) -> Cluster<Pbft> {
    Cluster::boot(&config(), vec![Durable::default(); replicas])
}

fn signed(client: NodeId, replicas: usize, sequence: u64, operation: &str) -> Arc<SignedRequest> {
    let command = Command::Put { key: "operation".into(), value: operation.into() };
    Arc::new(Seat { id: client, replicas: replicas as u16 }.sign(kv::Request { client, sequence, command }))
}

/// `pbft_request`: the primary gives it a number; the reply tells of that moment, and then all messages are delivered.
pub(super) fn pbft_request(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        operation: String,
        client: String,
    }
    let Body { operation, client } = request.read()?;
    let replicas = state.node_ids.len().max(4);
    let service = &mut state.pbft;
    let next = service.clients.len() % CLIENT_PROCESSES;
    if service.clients.len() >= CLIENTS_MAX && !service.clients.contains_key(&client) {
        return Err(Refusal::malformed("client", format!("more than {CLIENTS_MAX} clients")));
    }
    let place = *service.clients.entry(client).or_insert(next);
    service.requests[place] += 1;
    let client = NodeId(FIRST_CLIENT + place as u16);
    let asked = signed(client, replicas, service.requests[place], &operation);
    let cluster = service.cluster.get_or_insert_with(|| boot(replicas));
    cluster.with(PRIMARY, |host| host.receive(client, &Message::Request(asked)));
    let primary = cluster.host(PRIMARY).process();
    let Some(sequence) = primary.durable().slots.last_key_value().map(|(sequence, _)| *sequence) else {
        return Err(Refusal::unavailable("the primary gave the request no number"));
    };
    let fields =
        json!({ "sequence_number": sequence, "view": primary.current_view(), "phase": phase(primary, sequence) });
    let mut answer = Answer::reply("pbft_request_ok", fields);
    cluster.run(|mail| Some(mail.message.clone()));
    answer.diagnostics = cluster.take_violations();
    Ok(answer)
}

/// How far a number is at a replica.
fn phase(replica: &Pbft, sequence: u64) -> &'static str {
    match replica.durable().slots.get(&sequence) {
        Some(slot) if slot.committed.is_some() => "committed",
        Some(slot) if slot.prepared.is_some() => "prepare",
        _ => "pre-prepare",
    }
}

/// `pbft_status`: what the primary has of a number.
pub(super) fn pbft_status(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        sequence_number: Count,
    }
    let Body { sequence_number: Count(sequence) } = request.read()?;
    let primary = state.pbft.cluster.as_ref().map(|cluster| cluster.host(PRIMARY).process());
    let Some(primary) = primary.filter(|primary| primary.durable().slots.contains_key(&sequence)) else {
        return Err(Refusal::precondition(format!("sequence_number: no request has the number {sequence}")));
    };
    let votes = primary.tally(sequence).map_or((0, 0), |tally| (tally.prepares.len(), tally.commits.len()));
    let fields = json!({
        "phase": phase(primary, sequence), "prepares_received": votes.0, "commits_received": votes.1,
        "executed": primary.executed() >= sequence,
    });
    Ok(Answer::reply("pbft_status_ok", fields))
}

#[derive(Deserialize)]
struct Sent {
    prepare: SentPrepare,
}

#[derive(Deserialize)]
struct SentPrepare {
    value: String,
}

/// A lying backup: what it says to each of the others.
struct Lies {
    liar: NodeId,
    replicas: usize,
    /// For each replica that hears anything, the request of which the liar speaks.
    about: BTreeMap<NodeId, Arc<SignedRequest>>,
}

impl Lies {
    /// The liar's votes, rewritten for each receiver and signed by it; nothing to those who are not named.
    fn rewrite(&self, mail: &InFlight<Message>) -> Option<Message> {
        if mail.from != self.liar {
            return Some(mail.message.clone());
        }
        let about = self.about.get(&mail.to)?;
        let seat = Seat { id: self.liar, replicas: self.replicas as u16 };
        let speak = |said: Statement| seat.sign(Statement { digest: Digest::of(Some(about)), ..said });
        Some(match &mail.message {
            Message::Prepare(vote) => Message::Prepare(speak(*vote.body())),
            Message::Commit(vote) => Message::Commit(speak(*vote.body())),
            message => message.clone(),
        })
    }
}

/// `simulate_equivocation`: an honest primary proposes the value that the liar named most often; the liar is a backup,
/// and sends what the request says. Then the others show each other what they got.
pub(super) fn simulate_equivocation(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        byzantine_node: String,
        sequence: Count,
        messages_sent: BTreeMap<String, Sent>,
    }
    let body: Body = request.read()?;
    let (names, values) = names_and_values(&body.byzantine_node, &body.messages_sent)?;
    let sequence = body.sequence.0;
    if !(1..=SEQUENCE_MAX).contains(&sequence) {
        return Err(Refusal::malformed("sequence", format!("1 to {SEQUENCE_MAX}, not {sequence}")));
    }
    let place = |name: &str| NodeId(names.iter().position(|known| known == name).unwrap_or_default() as u16);
    let (liar, replicas, client) = (place(&body.byzantine_node), names.len(), NodeId(FIRST_CLIENT));
    let Some(proposed) = plurality(&values) else {
        return Err(Refusal::malformed("messages_sent", "the liar says nothing"));
    };
    let about = |value: &str| signed(client, replicas, sequence, value);
    let lies = Lies { liar, replicas, about: values.iter().map(|(name, value)| (place(name), about(value))).collect() };
    let mut cluster = boot(replicas);
    for earlier in 1..sequence {
        let asked = Message::Request(signed(client, replicas, earlier, "earlier"));
        cluster.with(PRIMARY, |host| host.receive(client, &asked));
        cluster.run(|mail| Some(mail.message.clone()));
    }
    let asked = Message::Request(about(&proposed));
    cluster.with(PRIMARY, |host| host.receive(client, &asked));
    let mut heard: Vec<(NodeId, Message)> = Vec::new();
    cluster.run(|mail| {
        let message = lies.rewrite(mail)?;
        if mail.from == liar && matches!(message, Message::Prepare(_)) {
            heard.push((mail.to, message.clone()));
        }
        Some(message)
    });
    // A signed vote can be passed on: each honest replica hears what the others were told.
    let honest: Vec<NodeId> = (0..replicas as u16).map(NodeId).filter(|&node| node != liar).collect();
    for (told, message) in &heard {
        for &other in honest.iter().filter(|&other| other != told) {
            cluster.with(other, |host| host.receive(*told, message));
        }
    }
    cluster.run(|mail| lies.rewrite(mail));
    let detected = honest.iter().any(|&node| cluster.host(node).process().proofs().contains_key(&liar));
    if detected {
        state.pbft.liars.insert(body.byzantine_node.clone());
        state.pbft.equivocations += 1;
    }
    Ok(equivocation_answer(&cluster, &honest, sequence, detected, (&body.byzantine_node, values)))
}

/// What the honest replicas have carried out, and what the liar said.
fn equivocation_answer(
    cluster: &Cluster<Pbft>,
    honest: &[NodeId],
    sequence: u64,
    detected: bool,
    (liar, values): (&str, BTreeMap<String, String>),
) -> Answer {
    let executed = |node: NodeId| {
        let replica = cluster.host(node).process();
        let value = replica.store().iter().next().map(|(_, value)| value.to_string());
        value.filter(|_| replica.executed() >= sequence)
    };
    let carried_out: BTreeSet<String> = honest.iter().filter_map(|&node| executed(node)).collect();
    let chosen = carried_out.first().cloned();
    let said: BTreeSet<String> = values.into_values().collect();
    let evidence = if detected { json!({ "node": liar, "conflicting_values": said }) } else { Value::Null };
    let reason = chosen.as_ref().map_or("no_majority_agreed".to_owned(), |value| format!("majority_agreed_on_{value}"));
    let everyone = honest.iter().all(|&node| executed(node).is_some());
    Answer::reply(
        "simulate_equivocation_ok",
        json!({
            "equivocation_detected": detected, "evidence": evidence, "consensus_safe": carried_out.len() <= 1,
            "chosen_value": chosen, "reason": reason, "executed_by_all_honest": everyone,
        }),
    )
}

/// The replicas, an honest one first, and what the liar says to whom.
fn names_and_values(
    liar: &str,
    sent: &BTreeMap<String, Sent>,
) -> Result<(Vec<String>, BTreeMap<String, String>), Refusal> {
    let mut values = BTreeMap::new();
    for (key, sent) in sent {
        let Some(name) = key.strip_prefix("to_").filter(|name| !name.is_empty() && *name != liar) else {
            return Err(Refusal::malformed(
                &format!("messages_sent.{key}"),
                "a name to_<node> of another node is expected",
            ));
        };
        values.insert(name.to_owned(), sent.prepare.value.clone());
    }
    let mut names: Vec<String> = values.keys().cloned().collect();
    for place in 1.. {
        if names.len() >= 3 {
            break;
        }
        let name = format!("n{place}");
        if name != liar && !names.contains(&name) {
            names.push(name);
        }
    }
    names.push(liar.to_owned());
    if names.len() > REPLICAS_MAX {
        return Err(Refusal::malformed("messages_sent", format!("more than {REPLICAS_MAX} replicas")));
    }
    Ok((names, values))
}

/// The value that was named most often; of several, the first in order.
fn plurality(values: &BTreeMap<String, String>) -> Option<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for value in values.values() {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().max().copied()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(value, _)| value.clone())
}

/// `equivocation_report`.
pub(super) fn equivocation_report(state: &mut State, _: &Request<'_>) -> Answered {
    let fields =
        json!({ "byzantine_nodes_detected": state.pbft.liars, "total_equivocations": state.pbft.equivocations });
    Ok(Answer::reply("equivocation_report_ok", fields))
}
