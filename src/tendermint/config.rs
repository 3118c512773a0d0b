//! Settings: the validators with their voting power, the rotation of proposers, and the timeouts.

use super::rule::Mutation;
use super::{Height, Round};
use crate::process::{MILLISECOND, Mutations, NodeId, NodeSet, SECOND, Ticks};
use std::sync::Arc;

/// Most voting power of one validator, so that the rotation stays a small table.
pub const POWER_MAX: u64 = 1_000;

/// The validators, and who proposes when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Validators {
    powers: Arc<[u64]>,
    rotation: Arc<[NodeId]>,
    total: u64,
}

impl Validators {
    /// Validators with these voting powers; one that is given none, or more than [`POWER_MAX`], gets the nearest that
    /// is allowed.
    pub fn new(powers: &[u64]) -> Self {
        let powers: Arc<[u64]> = powers.iter().map(|&power| power.clamp(1, POWER_MAX)).collect();
        let total = powers.iter().sum();
        Self { rotation: rotation(&powers, total), powers, total }
    }

    /// So many validators of equal power.
    pub fn equal(count: u16) -> Self {
        Self::new(&vec![1; usize::from(count)])
    }

    /// The voting power of one; none for a process that is no validator.
    pub fn power(&self, node: NodeId) -> u64 {
        self.powers.get(node.index()).copied().unwrap_or(0)
    }

    /// The voting power of several.
    pub fn power_of(&self, nodes: NodeSet) -> u64 {
        nodes.iter().map(|node| self.power(node)).sum()
    }

    /// All voting power together: the paper's n = 3f + 1, with power in place of heads.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many there are.
    pub fn count(&self) -> u16 {
        self.powers.len() as u16
    }

    /// Whether this is more than two thirds of all voting power: the paper's 2f + 1.
    pub fn is_quorum(&self, power: u64) -> bool {
        3 * power > 2 * self.total
    }

    /// Whether this is more than a third of all voting power: the paper's f + 1, at least one honest validator.
    pub fn has_honest(&self, power: u64) -> bool {
        3 * power > self.total
    }

    /// So many may lie whichever they are: even the strongest of so many have less than a third of the power.
    pub fn liars_tolerated(&self) -> u32 {
        let mut powers = self.powers.to_vec();
        powers.sort_unstable_by_key(|&power| std::cmp::Reverse(power));
        self.below_a_third(&powers)
    }

    /// The most voting power that is less than a third.
    pub fn power_below_a_third(&self) -> u64 {
        self.total.saturating_sub(1) / 3
    }

    /// The voting power that so many have together if they are the strongest.
    pub fn power_of_strongest(&self, count: u32) -> u64 {
        let mut powers = self.powers.to_vec();
        powers.sort_unstable_by_key(|&power| std::cmp::Reverse(power));
        powers.iter().take(count as usize).sum()
    }

    /// The voting power of each, in order.
    pub fn powers(&self) -> &[u64] {
        &self.powers
    }

    /// How many of these, from the first, have less than a third of the power together.
    fn below_a_third(&self, powers: &[u64]) -> u32 {
        let mut sum = 0;
        let below = powers.iter().take_while(|&&power| {
            sum += power;
            3 * sum < self.total
        });
        below.count() as u32
    }

    /// Who proposes in a round of a height (the paper's function proposer, section III).
    pub fn proposer(&self, height: Height, round: Round) -> NodeId {
        let step = (height.saturating_sub(1).wrapping_add(round)) % self.rotation.len().max(1) as u64;
        self.rotation.get(step as usize).copied().unwrap_or(NodeId(0))
    }
}

/// Weighted round robin: at each step every validator's claim grows by its power, and the one with the largest claim
/// proposes and pays the total. After as many steps as there is power, everyone is where it began.
fn rotation(powers: &[u64], total: u64) -> Arc<[NodeId]> {
    let mut claims: Vec<i64> = vec![0; powers.len()];
    let one_turn = if powers.windows(2).all(|pair| pair[0] == pair[1]) { powers.len() as u64 } else { total };
    let step = |_| {
        for (claim, &power) in claims.iter_mut().zip(powers) {
            *claim += power as i64;
        }
        // Of equal claims the first in order wins.
        let (index, _) = claims.iter().enumerate().rev().max_by_key(|(_, claim)| **claim)?;
        claims[index] -= total as i64;
        Some(NodeId(index as u16))
    };
    (0..one_turn).filter_map(step).collect()
}

/// How long a step may take: longer in each round, so that at last it is long enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeout {
    /// In round 0.
    pub initial_ticks: Ticks,
    /// So much longer in each further round.
    pub delta_ticks: Ticks,
}

impl Timeout {
    /// How long the step may take in a round.
    pub fn in_round(self, round: Round) -> Ticks {
        self.initial_ticks.saturating_add(self.delta_ticks.saturating_mul(round)).min(3_600 * SECOND)
    }
}

/// A validator's settings, the same for all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The validators.
    pub validators: Validators,
    /// How long to wait for a proposal.
    pub propose: Timeout,
    /// How long to wait for more prevotes, once there are enough of any kind.
    pub prevote: Timeout,
    /// How long to wait for more precommits, once there are enough of any kind.
    pub precommit: Timeout,
    /// After so long without a new round or height, a validator says again what it knows.
    pub resend_ticks: Ticks,
    /// A validator that waits for requests says so often how far it has got, so that one that missed a decision learns
    /// of it.
    pub status_ticks: Ticks,
    /// After so long without a request, a height begins with an empty block. 0: never.
    pub idle_ticks: Ticks,
    /// At most so many requests are in a block that an honest validator makes.
    pub requests_per_block_max: u64,
    /// How many liars to reckon with; none: as many as the voting power bears.
    pub liars: Option<u32>,
    /// Rules that are switched off on purpose.
    pub mutations: Mutations<Mutation>,
}

impl Config {
    /// The default settings for these validators.
    pub fn of(validators: Validators) -> Self {
        let timeout =
            |initial, delta| Timeout { initial_ticks: initial * MILLISECOND, delta_ticks: delta * MILLISECOND };
        Self {
            validators,
            propose: timeout(120, 60),
            prevote: timeout(60, 40),
            precommit: timeout(60, 40),
            resend_ticks: 100 * MILLISECOND,
            status_ticks: SECOND,
            idle_ticks: 10 * SECOND,
            requests_per_block_max: 64,
            liars: None,
            mutations: Mutations::NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validators_propose_as_often_as_they_have_power() {
        let validators = Validators::new(&[1, 2, 5]);
        let turn: Vec<u16> = (0..8).map(|round| validators.proposer(1, round).0).collect();
        for (node, times) in [(0, 1), (1, 2), (2, 5)] {
            assert_eq!(turn.iter().filter(|&&proposer| proposer == node).count(), times, "{turn:?}");
        }
        assert_eq!(validators.proposer(1, 8), validators.proposer(1, 0), "and then again");
        assert_eq!(validators.proposer(4, 2), validators.proposer(1, 5), "heights go on where rounds would");
    }

    #[test]
    fn equal_validators_take_turns_in_order() {
        let validators = Validators::equal(4);
        assert_eq!((0..6).map(|round| validators.proposer(1, round).0).collect::<Vec<_>>(), [0, 1, 2, 3, 0, 1]);
    }

    #[test]
    fn thresholds_are_of_power_and_not_of_heads() {
        let validators = Validators::new(&[1, 1, 1, 7]);
        assert!(!validators.is_quorum(3) && validators.is_quorum(7) && !validators.is_quorum(6));
        assert!(validators.has_honest(4) && !validators.has_honest(3));
        assert_eq!((validators.power_of_strongest(1), validators.power_of_strongest(2)), (7, 8));
        assert_eq!((validators.power_below_a_third(), Validators::equal(3).power_below_a_third()), (3, 0));
        assert_eq!(validators.liars_tolerated(), 0, "the strong one alone has more");
        assert_eq!(Validators::equal(4).liars_tolerated(), 1);
        assert_eq!(Validators::equal(3).liars_tolerated(), 0);
        assert_eq!(Validators::equal(7).liars_tolerated(), 2);
    }
}
