//! Single-decree Paxos, as in Lamport, "Paxos Made Simple" (2001; "PMS" below): one value is chosen, and never changes.
//!
//! # The algorithm
//!
//! Each process plays three roles. As a **proposer** ([`proposer`]) it tries to get a client's value chosen, as an
//! **acceptor** ([`acceptor`]) it promises and accepts, as a **learner** ([`learner`]) it finds out what was chosen.
//! The roles talk by messages, also within one process.
//!
//! *Phase 1.* A proposer takes a ballot higher than any it knows of, writes it down, and asks the acceptors to
//! *promise* it. An acceptor that has promised nothing as high promises to accept nothing lower, and reports the
//! highest proposal that it has accepted.
//!
//! *Phase 2.* With promises from a majority, the proposer asks the acceptors to *accept* a value under its ballot: the
//! value of the highest ballot that was reported, or its own if none was. An acceptor accepts unless it has promised a
//! higher ballot.
//!
//! A value is **chosen** when a majority has accepted it under one ballot. Any two majorities share an acceptor, and
//! the promise makes that acceptor tell: so whoever comes later, with a higher ballot, hears of a chosen value and must
//! propose it again.
//!
//! Safety needs no time. Progress does: two proposers that keep outbidding each other can go on for ever (PMS 2.4).
//! Random pauses that grow make that unlikely, and nothing makes it impossible.
//!
//! To the key-value store's clients the one value is a register that is written once: a compare-and-set from nothing
//! succeeds if its value is chosen, and otherwise says which one is.
//!
//! # Deviations from the paper
//!
//! * **No distinguished proposer** is elected (PMS 2.4). Each process proposes what its clients ask for; random pauses,
//!   which double after each defeat, take the place of the election.
//! * **A refusal** names the ballot that was promised (PMS 2.5 suggests it, and does not need it). So a proposer learns
//!   how high its next ballot must be.
//! * **Acceptors tell all learners** of each acceptance, as many messages as acceptors times learners (PMS 2.3 has a
//!   distinguished learner besides).
//! * **A prepare that comes twice** is answered again, since the promise may be lost; one of a ballot in which the
//!   acceptor has accepted is not, since its proposer has had its majority.
//! * **The round heard of in a refusal** is written down like one that was used. PMS 2.5 asks for the latter only.
//! * **A learner that knows the value** keeps no counts any more; it says so if a higher ballot has another value.
//! * **A read** is answered from what the process has learnt, and turned away otherwise: nothing but a value that was
//!   chosen is ever told.

pub mod acceptor;
mod departures;
mod describe;
pub mod learner;
mod lies;
pub mod message;
pub mod proposer;
pub mod rule;
pub mod state;

#[cfg(test)]
mod tests;

pub use message::Message;
pub use rule::{Mutation, Rule};
pub use state::{Ballot, Durable, PaxosTimer, Proposal};

use crate::kv::{Replica, Request, Value};
use crate::process::{
    Durable as _, Field, FieldValue, Fingerprint, Fingerprinter, Input, MILLISECOND, Mutations, NodeId, NodeSet,
    Outbox, PROCESSES_MAX, Process, Seat, Ticks, View,
};
use learner::Learner;
use proposer::{Attempt, Phase};
use state::Write;

/// What a process wants to happen.
pub(crate) type Out = Outbox<Paxos>;

/// Settings, the same for all processes of a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// How long a proposer waits for a majority before it tries a higher ballot.
    pub retry_ticks: Ticks,
    /// The longest random pause after the first defeat; it doubles with each further one.
    pub backoff_ticks: Ticks,
    /// The pause grows no longer than this.
    pub backoff_ticks_max: Ticks,
    /// Rules that are switched off on purpose.
    pub mutations: Mutations<Mutation>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            retry_ticks: 100 * MILLISECOND,
            backoff_ticks: 20 * MILLISECOND,
            backoff_ticks_max: 640 * MILLISECOND,
            mutations: Mutations::NONE,
        }
    }
}

/// A process: proposer, acceptor and learner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paxos {
    seat: Seat,
    config: Config,
    durable: Durable,
    attempt: Option<Attempt>,
    /// How often in a row this proposer was outbid or not answered.
    defeats: u32,
    /// Clients that wait for an answer, with their requests, oldest first.
    waiting: Vec<Request>,
    learner: Learner,
}

impl Fingerprint for Paxos {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { seat, config: _, durable, attempt, defeats, waiting, learner } = self;
        seat.id.fingerprint(into);
        durable.fingerprint(into);
        attempt.fingerprint(into);
        defeats.fingerprint(into);
        waiting.fingerprint(into);
        learner.fingerprint(into);
    }
}

impl Paxos {
    /// What survives a crash, as the process knows it.
    pub fn durable(&self) -> &Durable {
        &self.durable
    }

    /// What it takes for chosen, if it does.
    pub fn chosen(&self) -> Option<&Proposal> {
        self.learner.chosen()
    }

    /// The attempt under way, if one is.
    pub fn attempt(&self) -> Option<&Attempt> {
        self.attempt.as_ref()
    }

    fn has(&self, mutation: Mutation) -> bool {
        self.config.mutations.has(mutation)
    }

    /// Changes what survives a crash, here and on the disk.
    fn persist(&mut self, write: Write, out: &mut Out) {
        debug_assert!(self.fits(&write), "{write:?} does not go on from {:?}", self.durable);
        self.durable.apply(&write);
        if !self.is_kept_from_disk(&write) {
            out.persist(write);
        }
    }

    /// What the process must see to before it writes: no round, promise or acceptance is taken back.
    fn fits(&self, write: &Write) -> bool {
        match write {
            Write::Round(round) => *round > self.durable.round,
            Write::Promise(ballot) => Some(*ballot) > self.durable.promised,
            Write::Accept(proposal) => self.durable.accepted.as_ref() != Some(proposal),
        }
    }

    fn handle_message(&mut self, from: NodeId, message: &Message, out: &mut Out) {
        match message {
            Message::Prepare { ballot } => self.on_prepare(from, *ballot, out),
            Message::Promise { ballot, accepted } => self.on_promise(from, *ballot, accepted.as_ref(), out),
            Message::Accept { proposal } => self.on_accept(from, proposal, out),
            Message::Accepted { proposal } => self.on_accepted(from, proposal, out),
            Message::Refused { ballot, promised } => self.on_refused(*ballot, *promised, out),
            Message::Request(request) => self.on_request(request, out),
            Message::Reply(_) | Message::Invoke(_) => {}
        }
    }
}

impl Process for Paxos {
    type Config = Config;
    type Message = Message;
    type Timer = PaxosTimer;
    type Receipt = ();
    type Durable = Durable;
    type Rule = Rule;
    type Mutation = Mutation;
    type Report = ();

    const ROLES: &'static [&'static str] = &["acceptor", "preparing", "accepting", "outbid", "done"];

    fn mutations(&mut self) -> Option<&mut Mutations<Mutation>> {
        Some(&mut self.config.mutations)
    }

    fn boot(seat: Seat, config: &Config, durable: &Durable, _: u32) -> Self {
        Self {
            seat,
            config: *config,
            durable: durable.clone(),
            attempt: None,
            defeats: 0,
            waiting: Vec::new(),
            learner: Learner::default(),
        }
    }

    fn handle(&mut self, _: Ticks, input: Input<'_, Self>, out: &mut Out) {
        match input {
            Input::Start | Input::Persisted(()) => {}
            Input::Message { from, message } => self.handle_message(from, message, out),
            Input::Timer(PaxosTimer::Retry) => self.on_retry(out),
        }
    }

    fn epoch(&self) -> u64 {
        self.durable.promised.map_or(0, Ballot::as_epoch)
    }

    fn role(&self) -> u8 {
        match (&self.attempt, self.learner.chosen()) {
            (_, Some(_)) => 4,
            (Some(attempt), None) => match attempt.phase() {
                Phase::Preparing { .. } => 1,
                Phase::Accepting { .. } => 2,
                Phase::Outbid => 3,
            },
            (None, None) => 0,
        }
    }

    fn decided(&self) -> u64 {
        u64::from(self.learner.chosen().is_some())
    }

    fn view(&self) -> View {
        let ballot = |ballot: Option<Ballot>| ballot.map(|ballot| ballot.to_string());
        let accepted = self.durable.accepted.as_ref();
        let chosen = self.learner.chosen();
        let promises = self.attempt.as_ref().and_then(|attempt| match attempt.phase() {
            Phase::Preparing { promises, .. } => Some(promises),
            Phase::Accepting { .. } | Phase::Outbid => None,
        });
        let proposed = self.attempt.as_ref().and_then(|attempt| match attempt.phase() {
            Phase::Accepting { value } => Some(value.to_string()),
            Phase::Preparing { .. } | Phase::Outbid => None,
        });
        // Ballot, value, and who has accepted it.
        let heard = |(ballot, value, acceptors): (Ballot, &Value, NodeSet)| {
            FieldValue::List(vec![
                ballot.to_string().into(),
                value.to_string().into(),
                acceptors.iter().collect::<Vec<NodeId>>().into(),
            ])
        };
        View {
            role: Self::ROLES[usize::from(self.role())],
            epoch: self.epoch(),
            leader: None,
            durable: vec![
                Field::new("highest round used", self.durable.round),
                Field::new("promised", ballot(self.durable.promised)),
                Field::new("accepted ballot", ballot(accepted.map(|accepted| accepted.ballot))),
                Field::new("accepted value", accepted.map(|accepted| accepted.value.to_string())),
            ],
            volatile: vec![
                Field::new("own ballot", ballot(self.attempt.as_ref().map(Attempt::ballot))),
                Field::new("promises from", promises.map(|promises| promises.iter().collect::<Vec<NodeId>>())),
                Field::new("proposes", proposed),
                Field::new("acceptances heard", FieldValue::List(self.learner.counts().map(heard).collect())),
                Field::new("defeats in a row", u64::from(self.defeats)),
                Field::new("chosen value", chosen.map(|chosen| chosen.value.to_string())),
                Field::new("chosen in ballot", ballot(chosen.map(|chosen| chosen.ballot))),
            ],
            peers: Vec::new(),
            log: None,
            store: chosen.map(|chosen| ("the value".to_owned(), chosen.value.to_string())).into_iter().collect(),
        }
    }
}

impl Replica for Paxos {
    const PROTOCOL: &'static str = "paxos";
    const ONLY_KEY: Option<&'static str> = Some("value");
    const EPOCH_PLACES: Option<u32> = Some(PROCESSES_MAX as u32);
}
