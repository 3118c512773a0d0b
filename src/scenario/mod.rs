//! Scenarios: all that a run is made of, as a person writes it and as a link carries it.
//!
//! A scenario is JSON. Every field but `protocol` may be left out; a field that does not exist is an error, and every
//! error says where it is. Processes go by name here: replicas n1, n2, ..., clients c1, c2, ...
//!
//! * [`settings`]: the fields. * [`names`]: processes by name. * [`bounds`]: what numbers may be.
//! * [`captions`]: words at moments of the run. * [`moments`]: where these are in it.
//! * [`action`]: interventions. * [`command`]: what a client is asked for. * [`lies`]: what liars say.
//! * [`build`]: from a scenario to a run's setup. * [`protocols`]: what each protocol takes from it.
//! * `clocks`: how fast clocks run, and whether a lease may count on them.
//! * `elections`: settings under which nobody can be elected.
//! * [`gallery`]: named scenarios. * [`script`]: scenarios written in Rust. * [`link`]: a run in a URL. * [`error`]: what is wrong, and where.

pub mod action;
pub mod bounds;
pub mod build;
pub mod captions;
mod clocks;
pub mod command;
mod elections;
pub mod error;
pub mod gallery;
pub mod lies;
pub mod link;
pub mod moments;
pub mod names;
pub mod protocols;
pub mod script;
pub mod settings;

pub use action::{ActionText, InterventionText};
pub use build::parse;
pub use captions::Caption;
pub use error::ScenarioError;
pub use link::{Link, LinkError};
pub use moments::Story;
pub use protocols::{PROTOCOLS, Playable, WithProtocol, with_protocol};
pub use settings::{ClientSettings, DiskSettings, Limits, PaxosSettings, RaftSettings, Scenario};
