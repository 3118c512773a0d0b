//! What survives a crash, and the timers.

use super::block::Block;
use super::consensus::Polka;
use super::decision::Decision;
use super::vote::{Evidence, Proposal, Vote};
use super::{Height, Round};
use crate::process::{self, Signed, fingerprint_enum, fingerprint_struct};
use std::sync::Arc;

/// A proposal with its block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposed {
    /// The proposal, signed by its proposer.
    pub proposal: Signed<Proposal>,
    /// The block that it names, if the proposer is honest.
    pub block: Arc<Block>,
}

fingerprint_struct!(Proposed { proposal, block });

/// How far a validator has got in a height.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// The round; none before the height has begun.
    pub round: Option<Round>,
    /// lockedValue and lockedRound.
    pub locked: Option<Polka>,
    /// validValue and validRound.
    pub valid: Option<Polka>,
    /// The block of the valid value.
    pub valid_block: Option<Arc<Block>>,
    /// The prevotes of that polka. Others may have missed some of them, and vote for the value again only when they
    /// have them all (line 28): so a validator that knows the value and crashes must not forget how it knows.
    pub valid_prevotes: Vec<Signed<Vote>>,
    /// Its own votes.
    pub votes: Vec<Signed<Vote>>,
    /// Its own proposals.
    pub proposals: Vec<Proposed>,
}

fingerprint_struct!(Progress { round, locked, valid, valid_block, valid_prevotes, votes, proposals });

/// What survives a crash.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Durable {
    /// The decided blocks, from height 1.
    pub chain: Vec<Arc<Decision>>,
    /// Where it stands in the height after them.
    pub progress: Progress,
    /// Proofs that somebody lied.
    pub evidence: Vec<Arc<Evidence>>,
}

fingerprint_struct!(Durable { chain, progress, evidence });

impl Durable {
    /// The height that is to be decided next.
    pub fn height(&self) -> Height {
        self.chain.len() as u64 + 1
    }
}

/// A change to what survives a crash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// It has started a round.
    Round(Round),
    /// It votes.
    Voted(Signed<Vote>),
    /// It proposes.
    Proposed(Proposed),
    /// It is locked.
    Locked(Polka),
    /// It has a valid value, with its block and its polka.
    Valid(Polka, Arc<Block>, Vec<Signed<Vote>>),
    /// A block is decided: the next height, of which nothing is known.
    Decided(Arc<Decision>),
    /// Somebody lies.
    Evidence(Arc<Evidence>),
}

impl process::Durable for Durable {
    type Write = Write;

    fn apply(&mut self, write: &Write) {
        let progress = &mut self.progress;
        match write {
            Write::Round(round) => progress.round = Some(*round),
            Write::Voted(vote) => progress.votes.push(vote.clone()),
            Write::Proposed(proposed) => progress.proposals.push(proposed.clone()),
            Write::Locked(polka) => progress.locked = Some(*polka),
            Write::Valid(polka, block, prevotes) => {
                progress.valid = Some(*polka);
                progress.valid_block = Some(block.clone());
                progress.valid_prevotes = prevotes.clone();
            }
            Write::Decided(decision) => {
                self.chain.push(decision.clone());
                self.progress = Progress::default();
            }
            Write::Evidence(evidence) => self.evidence.push(evidence.clone()),
        }
    }
}

/// The timers. Those of a step carry the height and the round, so that one that was set for an earlier round is known
/// to be late.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Timer {
    /// No proposal came (line 57).
    Propose(Height, Round),
    /// No polka came (line 61).
    Prevote(Height, Round),
    /// No decision came (line 65).
    Precommit(Height, Round),
    /// Time to say again what it knows, or how far it has got.
    Gossip,
    /// No request came for long.
    Idle(Height),
}

fingerprint_enum!(Timer {
    0 => Propose(height, round),
    1 => Prevote(height, round),
    2 => Precommit(height, round),
    3 => Gossip,
    4 => Idle(height),
});

impl process::Timer for Timer {
    const KINDS: &'static [&'static str] = &["propose", "prevote", "precommit", "gossip", "idle"];

    fn kind(self) -> u8 {
        match self {
            Self::Propose(..) => 0,
            Self::Prevote(..) => 1,
            Self::Precommit(..) => 2,
            Self::Gossip => 3,
            Self::Idle(_) => 4,
        }
    }
}
