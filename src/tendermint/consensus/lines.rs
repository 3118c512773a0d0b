//! Algorithm 1, line by line, in the paper's order. Each rule begins with the paper's condition, and is a question: it
//! says whether it has fired. Which is asked first is said in [`Consensus::advance`] alone.
//!
//! In the conditions p is this validator, h_p its height, round_p its round, step_p its step; v is a value, vr the
//! round in which it had a polka, -1 without one; `*` stands for anything. 2f + 1 is more than two thirds of the voting
//! power, f + 1 more than a third.

use super::{Act, Consensus, Polka, Proposed, Step};
use crate::process::NodeSet;
use crate::tendermint::rule::{Mutation, Rule};
use crate::tendermint::vote::{Vote, VoteKind};
use crate::tendermint::{BlockId, Round};

impl Consensus {
    /// Line 10: upon start do StartRound(0).
    pub fn start(&mut self, acts: &mut Vec<Act>) {
        if self.step == Step::Waiting && self.decided.is_none() {
            self.start_round(0, acts);
            self.advance(acts);
        }
    }

    /// Lines 11 to 21: StartRound(round). The proposer, proposer(h_p, round_p) = p, proposes validValue_p, or
    /// getValue() where that is nil, with validRound_p. The others schedule OnTimeoutPropose.
    fn start_round(&mut self, round: Round, acts: &mut Vec<Act>) {
        debug_assert!(self.decided.is_none(), "a height that is decided has no more rounds");
        self.round = round;
        self.step = Step::Propose;
        self.prevote_timeout_set = false;
        self.polka_seen = false;
        self.precommit_timeout_set = false;
        if self.has(Mutation::LockForgotten) {
            self.locked = None;
        }
        acts.push(Act::Rule(Rule::RoundStarted));
        acts.push(Act::Started(round));
        if self.has_its_turn() {
            let valid = self.value_to_propose();
            acts.push(Act::Rule(if valid.is_some() { Rule::ValidValueProposed } else { Rule::NewValueProposed }));
            acts.push(Act::Propose(round, valid));
        }
        if self.proposer() != self.me {
            acts.push(Act::Rule(Rule::ProposeTimeoutSet));
            acts.push(Act::Timeout(Step::Propose, round));
        }
    }

    /// Line 22: upon (PROPOSAL, h_p, round_p, v, -1) from proposer(h_p, round_p) while step_p = propose.
    /// Line 23: it prevotes id(v) if valid(v) and (lockedRound_p = -1 or lockedValue_p = v), nil if not.
    pub(super) fn upon_new_proposal(&mut self, acts: &mut Vec<Act>) -> bool {
        if self.step != Step::Propose {
            return false;
        }
        let new = self.proposals_of_round().iter().find(|proposal| proposal.valid_round.is_none()).copied();
        let Some(proposal) = new else { return false };
        if proposal.is_valid && self.may_prevote_new(proposal.id) {
            acts.push(Act::Rule(Rule::PrevotedNewProposal));
            self.prevote(Some(proposal.id), acts);
        } else {
            acts.push(Act::Rule(Rule::PrevotedNilOnNewProposal));
            self.prevote(None, acts);
        }
        true
    }

    /// Line 28: upon (PROPOSAL, h_p, round_p, v, vr) from proposer(h_p, round_p) and 2f + 1 (PREVOTE, h_p, vr, id(v))
    /// while step_p = propose and 0 <= vr < round_p.
    /// Line 29: it prevotes id(v) if valid(v) and (lockedRound_p <= vr or lockedValue_p = v), nil if not.
    pub(super) fn upon_old_proposal(&mut self, acts: &mut Vec<Act>) -> bool {
        if self.step != Step::Propose {
            return false;
        }
        let with_polka = self.proposals_of_round().iter().copied().find_map(|proposal| {
            let valid_round = proposal.valid_round.filter(|&valid_round| valid_round < self.round)?;
            self.has_polka(valid_round, Some(proposal.id)).then_some((proposal, valid_round))
        });
        let Some((proposal, valid_round)) = with_polka else { return false };
        if proposal.is_valid && self.may_prevote_old(proposal.id, valid_round) {
            acts.push(Act::Rule(Rule::PrevotedOldProposal));
            self.prevote(Some(proposal.id), acts);
        } else {
            acts.push(Act::Rule(Rule::PrevotedNilOnOldProposal));
            self.prevote(None, acts);
        }
        true
    }

    /// Line 34: upon 2f + 1 (PREVOTE, h_p, round_p, *) while step_p = prevote, for the first time: OnTimeoutPrevote is
    /// scheduled.
    pub(super) fn upon_any_prevotes(&mut self, acts: &mut Vec<Act>) -> bool {
        let enough = || self.is_quorum(self.votes.power(VoteKind::Prevote, self.round));
        let fires = self.step == Step::Prevote && !self.prevote_timeout_set && enough();
        if fires {
            self.prevote_timeout_set = true;
            acts.push(Act::Rule(Rule::PrevoteTimeoutSet));
            acts.push(Act::Timeout(Step::Prevote, self.round));
        }
        fires
    }

    /// Line 36: upon (PROPOSAL, h_p, round_p, v, *) from proposer(h_p, round_p) and 2f + 1 (PREVOTE, h_p, round_p,
    /// id(v)) while valid(v) and step_p >= prevote, for the first time. Lines 37 to 43: if step_p = prevote, it locks
    /// on v and precommits id(v); in any case v is its validValue_p.
    pub(super) fn upon_polka(&mut self, acts: &mut Vec<Act>) -> bool {
        if self.polka_seen || self.step < Step::Prevote {
            return false;
        }
        let mut proposals = self.proposals_of_round().iter().copied();
        let matching = proposals.find(|proposal| proposal.is_valid && self.has_polka_for_proposal(proposal.id));
        let Some(proposal) = matching else { return false };
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

    /// Line 44: upon 2f + 1 (PREVOTE, h_p, round_p, nil) while step_p = prevote: it precommits nil.
    pub(super) fn upon_nil_polka(&mut self, acts: &mut Vec<Act>) -> bool {
        let fires = self.step == Step::Prevote && self.has_polka(self.round, None);
        if fires {
            acts.push(Act::Rule(Rule::PrecommittedNilOnPolka));
            self.precommit(None, acts);
        }
        fires
    }

    /// Line 47: upon 2f + 1 (PRECOMMIT, h_p, round_p, *), for the first time: OnTimeoutPrecommit is scheduled.
    pub(super) fn upon_any_precommits(&mut self, acts: &mut Vec<Act>) -> bool {
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

    /// Line 49: upon (PROPOSAL, h_p, r, v, *) from proposer(h_p, r) and 2f + 1 (PRECOMMIT, h_p, r, id(v)), in any round
    /// r, while decision_p\[h_p\] = nil. Line 50: it decides v if valid(v).
    pub(super) fn upon_decision(&mut self, acts: &mut Vec<Act>) -> bool {
        if self.has(Mutation::DecisionPutOff) {
            return false;
        }
        let mut rounds = self.proposals.iter().filter(|(round, _)| self.may_decide_in(**round));
        let found = rounds.find_map(|(&round, proposals)| {
            let is_precommitted = |id| self.is_quorum(self.votes.power_for(VoteKind::Precommit, round, Some(id)));
            let decided = proposals.iter().find(|proposal| proposal.is_valid && is_precommitted(proposal.id))?;
            Some(Polka { round, id: decided.id })
        });
        let Some(decided) = found else { return false };
        self.decided = Some(decided);
        acts.push(Act::Rule(Rule::Decided));
        acts.push(Act::Decided(decided));
        true
    }

    /// Line 55: upon f + 1 (*, h_p, round, *, *) with round > round_p: StartRound(round), for the latest such round.
    /// Who has voted there counts, and who has proposed.
    pub(super) fn upon_later_round(&mut self, acts: &mut Vec<Act>) -> bool {
        let rounds = self.votes.rounds().map(|(round, _)| round).chain(self.proposals.keys().copied());
        let later = rounds.filter(|&round| round > self.round || self.step == Step::Waiting);
        let is_under_way = |round: &Round| self.config.validators.has_honest(self.power_in(*round));
        let Some(round) = later.filter(is_under_way).max() else { return false };
        acts.push(Act::Rule(Rule::RoundSkipped));
        self.start_round(round, acts);
        true
    }

    /// The timeout of a step in a round is over. One of a round that is over means nothing: round = round_p.
    pub fn on_timeout(&mut self, step: Step, round: Round, acts: &mut Vec<Act>) {
        if round != self.round || self.decided.is_some() {
            return;
        }
        let fired = match step {
            Step::Propose => self.on_timeout_propose(acts),
            Step::Prevote => self.on_timeout_prevote(acts),
            Step::Precommit => self.on_timeout_precommit(acts),
            Step::Waiting => false,
        };
        if fired {
            self.advance(acts);
        }
    }

    /// Lines 57 to 60: OnTimeoutPropose. If step_p = propose, it prevotes nil.
    fn on_timeout_propose(&mut self, acts: &mut Vec<Act>) -> bool {
        let fires = self.step == Step::Propose;
        if fires {
            acts.push(Act::Rule(Rule::ProposeTimedOut));
            self.prevote(None, acts);
        }
        fires
    }

    /// Lines 61 to 64: OnTimeoutPrevote. If step_p = prevote, it precommits nil.
    fn on_timeout_prevote(&mut self, acts: &mut Vec<Act>) -> bool {
        let fires = self.step == Step::Prevote;
        if fires {
            acts.push(Act::Rule(Rule::PrevoteTimedOut));
            self.precommit(None, acts);
        }
        fires
    }

    /// Lines 65 to 67: OnTimeoutPrecommit. StartRound(round_p + 1).
    fn on_timeout_precommit(&mut self, acts: &mut Vec<Act>) -> bool {
        let fires = self.step != Step::Waiting;
        if fires {
            acts.push(Act::Rule(Rule::PrecommitTimedOut));
            self.start_round(self.round + 1, acts);
        }
        fires
    }

    /// (PREVOTE, h_p, round_p, id); step_p is prevote now.
    fn prevote(&mut self, id: Option<BlockId>, acts: &mut Vec<Act>) {
        debug_assert_eq!(self.step, Step::Propose, "one prevote in a round");
        self.step = Step::Prevote;
        acts.push(Act::Vote(Vote { kind: VoteKind::Prevote, height: self.height, round: self.round, id }));
    }

    /// (PRECOMMIT, h_p, round_p, id); step_p is precommit now.
    fn precommit(&mut self, id: Option<BlockId>, acts: &mut Vec<Act>) {
        debug_assert_eq!(self.step, Step::Prevote, "one precommit in a round, after the prevote");
        self.step = Step::Precommit;
        acts.push(Act::Vote(Vote { kind: VoteKind::Precommit, height: self.height, round: self.round, id }));
    }

    fn proposals_of_round(&self) -> &[Proposed] {
        self.proposals.get(&self.round).map_or(&[], Vec::as_slice)
    }

    /// A polka: 2f + 1 (PREVOTE, h_p, round, id), or for nil.
    pub(in crate::tendermint) fn has_polka(&self, round: Round, id: Option<BlockId>) -> bool {
        self.is_quorum(self.votes.power_for(VoteKind::Prevote, round, id))
    }

    /// Who has said something in a round, as a proposer or voter.
    pub(in crate::tendermint) fn senders_in(&self, round: Round) -> NodeSet {
        let mut senders = self.votes.round(round).map(|votes| votes.voters()).unwrap_or_default();
        if self.has_proposal_in(round) {
            senders.insert(self.config.validators.proposer(self.height, round));
        }
        senders
    }
}
