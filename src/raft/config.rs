//! Settings.

use super::rule::Mutation;
use crate::kv::Reading;
use crate::process::{MILLISECOND, Mutations, Ticks};
use crate::replicated_log::log_settings;

pub use crate::replicated_log::lease::CLOCK_DRIFT_PPM;

/// A replica's settings, the same for all replicas of a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// The shortest election timeout. Also how long a follower believes in a leader that it has heard from.
    pub election_timeout_ticks_min: Ticks,
    /// The longest election timeout.
    pub election_timeout_ticks_max: Ticks,
    /// Between two heartbeats of a leader.
    pub heartbeat_ticks: Ticks,
    /// Whether a server asks first whether it could win, before it raises its term (dissertation, 9.6).
    pub pre_vote: bool,
    /// Whether a leader steps down that has not heard from a majority, and servers that hear from a leader refuse to
    /// vote (dissertation, 6.2 and 4.2.3). Without it, a leader that is heard by all and hears nobody keeps the cluster
    /// waiting for ever.
    pub check_quorum: bool,
    /// Whether a read is an entry of the log like any other command, and not answered by ReadIndex (dissertation, 6.4:
    /// the plain way).
    pub reads_through_log: bool,
    /// How clients read.
    pub reading: Reading,
    /// By how much clocks may differ in speed, in parts per million, for a lease to hold (dissertation, 6.4.1).
    pub clock_drift_ppm: u32,
    /// A snapshot is taken when so many entries have been applied since the last one. 0: never.
    pub snapshot_threshold: u64,
    /// So many of the entries that a snapshot covers are kept, so that a follower that is a little late needs none.
    pub snapshot_trailing: u64,
    /// At most so many entries travel in one message.
    pub entries_per_message_max: u64,
    /// The texts of a message take at most so many bytes, if it has more than one entry or item: longer logs and
    /// snapshots travel in pieces.
    pub bytes_per_message_max: u64,
    /// Rules that are switched off on purpose.
    pub mutations: Mutations<Mutation>,
}

log_settings!(Config);

impl Default for Config {
    /// The paper's timeouts (section 9.3: 150-300 ms) with a heartbeat of 50 ms.
    fn default() -> Self {
        Self {
            election_timeout_ticks_min: 150 * MILLISECOND,
            election_timeout_ticks_max: 300 * MILLISECOND,
            heartbeat_ticks: 50 * MILLISECOND,
            pre_vote: true,
            check_quorum: true,
            reads_through_log: false,
            reading: Reading::Linearizable,
            clock_drift_ppm: CLOCK_DRIFT_PPM,
            snapshot_threshold: 64,
            snapshot_trailing: 16,
            entries_per_message_max: 64,
            bytes_per_message_max: 1 << 20,
            mutations: Mutations::NONE,
        }
    }
}
