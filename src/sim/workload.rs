//! What clients ask for: each client invokes an operation, waits for its end, thinks, and invokes the next.
//!
//! Every put and compare-and-set writes a value that no other writes, so that a read says which write it saw. A
//! compare-and-set expects the value that some client saw last at that key, so that it often, not always, succeeds.

use super::random::Stream;
use super::range::TicksRange;
use crate::kv::{Answer, ClientReport, Command, Ending, Key, Value};
use crate::process::{NodeId, Ticks};

/// How many parts of the operations are of each kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Mix {
    /// Reads.
    pub get: u32,
    /// Writes.
    pub put: u32,
    /// Compare-and-sets.
    pub cas: u32,
    /// Deletions.
    pub delete: u32,
}

impl Default for Mix {
    fn default() -> Self {
        Self { get: 4, put: 4, cas: 2, delete: 0 }
    }
}

impl Mix {
    /// All parts together.
    pub fn total(&self) -> u64 {
        [self.get, self.put, self.cas, self.delete].into_iter().map(u64::from).sum()
    }
}

/// The dials of the workload.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WorkloadDials {
    /// How many operations each client invokes; without a number, without end.
    pub operations_per_client: Option<u64>,
    /// How many keys there are.
    pub keys: u32,
    /// How long a client waits between the end of an operation and the next.
    pub think_ticks: TicksRange,
    /// How many operations are of each kind.
    pub mix: Mix,
}

impl Default for WorkloadDials {
    fn default() -> Self {
        Self {
            operations_per_client: None,
            keys: 3,
            think_ticks: TicksRange::new(20_000, 120_000),
            mix: Mix::default(),
        }
    }
}

#[derive(Clone, Debug, Default)]
struct ClientState {
    invoked: u64,
    thinking: bool,
    current: Option<Command>,
}

/// The workload of a run.
#[derive(Clone, Debug)]
pub struct Workload {
    dials: WorkloadDials,
    clients: Vec<ClientState>,
    next_value: u64,
    /// For each key the value that some client wrote or read last.
    last_seen: Vec<(Key, Option<Value>)>,
    /// The one key of a protocol that chooses one value: each operation proposes one.
    only_key: Option<Key>,
    replicas: u16,
}

impl Workload {
    /// A workload for so many clients, who are numbered after the replicas.
    pub fn new(dials: WorkloadDials, only_key: Option<&str>, replicas: u16, clients: u16) -> Self {
        let mut workload = Self {
            dials,
            clients: vec![ClientState::default(); usize::from(clients)],
            next_value: 1,
            last_seen: Vec::new(),
            only_key: only_key.map(Into::into),
            replicas,
        };
        workload.grow_keys();
        workload
    }

    fn grow_keys(&mut self) {
        for key in self.last_seen.len()..self.dials.keys as usize {
            self.last_seen.push((key_name(key).into(), None));
        }
    }

    /// The dials.
    pub fn dials(&self) -> WorkloadDials {
        self.dials
    }

    /// Turns the dials, for operations from now on.
    pub fn set_dials(&mut self, dials: WorkloadDials) {
        self.dials = dials;
        self.grow_keys();
    }

    /// When a client that is idle invokes its next operation, if it has one left.
    pub fn think(&mut self, client: NodeId, stream: &mut Stream) -> Option<Ticks> {
        let limit = self.dials.operations_per_client;
        let state = self.clients.get_mut(usize::from(client.0 - self.replicas))?;
        if state.thinking
            || limit.is_some_and(|limit| state.invoked >= limit)
            || self.dials.mix.total() == 0
            || self.dials.keys == 0
        {
            return None;
        }
        state.thinking = true;
        Some(stream.ticks(self.dials.think_ticks))
    }

    /// The operation that a client invokes now.
    pub fn invoke(&mut self, client: NodeId, stream: &mut Stream) -> Option<Command> {
        let state = self.clients.get_mut(usize::from(client.0 - self.replicas))?;
        state.thinking = false;
        let mix = self.dials.mix;
        if mix.total() == 0 || self.dials.keys == 0 {
            return None;
        }
        state.invoked += 1;
        if let Some(key) = self.only_key.clone() {
            return Some(Command::Cas { key, expected: None, new: self.fresh_value() });
        }
        let (key, seen) = self.last_seen.get(stream.between(0, u64::from(self.dials.keys) - 1) as usize)?.clone();
        let mut part = stream.between(0, mix.total() - 1);
        let mut takes = |parts: u32| {
            let taken = part < u64::from(parts);
            part = part.wrapping_sub(u64::from(parts));
            taken
        };
        let command = if takes(mix.get) {
            Command::Get { key }
        } else if takes(mix.put) {
            Command::Put { key, value: self.fresh_value() }
        } else if takes(mix.cas) {
            Command::Cas { key, expected: seen, new: self.fresh_value() }
        } else {
            Command::Delete { key }
        };
        Some(command)
    }

    fn fresh_value(&mut self) -> Value {
        let value = self.next_value.to_string().into();
        self.next_value += 1;
        value
    }

    /// A client has crashed: what it thought of and what it had under way are gone with it.
    pub fn forget(&mut self, client: NodeId) {
        if let Some(state) = self.clients.get_mut(usize::from(client.0 - self.replicas)) {
            state.thinking = false;
            state.current = None;
        }
    }

    /// Learns from what a client reports.
    pub fn observe(&mut self, client: NodeId, report: &ClientReport) {
        let Some(state) = self.clients.get_mut(usize::from(client.0 - self.replicas)) else { return };
        match report {
            ClientReport::Invoked { command, .. } => state.current = Some(command.clone()),
            ClientReport::Completed { ending, .. } => {
                let command = state.current.take();
                if let (Some(command), Ending::Ok(answer)) = (command, ending) {
                    self.remember(&command, answer);
                }
            }
        }
    }

    fn remember(&mut self, command: &Command, answer: &Answer) {
        let Some((_, seen)) = self.last_seen.iter_mut().find(|(key, _)| key == command.key()) else { return };
        match (command, answer) {
            (_, Answer::Value(found) | Answer::Mismatch { found }) => seen.clone_from(found),
            (
                Command::Put { value, .. } | Command::Cas { new: value, .. } | Command::CasOrCreate { new: value, .. },
                _,
            ) => *seen = Some(value.clone()),
            (Command::Delete { .. }, _) => *seen = None,
            (Command::Get { .. }, _) => {}
        }
    }
}

/// The names of the workload's keys: x, y, z, then k3, k4, ...
fn key_name(index: usize) -> String {
    ["x", "y", "z"].get(index).map_or_else(|| format!("k{index}"), |name| (*name).to_owned())
}
