//! Tests of Tendermint: single cores, scripted runs, known bugs by name, liars, and mutations.

mod accountability;
mod core;
mod known_bugs;
mod liars;
mod monitor;
mod mutations;
mod runs;
mod shown;
