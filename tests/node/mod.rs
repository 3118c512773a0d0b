//! The `node` command: real processes, whose messages a harness of ours carries, under a network that is cut.

mod cluster;
mod disk;
mod driver;
mod harness;
mod lines;
mod pieces;
mod storage;
