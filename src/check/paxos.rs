//! What single-decree Paxos promises, after every event.
//!
//! Whether a value is chosen is a matter of the acceptors alone: it is, once a majority of them has written down that it
//! accepted one ballot. The monitor therefore reads the disks, keeps for each ballot who has ever accepted it, and holds
//! what the learners say against that. An acceptor that says that it has accepted has done so for all others, even if its disk does not know it: then
//! a rule is broken, and what follows from it must show (Lamport, "Paxos Made Simple", 2001; "PMS").

use super::invariant::{Finding, Findings, Invariant, Monitor, Watched};
use super::quorums::{BallotVotes, Meeting};
use crate::kv::{ClientReport, Command, Value};
use crate::paxos::{Ballot, Message, Paxos, Proposal};
use crate::process::{NodeId, NodeSet};
use crate::sim::trace::{EventRecord, Fate, NONE, flag};
use crate::sim::{Trace, World};
use std::collections::BTreeMap;

const AGREEMENT: usize = 0;
const LEARNED_IS_CHOSEN: usize = 1;
const ONE_VALUE_A_BALLOT: usize = 2;
const PROMISES_KEPT: usize = 3;
const VALIDITY: usize = 4;
const TRANSITIONS: usize = 5;

const INVARIANTS: &[Invariant] = &[
    Invariant { name: "agreement", text: "At most one value is chosen, and it never changes.", source: "PMS 2.1" },
    Invariant { name: "learned-is-chosen", text: "A process takes a value for chosen only if it is.", source: "PMS 2.1, 2.3" },
    Invariant { name: "one-value-a-ballot", text: "All that is accepted in one ballot is the same value.", source: "PMS 2.2, 2.5" },
    Invariant {
        name: "promises-kept",
        text: "What an acceptor has promised and accepted never falls, crash or no crash.",
        source: "PMS 2.2, 2.5",
    },
    Invariant { name: "validity", text: "Only a value that a client proposed is accepted.", source: "PMS 2.1" },
    Invariant { name: "no-forbidden-transition", text: "No process sees what must not happen.", source: "PMS 2.2" },
];

/// Who has accepted a ballot, and its value.
#[derive(Clone, Debug)]
struct Votes {
    value: Value,
    /// Acceptors, each with the event after which its acceptance was first seen.
    acceptors: Vec<(NodeId, u32)>,
}

#[derive(Clone, Debug, Default)]
struct Seen {
    wipes: u32,
    promised: Option<Ballot>,
    accepted: Option<Ballot>,
}

/// A promise that an acceptor has given.
#[derive(Clone, Copy, Debug)]
struct Given {
    ballot: Ballot,
    acceptor: NodeId,
    /// Its place in the trace.
    message: u32,
    event: u32,
}

/// Watches a run of single-decree Paxos.
#[derive(Clone, Debug)]
pub struct PaxosMonitor {
    findings: Findings,
    majority: usize,
    votes: BTreeMap<Ballot, Votes>,
    /// For each ballot the acceptors whose promise of it has left, each with the event after which it had.
    promises: BTreeMap<Ballot, Vec<(NodeId, u32)>>,
    /// Promises that wait for a flush: nobody has them, and a crash takes them back.
    waiting: Vec<Given>,
    /// Promises that have waited, each with the event after which they waited no longer.
    waited: Vec<(Given, u32)>,
    /// The first ballot that a majority accepted, its value, and the event after which it was chosen.
    chosen: Option<(Proposal, u32)>,
    seen: Vec<Seen>,
    /// Values that clients have proposed, each with the event of its invocation.
    proposed: Vec<(Value, u32)>,
}

fn name(place: usize) -> String {
    format!("n{}", place + 1)
}

/// The event after which an acceptor's deed was first seen.
fn event_of<'a>(mut deeds: impl Iterator<Item = &'a (NodeId, u32)>, acceptor: NodeId) -> Option<u32> {
    deeds.find(|(known, _)| *known == acceptor).map(|(_, event)| *event)
}

impl PaxosMonitor {
    fn look_at_acceptor(&mut self, event: u32, place: usize, world: &World<Paxos>) {
        let Some(machine) = world.replicas().get(place) else { return };
        let durable = &machine.disk.durable;
        let seen = &mut self.seen[place];
        if machine.wipes() > seen.wipes {
            *seen = Seen { wipes: machine.wipes(), ..Seen::default() };
        }
        let accepted = durable.accepted.as_ref();
        let accepted_ballot = accepted.map(|accepted| accepted.ballot);
        let is_honest = world.is_honest(NodeId(place as u16));
        if is_honest && (durable.promised < seen.promised || accepted_ballot < seen.accepted) {
            self.findings.note(PROMISES_KEPT, event, || format!("{} has gone back on a promise or an acceptance", name(place)));
        }
        let is_new = accepted_ballot != seen.accepted;
        seen.promised = durable.promised;
        seen.accepted = accepted_ballot;
        if let Some(accepted) = accepted.filter(|_| is_new) {
            self.count(event, place, accepted, is_honest);
        }
    }

    /// An acceptance. What the honest half of a liar accepts counts as well, since others may rest on it, and is not held against it.
    fn count(&mut self, event: u32, place: usize, accepted: &Proposal, is_honest: bool) {
        if is_honest && !self.proposed.iter().any(|(value, _)| *value == accepted.value) {
            self.findings.note(VALIDITY, event, || format!("{} accepts {accepted}, which nobody proposed", name(place)));
        }
        let acceptor = NodeId(place as u16);
        let fresh = || Votes { value: accepted.value.clone(), acceptors: Vec::new() };
        let votes = self.votes.entry(accepted.ballot).or_insert_with(fresh);
        if votes.value != accepted.value {
            if !is_honest {
                return;
            }
            self.findings.note(ONE_VALUE_A_BALLOT, event, || {
                format!("{} accepts {accepted}, and another value was accepted in that ballot", name(place))
            });
            return;
        }
        if votes.acceptors.iter().all(|(known, _)| *known != acceptor) {
            votes.acceptors.push((acceptor, event));
        }
        if votes.acceptors.len() < self.majority {
            return;
        }
        match &self.chosen {
            Some((chosen, _)) if chosen.value != accepted.value => {
                let chosen = chosen.clone();
                self.findings.note(AGREEMENT, event, || format!("{accepted} is chosen, and {chosen} was chosen before"));
            }
            Some(_) => {}
            None => self.chosen = Some((accepted.clone(), event)),
        }
    }

    /// A promise counts once it has left, which it does when the flush before it is done. One that its acceptor lost in a crash never does.
    fn look_at_promises(&mut self, event: u32, record: &EventRecord, world: &World<Paxos>, trace: &Trace<Paxos>) {
        for message in record.sent() {
            let sent = trace.messages.get(message as usize).filter(|sent| sent.copy_of == NONE);
            if let Some((Message::Promise { ballot, .. }, acceptor)) = sent.map(|sent| (&sent.body, sent.from)) {
                self.waiting.push(Given { ballot: *ballot, acceptor, message, event });
            }
        }
        let lost = trace.resolutions.get(trace.resolutions.partition_point(|end| end.event < event)..).unwrap_or_default();
        let is_lost =
            |message| lost.iter().take_while(|end| end.event == event).any(|end| (end.message, end.fate) == (message, Fate::NeverSent));
        for given in std::mem::take(&mut self.waiting) {
            let flushes = world.replicas().get(given.acceptor.index()).into_iter().flat_map(|machine| &machine.disk.pending);
            if flushes.flat_map(|flush| &flush.messages).any(|message| *message == given.message) {
                self.waiting.push(given);
                continue;
            }
            if given.event < event {
                self.waited.push((given, event));
            }
            if !is_lost(given.message) {
                self.promises.entry(given.ballot).or_default().push((given.acceptor, event));
            }
        }
    }

    /// An acceptance counts as soon as a message that says so has left, which it does once the flush before it is done.
    fn look_at_acceptances(&mut self, event: u32, record: &EventRecord, world: &World<Paxos>, trace: &Trace<Paxos>) {
        let place = usize::from(record.node);
        // What is done to nobody in particular has no place among them.
        let Some(machine) = world.replicas().get(place) else { return };
        let is_honest = world.is_honest(NodeId(record.node));
        if !is_honest || !machine.disk.pending.is_empty() {
            return;
        }
        let mut sent = record.sent().filter_map(|message| trace.messages.get(message as usize));
        let accepted = sent.find_map(|message| if let Message::Accepted { proposal } = &message.body { Some(proposal) } else { None });
        if let Some(proposal) = accepted {
            self.count(event, place, proposal, true);
        }
    }

    fn look_at_learner(&mut self, event: u32, place: usize, world: &World<Paxos>) {
        let learner = world.replicas().get(place).filter(|_| world.is_honest(NodeId(place as u16)));
        let learned = learner.and_then(|machine| machine.process.as_ref()).and_then(Paxos::chosen);
        let Some(learned) = learned else { return };
        if self.chosen.as_ref().is_none_or(|(chosen, _)| chosen.value != learned.value) {
            self.findings.note(LEARNED_IS_CHOSEN, event, || format!("{} takes {learned} for chosen, and it is not", name(place)));
        }
    }
}

impl Monitor<Paxos> for PaxosMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        Self {
            findings: Findings::new(INVARIANTS),
            majority: usize::from(replicas) / 2 + 1,
            votes: BTreeMap::new(),
            promises: BTreeMap::new(),
            waiting: Vec::new(),
            waited: Vec::new(),
            chosen: None,
            seen: vec![Seen::default(); usize::from(replicas)],
            proposed: Vec::new(),
        }
    }

    fn observe(&mut self, event: u32, world: &World<Paxos>, trace: &Trace<Paxos>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        if record.flags & flag::INVOCATION != 0 {
            let invoked = trace.reports.iter().rev().take_while(|report| report.event == event);
            for report in invoked {
                if let ClientReport::Invoked { command: Command::Cas { new: value, .. }, .. } = &report.report {
                    self.proposed.push((value.clone(), event));
                }
            }
        }
        self.look_at_promises(event, record, world, trace);
        if record.flags & flag::VIOLATION != 0 && world.is_honest(NodeId(record.node)) {
            self.findings.note(TRANSITIONS, event, || trace.violation_at(event).unwrap_or_default().to_owned());
        }
        // A flush ends between two events, so any disk may have changed.
        for place in 0..self.seen.len() {
            self.look_at_acceptor(event, place, world);
        }
        self.look_at_acceptances(event, record, world, trace);
        self.look_at_learner(event, usize::from(record.node), world);
    }

    fn observe_everything(&mut self, event: u32, world: &World<Paxos>) {
        for place in 0..self.seen.len() {
            self.look_at_acceptor(event, place, world);
            self.look_at_learner(event, place, world);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<Paxos>) {
        self.findings.rewind(event);
        self.proposed.retain(|(_, seen)| *seen < event);
        self.chosen.take_if(|(_, seen)| *seen >= event);
        for votes in self.votes.values_mut() {
            votes.acceptors.retain(|(_, seen)| *seen < event);
        }
        self.votes.retain(|_, votes| !votes.acceptors.is_empty());
        for acceptors in self.promises.values_mut() {
            acceptors.retain(|(_, seen)| *seen < event);
        }
        let wait_again = self.waited.iter().filter(|(_, until)| *until >= event).map(|(given, _)| *given);
        self.waiting.extend(wait_again);
        self.waited.retain(|(_, until)| *until < event);
        self.waiting.retain(|given| given.event < event);
        for (seen, machine) in self.seen.iter_mut().zip(world.replicas()) {
            let durable = &machine.disk.durable;
            let accepted = durable.accepted.as_ref().map(|accepted| accepted.ballot);
            *seen = Seen { wipes: machine.wipes(), promised: durable.promised, accepted };
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }

    fn ballots(&self, before: u32) -> Vec<BallotVotes> {
        let set = |acceptors: &[(NodeId, u32)]| {
            let earlier = acceptors.iter().filter(|(_, event)| *event < before);
            earlier.map(|(acceptor, _)| *acceptor).collect::<NodeSet>()
        };
        let is_majority = |set: NodeSet| set.len() as usize >= self.majority;
        let mut ballots: Vec<Ballot> = self.promises.keys().chain(self.votes.keys()).copied().collect();
        ballots.sort_unstable();
        ballots.dedup();
        let row = |ballot: Ballot| {
            let promised = self.promises.get(&ballot).map_or(NodeSet::EMPTY, |acceptors| set(acceptors));
            let votes = self.votes.get(&ballot);
            let accepted = votes.map_or(NodeSet::EMPTY, |votes| set(&votes.acceptors));
            BallotVotes {
                epoch: ballot.as_epoch(),
                promised,
                accepted,
                value: votes.filter(|_| !accepted.is_empty()).map(|votes| votes.value.to_string()),
                has_promises: is_majority(promised),
                is_chosen: is_majority(accepted),
            }
        };
        ballots.into_iter().map(row).filter(|row| !(row.promised.is_empty() && row.accepted.is_empty())).collect()
    }

    fn meeting(&self, before: u32) -> Option<Meeting> {
        let ballots = self.ballots(before);
        let mut promised = ballots.iter().rev().filter(|ballot| ballot.has_promises);
        let later = promised.next()?;
        let chosen = ballots.iter().find(|ballot| ballot.is_chosen && ballot.epoch < later.epoch);
        let earlier = chosen.or_else(|| promised.next())?;
        let is_chosen = chosen.is_some();
        let majority = if is_chosen { earlier.accepted } else { earlier.promised };
        let shared: NodeSet = majority.iter().filter(|&acceptor| later.promised.contains(acceptor)).collect();
        let accepted_first = |acceptor: &NodeId| {
            let accepted =
                event_of(self.votes.iter().find(|(ballot, _)| ballot.as_epoch() == earlier.epoch)?.1.acceptors.iter(), *acceptor)?;
            let promised = event_of(self.promises.iter().find(|(ballot, _)| ballot.as_epoch() == later.epoch)?.1.iter(), *acceptor)?;
            Some(accepted <= promised)
        };
        let carried_by = shared.iter().filter(|acceptor| is_chosen && accepted_first(acceptor) == Some(true)).collect();
        Some(Meeting { earlier: earlier.epoch, later: later.epoch, is_chosen, shared, carried_by })
    }
}

impl Watched for Paxos {
    type Monitor = PaxosMonitor;
}
