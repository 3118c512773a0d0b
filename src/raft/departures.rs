//! Rules that are switched off on purpose, where something else takes the paper's place: each beside the paper's
//! version, which comes last. Where a switched-off rule is one condition less, it stands where that condition is.

use super::log::{Entries, Entry, Index, Payload};
use super::message::{AppendEntries, RequestVote};
use super::progress::Progress;
use super::rule::{Mutation, Rule};
use super::state::{Role, Snapshot, Write};
use super::{Message, Out, Raft};
use crate::kv::{Answer, Request};
use crate::process::NodeId;
use crate::replicated_log::Sessions;
use std::sync::Arc;

/// Elections.
impl Raft {
    /// Whether a candidate's log is good enough for this server's vote (section 5.4.1).
    pub(super) fn accepts_log_of(&self, request: &RequestVote) -> bool {
        let (index, term) = (self.log().last_index(), self.log().last_term());
        if self.has(Mutation::ElectionRestrictionOff) {
            true
        } else if self.has(Mutation::LongerLogWins) {
            (request.last_log_index, request.last_log_term) >= (index, term)
        } else {
            super::log::is_up_to_date((request.last_log_term, request.last_log_index), (term, index))
        }
    }

    /// A leader that says to whoever asks that it would vote for it. In the paper it does not help to depose itself
    /// (dissertation, 4.2.3).
    pub(super) fn would_vote_though_it_leads(&self) -> bool {
        self.is_leader() && self.has(Mutation::LeaderGrantsPreVotes)
    }

    /// Whether a server that steps down forgets whom it voted for in the same term. In the paper it does not: a vote
    /// is for the whole term (section 5.2).
    pub(super) fn forgets_its_vote(&self) -> bool {
        self.has(Mutation::VoteForgottenInSameTerm) && !matches!(self.role, Role::Follower)
    }

    /// Whether a write stays in memory. In the paper none does (figure 2: persistent state).
    pub(super) fn is_kept_from_disk(&self, write: &Write) -> bool {
        matches!(write, Write::Vote { .. }) && self.has(Mutation::VoteNotDurable)
    }

    /// A new leader that deletes what it does not know to be committed. In the paper it never deletes anything
    /// (section 5.3, figure 3: Leader Append-Only).
    pub(super) fn truncate_as_new_leader(&mut self, out: &mut Out) {
        let after = self.machine.commit_index;
        if self.has(Mutation::NewLeaderTruncates) && self.log().last_index() > after {
            self.persist(Write::Append { after, entries: Entries::default() }, out);
        }
    }
}

/// Replication.
impl Raft {
    /// A new leader's first words: an entry of its own term that does nothing, so that all before it can be committed
    /// (section 8). Without that entry, it only says that it is there.
    pub(super) fn open_term(&mut self, out: &mut Out) {
        if self.has(Mutation::NoOpOff) {
            self.broadcast_heartbeat(out);
        } else {
            out.rule(Rule::NoOpAppended);
            self.append_own(Entry { term: self.current_term(), payload: Arc::new(Payload::NoOp) }, out);
        }
    }

    /// A follower that appends entries once more that its snapshot covers. Says whether it did. In the paper it has
    /// them.
    pub(super) fn appends_covered(&mut self, request: &AppendEntries, out: &mut Out) -> bool {
        let has_covered = request.prev_log_index < self.log().base_index() && !request.entries.is_empty();
        let appends = has_covered && self.has(Mutation::CoveredEntriesAppended);
        if appends {
            self.persist(Write::Append { after: self.log().last_index(), entries: request.entries.clone() }, out);
        }
        appends
    }

    /// A follower that drops what follows the received entries although nothing conflicts. In the paper it keeps it: a
    /// late, shorter message must not delete anything (section 5.3).
    pub(super) fn truncate_after(&mut self, last: Index, out: &mut Out) {
        let is_within = last >= self.log().base_index() && last < self.log().last_index();
        if self.has(Mutation::TruncateAlways) && is_within {
            self.persist(Write::Append { after: last, entries: Entries::default() }, out);
        }
    }

    /// Sends an answer to AppendEntries. In the paper it waits for the disk (figure 2: "updated on stable storage
    /// before responding").
    pub(super) fn acknowledge(&self, to: NodeId, reply: Message, out: &mut Out) {
        if self.has(Mutation::AcknowledgedEarly) { out.send_now(to, reply) } else { out.send(to, reply) }
    }

    /// Whether the leader forgets what a follower acknowledged before each acknowledgement. In the paper what is known
    /// to match never shrinks (figure 2: `matchIndex` increases monotonically).
    pub(super) fn lets_match_index_fall(&self) -> bool {
        self.has(Mutation::MatchIndexFalls)
    }

    /// The index that a refused leader offers next.
    pub(super) fn next_after_refusal(&self, progress: &Progress, back_to: Index) -> Index {
        if self.has(Mutation::NeverBacksUp) { progress.next_index() } else { back_to }
    }

    /// A follower that takes the term of a snapshot's last entry for its own. In the paper its term is the leader's.
    pub(super) fn take_term_of(&mut self, snapshot: &Snapshot, out: &mut Out) {
        if self.has(Mutation::SnapshotTermTaken) {
            self.persist(Write::Vote { current_term: snapshot.last_included_term, voted_for: None }, out);
        }
    }
}

/// Commitment and the state machine.
impl Raft {
    /// How many replicas must hold an entry (section 5.3: a majority).
    pub(super) fn commit_quorum(&self) -> usize {
        let majority = self.seat.majority() as usize;
        if self.has(Mutation::EveryoneMustAcknowledge) {
            usize::from(self.seat.replicas)
        } else if self.has(Mutation::CommitQuorumTooSmall) {
            (majority - 1).max(1)
        } else {
            majority
        }
    }

    /// Whose term decides whether what a quorum holds up to an index is committed: that of the entry there
    /// (section 5.4.2). Only a leader that never looks beyond the next entry stops at one of an earlier term.
    pub(super) fn index_that_decides(&self, held: Index) -> Index {
        if self.has(Mutation::CommitmentStopsAtOldTerm) { self.machine.commit_index + 1 } else { held }
    }

    /// The leader counts its own entries when they are on its disk (dissertation, 10.2.1), and not before.
    pub(super) fn count_own_entries_early(&mut self, index: Index, out: &mut Out) {
        if self.has(Mutation::OwnEntryCountedEarly) {
            self.on_own_entries_persisted(self.current_term(), index, out);
        }
    }

    /// The last index that a follower knows to match the leader's log: the last new entry of the message.
    pub(super) fn last_verified(&self, last_new: Index) -> Index {
        if self.has(Mutation::CommitUnverified) { self.log().last_index() } else { last_new }
    }

    /// The last index that may be applied: what is committed.
    pub(super) fn last_to_apply(&self) -> Index {
        if self.has(Mutation::AppliedBeforeCommitted) { self.log().last_index() } else { self.machine.commit_index }
    }

    /// Whether a command that reached the log twice is applied once (dissertation, 6.3).
    pub(super) fn sessions(&self) -> Sessions {
        if self.has(Mutation::SessionsOff) { Sessions::Ignored } else { Sessions::Kept }
    }
}

/// Clients and reads.
impl Raft {
    /// The answer that a request got when it was applied, if it was (dissertation, 6.3).
    pub(super) fn answered(&self, request: &Request) -> Option<&Answer> {
        let answered = self.machine.store.answered(request.client, request.sequence);
        if self.has(Mutation::SessionsOff) { None } else { answered }
    }

    /// A server that does not lead turns a client away, and names the leader if it knows one (section 8).
    pub(super) fn turn_away(&self, request: &Request, out: &mut Out) {
        if self.has(Mutation::FollowerReads) && request.command.is_read() {
            self.answer_read(request, out);
        } else {
            out.rule(Rule::NotLeaderAnswered);
            out.send(request.client, Message::not_leader(request.sequence, self.leader));
        }
    }

    /// The latest round that an acknowledgement confirms: that of the message which it answers (dissertation, 6.4).
    pub(super) fn confirmed_round(&self, answered: u64) -> u64 {
        if self.has(Mutation::ReadRoundReused) { self.round() } else { answered }
    }
}
