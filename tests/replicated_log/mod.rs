//! What the tests of Raft and of Multi-Paxos share: servers that are driven one input at a time, and clusters to which
//! things are done by name.

pub mod caught;
pub mod cluster;
pub mod driven;
