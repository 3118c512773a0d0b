//! The client: one command at a time, tried again until it is answered or given up.
//!
//! A client sends its command to the replica that it takes for the leader. A replica that is not the leader says so and
//! names whom it takes for it: the client goes there, or, without a name, waits a little and tries the next one. If
//! nothing comes back in time, it tries the next replica with the same sequence number. When its deadline has passed
//! it gives the command up. A read that is given up has *failed*: it changed nothing. The outcome of anything else is *unknown*, even if every
//! replica that answered turned it away: the network may still hold a copy of the request, and deliver it to a leader.
//!
//! How many equal answers it takes is a setting: one where replicas only crash, f+1 where f of them may lie
//! (Castro and Liskov 1999, section 4.1); where validators have voting power, answers by more than a third of it. Where it is more than one, the client tries again by asking all replicas, and learns from the
//! answers whom most of them take for the primary. A read may go to all at once, unordered, and needs a quorum of equal answers; if they do
//! not come in time, it is asked for again like a write (sections 4.1 and 5.1.3 of the same).

use super::command::{Answer, Command, Reply, ReplyBody, Request};
use crate::process::{
    Durable, Field, Fingerprint, Fingerprinter, Input, Message, NodeId, NodeSet, Outbox, Process, Seat, Ticks, Timer, View, catalogue,
    fingerprint_enum, fingerprint_struct,
};
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::Arc;

/// A protocol's message, as its clients use it.
pub trait ClientMessage: Message {
    /// Carries a request to a replica.
    fn request(request: Request) -> Self;
    /// The reply, if it is one.
    fn as_reply(&self) -> Option<&Reply>;
    /// Asks a client to invoke a command: sent to it by the workload, or by a person.
    fn invoke(command: Command) -> Self;
    /// The command, if it asks a client to invoke one.
    fn as_invoke(&self) -> Option<&Command>;
    /// Carries a client's request in its own name: signed, where the protocol wants that.
    fn request_of(_client: Seat, request: Request) -> Self {
        Self::request(request)
    }
    /// Carries a read that replicas answer at once, without ordering it; none where the protocol has no such thing.
    fn unordered_read(_client: Seat, _request: Request) -> Option<Self> {
        None
    }
    /// Whether a reply is one to such a read.
    fn is_unordered(&self) -> bool {
        false
    }
    /// Whom the sender of a reply takes for the leader or primary, where it says so.
    fn leader_hint(&self, _replicas: u16) -> Option<NodeId> {
        None
    }
}

/// A protocol's replica, as the simulator hosts it: one that speaks to the key-value store's clients.
pub trait Replica: Process<Message: ClientMessage> {
    /// The name that links and the command line use.
    const PROTOCOL: &'static str;

    /// The one key of a protocol that chooses one value: its clients compare-and-set it from nothing, and read it, and can do nothing
    /// else. None for a protocol that keeps a whole store.
    const ONLY_KEY: Option<&'static str> = None;

    /// Where an epoch is a ballot, which has an owner: the epoch is the ballot's round times this, plus the owner's place. None where
    /// epochs are simply counted.
    const EPOCH_PLACES: Option<u32> = None;
}

/// A client's settings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientConfig {
    /// How long one attempt may take before the next replica is tried.
    pub attempt_ticks: Ticks,
    /// How long a command may take before it is given up.
    pub deadline_ticks: Ticks,
    /// The longest pause after a replica that knows no leader.
    pub backoff_ticks_max: Ticks,
    /// How many equal answers from different replicas make a result; where replicas have weights, how much these must weigh together. Where it
    /// is more than one, a client that gets no answer in time asks all replicas.
    pub replies_needed: u32,
    /// How many equal answers make the result of a read that is not ordered; none: reads are ordered like all else.
    pub unordered_replies_needed: Option<u32>,
    /// What the answer of each replica weighs, in order: its voting power, where a protocol counts power. Each other one weighs 1.
    pub weights: Arc<[u32]>,
}

/// What a client reports to observers: the events of a history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ClientReport {
    /// It began a command.
    Invoked {
        /// The command's number in the client's session.
        sequence: u64,
        /// The command.
        command: Command,
    },
    /// It ended a command.
    Completed {
        /// The command's number in the client's session.
        sequence: u64,
        /// How.
        ending: Ending,
    },
}

fingerprint_enum!(ClientReport {
    0 => Invoked { sequence, command },
    1 => Completed { sequence, ending },
});

/// How a command ended, as its client saw it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It was answered.
    Ok(Answer),
    /// It certainly had no effect.
    Failed,
    /// It may have had an effect, or have one yet.
    Unknown,
}

fingerprint_enum!(Ending {
    0 => Ok(answer),
    1 => Failed,
    2 => Unknown,
});

/// A client's timers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ClientTimer {
    /// The attempt took too long.
    Attempt,
    /// The pause before the next attempt is over.
    Backoff,
    /// The command took too long.
    Deadline,
}

fingerprint_enum!(ClientTimer {
    0 => Attempt,
    1 => Backoff,
    2 => Deadline,
});

impl Timer for ClientTimer {
    const KINDS: &'static [&'static str] = &["attempt", "backoff", "deadline"];

    fn kind(self) -> u8 {
        self as u8
    }
}

catalogue! {
    /// What a client does, in its own few rules.
    ClientRule {
        Invoke = "client-invoke", "Raft dissertation, 6.2; Castro and Liskov 1999, 4.1", "A client sends its command to the replica that it takes for the leader.";
        Redirect = "client-redirect", "Raft dissertation, 6.2", "A replica that is not the leader names the one it takes for it, and the client goes there.";
        Backoff = "client-backoff", "after Raft dissertation, 6.2", "Nobody knows a leader: the client waits a little, and tries the next replica. (The pause is ours.)";
        Retry = "client-retry", "Raft dissertation, 6.3", "No answer in time: the client tries the next replica, with the same sequence number.";
        Broadcast = "client-broadcast", "Castro and Liskov 1999, 4.1", "No answer in time: the client sends the request to all replicas.";
        UnorderedRead = "client-unordered-read", "Castro and Liskov 1999, 5.1.3", "A client asks all replicas to answer a read at once, from their present states.";
        Complete = "client-complete", "Herlihy and Wing 1990, 2.1", "The answer is there, and the operation is complete.";
        GiveUp = "client-give-up", "Herlihy and Wing 1990, 2.1", "The deadline has passed: the client gives the operation up, and cannot know whether a write took effect.";
    }
}

catalogue! {
    /// Clients have no rules that could be switched off.
    NoMutation {}
}

/// Clients keep nothing on disk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NoDisk;

impl Fingerprint for NoDisk {
    fn fingerprint(&self, _: &mut Fingerprinter) {}
}

impl Durable for NoDisk {
    type Write = ();

    fn apply(&mut self, (): &()) {}
}

/// A session's operations are numbered in so many bits; the bits above them are the number of the session. A client that
/// comes back from a crash has forgotten its numbers, and takes a new session, whose numbers are above all of the old one.
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
    speaks: PhantomData<M>,
}

impl<M> Fingerprint for Client<M> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { seat, config: _, sequence, current, waiting, target, speaks: _ } = self;
        seat.id.fingerprint(into);
        sequence.fingerprint(into);
        current.fingerprint(into);
        waiting.fingerprint(into);
        target.fingerprint(into);
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
        self.current = Some(Current { command, is_asking: false, answers: Vec::new(), is_unordered, hints: Vec::new() });
        if is_unordered { self.ask_unordered(out) } else { self.attempt(out) }
    }

    fn request(&self, current: &Current) -> Request {
        Request { client: self.seat.id, sequence: self.sequence, command: current.command.clone() }
    }

    /// Asks all replicas for a read of their present states.
    fn ask_unordered(&mut self, out: &mut Outbox<Self>) {
        let Some(current) = &self.current else { return };
        let Some(message) = M::unordered_read(self.seat, self.request(current)) else { return self.ask_in_order(out) };
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
        let message = M::request_of(self.seat, self.request(current));
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
        let request = Request { client: self.seat.id, sequence: self.sequence, command: current.command.clone() };
        out.clear_timer(ClientTimer::Backoff);
        out.set_timer(ClientTimer::Attempt, self.config.attempt_ticks, self.config.attempt_ticks);
        out.send(self.target, M::request_of(self.seat, request));
    }

    fn try_next(&mut self) {
        self.target = NodeId((self.target.0 + 1) % self.seat.replicas);
    }

    /// Whether a reply answers what is asked for now; if so, whom its sender takes for the primary is noted.
    fn is_awaited(&mut self, from: NodeId, message: &M, reply: &Reply) -> bool {
        let (sequence, replicas) = (self.sequence, self.seat.replicas);
        let awaited = |current: &&mut Current| reply.sequence == sequence && current.is_unordered == message.is_unordered();
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
        let Some(current) = self.current.as_mut().filter(|_| reply.sequence == self.sequence) else { return };
        let replies_needed = if current.is_unordered { self.config.unordered_replies_needed.unwrap_or(ordered) } else { ordered };
        match &reply.body {
            ReplyBody::Answer(answer) => {
                let place = current.answers.iter().position(|(known, _)| known == answer).unwrap_or_else(|| {
                    current.answers.push((answer.clone(), NodeSet::EMPTY));
                    current.answers.len() - 1
                });
                let voters = &mut current.answers[place].1;
                voters.insert(from);
                let weight = |voter: NodeId| u64::from(self.config.weights.get(voter.index()).copied().unwrap_or(1));
                if voters.iter().map(weight).sum::<u64>() >= u64::from(replies_needed) {
                    if replies_needed == 1 {
                        self.target = from;
                    } else if let Some((primary, _)) = current.hints.iter().max_by_key(|(_, voters)| voters.len()) {
                        self.target = *primary;
                    }
                    out.rule(ClientRule::Complete);
                    self.complete(Ending::Ok(answer.clone()), out);
                }
            }
            ReplyBody::NotLeader { leader } => {
                if from != self.target || !current.is_asking {
                    return;
                }
                current.is_asking = false;
                match leader {
                    Some(leader) if *leader != from && self.seat.is_replica(*leader) => {
                        self.target = *leader;
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
        Self { seat, config: config.clone(), sequence, current: None, waiting: VecDeque::new(), target: first, speaks: PhantomData }
    }

    fn handle(&mut self, _: Ticks, input: Input<'_, Self>, out: &mut Outbox<Self>) {
        match input {
            Input::Start | Input::Persisted(()) => {}
            Input::Message { from, message } => {
                if let Some(reply) = message.as_reply() {
                    if self.is_awaited(from, message, reply) {
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

#[cfg(test)]
mod tests;
