//! What acceptors say: promises, acceptances and answers to leaders, and what is chosen by them (PMS 2.1, 2.2, 3).

use super::*;
use crate::check::said::{Kind, Word};
use crate::multi_paxos::log::Accepted;
use crate::multi_paxos::message::{AcceptedReply, Promise};

/// What an acceptor has said, as what binds it.
fn word(vote: Vote, ballot: Ballot, kind: Kind) -> Word {
    Word { acceptor: vote.acceptor, ballot, kind, event: vote.event, left: vote.left }
}

/// The message that was handled by the event which sent an answer.
fn answered(vote: Vote, trace: &Trace<MultiPaxos>) -> Option<&Message> {
    let event = trace.events.get(vote.event as usize).filter(|event| event.input == InputKind::Message)?;
    trace.messages.get(event.cause as usize).map(|record| &record.body)
}

impl MultiPaxosMonitor {
    /// A prepare has left: its ballot is the candidate's own, and was not used before. A candidate promises its ballot
    /// to itself: both are one write.
    pub(super) fn hear_prepare(&mut self, vote: Vote, ballot: Ballot) {
        let prepare = word(vote, ballot, Kind::Prepare);
        self.prepared.hear(prepare, &self.acceptors, &mut self.findings, BALLOTS_USED_ONCE);
        self.must_keep(prepare);
    }

    /// A promise has left: it must not go back on an earlier word, and must say what was accepted.
    pub(super) fn hear_promise(&mut self, vote: Vote, promise: &Promise, trace: &Trace<MultiPaxos>) {
        self.must_keep(word(vote, promise.ballot, Kind::Promise));
        self.must_report(vote, promise, trace);
        // What it reports it has accepted, even if a crash came before it could say so.
        for reported in promise.reported.iter() {
            self.count(Vote { how: Known::Reported, ..vote }, reported.slot, &reported.accepted);
        }
    }

    /// An acceptance has left. Which values it means is told by what it answers.
    pub(super) fn hear_acceptance(&mut self, vote: Vote, reply: &AcceptedReply, trace: &Trace<MultiPaxos>) {
        let AcceptedReply { ballot, first, last, matched } = *reply;
        self.must_keep(word(vote, ballot, Kind::Acceptance));
        if let Some(Message::Accept(accept)) = answered(vote, trace).filter(|_| first <= last) {
            for (slot, payload) in (first..=last).zip(accept.values.iter()) {
                self.count(vote, slot, &Accepted { ballot, payload: payload.clone() });
            }
        }
        self.count_up_to(vote, ballot, matched);
    }

    /// An answer to the leader of a ballot has left: the acceptor follows it, and has all slots up to one.
    pub(super) fn hear_answer(&mut self, vote: Vote, ballot: Ballot, matched: Slot) {
        self.must_keep(word(vote, ballot, Kind::Answer));
        self.count_up_to(vote, ballot, matched);
    }

    /// Up to a slot it has accepted what the leader proposed, or knows what is chosen; what is chosen already needs no
    /// more acceptances.
    fn count_up_to(&mut self, vote: Vote, ballot: Ballot, matched: Slot) {
        let counted = self.counted[vote.acceptor.index()].last();
        let from = counted.filter(|counted| counted.ballot == ballot).map_or(0, |counted| counted.up_to);
        let last = matched.min(self.slots.len() as u64);
        for slot in from + 1..=last {
            let Some(known) = self.known(slot).filter(|known| known.chosen.is_none()) else { continue };
            let Some(offer) = known.offers.iter().find(|offer| offer.ballot == ballot) else { continue };
            let accepted = Accepted { ballot, payload: offer.payload.clone() };
            self.count(Vote { how: Known::UpToHere, ..vote }, slot, &accepted);
        }
        if last > from {
            self.counted[vote.acceptor.index()].push(Counted { ballot, up_to: last, left: vote.left });
        }
    }

    fn must_keep(&mut self, word: Word) {
        let acceptor = &mut self.acceptors[word.acceptor.index()];
        if let Some(earlier) = acceptor.say(word) {
            self.findings.note(PROMISES_KEPT, word.left, || acceptor.breach(earlier, word));
        }
    }

    /// In each slot that the candidate asks for, the promise reports an acceptance at least as high as the highest that
    /// its acceptor has said, or the value that it has said there: what it knows to be chosen it need not accept again.
    /// A state stands for the slots that it covers.
    fn must_report(&mut self, vote: Vote, promise: &Promise, trace: &Trace<MultiPaxos>) {
        let Some(Message::Prepare { after, .. }) = answered(vote, trace) else { return };
        let floor = promise.snapshot.as_ref().map_or(0, |snapshot| snapshot.up_to).max(*after);
        for (slot, known) in (1..).zip(&self.slots).skip(floor as usize) {
            let own = known.votes.iter().filter_map(|votes| {
                let own = votes.acceptors.iter().find(|known| known.acceptor == vote.acceptor)?;
                Some((votes, *own))
            });
            let Some((votes, earlier)) = own.max_by_key(|(votes, _)| votes.ballot) else { continue };
            let position = promise.reported.binary_search_by_key(&slot, |reported| reported.slot);
            let reported = position.ok().map(|position| &promise.reported[position].accepted);
            if reported.is_some_and(|reported| reported.ballot >= votes.ballot || reported.payload == votes.payload) {
                continue;
            }
            let acceptor = &self.acceptors[vote.acceptor.index()];
            self.findings.note(ACCEPTANCES_REPORTED, vote.left, || {
                let says = reported
                    .map_or("nothing".to_owned(), |reported| format!("{} {}", reported.ballot, reported.payload));
                let says =
                    format!("{} promises {} and reports {says} in slot {slot}", name(vote.acceptor), promise.ballot);
                let sentence = format!("{says}, though it has accepted {} {} there", votes.ballot, votes.payload);
                let found = Found::new(acceptor.excused(sentence, earlier.left, vote.left));
                let found = found.at(vote.acceptor, slot).because(vote.event, says);
                let found = found.because(earlier.event, earlier.sentence(slot, votes.ballot, &votes.payload));
                acceptor.explained(found, earlier.left, vote.left)
            });
            return;
        }
    }

    /// Counts an acceptance.
    pub(super) fn count(&mut self, vote: Vote, slot: Slot, accepted: &Accepted) {
        let majority = self.majority;
        let Accepted { ballot, payload } = accepted;
        let known = self.slot(slot);
        let same = |votes: &Votes| {
            votes.ballot == *ballot && (Arc::ptr_eq(&votes.payload, payload) || votes.payload == *payload)
        };
        let at = known.votes.iter().position(same).unwrap_or_else(|| {
            known.votes.push(Votes { ballot: *ballot, payload: payload.clone(), acceptors: Vec::new() });
            known.votes.len() - 1
        });
        let votes = &mut known.votes[at];
        if votes.acceptors.iter().any(|known| known.acceptor == vote.acceptor) {
            return;
        }
        votes.acceptors.push(vote);
        let is_majority = votes.acceptors.len() >= majority;
        let has_another =
            known.votes.iter().enumerate().any(|(position, votes)| position != at && votes.ballot == *ballot);
        let disagrees = match &known.chosen {
            Some((chosen, ..)) => is_majority && chosen != payload,
            None if is_majority => {
                known.chosen = Some((payload.clone(), *ballot, vote.left));
                false
            }
            None => false,
        };
        if has_another {
            self.note_second_value(vote, slot, accepted);
        }
        if disagrees {
            self.note_disagreement(vote, slot, accepted);
        }
    }

    /// One slot and ballot have one value, also where it is one acceptor that accepts two.
    fn note_second_value(&mut self, vote: Vote, slot: Slot, accepted: &Accepted) {
        let Accepted { ballot, payload } = accepted;
        let Some(known) = self.slots.get(slot.saturating_sub(1) as usize) else { return };
        let other = known.votes.iter().find(|votes| votes.ballot == *ballot && votes.payload != *payload);
        let of = |votes: &Votes| {
            votes.acceptors.iter().find(|other| other.acceptor == vote.acceptor).or(votes.acceptors.first()).copied()
        };
        let Some((votes, other)) = other.and_then(|votes| Some((votes, of(votes)?))) else { return };
        let owner = self.acceptors.get(ballot.node.index());
        self.findings.note(ONE_VALUE_A_BALLOT, vote.left, || {
            let who = if other.acceptor == vote.acceptor { "it".to_owned() } else { name(other.acceptor) };
            let accepts = vote.sentence(slot, *ballot, payload);
            let sentence = format!("{accepts}, and {who} has accepted {} there in that ballot", votes.payload);
            let found = Found::new(owner.map_or(sentence.clone(), |owner| owner.excused(sentence, 0, vote.left)));
            let found = found.at(vote.acceptor, slot).at(other.acceptor, slot);
            let found =
                found.because(vote.event, accepts).because(other.event, other.sentence(slot, *ballot, &votes.payload));
            let offers = known.offers.iter().filter(|offer| offer.ballot == *ballot);
            offers.fold(found, |found, offer| {
                found.because(
                    offer.event,
                    format!("{} proposes {} in slot {slot} in {ballot}", name(ballot.node), offer.payload),
                )
            })
        });
    }

    /// Both majorities, those acceptors first by which the one and the other had their majority.
    fn note_disagreement(&mut self, vote: Vote, slot: Slot, accepted: &Accepted) {
        let Some(known) = self.slots.get(slot.saturating_sub(1) as usize) else { return };
        let Some((chosen, chosen_in, _)) = &known.chosen else { return };
        let votes = |ballot: Ballot, payload: &Arc<Payload>| {
            let votes = known.votes.iter().find(|votes| votes.ballot == ballot && votes.payload == *payload);
            votes.and_then(|votes| votes.acceptors.get(..self.majority)).unwrap_or_default()
        };
        let (second, first) = (votes(accepted.ballot, &accepted.payload), votes(*chosen_in, chosen));
        let rows = [(accepted.ballot, &accepted.payload, second), (*chosen_in, chosen, first)];
        let excuse =
            first.iter().find_map(|early| self.acceptors[early.acceptor.index()].excuse(early.left, vote.left));
        if let Some(excuse) = excuse.clone().filter(|_| self.excuse.is_none()) {
            self.excuse = Some((slot, excuse, vote.left));
        }
        self.findings.note(AGREEMENT, vote.left, || {
            let (ballot, payload) = (accepted.ballot, &accepted.payload);
            let sentence = format!(
                "{payload} is chosen in slot {slot} in {ballot}, and {chosen} was chosen there before in {chosen_in}"
            );
            let mut found = Found::new(excuse.map_or(sentence.clone(), |excuse| format!("{sentence}; {excuse}")));
            for (ballot, payload, votes) in rows {
                for vote in votes.iter().rev().take(REASONS_MAX / 2) {
                    found = found.at(vote.acceptor, slot).because(vote.event, vote.sentence(slot, ballot, payload));
                }
            }
            found
        });
    }
}
