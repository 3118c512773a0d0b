//! Which operations break a promise: so few that none can be left out.
//!
//! An operation that is left out is one of which it is only known that it was asked for: whatever it found is forgotten,
//! and what it writes may have been written at any time and by anybody, or never. So what is left says less with each
//! operation that is left out, and if a few break a promise, so does every history that contains them. That is why one
//! look at each operation is enough.

use std::collections::BTreeSet;

use super::facts::Facts;
use super::proof::Proof;
use super::{Broken, Budget, Promise, refuted};
use crate::check::linearizability::Bound;

/// Looks for such operations among the `likely` ones, and among all if those do not break the promise. `None` if none do.
pub(super) fn minimal(
    facts: &Facts,
    promise: Promise,
    likely: BTreeSet<usize>,
    budget: &mut Budget,
) -> Result<Option<Broken>, Bound> {
    let all = || facts.facts.iter().map(|fact| fact.operation).collect::<BTreeSet<usize>>();
    let likely: BTreeSet<usize> = likely.intersection(&all()).copied().collect();
    let mut search = Search { facts, promise, budget };
    let mut found = search.refuted(&likely)?.map(|proof| (likely, proof));
    if found.is_none() {
        found = search.refuted(&all())?.map(|proof| (all(), proof));
    }
    let Some((mut kept, mut proof)) = found else { return Ok(None) };
    let is_minimal = search.shrink(&mut kept, &mut proof);
    Ok(Some(Broken { operations: kept.into_iter().collect(), is_minimal, proof: Some(proof), sentence: None }))
}

/// What one attempt to leave something out may take of what is left of the work: a hard one leaves enough for others.
const SHARE: u64 = 32;

/// So many are looked at one by one from the beginning.
const FEW: usize = 16;

struct Search<'a> {
    facts: &'a Facts,
    promise: Promise,
    budget: &'a mut Budget,
}

impl Search<'_> {
    fn refuted(&mut self, kept: &BTreeSet<usize>) -> Result<Option<Proof>, Bound> {
        refuted(&self.facts.restricted(kept), self.promise, self.budget)
    }

    /// Whether these break the promise, with a share of the work that is left.
    fn attempt(&mut self, kept: &BTreeSet<usize>) -> Result<Option<Proof>, Bound> {
        let share = self.budget.left / SHARE;
        let mut budget = Budget { left: share, ..*self.budget };
        let found = refuted(&self.facts.restricted(kept), self.promise, &mut budget);
        self.budget.left -= share - budget.left;
        found
    }

    /// Leaves out what can be: many at once at first, and in the end one by one. Says whether each that is left is known
    /// to be needed.
    fn shrink(&mut self, kept: &mut BTreeSet<usize>, proof: &mut Proof) -> bool {
        let mut size = if kept.len() > FEW { kept.len().div_ceil(2) } else { 1 };
        loop {
            let (count, all_known) = (kept.len(), self.leave_out(size, kept, proof));
            if size > 1 {
                size = size.min(kept.len()).div_ceil(2);
            } else if all_known || kept.len() == count {
                return all_known;
            }
        }
    }

    /// Leaves out so many at once, wherever that is possible. Says whether all attempts were decided.
    fn leave_out(&mut self, size: usize, kept: &mut BTreeSet<usize>, proof: &mut Proof) -> bool {
        // Writes are kept where reads can be left out: who wrote it says more than who saw it.
        let is_write = |operation: &usize| {
            self.facts.facts.iter().any(|fact| fact.operation == *operation && fact.writes.is_some())
        };
        let (writes, reads): (Vec<usize>, Vec<usize>) = kept.iter().partition(|operation| is_write(operation));
        let mut all_known = true;
        for chunk in [reads, writes].concat().chunks(size) {
            let rest: BTreeSet<usize> = kept.iter().copied().filter(|fact| !chunk.contains(fact)).collect();
            if rest.len() == kept.len() {
                continue;
            }
            match self.attempt(&rest) {
                Ok(None) => {}
                Ok(Some(shorter)) => {
                    (*kept, *proof) = (rest, shorter);
                    self.narrow(kept, proof);
                }
                Err(_) => all_known = false,
            }
        }
        all_known
    }

    /// Leaves out what the proof does not speak of, if that is all right.
    fn narrow(&mut self, kept: &mut BTreeSet<usize>, proof: &mut Proof) {
        let spoken_of: BTreeSet<usize> = proof.operations().intersection(kept).copied().collect();
        if spoken_of.len() < kept.len()
            && let Ok(Some(shorter)) = self.attempt(&spoken_of)
        {
            (*kept, *proof) = (spoken_of, shorter);
        }
    }
}
