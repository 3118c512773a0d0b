//! A decided block, with what proves that it is.

use super::Round;
use super::block::Block;
use super::config::Validators;
use super::vote::{Vote, VoteKind};
use crate::process::{NodeSet, Signed, fingerprint_struct};

/// A decided block with the precommits that decided it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// The block.
    pub block: std::sync::Arc<Block>,
    /// The round in which it was decided.
    pub round: Round,
    /// The precommits.
    pub certificate: Vec<Signed<Vote>>,
}

fingerprint_struct!(Decision { block, round, certificate });

impl Decision {
    /// The voting power behind it: of those whose genuine precommits for this block, in this round, are there.
    pub fn power(&self, validators: &Validators) -> u64 {
        let expected = Vote {
            kind: VoteKind::Precommit,
            height: self.block.height(),
            round: self.round,
            id: Some(self.block.id()),
        };
        let genuine = self.certificate.iter().filter(|vote| vote.is_genuine() && *vote.body() == expected);
        validators.power_of(genuine.map(Signed::signer).collect::<NodeSet>())
    }
}
