//! The protocols that a scenario can name, and what each takes from it. `pbft`, `tendermint` and
//! `viewstamped` have files of their own.

mod pbft;
mod tendermint;
mod viewstamped;

use super::bounds::{ENTRIES_PER_MESSAGE_MAX, EVENTS_MAX, at_least_one, check_range, shown};
use super::elections::Elections;
use super::error::ScenarioError;
use super::settings::Scenario;
use crate::kv::Reading;
use crate::multi_paxos::{self, MultiPaxos};
use crate::paxos::{self, Paxos};
use crate::pbft::Pbft;
use crate::process::NodeId;
use crate::raft::{self, Raft};
use crate::search::liars::Repertoire;
use crate::search::undecided::Undecided;
use crate::sim::World;
use crate::tendermint::Tendermint;
use crate::viewstamped::Viewstamped;

/// A protocol that a scenario can name.
pub trait Playable: Undecided + 'static {
    /// Rules that a run seldom follows, and behind which bugs hide: a hunt forks a run where one of them made something
    /// happen.
    const RARE: &'static [Self::Rule] = &[];

    /// Rules that can be switched off without any hunt seeing it, each with the reason: scripts show what they are for.
    const ONLY_SCRIPTS: &'static [(Self::Mutation, &'static str)] = &[];

    /// The ways of reading that it has.
    const READINGS: &'static [Reading] = &[Reading::Linearizable];

    /// Sets what a rule that a scenario switches off is there for, where a run would not meet it otherwise: a hunt does.
    fn meet_rules_switched_off(_scenario: &mut Scenario) {}

    /// Whether a replica whose disk was wiped is filled again while nobody writes, so that a wipe in silence loses
    /// nothing.
    const REFILLS: bool = false;

    /// Whether the fault model has it that this replica may crash now. A hunt crashes none that may not.
    fn bears_crash_of(_world: &World<Self>, _node: NodeId) -> bool {
        true
    }

    /// The replicas' settings.
    ///
    /// # Errors
    ///
    /// Says which field is out of range.
    fn config(scenario: &Scenario) -> Result<Self::Config, ScenarioError>;

    /// Why nobody can ever be elected in a run of a scenario, in a sentence: then it keeps its promises and shows
    /// nothing. None where somebody may be, or where a protocol elects nobody.
    fn nobody_can_be_elected(_scenario: &Scenario) -> Option<String> {
        None
    }

    /// How many equal replies a client needs, and how many to a read that is not ordered, where there are such reads.
    /// Where replies have weights: how much they must weigh together.
    fn replies_needed(_config: &Self::Config, _replicas: u16) -> (u32, Option<u32>) {
        (1, None)
    }

    /// What a reply of each replica weighs, in order; each other one weighs 1.
    fn weights(_config: &Self::Config) -> Vec<u32> {
        Vec::new()
    }

    /// How many replicas may lie without breaking a promise.
    fn liars_tolerated(_config: &Self::Config, _replicas: u16) -> u32 {
        0
    }

    /// How many replicas may be down, or lie, while the others make progress.
    fn absent_tolerated(_config: &Self::Config, replicas: u16) -> u32 {
        u32::from(replicas - 1) / 2
    }

    /// The power of each replica, in order, by which the hunt draws those that lie or are absent.
    fn powers(_config: &Self::Config, replicas: u16) -> Vec<u64> {
        vec![1; usize::from(replicas)]
    }

    /// How much power may lie without breaking a promise.
    fn power_that_may_lie(config: &Self::Config, replicas: u16) -> u64 {
        u64::from(Self::liars_tolerated(config, replicas))
    }

    /// How much power may be absent, or lie, while the others make progress.
    fn power_that_may_be_absent(config: &Self::Config, replicas: u16) -> u64 {
        u64::from(Self::absent_tolerated(config, replicas))
    }

    /// What liars can do in a plot over several views or rounds, besides what any liar can. Without departures no such
    /// plot is drawn.
    fn repertoire() -> Repertoire {
        Repertoire::default()
    }
}

/// Something to do with a run, whatever its protocol.
pub trait WithProtocol {
    /// What comes of it.
    type Output;

    /// Does it for one protocol.
    fn with<R: Playable>(self) -> Self::Output;
}

/// The names of all protocols.
pub const PROTOCOLS: &[&str] = &["raft", "paxos", "multi-paxos", "viewstamped", "pbft", "tendermint"];

/// Does something for the protocol with that name. A build with the feature of one family alone has the protocols of
/// that family alone.
///
/// # Errors
///
/// Says which protocols there are, or that this build does not have the one that is asked for.
pub fn with_protocol<W: WithProtocol>(name: &str, what: W) -> Result<W::Output, ScenarioError> {
    match name {
        "raft" if cfg!(feature = "raft") => Ok(what.with::<Raft>()),
        "paxos" if cfg!(feature = "paxos") => Ok(what.with::<Paxos>()),
        "multi-paxos" if cfg!(feature = "multi-paxos") => Ok(what.with::<MultiPaxos>()),
        "viewstamped" if cfg!(feature = "viewstamped") => Ok(what.with::<Viewstamped>()),
        "pbft" if cfg!(feature = "pbft") => Ok(what.with::<Pbft>()),
        "tendermint" if cfg!(feature = "tendermint") => Ok(what.with::<Tendermint>()),
        _ if PROTOCOLS.contains(&name) => {
            Err(ScenarioError::at("protocol", format!("{name} is not in this build of the engine")))
        }
        _ => Err(ScenarioError::at(
            "protocol",
            format!("there is no protocol {:?}: there are {}", shown(name), PROTOCOLS.join(", ")),
        )),
    }
}

impl Playable for Raft {
    const RARE: &'static [raft::Rule] =
        &[raft::Rule::ConflictTruncated, raft::Rule::OldTermNotCounted, raft::Rule::VoteRefusedLogBehind];
    const REFILLS: bool = true;
    const READINGS: &'static [Reading] = &Reading::ALL;

    fn config(scenario: &Scenario) -> Result<raft::Config, ScenarioError> {
        let settings = &scenario.raft;
        check_range("raft.election_timeout_ticks", settings.election_timeout_ticks, 1)?;
        at_least_one("raft.heartbeat_ticks", settings.heartbeat_ticks)?;
        if !(1..=ENTRIES_PER_MESSAGE_MAX).contains(&settings.entries_per_message_max) {
            let problem = format!("1 to {ENTRIES_PER_MESSAGE_MAX}, not {}", settings.entries_per_message_max);
            return Err(ScenarioError::at("raft.entries_per_message_max", problem));
        }
        let (threshold, trailing) = (settings.snapshot_threshold, settings.snapshot_trailing);
        for (path, entries) in [("raft.snapshot_threshold", threshold), ("raft.snapshot_trailing", trailing)] {
            if entries > u64::from(EVENTS_MAX) {
                return Err(ScenarioError::at(path, format!("at most {EVENTS_MAX}, not {entries}")));
            }
        }
        let reading = scenario.reading::<Self>()?;
        if reading == Reading::Lease && !settings.check_quorum {
            let problem = "a lease rests on servers that vote for nobody while they hear from a leader: it needs this";
            return Err(ScenarioError::at("raft.check_quorum", problem));
        }
        if reading != Reading::Linearizable && settings.reads_through_log {
            return Err(ScenarioError::at("raft.reads_through_log", "goes with reads that are linearizable alone"));
        }
        Ok(raft::Config {
            election_timeout_ticks_min: settings.election_timeout_ticks.min,
            election_timeout_ticks_max: settings.election_timeout_ticks.max,
            heartbeat_ticks: settings.heartbeat_ticks,
            pre_vote: settings.pre_vote,
            check_quorum: settings.check_quorum,
            reads_through_log: settings.reads_through_log,
            reading,
            clock_drift_ppm: scenario.clock_drift(),
            snapshot_threshold: threshold,
            snapshot_trailing: trailing,
            entries_per_message_max: settings.entries_per_message_max,
            // The simulated network carries messages of any size.
            bytes_per_message_max: u64::MAX,
            mutations: scenario.mutations()?,
        })
    }

    fn nobody_can_be_elected(scenario: &Scenario) -> Option<String> {
        let settings = &scenario.raft;
        let timeout_ticks = settings.election_timeout_ticks;
        Elections { candidate: "candidate", vote: "vote", timeout_ticks, asks_first: settings.pre_vote }
            .nobody_can_win(scenario)
    }
}

impl Playable for Paxos {
    const RARE: &'static [paxos::Rule] =
        &[paxos::Rule::PrepareRefused, paxos::Rule::AcceptRefused, paxos::Rule::Outbid, paxos::Rule::ValueBound];

    fn config(scenario: &Scenario) -> Result<paxos::Config, ScenarioError> {
        let settings = &scenario.paxos;
        Ok(paxos::Config {
            retry_ticks: at_least_one("paxos.retry_ticks", settings.retry_ticks)?,
            backoff_ticks: at_least_one("paxos.backoff_ticks", settings.backoff_ticks)?,
            backoff_ticks_max: at_least_one("paxos.backoff_ticks_max", settings.backoff_ticks_max)?,
            mutations: scenario.mutations()?,
        })
    }
}

impl Playable for MultiPaxos {
    const RARE: &'static [multi_paxos::Rule] = &[
        multi_paxos::Rule::ValueBound,
        multi_paxos::Rule::GapFilled,
        multi_paxos::Rule::AcceptRefused,
        multi_paxos::Rule::BallotLost,
    ];
    const READINGS: &'static [Reading] = &[Reading::Linearizable, Reading::Session, Reading::Local];

    fn config(scenario: &Scenario) -> Result<multi_paxos::Config, ScenarioError> {
        let settings = &scenario.multi_paxos;
        check_range("multi_paxos.election_timeout_ticks", settings.election_timeout_ticks, 1)?;
        if !(1..=ENTRIES_PER_MESSAGE_MAX).contains(&settings.slots_per_message_max) {
            let problem = format!("1 to {ENTRIES_PER_MESSAGE_MAX}, not {}", settings.slots_per_message_max);
            return Err(ScenarioError::at("multi_paxos.slots_per_message_max", problem));
        }
        let (threshold, trailing) = (settings.snapshot_threshold, settings.snapshot_trailing);
        for (path, slots) in
            [("multi_paxos.snapshot_threshold", threshold), ("multi_paxos.snapshot_trailing", trailing)]
        {
            if slots > u64::from(EVENTS_MAX) {
                return Err(ScenarioError::at(path, format!("at most {EVENTS_MAX}, not {slots}")));
            }
        }
        Ok(multi_paxos::Config {
            election_timeout_ticks_min: settings.election_timeout_ticks.min,
            election_timeout_ticks_max: settings.election_timeout_ticks.max,
            heartbeat_ticks: at_least_one("multi_paxos.heartbeat_ticks", settings.heartbeat_ticks)?,
            check_quorum: settings.check_quorum,
            reading: scenario.reading::<Self>()?,
            snapshot_threshold: threshold,
            snapshot_trailing: trailing,
            slots_per_message_max: settings.slots_per_message_max,
            bytes_per_message_max: u64::MAX,
            mutations: scenario.mutations()?,
        })
    }
}
