//! What the tests of Raft and of Multi-Paxos share: servers that are driven one input at a time, and clusters to which
//! things are done by name.
#![allow(dead_code, reason = "each protocol's tests use a part of it")]

pub mod caught;
pub mod cluster;
pub mod driven;
