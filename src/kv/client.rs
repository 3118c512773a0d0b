//! The client: one command at a time, tried again until it is answered or given up.
//!
//! A client sends its command to the replica that it takes for the leader. A replica that is not the leader says so and
//! names whom it takes for it: the client goes there, or, without a name, waits a little and tries the next one. If
//! nothing comes back in time, it tries the next replica with the same sequence number. When its deadline has passed
//! it gives the command up. A read that is given up has *failed*: it changed nothing. The outcome of anything else is
//! *unknown*, even if every replica that answered turned it away: the network may still hold a copy of the request, and
//! deliver it to a leader.
//!
//! How many equal answers it takes is a setting: one where replicas only crash, f+1 where f of them may lie
//! (Castro and Liskov 1999, section 4.1); where validators have voting power, answers by more than a third of it. Where
//! it is more than one, the client tries again by asking all replicas, and learns from the answers whom most of them
//! take for the primary. A read may go to all at once, unordered, and needs a quorum of equal answers; if they do not
//! come in time, it is asked for again like a write (sections 4.1 and 5.1.3 of the same).
//!
//! Where any replica may answer reads ([`Reading`]), a client reads from one that is near, and from the next one if no
//! answer comes in time. In a session it carries along how far it has seen the log.

mod parts;
#[cfg(test)]
mod tests;

pub use parts::{ClientConfig, ClientReport, ClientRule, ClientTimer, Ending, NoDisk, NoMutation};

use super::command::{Answer, Command, Reply, ReplyBody, Request};
use super::contract::ClientMessage;
use super::reading::Reading;
use crate::process::{
    Field, Fingerprint, Fingerprinter, Input, NodeId, NodeSet, Outbox, Process, Seat, Ticks, View, fingerprint_struct,
};
use std::collections::VecDeque;
use std::marker::PhantomData;

/// A session's operations are numbered in so many bits; the bits above them are the number of the session. A client
/// that comes back from a crash has forgotten its numbers, and takes a new session, whose numbers are above all of the
/// old one.
const SESSION_BITS: u32 = 32;

/// A client of a protocol whose messages are `M`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Client<M> {
    seat: Seat,
    config: ClientConfig,
    sequence: u64,
    current: Option<Current>,
    waiting: VecDeque<Command>,
    target: NodeId,
    /// The replica that it reads from, where any may answer.
    near: NodeId,
    /// The last index of the log that it has seen the effects of.
    seen: u64,
    speaks: PhantomData<M>,
}

impl<M> Fingerprint for Client<M> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { seat, config: _, sequence, current, waiting, target, near, seen, speaks: _ } = self;
        seat.id.fingerprint(into);
        sequence.fingerprint(into);
        current.fingerprint(into);
        waiting.fingerprint(into);
        target.fingerprint(into);
        near.fingerprint(into);
        seen.fingerprint(into);
    }
}

/// The command that is under way.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Current {
    command: Command,
    /// The replica that was asked last has not turned this command away.
    is_asking: bool,
    /// Answers so far, each with the replicas that gave it.
    answers: Vec<(Answer, NodeSet)>,
    /// It is asked for without an order.
    is_unordered: bool,
    /// Whom replicas took for the primary, each with those that did.
    hints: Vec<(NodeId, NodeSet)>,
}

fingerprint_struct!(Current { command, is_asking, answers, is_unordered, hints });

impl Current {
    fn request(&self, client: NodeId, sequence: u64) -> Request {
        Request { client, sequence, command: self.command.clone() }
    }
}

impl<M: ClientMessage> Client<M> {
    /// The command under way, if one is.
    pub fn current(&self) -> Option<&Command> {
        self.current.as_ref().map(|current| &current.command)
    }

    /// How many operations it has begun in its session.
    fn operations_begun(&self) -> u64 {
        self.sequence & ((1 << SESSION_BITS) - 1)
    }

    fn begin(&mut self, command: Command, out: &mut Outbox<Self>) {
        self.sequence += 1;
        out.rule(ClientRule::Invoke);
        out.report(ClientReport::Invoked { sequence: self.sequence, command: command.clone() });
        out.set_timer(ClientTimer::Deadline, self.config.deadline_ticks, self.config.deadline_ticks);
        let is_unordered = command.is_read() && self.config.unordered_replies_needed.is_some();
        self.current =
            Some(Current { command, is_asking: false, answers: Vec::new(), is_unordered, hints: Vec::new() });
        if is_unordered { self.ask_unordered(out) } else { self.attempt(out) }
    }

    /// Asks all replicas for a read of their present states.
    fn ask_unordered(&mut self, out: &mut Outbox<Self>) {
        let Some(current) = &self.current else { return };
        let Some(message) = M::unordered_read(self.seat, current.request(self.seat.id, self.sequence)) else {
            return self.ask_in_order(out);
        };
        out.rule(ClientRule::UnorderedRead);
        out.set_timer(ClientTimer::Attempt, self.config.attempt_ticks, self.config.attempt_ticks);
        for replica in self.seat.replicas() {
            out.send(replica, message.clone());
        }
    }

    /// From now on the read is ordered like all else. Answers so far came from states that nobody agreed on.
    fn ask_in_order(&mut self, out: &mut Outbox<Self>) {
        if let Some(current) = &mut self.current {
            current.is_unordered = false;
            current.answers.clear();
        }
        self.attempt(out);
    }

    /// Asks all replicas: the one that was asked may be silent, or may not lead any more.
    fn ask_all(&mut self, out: &mut Outbox<Self>) {
        let Some(current) = &self.current else { return };
        let message = M::request_of(self.seat, current.request(self.seat.id, self.sequence));
        out.rule(ClientRule::Broadcast);
        out.set_timer(ClientTimer::Attempt, self.config.attempt_ticks, self.config.attempt_ticks);
        for replica in self.seat.replicas() {
            out.send(replica, message.clone());
        }
    }

    fn on_attempt_timeout(&mut self, out: &mut Outbox<Self>) {
        if self.current.as_ref().is_some_and(|current| current.is_unordered) {
            self.ask_in_order(out);
        } else if self.config.replies_needed > 1 {
            self.ask_all(out);
        } else {
            self.try_next();
            out.rule(ClientRule::Retry);
            self.attempt(out);
        }
    }

    fn attempt(&mut self, out: &mut Outbox<Self>) {
        let Some(current) = &mut self.current else { return };
        current.is_asking = true;
        let request = current.request(self.seat.id, self.sequence);
        out.clear_timer(ClientTimer::Backoff);
        out.set_timer(ClientTimer::Attempt, self.config.attempt_ticks, self.config.attempt_ticks);
        if self.reads_anywhere() {
            let is_session = self.config.reading == Reading::Session;
            out.send(self.near, if is_session { M::session_read(request, self.seen) } else { M::request(request) });
        } else {
            out.send(self.target, M::request_of(self.seat, request));
        }
    }

    /// Whether what it asks for is a read that any replica may answer.
    fn reads_anywhere(&self) -> bool {
        M::READS_ANYWHERE
            && self.config.reading.asks_any()
            && self.current.as_ref().is_some_and(|current| current.command.is_read())
    }

    fn try_next(&mut self) {
        let asked = if self.reads_anywhere() { &mut self.near } else { &mut self.target };
        *asked = NodeId((asked.0 + 1) % self.seat.replicas);
    }

    /// Whether a reply answers what is asked for now; if so, whom its sender takes for the primary is noted.
    fn is_awaited(&mut self, from: NodeId, message: &M, reply: &Reply) -> bool {
        let (sequence, replicas) = (self.sequence, self.seat.replicas);
        let awaited =
            |current: &&mut Current| reply.sequence == sequence && current.is_unordered == message.is_unordered();
        let Some(current) = self.current.as_mut().filter(awaited) else { return false };
        if let Some(primary) = message.leader_hint(replicas) {
            match current.hints.iter_mut().find(|(known, _)| *known == primary) {
                Some((_, voters)) => {
                    voters.insert(from);
                }
                None => current.hints.push((primary, [from].into_iter().collect())),
            }
        }
        true
    }

    fn on_reply(&mut self, from: NodeId, reply: &Reply, out: &mut Outbox<Self>) {
        let ordered = self.config.replies_needed;
        let leads = !self.reads_anywhere();
        let Some(current) = self.current.as_mut().filter(|_| reply.sequence == self.sequence) else { return };
        let replies_needed =
            if current.is_unordered { self.config.unordered_replies_needed.unwrap_or(ordered) } else { ordered };
        match &reply.body {
            ReplyBody::Answer(answer) => {
                let index = current.answers.iter().position(|(known, _)| known == answer).unwrap_or_else(|| {
                    current.answers.push((answer.clone(), NodeSet::EMPTY));
                    current.answers.len() - 1
                });
                let voters = &mut current.answers[index].1;
                voters.insert(from);
                let weight = |voter: NodeId| u64::from(self.config.weights.get(voter.index()).copied().unwrap_or(1));
                if voters.iter().map(weight).sum::<u64>() >= u64::from(replies_needed) {
                    if replies_needed == 1 {
                        if leads {
                            self.target = from;
                        }
                    } else if let Some((primary, _)) = current.hints.iter().max_by_key(|(_, voters)| voters.len()) {
                        self.target = *primary;
                    }
                    out.rule(ClientRule::Complete);
                    self.complete(Ending::Ok(answer.clone()), out);
                }
            }
            ReplyBody::NotLeader { leader } if from == self.target && current.is_asking => {
                current.is_asking = false;
                self.on_turned_away(from, *leader, out);
            }
            ReplyBody::NotLeader { .. } => {}
        }
    }

    /// The replica that was asked does not lead: to whom it names, or after a pause to the next one.
    fn on_turned_away(&mut self, from: NodeId, leader: Option<NodeId>, out: &mut Outbox<Self>) {
        match leader {
            Some(leader) if leader != from && self.seat.is_replica(leader) => {
                self.target = leader;
                out.rule(ClientRule::Redirect);
                self.attempt(out);
            }
            _ => {
                self.try_next();
                out.rule(ClientRule::Backoff);
                out.clear_timer(ClientTimer::Attempt);
                out.set_timer(ClientTimer::Backoff, 1, self.config.backoff_ticks_max);
            }
        }
    }

    fn complete(&mut self, ending: Ending, out: &mut Outbox<Self>) {
        self.current = None;
        out.report(ClientReport::Completed { sequence: self.sequence, ending });
        out.clear_timer(ClientTimer::Attempt);
        out.clear_timer(ClientTimer::Backoff);
        out.clear_timer(ClientTimer::Deadline);
        if let Some(command) = self.waiting.pop_front() {
            self.begin(command, out);
        }
    }

    fn give_up(&mut self, out: &mut Outbox<Self>) {
        let Some(current) = &self.current else { return };
        let ending = if current.command.is_read() { Ending::Failed } else { Ending::Unknown };
        out.rule(ClientRule::GiveUp);
        self.try_next();
        self.complete(ending, out);
    }
}

impl<M: ClientMessage> Process for Client<M> {
    type Config = ClientConfig;
    type Message = M;
    type Timer = ClientTimer;
    type Receipt = ();
    type Durable = NoDisk;
    type Rule = ClientRule;
    type Mutation = NoMutation;
    type Report = ClientReport;

    const ROLES: &'static [&'static str] = &["client"];

    const LIVES_DIFFER: bool = true;

    fn boot(seat: Seat, config: &ClientConfig, _: &NoDisk, incarnation: u32) -> Self {
        let first = NodeId(seat.id.0 % seat.replicas.max(1));
        let sequence = u64::from(incarnation) << SESSION_BITS;
        Self {
            seat,
            config: config.clone(),
            sequence,
            current: None,
            waiting: VecDeque::new(),
            target: first,
            near: first,
            seen: 0,
            speaks: PhantomData,
        }
    }

    fn handle(&mut self, _: Ticks, input: Input<'_, Self>, out: &mut Outbox<Self>) {
        match input {
            Input::Start | Input::Persisted(()) => {}
            Input::Message { from, message } => {
                if let Some(reply) = message.as_reply() {
                    if self.is_awaited(from, message, reply) {
                        self.seen = self.seen.max(message.applied());
                        self.on_reply(from, reply, out);
                    }
                } else if let Some(command) = message.as_invoke().filter(|_| from == self.seat.id) {
                    match self.current {
                        None => self.begin(command.clone(), out),
                        Some(_) => self.waiting.push_back(command.clone()),
                    }
                }
            }
            Input::Timer(ClientTimer::Attempt) => self.on_attempt_timeout(out),
            Input::Timer(ClientTimer::Backoff) => self.attempt(out),
            Input::Timer(ClientTimer::Deadline) => self.give_up(out),
        }
    }

    fn epoch(&self) -> u64 {
        0
    }

    fn role(&self) -> u8 {
        0
    }

    fn decided(&self) -> u64 {
        self.operations_begun()
    }

    fn view(&self) -> View {
        let current = self.current.as_ref().map(|current| current.command.to_string());
        View {
            role: Self::ROLES[0],
            leader: Some(self.target),
            volatile: vec![
                Field::new("operation", current),
                Field::new("operations begun", self.operations_begun()),
                Field::new("waiting", self.waiting.iter().map(Command::to_string).collect::<Vec<_>>()),
            ],
            ..View::default()
        }
    }
}
