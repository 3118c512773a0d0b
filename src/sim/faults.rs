//! What can be done to a run from outside. An intervention is part of a run's input, with its own time.

use super::adversary::{Deed, Line, Strategy};
use super::disk::CrashPoint;
use super::network::NetworkDials;
use super::range::{Ratio, TicksRange};
use super::workload::WorkloadDials;
use crate::kv::Command;
use crate::process::{Alteration, MILLISECOND, NodeId, NodeSet, Ticks};
use std::fmt;

/// Something done to a run, at a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Intervention {
    /// When: before all that is still to happen in that tick.
    pub at: Ticks,
    /// Not before so many events have happened: where a playhead stood between two events of one tick.
    pub after_event: Option<u32>,
    /// What.
    pub action: Action,
}

/// What is done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Cuts all links between groups and restores all within them. The unnamed form one more group.
    Partition(Vec<NodeSet>),
    /// Cuts links, one way each.
    Cut(Vec<(NodeId, NodeId)>),
    /// Restores links, one way each.
    Restore(Vec<(NodeId, NodeId)>),
    /// Restores all links.
    Heal,
    /// A process loses its power. A replica forgets all that is not on its disk, a client forgets all.
    Crash(NodeId),
    /// Kills a process whose machine lives on: what it had handed to its disk still gets there, and nothing more is
    /// sent.
    Kill(NodeId),
    /// Lets a crash wait for a write of a replica, and strike there.
    CrashAt(NodeId, CrashPoint),
    /// Boots a process that is down: a replica from its disk, a client with a new session.
    Restart(NodeId),
    /// Gives a replica's disk other flush times.
    Disk(NodeId, TicksRange),
    /// Lets the flushes of a replica's disk stand still.
    StallDisk(NodeId),
    /// Lets them go on.
    ReleaseDisk(NodeId),
    /// From now on a replica's disk says "done" of flushes that a loss of power then loses. Beyond the model.
    LoseFlushes(NodeId),
    /// From now on what it says is true again, also of what it had not kept so far.
    KeepFlushes(NodeId),
    /// Stops a process for a while: what arrives waits.
    Pause(NodeId),
    /// Lets a paused process go on.
    Resume(NodeId),
    /// Empties a replica's disk; one that is up crashes first.
    WipeDisk(NodeId),
    /// Loses a message that is in flight.
    DropMessage(u32),
    /// Holds a message that is in flight back by so many ticks.
    DelayMessage(u32, Ticks),
    /// Sends a message that is in flight a second time.
    DuplicateMessage(u32),
    /// Delivers a message that is in flight at once.
    DeliverMessageNow(u32),
    /// Turns the network's dials.
    Network(NetworkDials),
    /// Gives one link a latency of its own.
    LinkLatency(NodeId, NodeId, TicksRange),
    /// Lets one link lose so many of its messages.
    LinkLoss(NodeId, NodeId, Ratio),
    /// Turns the workload's dials.
    Workload(WorkloadDials),
    /// Asks a client for an operation.
    Invoke(NodeId, Command),
    /// Lets a timer that is set fire at once, by its kind.
    FireTimer(NodeId, u8),
    /// Makes a replica Byzantine: an honest one whose outgoing messages are rewritten.
    Corrupt(NodeId, Strategy),
    /// Tells a replica, line by line, what to say; that makes it Byzantine.
    Say(NodeId, Line),
    /// Makes a replica Byzantine that does not keep to one more of its rules, by the code of the mutation.
    Depart(NodeId, u8),
    /// These share their keys: each can sign in the name of all. Clients may be among them.
    Collude(NodeSet),
    /// Makes a Byzantine replica honest again. What it has signed stays signed.
    Reform(NodeId),
    /// New random streams, of this seed, from here on: a fork of the run.
    Reseed(u64),
    /// A replica handles its next input with one rule switched off, by the code of the mutation.
    Misstep(NodeId, u8),
    /// Removes all faults: links restored, processes that are down restarted, paused ones resumed, liars honest,
    /// network and disks as the scenario has them, with nothing lost, duplicated or reordered. The workload stays as it
    /// is: it is no fault.
    RemoveFaults,
}

impl Action {
    /// The one process that it concerns, if there is one.
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::Crash(node) | Self::Kill(node) | Self::CrashAt(node, _) | Self::Restart(node) => Some(*node),
            Self::Pause(node)
            | Self::Resume(node)
            | Self::WipeDisk(node)
            | Self::Disk(node, _)
            | Self::StallDisk(node) => Some(*node),
            Self::ReleaseDisk(node) | Self::LoseFlushes(node) | Self::KeepFlushes(node) => Some(*node),
            Self::Misstep(node, _) | Self::Depart(node, _) => Some(*node),
            Self::Invoke(node, _)
            | Self::FireTimer(node, _)
            | Self::Corrupt(node, _)
            | Self::Say(node, _)
            | Self::Reform(node) => Some(*node),
            _ => None,
        }
    }

    /// The one message that it concerns, if there is one.
    pub fn message(&self) -> Option<u32> {
        match self {
            Self::DropMessage(message)
            | Self::DelayMessage(message, _)
            | Self::DuplicateMessage(message)
            | Self::DeliverMessageNow(message) => Some(*message),
            _ => None,
        }
    }

    /// Why protocols that tolerate crashes promise nothing after this: it is beyond their fault model. None for what
    /// they bear.
    pub fn beyond_the_model(&self) -> Option<&'static str> {
        match self {
            Self::WipeDisk(_) => Some("a replica keeps what it has written"),
            Self::LoseFlushes(_) => Some("what a disk says is written is written"),
            Self::CrashAt(_, CrashPoint::BetweenWrites) => Some("the writes of one step are atomic"),
            Self::Misstep(..) => Some("a process keeps to its rules"),
            _ => None,
        }
    }

    /// A few words, with names for the processes.
    pub fn describe<'a>(&'a self, name: &'a dyn Fn(NodeId) -> String) -> impl fmt::Display + 'a {
        Described { action: self, name }
    }
}

struct Described<'a> {
    action: &'a Action,
    name: &'a dyn Fn(NodeId) -> String,
}

impl Described<'_> {
    fn links(&self, f: &mut fmt::Formatter<'_>, word: &str, links: &[(NodeId, NodeId)]) -> fmt::Result {
        f.write_str(word)?;
        for (from, to) in links {
            write!(f, " {}→{}", (self.name)(*from), (self.name)(*to))?;
        }
        Ok(())
    }
}

impl Described<'_> {
    fn names(&self, nodes: NodeSet) -> String {
        nodes.iter().map(self.name).collect::<Vec<_>>().join(" ")
    }

    fn groups(&self, f: &mut fmt::Formatter<'_>, groups: &[NodeSet]) -> fmt::Result {
        f.write_str("partition")?;
        for (index, group) in groups.iter().enumerate() {
            write!(f, "{}{{{}}}", if index == 0 { " " } else { " | " }, self.names(*group))?;
        }
        Ok(())
    }

    fn receivers(&self, nodes: NodeSet) -> String {
        if nodes.is_empty() { "all".to_owned() } else { self.names(nodes) }
    }

    fn strategy(&self, f: &mut fmt::Formatter<'_>, strategy: &Strategy) -> fmt::Result {
        match strategy {
            Strategy::Silence { to } => write!(f, "silence to {}", self.receivers(*to)),
            Strategy::Equivocation { to, say, others } => {
                write!(f, "to {} {}, to the others ", self.receivers(*to), Altered(*say))?;
                match others {
                    Some(say) => write!(f, "{}", Altered(*say)),
                    None => f.write_str("the truth"),
                }
            }
            Strategy::Falsehood { say } => write!(f, "{}", Altered(*say)),
            Strategy::Replay => f.write_str("repeats what it said before"),
            Strategy::Delay { by_ticks } => write!(f, "everything {by_ticks} ticks late"),
            Strategy::Drawn => f.write_str("by chance"),
            Strategy::ByHand { lines } => write!(f, "{} lines by hand", lines.len()),
        }
    }

    fn line(&self, f: &mut fmt::Formatter<'_>, line: &Line) -> fmt::Result {
        write!(f, "to {} ", self.receivers(line.to))?;
        match line.deed {
            Deed::Truth => f.write_str("the truth")?,
            Deed::Withhold => f.write_str("nothing")?,
            Deed::Alter(how) => write!(f, "{}", Altered(how))?,
            Deed::TwoFaced(how) => write!(f, "the truth and {}", Altered(how))?,
            Deed::Delay(by) => write!(f, "the truth {by} ticks late")?,
            Deed::Replay => f.write_str("the truth and what it said before")?,
        }
        if line.once { f.write_str(", once") } else { Ok(()) }
    }
}

/// An alteration in a few words.
pub struct Altered(pub Alteration);

impl fmt::Display for Altered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Alteration::Value(number) => write!(f, "other value {number}"),
            Alteration::Digest => f.write_str("a wrong digest"),
            Alteration::Nil => f.write_str("nil"),
            Alteration::SequenceUp => f.write_str("the next number"),
            Alteration::SequenceDown => f.write_str("the number before"),
            Alteration::EpochUp => f.write_str("the next view"),
            Alteration::EpochDown => f.write_str("the view before"),
            Alteration::Impersonate(node) => write!(f, "in the name of n{}", node + 1),
        }
    }
}

/// Ticks as milliseconds, as exact as they are.
struct Milliseconds(Ticks);

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / MILLISECOND, self.0 % MILLISECOND) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, rest) => write!(f, "{whole}.{}", format!("{rest:03}").trim_end_matches('0')),
        }
    }
}

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words(f)?;
        if self.action.beyond_the_model().is_some() { f.write_str(" (beyond the fault model)") } else { Ok(()) }
    }
}

impl Described<'_> {
    fn words(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        match self.action {
            Action::Partition(groups) => self.groups(f, groups),
            Action::Cut(links) => self.links(f, "cut", links),
            Action::Restore(links) => self.links(f, "restore", links),
            Action::Heal => f.write_str("heal"),
            Action::Crash(node) => write!(f, "crash {}", name(*node)),
            Action::Kill(node) => write!(f, "kill the process {}", name(*node)),
            Action::CrashAt(node, CrashPoint::BetweenWriteAndSend) => {
                write!(f, "crash {} at its next write, before it sends", name(*node))
            }
            Action::CrashAt(node, CrashPoint::BetweenWrites) => {
                write!(f, "crash {} between the writes of one step", name(*node))
            }
            Action::Restart(node) => write!(f, "restart {}", name(*node)),
            Action::Disk(node, TicksRange { min, max }) => {
                write!(f, "a flush of {} takes {}-{} ms", name(*node), Milliseconds(*min), Milliseconds(*max))
            }
            Action::StallDisk(node) => write!(f, "the disk of {} stands still", name(*node)),
            Action::ReleaseDisk(node) => write!(f, "the disk of {} goes on", name(*node)),
            Action::LoseFlushes(node) => write!(f, "the disk of {} loses what it calls written", name(*node)),
            Action::KeepFlushes(node) => write!(f, "the disk of {} keeps what it calls written", name(*node)),
            Action::Pause(node) => write!(f, "pause {}", name(*node)),
            Action::Resume(node) => write!(f, "resume {}", name(*node)),
            Action::WipeDisk(node) => write!(f, "wipe the disk of {}", name(*node)),
            Action::DropMessage(message) => write!(f, "drop message {message}"),
            Action::DelayMessage(message, by) => write!(f, "delay message {message} by {} ms", Milliseconds(*by)),
            Action::DuplicateMessage(message) => write!(f, "duplicate message {message}"),
            Action::DeliverMessageNow(message) => write!(f, "deliver message {message} now"),
            Action::Network(dials) => write!(
                f,
                "network: latency {}-{} ms, loss {}/{}, duplication {}/{}, reordering {}/{}",
                Milliseconds(dials.latency_ticks.min),
                Milliseconds(dials.latency_ticks.max),
                dials.loss.numerator,
                dials.loss.denominator,
                dials.duplication.numerator,
                dials.duplication.denominator,
                dials.reordering.numerator,
                dials.reordering.denominator
            ),
            Action::LinkLatency(from, to, TicksRange { min, max }) => {
                write!(f, "latency {}→{} {}-{} ms", name(*from), name(*to), Milliseconds(*min), Milliseconds(*max))
            }
            Action::LinkLoss(from, to, Ratio { numerator, denominator }) => {
                write!(f, "loss {}→{} {numerator}/{denominator}", name(*from), name(*to))
            }
            Action::Workload(_) => f.write_str("workload changed"),
            Action::Invoke(client, command) => write!(f, "{}: {command}", name(*client)),
            Action::FireTimer(node, _) => write!(f, "fire a timer of {}", name(*node)),
            Action::Corrupt(node, strategy) => {
                write!(f, "{} lies: ", name(*node))?;
                self.strategy(f, strategy)
            }
            Action::Say(node, line) => {
                write!(f, "{} says ", name(*node))?;
                self.line(f, line)
            }
            Action::Depart(node, _) => write!(f, "{} departs from a rule", name(*node)),
            Action::Collude(nodes) => write!(f, "share keys: {}", self.names(*nodes)),
            Action::Reform(node) => write!(f, "{} is honest again", name(*node)),
            Action::Reseed(seed) => write!(f, "chance anew, of seed {seed}"),
            Action::Misstep(node, _) => write!(f, "{} missteps at its next input", name(*node)),
            Action::RemoveFaults => f.write_str("remove all faults"),
        }
    }
}
