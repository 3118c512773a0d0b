//! How a protocol's messages look as JSON, and how what it must keep lies on a disk.

use super::records::{Changes, Records};
use crate::kv::Replica;
use crate::process::{Durable, Process, Ticks};
use serde_json::Value;

/// A snapshot is taken when so many entries have been applied since the last one.
pub(super) const SNAPSHOT_THRESHOLD: u64 = 1_000;

/// So many of the entries that a snapshot covers are kept.
pub(super) const SNAPSHOT_TRAILING: u64 = 500;

/// Most entries in a message.
pub(super) const ENTRIES_PER_MESSAGE_MAX: u64 = 1_000;

/// Most bytes of text in a message of more than one entry or item. The largest command alone has three times 64 KiB. As
/// JSON a text is at most twice as long, and an entry or item has some hundred bytes besides: far less than a line may
/// have.
pub(super) const BYTES_PER_MESSAGE_MAX: u64 = 1 << 18;

/// The times that a node keeps, in real time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// The shortest election timeout; the longest is twice as long.
    pub election_timeout_ticks_min: Ticks,
    /// Between two heartbeats of a leader.
    pub heartbeat_ticks: Ticks,
}

/// A write of a protocol.
pub type WriteOf<R> = <<R as Process>::Durable as Durable>::Write;

/// A protocol that a node can run.
pub trait Codec: Replica {
    /// The replicas' settings.
    fn config(pace: Pace) -> <Self as Process>::Config;

    /// A message as JSON.
    fn encode(message: &Self::Message) -> Value;

    /// The message again. It may come from anybody: nothing in it is taken for granted.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    fn decode(message: &Value) -> Result<Self::Message, String>;

    /// Carries a write out on the disk's copy of what survives a crash, and says what becomes of the records.
    fn lay_down(disk: &mut Self::Durable, write: &WriteOf<Self>, changes: &mut Changes);

    /// What survives a crash, from its records.
    ///
    /// # Errors
    ///
    /// Says which record is missing or wrong.
    fn take_up(records: &Records) -> Result<Self::Durable, String>;
}
