//! Bounded exhaustive exploration: every state that a model can reach, breadth first.
//!
//! # The algorithm
//!
//! A [`Model`] gives its initial states, and for each state all that may follow it in one step. The [`Explorer`] keeps
//! a queue of states that were found and not yet expanded, and a table of all states ever found. It takes the oldest
//! state of the queue, makes all its successors, and puts those that it has never seen at the end of the queue. States
//! are therefore found in the order of their distance from the start, so the first state that breaks a property is as
//! near to the start as any: the path to it is a shortest counterexample.
//!
//! Only the queue holds whole states. The table ([`Visited`]) holds for each state 128 bits of its canonical bytes and
//! the place of the state that it was found from. A path is rebuilt from that: the places are followed back to the
//! start, and the steps are taken again, each time to the successor with the fingerprint in question.
//!
//! # What a result means
//!
//! A search ends because nothing is left, because a property failed, because it was cancelled, or at a cap on states,
//! depth or memory. It always says which, and what it covered ([`Progress`]). A model is bounded by itself, too (so
//! many crashes, terms up to so much), and so "no violation found within these bounds" is all that a search can say.
//! One more thing can go wrong: two states with equal fingerprints are taken for one. With n states that happens with a
//! probability of about n² / 2^129: one in 10^24 for ten million states.
//!
//! Nothing here depends on time, on chance, or on the order of a hash table: the same model gives the same numbers on
//! every target.

pub mod cluster;
mod explorer;
mod frontier;
mod model;
mod report;
mod visited;

#[cfg(test)]
mod tests;

pub use explorer::{Ended, Explorer, Limits, Observer, Path, Progress};
pub use model::{Kind, Model, Property, StepView};
pub use report::{Exploration, Outcome, PathReport, PropertyReport, Report, StepReport};
pub use visited::{Insertion, Visited};
