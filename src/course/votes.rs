//! The votes of a height of Tendermint (task 20): what counts of them, and what is decided.
//!
//! What a validator says is judged by the algorithm's lines ("The latest gossip on BFT consensus", algorithm 1), as far
//! as the node can see:
//!
//! * A validator's second, different vote of one kind in a round is proof against it, and is not counted.
//! * A precommit for a block rests on prevotes of more than two thirds for it in the same round (line 36). Until they
//!   are there, it waits; but precommits of more than two thirds decide, whatever else has come (line 49): with so
//!   many, the prevotes were there, though they may still be on their way.
//! * Whoever has precommitted a block is locked on it (lines 38 and 39), and prevotes another one in a later round only
//!   if that one had prevotes of more than two thirds in the round of the lock or after it (line 29). A prevote that
//!   goes against a lock waits for those prevotes.
//!
//! **Votes arrive in any order**, so what counts follows from the set of votes alone: round by round, first the
//! prevotes, by the locks and the prevotes of earlier rounds, then the precommits, by the prevotes of the round.
//! Whenever a vote comes, its round and those after it are counted anew.
//!
//! A height decides once. The precommits of what was decided lock more than a third of any two thirds that could vote
//! for another block; should one get precommits of two thirds all the same, a third of the validators have lied, and
//! the answer says that it contradicts the decision.

use crate::process::{NodeId, Seat};
use crate::tendermint::{BlockId, Validators, Vote, VoteKind, VoteLog};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A validator's vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cast {
    pub(super) validator: NodeId,
    pub(super) vote: Vote,
}

/// What becomes of a vote.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    pub(super) is_counted: bool,
    /// Its signer has cast another vote of that kind in that round before.
    pub(super) contradicts: Option<Vote>,
    /// A precommit that locks its signer, and a later prevote of that signer that goes against it. One of the two is
    /// this vote.
    pub(super) against_lock: Option<(Vote, Vote)>,
    /// The prevotes are there on which it rests.
    pub(super) has_prevotes: bool,
}

/// The votes of a height.
#[derive(Debug, Default)]
pub(super) struct Height {
    /// What each validator has said at each step: the first vote.
    pub(super) said: BTreeMap<(u64, VoteKind, NodeId), Vote>,
    /// Of these, what counts by now, by round.
    pub(super) counted: BTreeMap<u64, VoteLog>,
    /// For each validator, the blocks on which it is locked, by the round of the precommit that counts.
    locks: BTreeMap<NodeId, BTreeMap<u64, BlockId>>,
    /// What was decided first, and in which round.
    pub(super) decided: Option<(u64, BlockId)>,
    /// What was proposed, by round and proposer: the first block each time.
    pub(super) proposed: BTreeMap<(u64, NodeId), BlockId>,
    /// The names of blocks, as they are written here.
    pub(super) written: BTreeMap<BlockId, String>,
}

impl Height {
    pub(super) fn power_for(&self, kind: VoteKind, round: u64, id: Option<BlockId>) -> u64 {
        self.counted.get(&round).map_or(0, |log| log.power_for(kind, round, id))
    }

    /// The power of all whose votes of this kind count in a round.
    pub(super) fn power(&self, kind: VoteKind, round: u64) -> u64 {
        self.counted.get(&round).map_or(0, |log| log.power(kind, round))
    }

    fn has_polka(&self, validators: &Validators, round: u64, id: BlockId) -> bool {
        validators.is_quorum(self.power_for(VoteKind::Prevote, round, Some(id)))
    }

    /// What was said at a step, by whom.
    fn said_in(&self, round: u64, kind: VoteKind) -> impl Iterator<Item = Cast> {
        let all = (round, kind, NodeId(0))..=(round, kind, NodeId(u16::MAX));
        self.said.range(all).map(|(&(_, _, validator), &vote)| Cast { validator, vote })
    }

    /// The precommit to which a prevote does not keep: for another block, in an earlier round, with no prevotes since
    /// that would release its signer.
    fn lock_against(&self, validators: &Validators, Cast { validator, vote }: Cast) -> Option<Vote> {
        let id = vote.id.filter(|_| vote.kind == VoteKind::Prevote)?;
        let locks = self.locks.get(&validator)?;
        let (&round, &locked) = locks.range(..vote.round).rev().find(|(_, locked)| **locked != id)?;
        let is_released =
            self.counted.range(round..vote.round).any(|(&round, _)| self.has_polka(validators, round, id));
        (!is_released).then_some(Vote { kind: VoteKind::Precommit, round, id: Some(locked), ..vote })
    }

    /// Whether a precommit rests on prevotes that are there.
    fn has_prevotes(&self, validators: &Validators, vote: Vote) -> bool {
        vote.id.is_none_or(|id| self.has_polka(validators, vote.round, id))
    }

    /// Takes in what was said at a step of which nothing is known from this validator yet.
    pub(super) fn take(&mut self, validators: &Validators, Cast { validator, vote }: Cast) {
        self.said.insert((vote.round, vote.kind, validator), vote);
        self.counted.split_off(&vote.round);
        for locks in self.locks.values_mut() {
            locks.split_off(&vote.round);
        }
        let later = self.said.range((vote.round, VoteKind::Prevote, NodeId(0))..).map(|(step, _)| step.0);
        let rounds: BTreeSet<u64> = later.collect();
        for round in rounds {
            self.count_round(validators, round);
        }
    }

    /// Counts a round whose earlier rounds are counted.
    fn count_round(&mut self, validators: &Validators, round: u64) {
        let count = |log: &mut VoteLog, cast: Cast| {
            let seat = Seat { id: cast.validator, replicas: validators.count() };
            log.add(&seat.sign(cast.vote), validators, false);
        };
        let mut log = VoteLog::default();
        self.said_in(round, VoteKind::Prevote)
            .filter(|cast| self.lock_against(validators, *cast).is_none())
            .for_each(|cast| count(&mut log, cast));
        self.counted.insert(round, log.clone());
        let precommits: Vec<Cast> = self.said_in(round, VoteKind::Precommit).collect();
        let power = |id: BlockId| {
            precommits.iter().filter(|cast| cast.vote.id == Some(id)).map(|cast| validators.power(cast.validator)).sum()
        };
        for &cast in &precommits {
            // So many decide, whether their prevotes have come or not (line 49).
            let decides = cast.vote.id.is_some_and(|id| {
                let is_open = self.decided.is_none_or(|(_, decided)| decided == id);
                is_open && validators.is_quorum(power(id))
            });
            if !decides && !self.has_prevotes(validators, cast.vote) {
                continue;
            }
            count(&mut log, cast);
            if let Some(id) = cast.vote.id {
                self.locks.entry(cast.validator).or_default().insert(round, id);
                if decides {
                    self.decided.get_or_insert((round, id));
                }
            }
        }
        self.counted.insert(round, log);
    }

    /// How a vote stands that was said.
    pub(super) fn standing(&self, validators: &Validators, cast: Cast) -> Standing {
        let Cast { validator, vote } = cast;
        let has_prevotes = vote.kind == VoteKind::Precommit && self.has_prevotes(validators, vote);
        let lock = self.lock_against(validators, cast).map(|lock| (lock, vote));
        let is_lock = |lock: &BTreeMap<u64, BlockId>| lock.get(&vote.round).copied() == vote.id && vote.id.is_some();
        let is_counted = match vote.kind {
            VoteKind::Prevote => lock.is_none(),
            VoteKind::Precommit => vote.id.is_none() || self.locks.get(&validator).is_some_and(is_lock),
        };
        let later = || {
            let prevotes = self.said.range((vote.round + 1, VoteKind::Prevote, NodeId(0))..);
            let of_signer = prevotes.filter(|((_, kind, by), _)| *kind == VoteKind::Prevote && *by == validator);
            let pairs = of_signer.filter_map(|(_, &later)| {
                Some((self.lock_against(validators, Cast { validator, vote: later })?, later))
            });
            pairs.into_iter().find(|(lock, _)| *lock == vote)
        };
        let against_lock = if vote.kind == VoteKind::Precommit && is_counted { later() } else { lock };
        Standing { is_counted, contradicts: None, against_lock, has_prevotes }
    }

    /// Whether more than two thirds have precommitted another block than the one that was decided.
    pub(super) fn has_quorum_for_another(&self, validators: &Validators, round: u64, decided: BlockId) -> bool {
        let mut powers: BTreeMap<BlockId, u64> = BTreeMap::new();
        for cast in self.said_in(round, VoteKind::Precommit) {
            if let Some(id) = cast.vote.id.filter(|id| *id != decided) {
                *powers.entry(id).or_default() += validators.power(cast.validator);
            }
        }
        powers.into_values().any(|power| validators.is_quorum(power))
    }

    /// The block with the most votes, and how many it has.
    pub(super) fn leading(&self, kind: VoteKind, round: u64) -> (Option<BlockId>, u64) {
        let tally = self.counted.get(&round).and_then(|log| log.tally(kind, round));
        let powers = tally.map(|tally| tally.powers()).unwrap_or_default();
        let blocks = powers.iter().filter_map(|(id, power)| id.map(|id| (Some(id), *power)));
        blocks.max_by_key(|(_, power)| *power).unwrap_or((None, 0))
    }

    pub(super) fn written(&self, id: Option<BlockId>) -> Value {
        id.and_then(|id| self.written.get(&id)).map_or(Value::Null, |text| json!(text))
    }
}
