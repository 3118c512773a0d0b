//! Why a server does not lead, or why its view, ballot or round did not come.

use super::answers::Sought;
use super::replay::Replay;
use super::speech::{Explained, Phase, Place};
use super::{FACTS_MAX, Fact, bounded, listed};
use crate::process::{Catalogue, NodeId};
use crate::scenario::ScenarioError;
use crate::search::aim;
use serde::Serialize;

/// So many bids are told in full, the last ones.
const BIDS_MAX: usize = 3;

/// One try to lead.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bid {
    /// The event with which it began.
    pub event: u32,
    /// When.
    pub ticks: u64,
    /// What it is for, and how it stands, in a sentence without its point.
    pub sentence: String,
    /// Who answered what.
    pub facts: Vec<Fact>,
    /// So many facts are left out.
    pub more: u32,
}

/// Why a server does not lead.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeaderReport {
    /// The server.
    pub process: String,
    /// Whether it takes itself for the leader, the primary or the proposer when the run ends.
    pub leads: bool,
    /// In a sentence without its point.
    pub sentence: String,
    /// Its bids, oldest first.
    pub bids: Vec<Bid>,
    /// So many bids before those are left out.
    pub earlier_bids: u32,
    /// What else has to do with it.
    pub facts: Vec<Fact>,
}

/// Why a server does not lead at the end of the run.
///
/// # Errors
///
/// If there is no such server.
pub fn explain<R: Explained>(replay: &mut Replay<R>, name: &str) -> Result<LeaderReport, ScenarioError> {
    let node = replay.process(name).filter(|node| node.0 < replay.replicas());
    let Some(node) = node else {
        let problem = format!("there is no replica of that name: there are n1 to n{}", replay.replicas());
        return Err(ScenarioError::at("leader", problem));
    };
    let leader = aim::leader(replay.run.simulation().world());
    let all = bids(replay, node);
    let earlier = all.len().saturating_sub(BIDS_MAX);
    let ends: Vec<u32> =
        all.iter().skip(1).map(|(event, _)| *event).chain([replay.run.simulation().events()]).collect();
    let told: Vec<(u32, &'static [usize], u32)> =
        all.iter().zip(ends).skip(earlier).map(|((event, phases), end)| (*event, *phases, end)).collect();
    let mut bids = Vec::new();
    for (event, phases, end) in told {
        bids.push(bid(replay, node, event, phases, end));
    }
    let leads = leads(replay, node);
    let sentence = match (leads, bids.last()) {
        (true, _) => format!("{name} {} when the run ends", how(replay, node)),
        (false, None) => format!("{name} has not tried: it {}", how(replay, node)),
        (false, Some(last)) => format!("{}; when the run ends it {}", last.sentence, how(replay, node)),
    };
    let mut facts: Vec<Fact> = Vec::new();
    if let Some(other) = leader.filter(|&other| other != node) {
        facts.push(Fact::happened(last_lead(replay, other), format!("{} {}", replay.name(other), how(replay, other))));
        facts.extend(replay.unreachable(node, other));
    }
    facts.extend(replay.unreachable(node, node));
    Ok(LeaderReport { process: name.to_owned(), leads, sentence, bids, earlier_bids: earlier as u32, facts })
}

fn leads<R: Explained>(replay: &Replay<R>, node: NodeId) -> bool {
    let machine = replay.run.simulation().world().replicas().get(node.index());
    let process = machine.and_then(|machine| machine.process.as_ref());
    process.is_some_and(|process| {
        matches!(R::ROLES.get(usize::from(process.role())), Some(&("leader" | "primary" | "proposer")))
    })
}

/// What a server is when the run ends: "is follower in term 3".
fn how<R: Explained>(replay: &Replay<R>, node: NodeId) -> String {
    let world = replay.run.simulation().world();
    let machine = world.replicas().get(node.index());
    match machine.and_then(|machine| machine.process.as_ref()) {
        None => "is down".to_owned(),
        Some(process) => {
            let role = R::ROLES.get(usize::from(process.role())).copied().unwrap_or_default();
            format!("is {role} in {}", R::stage_text(process.epoch()))
        }
    }
}

/// When a server began to lead as it does.
fn last_lead<R: Explained>(replay: &Replay<R>, node: NodeId) -> Option<u32> {
    let events = &replay.run.simulation().trace().events;
    let place = events.iter().rposition(|record| record.node == node.0 && aim::begins_to_lead::<R>(record))?;
    Some(place as u32)
}

/// The events with which a server's bids began, each with the phases that it needs.
fn bids<R: Explained>(replay: &Replay<R>, node: NodeId) -> Vec<(u32, &'static [usize])> {
    let trace = replay.run.simulation().trace();
    let own = (0..).zip(&trace.events).filter(|(_, record)| record.node == node.0);
    let of = |(event, record): (u32, &crate::sim::EventRecord)| {
        // A pre-vote that a candidacy follows at once is that.
        let mut codes: Vec<u8> = trace.rules_of(record).collect();
        codes.reverse();
        let found = codes.into_iter().find_map(|code| R::BIDS.iter().find(|(rule, _)| rule.code() == code))?;
        Some((event, found.1))
    };
    own.filter_map(of).collect()
}

/// One bid, of what was sent from its event until another's.
fn bid<R: Explained>(replay: &mut Replay<R>, node: NodeId, event: u32, phases: &[usize], end: u32) -> Bid {
    let name = replay.name(node);
    let at = place(replay, node, event);
    let world = replay.run.simulation().world();
    let mut facts: Vec<Fact> = R::turn(world, at).map(|turn| Fact::happened(None, turn)).into_iter().collect();
    let mut counts = Vec::new();
    for &phase in phases {
        let counter = R::counter(replay.run.simulation().world(), phase, at.epoch, node);
        // Others may have said so before.
        let since = if R::PHASES[phase].is_asked { event } else { 0 };
        let until = if R::PHASES[phase].is_asked { end } else { u32::MAX };
        let answers = replay.answers(Sought { counter, phase, at }, since..until);
        let Phase { name: said, is_asked } = R::PHASES[phase];
        let who = if counter == node { "it".to_owned() } else { replay.name(counter) };
        let lacks = if answers.have >= answers.need {
            String::new()
        } else {
            format!(", without {}", listed(&replay.names(answers.missing.iter().copied())))
        };
        counts.push(format!("{who} has {} of the {} {said}s needed{lacks}", answers.have, answers.need));
        facts.extend(answers.facts);
        if answers.have < answers.need && is_asked {
            break;
        }
    }
    let index = if at.index > 0 { format!(" at {} {}", R::PLACE, at.index) } else { String::new() };
    let sentence =
        format!("{name} bid for {}{index} at {}: {}", R::epoch_text(at.epoch), replay.at(event), counts.join("; "));
    facts.extend(later(replay, node, event, end));
    let (facts, more) = bounded(facts, FACTS_MAX);
    Bid { event, ticks: replay.time(event), sentence, facts, more }
}

/// What a bid is for: as its messages say, or as the server's own state does.
fn place<R: Explained>(replay: &mut Replay<R>, node: NodeId, event: u32) -> Place {
    let trace = replay.run.simulation().trace();
    let record = trace.events.get(event as usize).copied();
    let sent = record.iter().flat_map(|record| record.sent());
    let mut spoken = sent.filter_map(|message| R::speech(&trace.messages.get(message as usize)?.body));
    if let Some(speech) = spoken.next() {
        return Place { index: speech.first, epoch: speech.epoch };
    }
    let end = replay.run.simulation().events();
    replay.run.seek(event + 1);
    let world = replay.run.simulation().world();
    let process = world.replicas().get(node.index()).and_then(|machine| machine.process.as_ref());
    let wants = process.map(|process| process.bids_for().unwrap_or(Place { index: 0, epoch: process.epoch() }));
    replay.run.seek(end);
    wants.unwrap_or(Place { index: 0, epoch: record.map_or(0, |record| u64::from(record.epoch)) })
}

/// How a bid ended, if its server took another role before the next one.
fn later<R: Explained>(replay: &Replay<R>, node: NodeId, event: u32, end: u32) -> Option<Fact> {
    let trace = replay.run.simulation().trace();
    let own = (0..).zip(&trace.events).take(end as usize).skip(event as usize + 1);
    let changed = crate::sim::trace::flag::ROLE_CHANGED;
    let mut changes = own.filter(|(_, record)| record.node == node.0 && record.flags & changed != 0);
    let (event, record) = changes.next()?;
    let rules: Vec<String> = replay
        .rules(record)
        .into_iter()
        .map(|rule| format!("{} ({}, {})", rule.text.trim_end_matches('.'), rule.name, rule.source))
        .collect();
    let (role, stage) = (replay.run.role_name(record), R::stage_text(u64::from(record.epoch)));
    let why = if rules.is_empty() { String::new() } else { format!(": {}", rules.join("; ")) };
    let sentence = format!("at {} {} became {role} in {stage}{why}", replay.at(event), replay.name(node));
    Some(Fact::happened(Some(event), sentence))
}
