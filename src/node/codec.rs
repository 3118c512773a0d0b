//! How a protocol's messages and writes look as JSON.

use crate::kv::Replica;
use crate::process::{Durable, Process, Ticks};
use serde_json::Value;

/// The times that a node keeps, in real time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// The shortest election timeout; the longest is twice as long.
    pub election_timeout_ticks_min: Ticks,
    /// Between two heartbeats of a leader.
    pub heartbeat_ticks: Ticks,
}

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

    /// A write as JSON.
    fn encode_write(write: &<Self::Durable as Durable>::Write) -> Value;

    /// The write again.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    fn decode_write(write: &Value) -> Result<<Self::Durable as Durable>::Write, String>;
}
