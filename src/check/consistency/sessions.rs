//! The sessions of a history, as chains: each operation with its place, and with what its client had done before.

use std::collections::BTreeMap;

use super::facts::{Facts, Source};

/// So many operations from the beginning of a chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefix {
    pub(super) chain: usize,
    pub(super) count: usize,
}

/// The operations that took effect, as chains: one for each client's operations of known outcome, and one for each
/// operation of unknown outcome that somebody saw, since nothing that its client did later need come after it.
#[derive(Clone, Debug)]
pub(super) struct Sessions {
    pub(super) chains: Vec<Vec<usize>>,
    /// By fact: its chain, and its place there; `None` if it need not have taken effect.
    place: Vec<Option<(usize, usize)>>,
    /// By fact: what its client had done before it was invoked.
    past: Vec<Prefix>,
}

impl Sessions {
    pub(super) fn new(facts: &Facts, sources: &[Source]) -> Sessions {
        let count = facts.facts.len();
        let mut sessions =
            Sessions { chains: Vec::new(), place: vec![None; count], past: vec![Prefix::default(); count] };
        let mut by_client: BTreeMap<u32, usize> = BTreeMap::new();
        for (index, fact) in facts.facts.iter().enumerate().filter(|(_, fact)| fact.completed.is_some()) {
            let chain = *by_client.entry(fact.client).or_insert_with(|| {
                sessions.chains.push(Vec::new());
                sessions.chains.len() - 1
            });
            sessions.append(chain, index);
        }
        for (index, is_active) in active(facts, sources).into_iter().enumerate() {
            let fact = &facts.facts[index];
            if !is_active || fact.completed.is_some() {
                continue;
            }
            sessions.chains.push(Vec::new());
            sessions.append(sessions.chains.len() - 1, index);
            if let Some(&chain) = by_client.get(&fact.client).filter(|_| !fact.is_left_out) {
                let count = sessions.chains[chain].partition_point(|&other| facts.in_session(other, index));
                sessions.past[index] = Prefix { chain, count };
            }
        }
        sessions
    }

    fn append(&mut self, chain: usize, index: usize) {
        let count = self.chains[chain].len();
        self.place[index] = Some((chain, count));
        self.past[index] = Prefix { chain, count };
        self.chains[chain].push(index);
    }

    /// Its chain and its place there. Whoever asks knows that it took effect.
    pub(super) fn place(&self, fact: usize) -> (usize, usize) {
        self.place[fact].unwrap_or_default()
    }

    pub(super) fn is_active(&self, fact: usize) -> bool {
        self.place[fact].is_some()
    }

    /// What its client had done before it was invoked.
    pub(super) fn past(&self, fact: usize) -> Prefix {
        self.past[fact]
    }

    /// The operation right before it in its session.
    pub(super) fn previous(&self, fact: usize) -> Option<usize> {
        let Prefix { chain, count } = self.past[fact];
        count.checked_sub(1).map(|place| self.chains[chain][place])
    }
}

/// Which facts took effect: those of known outcome, and those of which somebody found what they wrote.
pub(super) fn active(facts: &Facts, sources: &[Source]) -> Vec<bool> {
    let mut active: Vec<bool> = facts.facts.iter().map(|fact| fact.completed.is_some()).collect();
    let mut to_look_at: Vec<usize> = (0..active.len()).filter(|&fact| active[fact]).collect();
    while let Some(fact) = to_look_at.pop() {
        if let Source::Write(writer) = sources[fact]
            && !active[writer]
        {
            active[writer] = true;
            to_look_at.push(writer);
        }
    }
    active
}
