//! Causal consistency and the session guarantees: is there a choice of what each operation found that breaks nothing?
//!
//! Where each value is written once there is one choice, and one look at it decides. Where values are written again, or
//! a refusal says only what was not found, the choices are tried in turn. A choice that breaks the promise so far breaks
//! it whatever is chosen for the others: the causal order only grows.

use super::causality::{Causality, Pattern};
use super::facts::{Facts, Source};
use super::proof::{Assumption, Because, Case, End, Proof, Step};
use super::sessions::active;
use super::{Budget, Promise};
use crate::check::linearizability::Bound;

/// A choice that was made, to come back to.
struct Frame {
    reader: usize,
    options: Vec<Source>,
    /// How many options were tried.
    tried: usize,
    /// How many sources were set before.
    trail: usize,
    cases: Vec<Case>,
}

impl Frame {
    fn assumption(&self) -> Assumption {
        let source = self.tried.checked_sub(1).and_then(|index| self.options.get(index));
        Assumption::Source(self.reader, if let Some(Source::Write(writer)) = source { Some(*writer) } else { None })
    }
}

/// What was chosen so far.
struct Choices<'a> {
    facts: &'a Facts,
    promise: Promise,
    sources: Vec<Source>,
    trail: Vec<usize>,
}

/// Why a promise is broken, if it is.
pub(super) fn refute(facts: &Facts, promise: Promise, budget: &mut Budget) -> Result<Option<Proof>, Bound> {
    let mut choices = Choices { facts, promise, sources: vec![Source::Open; facts.facts.len()], trail: Vec::new() };
    let mut frames: Vec<Frame> = Vec::new();
    loop {
        if let Some(proof) = choices.settle(budget)? {
            if let Some(proof) = choices.next_case(&mut frames, proof) {
                return Ok(Some(proof));
            }
        } else if let Some(&reader) = choices.open().first() {
            let options = facts.sources(reader);
            choices.set(reader, options[0]);
            frames.push(Frame { reader, options, tried: 1, trail: choices.trail.len() - 1, cases: Vec::new() });
        } else {
            return Ok(None);
        }
    }
}

impl Choices<'_> {
    fn set(&mut self, reader: usize, source: Source) {
        self.sources[reader] = source;
        self.trail.push(reader);
    }

    /// The operations that took effect, and of which it is open what they found.
    fn open(&self) -> Vec<usize> {
        let active = active(self.facts, &self.sources);
        let is_open =
            |&fact: &usize| active[fact] && self.facts.facts[fact].is_reader() && self.sources[fact] == Source::Open;
        (0..active.len()).filter(is_open).collect()
    }

    /// Sets what can be only one thing. Says why the promise is broken, if it is so far.
    fn settle(&mut self, budget: &mut Budget) -> Result<Option<Proof>, Bound> {
        let mut is_settled = false;
        while !is_settled {
            is_settled = true;
            for reader in self.open() {
                let options = self.facts.sources(reader);
                budget.spend(1 + options.len() as u64)?;
                match options[..] {
                    [] => return Ok(Some(Proof { steps: Vec::new(), end: End::Unwritten(reader) })),
                    [source] => {
                        self.set(reader, source);
                        is_settled = false;
                    }
                    _ => {}
                }
            }
        }
        let bytes = Causality::bytes(self.facts, &self.sources);
        budget.must_fit(bytes)?;
        budget.spend(bytes / 12)?;
        match Causality::new(self.facts, &self.sources) {
            Err(circle) => Ok(Some(self.circular(circle))),
            Ok(causality) => {
                let mut steps = 0;
                let pattern = causality.broken(self.promise, &mut steps);
                budget.spend(steps)?;
                Ok(pattern.map(|pattern| self.overwritten(&causality, pattern)))
            }
        }
    }

    /// Goes on to the next choice that is not refuted, or says why none is left.
    fn next_case(&mut self, frames: &mut Vec<Frame>, mut proof: Proof) -> Option<Proof> {
        while let Some(mut frame) = frames.pop() {
            for reader in self.trail.drain(frame.trail..) {
                self.sources[reader] = Source::Open;
            }
            // What does not rest on the choice refutes all others too.
            if !proof.rests_on(frame.assumption(), &|fact| self.facts.facts[fact].completed.is_none()) {
                continue;
            }
            frame.cases.push(Case { assumption: frame.assumption(), proof });
            if let Some(&source) = frame.options.get(frame.tried) {
                self.set(frame.reader, source);
                frame.tried += 1;
                frames.push(frame);
                return None;
            }
            proof = Proof { steps: Vec::new(), end: End::Cases(frame.cases) };
        }
        Some(proof)
    }

    fn hop(&self, before: usize, after: usize) -> Step {
        let is_found = self.sources[after] == Source::Write(before);
        Step { before, after, because: if is_found { Because::ReadsFrom } else { Because::Session } }
    }

    fn circular(&self, circle: Vec<usize>) -> Proof {
        let nexts = circle.iter().skip(1).chain(circle.first());
        let steps = circle.iter().zip(nexts).map(|(&before, &after)| self.hop(before, after)).collect();
        Proof { steps, end: End::Circle(circle) }
    }

    fn overwritten(&self, causality: &Causality<'_>, Pattern { reader, writer, seen }: Pattern) -> Proof {
        let newer = writer.map(|writer| causality.path(writer, seen[0])).unwrap_or_default();
        let mut steps: Vec<Step> = Vec::new();
        for path in [&newer, &seen] {
            for pair in path.windows(2) {
                let step = self.hop(pair[0], pair[1]);
                if !steps.contains(&step) {
                    steps.push(step);
                }
            }
        }
        // That somebody found it is part of the contradiction, wherever it comes from.
        steps.push(Step { before: reader, after: seen[0], because: Because::Replaced { writer } });
        Proof { steps, end: End::Circle(seen) }
    }
}
