//! How large a run is: what a reader counts, and the finer things that decide between two runs that count the same.

use super::case::Case;
use crate::kv::Command;
use crate::process::Ticks;
use crate::scenario::Scenario;
use crate::sim::{Action, Deed, Intervention, Ratio, Strategy, TicksRange};

/// What a reader counts. Of two runs that break a promise, the one that *weighs* less is the smaller one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// Faults and all else that is done to the run, but for the operations that clients are asked for.
    pub interventions: u32,
    /// Replicas.
    pub servers: u32,
    /// Clients.
    pub clients: u32,
    /// Operations that clients have begun.
    pub operations: u32,
    /// What liars are told to do, line by line.
    pub lines: u32,
    /// Events until the promise is broken.
    pub events: u32,
    /// All of it in one number, and with it what is drawn by chance, what is set otherwise than by default, and how many
    /// digits its numbers have.
    pub weight: u64,
}

const INTERVENTION: u64 = 10_000;
const SERVER: u64 = 10_000;
const CLIENT: u64 = 8_000;
const OPERATION: u64 = 6_000;
const MUTATION: u64 = 20_000;
const LINE: u64 = 2_000;
/// A liar that lies by chance: worth a few lines that say what it does.
const LIES_BY_CHANCE: u64 = 9_000;
/// An operation that the workload draws, more than one that is asked for by hand.
const WORKLOAD: u64 = 3_000;
/// The same for each of its operations.
const DRAWN_OPERATION: u64 = 600;
/// Loss, duplication or reordering by chance.
const CHANCE: u64 = 7_000;
/// A time that is drawn from a range.
const DRAWN: u64 = 2_000;
/// A disk that takes its time.
const SLOW_DISK: u64 = 700;
/// A group of settings that is not as by default.
const SETTINGS: u64 = 500;
/// An intervention that waits for a number of events.
const PINNED: u64 = 400;
/// A process that is named.
const NAME: u64 = 60;
/// Each digit before the zeros at the end.
const DIGIT: u64 = 20;

impl Size {
    /// The size of a case, of whose run so much is needed.
    pub fn of(case: &Case, operations: u32, events: u32) -> Self {
        let is_operation = |each: &&Intervention| matches!(each.action, Action::Invoke(..));
        let asked = case.interventions.iter().filter(is_operation).count() as u32;
        let Scenario { replicas, clients, .. } = case.scenario;
        let lines = case.interventions.iter().map(|each| lines(&each.action)).sum();
        let mut size = Self {
            interventions: (case.interventions.len() + case.messages.len()) as u32 - asked,
            servers: replicas,
            clients,
            operations,
            lines,
            events,
            weight: 0,
        };
        size.weight = INTERVENTION * u64::from(size.interventions)
            + SERVER * u64::from(replicas)
            + CLIENT * u64::from(clients)
            // One that is asked for and never begun weighs as one that is.
            + OPERATION * u64::from(operations.max(asked))
            + case.interventions.iter().map(intervention).sum::<u64>()
            + case.messages.iter().map(|fate| PINNED + fate.late.map_or(0, time)).sum::<u64>()
            + scenario(&case.scenario)
            + DRAWN_OPERATION * u64::from(operations.saturating_sub(asked))
            + u64::from(events);
        size
    }

    /// Replicas and clients.
    pub fn processes(&self) -> u32 {
        self.servers + self.clients
    }
}

fn lines(action: &Action) -> u32 {
    match action {
        Action::Corrupt(_, Strategy::ByHand { lines }) => lines.len() as u32,
        Action::Corrupt(..) | Action::Say(..) => 1,
        _ => 0,
    }
}

/// Digits before the zeros at the end.
fn digits(mut number: u64) -> u64 {
    let mut digits = 0;
    while number > 0 {
        digits += u64::from(digits > 0 || !number.is_multiple_of(10));
        number /= 10;
    }
    digits * DIGIT
}

fn time(ticks: Ticks) -> u64 {
    digits(ticks)
}

fn range(range: TicksRange) -> u64 {
    time(range.max) + if range.min == range.max { 0 } else { DRAWN + time(range.min) }
}

fn chance(ratio: Ratio) -> u64 {
    if ratio.numerator == 0 { 0 } else { CHANCE + digits(u64::from(ratio.numerator)) }
}

/// Short ones, and among them the first: x before y, 1 before 2.
fn text(text: &str) -> u64 {
    let last = text.bytes().last().map_or(0, |byte| if byte == b'x' { 0 } else { u64::from(byte % 16) });
    DIGIT * text.len() as u64 + last
}

fn deed(deed: &Deed) -> u64 {
    match deed {
        Deed::Delay(by) => time(*by),
        _ => 0,
    }
}

fn action(action: &Action) -> u64 {
    match action {
        Action::Partition(groups) => groups.iter().map(|group| NAME * (1 + u64::from(group.len()))).sum(),
        Action::Cut(links) | Action::Restore(links) => 2 * NAME * links.len() as u64,
        Action::Network(dials) => {
            range(dials.latency_ticks) + chance(dials.loss) + chance(dials.duplication) + chance(dials.reordering)
        }
        Action::LinkLatency(_, _, latency) => range(*latency),
        Action::LinkLoss(_, _, loss) => chance(*loss),
        Action::Disk(_, flush) => SLOW_DISK + range(*flush),
        Action::DelayMessage(_, by) => time(*by),
        Action::Invoke(_, command) => operation(command),
        Action::Corrupt(_, Strategy::Drawn) => LIES_BY_CHANCE,
        Action::Corrupt(_, Strategy::ByHand { lines }) => {
            let line = |line: &crate::sim::Line| LINE + NAME * u64::from(line.to.len()) + deed(&line.deed);
            lines.iter().map(line).sum()
        }
        Action::Corrupt(_, Strategy::Delay { by_ticks }) => LINE + time(*by_ticks),
        Action::Corrupt(..) => LINE,
        Action::Say(_, line) => LINE + NAME * u64::from(line.to.len()) + deed(&line.deed),
        Action::Collude(nodes) => NAME * u64::from(nodes.len()),
        Action::Reseed(seed) => digits(*seed),
        _ => 0,
    }
}

fn operation(command: &Command) -> u64 {
    match command {
        Command::Get { key } => text(key),
        // A deletion is a write that one has to think about.
        Command::Delete { key } => text(key) + 4 * DIGIT,
        Command::Put { key, value } => text(key) + text(value) + DIGIT,
        Command::Cas { key, expected, new } => text(key) + expected.as_deref().map_or(0, text) + text(new) + 6 * DIGIT,
        Command::CasOrCreate { key, expected, new } => text(key) + text(expected) + text(new) + 8 * DIGIT,
    }
}

fn intervention(each: &Intervention) -> u64 {
    time(each.at) + if each.after_event.is_some() { PINNED } else { 0 } + action(&each.action)
}

fn scenario(scenario: &Scenario) -> u64 {
    let default = Scenario::of(&scenario.protocol);
    let network = &scenario.network;
    let disks = scenario.disk.own_flush_ticks.values().map(|flush| SLOW_DISK + range(*flush));
    let common = if scenario.disk.flush_ticks == 0 { 0 } else { SLOW_DISK + time(scenario.disk.flush_ticks) };
    let others = [
        scenario.client != default.client,
        scenario.raft != default.raft,
        scenario.paxos != default.paxos,
        scenario.multi_paxos != default.multi_paxos,
        scenario.tendermint != default.tendermint,
        scenario.pbft != default.pbft,
        scenario.limits != default.limits,
    ];
    let is_workload_drawn = scenario.clients > 0 && scenario.workload.operations_per_client != Some(0);
    let workload = if is_workload_drawn { WORKLOAD } else { 0 };
    let workload_is_set = is_workload_drawn && scenario.workload != default.workload;
    range(network.latency_ticks)
        + chance(network.loss)
        + chance(network.duplication)
        + chance(network.reordering)
        + disks.sum::<u64>()
        + common
        + SETTINGS * others.into_iter().filter(|&differs| differs).count() as u64
        + workload
        + if workload_is_set { SETTINGS } else { 0 }
        + MUTATION * scenario.mutations.len() as u64
        + digits(scenario.seed)
}
