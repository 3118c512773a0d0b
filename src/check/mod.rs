//! What watches a run and never steps it: linearizability, the protocols' invariants, liveness after healing.

pub mod formats;
pub mod history;
pub mod invariant;
pub mod linearizability;
pub mod model;
pub mod paxos;
pub mod raft;

pub use invariant::{BallotVotes, Finding, Invariant, Monitor, Watched};
