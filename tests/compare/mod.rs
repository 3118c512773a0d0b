//! One script, several protocols: what is known of their costs is what is measured, and what cannot be followed is said.
//!
//! * `costs`: figures that papers have. * `command`: the command line. * `answers`: what a table, a diagram and a plot are
//!   made of.

mod answers;
mod command;
mod costs;
mod reads;
