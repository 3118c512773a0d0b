//! What a validator does instead where a rule is switched off on purpose: each departure beside the paper's version,
//! which comes first. A rule that is only left out is left out where it stands.

use super::block::BlockId;
use super::consensus::{Consensus, Polka};
use super::decision::Decision;
use super::rule::Mutation;
use super::vote::VoteKind;
use super::{Round, Tendermint};
use crate::process::Signed;

impl Consensus {
    /// 2f + 1: more than two thirds of the voting power. Departure: more than half.
    pub(super) fn is_quorum(&self, power: u64) -> bool {
        let validators = &self.config().validators;
        if self.has(Mutation::QuorumTooSmall) { 2 * power > validators.total() } else { validators.is_quorum(power) }
    }

    /// Line 14: proposer(h_p, round_p) = p. Departure: it proposes in every round.
    pub(super) fn has_its_turn(&self) -> bool {
        self.proposer() == self.me() || self.has(Mutation::ProposedOutOfTurn)
    }

    /// Lines 15 and 16: validValue_p with validRound_p; without one, a new value is to be made. Departure: always a new
    /// one.
    pub(super) fn value_to_propose(&self) -> Option<Polka> {
        if self.has(Mutation::ValidValueNotProposed) { None } else { self.valid() }
    }

    /// valid(v), as the application has it. Departure: all is valid.
    pub(super) fn takes_for_valid(&self, is_valid: bool) -> bool {
        is_valid || self.has(Mutation::RefusedBlockVotedFor)
    }

    /// Line 23: lockedRound_p = -1 or lockedValue_p = v. Departure: the lock is ignored.
    pub(super) fn may_prevote_new(&self, id: BlockId) -> bool {
        let paper = self.locked().is_none_or(|locked| locked.id == id);
        paper || self.has(Mutation::PrevotedWhileLocked) || self.has(Mutation::RefusedBlockVotedFor)
    }

    /// Line 29: lockedRound_p <= vr or lockedValue_p = v. Departure: any polka, however old, ends the lock.
    pub(super) fn may_prevote_old(&self, id: BlockId, valid_round: Round) -> bool {
        let paper = self.locked().is_none_or(|locked| locked.round <= valid_round || locked.id == id);
        paper || self.has(Mutation::UnlockedWithoutPolka) || self.has(Mutation::RefusedBlockVotedFor)
    }

    /// Line 36: 2f + 1 (PREVOTE, h_p, round_p, id(v)). Departures: prevotes for any one value do, or none at all.
    pub(super) fn has_polka_for_proposal(&self, id: BlockId) -> bool {
        self.has_polka(self.round(), Some(id))
            || self.has(Mutation::PrecommittedWithoutPolka)
            || (self.has(Mutation::PolkaMatchesAnyProposal) && self.has_polka_for_any())
    }

    fn has_polka_for_any(&self) -> bool {
        let tally = self.votes().tally(VoteKind::Prevote, self.round());
        tally.is_some_and(|tally| tally.powers().iter().any(|(id, power)| id.is_some() && self.is_quorum(*power)))
    }

    /// Line 49: in any round r. Departure: in the present one only.
    pub(super) fn may_decide_in(&self, round: Round) -> bool {
        !self.has(Mutation::DecidesInCurrentRoundOnly) || round == self.round()
    }

    /// Line 55: the power of those who have said something in a round, each counted once. Departure: once for each of
    /// the things that it has said.
    pub(super) fn power_in(&self, round: Round) -> u64 {
        let validators = &self.config().validators;
        if self.has(Mutation::SkipCountsSenderTwice) {
            let voted = self.votes().round(round).map_or(0, |votes| votes.prevotes.power() + votes.precommits.power());
            let proposer = validators.proposer(self.height(), round);
            return voted + if self.has_proposal_in(round) { validators.power(proposer) } else { 0 };
        }
        validators.power_of(self.senders_in(round))
    }
}

impl Tendermint {
    /// A signature is believed if it is genuine. Departure: all are.
    pub(super) fn is_believed<T>(&self, signed: &Signed<T>) -> bool {
        signed.is_genuine() || self.has(Mutation::ForgeriesAccepted)
    }

    /// A decided block comes with genuine precommits of more than two thirds. Departures: with precommits that nobody
    /// has looked at, or with whatever is there.
    pub(super) fn is_decided(&self, decision: &Decision) -> bool {
        let validators = &self.config().validators;
        if self.has(Mutation::SyncUnverified) {
            return true;
        }
        if self.has(Mutation::ForgeriesAccepted) {
            let precommits = decision.certificate.iter().filter(|vote| vote.body().id == Some(decision.block.id()));
            return validators.is_quorum(validators.power_of(precommits.map(Signed::signer).collect()));
        }
        validators.is_quorum(decision.power(validators))
    }
}
