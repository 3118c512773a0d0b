//! Histories: what clients saw, as invocations and completions in real-time order.
//!
//! The model of Herlihy and Wing, "Linearizability: A Correctness Condition for Concurrent Objects" (1990), section 2:
//! a history is a sequence of invocation and response events. Positions in the sequence are the only time that counts.

/// One client's operation, from its invocation to its completion, if it had one.
///
/// `C` is the command that was asked for, `R` the result that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation<C, R> {
    /// The client (Jepsen: process). One client's operations never overlap, unless an earlier one is
    /// [`Outcome::Unknown`].
    pub client: u32,
    /// What was asked for.
    pub command: C,
    /// Position of the invocation in the history's sequence of events.
    pub invoked_at: u64,
    /// How it ended.
    pub outcome: Outcome<R>,
}

/// How an operation ended, as its client saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<R> {
    /// It completed with a result, at this position of the sequence.
    Ok {
        /// Position of the completion in the history's sequence of events.
        completed_at: u64,
        /// What came back.
        result: R,
    },
    /// It certainly had no effect, and says nothing about the state.
    Failed {
        /// Position of the completion in the history's sequence of events.
        completed_at: u64,
    },
    /// Nobody knows: it may take effect at any later time, or never. It stays concurrent with everything after it.
    Unknown,
}
