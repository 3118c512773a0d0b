//! The states that were found and not yet expanded: first in, first out.
//!
//! They lie in blocks that are made and given back one by one. A single ring would be doubled when it is full, and
//! would hold up to three times what is in it while it is; so a cap on memory could not be kept.

use std::collections::VecDeque;

/// States in a block.
const BLOCK: usize = 1 << 10;

/// A queue in blocks.
#[derive(Debug)]
pub(super) struct Frontier<S> {
    blocks: VecDeque<VecDeque<S>>,
}

impl<S> Default for Frontier<S> {
    fn default() -> Self {
        Self { blocks: VecDeque::new() }
    }
}

impl<S> Frontier<S> {
    /// Puts a state at the end.
    pub fn push(&mut self, state: S) {
        match self.blocks.back_mut().filter(|block| block.len() < BLOCK) {
            Some(block) => block.push_back(state),
            None => {
                let mut block = VecDeque::with_capacity(BLOCK);
                block.push_back(state);
                self.blocks.push_back(block);
            }
        }
    }

    /// Takes the oldest state.
    pub fn pop(&mut self) -> Option<S> {
        let block = self.blocks.front_mut()?;
        let state = block.pop_front();
        if block.is_empty() {
            self.blocks.pop_front();
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_first_comes_out_first_and_empty_blocks_are_given_back() {
        let mut frontier = Frontier::default();
        for number in 0..2_500 {
            frontier.push(number);
        }
        assert_eq!(frontier.blocks.len(), 3);
        let mut out: Vec<u32> = (0..2_000).filter_map(|_| frontier.pop()).collect();
        assert_eq!(frontier.blocks.len(), 2);
        frontier.push(2_500);
        out.extend(std::iter::from_fn(|| frontier.pop()));
        assert!(out.into_iter().eq(0..=2_500));
        assert!(frontier.blocks.is_empty());
    }
}
