//! The rules that look at the log of messages: lines 22 to 56, each as a question that is asked until none may fire.

use super::{Act, Consensus, Polka, Proposed, Step};
use crate::tendermint::Round;
use crate::tendermint::rule::{Mutation, Rule};
use crate::tendermint::vote::{RoundVotes, VoteKind};

impl Consensus {
    /// Lets every rule fire that may. A decision comes first; of the rules of a round those that vote come before those that wait.
    pub(super) fn advance(&mut self, acts: &mut Vec<Act>) {
        while self.decided.is_none() {
            let fired = self.decide(acts)
                || self.skip_round(acts)
                || self.answer_new_proposal(acts)
                || self.answer_old_proposal(acts)
                || self.take_polka(acts)
                || self.take_nil_polka(acts)
                || self.wait_for_prevotes(acts)
                || self.wait_for_precommits(acts);
            if !fired {
                return;
            }
        }
    }

    /// Line 49: of any round.
    fn decide(&mut self, acts: &mut Vec<Act>) -> bool {
        if self.has(Mutation::DecisionPutOff) {
            return false;
        }
        let only_current = self.has(Mutation::DecidesInCurrentRoundOnly);
        let found = self.proposals.iter().filter(|(round, _)| !only_current || **round == self.round).find_map(|(&round, proposals)| {
            let decided = proposals.iter().find(|proposal| {
                proposal.is_valid && self.is_quorum(self.votes.power_for(VoteKind::Precommit, round, Some(proposal.id)))
            })?;
            Some(Polka { round, id: decided.id })
        });
        let Some(decided) = found else { return false };
        self.decided = Some(decided);
        acts.push(Act::Rule(Rule::Decided));
        acts.push(Act::Decided(decided));
        true
    }

    /// Line 55: to the latest round in which more than a third are: whoever has voted there, and who has proposed.
    fn skip_round(&mut self, acts: &mut Vec<Act>) -> bool {
        let rounds = self.votes.rounds().map(|(round, _)| round).chain(self.proposals.keys().copied());
        let later = rounds.filter(|&round| round > self.round || self.step == Step::Waiting);
        let Some(round) = later.filter(|&round| self.config.validators.has_honest(self.power_in(round))).max() else { return false };
        acts.push(Act::Rule(Rule::RoundSkipped));
        self.start_round(round, acts);
        true
    }

    /// The power of those who have said something in a round.
    fn power_in(&self, round: Round) -> u64 {
        let validators = &self.config.validators;
        let votes = self.votes.round(round);
        let proposer = validators.proposer(self.height, round);
        let has_proposed = self.proposals.contains_key(&round);
        if self.has(Mutation::SkipCountsSenderTwice) {
            let voted = votes.map_or(0, |votes| votes.prevotes.power() + votes.precommits.power());
            return voted + if has_proposed { validators.power(proposer) } else { 0 };
        }
        let mut who = votes.map(RoundVotes::voters).unwrap_or_default();
        if has_proposed {
            who.insert(proposer);
        }
        validators.power_of(who)
    }

    fn proposals_of_round(&self) -> &[Proposed] {
        self.proposals.get(&self.round).map_or(&[], Vec::as_slice)
    }

    /// Line 22: a proposal without a polka.
    fn answer_new_proposal(&mut self, acts: &mut Vec<Act>) -> bool {
        if self.step != Step::Propose {
            return false;
        }
        let Some(proposal) = self.proposals_of_round().iter().find(|proposal| proposal.valid_round.is_none()).copied() else {
            return false;
        };
        let is_free = self.locked.is_none_or(|locked| locked.id == proposal.id)
            || self.has(Mutation::PrevotedWhileLocked)
            || self.has(Mutation::RefusedBlockVotedFor);
        if proposal.is_valid && is_free {
            acts.push(Act::Rule(Rule::PrevotedNewProposal));
            self.prevote(Some(proposal.id), acts);
        } else {
            acts.push(Act::Rule(Rule::PrevotedNilOnNewProposal));
            self.prevote(None, acts);
        }
        true
    }

    /// Line 28: a proposal with a polka of an earlier round.
    fn answer_old_proposal(&mut self, acts: &mut Vec<Act>) -> bool {
        if self.step != Step::Propose {
            return false;
        }
        let with_polka = self.proposals_of_round().iter().copied().find_map(|proposal| {
            let valid_round = proposal.valid_round.filter(|&valid_round| valid_round < self.round)?;
            self.has_polka(valid_round, Some(proposal.id)).then_some((proposal, valid_round))
        });
        let Some((proposal, valid_round)) = with_polka else { return false };
        let is_free = self.locked.is_none_or(|locked| locked.round <= valid_round || locked.id == proposal.id);
        let is_released = self.has(Mutation::UnlockedWithoutPolka) || self.has(Mutation::RefusedBlockVotedFor);
        if proposal.is_valid && (is_free || is_released) {
            acts.push(Act::Rule(Rule::PrevotedOldProposal));
            self.prevote(Some(proposal.id), acts);
        } else {
            acts.push(Act::Rule(Rule::PrevotedNilOnOldProposal));
            self.prevote(None, acts);
        }
        true
    }

    /// Line 36: a polka for the proposal of this round, for the first time.
    fn take_polka(&mut self, acts: &mut Vec<Act>) -> bool {
        if self.polka_seen || self.step < Step::Prevote {
            return false;
        }
        let any_polka = self.has(Mutation::PolkaMatchesAnyProposal)
            && self
                .votes
                .tally(VoteKind::Prevote, self.round)
                .is_some_and(|tally| tally.powers().iter().any(|(id, power)| id.is_some() && self.is_quorum(*power)));
        let found = self.proposals_of_round().iter().copied();
        let any_polka = any_polka || self.has(Mutation::PrecommittedWithoutPolka);
        let mut matching = found.filter(|proposal| proposal.is_valid && (any_polka || self.has_polka(self.round, Some(proposal.id))));
        let Some(proposal) = matching.next() else { return false };
        self.polka_seen = true;
        let polka = Polka { round: self.round, id: proposal.id };
        if self.step == Step::Prevote {
            self.locked = Some(polka);
            acts.push(Act::Rule(Rule::LockedAndPrecommitted));
            acts.push(Act::Locked(polka));
            self.valid = Some(polka);
            acts.push(Act::Valid(polka));
            self.precommit(Some(proposal.id), acts);
        } else if !self.has(Mutation::ValidValueIgnored) {
            self.valid = Some(polka);
            acts.push(Act::Rule(Rule::ValidValueSet));
            acts.push(Act::Valid(polka));
        }
        true
    }

    /// Line 44.
    fn take_nil_polka(&mut self, acts: &mut Vec<Act>) -> bool {
        let fires = self.step == Step::Prevote && self.has_polka(self.round, None);
        if fires {
            acts.push(Act::Rule(Rule::PrecommittedNilOnPolka));
            self.precommit(None, acts);
        }
        fires
    }

    /// Line 34, for the first time.
    fn wait_for_prevotes(&mut self, acts: &mut Vec<Act>) -> bool {
        let enough = || self.is_quorum(self.votes.power(VoteKind::Prevote, self.round));
        let fires = self.step == Step::Prevote && !self.prevote_timeout_set && enough();
        if fires {
            self.prevote_timeout_set = true;
            acts.push(Act::Rule(Rule::PrevoteTimeoutSet));
            acts.push(Act::Timeout(Step::Prevote, self.round));
        }
        fires
    }

    /// Line 47, for the first time.
    fn wait_for_precommits(&mut self, acts: &mut Vec<Act>) -> bool {
        let enough = || self.is_quorum(self.votes.power(VoteKind::Precommit, self.round));
        let waits = self.step != Step::Waiting && !self.has(Mutation::PrecommitTimeoutDropped);
        let fires = waits && !self.precommit_timeout_set && enough();
        if fires {
            self.precommit_timeout_set = true;
            acts.push(Act::Rule(Rule::PrecommitTimeoutSet));
            acts.push(Act::Timeout(Step::Precommit, self.round));
        }
        fires
    }
}
