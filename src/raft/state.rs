//! State: what survives a crash, the roles, and what a leader knows of its followers.

use super::config::Config;
use super::log::{Entries, Index, Log, Term};
use super::rule::{Mutation, Rule};
use super::{Out, Raft};
use crate::kv::pieces::{Transfer, fingerprint_pieces};
use crate::kv::{Request, Store};
use crate::process::{self, NodeId, NodeSet, Seat, Timer, fingerprint_enum, fingerprint_struct};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// The state machine at an index, with the client sessions that belong to it (section 7).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snapshot {
    /// The last index that it covers.
    pub last_included_index: Index,
    /// The term of that index.
    pub last_included_term: Term,
    /// The state machine.
    pub store: Store,
}

fingerprint_struct!(Snapshot { last_included_index, last_included_term, store });

/// What survives a crash (figure 2: persistent state).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Durable {
    /// The latest term that the server has seen.
    pub current_term: Term,
    /// Whom it voted for in that term.
    pub voted_for: Option<NodeId>,
    /// Its log.
    pub log: Log,
    /// Its latest snapshot.
    pub snapshot: Option<Arc<Snapshot>>,
}

fingerprint_struct!(Durable { current_term, voted_for, log, snapshot });

/// One atomic change of what survives a crash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// Term and vote, together: R1 of the field's known bugs is what happens when one gets there without the other.
    Vote {
        /// The term.
        current_term: Term,
        /// The vote.
        voted_for: Option<NodeId>,
    },
    /// All that follows an index is replaced.
    Append {
        /// The index.
        after: Index,
        /// What follows it from now on.
        entries: Entries,
    },
    /// A snapshot of the own state; the log is dropped up to an index.
    TakeSnapshot {
        /// The snapshot.
        snapshot: Arc<Snapshot>,
        /// The last index that is dropped.
        drop_up_to: Index,
    },
    /// The leader's snapshot; the log is kept behind it if the entry at its index matches, else dropped.
    InstallSnapshot {
        /// The snapshot.
        snapshot: Arc<Snapshot>,
        /// A mutation: what follows is kept whatever the entry there is.
        keep_tail: bool,
    },
}

impl process::Durable for Durable {
    type Write = Write;

    fn apply(&mut self, write: &Write) {
        match write {
            Write::Vote { current_term, voted_for } => {
                self.current_term = *current_term;
                self.voted_for = *voted_for;
            }
            Write::Append { after, entries } => self.log.replace_after(*after, entries),
            Write::TakeSnapshot { snapshot, drop_up_to } => {
                self.snapshot = Some(snapshot.clone());
                self.log.drop_up_to(*drop_up_to);
            }
            Write::InstallSnapshot { snapshot, keep_tail } => {
                let (index, term) = (snapshot.last_included_index, snapshot.last_included_term);
                if self.log.term_at(index) == Some(term) {
                    self.log.drop_up_to(index);
                } else if *keep_tail {
                    self.log.rebase_blindly(index, term);
                } else {
                    self.log.restart_after(index, term);
                }
                self.snapshot = Some(snapshot.clone());
            }
        }
    }
}

/// What a server is told when a write is on disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Receipt {
    /// Its vote for itself in this term.
    OwnVote {
        /// The term.
        term: Term,
    },
    /// Its own entries as leader of a term. Within a term a leader's log only grows, so an index says enough.
    OwnEntries {
        /// The term.
        term: Term,
        /// The last of them.
        index: Index,
    },
}

fingerprint_enum!(Receipt {
    0 => OwnVote { term },
    1 => OwnEntries { term, index },
});

/// The timers of a server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RaftTimer {
    /// No leader was heard from for an election timeout.
    Election,
    /// The leader's next heartbeat.
    Heartbeat,
    /// The leader was not heard from for the shortest election timeout.
    LeaderContact,
    /// The leader asks itself whether it has heard from a majority.
    QuorumCheck,
}

fingerprint_enum!(RaftTimer {
    0 => Election,
    1 => Heartbeat,
    2 => LeaderContact,
    3 => QuorumCheck,
});

impl Timer for RaftTimer {
    const KINDS: &'static [&'static str] = &["election", "heartbeat", "leader contact", "quorum check"];

    fn kind(self) -> u8 {
        self as u8
    }
}

/// What a server is, with what it knows only as that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// It follows whoever leads.
    Follower,
    /// It asks whether it could win.
    PreCandidate {
        /// Who would vote for it.
        votes: NodeSet,
    },
    /// It asks for votes.
    Candidate {
        /// Who has voted for it.
        votes: NodeSet,
    },
    /// It leads.
    Leader(Box<Leader>),
}

fingerprint_enum!(Role {
    0 => Follower,
    1 => PreCandidate { votes },
    2 => Candidate { votes },
    3 => Leader(leader),
});

/// What a leader knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leader {
    /// For each replica, how far it is.
    pub progress: Vec<Progress>,
    /// The last of its own entries that is on its disk.
    pub flushed_index: Index,
    /// Who was heard from since the last quorum check.
    pub heard: NodeSet,
    /// The latest round of confirmation for reads.
    pub round: u64,
    /// Reads that wait, oldest first.
    pub reads: VecDeque<PendingRead>,
    /// Snapshots on their way in pieces. One that fits into a message is in none.
    pub transfers: BTreeMap<NodeId, Transfer<Snapshot>>,
}

impl process::Fingerprint for Leader {
    fn fingerprint(&self, into: &mut process::Fingerprinter) {
        let Self { progress, flushed_index, heard, round, reads, transfers } = self;
        progress.fingerprint(into);
        flushed_index.fingerprint(into);
        heard.fingerprint(into);
        round.fingerprint(into);
        reads.fingerprint(into);
        fingerprint_pieces(Some(transfers).filter(|transfers| !transfers.is_empty()), into);
    }
}

impl Leader {
    /// Whether reads wait for the answers to a round of heartbeats.
    pub(super) fn a_round_is_under_way(&self) -> bool {
        self.reads.front().is_some_and(|read| read.read_index.is_some())
    }
}

/// How far a follower is, as its leader knows. `match_index < next_index` always holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The last index that is known to match.
    pub match_index: Index,
    /// The next index to send.
    pub next_index: Index,
    /// It is not known where the logs agree: one message at a time, until one succeeds.
    pub probing: bool,
    /// The one message is under way.
    pub probe_sent: bool,
    /// The latest round that it has confirmed.
    pub round: u64,
    /// It has refused what it had acknowledged: a late copy, or it has lost its disk. A refusal of this round or a later one,
    /// which began after that, shows the loss.
    pub doubt: Option<Doubt>,
}

/// A follower has denied what it had acknowledged, and the leader asks once more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// The round in which the leader asks. Answers to earlier ones say nothing.
    pub round: u64,
    /// What it had acknowledged then. It may well lack what comes after it.
    pub index: Index,
}

fingerprint_struct!(Doubt { round, index });

fingerprint_struct!(Progress { match_index, next_index, probing, probe_sent, round, doubt });

/// A read that waits for the leader's confirmation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingRead {
    /// The read.
    pub request: Request,
    /// The commit index when the round began, and the round; none while the leader has not committed in its term.
    pub read_index: Option<(Index, u64)>,
}

fingerprint_struct!(PendingRead { request, read_index });

/// Which life of a server this is. It sees to it that campaigns of two lives have two numbers, and is no part of the state: servers that differ
/// in nothing else do the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life(u32);

impl PartialEq for Life {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Life {}

impl Raft {
    /// A server as it boots: nothing but its disk and the state machine of its snapshot.
    pub(super) fn restore(seat: Seat, config: Config, durable: Durable, incarnation: u32) -> Self {
        let snapshot = durable.snapshot.clone();
        let applied = snapshot.as_ref().map_or(0, |snapshot| snapshot.last_included_index);
        Self {
            seat,
            config,
            role: Role::Follower,
            leader: None,
            leader_recent: false,
            life: Life(incarnation),
            campaigns: 0,
            commit_index: applied,
            last_applied: applied,
            store: snapshot.map(|snapshot| snapshot.store.clone()).unwrap_or_default(),
            incoming: None,
            durable,
        }
    }

    /// The number of its latest pre-vote campaign.
    pub(super) fn campaign(&self) -> u64 {
        u64::from(self.life.0) << 32 | u64::from(self.campaigns)
    }

    /// The current term.
    #[inline]
    pub fn current_term(&self) -> Term {
        self.durable.current_term
    }

    /// Its log.
    #[inline]
    pub fn log(&self) -> &Log {
        &self.durable.log
    }

    /// Changes what survives a crash, here and on the disk.
    pub(super) fn persist(&mut self, write: Write, out: &mut Out) {
        process::Durable::apply(&mut self.durable, &write);
        let forgotten = matches!(write, Write::Vote { .. }) && self.has(Mutation::VoteNotDurable);
        if !forgotten {
            out.persist(write);
        }
    }

    /// Whether a rule is switched off.
    #[inline]
    pub(super) fn has(&self, mutation: Mutation) -> bool {
        self.config.mutations.has(mutation)
    }

    /// Starts the wait for a leader anew, with a new random length (section 5.2).
    pub(super) fn reset_election_timer(&self, out: &mut Out) {
        out.set_timer(RaftTimer::Election, self.config.election_timeout_ticks_min, self.config.election_timeout_ticks_max);
    }

    /// Becomes a follower, in the same term or a higher one. A lower one is not possible.
    pub(super) fn become_follower(&mut self, term: Term, leader: Option<NodeId>, out: &mut Out) {
        if term < self.current_term() {
            out.violation(format!("the term would go back from {} to {term}", self.current_term()));
            return;
        }
        let forgets = self.has(Mutation::VoteForgottenInSameTerm) && !matches!(self.role, Role::Follower);
        if term > self.current_term() || forgets {
            self.persist(Write::Vote { current_term: term, voted_for: None }, out);
        }
        let was = std::mem::replace(&mut self.role, Role::Follower);
        self.leader = leader;
        if !matches!(was, Role::Follower) {
            self.reset_election_timer(out);
        }
        if let Role::Leader(was) = was {
            out.clear_timer(RaftTimer::Heartbeat);
            out.clear_timer(RaftTimer::QuorumCheck);
            for read in was.reads {
                out.rule(Rule::NotLeaderAnswered);
                out.send(read.request.client, super::Message::not_leader(read.request.sequence, leader));
            }
        }
    }
}
