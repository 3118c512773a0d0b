//! Raft, as in Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (extended version, 2014;
//! "Raft" below), with what Ongaro's dissertation (2014) adds: pre-vote, check-quorum, ReadIndex, client sessions.
//!
//! # The algorithm
//!
//! Servers agree on a log of commands and apply it in order. Time is divided into *terms*, each with at most one
//! leader.
//!
//! **Election** (`election`). A follower that hears from no leader for a random time asks whether it could win
//! (pre-vote); if a majority would vote for it, it raises its term, votes for itself and asks for votes. A server votes
//! once in a term, on disk before it says so, and only for a candidate whose log is at least as up to date as its own.
//! So whoever wins holds every committed entry.
//!
//! **Replication** (`replication`). The leader appends commands to its log and sends them to the followers with the
//! index and term of the entry before them. A follower without that entry refuses and says where the conflict may
//! begin; the leader goes back. So two logs that hold an entry of the same index and term are identical up to there.
//!
//! **Commitment** (`commitment`). An entry *of the leader's term* that a majority holds is committed, and so is all
//! before it. Entries of earlier terms are not committed by counting, which is why a new leader begins with an entry
//! that does nothing. Committed entries are applied in order; followers learn the commit index from the next message.
//!
//! **Snapshots** (`snapshot`). From time to time a server saves its state and drops the log before it. A follower that
//! needs what was dropped gets the snapshot, a piece at a time if it is too large for one message.
//!
//! **Reads** (`read`). A leader answers a read only after a majority has confirmed, after the read came in, that it
//! still leads. There are weaker ways, as a setting: by a lease (`lease`), in a session, and from any server's state.
//!
//! A server handles one message at a time: terms first (`handle_message`), then by kind. Roles change only in
//! `become_follower`, `become_pre_candidate`, `become_candidate` and `become_leader`.
//!
//! # Deviations from the paper
//!
//! *Left out:*
//!
//! * **Membership** does not change (section 6).
//! * **Disks** do not rot. A wiped disk breaks an assumption of Raft, that what was acknowledged stays. A follower that
//!   denies twice what it has acknowledged is filled anew (`Progress::judge`): so the cluster goes on, though what was
//!   promised may be lost.
//! * **Leadership transfer** (dissertation, 3.10).
//!
//! *Added or changed:*
//!
//! * **Sends before writes.** A leader's entries may leave before they are on its own disk, and count for commitment
//!   only after (dissertation, 10.2.1). Snapshots may leave early, too: what they cover is committed.
//! * **Entries stream** to a follower whose log is known to match, some messages at a time, without waiting for
//!   answers. A lost one shows by the refusal of what follows it, or with the next heartbeat.
//! * **The way back** goes a term at a time (sketched in section 5.3), and uses the leader's log besides the hint.
//! * **A known leader** keeps a server from voting for another in the same term, as in etcd.
//! * **Pre-votes have a number**, the campaign: a server may ask several times in a term, and an answer to an earlier
//!   time means nothing (the dissertation does not say how to tell them apart).
//! * **Read rounds** have a number within a term, which AppendEntries and its answer carry; reads that come in while
//!   one is under way share the next (dissertation, 6.4, where messages have no such field).
//! * **A snapshot that covers nothing new** is ignored as a whole. In figure 13 the follower drops the entries that it
//!   covers.
//! * **A snapshot in pieces** is answered piece by piece, with what the follower holds; figure 13 leaves open how the
//!   leader learns of a lost one.
//! * **Sessions** know a client's latest command alone, since a client has one command at a time, and they never expire
//!   (dissertation, 6.3, lets them).
//! * **A leader that steps down** turns away the reads that wait.

pub mod config;
pub mod log;
pub mod message;
pub mod progress;
pub mod rule;
pub mod state;

mod commitment;
mod departures;
mod describe;
mod election;
mod lease;
mod lies;
mod read;
mod replication;
mod server;
mod snapshot;
mod view;

pub use config::Config;
pub use message::Message;
pub use rule::{Mutation, Rule};
pub use state::{Durable, RaftTimer, Receipt, Role};

use crate::kv::{Replica, Store};
use crate::process::{Fingerprint, Fingerprinter, Input, NodeId, Outbox, Process, Seat, Ticks, View};
use crate::replicated_log::{AnswersAnywhere as _, Incoming, Reads, StateMachine, answers_anywhere};
use log::Index;

/// What a server wants to happen.
pub(crate) type Out = Outbox<Raft>;

/// A server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Raft {
    seat: Seat,
    config: Config,
    durable: Durable,
    role: Role,
    leader: Option<NodeId>,
    leader_recent: bool,
    life: state::Life,
    /// How often it has asked for pre-votes in this life.
    campaigns: u32,
    machine: StateMachine,
    /// A snapshot that has come in part.
    incoming: Incoming,
    /// Reads of sessions that wait until this server has applied so far.
    behind: Reads<Index>,
    /// What its clock shows now, where it has to do with leases.
    clock: Ticks,
}

answers_anywhere!(Raft);

impl Fingerprint for Raft {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self {
            seat,
            config: _,
            durable,
            role,
            leader,
            leader_recent,
            life: _,
            campaigns,
            machine,
            incoming,
            behind,
            clock: _,
        } = self;
        seat.id.fingerprint(into);
        durable.fingerprint(into);
        role.fingerprint(into);
        leader.fingerprint(into);
        leader_recent.fingerprint(into);
        campaigns.fingerprint(into);
        machine.fingerprint(into);
        incoming.fingerprint(into);
        behind.fingerprint(into);
    }
}

impl Raft {
    /// Its role, with what it knows only as that.
    pub fn role_state(&self) -> &Role {
        &self.role
    }

    /// The last index that it knows to be committed.
    pub fn commit_index(&self) -> Index {
        self.machine.commit_index
    }

    /// The last index that its state machine has applied.
    pub fn last_applied(&self) -> Index {
        self.machine.last_applied
    }

    /// Its state machine.
    pub fn store(&self) -> &Store {
        &self.machine.store
    }

    /// What survives a crash, as the server knows it.
    pub fn durable(&self) -> &Durable {
        &self.durable
    }

    /// Terms first (section 5.1): a higher one is taken over, a lower one is refused.
    fn handle_message(&mut self, from: NodeId, message: &Message, out: &mut Out) {
        let term = match message {
            Message::Request(request) => return self.on_request(request, out),
            Message::SessionRead(read) => return self.on_session_read(read, out),
            Message::Reply(_) | Message::SessionReply(_) | Message::Invoke(_) => return,
            // A pre-vote changes no term, and its grant carries a term that nobody is in yet.
            Message::PreVote(request) => return self.on_pre_vote(from, request, out),
            Message::PreVoteReply(body) if body.reply.vote_granted => return self.on_pre_vote_reply(from, body, out),
            other => crate::process::Message::epoch(other),
        };
        if term > self.current_term() {
            if matches!(message, Message::RequestVote(_)) && self.protects_leader() {
                out.rule(Rule::VoteRefusedLeaderRecent);
                return;
            }
            out.rule(Rule::SteppedDownHigherTerm);
            self.become_follower(term, None, out);
        }
        if term < self.current_term() {
            return self.on_stale(from, message, out);
        }
        match message {
            Message::RequestVote(request) => self.on_request_vote(from, request, out),
            Message::RequestVoteReply(reply) => self.on_vote_reply(from, reply, out),
            Message::AppendEntries(request) => self.on_append_entries(from, request, out),
            Message::AppendEntriesReply(reply) => self.on_append_reply(from, reply, out),
            Message::InstallSnapshot(request) => self.on_install_snapshot(from, request, out),
            Message::InstallSnapshotReply(reply) => self.on_snapshot_reply(from, reply, out),
            Message::PreVote(_)
            | Message::PreVoteReply(_)
            | Message::Request(_)
            | Message::Reply(_)
            | Message::SessionRead(_)
            | Message::SessionReply(_)
            | Message::Invoke(_) => {}
        }
    }

    /// A message of an old term: who asks is told the new one, and old answers mean nothing.
    fn on_stale(&mut self, from: NodeId, message: &Message, out: &mut Out) {
        match message {
            Message::RequestVote(_) => {
                out.rule(Rule::StaleTermRefused);
                let reply = message::RequestVoteReply { term: self.current_term(), vote_granted: false };
                out.send(from, Message::RequestVoteReply(reply));
            }
            Message::AppendEntries(request) => self.refuse_stale_leader(from, request.prev_log_index, out),
            Message::InstallSnapshot(_) => self.refuse_stale_leader(from, 0, out),
            Message::AppendEntriesReply(reply) if reply.success && self.has(Mutation::StaleRepliesCounted) => {
                self.on_append_reply(from, reply, out);
            }
            Message::RequestVoteReply(reply) if self.has(Mutation::StaleVotesCounted) => {
                self.on_vote_reply(from, reply, out)
            }
            _ => {}
        }
    }
}

impl Process for Raft {
    type Config = Config;
    type Message = Message;
    type Timer = RaftTimer;
    type Receipt = Receipt;
    type Durable = Durable;
    type Rule = Rule;
    type Mutation = Mutation;
    type Report = ();

    const ROLES: &'static [&'static str] = &["follower", "pre-candidate", "candidate", "leader"];

    fn mutations(&mut self) -> Option<&mut crate::process::Mutations<Mutation>> {
        Some(&mut self.config.mutations)
    }

    fn boot(seat: Seat, config: &Config, durable: &Durable, incarnation: u32) -> Self {
        Self::restore(seat, *config, durable.clone(), incarnation)
    }

    fn handle(&mut self, clock: Ticks, input: Input<'_, Self>, out: &mut Out) {
        if self.reads_by_lease() {
            self.clock = clock;
        }
        match input {
            // Heard from in an earlier life, perhaps.
            Input::Start if self.leader_recent => self.config.timing().hear_leader(out),
            Input::Start => self.reset_election_timer(out),
            Input::Message { from, message } => self.handle_message(from, message, out),
            Input::Timer(RaftTimer::Election) => self.on_election_timeout(out),
            Input::Timer(RaftTimer::Heartbeat) => self.on_heartbeat_timeout(out),
            Input::Timer(RaftTimer::LeaderContact) => self.leader_recent = false,
            Input::Timer(RaftTimer::QuorumCheck) => self.on_quorum_check(out),
            Input::Persisted(Receipt::OwnVote { term }) => self.on_own_vote_persisted(term, out),
            Input::Persisted(Receipt::OwnEntries { term, index }) => self.on_own_entries_persisted(term, index, out),
        }
    }

    fn epoch(&self) -> u64 {
        self.current_term()
    }

    fn role(&self) -> u8 {
        match self.role {
            Role::Follower => 0,
            Role::PreCandidate { .. } => 1,
            Role::Candidate { .. } => 2,
            Role::Leader(_) => 3,
        }
    }

    fn decided(&self) -> u64 {
        self.machine.commit_index
    }

    fn view(&self) -> View {
        self.to_view()
    }
}

impl Replica for Raft {
    const PROTOCOL: &'static str = "raft";
}
