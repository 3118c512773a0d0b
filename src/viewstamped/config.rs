//! Settings.

use super::rule::Mutation;
use crate::kv::Reading;
use crate::process::{MILLISECOND, Mutations, Ticks};
use crate::replicated_log::Compaction;

/// A replica's settings, the same for all replicas of a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// The shortest time without a word from the primary after which a backup starts a view change, and the shortest
    /// that a view change may take before the next one is tried.
    pub view_change_ticks_min: Ticks,
    /// The longest.
    pub view_change_ticks_max: Ticks,
    /// Between two COMMIT messages of a primary. What was not acknowledged by the next one is sent again, and so is
    /// what a recovering replica asks for.
    pub commit_ticks: Ticks,
    /// Whether a replica keeps on a disk what it must not forget. Without, a crash forgets all, and whoever comes back
    /// recovers from the others.
    pub on_disk: bool,
    /// How clients read. Without more said, reads go through the log.
    pub reading: Reading,
    /// A checkpoint is taken when so many operations have been carried out since the last one. 0: never.
    pub checkpoint_threshold: u64,
    /// So many of the operations that a checkpoint covers stay in the log, so that a backup that is a little late needs
    /// no checkpoint.
    pub checkpoint_trailing: u64,
    /// At most so many operations travel in one PREPARE.
    pub entries_per_message_max: u64,
    /// Rules that are switched off on purpose.
    pub mutations: Mutations<Mutation>,
}

impl Config {
    pub(super) fn compaction(&self) -> Compaction {
        Compaction { threshold: self.checkpoint_threshold, trailing: self.checkpoint_trailing }
    }
}

impl Default for Config {
    /// The same times as Raft's and Multi-Paxos', so that the three can be compared.
    fn default() -> Self {
        Self {
            view_change_ticks_min: 150 * MILLISECOND,
            view_change_ticks_max: 300 * MILLISECOND,
            commit_ticks: 50 * MILLISECOND,
            on_disk: false,
            reading: Reading::Linearizable,
            checkpoint_threshold: 64,
            checkpoint_trailing: 16,
            entries_per_message_max: 64,
            mutations: Mutations::NONE,
        }
    }
}
