//! What can be explored, by name.
//!
//! * [`abstract_paxos`]: Paxos as Lamport's specification writes it down.
//! * [`paxos`]: the real core of single-decree Paxos.
//! * [`multi_paxos`]: the real core of Multi-Paxos.
//! * [`raft_elections`]: elections of the real Raft core.
//! * [`viewstamped`]: the real core of Viewstamped Replication.

pub mod abstract_paxos;
pub mod multi_paxos;
pub mod paxos;
pub mod raft_elections;
pub mod viewstamped;

use super::explore::cluster::{Bounds, ClusterModel};
use super::explore::{Exploration, Explorer, Limits};
use super::replay::{Replay, ReplayError, Staged, replay};
use crate::kv::{ClientMessage, Command, Request};
use crate::process::{Catalogue, Mutations, NodeId};
use crate::raft;
use abstract_paxos::AbstractPaxos;
use multi_paxos::Slots;
use paxos::SingleDecree;
use raft_elections::RaftElections;
use std::fmt;

/// A search that has begun, or why it cannot.
pub type Begun = Result<Box<dyn Search>, ModelError>;

/// A search of a model by name.
pub trait Search: Exploration {
    /// The shortest way to the state that decides a property, as a run. None if the property is not decided, or if the
    /// model is no cluster of real cores.
    ///
    /// # Errors
    ///
    /// If the run parts from what the explorer found, which would be a defect.
    fn replay(&self, property: &str) -> Option<Result<Replay, ReplayError>>;
}

impl Search for Explorer<AbstractPaxos> {
    fn replay(&self, _: &str) -> Option<Result<Replay, ReplayError>> {
        None
    }
}

impl<S: Staged> Search for Explorer<ClusterModel<S>> {
    fn replay(&self, property: &str) -> Option<Result<Replay, ReplayError>> {
        let index = self.properties().iter().position(|known| known.name == property)?;
        let path = self.deciding(index).and_then(|index| self.path_to(index))?;
        Some(replay(self.model(), &path))
    }
}

/// A rule that can be switched off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Switch {
    /// In kebab-case.
    pub name: &'static str,
    /// What is then the case, as a sentence.
    pub text: &'static str,
    /// Where the paper has the rule.
    pub source: &'static str,
}

/// Something that can be explored.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// In kebab-case.
    pub name: &'static str,
    /// What it is, as a sentence.
    pub text: &'static str,
    /// The protocol whose core it has; none for a model that is no core.
    pub protocol: Option<&'static str>,
    /// The rules that can be switched off.
    pub mutations: fn() -> Vec<Switch>,
    /// Those of them whose loss this model is the one to show.
    pub shows: &'static [&'static str],
    begin: fn(&[String], Limits) -> Begun,
}

/// All that can be explored.
pub const MODELS: &[Entry] = &[
    Entry {
        name: "abstract-paxos",
        text: "Single-decree Paxos as in Lamport's TLA+ specification: 3 acceptors, 2 values, ballots 0 and 1.",
        protocol: None,
        mutations: switches::<abstract_paxos::Mutation>,
        shows: &[],
        begin: |mutations, limits| begin_abstract_paxos(2, mutations, limits),
    },
    Entry {
        name: "abstract-paxos-3-ballots",
        text: "The same with ballots 0, 1 and 2.",
        protocol: None,
        mutations: switches::<abstract_paxos::Mutation>,
        shows: &["any-value-proposed", "quorum-too-small", "vote-raises-no-promise", "lowest-vote-taken"],
        begin: |mutations, limits| begin_abstract_paxos(3, mutations, limits),
    },
    Entry {
        name: "paxos",
        text: "Single-decree Paxos by the real core: 3 acceptors, 2 proposers with a ballot each, a crash and a restart, and a lost message.",
        protocol: Some("paxos"),
        mutations: switches::<crate::paxos::Mutation>,
        shows: &[
            "promise-not-durable",
            "acceptance-not-durable",
            "majority-too-small",
            "promise-ignored",
            "promise-without-accepted",
            "reports-ignored",
            "ballots-shared",
        ],
        begin: |mutations, limits| {
            begin_paxos(duel(1), Bounds { crashes: 1, losses: 1, ..Bounds::default() }, mutations, limits)
        },
    },
    Entry {
        name: "paxos-ballots",
        text: "The same with a third ballot, of whichever proposer tries again, and without crashes.",
        protocol: Some("paxos"),
        mutations: switches::<crate::paxos::Mutation>,
        shows: &["stale-promises-counted", "latest-value-taken", "accept-raises-no-promise"],
        begin: |mutations, limits| {
            let subject = SingleDecree { in_flight_max: 6, refusals: false, ..duel(2) };
            begin_paxos(subject, Bounds { timers: 1, ..Bounds::default() }, mutations, limits)
        },
    },
    Entry {
        name: "paxos-duplicates",
        text: "Two proposers with a ballot each, and a message that comes twice.",
        protocol: Some("paxos"),
        mutations: switches::<crate::paxos::Mutation>,
        shows: &[],
        begin: |mutations, limits| {
            begin_paxos(duel(1), Bounds { duplicates: 1, ..Bounds::default() }, mutations, limits)
        },
    },
    Entry {
        name: "paxos-restarted-proposer",
        text: "One proposer that two clients ask, that may crash and restart, and a message that comes twice.",
        protocol: Some("paxos"),
        mutations: switches::<crate::paxos::Mutation>,
        shows: &["ballot-not-durable"],
        begin: |mutations, limits| {
            // Both clients ask n1.
            let subject = SingleDecree { clients: vec![(NodeId(3), "v1"), (NodeId(6), "v2")], ..duel(1) };
            begin_paxos(subject, Bounds { crashes: 1, duplicates: 1, ..Bounds::default() }, mutations, limits)
        },
    },
    Entry {
        name: "paxos-learner",
        text: "Two proposers with a ballot each, and a third process that learns what is chosen.",
        protocol: Some("paxos"),
        mutations: switches::<crate::paxos::Mutation>,
        shows: &["any-acceptances-counted"],
        begin: |mutations, limits| {
            begin_paxos(SingleDecree { learner: Some(NodeId(2)), ..duel(1) }, Bounds::default(), mutations, limits)
        },
    },
    Entry {
        name: "multi-paxos",
        text: "Multi-Paxos by the real core: 3 servers, two elections, a write that n1 and n2 are asked for each, and a crash and a restart.",
        protocol: Some("multi-paxos"),
        mutations: switches::<crate::multi_paxos::Mutation>,
        shows: &[
            "majority-off-by-one",
            "promise-not-durable",
            "ballot-not-durable",
            "acceptance-not-durable",
            "promise-ignored",
            "promise-without-accepted",
            "new-leader-overwrites-possibly-chosen",
            "apply-past-a-gap",
        ],
        begin: |mutations, limits| {
            begin_multi_paxos(slots(1), Bounds { timers: 2, crashes: 1, ..Bounds::default() }, mutations, limits)
        },
    },
    Entry {
        name: "multi-paxos-ballots",
        text: "The same with a third ballot, and without crashes or news of what is chosen.",
        protocol: Some("multi-paxos"),
        mutations: switches::<crate::multi_paxos::Mutation>,
        shows: &["stale-promises-counted", "latest-instead-of-highest-ballot"],
        begin: |mutations, limits| {
            begin_multi_paxos(
                Slots { learning: false, ..slots(2) },
                Bounds { timers: 3, ..Bounds::default() },
                mutations,
                limits,
            )
        },
    },
    Entry {
        name: "multi-paxos-gaps",
        text: "Two elections without crashes, and a server that is asked for two writes, so that its successor can find gaps.",
        protocol: Some("multi-paxos"),
        mutations: switches::<crate::multi_paxos::Mutation>,
        shows: &["gap-skipped", "accept-raises-no-promise", "commit-for-another-ballots-value"],
        begin: |mutations, limits| {
            let clients = vec![(NodeId(3), "v1"), (NodeId(4), "v2"), (NodeId(7), "v3")];
            begin_multi_paxos(
                Slots { clients, lemmas: true, in_flight_max: 5, ..slots(2) },
                Bounds { timers: 2, ..Bounds::default() },
                mutations,
                limits,
            )
        },
    },
    Entry {
        name: "viewstamped",
        text: "Viewstamped Replication by the real core: 3 replicas without disks, two that want a new view, and a write that n1 and n2 are asked for each.",
        protocol: Some("viewstamped"),
        mutations: switches::<crate::viewstamped::Mutation>,
        shows: &[
            "commit-before-quorum",
            "old-view-prepared",
            "start-view-without-quorum",
            "own-log-kept",
            "uncommitted-dropped",
        ],
        begin: |mutations, limits| viewstamped::begin(Bounds { timers: 2, ..Bounds::default() }, mutations, limits),
    },
    Entry {
        name: "viewstamped-recovery",
        text: "The same with one that wants a new view, and one that forgets all in a crash and comes back.",
        protocol: Some("viewstamped"),
        mutations: switches::<crate::viewstamped::Mutation>,
        shows: &["recovery-skipped", "recovery-without-quorum", "recovery-from-any-primary"],
        begin: |mutations, limits| {
            viewstamped::begin(Bounds { timers: 1, crashes: 1, ..Bounds::default() }, mutations, limits)
        },
    },
    Entry {
        name: "raft-elections",
        text: "Elections of 3 servers by the real Raft core, one of which may crash and restart.",
        protocol: Some("raft"),
        mutations: switches::<raft::Mutation>,
        shows: &["vote-not-durable"],
        begin: |mutations, limits| {
            let subject = RaftElections { term_max: 2, in_flight_max: 6, quorum_checks: false };
            let bounds = Bounds { timers: 3, crashes: 1, ..Bounds::default() };
            begin_raft(
                subject,
                raft::Config { pre_vote: false, check_quorum: false, ..Default::default() },
                bounds,
                mutations,
                limits,
            )
        },
    },
    Entry {
        name: "raft-step-downs",
        text: "Elections of 3 servers by the real Raft core, with leaders that hear nothing more and step down, and empty logs.",
        protocol: Some("raft"),
        mutations: switches::<raft::Mutation>,
        shows: &["vote-forgotten-in-same-term"],
        begin: |mutations, limits| {
            let subject = RaftElections { term_max: 2, in_flight_max: 6, quorum_checks: true };
            let bounds = Bounds { timers: 3, ..Bounds::default() };
            // Without its first entry a leader has the log that all have, and only votes decide.
            let rules = Mutations::NONE.with(raft::Mutation::NoOpOff);
            begin_raft(
                subject,
                raft::Config { pre_vote: false, mutations: rules, ..Default::default() },
                bounds,
                mutations,
                limits,
            )
        },
    },
];

/// Why nothing can be explored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ModelError {
    /// There is no model of that name.
    UnknownModel(String),
    /// The model has no mutation of that name.
    UnknownMutation {
        /// The name.
        name: String,
        /// The names that it knows.
        known: Vec<&'static str>,
    },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownModel(name) => {
                let known: Vec<&str> = MODELS.iter().map(|model| model.name).collect();
                write!(f, "there is no model {name:?}; there is {}", known.join(", "))
            }
            Self::UnknownMutation { name, known } => {
                write!(f, "the model has no mutation {name:?}; it has {}", known.join(", "))
            }
        }
    }
}

impl std::error::Error for ModelError {}

/// Begins to explore a model, with some rules switched off.
///
/// # Errors
///
/// If there is no model or no mutation of that name: says which there are.
pub fn begin(model: &str, mutations: &[String], limits: Limits) -> Begun {
    let entry =
        MODELS.iter().find(|entry| entry.name == model).ok_or_else(|| ModelError::UnknownModel(model.to_owned()))?;
    (entry.begin)(mutations, limits)
}

fn names<M: Catalogue>() -> Vec<&'static str> {
    M::ALL.iter().map(|mutation| mutation.name()).collect()
}

fn switches<M: Catalogue>() -> Vec<Switch> {
    M::ALL
        .iter()
        .map(|mutation| Switch { name: mutation.name(), text: mutation.text(), source: mutation.source() })
        .collect()
}

fn switched_off<M: Catalogue>(mutations: &[String]) -> Result<Mutations<M>, ModelError> {
    mutations.iter().try_fold(Mutations::NONE, |set, name| {
        let mutation =
            M::named(name).ok_or_else(|| ModelError::UnknownMutation { name: name.clone(), known: names::<M>() })?;
        Ok(set.with(mutation))
    })
}

fn begin_abstract_paxos(ballots: u8, mutations: &[String], limits: Limits) -> Begun {
    let model = AbstractPaxos::majorities_of_three(ballots).with_mutations(switched_off(mutations)?);
    Ok(Box::new(Explorer::new(model, limits)))
}

/// What clients ask for at the beginning, on its way. Client c asks the server n with n = c modulo the servers, as
/// clients do in a run.
fn requests<M: ClientMessage>(invocations: Vec<(NodeId, Command)>, servers: u16) -> Vec<(NodeId, NodeId, M)> {
    let request = |(client, command): (NodeId, Command)| {
        (client, NodeId(client.0 % servers), M::request(Request { client, sequence: 1, command }))
    };
    invocations.into_iter().map(request).collect()
}

/// Two proposers, n1 and n2, which want different values.
fn duel(round_max: u64) -> SingleDecree {
    SingleDecree {
        clients: vec![(NodeId(3), "v1"), (NodeId(4), "v2")],
        round_max,
        in_flight_max: usize::MAX,
        refusals: true,
        learner: None,
    }
}

fn begin_paxos(subject: SingleDecree, bounds: Bounds, mutations: &[String], limits: Limits) -> Begun {
    let config = crate::paxos::Config { mutations: switched_off(mutations)?, ..Default::default() };
    Ok(Box::new(Explorer::new(ClusterModel::new(subject, config, paxos::ACCEPTORS, bounds), limits)))
}

/// Two servers, n1 and n2, that a client asks to write something.
fn slots(round_max: u64) -> Slots {
    Slots {
        clients: vec![(NodeId(3), "v1"), (NodeId(4), "v2")],
        round_max,
        in_flight_max: 6,
        learning: true,
        lemmas: false,
    }
}

fn begin_multi_paxos(subject: Slots, bounds: Bounds, mutations: &[String], limits: Limits) -> Begun {
    let config =
        crate::multi_paxos::Config { check_quorum: false, mutations: switched_off(mutations)?, ..Default::default() };
    Ok(Box::new(Explorer::new(ClusterModel::new(subject, config, multi_paxos::ACCEPTORS, bounds), limits)))
}

fn begin_raft(
    subject: RaftElections,
    config: raft::Config,
    bounds: Bounds,
    mutations: &[String],
    limits: Limits,
) -> Begun {
    let switched_off = switched_off(mutations)?.iter().fold(config.mutations, Mutations::with);
    let config = raft::Config { mutations: switched_off, ..config };
    Ok(Box::new(Explorer::new(ClusterModel::new(subject, config, 3, bounds), limits)))
}

#[cfg(test)]
mod tests;
