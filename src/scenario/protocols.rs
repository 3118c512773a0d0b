//! The protocols that a scenario can name, and what each takes from it.

use super::action::check_range;
use super::build::{ENTRIES_PER_MESSAGE_MAX, EVENTS_MAX, at_least_one, shown};
use super::error::ScenarioError;
use super::settings::Scenario;
use crate::check::Watched;
use crate::paxos::{self, Paxos};
use crate::raft::{self, Raft};

/// A protocol that a scenario can name.
pub trait Playable: Watched + 'static {
    /// The replicas' settings.
    ///
    /// # Errors
    ///
    /// Says which field is out of range.
    fn config(scenario: &Scenario) -> Result<Self::Config, ScenarioError>;
}

/// Something to do with a run, whatever its protocol.
pub trait WithProtocol {
    /// What comes of it.
    type Output;

    /// Does it for one protocol.
    fn with<R: Playable>(self) -> Self::Output;
}

/// The names of all protocols.
pub const PROTOCOLS: &[&str] = &["raft", "paxos"];

/// Does something for the protocol with that name. A build with the feature of one family alone has the protocols of that family alone.
///
/// # Errors
///
/// Says which protocols there are, or that this build does not have the one that is asked for.
pub fn with_protocol<W: WithProtocol>(name: &str, what: W) -> Result<W::Output, ScenarioError> {
    match name {
        "raft" if cfg!(feature = "raft") => Ok(what.with::<Raft>()),
        "paxos" if cfg!(feature = "paxos") => Ok(what.with::<Paxos>()),
        _ if PROTOCOLS.contains(&name) => Err(ScenarioError::at("protocol", format!("{name} is not in this build of the engine"))),
        _ => Err(ScenarioError::at("protocol", format!("there is no protocol {:?}: there are {}", shown(name), PROTOCOLS.join(" and ")))),
    }
}

impl Playable for Raft {
    fn config(scenario: &Scenario) -> Result<raft::Config, ScenarioError> {
        let settings = &scenario.raft;
        check_range("raft.election_timeout_ticks", settings.election_timeout_ticks, 1)?;
        at_least_one("raft.heartbeat_ticks", settings.heartbeat_ticks)?;
        if !(1..=ENTRIES_PER_MESSAGE_MAX).contains(&settings.entries_per_message_max) {
            let problem = format!("1 to {ENTRIES_PER_MESSAGE_MAX}, not {}", settings.entries_per_message_max);
            return Err(ScenarioError::at("raft.entries_per_message_max", problem));
        }
        let (threshold, trailing) = (settings.snapshot_threshold, settings.snapshot_trailing);
        for (place, entries) in [("raft.snapshot_threshold", threshold), ("raft.snapshot_trailing", trailing)] {
            if entries > u64::from(EVENTS_MAX) {
                return Err(ScenarioError::at(place, format!("at most {EVENTS_MAX}, not {entries}")));
            }
        }
        Ok(raft::Config {
            election_timeout_ticks_min: settings.election_timeout_ticks.min,
            election_timeout_ticks_max: settings.election_timeout_ticks.max,
            heartbeat_ticks: settings.heartbeat_ticks,
            pre_vote: settings.pre_vote,
            check_quorum: settings.check_quorum,
            snapshot_threshold: threshold,
            snapshot_trailing: trailing,
            entries_per_message_max: settings.entries_per_message_max,
            mutations: scenario.mutations()?,
        })
    }
}

impl Playable for Paxos {
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
