//! What travels between servers, and between servers and clients.

use super::log::{Entries, Index, Term};
use super::state::Snapshot;
use crate::kv::pieces::{Piece, PieceReply, fingerprint_pieces};
use crate::kv::{Command, Reply, Request, SessionRead, SessionReply, plain_client_message};
use crate::process::{self, fingerprint_enum, fingerprint_struct};
use std::sync::Arc;

/// A message of Raft.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// A candidate asks for a vote.
    RequestVote(RequestVote),
    /// The answer to it.
    RequestVoteReply(RequestVoteReply),
    /// A server asks whether it could win an election.
    PreVote(PreVote),
    /// The answer to it.
    PreVoteReply(PreVoteReply),
    /// The leader replicates entries, or only says that it is there.
    AppendEntries(AppendEntries),
    /// The answer to it.
    AppendEntriesReply(AppendEntriesReply),
    /// The leader sends a snapshot in place of entries that it has dropped.
    InstallSnapshot(InstallSnapshot),
    /// The answer to it.
    InstallSnapshotReply(InstallSnapshotReply),
    /// A client's command.
    Request(Request),
    /// The answer to it.
    Reply(Reply),
    /// A client is asked to invoke a command.
    Invoke(Command),
    /// A read of a session, for any server.
    SessionRead(SessionRead),
    /// The answer to a client of a session.
    SessionReply(SessionReply),
}

fingerprint_enum!(Message {
    0 => RequestVote(body),
    1 => RequestVoteReply(body),
    2 => PreVote(body),
    3 => PreVoteReply(body),
    4 => AppendEntries(body),
    5 => AppendEntriesReply(body),
    6 => InstallSnapshot(body),
    7 => InstallSnapshotReply(body),
    8 => Request(body),
    9 => Reply(body),
    10 => Invoke(body),
    11 => SessionRead(body),
    12 => SessionReply(body),
});

/// RequestVote (figure 2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestVote {
    /// The candidate's term; within a pre-vote, the term that it would take.
    pub term: Term,
    /// Index of its last entry.
    pub last_log_index: Index,
    /// Term of its last entry.
    pub last_log_term: Term,
}

fingerprint_struct!(RequestVote { term, last_log_index, last_log_term });

/// The answer to a vote request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestVoteReply {
    /// The voter's term; within a granted pre-vote, the term that was asked for.
    pub term: Term,
    /// Whether the candidate gets the vote.
    pub vote_granted: bool,
}

fingerprint_struct!(RequestVoteReply { term, vote_granted });

/// A pre-vote: the vote request that would follow, and the campaign that it belongs to. A server may ask several times
/// before it raises its term, so the term does not tell one campaign's answers from another's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PreVote {
    /// The number of the campaign.
    pub campaign: u64,
    /// What would be asked in an election.
    pub request: RequestVote,
}

fingerprint_struct!(PreVote { campaign, request });

/// The answer to a pre-vote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PreVoteReply {
    /// The request's campaign.
    pub campaign: u64,
    /// What would be answered in an election.
    pub reply: RequestVoteReply,
}

fingerprint_struct!(PreVoteReply { campaign, reply });

/// AppendEntries (figure 2), with the number of the leader's latest round of confirmation for reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppendEntries {
    /// The leader's term.
    pub term: Term,
    /// Index of the entry right before the new ones.
    pub prev_log_index: Index,
    /// Its term.
    pub prev_log_term: Term,
    /// The new entries; none in a heartbeat.
    pub entries: Entries,
    /// The leader's commit index.
    pub leader_commit: Index,
    /// The latest round by which the leader asks whether it still leads.
    pub round: u64,
}

fingerprint_struct!(AppendEntries { term, prev_log_index, prev_log_term, entries, leader_commit, round });

/// The answer to AppendEntries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppendEntriesReply {
    /// The follower's term.
    pub term: Term,
    /// Whether the entry before the new ones matched.
    pub success: bool,
    /// The request's `prev_log_index`, which tells answers apart.
    pub prev_log_index: Index,
    /// On success, the last index that is known to match.
    pub match_index: Index,
    /// On refusal, where the conflict may begin.
    pub conflict: Option<Conflict>,
    /// The request's round.
    pub round: u64,
}

fingerprint_struct!(AppendEntriesReply { term, success, prev_log_index, match_index, conflict, round });

/// Where a conflict may begin (section 5.3, the faster way back).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// The term of the follower's entry at `prev_log_index`; none if its log is too short.
    pub term: Option<Term>,
    /// The first index of that term; without one, the index after the follower's log.
    pub index: Index,
}

fingerprint_struct!(Conflict { term, index });

/// InstallSnapshot (figure 13), in one piece if it fits into a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InstallSnapshot {
    /// The leader's term.
    pub term: Term,
    /// State, last included index and term; of a snapshot in pieces, this piece of the state.
    pub snapshot: Arc<Snapshot>,
    /// Where the piece belongs (figure 13: offset and done); none if this is the whole.
    pub piece: Option<Piece>,
    /// As in AppendEntries.
    pub round: u64,
}

impl process::Fingerprint for InstallSnapshot {
    fn fingerprint(&self, into: &mut process::Fingerprinter) {
        let Self { term, snapshot, piece, round } = self;
        term.fingerprint(into);
        snapshot.fingerprint(into);
        round.fingerprint(into);
        fingerprint_pieces(piece.as_ref(), into);
    }
}

/// The answer to InstallSnapshot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InstallSnapshotReply {
    /// The follower's term.
    pub term: Term,
    /// The last index that is known to match; 0 while pieces are missing.
    pub match_index: Index,
    /// The request's round.
    pub round: u64,
    /// While pieces are missing: what the follower has of the snapshot.
    pub piece: Option<PieceReply>,
}

impl process::Fingerprint for InstallSnapshotReply {
    fn fingerprint(&self, into: &mut process::Fingerprinter) {
        let Self { term, match_index, round, piece } = self;
        term.fingerprint(into);
        match_index.fingerprint(into);
        round.fingerprint(into);
        fingerprint_pieces(piece.as_ref(), into);
    }
}

plain_client_message!(Message, SessionRead, SessionReply);
