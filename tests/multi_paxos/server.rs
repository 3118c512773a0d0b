//! One server alone: what it is given, one input, what it does.

use crate::replicated_log::driven::{self, Driven};
use consensus_playground::kv::{Answer, Command, Request};
use consensus_playground::multi_paxos::log::Values;
use consensus_playground::multi_paxos::message::{Accept, AcceptedReply, Promise, Reported};
use consensus_playground::multi_paxos::state::Write;
use consensus_playground::multi_paxos::{Accepted, Ballot, Config, Durable, Message, MultiPaxos, Payload, Rule, Slot};
use consensus_playground::process::{Durable as _, NodeId, Seat};
use std::sync::Arc;

pub const N1: NodeId = NodeId(0);
pub const N2: NodeId = NodeId(1);
pub const N3: NodeId = NodeId(2);
pub const N4: NodeId = NodeId(3);
pub const N5: NodeId = NodeId(4);

/// A client of a cluster of five.
pub const CLIENT: NodeId = NodeId(5);

pub type Server = Driven<MultiPaxos>;
pub type Done = driven::Done<MultiPaxos>;

impl Done {
    /// The values that it asked a peer to accept, with their first slot.
    pub fn offered(&self, peer: NodeId) -> Option<(Slot, Vec<String>)> {
        self.sent.iter().find_map(|(to, message)| match message {
            Message::Accept(accept) if *to == peer => {
                Some((accept.first, accept.values.iter().map(|value| value.to_string()).collect()))
            }
            _ => None,
        })
    }

    /// The answer to a client, if it got one.
    pub fn answered(&self) -> Option<&Message> {
        self.sent.iter().find(|(to, _)| *to == CLIENT).map(|(_, message)| message)
    }
}

/// No check-quorum, and all slots are kept.
pub fn plain() -> Config {
    Config { check_quorum: false, snapshot_threshold: 0, ..Config::default() }
}

pub fn ballot(round: u64, node: NodeId) -> Ballot {
    Ballot { round, node }
}

pub fn put(value: &str) -> Arc<Payload> {
    Arc::new(Payload::Command(request_of(value.len() as u64, Command::Put { key: "x".into(), value: value.into() })))
}

pub fn request_of(sequence: u64, command: Command) -> Request {
    Request { client: CLIENT, sequence, command }
}

pub fn write(sequence: u64, value: &str) -> Message {
    Message::Request(request_of(sequence, Command::Put { key: "x".into(), value: value.into() }))
}

pub fn read(sequence: u64) -> Message {
    Message::Request(request_of(sequence, Command::Get { key: "x".into() }))
}

pub fn value(sequence: u64, value: Option<&str>) -> Message {
    Message::answer(sequence, Answer::Value(value.map(Into::into)))
}

/// A promise that reports slots, each with its ballot and value.
pub fn promise(ballot: Ballot, reported: &[(Slot, Ballot, &str)]) -> Message {
    let reported: Vec<Reported> = reported
        .iter()
        .map(|(slot, ballot, value)| Reported {
            slot: *slot,
            accepted: Accepted { ballot: *ballot, payload: put(value) },
        })
        .collect();
    Message::Promise(Promise { ballot, reported: reported.into(), snapshot: None, part: None })
}

pub fn accept(ballot: Ballot, first: Slot, values: &[&str], commit_index: Slot) -> Message {
    let values = Values::from(values.iter().map(|value| put(value)).collect::<Vec<_>>());
    Message::Accept(Accept { ballot, first, values, commit_index })
}

pub fn accepted(ballot: Ballot, slot: Slot) -> Message {
    Message::Accepted(AcceptedReply { ballot, first: slot, last: slot, matched: 0 })
}

pub fn confirm(ballot: Ballot, matched: Slot, round: u64) -> Message {
    Message::HeartbeatReply { ballot, matched, round }
}

/// N1, with an empty disk.
pub fn server() -> Server {
    boot(plain(), &Durable::default())
}

/// N1, which has accepted values, each in a slot and a ballot, and promised the highest of them.
pub fn server_with(slots: &[(Slot, Ballot, &str)]) -> Server {
    let mut durable = Durable::default();
    for (slot, ballot, value) in slots {
        durable.apply(&Write::Accept { ballot: *ballot, first: *slot, values: Values::from(vec![put(value)]) });
    }
    if let Some(highest) = slots.iter().map(|(_, ballot, _)| *ballot).max() {
        durable.apply(&Write::Promise(highest));
    }
    boot(plain(), &durable)
}

/// N1, booted from its disk.
pub fn boot(config: Config, durable: &Durable) -> Server {
    Driven::boot(Seat { id: N1, replicas: 5 }, &config, durable)
}

impl Server {
    /// It stands, and its promise to itself is on its disk. Gives its ballot.
    pub fn stands(&mut self) -> Ballot {
        let done = self.times_out();
        self.is_told(&done.receipts);
        self.core.promised().unwrap()
    }

    /// It stands, N2 and N3 promise and report nothing, and what it proposes is on its disk. Gives its ballot.
    pub fn leads(&mut self) -> Ballot {
        let own = self.stands();
        self.hears(N2, &promise(own, &[]));
        let done = self.hears(N3, &promise(own, &[]));
        assert!(done.fired(Rule::BecameLeader));
        self.is_told(&done.receipts);
        own
    }

    /// A client's write, which reaches its disk.
    pub fn takes(&mut self, sequence: u64, value: &str) -> Done {
        let done = self.hears(CLIENT, &write(sequence, value));
        self.is_told(&done.receipts);
        done
    }

    /// The values of its slots, as far as they are there.
    pub fn log(&self) -> Vec<(Slot, String)> {
        self.core
            .log()
            .after(0)
            .map(|(slot, accepted)| (slot, format!("{} {}", accepted.ballot, accepted.payload)))
            .collect()
    }
}
