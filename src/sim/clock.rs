//! The queue of what is due, earliest first. Ties are broken by the order of scheduling.

use crate::process::Ticks;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Something that is due at a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scheduled {
    /// A message reaches its receiver.
    Arrival {
        /// Its index in the trace.
        message: u32,
    },
    /// A message that has waited for a paused receiver is handled.
    Waited {
        /// Its index in the trace.
        message: u32,
    },
    /// A timer may fire.
    Timer {
        /// Whose it is.
        node: u16,
        /// Its slot in the process's [`super::timers::Timers`].
        slot: u16,
        /// Which use of the slot it belongs to.
        generation: u32,
    },
    /// The oldest pending write of a disk is done.
    Flush {
        /// Whose disk.
        node: u16,
        /// Which life of the process.
        incarnation: u32,
    },
    /// A process learns that a write is done.
    Receipt {
        /// Whose disk.
        node: u16,
        /// Which life of the process.
        incarnation: u32,
    },
    /// A process boots.
    Boot {
        /// Which one.
        node: u16,
        /// Which life of the process.
        incarnation: u32,
        /// The event that made it boot.
        cause: u32,
    },
    /// A client of the workload has thought long enough.
    Invocation {
        /// Which one.
        node: u16,
        /// Which life of the client.
        incarnation: u32,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Entry {
    time: Ticks,
    order: u64,
    what: Scheduled,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.time, self.order).cmp(&(other.time, other.order))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What is due, and when.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    heap: BinaryHeap<Reverse<Entry>>,
    next_order: u64,
}

impl Queue {
    /// Takes the next number in the order of scheduling.
    #[inline]
    pub fn take_order(&mut self) -> u64 {
        self.next_order += 1;
        self.next_order
    }

    /// Schedules something after all that is due at the same time.
    #[inline]
    pub fn push(&mut self, time: Ticks, what: Scheduled) {
        let order = self.take_order();
        self.push_in_order(time, order, what);
    }

    /// Schedules something with a number that was taken before.
    #[inline]
    pub fn push_in_order(&mut self, time: Ticks, order: u64, what: Scheduled) {
        self.heap.push(Reverse(Entry { time, order, what }));
    }

    /// When the earliest thing is due.
    #[inline]
    pub fn next_time(&self) -> Option<Ticks> {
        self.heap.peek().map(|entry| entry.0.time)
    }

    /// Takes the earliest thing out.
    #[inline]
    pub fn pop(&mut self) -> Option<(Ticks, Scheduled)> {
        self.heap.pop().map(|Reverse(entry)| (entry.time, entry.what))
    }

    /// All that is due, in no particular order: sort before showing it to anyone.
    pub fn iter(&self) -> impl Iterator<Item = (Ticks, Scheduled)> + '_ {
        self.heap.iter().map(|Reverse(entry)| (entry.time, entry.what))
    }
}
