//! What a page or a checker may see of a process: names and values, in the words of the paper.

use super::{NodeId, NodeSet};

/// A process at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct View {
    /// Its role's name.
    pub role: &'static str,
    /// Its term, view, ballot round or height.
    pub epoch: u64,
    /// Whom it takes for the leader or primary.
    pub leader: Option<NodeId>,
    /// What survives a crash.
    pub durable: Vec<Field>,
    /// What does not.
    pub volatile: Vec<Field>,
    /// What it believes of each peer: rows of fields, the peer's number first.
    pub peers: Vec<(NodeId, Vec<Field>)>,
    /// Its log, where it has one.
    pub log: Option<LogView>,
    /// Its state machine, as names and values.
    pub store: Vec<(String, String)>,
}

/// A name and a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// In the paper's words.
    pub name: &'static str,
    /// Its value.
    pub value: FieldValue,
}

impl Field {
    /// A field.
    pub fn new(name: &'static str, value: impl Into<FieldValue>) -> Self {
        Self { name, value: value.into() }
    }
}

/// A value, with just enough type for a page to show it well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// There is none.
    Nothing,
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(u64),
    /// A text, which may come from a person: show it as text.
    Text(String),
    /// A process.
    Process(NodeId),
    /// Several values.
    List(Vec<FieldValue>),
}

impl From<bool> for FieldValue {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<u64> for FieldValue {
    fn from(value: u64) -> Self {
        Self::Number(value)
    }
}

impl From<NodeId> for FieldValue {
    fn from(value: NodeId) -> Self {
        Self::Process(value)
    }
}

impl From<String> for FieldValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for FieldValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl<T: Into<FieldValue>> From<Option<T>> for FieldValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

impl<T: Into<FieldValue>> From<Vec<T>> for FieldValue {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// A log, or what is left of it after a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LogView {
    /// The last index that a snapshot covers; 0 without one.
    pub snapshot_index: u64,
    /// The term of that index.
    pub snapshot_epoch: u64,
    /// The entries after it.
    pub cells: Vec<LogCell>,
    /// The last index known to be committed.
    pub commit_index: u64,
    /// The last index that the state machine has applied.
    pub last_applied: u64,
}

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogCell {
    /// Its index, from 1.
    pub index: u64,
    /// The term, ballot or view that it was made in.
    pub epoch: u64,
    /// The command, in a few characters.
    pub text: String,
}

/// Processes that said the same: a certificate, or what there is of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteSet {
    /// What the vote is on: a sequence number, a height.
    pub index: u64,
    /// The view or the round.
    pub round: u64,
    /// What the vote is, in the paper's words.
    pub phase: &'static str,
    /// What it is for, by digest or name; none is a vote for nothing.
    pub value: Option<String>,
    /// The value in a few words, as far as it is known.
    pub text: String,
    /// Who said so.
    pub voters: NodeSet,
    /// How much their votes count together.
    pub have: u64,
    /// How much is needed.
    pub need: u64,
}

/// What a message is counted for, where a process waits until enough others say the same: a vote, a promise, an
/// acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The term, ballot, view or round in which it counts.
    pub epoch: u64,
    /// The first index that it speaks of; 0 where it speaks of none.
    pub first: u64,
    /// The last index that it speaks of.
    pub last: u64,
    /// What it says, as a hash, where it may say this or that.
    pub value: u128,
}

impl Counted {
    /// Counted in an epoch, and for no index.
    pub fn in_epoch(epoch: u64) -> Self {
        Self { epoch, first: 0, last: 0, value: 0 }
    }

    /// Counted in an epoch, for all indexes between two, both included.
    pub fn of_indexes(epoch: u64, first: u64, last: u64) -> Self {
        Self { epoch, first, last, value: 0 }
    }

    /// Whether both are counted together for an index.
    pub fn counts_with(&self, other: &Self, index: u64) -> bool {
        let speaks = |counted: &Self| (counted.first..=counted.last).contains(&index);
        self.epoch == other.epoch && self.value == other.value && speaks(self) && speaks(other)
    }
}

/// Which decision a message belongs to, and how far along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// What is decided on: a sequence number, a height.
    pub index: u64,
    /// The view or the round.
    pub round: u64,
    /// The step's index among those of the protocol, from 0.
    pub phase: u8,
    /// Its name in the paper.
    pub name: &'static str,
}
