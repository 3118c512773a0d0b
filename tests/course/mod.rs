//! The course's JSON protocol from outside: lines in, lines out.

mod byzantine;
mod contexts;
mod examples;
mod histories;
mod lines;
mod promises;
mod session;
mod tracks;
