//! Algorithm 1, for one height: nothing but its rules, over the messages that have come so far.
//!
//! A message is put into the log, and then every rule is asked whether it may fire, until none does. What a rule asks
//! for is in the log or not, in whatever order it came: votes before the proposal, the last prevote of an old polka
//! after all else, precommits of a round that is over. So the order of arrival changes when a rule fires, never
//! whether.
//!
//! What follows from a rule is put into a list of [`Act`]s: to sign and send a vote, to set a timeout, to make a block.
//! A validator's own messages come back to it as all others do.

mod lines;

use super::block::BlockId;
use super::config::Config;
use super::rule::{Mutation, Rule};
use super::vote::{Evidence, Proposal, Vote, VoteLog};
use super::{Height, Round};
use crate::process::{Mutations, NodeId, Signed, fingerprint_enum, fingerprint_struct};
use std::collections::BTreeMap;

/// Where a validator stands in a round (the paper's step_p).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// It has started no round of this height.
    Waiting,
    /// It waits for a proposal.
    Propose,
    /// It has prevoted.
    Prevote,
    /// It has precommitted.
    Precommit,
}

fingerprint_enum!(Step {
    0 => Waiting,
    1 => Propose,
    2 => Prevote,
    3 => Precommit,
});

/// A value with the round of its polka.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Polka {
    /// The round.
    pub round: Round,
    /// The block's name.
    pub id: BlockId,
}

fingerprint_struct!(Polka { round, id });

/// A proposal of a round, as it came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Proposed {
    id: BlockId,
    valid_round: Option<Round>,
    /// The paper's valid(v).
    is_valid: bool,
}

fingerprint_struct!(Proposed { id, valid_round, is_valid });

/// What the algorithm wants done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// A line fired.
    Rule(Rule),
    /// It has started a round.
    Started(Round),
    /// Propose in this round: the value of a polka, or, without one, a new block.
    Propose(Round, Option<Polka>),
    /// Sign and send a vote.
    Vote(Vote),
    /// Set the timeout of a step in a round.
    Timeout(Step, Round),
    /// It has locked on a value.
    Locked(Polka),
    /// It has a value to propose next.
    Valid(Polka),
    /// A value is decided, in a round.
    Decided(Polka),
    /// Somebody voted twice.
    Equivocation(Evidence),
}

/// The state of algorithm 1 at one height.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consensus {
    me: NodeId,
    config: Config,
    height: Height,
    round: Round,
    step: Step,
    locked: Option<Polka>,
    valid: Option<Polka>,
    decided: Option<Polka>,
    proposals: BTreeMap<Round, Vec<Proposed>>,
    votes: VoteLog,
    /// In the current round, what may happen "for the first time" only: lines 34, 36 and 47.
    prevote_timeout_set: bool,
    polka_seen: bool,
    precommit_timeout_set: bool,
}

fingerprint_struct!(Consensus {
    me, height, round, step, locked, valid, decided, proposals, votes, prevote_timeout_set, polka_seen, precommit_timeout_set
} skip { config });

impl Consensus {
    /// A height that has not begun.
    pub fn new(me: NodeId, config: Config, height: Height) -> Self {
        Self {
            me,
            config,
            height,
            round: 0,
            step: Step::Waiting,
            locked: None,
            valid: None,
            decided: None,
            proposals: BTreeMap::new(),
            votes: VoteLog::default(),
            prevote_timeout_set: false,
            polka_seen: false,
            precommit_timeout_set: false,
        }
    }

    /// After a crash: where it was, its lock and its valid value. Its own votes are to be given to it again.
    pub fn restored(self, round: Round, step: Step, locked: Option<Polka>, valid: Option<Polka>) -> Self {
        Self { round, step, locked, valid, ..self }
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The rules that are switched off: they are kept here alone, so that one can be switched off for a single input.
    pub fn mutations(&mut self) -> &mut Mutations<Mutation> {
        &mut self.config.mutations
    }

    /// The height.
    pub fn height(&self) -> Height {
        self.height
    }

    /// The round; 0 also before one has begun.
    pub fn round(&self) -> Round {
        self.round
    }

    /// The step.
    pub fn step(&self) -> Step {
        self.step
    }

    /// lockedValue and lockedRound.
    pub fn locked(&self) -> Option<Polka> {
        self.locked
    }

    /// validValue and validRound.
    pub fn valid(&self) -> Option<Polka> {
        self.valid
    }

    /// The decided value, and the round in which it was.
    pub fn decided(&self) -> Option<Polka> {
        self.decided
    }

    /// All votes so far.
    pub fn votes(&self) -> &VoteLog {
        &self.votes
    }

    /// Whether a block was proposed in a round, and the application calls it valid.
    pub fn has_valid_proposal(&self, round: Round, id: BlockId) -> bool {
        self.proposals
            .get(&round)
            .is_some_and(|proposals| proposals.iter().any(|proposal| proposal.is_valid && proposal.id == id))
    }

    /// Who proposes in the current round.
    pub fn proposer(&self) -> NodeId {
        self.config.validators.proposer(self.height, self.round)
    }

    /// Whether somebody has proposed in a round whose turn it was.
    pub(super) fn has_proposal_in(&self, round: Round) -> bool {
        self.proposals.contains_key(&round)
    }

    /// Whose state it is.
    pub(super) fn me(&self) -> NodeId {
        self.me
    }

    pub(super) fn has(&self, mutation: Mutation) -> bool {
        self.config.mutations.has(mutation)
    }

    /// Lets every rule fire that may, until none does. A decision comes first, then a later round; of the rules of the
    /// present round those that vote come before those that wait. The paper leaves the order open.
    fn advance(&mut self, acts: &mut Vec<Act>) {
        while self.decided.is_none() {
            let fired = self.upon_decision(acts)
                || self.upon_later_round(acts)
                || self.upon_new_proposal(acts)
                || self.upon_old_proposal(acts)
                || self.upon_polka(acts)
                || self.upon_nil_polka(acts)
                || self.upon_any_prevotes(acts)
                || self.upon_any_precommits(acts);
            if !fired {
                return;
            }
        }
    }

    /// A proposal of this height, with the word of the application on whether its value is valid.
    pub fn on_proposal(&mut self, proposal: &Signed<Proposal>, is_valid: bool, acts: &mut Vec<Act>) {
        let Proposal { height, round, id, valid_round } = *proposal.body();
        if height != self.height {
            return;
        }
        if proposal.signer() != self.config.validators.proposer(height, round) {
            acts.push(Act::Rule(Rule::WrongProposer));
            return;
        }
        let is_valid = self.takes_for_valid(is_valid);
        let of_round = self.proposals.entry(round).or_default();
        if of_round.iter().all(|known| known.id != id || known.valid_round != valid_round) {
            of_round.push(Proposed { id, valid_round, is_valid });
            self.advance(acts);
        }
    }

    /// A vote of this height.
    pub fn on_vote(&mut self, vote: &Signed<Vote>, acts: &mut Vec<Act>) {
        if vote.body().height != self.height {
            return;
        }
        let count_again = self.has(Mutation::DuplicatesCounted);
        if let Some(evidence) = self.votes.add(vote, &self.config.validators, count_again) {
            acts.push(Act::Rule(Rule::EquivocationSeen));
            acts.push(Act::Equivocation(evidence));
        }
        self.advance(acts);
    }
}
