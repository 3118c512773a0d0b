//! Blocks, their names, and the chain of decided ones.

use super::Height;
use crate::kv::Request;
use crate::process::{Fingerprint, Fingerprinter, NodeId, Signed, fingerprint_struct};
use sha2::{Digest, Sha256};
use std::fmt;

/// The name of a block: the paper's id(v). SHA-256 over its canonical bytes, so that nobody can find two blocks of one
/// name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId([u8; 32]);

impl BlockId {
    /// What the first block names as the one before it.
    pub const GENESIS: BlockId = BlockId([0; 32]);

    /// The name of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The name that the block of this name has with one more seal.
    pub fn sealed(self, seal: u8) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update([seal]);
        Self(hash.finalize().into())
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, ..] = self.0;
        write!(f, "{a:02x}{b:02x}")
    }
}

impl fmt::Debug for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Fingerprint for BlockId {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        for byte in self.0 {
            into.u8(byte);
        }
    }
}

/// A block: requests of clients, with its number in the chain. Its name is computed once, when it is made, and fits it
/// always.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    height: Height,
    previous: BlockId,
    proposer: NodeId,
    requests: Vec<Signed<Request>>,
    seals: Vec<u8>,
    id: BlockId,
}

fingerprint_struct!(Block { height, previous, proposer, requests, seals } skip { id });

impl Block {
    /// A block for a height, after the block of that name.
    pub fn new(height: Height, previous: BlockId, proposer: NodeId, requests: Vec<Signed<Request>>) -> Self {
        let mut block = Self { height, previous, proposer, requests, seals: Vec::new(), id: BlockId::GENESIS };
        let mut bytes = Fingerprinter::new();
        block.fingerprint(&mut bytes);
        block.id = BlockId::of(bytes.bytes());
        block
    }

    /// The same content with one more seal, a byte that means nothing: another block, with another name. An honest
    /// proposer has no use for it. The new name follows from the old one alone, so that a liar can vote for a block
    /// that it has only heard of.
    pub fn sealed(&self, seal: u8) -> Self {
        let mut block = self.clone();
        block.seals.push(seal);
        block.id = block.id.sealed(seal);
        block
    }

    /// The same content for another height.
    pub fn moved(&self, height: Height) -> Self {
        Self::new(height, self.previous, self.proposer, self.requests.clone())
    }

    /// Its name.
    pub fn id(&self) -> BlockId {
        self.id
    }

    /// Its number in the chain, from 1.
    pub fn height(&self) -> Height {
        self.height
    }

    /// The name of the block before it.
    pub fn previous(&self) -> BlockId {
        self.previous
    }

    /// Who made it.
    pub fn proposer(&self) -> NodeId {
        self.proposer
    }

    /// What clients ask for.
    pub fn requests(&self) -> &[Signed<Request>] {
        &self.requests
    }

    /// A few words.
    pub fn label(&self) -> String {
        let id = self.id;
        match &*self.requests {
            [] => format!("{id} (empty)"),
            [request] => format!("{id} ({})", request.body().command),
            [first, rest @ ..] => format!("{id} ({}, and {} more)", first.body().command, rest.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_sealed_block_follows_from_the_name_alone() {
        let block = Block::new(1, BlockId::GENESIS, NodeId(0), Vec::new());
        assert_eq!(block.sealed(3).id(), block.id().sealed(3));
        assert_ne!(block.sealed(3).id(), block.id());
        assert_ne!(block.sealed(3).id(), block.sealed(4).id());
    }

    #[test]
    fn blocks_that_differ_have_different_names() {
        let block = Block::new(1, BlockId::GENESIS, NodeId(0), Vec::new());
        assert_ne!(block.id(), Block::new(2, BlockId::GENESIS, NodeId(0), Vec::new()).id());
        assert_ne!(block.id(), Block::new(1, block.id(), NodeId(0), Vec::new()).id());
        assert_ne!(block.id(), Block::new(1, BlockId::GENESIS, NodeId(1), Vec::new()).id());
    }
}
