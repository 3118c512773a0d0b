//! Why, of a run whose protocol is known by its name alone: what the command line and the page ask.

use super::event::EventReport;
use super::leader::LeaderReport;
use super::operation::OperationReport;
use super::replay::{Replay, Whole};
use super::speech::Explained;
use super::{event, leader, operation};
use crate::multi_paxos::MultiPaxos;
use crate::paxos::Paxos;
use crate::pbft::Pbft;
use crate::raft::Raft;
use crate::scenario::{PROTOCOLS, ScenarioError};
use crate::tendermint::Tendermint;
use crate::viewstamped::Viewstamped;
use serde::Serialize;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Question {
    /// Why an event happened.
    Event(u32),
    /// What became of an operation, such as c1.3.
    Operation(String),
    /// Why a server does not lead, such as n2.
    Leader(String),
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Report {
    /// Why an event happened.
    Event(EventReport),
    /// What became of an operation.
    Operation(OperationReport),
    /// Why a server does not lead.
    Leader(LeaderReport),
}

/// Makes a run again, and answers.
///
/// # Errors
///
/// If the run cannot be run, or what is asked about is not in it.
pub fn why(whole: &Whole, question: &Question) -> Result<Report, ScenarioError> {
    match whole.scenario.protocol.as_str() {
        "raft" => answer::<Raft>(whole, question),
        "paxos" => answer::<Paxos>(whole, question),
        "multi-paxos" => answer::<MultiPaxos>(whole, question),
        "viewstamped" => answer::<Viewstamped>(whole, question),
        "pbft" => answer::<Pbft>(whole, question),
        "tendermint" => answer::<Tendermint>(whole, question),
        _ => {
            Err(ScenarioError::at("protocol", format!("there is no such protocol: there are {}", PROTOCOLS.join(", "))))
        }
    }
}

fn answer<R: Explained>(whole: &Whole, question: &Question) -> Result<Report, ScenarioError> {
    Ok(match question {
        Question::Event(number) => Report::Event(event::explain(&Replay::<R>::new(whole)?, *number)?),
        Question::Operation(text) => Report::Operation(operation::explain::<R>(whole, text)?),
        Question::Leader(name) => Report::Leader(leader::explain(&mut Replay::<R>::new(whole)?, name)?),
    })
}
