//! The tests that run natively, in one program: one to link, and its tests share the cores until the last is done.
//!
//! A module is a folder or file beside this one: `cargo test --test native raft::` runs Raft's tests alone.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]
#![recursion_limit = "256"]

mod check_command;
mod conformance_histories;
mod conformance_paxos_tlc;
mod conformance_sandtable;
mod conformance_tendermint;
mod course;
mod course_command;
mod explore_command;
mod grade;
mod lessons;
mod multi_paxos;
mod node;
mod paxos;
mod pbft;
mod raft;
mod runs;
mod tendermint;
