//! A history file, judged: what the `check` command and the page say of it.

mod report;

pub use report::{CheckReport, OperationReport, Search, ViolationReport, describe};

use super::formats::{HistoryError, HistoryFile, read_kv, read_mutex, read_queue, read_register, read_set};
use super::linearizability::{Options, zones};
use super::model::{FifoQueue, GrowOnlySet, Independent, Kv, Mutex, Readable, Register, Scalar};

/// What a history is a history of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A register with compare-and-set.
    Register,
    /// Strings under string keys.
    Kv,
    /// A lock.
    Mutex,
    /// A set from which nothing is taken.
    Set,
    /// A queue: first in, first out.
    Queue,
}

impl Kind {
    /// All of them, each with its name; of several that could read a file, the first is meant.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Kv, "kv"),
        (Self::Register, "register"),
        (Self::Mutex, "mutex"),
        (Self::Set, "set"),
        (Self::Queue, "queue"),
    ];

    /// The kind with that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, own)| *own == name).map(|(kind, _)| kind)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    fn refusal(self, bytes: &[u8]) -> Option<HistoryError> {
        match self {
            Kind::Register => read_register(bytes).err(),
            Kind::Kv => read_kv(bytes).err(),
            Kind::Mutex => read_mutex(bytes).err(),
            Kind::Set => read_set(bytes).err(),
            Kind::Queue => read_queue(bytes).err(),
        }
    }

    /// The first kind whose words a file speaks.
    ///
    /// # Errors
    ///
    /// Of all that is wrong with it, for one kind or another, what comes last in the file: until there it was understood.
    pub fn of(bytes: &[u8]) -> Result<Self, HistoryError> {
        let mut furthest: Option<HistoryError> = None;
        for (kind, _) in Self::ALL {
            match kind.refusal(bytes) {
                None => return Ok(kind),
                Some(error) if furthest.as_ref().is_none_or(|other| error.line > other.line) => furthest = Some(error),
                Some(_) => {}
            }
        }
        Err(furthest.unwrap_or(HistoryError { line: None, problem: super::formats::Problem::Empty }))
    }
}

/// Judges the history in a file; one of a register or a store by a second judge, too. `initial`: what a register holds at
/// first.
///
/// ```
/// use consensus_playground::check::judged::{Kind, judge};
/// use consensus_playground::check::linearizability::Options;
///
/// let file = br#"{"client": 1, "type": "invoke", "op": "get", "key": "a"}
/// {"client": 1, "type": "ok", "op": "get", "key": "a", "value": "lost"}"#;
/// let kind = Kind::of(file).expect("the file is sound");
/// assert_eq!(kind, Kind::Kv);
/// let report = judge(file, kind, None, &Options::default()).expect("the file is sound");
/// assert_eq!(report.linearizable, Some(false));
/// ```
///
/// # Errors
///
/// The first thing that is wrong with the file, and its line.
pub fn judge(
    bytes: &[u8],
    kind: Kind,
    initial: Option<Scalar>,
    options: &Options,
) -> Result<CheckReport, HistoryError> {
    Ok(match kind {
        Kind::Register => judge_with_both(&Independent::new(Register::new(initial)), &read_register(bytes)?, options),
        Kind::Kv => {
            let file = read_kv(bytes)?;
            judge_with_both(&Kv::new(file.missing()), &file, options)
        }
        Kind::Mutex => CheckReport::of(&Independent::new(Mutex), &read_mutex(bytes)?, options, None),
        Kind::Set => CheckReport::of(&Independent::new(GrowOnlySet), &read_set(bytes)?, options, None),
        Kind::Queue => CheckReport::of(&Independent::new(FifoQueue), &read_queue(bytes)?, options, None),
    })
}

fn judge_with_both<M: Readable>(
    model: &M,
    file: &HistoryFile<M::Command, M::Result>,
    options: &Options,
) -> CheckReport {
    CheckReport::of(model, file, options, Some(&zones::judge(model, &file.operations)))
}
