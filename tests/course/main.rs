//! The course's JSON protocol from outside: lines in, lines out.
#![allow(clippy::unwrap_used)]
#![recursion_limit = "256"]

mod byzantine;
mod contexts;
mod examples;
mod histories;
mod lines;
mod promises;
mod session;
mod tracks;
