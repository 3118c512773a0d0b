//! What watches a run and never steps it: linearizability and weaker promises, the protocols' invariants, liveness after
//! healing.

pub mod accountability;
mod ballots;
pub mod consistency;
pub mod formats;
pub(crate) mod hash;
pub mod history;
pub mod invariant;
pub mod judged;
pub mod linearizability;
pub mod model;
pub mod multi_paxos;
mod passed;
pub mod paxos;
pub mod pbft;
pub mod quorums;
pub mod raft;
mod said;
pub mod tendermint;
pub mod viewstamped;

pub use accountability::{Culprit, Culprits, HeldProof, SignedText};
pub use invariant::{
    Finding, Invariant, Monitor, NoMonitor, Origin, Overwritten, QuorumRule, REASONS_MAX, Reason, Watched, watch,
};
pub use quorums::{BallotVotes, Meeting, SlotBallot, SlotVotes};
