//! The protocols that a scenario can name, and what each takes from it.

use super::bounds::{ENTRIES_PER_MESSAGE_MAX, EVENTS_MAX, at_least_one, check_range, check_ticks, shown};
use super::elections::Elections;
use super::error::ScenarioError;
use super::settings::{Scenario, TimeoutSettings};
use crate::multi_paxos::{self, MultiPaxos};
use crate::paxos::{self, Paxos};
use crate::pbft::{self, Pbft};
use crate::process::{Alteration, Catalogue, Message};
use crate::raft::{self, Raft};
use crate::search::liars::{AroundOne, Repertoire};
use crate::search::undecided::Undecided;
use crate::sim::Deed;
use crate::tendermint::{self, Tendermint, Timeout, Validators};

/// A protocol that a scenario can name.
pub trait Playable: Undecided + 'static {
    /// Rules that a run seldom follows, and behind which bugs hide: a hunt forks a run where one of them made something
    /// happen.
    const RARE: &'static [Self::Rule] = &[];

    /// Rules that can be switched off without any hunt seeing it, each with the reason: scripts show what they are for.
    const ONLY_SCRIPTS: &'static [(Self::Mutation, &'static str)] = &[];

    /// Whether a replica whose disk was wiped is filled again while nobody writes, so that a wipe in silence loses
    /// nothing.
    const REFILLS: bool = false;

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
pub const PROTOCOLS: &[&str] = &["raft", "paxos", "multi-paxos", "pbft", "tendermint"];

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
            reads_through_log: settings.reads_through_log,
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

    fn config(scenario: &Scenario) -> Result<multi_paxos::Config, ScenarioError> {
        let settings = &scenario.multi_paxos;
        check_range("multi_paxos.election_timeout_ticks", settings.election_timeout_ticks, 1)?;
        if !(1..=ENTRIES_PER_MESSAGE_MAX).contains(&settings.slots_per_message_max) {
            let problem = format!("1 to {ENTRIES_PER_MESSAGE_MAX}, not {}", settings.slots_per_message_max);
            return Err(ScenarioError::at("multi_paxos.slots_per_message_max", problem));
        }
        let (threshold, trailing) = (settings.snapshot_threshold, settings.snapshot_trailing);
        for (place, slots) in
            [("multi_paxos.snapshot_threshold", threshold), ("multi_paxos.snapshot_trailing", trailing)]
        {
            if slots > u64::from(EVENTS_MAX) {
                return Err(ScenarioError::at(place, format!("at most {EVENTS_MAX}, not {slots}")));
            }
        }
        Ok(multi_paxos::Config {
            election_timeout_ticks_min: settings.election_timeout_ticks.min,
            election_timeout_ticks_max: settings.election_timeout_ticks.max,
            heartbeat_ticks: at_least_one("multi_paxos.heartbeat_ticks", settings.heartbeat_ticks)?,
            check_quorum: settings.check_quorum,
            snapshot_threshold: threshold,
            snapshot_trailing: trailing,
            slots_per_message_max: settings.slots_per_message_max,
            bytes_per_message_max: u64::MAX,
            mutations: scenario.mutations()?,
        })
    }
}

impl Playable for Tendermint {
    const RARE: &'static [tendermint::Rule] = &[
        tendermint::Rule::PrevotedOldProposal,
        tendermint::Rule::PrevotedNilOnOldProposal,
        tendermint::Rule::ValidValueSet,
        tendermint::Rule::RoundSkipped,
        tendermint::Rule::PrevotedNilOnNewProposal,
    ];

    fn config(scenario: &Scenario) -> Result<tendermint::Config, ScenarioError> {
        let settings = &scenario.tendermint;
        let timeout = |place: &str, timeout: TimeoutSettings| {
            check_ticks(&format!("tendermint.{place}.delta_ticks"), timeout.delta_ticks)?;
            let initial_ticks = at_least_one(&format!("tendermint.{place}.initial_ticks"), timeout.initial_ticks)?;
            Ok(Timeout { initial_ticks, delta_ticks: timeout.delta_ticks })
        };
        let powers = &settings.powers;
        if powers.len() > scenario.replicas as usize {
            let problem = format!("{} numbers for {} replicas", powers.len(), scenario.replicas);
            return Err(ScenarioError::at("tendermint.powers", problem));
        }
        if let Some(place) = powers.iter().position(|power| !(1..=tendermint::config::POWER_MAX).contains(power)) {
            let problem = format!("1 to {}, not {}", tendermint::config::POWER_MAX, powers[place]);
            return Err(ScenarioError::at(format!("tendermint.powers[{place}]"), problem));
        }
        if settings.liars.is_some_and(|liars| liars >= scenario.replicas) {
            return Err(ScenarioError::at(
                "tendermint.liars",
                format!("fewer than the {} replicas", scenario.replicas),
            ));
        }
        if !(1..=ENTRIES_PER_MESSAGE_MAX).contains(&settings.requests_per_block_max) {
            let problem = format!("1 to {ENTRIES_PER_MESSAGE_MAX}, not {}", settings.requests_per_block_max);
            return Err(ScenarioError::at("tendermint.requests_per_block_max", problem));
        }
        let rest = std::iter::repeat_n(1, (scenario.replicas as usize).saturating_sub(powers.len()));
        let powers: Vec<u64> = powers.iter().copied().chain(rest).collect();
        Ok(tendermint::Config {
            propose: timeout("propose", settings.propose)?,
            prevote: timeout("prevote", settings.prevote)?,
            precommit: timeout("precommit", settings.precommit)?,
            resend_ticks: at_least_one("tendermint.resend_ticks", settings.resend_ticks)?,
            status_ticks: at_least_one("tendermint.status_ticks", settings.status_ticks)?,
            idle_ticks: check_ticks("tendermint.idle_ticks", settings.idle_ticks)?,
            requests_per_block_max: settings.requests_per_block_max,
            validators: Validators::new(&powers),
            liars: settings.liars,
            mutations: scenario.mutations()?,
        })
    }

    fn replies_needed(config: &tendermint::Config, _: u16) -> (u32, Option<u32>) {
        let validators = &config.validators;
        let of_liars = config.liars.map_or(validators.total() / 3, |liars| validators.power_of_strongest(liars));
        (u32::try_from(of_liars).unwrap_or(u32::MAX).saturating_add(1), None)
    }

    fn weights(config: &tendermint::Config) -> Vec<u32> {
        config.validators.powers().iter().map(|&power| u32::try_from(power).unwrap_or(u32::MAX)).collect()
    }

    fn liars_tolerated(config: &tendermint::Config, _: u16) -> u32 {
        config.liars.unwrap_or(config.validators.liars_tolerated())
    }

    fn absent_tolerated(config: &tendermint::Config, _: u16) -> u32 {
        config.validators.liars_tolerated()
    }

    fn powers(config: &tendermint::Config, _: u16) -> Vec<u64> {
        config.validators.powers().to_vec()
    }

    fn power_that_may_lie(config: &tendermint::Config, _: u16) -> u64 {
        let validators = &config.validators;
        config.liars.map_or_else(|| validators.power_below_a_third(), |liars| validators.power_of_strongest(liars))
    }

    fn power_that_may_be_absent(config: &tendermint::Config, _: u16) -> u64 {
        config.validators.power_below_a_third()
    }

    /// Liars that are to help two parts decide a height differently do not decide it, and forget what they locked on.
    fn repertoire() -> Repertoire {
        use tendermint::Mutation as M;
        let kind = |name: &str| {
            <tendermint::Message as Message>::KINDS.iter().position(|kind| *kind == name).map(|index| index as u8)
        };
        let face = |(name, how)| Some((kind(name)?, Deed::Alter(how)));
        let faces = [
            ("Proposal", Alteration::Value(0)),
            ("Prevote", Alteration::Value(0)),
            ("Precommit", Alteration::Value(0)),
            ("Prevote", Alteration::Nil),
            ("Precommit", Alteration::Nil),
            ("Status", Alteration::Nil),
        ];
        let departures = [
            M::DecisionPutOff,
            M::LockForgotten,
            M::ValidValueNotProposed,
            M::RefusedBlockVotedFor,
            M::PrecommittedWithoutPolka,
            M::ProposedOutOfTurn,
        ];
        Repertoire {
            departures: departures.map(Catalogue::code).into(),
            standing: [M::DecisionPutOff, M::LockForgotten, M::ValidValueNotProposed].map(Catalogue::code).into(),
            faces: faces.into_iter().filter_map(face).collect(),
            telling: Vec::new(),
            around_one: None,
        }
    }
}

/// Most sequence numbers that may be in use at once.
const LOG_WINDOW_MAX: u64 = 4_096;

impl Playable for Pbft {
    const RARE: &'static [pbft::Rule] =
        &[pbft::Rule::NewViewSent, pbft::Rule::CarriedOver, pbft::Rule::NullRequest, pbft::Rule::ViewChangeAccepted];
    // It harms no safety: a primary that orders nothing does what one does whose messages are lost, and every promise
    // holds where messages are lost. Nor does anybody stay unserved for long. A client without an answer asks all
    // replicas again, and a primary orders whatever it is asked for (`on_request`); so once the faults are over, each
    // request that the view began without has its number one attempt of its client's later, within what a hunt allows.
    const ONLY_SCRIPTS: &'static [(pbft::Mutation, &'static str)] = &[(
        pbft::Mutation::NewPrimaryIdle,
        "It harms no safety, and clients ask all replicas again soon enough, so that the new primary gets the request that it forgot.",
    )];

    fn config(scenario: &Scenario) -> Result<pbft::Config, ScenarioError> {
        let settings = &scenario.pbft;
        for (place, number) in [("pbft.faults", settings.faults), ("pbft.quorum", settings.quorum)] {
            let at_least = u32::from(place == "pbft.quorum");
            if number.is_some_and(|number| number < at_least || number > scenario.replicas) {
                let problem = format!("{at_least} to {}, the number of replicas", scenario.replicas);
                return Err(ScenarioError::at(place, problem));
            }
        }
        let (interval, window) = (settings.checkpoint_interval, settings.log_window);
        if !(1..=LOG_WINDOW_MAX).contains(&window) {
            return Err(ScenarioError::at("pbft.log_window", format!("1 to {LOG_WINDOW_MAX}, not {window}")));
        }
        if !(1..=window).contains(&interval) {
            let problem = format!("1 to the log window, {window}, not {interval}");
            return Err(ScenarioError::at("pbft.checkpoint_interval", problem));
        }
        Ok(pbft::Config {
            faults: settings.faults,
            quorum: settings.quorum,
            checkpoint_interval: interval,
            log_window: window,
            view_change_ticks: at_least_one("pbft.view_change_ticks", settings.view_change_ticks)?,
            status_ticks: at_least_one("pbft.status_ticks", settings.status_ticks)?,
            read_only: settings.read_only,
            mutations: scenario.mutations()?,
        })
    }

    /// They show two faces with two clients' requests, and in the next view hide what was decided in the last.
    fn repertoire() -> Repertoire {
        use pbft::Mutation::{CertificatesDropped, CheckpointHidden, QuorumTooSmall, ViewChangesChosen};
        let kinds = |name: &str| {
            <pbft::Message as Message>::KINDS.iter().position(|kind| *kind == name).unwrap_or_default() as u8
        };
        let other = Deed::Alter(Alteration::Value(0));
        Repertoire {
            departures: [CertificatesDropped, CheckpointHidden, ViewChangesChosen].map(Catalogue::code).into(),
            faces: ["pre-prepare", "prepare", "commit", "new-view"].map(|name| (kinds(name), other)).into(),
            telling: ["commitment", "state"].map(kinds).into(),
            standing: Vec::new(),
            around_one: Some(AroundOne {
                votes: ["prepare", "commit"].map(kinds),
                departures: [CertificatesDropped, QuorumTooSmall].map(Catalogue::code).into(),
            }),
        }
    }

    fn replies_needed(config: &pbft::Config, replicas: u16) -> (u32, Option<u32>) {
        (config.replies(replicas), config.read_only.then(|| config.quorum(replicas)))
    }

    fn liars_tolerated(config: &pbft::Config, replicas: u16) -> u32 {
        config.faults(replicas)
    }

    fn absent_tolerated(config: &pbft::Config, replicas: u16) -> u32 {
        u32::from(replicas).saturating_sub(config.quorum(replicas))
    }
}
