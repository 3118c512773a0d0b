//! The replicated key-value store: what the protocols agree on commands for.
//!
//! * [`command`]: put, get, delete and compare-and-set, their answers, and the requests and replies that carry them.
//! * [`store`]: the deterministic state machine, with a session for each client, so that a retried command is applied
//!   once (Raft dissertation, section 6.3).
//! * [`pieces`]: a store that is too large for one message.
//! * [`contract`]: what a protocol's messages and replicas must offer to the clients.
//! * [`reading`]: the ways to read, and what each promises.
//! * [`plain`]: a message and a disk for protocols of one's own.
//! * [`client`]: the client, a process like any other: it sends a request, tries again, follows redirections, and
//!   reports what it saw.

pub mod client;
pub mod command;
pub mod contract;
pub mod pieces;
pub mod plain;
pub mod reading;
pub mod store;

pub use client::{Client, ClientConfig, ClientReport, Ending};
pub use command::{Answer, Command, Key, Reply, ReplyBody, Request, Value};
pub use contract::{ClientMessage, Replica, plain_client_message};
pub use plain::PlainMessage;
pub use reading::{Reading, SessionRead, SessionReply};
pub use store::Store;
