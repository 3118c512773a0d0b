//! Consensus playground: real protocol cores, stepped by a deterministic simulator, watched by checkers.
//!
//! A run is a pure function of (engine version, scenario, seed, interventions). Data flows one way: a scenario builds a
//! cluster, the cluster steps processes, the trace records what happened, checkers and the page read the trace.
//!
//! | room         | what it is                                                     | what it must never know                      |
//! |--------------|----------------------------------------------------------------|----------------------------------------------|
//! | [`process`]  | the contract that every protocol implements                    | any protocol, the simulator                  |
//! | [`check`]    | what watches: linearizability, invariants, liveness            | how to step a protocol                       |
//! | `web`        | the wasm-bindgen surface, built for `wasm32` only              | any rule of any protocol                     |

pub mod check;
pub mod kv;
pub mod process;
pub mod raft;
pub mod run;
pub mod scenario;
pub mod search;
pub mod sim;
#[cfg(target_arch = "wasm32")]
pub mod web;

/// The first part of a run's identity: other versions may answer the same scenario and seed with another run.
///
/// ```
/// assert_eq!(consensus_playground::ENGINE_VERSION.split('.').count(), 3);
/// ```
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");
