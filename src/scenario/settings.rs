//! The fields of a scenario.

mod viewstamped;

pub use viewstamped::ViewstampedSettings;

use super::action::InterventionText;
use super::captions::Caption;
use crate::process::{MILLISECOND, Ticks};
use crate::sim::{NetworkDials, TicksRange, WorkloadDials};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All that a run is made of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Which protocol: `raft`, `paxos`, `multi-paxos`, `viewstamped`, `pbft` or `tendermint`.
    pub protocol: String,
    /// What to call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Names all random numbers of the run.
    #[serde(default = "one")]
    pub seed: u64,
    /// How many replicas: 1 to 31. Of PBFT there are 4 unless something else is said.
    #[serde(default = "five")]
    pub replicas: u32,
    /// How many clients: 0 to 32.
    #[serde(default = "three")]
    pub clients: u32,
    /// Latency, loss, duplication, reordering.
    #[serde(default)]
    pub network: NetworkDials,
    /// How long writes take.
    #[serde(default)]
    pub disk: DiskSettings,
    /// What clients ask for.
    #[serde(default)]
    pub workload: WorkloadDials,
    /// How patient clients are.
    #[serde(default)]
    pub client: ClientSettings,
    /// How clients read: `linearizable` unless something else is said, `lease`, `session` or `local`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<String>,
    /// How fast each replica's clock runs, in order, in ticks per million ticks; those without a number run true.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clock_rates_ppm: Vec<u64>,
    /// By how much, in parts per million, clocks may differ in speed for a lease to hold: 100000 unless something else
    /// is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_drift_ppm: Option<u32>,
    /// Settings of Raft.
    #[serde(default)]
    pub raft: RaftSettings,
    /// Settings of Paxos.
    #[serde(default)]
    pub paxos: PaxosSettings,
    /// Settings of Multi-Paxos.
    #[serde(default)]
    pub multi_paxos: MultiPaxosSettings,
    /// Settings of Viewstamped Replication.
    #[serde(default)]
    pub viewstamped: ViewstampedSettings,
    /// Settings of Tendermint.
    #[serde(default)]
    pub tendermint: TendermintSettings,
    /// Settings of PBFT.
    #[serde(default)]
    pub pbft: PbftSettings,
    /// Rules that are switched off, by name.
    #[serde(default)]
    pub mutations: Vec<String>,
    /// What is done to the run from outside, in the order of the times.
    #[serde(default)]
    pub interventions: Vec<InterventionText>,
    /// Where a run stops.
    #[serde(default)]
    pub limits: Limits,
    /// Words at moments of the run, in the order in which they are read. They change nothing in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<Caption>,
}

fn one() -> u64 {
    1
}

fn three() -> u32 {
    3
}

fn five() -> u32 {
    5
}

/// How many replicas a protocol has unless a scenario says otherwise.
pub(crate) fn replicas_of(protocol: &str) -> u32 {
    if protocol == "pbft" { 4 } else { five() }
}

impl Scenario {
    /// The default scenario of a protocol: five replicas (four, where one of them may lie), three clients, a calm
    /// network.
    pub fn of(protocol: &str) -> Self {
        Self {
            protocol: protocol.to_owned(),
            title: None,
            seed: one(),
            replicas: replicas_of(protocol),
            clients: three(),
            network: NetworkDials::default(),
            disk: DiskSettings::default(),
            workload: WorkloadDials::default(),
            client: ClientSettings::default(),
            reads: None,
            clock_rates_ppm: Vec::new(),
            clock_drift_ppm: None,
            raft: RaftSettings::default(),
            paxos: PaxosSettings::default(),
            multi_paxos: MultiPaxosSettings::default(),
            viewstamped: ViewstampedSettings::default(),
            tendermint: TendermintSettings::default(),
            pbft: PbftSettings::default(),
            mutations: Vec::new(),
            interventions: Vec::new(),
            limits: Limits::default(),
            captions: Vec::new(),
        }
    }
}

/// The replicas' disks.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DiskSettings {
    /// How long a write takes to reach a disk that has no range of its own.
    pub flush_ticks: Ticks,
    /// The ranges of single replicas' disks, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub own_flush_ticks: BTreeMap<String, TicksRange>,
}

/// How patient clients are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ClientSettings {
    /// How long one attempt may take before the next replica is tried.
    pub attempt_ticks: Ticks,
    /// How long an operation may take before it is given up.
    pub deadline_ticks: Ticks,
    /// The longest pause after a replica that knows no leader.
    pub backoff_ticks_max: Ticks,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            attempt_ticks: 200 * MILLISECOND,
            deadline_ticks: 1_000 * MILLISECOND,
            backoff_ticks_max: 60 * MILLISECOND,
        }
    }
}

/// Settings of Raft. See [`crate::raft::Config`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RaftSettings {
    /// The range that election timeouts are drawn from.
    pub election_timeout_ticks: TicksRange,
    /// Between two heartbeats of a leader.
    pub heartbeat_ticks: Ticks,
    /// Whether a server asks first whether it could win.
    pub pre_vote: bool,
    /// Whether a leader steps down that has not heard from a majority.
    pub check_quorum: bool,
    /// Whether a read is an entry of the log like any other command.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reads_through_log: bool,
    /// A snapshot is taken when so many entries have been applied since the last one. 0: never.
    pub snapshot_threshold: u64,
    /// So many applied entries stay in the log when a snapshot is taken.
    pub snapshot_trailing: u64,
    /// At most so many entries travel in one message.
    pub entries_per_message_max: u64,
}

impl Default for RaftSettings {
    fn default() -> Self {
        let config = crate::raft::Config::default();
        Self {
            election_timeout_ticks: TicksRange::new(
                config.election_timeout_ticks_min,
                config.election_timeout_ticks_max,
            ),
            heartbeat_ticks: config.heartbeat_ticks,
            pre_vote: config.pre_vote,
            check_quorum: config.check_quorum,
            reads_through_log: config.reads_through_log,
            snapshot_threshold: config.snapshot_threshold,
            snapshot_trailing: config.snapshot_trailing,
            entries_per_message_max: config.entries_per_message_max,
        }
    }
}

/// Settings of Paxos. See [`crate::paxos::Config`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PaxosSettings {
    /// How long a proposer waits for a majority before it tries a higher ballot.
    pub retry_ticks: Ticks,
    /// The longest random pause after the first defeat; it doubles with each further one.
    pub backoff_ticks: Ticks,
    /// The pause grows no longer than this.
    pub backoff_ticks_max: Ticks,
}

impl Default for PaxosSettings {
    fn default() -> Self {
        let config = crate::paxos::Config::default();
        Self {
            retry_ticks: config.retry_ticks,
            backoff_ticks: config.backoff_ticks,
            backoff_ticks_max: config.backoff_ticks_max,
        }
    }
}

/// Settings of Multi-Paxos. See [`crate::multi_paxos::Config`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MultiPaxosSettings {
    /// The range that election timeouts are drawn from.
    pub election_timeout_ticks: TicksRange,
    /// Between two heartbeats of a leader.
    pub heartbeat_ticks: Ticks,
    /// Whether a leader steps down that has not heard from a majority, and servers that hear from a leader promise
    /// nothing to others.
    pub check_quorum: bool,
    /// The state is saved when so many slots have been applied since the last time. 0: never.
    pub snapshot_threshold: u64,
    /// So many applied slots stay in the log when the state is saved.
    pub snapshot_trailing: u64,
    /// At most so many slots travel in one message.
    pub slots_per_message_max: u64,
}

impl Default for MultiPaxosSettings {
    fn default() -> Self {
        let config = crate::multi_paxos::Config::default();
        Self {
            election_timeout_ticks: TicksRange::new(
                config.election_timeout_ticks_min,
                config.election_timeout_ticks_max,
            ),
            heartbeat_ticks: config.heartbeat_ticks,
            check_quorum: config.check_quorum,
            snapshot_threshold: config.snapshot_threshold,
            snapshot_trailing: config.snapshot_trailing,
            slots_per_message_max: config.slots_per_message_max,
        }
    }
}

/// How long a step of a round may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeoutSettings {
    /// In round 0.
    pub initial_ticks: Ticks,
    /// So much longer in each further round.
    pub delta_ticks: Ticks,
}

/// Settings of Tendermint. See [`crate::tendermint::Config`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TendermintSettings {
    /// How long to wait for a proposal.
    pub propose: TimeoutSettings,
    /// How long to wait for more prevotes, once there are enough of any kind.
    pub prevote: TimeoutSettings,
    /// How long to wait for more precommits, once there are enough of any kind.
    pub precommit: TimeoutSettings,
    /// After so long without a new round or height, a validator says again what it knows.
    pub resend_ticks: Ticks,
    /// A validator that waits for requests says so often how far it has got.
    pub status_ticks: Ticks,
    /// After so long without a request, a height begins with an empty block. 0: never.
    pub idle_ticks: Ticks,
    /// At most so many requests are in a block.
    pub requests_per_block_max: u64,
    /// The voting power of each validator, in order; those without a number have 1.
    pub powers: Vec<u64>,
    /// How many liars clients and the hunt reckon with; without a number, as many as the voting power bears.
    pub liars: Option<u32>,
}

impl Default for TendermintSettings {
    fn default() -> Self {
        let config = crate::tendermint::Config::of(crate::tendermint::Validators::equal(4));
        let timeout = |timeout: crate::tendermint::Timeout| TimeoutSettings {
            initial_ticks: timeout.initial_ticks,
            delta_ticks: timeout.delta_ticks,
        };
        Self {
            propose: timeout(config.propose),
            prevote: timeout(config.prevote),
            precommit: timeout(config.precommit),
            resend_ticks: config.resend_ticks,
            status_ticks: config.status_ticks,
            idle_ticks: config.idle_ticks,
            requests_per_block_max: config.requests_per_block_max,
            powers: Vec::new(),
            liars: None,
        }
    }
}

/// Settings of PBFT. See [`crate::pbft::Config`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PbftSettings {
    /// f: how many liars replicas count on; none: (n-1)/3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faults: Option<u32>,
    /// q: how many replicas make a quorum; none: (n+f+1)/2 rounded up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quorum: Option<u32>,
    /// K: a checkpoint is taken every so many requests.
    pub checkpoint_interval: u64,
    /// L: so many numbers above the last stable checkpoint are in use.
    pub log_window: u64,
    /// How long a backup waits for a request before it suspects the primary.
    pub view_change_ticks: Ticks,
    /// Between two notes of a replica on how far it is.
    pub status_ticks: Ticks,
    /// Whether reads are answered at once, without an order.
    pub read_only: bool,
}

impl Default for PbftSettings {
    fn default() -> Self {
        let config = crate::pbft::Config::default();
        Self {
            faults: config.faults,
            quorum: config.quorum,
            checkpoint_interval: config.checkpoint_interval,
            log_window: config.log_window,
            view_change_ticks: config.view_change_ticks,
            status_ticks: config.status_ticks,
            read_only: config.read_only,
        }
    }
}

/// Where a run stops.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// After so many events.
    pub events: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { events: 300_000 }
    }
}
