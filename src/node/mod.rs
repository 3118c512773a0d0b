//! A real node: one process of a cluster that speaks Maelstrom's protocol, a JSON message a line.
//!
//! Here is the part without input and output: a [`Host`] takes a line or the passing of time, and says what is to be
//! written. The same core runs in it that the simulator steps; ticks are microseconds since the node was started.
//!
//! **Clients** speak the workload `lin-kv`: `read`, `write` and `cas`, on any JSON as key and value. Each request that
//! is under way has a *seat* at the node that took it, with a number that no other node uses and a session of its own
//! in the replicated store; seats are used again. A node that does not lead passes the request on to the leader once,
//! and the answer comes back to it; if it knows no leader, its own replica turns it away, the client gets error 11, and
//! nothing has happened and will. Where nobody knows, it gets error 13, or error 0 if no answer came for five seconds.
//!
//! **Peers** send each other `{"type": "raft", "message": {"kind": ...}}`, with the protocol's name as the type, and a
//! `client` where it is the answer to a request that was passed on. [`Codec`] says how a protocol's messages and writes
//! look as JSON.
//!
//! **The disk** is a [`Store`]: what the host asks to be kept must be there before the lines that follow it are sent.
//! Without one, a node forgets, and must not be started again.
//!
//! **Messages** are bounded, in entries and in bytes: longer logs and states travel in pieces, so that no line is ever
//! too long.
//!
//! Peers are trusted to follow the protocol, as Raft and Paxos trust them. Whatever else comes in, a line cannot stop
//! the node.

mod client;
mod codec;
mod effects;
mod host;
mod multi_paxos;
mod raft;
mod records;
mod requests;
mod state;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod store;
mod wire;

pub use codec::{Codec, Pace, WriteOf};
pub use host::Host;
pub use records::{Changes, Key, Records};
pub use state::{Kept, Names, Output, Persist};
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub use store::Store;

/// Most nodes in a cluster.
pub const NODES_MAX: usize = 31;

/// Longest line that is read, in bytes.
pub const LINE_LENGTH_MAX: usize = 8 << 20;
