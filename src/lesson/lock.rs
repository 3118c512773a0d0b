//! A lock with a lease, the clocks of those who trust it, and a fencing token that saves what it guards.
//!
//! Two clients, A and B, each add a line to one file: they take the lock, read the file, think, and write it back
//! whole. The lock service grants the lock for the length of a *lease*, so that a client that dies does not keep it for
//! ever, and gives each grant a number that only rises, the *token*. When the lease has run out, by the service's own
//! clock, the lock is free for the next who asks.
//!
//! The lease is a promise about time, and a client cannot keep it: it may be paused, for as long as a garbage collector
//! or a hypervisor likes, between its last look at its clock and its write; and its clock and the service's may not run
//! alike. Then two clients hold the lock, each by its own lights, and one overwrites what the other wrote. No care of
//! the client's removes that. What does is the store: it keeps the highest token that it has seen, and refuses a write
//! with a lower one (Kleppmann 2016; Chubby's sequencers, Burrows 2006, section 2.4). Since a write here depends on a
//! read before it, a read shows its token too. A client that is refused begins anew, after a pause that doubles each
//! time.
//!
//! The model is a small deterministic one, in whole milliseconds: a queue of deliveries and alarms, a service, a store,
//! two clients. What it simplifies: the service is one machine that does not fail (a replicated store does its work as
//! in the other lessons); a message takes five milliseconds each way and is never lost; B asks every so often, in place
//! of being told when the lock is free.

mod model;

use serde::{Deserialize, Serialize};

/// The most that a setting may be.
const SETTING_MAX: u64 = 1_000;

/// What one may turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LockSettings {
    /// Length of a lease, in milliseconds.
    pub lease_ms: u64,
    /// Between a client's read and its write, in milliseconds.
    pub work_ms: u64,
    /// How long A stands still right before its first write leaves, in milliseconds.
    pub pause_ms: u64,
    /// How fast the service's clock runs, in percent: 100 is right.
    pub service_clock_percent: u64,
    /// Whether a client looks at its clock before it writes, and gives up if its lease has run out.
    pub clients_check: bool,
    /// Whether the store refuses a token below the highest that it has seen.
    pub fencing: bool,
}

impl Default for LockSettings {
    fn default() -> Self {
        Self {
            lease_ms: 100,
            work_ms: 40,
            pause_ms: 0,
            service_clock_percent: 100,
            clients_check: true,
            fencing: false,
        }
    }
}

impl LockSettings {
    /// Whether each is within what the model takes.
    ///
    /// # Errors
    ///
    /// Names the setting and its range.
    pub fn check(&self) -> Result<(), String> {
        let within = |name: &str, value: u64, least: u64, most: u64| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(format!("{name}: {least} to {most}, not {value}"))
            }
        };
        within("lease_ms", self.lease_ms, 20, SETTING_MAX)?;
        within("work_ms", self.work_ms, 0, SETTING_MAX)?;
        within("pause_ms", self.pause_ms, 0, SETTING_MAX)?;
        within("service_clock_percent", self.service_clock_percent, 25, 400)
    }
}

/// Who takes part, in the order of their lanes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each is what it is called")]
pub enum Party {
    A,
    B,
    Service,
    Store,
}

/// What happened, in the order in which a legend tells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the sentence of the event says it")]
pub enum LockEventKind {
    Asked,
    Granted,
    Busy,
    Read,
    Paused,
    WentOn,
    GaveUp,
    Wrote,
    Accepted,
    Overwrote,
    Refused,
    Expired,
    Released,
}

/// An event.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LockEvent {
    /// When, in milliseconds of true time.
    pub at_ms: u64,
    /// Where.
    pub party: Party,
    /// What.
    pub kind: LockEventKind,
    /// In a sentence.
    pub text: String,
}

/// A span of time in which something held.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Span {
    /// Whose lane.
    pub party: Party,
    /// `lease` at the service, `believes` at a client, `paused` at a client.
    pub kind: &'static str,
    /// The client that it is about.
    pub client: Party,
    /// The token, for a lease.
    pub token: u64,
    /// Beginning, in milliseconds of true time.
    pub from_ms: u64,
    /// End.
    pub to_ms: u64,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LockRun {
    /// All events, in order.
    pub events: Vec<LockEvent>,
    /// Leases, beliefs and pauses.
    pub spans: Vec<Span>,
    /// The lines of the file at the end.
    pub file: Vec<&'static str>,
    /// Whether a line was lost.
    pub is_corrupted: bool,
    /// How many writes the store refused.
    pub refused: u32,
    /// The end, in milliseconds.
    pub end_ms: u64,
    /// What there is to see, in a sentence.
    pub sentence: String,
}

/// Plays the lock with some settings.
///
/// # Errors
///
/// If a setting is out of range.
pub fn play(settings: LockSettings) -> Result<LockRun, String> {
    settings.check()?;
    Ok(model::Model::new(settings).play())
}

#[cfg(test)]
mod tests;
