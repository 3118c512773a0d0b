//! What a process of a node wants to happen, and when its timers fire.

use super::client::{self, code};
use super::codec::Codec;
use super::host::Host;
use super::requests::own_request;
use super::state::{Due, Next, Output, Persist};
use crate::kv::ClientMessage;
use crate::process::{Effect, Input, NodeId, Outbox, Ticks};
use serde_json::json;
use std::cmp::Reverse;

impl<R: Codec> Host<R> {
    /// Lets all that is due happen.
    pub(super) fn catch_up(&mut self, now: Ticks) {
        while let Some(member) = &mut self.member {
            let Some(Reverse((due, generation, what))) = member.deadlines.peek().copied() else { return };
            if due > now {
                return;
            }
            member.deadlines.pop();
            match what {
                Due::Timer(timer) if member.timers.get(&timer) == Some(&generation) => {
                    member.timers.remove(&timer);
                    self.feed(now, Input::Timer(timer));
                }
                Due::Request(index)
                    if member.requests[index].as_ref().is_some_and(|waiting| waiting.generation == generation) =>
                {
                    self.end(index, |_| {
                        client::error(code::TIMEOUT, "no answer in time: nobody knows whether it takes effect")
                    });
                }
                // It was set again, cleared, or answered.
                Due::Timer(_) | Due::Request(_) => {}
            }
        }
    }

    pub(super) fn handle(&mut self, now: Ticks, next: Next<R>) {
        match &next {
            Next::Message { from, message } => self.feed(now, Input::Message { from: *from, message }),
            Next::Persisted(receipt) => self.feed(now, Input::Persisted(*receipt)),
        }
    }

    /// Lets the process handle an input, and carries out what follows: the node's one call of
    /// [`Process::handle`](crate::process::Process::handle).
    pub(super) fn feed(&mut self, now: Ticks, input: Input<'_, R>) {
        let Some(member) = &mut self.member else { return };
        let mut outbox = Outbox::new();
        member.process.handle(now, input, &mut outbox);
        self.carry_out(now, outbox);
    }

    /// Carries out what the process wants. What it waits for to be on the disk comes to it later.
    fn carry_out(&mut self, now: Ticks, mut outbox: Outbox<R>) {
        let Some(seat) = self.member.as_ref().map(|member| member.seat) else { return };
        let mut sends = Vec::new();
        for effect in outbox.drain() {
            match effect {
                Effect::Send { to, message, now } => sends.push((to, message, now)),
                Effect::Persist(write) => self.outputs.push(Output::Persist(Persist::Write(write))),
                Effect::Receipt(receipt) => self.after_flush.push_back(Next::Persisted(receipt)),
                Effect::SetTimer { timer, delay_ticks_min, delay_ticks_max } => {
                    let due = now.saturating_add(self.random.between(delay_ticks_min, delay_ticks_max));
                    self.set_timer(timer, due);
                }
                Effect::ClearTimer(timer) => {
                    if let Some(member) = &mut self.member {
                        member.timers.remove(&timer);
                    }
                }
                Effect::Violation(sentence) => self.complain(format!("this must not happen: {sentence}")),
                Effect::Rule(_) | Effect::Report(_) => {}
            }
        }
        // Writes come before what is sent with them.
        for (to, message, now) in sends {
            if to == seat.id {
                self.after_flush.push_back(Next::Message { from: to, message });
            } else if seat.is_replica(to) {
                self.send(to, &message, None, now);
            } else if own_request(seat, to).is_some() {
                if let Some(reply) = message.as_reply().cloned() {
                    self.answered(to, &reply);
                }
            } else {
                self.send(NodeId(to.0 % seat.replicas), &message, Some(to), now);
            }
        }
    }

    fn set_timer(&mut self, timer: R::Timer, due: Ticks) {
        let Some(member) = &mut self.member else { return };
        member.generation += 1;
        member.timers.insert(timer, member.generation);
        member.deadlines.push(Reverse((due, member.generation, Due::Timer(timer))));
    }

    /// Sends a peer a message; `client` is whose request it answers. One that is sent now waits for no disk.
    pub(super) fn send(&mut self, to: NodeId, message: &R::Message, client: Option<NodeId>, now: bool) {
        let Some(name) = self.member.as_ref().and_then(|member| member.names.get(to.index())).cloned() else { return };
        let mut body = json!({"type": R::PROTOCOL, "message": R::encode(message)});
        if let Some(client) = client {
            body["client"] = client.0.into();
        }
        let line = self.envelope(&name, None, body);
        self.outputs.push(if now && !self.numbers_wait { Output::Now(line) } else { Output::Line(line) });
    }
}
