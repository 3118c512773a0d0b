//! What comes before what, once it is chosen what each operation found: vector clocks, and the patterns that break a
//! promise.
//!
//! The causal order is the smallest that contains the order of each session and puts a write before those that found
//! it. Bouajjani, Enea, Guerraoui and Hamza ("On verifying causal consistency", POPL 2017, section 5) show that a
//! history in which each value is written once is causally consistent (CC) if and only if that order has no circle,
//! nobody found what nobody wrote, and no operation found a content that another write had replaced in its causal past
//! (`WriteCORead`, and `WriteCOInitRead` for what was there at first).
//!
//! A session guarantee asks the same of some writes of that past alone, those that the guarantee itself makes visible.
//! In each chain of operations only the last such write need be looked at: what it had replaced, an earlier one cannot
//! have replaced without it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Promise;
use super::facts::{Facts, Source};
use super::sessions::{Prefix, Sessions};

/// An operation that found a content although it had to see a write that comes after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) reader: usize,
    /// Who wrote what it found; `None`: it was there at first.
    pub(super) writer: Option<usize>,
    /// From the write that it had to see to the reader, each before the next.
    pub(super) seen: Vec<usize>,
}

/// For each key, the places in each chain of the operations that write it, or read it.
type Places = Vec<BTreeMap<usize, Vec<usize>>>;

/// The causal order of a history.
pub(super) struct Causality<'a> {
    facts: &'a Facts,
    sources: &'a [Source],
    pub(super) sessions: Sessions,
    /// For each fact and chain, how many operations of the chain come before the fact or are the fact.
    clocks: Vec<u32>,
    /// For each fact and chain, up to where in the chain its session had found writes, with the fact.
    found: Vec<u32>,
    /// The same for writes of the fact's key alone. Only operations that found something have it.
    found_on_key: Vec<u32>,
    writes: Places,
    reads: Places,
}

impl<'a> Causality<'a> {
    /// The causal order, or operations that come each before the next, and the last before the first.
    pub(super) fn new(facts: &'a Facts, sources: &'a [Source]) -> Result<Causality<'a>, Vec<usize>> {
        let sessions = Sessions::new(facts, sources);
        let count = facts.facts.len() * sessions.chains.len();
        let keys = facts.facts.iter().map(|fact| fact.key + 1).max().unwrap_or_default();
        let mut causality = Causality {
            facts,
            sources,
            sessions,
            clocks: vec![0; count],
            found: vec![0; count],
            found_on_key: vec![0; count],
            writes: vec![BTreeMap::new(); keys],
            reads: vec![BTreeMap::new(); keys],
        };
        for fact in causality.in_causal_order()? {
            causality.set_clock(fact);
        }
        causality.look_back();
        Ok(causality)
    }

    /// About how many bytes it takes: twelve for each operation and chain.
    pub(super) fn bytes(facts: &Facts, sources: &[Source]) -> u64 {
        let clients: BTreeSet<u32> = facts.facts.iter().map(|fact| fact.client).collect();
        let found =
            sources.iter().filter_map(|source| if let Source::Write(writer) = source { Some(*writer) } else { None });
        let unknown: BTreeSet<usize> = found.filter(|&writer| facts.facts[writer].completed.is_none()).collect();
        12 * facts.facts.len() as u64 * (clients.len() + unknown.len() + 1) as u64
    }

    /// The operations right before one.
    fn before(&self, fact: usize) -> impl Iterator<Item = usize> + use<> {
        let source = if let Source::Write(writer) = self.sources[fact] { Some(writer) } else { None };
        [self.sessions.previous(fact), source].into_iter().flatten()
    }

    /// All that took effect, each after what comes before it.
    fn in_causal_order(&self) -> Result<Vec<usize>, Vec<usize>> {
        let all = || (0..self.facts.facts.len()).filter(|&fact| self.sessions.is_active(fact));
        let mut waits_for = vec![0; self.facts.facts.len()];
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); self.facts.facts.len()];
        for fact in all() {
            for earlier in self.before(fact) {
                waits_for[fact] += 1;
                after[earlier].push(fact);
            }
        }
        let mut order: Vec<usize> = all().filter(|&fact| waits_for[fact] == 0).collect();
        let mut next = 0;
        while next < order.len() {
            for &later in &after[order[next]] {
                waits_for[later] -= 1;
                if waits_for[later] == 0 {
                    order.push(later);
                }
            }
            next += 1;
        }
        let Some(mut at) = all().find(|&fact| waits_for[fact] > 0) else { return Ok(order) };
        // Whoever still waits waits for another that does: going back from one to the next comes to a circle.
        let mut path = Vec::new();
        while !path.contains(&at) {
            path.push(at);
            let Some(earlier) = self.before(at).find(|&earlier| waits_for[earlier] > 0) else { break };
            at = earlier;
        }
        let mut circle = path.split_off(path.iter().position(|&fact| fact == at).unwrap_or_default());
        circle.reverse();
        Err(self.shortened(circle))
    }

    /// A circle without the operations of a session that lie between others of it.
    fn shortened(&self, circle: Vec<usize>) -> Vec<usize> {
        let is_passed = |index: usize| {
            let (length, fact) = (circle.len(), circle[index]);
            let (before, after) = (circle[(index + length - 1) % length], circle[(index + 1) % length]);
            length > 2 && self.facts.in_session(before, fact) && self.facts.in_session(fact, after)
        };
        let kept: Vec<usize> =
            (0..circle.len()).filter(|&index| !is_passed(index)).map(|index| circle[index]).collect();
        if kept.len() < 2 { circle } else { kept }
    }

    fn row(&self, fact: usize) -> std::ops::Range<usize> {
        let width = self.sessions.chains.len();
        fact * width..(fact + 1) * width
    }

    fn set_clock(&mut self, fact: usize) {
        let to = self.row(fact);
        for earlier in self.before(fact) {
            let from = self.row(earlier);
            for (to, from) in to.clone().zip(from) {
                self.clocks[to] = self.clocks[to].max(self.clocks[from]);
            }
        }
        let (chain, place) = self.sessions.place(fact);
        let own = &mut self.clocks[to.start + chain];
        *own = (*own).max(place as u32 + 1);
    }

    /// Walks over the sessions, and notes what each has found and where each key is read and written.
    fn look_back(&mut self) {
        let chains = self.sessions.chains.clone();
        for (chain, members) in chains.iter().enumerate() {
            let mut last_reads: BTreeMap<usize, usize> = BTreeMap::new();
            for (place, &fact) in members.iter().enumerate() {
                let key = self.facts.facts[fact].key;
                if self.facts.facts[fact].writes.is_some() {
                    self.writes[key].entry(chain).or_default().push(place);
                }
                if let Some(before) = place.checked_sub(1) {
                    let (from, to) = (self.row(members[before]), self.row(fact).start);
                    self.found.copy_within(from, to);
                }
                if self.sources[fact] == Source::Open {
                    continue;
                }
                self.reads[key].entry(chain).or_default().push(place);
                if let Some(before) = last_reads.insert(key, fact) {
                    let (from, to) = (self.row(before), self.row(fact).start);
                    self.found_on_key.copy_within(from, to);
                }
                if let Source::Write(writer) = self.sources[fact] {
                    let (of, place) = self.sessions.place(writer);
                    let at = self.row(fact).start + of;
                    self.found[at] = self.found[at].max(place as u32 + 1);
                    self.found_on_key[at] = self.found_on_key[at].max(place as u32 + 1);
                }
            }
        }
    }

    /// Whether the first comes before the second.
    fn precedes(&self, first: usize, second: usize) -> bool {
        let (chain, place) = self.sessions.place(first);
        first != second && self.clocks[self.row(second).start + chain] as usize > place
    }

    /// The last operation among the first ones of a chain whose place is one of these.
    fn last(&self, places: &Places, key: usize, Prefix { chain, count }: Prefix) -> Option<usize> {
        let places = places[key].get(&chain)?;
        let before = places.partition_point(|&place| place < count);
        before.checked_sub(1).map(|index| self.sessions.chains[chain][places[index]])
    }

    /// The last writes of each chain that were found, as a row of `found` has them.
    fn writes_in(&self, row: &'a [u32]) -> impl Iterator<Item = usize> {
        let found = row.iter().enumerate().filter(|(_, count)| **count > 0);
        found.map(|(chain, count)| self.sessions.chains[chain][*count as usize - 1])
    }

    /// An operation that breaks a promise, if there is one. Counts steps.
    pub(super) fn broken(&self, promise: Promise, steps: &mut u64) -> Option<Pattern> {
        let members = self.sessions.chains.iter().flatten().copied();
        let mut readers: Vec<usize> = members.filter(|&fact| self.sources[fact] != Source::Open).collect();
        readers.sort_unstable();
        readers.into_iter().find_map(|reader| {
            let writer = if let Source::Write(writer) = self.sources[reader] { Some(writer) } else { None };
            let mut is_newer = |write: usize| {
                *steps += 1;
                write != reader && Some(write) != writer && writer.is_none_or(|writer| self.precedes(writer, write))
            };
            let seen = match promise {
                Promise::ReadYourWrites => self.own_write(reader, &mut is_newer),
                Promise::MonotonicReads => self.read_before(reader, &mut is_newer),
                Promise::MonotonicWrites => self.written_before(reader, &mut is_newer),
                Promise::WritesFollowReads => self.read_by_writer(reader, &mut is_newer),
                _ => self.in_the_past(reader, &mut is_newer),
            };
            seen.map(|seen| Pattern { reader, writer, seen })
        })
    }

    fn in_the_past(&self, reader: usize, is_newer: &mut dyn FnMut(usize) -> bool) -> Option<Vec<usize>> {
        let key = self.facts.facts[reader].key;
        let (own, place) = self.sessions.place(reader);
        let clock = &self.clocks[self.row(reader)];
        let write = self.writes[key].keys().find_map(|&chain| {
            let count = if chain == own { place } else { clock[chain] as usize };
            self.last(&self.writes, key, Prefix { chain, count }).filter(|&write| is_newer(write))
        })?;
        Some(self.path(write, reader))
    }

    /// Read your writes: the session wrote it before.
    fn own_write(&self, reader: usize, is_newer: &mut dyn FnMut(usize) -> bool) -> Option<Vec<usize>> {
        let write = self.last(&self.writes, self.facts.facts[reader].key, self.sessions.past(reader))?;
        is_newer(write).then(|| vec![write, reader])
    }

    /// Monotonic reads: the session found it before.
    fn read_before(&self, reader: usize, is_newer: &mut dyn FnMut(usize) -> bool) -> Option<Vec<usize>> {
        let read = self.last(&self.reads, self.facts.facts[reader].key, self.sessions.past(reader))?;
        let write = self.writes_in(&self.found_on_key[self.row(read)]).find(|&write| is_newer(write))?;
        let read = self.finder(write, self.sessions.past(reader))?;
        Some(vec![write, read, reader])
    }

    /// Monotonic writes: the session found a write before, and whoever wrote that had written it before.
    fn written_before(&self, reader: usize, is_newer: &mut dyn FnMut(usize) -> bool) -> Option<Vec<usize>> {
        let key = self.facts.facts[reader].key;
        let past = self.sessions.past(reader);
        let previous = self.sessions.previous(reader)?;
        self.writes_in(&self.found[self.row(previous)]).find_map(|found| {
            let write = self.last(&self.writes, key, self.sessions.past(found)).filter(|&write| is_newer(write))?;
            Some(vec![write, found, self.finder(found, past)?, reader])
        })
    }

    /// Writes follow reads: the session found a write before, and whoever wrote that had found it before.
    fn read_by_writer(&self, reader: usize, is_newer: &mut dyn FnMut(usize) -> bool) -> Option<Vec<usize>> {
        let key = self.facts.facts[reader].key;
        let past = self.sessions.past(reader);
        let previous = self.sessions.previous(reader)?;
        self.writes_in(&self.found[self.row(previous)]).find_map(|found| {
            if let Source::Write(write) = self.sources[found]
                && self.facts.facts[found].key == key
                && is_newer(write)
            {
                return Some(vec![write, found, self.finder(found, past)?, reader]);
            }
            let read = self.last(&self.reads, key, self.sessions.past(found))?;
            let write = self.writes_in(&self.found_on_key[self.row(read)]).find(|&write| is_newer(write))?;
            let read = self.finder(write, self.sessions.past(found))?;
            Some(vec![write, read, found, self.finder(found, past)?, reader])
        })
    }

    /// Who among the first operations of a chain found what a fact wrote.
    fn finder(&self, writer: usize, Prefix { chain, count }: Prefix) -> Option<usize> {
        self.sessions.chains[chain][..count].iter().copied().find(|&fact| self.sources[fact] == Source::Write(writer))
    }

    /// Operations from the first to the second, each before the next, and no more than needed.
    pub(super) fn path(&self, first: usize, second: usize) -> Vec<usize> {
        let mut after: BTreeMap<usize, usize> = BTreeMap::new();
        let mut visited = vec![0; self.sessions.chains.len()];
        let mut queue = VecDeque::from([second]);
        while let Some(fact) = queue.pop_front() {
            if fact == first {
                break;
            }
            let mut reach = |earlier: usize| {
                if earlier != second && !after.contains_key(&earlier) {
                    after.insert(earlier, fact);
                    queue.push_back(earlier);
                }
            };
            if let Source::Write(writer) = self.sources[fact] {
                reach(writer);
            }
            let Prefix { chain, count } = self.sessions.past(fact);
            for &earlier in self.sessions.chains[chain].get(visited[chain]..count).unwrap_or_default() {
                reach(earlier);
            }
            visited[chain] = count.max(visited[chain]);
        }
        let mut path = vec![first];
        while let Some(&next) = path.last().and_then(|last| after.get(last)) {
            path.push(next);
        }
        path
    }
}
