//! Single-decree Paxos, by the real core: does a chosen value ever change?
//!
//! Whether a value is chosen is a matter of the acceptors alone: it is, once a majority of them has accepted it in one
//! ballot (Lamport, "Paxos Made Simple", 2.1). An acceptor that accepts a higher ballot forgets the lower one, so no
//! single state shows all that was ever accepted. The model therefore remembers who has accepted what, from what
//! acceptors say, which is just the set of the 2b messages of Lamport's specification. Learners are kept out: nobody is
//! told of an acceptance, unless one process is named that listens.
//!
//! Messages to oneself are messages like any other here, and may be late, come twice, or never: the roles in one
//! process are then as independent of each other as if they were processes of their own.

use crate::kv::{Command, Value};
use crate::paxos::proposer::Phase;
use crate::paxos::{Ballot, Config, Message, Paxos};
use crate::process::{Catalogue, NodeId, NodeSet, fingerprint_struct};
use crate::scenario::bounds::TICKS_MAX;
use crate::scenario::{PaxosSettings, Scenario};
use crate::search::explore::Property;
use crate::search::explore::cluster::{ClusterModel, ClusterProperty, ClusterState, Happened, Subject};
use crate::search::replay::Staged;
use std::collections::BTreeMap;

/// Acceptors, and a majority of them.
pub const ACCEPTORS: u16 = 3;
const MAJORITY: u32 = 2;

/// What is asked of single-decree Paxos.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SingleDecree {
    /// The clients, each with the value that it wants to be chosen. Client c asks the process n with n = c modulo 3, as
    /// clients do in a run.
    pub clients: Vec<(NodeId, &'static str)>,
    /// States with ballots of higher rounds are out of bounds.
    pub round_max: u64,
    /// States with more messages in flight are out of bounds.
    pub in_flight_max: usize,
    /// Whether refusals are carried. They make a proposer give up early, and are nothing that safety rests on.
    pub refusals: bool,
    /// The one process that is told of acceptances, if one is.
    pub learner: Option<NodeId>,
}

/// Who has ever accepted what.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Votes {
    /// For each ballot and value, the acceptors that said that they accept it.
    pub acceptors: BTreeMap<(Ballot, Value), NodeSet>,
}

fingerprint_struct!(Votes { acceptors });

impl Votes {
    /// The values that are chosen, each with a ballot in which it is.
    pub fn chosen(&self) -> impl Iterator<Item = &(Ballot, Value)> {
        self.acceptors.iter().filter(|(_, acceptors)| acceptors.len() >= MAJORITY).map(|(proposal, _)| proposal)
    }
}

/// A state of the cluster.
type Cluster = ClusterState<Paxos, Votes>;

/// In how many of the proposers an attempt has its promises, and asks for acceptance.
fn asking(state: &Cluster) -> usize {
    let attempts = state.up().filter_map(|(_, paxos)| paxos.attempt());
    attempts.filter(|attempt| matches!(attempt.phase(), Phase::Accepting { .. })).count()
}

impl Subject for SingleDecree {
    type Process = Paxos;
    type Memory = Votes;

    fn properties(&self) -> Vec<ClusterProperty<Self>> {
        let mut properties = vec![
            Property::always(
                "agreement",
                "at most one value is ever chosen, so a chosen value never changes",
                |_, state: &Cluster| {
                    let mut chosen = state.memory().chosen().map(|(_, value)| value);
                    chosen.next().is_none_or(|first| chosen.all(|other| other == first))
                },
            ),
            Property::always(
                "one-value-a-ballot",
                "all that is accepted in one ballot is the same value",
                |_, state: &Cluster| {
                    let votes = &state.memory().acceptors;
                    votes.keys().zip(votes.keys().skip(1)).all(|((ballot, _), (next, _))| ballot != next)
                },
            ),
            Property::always(
                "validity",
                "only a value that a client proposed is accepted, and so only such a value is chosen",
                |model: &ClusterModel<Self>, state: &Cluster| {
                    let proposed =
                        |value: &Value| model.subject().clients.iter().any(|(_, proposed)| **proposed == **value);
                    state.memory().acceptors.keys().all(|(_, value)| proposed(value))
                },
            ),
            Property::reachable("a-value-is-chosen", "some value is chosen", |_, state: &Cluster| {
                state.memory().chosen().next().is_some()
            }),
        ];
        if self.clients.iter().any(|(client, _)| client.0 % ACCEPTORS != self.clients[0].0.0 % ACCEPTORS) {
            properties.push(Property::reachable(
                "proposers-interleave",
                "two proposers have promises from a majority each, and ask for acceptance at the same time",
                |_, state: &Cluster| asking(state) > 1,
            ));
        }
        if self.learner.is_some() {
            properties.push(Property::always(
                "learned-is-chosen",
                "a process takes a value for chosen only if it is",
                |_, state: &Cluster| {
                    let is_chosen = |value: &Value| state.memory().chosen().any(|(_, chosen)| chosen == value);
                    state.up().filter_map(|(_, paxos)| paxos.chosen()).all(|learned| is_chosen(&learned.value))
                },
            ));
            properties.push(Property::reachable(
                "a-value-is-learned",
                "some process learns what is chosen",
                |_, state: &Cluster| state.up().any(|(_, paxos)| paxos.chosen().is_some()),
            ));
        }
        properties
    }

    fn remember(&self, memory: &Votes, happened: &Happened<'_, Paxos>) -> Option<Votes> {
        let accepted = happened.sent.iter().find_map(|envelope| match &envelope.message {
            Message::Accepted { proposal } => Some((proposal.ballot, proposal.value.clone())),
            _ => None,
        })?;
        if memory.acceptors.get(&accepted).is_some_and(|acceptors| acceptors.contains(happened.node)) {
            return None;
        }
        let mut memory = memory.clone();
        memory.acceptors.entry(accepted).or_default().insert(happened.node);
        Some(memory)
    }

    fn memory_bytes(&self, memory: &Votes) -> usize {
        // Nodes of a tree have space for eleven, and values are texts.
        size_of::<Votes>() + (memory.acceptors.len() / 6 + 1) * 1_024
    }

    fn is_within_bounds(&self, state: &Cluster) -> bool {
        state.in_flight().count() <= self.in_flight_max
            && state.up().all(|(_, paxos)| paxos.durable().round <= self.round_max)
    }

    fn carries(&self, to: NodeId, message: &Message) -> bool {
        match message {
            Message::Accepted { .. } => self.learner == Some(to),
            Message::Refused { .. } => self.refusals,
            _ => true,
        }
    }

    fn requests(&self) -> Vec<(NodeId, NodeId, Message)> {
        super::requests(self.invocations(), ACCEPTORS)
    }

    fn bounds(&self) -> Vec<String> {
        let asks =
            |(client, value): &(NodeId, &str)| format!("n{} is asked to propose {value}", client.0 % ACCEPTORS + 1);
        let asked: Vec<String> = self.clients.iter().map(asks).collect();
        let told = self.learner.map_or("nobody is".to_owned(), |learner| format!("only n{} is", learner.0 + 1));
        let mut bounds = vec![format!(
            "{}; ballots of rounds up to {}; {told} told of acceptances",
            asked.join(", "),
            self.round_max
        )];
        if self.in_flight_max < usize::MAX {
            bounds.push(format!("at most {} messages in flight", self.in_flight_max));
        }
        if !self.refusals {
            bounds.push("the network carries no refusals".to_owned());
        }
        bounds
    }

    fn describe(&self, paxos: &Paxos) -> String {
        let durable = paxos.durable();
        let promised = durable.promised.map_or("nothing".to_owned(), |ballot| ballot.to_string());
        let accepted = durable.accepted.as_ref().map_or("nothing".to_owned(), ToString::to_string);
        let attempt = paxos.attempt().map_or(String::new(), |attempt| {
            let phase = match attempt.phase() {
                Phase::Preparing { promises, .. } => format!("has {} promises", promises.len()),
                Phase::Accepting { value } => format!("asks to accept {value}"),
                Phase::Outbid => "was outbid".to_owned(),
            };
            format!("; ballot {} {phase}", attempt.ballot())
        });
        let learned = paxos.chosen().map_or(String::new(), |chosen| format!("; takes {chosen} for chosen"));
        format!("promised {promised}, accepted {accepted}{attempt}{learned}")
    }
}

impl Staged for SingleDecree {
    fn invocations(&self) -> Vec<(NodeId, Command)> {
        let command = |value: &str| Command::Cas { key: "value".into(), expected: None, new: value.into() };
        self.clients.iter().map(|&(client, value)| (client, command(value))).collect()
    }

    fn set(&self, config: &Config, scenario: &mut Scenario) {
        scenario.paxos =
            PaxosSettings { retry_ticks: TICKS_MAX, backoff_ticks: TICKS_MAX, backoff_ticks_max: TICKS_MAX };
        scenario.mutations = config.mutations.iter().map(|mutation| mutation.name().to_owned()).collect();
    }
}
