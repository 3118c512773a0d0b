//! Settings.

use super::rule::Mutation;
use crate::kv::Reading;
use crate::process::{MILLISECOND, Mutations, Ticks};
use crate::replicated_log::log_settings;

/// A replica's settings, the same for all replicas of a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// The shortest election timeout. Also how long a follower believes in a leader that it has heard from.
    pub election_timeout_ticks_min: Ticks,
    /// The longest election timeout.
    pub election_timeout_ticks_max: Ticks,
    /// Between two heartbeats of a leader. What was not acknowledged by the next one is sent again.
    pub heartbeat_ticks: Ticks,
    /// Whether a leader steps down that has not heard from a majority, and servers that hear from a leader promise
    /// nothing to others. (PML 5.2 protects a master by a lease; this is the same without clocks that agree.)
    pub check_quorum: bool,
    /// How clients read.
    pub reading: Reading,
    /// The state is saved when so many slots have been applied since the last time. 0: never.
    pub snapshot_threshold: u64,
    /// So many of the slots that a saved state covers are kept, so that a follower that is a little late needs no state
    /// transfer.
    pub snapshot_trailing: u64,
    /// At most so many slots travel in one message.
    pub slots_per_message_max: u64,
    /// The texts of a message take at most so many bytes, if it has more than one slot or item: longer logs and states
    /// travel in pieces.
    pub bytes_per_message_max: u64,
    /// Rules that are switched off on purpose.
    pub mutations: Mutations<Mutation>,
}

log_settings!(Config);

impl Default for Config {
    /// The same times as Raft's, so that the two can be compared.
    fn default() -> Self {
        Self {
            election_timeout_ticks_min: 150 * MILLISECOND,
            election_timeout_ticks_max: 300 * MILLISECOND,
            heartbeat_ticks: 50 * MILLISECOND,
            check_quorum: true,
            reading: Reading::Linearizable,
            snapshot_threshold: 64,
            snapshot_trailing: 16,
            slots_per_message_max: 64,
            bytes_per_message_max: 1 << 20,
            mutations: Mutations::NONE,
        }
    }
}
