//! Disks: what survives a crash, and when it gets there.
//!
//! A flush makes all writes of one outbox durable at once, and flushes end in the order in which they began. What was
//! sent with them leaves at that moment. Until then the disk holds what it held, so a loss of power loses the writes
//! and the messages together, and nobody has seen a promise that the disk does not keep.
//!
//! Each server has a disk of its own, with a range of times that a flush takes. A disk may *stall*: its flushes stand
//! still until it goes on. Two things are beyond the model that the protocols assume, and are labelled so wherever they
//! are done: a disk that *loses* flushes (it says "done", and a loss of power shows that it was not), and a crash that
//! tears the writes of one outbox apart.

use super::range::TicksRange;
use crate::process::{Durable, Process, Ticks};
use std::collections::VecDeque;

/// Writes on their way to a disk, with what leaves when they are there.
#[derive(Clone, Debug)]
pub struct Flush<P: Process> {
    /// The writes, in order.
    pub writes: Vec<<P::Durable as Durable>::Write>,
    /// The messages, as indices into the trace.
    pub messages: Vec<u32>,
    /// What the process is told then.
    pub receipts: Vec<P::Receipt>,
    /// When it is done.
    pub due: Ticks,
}

/// Where a crash strikes that waits for a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CrashPoint {
    /// The writes of an outbox are on disk, and what it sends with them has not left.
    BetweenWriteAndSend,
    /// The first write of an outbox is on disk, and the others never will be. Beyond the model: they are atomic.
    BetweenWrites,
}

impl CrashPoint {
    /// Whether an outbox with so many writes is one that it waits for.
    fn is_met_by(self, writes: usize) -> bool {
        match self {
            Self::BetweenWriteAndSend => writes >= 1,
            Self::BetweenWrites => writes >= 2,
        }
    }
}

/// One process's disk.
#[derive(Clone, Debug)]
pub struct Disk<P: Process> {
    /// What survives a crash, as the process was told.
    pub durable: P::Durable,
    /// Flushes under way, oldest first.
    pub pending: VecDeque<Flush<P>>,
    /// Receipts of flushes that are done, which the process has yet to handle.
    pub receipts: VecDeque<P::Receipt>,
    /// How long a flush takes.
    pub flush_ticks: TicksRange,
    /// How many of the oldest flushes have ended while the process was paused: it has yet to hear of them.
    unheard: usize,
    /// Whether flushes stand still.
    stalled: bool,
    /// How many flushes would be done if it did not stand still.
    overdue: u32,
    /// What a loss of power leaves, where that is less than the process was told.
    really_there: Option<P::Durable>,
    /// The crash that waits for a write, with the number of the intervention that ordered it.
    crash_at: Option<(CrashPoint, u32)>,
    /// How it lost what the process was told is there, if it ever did.
    forgot: Option<&'static str>,
}

impl<P: Process> Disk<P> {
    /// An empty disk.
    pub fn new(flush_ticks: TicksRange) -> Self {
        Self {
            durable: P::Durable::default(),
            pending: VecDeque::new(),
            receipts: VecDeque::new(),
            flush_ticks,
            unheard: 0,
            stalled: false,
            overdue: 0,
            really_there: None,
            crash_at: None,
            forgot: None,
        }
    }

    /// How it lost what the process was told is there, if it ever did: beyond the model, so that what follows is no
    /// fault of the process.
    pub fn forgot(&self) -> Option<&'static str> {
        self.forgot
    }

    /// Whether its flushes stand still.
    pub fn is_stalled(&self) -> bool {
        self.stalled
    }

    /// Whether it says "done" of what a loss of power would show not to be there.
    pub fn loses_flushes(&self) -> bool {
        self.really_there.is_some()
    }

    /// Where the crash strikes that waits for a write, if one does.
    pub fn crash_point(&self) -> Option<CrashPoint> {
        self.crash_at.map(|(point, _)| point)
    }

    /// Whether a write must wait for a flush even if that takes no time.
    pub(super) fn holds_writes_up(&self) -> bool {
        self.stalled || self.crash_at.is_some()
    }

    /// Orders a crash at the next write that meets the point.
    pub(super) fn crash_at(&mut self, point: CrashPoint, intervention: u32) {
        self.crash_at = Some((point, intervention));
    }

    /// From now on it says "done" of what a loss of power will show not to be there, or no longer does.
    pub(super) fn set_loses_flushes(&mut self, loses: bool) {
        match (loses, &self.really_there) {
            (true, None) => self.really_there = Some(self.durable.clone()),
            (true, Some(_)) => {}
            (false, _) => self.really_there = None,
        }
    }

    /// Lets flushes stand still, or go on. Gives how many are done at once, now that it goes on.
    pub(super) fn set_stalled(&mut self, stalled: bool) -> u32 {
        self.stalled = stalled;
        if stalled { 0 } else { std::mem::take(&mut self.overdue) }
    }

    /// The oldest flush would be done. Says whether it stands still instead.
    pub(super) fn stands_still(&mut self) -> bool {
        self.overdue += u32::from(self.stalled);
        self.stalled
    }

    /// Whether the oldest flush has ended already, and the process has yet to hear of it.
    pub(super) fn has_unheard(&self) -> bool {
        self.unheard > 0
    }

    /// The oldest flush that is under way ends while the process is paused: its writes are durable, and nothing leaves.
    pub(super) fn finish_unheard(&mut self) {
        if let Some(flush) = self.pending.get_mut(self.unheard) {
            for write in flush.writes.drain(..) {
                self.durable.apply(&write);
            }
            self.unheard += 1;
        }
    }

    /// Ends the oldest flush: its writes are durable. Gives what leaves now; or, if a crash waited for this, the number
    /// of the intervention that ordered it.
    pub(super) fn finish_flush(&mut self) -> Result<Option<Flush<P>>, u32> {
        debug_assert!(!self.pending.is_empty(), "a flush ends that never began");
        let Some(mut flush) = self.pending.pop_front() else { return Ok(None) };
        self.unheard = self.unheard.saturating_sub(1);
        let struck = self.crash_at.filter(|(point, _)| point.is_met_by(flush.writes.len()));
        let torn = matches!(struck, Some((CrashPoint::BetweenWrites, _)));
        let there = if torn { 1 } else { flush.writes.len() };
        if torn {
            self.forgot = Some("kept a part of what was written at once");
        }
        for write in flush.writes.drain(..).take(there) {
            self.durable.apply(&write);
        }
        match struck {
            Some((_, intervention)) => {
                self.crash_at = None;
                self.pending.push_front(flush);
                Err(intervention)
            }
            None => Ok(Some(flush)),
        }
    }

    /// The process has died, and the machine lives on: what it had handed to the disk still gets there. Gives the
    /// messages that never left.
    pub(super) fn kill(&mut self) -> Vec<u32> {
        for flush in &mut self.pending {
            for write in flush.writes.drain(..) {
                self.durable.apply(&write);
            }
        }
        self.forget_what_waits()
    }

    /// The machine has lost its power: what is not on the disk is gone. Gives the messages that never left.
    pub(super) fn lose_power(&mut self) -> Vec<u32> {
        if let Some(really_there) = self.really_there.as_ref().filter(|really_there| **really_there != self.durable) {
            self.forgot = Some("lost what it had called written");
            self.durable = really_there.clone();
        }
        self.forget_what_waits()
    }

    fn forget_what_waits(&mut self) -> Vec<u32> {
        self.receipts.clear();
        self.unheard = 0;
        self.overdue = 0;
        self.crash_at = None;
        self.pending.drain(..).flat_map(|flush| flush.messages).collect()
    }

    /// Empties it. It stays as quick, and as honest, as it was.
    pub(super) fn wipe(&mut self) {
        let really_there = self.really_there.as_ref().map(|_| P::Durable::default());
        let forgot = Some("was wiped");
        *self = Self { stalled: self.stalled, really_there, forgot, ..Self::new(self.flush_ticks) };
    }

    /// It is as the scenario has it again. Gives how many flushes are done at once.
    pub(super) fn mend(&mut self, flush_ticks: TicksRange) -> u32 {
        self.flush_ticks = flush_ticks;
        self.really_there = None;
        self.crash_at = None;
        self.set_stalled(false)
    }
}
