//! Interventions, with names for processes.

use super::build::unknown_mutation;
use super::error::ScenarioError;
use super::lies::{LineText, StrategyText};
use crate::kv::Command;
use crate::process::{Catalogue as _, NodeId, NodeSet, Process, Ticks, Timer};
use crate::sim::process_name;
use crate::sim::{Action, CrashPoint, Intervention, NetworkDials, Ratio, TicksRange, WorkloadDials};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Longest text of a key or a value.
pub const TEXT_LENGTH_MAX: usize = 4_096;

/// Longest time that a scenario may speak of: a day.
pub const TICKS_MAX: Ticks = 86_400 * crate::process::SECOND;

/// Something done to a run, at a time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
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
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "each is the Action of the same name")]
pub enum ActionText {
    Partition { groups: Vec<Vec<String>> },
    Cut { links: Vec<LinkText> },
    Restore { links: Vec<LinkText> },
    Heal,
    Crash { node: String },
    Kill { node: String },
    CrashBetween { node: String, point: CrashPointText },
    Restart { node: String },
    Pause { node: String },
    Resume { node: String },
    WipeDisk { node: String },
    Disk { node: String, flush_ticks: TicksRange },
    StallDisk { node: String },
    ReleaseDisk { node: String },
    LoseFlushes { node: String },
    KeepFlushes { node: String },
    DropMessage { message: u32 },
    DelayMessage { message: u32, by_ticks: Ticks },
    DuplicateMessage { message: u32 },
    DeliverMessageNow { message: u32 },
    Network(NetworkChange),
    LinkLatency { from: String, to: String, latency_ticks: TicksRange },
    LinkLoss { from: String, to: String, loss: Ratio },
    Workload(WorkloadDials),
    Invoke { client: String, command: CommandText },
    FireTimer { node: String, timer: String },
    Corrupt { node: String, strategy: StrategyText },
    Say { node: String, line: LineText },
    Depart { node: String, mutation: String },
    Collude { processes: Vec<String> },
    Reform { node: String },
    Reseed { seed: u64 },
    Misstep { node: String, mutation: String },
    RemoveFaults,
}

/// Where a crash strikes that waits for a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the CrashPoint of the same name")]
pub enum CrashPointText {
    WriteAndSend,
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
#[serde(deny_unknown_fields)]
pub struct LinkText {
    /// The sender.
    pub from: String,
    /// The receiver.
    pub to: String,
}

/// Dials of the network; those that are left out stay as they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
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
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "each is the Command of the same name")]
pub enum CommandText {
    Get { key: String },
    Put { key: String, value: String },
    Delete { key: String },
    Cas { key: String, expected: Option<String>, new: String },
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
