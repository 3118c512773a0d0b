//! A process with its disk and its timers, and what all machines of a world share.

use super::adversary::{Adversary, Deed};
use super::clock::{Queue, Scheduled};
use super::disk::{Disk, Flush};
use super::network::{Departure, Network, TicksRange};
use super::random::Streams;
use super::timers::Timers;
use super::trace::{
    EventRecord, Extent, Fate, InputKind, Lie, LieRecord, MessageRecord, NONE, Note, Resolution, Trace, ViolationRecord, flag,
};
use super::workload::Workload;
use crate::process::{
    Catalogue, Durable, Effect, Fingerprint, Fingerprinter, Input, Message, Mutations, NodeId, NodeSet, Outbox, Process, Seat, Ticks,
    Timer, View,
};
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
pub(super) struct Core {
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

impl Core {
    /// Begins the record of an event.
    #[inline]
    pub fn begin(&mut self, input: InputKind, node: u16, cause: u32, detail: u8) {
        self.draft = EventRecord {
            time: self.now,
            cause,
            first_message: self.at.messages,
            first_note: self.at.notes,
            epoch: 0,
            node,
            messages: 0,
            notes: 0,
            input,
            detail,
            role: 0,
            flags: 0,
        };
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

    /// Records a message. It leaves by [`Core::depart`].
    pub fn new_message<R: Process>(&mut self, trace: &mut Trace<R>, from: NodeId, to: NodeId, body: R::Message) -> u32 {
        let (now, event) = (self.now, self.at.events);
        to.fingerprint(&mut self.scratch);
        body.fingerprint(&mut self.scratch);
        trace.put_message(&mut self.at, || MessageRecord { body, sent: now, due: now, event, copy_of: NONE, from, to })
    }

    /// Sends a recorded message on its way, now or when the flush is done that it waits for.
    #[inline]
    fn leave<R: Process>(&mut self, trace: &mut Trace<R>, message: u32, waiting: &mut Vec<u32>, waits: bool) {
        if waits { waiting.push(message) } else { self.depart(trace, message) }
    }

    /// Sends a recorded message on its way.
    pub fn depart<R: Process>(&mut self, trace: &mut Trace<R>, message: u32) {
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

    /// Records what a liar says in place of a message. Gives what is to leave: nothing, one message, or two.
    fn new_messages_of_liar<R: Process>(
        &mut self,
        trace: &mut Trace<R>,
        seat: Seat,
        to: NodeId,
        honest: R::Message,
    ) -> impl Iterator<Item = u32> + use<R> {
        let from = seat.id;
        let deed = self.adversary.deed(from, to, honest.kind(), seat.replicas, &mut self.streams);
        let altered = match deed {
            Deed::Alter(how) | Deed::TwoFaced(how) => {
                let liar = self.adversary.tools(from, seat.replicas);
                let lie = honest.altered_knowing(&liar, how, &mut known_to(trace, self.at.events, liar.keyring.owners()));
                lie.filter(|lie| *lie != honest).map(|lie| (lie, how))
            }
            _ => None,
        };
        let (first, second) = match (deed, altered) {
            (Deed::Alter(_), Some((body, how))) => (self.new_lie(trace, (from, to), body, Lie::Altered(how), Some(honest)), None),
            (Deed::TwoFaced(_), Some((body, how))) => {
                let truth = self.new_message(trace, from, to, honest.clone());
                (truth, Some(self.new_lie(trace, (from, to), body, Lie::Added(how), Some(honest))))
            }
            (Deed::Withhold, _) => {
                let message = self.new_lie(trace, (from, to), honest, Lie::Withheld, None);
                self.resolve(trace, message, Fate::Withheld);
                return None.into_iter().chain(None);
            }
            (Deed::Delay(by), _) => {
                let message = self.new_lie(trace, (from, to), honest, Lie::Delayed(by), None);
                self.adversary.hold_back(message, by);
                (message, None)
            }
            (Deed::Replay, _) => {
                let earlier = self.adversary.earlier(from, &mut self.streams);
                let earlier = earlier.and_then(|message| trace.messages.get(message as usize)).map(|record| record.body.clone());
                let truth = self.new_message(trace, from, to, honest);
                (truth, earlier.map(|body| self.new_lie(trace, (from, to), body, Lie::Replayed, None)))
            }
            _ => (self.new_message(trace, from, to, honest), None),
        };
        self.adversary.remember(from, first);
        Some(first).into_iter().chain(second)
    }

    fn new_lie<R: Process>(
        &mut self,
        trace: &mut Trace<R>,
        (from, to): (NodeId, NodeId),
        body: R::Message,
        lie: Lie,
        honest: Option<R::Message>,
    ) -> u32 {
        let message = self.new_message(trace, from, to, body);
        let place = trace.put_lie(&mut self.at, || LieRecord { message, lie, honest });
        self.note(trace, Note::Lie(place));
        message
    }

    /// Records a copy of a message, which arrives then.
    pub fn copy<R: Process>(&mut self, trace: &mut Trace<R>, message: u32, due: Ticks) {
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
        let resolution = Resolution { message, fate, time: self.now, event: self.at.events };
        trace.put_resolution(&mut self.at, resolution);
    }
}

/// Most events that liars look back over.
const REMEMBERED_EVENTS: u32 = 4_096;

/// What reached or left some processes before an event, the latest first.
fn known_to<R: Process>(trace: &Trace<R>, before: u32, who: NodeSet) -> impl Iterator<Item = &R::Message> {
    let events = trace.events.get(before.saturating_sub(REMEMBERED_EVENTS) as usize..before as usize).unwrap_or_default();
    let theirs = events.iter().rev().filter(move |event| who.contains(NodeId(event.node)));
    let messages = theirs.flat_map(|event| event.sent().rev().chain((event.input == InputKind::Message).then_some(event.cause)));
    messages.filter_map(|message| Some(&trace.messages.get(message as usize)?.body))
}

/// A process with its disk and its timers.
#[derive(Clone, Debug)]
pub struct Machine<P: Process> {
    seat: Seat,
    /// The process; none while it is down.
    pub process: Option<P>,
    /// Its disk.
    pub disk: Disk<P>,
    /// Its timers.
    pub timers: Timers<P::Timer>,
    /// Whether it handles nothing for now.
    pub paused: bool,
    /// What waits while it is paused.
    pub(super) held: Vec<Scheduled>,
    /// Counts its lives.
    pub(super) incarnation: u32,
    /// The rule, by its code, that is switched off while it handles its next input.
    pub(super) misstep: Option<u8>,
    /// The rules that it does not keep to as a liar.
    pub(super) departures: Mutations<P::Mutation>,
    wipes: u32,
    decided: u64,
}

impl<P: Process> Machine<P> {
    pub(super) fn new(seat: Seat, flush_ticks: TicksRange) -> Self {
        Self {
            seat,
            process: None,
            disk: Disk::new(flush_ticks),
            timers: Timers::default(),
            paused: false,
            held: Vec::new(),
            incarnation: 0,
            misstep: None,
            departures: Mutations::NONE,
            wipes: 0,
            decided: 0,
        }
    }

    /// How many inputs wait while it is paused.
    pub fn held_count(&self) -> usize {
        self.held.len()
    }

    /// Which of its lives it is in, or will be in next: 0 is the first.
    pub fn incarnation(&self) -> u32 {
        self.incarnation
    }

    /// How often its disk was wiped.
    pub fn wipes(&self) -> u32 {
        self.wipes
    }

    /// Empties the disk of a process that is down.
    pub(super) fn wipe(&mut self) {
        self.disk.wipe();
        self.wipes += 1;
    }

    /// What a page may see of it: the process, or, while it is down, what its disk holds.
    pub fn view(&self, config: &P::Config) -> View {
        let down = || {
            let view = P::boot(self.seat, config, &self.disk.durable, self.incarnation).view();
            View { role: "down", leader: None, volatile: Vec::new(), store: Vec::new(), ..view }
        };
        self.process.as_ref().map_or_else(down, Process::view)
    }

    /// Boots the process from its disk.
    pub(super) fn boot(&mut self, config: &P::Config) {
        self.process = Some(P::boot(self.seat, config, &self.disk.durable, self.incarnation));
        self.decided = 0;
    }

    /// Lets the process handle an input, if it is up: without the rules that it departs from as a liar, and without the one
    /// that a misstep takes from it, this once.
    #[inline]
    pub(super) fn feed(&mut self, now: Ticks, input: Input<'_, P>, outbox: &mut Outbox<P>) {
        let Some(process) = &mut self.process else { return };
        let misstep = self.misstep.take().and_then(|code| P::Mutation::ALL.get(usize::from(code)).copied());
        let off = misstep.map_or(self.departures, |mutation| self.departures.with(mutation));
        let own = process.mutations().filter(|_| !off.is_empty());
        let sound = own.map(|mutations| std::mem::replace(mutations, mutations.and(off)));
        process.handle(now, input, outbox);
        if let (Some(sound), Some(mutations)) = (sound, process.mutations()) {
            *mutations = sound;
        }
    }

    /// The machine loses its power: the process forgets all that is not on its disk.
    pub(super) fn crash<R: Process>(&mut self, core: &mut Core, trace: &mut Trace<R>) {
        let never_sent = self.disk.lose_power();
        self.stop(core, trace, never_sent);
    }

    /// The process dies, and its machine lives on: what it had handed to its disk still gets there.
    pub(super) fn kill<R: Process>(&mut self, core: &mut Core, trace: &mut Trace<R>) {
        let never_sent = self.disk.kill();
        self.stop(core, trace, never_sent);
    }

    fn stop<R: Process>(&mut self, core: &mut Core, trace: &mut Trace<R>, never_sent: Vec<u32>) {
        self.process = None;
        self.paused = false;
        self.misstep = None;
        self.incarnation += 1;
        self.timers.clear_all();
        for message in never_sent {
            core.resolve(trace, message, Fate::NeverSent);
        }
        for held in std::mem::take(&mut self.held) {
            if let Scheduled::Waited { message } = held {
                core.resolve(trace, message, Fate::ReceiverDown);
            }
        }
    }

    /// Carries out what the process put into its outbox; reports are handed back.
    #[inline]
    pub(super) fn absorb<R: Process<Message = P::Message>>(
        &mut self,
        core: &mut Core,
        trace: &mut Trace<R>,
        outbox: &mut Outbox<P>,
        reports: &mut Vec<P::Report>,
    ) {
        let persists = outbox.effects().iter().any(|effect| matches!(effect, Effect::Persist(_)));
        let flush_ticks = if persists { core.streams.disks.ticks(self.disk.flush_ticks) } else { 0 };
        let waits = !self.disk.pending.is_empty() || (persists && (flush_ticks > 0 || self.disk.holds_writes_up()));
        let mut flush = Flush { writes: Vec::new(), messages: Vec::new(), receipts: Vec::new(), due: core.now + flush_ticks };
        for effect in outbox.drain() {
            match effect {
                Effect::Send { to, message, now } => {
                    let id = self.seat.id;
                    if core.adversary.lies(id) && to != id {
                        for message in core.new_messages_of_liar(trace, self.seat, to, message) {
                            core.leave(trace, message, &mut flush.messages, waits && !now);
                        }
                    } else {
                        let message = core.new_message(trace, id, to, message);
                        core.leave(trace, message, &mut flush.messages, waits && !now);
                    }
                }
                Effect::Persist(write) => {
                    if core.draft.flags & flag::PERSISTED == 0 {
                        core.note(trace, Note::Persisted);
                    }
                    core.draft.flags |= flag::PERSISTED;
                    if waits {
                        flush.writes.push(write);
                    } else {
                        self.disk.durable.apply(&write);
                    }
                }
                Effect::Receipt(receipt) if waits => flush.receipts.push(receipt),
                Effect::Receipt(receipt) => self.receive_receipt(core, receipt),
                Effect::Report(report) => reports.push(report),
                other => self.small_effect(core, trace, &other),
            }
        }
        if waits {
            self.begin_flush(core, flush);
        }
        self.close_event(core);
    }

    #[inline]
    fn small_effect<R: Process>(&mut self, core: &mut Core, trace: &mut Trace<R>, effect: &Effect<P>) {
        match effect {
            Effect::SetTimer { timer, delay_ticks_min, delay_ticks_max } => {
                let delay = core.streams.timeouts.between(*delay_ticks_min, *delay_ticks_max);
                self.timers.set(self.seat.id.0, *timer, core.now, core.now + delay, core.at.events, &mut core.queue);
                core.scratch.u64(delay);
                core.note(trace, Note::TimerSet { kind: timer.kind(), delay_ticks: u32::try_from(delay).unwrap_or(u32::MAX) });
            }
            Effect::ClearTimer(timer) => {
                self.timers.clear(*timer);
                core.note(trace, Note::TimerCleared { kind: timer.kind() });
            }
            Effect::Rule(rule) => {
                core.scratch.u8(rule.code());
                core.note(trace, Note::Rule(rule.code()));
            }
            Effect::Violation(sentence) => {
                core.draft.flags |= flag::VIOLATION;
                let event = core.at.events;
                let record = || ViolationRecord { event, sentence: sentence.clone() };
                let place = trace.put_violation(&mut core.at, record);
                core.note(trace, Note::Violation(place));
            }
            Effect::Send { .. } | Effect::Persist(_) | Effect::Receipt(_) | Effect::Report(_) => {}
        }
    }

    fn receive_receipt(&mut self, core: &mut Core, receipt: P::Receipt) {
        self.disk.receipts.push_back(receipt);
        core.queue.push(core.now, Scheduled::Receipt { node: self.seat.id.0, incarnation: self.incarnation });
    }

    /// What an outbox without writes sends waits for the writes before it: it may rest on them.
    fn begin_flush(&mut self, core: &mut Core, flush: Flush<P>) {
        match self.disk.pending.back_mut() {
            Some(last) if flush.writes.is_empty() => {
                last.messages.extend(flush.messages);
                last.receipts.extend(flush.receipts);
            }
            last => {
                let due = last.map_or(flush.due, |last| last.due.max(flush.due));
                self.disk.pending.push_back(Flush { due, ..flush });
                core.queue.push(due, Scheduled::Flush { node: self.seat.id.0, incarnation: self.incarnation });
            }
        }
    }

    /// The oldest flush is done, unless the disk stands still: what waited for it leaves. While the process is paused the
    /// writes get to the disk, and nothing leaves before it goes on.
    pub(super) fn finish_flush<R: Process<Message = P::Message>>(&mut self, core: &mut Core, trace: &mut Trace<R>, what: Scheduled) {
        if self.paused {
            if !self.disk.stands_still() {
                self.disk.finish_unheard();
                self.held.push(what);
            }
            return;
        }
        if !self.disk.has_unheard() && self.disk.stands_still() {
            return;
        }
        let flush = match self.disk.finish_flush() {
            Ok(flush) => flush,
            Err(intervention) => {
                core.struck = Some((self.seat.id.0, intervention));
                return;
            }
        };
        let Some(flush) = flush else { return };
        for message in flush.messages {
            core.depart(trace, message);
        }
        for receipt in flush.receipts {
            self.receive_receipt(core, receipt);
        }
    }

    /// So many flushes that stood still are done now.
    pub(super) fn flushes_are_due(&self, core: &mut Core, flushes: u32) {
        for _ in 0..flushes {
            core.queue.push(core.now, Scheduled::Flush { node: self.seat.id.0, incarnation: self.incarnation });
        }
    }

    #[inline]
    fn close_event(&mut self, core: &mut Core) {
        let Some(process) = &self.process else { return };
        core.draft.epoch = u32::try_from(process.epoch()).unwrap_or(u32::MAX);
        core.draft.role = process.role();
        let decided = process.decided();
        if decided > self.decided {
            core.draft.flags |= flag::DECIDED;
        }
        self.decided = decided;
    }
}
