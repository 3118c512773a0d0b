//! Why: what led to an event, why an operation waits or failed, why a server does not lead.
//!
//! All answers are read from a run that is made again: from its trace, and from what the cores show of their own state. No
//! rule is imitated here. Three things are kept apart in every sentence ([`Kind`]): what happened, what did not happen, and
//! what is not known.
//!
//! **An event** ([`event`]). Its past and future are the [`Cone`](crate::run::causality::Cone) of happened-before. The chain is
//! one thread through the past, from cause to cause:
//!
//! ```text
//! a message came        <-  the event that sent it
//! a timer fired         <-  the event that set it
//! a write is on disk    <-  the event that wrote it
//! a process starts anew <-  the intervention that started it
//! a crash strikes       <-  the intervention that ordered it
//! ```
//!
//! A process that starts for the first time, what a client is asked for, and what is done from outside have no cause within
//! the run. Which event wrote what a flush reports is not in the trace: [`Replay`] sees it while it makes the run again, from
//! the row of receipts that each disk owes its process.
//!
//! **An operation** ([`operation`]). Its attempts are the client's messages that carry it. Where a replica has given it a
//! place (an index, a slot, a number), that replica waits for words of others; for each of these it is looked up in the trace
//! what became of the question and of the answer (`answers`). Who carried it out is asked of the replicas' stores.
//!
//! **A leader** ([`leader`]). Its bids are the events with a rule that begins one (a candidacy, a ballot, a view change, a
//! round). For each peer the trace says whether it was asked, what it answered and what became of the answer; why it refused
//! is asked of the peer's own state right after.
//!
//! What a protocol has to say for this (which message asks or answers what, where a request stands in it) is
//! [`Explained`](speech::Explained), in a file for each protocol.

mod answers;
pub mod any;
mod attempts;
pub mod event;
pub mod leader;
mod multi_paxos;
pub mod operation;
mod paxos;
mod pbft;
mod raft;
mod replay;
pub mod speech;
mod tendermint;
mod viewstamped;

pub use replay::{Replay, Whole};

use serde::Serialize;

/// Most steps of a chain that are told; the others are counted.
pub const STEPS_MAX: usize = 24;

/// Most facts in a list; the others are counted.
pub const FACTS_MAX: usize = 40;

/// Whether something is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It happened.
    Happened,
    /// It did not happen, up to the end of the run.
    DidNotHappen,
    /// The run ends before one can say.
    NotKnown,
}

/// A fact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fact {
    /// In a sentence without its point.
    pub sentence: String,
    /// The event that it speaks of, if it speaks of one.
    pub event: Option<u32>,
    /// Whether it is known.
    pub kind: Kind,
}

impl Fact {
    fn happened(event: Option<u32>, sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), event, kind: Kind::Happened }
    }

    fn did_not(event: Option<u32>, sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), event, kind: Kind::DidNotHappen }
    }

    fn not_known(event: Option<u32>, sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), event, kind: Kind::NotKnown }
    }
}

/// A rule that a process followed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleSaid {
    /// Its name.
    pub name: &'static str,
    /// What it states.
    pub text: &'static str,
    /// Where the paper says so.
    pub source: &'static str,
}

/// Words with commas, and "and" before the last.
fn listed(words: &[String]) -> String {
    match words {
        [] => "nobody".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// At most so many of a list, and how many more there are.
fn bounded<T>(mut list: Vec<T>, most: usize) -> (Vec<T>, u32) {
    let more = list.len().saturating_sub(most);
    list.truncate(most);
    (list, more as u32)
}
