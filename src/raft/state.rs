//! State: what survives a crash, the roles, and what a leader knows of its followers.

use super::log::{Entries, Index, Log, Term};
use super::progress::Progress;
use crate::kv::Store;
use crate::process::{self, NodeId, NodeSet, fingerprint_enum, fingerprint_struct};
use crate::replicated_log::{Confirmation, LeaderTimer, Lease, Reads, Transfers};
use std::sync::Arc;

pub use super::progress::{Doubt, Flow};

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

impl crate::replicated_log::Snapshot for Snapshot {
    fn covers(&self) -> (Index, u64) {
        (self.last_included_index, self.last_included_term)
    }

    fn store(&self) -> &Store {
        &self.store
    }

    fn with_store(&self, store: Store) -> Self {
        Self { store, ..*self }
    }
}

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
    /// The leader's snapshot; what comes after it in the log is kept if the entry at its index matches, else dropped.
    InstallSnapshot {
        /// The snapshot.
        snapshot: Arc<Snapshot>,
        /// A departure: what comes after it is kept whatever the entry there is.
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
pub type RaftTimer = LeaderTimer;

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
    /// Reads that wait. One that came in before the leader has committed in its term, or while a round is under way,
    /// has no confirmation to wait for yet.
    pub reads: Reads<Option<Confirmation>>,
    /// Snapshots on their way in pieces.
    pub transfers: Transfers<Snapshot>,
    /// Until when it may answer reads without asking.
    pub lease: Lease,
}

fingerprint_struct!(Leader { progress, flushed_index, heard, round, reads, transfers, lease });

impl Leader {
    /// Whether reads wait for the answers to a round of heartbeats.
    pub(super) fn a_round_is_under_way(&self) -> bool {
        self.reads.first().is_some_and(|read| read.awaits.is_some())
    }
}

/// Which life of a server this is. It sees to it that campaigns of two lives have two numbers, and is no part of the
/// state: servers that differ in nothing else do the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life(pub(super) u32);

impl PartialEq for Life {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Life {}
