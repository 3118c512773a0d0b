//! What watches a run and never steps it: linearizability, the protocols' invariants, liveness after healing.

pub mod formats;
pub mod history;
pub mod linearizability;
pub mod model;
