//! The deterministic simulator: virtual clock, network, disks, faults, workload, and the trace of what happened.
//!
//! A [`World`] is the live state of a cluster. [`World::step`] takes the earliest thing that is due, lets one process
//! handle it, and records one event in the [`Trace`]. Ties are broken by the order in which things were scheduled, so a
//! run is a pure function of (scenario, seed, interventions). A [`Simulation`] is a world with its trace, a playhead
//! and checkpoints.
//!
//! * [`clock`]: the queue of what is due. * [`network`]: latency, loss, duplication, reordering, cuts.
//! * [`disk`]: what survives a crash, and when it gets there. * [`timers`]: the timers of one process.
//! * [`workload`]: what clients ask for. * [`random`]: one stream of numbers for each concern.
//! * [`rate`]: how fast a clock runs. * [`range`]: what numbers are drawn from. * [`setup`]: what a cluster is made of.
//! * [`faults`]: what can be done to a run from outside. * [`adversary`]: what liars say.
//! * [`machine`]: a process with its disk and timers. `shared`: what all machines share. * [`world`]: the cluster.

pub mod adversary;
pub mod clock;
pub mod disk;
pub mod faults;
pub mod machine;
pub mod network;
pub mod random;
pub mod range;
pub mod rate;
pub mod setup;
mod shared;
pub mod simulation;
pub mod timers;
pub mod trace;
pub mod workload;
pub mod world;

pub use adversary::{Adversary, Deed, Line, Strategy};
pub use disk::CrashPoint;
pub use faults::{Action, Intervention};
pub use network::{Network, NetworkDials};
pub use range::{Ratio, TicksRange};
pub use rate::ClockRate;
pub use setup::{Setup, process_name};
pub use simulation::Simulation;
pub use trace::{EventRecord, Fate, InputKind, MessageRecord, Note, Trace};
pub use workload::{Mix, Workload, WorkloadDials};
pub use world::{Stepped, World};
