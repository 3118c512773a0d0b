//! What drives many runs.
//!
//! * [`hunt`]: each seed under a drawn schedule of faults, then without faults, with every check on.
//! * [`schedule`]: how faults are drawn. * [`aim`]: whom they hit.

pub mod aim;
pub mod hunt;
pub mod schedule;
