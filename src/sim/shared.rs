//! What the machines of a world share: the clock, the network, the random streams, and the event being recorded.
//!
//! An event is recorded between [`Shared::begin`] and [`Shared::finish`]; all that a machine does in between goes
//! through here, into the trace and into its hash. A message is recorded first ([`Shared::new_message`]) and departs
//! later ([`Shared::depart`]), at once or at the end of the flush that it waits for.

mod lies;

use super::adversary::Adversary;
use super::clock::{Queue, Scheduled};
use super::network::{Departure, Network};
use super::random::Streams;
use super::setup::Setup;
use super::trace::{EventRecord, Extent, Fate, InputKind, MessageRecord, NONE, Note, Resolution, Trace};
use super::workload::Workload;
use crate::kv::Replica;
use crate::process::{Fingerprint, Fingerprinter, NodeId, Process, Ticks};
use std::collections::BTreeMap;

/// What somebody did by hand to a message in flight: when it arrives now, or never (in its first schedule).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Altered {
    /// It does not arrive.
    Gone,
    /// It arrives then.
    Due(Ticks),
}

/// What the machines of a world share: the clock, the network, the random streams, and the event being recorded.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub now: Ticks,
    pub at: Extent,
    pub hash: u128,
    pub queue: Queue,
    pub network: Network,
    pub streams: Streams,
    pub workload: Workload,
    pub adversary: Adversary,
    /// What has left its sender since the last event was looked at, in order.
    pub departed: Vec<u32>,
    /// The process that a crash strikes before anything else happens, and the intervention that ordered it.
    pub struck: Option<(u16, u32)>,
    pub altered: BTreeMap<u32, Altered>,
    pub scratch: Fingerprinter,
    pub draft: EventRecord,
}

impl Shared {
    /// What a cluster shares before its first event.
    pub fn new<R: Replica>(setup: &Setup<R>) -> Self {
        Self {
            now: 0,
            at: Extent::default(),
            hash: 0,
            queue: Queue::default(),
            network: Network::new(setup.network, usize::from(setup.processes())),
            streams: Streams::new(setup.seed),
            workload: Workload::new(setup.workload, R::ONLY_KEY, setup.replicas, setup.clients),
            adversary: Adversary::default(),
            departed: Vec::new(),
            struck: None,
            altered: BTreeMap::new(),
            scratch: Fingerprinter::new(),
            draft: EventRecord::begun(0, Extent::default(), InputKind::Start, 0, NONE, 0),
        }
    }

    /// Begins the record of an event. [`Shared::finish`] ends it.
    #[inline]
    pub fn begin(&mut self, input: InputKind, node: u16, cause: u32, detail: u8) {
        debug_assert!(self.now >= self.draft.time, "time runs backwards");
        self.draft = EventRecord::begun(self.now, self.at, input, node, cause, detail);
        self.scratch.clear();
        self.scratch.u128(self.hash);
        self.scratch.u64(self.now);
        self.scratch.u16(node);
        self.scratch.u8(input as u8);
        self.scratch.u32(cause);
        self.scratch.u8(detail);
    }

    /// Ends the record, and adds it to the trace and its hash.
    #[inline]
    pub fn finish<R: Process>(&mut self, trace: &mut Trace<R>) {
        debug_assert!(self.draft.time == self.now, "an event ends in another tick than it began");
        self.draft.messages = self.at.messages - self.draft.first_message;
        self.draft.notes = self.at.notes - self.draft.first_note;
        self.scratch.u32(self.draft.epoch);
        self.scratch.u8(self.draft.role);
        self.scratch.u8(self.draft.flags);
        self.hash = self.scratch.finish();
        trace.put_event(&mut self.at, self.draft);
    }

    #[inline]
    pub fn note<R: Process>(&mut self, trace: &mut Trace<R>, note: Note) {
        trace.put_note(&mut self.at, note);
    }

    /// Records a message. It leaves by [`Shared::depart`].
    pub fn new_message<R: Process>(&mut self, trace: &mut Trace<R>, from: NodeId, to: NodeId, body: R::Message) -> u32 {
        let (now, event) = (self.now, self.at.events);
        to.fingerprint(&mut self.scratch);
        body.fingerprint(&mut self.scratch);
        trace.put_message(&mut self.at, || MessageRecord { body, sent: now, due: now, event, copy_of: NONE, from, to })
    }

    /// Sends a recorded message on its way, now or when the flush is done that it waits for.
    #[inline]
    pub fn leave<R: Process>(&mut self, trace: &mut Trace<R>, message: u32, waiting: &mut Vec<u32>, waits: bool) {
        if waits { waiting.push(message) } else { self.depart(trace, message) }
    }

    /// Sends a recorded message on its way.
    pub fn depart<R: Process>(&mut self, trace: &mut Trace<R>, message: u32) {
        debug_assert!(message < self.at.messages, "a message departs that was never recorded");
        let Some(record) = trace.messages.get_mut(message as usize) else { return };
        let late = self.adversary.release(message);
        let departure = self.network.depart(record.from, record.to, self.now, &mut self.streams).later_by(late);
        record.sent = self.now;
        self.departed.push(message);
        let (Departure::UnderWay { due, .. } | Departure::Lost { due } | Departure::Cut { due }) = departure;
        record.due = due;
        self.scratch.u64(due);
        match departure {
            Departure::UnderWay { due, copy_due } => {
                self.queue.push(due, Scheduled::Arrival { message });
                if let Some(due) = copy_due {
                    self.copy(trace, message, due);
                }
            }
            Departure::Lost { .. } => self.resolve(trace, message, Fate::Lost),
            Departure::Cut { .. } => self.resolve(trace, message, Fate::Cut),
        }
    }

    /// Records a copy of a message, which arrives then.
    pub fn copy<R: Process>(&mut self, trace: &mut Trace<R>, message: u32, due: Ticks) {
        debug_assert!(message < self.at.messages, "a copy of a message that was never recorded");
        let Some(original) = trace.messages.get(message as usize) else { return };
        let copy = MessageRecord { sent: self.now, due, copy_of: message, ..original.clone() };
        self.scratch.u64(due);
        let copy = trace.put_message(&mut self.at, || copy);
        if let Some(record) = trace.messages.get_mut(copy as usize) {
            record.due = due;
        }
        self.queue.push(due, Scheduled::Arrival { message: copy });
    }

    /// Records the end of a message.
    pub fn resolve<R: Process>(&mut self, trace: &mut Trace<R>, message: u32, fate: Fate) {
        debug_assert!(message < self.at.messages, "the end of a message that was never recorded");
        let resolution = Resolution { message, fate, time: self.now, event: self.at.events };
        trace.put_resolution(&mut self.at, resolution);
    }
}
