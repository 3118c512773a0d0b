//! Interventions, with names for processes.

use super::build::unknown_mutation;
use super::error::ScenarioError;
use super::lies::{LineText, StrategyText};
use crate::kv::Command;
use crate::process::{Catalogue as _, NodeId, NodeSet, Process, Ticks, Timer};
use crate::sim::world::process_name;
use crate::sim::{Action, CrashPoint, Intervention, NetworkDials, Ratio, TicksRange, WorkloadDials};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Longest text of a key or a value.
pub const TEXT_LENGTH_MAX: usize = 4_096;

/// Longest time that a scenario may speak of: a day.
pub const TICKS_MAX: Ticks = 86_400 * crate::process::SECOND;

/// Something done to a run, at a time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InterventionText {
    /// When.
    pub at: Ticks,
    /// Exactly when so many events have happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_event: Option<u32>,
    /// What.
    pub action: ActionText,
}

/// What is done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "fields whose names say what they are")]
pub enum ActionText {
    /// Cuts all links between groups, and restores all within them. Who is named nowhere belongs to one more group.
    Partition { groups: Vec<Vec<String>> },
    /// Cuts links, one way each.
    Cut { links: Vec<LinkText> },
    /// Restores links, one way each.
    Restore { links: Vec<LinkText> },
    /// Restores all links.
    Heal,
    /// A process loses its power. A replica forgets all that is not on its disk, a client forgets all.
    Crash { node: String },
    /// Kills a process whose machine lives on: what it had handed to its disk still gets there; nothing more is sent.
    Kill { node: String },
    /// A crash that waits for a replica's next write, and strikes there.
    CrashBetween { node: String, point: CrashPointText },
    /// Boots a process that is down: a replica from its disk, a client with a new session.
    Restart { node: String },
    /// Stops a process for a while: what arrives waits, and it hears of no flush.
    Pause { node: String },
    /// Lets a paused process go on.
    Resume { node: String },
    /// Empties a replica's disk; one that is up crashes first. Beyond the fault model.
    WipeDisk { node: String },
    /// Gives a replica's disk other flush times.
    Disk { node: String, flush_ticks: TicksRange },
    /// Lets the flushes of a replica's disk stand still.
    StallDisk { node: String },
    /// Lets them go on.
    ReleaseDisk { node: String },
    /// From now on a replica's disk says "done" of flushes that a loss of power then loses. Beyond the fault model.
    LoseFlushes { node: String },
    /// From now on what it says is true again, also of what it had not kept so far.
    KeepFlushes { node: String },
    /// Loses a message that is in flight, by its number.
    DropMessage { message: u32 },
    /// Holds a message that is in flight back by so many ticks.
    DelayMessage { message: u32, by_ticks: Ticks },
    /// Sends a message that is in flight a second time.
    DuplicateMessage { message: u32 },
    /// Delivers a message that is in flight at once.
    DeliverMessageNow { message: u32 },
    /// Turns the network's dials.
    Network(NetworkChange),
    /// Gives one link, one way, a latency of its own.
    LinkLatency { from: String, to: String, latency_ticks: TicksRange },
    /// Lets one link, one way, lose so many of its messages.
    LinkLoss { from: String, to: String, loss: Ratio },
    /// Turns the workload's dials.
    Workload(WorkloadDials),
    /// Asks a client for an operation.
    Invoke { client: String, command: CommandText },
    /// Lets a timer of a replica that is set fire at once, by its kind.
    FireTimer { node: String, timer: String },
    /// Makes a replica Byzantine: an honest one whose outgoing messages are rewritten.
    Corrupt { node: String, strategy: StrategyText },
    /// Tells a replica what to say to whom, by one line more; that makes it Byzantine.
    Say { node: String, line: LineText },
    /// Makes a replica Byzantine that does not keep to one more of its rules.
    Depart { node: String, mutation: String },
    /// These share their keys: each can sign in the name of all. Clients may be among them.
    Collude { processes: Vec<String> },
    /// Makes a Byzantine replica honest again. What it has signed stays signed.
    Reform { node: String },
    /// New random numbers, of this seed, from here on: a fork of the run.
    Reseed { seed: u64 },
    /// A replica handles its next input with one rule switched off. Beyond the fault model.
    Misstep { node: String, mutation: String },
    /// Removes all faults: links restored, processes that are down restarted, paused ones resumed, liars honest, network
    /// and disks as the scenario has them, with nothing lost, duplicated or reordered. The workload is no fault, and
    /// stays as it is.
    RemoveFaults,
}

/// Where a crash strikes that waits for a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CrashPointText {
    /// What is written is on the disk, and what goes with it has not left.
    WriteAndSend,
    /// The writes of one step are torn apart: some are on the disk. Beyond the fault model.
    Writes,
}

impl From<CrashPointText> for CrashPoint {
    fn from(text: CrashPointText) -> Self {
        match text {
            CrashPointText::WriteAndSend => Self::BetweenWriteAndSend,
            CrashPointText::Writes => Self::BetweenWrites,
        }
    }
}

impl From<CrashPoint> for CrashPointText {
    fn from(point: CrashPoint) -> Self {
        match point {
            CrashPoint::BetweenWriteAndSend => Self::WriteAndSend,
            CrashPoint::BetweenWrites => Self::Writes,
        }
    }
}

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

/// Dials of the network; those that are left out stay as they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct NetworkChange {
    /// How long a message takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ticks: Option<TicksRange>,
    /// How many messages are lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<Ratio>,
    /// How many arrive twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplication: Option<Ratio>,
    /// How many may overtake others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reordering: Option<Ratio>,
}

/// A client's command.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "fields whose names say what they are")]
pub enum CommandText {
    /// Reads a key.
    Get { key: String },
    /// Writes a key.
    Put { key: String, value: String },
    /// Deletes a key.
    Delete { key: String },
    /// Writes `new` if the key holds `expected` (null: nothing).
    Cas { key: String, expected: Option<String>, new: String },
    /// The same; and where there is no such key, writes `new`.
    CasOrCreate { key: String, expected: String, new: String },
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
            name.strip_prefix(prefix).filter(|digits| !digits.starts_with(['0', '+'])).and_then(|digits| digits.parse::<u16>().ok())
        };
        let found = match (number("n"), number("c")) {
            (Some(replica), _) if replica <= self.replicas => Some(NodeId(replica - 1)),
            (_, Some(client)) if client <= self.clients => Some(NodeId(self.replicas + client - 1)),
            _ => None,
        };
        found.ok_or_else(|| {
            let shown: String = name.chars().take(40).collect();
            let clients = if self.clients == 0 { String::new() } else { format!(" and c1 to c{}", self.clients) };
            ScenarioError::at(place, format!("there is no process {shown:?}: there are n1 to n{}{clients}", self.replicas))
        })
    }

    pub(super) fn replica(&self, place: &str, name: &str) -> Result<NodeId, ScenarioError> {
        let node = self.process(place, name)?;
        if node.0 < self.replicas { Ok(node) } else { Err(ScenarioError::at(place, format!("{name} is a client, not a replica"))) }
    }

    fn client(&self, place: &str, name: &str) -> Result<NodeId, ScenarioError> {
        let node = self.process(place, name)?;
        if node.0 >= self.replicas { Ok(node) } else { Err(ScenarioError::at(place, format!("{name} is a replica, not a client"))) }
    }

    /// A set of processes by name.
    pub(super) fn set(&self, place: &str, listed: &[String]) -> Result<NodeSet, ScenarioError> {
        listed.iter().enumerate().map(|(position, name)| self.process(&format!("{place}[{position}]"), name)).collect()
    }

    fn links(&self, links: &[LinkText]) -> Result<Vec<(NodeId, NodeId)>, ScenarioError> {
        let link = |(place, link): (usize, &LinkText)| {
            let from = self.process(&format!("links[{place}].from"), &link.from)?;
            let to = self.process(&format!("links[{place}].to"), &link.to)?;
            Ok((from, to))
        };
        links.iter().enumerate().map(link).collect()
    }

    fn groups(&self, groups: &[Vec<String>]) -> Result<Vec<NodeSet>, ScenarioError> {
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

impl NetworkChange {
    fn over(&self, dials: NetworkDials) -> NetworkDials {
        NetworkDials {
            latency_ticks: self.latency_ticks.unwrap_or(dials.latency_ticks),
            loss: self.loss.unwrap_or(dials.loss),
            duplication: self.duplication.unwrap_or(dials.duplication),
            reordering: self.reordering.unwrap_or(dials.reordering),
        }
    }
}

impl CommandText {
    fn to_command(&self) -> Result<Command, ScenarioError> {
        let text = |place: &str, text: &str| -> Result<Arc<str>, ScenarioError> {
            if text.len() > TEXT_LENGTH_MAX {
                return Err(ScenarioError::at(place, format!("at most {TEXT_LENGTH_MAX} bytes, not {}", text.len())));
            }
            Ok(text.into())
        };
        Ok(match self {
            Self::Get { key } => Command::Get { key: text("key", key)? },
            Self::Put { key, value } => Command::Put { key: text("key", key)?, value: text("value", value)? },
            Self::Delete { key } => Command::Delete { key: text("key", key)? },
            Self::Cas { key, expected, new } => Command::Cas {
                key: text("key", key)?,
                expected: expected.as_deref().map(|expected| text("expected", expected)).transpose()?,
                new: text("new", new)?,
            },
            Self::CasOrCreate { key, expected, new } => {
                Command::CasOrCreate { key: text("key", key)?, expected: text("expected", expected)?, new: text("new", new)? }
            }
        })
    }

    fn of(command: &Command) -> Self {
        match command {
            Command::Get { key } => Self::Get { key: key.to_string() },
            Command::Put { key, value } => Self::Put { key: key.to_string(), value: value.to_string() },
            Command::Delete { key } => Self::Delete { key: key.to_string() },
            Command::Cas { key, expected, new } => {
                Self::Cas { key: key.to_string(), expected: expected.as_ref().map(ToString::to_string), new: new.to_string() }
            }
            Command::CasOrCreate { key, expected, new } => {
                Self::CasOrCreate { key: key.to_string(), expected: expected.to_string(), new: new.to_string() }
            }
        }
    }
}

impl ActionText {
    /// The action, with places for names.
    ///
    /// # Errors
    ///
    /// Says which part names something that is not there, or is out of range.
    pub fn to_action<R: Process>(&self, names: &Names) -> Result<Action, ScenarioError> {
        Ok(match self {
            Self::Partition { groups } => Action::Partition(names.groups(groups)?),
            Self::Cut { links } => Action::Cut(names.links(links)?),
            Self::Restore { links } => Action::Restore(names.links(links)?),
            Self::Heal => Action::Heal,
            Self::Crash { node } => Action::Crash(names.process("node", node)?),
            Self::Kill { node } => Action::Kill(names.process("node", node)?),
            Self::CrashBetween { node, point } => Action::CrashAt(names.replica("node", node)?, (*point).into()),
            Self::Restart { node } => Action::Restart(names.process("node", node)?),
            Self::Disk { node, flush_ticks } => {
                check_range("flush_ticks", *flush_ticks, 0)?;
                Action::Disk(names.replica("node", node)?, *flush_ticks)
            }
            Self::StallDisk { node } => Action::StallDisk(names.replica("node", node)?),
            Self::ReleaseDisk { node } => Action::ReleaseDisk(names.replica("node", node)?),
            Self::LoseFlushes { node } => Action::LoseFlushes(names.replica("node", node)?),
            Self::KeepFlushes { node } => Action::KeepFlushes(names.replica("node", node)?),
            Self::Pause { node } => Action::Pause(names.process("node", node)?),
            Self::Resume { node } => Action::Resume(names.process("node", node)?),
            Self::WipeDisk { node } => Action::WipeDisk(names.replica("node", node)?),
            Self::DropMessage { message } => Action::DropMessage(*message),
            Self::DelayMessage { message, by_ticks } => Action::DelayMessage(*message, check_ticks("by_ticks", *by_ticks)?),
            Self::DuplicateMessage { message } => Action::DuplicateMessage(*message),
            Self::DeliverMessageNow { message } => Action::DeliverMessageNow(*message),
            Self::Network(change) => {
                let dials = change.over(names.network);
                check_network(&dials)?;
                Action::Network(dials)
            }
            Self::LinkLatency { from, to, latency_ticks } => {
                check_range("latency_ticks", *latency_ticks, 0)?;
                Action::LinkLatency(names.process("from", from)?, names.process("to", to)?, *latency_ticks)
            }
            Self::LinkLoss { from, to, loss } => {
                check_ratio("loss", *loss)?;
                Action::LinkLoss(names.process("from", from)?, names.process("to", to)?, *loss)
            }
            Self::Workload(dials) => {
                check_workload(dials)?;
                Action::Workload(*dials)
            }
            Self::Invoke { client, command } => {
                Action::Invoke(names.client("client", client)?, command.to_command().map_err(|error| error.within("command"))?)
            }
            Self::FireTimer { node, timer } => {
                let kinds = <R::Timer as Timer>::KINDS;
                let kind = kinds.iter().position(|kind| kind == timer);
                let kind = kind.ok_or_else(|| ScenarioError::at("timer", format!("no such timer: there are {}", kinds.join(", "))))?;
                Action::FireTimer(names.replica("node", node)?, kind as u8)
            }
            Self::Corrupt { node, strategy } => {
                let strategy = strategy.to_strategy::<R>(names).map_err(|error| error.within("strategy"))?;
                Action::Corrupt(names.replica("node", node)?, strategy)
            }
            Self::Say { node, line } => {
                let line = line.to_line::<R>(names).map_err(|error| error.within("line"))?;
                Action::Say(names.replica("node", node)?, line)
            }
            Self::Collude { processes } => Action::Collude(names.set("processes", processes)?),
            Self::Reform { node } => Action::Reform(names.replica("node", node)?),
            Self::Reseed { seed } => Action::Reseed(*seed),
            Self::Misstep { node, mutation } => Action::Misstep(names.replica("node", node)?, mutation_code::<R>(mutation)?),
            Self::Depart { node, mutation } => Action::Depart(names.replica("node", node)?, mutation_code::<R>(mutation)?),
            Self::RemoveFaults => Action::RemoveFaults,
        })
    }

    /// The action with names for places.
    pub fn of<R: Process>(action: &Action, replicas: u16) -> Self {
        let name = |node: &NodeId| process_name(replicas, *node);
        let link_texts = |links: &[(NodeId, NodeId)]| links.iter().map(|(from, to)| LinkText { from: name(from), to: name(to) }).collect();
        match action {
            Action::Partition(groups) => {
                Self::Partition { groups: groups.iter().map(|group| group.iter().map(|node| name(&node)).collect()).collect() }
            }
            Action::Cut(links) => Self::Cut { links: link_texts(links) },
            Action::Restore(links) => Self::Restore { links: link_texts(links) },
            Action::Heal => Self::Heal,
            Action::Crash(node) => Self::Crash { node: name(node) },
            Action::Kill(node) => Self::Kill { node: name(node) },
            Action::CrashAt(node, point) => Self::CrashBetween { node: name(node), point: (*point).into() },
            Action::Restart(node) => Self::Restart { node: name(node) },
            Action::Disk(node, flush_ticks) => Self::Disk { node: name(node), flush_ticks: *flush_ticks },
            Action::StallDisk(node) => Self::StallDisk { node: name(node) },
            Action::ReleaseDisk(node) => Self::ReleaseDisk { node: name(node) },
            Action::LoseFlushes(node) => Self::LoseFlushes { node: name(node) },
            Action::KeepFlushes(node) => Self::KeepFlushes { node: name(node) },
            Action::Pause(node) => Self::Pause { node: name(node) },
            Action::Resume(node) => Self::Resume { node: name(node) },
            Action::WipeDisk(node) => Self::WipeDisk { node: name(node) },
            Action::DropMessage(message) => Self::DropMessage { message: *message },
            Action::DelayMessage(message, by_ticks) => Self::DelayMessage { message: *message, by_ticks: *by_ticks },
            Action::DuplicateMessage(message) => Self::DuplicateMessage { message: *message },
            Action::DeliverMessageNow(message) => Self::DeliverMessageNow { message: *message },
            Action::Network(dials) => Self::Network(NetworkChange {
                latency_ticks: Some(dials.latency_ticks),
                loss: Some(dials.loss),
                duplication: Some(dials.duplication),
                reordering: Some(dials.reordering),
            }),
            Action::LinkLatency(from, to, latency_ticks) => {
                Self::LinkLatency { from: name(from), to: name(to), latency_ticks: *latency_ticks }
            }
            Action::LinkLoss(from, to, loss) => Self::LinkLoss { from: name(from), to: name(to), loss: *loss },
            Action::Workload(dials) => Self::Workload(*dials),
            Action::Invoke(client, command) => Self::Invoke { client: name(client), command: CommandText::of(command) },
            Action::FireTimer(node, kind) => {
                let timer = <R::Timer as Timer>::KINDS.get(usize::from(*kind)).copied().unwrap_or_default();
                Self::FireTimer { node: name(node), timer: timer.to_owned() }
            }
            Action::Corrupt(node, strategy) => Self::Corrupt { node: name(node), strategy: StrategyText::of::<R>(strategy, replicas) },
            Action::Say(node, line) => Self::Say { node: name(node), line: LineText::of::<R>(line, replicas) },
            Action::Collude(nodes) => Self::Collude { processes: nodes.iter().map(|node| name(&node)).collect() },
            Action::Reform(node) => Self::Reform { node: name(node) },
            Action::Reseed(seed) => Self::Reseed { seed: *seed },
            Action::Misstep(node, code) => Self::Misstep { node: name(node), mutation: mutation_name::<R>(*code) },
            Action::Depart(node, code) => Self::Depart { node: name(node), mutation: mutation_name::<R>(*code) },
            Action::RemoveFaults => Self::RemoveFaults,
        }
    }
}

impl InterventionText {
    /// The intervention, with places for names.
    ///
    /// # Errors
    ///
    /// As [`ActionText::to_action`].
    pub fn to_intervention<R: Process>(&self, names: &Names) -> Result<Intervention, ScenarioError> {
        let at = check_ticks("at", self.at)?;
        let action = self.action.to_action::<R>(names).map_err(|error| error.within("action"))?;
        Ok(Intervention { at, after_event: self.after_event, action })
    }

    /// The intervention with names for places.
    pub fn of<R: Process>(intervention: &Intervention, replicas: u16) -> Self {
        Self { at: intervention.at, after_event: intervention.after_event, action: ActionText::of::<R>(&intervention.action, replicas) }
    }
}

fn mutation_code<R: Process>(name: &str) -> Result<u8, ScenarioError> {
    let mutation = R::Mutation::named(name).ok_or_else(|| unknown_mutation::<R::Mutation>("mutation", name))?;
    Ok(mutation.code())
}

fn mutation_name<R: Process>(code: u8) -> String {
    R::Mutation::ALL.get(usize::from(code)).map_or("", |mutation| mutation.name()).to_owned()
}

pub(super) fn check_ticks(place: &str, ticks: Ticks) -> Result<Ticks, ScenarioError> {
    if ticks > TICKS_MAX { Err(ScenarioError::at(place, format!("at most {TICKS_MAX} ticks, not {ticks}"))) } else { Ok(ticks) }
}

pub(super) fn check_range(place: &str, range: TicksRange, at_least: Ticks) -> Result<(), ScenarioError> {
    check_ticks(&format!("{place}.max"), range.max)?;
    if range.min < at_least {
        return Err(ScenarioError::at(format!("{place}.min"), format!("at least {at_least}, not {}", range.min)));
    }
    if range.min > range.max {
        return Err(ScenarioError::at(format!("{place}.min"), format!("{} is more than the longest, {}", range.min, range.max)));
    }
    Ok(())
}

fn check_ratio(place: &str, ratio: Ratio) -> Result<(), ScenarioError> {
    if ratio.denominator == 0 {
        return Err(ScenarioError::at(format!("{place}.denominator"), "must not be 0"));
    }
    if ratio.numerator > ratio.denominator {
        return Err(ScenarioError::at(
            format!("{place}.numerator"),
            format!("{} is more than the denominator, {}", ratio.numerator, ratio.denominator),
        ));
    }
    Ok(())
}

pub(super) fn check_network(dials: &NetworkDials) -> Result<(), ScenarioError> {
    check_range("latency_ticks", dials.latency_ticks, 0)?;
    check_ratio("loss", dials.loss)?;
    check_ratio("duplication", dials.duplication)?;
    check_ratio("reordering", dials.reordering)
}

pub(super) fn check_workload(dials: &WorkloadDials) -> Result<(), ScenarioError> {
    if !(1..=1_000).contains(&dials.keys) {
        return Err(ScenarioError::at("keys", format!("1 to 1000 keys, not {}", dials.keys)));
    }
    check_range("think_ticks", dials.think_ticks, 1)
}
