//! What one run came to, read off its trace.

use super::fit;
use super::script::Script;
use super::size;
use super::stage::{Marks, Place, Stage, Trouble};
use crate::kv::Ending;
use crate::process::{Message, NodeId, Ticks};
use crate::run::history::ClientOperation;
use crate::scenario::{Link, Playable};
use crate::search::aim::begins_to_lead;
use crate::sim::{InputKind, Trace};
use serde::Serialize;
use std::ops::Range;

/// Messages that were sent, and what they take ([`size`]). What a process sends to itself is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Traffic {
    /// Messages between replicas, without heartbeats.
    pub messages: u64,
    /// What these take, in bytes.
    pub bytes: u64,
    /// Messages between replicas that only say that somebody is there, or how far it is, and the answers to them.
    pub heartbeats: u64,
    /// What these take, in bytes.
    pub heartbeat_bytes: u64,
    /// Messages between clients and replicas.
    pub client_messages: u64,
    /// What these take, in bytes.
    pub client_bytes: u64,
}

impl Traffic {
    /// As much more.
    pub fn add(&mut self, other: &Self) {
        let Self { messages, bytes, heartbeats, heartbeat_bytes, client_messages, client_bytes } = other;
        self.messages += messages;
        self.bytes += bytes;
        self.heartbeats += heartbeats;
        self.heartbeat_bytes += heartbeat_bytes;
        self.client_messages += client_messages;
        self.client_bytes += client_bytes;
    }
}

/// What happened between two moments.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Phase {
    /// How long it was.
    pub ticks: Ticks,
    /// How long each operation took that was answered in it, in the order of the answers.
    pub latencies: Vec<Ticks>,
    /// How many messages, one after the other, led from each of these operations to its answer.
    pub delays: Vec<u32>,
    /// What was sent.
    pub traffic: Traffic,
    /// How often a replica began to lead.
    pub leaders: u32,
}

/// Something that came so long after the first fault, and what it took.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reached {
    /// How long it took.
    pub ticks: Ticks,
    /// How many messages, one after the other, led to it.
    pub delays: u32,
    /// What was sent until then.
    pub traffic: Traffic,
}

/// What was measured of one run. Without faults there is a calm phase alone.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Measured {
    /// From the time at which it is steady to the first fault.
    pub calm: Phase,
    /// What the disks of all replicas held together when the calm was over, in bytes...
    pub disk_bytes: u64,
    /// ...after so many operations that were answered.
    pub answered_by_then: u64,
    /// From the first fault to what undid the last; to the end where nothing did.
    pub faults: Option<Phase>,
    /// From what undid the last fault to the end, where something did.
    pub after: Option<Phase>,
    /// From the last fault that undoes no other to the next answer to an operation that was asked for after it.
    pub unserved: Option<Ticks>,
    /// The longest time without any answer from the first fault on.
    pub silence: Option<Ticks>,
    /// Whether an operation that was asked for after that fault was answered before it was undone.
    pub is_served_meanwhile: bool,
    /// From what undid the last fault to the next answer to an operation that was asked for after it.
    pub unserved_after: Option<Ticks>,
    /// When another replica than the leader of before began to lead.
    pub elected: Option<Reached>,
    /// How many entries the leader was left with, of those that it was to be left with.
    pub left: Option<u32>,
    /// When a replica had carried all of these out; of none, when another replica began to lead.
    pub carried_out: Option<Reached>,
    /// How many of them were carried out at all.
    pub kept: u32,
    /// From what undid the last fault until all replicas knew what one had known then.
    pub even: Option<Reached>,
    /// What did not hold, if anything did not.
    pub broken: Option<&'static str>,
    /// What the protocol counts on, and did not hold: something was done that is beyond its fault model.
    pub beyond: Option<&'static str>,
    /// Events of the run.
    pub events: u32,
    /// A link to the run, where it is asked for and fits into one.
    pub link: Option<String>,
}

/// Lets a protocol follow a script, and measures it.
///
/// # Errors
///
/// If the script is wrong, or beyond what the protocol can follow.
pub fn measure<R: Playable>(script: &Script, seed: u64, with_link: bool) -> Result<Measured, Trouble> {
    Ok(read(script, &mut Stage::<R>::follow(script, seed)?, with_link))
}

/// A run that is to be looked at: with what leads to it, and where in it things happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// What it came to.
    pub measured: Measured,
    /// From this the same run is made again.
    pub link: Link,
    /// When the first fault came.
    pub fault: Option<Ticks>,
    /// When the last fault came that undoes no other.
    pub struck: Option<Ticks>,
    /// When the last fault was undone.
    pub undone: Option<Ticks>,
}

/// Lets a protocol follow a script, to be looked at.
///
/// # Errors
///
/// As [`measure`].
pub fn show<R: Playable>(script: &Script, seed: u64) -> Result<Shown, Trouble> {
    let mut stage = Stage::<R>::follow(script, seed)?;
    let measured = read(script, &mut stage, false);
    let scenario = stage.scenario();
    let time = |place: Option<Place>| place.map(|place| place.time);
    let (fault, struck) = (time(stage.marks.fault), time(stage.marks.struck));
    let undone = time(undone(script, &stage.marks));
    Ok(Shown { measured, link: Link::of_run(&mut stage.run, &scenario, 0), fault, struck, undone })
}

/// What undid the last fault; none where nothing did.
fn undone(script: &Script, marks: &Marks) -> Option<Place> {
    let undoing = script.interventions.iter().rev().find(|step| fit::is_a_fault(&step.action));
    marks.last.filter(|_| undoing.is_some_and(|step| fit::undoes(&step.action)))
}

/// What a run that has followed its script to the end came to.
fn read<R: Playable>(script: &Script, stage: &mut Stage<'_, R>, with_link: bool) -> Measured {
    let operations = stage.run.history().to_vec();
    let broken = stage.run.findings_at_end().first().map(|finding| finding.invariant.name);
    let link = with_link.then(|| {
        let scenario = stage.scenario();
        Link::of_run(&mut stage.run, &scenario, 0).to_fragment().ok()
    });
    let (marks, simulation) = (stage.marks, stage.run.simulation());
    let trace = simulation.trace();
    let replicas = script.replicas as u16;
    let reader = Reader { trace, operations: &operations, replicas };
    let fault = marks.fault;
    let undone = undone(script, &marks);
    let until = script.until_ticks;
    let calm = script.steady_ticks..fault.map_or(until, |fault| fault.time + 1);
    let end_of_faults = undone.filter(|undone| Some(*undone) != fault).map_or(until, |undone| undone.time + 1);
    let answered_by_then =
        reader.answers().filter(|(_, answer)| fault.is_none_or(|fault| answer.event < fault.event)).count() as u64;
    let reached = |from: Option<Place>, to: Option<Place>| Some(reader.reached(from?, to?));
    let unserved = |from: Option<Place>| reader.unserved(from?);
    let asks_for_none = script.uncommitted.is_some_and(|uncommitted| uncommitted.entries == 0);
    let elected = fault.and_then(|fault| reader.elected(fault, marks.cast.map(|cast| cast.leader)));
    Measured {
        calm: reader.phase(calm),
        disk_bytes: marks.disk_bytes,
        answered_by_then,
        faults: fault.map(|fault| reader.phase(fault.time + 1..end_of_faults)),
        after: undone.map(|undone| reader.phase(undone.time + 1..until)),
        unserved: unserved(marks.struck),
        silence: fault.map(|fault| reader.silence(fault, script.until_ticks)),
        is_served_meanwhile: marks
            .struck
            .is_some_and(|struck| unserved(Some(struck)).is_some_and(|ticks| struck.time + ticks < end_of_faults)),
        unserved_after: unserved(undone),
        elected: reached(fault, elected),
        left: marks.left,
        carried_out: reached(fault, if asks_for_none { elected } else { marks.carried_out }),
        kept: marks.kept,
        even: reached(undone, marks.even),
        broken,
        beyond: simulation.interventions().iter().find_map(|each| each.action.beyond_the_model()),
        events: simulation.events(),
        link: link.flatten(),
    }
}

/// Reads a trace.
struct Reader<'a, R: Playable> {
    trace: &'a Trace<R>,
    operations: &'a [ClientOperation],
    replicas: u16,
}

impl<R: Playable> Reader<'_, R> {
    /// The operations that were answered, each with the event and the time of its answer, in the order of asking.
    fn answers(&self) -> impl Iterator<Item = (&ClientOperation, Place)> {
        self.operations.iter().filter_map(|operation| match &operation.completed {
            Some((moment, Ending::Ok(_))) => Some((operation, Place { event: moment.event, time: moment.time })),
            _ => None,
        })
    }

    fn phase(&self, times: Range<Ticks>) -> Phase {
        let mut answers: Vec<_> = self.answers().filter(|(_, answer)| times.contains(&answer.time)).collect();
        answers.sort_by_key(|(_, answer)| answer.event);
        let events = self.trace.events.iter();
        let leaders = events.filter(|event| times.contains(&event.time) && begins_to_lead::<R>(event)).count() as u32;
        Phase {
            ticks: times.end.saturating_sub(times.start),
            latencies: answers.iter().map(|(asked, answer)| answer.time - asked.invoked.time).collect(),
            delays: answers.iter().map(|(asked, answer)| self.delays(asked.invoked.event, answer.event)).collect(),
            traffic: self.traffic(times),
            leaders,
        }
    }

    /// What was sent between two times.
    fn traffic(&self, times: Range<Ticks>) -> Traffic {
        let mut traffic = Traffic::default();
        let first = self.trace.messages.partition_point(|message| message.sent < times.start);
        let sent = self.trace.messages.iter().skip(first).take_while(|message| message.sent < times.end);
        for message in sent.filter(|message| message.from != message.to) {
            let is_client = |node: NodeId| node.0 >= self.replicas;
            let (count, bytes) = if is_client(message.from) || is_client(message.to) {
                (&mut traffic.client_messages, &mut traffic.client_bytes)
            } else if message.body.is_heartbeat() {
                (&mut traffic.heartbeats, &mut traffic.heartbeat_bytes)
            } else {
                (&mut traffic.messages, &mut traffic.bytes)
            };
            *count += 1;
            *bytes += size::of(&message.body);
        }
        traffic
    }

    /// How many messages, one after the other, led from one event to a later one: the chain of causes back from the
    /// later one, as far as the earlier. A timer's cause is the event that set it, and waiting is no message.
    fn delays(&self, from: u32, to: u32) -> u32 {
        let (mut event, mut delays) = (to, 0);
        while event > from {
            let Some(record) = self.trace.events.get(event as usize) else { break };
            event = match record.input {
                InputKind::Message => {
                    let Some(message) = self.trace.messages.get(record.cause as usize) else { break };
                    delays += u32::from(message.from != message.to && message.event >= from);
                    message.event
                }
                InputKind::Timer | InputKind::Persisted => record.cause,
                InputKind::Start | InputKind::Intervention | InputKind::Invoke => break,
            };
        }
        delays
    }

    fn reached(&self, from: Place, to: Place) -> Reached {
        Reached {
            ticks: to.time - from.time,
            delays: self.delays(from.event, to.event.saturating_sub(1)),
            traffic: self.traffic(from.time + 1..to.time + 1),
        }
    }

    fn unserved(&self, from: Place) -> Option<Ticks> {
        let asked_later = self.answers().filter(|(asked, _)| asked.invoked.event >= from.event);
        asked_later.map(|(_, answer)| answer.time - from.time).min()
    }

    fn silence(&self, from: Place, until: Ticks) -> Ticks {
        let later = self.answers().filter(|(_, answer)| answer.event >= from.event);
        let mut times: Vec<Ticks> = later.map(|(_, answer)| answer.time).chain([from.time, until]).collect();
        times.sort_unstable();
        times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
    }

    /// When another replica than the leader of before began to lead.
    fn elected(&self, from: Place, before: Option<NodeId>) -> Option<Place> {
        let mut later = (0..).zip(&self.trace.events).skip(from.event as usize);
        let (event, record) = later
            .find(|(_, record)| begins_to_lead::<R>(record) && before.is_none_or(|before| record.node != before.0))?;
        Some(Place { event: event + 1, time: record.time })
    }
}
