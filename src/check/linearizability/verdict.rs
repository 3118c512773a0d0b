//! What comes of a check.

use std::fmt;
use std::sync::Arc;

use crate::check::model::shortened;

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The verdict, with its evidence.
    pub verdict: Verdict,
    /// How many operations were judged: all but those that certainly had no effect.
    pub operations: usize,
    /// How many of them have no known outcome.
    pub unknown: usize,
    /// The most operations that were open at once, those of unknown outcome among them for ever after. The work grows
    /// with it.
    pub open_at_once: usize,
    /// How many steps of the model it took.
    pub steps: u64,
}

/// Whether a history is linearizable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is, and this order shows it.
    Linearizable(Linearization),
    /// It is not, and this operation is the first that shows it.
    NotLinearizable(Box<Violation>),
    /// A bound was reached before anything was known.
    Undecided(Undecided),
}

/// Operations in an order in which a sequential object could have executed them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linearization {
    /// The operations that took effect, in order. Those of unknown outcome are absent if they need not have.
    pub points: Vec<LinearizationPoint>,
}

impl Linearization {
    /// The operations' indices, in order.
    pub fn order(&self) -> impl Iterator<Item = usize> + '_ {
        self.points.iter().map(|point| point.operation)
    }
}

/// The instant at which an operation took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinearizationPoint {
    /// The operation's index in the history.
    pub operation: usize,
    /// The instant: right after the event at this position, and after all points that are listed before this one. It
    /// is the earliest that the order allows.
    pub position: u64,
}

/// Why a history is not linearizable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The operation whose completion is the first without a linearization: its index in the history.
    pub operation: usize,
    /// Whether this is known to be the first such completion. If not, a bound was reached while looking for it.
    pub is_first: bool,
    /// Its client.
    pub client: u32,
    /// The position of its completion.
    pub completed_at: u64,
    /// The key it belongs to, if keys were judged apart.
    pub key: Option<Arc<str>>,
    /// What it asked and was told, such as `read returned 3`.
    pub description: String,
    /// Whether it found what no operation before could have put there, in whatever order.
    pub is_unexplained: bool,
    /// All that it could have found without a violation, or nothing if a bound was reached or there is too much.
    pub possible: Option<Vec<String>>,
    /// The last operation before it whose completion still had a linearization, if any completed before.
    pub last_good: Option<usize>,
    /// A linearization of the history cut just before the completion; of the key's part alone where `is_first` is
    /// false; nothing if a bound was reached.
    pub linearization: Option<Linearization>,
}

impl Violation {
    /// Why, in one sentence: whose operation cannot be placed, what it was told, and what it could have found.
    pub fn sentence(&self) -> String {
        let reason = match self.possible.as_deref() {
            Some([all_but_last @ .., last]) => {
                let mut values = shortened(last);
                if !all_but_last.is_empty() {
                    let others: Vec<String> = all_but_last.iter().map(|value| shortened(value)).collect();
                    values = format!("{} or {values}", others.join(", "));
                }
                format!("whenever it could have taken effect, the value could only be {values}")
            }
            _ if self.is_unexplained => "nothing that was asked for until then could have put that there".to_string(),
            _ => "no order of the operations up to then explains it".to_string(),
        };
        format!("c{}'s {}, but {reason}.", self.client, self.description)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence())
    }
}

/// What was left open when a bound was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The bound that was reached first.
    pub bound: Bound,
    /// The keys without a verdict (`None` for a part without a key).
    pub keys: Vec<Option<Arc<str>>>,
}

/// A bound on the work, with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Steps of the model.
    Steps(u64),
    /// Bytes of memory.
    Memory(u64),
}

impl fmt::Display for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::Steps(steps) => write!(formatter, "{steps} steps"),
            Bound::Memory(bytes) if bytes % (1 << 20) == 0 => write!(formatter, "{} MB of memory", bytes >> 20),
            Bound::Memory(bytes) => write!(formatter, "{bytes} bytes of memory"),
        }
    }
}
