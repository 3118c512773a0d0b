//! Multi-Paxos' messages as JSON, by the names of the paper's phases, and what survives a crash as records. A ballot is
//! `[round, node]`.

use super::codec::{
    BYTES_PER_MESSAGE_MAX, Codec, ENTRIES_PER_MESSAGE_MAX, Pace, SNAPSHOT_THRESHOLD, SNAPSHOT_TRAILING,
};
use super::records::{Changes, Key, Records};
use super::wire::{
    PayloadWire, PieceReplyWire, PieceWire, ReplyWire, RequestWire, StoreWire, bounded, decoded, encoded, payload_wire,
    read_payload,
};
use crate::kv::Replica;
use crate::multi_paxos::log::Values;
use crate::multi_paxos::message::{Accept, AcceptedReply, Message, Part, Promise, Reported, State, StateReply};
use crate::multi_paxos::state::{Snapshot, Write};
use crate::multi_paxos::{Accepted, Ballot, Config, Durable, MultiPaxos};
use crate::process::{Durable as _, NodeId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Most slots that one message may span.
const SPAN_MAX: u64 = 1_000_000;

type BallotWire = (u64, u16);

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum MessageWire {
    Prepare { ballot: BallotWire, after: u64 },
    Promise(PromiseWire),
    Accept { ballot: BallotWire, first: u64, values: Vec<PayloadWire>, commit_index: u64 },
    Accepted { ballot: BallotWire, first: u64, last: u64, matched: u64 },
    Heartbeat { ballot: BallotWire, commit_index: u64, round: u64 },
    HeartbeatReply { ballot: BallotWire, matched: u64, round: u64 },
    Refused { ballot: BallotWire, promised: BallotWire },
    State { ballot: BallotWire, snapshot: SnapshotWire, piece: Option<PieceWire> },
    StateReply { ballot: BallotWire, matched: u64, piece: Option<PieceReplyWire> },
    Request { request: RequestWire },
    Reply { reply: ReplyWire },
}

#[derive(Serialize, Deserialize)]
struct PromiseWire {
    ballot: BallotWire,
    reported: Vec<(u64, BallotWire, PayloadWire)>,
    snapshot: Option<SnapshotWire>,
    /// The number of a part, from 0, and how many there are.
    part: Option<(u64, u64)>,
}

#[derive(Serialize, Deserialize)]
struct SnapshotWire {
    up_to: u64,
    store: StoreWire,
}

/// Of what survives a crash, that of which there is one.
#[derive(Serialize, Deserialize)]
struct HeadWire {
    round: u64,
    promised: Option<BallotWire>,
    /// The last slot that is forgotten.
    base: u64,
    /// The last slot that the saved state covers.
    snapshot: Option<u64>,
}

fn ballot_wire(ballot: Ballot) -> BallotWire {
    (ballot.round, ballot.node.0)
}

fn read_ballot((round, node): BallotWire) -> Result<Ballot, String> {
    Ok(Ballot { round: bounded(round)?, node: NodeId(node) })
}

fn values_wire(values: &Values) -> Vec<PayloadWire> {
    values.iter().map(|payload| payload_wire(payload)).collect()
}

fn read_values(values: Vec<PayloadWire>) -> Values {
    Values::from(values.into_iter().map(read_payload).collect::<Vec<_>>())
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

/// A slot that a leader asks to accept, not too far after those that it knows to be chosen.
fn read_open(slot: u64, commit_index: u64) -> Result<u64, String> {
    if slot.saturating_sub(commit_index) > SPAN_MAX {
        return Err(format!("slot {slot} is too far after the commit index {commit_index}"));
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
    let reported = |reported: &Reported| {
        (reported.slot, ballot_wire(reported.accepted.ballot), payload_wire(&reported.accepted.payload))
    };
    MessageWire::Promise(PromiseWire {
        ballot: ballot_wire(promise.ballot),
        reported: promise.reported.iter().map(reported).collect(),
        snapshot: promise.snapshot.as_deref().map(Into::into),
        part: promise.part.map(|part| (part.number, part.of)),
    })
}

fn read_part((number, of): (u64, u64)) -> Result<Part, String> {
    if number < of && of <= SPAN_MAX {
        Ok(Part { number, of })
    } else {
        Err(format!("there is no part {number} of {of}"))
    }
}

fn read_promise(promise: PromiseWire) -> Result<Promise, String> {
    let PromiseWire { ballot, reported, snapshot, part } = promise;
    let slots = || reported.iter().map(|(slot, ..)| *slot);
    // How far they are from what the candidate knows to be chosen, only the candidate can tell.
    read_span(slots().min().unwrap_or(1), slots().max().unwrap_or(1))?;
    let read = |(slot, ballot, value)| -> Result<Reported, String> {
        Ok(Reported { slot, accepted: Accepted { ballot: read_ballot(ballot)?, payload: read_payload(value) } })
    };
    let reported: Result<Vec<Reported>, String> = reported.into_iter().map(read).collect();
    Ok(Promise {
        ballot: read_ballot(ballot)?,
        reported: reported?.into(),
        snapshot: snapshot.map(SnapshotWire::read).transpose()?,
        part: part.map(read_part).transpose()?,
    })
}

impl MessageWire {
    fn of(message: &Message) -> Option<Self> {
        Some(match message {
            Message::Prepare { ballot, after } => Self::Prepare { ballot: ballot_wire(*ballot), after: *after },
            Message::Promise(promise) => promise_wire(promise),
            Message::Accept(Accept { ballot, first, values, commit_index }) => Self::Accept {
                ballot: ballot_wire(*ballot),
                first: *first,
                values: values_wire(values),
                commit_index: *commit_index,
            },
            Message::Accepted(AcceptedReply { ballot, first, last, matched }) => {
                Self::Accepted { ballot: ballot_wire(*ballot), first: *first, last: *last, matched: *matched }
            }
            Message::Heartbeat { ballot, commit_index, round } => {
                Self::Heartbeat { ballot: ballot_wire(*ballot), commit_index: *commit_index, round: *round }
            }
            Message::HeartbeatReply { ballot, matched, round } => {
                Self::HeartbeatReply { ballot: ballot_wire(*ballot), matched: *matched, round: *round }
            }
            Message::Refused { ballot, promised } => {
                Self::Refused { ballot: ballot_wire(*ballot), promised: ballot_wire(*promised) }
            }
            Message::State(State { ballot, snapshot, piece }) => Self::State {
                ballot: ballot_wire(*ballot),
                snapshot: (&**snapshot).into(),
                piece: piece.map(Into::into),
            },
            Message::StateReply(StateReply { ballot, matched, piece }) => {
                Self::StateReply { ballot: ballot_wire(*ballot), matched: *matched, piece: piece.map(Into::into) }
            }
            Message::Request(request) => Self::Request { request: request.into() },
            Message::Reply(reply) => Self::Reply { reply: reply.into() },
            // The simulator's workload says this to its own clients.
            Message::Invoke(_) | Message::SessionRead(_) | Message::SessionReply(_) => return None,
        })
    }

    fn read(self) -> Result<Message, String> {
        Ok(match self {
            Self::Prepare { ballot, after } => {
                Message::Prepare { ballot: read_ballot(ballot)?, after: bounded(after)? }
            }
            Self::Promise(promise) => Message::Promise(read_promise(promise)?),
            Self::Accept { values, .. } if values.is_empty() => {
                return Err("values: there must be one at least".to_owned());
            }
            Self::Accept { ballot, first, values, commit_index } => Message::Accept(Accept {
                ballot: read_ballot(ballot)?,
                first: read_open(first, commit_index)?,
                values: read_values(values),
                commit_index: bounded(commit_index)?,
            }),
            Self::Accepted { ballot, first, last, matched } => {
                let (first, last) = read_span(first, last)?;
                Message::Accepted(AcceptedReply {
                    ballot: read_ballot(ballot)?,
                    first,
                    last,
                    matched: bounded(matched)?,
                })
            }
            Self::Heartbeat { ballot, commit_index, round } => Message::Heartbeat {
                ballot: read_ballot(ballot)?,
                commit_index: bounded(commit_index)?,
                round: bounded(round)?,
            },
            Self::HeartbeatReply { ballot, matched, round } => Message::HeartbeatReply {
                ballot: read_ballot(ballot)?,
                matched: bounded(matched)?,
                round: bounded(round)?,
            },
            Self::Refused { ballot, promised } => {
                Message::Refused { ballot: read_ballot(ballot)?, promised: read_ballot(promised)? }
            }
            Self::State { ballot, snapshot, piece } => Message::State(State {
                ballot: read_ballot(ballot)?,
                snapshot: snapshot.read()?,
                piece: piece.map(PieceWire::read).transpose()?,
            }),
            Self::StateReply { ballot, matched, piece } => Message::StateReply(StateReply {
                ballot: read_ballot(ballot)?,
                matched: bounded(matched)?,
                piece: piece.map(PieceReplyWire::read).transpose()?,
            }),
            Self::Request { request } => Message::Request(request.into()),
            Self::Reply { reply } => Message::Reply(reply.into()),
        })
    }
}

fn head_wire(disk: &Durable) -> HeadWire {
    HeadWire {
        round: disk.round,
        promised: disk.promised.map(ballot_wire),
        base: disk.log.base(),
        snapshot: disk.snapshot.as_ref().map(|snapshot| snapshot.up_to),
    }
}

impl Codec for MultiPaxos {
    fn config(pace: Pace) -> Config {
        Config {
            election_timeout_ticks_min: pace.election_timeout_ticks_min,
            election_timeout_ticks_max: pace.election_timeout_ticks_min.saturating_mul(2),
            heartbeat_ticks: pace.heartbeat_ticks,
            snapshot_threshold: SNAPSHOT_THRESHOLD,
            snapshot_trailing: SNAPSHOT_TRAILING,
            slots_per_message_max: ENTRIES_PER_MESSAGE_MAX,
            bytes_per_message_max: BYTES_PER_MESSAGE_MAX,
            ..Config::default()
        }
    }

    fn encode(message: &Message) -> Value {
        encoded(MessageWire::of(message))
    }

    fn decode(message: &Value) -> Result<Message, String> {
        decoded::<MessageWire>(message)?.read()
    }

    fn lay_down(disk: &mut Durable, write: &Write, changes: &mut Changes) {
        let (base_before, snapshot_before) = (disk.log.base(), disk.snapshot.clone());
        let forgotten = match write {
            Write::TakeSnapshot { forget_up_to, .. } => *forget_up_to,
            Write::InstallSnapshot(snapshot) => snapshot.up_to,
            Write::Candidacy(_) | Write::Promise(_) | Write::Accept { .. } => base_before,
        };
        let slots: Vec<u64> =
            disk.log.after(base_before).map(|(slot, _)| slot).take_while(|&slot| slot <= forgotten).collect();
        changes.remove_entries(slots.into_iter());
        disk.apply(write);
        match write {
            Write::Accept { ballot, first, values } => {
                for (slot, payload) in (*first..).zip(values.iter()).filter(|(slot, _)| *slot > base_before) {
                    changes.put(Key::Entry(slot), &(ballot_wire(*ballot), payload_wire(payload)));
                }
            }
            Write::Candidacy(_) | Write::Promise(_) => changes.put(Key::about(Self::PROTOCOL), &head_wire(disk)),
            Write::TakeSnapshot { snapshot, .. } | Write::InstallSnapshot(snapshot) => {
                changes.put(Key::about(Self::PROTOCOL), &head_wire(disk));
                changes.put_state(snapshot_before.as_ref().map(|snapshot| &snapshot.store), &snapshot.store);
            }
        }
    }

    fn take_up(records: &Records) -> Result<Durable, String> {
        let mut durable = Durable::default();
        if let Some(head) = records.about::<HeadWire>(Self::PROTOCOL)? {
            durable.round = bounded(head.round)?;
            durable.promised = head.promised.map(read_ballot).transpose()?;
            if let Some(up_to) = head.snapshot {
                let snapshot = Arc::new(Snapshot { up_to: bounded(up_to)?, store: records.state()? });
                durable.apply(&Write::TakeSnapshot { snapshot, forget_up_to: bounded(head.base)? });
            }
        }
        for accepted in records.entries::<(BallotWire, PayloadWire)>() {
            let (slot, (ballot, value)) = accepted?;
            if slot <= durable.log.base() {
                return Err(format!("slot {slot} is there, and forgotten"));
            }
            let (ballot, values) = (read_ballot(ballot)?, Values::from(vec![read_payload(value)]));
            durable.apply(&Write::Accept { ballot, first: read_slot(slot)?, values });
        }
        Ok(durable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{Effect, Input, Outbox, Process, Seat};
    use serde_json::json;

    fn refused(message: &Value) -> String {
        MultiPaxos::decode(message).expect_err("it is no message")
    }

    #[test]
    fn there_is_no_slot_0_to_be_accepted_or_reported_or_kept() {
        let no_slot = "there is no slot 0: they are counted from 1";
        assert_eq!(
            refused(&json!({"kind": "accept", "ballot": [1, 0], "first": 0, "values": [null], "commit_index": 0})),
            no_slot
        );
        assert_eq!(
            refused(&json!({"kind": "accepted", "ballot": [1, 0], "first": 0, "last": 1, "matched": 0})),
            no_slot
        );
        let promise = json!({"kind": "promise", "ballot": [1, 0], "reported": [[0, [1, 0], null]], "snapshot": null});
        assert_eq!(refused(&promise), no_slot);
        let mut changes = Changes::default();
        changes.put(Key::Entry(0), &((1, 0), None::<()>));
        let mut records = Records::default();
        changes.apply(&mut records);
        assert_eq!(MultiPaxos::take_up(&records).expect_err("it is no log"), "slot 0 is there, and forgotten");
        let first = json!({"kind": "accept", "ballot": [1, 0], "first": 1, "values": [null], "commit_index": 0});
        assert!(MultiPaxos::decode(&first).is_ok());
        let nothing = json!({"kind": "promise", "ballot": [1, 0], "reported": [], "snapshot": null});
        assert!(MultiPaxos::decode(&nothing).is_ok());
    }

    #[test]
    fn a_slot_far_after_the_commit_index_is_refused() {
        let ballot = [1, 0];
        let accept = |first: u64| {
            let values = [Value::Null];
            json!({"kind": "accept", "ballot": ballot, "first": first, "values": values, "commit_index": 5})
        };
        assert!(MultiPaxos::decode(&accept(1_000_005)).is_ok());
        assert_eq!(refused(&accept(1_000_006)), "slot 1000006 is too far after the commit index 5");
    }

    #[test]
    fn a_promise_of_a_slot_beyond_reason_elects_nobody_and_costs_no_memory() {
        let seat = Seat { id: NodeId(0), replicas: 3 };
        let mut out = Outbox::new();
        let mut candidate = MultiPaxos::boot(seat, &Config::default(), &Durable::default(), 0);
        candidate.handle(0, Input::Timer(crate::multi_paxos::MultiPaxosTimer::Election), &mut out);
        let receipts: Vec<_> = out
            .drain()
            .filter_map(|effect| if let Effect::Receipt(receipt) = effect { Some(receipt) } else { None })
            .collect();
        receipts.into_iter().for_each(|receipt| candidate.handle(0, Input::Persisted(receipt), &mut out));
        let mut hear = |slot: u64| {
            let promise =
                json!({"kind": "promise", "ballot": [1, 0], "reported": [[slot, [0, 1], null]], "snapshot": null});
            let message = MultiPaxos::decode(&promise).expect("its form is right");
            candidate.handle(0, Input::Message { from: NodeId(1), message: &message }, &mut out);
            let complaint =
                out.drain().find_map(|effect| if let Effect::Violation(text) = effect { Some(text) } else { None });
            (complaint, candidate.leads().is_some())
        };
        let far = 1 << 53;
        let complaint = format!("a promise reports slot {far}, and more than 1000000 slots up to it are empty");
        assert_eq!(hear(far), (Some(complaint), false));
        assert_eq!(hear(3), (None, true), "two gaps are filled");
    }
}
