//! The proposer (PMS 2.2, 2.4): one attempt after another, each with a higher ballot, until a value is chosen.

use super::rule::{Mutation, Rule};
use super::state::{Ballot, PaxosTimer, Proposal, Write};
use super::{Message, Out, Paxos};
use crate::kv::{Answer, Command, Request, Value};
use crate::process::{NodeId, NodeSet, fingerprint_enum, fingerprint_struct};

/// An attempt to get a value chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attempt {
    ballot: Ballot,
    /// What the proposer would like to be chosen.
    wanted: Value,
    phase: Phase,
}

fingerprint_struct!(Attempt { ballot, wanted, phase });

/// How far an attempt is. A ballot goes through each phase once: that it has one value follows from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Phase {
    /// It gathers promises.
    Preparing {
        /// Who has promised.
        promises: NodeSet,
        /// The highest proposal that one of them has reported.
        highest: Option<Proposal>,
    },
    /// It has asked the acceptors to accept a value.
    Accepting {
        /// The value.
        value: Value,
    },
    /// It was outbid, and waits for its next ballot.
    Outbid,
}

fingerprint_enum!(Phase {
    0 => Preparing { promises, highest },
    1 => Accepting { value },
    2 => Outbid,
});

impl Attempt {
    /// Its ballot.
    pub fn ballot(&self) -> Ballot {
        self.ballot
    }

    /// How far it is.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }
}

/// The value that a command proposes: a compare-and-set from nothing. No other command fits a value that is chosen
/// once.
fn proposed_value(command: &Command) -> Option<&Value> {
    if let Command::Cas { expected: None, new, .. } = command { Some(new) } else { None }
}

impl Paxos {
    /// A client proposes a value: it is told at once if one is chosen, and else waits for it.
    pub(super) fn on_request(&mut self, request: &Request, out: &mut Out) {
        let Some(value) = proposed_value(&request.command) else {
            // A read asks what is known here; nothing but a value that was chosen is ever told. What is neither gets no
            // answer.
            if !request.command.is_read() {
                return;
            }
            if let Some(chosen) = self.learner.chosen() {
                out.rule(Rule::ClientAnswered);
                let answer = Answer::Value(Some(chosen.value.clone()));
                out.send(request.client, Message::answer(request.sequence, answer));
            } else {
                out.send(request.client, Message::not_leader(request.sequence, None));
            }
            return;
        };
        if let Some(chosen) = self.learner.chosen() {
            out.rule(Rule::ClientAnswered);
            out.send(request.client, Message::outcome(request.sequence, value, &chosen.value));
            return;
        }
        self.waiting.retain(|waiting| waiting.client != request.client);
        self.waiting.push(request.clone());
        if self.attempt.is_none() {
            self.begin_attempt(value.clone(), out);
        }
    }

    /// Phase 1 (a): takes a ballot of its own, higher than all it has used or heard of, and writes it down before it
    /// uses it.
    fn begin_attempt(&mut self, wanted: Value, out: &mut Out) {
        let heard = self.durable.promised.map_or(0, |promised| promised.round);
        let round = self.durable.round.max(heard) + 1;
        let ballot = Ballot { round, node: self.owner_of_ballots() };
        out.rule(Rule::BallotChosen);
        self.persist(Write::Round(round), out);
        self.attempt =
            Some(Attempt { ballot, wanted, phase: Phase::Preparing { promises: NodeSet::EMPTY, highest: None } });
        self.wait_for_answers(out);
        for acceptor in self.seat.replicas() {
            out.send(acceptor, Message::Prepare { ballot });
        }
    }

    fn wait_for_answers(&self, out: &mut Out) {
        if !self.has(Mutation::NeverTriesAgain) {
            out.set_timer(PaxosTimer::Retry, self.config.retry_ticks, self.config.retry_ticks + self.pause_max());
        }
    }

    /// The longest random pause: as the settings say after the first defeat, and twice as long after each further one.
    pub(super) fn pause_max(&self) -> u64 {
        let doubled = self.config.backoff_ticks.saturating_mul(1 << self.defeats.saturating_sub(1).min(20));
        doubled.min(self.config.backoff_ticks_max)
    }

    /// Phase 2 (a): with promises from a majority, proposes the value that it must, or its own if it may.
    pub(super) fn on_promise(&mut self, from: NodeId, ballot: Ballot, accepted: Option<&Proposal>, out: &mut Out) {
        let (quorum, binds, stale_counts) =
            (self.quorum(), self.later_report_binds(), self.has(Mutation::StalePromisesCounted));
        let Some(attempt) = &mut self.attempt else { return };
        let Phase::Preparing { promises, highest } = &mut attempt.phase else { return };
        if ballot != attempt.ballot && !stale_counts {
            return;
        }
        promises.insert(from);
        if let Some(accepted) = accepted
            && highest.as_ref().is_none_or(|highest| binds(highest.ballot, accepted.ballot))
        {
            *highest = Some(accepted.clone());
        }
        if promises.len() >= quorum {
            let highest = highest.take();
            self.propose(highest.as_ref(), out);
        }
    }

    /// Asks the acceptors to accept a value under its ballot.
    fn propose(&mut self, highest: Option<&Proposal>, out: &mut Out) {
        let bound = self.bound_value(highest);
        let Some(attempt) = &mut self.attempt else { return };
        debug_assert!(matches!(attempt.phase, Phase::Preparing { .. }), "a ballot has one value");
        out.rule(if bound.is_some() { Rule::ValueBound } else { Rule::ValueFree });
        let value = bound.unwrap_or_else(|| attempt.wanted.clone());
        attempt.phase = Phase::Accepting { value: value.clone() };
        let proposal = Proposal { ballot: attempt.ballot, value };
        self.wait_for_answers(out);
        for acceptor in self.seat.replicas() {
            out.send(acceptor, Message::Accept { proposal: proposal.clone() });
        }
    }

    /// An acceptor has promised a higher ballot: this one can hardly win any more. Whoever has promised no higher one
    /// outbids nobody.
    pub(super) fn on_refused(&mut self, ballot: Ballot, promised: Ballot, out: &mut Out) {
        let is_present = |attempt: &&mut Attempt| attempt.ballot == ballot && attempt.phase != Phase::Outbid;
        let Some(attempt) = self.attempt.as_mut().filter(is_present).filter(|_| promised > ballot) else { return };
        attempt.phase = Phase::Outbid;
        if promised.round > self.durable.round {
            // The next ballot will be higher than the one that won.
            self.persist(Write::Round(promised.round), out);
        }
        out.rule(Rule::Outbid);
        self.defeats += 1;
        self.pause(out);
    }

    /// The pause is over, or nobody has answered: the next attempt.
    pub(super) fn on_retry(&mut self, out: &mut Out) {
        let Some(attempt) = self.attempt.as_ref().filter(|_| self.learner.chosen().is_none()) else { return };
        let wanted = attempt.wanted.clone();
        // Who was outbid has counted that defeat already.
        self.defeats += u32::from(attempt.phase != Phase::Outbid);
        out.rule(Rule::TriedAgain);
        self.begin_attempt(wanted, out);
    }

    /// The value is known: the attempt ends, and everybody who waits is told.
    pub(super) fn end_attempt(&mut self, out: &mut Out) {
        let Some(chosen) = self.learner.chosen().map(|chosen| chosen.value.clone()) else { return };
        self.attempt = None;
        self.defeats = 0;
        out.clear_timer(PaxosTimer::Retry);
        for request in std::mem::take(&mut self.waiting) {
            if let Some(value) = proposed_value(&request.command) {
                out.rule(Rule::ClientAnswered);
                out.send(request.client, Message::outcome(request.sequence, value, &chosen));
            }
        }
    }
}
