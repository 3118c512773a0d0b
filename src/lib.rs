//! Consensus playground: real protocol cores, stepped by a deterministic simulator, watched by checkers.
//!
//! A run is a pure function of (engine version, scenario, seed, interventions). Data flows one way: a scenario builds
//! a cluster, the cluster steps processes, the trace records what happened, checkers and the page read the trace.
//!
//! Most of what one looks for is found by its name: a protocol, `raft` say, is the folder of that name, whose
//! `mod.rs` tells the algorithm, with a file for each phase or role, and `rule.rs` for the paper's lines. What names
//! do not say:
//!
//! * **What a protocol must be**, so that all else can drive it: [`process::Process`]; and [`scenario::Playable`],
//!   for what is a protocol's own around it.
//! * **Where a partition cuts a message**: [`sim::network`], when the message leaves and when it would arrive.
//! * **Who calls a core**: `sim/machine.rs` in a run, [`search::explore`] in a search of all states, [`node`] in a
//!   real process, [`course`] for a learner.
//! * **What Raft, Multi-Paxos and Viewstamped Replication share**: [`replicated_log`], so that each of them has its own
//!   rules alone.
//! * **What a process has promised to others**: the monitors in [`check`], which keep what left it and never ask its
//!   disk.
//! * **Why something happened, or did not**: [`why`], from the trace and the cores' own state.
//! * **What one run is**, with all that watches it: [`run::Run`]. Page, command line, hunt, course and goals have
//!   nothing else.
//! * **Names** for processes, rules and kinds of messages: [`scenario`] alone. Below it they are numbers.
//! * **Where JavaScript begins**: `web`, built for `wasm32` only. `src/web/types.d.ts` is the contract with the page.
//!
//! # Directions
//!
//! A module names those after its arrow, and no others of ours (`cores` are the six protocols).
//! `tests/documents/map.rs` holds the sources to it.
//!
//! ```text
//! process                        ->
//! kv                             -> process
//! replicated_log                 -> process, kv
//! paxos, pbft, tendermint        -> process, kv
//! raft                           -> process, kv, replicated_log
//! multi_paxos                    -> process, kv, replicated_log, paxos
//! viewstamped                    -> process, kv, replicated_log
//! sim                            -> process, kv
//! check                          -> process, kv, cores, sim
//! run                            -> process, kv, sim, check
//! scenario                       -> process, kv, cores, sim, check, run, search
//! search                         -> process, kv, cores, sim, check, run, scenario
//! compare                        -> process, kv, cores, sim, run, scenario, search
//! export                         -> process, sim, check, run, scenario, search
//! grade                          -> process, kv, cores, sim, check, run, scenario
//! course                         -> process, kv, cores, sim, check, run, scenario, search
//! why                            -> process, kv, cores, sim, check, run, scenario, search
//! lesson                         -> process, kv, cores, sim, run, scenario, course
//! node                           -> process, kv, cores, replicated_log, sim, course
//! web                     -> process, kv, sim, check, run, scenario, search, compare, export, grade, course, lesson, why
//! ```
//!
//! `scenario` and `search` know each other: a scenario says what each protocol lets a hunt draw, and a hunt fails
//! with a scenario. `node` takes its random numbers from `sim::random`, and the course's test for numbers that JSON
//! would bend.
//!
//! # Invariants, each an absence
//!
//! 1. Nothing in a core or in [`kv`] knows about wasm, JSON, wall-clock time, randomness or the simulator.
//! 2. No floating point, no order of a hash table and no `usize` reaches a trace. Time is whole ticks; a probability
//!    is a ratio of whole numbers.
//! 3. Who watches ([`check`], [`run`], [`grade`], the page) never steps a process, and no process calls them.
//! 4. The page computes no protocol state. What it shows, Rust computed.
//! 5. Bulk data crosses to JavaScript as typed arrays.
//! 6. Nothing that a person or a link can hand in makes Rust panic.
//! 7. No thread that shares memory, no network request at run time, and no unsafe code.
//!
//! The same test holds 1, 3, 7 and what it can of 2, by the names that a module must not name; the golden traces, the
//! same natively and as wasm, hold the rest of 2; `tests/runs/links.rs` and the wasm tests hold 6.

pub mod check;
pub mod compare;
pub mod course;
pub mod export;
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
pub mod viewstamped;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod why;

/// The first part of a run's identity: other versions may answer the same scenario and seed with another run.
///
/// ```
/// assert_eq!(consensus_playground::ENGINE_VERSION.split('.').count(), 3);
/// ```
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");
