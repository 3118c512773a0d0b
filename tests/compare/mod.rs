//! One script, several protocols: what is known of their costs is what is measured, and what cannot be followed is said.
//!
//! * `costs`: figures that papers have. * `command`: the command line.

mod command;
mod costs;
mod reads;
