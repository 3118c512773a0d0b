//! The node's own Raft core, driven by hand.
//!
//! It is the core that the simulator runs, with the settings of the paper's figure 2: no pre-vote, no check-quorum, so
//! that a timeout raises the term at once and a higher term is always adopted; a new leader begins with a heartbeat,
//! because the course's logs hold no entry that does nothing before its task on leader changes; reads are entries of
//! the log. What the course's controls ask for is brought about by messages of other servers where messages can do it,
//! and else by booting the core from a disk in the state that is wanted.

use super::message::{Answer, Refusal};
use super::values::from_entry;
use crate::process::{Mutations, NodeId, Seat};
use crate::raft::log::Entries;
use crate::raft::message::{AppendEntries, RequestVoteReply};
use crate::raft::{Config, Durable, Message, Mutation, Raft, RaftTimer, Role};
use serde_json::{Value, json};

use super::host::Host;

/// Most names that a node learns besides those of its cluster, so that each has a place in a set of processes.
const NAMES_MAX: usize = 62;

/// A server that no name stands for: the leader by whom the course's controls speak.
const UNNAMED: NodeId = NodeId(62);

/// The node's core, and the names of those it speaks with.
#[derive(Clone, Debug)]
pub(super) struct RaftNode {
    pub(super) host: Host<Raft>,
    names: Vec<String>,
    /// The others, where a task has them answer within the node: empty until they are needed.
    companions: Vec<Option<Host<Raft>>>,
}

/// The settings of figure 2.
pub(super) fn figure_2() -> Config {
    Config {
        pre_vote: false,
        check_quorum: false,
        reads_through_log: true,
        snapshot_threshold: 0,
        snapshot_trailing: 0,
        mutations: Mutations::NONE.with(Mutation::NoOpOff),
        ..Config::default()
    }
}

impl RaftNode {
    pub(super) fn new(node_id: &str, node_ids: &[String]) -> Self {
        let place = node_ids.iter().position(|name| name == node_id).unwrap_or_default();
        let seat = Seat { id: NodeId(place as u16), replicas: node_ids.len() as u16 };
        // Another node draws other timeouts.
        let seed = xxhash_rust::xxh3::xxh3_64(node_id.as_bytes());
        Self {
            host: Host::boot(seat, figure_2(), Durable::default(), seed),
            names: node_ids.to_vec(),
            companions: node_ids.iter().map(|_| None).collect(),
        }
    }

    pub(super) fn core(&self) -> &Raft {
        self.host.process()
    }

    pub(super) fn is_leader(&self) -> bool {
        matches!(self.core().role_state(), Role::Leader(_))
    }

    /// The role, in the course's words.
    pub(super) fn role_name(&self) -> &'static str {
        match self.core().role_state() {
            Role::Follower => "follower",
            Role::PreCandidate { .. } | Role::Candidate { .. } => "candidate",
            Role::Leader(_) => "leader",
        }
    }

    /// The process of a name. A name that is new gets the next place.
    pub(super) fn named(&mut self, name: &str, field: &str) -> Result<NodeId, Refusal> {
        if let Some(place) = self.names.iter().position(|known| known == name) {
            return Ok(NodeId(place as u16));
        }
        if self.names.len() >= NAMES_MAX {
            return Err(Refusal::malformed(field, format!("more than {NAMES_MAX} names")));
        }
        self.names.push(name.to_owned());
        Ok(NodeId(self.names.len() as u16 - 1))
    }

    /// As [`RaftNode::named`], for another one than the node itself.
    pub(super) fn other_named(&mut self, name: &str, field: &str) -> Result<NodeId, Refusal> {
        let node = self.named(name, field)?;
        if node == self.host.seat().id {
            return Err(Refusal::malformed(field, format!("{name} is this node itself")));
        }
        Ok(node)
    }

    pub(super) fn name(&self, node: NodeId) -> String {
        self.names.get(node.index()).cloned().unwrap_or_else(|| "another".to_owned())
    }

    /// Whom it takes for the leader.
    fn known_leader(&self) -> Option<NodeId> {
        use crate::process::Process;
        self.core().view().leader
    }

    /// Whom it takes for the leader, if that one has a name.
    pub(super) fn leader_name(&self) -> Option<String> {
        self.known_leader().and_then(|leader| self.names.get(leader.index()).cloned())
    }

    /// A server of another term speaks: the core adopts a higher one, and has then voted for nobody.
    pub(super) fn adopt_term(&mut self, term: u64) {
        let reply = Message::RequestVoteReply(RequestVoteReply { term, vote_granted: false });
        self.host.receive(UNNAMED, &reply);
    }

    /// Boots the core from a disk, and lets a leader tell it what is committed.
    pub(super) fn restart(&mut self, mut disk: Durable, commit_index: u64) {
        disk.current_term = disk.current_term.max(disk.log.last_term());
        self.companions.fill_with(|| None);
        let (term, last) = (disk.current_term, (disk.log.last_index(), disk.log.last_term()));
        self.host.restart(disk);
        let request = AppendEntries {
            term,
            prev_log_index: last.0,
            prev_log_term: last.1,
            entries: Entries::default(),
            leader_commit: commit_index,
            round: 0,
        };
        self.host.receive(UNNAMED, &Message::AppendEntries(request));
        self.host.take_sent();
    }

    /// Boots the core as a server that has heard from nobody, at the end of the term before this one.
    fn restart_before(&mut self, term: u64) {
        let commit_index = self.core().commit_index();
        let mut disk = self.core().durable().clone();
        disk.current_term = term - 1;
        disk.voted_for = None;
        self.restart(disk, commit_index);
    }

    /// A leader's message that brings committed entries or a snapshot: the term that it must have to be heard.
    pub(super) fn term_of_a_leader(&self, at_least: u64) -> u64 {
        let own = self.core().current_term();
        // There is one leader in a term: where the node leads, another one has a later term.
        at_least.max(own + u64::from(self.is_leader()))
    }

    /// A message of the leader who brings what the course's controls say.
    pub(super) fn hear_leader(&mut self, message: &Message) -> Option<Message> {
        self.host.receive(UNNAMED, message);
        self.host.take_sent().into_iter().find(|(to, _)| *to == UNNAMED).map(|(_, reply)| reply)
    }

    /// What a copy of the core says that must not happen, if it is told this.
    pub(super) fn would_break(&self, from: NodeId, message: &Message) -> Option<String> {
        let mut copy = self.host.clone();
        copy.take_violations();
        copy.receive(from, message);
        copy.take_violations().into_iter().next()
    }

    /// Makes the node the leader of a term: its election timer fires, and the others vote for it. If it cannot be,
    /// nothing changes.
    pub(super) fn lead(&mut self, term: u64) -> Result<(), Refusal> {
        if term > 0 && term == self.core().current_term() && self.is_leader() {
            return Ok(());
        }
        let mut copy = self.clone();
        copy.stand_and_win(term)?;
        *self = copy;
        Ok(())
    }

    fn stand_and_win(&mut self, term: u64) -> Result<(), Refusal> {
        let own = self.core().current_term();
        if term == 0 {
            return Err(Refusal::malformed("term", "terms of leaders begin with 1"));
        }
        if term < own {
            return Err(Refusal::precondition(format!("the node is in term {own}, and terms never go back to {term}")));
        }
        if let Some(leader) = self.known_leader().filter(|&leader| term == own && leader != UNNAMED) {
            return Err(Refusal::precondition(format!(
                "{} leads in term {term}, and a term has one leader at most",
                self.name(leader)
            )));
        }
        let is_candidate = term == own && matches!(self.core().role_state(), Role::Candidate { .. });
        if !is_candidate {
            let durable = self.core().durable();
            if let Some(other) = durable.voted_for.filter(|&voted| term == own && voted != self.host.seat().id) {
                return Err(Refusal::precondition(format!(
                    "the node has voted for {} in term {term}",
                    self.name(other)
                )));
            }
            if term > own + 1 {
                self.adopt_term(term - 1);
            } else if term == own || self.is_leader() {
                self.restart_before(term);
            }
            self.host.fire(RaftTimer::Election);
        }
        self.companions.fill_with(|| None);
        let vote = Message::RequestVoteReply(RequestVoteReply { term, vote_granted: true });
        for peer in self.host.seat().peers() {
            self.host.receive(peer, &vote);
        }
        if self.is_leader() {
            Ok(())
        } else {
            Err(Refusal::precondition(format!("the node could not win term {term}")))
        }
    }

    /// Takes what the core sent and saw: messages to peers as JSON, the rest as remarks.
    pub(super) fn flush(&mut self, answer: &mut Answer) {
        for (to, message) in self.host.take_sent() {
            if to.0 < self.host.seat().replicas
                && let Some(body) = self.to_json(&message)
            {
                answer.to_peers.push((self.name(to), body));
            }
        }
        self.host.take_rules();
        answer
            .diagnostics
            .extend(self.host.take_violations().into_iter().map(|sentence| format!("the core reports: {sentence}")));
    }

    /// A message as the course writes it.
    pub(super) fn to_json(&self, message: &Message) -> Option<Value> {
        let own = self.name(self.host.seat().id);
        Some(match message {
            Message::RequestVote(request) => json!({
                "type": "request_vote", "term": request.term, "candidate_id": own,
                "last_log_index": request.last_log_index, "last_log_term": request.last_log_term,
            }),
            Message::AppendEntries(request) => {
                let indexed = (request.prev_log_index + 1..).zip(request.entries.iter());
                json!({
                    "type": "append_entries", "term": request.term, "leader_id": own,
                    "prev_log_index": request.prev_log_index, "prev_log_term": request.prev_log_term,
                    "entries": indexed.map(|(index, entry)| from_entry(index, entry)).collect::<Vec<_>>(),
                    "leader_commit": request.leader_commit,
                })
            }
            Message::InstallSnapshot(request) => json!({
                "type": "install_snapshot", "term": request.term, "leader_id": own,
                "snapshot_index": request.snapshot.last_included_index, "snapshot_term": request.snapshot.last_included_term,
                "state": super::values::from_store(&request.snapshot.store),
            }),
            _ => return None,
        })
    }

    /// Lets the other servers of the cluster answer, within the node: real cores that begin with an empty disk and
    /// catch up. What clients are told comes back. Links to the blocked ones lose what is sent.
    pub(super) fn let_peers_answer(&mut self, blocked: impl Fn(&str) -> bool, dropped: &mut u64) -> Vec<Message> {
        let (own, replicas) = (self.host.seat().id, self.host.seat().replicas);
        let mut told = Vec::new();
        // What was lost before is sent again with the heartbeat.
        self.host.take_sent();
        self.host.handle(crate::process::Input::Timer(RaftTimer::Heartbeat));
        loop {
            let sent = self.host.take_sent();
            if sent.is_empty() {
                return told;
            }
            for (to, message) in sent {
                if to.0 >= replicas {
                    told.push(message);
                } else if blocked(&self.names[to.index()]) {
                    *dropped += 1;
                } else {
                    let companion = self.companions[to.index()].get_or_insert_with(|| {
                        Host::boot(Seat { id: to, replicas }, figure_2(), Durable::default(), 1)
                    });
                    companion.receive(own, &message);
                    for (_, reply) in companion.take_sent().into_iter().filter(|(back, _)| *back == own) {
                        self.host.receive(to, &reply);
                    }
                }
            }
        }
    }
}
