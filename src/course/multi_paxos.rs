//! Multi-Paxos for an endless log (task 14): a cluster of real cores within the node, led by its first server.

use super::State;
use super::cost::{Cost, Counted};
use super::host::Cluster;
use super::message::{Answer, Answered, Count, Refusal, Request};
use crate::kv::{self, Command};
use crate::multi_paxos::log::{Payload, Values};
use crate::multi_paxos::state::Write;
use crate::multi_paxos::{Ballot, Config, Durable, Message, MultiPaxos, MultiPaxosTimer};
use crate::process::{Durable as _, NodeId};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

const LEADER: NodeId = NodeId(0);
const CLIENT: NodeId = NodeId(63);

/// The cluster, once it is asked for.
#[derive(Debug, Default)]
pub(super) struct Slots {
    cluster: Option<Cluster<MultiPaxos>>,
}

fn config(slots_per_message_max: u64) -> Config {
    Config { check_quorum: false, snapshot_threshold: 0, slots_per_message_max, ..Config::default() }
}

impl Slots {
    fn cluster(&mut self, nodes: usize) -> &mut Cluster<MultiPaxos> {
        self.cluster.get_or_insert_with(|| Cluster::boot(&config(64), vec![Durable::default(); nodes.max(3)]))
    }
}

fn value_in(cluster: &Cluster<MultiPaxos>, slot: u64) -> Value {
    let accepted = cluster.host(LEADER).process().log().get(slot);
    match accepted.map(|accepted| &*accepted.payload) {
        Some(Payload::Command(kv::Request { command: Command::Put { value, .. }, .. })) => json!(value.as_ref()),
        _ => Value::Null,
    }
}

/// `multi_paxos_propose`: to the next slot. One that is chosen keeps its value. A node that does not lead runs phase 1
/// first, whatever the slot.
pub(super) fn multi_paxos_propose(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        slot: Count,
        value: String,
    }
    let Body { slot: Count(slot), value } = request.read()?;
    let cluster = state.multi_paxos.cluster(state.node_ids.len());
    let next = cluster.host(LEADER).process().commit_index() + 1;
    if slot == 0 || slot > next {
        return Err(Refusal::malformed("slot", format!("the leader gives out slots in order, and the next is {next}")));
    }
    let mut prepares = 0;
    let mut count = |message: &Message| {
        prepares += u64::from(matches!(message, Message::Prepare { .. }));
        Some(message.clone())
    };
    if cluster.host(LEADER).process().leads().is_none() {
        cluster.with(LEADER, |host| host.fire(MultiPaxosTimer::Election));
        cluster.run(|mail| count(&mail.message));
    }
    if slot == cluster.host(LEADER).process().commit_index() + 1 {
        let command = Command::Put { key: "log".into(), value: value.as_str().into() };
        let asked = Message::Request(kv::Request { client: CLIENT, sequence: slot, command });
        cluster.with(LEADER, |host| host.receive(CLIENT, &asked));
        cluster.run(|mail| count(&mail.message));
    }
    let chosen = cluster.host(LEADER).process().commit_index() >= slot;
    let fields = json!({
        "slot": slot, "phase1_skipped": prepares == 0, "chosen": chosen, "value": value_in(cluster, slot), "phase1_messages": prepares,
    });
    let mut answer = Answer::reply("multi_paxos_propose_ok", fields);
    answer.diagnostics = cluster.take_violations();
    Ok(answer)
}

/// `multi_paxos_log`.
pub(super) fn multi_paxos_log(state: &mut State, _: &Request<'_>) -> Answered {
    let cluster = state.multi_paxos.cluster(state.node_ids.len());
    let chosen = 1..=cluster.host(LEADER).process().commit_index();
    let log: Vec<Value> =
        chosen.map(|slot| json!({ "slot": slot, "value": value_in(cluster, slot), "status": "chosen" })).collect();
    Ok(Answer::reply("multi_paxos_log_ok", json!({ "log": log })))
}

/// `multi_paxos_depose`, ours: another server hears from no leader, and leads from now on. To lead again takes phase 1.
/// A node that does not lead cannot be deposed, and says so.
pub(super) fn multi_paxos_depose(state: &mut State, _: &Request<'_>) -> Answered {
    let cluster = state.multi_paxos.cluster(state.node_ids.len());
    if cluster.host(LEADER).process().leads().is_none() {
        let has_successor = cluster.host(NodeId(1)).process().leads().is_some();
        let reason = if has_successor { "it was deposed before, and has not led since" } else { "it has not led yet" };
        return Ok(Answer::reply("multi_paxos_depose_ok", json!({ "deposed": false, "reason": reason })));
    }
    cluster.with(NodeId(1), |host| host.fire(MultiPaxosTimer::Election));
    cluster.run(|mail| Some(mail.message.clone()));
    let deposed =
        cluster.host(LEADER).process().leads().is_none() && cluster.host(NodeId(1)).process().leads().is_some();
    Ok(Answer::reply("multi_paxos_depose_ok", json!({ "deposed": deposed })))
}

/// Elects a leader that has accepted values in so many slots of which none is known to be chosen, and counts until all
/// are.
pub(super) fn leader_change(entries: u64, size: u64, per_message: u64) -> Result<Cost, Refusal> {
    let before = Ballot { round: 1, node: NodeId(size as u16 - 1) };
    let command = |sequence: u64| Command::Put { key: "log".into(), value: sequence.to_string().into() };
    let payload =
        |sequence| Arc::new(Payload::Command(kv::Request { client: CLIENT, sequence, command: command(sequence) }));
    let mut disks = vec![Durable::default(); size as usize];
    if entries > 0 {
        let values = Values::from((1..=entries).map(payload).collect::<Vec<_>>());
        disks[0].apply(&Write::Accept { ballot: before, first: 1, values });
    }
    let mut cluster = Cluster::<MultiPaxos>::boot(&config(per_message), disks);
    cluster.with(LEADER, |host| host.fire(MultiPaxosTimer::Election));
    let mut counted = Counted::default();
    let done = |cluster: &Cluster<MultiPaxos>| {
        let core = cluster.host(LEADER).process();
        core.leads().is_some() && core.commit_index() >= entries
    };
    while !done(&cluster) {
        let Some(mail) = cluster.next() else { break };
        counted.add(&mail);
        cluster.deliver(&mail);
    }
    if done(&cluster) { Ok(counted.cost()) } else { Err(Refusal::unavailable("the cores did not choose the values")) }
}
