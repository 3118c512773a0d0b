//! What drives many runs, and what looks at all of them.
//!
//! * [`hunt`]: each seed under a drawn schedule of faults, then without faults, with every check on.
//! * [`schedule`]: how faults are drawn. * [`aim`]: whom they hit.
//! * [`shrink`]: a run that breaks a promise becomes a small one that breaks the same.
//! * [`explore`]: every state that a model can reach, within bounds.
//! * [`models`]: what can be explored, by name. * [`replay`]: what was found there, as a run.
//! * [`undecided`]: the scheduler that keeps a cluster from ever deciding, until it lets go.
//! * [`likelihood`]: how many forks of a run end as it does, by the moment where they leave it.
//! * [`liars`]: who lies, and how. * [`threshold`]: what n, f and q lead to, in runs.

pub mod aim;
pub mod explore;
pub mod hunt;
pub mod liars;
pub mod likelihood;
pub mod models;
pub mod replay;
pub mod schedule;
pub mod shrink;
pub mod threshold;
pub mod undecided;
