//! A process with its disk and its timers: what feeds it, and what carries out its effects.
//!
//! A process is fed in four ways: it starts, receives a message, has a timer that fires, hears of a write that is on
//! disk. Each is one event. All four go through `Machine::feed`, and what follows through `Machine::absorb`.

use super::clock::Scheduled;
use super::disk::{Disk, Flush};
use super::range::TicksRange;
use super::rate::ClockRate;
use super::shared::Shared;
use super::timers::{Armed, Timers};
use super::trace::{Fate, InputKind, NONE, Note, Trace, ViolationRecord, flag};
use crate::process::{Catalogue, Durable, Effect, Input, Mutations, Outbox, Process, Seat, Ticks, Timer, View};

/// A process with its disk and its timers.
#[derive(Clone, Debug)]
pub struct Machine<P: Process> {
    seat: Seat,
    clock: ClockRate,
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
    misstep: Option<u8>,
    /// The rules that it does not keep to as a liar.
    departures: Mutations<P::Mutation>,
    wipes: u32,
    decided: u64,
}

impl<P: Process> Machine<P> {
    pub(super) fn new(seat: Seat, flush_ticks: TicksRange, clock: ClockRate) -> Self {
        Self {
            seat,
            clock,
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
        debug_assert!(self.process.is_none(), "the disk of a process that is up is wiped");
        self.disk.wipe();
        self.wipes += 1;
    }

    /// Switches one more rule off in it, as a liar that departs from it.
    pub(super) fn depart_from(&mut self, mutation: P::Mutation) {
        self.departures = self.departures.with(mutation);
    }

    /// Switches a rule off while it handles its next input.
    pub(super) fn misstep(&mut self, mutation: u8) {
        debug_assert!(usize::from(mutation) < P::Mutation::ALL.len(), "no such rule can be switched off");
        self.misstep = Some(mutation);
    }

    /// From now on it keeps to all rules.
    pub(super) fn reform(&mut self) {
        self.departures = Mutations::NONE;
    }

    /// Ends all that is done to it, but for a crash. Flushes that stood still are done now.
    pub(super) fn mend(&mut self, shared: &mut Shared, flush_ticks: TicksRange) {
        self.misstep = None;
        self.reform();
        let overdue = self.disk.mend(flush_ticks);
        self.flushes_are_due(shared, overdue);
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
        debug_assert!(self.process.is_none() && self.held.is_empty(), "a process boots that is up");
        self.process = Some(P::boot(self.seat, config, &self.disk.durable, self.incarnation));
        self.decided = 0;
    }

    /// Begins to live: its first input after a boot.
    pub(super) fn start<R: Process<Message = P::Message>>(
        &mut self,
        shared: &mut Shared,
        trace: &mut Trace<R>,
        outbox: &mut Outbox<P>,
        cause: u32,
    ) -> Vec<P::Report> {
        shared.begin(InputKind::Start, self.seat.id.0, cause, 0);
        self.feed(shared.now, Input::Start, outbox);
        self.absorb(shared, trace, outbox)
    }

    /// Handles a recorded message. The event has begun: with the message's arrival, or with what was asked of a client.
    #[inline]
    pub(super) fn receive<R: Process<Message = P::Message>>(
        &mut self,
        shared: &mut Shared,
        trace: &mut Trace<R>,
        outbox: &mut Outbox<P>,
        message: u32,
    ) -> Vec<P::Report> {
        debug_assert!(message < shared.at.messages, "a message is handled that was never recorded");
        if let Some(record) = trace.messages.get(message as usize) {
            debug_assert_eq!(record.to, self.seat.id, "a message is handled by another process than it was sent to");
            self.feed(shared.now, Input::Message { from: record.from, message: &record.body }, outbox);
        }
        self.absorb(shared, trace, outbox)
    }

    /// An entry of the queue has come up: gives the timer that fires, if one does.
    #[inline]
    pub(super) fn timer_come_up(
        &mut self,
        shared: &mut Shared,
        slot: u16,
        generation: u32,
    ) -> Option<(P::Timer, Armed)> {
        self.timers.come_up(self.seat.id.0, slot, generation, shared.now, &mut shared.queue)
    }

    /// Handles a timer that fires, and is no longer set.
    #[inline]
    pub(super) fn fire<R: Process<Message = P::Message>>(
        &mut self,
        shared: &mut Shared,
        trace: &mut Trace<R>,
        outbox: &mut Outbox<P>,
        (timer, armed): (P::Timer, Armed),
    ) -> Vec<P::Report> {
        shared.begin(InputKind::Timer, self.seat.id.0, armed.set_by, timer.kind());
        self.feed(shared.now, Input::Timer(timer), outbox);
        self.absorb(shared, trace, outbox)
    }

    /// Handles that a write is on disk.
    pub(super) fn persisted<R: Process<Message = P::Message>>(
        &mut self,
        shared: &mut Shared,
        trace: &mut Trace<R>,
        outbox: &mut Outbox<P>,
        receipt: P::Receipt,
    ) -> Vec<P::Report> {
        shared.begin(InputKind::Persisted, self.seat.id.0, NONE, 0);
        self.feed(shared.now, Input::Persisted(receipt), outbox);
        self.absorb(shared, trace, outbox)
    }

    /// Lets the process handle an input: the simulator's one call of [`Process::handle`]. The process goes without the
    /// rules that it departs from as a liar, and without the one that a misstep takes from it, this once.
    #[inline]
    fn feed(&mut self, now: Ticks, input: Input<'_, P>, outbox: &mut Outbox<P>) {
        debug_assert!(self.process.is_some() && !self.paused, "an input for a process that is down or paused");
        debug_assert!(outbox.effects().is_empty(), "effects of an earlier input were not carried out");
        let Some(process) = &mut self.process else { return };
        let misstep = self.misstep.take().and_then(|code| P::Mutation::ALL.get(usize::from(code)).copied());
        let off = misstep.map_or(self.departures, |mutation| self.departures.with(mutation));
        let own = process.mutations().filter(|_| !off.is_empty());
        let sound = own.map(|mutations| std::mem::replace(mutations, mutations.and(off)));
        process.handle(self.clock.shows(now), input, outbox);
        if let (Some(sound), Some(mutations)) = (sound, process.mutations()) {
            *mutations = sound;
        }
    }

    /// The machine loses its power: the process forgets all that is not on its disk.
    pub(super) fn crash<R: Process>(&mut self, shared: &mut Shared, trace: &mut Trace<R>) {
        let never_sent = self.disk.lose_power();
        self.stop(shared, trace, never_sent);
    }

    /// The process dies, and its machine lives on: what it had handed to its disk still gets there.
    pub(super) fn kill<R: Process>(&mut self, shared: &mut Shared, trace: &mut Trace<R>) {
        let never_sent = self.disk.kill();
        self.stop(shared, trace, never_sent);
    }

    fn stop<R: Process>(&mut self, shared: &mut Shared, trace: &mut Trace<R>, never_sent: Vec<u32>) {
        self.process = None;
        self.paused = false;
        self.misstep = None;
        self.incarnation += 1;
        self.timers.clear_all();
        for message in never_sent {
            shared.resolve(trace, message, Fate::NeverSent);
        }
        for held in std::mem::take(&mut self.held) {
            if let Scheduled::Waited { message } = held {
                shared.resolve(trace, message, Fate::ReceiverDown);
            }
        }
    }

    /// Carries out what the process put into its outbox. Its reports are handed back.
    #[inline]
    fn absorb<R: Process<Message = P::Message>>(
        &mut self,
        shared: &mut Shared,
        trace: &mut Trace<R>,
        outbox: &mut Outbox<P>,
    ) -> Vec<P::Report> {
        let mut reports = Vec::new();
        let persists = outbox.effects().iter().any(|effect| matches!(effect, Effect::Persist(_)));
        let flush_ticks = if persists { shared.streams.disks.ticks(self.disk.flush_ticks) } else { 0 };
        let waits = !self.disk.pending.is_empty() || (persists && (flush_ticks > 0 || self.disk.holds_writes_up()));
        let mut flush =
            Flush { writes: Vec::new(), messages: Vec::new(), receipts: Vec::new(), due: shared.now + flush_ticks };
        for effect in outbox.drain() {
            match effect {
                Effect::Send { to, message, now } => {
                    let id = self.seat.id;
                    if shared.adversary.lies(id) && to != id {
                        for message in shared.new_messages_of_liar(trace, self.seat, to, message) {
                            shared.leave(trace, message, &mut flush.messages, waits && !now);
                        }
                    } else {
                        let message = shared.new_message(trace, id, to, message);
                        shared.leave(trace, message, &mut flush.messages, waits && !now);
                    }
                }
                Effect::Persist(write) => {
                    if shared.draft.flags & flag::PERSISTED == 0 {
                        shared.note(trace, Note::Persisted);
                    }
                    shared.draft.flags |= flag::PERSISTED;
                    if waits {
                        flush.writes.push(write);
                    } else {
                        self.disk.durable.apply(&write);
                    }
                }
                Effect::Receipt(receipt) if waits => flush.receipts.push(receipt),
                Effect::Receipt(receipt) => self.receive_receipt(shared, receipt),
                Effect::Report(report) => reports.push(report),
                other => self.small_effect(shared, trace, &other),
            }
        }
        if waits {
            self.begin_flush(shared, flush);
        }
        self.describe(shared);
        reports
    }

    #[inline]
    fn small_effect<R: Process>(&mut self, shared: &mut Shared, trace: &mut Trace<R>, effect: &Effect<P>) {
        match effect {
            Effect::SetTimer { timer, delay_ticks_min, delay_ticks_max } => {
                let delay = self.clock.takes(shared.streams.timeouts.between(*delay_ticks_min, *delay_ticks_max));
                self.timers.set(
                    self.seat.id.0,
                    *timer,
                    shared.now,
                    shared.now + delay,
                    shared.at.events,
                    &mut shared.queue,
                );
                shared.scratch.u64(delay);
                shared.note(
                    trace,
                    Note::TimerSet { kind: timer.kind(), delay_ticks: u32::try_from(delay).unwrap_or(u32::MAX) },
                );
            }
            Effect::ClearTimer(timer) => {
                self.timers.clear(*timer);
                shared.note(trace, Note::TimerCleared { kind: timer.kind() });
            }
            Effect::Rule(rule) => {
                shared.scratch.u8(rule.code());
                shared.note(trace, Note::Rule(rule.code()));
            }
            Effect::Violation(sentence) => {
                shared.draft.flags |= flag::VIOLATION;
                let event = shared.at.events;
                let record = || ViolationRecord { event, sentence: sentence.clone() };
                let index = trace.put_violation(&mut shared.at, record);
                shared.note(trace, Note::Violation(index));
            }
            Effect::Send { .. } | Effect::Persist(_) | Effect::Receipt(_) | Effect::Report(_) => {}
        }
    }

    fn receive_receipt(&mut self, shared: &mut Shared, receipt: P::Receipt) {
        self.disk.receipts.push_back(receipt);
        shared.queue.push(shared.now, Scheduled::Receipt { node: self.seat.id.0, incarnation: self.incarnation });
    }

    /// What an outbox without writes sends waits for the writes before it: it may rest on them.
    fn begin_flush(&mut self, shared: &mut Shared, flush: Flush<P>) {
        match self.disk.pending.back_mut() {
            Some(last) if flush.writes.is_empty() => {
                last.messages.extend(flush.messages);
                last.receipts.extend(flush.receipts);
            }
            last => {
                let due = last.map_or(flush.due, |last| last.due.max(flush.due));
                self.disk.pending.push_back(Flush { due, ..flush });
                shared.queue.push(due, Scheduled::Flush { node: self.seat.id.0, incarnation: self.incarnation });
            }
        }
    }

    /// The oldest flush is done, unless the disk stands still: what waited for it leaves. While the process is paused
    /// the writes get to the disk, and nothing leaves before it goes on.
    pub(super) fn finish_flush<R: Process<Message = P::Message>>(
        &mut self,
        shared: &mut Shared,
        trace: &mut Trace<R>,
        what: Scheduled,
    ) {
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
                shared.struck = Some((self.seat.id.0, intervention));
                return;
            }
        };
        let Some(flush) = flush else { return };
        for message in flush.messages {
            shared.depart(trace, message);
        }
        for receipt in flush.receipts {
            self.receive_receipt(shared, receipt);
        }
    }

    /// So many flushes that stood still are done now.
    pub(super) fn flushes_are_due(&self, shared: &mut Shared, flushes: u32) {
        for _ in 0..flushes {
            shared.queue.push(shared.now, Scheduled::Flush { node: self.seat.id.0, incarnation: self.incarnation });
        }
    }

    /// What the record of the event says of the process after it.
    #[inline]
    fn describe(&mut self, shared: &mut Shared) {
        let Some(process) = &self.process else { return };
        shared.draft.epoch = u32::try_from(process.epoch()).unwrap_or(u32::MAX);
        shared.draft.role = process.role();
        let decided = process.decided();
        if decided > self.decided {
            shared.draft.flags |= flag::DECIDED;
        }
        self.decided = decided;
    }
}
