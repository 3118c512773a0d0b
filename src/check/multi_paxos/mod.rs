//! What Multi-Paxos promises, after every event.
//!
//! Whether a value is chosen in a slot is a matter of the acceptors alone: it is, once a majority of them has accepted
//! it there in one ballot (Lamport, "Paxos Made Simple", 2001; "PMS"). The monitor hears what leaves the servers, and
//! keeps it, whatever becomes of a disk later:
//!
//! * `acceptors`: promises, acceptances and answers to leaders. What was said binds; what is chosen follows from who
//!   has accepted what.
//! * `leaders`: ballots, and what a leader must propose in the slots that it finds open.
//! * `servers`: what a server takes for chosen and has applied. After an event only the process that handled it can
//!   have changed.
//!
//! A leader says nothing of its own acceptances: it counts them when it is told that they are on its disk. The monitor
//! counts them at the same event.

mod acceptors;
mod invariants;
mod leaders;
mod servers;

use super::ballots::UsedBallots;
use super::invariant::{Finding, Findings, Found, Invariant, Monitor, Origin, QuorumRule, REASONS_MAX, Watched};
use super::quorums::{SlotBallot, SlotVotes};
use super::said::{Acceptor, name};
use crate::multi_paxos::log::{Payload, Slot};
use crate::multi_paxos::message::StateReply;
use crate::multi_paxos::{Ballot, Durable, Message, MultiPaxos, Receipt, Role, Rule};
use crate::process::{Fingerprint, Fingerprinter, NodeId};
use crate::sim::machine::Machine;
use crate::sim::trace::{InputKind, MessageRecord, flag};
use crate::sim::{Trace, World};
use invariants::*;
use leaders::{OwnReport, Received};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// How an acceptance in a slot is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Known {
    /// The acceptor has said so.
    Said,
    /// It has said up to where it has all that the leader has proposed.
    UpToHere,
    /// Its promise reports it.
    Reported,
    /// It is the leader, and was told that it is on its disk.
    Own,
}

/// One acceptor's acceptance in a slot.
#[derive(Clone, Copy, Debug)]
struct Vote {
    acceptor: NodeId,
    how: Known,
    /// The event that sent it.
    event: u32,
    /// The event before or with which it left.
    left: u32,
}

impl Vote {
    fn sentence(&self, slot: Slot, ballot: Ballot, payload: &Payload) -> String {
        let name = name(self.acceptor);
        match self.how {
            Known::Said => format!("{name} accepts {payload} in slot {slot} in {ballot}"),
            Known::UpToHere => format!("{name} says that it has all of {ballot}, slot {slot} with {payload} included"),
            Known::Reported => format!("{name} reports that it has accepted {payload} in slot {slot} in {ballot}"),
            Known::Own => format!("{name} has {payload} in slot {slot} in {ballot} on its own disk, and counts it"),
        }
    }
}

/// A value that was accepted in a slot in a ballot, and by whom.
#[derive(Clone, Debug)]
struct Votes {
    ballot: Ballot,
    payload: Arc<Payload>,
    acceptors: Vec<Vote>,
}

/// What a leader has proposed in a slot.
#[derive(Clone, Debug)]
struct Offer {
    ballot: Ballot,
    payload: Arc<Payload>,
    event: u32,
}

/// What is known of a slot.
#[derive(Clone, Debug, Default)]
struct SlotSeen {
    offers: Vec<Offer>,
    votes: Vec<Votes>,
    /// The value that a majority accepted first, its ballot, and the event before or with which the last of these
    /// acceptances left.
    chosen: Option<(Arc<Payload>, Ballot, u32)>,
    /// The hash of the state after it, who had it first, and after which event.
    state: Option<(u128, NodeId, u32)>,
}

impl SlotSeen {
    /// Where the value comes from that was proposed in a ballot, before an event.
    fn origin(&self, epoch: u64, before: u32) -> Option<Origin> {
        let offer = self.offers.iter().find(|offer| offer.ballot.as_epoch() == epoch && offer.event < before)?;
        let chosen = self.chosen.as_ref().filter(|(payload, _, left)| *payload == offer.payload && *left < before);
        let votes = chosen.and_then(|(payload, ballot, left)| {
            let votes = self.votes.iter().find(|votes| votes.ballot == *ballot && votes.payload == *payload)?;
            Some(votes.acceptors.iter().filter(move |vote| vote.left <= *left))
        });
        let votes: Vec<&Vote> = votes.into_iter().flatten().collect();
        let client = match &*offer.payload {
            Payload::NoOp => None,
            Payload::Command(request) => Some(request.client),
        };
        Some(Origin {
            written: Some((offer.ballot.node, offer.event)),
            client,
            decided: votes.iter().max_by_key(|vote| vote.left).map(|vote| (vote.acceptor, vote.event)),
            backers: votes.iter().map(|vote| vote.acceptor).collect(),
        })
    }

    /// What an onlooker knows of it before an event.
    fn votes_before(&self, slot: Slot, before: u32) -> SlotVotes {
        let chosen = self.chosen.as_ref().filter(|(.., left)| *left < before).map(|(payload, ..)| payload);
        let ballot = |votes: &Votes| SlotBallot {
            epoch: votes.ballot.as_epoch(),
            value: votes.payload.to_string(),
            acceptors: votes.acceptors.iter().filter(|vote| vote.left < before).map(|vote| vote.acceptor).collect(),
            is_chosen: chosen.is_some_and(|chosen| **chosen == *votes.payload),
        };
        let mut accepted: Vec<SlotBallot> =
            self.votes.iter().map(ballot).filter(|ballot| !ballot.acceptors.is_empty()).collect();
        accepted.sort_by_key(|ballot| ballot.epoch);
        SlotVotes { slot, chosen: chosen.map(ToString::to_string), accepted }
    }

    fn is_empty(&self) -> bool {
        self.offers.is_empty() && self.votes.is_empty() && self.state.is_none()
    }

    fn rewind(&mut self, event: u32) {
        self.offers.retain(|offer| offer.event < event);
        self.chosen.take_if(|(.., left)| *left >= event);
        self.state.take_if(|(.., seen)| *seen >= event);
        self.votes.iter_mut().for_each(|votes| votes.acceptors.retain(|vote| vote.left < event));
        self.votes.retain(|votes| !votes.acceptors.is_empty());
    }
}

/// What a server was like after its last event.
#[derive(Clone, Debug, Default)]
struct Seen {
    leads: Option<Ballot>,
    /// As a leader, the slot of its next command.
    next_slot: Slot,
    commit_index: Slot,
    last_applied: Slot,
    /// The event after which it committed or applied something last.
    went_on: u32,
    /// What it is told when its oldest write is on disk.
    next_receipt: Option<Receipt>,
    /// As a candidate or leader, what it reports to itself.
    own_report: Option<OwnReport>,
}

/// Up to which slot an acceptor has said that it has all of a ballot: so far it was counted.
#[derive(Clone, Copy, Debug)]
struct Counted {
    ballot: Ballot,
    up_to: Slot,
    left: u32,
}

/// Watches a run of Multi-Paxos.
#[derive(Clone, Debug)]
pub struct MultiPaxosMonitor {
    findings: Findings,
    majority: usize,
    acceptors: Vec<Acceptor>,
    /// By slot, from 1.
    slots: Vec<SlotSeen>,
    /// Who led a ballot first, and the event after which it did.
    leaders: BTreeMap<Ballot, (NodeId, u32)>,
    /// For each server the ballots for which it has asked for promises.
    prepared: UsedBallots,
    /// For each ballot the promises that a candidate was given.
    received: BTreeMap<(NodeId, Ballot), Vec<Received>>,
    seen: Vec<Seen>,
    /// For each acceptor, in the order in which it has said so.
    counted: Vec<Vec<Counted>>,
    /// The first slot in which two values were chosen because a disk had lost something, what the disk did, and the
    /// event.
    excuse: Option<(Slot, String, u32)>,
    scratch: Fingerprinter,
}

/// How much a disk holds.
fn level(durable: &Durable) -> [u64; 3] {
    [durable.round, durable.promised.map_or(0, |ballot| ballot.as_epoch() + 1), durable.log.last_slot()]
}

/// What a process is told when its oldest write is on disk.
fn next_receipt(machine: &Machine<MultiPaxos>) -> Option<Receipt> {
    let waiting = machine.disk.pending.iter().flat_map(|flush| &flush.receipts);
    machine.disk.receipts.iter().chain(waiting).next().copied()
}

impl MultiPaxosMonitor {
    fn slot(&mut self, slot: Slot) -> &mut SlotSeen {
        let position = slot.saturating_sub(1) as usize;
        if self.slots.len() <= position {
            self.slots.resize_with(position + 1, SlotSeen::default);
        }
        &mut self.slots[position]
    }

    fn known(&self, slot: Slot) -> Option<&SlotSeen> {
        self.slots.get(slot.checked_sub(1)? as usize)
    }

    /// A sentence about a slot, and that it lies beyond the model if that made two values chosen there, or before it.
    fn excused(&self, slot: Slot, sentence: String) -> String {
        match self.excuse.as_ref().filter(|(first, ..)| *first <= slot) {
            Some((_, excuse, _)) => format!("{sentence}; {excuse}"),
            None => sentence,
        }
    }

    fn chosen(&self, slot: Slot) -> Option<&Arc<Payload>> {
        self.known(slot)?.chosen.as_ref().map(|(payload, ..)| payload)
    }
}

impl Monitor<MultiPaxos> for MultiPaxosMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        let servers = usize::from(replicas);
        Self {
            findings: Findings::new(INVARIANTS),
            majority: servers / 2 + 1,
            acceptors: (0..replicas).map(|id| Acceptor::new(NodeId(id))).collect(),
            slots: Vec::new(),
            leaders: BTreeMap::new(),
            prepared: UsedBallots::new(servers),
            received: BTreeMap::new(),
            seen: vec![Seen::default(); servers],
            counted: vec![Vec::new(); servers],
            excuse: None,
            scratch: Fingerprinter::new(),
        }
    }

    fn hear(&mut self, event: u32, message: u32, world: &World<MultiPaxos>, trace: &Trace<MultiPaxos>) {
        let Some(MessageRecord { body, event: sent_by, from, .. }) = trace.messages.get(message as usize) else {
            return;
        };
        if from.index() >= self.acceptors.len() || !world.is_honest(*from) {
            return;
        }
        let vote = Vote { acceptor: *from, how: Known::Said, event: *sent_by, left: event };
        match body {
            Message::Prepare { ballot, .. } => self.hear_prepare(vote, *ballot),
            Message::Promise(promise) => self.hear_promise(vote, promise, trace),
            Message::Accepted(reply) => self.hear_acceptance(vote, reply, trace),
            Message::HeartbeatReply { ballot, matched, .. }
            | Message::StateReply(StateReply { ballot, matched, .. }) => {
                self.hear_answer(vote, *ballot, *matched);
            }
            _ => {}
        }
    }

    fn observe(&mut self, event: u32, world: &World<MultiPaxos>, trace: &Trace<MultiPaxos>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        let ordinal = usize::from(record.node);
        for (acceptor, machine) in self.acceptors.iter_mut().zip(world.replicas()) {
            acceptor.observe(event, record, machine, level);
        }
        let Some(machine) = world.replicas().get(ordinal) else { return };
        if machine.process.is_none() || record.input == InputKind::Start {
            self.seen[ordinal] = Seen::default();
        }
        if record.flags & flag::VIOLATION != 0 && world.is_honest(NodeId(record.node)) {
            let sentence = trace.violation_at(event).unwrap_or_default();
            self.findings.note(TRANSITIONS, event, || format!("n{}: {sentence}", ordinal + 1));
        }
        match record.input {
            InputKind::Message => self.note_received(event, record.cause, trace),
            InputKind::Persisted => self.note_receipt(event, ordinal, machine),
            _ => {}
        }
        self.look_at_leader(event, ordinal, machine);
        self.look_at_process(event, ordinal, world);
        self.seen[ordinal].next_receipt = next_receipt(machine);
    }

    fn observe_everything(&mut self, event: u32, world: &World<MultiPaxos>) {
        for ordinal in 0..self.seen.len() {
            self.seen[ordinal].commit_index = 0;
            self.look_at_process(event, ordinal, world);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<MultiPaxos>) {
        self.findings.rewind(event);
        for (acceptor, machine) in self.acceptors.iter_mut().zip(world.replicas()) {
            acceptor.rewind(event, machine, level);
        }
        self.slots.iter_mut().for_each(|slot| slot.rewind(event));
        self.slots.truncate(self.slots.iter().rposition(|slot| !slot.is_empty()).map_or(0, |last| last + 1));
        self.leaders.retain(|_, (_, seen)| *seen < event);
        self.prepared.rewind(event);
        self.received.values_mut().for_each(|received| received.retain(|each| each.handled < event));
        self.counted.iter_mut().for_each(|counted| counted.retain(|each| each.left < event));
        self.excuse.take_if(|(.., seen)| *seen >= event);
        for (seen, machine) in self.seen.iter_mut().zip(world.replicas()) {
            let next_receipt = next_receipt(machine);
            *seen = machine.process.as_ref().map_or(Seen::default(), |process| Seen {
                leads: process.leads(),
                next_slot: if let Role::Leader(leader) = process.role_state() { leader.next_slot } else { 0 },
                commit_index: process.commit_index(),
                last_applied: process.last_applied(),
                went_on: seen.went_on.min(event.saturating_sub(1)),
                next_receipt,
                own_report: OwnReport::of(process, event),
            });
        }
    }

    fn origin(&self, index: u64, epoch: u64, before: u32) -> Option<Origin> {
        self.known(index)?.origin(epoch, before)
    }

    fn slots(&self, slots: RangeInclusive<Slot>, before: u32) -> Vec<SlotVotes> {
        let known = (1..).zip(&self.slots).skip(slots.start().saturating_sub(1) as usize);
        known
            .take_while(|(slot, _)| slot <= slots.end())
            .map(|(slot, known)| known.votes_before(slot, before))
            .collect()
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }
}

impl Watched for MultiPaxos {
    type Monitor = MultiPaxosMonitor;

    const QUORUMS: &'static [QuorumRule<Self::Rule>] = &[
        QuorumRule::deciding(Rule::BecameLeader, "promise"),
        QuorumRule::deciding(Rule::Chosen, "accepted"),
        QuorumRule::deciding(Rule::ChosenOutOfOrder, "accepted"),
    ];
}
