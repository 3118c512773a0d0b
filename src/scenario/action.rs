//! What is done to a run, with names for processes: between the text and the simulator's [`Action`].

use super::bounds::{check_network, check_range, check_ratio, check_ticks, check_workload, unknown_mutation};
use super::error::ScenarioError;
use super::lies::{LineText, StrategyText};
use super::names::Names;
use crate::kv::Replica;
use crate::process::{Catalogue as _, NodeId, Process, Ticks, Timer};
use crate::sim::process_name;
use crate::sim::{Action, CrashPoint, Intervention, NetworkDials, Ratio, Simulation, TicksRange, WorkloadDials};
use serde::{Deserialize, Serialize};

pub use super::command::CommandText;
pub use super::names::LinkText;

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
            Self::DelayMessage { message, by_ticks } => {
                Action::DelayMessage(*message, check_ticks("by_ticks", *by_ticks)?)
            }
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
            Self::Invoke { client, command } => Action::Invoke(
                names.client("client", client)?,
                command.to_command().map_err(|error| error.within("command"))?,
            ),
            Self::FireTimer { node, timer } => {
                let kind = timer_kind::<R>(timer)?;
                Action::FireTimer(names.replica("node", node)?, kind)
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
            Self::Misstep { node, mutation } => {
                Action::Misstep(names.replica("node", node)?, mutation_code::<R>(mutation)?)
            }
            Self::Depart { node, mutation } => {
                Action::Depart(names.replica("node", node)?, mutation_code::<R>(mutation)?)
            }
            Self::RemoveFaults => Action::RemoveFaults,
        })
    }

    /// The action with names for places.
    pub fn of<R: Process>(action: &Action, replicas: u16) -> Self {
        let name = |node: &NodeId| process_name(replicas, *node);
        let link_texts = |links: &[(NodeId, NodeId)]| {
            links.iter().map(|(from, to)| LinkText { from: name(from), to: name(to) }).collect()
        };
        match action {
            Action::Partition(groups) => Self::Partition {
                groups: groups.iter().map(|group| group.iter().map(|node| name(&node)).collect()).collect(),
            },
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
            Action::Corrupt(node, strategy) => {
                Self::Corrupt { node: name(node), strategy: StrategyText::of::<R>(strategy, replicas) }
            }
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
        Self {
            at: intervention.at,
            after_event: intervention.after_event,
            action: ActionText::of::<R>(&intervention.action, replicas),
        }
    }

    /// All that is done to a run, with names for places.
    pub fn all_of<R: Replica>(simulation: &Simulation<R>) -> Vec<Self> {
        let replicas = simulation.world().setup().replicas;
        simulation.interventions().iter().map(|each| Self::of::<R>(each, replicas)).collect()
    }
}

fn timer_kind<R: Process>(name: &str) -> Result<u8, ScenarioError> {
    let kinds = <R::Timer as Timer>::KINDS;
    let kind = kinds.iter().position(|kind| *kind == name);
    let no_such = || ScenarioError::at("timer", format!("no such timer: there are {}", kinds.join(", ")));
    kind.map(|kind| kind as u8).ok_or_else(no_such)
}

fn mutation_code<R: Process>(name: &str) -> Result<u8, ScenarioError> {
    let mutation = R::Mutation::named(name).ok_or_else(|| unknown_mutation::<R::Mutation>("mutation", name))?;
    Ok(mutation.code())
}

fn mutation_name<R: Process>(code: u8) -> String {
    R::Mutation::ALL.get(usize::from(code)).map_or("", |mutation| mutation.name()).to_owned()
}
