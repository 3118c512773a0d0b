//! Clients' requests under way at a node.
//!
//! **What a client is told when nothing came of its request.** Error 11 says that it has no effect and will have none:
//! the replica of this node has turned it away and nobody else has heard of it, or it is a read. A write that was
//! passed on may have been heard twice, by the same node before and after it lost its leadership: that it was turned
//! away once says nothing. Its client gets error 13, nobody knows; and error 0 if no answer came.

use super::client::{self, code};
use super::codec::Codec;
use super::host::Host;
use super::state::{Due, Next, Output, Persist, Waiting};
use crate::kv::{ClientMessage, Command, Reply, ReplyBody, Request};
use crate::process::{NodeId, SECOND, Seat, Ticks};
use serde_json::{Map, Value};
use std::cmp::Reverse;

/// Most requests of clients under way at a node.
const REQUESTS_MAX: usize = 1_000;

/// How long a request may take before its client is told that nobody knows.
const REQUEST_TICKS: Ticks = 5 * SECOND;

/// How many numbers of requests are set aside by one write.
const NUMBERS_SET_ASIDE: u64 = 1 << 20;

impl<R: Codec> Host<R> {
    /// What a client asks for takes a free seat, and is first put to the replica of this node.
    pub(super) fn client(&mut self, now: Ticks, src: &str, msg_id: Option<u64>, kind: &str, body: &Map<String, Value>) {
        let command = match client::command(kind, body) {
            Ok(command) => command,
            Err(problem) => return self.reply(src, msg_id, problem),
        };
        let Some(member) = &mut self.member else { return };
        let free = member.requests.iter().position(Option::is_none).unwrap_or(member.requests.len());
        if free >= REQUESTS_MAX {
            return self.reply(
                src,
                msg_id,
                client::error(code::TEMPORARILY_UNAVAILABLE, "too many requests are under way here"),
            );
        }
        self.sequence += 1;
        if self.sequence > self.numbers_up_to {
            self.numbers_up_to = self.sequence + NUMBERS_SET_ASIDE;
            self.numbers_wait = true;
            self.outputs.push(Output::Persist(Persist::NumbersUpTo(self.numbers_up_to)));
        }
        let seat = member.seat;
        let request = Request {
            client: NodeId(seat.replicas + free as u16 * seat.replicas + seat.id.0),
            sequence: self.sequence,
            command,
        };
        member.generation += 1;
        let generation = member.generation;
        let waiting =
            Waiting { client: src.to_owned(), msg_id, request: request.clone(), passed_on: false, generation };
        member.deadlines.push(Reverse((now + REQUEST_TICKS, generation, Due::Request(free))));
        match member.requests.get_mut(free) {
            Some(seat) => *seat = Some(waiting),
            None => member.requests.push(Some(waiting)),
        }
        self.handle(now, Next::Message { from: request.client, message: R::Message::request(request) });
    }

    /// A replica has something to say to a request of this node.
    pub(super) fn answered(&mut self, client: NodeId, reply: &Reply) {
        let Some(member) = &mut self.member else { return };
        let seat = member.seat;
        let Some(index) = own_request(seat, client) else { return };
        let Some(waiting) = member.requests.get_mut(index).and_then(Option::as_mut) else { return };
        if waiting.request.sequence != reply.sequence {
            return;
        }
        match &reply.body {
            ReplyBody::NotLeader { leader: Some(leader) }
                if !waiting.passed_on && *leader != seat.id && seat.is_replica(*leader) =>
            {
                waiting.passed_on = true;
                let (leader, message) = (*leader, R::Message::request(waiting.request.clone()));
                self.send(leader, &message, None, false);
            }
            ReplyBody::NotLeader { .. } if waiting.passed_on && !waiting.request.command.is_read() => {
                self.end(index, |_| {
                    client::error(
                        code::CRASH,
                        "the node that it was passed on to turns it away: nobody knows whether it takes effect",
                    )
                });
            }
            ReplyBody::NotLeader { .. } => {
                self.end(index, |_| {
                    client::error(
                        code::TEMPORARILY_UNAVAILABLE,
                        "no leader is known here, or it has just lost its place",
                    )
                });
            }
            ReplyBody::Answer(answer) => self.end(index, |command| client::answer(command, answer)),
        }
    }

    /// Ends a request: its client is told, and its seat is free.
    pub(super) fn end(&mut self, index: usize, body: impl FnOnce(&Command) -> Value) {
        let waiting = self.member.as_mut().and_then(|member| member.requests.get_mut(index)).and_then(Option::take);
        if let Some(waiting) = waiting {
            self.reply(&waiting.client, waiting.msg_id, body(&waiting.request.command));
        }
    }
}

/// The index of a request among those of this node, by its client's number: after the replicas the nodes take turns.
pub(super) fn own_request(seat: Seat, client: NodeId) -> Option<usize> {
    let after = client.0.checked_sub(seat.replicas)?;
    (after % seat.replicas == seat.id.0).then(|| usize::from(after / seat.replicas))
}
