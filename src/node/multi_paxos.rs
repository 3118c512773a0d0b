//! Multi-Paxos' messages and writes as JSON, by the names of the paper's phases. A ballot is `[round, node]`.

use super::codec::{Codec, Pace};
use super::wire::{ReplyWire, RequestWire, StoreWire, bounded};
use crate::multi_paxos::log::Values;
use crate::multi_paxos::message::{Accept, AcceptedReply, Message, Promise, Reported};
use crate::multi_paxos::state::{Snapshot, Write};
use crate::multi_paxos::{Accepted, Ballot, Config, MultiPaxos, Payload};
use crate::process::NodeId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Most slots that one message may span.
const SPAN_MAX: u64 = 1_000_000;

type BallotWire = (u64, u16);

/// A value; nothing fills a gap.
type ValueWire = Option<RequestWire>;

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum MessageWire {
    Prepare { ballot: BallotWire, after: u64 },
    Promise { ballot: BallotWire, reported: Vec<(u64, BallotWire, ValueWire)>, snapshot: Option<SnapshotWire> },
    Accept { ballot: BallotWire, first: u64, values: Vec<ValueWire>, commit_index: u64 },
    Accepted { ballot: BallotWire, first: u64, last: u64, matched: u64 },
    Heartbeat { ballot: BallotWire, commit_index: u64, round: u64 },
    HeartbeatReply { ballot: BallotWire, matched: u64, round: u64 },
    Refused { ballot: BallotWire, promised: BallotWire },
    State { ballot: BallotWire, snapshot: SnapshotWire },
    StateReply { ballot: BallotWire, matched: u64 },
    Request { request: RequestWire },
    Reply { reply: ReplyWire },
}

#[derive(Serialize, Deserialize)]
struct SnapshotWire {
    up_to: u64,
    store: StoreWire,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "write", rename_all = "snake_case")]
enum WriteWire {
    Candidacy { ballot: BallotWire },
    Promise { ballot: BallotWire },
    Accept { ballot: BallotWire, first: u64, values: Vec<ValueWire> },
    TakeSnapshot { snapshot: SnapshotWire, forget_up_to: u64 },
    InstallSnapshot { snapshot: SnapshotWire },
}

fn ballot_wire(ballot: Ballot) -> BallotWire {
    (ballot.round, ballot.node.0)
}

fn read_ballot((round, node): BallotWire) -> Result<Ballot, String> {
    Ok(Ballot { round: bounded(round)?, node: NodeId(node) })
}

fn value_wire(payload: &Payload) -> ValueWire {
    match payload {
        Payload::NoOp => None,
        Payload::Command(request) => Some(request.into()),
    }
}

fn read_value(value: ValueWire) -> Arc<Payload> {
    Arc::new(value.map_or(Payload::NoOp, |request| Payload::Command(request.into())))
}

fn values_wire(values: &Values) -> Vec<ValueWire> {
    values.iter().map(|payload| value_wire(payload)).collect()
}

fn read_values(values: Vec<ValueWire>) -> Values {
    Values::from(values.into_iter().map(read_value).collect::<Vec<_>>())
}

/// A slot. They are counted from 1.
fn read_slot(slot: u64) -> Result<u64, String> {
    if slot == 0 { Err("there is no slot 0: they are counted from 1".to_owned()) } else { bounded(slot) }
}

/// Slots from a first to a last one, not too many.
fn read_span(first: u64, last: u64) -> Result<(u64, u64), String> {
    if last.saturating_sub(first) > SPAN_MAX {
        return Err(format!("slots {first} to {last} are too many for one message"));
    }
    Ok((read_slot(first)?, bounded(last)?))
}

/// A slot that a leader asks to accept, not too far behind those that it knows to be chosen.
fn read_open(slot: u64, commit_index: u64) -> Result<u64, String> {
    if slot.saturating_sub(commit_index) > SPAN_MAX {
        return Err(format!("slot {slot} is too far behind the commit index {commit_index}"));
    }
    read_slot(slot)
}

impl From<&Snapshot> for SnapshotWire {
    fn from(snapshot: &Snapshot) -> Self {
        Self { up_to: snapshot.up_to, store: (&snapshot.store).into() }
    }
}

impl SnapshotWire {
    fn read(self) -> Result<Arc<Snapshot>, String> {
        Ok(Arc::new(Snapshot { up_to: bounded(self.up_to)?, store: self.store.into() }))
    }
}

fn promise_wire(promise: &Promise) -> MessageWire {
    let reported = |reported: &Reported| (reported.slot, ballot_wire(reported.accepted.ballot), value_wire(&reported.accepted.payload));
    MessageWire::Promise {
        ballot: ballot_wire(promise.ballot),
        reported: promise.reported.iter().map(reported).collect(),
        snapshot: promise.snapshot.as_deref().map(Into::into),
    }
}

fn read_promise(
    ballot: BallotWire,
    reported: Vec<(u64, BallotWire, ValueWire)>,
    snapshot: Option<SnapshotWire>,
) -> Result<Promise, String> {
    let slots = || reported.iter().map(|(slot, ..)| *slot);
    // How far they are from what the candidate knows to be chosen, only the candidate can tell.
    read_span(slots().min().unwrap_or(1), slots().max().unwrap_or(1))?;
    let read = |(slot, ballot, value)| -> Result<Reported, String> {
        Ok(Reported { slot, accepted: Accepted { ballot: read_ballot(ballot)?, payload: read_value(value) } })
    };
    let reported: Result<Vec<Reported>, String> = reported.into_iter().map(read).collect();
    Ok(Promise { ballot: read_ballot(ballot)?, reported: reported?.into(), snapshot: snapshot.map(SnapshotWire::read).transpose()? })
}

impl MessageWire {
    fn of(message: &Message) -> Option<Self> {
        Some(match message {
            Message::Prepare { ballot, after } => Self::Prepare { ballot: ballot_wire(*ballot), after: *after },
            Message::Promise(promise) => promise_wire(promise),
            Message::Accept(Accept { ballot, first, values, commit_index }) => {
                Self::Accept { ballot: ballot_wire(*ballot), first: *first, values: values_wire(values), commit_index: *commit_index }
            }
            Message::Accepted(AcceptedReply { ballot, first, last, matched }) => {
                Self::Accepted { ballot: ballot_wire(*ballot), first: *first, last: *last, matched: *matched }
            }
            Message::Heartbeat { ballot, commit_index, round } => {
                Self::Heartbeat { ballot: ballot_wire(*ballot), commit_index: *commit_index, round: *round }
            }
            Message::HeartbeatReply { ballot, matched, round } => {
                Self::HeartbeatReply { ballot: ballot_wire(*ballot), matched: *matched, round: *round }
            }
            Message::Refused { ballot, promised } => Self::Refused { ballot: ballot_wire(*ballot), promised: ballot_wire(*promised) },
            Message::State { ballot, snapshot } => Self::State { ballot: ballot_wire(*ballot), snapshot: (&**snapshot).into() },
            Message::StateReply { ballot, matched } => Self::StateReply { ballot: ballot_wire(*ballot), matched: *matched },
            Message::Request(request) => Self::Request { request: request.into() },
            Message::Reply(reply) => Self::Reply { reply: reply.into() },
            // The simulator's workload says this to its own clients.
            Message::Invoke(_) => return None,
        })
    }

    fn read(self) -> Result<Message, String> {
        Ok(match self {
            Self::Prepare { ballot, after } => Message::Prepare { ballot: read_ballot(ballot)?, after: bounded(after)? },
            Self::Promise { ballot, reported, snapshot } => Message::Promise(read_promise(ballot, reported, snapshot)?),
            Self::Accept { values, .. } if values.is_empty() => return Err("values: there must be one at least".to_owned()),
            Self::Accept { ballot, first, values, commit_index } => Message::Accept(Accept {
                ballot: read_ballot(ballot)?,
                first: read_open(first, commit_index)?,
                values: read_values(values),
                commit_index: bounded(commit_index)?,
            }),
            Self::Accepted { ballot, first, last, matched } => {
                let (first, last) = read_span(first, last)?;
                Message::Accepted(AcceptedReply { ballot: read_ballot(ballot)?, first, last, matched: bounded(matched)? })
            }
            Self::Heartbeat { ballot, commit_index, round } => {
                Message::Heartbeat { ballot: read_ballot(ballot)?, commit_index: bounded(commit_index)?, round: bounded(round)? }
            }
            Self::HeartbeatReply { ballot, matched, round } => {
                Message::HeartbeatReply { ballot: read_ballot(ballot)?, matched: bounded(matched)?, round: bounded(round)? }
            }
            Self::Refused { ballot, promised } => Message::Refused { ballot: read_ballot(ballot)?, promised: read_ballot(promised)? },
            Self::State { ballot, snapshot } => Message::State { ballot: read_ballot(ballot)?, snapshot: snapshot.read()? },
            Self::StateReply { ballot, matched } => Message::StateReply { ballot: read_ballot(ballot)?, matched: bounded(matched)? },
            Self::Request { request } => Message::Request(request.into()),
            Self::Reply { reply } => Message::Reply(reply.into()),
        })
    }
}

impl WriteWire {
    fn of(write: &Write) -> Self {
        match write {
            Write::Candidacy(ballot) => Self::Candidacy { ballot: ballot_wire(*ballot) },
            Write::Promise(ballot) => Self::Promise { ballot: ballot_wire(*ballot) },
            Write::Accept { ballot, first, values } => {
                Self::Accept { ballot: ballot_wire(*ballot), first: *first, values: values_wire(values) }
            }
            Write::TakeSnapshot { snapshot, forget_up_to } => {
                Self::TakeSnapshot { snapshot: (&**snapshot).into(), forget_up_to: *forget_up_to }
            }
            Write::InstallSnapshot(snapshot) => Self::InstallSnapshot { snapshot: (&**snapshot).into() },
        }
    }

    fn read(self) -> Result<Write, String> {
        Ok(match self {
            Self::Candidacy { ballot } => Write::Candidacy(read_ballot(ballot)?),
            Self::Promise { ballot } => Write::Promise(read_ballot(ballot)?),
            Self::Accept { ballot, first, values } => {
                Write::Accept { ballot: read_ballot(ballot)?, first: read_slot(first)?, values: read_values(values) }
            }
            Self::TakeSnapshot { snapshot, forget_up_to } => {
                Write::TakeSnapshot { snapshot: snapshot.read()?, forget_up_to: bounded(forget_up_to)? }
            }
            Self::InstallSnapshot { snapshot } => Write::InstallSnapshot(snapshot.read()?),
        })
    }
}

impl Codec for MultiPaxos {
    fn config(pace: Pace) -> Config {
        Config {
            election_timeout_ticks_min: pace.election_timeout_ticks_min,
            election_timeout_ticks_max: pace.election_timeout_ticks_min.saturating_mul(2),
            heartbeat_ticks: pace.heartbeat_ticks,
            ..Config::default()
        }
    }

    fn encode(message: &Message) -> Value {
        MessageWire::of(message).and_then(|wire| serde_json::to_value(wire).ok()).unwrap_or(Value::Null)
    }

    fn decode(message: &Value) -> Result<Message, String> {
        MessageWire::deserialize(message).map_err(|error| error.to_string())?.read()
    }

    fn encode_write(write: &Write) -> Value {
        serde_json::to_value(WriteWire::of(write)).unwrap_or(Value::Null)
    }

    fn decode_write(write: &Value) -> Result<Write, String> {
        WriteWire::deserialize(write).map_err(|error| error.to_string())?.read()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::multi_paxos::Durable;
    use crate::process::{Effect, Input, Outbox, Process, Seat};
    use serde_json::json;

    fn refused(message: &Value) -> String {
        MultiPaxos::decode(message).expect_err("it is no message")
    }

    #[test]
    fn there_is_no_slot_0_to_be_accepted_or_reported_or_kept() {
        let no_slot = "there is no slot 0: they are counted from 1";
        assert_eq!(refused(&json!({"kind": "accept", "ballot": [1, 0], "first": 0, "values": [null], "commit_index": 0})), no_slot);
        assert_eq!(refused(&json!({"kind": "accepted", "ballot": [1, 0], "first": 0, "last": 1, "matched": 0})), no_slot);
        let promise = json!({"kind": "promise", "ballot": [1, 0], "reported": [[0, [1, 0], null]], "snapshot": null});
        assert_eq!(refused(&promise), no_slot);
        let write = json!({"write": "accept", "ballot": [1, 0], "first": 0, "values": [null]});
        assert_eq!(MultiPaxos::decode_write(&write).expect_err("it is no write"), no_slot);
        let first = json!({"kind": "accept", "ballot": [1, 0], "first": 1, "values": [null], "commit_index": 0});
        assert!(MultiPaxos::decode(&first).is_ok());
        let nothing = json!({"kind": "promise", "ballot": [1, 0], "reported": [], "snapshot": null});
        assert!(MultiPaxos::decode(&nothing).is_ok());
    }

    #[test]
    fn a_slot_far_behind_the_commit_index_is_refused() {
        let accept = |first: u64| json!({"kind": "accept", "ballot": [1, 0], "first": first, "values": [null], "commit_index": 5});
        assert!(MultiPaxos::decode(&accept(1_000_005)).is_ok());
        assert_eq!(refused(&accept(1_000_006)), "slot 1000006 is too far behind the commit index 5");
    }

    #[test]
    fn a_promise_of_a_slot_beyond_reason_elects_nobody_and_costs_no_memory() {
        let seat = Seat { id: NodeId(0), replicas: 3 };
        let mut out = Outbox::new();
        let mut candidate = MultiPaxos::boot(seat, &Config::default(), &Durable::default(), 0);
        candidate.handle(0, Input::Timer(crate::multi_paxos::MultiPaxosTimer::Election), &mut out);
        let receipts: Vec<_> =
            out.drain().filter_map(|effect| if let Effect::Receipt(receipt) = effect { Some(receipt) } else { None }).collect();
        receipts.into_iter().for_each(|receipt| candidate.handle(0, Input::Persisted(receipt), &mut out));
        let mut hear = |slot: u64| {
            let promise = json!({"kind": "promise", "ballot": [1, 0], "reported": [[slot, [0, 1], null]], "snapshot": null});
            let message = MultiPaxos::decode(&promise).expect("its form is right");
            candidate.handle(0, Input::Message { from: NodeId(1), message: &message }, &mut out);
            let complaint = out.drain().find_map(|effect| if let Effect::Violation(text) = effect { Some(text) } else { None });
            (complaint, candidate.leads().is_some())
        };
        let far = 1 << 53;
        let complaint = format!("a promise reports slot {far}, and more than 1000000 slots up to it are empty");
        assert_eq!(hear(far), (Some(complaint), false));
        assert_eq!(hear(3), (None, true), "two gaps are filled");
    }
}
