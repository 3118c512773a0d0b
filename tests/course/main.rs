//! The course's JSON protocol from outside: lines in, lines out.
#![allow(clippy::unwrap_used)]
#![recursion_limit = "256"]

mod contexts;
mod examples;
mod lines;
mod session;
mod tracks;
