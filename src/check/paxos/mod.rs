//! What single-decree Paxos promises, after every event.
//!
//! Whether a value is chosen is a matter of the acceptors alone: it is, once a majority of them has accepted it in one
//! ballot (Lamport, "Paxos Made Simple", 2001; "PMS"). The monitor hears what leaves the processes, and keeps it,
//! whatever becomes of a disk later:
//!
//! * `acceptors`: promises and acceptances. What was said binds; what is chosen follows from who has accepted what.
//! * `proposers`: ballots, and what a proposal must rest on.
//! * `lens`: who promised and accepted each ballot, and where two majorities meet.
//!
//! Only honest processes are held to what they say. What a liar says of itself counts where it is the truth, since
//! others may rest on it, and is not held against it.

mod acceptors;
mod lens;
mod proposers;

use super::ballots::UsedBallots;
use super::invariant::{Finding, Findings, Found, Invariant, Monitor, QuorumRule, REASONS_MAX, Watched};
use super::quorums::{BallotVotes, Meeting};
use super::said::{Acceptor, name};
use crate::kv::{ClientReport, Command, Value};
use crate::paxos::{Ballot, Durable, Message, Paxos, Proposal, Rule};
use crate::process::NodeId;
use crate::sim::trace::{InputKind, Lie, MessageRecord, flag};
use crate::sim::{Trace, World};
use proposers::{Proposed, Received};
use std::collections::BTreeMap;

const AGREEMENT: usize = 0;
const LEARNED_IS_CHOSEN: usize = 1;
const ONE_VALUE_A_BALLOT: usize = 2;
const PROMISES_KEPT: usize = 3;
const ACCEPTANCES_REPORTED: usize = 4;
const PROPOSALS_BOUND: usize = 5;
const BALLOTS_USED_ONCE: usize = 6;
const VALIDITY: usize = 7;
const TRANSITIONS: usize = 8;

const INVARIANTS: &[Invariant] = &[
    Invariant { name: "agreement", text: "At most one value is chosen, and it never changes.", source: "PMS 2.1" },
    Invariant {
        name: "learned-is-chosen",
        text: "A process takes a value for chosen only if it is.",
        source: "PMS 2.1, 2.3",
    },
    Invariant {
        name: "one-value-a-ballot",
        text: "All that is accepted in one ballot is the same value.",
        source: "PMS 2.2, 2.5",
    },
    Invariant {
        name: "promises-kept",
        text: "An acceptor that has promised a ballot, or accepted in it, promises and accepts nothing lower, crash or \
               no crash.",
        source: "PMS 2.2, 2.5",
    },
    Invariant {
        name: "acceptances-reported",
        text: "A promise reports the highest ballot in which its acceptor has accepted, crash or no crash.",
        source: "PMS 2.2, phase 1 (b); 2.5",
    },
    Invariant {
        name: "proposals-bound",
        text: "A proposal rests on promises from a majority, and has the value of the highest ballot that these \
               report, if they report one.",
        source: "PMS 2.2, P2c and phase 2 (a)",
    },
    Invariant {
        name: "ballots-used-once",
        text: "A proposer begins each attempt with a ballot of its own, higher than all that it has used, crash or no \
               crash.",
        source: "PMS 2.2, phase 1 (a); 2.5",
    },
    Invariant { name: "validity", text: "Only a value that a client proposed is accepted.", source: "PMS 2.1" },
    Invariant { name: "no-forbidden-transition", text: "No process sees what must not happen.", source: "PMS 2.2" },
];

/// One acceptor's promise or acceptance.
#[derive(Clone, Copy, Debug)]
struct Vote {
    acceptor: NodeId,
    /// The event that sent it.
    event: u32,
    /// The event before or with which it left.
    left: u32,
    /// The message: of what one acceptor says, the earlier has the smaller number.
    message: u32,
    /// Whether an acceptance is known by a promise that reports it, and not by itself.
    is_report: bool,
}

impl Vote {
    /// An acceptance as a sentence.
    fn sentence(&self, ballot: Ballot, value: &Value) -> String {
        let name = name(self.acceptor);
        if self.is_report {
            format!("{name} says that it has accepted {ballot} {value}")
        } else {
            format!("{name} accepts {ballot} {value}")
        }
    }
}

/// A value that was accepted in a ballot, and by whom.
#[derive(Clone, Debug)]
struct Votes {
    value: Value,
    acceptors: Vec<Vote>,
}

/// Watches a run of single-decree Paxos.
#[derive(Clone, Debug)]
pub struct PaxosMonitor {
    findings: Findings,
    majority: usize,
    acceptors: Vec<Acceptor>,
    /// For each acceptor its acceptances, each of a higher ballot than those before.
    highest: Vec<Vec<(Proposal, Vote)>>,
    /// For each ballot the promises of it, the first of each acceptor.
    promises: BTreeMap<Ballot, Vec<Vote>>,
    /// For each ballot what was accepted in it: one value, unless something is wrong.
    votes: BTreeMap<Ballot, Vec<Votes>>,
    /// The first proposal that a majority accepted, and the event before or with which the last of these acceptances
    /// left.
    chosen: Option<(Proposal, u32)>,
    /// For each proposer the ballots that it has used.
    prepared: UsedBallots,
    /// For each ballot the promises that its proposer was given.
    received: BTreeMap<(NodeId, Ballot), Vec<Received>>,
    /// For each ballot what was proposed in it: one value by one proposer, unless something is wrong.
    proposed: BTreeMap<Ballot, Vec<Proposed>>,
    /// Values that clients have proposed, each with the event of its invocation.
    wanted: Vec<(Value, u32)>,
}

/// How much a disk holds.
fn level(durable: &Durable) -> [u64; 3] {
    let epoch = |ballot: Option<Ballot>| ballot.map_or(0, |ballot| ballot.as_epoch() + 1);
    [durable.round, epoch(durable.promised), epoch(durable.accepted.as_ref().map(|accepted| accepted.ballot))]
}

/// Whether a message of a liar is not what its honest half wanted to say.
fn is_lie(message: u32, trace: &Trace<Paxos>) -> bool {
    trace.lie_of(message).is_some_and(|lie| matches!(lie.lie, Lie::Altered(_) | Lie::Added(_) | Lie::Replayed))
}

impl PaxosMonitor {
    fn look_at_learner(&mut self, event: u32, ordinal: usize, world: &World<Paxos>) {
        let learner = NodeId(ordinal as u16);
        let machine = world.replicas().get(ordinal).filter(|_| world.is_honest(learner));
        let Some(learned) = machine.and_then(|machine| machine.process.as_ref()).and_then(Paxos::chosen) else {
            return;
        };
        if self.chosen.as_ref().is_some_and(|(chosen, _)| chosen.value == learned.value) {
            return;
        }
        let accepted =
            || self.votes.iter().flat_map(|(ballot, values)| values.iter().map(move |votes| (*ballot, votes)));
        let of_value = || accepted().filter(|(_, votes)| votes.value == learned.value);
        if of_value().any(|(_, votes)| votes.acceptors.len() >= self.majority) {
            return;
        }
        let found = || {
            let most = of_value().map(|(_, votes)| votes.acceptors.len()).max().unwrap_or(0);
            let found = Found::new(format!(
                "{} takes {learned} for chosen, and it is not: {most} of {} acceptors have accepted it in one ballot",
                name(learner),
                self.acceptors.len()
            ));
            let found = found.because(event, format!("{} takes {learned} for chosen", name(learner)));
            of_value().fold(found, |found, (ballot, votes)| {
                votes
                    .acceptors
                    .iter()
                    .fold(found, |found, vote| found.because(vote.event, vote.sentence(ballot, &votes.value)))
            })
        };
        self.findings.note(LEARNED_IS_CHOSEN, event, found);
    }
}

impl Monitor<Paxos> for PaxosMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        let processes = usize::from(replicas);
        Self {
            findings: Findings::new(INVARIANTS),
            majority: processes / 2 + 1,
            acceptors: (0..replicas).map(|id| Acceptor::new(NodeId(id))).collect(),
            highest: vec![Vec::new(); processes],
            promises: BTreeMap::new(),
            votes: BTreeMap::new(),
            chosen: None,
            prepared: UsedBallots::new(processes),
            received: BTreeMap::new(),
            proposed: BTreeMap::new(),
            wanted: Vec::new(),
        }
    }

    fn hear(&mut self, event: u32, message: u32, world: &World<Paxos>, trace: &Trace<Paxos>) {
        let Some(MessageRecord { body, event: sent_by, from, .. }) = trace.messages.get(message as usize) else {
            return;
        };
        if from.index() >= self.acceptors.len() {
            return;
        }
        let is_honest = world.is_honest(*from);
        if !is_honest && is_lie(message, trace) {
            return;
        }
        let vote = Vote { acceptor: *from, event: *sent_by, left: event, message, is_report: false };
        match body {
            Message::Prepare { ballot } if is_honest => self.hear_prepare(vote, *ballot),
            Message::Promise { ballot, accepted } => self.hear_promise(vote, *ballot, accepted.as_ref(), is_honest),
            Message::Accept { proposal } if is_honest => self.hear_proposal(vote, proposal, trace),
            Message::Accepted { proposal } => self.hear_acceptance(vote, proposal, is_honest),
            _ => {}
        }
    }

    fn observe(&mut self, event: u32, world: &World<Paxos>, trace: &Trace<Paxos>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        if record.flags & flag::INVOCATION != 0 {
            let invoked = trace.reports.iter().rev().take_while(|report| report.event == event);
            for report in invoked {
                if let ClientReport::Invoked { command: Command::Cas { new: value, .. }, .. } = &report.report {
                    self.wanted.push((value.clone(), event));
                }
            }
        }
        if record.input == InputKind::Message {
            self.note_received(event, trace);
        }
        for (acceptor, machine) in self.acceptors.iter_mut().zip(world.replicas()) {
            acceptor.observe(event, record, machine, level);
        }
        if record.flags & flag::VIOLATION != 0 && world.is_honest(NodeId(record.node)) {
            self.findings.note(TRANSITIONS, event, || trace.violation_at(event).unwrap_or_default().to_owned());
        }
        self.look_at_learner(event, usize::from(record.node), world);
    }

    fn observe_everything(&mut self, event: u32, world: &World<Paxos>) {
        for ordinal in 0..self.acceptors.len() {
            self.look_at_learner(event, ordinal, world);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<Paxos>) {
        self.findings.rewind(event);
        for (acceptor, machine) in self.acceptors.iter_mut().zip(world.replicas()) {
            acceptor.rewind(event, machine, level);
        }
        self.highest.iter_mut().for_each(|highest| highest.retain(|(_, vote)| vote.left < event));
        self.promises.values_mut().for_each(|promises| promises.retain(|vote| vote.left < event));
        for values in self.votes.values_mut() {
            values.iter_mut().for_each(|votes| votes.acceptors.retain(|vote| vote.left < event));
            values.retain(|votes| !votes.acceptors.is_empty());
        }
        self.chosen.take_if(|(_, left)| *left >= event);
        self.prepared.rewind(event);
        self.received.values_mut().for_each(|received| received.retain(|each| each.handled < event));
        self.proposed.values_mut().for_each(|proposed| proposed.retain(|each| each.left < event));
        self.wanted.retain(|(_, seen)| *seen < event);
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }

    fn ballots(&self, before: u32) -> Vec<BallotVotes> {
        self.ballots_before(before)
    }

    fn meeting(&self, before: u32) -> Option<Meeting> {
        self.meeting_before(before)
    }
}

impl Watched for Paxos {
    type Monitor = PaxosMonitor;

    const QUORUMS: &'static [QuorumRule<Self::Rule>] = &[
        QuorumRule::deciding(Rule::ValueFree, "promise"),
        QuorumRule::deciding(Rule::ValueBound, "promise"),
        QuorumRule::deciding(Rule::Learned, "accepted"),
    ];
}
