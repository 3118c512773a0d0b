//! What is said of the entries of logs.

use crate::check::{Origin, Overwritten};
use crate::process::{NodeId, NodeSet};
use serde::Serialize;

/// Who did something, and by which event.
#[derive(Serialize)]
pub struct Doer {
    pub node: u16,
    pub event: u32,
}

impl From<(NodeId, u32)> for Doer {
    fn from((node, event): (NodeId, u32)) -> Self {
        Self { node: node.0, event }
    }
}

#[derive(Serialize)]
pub struct OriginView {
    pub written: Option<Doer>,
    pub client: Option<u16>,
    pub decided: Option<Doer>,
    pub backers: Vec<u16>,
}

impl From<Origin> for OriginView {
    fn from(Origin { written, client, decided, backers }: Origin) -> Self {
        Self {
            written: written.map(Into::into),
            client: client.map(|client| client.0),
            decided: decided.map(Into::into),
            backers: numbers(backers),
        }
    }
}

#[derive(Serialize)]
pub struct OverwrittenView {
    pub index: u64,
    pub epoch: u64,
    pub text: String,
    pub event: u32,
}

impl From<Overwritten> for OverwrittenView {
    fn from(Overwritten { index, epoch, text, event, .. }: Overwritten) -> Self {
        Self { index, epoch, text, event }
    }
}

fn numbers(nodes: NodeSet) -> Vec<u16> {
    nodes.iter().map(|node| node.0).collect()
}
