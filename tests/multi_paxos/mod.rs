//! Multi-Paxos, tested section by section, bug by bug of the field, and mutation by mutation.
//!
//! Tests of one server alone ([`server`]) have three parts: what it is given, one input, what it does. Tests of a whole
//! cluster ([`cluster`]) read like the story that they tell.

mod cluster;
mod explored;
mod gallery;
mod hunt;
mod known_bugs;
mod lost_messages;
mod monitor;
mod mutations;
mod normal_case;
mod phases;
mod server;
