//! The course of a counterexample, whoever's Raft it was: what each server is like after each step, and what the step
//! did.

use super::tla::Value;

/// What kind of message it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    VoteRequest,
    VoteReply,
    PreVote,
    PreVoteReply,
    Append,
    AppendReply,
    Snapshot,
    Other,
}

/// A message under way.
#[derive(Clone, PartialEq, Debug)]
pub struct Flight {
    pub id: usize,
    pub from: usize,
    pub to: usize,
    pub class: Class,
    pub content: Value,
}

/// An entry: its term, and what it asks for; nothing is the entry of a new leader.
pub type Entry = (u64, Option<String>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Follower,
    PreCandidate,
    Candidate,
    Leader,
}

/// A server after a step. Indexes count from 1, without what the log held at the very beginning.
#[derive(Clone, PartialEq, Debug)]
pub struct Server {
    pub term: u64,
    pub role: Role,
    pub vote: Option<usize>,
    /// All of its log, with what a snapshot covers.
    pub log: Vec<Entry>,
    pub commit: u64,
    /// How many others have voted for it, if that is written down.
    pub votes: Option<u64>,
    pub matches: Vec<i64>,
    pub nexts: Vec<i64>,
}

/// What a step does.
#[derive(Clone, PartialEq, Debug)]
pub enum Deed {
    /// An election timeout.
    Timeout(usize),
    /// A message is handled by its receiver.
    Hear(Flight),
    /// A client writes at a server.
    Put(usize, String),
    /// A client reads at a server.
    Get(usize),
    /// A leader sends to all what they lack, or a heartbeat.
    SendAppend(usize),
    /// A server saves its state up to an index.
    Snapshot(usize, u64),
    Restart(usize),
    /// These are cut off from the others. What is under way across is lost, or not.
    Partition(Vec<usize>, bool),
    Heal,
    Lose(Vec<usize>),
    /// A message comes twice: it, and its copy.
    Duplicate(usize, usize),
    Unknown,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub number: u64,
    pub action: String,
    pub deed: Deed,
    pub sent: Vec<Flight>,
    pub after: Vec<Server>,
}

/// A counterexample.
#[derive(Clone, Debug)]
pub struct Course {
    pub violated: String,
    pub servers: Vec<String>,
    pub start: Vec<Server>,
    pub steps: Vec<Step>,
    /// Whether new leaders append an entry of their own.
    pub has_no_ops: bool,
    pub has_pre_votes: bool,
}
