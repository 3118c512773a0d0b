//! Settings.

use super::rule::Mutation;
use crate::process::{MILLISECOND, Mutations, Seat, Ticks};

/// A replica's settings, the same for all replicas of a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// How many liars it counts on, f; none: the most that the cluster can bear, (n-1)/3.
    pub faults: Option<u32>,
    /// How many replicas make a quorum, q; none: the smallest of which any two share an honest replica, (n+f+1)/2
    /// rounded up.
    pub quorum: Option<u32>,
    /// K: a checkpoint is taken every so many requests.
    pub checkpoint_interval: u64,
    /// L: so many sequence numbers above the last stable checkpoint are in use.
    pub log_window: u64,
    /// How long a backup waits for a request to be executed before it suspects the primary. Doubles with each view that
    /// fails.
    pub view_change_ticks: Ticks,
    /// Between two notes of a replica on how far it is, by which others see what it lacks.
    pub status_ticks: Ticks,
    /// Whether reads are answered at once, without an order (section 5.1.3).
    pub read_only: bool,
    /// Rules that are switched off on purpose.
    pub mutations: Mutations<Mutation>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            faults: None,
            quorum: None,
            checkpoint_interval: 16,
            log_window: 32,
            view_change_ticks: 400 * MILLISECOND,
            status_ticks: 150 * MILLISECOND,
            read_only: false,
            mutations: Mutations::NONE,
        }
    }
}

impl Config {
    /// f: how many liars it counts on.
    pub fn faults(&self, replicas: u16) -> u32 {
        let seat = Seat { id: crate::process::NodeId(0), replicas };
        self.faults.unwrap_or_else(|| seat.liars_tolerated())
    }

    /// q: how many replicas make a quorum.
    pub fn quorum(&self, replicas: u16) -> u32 {
        let seat = Seat { id: crate::process::NodeId(0), replicas };
        self.quorum.unwrap_or_else(|| seat.byzantine_quorum(self.faults(replicas)))
    }
}
