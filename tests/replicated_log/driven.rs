//! One server alone: it is given one input, and does something.

use consensus_playground::process::{Durable, Effect, Input, NodeId, Outbox, Process, Seat, Ticks};
use consensus_playground::replicated_log::LeaderTimer;

type Write<P> = <<P as Process>::Durable as Durable>::Write;

/// A server that is driven by a test.
#[derive(Clone)]
pub struct Driven<P> {
    pub core: P,
}

/// What a server did upon one input.
#[derive(Clone, Debug)]
pub struct Done<P: Process> {
    /// What it sent, to whom.
    pub sent: Vec<(NodeId, P::Message)>,
    /// Those of them that did not wait for the disk.
    pub sent_now: Vec<(NodeId, P::Message)>,
    pub rules: Vec<P::Rule>,
    pub receipts: Vec<P::Receipt>,
    pub timers_set: Vec<(P::Timer, Ticks, Ticks)>,
    pub writes: Vec<Write<P>>,
    /// Something was persisted before the first message was sent.
    pub persisted_before_sending: bool,
}

impl<P: Process> Default for Done<P> {
    fn default() -> Self {
        Self {
            sent: Vec::new(),
            sent_now: Vec::new(),
            rules: Vec::new(),
            receipts: Vec::new(),
            timers_set: Vec::new(),
            writes: Vec::new(),
            persisted_before_sending: false,
        }
    }
}

impl<P: Process> Done<P> {
    /// The one message that it sent.
    pub fn only(&self) -> &(NodeId, P::Message) {
        assert_eq!(self.sent.len(), 1, "{:?}", self.sent);
        &self.sent[0]
    }

    /// What it sent to a peer, which must be one message.
    pub fn to(&self, peer: NodeId) -> &P::Message {
        let mut sent = self.sent.iter().filter(|(to, _)| *to == peer);
        let (_, message) = sent.next().unwrap_or_else(|| panic!("nothing was sent to {peer:?}"));
        assert!(sent.next().is_none(), "more than one message to {peer:?}");
        message
    }

    /// How many messages wait for the disk.
    pub fn waiting(&self) -> usize {
        self.sent.len() - self.sent_now.len()
    }

    pub fn persisted(&self) -> bool {
        !self.writes.is_empty()
    }

    pub fn fired(&self, rule: P::Rule) -> bool {
        self.rules.contains(&rule)
    }

    fn take_in(&mut self, effect: Effect<P>) {
        match effect {
            Effect::Send { to, message, now } => {
                if now {
                    self.sent_now.push((to, message.clone()));
                }
                self.sent.push((to, message));
            }
            Effect::SetTimer { timer, delay_ticks_min, delay_ticks_max } => {
                self.timers_set.push((timer, delay_ticks_min, delay_ticks_max));
            }
            Effect::Persist(write) => {
                self.persisted_before_sending |= self.sent.is_empty();
                self.writes.push(write);
            }
            Effect::Receipt(receipt) => self.receipts.push(receipt),
            Effect::Rule(rule) => self.rules.push(rule),
            Effect::Violation(sentence) => panic!("{sentence}"),
            Effect::ClearTimer(_) | Effect::Report(_) => {}
        }
    }
}

impl<P: Process<Timer = LeaderTimer>> Driven<P> {
    /// Boots a server from its disk.
    pub fn boot(seat: Seat, config: &P::Config, durable: &P::Durable) -> Self {
        let mut server = Self { core: P::boot(seat, config, durable, 0) };
        server.input(Input::Start);
        server
    }

    pub fn input(&mut self, input: Input<'_, P>) -> Done<P> {
        let mut out = Outbox::new();
        self.core.handle(0, input, &mut out);
        let mut done = Done::default();
        out.drain().for_each(|effect| done.take_in(effect));
        done
    }

    pub fn hears(&mut self, from: NodeId, message: &P::Message) -> Done<P> {
        self.input(Input::Message { from, message })
    }

    pub fn fires(&mut self, timer: LeaderTimer) -> Done<P> {
        self.input(Input::Timer(timer))
    }

    pub fn times_out(&mut self) -> Done<P> {
        self.fires(LeaderTimer::Election)
    }

    /// Whatever it waits for is on its disk. What it does then, all together.
    pub fn is_told(&mut self, receipts: &[P::Receipt]) -> Done<P> {
        let mut all = Done::default();
        for &receipt in receipts {
            let done = self.input(Input::Persisted(receipt));
            all.sent.extend(done.sent);
            all.rules.extend(done.rules);
            all.receipts.extend(done.receipts);
        }
        all
    }

    pub fn role(&self) -> &'static str {
        P::ROLES[usize::from(self.core.role())]
    }
}
