//! A real node: one process of a cluster that speaks Maelstrom's protocol, a JSON message a line.
//!
//! Here is the part without input and output: a [`Host`] takes a line or the passing of time, and says what is to be written. The same
//! core runs in it that the simulator steps; ticks are microseconds since the node was started.
//!
//! **Clients** speak the workload `lin-kv`: `read`, `write` and `cas`, on any JSON as key and value. Each request that is under way has a
//! *seat* at the node that took it, with a number that no other node uses and a session of its own in the replicated store; seats are used
//! again. A node that does not lead passes the request on to the leader once, and the answer comes back to it; if it knows no leader,
//! or the other turns it away, the client gets error 11, and nothing has happened. Without an answer for five seconds, it gets error 0: nobody knows.
//!
//! **Peers** send each other `{"type": "raft", "message": {"kind": ...}}`, with the protocol's name as the type, and a `client` where
//! it is the answer to a request that was passed on. [`Codec`] says how a protocol's messages and writes look as JSON.
//!
//! **The disk** is what the host asks to be appended to a journal: a JSON line for each write, which must be on the disk before the lines that
//! follow it are sent. A node that is given a journal begins where that one ended; a line `{"numbers_up_to": ...}` of it says which numbers of
//! requests may have been used.
//!
//! Peers are trusted to follow the protocol, as Raft and Paxos trust them. Whatever else comes in, a line cannot stop the node.

mod client;
mod codec;
mod host;
mod multi_paxos;
mod raft;
mod wire;

pub use codec::{Codec, Pace};
pub use host::{Host, Output};

/// Most nodes in a cluster.
pub const NODES_MAX: usize = 31;

/// Longest line that is read, in bytes.
pub const LINE_LENGTH_MAX: usize = 8 << 20;
