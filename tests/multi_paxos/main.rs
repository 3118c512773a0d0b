//! Multi-Paxos, tested section by section, bug by bug of the field, and mutation by mutation.
//!
//! Tests of one server alone ([`server`]) have three parts: what it is given, one input, what it does. Tests of a whole
//! cluster ([`cluster`]) read like the story that they tell.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod cluster;
mod explored;
#[path = "../paxos/exploring.rs"]
mod exploring;
mod gallery;
mod hunt;
mod known_bugs;
mod lost_messages;
mod monitor;
mod mutations;
mod normal_case;
mod phases;
#[path = "../replicated_log/mod.rs"]
mod replicated_log;
mod server;
#[path = "../paxos/stress.rs"]
mod stress;
