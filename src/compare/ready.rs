//! Scripts that are there by name. Each is a file of its own, as a person would write it.

use super::script::Script;
use crate::scenario::ScenarioError;

/// A script by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ready {
    /// Its name.
    pub name: &'static str,
    /// What happens, in a sentence or two.
    pub about: &'static str,
    /// The script, as JSON.
    pub json: &'static str,
}

impl Ready {
    /// The script.
    ///
    /// # Errors
    ///
    /// None: a test reads them all.
    pub fn script(&self) -> Result<Script, ScenarioError> {
        super::parse(self.json)
    }
}

macro_rules! ready {
    ($($name:literal: $about:literal),* $(,)?) => {
        /// All of them.
        pub const READY: &[Ready] = &[$(Ready { name: $name, about: $about, json: include_str!(concat!("scripts/", $name, ".json")) }),*];
    };
}

ready! {
    "calm": "Nothing fails. One client writes, one operation after the other, and every message takes as long: what a write costs.",
    "busy": "Nothing fails. Ten clients read and write without a pause.",
    "leader-crash": "The leader crashes at 1 s, and is back at 3 s.",
    "leader-crash-50-uncommitted": "The leader crashes with 50 entries that a majority holds and nobody has committed.",
    "full-partition": "The leader is alone with one client from 1 s to 3 s, and all others are together.",
    "two-sides": "From 1 s to 3 s the leader, a follower and two clients are on one side, and three followers and two clients on the other.",
    "one-way-deaf": "From 1 s to 3 s the leader hears no other replica, and they hear it.",
    "one-way-mute": "From 1 s to 3 s no other replica hears the leader, and it hears them.",
    "quorum-loss": "From 1 s to 3 s all replicas reach one follower, and nobody else: the leader lives, and has no quorum.",
    "constrained-election": "From 1 s to 3 s the leader is alone, and the others reach one follower and nobody else, which has missed the latest entries.",
    "chained": "Three replicas in a chain from 1 s to 3 s, with the leader at one end: the ends do not reach each other.",
    "flapping": "From 1 s to 3 s the leader is cut off from the other replicas and back again, every 200 ms.",
    "liar": "From 1 s to 3 s the leader tells half of the others one thing, and the rest another.",
    "wiped-disk": "The disk of a follower is emptied at 1 s.",
}

/// The script with a name.
pub fn named(name: &str) -> Option<&'static Ready> {
    READY.iter().find(|ready| ready.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ready_script_can_be_followed() {
        for ready in READY {
            let script = ready.script().unwrap_or_else(|error| panic!("{}: {error}", ready.name));
            super::super::fits(&script).unwrap_or_else(|error| panic!("{}: {error}", ready.name));
        }
    }
}
