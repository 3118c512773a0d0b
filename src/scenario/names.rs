//! Processes by name: n1, n2, ... and c1, c2, ...

use super::error::ScenarioError;
use crate::process::{NodeId, NodeSet};
use crate::sim::NetworkDials;
use serde::{Deserialize, Serialize};

/// A link, one way.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkText {
    /// The sender.
    pub from: String,
    /// The receiver.
    pub to: String,
}

/// The processes of a cluster, by name, and the network that a change of dials starts from.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// How many replicas.
    pub replicas: u16,
    /// How many clients.
    pub clients: u16,
    /// The dials that stand before the action.
    pub network: NetworkDials,
}

impl Names {
    /// The process with that name.
    ///
    /// # Errors
    ///
    /// Says which names there are.
    pub fn process(&self, place: &str, name: &str) -> Result<NodeId, ScenarioError> {
        let number = |prefix: &str| {
            name.strip_prefix(prefix)
                .filter(|digits| !digits.starts_with(['0', '+']))
                .and_then(|digits| digits.parse::<u16>().ok())
        };
        let found = match (number("n"), number("c")) {
            (Some(replica), _) if replica <= self.replicas => Some(NodeId(replica - 1)),
            (_, Some(client)) if client <= self.clients => Some(NodeId(self.replicas + client - 1)),
            _ => None,
        };
        found.ok_or_else(|| {
            let shown: String = name.chars().take(40).collect();
            let clients = if self.clients == 0 { String::new() } else { format!(" and c1 to c{}", self.clients) };
            ScenarioError::at(
                place,
                format!("there is no process {shown:?}: there are n1 to n{}{clients}", self.replicas),
            )
        })
    }

    pub(super) fn replica(&self, place: &str, name: &str) -> Result<NodeId, ScenarioError> {
        let node = self.process(place, name)?;
        if node.0 < self.replicas {
            Ok(node)
        } else {
            Err(ScenarioError::at(place, format!("{name} is a client, not a replica")))
        }
    }

    pub(super) fn client(&self, place: &str, name: &str) -> Result<NodeId, ScenarioError> {
        let node = self.process(place, name)?;
        if node.0 >= self.replicas {
            Ok(node)
        } else {
            Err(ScenarioError::at(place, format!("{name} is a replica, not a client")))
        }
    }

    /// A set of processes by name.
    pub(super) fn set(&self, place: &str, listed: &[String]) -> Result<NodeSet, ScenarioError> {
        listed.iter().enumerate().map(|(position, name)| self.process(&format!("{place}[{position}]"), name)).collect()
    }

    pub(super) fn links(&self, links: &[LinkText]) -> Result<Vec<(NodeId, NodeId)>, ScenarioError> {
        let link = |(place, link): (usize, &LinkText)| {
            let from = self.process(&format!("links[{place}].from"), &link.from)?;
            let to = self.process(&format!("links[{place}].to"), &link.to)?;
            Ok((from, to))
        };
        links.iter().enumerate().map(link).collect()
    }

    pub(super) fn groups(&self, groups: &[Vec<String>]) -> Result<Vec<NodeSet>, ScenarioError> {
        let mut named = NodeSet::EMPTY;
        let mut sets = Vec::new();
        for (place, group) in groups.iter().enumerate() {
            let mut set = NodeSet::EMPTY;
            for (position, name) in group.iter().enumerate() {
                let place = format!("groups[{place}][{position}]");
                let node = self.process(&place, name)?;
                if !named.insert(node) {
                    return Err(ScenarioError::at(place, format!("{name} is in two groups")));
                }
                set.insert(node);
            }
            sets.push(set);
        }
        Ok(sets)
    }
}
