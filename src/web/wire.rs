//! The shapes that cross to JavaScript as objects. `types.d.ts` says what they mean.

mod entries;
mod votes;

pub use entries::OverwrittenView;
pub use votes::{CulpritsView, DecisionView, ProofView, QuorumsView, SlotView, VoteSetView};

use crate::check::{Finding, Invariant};
use crate::process::{Alteration, Catalogue, Field, FieldValue, LogView, Message, Ticks, View};
use crate::scenario::ActionText;
use crate::sim::trace::Lie;
use crate::sim::{Ratio, TicksRange};
use serde::Serialize;

#[derive(Serialize)]
pub struct Status {
    pub cursor: u32,
    pub events: u32,
    pub messages: usize,
    pub resolutions: usize,
    pub now: Ticks,
    pub end: Ticks,
    pub stopped: Option<&'static str>,
    pub trace_hash: String,
}

#[derive(Serialize)]
pub struct Intervened {
    pub discarded_events: u32,
    pub status: Status,
}

#[derive(Serialize)]
pub struct Rule {
    pub name: &'static str,
    pub text: &'static str,
    pub source: &'static str,
}

impl Rule {
    pub fn of<C: Catalogue>(entry: C) -> Self {
        Self { name: entry.name(), text: entry.text(), source: entry.source() }
    }

    pub fn all<C: Catalogue>() -> Vec<Self> {
        C::ALL.iter().copied().map(Self::of).collect()
    }

    pub fn invariant(invariant: &Invariant) -> Self {
        Self { name: invariant.name, text: invariant.text, source: invariant.source }
    }
}

#[derive(Serialize)]
pub struct CatalogueView {
    pub protocol: &'static str,
    pub engine_version: &'static str,
    pub processes: Vec<String>,
    pub replicas: u16,
    pub replica_roles: &'static [&'static str],
    pub client_roles: &'static [&'static str],
    pub message_kinds: &'static [&'static str],
    pub replica_timers: &'static [&'static str],
    pub client_timers: &'static [&'static str],
    pub replica_rules: Vec<Rule>,
    pub client_rules: Vec<Rule>,
    pub mutations: Vec<Rule>,
    pub invariants: Vec<Rule>,
    pub input_kinds: &'static [&'static str],
    pub message_fates: &'static [&'static str],
    pub only_key: Option<&'static str>,
    pub epoch_places: Option<u32>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Value {
    Nothing,
    Flag(bool),
    Number(u64),
    Text(String),
    Process { process: u16 },
    List(Vec<Value>),
}

impl From<FieldValue> for Value {
    fn from(value: FieldValue) -> Self {
        match value {
            FieldValue::Nothing => Self::Nothing,
            FieldValue::Flag(flag) => Self::Flag(flag),
            FieldValue::Number(number) => Self::Number(number),
            FieldValue::Text(text) => Self::Text(text),
            FieldValue::Process(node) => Self::Process { process: node.0 },
            FieldValue::List(values) => Self::List(values.into_iter().map(Into::into).collect()),
        }
    }
}

#[derive(Serialize)]
pub struct FieldText {
    pub name: &'static str,
    pub value: Value,
}

pub fn fields(fields: Vec<Field>) -> Vec<FieldText> {
    fields.into_iter().map(|field| FieldText { name: field.name, value: field.value.into() }).collect()
}

#[derive(Serialize)]
pub struct Cell {
    pub index: u64,
    pub epoch: u64,
    pub text: String,
}

#[derive(Serialize)]
pub struct Log {
    pub snapshot_index: u64,
    pub snapshot_epoch: u64,
    pub commit_index: u64,
    pub last_applied: u64,
    pub cells: Vec<Cell>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overwritten: Vec<OverwrittenView>,
}

impl From<LogView> for Log {
    fn from(log: LogView) -> Self {
        Self {
            snapshot_index: log.snapshot_index,
            snapshot_epoch: log.snapshot_epoch,
            commit_index: log.commit_index,
            last_applied: log.last_applied,
            cells: log
                .cells
                .into_iter()
                .map(|cell| Cell { index: cell.index, epoch: cell.epoch, text: cell.text })
                .collect(),
            overwritten: Vec::new(),
        }
    }
}

#[derive(Serialize)]
pub struct Peer {
    pub place: u16,
    pub fields: Vec<FieldText>,
}

#[derive(Serialize)]
pub struct TimerView {
    pub name: &'static str,
    pub set_at: Ticks,
    pub fires_at: Ticks,
}

#[derive(Serialize)]
pub struct StoreRow {
    pub key: String,
    pub value: String,
}

#[derive(Serialize)]
pub struct NodeView {
    pub place: u16,
    pub name: String,
    pub role: &'static str,
    pub epoch: u64,
    pub condition: &'static str,
    pub leader: Option<u16>,
    pub durable: Vec<FieldText>,
    pub volatile: Vec<FieldText>,
    pub peers: Vec<Peer>,
    pub timers: Vec<TimerView>,
    pub log: Option<Log>,
    pub store: Vec<StoreRow>,
    pub inbox_held: usize,
    pub honesty: &'static str,
}

/// What an observer knows of a process that no other process does.
pub struct Outside {
    pub condition: &'static str,
    pub honesty: &'static str,
    pub timers: Vec<TimerView>,
    pub inbox_held: usize,
}

impl NodeView {
    pub fn of(place: u16, name: String, view: View, outside: Outside) -> Self {
        let Outside { condition, honesty, timers, inbox_held } = outside;
        Self {
            place,
            name,
            role: view.role,
            epoch: view.epoch,
            condition,
            leader: view.leader.map(|leader| leader.0),
            durable: fields(view.durable),
            volatile: fields(view.volatile),
            peers: view.peers.into_iter().map(|(peer, row)| Peer { place: peer.0, fields: fields(row) }).collect(),
            timers,
            log: view.log.map(Into::into),
            store: view.store.into_iter().map(|(key, value)| StoreRow { key, value }).collect(),
            inbox_held,
            honesty,
        }
    }
}

#[derive(Serialize)]
pub struct MessageView {
    pub index: u32,
    pub from: u16,
    pub to: u16,
    pub kind: &'static str,
    pub label: String,
    pub epoch: u64,
    pub fields: Vec<FieldText>,
    pub sent: Ticks,
    pub due: Ticks,
    pub sent_by: u32,
    pub copy_of: Option<u32>,
    pub fate: &'static str,
    pub handled_by: Option<u32>,
    pub in_flight: bool,
    pub lie: Option<LieView>,
    pub faces: Vec<u32>,
}

/// What an honest process would have said, or what a liar said to somebody.
#[derive(Serialize)]
pub struct Face {
    pub kind: &'static str,
    pub label: String,
    pub fields: Vec<FieldText>,
}

impl Face {
    pub fn of<M: Message>(body: &M) -> Self {
        let kind = M::KINDS.get(usize::from(body.kind())).copied().unwrap_or_default();
        Self { kind, label: body.label(), fields: fields(body.fields()) }
    }
}

#[derive(Serialize)]
pub struct LieView {
    pub kind: &'static str,
    pub alteration: Option<&'static str>,
    pub late_by: Option<Ticks>,
    pub honest: Option<Face>,
}

impl LieView {
    pub fn of<M: Message>(lie: Lie, honest: Option<&M>) -> Self {
        let (kind, alteration, late_by) = match lie {
            Lie::Altered(how) => ("altered", Some(how), None),
            Lie::Added(how) => ("added", Some(how), None),
            Lie::Withheld => ("withheld", None, None),
            Lie::Delayed(by) => ("delayed", None, Some(by)),
            Lie::Replayed => ("replayed", None, None),
        };
        let name = |how| match how {
            Alteration::Value(_) => "value",
            Alteration::Digest => "digest",
            Alteration::Nil => "nil",
            Alteration::SequenceUp => "sequence up",
            Alteration::SequenceDown => "sequence down",
            Alteration::EpochUp => "epoch up",
            Alteration::EpochDown => "epoch down",
            Alteration::Impersonate(_) => "impersonate",
        };
        Self { kind, alteration: alteration.map(name), late_by, honest: honest.map(Face::of) }
    }
}

#[derive(Serialize)]
pub struct EventView {
    pub index: u32,
    pub time: Ticks,
    pub node: Option<u16>,
    pub title: String,
    pub input: &'static str,
    pub cause_message: Option<u32>,
    pub cause_event: Option<u32>,
    pub rules: Vec<Rule>,
    pub sent: Vec<u32>,
    pub effects: Vec<String>,
    pub violations: Vec<String>,
    pub role: &'static str,
    pub epoch: u32,
}

#[derive(Serialize)]
pub struct OperationView {
    pub index: usize,
    pub client: u16,
    pub sequence: u64,
    pub text: String,
    pub kind: &'static str,
    pub key: String,
    pub invoked_at: Ticks,
    pub invoked_event: u32,
    pub completed_at: Option<Ticks>,
    pub completed_event: Option<u32>,
    pub outcome: &'static str,
    pub result: Option<String>,
}

#[derive(Serialize)]
pub struct VerdictView {
    pub kind: &'static str,
    pub operations: usize,
    pub sentence: String,
    pub blamed: Option<usize>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub linearization_operation: js_sys::Uint32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub linearization_at: js_sys::Float64Array,
}

#[derive(Serialize)]
pub struct Broken {
    pub event: u32,
    pub sentence: String,
    pub because: Vec<Reason>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Entry>,
}

impl From<&Finding> for Broken {
    fn from(Finding { event, sentence, because, cells, .. }: &Finding) -> Self {
        let because = because.iter().map(|reason| Reason { event: reason.event, sentence: reason.sentence.clone() });
        let cells = cells.iter().map(|(node, index)| Entry { node: node.0, index: *index });
        Self { event: *event, sentence: sentence.clone(), because: because.collect(), cells: cells.collect() }
    }
}

/// An entry of somebody's log.
#[derive(Serialize)]
pub struct Entry {
    pub node: u16,
    pub index: u64,
}

#[derive(Serialize)]
pub struct Reason {
    pub event: u32,
    pub sentence: String,
}

#[derive(Serialize)]
pub struct InvariantState {
    pub name: &'static str,
    pub text: &'static str,
    pub source: &'static str,
    pub broken: Option<Broken>,
}

#[derive(Serialize)]
pub struct Link {
    pub from: u16,
    pub to: u16,
}

#[derive(Serialize)]
pub struct NetworkView {
    pub cut: Vec<Link>,
    pub latency_ticks: TicksRange,
    pub loss: Ratio,
    pub duplication: Ratio,
    pub reordering: Ratio,
    pub in_flight: Vec<u32>,
    pub heals_at: Option<Ticks>,
}

#[derive(Serialize)]
pub struct InterventionView {
    pub at: Ticks,
    pub after_event: u32,
    pub text: String,
    pub action: ActionText,
}
