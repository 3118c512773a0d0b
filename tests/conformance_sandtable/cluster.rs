//! Our cluster, in which nothing happens by itself: no timer fires, no message arrives and no client asks unless the
//! course says so.
//!
//! It is the real core in the simulator, watched after every event. Clients reach servers at once; servers reach one
//! another when told to.

use consensus_playground::check::linearizability::Verdict;
use consensus_playground::kv::{Command, Ending};
use consensus_playground::process::{Catalogue, MILLISECOND, NodeId, NodeSet, SECOND, Ticks, Timer};
use consensus_playground::raft::log::Payload;
use consensus_playground::raft::{self, Message, Mutation, Raft, RaftTimer};
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, NetworkDials, Ratio, Stepped, TicksRange};

use super::course::{Class, Course, Deed, Entry, Role};

/// Longer than any course takes.
const NEVER: Ticks = 10_000 * SECOND;
const CLIENTS_MAX: usize = 32;

/// The cluster at some step of a course.
#[derive(Clone)]
pub struct Cluster {
    run: Run<Raft>,
    servers: usize,
    clients: usize,
    /// How many clients have asked each server.
    asked: Vec<usize>,
    /// Each server's log from index 1, with what its snapshot covers.
    logs: Vec<Vec<Entry>>,
}

/// How many entries are applied when a snapshot is due, as it is for the course's first snapshot. Where leaders append
/// no entry of their own there, they do here, one in each term.
fn snapshot_threshold(course: &Course) -> u64 {
    let due = course.steps.iter().filter_map(|step| match &step.deed {
        Deed::Snapshot(server, index) => {
            let covered = step.after[*server].log.iter().take(*index as usize);
            let mut terms: Vec<u64> = covered.map(|(term, _)| *term).collect();
            terms.dedup();
            Some(index + if course.has_no_ops { 0 } else { terms.len() as u64 })
        }
        _ => None,
    });
    due.min().unwrap_or_default()
}

fn scenario(course: &Course, mutations: &[Mutation]) -> Scenario {
    let servers = course.servers.len();
    let asked_at = |server: usize| {
        course
            .steps
            .iter()
            .filter(|step| matches!(&step.deed, Deed::Put(at, _) | Deed::Get(at) if *at == server))
            .count()
    };
    // One more each, who asks when the course is over.
    let each = (0..servers).map(asked_at).max().unwrap_or_default() + 1;
    let mut scenario = Scenario {
        replicas: servers as u32,
        clients: (servers * each).min(CLIENTS_MAX) as u32,
        ..Scenario::of("raft")
    };
    scenario.mutations = mutations.iter().map(|mutation| mutation.name().to_owned()).collect();
    scenario.workload.operations_per_client = Some(0);
    scenario.network.latency_ticks = TicksRange::new(NEVER, NEVER);
    scenario.network.reordering = Ratio::percent(100);
    scenario.client.attempt_ticks = NEVER;
    scenario.client.deadline_ticks = NEVER;
    scenario.client.backoff_ticks_max = NEVER;
    scenario.raft.election_timeout_ticks = TicksRange::new(NEVER, NEVER);
    scenario.raft.heartbeat_ticks = NEVER;
    scenario.raft.pre_vote = course.has_pre_votes;
    scenario.raft.check_quorum = false;
    scenario.raft.snapshot_threshold = snapshot_threshold(course);
    scenario.raft.snapshot_trailing = 0;
    scenario
}

/// A message's class, and whether it can stand for one of the course's.
fn stands_for(message: &Message, class: Class) -> bool {
    match message {
        Message::RequestVote(_) => class == Class::VoteRequest,
        Message::RequestVoteReply(_) => class == Class::VoteReply,
        Message::PreVote(_) => class == Class::PreVote,
        Message::PreVoteReply(_) => class == Class::PreVoteReply,
        // A leader of ours sends a snapshot only where it has dropped the entries; else the entries.
        Message::AppendEntries(_) => matches!(class, Class::Append | Class::Snapshot),
        Message::InstallSnapshot(_) => matches!(class, Class::Append | Class::Snapshot),
        Message::AppendEntriesReply(_) | Message::InstallSnapshotReply(_) => class == Class::AppendReply,
        Message::Request(_) | Message::Reply(_) | Message::Invoke(_) => false,
        Message::SessionRead(_) | Message::SessionReply(_) => false,
    }
}

impl Cluster {
    /// A cluster that has booted. An error says why there can be none such.
    pub fn new(course: &Course, mutations: &[Mutation]) -> Result<Self, String> {
        let scenario = scenario(course, mutations);
        let (servers, clients) = (course.servers.len(), scenario.clients as usize);
        let run = Run::new(scenario.raft_simulation().map_err(|error| error.to_string())?);
        let mut cluster = Self { run, servers, clients, asked: vec![0; servers], logs: vec![Vec::new(); servers] };
        cluster.settle();
        for server in 0..servers {
            for client in servers..servers + clients {
                let (server, client) = (NodeId(server as u16), NodeId(client as u16));
                for (from, to) in [(server, client), (client, server)] {
                    cluster.act(Action::LinkLatency(from, to, TicksRange::new(0, 0)));
                }
            }
        }
        Ok(cluster)
    }

    /// Does something, and lets happen at once what follows from it. Says whether it could be done.
    pub fn act(&mut self, action: Action) -> bool {
        let done = self.run.intervene(action).is_ok();
        self.settle();
        done
    }

    fn settle(&mut self) {
        self.note_logs();
        let now = self.run.simulation().world().now();
        while self.run.step_until(now) == Stepped::Event {
            self.note_logs();
        }
    }

    fn note_logs(&mut self) {
        for server in 0..self.servers {
            let Some(raft) = self.server(server) else { continue };
            let (base, base_term) =
                (raft.log().base_index() as usize, raft.log().term_at(raft.log().base_index()).unwrap_or_default());
            let kept: Vec<Entry> = raft.log().iter().map(|(_, entry)| (entry.term, payload(&entry.payload))).collect();
            let holds = |log: &&Vec<Entry>| log.len() >= base && (base == 0 || log[base - 1].0 == base_term);
            let covered = std::iter::once(&self.logs[server]).chain(&self.logs).find(holds);
            let covered = covered.map_or(&[][..], |log| &log[..base]);
            self.logs[server] = covered.iter().cloned().chain(kept).collect();
        }
    }

    /// A server, if it is up.
    pub fn server(&self, server: usize) -> Option<&Raft> {
        self.run.simulation().world().replicas()[server].process.as_ref()
    }

    pub fn log(&self, server: usize) -> &[Entry] {
        &self.logs[server]
    }

    pub fn leads(&self, server: usize) -> bool {
        self.server(server).is_some_and(|raft| matches!(raft.role_state(), raft::Role::Leader(_)))
    }

    pub fn role(&self, server: usize) -> Option<(Role, Option<NodeSet>)> {
        Some(match self.server(server)?.role_state() {
            raft::Role::Follower => (Role::Follower, None),
            raft::Role::PreCandidate { votes } => (Role::PreCandidate, Some(*votes)),
            raft::Role::Candidate { votes } => (Role::Candidate, Some(*votes)),
            raft::Role::Leader(_) => (Role::Leader, None),
        })
    }

    // What is done.

    pub fn fire(&mut self, server: usize, timer: RaftTimer) -> bool {
        self.act(Action::FireTimer(NodeId(server as u16), timer.kind()))
    }

    /// A client asks a server that it takes for the leader. Each asks once, so that nobody waits for an earlier answer.
    /// Says whether one was left.
    pub fn ask(&mut self, server: usize, command: Command) -> bool {
        let client = server + self.servers * self.asked[server];
        self.asked[server] += 1;
        client < self.clients && self.act(Action::Invoke(NodeId((self.servers + client) as u16), command))
    }

    pub fn restart(&mut self, server: usize) -> bool {
        let node = NodeId(server as u16);
        self.act(Action::Crash(node)) && self.act(Action::Restart(node))
    }

    /// Cuts servers off from the others, each with its clients.
    pub fn partition(&mut self, cut: &[usize], is_lost: bool) -> bool {
        let servers = self.servers;
        let is_cut = |node: NodeId| cut.contains(&side(servers, node));
        if is_lost {
            let across = |message: &u32| {
                let record = &self.run.simulation().trace().messages[*message as usize];
                is_cut(record.from) != is_cut(record.to)
            };
            let lost: Vec<u32> = self.run.simulation().world().in_flight().into_iter().filter(across).collect();
            for message in lost {
                self.act(Action::DropMessage(message));
            }
        }
        let all = 0..(self.servers + self.clients) as u16;
        let group = all.map(NodeId).filter(|&node| is_cut(node)).collect();
        self.act(Action::Partition(vec![group]))
    }

    pub fn deliver(&mut self, messages: &[u32]) {
        for &message in messages {
            self.act(Action::DeliverMessageNow(message));
        }
    }

    /// Sends a message a second time. Gives the copy.
    pub fn duplicate(&mut self, message: u32) -> Option<u32> {
        let done = self.act(Action::DuplicateMessage(message));
        done.then(|| self.messages() - 1)
    }

    // What is seen.

    /// How many messages were sent so far.
    pub fn messages(&self) -> u32 {
        self.run.simulation().trace().messages.len() as u32
    }

    pub fn message(&self, message: u32) -> &Message {
        &self.run.simulation().trace().messages[message as usize].body
    }

    /// Messages under way between two servers that can stand for one of a class, oldest first.
    pub fn in_flight(&self, from: usize, to: usize, class: Class) -> Vec<u32> {
        let matches = |message: &u32| {
            let record = &self.run.simulation().trace().messages[*message as usize];
            (record.from.index(), record.to.index()) == (from, to) && stands_for(&record.body, class)
        };
        self.run.simulation().world().in_flight().into_iter().filter(matches).collect()
    }

    /// The promises that are broken, each with what was seen.
    pub fn broken(&mut self) -> Vec<(&'static str, String)> {
        let findings = self.run.findings_at_end().into_iter();
        let mut broken: Vec<_> = findings.map(|finding| (finding.invariant.name, finding.sentence)).collect();
        let judgement = self.run.verdict(1_000_000);
        if !matches!(judgement.report.verdict, Verdict::Linearizable(_)) {
            broken.push(("linearizability", judgement.sentence));
        }
        broken
    }

    /// When the course is over, all links heal, somebody leads, and its heartbeats come: is a client that asks then
    /// served?
    pub fn serves_afterwards(&mut self) -> bool {
        const ROUNDS: usize = 60;
        self.act(Action::Heal);
        let quick = TicksRange::new(MILLISECOND, MILLISECOND);
        // What is still under way must not hold up what is sent from now on.
        self.act(Action::Network(NetworkDials {
            latency_ticks: quick,
            reordering: Ratio::percent(100),
            ..NetworkDials::default()
        }));
        let mut asked = None;
        for round in 0..ROUNDS {
            let latest = (0..self.servers)
                .filter(|&server| self.leads(server))
                .max_by_key(|&server| self.server(server).map(Raft::current_term));
            match latest {
                Some(leader) => {
                    if asked.is_none() && round > ROUNDS / 2 {
                        let client = self.servers + leader + self.servers * self.asked[leader];
                        asked = self
                            .ask(leader, Command::Put { key: "x".into(), value: "last".into() })
                            .then_some(NodeId(client as u16));
                    }
                    self.fire(leader, RaftTimer::Heartbeat);
                }
                None => {
                    let best = (0..self.servers).max_by_key(|&server| {
                        self.server(server).map(|raft| (raft.log().last_term(), raft.log().last_index()))
                    });
                    self.fire(best.unwrap_or_default(), RaftTimer::Election);
                }
            }
            let until = self.run.simulation().world().now() + 10 * MILLISECOND;
            self.run.run_until(until, u32::MAX);
        }
        let history = self.run.history();
        history
            .iter()
            .any(|operation| Some(operation.client) == asked && matches!(operation.completed, Some((_, Ending::Ok(_)))))
    }
}

/// The server on whose side of a cut a process is: itself, or the one that a client asks first.
fn side(servers: usize, node: NodeId) -> usize {
    node.index() % servers
}

fn payload(payload: &Payload) -> Option<String> {
    match payload {
        Payload::NoOp => None,
        Payload::Command(request) => Some(match &request.command {
            Command::Put { value, .. } => value.to_string(),
            other => other.to_string(),
        }),
    }
}
