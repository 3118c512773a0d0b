//! What watches a run and never steps it: linearizability, the protocols' invariants, liveness after healing.

pub mod history;
