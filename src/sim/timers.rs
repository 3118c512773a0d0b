//! The timers of one process.
//!
//! A protocol sets its election timer again at every message from the leader. Scheduling each of these anew would fill
//! the queue with what will never fire, so a slot keeps at most one entry in the queue: when that comes up too early,
//! it is put back at the time that the timer is set to.

use super::clock::{Queue, Scheduled};
use crate::process::Ticks;

/// A timer that is set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Armed {
    /// When it was set.
    pub set_at: Ticks,
    /// The event that set it.
    pub set_by: u32,
    /// When it fires.
    pub due: Ticks,
    order: u64,
}

#[derive(Clone, Debug)]
struct Slot<T> {
    timer: T,
    armed: Option<Armed>,
    /// When the entry in the queue comes up, if there is one.
    queued: Option<Ticks>,
    generation: u32,
}

/// The timers of one process, by what tells them apart.
#[derive(Clone, Debug)]
pub struct Timers<T> {
    slots: Vec<Slot<T>>,
}

impl<T> Default for Timers<T> {
    fn default() -> Self {
        Self { slots: Vec::new() }
    }
}

impl<T: Copy + Ord> Timers<T> {
    /// Sets a timer, or sets it again.
    pub fn set(&mut self, node: u16, timer: T, now: Ticks, due: Ticks, set_by: u32, queue: &mut Queue) {
        let index = match self.slots.iter().position(|slot| slot.timer == timer) {
            Some(index) => index,
            None => self.free_slot(timer),
        };
        let order = queue.take_order();
        let slot = &mut self.slots[index];
        slot.armed = Some(Armed { set_at: now, set_by, due, order });
        if slot.queued.is_none_or(|queued| queued > due) {
            slot.generation += 1;
            slot.queued = Some(due);
            queue.push_in_order(due, order, Scheduled::Timer { node, slot: index as u16, generation: slot.generation });
        }
    }

    fn free_slot(&mut self, timer: T) -> usize {
        let free = self.slots.iter().position(|slot| slot.armed.is_none() && slot.queued.is_none());
        match free {
            Some(index) => {
                self.slots[index].timer = timer;
                index
            }
            None => {
                self.slots.push(Slot { timer, armed: None, queued: None, generation: 0 });
                self.slots.len() - 1
            }
        }
    }

    /// Clears a timer. Its entry in the queue stays, and comes to nothing.
    pub fn clear(&mut self, timer: T) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.timer == timer) {
            slot.armed = None;
        }
    }

    /// Clears all timers, and disowns their entries in the queue: some may be gone with what waited for a paused
    /// process.
    pub fn clear_all(&mut self) {
        for slot in &mut self.slots {
            slot.armed = None;
            slot.queued = None;
            slot.generation += 1;
        }
    }

    /// An entry of the queue has come up: gives the timer that fires, if one does.
    pub fn come_up(
        &mut self,
        node: u16,
        index: u16,
        generation: u32,
        now: Ticks,
        queue: &mut Queue,
    ) -> Option<(T, Armed)> {
        let slot = self.slots.get_mut(usize::from(index)).filter(|slot| slot.generation == generation)?;
        slot.queued = None;
        let armed = slot.armed?;
        if armed.due > now {
            slot.queued = Some(armed.due);
            queue.push_in_order(armed.due, armed.order, Scheduled::Timer { node, slot: index, generation });
            return None;
        }
        slot.armed = None;
        Some((slot.timer, armed))
    }

    /// Takes a timer out that is to fire at once.
    pub fn take(&mut self, matches: impl Fn(T) -> bool) -> Option<(T, Armed)> {
        let slot = self.slots.iter_mut().find(|slot| slot.armed.is_some() && matches(slot.timer))?;
        slot.armed.take().map(|armed| (slot.timer, armed))
    }

    /// The timers that are set.
    pub fn armed(&self) -> impl Iterator<Item = (T, Armed)> + '_ {
        self.slots.iter().filter_map(|slot| slot.armed.map(|armed| (slot.timer, armed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fire(timers: &mut Timers<u8>, queue: &mut Queue) -> Vec<(Ticks, u8)> {
        let mut fired = Vec::new();
        while let Some((now, Scheduled::Timer { slot, generation, .. })) = queue.pop() {
            fired.extend(timers.come_up(0, slot, generation, now, queue).map(|(timer, _)| (now, timer)));
        }
        fired
    }

    #[test]
    fn a_timer_that_is_set_again_fires_once_at_the_later_time() {
        let (mut timers, mut queue) = (Timers::default(), Queue::default());
        timers.set(0, 7, 0, 100, 0, &mut queue);
        timers.set(0, 7, 50, 150, 0, &mut queue);
        assert_eq!(fire(&mut timers, &mut queue), [(150, 7)]);
    }

    #[test]
    fn a_timer_that_is_set_again_to_an_earlier_time_fires_once_then() {
        let (mut timers, mut queue) = (Timers::default(), Queue::default());
        timers.set(0, 7, 0, 100, 0, &mut queue);
        timers.set(0, 7, 0, 20, 0, &mut queue);
        assert_eq!(fire(&mut timers, &mut queue), [(20, 7)]);
    }

    #[test]
    fn a_timer_fires_after_a_crash_that_lost_its_entry_in_the_queue() {
        let (mut timers, mut queue) = (Timers::default(), Queue::default());
        timers.set(0, 7, 0, 100, 0, &mut queue);
        assert!(queue.pop().is_some(), "held while the process was paused, and lost with it");
        timers.clear_all();
        timers.set(0, 7, 150, 200, 0, &mut queue);
        assert_eq!(fire(&mut timers, &mut queue), [(200, 7)]);
    }

    #[test]
    fn a_cleared_timer_does_not_fire_and_can_be_set_anew() {
        let (mut timers, mut queue) = (Timers::default(), Queue::default());
        timers.set(0, 7, 0, 100, 0, &mut queue);
        timers.clear(7);
        timers.set(0, 8, 0, 90, 0, &mut queue);
        timers.set(0, 7, 0, 120, 0, &mut queue);
        assert_eq!(fire(&mut timers, &mut queue), [(90, 8), (120, 7)]);
    }
}
