//! What became of an operation: what it waits for, or whether it took effect and where its entry went.

use super::answers::Sought;
use super::attempts::attempts;
use super::replay::{Replay, Whole};
use super::speech::{Explained, Place};
use super::{FACTS_MAX, Fact, bounded, listed};
use crate::kv::{Ending, Request};
use crate::process::NodeId;
use crate::run::Run;
use crate::run::history::ClientOperation;
use crate::scenario::ScenarioError;
use crate::search::aim;
use crate::sim::trace::InputKind;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Most places of an entry that are told.
const PLACES_MAX: usize = 4;

/// How an operation stands when the run ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Its client has its answer.
    Answered,
    /// Its client waits.
    Waits,
    /// Its client gave it up: it changed nothing.
    Failed,
    /// Its client gave it up, and cannot know whether it took effect.
    Unknown,
}

/// What became of an operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OperationReport {
    /// The operation: its client, a point, and which of the client's operations it is.
    pub operation: String,
    /// What it asks for.
    pub command: String,
    /// How it stands.
    pub standing: Standing,
    /// Whether a replica carried it out; null where the run does not say.
    pub took_effect: Option<bool>,
    /// In a sentence without its point.
    pub sentence: String,
    /// Each attempt, with its time and what became of it.
    pub attempts: Vec<Fact>,
    /// So many attempts are left out.
    pub more_attempts: u32,
    /// Where its entry went.
    pub entry: Vec<Fact>,
    /// Whose words it waits for, and who cannot be reached.
    pub waits: Vec<Fact>,
    /// So many facts of the last list are left out.
    pub more: u32,
}

/// What is found out on the way to a sentence.
struct Found {
    took_effect: Option<bool>,
    entry: Vec<Fact>,
    waits: Vec<Fact>,
    /// What it lacks, in a few words.
    lacks: Option<String>,
    /// It was given a place, nobody carried it out, and no replica has it any more.
    is_lost: bool,
}

/// What became of an operation, such as c1.3: the third of c1's.
///
/// # Errors
///
/// If the run cannot be run, or there is no such operation.
pub fn explain<R: Explained>(whole: &Whole, text: &str) -> Result<OperationReport, ScenarioError> {
    let (operation, request) = {
        let mut replay = Replay::<R>::new(whole)?;
        find(&mut replay, text)?
    };
    // Once more, to see who carries it out when.
    let mut carried: BTreeMap<NodeId, u32> = BTreeMap::new();
    let mut replay = Replay::<R>::watching(whole, |run, event| note_carried(run, event, &request, &mut carried))?;
    let (attempts, more_attempts) = attempts(&replay, &operation, &request);
    let found = found(&mut replay, &operation, &request, &carried);
    let standing = match &operation.completed {
        None => Standing::Waits,
        Some((_, Ending::Ok(_))) => Standing::Answered,
        Some((_, Ending::Failed)) => Standing::Failed,
        Some((_, Ending::Unknown)) => Standing::Unknown,
    };
    let sentence = sentence(&replay, &operation, &found, attempts.len());
    let (waits, more) = bounded(found.waits, FACTS_MAX);
    Ok(OperationReport {
        operation: text.to_owned(),
        command: operation.command.to_string(),
        standing,
        took_effect: found.took_effect,
        sentence,
        attempts,
        more_attempts,
        entry: found.entry,
        waits,
        more,
    })
}

fn find<R: Explained>(replay: &mut Replay<R>, text: &str) -> Result<(ClientOperation, Request), ScenarioError> {
    let wrong = |problem: String| Err(ScenarioError::at("operation", problem));
    let replicas = replay.replicas();
    let named = text.split_once('.').and_then(|(name, number)| {
        let client = replay.process(name).filter(|client| client.0 >= replicas)?;
        Some((client, number.parse::<usize>().ok()?.checked_sub(1)?))
    });
    let Some((client, before)) = named else {
        return wrong("a client and a number from 1, such as c1.3: the third operation of c1".to_owned());
    };
    let own: Vec<&ClientOperation> = replay.run.history().iter().filter(|each| each.client == client).collect();
    let Some(&operation) = own.get(before) else {
        return wrong(format!("there is no operation {text}: its client begins {} in this run", own.len()));
    };
    let ClientOperation { client, sequence, command, .. } = operation.clone();
    Ok((operation.clone(), Request { client, sequence, command }))
}

/// Notes which honest replicas have carried a request out by an event.
fn note_carried<R: Explained>(run: &Run<R>, event: u32, request: &Request, carried: &mut BTreeMap<NodeId, u32>) {
    let world = run.simulation().world();
    let Some(record) = run.simulation().trace().events.get(event as usize) else { return };
    let node = NodeId(record.node);
    let process = world.replicas().get(node.index()).and_then(|machine| machine.process.as_ref());
    if let Some(process) = process
        && world.is_honest(node)
        && !carried.contains_key(&node)
        && process.carried_out(request) == Some(true)
    {
        carried.insert(node, event);
    }
}

fn found<R: Explained>(
    replay: &mut Replay<R>,
    operation: &ClientOperation,
    request: &Request,
    carried: &BTreeMap<NodeId, u32>,
) -> Found {
    let mut found = Found { took_effect: None, entry: Vec::new(), waits: Vec::new(), lacks: None, is_lost: false };
    if operation.command.is_read() {
        // It changes nothing, whatever becomes of it.
        found.took_effect = Some(false);
    } else if !carried.is_empty() {
        // A compare-and-set that found something else was carried out, and changed nothing.
        let ending = operation.completed.as_ref().map(|(_, ending)| ending);
        found.took_effect =
            Some(!ending.is_some_and(|ending| matches!(ending, Ending::Ok(_)) && !ending.took_effect()));
    }
    let mut by_event: Vec<(NodeId, u32)> = carried.iter().map(|(&node, &event)| (node, event)).collect();
    by_event.sort_by_key(|&(_, event)| event);
    let placed = placed(replay, request);
    for (place, first) in placed.iter().take(PLACES_MAX) {
        found.entry.extend(went(replay, *place, *first));
    }
    if placed.len() > PLACES_MAX {
        let more = placed.len() - PLACES_MAX;
        found.entry.push(Fact::happened(None, format!("it was given {more} more places later")));
    }
    for (place, (&node, &event)) in by_event.iter().map(|(node, event)| (node, event)).enumerate() {
        let first = if place == 0 { ", as the first" } else { "" };
        let sentence = format!("{} carried it out at {}{first}", replay.name(node), replay.at(event));
        found.entry.push(Fact::happened(Some(event), sentence));
    }
    if carried.is_empty() && !operation.command.is_read() {
        nobody_did(replay, request, placed.is_empty(), &mut found);
    }
    found.is_lost = carried.is_empty() && !placed.is_empty() && keepers(replay, request).is_empty();
    let is_answered = matches!(operation.completed, Some((_, Ending::Ok(_))));
    // What was overwritten everywhere waits for nobody.
    if !is_answered && (placed.is_empty() || !keepers(replay, request).is_empty()) {
        awaited(replay, request, carried, &mut found);
    }
    found
}

/// The places that messages gave to a request, each with the message that first did, in the order of these.
fn placed<R: Explained>(replay: &Replay<R>, request: &Request) -> Vec<(Place, u32)> {
    let trace = replay.run.simulation().trace();
    let mut known: BTreeSet<Place> = BTreeSet::new();
    let mut places = Vec::new();
    for (message, record) in (0..).zip(&trace.messages) {
        if let Some((place, _)) = R::placed(&record.body, request)
            && known.insert(place)
        {
            places.push((place, message));
        }
    }
    places
}

/// What became of an entry: who gave it its place, whether it was decided, who overwrote it.
fn went<R: Explained>(replay: &Replay<R>, place: Place, message: u32) -> Vec<Fact> {
    let trace = replay.run.simulation().trace();
    let Some(record) = trace.messages.get(message as usize) else { return Vec::new() };
    let (index, epoch) = (place.index, R::epoch_text(place.epoch));
    let origin = replay.run.origin(index, place.epoch);
    let (writer, event) = origin.and_then(|origin| origin.written).unwrap_or((record.from, record.event));
    let stands = format!("{} {index} in {epoch}", R::PLACE);
    let mut facts =
        vec![Fact::happened(Some(event), format!("{} gave it {stands}, at {}", replay.name(writer), replay.at(event)))];
    if let Some((decider, event)) = origin.and_then(|origin| origin.decided) {
        let sentence = format!("{} knew at {} that it is decided there", replay.name(decider), replay.at(event));
        facts.push(Fact::happened(Some(event), sentence));
    }
    for gone in replay.run.overwritten().into_iter().filter(|gone| (gone.index, gone.epoch) == (index, place.epoch)) {
        let name = replay.name(gone.node);
        let handled = replay.record(gone.event).filter(|event| event.input == InputKind::Message);
        let cause = handled.and_then(|event| trace.messages.get(event.cause as usize));
        let by = cause.map_or_else(String::new, |cause| {
            let entry = match R::puts(&cause.body, index) {
                Some(epoch) => format!(" by an entry of {}", R::epoch_text(epoch)),
                None => String::new(),
            };
            format!("{entry}, from {}", replay.name(cause.from))
        });
        let sentence = format!("{name} overwrote it at {index}{by}, at {}", replay.at(gone.event));
        facts.push(Fact::happened(Some(gone.event), sentence));
    }
    facts
}

/// The replicas that still have a request.
fn keepers<R: Explained>(replay: &Replay<R>, request: &Request) -> Vec<NodeId> {
    let replicas = (0..).map(NodeId).zip(replay.run.simulation().world().replicas());
    let keeps = |process: &R| process.keeps(request);
    replicas.filter(|(_, machine)| machine.process.as_ref().is_some_and(keeps)).map(|(node, _)| node).collect()
}

/// Nobody has carried it out: whether somebody may yet.
fn nobody_did<R: Explained>(replay: &Replay<R>, request: &Request, is_nowhere: bool, found: &mut Found) {
    let trace = replay.run.simulation().trace();
    let carries = |body: &R::Message| {
        R::asked(body) == Some((request.client, request.sequence)) || R::placed(body, request).is_some()
    };
    let under_way =
        (0..).zip(&trace.messages).filter(|(message, record)| replay.end(*message).is_none() && carries(&record.body));
    let under_way = under_way.count();
    let keepers = keepers(replay, request);
    if is_nowhere {
        found.entry.push(Fact::did_not(None, "no message gave it a place"));
    }
    found.entry.push(Fact::did_not(None, "no honest replica was seen to carry it out, up to the end of the run"));
    if !keepers.is_empty() {
        let sentence = format!("it may still take effect: it is with {}", listed(&replay.names(keepers)));
        found.entry.push(Fact::not_known(None, sentence));
    }
    if under_way > 0 {
        let messages = if under_way == 1 { "a message with it is" } else { "messages with it are" };
        let sentence = format!("it may still take effect: {messages} under way or waiting");
        found.entry.push(Fact::not_known(None, sentence));
    }
}

/// Whose words it waits for, where somebody has given it a place.
fn awaited<R: Explained>(
    replay: &mut Replay<R>,
    request: &Request,
    carried: &BTreeMap<NodeId, u32>,
    found: &mut Found,
) {
    if !carried.is_empty() {
        return;
    }
    let trace = replay.run.simulation().trace();
    let last = trace.messages.iter().rev().find_map(|record| {
        let (place, speaks_in) = R::placed(&record.body, request)?;
        Some((record.from, place, speaks_in))
    });
    let Some((proposer, place, speaks_in)) = last else { return nowhere(replay, request, found) };
    let mut lacks = Vec::new();
    for &phase in R::DECIDES {
        let at = Place { index: place.index, epoch: speaks_in };
        let counter = R::counter(replay.run.simulation().world(), phase, speaks_in, proposer);
        let answers = replay.answers(Sought { counter, phase, at }, 0..u32::MAX);
        let phase = R::PHASES[phase].name;
        if answers.have < answers.need {
            let missing = listed(&replay.names(answers.missing.iter().copied()));
            let who = replay.name(counter);
            lacks
                .push(format!("{who} has {} of the {} {phase}s needed, without {missing}", answers.have, answers.need));
        }
        found.waits.extend(answers.facts);
        if !lacks.is_empty() {
            break;
        }
    }
    let leader = aim::leader(replay.run.simulation().world());
    let own = replay.run.simulation().world().replicas().get(proposer.index());
    if own.is_some_and(|machine| machine.process.is_none()) {
        found.waits.extend(replay.unreachable(request.client, proposer));
    } else if let Some(other) = leader.filter(|&other| other != proposer) {
        let process = replay.run.simulation().world().replicas()[other.index()].process.as_ref();
        let stage = process.map_or_else(String::new, |process| format!(" in {}", R::stage_text(process.epoch())));
        let sentence = format!("{} leads{stage} when the run ends", replay.name(other));
        found.waits.push(Fact::happened(None, sentence));
    }
    found.lacks = (!lacks.is_empty()).then(|| lacks.join("; "));
}

/// Nobody has given it a place: who leads, if anybody does, and whether the client can reach it.
fn nowhere<R: Explained>(replay: &Replay<R>, request: &Request, found: &mut Found) {
    match aim::leader(replay.run.simulation().world()) {
        Some(leader) => {
            let sentence = format!("{} takes itself for the leader when the run ends", replay.name(leader));
            found.waits.push(Fact::happened(None, sentence));
        }
        None => found.waits.push(Fact::did_not(None, "no replica takes itself for the leader when the run ends")),
    }
    for replica in (0..replay.replicas()).map(NodeId) {
        found.waits.extend(replay.unreachable(request.client, replica));
    }
}

fn sentence<R: Explained>(replay: &Replay<R>, operation: &ClientOperation, found: &Found, attempts: usize) -> String {
    let (client, command) = (replay.name(operation.client), &operation.command);
    let since = replay.at(operation.invoked.event);
    let effect = match (command.is_read(), found.took_effect) {
        (true, _) => "it is a read: it changed nothing",
        (false, Some(true)) => "it took effect",
        (false, Some(false)) => "it had no effect",
        (false, None) => "nobody was seen to carry it out",
    };
    match &operation.completed {
        Some((moment, Ending::Ok(answer))) => {
            format!("{command} of {client}, begun at {since}, was answered at {}: {answer}", replay.at(moment.event))
        }
        Some((moment, ending)) => {
            let how = if *ending == Ending::Failed { "failed" } else { "has an unknown outcome" };
            let lacks = found.lacks.as_ref().map_or_else(String::new, |lacks| format!("; {lacks}"));
            format!(
                "{command} of {client}, begun at {since}, was given up at {} and {how}; {effect}{lacks}",
                replay.at(moment.event)
            )
        }
        None => {
            let lacks = match &found.lacks {
                Some(lacks) => lacks.clone(),
                None if found.took_effect == Some(true) => "it took effect, and the answer has not come".to_owned(),
                None if found.is_lost => "its entry was given a place, and no replica has it any more".to_owned(),
                None => format!("{attempts} attempts so far"),
            };
            format!("{command} of {client} waits since {since}: {lacks}")
        }
    }
}
