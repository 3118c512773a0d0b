//! Disks: what survives a crash, and when it gets there.
//!
//! A flush makes all writes of one outbox durable at once, and flushes end in the order in which they began. What was sent
//! with them leaves at that moment. Until then the disk holds what it held, so a crash loses the writes and the messages
//! together, and nobody has seen a promise that the disk does not keep.

use crate::process::{Durable, Process, Ticks};
use std::collections::VecDeque;

/// Writes on their way to a disk, with what leaves when they are there.
#[derive(Clone, Debug)]
pub struct Flush<P: Process> {
    /// The writes, in order.
    pub writes: Vec<<P::Durable as Durable>::Write>,
    /// The messages, as places in the trace.
    pub messages: Vec<u32>,
    /// What the process is told then.
    pub receipts: Vec<P::Receipt>,
    /// When it is done.
    pub due: Ticks,
}

/// One process's disk.
#[derive(Clone, Debug)]
pub struct Disk<P: Process> {
    /// What survives a crash.
    pub durable: P::Durable,
    /// Flushes under way, oldest first.
    pub pending: VecDeque<Flush<P>>,
    /// Receipts of flushes that are done, which the process has yet to handle.
    pub receipts: VecDeque<P::Receipt>,
}

impl<P: Process> Default for Disk<P> {
    fn default() -> Self {
        Self { durable: P::Durable::default(), pending: VecDeque::new(), receipts: VecDeque::new() }
    }
}

impl<P: Process> Disk<P> {
    /// Ends the oldest flush: its writes are durable. Gives what leaves now.
    pub fn finish_flush(&mut self) -> Option<Flush<P>> {
        let mut flush = self.pending.pop_front()?;
        for write in flush.writes.drain(..) {
            self.durable.apply(&write);
        }
        Some(flush)
    }

    /// Forgets all that is not on the disk. Gives the messages that never left.
    pub fn crash(&mut self) -> Vec<u32> {
        self.receipts.clear();
        self.pending.drain(..).flat_map(|flush| flush.messages).collect()
    }
}
