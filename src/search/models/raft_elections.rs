//! Raft's elections, by the real core: is there ever a second leader of a term?
//!
//! A leader may crash or step down before another wins the same term, so that no single state shows both. The model
//! therefore remembers who has led which term.

use crate::kv::Command;
use crate::process::{Catalogue, NodeId, fingerprint_struct};
use crate::raft::{Config, Message, Raft, RaftTimer, Role};
use crate::scenario::bounds::TICKS_MAX;
use crate::scenario::{RaftSettings, Scenario};
use crate::search::explore::Property;
use crate::search::explore::cluster::{ClusterProperty, ClusterState, Happened, Subject};
use crate::search::replay::Staged;
use crate::sim::TicksRange;
use std::collections::BTreeSet;

/// What is asked of elections.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RaftElections {
    /// States of higher terms are out of bounds.
    pub term_max: u64,
    /// States with more messages in flight are out of bounds.
    pub in_flight_max: usize,
    /// Whether leaders ask themselves if they have heard from a majority. They have not, since all AppendEntries are
    /// lost.
    pub quorum_checks: bool,
}

/// Who has led which term.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Led {
    /// Terms with their leaders.
    pub leaders: BTreeSet<(u64, NodeId)>,
}

fingerprint_struct!(Led { leaders });

/// A state of the cluster.
type Cluster = ClusterState<Raft, Led>;

impl Led {
    fn of_term(&self, term: u64) -> usize {
        self.leaders.iter().filter(|(of, _)| *of == term).count()
    }
}

impl Subject for RaftElections {
    type Process = Raft;
    type Memory = Led;

    fn properties(&self) -> Vec<ClusterProperty<Self>> {
        let mut properties = vec![
            Property::always(
                "one-leader-in-a-term",
                "at most one leader is elected in a term",
                |_, state: &Cluster| {
                    let led = state.memory();
                    led.leaders.iter().all(|(term, _)| led.of_term(*term) == 1)
                },
            ),
            Property::reachable("a-leader-is-elected", "some leader is elected", |_, state: &Cluster| {
                !state.memory().leaders.is_empty()
            }),
        ];
        if self.term_max > 1 {
            properties.push(Property::reachable(
                "leaders-change",
                "two terms have had leaders",
                |_, state: &Cluster| {
                    let mut terms: Vec<u64> = state.memory().leaders.iter().map(|(term, _)| *term).collect();
                    terms.dedup();
                    terms.len() > 1
                },
            ));
        }
        properties
    }

    fn remember(&self, memory: &Led, happened: &Happened<'_, Raft>) -> Option<Led> {
        let raft = happened.cluster.get(happened.node.index())?.process.as_ref()?;
        let led = (raft.current_term(), happened.node);
        if !matches!(raft.role_state(), Role::Leader(_)) || memory.leaders.contains(&led) {
            return None;
        }
        let mut memory = memory.clone();
        memory.leaders.insert(led);
        Some(memory)
    }

    fn memory_bytes(&self, memory: &Led) -> usize {
        // Nodes of a tree have space for eleven.
        size_of::<Led>() + (memory.leaders.len() / 6 + 1) * 256
    }

    fn is_within_bounds(&self, state: &Cluster) -> bool {
        state.in_flight().count() <= self.in_flight_max
            && state.up().all(|(_, raft)| raft.current_term() <= self.term_max)
    }

    fn may_fire(&self, timer: RaftTimer) -> bool {
        timer == RaftTimer::Election || (self.quorum_checks && timer == RaftTimer::QuorumCheck)
    }

    fn carries(&self, _: NodeId, message: &Message) -> bool {
        matches!(
            message,
            Message::RequestVote(_) | Message::RequestVoteReply(_) | Message::PreVote(_) | Message::PreVoteReply(_)
        )
    }

    fn bounds(&self) -> Vec<String> {
        let timers = if self.quorum_checks { "elections and quorum checks" } else { "elections" };
        vec![
            format!("terms up to {}; at most {} messages in flight", self.term_max, self.in_flight_max),
            format!("the network carries votes only; the timers of {timers} only"),
        ]
    }

    fn describe(&self, raft: &Raft) -> String {
        let role = match raft.role_state() {
            Role::Follower => "follower",
            Role::PreCandidate { .. } => "pre-candidate",
            Role::Candidate { .. } => "candidate",
            Role::Leader(_) => "LEADER",
        };
        let vote =
            raft.durable().voted_for.map_or("voted for nobody".to_owned(), |node| format!("voted for n{}", node.0 + 1));
        format!("{role} of term {}, {vote}", raft.current_term())
    }
}

impl Staged for RaftElections {
    fn invocations(&self) -> Vec<(NodeId, Command)> {
        Vec::new()
    }

    fn set(&self, config: &Config, scenario: &mut Scenario) {
        scenario.raft = RaftSettings {
            election_timeout_ticks: TicksRange::new(TICKS_MAX, TICKS_MAX),
            heartbeat_ticks: TICKS_MAX,
            pre_vote: config.pre_vote,
            check_quorum: config.check_quorum,
            reads_through_log: config.reads_through_log,
            snapshot_threshold: config.snapshot_threshold,
            snapshot_trailing: config.snapshot_trailing,
            entries_per_message_max: config.entries_per_message_max,
        };
        scenario.mutations = config.mutations.iter().map(|mutation| mutation.name().to_owned()).collect();
    }
}
