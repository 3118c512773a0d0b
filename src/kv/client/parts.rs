//! A client's settings, reports, timers and rules.

use crate::kv::Reading;
use crate::kv::command::{Answer, Command};
use crate::process::{Durable, Fingerprint, Fingerprinter, Ticks, Timer, catalogue, fingerprint_enum};
use std::sync::Arc;

/// A client's settings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientConfig {
    /// How long one attempt may take before the next replica is tried.
    pub attempt_ticks: Ticks,
    /// How long a command may take before it is given up.
    pub deadline_ticks: Ticks,
    /// The longest pause after a replica that knows no leader.
    pub backoff_ticks_max: Ticks,
    /// How many equal answers from different replicas make a result; where replicas have weights, how much these must
    /// weigh together. Where it is more than one, a client that gets no answer in time asks all replicas.
    pub replies_needed: u32,
    /// How many equal answers make the result of a read that is not ordered; none: reads are ordered like all else.
    pub unordered_replies_needed: Option<u32>,
    /// What the answer of each replica weighs, in order: its voting power, where a protocol counts power. Each other
    /// one weighs 1.
    pub weights: Arc<[u32]>,
    /// How it reads, where its protocol has more than one way.
    pub reading: Reading,
}

/// What a client reports to observers: the events of a history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ClientReport {
    /// It began a command.
    Invoked {
        /// The command's number in the client's session.
        sequence: u64,
        /// The command.
        command: Command,
    },
    /// It ended a command.
    Completed {
        /// The command's number in the client's session.
        sequence: u64,
        /// How.
        ending: Ending,
    },
}

fingerprint_enum!(ClientReport {
    0 => Invoked { sequence, command },
    1 => Completed { sequence, ending },
});

/// How a command ended, as its client saw it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It was answered.
    Ok(Answer),
    /// It certainly had no effect.
    Failed,
    /// It may have had an effect, or have one yet.
    Unknown,
}

impl Ending {
    /// Whether a client is told that its command took effect. A compare-and-set that found something else did not.
    pub fn took_effect(&self) -> bool {
        matches!(self, Self::Ok(answer) if !matches!(answer, Answer::Mismatch { .. }))
    }
}

fingerprint_enum!(Ending {
    0 => Ok(answer),
    1 => Failed,
    2 => Unknown,
});

/// A client's timers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ClientTimer {
    /// The attempt took too long.
    Attempt,
    /// The pause before the next attempt is over.
    Backoff,
    /// The command took too long.
    Deadline,
}

fingerprint_enum!(ClientTimer {
    0 => Attempt,
    1 => Backoff,
    2 => Deadline,
});

impl Timer for ClientTimer {
    const KINDS: &'static [&'static str] = &["attempt", "backoff", "deadline"];

    fn kind(self) -> u8 {
        self as u8
    }
}

catalogue! {
    /// What a client does, in its own few rules.
    ClientRule {
        Invoke = "client-invoke", "Raft dissertation, 6.2; Castro and Liskov 1999, 4.1",
            "A client sends its command to the replica that it takes for the leader.";
        Redirect = "client-redirect", "Raft dissertation, 6.2",
            "A replica that is not the leader names the one it takes for it, and the client goes there.";
        Backoff = "client-backoff", "after Raft dissertation, 6.2",
            "Nobody knows a leader: the client waits a little, and tries the next replica. (The pause is ours.)";
        Retry = "client-retry", "Raft dissertation, 6.3",
            "No answer in time: the client tries the next replica, with the same sequence number.";
        Broadcast = "client-broadcast", "Castro and Liskov 1999, 4.1",
            "No answer in time: the client sends the request to all replicas.";
        UnorderedRead = "client-unordered-read", "Castro and Liskov 1999, 5.1.3",
            "A client asks all replicas to answer a read at once, from their present states.";
        Complete = "client-complete", "Herlihy and Wing 1990, 2.1",
            "The answer is there, and the operation is complete.";
        GiveUp = "client-give-up", "Herlihy and Wing 1990, 2.1",
            "The deadline has passed: the client gives the operation up, and cannot know whether a write took effect.";
    }
}

catalogue! {
    /// Clients have no rules that could be switched off.
    NoMutation {}
}

/// Clients keep nothing on disk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NoDisk;

impl Fingerprint for NoDisk {
    fn fingerprint(&self, _: &mut Fingerprinter) {}
}

impl Durable for NoDisk {
    type Write = ();

    fn apply(&mut self, (): &()) {}
}
