//! What acceptors say: promises and acceptances, and what is chosen by them (PMS 2.1, 2.2).

use super::*;
use crate::check::said::{Kind, Word};

/// What an acceptor has said, as what binds it.
pub(super) fn word(vote: Vote, ballot: Ballot, kind: Kind) -> Word {
    Word { acceptor: vote.acceptor, ballot, kind, event: vote.event, left: vote.left }
}

impl PaxosMonitor {
    /// A promise has left: it must not go back on an earlier word, and must say what was accepted.
    pub(super) fn hear_promise(&mut self, vote: Vote, ballot: Ballot, reported: Option<&Proposal>, is_honest: bool) {
        let promises = self.promises.entry(ballot).or_default();
        if promises.iter().all(|known| known.acceptor != vote.acceptor) {
            promises.push(vote);
        }
        if is_honest {
            self.must_keep(word(vote, ballot, Kind::Promise));
            self.must_report(vote, ballot, reported);
        }
        // What it reports it has accepted, even if a crash came before it could say so.
        if let Some(reported) = reported {
            self.count(Vote { is_report: true, ..vote }, reported, is_honest);
        }
    }

    /// An acceptance has left.
    pub(super) fn hear_acceptance(&mut self, vote: Vote, proposal: &Proposal, is_honest: bool) {
        if is_honest {
            self.must_keep(word(vote, proposal.ballot, Kind::Acceptance));
            let highest = &mut self.highest[vote.acceptor.index()];
            if highest.last().is_none_or(|(last, _)| last.ballot < proposal.ballot) {
                highest.push((proposal.clone(), vote));
            }
        }
        self.count(vote, proposal, is_honest);
    }

    fn must_keep(&mut self, word: Word) {
        let acceptor = &mut self.acceptors[word.acceptor.index()];
        if let Some(earlier) = acceptor.say(word) {
            self.findings.note(PROMISES_KEPT, word.left, || acceptor.breach(earlier, word));
        }
    }

    fn must_report(&mut self, vote: Vote, ballot: Ballot, reported: Option<&Proposal>) {
        let Some((accepted, earlier)) = self.highest[vote.acceptor.index()].last() else { return };
        if reported.is_some_and(|reported| reported.ballot >= accepted.ballot) {
            return;
        }
        let acceptor = &self.acceptors[vote.acceptor.index()];
        self.findings.note(ACCEPTANCES_REPORTED, vote.left, || {
            let says = reported.map_or("nothing".to_owned(), ToString::to_string);
            let says = format!("{} promises {ballot} and reports {says}", name(vote.acceptor));
            let found = Found::new(acceptor.excused(
                format!("{says}, though it has accepted {accepted}"),
                earlier.left,
                vote.left,
            ));
            let found = found.because(vote.event, says);
            let found = found.because(earlier.event, earlier.sentence(accepted.ballot, &accepted.value));
            acceptor.explained(found, earlier.left, vote.left)
        });
    }

    /// Counts an acceptance.
    fn count(&mut self, vote: Vote, proposal: &Proposal, is_honest: bool) {
        let values = self.votes.entry(proposal.ballot).or_default();
        let known = values.iter().position(|votes| votes.value == proposal.value);
        if known.is_some_and(|known| values[known].acceptors.iter().any(|known| known.acceptor == vote.acceptor)) {
            return;
        }
        if !is_honest && known.is_none() && !values.is_empty() {
            return;
        }
        let known = known.unwrap_or_else(|| {
            values.push(Votes { value: proposal.value.clone(), acceptors: Vec::new() });
            values.len() - 1
        });
        values[known].acceptors.push(vote);
        if is_honest {
            self.must_be_wanted(vote, proposal);
            self.must_be_the_only_value(vote, proposal);
        }
        self.see_whether_chosen(vote.left, proposal);
    }

    fn must_be_wanted(&mut self, vote: Vote, proposal: &Proposal) {
        if self.wanted.iter().all(|(value, _)| *value != proposal.value) {
            let proposed = self
                .proposed
                .get(&proposal.ballot)
                .and_then(|all| all.iter().find(|each| each.value == proposal.value));
            self.findings.note(VALIDITY, vote.left, || {
                let found =
                    Found::new(format!("{} accepts {proposal}, which no client has proposed", name(vote.acceptor)));
                let found = found.because(vote.event, vote.sentence(proposal.ballot, &proposal.value));
                proposed.map_or(found.clone(), |each| found.because(each.event, each.sentence(proposal.ballot)))
            });
        }
    }

    /// One ballot has one value, also where it is one acceptor that accepts two.
    fn must_be_the_only_value(&mut self, vote: Vote, proposal: &Proposal) {
        let values = self.votes.get(&proposal.ballot).map(Vec::as_slice).unwrap_or_default();
        let others = values.iter().filter(|votes| votes.value != proposal.value);
        let of = |votes: &Votes| {
            votes.acceptors.iter().find(|other| other.acceptor == vote.acceptor).or(votes.acceptors.first()).copied()
        };
        let Some((other, value)) = others.filter_map(|votes| Some((of(votes)?, votes.value.clone()))).next() else {
            return;
        };
        let proposed = self.proposed.get(&proposal.ballot).map(Vec::as_slice).unwrap_or_default();
        let owner = self.acceptors.get(proposal.ballot.node.index());
        self.findings.note(ONE_VALUE_A_BALLOT, vote.left, || {
            let who = if other.acceptor == vote.acceptor { "it".to_owned() } else { name(other.acceptor) };
            let sentence =
                format!("{} accepts {proposal}, and {who} has accepted {value} in that ballot", name(vote.acceptor));
            let sentence = owner.map_or(sentence.clone(), |owner| owner.excused(sentence, 0, vote.left));
            let found = Found::new(sentence)
                .because(vote.event, vote.sentence(proposal.ballot, &proposal.value))
                .because(other.event, other.sentence(proposal.ballot, &value));
            proposed.iter().fold(found, |found, each| found.because(each.event, each.sentence(proposal.ballot)))
        });
    }

    /// A value is chosen when a majority has accepted it in one ballot; another one must not be.
    fn see_whether_chosen(&mut self, left: u32, proposal: &Proposal) {
        let Some(votes) = self.votes_for(proposal).filter(|votes| votes.acceptors.len() >= self.majority) else {
            return;
        };
        match &self.chosen {
            Some((chosen, _)) if chosen.value != proposal.value => {
                let first = self.votes_for(chosen).map(|votes| votes.acceptors.as_slice()).unwrap_or_default();
                let found = self.disagreement(chosen, first, proposal, &votes.acceptors);
                self.findings.note(AGREEMENT, left, || found);
            }
            Some(_) => {}
            None => self.chosen = Some((proposal.clone(), left)),
        }
    }

    fn votes_for(&self, proposal: &Proposal) -> Option<&Votes> {
        self.votes.get(&proposal.ballot)?.iter().find(|votes| votes.value == proposal.value)
    }

    /// Both majorities, those acceptors first by which the one and the other had their majority.
    fn disagreement(&self, chosen: &Proposal, first: &[Vote], proposal: &Proposal, second: &[Vote]) -> Found {
        let sentence = format!("{proposal} is chosen, and {chosen} was chosen before");
        let last = second.iter().map(|vote| vote.left).max().unwrap_or(0);
        let excuse = first.iter().find_map(|vote| self.acceptors[vote.acceptor.index()].excuse(vote.left, last));
        let mut found = Found::new(excuse.map_or(sentence.clone(), |excuse| format!("{sentence}; {excuse}")));
        let share = REASONS_MAX / 2;
        let rows = [(proposal, second), (chosen, first)];
        for (proposal, votes) in
            rows.into_iter().flat_map(|(proposal, votes)| Some((proposal, votes.get(..self.majority)?)))
        {
            for vote in votes.iter().rev().take(share) {
                found = found.because(vote.event, vote.sentence(proposal.ballot, &proposal.value));
            }
        }
        found
    }
}
