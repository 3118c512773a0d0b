//! The twenty tasks of the course, in four subtracks: what each asks, examples for the console, the lines of the paper
//! that it rests on, the run that shows it, and the goals that go with it.

mod byzantine;
mod commitment;
mod paxos;
mod replication;

use super::{RuleText, Source};
use crate::course::{Kind, kinds};
use serde::Serialize;

/// A subtrack: a few tasks that belong together.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Track {
    /// Its title.
    pub title: &'static str,
    /// What it is about, in a sentence or two.
    pub about: &'static str,
    /// Its tasks, in order.
    pub tasks: &'static [Task],
}

/// A task.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Task {
    /// 1 to 20, as the course counts.
    pub number: u8,
    /// In kebab-case, for links.
    pub name: &'static str,
    /// A few words.
    pub title: &'static str,
    /// What it asks, a paragraph each.
    pub asks: &'static [&'static str],
    /// What the answers here, or the course, simplify or decide; empty where there is nothing to say.
    pub simplified: &'static str,
    /// Where the algorithm is stated.
    pub sources: &'static [Source],
    /// The protocol whose lines it rests on.
    pub protocol: &'static str,
    /// Their names in the core's catalogue of rules.
    pub rules: &'static [&'static str],
    /// The prepared runs that show it, by name.
    pub runs: &'static [&'static str],
    /// The goals that go with it, by name.
    pub goals: &'static [&'static str],
    /// What to say to the node.
    pub examples: &'static [Example],
}

/// A conversation with the node, from its beginning.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Example {
    /// A few words.
    pub title: &'static str,
    /// How many nodes `init` names: n1, n2, ...
    pub nodes: u8,
    /// The bodies of the requests, in order.
    pub bodies: &'static [&'static str],
    /// Whether the last one is meant to be refused.
    pub is_refused: bool,
}

const fn example(title: &'static str, nodes: u8, bodies: &'static [&'static str]) -> Example {
    Example { title, nodes, bodies, is_refused: false }
}

const fn refused(title: &'static str, nodes: u8, bodies: &'static [&'static str]) -> Example {
    Example { title, nodes, bodies, is_refused: true }
}

/// The subtracks, in order.
pub const TRACKS: &[Track] = &[replication::TRACK, commitment::TRACK, paxos::TRACK, byzantine::TRACK];

impl Example {
    /// The lines that a person would type: `init` first.
    pub fn lines(&self) -> Vec<String> {
        let names: Vec<String> = (1..=self.nodes).map(|index| format!("\"n{index}\"")).collect();
        let init = format!(r#"{{"type":"init","msg_id":0,"node_id":"n1","node_ids":[{}]}}"#, names.join(","));
        let message = |body: &str| format!(r#"{{"src":"c1","dest":"n1","body":{body}}}"#);
        std::iter::once(message(&init)).chain(self.bodies.iter().map(|body| message(body))).collect()
    }
}

impl Task {
    /// The lines of the paper that it rests on.
    pub fn rules(&self) -> Vec<RuleText> {
        self.rules.iter().filter_map(|name| super::rule(self.protocol, name)).collect()
    }

    /// The types of messages that belong to it.
    pub fn kinds(&self) -> Vec<Kind> {
        let number = self.number.to_string();
        kinds().filter(|kind| kind.task.split(", ").any(|task| task == number)).collect()
    }
}

/// All tasks, in order.
pub fn tasks() -> impl Iterator<Item = &'static Task> {
    TRACKS.iter().flat_map(|track| track.tasks)
}
