//! What proposers say: ballots, and what they ask the acceptors to accept (PMS 2.2, 2.5).

use super::acceptors::word;
use super::*;
use crate::check::ballots::is_bound_well;
use crate::check::said::Kind;

/// A promise that a proposer was given.
#[derive(Clone, Debug)]
pub(super) struct Received {
    acceptor: NodeId,
    /// What it reports.
    reported: Option<Proposal>,
    /// The event that sent it.
    event: u32,
    /// The event that handled it.
    pub(super) handled: u32,
}

impl Received {
    fn sentence(&self, ballot: Ballot) -> String {
        match &self.reported {
            Some(reported) => format!("{} promises {ballot}, and reports {reported}", name(self.acceptor)),
            None => format!("{} promises {ballot}, and reports nothing", name(self.acceptor)),
        }
    }
}

/// What a proposer has asked the acceptors to accept in a ballot.
#[derive(Clone, Debug)]
pub(super) struct Proposed {
    proposer: NodeId,
    pub(super) value: Value,
    /// The event that sent it.
    pub(super) event: u32,
    /// The event before or with which it left.
    pub(super) left: u32,
}

impl Proposed {
    pub(super) fn sentence(&self, ballot: Ballot) -> String {
        format!("{} proposes {} in {ballot}", name(self.proposer), self.value)
    }
}

impl PaxosMonitor {
    /// A prepare has left: its ballot is the proposer's own, and was not used before.
    pub(super) fn hear_prepare(&mut self, vote: Vote, ballot: Ballot) {
        let prepare = word(vote, ballot, Kind::Prepare);
        self.prepared.hear(prepare, &self.acceptors, &mut self.findings, BALLOTS_USED_ONCE);
    }

    /// Notes the promise that a proposer handles in an event.
    pub(super) fn note_received(&mut self, event: u32, trace: &Trace<Paxos>) {
        let handled = trace.events.get(event as usize).filter(|record| record.input == InputKind::Message);
        let Some(record) = handled.and_then(|handled| trace.messages.get(handled.cause as usize)) else { return };
        let Message::Promise { ballot, accepted } = &record.body else { return };
        let received = self.received.entry((record.to, *ballot)).or_default();
        if received.iter().all(|known| known.acceptor != record.from) {
            received.push(Received {
                acceptor: record.from,
                reported: accepted.clone(),
                event: record.event,
                handled: event,
            });
        }
    }

    /// A proposal has left: it rests on promises, and is bound by what they report.
    pub(super) fn hear_proposal(
        &mut self,
        Vote { acceptor: proposer, event, left, .. }: Vote,
        proposal: &Proposal,
        trace: &Trace<Paxos>,
    ) {
        let Proposal { ballot, value } = proposal;
        let known = self.proposed.entry(*ballot).or_default();
        if known.iter().any(|known| known.proposer == proposer && known.value == *value) {
            return;
        }
        known.push(Proposed { proposer, value: value.clone(), event, left });
        // It leaves with the event that handled the last promise, or later.
        self.note_received(event, trace);
        let all = self.received.get(&(proposer, *ballot)).map(Vec::as_slice).unwrap_or_default();
        let received: Vec<&Received> = all.iter().filter(|received| received.handled <= event).collect();
        let reports = received.iter().map(|received| received.reported.as_ref());
        let reports = reports.map(|report| report.map(|reported| (reported.ballot, reported.value == *value)));
        if is_bound_well(reports, self.majority) {
            return;
        }
        self.findings.note(PROPOSALS_BOUND, left, || {
            let proposes = format!("{} proposes {value} in {ballot}", name(proposer));
            let mut sorted = received.clone();
            sorted
                .sort_by_key(|received| std::cmp::Reverse(received.reported.as_ref().map(|reported| reported.ballot)));
            let sentence = match sorted.first().and_then(|first| first.reported.as_ref()) {
                _ if sorted.len() < self.majority => {
                    format!("{proposes} with {} promises of {}", sorted.len(), self.acceptors.len())
                }
                Some(highest) => format!("{proposes}, though it was told that {highest} was accepted"),
                None => proposes.clone(),
            };
            let found = Found::new(sentence).because(event, proposes);
            sorted.iter().fold(found, |found, received| found.because(received.event, received.sentence(*ballot)))
        });
    }
}
