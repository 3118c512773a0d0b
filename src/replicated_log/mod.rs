//! What every replicated log is made of, whatever protocol decides what stands in it.
//!
//! # The idea
//!
//! Replicas that begin alike and carry out the same commands in the same order stay alike (Schneider, "Implementing
//! Fault-Tolerant Services Using the State Machine Approach", 1990). So it is enough to agree on a *log*: a row of
//! commands, counted from 1. How a command gets its index, and when it can never be lost again, is what Raft,
//! Multi-Paxos and Viewstamped Replication answer each in its own way. All that comes before and after that
//! is the same idea, and lies here once:
//!
//! * [`payload`]: what stands at an index, a command or nothing at all; and rows of it that travel.
//! * [`admission`]: what becomes of a client's request before the protocol has anything to do with it.
//! * [`lease`]: how long a leader may answer reads without asking.
//! * [`machine`]: *committed* up to one index, *applied* up to another, and the state that follows from it.
//! * [`suffix`]: the log as it is kept: what a snapshot covers is dropped, the rest has no gaps.
//! * [`compaction`]: when a snapshot is due, and how much of the log it leaves.
//! * [`transfer`]: a snapshot on its way to a follower, whole or a piece at a time.
//! * [`anywhere`]: reads that any replica answers, in a session or not.
//! * [`reads`]: reads that need no index: they wait until a majority has confirmed the leader, and then for the state.
//! * [`timing`]: the timers of followers that wait for a leader, and of a leader that shows that it is there.
//!
//! # What only looks alike
//!
//! Terms and ballots, votes and promises, Raft's consistency check and Multi-Paxos' acceptances stay with their
//! protocols, and so do what a leader knows of a follower, when a round of confirmation begins, and the lines of the
//! papers. Multi-Paxos' log has gaps, and is no [`suffix`].
//!
//! # Three protocols
//!
//! Viewstamped Replication (Liskov and Cowling 2012) calls the index an op-number, the commit index a commit-number and
//! the leader a primary. Its log is a [`suffix`] of [`payload`]s, and its client table is the store's sessions. Its own
//! are the view change, and the recovery of replicas that keep nothing on disk; its reads go through the log, and its
//! checkpoints travel whole.

pub mod admission;
pub mod anywhere;
pub mod compaction;
pub mod lease;
pub mod machine;
pub mod payload;
pub mod reads;
pub mod suffix;
pub mod timing;
pub mod transfer;

pub use admission::Admission;
pub(crate) use anywhere::answers_anywhere;
pub use anywhere::{AnswersAnywhere, to_client};
pub use compaction::Compaction;
pub use lease::Lease;
pub use machine::{Sessions, StateMachine};
pub use payload::{Payload, Shared};
pub use reads::{Confirmation, PendingRead, Reads};
pub use suffix::Suffix;
pub use timing::{LeaderTimer, Timing};
pub use transfer::{Incoming, Snapshot, StateUpTo, Transfers};

/// An index of the log, from 1; 0 stands before the first entry. Raft's log index, Multi-Paxos' slot, an op-number.
pub type Index = u64;

/// Gives a protocol's settings their two shared parts, by the names that the fields have in both.
macro_rules! log_settings {
    ($config:ident) => {
        impl $config {
            pub(super) fn timing(&self) -> $crate::replicated_log::Timing {
                $crate::replicated_log::Timing {
                    election_timeout_ticks_min: self.election_timeout_ticks_min,
                    election_timeout_ticks_max: self.election_timeout_ticks_max,
                    heartbeat_ticks: self.heartbeat_ticks,
                    check_quorum: self.check_quorum,
                }
            }

            pub(super) fn compaction(&self) -> $crate::replicated_log::Compaction {
                $crate::replicated_log::Compaction {
                    threshold: self.snapshot_threshold,
                    trailing: self.snapshot_trailing,
                }
            }
        }
    };
}
pub(crate) use log_settings;
