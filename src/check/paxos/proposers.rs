//! What proposers say: ballots, and what they ask the acceptors to accept (PMS 2.2, 2.5).

use super::*;

/// A ballot that a proposer has used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prepared {
    ballot: Ballot,
    /// The event that sent the prepares.
    event: u32,
    /// The event before or with which they left.
    pub(super) left: u32,
}

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
    pub(super) fn hear_prepare(&mut self, Vote { acceptor: proposer, event, left, .. }: Vote, ballot: Ballot) {
        let known = &mut self.prepared[proposer.index()];
        let last = known.last().copied();
        if last.is_some_and(|last| (last.ballot, last.event) == (ballot, event)) {
            // The same attempt asks another acceptor.
            return;
        }
        known.push(Prepared { ballot, event, left });
        let begins = format!("{} asks for promises of {ballot}", name(proposer));
        if ballot.node != proposer {
            let owner = self
                .prepared
                .get(ballot.node.index())
                .and_then(|used| used.iter().find(|used| used.ballot == ballot))
                .copied();
            self.findings.note(BALLOTS_USED_ONCE, left, || {
                let found =
                    Found::new(format!("{begins}, a ballot of {}", name(ballot.node))).because(event, begins.as_str());
                owner.map_or(found.clone(), |used| {
                    found.because(used.event, format!("{} asks for promises of {ballot}", name(ballot.node)))
                })
            });
        }
        let Some(earlier) = last.filter(|last| last.ballot >= ballot) else { return };
        let place = &self.acceptors[proposer.index()];
        self.findings.note(BALLOTS_USED_ONCE, left, || {
            let found = Found::new(place.excused(
                format!("{begins}, though it has used {} before", earlier.ballot),
                earlier.left,
                left,
            ));
            let found = found.because(event, begins.as_str());
            let found =
                found.because(earlier.event, format!("{} asks for promises of {}", name(proposer), earlier.ballot));
            place.explained(found, earlier.left, left)
        });
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
        if self.is_bound_well(value, &received) {
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

    /// P2c: there is a majority among those who promised such that either none of them reports anything, or the value
    /// is that of the highest ballot that one of them reports.
    fn is_bound_well(&self, value: &Value, received: &[&Received]) -> bool {
        let up_to = |ballot: Option<Ballot>| {
            let lower = |received: &&&Received| received.reported.as_ref().map(|reported| reported.ballot) <= ballot;
            received.iter().filter(lower).count()
        };
        let reported = received.iter().filter_map(|received| received.reported.as_ref());
        let mut bound = reported.filter(|reported| reported.value == *value);
        up_to(None) >= self.majority || bound.any(|reported| up_to(Some(reported.ballot)) >= self.majority)
    }
}
