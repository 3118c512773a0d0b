//! The client: one command at a time, tried again until it is answered or given up.
//!
//! A client sends its command to the replica that it takes for the leader. A replica that is not the leader says so and
//! names whom it takes for it: the client goes there, or, without a name, waits a little and tries the next one. If
//! nothing comes back in time, it tries the next replica with the same sequence number. When its deadline has passed
//! it gives the command up. A read that is given up has *failed*: it changed nothing. The outcome of anything else is *unknown*, even if every
//! replica that answered turned it away: the network may still hold a copy of the request, and deliver it to a leader.
//!
//! How many equal answers it takes is a setting: one where replicas only crash, f+1 where f of them may lie
//! (Castro and Liskov 1999, section 4.1).

use super::command::{Answer, Command, Reply, ReplyBody, Request};
use crate::process::{
    Durable, Field, Fingerprint, Fingerprinter, Input, Message, NodeId, NodeSet, Outbox, Process, Seat, Ticks, Timer, View, catalogue,
    fingerprint_enum, fingerprint_struct,
};
use std::collections::VecDeque;
use std::marker::PhantomData;

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
    /// How many equal answers from different replicas make a result.
    pub replies_needed: u32,
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
        Invoke = "client-invoke", "Raft dissertation, 6.2", "A client sends its command to the replica that it takes for the leader.";
        Redirect = "client-redirect", "Raft dissertation, 6.2", "A replica that is not the leader names the one it takes for it, and the client goes there.";
        Backoff = "client-backoff", "after Raft dissertation, 6.2", "Nobody knows a leader: the client waits a little, and tries the next replica. (The pause is ours.)";
        Retry = "client-retry", "Raft dissertation, 6.3", "No answer in time: the client tries the next replica, with the same sequence number.";
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
}

fingerprint_struct!(Current { command, is_asking, answers });

impl<M: ClientMessage> Client<M> {
    /// The command under way, if one is.
    pub fn current(&self) -> Option<&Command> {
        self.current.as_ref().map(|current| &current.command)
    }

    fn begin(&mut self, command: Command, out: &mut Outbox<Self>) {
        self.sequence += 1;
        out.rule(ClientRule::Invoke);
        out.report(ClientReport::Invoked { sequence: self.sequence, command: command.clone() });
        out.set_timer(ClientTimer::Deadline, self.config.deadline_ticks, self.config.deadline_ticks);
        self.current = Some(Current { command, is_asking: false, answers: Vec::new() });
        self.attempt(out);
    }

    fn attempt(&mut self, out: &mut Outbox<Self>) {
        let Some(current) = &mut self.current else { return };
        current.is_asking = true;
        let request = Request { client: self.seat.id, sequence: self.sequence, command: current.command.clone() };
        out.clear_timer(ClientTimer::Backoff);
        out.set_timer(ClientTimer::Attempt, self.config.attempt_ticks, self.config.attempt_ticks);
        out.send(self.target, M::request(request));
    }

    fn try_next(&mut self) {
        self.target = NodeId((self.target.0 + 1) % self.seat.replicas);
    }

    fn on_reply(&mut self, from: NodeId, reply: &Reply, out: &mut Outbox<Self>) {
        let replies_needed = self.config.replies_needed;
        let Some(current) = self.current.as_mut().filter(|_| reply.sequence == self.sequence) else { return };
        match &reply.body {
            ReplyBody::Answer(answer) => {
                let place = current.answers.iter().position(|(known, _)| known == answer).unwrap_or_else(|| {
                    current.answers.push((answer.clone(), NodeSet::EMPTY));
                    current.answers.len() - 1
                });
                let voters = &mut current.answers[place].1;
                voters.insert(from);
                if voters.len() >= replies_needed {
                    if replies_needed == 1 {
                        self.target = from;
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

    fn boot(seat: Seat, config: &ClientConfig, _: &NoDisk) -> Self {
        let first = NodeId(seat.id.0 % seat.replicas.max(1));
        Self { seat, config: config.clone(), sequence: 0, current: None, waiting: VecDeque::new(), target: first, speaks: PhantomData }
    }

    fn handle(&mut self, _: Ticks, input: Input<'_, Self>, out: &mut Outbox<Self>) {
        match input {
            Input::Start | Input::Persisted(()) => {}
            Input::Message { from, message } => {
                if let Some(reply) = message.as_reply() {
                    self.on_reply(from, reply, out);
                } else if let Some(command) = message.as_invoke().filter(|_| from == self.seat.id) {
                    match self.current {
                        None => self.begin(command.clone(), out),
                        Some(_) => self.waiting.push_back(command.clone()),
                    }
                }
            }
            Input::Timer(ClientTimer::Attempt) => {
                self.try_next();
                out.rule(ClientRule::Retry);
                self.attempt(out);
            }
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
        self.sequence
    }

    fn view(&self) -> View {
        let current = self.current.as_ref().map(|current| current.command.to_string());
        View {
            role: Self::ROLES[0],
            leader: Some(self.target),
            volatile: vec![
                Field::new("operation", current),
                Field::new("operations begun", self.sequence),
                Field::new("waiting", self.waiting.iter().map(Command::to_string).collect::<Vec<_>>()),
            ],
            ..View::default()
        }
    }
}

#[cfg(test)]
mod tests;
