//! Consensus playground: real protocol cores, stepped by a deterministic simulator, watched by checkers.
//!
//! A run is a pure function of (engine version, scenario, seed, interventions). Data flows one way: a scenario builds a
//! cluster, the cluster steps processes, the trace records what happened, checkers and the page read the trace.
//!
//! | room         | what it is                                                     | what it must never know                      |
//! |--------------|----------------------------------------------------------------|----------------------------------------------|
//! | [`process`]  | the contract that every protocol implements                    | any protocol, the simulator                  |
//! | [`raft`]     | a core: the algorithm in prose, then one file for each phase   | wasm, JSON, clocks, randomness, the simulator |
//! | [`paxos`]    | a core: single-decree Paxos, a file for each role              | the same                                     |
//! | [`multi_paxos`] | a core: Multi-Paxos, a file for each phase                   | the same                                     |
//! | [`replicated_log`] | what Raft and Multi-Paxos share: log, state machine, snapshots, reads | the same                  |
//! | [`tendermint`] | a core: algorithm 1 by itself, and the chain, gossip and sync around it | the same                     |
//! | [`pbft`]     | a core: PBFT with signatures, a file for each phase            | the same                                     |
//! | [`kv`]       | the state machine, client sessions, the client                 | the same                                     |
//! | [`sim`]      | clock, network, disks, faults, workload, trace, checkpoints    | any rule of any protocol, any checker        |
//! | [`check`]    | what watches: linearizability, invariants                      | how to step a protocol                       |
//! | [`run`]      | one run with all that watches it: history, verdict, transcript | any rule of any protocol, the page           |
//! | [`search`]   | what looks for trouble: the hunt, and the explorer of all states | the page                                     |
//! | [`course`]   | a course's JSON protocol, task by task, answered by the cores  | standard input and output, the page          |
//! | [`grade`]    | goals, and whether a run meets them                            | how to step a protocol, the page             |
//! | [`lesson`]   | the course's tasks, lessons and prepared runs, as data          | any rule of any protocol                     |
//! | [`node`]     | a real node: a core behind lines of JSON, a clock and a disk   | the simulated network, threads               |
//! | [`scenario`] | what a run is made of, as text; the gallery                    | how a run goes                               |
//! | `web`        | the wasm-bindgen surface, built for `wasm32` only              | any rule of any protocol                     |

pub mod check;
pub mod course;
pub mod grade;
pub mod kv;
pub mod lesson;
pub mod multi_paxos;
pub mod node;
pub mod paxos;
pub mod pbft;
pub mod process;
pub mod raft;
pub mod replicated_log;
pub mod run;
pub mod scenario;
pub mod search;
pub mod sim;
pub mod tendermint;
#[cfg(target_arch = "wasm32")]
pub mod web;

/// The first part of a run's identity: other versions may answer the same scenario and seed with another run.
///
/// ```
/// assert_eq!(consensus_playground::ENGINE_VERSION.split('.').count(), 3);
/// ```
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");
