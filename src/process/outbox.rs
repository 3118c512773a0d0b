//! What a process wants to happen.

use super::{Durable, NodeId, Process, Ticks};

/// One thing that a process wants to happen.
#[derive(Clone, Debug)]
pub enum Effect<P: Process> {
    /// A message to a peer, or to oneself.
    Send {
        /// Who gets it.
        to: NodeId,
        /// The content.
        message: P::Message,
        /// It may leave before what was persisted is on disk.
        now: bool,
    },
    /// Set a timer, or set it again.
    SetTimer {
        /// Which one.
        timer: P::Timer,
        /// The shortest delay, in ticks.
        delay_ticks_min: Ticks,
        /// The longest delay, in ticks. The driver draws one of the range, both ends included.
        delay_ticks_max: Ticks,
    },
    /// The timer must not fire any more.
    ClearTimer(P::Timer),
    /// A change to what survives a crash.
    Persist(<P::Durable as Durable>::Write),
    /// Tell the process when everything persisted so far is on disk.
    Receipt(P::Receipt),
    /// A line of the paper that made something happen.
    Rule(P::Rule),
    /// Something that must not happen, in a sentence.
    Violation(String),
    /// What observers are told.
    Report(P::Report),
}

/// Collects the effects of one input, in order.
#[derive(Clone, Debug)]
pub struct Outbox<P: Process> {
    effects: Vec<Effect<P>>,
}

impl<P: Process> Default for Outbox<P> {
    fn default() -> Self {
        Self { effects: Vec::new() }
    }
}

impl<P: Process> Outbox<P> {
    /// An empty outbox.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends a message once everything persisted so far is on disk.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.effects.push(Effect::Send { to, message, now: false });
    }

    /// Sends a message that promises nothing which is not yet on disk.
    pub fn send_now(&mut self, to: NodeId, message: P::Message) {
        self.effects.push(Effect::Send { to, message, now: true });
    }

    /// Sets a timer to a delay drawn from a range of ticks, both ends included.
    pub fn set_timer(&mut self, timer: P::Timer, delay_ticks_min: Ticks, delay_ticks_max: Ticks) {
        self.effects.push(Effect::SetTimer { timer, delay_ticks_min, delay_ticks_max });
    }

    /// Clears a timer. Clearing one that is not set does nothing.
    pub fn clear_timer(&mut self, timer: P::Timer) {
        self.effects.push(Effect::ClearTimer(timer));
    }

    /// Changes what survives a crash.
    pub fn persist(&mut self, write: <P::Durable as Durable>::Write) {
        self.effects.push(Effect::Persist(write));
    }

    /// Asks for [`super::Input::Persisted`] when everything persisted so far is on disk.
    pub fn when_persisted(&mut self, receipt: P::Receipt) {
        self.effects.push(Effect::Receipt(receipt));
    }

    /// Names the line of the paper that made this happen.
    pub fn rule(&mut self, rule: P::Rule) {
        self.effects.push(Effect::Rule(rule));
    }

    /// Reports something that must not happen.
    pub fn violation(&mut self, sentence: impl Into<String>) {
        self.effects.push(Effect::Violation(sentence.into()));
    }

    /// Tells observers.
    pub fn report(&mut self, report: P::Report) {
        self.effects.push(Effect::Report(report));
    }

    /// The effects so far, in order.
    pub fn effects(&self) -> &[Effect<P>] {
        &self.effects
    }

    /// Takes the effects out, in order, and keeps the memory.
    pub fn drain(&mut self) -> impl Iterator<Item = Effect<P>> + '_ {
        self.effects.drain(..)
    }
}
