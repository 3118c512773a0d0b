//! The promises, by name, and which of them keeps which.

/// What a history may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// One order of all operations, which keeps real time.
    Linearizable,
    /// One order of all operations, which keeps that of each session.
    Sequential,
    /// Nobody found what was replaced in its causal past.
    Causal,
    /// Nobody found what its session had replaced.
    ReadYourWrites,
    /// Nobody found what had been replaced by what its session had found.
    MonotonicReads,
    /// Who found a write sees what its writer wrote before.
    MonotonicWrites,
    /// Who found a write sees what its writer had found before.
    WritesFollowReads,
    /// After the last write all find the same.
    Convergence,
}

impl Promise {
    /// All of them, the strongest first.
    pub const ALL: [Promise; 8] = [
        Promise::Linearizable,
        Promise::Sequential,
        Promise::Causal,
        Promise::ReadYourWrites,
        Promise::MonotonicReads,
        Promise::MonotonicWrites,
        Promise::WritesFollowReads,
        Promise::Convergence,
    ];

    /// In kebab-case, as the command line has it.
    pub fn name(self) -> &'static str {
        match self {
            Promise::Linearizable => "linearizable",
            Promise::Sequential => "sequential",
            Promise::Causal => "causal",
            Promise::ReadYourWrites => "read-your-writes",
            Promise::MonotonicReads => "monotonic-reads",
            Promise::MonotonicWrites => "monotonic-writes",
            Promise::WritesFollowReads => "writes-follow-reads",
            Promise::Convergence => "convergence",
        }
    }

    /// What it says, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Promise::Linearizable => "One order of all operations, which keeps real time",
            Promise::Sequential => "One order of all operations, which keeps that of each client",
            Promise::Causal => "Nobody found what was replaced in its causal past",
            Promise::ReadYourWrites => "Nobody found what it had replaced itself",
            Promise::MonotonicReads => "Nobody found something older than what it had found before",
            Promise::MonotonicWrites => "Who found a write sees what its writer wrote before",
            Promise::WritesFollowReads => "Who found a write sees what its writer had found before",
            Promise::Convergence => "After the last write all find the same",
        }
    }

    /// What keeps this one if it is kept itself, the strongest first.
    pub fn stronger(self) -> &'static [Promise] {
        match self {
            Promise::Linearizable | Promise::Convergence => &[],
            Promise::Sequential => &[Promise::Linearizable],
            Promise::Causal => &[Promise::Linearizable, Promise::Sequential],
            Promise::ReadYourWrites
            | Promise::MonotonicReads
            | Promise::MonotonicWrites
            | Promise::WritesFollowReads => &[Promise::Linearizable, Promise::Sequential, Promise::Causal],
        }
    }
}
