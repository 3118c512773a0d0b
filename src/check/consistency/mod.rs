//! Which promises does a history keep? One row for each.
//!
//! | promise | it holds if | source |
//! |---|---|---|
//! | linearizable | there is one order of all operations that answers as one object would, and keeps real time | Herlihy and Wing 1990 |
//! | sequential | there is one order of all operations that answers so, and keeps the order of each session | Lamport 1979 |
//! | causal | nobody found what a write in its causal past had replaced (CC) | Bouajjani, Enea, Guerraoui, Hamza 2017 |
//! | read your writes | nobody found what a write of its own session had replaced | Terry et al. 1994 |
//! | monotonic reads | nobody found what a write that its session had found before had replaced | the same |
//! | monotonic writes | the same of a write that the writer of what was found before had written before | the same |
//! | writes follow reads | the same of a write that the writer of what was found before had found before | the same |
//! | convergence | after the last write all that was read last is the same | Vogels 2009 |
//!
//! **A session** is what one client did, in order. An operation of unknown outcome comes after what its client did
//! before, and before nothing: it may take effect at any later time, or never. Nothing but an operation that found what
//! it wrote says that it did.
//!
//! **Causal** is CC of "On verifying causal consistency" (POPL 2017), for operations that read, write, or do both at one
//! instant: the causal order is the least that contains the sessions and puts a write before whoever found it. *Replaced*
//! means that the other write comes after, in that order.
//!
//! **The session guarantees** (Terry, Demers, Petersen, Spreitzer, Theimer, Welch, "Session guarantees for weakly
//! consistent replicated data", 1994) speak of replicas, which a history does not show. Here each says which writes an
//! operation must have seen, as one client sees it, and is broken where the operation found what one of these had
//! replaced. So each of them is a part of causal consistency, and all presume what it presumes: that what is found was
//! written, and not only after it was found; that replicas order writes as causality does; and, for monotonic writes and
//! writes follow reads, that a session never goes back to a replica that knows less. Each asks more than Terry's text
//! alone: a history may break one of them here and keep Terry's.
//!
//! **What implies what**: linearizable, sequential, causal, each session guarantee; each promise implies those after it.
//! Linearizable histories do not break convergence either, sequential ones may.
//!
//! **What is covered**: objects that are read and written whole, with compare-and-set, refused ones too. Of other
//! operations, such as appends, only what is linearizable is known to be sequential and causal.
//!
//! **The cost.** Where each value is written once, all but sequential consistency takes one look at a vector clock for
//! each operation (`causality`). Sequential consistency is hard in general; what can be derived is derived, and the rest
//! is tried (`order`). Where values are written again, who found what is tried too (`reading`). Bounds are those of
//! the judge of linearizability, for each promise anew.

mod causality;
mod convergence;
mod effect;
mod facts;
mod minimal;
mod order;
mod promise;
mod proof;
mod reading;
mod sessions;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use super::history::Operation;
use super::linearizability::{self, Bound, Options, zones};
use super::model::Model;
pub use effect::{Effect, Finds, Observed};
use facts::Facts;
pub use promise::Promise;
pub use proof::{Assumption, Because, Case, End, Proof, Step};
pub use words::Letters;

/// What is said of one promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept.
    Holds {
        /// The stronger promise that is kept, and so this one.
        since: Option<Promise>,
    },
    /// It is broken.
    Broken(Box<Broken>),
    /// It is not known.
    Undecided(Why),
}

impl Verdict {
    /// Whether it is kept; none where that is not known.
    pub fn kept(&self) -> Option<bool> {
        match self {
            Verdict::Holds { .. } => Some(true),
            Verdict::Broken(_) => Some(false),
            Verdict::Undecided(_) => None,
        }
    }
}

/// How a promise is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Operations that break it together, by their indices in the history. None if a bound was reached before any set of
    /// them was found.
    pub operations: Vec<usize>,
    /// Whether none of them can be left out. If not, a bound was reached before that was known.
    pub is_minimal: bool,
    /// Why.
    pub proof: Option<Proof>,
    /// Why, where there is no proof in steps.
    pub sentence: Option<String>,
}

/// Why something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A bound was reached.
    Bound(Bound),
    /// The history has what is not covered.
    NotCovered(&'static str),
    /// Nobody looked.
    NotObserved(&'static str),
    /// The two judges of linearizability contradict each other.
    Contradiction,
}

/// How much work is left.
struct Budget {
    left: u64,
    options: Options,
}

impl Budget {
    fn new(options: &Options) -> Budget {
        Budget { left: options.steps_max, options: *options }
    }

    fn spend(&mut self, steps: u64) -> Result<(), Bound> {
        self.left = self.left.checked_sub(steps).ok_or(Bound::Steps(self.options.steps_max))?;
        Ok(())
    }

    fn must_fit(&self, bytes: u64) -> Result<(), Bound> {
        if bytes > self.options.memory_max { Err(Bound::Memory(self.options.memory_max)) } else { Ok(()) }
    }
}

/// Judges a history by each promise, in the order of [`Promise::ALL`].
pub fn judge<M: Observed>(
    model: &M,
    operations: &[Operation<M::Command, M::Result>],
    options: &Options,
) -> Vec<(Promise, Verdict)> {
    let (linearizable, place) = linearizable(model, operations, options);
    match Facts::of(model, operations) {
        Ok(facts) => Judge { facts, place, options: *options }.all(linearizable),
        Err(why) => uncovered(linearizable, why),
    }
}

/// Judges a history by sequential consistency alone: what [`judge`] says of it, without the rows beside it.
pub fn sequential<M: Observed>(
    model: &M,
    operations: &[Operation<M::Command, M::Result>],
    options: &Options,
) -> Verdict {
    let (linearizable, place) = linearizable(model, operations, options);
    match Facts::of(model, operations) {
        Ok(facts) => {
            Judge { facts, place, options: *options }.causal_and_sequential(&[(Promise::Linearizable, linearizable)]).1
        }
        Err(why) => follows(Promise::Sequential, &linearizable, why),
    }
}

/// What two judges say of linearizability, and the operation that the first of them names.
fn linearizable<M: Observed>(
    model: &M,
    operations: &[Operation<M::Command, M::Result>],
    options: &Options,
) -> (Verdict, Option<usize>) {
    let report = linearizability::check(model, operations, options);
    let second = zones::judge(model, operations);
    let (by_search, place) = by_search(&report.verdict);
    let verdict = match by_search {
        // Then one of the two has a fault, and neither is believed.
        _ if second.disagreement(&report).is_some() => Verdict::Undecided(Why::Contradiction),
        Verdict::Undecided(why) => match second.is_linearizable() {
            Some(true) => Verdict::Holds { since: None },
            Some(false) => Verdict::Broken(Box::new(Broken::unlocated())),
            None => Verdict::Undecided(why),
        },
        known => known,
    };
    (verdict, place)
}

/// Judges a history of an object that is not read and written whole: its linearizability, and what follows from that.
pub fn judge_other<M: Model>(
    model: &M,
    operations: &[Operation<M::Command, M::Result>],
    options: &Options,
) -> Vec<(Promise, Verdict)> {
    let report = linearizability::check(model, operations, options);
    uncovered(by_search(&report.verdict).0, "the object is not one that is read and written whole")
}

/// The verdict of the judge of linearizability, and the operation that it names.
fn by_search(verdict: &linearizability::Verdict) -> (Verdict, Option<usize>) {
    match verdict {
        linearizability::Verdict::Linearizable(_) => (Verdict::Holds { since: None }, None),
        linearizability::Verdict::NotLinearizable(violation) => {
            let broken = Broken { sentence: Some(violation.sentence()), ..Broken::unlocated() };
            (Verdict::Broken(Box::new(broken)), Some(violation.operation))
        }
        linearizability::Verdict::Undecided(undecided) => (Verdict::Undecided(Why::Bound(undecided.bound)), None),
    }
}

fn uncovered(linearizable: Verdict, why: &'static str) -> Vec<(Promise, Verdict)> {
    Promise::ALL.map(|promise| (promise, follows(promise, &linearizable, why))).to_vec()
}

/// What follows for a promise from the linearizability of what is not covered.
fn follows(promise: Promise, linearizable: &Verdict, why: &'static str) -> Verdict {
    match (promise, linearizable) {
        (Promise::Linearizable, known) => known.clone(),
        (Promise::Sequential | Promise::Causal, Verdict::Holds { .. }) => {
            Verdict::Holds { since: Some(Promise::Linearizable) }
        }
        _ => Verdict::Undecided(Why::NotCovered(why)),
    }
}

impl Broken {
    fn unlocated() -> Broken {
        Broken { operations: Vec::new(), is_minimal: false, proof: None, sentence: None }
    }

    /// Its operations, and those that the proof speaks of besides.
    fn spoken_of(&self) -> BTreeSet<usize> {
        let of_proof = self.proof.as_ref().map(Proof::operations).unwrap_or_default();
        self.operations.iter().copied().chain(of_proof).collect()
    }
}

/// Why the facts break a promise, in numbers of the history's operations.
fn refuted(facts: &Facts, promise: Promise, budget: &mut Budget) -> Result<Option<Proof>, Bound> {
    let proof = match promise {
        Promise::Linearizable | Promise::Sequential => match order::decide(facts, promise, budget)? {
            order::Decided::Order(_) => None,
            order::Decided::Refuted(proof) => Some(proof),
        },
        _ => reading::refute(facts, promise, budget)?,
    };
    Ok(proof.map(|proof| proof.renumbered(&|fact| facts.facts[fact].operation)))
}

/// A history that is judged.
struct Judge {
    facts: Facts,
    /// The operation that the judge of linearizability names.
    place: Option<usize>,
    options: Options,
}

impl Judge {
    fn all(&self, linearizable: Verdict) -> Vec<(Promise, Verdict)> {
        let mut rows = vec![(Promise::Linearizable, linearizable)];
        let (causal, sequential) = self.causal_and_sequential(&rows);
        rows.push((Promise::Sequential, sequential));
        rows.push((Promise::Causal, causal));
        if let (Verdict::Holds { since: None }, Verdict::Undecided(_) | Verdict::Holds { since: None }) =
            (&rows[1].1, &rows[2].1)
        {
            rows[2].1 = Verdict::Holds { since: Some(Promise::Sequential) };
        }
        for promise in &Promise::ALL[3..7] {
            rows.push((*promise, self.verdict(*promise, &rows)));
        }
        rows[0].1 = self.linearizable(&rows);
        rows.push((Promise::Convergence, convergence::judge(&self.facts)));
        rows
    }

    fn causal_and_sequential(&self, known: &[(Promise, Verdict)]) -> (Verdict, Verdict) {
        let causal = self.verdict(Promise::Causal, known);
        let sequential = match &causal {
            // What breaks the weaker promise breaks the stronger one.
            Verdict::Broken(broken) => self.broken(Promise::Sequential, broken.spoken_of()),
            _ => self.verdict(Promise::Sequential, known),
        };
        (causal, sequential)
    }

    fn verdict(&self, promise: Promise, known: &[(Promise, Verdict)]) -> Verdict {
        let since = known
            .iter()
            .find(|(other, verdict)| promise.stronger().contains(other) && matches!(verdict, Verdict::Holds { .. }));
        if let Some((since, _)) = since {
            return Verdict::Holds { since: Some(*since) };
        }
        match refuted(&self.facts, promise, &mut Budget::new(&self.options)) {
            Ok(None) => Verdict::Holds { since: None },
            Ok(Some(proof)) => self.broken(promise, proof.operations()),
            Err(bound) => Verdict::Undecided(Why::Bound(bound)),
        }
    }

    /// The verdict on a promise that is known to be broken.
    fn broken(&self, promise: Promise, likely: BTreeSet<usize>) -> Verdict {
        let found = minimal::minimal(&self.facts, promise, likely, &mut Budget::new(&self.options));
        Verdict::Broken(Box::new(found.ok().flatten().unwrap_or_else(Broken::unlocated)))
    }

    /// The verdict on linearizability, with a proof if it is broken: that of a weaker promise, if that is broken too.
    fn linearizable(&self, rows: &[(Promise, Verdict)]) -> Verdict {
        let weaker = rows.iter().skip(1).find_map(|(_, verdict)| match verdict {
            Verdict::Broken(broken) => Some(broken.spoken_of()),
            _ => None,
        });
        let given = match (&rows[0].1, &weaker) {
            (Verdict::Broken(given), _) => (**given).clone(),
            (Verdict::Undecided(_), Some(_)) => Broken::unlocated(),
            (known, _) => return known.clone(),
        };
        let likely = weaker.unwrap_or_else(|| self.up_to_place());
        match self.broken(Promise::Linearizable, likely) {
            Verdict::Broken(found) if found.proof.is_some() => {
                Verdict::Broken(Box::new(Broken { sentence: given.sentence, ..*found }))
            }
            _ => Verdict::Broken(Box::new(given)),
        }
    }

    /// The operations that can have to do with the one that the judge of linearizability names: those of its key, up to
    /// its completion.
    fn up_to_place(&self) -> BTreeSet<usize> {
        let facts = &self.facts.facts;
        let named = facts.iter().find(|fact| Some(fact.operation) == self.place);
        let is_likely = |key, end: Option<u64>| {
            let of_key = facts.iter().filter(move |fact| fact.key == key);
            of_key.filter(move |fact| end.is_none_or(|end| fact.invoked <= end)).map(|fact| fact.operation).collect()
        };
        named.map(|named| is_likely(named.key, named.completed)).unwrap_or_default()
    }
}
