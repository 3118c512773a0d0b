//! What can be explored, by name.

pub mod abstract_paxos;
