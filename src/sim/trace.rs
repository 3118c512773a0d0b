//! What happened: one record for each event, and one for each message.
//!
//! An event is one input handled by one process, or one intervention. It names its cause: the message that was handled,
//! the event that set the timer or booted the process. A message names the event that sent it. Causal order follows: an
//! event comes after its cause, after the event before it on the same process, and after whatever comes before those
//! (Lamport 1978).
//!
//! The trace only grows. When a playhead goes back and forward again, the same events happen again, and are not
//! recorded twice.

use crate::kv::ClientReport;
use crate::process::{Alteration, NodeId, Process, Ticks};

/// Where a number has nothing to name.
pub const NONE: u32 = u32::MAX;

/// The detail of an intervention's second event: the crash that it ordered strikes now.
pub const STRUCK: u8 = 1;

/// What kind of input an event handled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum InputKind {
    /// The process booted.
    Start = 0,
    /// A message from a peer.
    Message = 1,
    /// A timer fired.
    Timer = 2,
    /// A write is on disk.
    Persisted = 3,
    /// Something was done from outside.
    Intervention = 4,
    /// The workload, or a person, asked a client for an operation.
    Invoke = 5,
}

impl InputKind {
    /// The names, by code.
    pub const NAMES: &'static [&'static str] = &["start", "message", "timer", "persisted", "intervention", "invoke"];
}

/// What became of a message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fate {
    /// It was handled.
    Delivered = 0,
    /// The network lost it by chance.
    Lost = 1,
    /// Its link was cut.
    Cut = 2,
    /// Its receiver was down.
    ReceiverDown = 3,
    /// Somebody dropped it by hand.
    Dropped = 4,
    /// Its sender crashed before the flush that it waited for.
    NeverSent = 5,
    /// Its sender is a liar and kept it back. Its honest half wanted to send it.
    Withheld = 6,
}

impl Fate {
    /// The names, by code.
    pub const NAMES: &'static [&'static str] =
        &["delivered", "lost", "cut", "receiver down", "dropped by hand", "never sent", "withheld"];
}

/// Bits of [`EventRecord::flags`].
pub mod flag {
    /// Something was persisted.
    pub const PERSISTED: u8 = 1;
    /// A violation was reported.
    pub const VIOLATION: u8 = 2;
    /// A client began an operation.
    pub const INVOCATION: u8 = 4;
    /// A client ended an operation.
    pub const COMPLETION: u8 = 8;
    /// The process learnt of a decision.
    pub const DECIDED: u8 = 16;
    /// The process changed its role.
    pub const ROLE_CHANGED: u8 = 32;
}

/// One event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EventRecord {
    /// When.
    pub time: Ticks,
    /// The message, the setting event, or the intervention that caused it; [`NONE`] without one.
    pub cause: u32,
    /// The first message that it sent.
    pub first_message: u32,
    /// The first of its notes.
    pub first_note: u32,
    /// How many messages it sent.
    pub messages: u32,
    /// How many notes it has.
    pub notes: u32,
    /// The process's term or view after it.
    pub epoch: u32,
    /// The process; `u16::MAX` for an intervention that concerns no single one.
    pub node: u16,
    /// What it handled.
    pub input: InputKind,
    /// For a timer, its kind; for an intervention, 0 or [`STRUCK`].
    pub detail: u8,
    /// The process's role after it.
    pub role: u8,
    /// See [`flag`].
    pub flags: u8,
}

impl EventRecord {
    /// The record of an event that begins where the trace ends now: nothing has come of it yet.
    #[inline]
    pub(super) fn begun(time: Ticks, at: Extent, input: InputKind, node: u16, cause: u32, detail: u8) -> Self {
        Self {
            time,
            cause,
            first_message: at.messages,
            first_note: at.notes,
            messages: 0,
            notes: 0,
            epoch: 0,
            node,
            input,
            detail,
            role: 0,
            flags: 0,
        }
    }

    /// Its messages, as indices into the trace.
    pub fn sent(&self) -> std::ops::Range<u32> {
        self.first_message..self.first_message + self.messages
    }
}

/// One message. A copy made by the network is a message of its own.
#[derive(Clone, Debug)]
pub struct MessageRecord<M> {
    /// The content.
    pub body: M,
    /// When it left.
    pub sent: Ticks,
    /// When it arrives, or would have.
    pub due: Ticks,
    /// The event that sent it.
    pub event: u32,
    /// The message that it is a copy of; [`NONE`] for an original.
    pub copy_of: u32,
    /// Who sent it.
    pub from: NodeId,
    /// Who gets it.
    pub to: NodeId,
}

/// The end of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Resolution {
    /// Which message.
    pub message: u32,
    /// What became of it.
    pub fate: Fate,
    /// When.
    pub time: Ticks,
    /// The event that handled it; else how many events came before its end.
    pub event: u32,
}

/// Something that an event did besides sending.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// A line of the paper, by code.
    Rule(u8),
    /// A timer was set.
    TimerSet {
        /// Its kind.
        kind: u8,
        /// To so many ticks from now.
        delay_ticks: u32,
    },
    /// A timer was cleared.
    TimerCleared {
        /// Its kind.
        kind: u8,
    },
    /// Something was persisted.
    Persisted,
    /// A violation, as an index into [`Trace::violations`].
    Violation(u32),
    /// A client's report, as an index into [`Trace::reports`].
    Report(u32),
    /// A lie, as an index into [`Trace::lies`].
    Lie(u32),
}

/// What a liar did to a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lie {
    /// It is not what the honest half wanted to say.
    Altered(Alteration),
    /// The honest half said something else to the same receiver, right before.
    Added(Alteration),
    /// It was kept back.
    Withheld,
    /// It is late by so many ticks.
    Delayed(Ticks),
    /// It was said before, and the honest half did not want to say it again.
    Replayed,
}

/// A message of a liar that is not what, or not when, its honest half wanted to send.
#[derive(Clone, Debug)]
pub struct LieRecord<M> {
    /// The message as it left, or did not leave.
    pub message: u32,
    /// What was done to it.
    pub lie: Lie,
    /// What the honest half wanted to say in its place, if that is something else.
    pub honest: Option<M>,
}

/// A client's report, with its event.
#[derive(Clone, Debug)]
pub struct ReportRecord {
    /// The event.
    pub event: u32,
    /// When.
    pub time: Ticks,
    /// The client.
    pub client: NodeId,
    /// What it said.
    pub report: ClientReport,
}

/// A violation that a process reported, with its event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ViolationRecord {
    /// The event.
    pub event: u32,
    /// What must not happen, in a sentence.
    pub sentence: String,
}

/// All that happened.
#[derive(Clone, Debug)]
pub struct Trace<R: Process> {
    /// The events, in order.
    pub events: Vec<EventRecord>,
    /// The messages, in the order of sending.
    pub messages: Vec<MessageRecord<R::Message>>,
    /// The ends of messages, in order.
    pub resolutions: Vec<Resolution>,
    /// What events did besides sending.
    pub notes: Vec<Note>,
    /// What clients reported, in order.
    pub reports: Vec<ReportRecord>,
    /// What processes reported that must not happen, in order.
    pub violations: Vec<ViolationRecord>,
    /// What liars did to messages, in the order of the messages.
    pub lies: Vec<LieRecord<R::Message>>,
}

/// How much of a trace there is: where a world stands in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Extent {
    /// Events.
    pub events: u32,
    /// Messages.
    pub messages: u32,
    /// Ends of messages.
    pub resolutions: u32,
    /// Notes.
    pub notes: u32,
    /// Reports.
    pub reports: u32,
    /// Violations.
    pub violations: u32,
    /// Lies.
    pub lies: u32,
}

impl<R: Process> Default for Trace<R> {
    fn default() -> Self {
        Self {
            events: Vec::new(),
            messages: Vec::new(),
            resolutions: Vec::new(),
            notes: Vec::new(),
            reports: Vec::new(),
            violations: Vec::new(),
            lies: Vec::new(),
        }
    }
}

/// A trace with this many rows is a long one...
const LONG: usize = 1 << 15;
/// ...and is given space for this many at once: whoever watches would see it halt each time it doubles, to copy all
/// rows. Beyond that it grows by a quarter: a page has no memory to spare.
const SPACE: usize = 300_000;

/// Puts a row where the next belongs, unless the trace has it already.
#[inline]
fn put<T>(rows: &mut Vec<T>, next: &mut u32, row: impl FnOnce() -> T) -> u32 {
    let at = *next;
    if rows.len() == at as usize {
        if rows.len() == rows.capacity() && rows.len() >= LONG {
            rows.reserve_exact(SPACE.saturating_sub(rows.len()).max(rows.len() / 4));
        }
        rows.push(row());
    }
    *next += 1;
    at
}

impl<R: Process> Trace<R> {
    /// Forgets all that came after.
    pub fn truncate(&mut self, extent: &Extent) {
        self.events.truncate(extent.events as usize);
        self.messages.truncate(extent.messages as usize);
        self.resolutions.truncate(extent.resolutions as usize);
        self.notes.truncate(extent.notes as usize);
        self.reports.truncate(extent.reports as usize);
        self.violations.truncate(extent.violations as usize);
        self.lies.truncate(extent.lies as usize);
    }

    /// The notes of an event.
    pub fn notes_of(&self, event: &EventRecord) -> &[Note] {
        let first = event.first_note as usize;
        self.notes.get(first..first + event.notes as usize).unwrap_or_default()
    }

    /// What an event reported that must not happen; the last such thing, if there were several.
    pub fn violation_at(&self, event: u32) -> Option<&str> {
        let index = self.violations.partition_point(|violation| violation.event <= event).checked_sub(1)?;
        self.violations
            .get(index)
            .filter(|violation| violation.event == event)
            .map(|violation| violation.sentence.as_str())
    }

    /// What a liar did to a message, if one did.
    pub fn lie_of(&self, message: u32) -> Option<&LieRecord<R::Message>> {
        let index = self.lies.binary_search_by_key(&message, |lie| lie.message).ok()?;
        self.lies.get(index)
    }

    /// The codes of the rules that fired in an event.
    pub fn rules_of(&self, event: &EventRecord) -> impl Iterator<Item = u8> + '_ {
        self.notes_of(event).iter().filter_map(|note| if let Note::Rule(code) = note { Some(*code) } else { None })
    }

    #[inline]
    pub(super) fn put_event(&mut self, at: &mut Extent, record: EventRecord) -> u32 {
        put(&mut self.events, &mut at.events, || record)
    }

    #[inline]
    pub(super) fn put_message(&mut self, at: &mut Extent, record: impl FnOnce() -> MessageRecord<R::Message>) -> u32 {
        put(&mut self.messages, &mut at.messages, record)
    }

    #[inline]
    pub(super) fn put_resolution(&mut self, at: &mut Extent, resolution: Resolution) {
        put(&mut self.resolutions, &mut at.resolutions, || resolution);
    }

    #[inline]
    pub(super) fn put_note(&mut self, at: &mut Extent, note: Note) {
        put(&mut self.notes, &mut at.notes, || note);
    }

    pub(super) fn put_report(&mut self, at: &mut Extent, record: impl FnOnce() -> ReportRecord) -> u32 {
        put(&mut self.reports, &mut at.reports, record)
    }

    pub(super) fn put_lie(&mut self, at: &mut Extent, record: impl FnOnce() -> LieRecord<R::Message>) -> u32 {
        put(&mut self.lies, &mut at.lies, record)
    }

    pub(super) fn put_violation(&mut self, at: &mut Extent, record: impl FnOnce() -> ViolationRecord) -> u32 {
        put(&mut self.violations, &mut at.violations, record)
    }
}
