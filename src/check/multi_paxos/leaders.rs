//! What leads to a leader, and what it must propose: ballots, the promises that it was given, and the slots that it
//! finds open (PMS 2.2, 2.5, 3).

use super::*;
use crate::check::ballots::is_bound_well;
use crate::multi_paxos::log::Accepted;
use crate::multi_paxos::message::Reported;

/// A promise that a candidate was given.
#[derive(Clone, Debug)]
pub(super) struct Received {
    acceptor: NodeId,
    reported: Arc<[Reported]>,
    /// The event that sent it.
    event: u32,
    /// The event that handled it.
    pub(super) handled: u32,
}

/// What a candidate has accepted itself in the slots that it asks others for.
#[derive(Clone, Debug)]
pub(super) struct OwnReport {
    ballot: Ballot,
    reported: Arc<[Reported]>,
    /// The event after which it had promised its ballot to itself, and knew that to be on its disk.
    promised: Option<u32>,
}

impl OwnReport {
    /// Of a candidate that has not proposed anything in its ballot.
    pub(super) fn of(process: &MultiPaxos, event: u32) -> Option<Self> {
        let Role::Candidate(candidate) = process.role_state() else { return None };
        let report = |(slot, accepted): (Slot, &Accepted)| Reported { slot, accepted: accepted.clone() };
        let reported = process.log().after(process.commit_index()).map(report).collect();
        let own = candidate.promises.iter().any(|promise| promise == candidate.ballot.node);
        Some(Self { ballot: candidate.ballot, reported, promised: own.then(|| event.saturating_sub(1)) })
    }
}

/// One promise, as a new leader has it: who, by which event, and what it reports.
struct Held<'a> {
    acceptor: NodeId,
    event: u32,
    reported: &'a [Reported],
}

impl Held<'_> {
    fn report(&self, slot: Slot) -> Option<&Accepted> {
        let position = self.reported.binary_search_by_key(&slot, |reported| reported.slot).ok()?;
        Some(&self.reported[position].accepted)
    }

    fn sentence(&self, ballot: Ballot, slot: Slot) -> String {
        let name = name(self.acceptor);
        match self.report(slot) {
            Some(Accepted { ballot: reported, payload }) => {
                format!("{name} promises {ballot}, and reports {reported} {payload} in slot {slot}")
            }
            None => format!("{name} promises {ballot}, and reports nothing in slot {slot}"),
        }
    }
}

/// Whether a value may be proposed in a slot, by what the promises report there.
fn may_be_proposed(payload: &Payload, slot: Slot, promises: &[Held<'_>], majority: usize) -> bool {
    let reports = promises.iter().map(|promise| promise.report(slot));
    let reports = reports.map(|report| report.map(|accepted| (accepted.ballot, *accepted.payload == *payload)));
    is_bound_well(reports, majority)
}

impl MultiPaxosMonitor {
    /// Notes the promise that a candidate handles.
    pub(super) fn note_received(&mut self, event: u32, cause: u32, trace: &Trace<MultiPaxos>) {
        let Some(record) = trace.messages.get(cause as usize) else { return };
        let Message::Promise(promise) = &record.body else { return };
        let received = self.received.entry((record.to, promise.ballot)).or_default();
        if received.iter().all(|known| known.acceptor != record.from) {
            received.push(Received {
                acceptor: record.from,
                reported: promise.reported.clone(),
                event: record.event,
                handled: event,
            });
        }
    }

    /// A server is told that a write is on its disk: what it has said to itself counts now.
    pub(super) fn note_receipt(&mut self, event: u32, ordinal: usize, machine: &Machine<MultiPaxos>) {
        let (Some(receipt), Some(process)) = (self.seen[ordinal].next_receipt, machine.process.as_ref()) else {
            return;
        };
        let own = NodeId(ordinal as u16);
        match receipt {
            Receipt::OwnPromise { ballot } => {
                if let Some(report) = self.seen[ordinal].own_report.as_mut().filter(|report| report.ballot == ballot) {
                    report.promised = Some(event);
                }
            }
            Receipt::OwnAcceptance { ballot, first, last } if process.leads() == Some(ballot) => {
                let vote = Vote { acceptor: own, how: Known::Own, event, left: event };
                for slot in first..=last {
                    let offer =
                        self.known(slot).and_then(|known| known.offers.iter().find(|offer| offer.ballot == ballot));
                    let Some(payload) = offer.map(|offer| offer.payload.clone()) else { continue };
                    self.count(vote, slot, &Accepted { ballot, payload });
                }
            }
            Receipt::OwnAcceptance { .. } => {}
        }
    }

    /// Looks at a candidate or leader: what it has accepted before, how it came to lead, and what it proposes.
    pub(super) fn look_at_leader(&mut self, event: u32, ordinal: usize, machine: &Machine<MultiPaxos>) {
        let Some(process) = machine.process.as_ref() else { return };
        let Role::Leader(leader) = process.role_state() else {
            if let Role::Candidate(candidate) = process.role_state() {
                let is_new =
                    self.seen[ordinal].own_report.as_ref().is_none_or(|report| report.ballot != candidate.ballot);
                if is_new {
                    self.seen[ordinal].own_report = OwnReport::of(process, event);
                }
            }
            self.seen[ordinal].leads = None;
            return;
        };
        let (ballot, seen) = (leader.ballot, &self.seen[ordinal]);
        let is_new = seen.leads != Some(ballot);
        let first = if is_new { process.commit_index() + 1 } else { seen.next_slot };
        for slot in first..leader.next_slot {
            let Some(accepted) = process.log().get(slot).filter(|accepted| accepted.ballot == ballot) else { continue };
            self.slot(slot).offers.push(Offer { ballot, payload: accepted.payload.clone(), event });
        }
        if is_new {
            self.check_leader(event, ordinal, ballot);
            self.check_proposals(event, ordinal, process);
            self.check_gaps(event, ordinal, process);
        }
        self.seen[ordinal].leads = Some(ballot);
        self.seen[ordinal].next_slot = leader.next_slot;
    }

    fn check_leader(&mut self, event: u32, ordinal: usize, ballot: Ballot) {
        let node = NodeId(ordinal as u16);
        let leads = format!("{} leads {ballot}", name(node));
        if ballot.node != node {
            self.findings.note(ONE_LEADER_A_BALLOT, event, || {
                Found::new(format!("{leads}, which is not its own")).because(event, leads)
            });
        } else if let Some((_, earlier)) = self.leaders.insert(ballot, (node, event)) {
            let acceptor = &self.acceptors[ordinal];
            self.findings.note(ONE_LEADER_A_BALLOT, event, || {
                let found = Found::new(acceptor.excused(format!("{leads} for a second time"), earlier, event));
                let found = found.because(event, format!("{leads} again")).because(earlier, leads);
                acceptor.explained(found, earlier, event)
            });
        }
    }

    /// The promises that a new leader rests on, its own included if that is on its disk.
    fn promises_of(&self, ordinal: usize, ballot: Ballot) -> Vec<Held<'_>> {
        let node = NodeId(ordinal as u16);
        let received = self.received.get(&(node, ballot)).map(Vec::as_slice).unwrap_or_default();
        let held = |received: &'_ Received| (received.acceptor, received.event);
        let others = received.iter().map(|received| {
            let (acceptor, event) = held(received);
            Held { acceptor, event, reported: &received.reported }
        });
        let own = self.seen[ordinal].own_report.as_ref().filter(|report| report.ballot == ballot);
        let own =
            own.and_then(|report| Some(Held { acceptor: node, event: report.promised?, reported: &report.reported }));
        others.chain(own).collect()
    }

    /// A new leader rests on promises, and is bound by what they report.
    fn check_proposals(&mut self, event: u32, ordinal: usize, process: &MultiPaxos) {
        let Role::Leader(leader) = process.role_state() else { return };
        let (ballot, leads) =
            (leader.ballot, format!("{} begins to lead {}", name(NodeId(ordinal as u16)), leader.ballot));
        let promises = self.promises_of(ordinal, ballot);
        let badly_bound = (process.commit_index() + 1..leader.next_slot).find_map(|slot| {
            let proposed = process.log().get(slot).filter(|accepted| accepted.ballot == ballot)?;
            (!may_be_proposed(&proposed.payload, slot, &promises, self.majority)).then_some((slot, proposed))
        });
        let found = if promises.len() < self.majority {
            let sentence = format!("{leads} with {} promises of {}", promises.len(), self.acceptors.len());
            let found = Found::new(sentence).because(event, leads);
            promises.iter().fold(found, |found, promise| {
                found.because(promise.event, format!("{} promises {ballot}", name(promise.acceptor)))
            })
        } else if let Some((slot, proposed)) = badly_bound {
            let mut sorted: Vec<&Held<'_>> = promises.iter().collect();
            sorted.sort_by_key(|promise| std::cmp::Reverse(promise.report(slot).map(|accepted| accepted.ballot)));
            let proposes = format!("{leads}, and proposes {} in slot {slot}", proposed.payload);
            let told = sorted.first().and_then(|first| first.report(slot));
            let told = told.map_or(String::new(), |told| {
                format!(", though it was told that {} {} was accepted there", told.ballot, told.payload)
            });
            let found = Found::new(format!("{proposes}{told}")).at(NodeId(ordinal as u16), slot);
            let found = found.because(event, proposes);
            sorted.iter().fold(found, |found, promise| found.because(promise.event, promise.sentence(ballot, slot)))
        } else {
            return;
        };
        self.findings.note(PROPOSALS_BOUND, event, || found);
    }

    fn check_gaps(&mut self, event: u32, ordinal: usize, process: &MultiPaxos) {
        let Role::Leader(leader) = process.role_state() else { return };
        let is_open = |slot: &Slot| process.log().get(*slot).is_none();
        let Some(slot) = (process.commit_index() + 1..leader.next_slot).find(is_open) else { return };
        let last = leader.next_slot - 1;
        let leads = format!(
            "{} begins to lead with slots up to {last}, and has proposed nothing in slot {slot}",
            name(NodeId(ordinal as u16))
        );
        let found = Found::new(leads.clone()).at(NodeId(ordinal as u16), slot).because(event, leads);
        let promises = self.promises_of(ordinal, leader.ballot);
        let told = promises.iter().filter(|promise| promise.report(last).is_some());
        let found =
            told.fold(found, |found, promise| found.because(promise.event, promise.sentence(leader.ballot, last)));
        self.findings.note(GAPS_FILLED, event, || found);
    }
}
