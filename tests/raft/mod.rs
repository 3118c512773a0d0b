//! Raft, tested section by section of the paper, bug by bug of the field, and mutation by mutation.
//!
//! Tests of one server alone ([`server`]) have three parts: what it is given, one input, what it does. Tests of a whole
//! cluster ([`cluster`]) read like the story that they tell.

mod cases;
mod clients;
mod cluster;
mod commitment;
mod electable;
mod elections;
mod forgetful_disks;
mod known_bugs;
mod known_bugs_later;
mod monitor;
mod mutations;
mod promises;
mod reading;
mod reads;
mod replication;
mod server;
mod snapshots;
mod storms;
