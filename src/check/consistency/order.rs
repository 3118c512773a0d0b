//! Is there one order of all operations in which each finds what was written last? Sequential consistency, and
//! linearizability where only few operations are left.
//!
//! What comes before what is kept closed under transitivity. At first that is the order of each session, or of real
//! time. If an operation found what a write put there, then any other write to the key comes before that write or after
//! the operation: where one of the two cannot be, the other must. What is still open then is tried in turn: what an
//! operation found, where several could have written it, and on which side of it another write lies. When nothing is
//! open, any order that goes on from there will do: every operation finds what was written last. Often one is
//! found at once (`greedy`) before that.
//!
//! This is complete, and each refutation is a proof in steps. (Gibbons and Korach 1997, "Testing shared memories", show
//! that no way to decide sequential consistency is quick on all histories, even where it is known who found what.)

mod closure;
mod explain;
mod greedy;

use super::facts::{Facts, Source};
use super::proof::{Assumption, Because, Case, End, Proof, Step};
use super::sessions::active;
use super::{Budget, Promise};
use crate::check::linearizability::Bound;
use closure::Closure;

/// What orders operations from the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// The order of each session.
    Sessions,
    /// Real time.
    RealTime,
}

impl Base {
    pub(super) fn of(promise: Promise) -> Base {
        if promise == Promise::Linearizable { Base::RealTime } else { Base::Sessions }
    }
}

/// A choice that was made, to come back to.
struct Frame {
    options: Vec<Assumption>,
    /// How many options were tried.
    tried: usize,
    trail: usize,
    steps: usize,
    changes: usize,
    cases: Vec<Case>,
}

/// What is known so far of the order.
struct Order<'a> {
    facts: &'a Facts,
    base: Base,
    closure: Closure,
    sources: Vec<Source>,
    /// Whose sources were set, in turn.
    trail: Vec<usize>,
    /// The steps that were added to the base, in turn.
    steps: Vec<Step>,
}

/// From so many operations on an order is looked for at once, before what is open is tried.
const MANY: usize = 64;

/// Whether there is such an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decided {
    /// This one.
    Order(Vec<usize>),
    /// There is none, and why.
    Refuted(Proof),
}

/// What is left to do.
enum Left {
    /// One of these must be tried.
    Open(Vec<Assumption>),
    /// Nothing: this order will do.
    Order(Vec<usize>),
}

/// Looks for such an order.
pub(super) fn decide(facts: &Facts, promise: Promise, budget: &mut Budget) -> Result<Decided, Bound> {
    let count = facts.facts.len();
    budget.must_fit(Closure::bytes(count))?;
    let base = Base::of(promise);
    let mut order = Order {
        facts,
        base,
        closure: Closure::new(count),
        sources: vec![Source::Open; count],
        trail: Vec::new(),
        steps: Vec::new(),
    };
    order.begin(budget)?;
    let mut frames: Vec<Frame> = Vec::new();
    let mut refuted = order.settle(budget)?;
    loop {
        let assumption = if let Some(proof) = refuted {
            match order.next_case(&mut frames, proof) {
                Ok(assumption) => assumption,
                Err(proof) => return Ok(Decided::Refuted(proof)),
            }
        } else {
            let options = match order.left(budget)? {
                Left::Open(options) => options,
                Left::Order(found) => return Ok(Decided::Order(found)),
            };
            let first = options[0];
            frames.push(Frame {
                options,
                tried: 1,
                trail: order.trail.len(),
                steps: order.steps.len(),
                changes: order.closure.mark(),
                cases: Vec::new(),
            });
            first
        };
        refuted = match order.assume(assumption, budget)? {
            Some(proof) => Some(proof),
            None => order.settle(budget)?,
        };
    }
}

impl Order<'_> {
    /// Whether the base orders the two.
    fn in_base(&self, first: usize, second: usize) -> bool {
        match self.base {
            Base::Sessions => self.facts.in_session(first, second),
            Base::RealTime => self.facts.in_time(first, second),
        }
    }

    fn begin(&mut self, budget: &mut Budget) -> Result<(), Bound> {
        for second in 0..self.facts.facts.len() {
            budget.spend(1 + self.facts.facts.len() as u64 / 16)?;
            for first in 0..self.facts.facts.len() {
                if self.in_base(first, second) {
                    self.closure.insert_closed(first, second);
                }
            }
        }
        Ok(())
    }

    /// Adds a step, or says which circle it closes.
    fn add(&mut self, step: Step, budget: &mut Budget) -> Result<Option<Proof>, Bound> {
        let Step { before, after, .. } = step;
        if self.closure.precedes(after, before) {
            return Ok(Some(self.explained(step)));
        }
        if !self.closure.precedes(before, after) {
            budget.spend(self.closure.insert(before, after))?;
            self.steps.push(step);
        }
        Ok(None)
    }

    fn assume(&mut self, assumption: Assumption, budget: &mut Budget) -> Result<Option<Proof>, Bound> {
        match assumption {
            Assumption::Order(before, after) => self.add(Step { before, after, because: Because::Assumed }, budget),
            Assumption::Source(reader, writer) => {
                self.find(reader, writer.map_or(Source::First, Source::Write), budget)
            }
        }
    }

    fn find(&mut self, reader: usize, source: Source, budget: &mut Budget) -> Result<Option<Proof>, Bound> {
        self.sources[reader] = source;
        self.trail.push(reader);
        match source {
            Source::Write(writer) => {
                self.add(Step { before: writer, after: reader, because: Because::ReadsFrom }, budget)
            }
            Source::Open | Source::First => Ok(None),
        }
    }

    /// The operations that took effect, and of which it is open what they found.
    fn open(&self, active: &[bool]) -> Vec<usize> {
        let is_open =
            |&fact: &usize| active[fact] && self.facts.facts[fact].is_reader() && self.sources[fact] == Source::Open;
        (0..active.len()).filter(is_open).collect()
    }

    /// Adds all that must be. Says why that cannot be, if it cannot.
    fn settle(&mut self, budget: &mut Budget) -> Result<Option<Proof>, Bound> {
        loop {
            let before = (self.steps.len(), self.trail.len());
            let is_active = active(self.facts, &self.sources);
            for reader in self.open(&is_active) {
                let options = self.facts.sources(reader);
                budget.spend(1 + options.len() as u64 / 8)?;
                let refuted = match options[..] {
                    [] => Some(Proof { steps: Vec::new(), end: End::Unwritten(reader) }),
                    [source] => self.find(reader, source, budget)?,
                    _ => None,
                };
                if refuted.is_some() {
                    return Ok(refuted);
                }
            }
            let is_active = active(self.facts, &self.sources);
            for reader in (0..is_active.len()).filter(|&fact| is_active[fact]) {
                if let Some(proof) = self.sort_writes_around(reader, &is_active, budget)? {
                    return Ok(Some(proof));
                }
            }
            if before == (self.steps.len(), self.trail.len()) {
                return Ok(None);
            }
        }
    }

    /// Adds on which side of an operation other writes lie, as far as that is known.
    fn sort_writes_around(
        &mut self,
        reader: usize,
        is_active: &[bool],
        budget: &mut Budget,
    ) -> Result<Option<Proof>, Bound> {
        let writer = match self.sources[reader] {
            Source::Open => return Ok(None),
            Source::First => None,
            Source::Write(writer) => Some(writer),
        };
        let writes = self.facts.writers(self.facts.facts[reader].key);
        budget.spend(1 + writes.len() as u64 / 8)?;
        for &other in writes {
            if !is_active[other] || other == reader || Some(other) == writer {
                continue;
            }
            let is_newer = writer.is_none_or(|writer| self.closure.precedes(writer, other));
            if is_newer && !self.closure.precedes(reader, other) {
                let because = Because::Replaced { writer };
                if let Some(proof) = self.add(Step { before: reader, after: other, because }, budget)? {
                    return Ok(Some(proof));
                }
            }
            if let Some(writer) = writer
                && self.closure.precedes(other, reader)
                && !self.closure.precedes(other, writer)
            {
                let because = Because::NotReplaced { reader };
                if let Some(proof) = self.add(Step { before: other, after: writer, because }, budget)? {
                    return Ok(Some(proof));
                }
            }
        }
        Ok(None)
    }

    /// Something that is open, as all that it can be; or an order, if nothing is.
    fn left(&self, budget: &mut Budget) -> Result<Left, Bound> {
        let is_active = active(self.facts, &self.sources);
        if let Some(reader) = self.narrowest(&is_active, budget)? {
            let writer = |source| if let Source::Write(writer) = source { Some(writer) } else { None };
            let options = self.facts.sources(reader).into_iter();
            return Ok(Left::Open(options.map(|source| Assumption::Source(reader, writer(source))).collect()));
        }
        budget.spend(1 + (is_active.len() * is_active.len()) as u64 / 64)?;
        if is_active.len() >= MANY
            && let Some(found) = self.found_at_once(&is_active)
        {
            return Ok(Left::Order(found));
        }
        Ok(match self.open_side(&is_active, budget)? {
            Some(options) => Left::Open(options),
            // Each that may come next finds what was written last.
            None => Left::Order(self.found_at_once(&is_active).unwrap_or_default()),
        })
    }

    /// On which side of an operation a write lies, where that is open.
    fn open_side(&self, is_active: &[bool], budget: &mut Budget) -> Result<Option<Vec<Assumption>>, Bound> {
        for reader in (0..is_active.len()).filter(|&fact| is_active[fact]) {
            let Source::Write(writer) = self.sources[reader] else { continue };
            let writes = self.facts.writers(self.facts.facts[reader].key);
            budget.spend(1 + writes.len() as u64 / 8)?;
            let is_open = |&&other: &&usize| {
                is_active[other]
                    && other != reader
                    && other != writer
                    && !self.closure.precedes(other, writer)
                    && !self.closure.precedes(reader, other)
            };
            if let Some(&other) = writes.iter().find(is_open) {
                let mut options = vec![Assumption::Order(other, writer), Assumption::Order(reader, other)];
                // What was invoked first likely came first.
                if other > writer {
                    options.reverse();
                }
                return Ok(Some(options));
            }
        }
        Ok(None)
    }

    /// Of the operations of which it is open what they found, the one that can have found the fewest things.
    fn narrowest(&self, is_active: &[bool], budget: &mut Budget) -> Result<Option<usize>, Bound> {
        let mut narrowest = None;
        for reader in self.open(is_active) {
            let options = self.facts.sources(reader);
            budget.spend(1 + options.len() as u64)?;
            let writes = self.facts.writers(self.facts.facts[reader].key).iter();
            let before: Vec<usize> =
                writes.copied().filter(|&write| is_active[write] && self.closure.precedes(write, reader)).collect();
            let is_left = |source: &&Source| match **source {
                Source::Write(writer) => {
                    !self.closure.precedes(reader, writer)
                        && !before.iter().any(|&other| self.closure.precedes(writer, other))
                }
                Source::Open | Source::First => before.is_empty(),
            };
            let left = options.iter().filter(is_left).count();
            if narrowest.is_none_or(|(fewest, _)| left < fewest) {
                narrowest = Some((left, reader));
            }
        }
        Ok(narrowest.map(|(_, reader)| reader))
    }

    /// Goes on to the next choice that is not refuted, or says why none is left.
    fn next_case(&mut self, frames: &mut Vec<Frame>, mut proof: Proof) -> Result<Assumption, Proof> {
        while let Some(mut frame) = frames.pop() {
            for reader in self.trail.drain(frame.trail..) {
                self.sources[reader] = Source::Open;
            }
            self.steps.truncate(frame.steps);
            self.closure.undo(frame.changes);
            let assumption = frame.options[frame.tried - 1];
            // What does not rest on the choice refutes all others too.
            if !proof.rests_on(assumption, &|fact| self.facts.facts[fact].completed.is_none()) {
                continue;
            }
            frame.cases.push(Case { assumption, proof });
            if let Some(&next) = frame.options.get(frame.tried) {
                frame.tried += 1;
                frames.push(frame);
                return Ok(next);
            }
            proof = Proof { steps: Vec::new(), end: End::Cases(frame.cases) };
        }
        Err(proof)
    }
}
