//! Multi-Paxos, by the real core: does the chosen value of a slot ever change, and does anybody take a value for chosen
//! that is not?
//!
//! Whether a slot has a chosen value is a matter of the acceptors alone: it has, once a majority of them has accepted
//! it there in one ballot, and written that down (Lamport, "Paxos Made Simple", 2.1, 2.4 and 3). A higher ballot takes
//! the place of a lower one in an acceptor's log, so the model remembers what was ever accepted. Heartbeats, refusals
//! and reads are kept out: safety rests on none of them. A command is asked of a server at any moment, and is lost
//! where that one does not lead.

use crate::kv::Command;
use crate::multi_paxos::log::{Accepted, Payload, Slot};
use crate::multi_paxos::{Ballot, Config, Message, MultiPaxos, MultiPaxosTimer, Role};
use crate::process::{Catalogue, NodeId, NodeSet, fingerprint_struct};
use crate::scenario::Scenario;
use crate::scenario::bounds::TICKS_MAX;
use crate::scenario::settings::MultiPaxosSettings;
use crate::search::explore::Property;
use crate::search::explore::cluster::{ClusterProperty, ClusterState, Happened, Subject};
use crate::search::replay::Staged;
use crate::sim::TicksRange;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Acceptors, and a majority of them.
pub const ACCEPTORS: u16 = 3;
const MAJORITY: u32 = 2;

/// What is asked of Multi-Paxos.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slots {
    /// The clients, each with the value that it writes. Client c asks the server n with n = c modulo 3, as clients do
    /// in a run.
    pub clients: Vec<(NodeId, &'static str)>,
    /// States with ballots of higher rounds are out of bounds.
    pub round_max: u64,
    /// States with more messages in flight are out of bounds.
    pub in_flight_max: usize,
    /// Whether leaders are told of acceptances, and so learn what is chosen.
    pub learning: bool,
    /// Whether what agreement rests on is asked, too: that promises are kept, and to accept is to promise, and that
    /// gaps are filled.
    pub lemmas: bool,
}

/// A value, and who has ever accepted it in a slot and a ballot.
type Vote = (Arc<Payload>, NodeSet);

/// Who has ever accepted what, and what acceptors have said.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Votes {
    /// For each slot and ballot: one value, unless something is wrong.
    pub accepted: BTreeMap<(Slot, Ballot), Vec<Vote>>,
    /// For each acceptor, by its place, the highest ballot below which it has said that it hears nothing; kept where
    /// the lemmas are asked.
    pub said: Vec<Option<Ballot>>,
    /// Whether an acceptor has gone back on that.
    pub gone_back: bool,
}

fingerprint_struct!(Votes { accepted, said, gone_back });

impl Votes {
    /// The slots in which a value is chosen, each with a ballot in which it is.
    pub fn chosen(&self) -> impl Iterator<Item = (Slot, Ballot, &Payload)> {
        self.accepted.iter().flat_map(|(&(slot, ballot), votes)| {
            votes
                .iter()
                .filter(|(_, acceptors)| acceptors.len() >= MAJORITY)
                .map(move |(payload, _)| (slot, ballot, &**payload))
        })
    }

    /// Whether an acceptance is known.
    fn has(&self, slot: Slot, accepted: &Accepted, acceptor: NodeId) -> bool {
        let votes = self.accepted.get(&(slot, accepted.ballot));
        votes.is_some_and(|votes| {
            votes.iter().any(|(known, acceptors)| *known == accepted.payload && acceptors.contains(acceptor))
        })
    }

    /// Notes an acceptance.
    fn note(&mut self, slot: Slot, accepted: &Accepted, acceptor: NodeId) {
        let votes = self.accepted.entry((slot, accepted.ballot)).or_default();
        match votes.iter_mut().find(|(known, _)| *known == accepted.payload) {
            Some((_, acceptors)) => drop(acceptors.insert(acceptor)),
            None => votes.push((accepted.payload.clone(), NodeSet::from_iter([acceptor]))),
        }
    }
}

/// A state of the cluster.
type Cluster = ClusterState<MultiPaxos, Votes>;

/// Whether all that a server takes for chosen is chosen, as far as its log still holds it. A hole holds nothing that
/// could be.
fn has_learned_the_truth(server: &MultiPaxos, votes: &Votes) -> bool {
    let log = server.log();
    (log.base() + 1..=server.commit_index()).all(|slot| {
        let is_chosen =
            |held: &Payload| votes.chosen().any(|(chosen_in, _, payload)| chosen_in == slot && payload == held);
        log.get(slot).is_some_and(|held| is_chosen(&held.payload))
    })
}

/// The ballot below which a server hears nothing any more, as it says by this message.
fn promised_by(message: &Message) -> Option<Ballot> {
    match message {
        Message::Prepare { ballot, .. } | Message::HeartbeatReply { ballot, .. } => Some(*ballot),
        Message::StateReply(reply) => Some(reply.ballot),
        Message::Promise(promise) => Some(promise.ballot),
        Message::Accepted(accepted) => Some(accepted.ballot),
        _ => None,
    }
}

/// Whether a leader has proposed something in each slot up to the next command's.
fn has_filled_its_gaps(server: &MultiPaxos) -> bool {
    let Role::Leader(leader) = server.role_state() else { return true };
    (server.commit_index() + 1..leader.next_slot).all(|slot| server.log().get(slot).is_some())
}

impl Subject for Slots {
    type Process = MultiPaxos;
    type Memory = Votes;

    fn properties(&self) -> Vec<ClusterProperty<Self>> {
        let mut properties = vec![
            Property::always("agreement", "at most one value is ever chosen in a slot", |_, state: &Cluster| {
                let votes = state.memory();
                votes
                    .chosen()
                    .all(|(slot, _, payload)| votes.chosen().all(|(other, _, value)| other != slot || value == payload))
            }),
            Property::always(
                "one-value-a-ballot",
                "all that is accepted in one slot and ballot is the same value",
                |_, state: &Cluster| state.memory().accepted.values().all(|votes| votes.len() == 1),
            ),
            Property::reachable(
                "chosen-again",
                "the value of a slot is chosen in a second ballot, as the next leader must propose it again",
                |_, state: &Cluster| {
                    let slots: Vec<Slot> = state.memory().chosen().map(|(slot, ..)| slot).collect();
                    slots.windows(2).any(|pair| pair[0] == pair[1])
                },
            ),
            Property::reachable("two-slots-are-chosen", "two slots have chosen values", |_, state: &Cluster| {
                let mut slots: Vec<Slot> = state.memory().chosen().map(|(slot, ..)| slot).collect();
                slots.dedup();
                slots.len() > 1
            }),
        ];
        if self.learning {
            properties.push(Property::always(
                "learned-is-chosen",
                "what a server takes for chosen is what a majority has accepted in one ballot",
                |_, state: &Cluster| state.up().all(|(_, server)| has_learned_the_truth(server, state.memory())),
            ));
        }
        if self.lemmas {
            properties.push(Property::always(
                "promises-kept",
                "an acceptor that has promised a ballot, or accepted in it, promises and accepts nothing lower",
                |_, state: &Cluster| !state.memory().gone_back,
            ));
            properties.push(Property::always(
                "gaps-filled",
                "a leader has proposed something in each slot below that of its next command",
                |_, state: &Cluster| state.up().all(|(_, server)| has_filled_its_gaps(server)),
            ));
            properties.push(Property::reachable(
                "a-gap-is-filled",
                "a slot has a value that does nothing",
                |_, state: &Cluster| {
                    state.memory().accepted.values().flatten().any(|(payload, _)| **payload == Payload::NoOp)
                },
            ));
        }
        properties
    }

    fn remember(&self, memory: &Votes, happened: &Happened<'_, MultiPaxos>) -> Option<Votes> {
        let node = happened.node;
        // What it accepts it says in the same step; what its disk makes of that is another matter.
        let log = happened.cluster.get(node.index())?.process.as_ref()?.log();
        let news = || log.after(0).filter(|(slot, accepted)| !memory.has(*slot, accepted, node));
        let said = happened.sent.iter().find_map(|envelope| promised_by(&envelope.message)).filter(|_| self.lemmas);
        let known = memory.said.get(node.index()).copied().flatten();
        if news().next().is_none() && (said.is_none() || said == known) {
            return None;
        }
        let mut votes = memory.clone();
        news().for_each(|(slot, accepted)| votes.note(slot, accepted, node));
        if said.is_some() {
            votes.said.resize(usize::from(ACCEPTORS), None);
            votes.said[node.index()] = known.max(said);
            votes.gone_back |= said < known;
        }
        Some(votes)
    }

    fn memory_bytes(&self, memory: &Votes) -> usize {
        // Nodes of a tree have space for eleven, each with a list of its own.
        size_of::<Votes>()
            + memory.said.len() * size_of::<Option<Ballot>>()
            + (memory.accepted.len() / 6 + 1) * 640
            + memory.accepted.len() * 80
    }

    fn is_within_bounds(&self, state: &Cluster) -> bool {
        state.in_flight().count() <= self.in_flight_max
            && state.up().all(|(_, server)| server.durable().round <= self.round_max)
    }

    fn may_fire(&self, timer: MultiPaxosTimer) -> bool {
        timer == MultiPaxosTimer::Election
    }

    fn carries(&self, _: NodeId, message: &Message) -> bool {
        match message {
            Message::Prepare { .. } | Message::Promise(_) | Message::Accept(_) | Message::Request(_) => true,
            Message::Accepted(_) => self.learning,
            _ => false,
        }
    }

    fn requests(&self) -> Vec<(NodeId, NodeId, Message)> {
        super::requests(self.invocations(), ACCEPTORS)
    }

    fn bounds(&self) -> Vec<String> {
        let asks =
            |(client, value): &(NodeId, &str)| format!("n{} is asked to write {value}", client.0 % ACCEPTORS + 1);
        let asked: Vec<String> = self.clients.iter().map(asks).collect();
        let told = if self.learning { "" } else { ", and nobody is told of acceptances" };
        vec![
            format!(
                "{}; ballots of rounds up to {}; at most {} messages in flight",
                asked.join(", "),
                self.round_max,
                self.in_flight_max
            ),
            format!("the network carries no heartbeats, refusals or states{told}; the timers of elections only"),
        ]
    }

    fn describe(&self, server: &MultiPaxos) -> String {
        let durable = server.durable();
        let role = match server.role_state() {
            Role::Follower => "follower".to_owned(),
            Role::Candidate(candidate) => {
                format!("candidate {} with {} promises", candidate.ballot, candidate.promises.len())
            }
            Role::Leader(leader) => format!("LEADER {}", leader.ballot),
        };
        let promised = durable.promised.map_or("nothing".to_owned(), |ballot| ballot.to_string());
        let accepted: Vec<String> = durable
            .log
            .after(0)
            .map(|(slot, accepted)| format!("{slot}: {} {}", accepted.ballot, accepted.payload))
            .collect();
        let accepted = if accepted.is_empty() { "nothing".to_owned() } else { accepted.join(", ") };
        format!("{role}; promised {promised}, accepted {accepted}; chosen up to {}", server.commit_index())
    }
}

impl Staged for Slots {
    fn invocations(&self) -> Vec<(NodeId, Command)> {
        let command = |value: &str| Command::Put { key: "x".into(), value: value.into() };
        self.clients.iter().map(|&(client, value)| (client, command(value))).collect()
    }

    fn set(&self, config: &Config, scenario: &mut Scenario) {
        scenario.multi_paxos = MultiPaxosSettings {
            election_timeout_ticks: TicksRange::new(TICKS_MAX, TICKS_MAX),
            heartbeat_ticks: TICKS_MAX,
            check_quorum: config.check_quorum,
            snapshot_threshold: config.snapshot_threshold,
            snapshot_trailing: config.snapshot_trailing,
            slots_per_message_max: config.slots_per_message_max,
        };
        scenario.mutations = config.mutations.iter().map(|mutation| mutation.name().to_owned()).collect();
    }
}
