//! Votes, and how they are counted: by voting power, each validator once.

use super::block::BlockId;
use super::config::Validators;
use super::{Height, Round};
use crate::process::{NodeId, NodeSet, Signed, fingerprint_enum, fingerprint_struct};
use std::collections::BTreeMap;

/// The two kinds of votes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum VoteKind {
    /// For a proposal.
    Prevote,
    /// For a decision.
    Precommit,
}

fingerprint_enum!(VoteKind {
    0 => Prevote,
    1 => Precommit,
});

/// What a validator votes for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Vote {
    /// Prevote or precommit.
    pub kind: VoteKind,
    /// The height.
    pub height: Height,
    /// The round.
    pub round: Round,
    /// The block's name; none is a vote for nil.
    pub id: Option<BlockId>,
}

fingerprint_struct!(Vote { kind, height, round, id });

/// What a proposer proposes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Proposal {
    /// The height.
    pub height: Height,
    /// The round.
    pub round: Round,
    /// The block's name.
    pub id: BlockId,
    /// The round of the polka that the block had; none for a new block (the paper's -1).
    pub valid_round: Option<Round>,
}

fingerprint_struct!(Proposal { height, round, id, valid_round });

/// Two signatures of one validator that contradict each other: proof that it lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// Two votes for one step.
    Votes {
        /// The vote that was seen first.
        first: Signed<Vote>,
        /// The other.
        second: Signed<Vote>,
    },
    /// Two proposals for one round.
    Proposals {
        /// The proposal that was seen first.
        first: Signed<Proposal>,
        /// The other.
        second: Signed<Proposal>,
    },
}

fingerprint_enum!(Evidence {
    0 => Votes { first, second },
    1 => Proposals { first, second },
});

impl Evidence {
    /// Who lies.
    pub fn culprit(&self) -> NodeId {
        match self {
            Self::Votes { first, .. } => first.signer(),
            Self::Proposals { first, .. } => first.signer(),
        }
    }

    /// At which height and in which round.
    pub fn place(&self) -> (Height, Round) {
        match self {
            Self::Votes { first, .. } => (first.body().height, first.body().round),
            Self::Proposals { first, .. } => (first.body().height, first.body().round),
        }
    }

    /// Whether both were signed by whom they name.
    pub fn is_genuine(&self) -> bool {
        match self {
            Self::Votes { first, second } => first.is_genuine() && second.is_genuine(),
            Self::Proposals { first, second } => first.is_genuine() && second.is_genuine(),
        }
    }

    /// Whether the two are of one validator and about one thing, and differ.
    pub fn contradicts(&self) -> bool {
        match self {
            Self::Votes { first, second } => {
                let (one, other) = (first.body(), second.body());
                let is_same_step = one.kind == other.kind && one.height == other.height && one.round == other.round;
                is_same_step && first.signer() == second.signer() && one.id != other.id
            }
            Self::Proposals { first, second } => {
                let (one, other) = (first.body(), second.body());
                let is_same_round = one.height == other.height && one.round == other.round;
                is_same_round && first.signer() == second.signer() && one != other
            }
        }
    }

    /// What it proves, in a few words.
    pub fn label(&self) -> String {
        let what = if matches!(self, Self::Votes { .. }) { "voted" } else { "proposed" };
        format!("n{} {what} twice", self.culprit().0 + 1)
    }
}

/// So many different votes of one validator are counted in a round; more only for values that somebody else has voted
/// for. A liar may sign ever new values, and all that counts is kept and passed on. Nothing is lost: a value that a
/// quorum votes for has honest voters, and who has counted the liar's vote for it sends that again until it counts here
/// too.
const VOTES_OF_ONE_MAX: usize = 8;

/// The votes of one kind in one round.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    votes: Vec<Signed<Vote>>,
    /// For each value the voting power of those who voted for it.
    powers: Vec<(Option<BlockId>, u64)>,
    voters: NodeSet,
    power: u64,
}

fingerprint_struct!(Tally { votes, powers, voters, power });

impl Tally {
    /// Counts a vote, each validator once for each value. (Whoever votes for two is counted for both, as in the paper,
    /// where votes are messages in a log; among more than two thirds, honest validators still outnumber such liars.)
    fn add(&mut self, vote: &Signed<Vote>, power: u64, count_again: bool) -> Option<Evidence> {
        let others = || self.votes.iter().filter(|known| known.signer() == vote.signer());
        let is_known = others().any(|known| known == vote);
        if is_known && !count_again {
            return None;
        }
        let evidence =
            others().find(|known| known.body().id != vote.body().id).map(|first| (first.clone(), vote.clone()));
        let evidence = evidence.filter(|_| !is_known).map(|(first, second)| Evidence::Votes { first, second });
        if !is_known {
            if others().count() >= VOTES_OF_ONE_MAX && !self.has_other_voter(vote) {
                return evidence;
            }
            self.votes.push(vote.clone());
        }
        match self.powers.iter_mut().find(|(id, _)| *id == vote.body().id) {
            Some((_, sum)) => *sum += power,
            None => self.powers.push((vote.body().id, power)),
        }
        if self.voters.insert(vote.signer()) || count_again {
            self.power += power;
        }
        evidence
    }

    /// Whether somebody else has voted for the same value.
    fn has_other_voter(&self, vote: &Signed<Vote>) -> bool {
        self.votes.iter().any(|known| known.signer() != vote.signer() && known.body().id == vote.body().id)
    }

    /// The votes, in the order in which they came.
    pub fn votes(&self) -> &[Signed<Vote>] {
        &self.votes
    }

    /// The power of those who voted for a value, or for nil.
    pub fn power_for(&self, id: Option<BlockId>) -> u64 {
        self.powers.iter().find(|(known, _)| *known == id).map_or(0, |(_, power)| *power)
    }

    /// Every value that was voted for, with its power, in the order in which they came.
    pub fn powers(&self) -> &[(Option<BlockId>, u64)] {
        &self.powers
    }

    /// The power of all who voted.
    pub fn power(&self) -> u64 {
        self.power
    }

    /// Who has voted.
    pub fn voters(&self) -> NodeSet {
        self.voters
    }
}

/// The votes of one round.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RoundVotes {
    /// Prevotes.
    pub prevotes: Tally,
    /// Precommits.
    pub precommits: Tally,
}

fingerprint_struct!(RoundVotes { prevotes, precommits });

impl RoundVotes {
    /// The votes of a kind.
    pub fn of(&self, kind: VoteKind) -> &Tally {
        match kind {
            VoteKind::Prevote => &self.prevotes,
            VoteKind::Precommit => &self.precommits,
        }
    }

    /// All who have voted, one way or the other.
    pub fn voters(&self) -> NodeSet {
        self.prevotes.voters.iter().chain(self.precommits.voters.iter()).collect()
    }
}

/// All votes of a height.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VoteLog {
    rounds: BTreeMap<Round, RoundVotes>,
}

fingerprint_struct!(VoteLog { rounds });

impl VoteLog {
    /// Counts a vote. Gives the evidence if its signer voted for something else before. `count_again` is a mutation.
    pub fn add(&mut self, vote: &Signed<Vote>, validators: &Validators, count_again: bool) -> Option<Evidence> {
        let power = validators.power(vote.signer());
        if power == 0 {
            return None;
        }
        let round = self.rounds.entry(vote.body().round).or_default();
        let tally = match vote.body().kind {
            VoteKind::Prevote => &mut round.prevotes,
            VoteKind::Precommit => &mut round.precommits,
        };
        tally.add(vote, power, count_again)
    }

    /// The votes of a round.
    pub fn round(&self, round: Round) -> Option<&RoundVotes> {
        self.rounds.get(&round)
    }

    /// The votes of one kind in a round.
    pub fn tally(&self, kind: VoteKind, round: Round) -> Option<&Tally> {
        self.rounds.get(&round).map(|votes| votes.of(kind))
    }

    /// The power of those who voted for a value, or for nil.
    pub fn power_for(&self, kind: VoteKind, round: Round, id: Option<BlockId>) -> u64 {
        self.tally(kind, round).map_or(0, |tally| tally.power_for(id))
    }

    /// The power of all who voted.
    pub fn power(&self, kind: VoteKind, round: Round) -> u64 {
        self.tally(kind, round).map_or(0, Tally::power)
    }

    /// All rounds that have votes, in order.
    pub fn rounds(&self) -> impl DoubleEndedIterator<Item = (Round, &RoundVotes)> {
        self.rounds.iter().map(|(round, votes)| (*round, votes))
    }
}
