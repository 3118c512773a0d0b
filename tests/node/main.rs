//! The `node` command: real processes, whose messages a harness of ours carries, under a network that is cut.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod cluster;
mod disk;
mod driver;
mod harness;
mod lines;
mod pieces;
mod storage;
