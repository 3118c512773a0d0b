//! What drives many runs, and what looks at all of them.
//!
//! * [`hunt`]: each seed under a drawn schedule of faults, then without faults, with every check on.
//! * [`schedule`]: how faults are drawn. * [`aim`]: whom they hit.
//! * [`liars`]: who lies, and how. * [`explore`]: every state that a model can reach, within bounds.
//! * [`models`]: what can be explored, by name.

pub mod aim;
pub mod explore;
pub mod hunt;
pub mod liars;
pub mod models;
pub mod schedule;
