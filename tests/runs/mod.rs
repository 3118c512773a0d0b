//! Whole runs: the same again and again, in the gallery, on the command line, and under hunt.

mod bugs;
mod captions;
pub mod commands;
mod conversations;
mod determinism;
mod disks;
mod drivers;
mod entries;
mod gallery;
mod golden;
mod hunt;
mod liars;
mod likelihood;
mod links;
mod monitors;
mod shrink;
#[path = "../golden/table.rs"]
mod table;
mod undecided;
