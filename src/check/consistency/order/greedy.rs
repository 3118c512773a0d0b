//! A quick try at an order: always the first operation that may come next. It need not find one that there is.

use std::collections::{BTreeMap, BTreeSet};

use super::{Order, Source};

impl Order<'_> {
    /// An order in which all that took effect finds what was written last. Where nothing is open, there always is one.
    pub(super) fn found_at_once(&self, is_active: &[bool]) -> Option<Vec<usize>> {
        let all: Vec<usize> = (0..is_active.len()).filter(|&fact| is_active[fact]).collect();
        let mut waits_for: Vec<usize> = vec![0; is_active.len()];
        let mut to_be_found: BTreeMap<(usize, Source), usize> = BTreeMap::new();
        for &fact in &all {
            waits_for[fact] = self.closure.before(fact).filter(|&other| is_active[other]).count();
            if self.sources[fact] != Source::Open {
                *to_be_found.entry((self.facts.facts[fact].key, self.sources[fact])).or_default() += 1;
            }
        }
        let mut contents: BTreeMap<usize, Source> = BTreeMap::new();
        let mut ready: BTreeSet<usize> = all.iter().copied().filter(|&fact| waits_for[fact] == 0).collect();
        let mut order = Vec::new();
        loop {
            let may_go = |&fact: &usize| {
                let key = self.facts.facts[fact].key;
                let content = contents.get(&key).copied().unwrap_or(Source::First);
                let found = self.sources[fact];
                let own = usize::from(found == content);
                let is_done = || to_be_found.get(&(key, content)).is_none_or(|&left| left == own);
                (found == Source::Open || found == content) && (self.facts.facts[fact].writes.is_none() || is_done())
            };
            let only_looks = |fact: &&usize| self.facts.facts[**fact].writes.is_none();
            let next = ready
                .iter()
                .filter(only_looks)
                .find(|fact| may_go(fact))
                .or_else(|| ready.iter().find(|fact| may_go(fact)));
            let Some(&next) = next else {
                return (order.len() == all.len()).then_some(order);
            };
            ready.remove(&next);
            order.push(next);
            let key = self.facts.facts[next].key;
            if let Some(left) = to_be_found.get_mut(&(key, self.sources[next])) {
                *left -= 1;
            }
            if self.facts.facts[next].writes.is_some() {
                contents.insert(key, Source::Write(next));
            }
            for later in self.closure.after(next).filter(|&later| is_active[later]) {
                waits_for[later] -= 1;
                if waits_for[later] == 0 {
                    ready.insert(later);
                }
            }
        }
    }
}
