//! What the course teaches: the twenty tasks with examples for the console, lessons with their sources, the runs that
//! show them, and what is measured.
//!
//! Nothing here imitates a protocol. A task's example is a line for [`crate::course::Node`]; a lesson names a run
//! ([`runs`]), which is a scenario like any other; a curve ([`curves`]) is measured in runs made for it. Only the lock
//! ([`lock`]) is a model of its own, since a lock's clients are no part of any protocol here. What is stated has its
//! source beside it, and what is simplified is said where it is.
//!
//! * [`tasks`]: the four subtracks and their tasks. * [`fields`]: what each field of a message means.
//! * [`lessons`]: interview questions, common mistakes, comparisons. * [`runs`]: prepared runs. * [`curves`]: what is
//!   measured.
//! * [`predict`]: questions that are asked before a run is seen, and answered by it.
//! * [`measured`]: the same script on two protocols. * [`lock`]: a lock with a lease, clocks and a fencing token.
//! * [`lock_held`]: a server that holds its lock while it waits for its peers.

pub mod curves;
pub mod fields;
pub mod lessons;
pub mod lock;
pub mod lock_held;
pub mod measured;
pub mod predict;
pub mod runs;
pub mod tasks;

use crate::multi_paxos;
use crate::process::Catalogue;
use crate::{paxos, pbft, raft, tendermint};
use serde::Serialize;

/// Where something is stated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Source {
    /// Author, title and year.
    pub work: &'static str,
    /// Section, figure or chapter.
    pub place: &'static str,
}

/// A source.
const fn source(work: &'static str, place: &'static str) -> Source {
    Source { work, place }
}

/// The works that are named more than once.
pub(crate) mod works {
    pub const RAFT: &str =
        "Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm (extended version, 2014)";
    pub const DISSERTATION: &str = "Ongaro, Consensus: Bridging Theory and Practice (2014)";
    pub const PAXOS: &str = "Lamport, Paxos Made Simple (2001)";
    pub const PARLIAMENT: &str = "Lamport, The Part-Time Parliament (1998)";
    pub const LIVE: &str = "Chandra, Griesemer and Redstone, Paxos Made Live (2007)";
    pub const MODERATELY: &str = "van Renesse and Altinbuken, Paxos Made Moderately Complex (2015)";
    pub const HERLIHY: &str =
        "Herlihy and Wing, Linearizability: A Correctness Condition for Concurrent Objects (1990)";
    pub const GENERALS: &str = "Lamport, Shostak and Pease, The Byzantine Generals Problem (1982)";
    pub const PBFT: &str = "Castro and Liskov, Practical Byzantine Fault Tolerance (1999)";
    pub const GOSSIP: &str = "Buchman, Kwon and Milosevic, The latest gossip on BFT consensus (2018)";
    pub const FLP: &str =
        "Fischer, Lynch and Paterson, Impossibility of Distributed Consensus with One Faulty Process (1985)";
    pub const SYNCHRONY: &str = "Dwork, Lynch and Stockmeyer, Consensus in the Presence of Partial Synchrony (1988)";
    pub const CHUBBY: &str = "Burrows, The Chubby lock service for loosely-coupled distributed systems (2006)";
    pub const KLEPPMANN: &str = "Kleppmann, How to do distributed locking (2016)";
    pub const LEASES: &str = "Gray and Cheriton, Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency (1989)";
    pub const VIEWSTAMPED: &str = "Liskov and Cowling, Viewstamped Replication Revisited (2012)";
    pub const VOGELS: &str = "Vogels, Eventually Consistent (2009)";
    pub const CAP: &str = "Gilbert and Lynch, Brewer's Conjecture and the Feasibility of Consistent, Available, Partition-Tolerant Web Services (2002)";
    pub const SESSION: &str = "Terry and others, Session Guarantees for Weakly Consistent Replicated Data (1994)";
    pub const SEQUENTIAL: &str =
        "Lamport, How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs (1979)";
}

/// A line of a paper, as a core's catalogue has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct RuleText {
    /// In kebab-case.
    pub name: &'static str,
    /// One sentence.
    pub text: &'static str,
    /// Where the paper says so.
    pub source: &'static str,
}

fn named<C: Catalogue>(name: &str) -> Option<RuleText> {
    C::named(name).map(|rule| RuleText { name: rule.name(), text: rule.text(), source: rule.source() })
}

/// A rule of a protocol's core by its name.
pub fn rule(protocol: &str, name: &str) -> Option<RuleText> {
    match protocol {
        "raft" => named::<raft::Rule>(name),
        "paxos" => named::<paxos::Rule>(name),
        "multi-paxos" => named::<multi_paxos::Rule>(name),
        "pbft" => named::<pbft::Rule>(name),
        "tendermint" => named::<tendermint::Rule>(name),
        _ => None,
    }
}

/// A rule that can be switched off, by its name.
pub fn mutation(protocol: &str, name: &str) -> Option<RuleText> {
    match protocol {
        "raft" => named::<raft::Mutation>(name),
        "paxos" => named::<paxos::Mutation>(name),
        "multi-paxos" => named::<multi_paxos::Mutation>(name),
        "pbft" => named::<pbft::Mutation>(name),
        "tendermint" => named::<tendermint::Mutation>(name),
        _ => None,
    }
}
