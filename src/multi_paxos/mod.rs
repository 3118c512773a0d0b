//! Multi-Paxos: a log of values, each chosen by Paxos. Lamport, "Paxos Made Simple" (2001; "PMS" below), section 3;
//! what a real system needs besides is told by Chandra, Griesemer and Redstone, "Paxos Made Live" (2007; "PML"), and by
//! van Renesse and Altinbuken, "Paxos Made Moderately Complex" (2015; "PMMC").
//!
//! # The algorithm
//!
//! Each *slot* of the log is an instance of Paxos, and all instances share their ballots. Every server is an acceptor
//! and a learner, and may try to lead. An acceptor has *one* promise for all slots, and for each slot what it has
//! accepted there.
//!
//! **Phase 1** (`phase1`), once for all slots. A server that hears from no leader for a random time takes a ballot
//! higher than any it knows of and asks all acceptors to promise it for every slot after those that it knows to be
//! chosen. An acceptor that promises reports what it has accepted there. With promises from a majority the server leads
//! its ballot. In each open slot it must propose the value of the highest ballot that was reported. A slot without a
//! report, below one that has one, is a *gap*: nothing can be chosen in it, and it is filled with a value that does
//! nothing, so that what comes after it can be applied.
//!
//! **Phase 2** (`phase2`) alone is needed from then on. The leader gives each command the next slot and asks the
//! acceptors to accept it. It does not wait for earlier slots: they may be chosen in any order.
//!
//! **Learning** (`learn`). A slot is chosen when a majority has accepted one ballot there. The leader counts. Its
//! *commit index* is the last slot up to which all are chosen; it travels with what the leader asks to accept and with
//! its heartbeats. A follower believes it for those slots in which it has accepted *the leader's own ballot*: what it
//! accepted in another ballot may not be what was chosen. The leader therefore offers again, under its ballot, what a
//! follower lacks; so messages that were lost are made good too. Commands are applied in the order of the slots.
//!
//! **State transfer** (`transfer`). From time to time a server saves its state and forgets the slots before it. Whoever
//! needs them, as a follower or to lead, gets the state instead: a promise carries it too. What is too large for one
//! message travels in several.
//!
//! **Reads** (`read`). A leader answers a read when it has applied all that it found or chose before the read came in,
//! and a majority has confirmed, after that, that it has promised nobody else.
//!
//! **A ballot is lost** when an acceptor names a higher one. Reads that wait are turned away: to lead again is to begin
//! anew, and confirmations of another ballot confirm nothing (PML 5.2, 5.3). Where servers keep faith with a leader
//! that they hear from (`check_quorum`), a server that was cut off does not depose it for long by its high ballot: the
//! leader, if a majority hears it, takes a still higher one at once (PML 5.2).
//!
//! # Deviations from the papers
//!
//! *Left out:*
//!
//! * **Membership** does not change.
//! * **No bound on open slots**: PMS 3 lets a leader propose up to alpha commands ahead, here it may be any number.
//! * **Disks** do not rot. An acceptor whose disk is wiped goes back on its promises; PML 5.1 has it wait as a
//!   non-voter.
//! * **No separate roles.** Every server is acceptor, learner and replica (PMMC 2 has processes for each).
//!
//! *Added or changed:*
//!
//! * **Leases** take clocks that agree (PML 5.2). In their place a leader asks a majority before it answers a read,
//!   steps down if it hears from none, and servers that hear from a leader promise nothing to others.
//! * **The leader learns and tells.** PMS 2.3 lets acceptors tell all learners; here the leader counts, and its commit
//!   index says the rest, for slots that a follower has accepted in the leader's own ballot.
//! * **The leader's own acceptance** counts when it is on its disk; its messages need not wait for that.
//! * **One answer for many slots.** An acceptance names a row of slots, and up to which slot the acceptor has all.
//! * **What is chosen needs no accepting.** An acceptor skips slots that it knows to be chosen, and answers for them.
//! * **Promises carry a state** for slots that the acceptor has forgotten, and travel in parts where they are too
//!   large. (In PML 5.5 a replica that lags fetches a snapshot in its own time.)
//! * **A prepare that comes twice** is answered again, as in single-decree Paxos.
//! * **More than a million gaps** in one promise are taken for an impossible report, since each would be filled.
//! * **Sessions** know a client's latest command alone, since a client has one command at a time.

pub mod config;
pub mod log;
pub mod message;
pub mod rule;
pub mod state;

mod departures;
mod describe;
mod learn;
mod phase1;
mod phase2;
mod read;
mod server;
mod transfer;
mod view;

pub use crate::paxos::Ballot;
pub use config::Config;
pub use log::{Accepted, Payload, Slot};
pub use message::Message;
pub use rule::{Mutation, Rule};
pub use state::{Durable, MultiPaxosTimer, Receipt, Role};

use crate::kv::{Replica, Store};
use crate::process::{Fingerprint, Fingerprinter, Input, NodeId, Outbox, PROCESSES_MAX, Process, Seat, Ticks, View};
use crate::replicated_log::{AnswersAnywhere as _, Incoming, Reads, StateMachine, answers_anywhere};

/// What a server wants to happen.
pub(crate) type Out = Outbox<MultiPaxos>;

/// A server: acceptor, learner, and perhaps leader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MultiPaxos {
    seat: Seat,
    config: Config,
    durable: Durable,
    role: Role,
    leader: Option<NodeId>,
    leader_recent: bool,
    /// The highest round that it was told of: its next ballot is higher.
    round_seen: u64,
    machine: StateMachine,
    /// A state that has come in part.
    incoming: Incoming,
    /// Reads of sessions that wait until this server has applied so far.
    behind: Reads<Slot>,
}

answers_anywhere!(MultiPaxos);

impl Fingerprint for MultiPaxos {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { seat, config: _, durable, role, leader, leader_recent, round_seen, machine, incoming, behind } =
            self;
        seat.id.fingerprint(into);
        durable.fingerprint(into);
        role.fingerprint(into);
        leader.fingerprint(into);
        leader_recent.fingerprint(into);
        round_seen.fingerprint(into);
        machine.fingerprint(into);
        incoming.fingerprint(into);
        behind.fingerprint(into);
    }
}

impl MultiPaxos {
    /// Its role, with what it knows only as that.
    pub fn role_state(&self) -> &Role {
        &self.role
    }

    /// The last slot up to which it knows all to be chosen.
    pub fn commit_index(&self) -> Slot {
        self.machine.commit_index
    }

    /// The last slot that its state machine has applied.
    pub fn last_applied(&self) -> Slot {
        self.machine.last_applied
    }

    /// Its state machine.
    pub fn store(&self) -> &Store {
        &self.machine.store
    }

    /// What survives a crash, as the server knows it.
    pub fn durable(&self) -> &Durable {
        &self.durable
    }

    fn handle_message(&mut self, from: NodeId, message: &Message, out: &mut Out) {
        match message {
            Message::Prepare { ballot, after } => self.on_prepare(from, *ballot, *after, out),
            Message::Promise(promise) => self.on_promise(from, promise, out),
            Message::Accept(accept) => self.on_accept(from, accept, out),
            Message::Accepted(accepted) => self.on_accepted(from, accepted, out),
            Message::Heartbeat { ballot, commit_index, round } => {
                self.on_heartbeat(from, *ballot, *commit_index, *round, out)
            }
            Message::HeartbeatReply { ballot, matched, round } => {
                self.on_heartbeat_reply(from, *ballot, *matched, *round, out)
            }
            Message::Refused { ballot, promised } => self.on_refused(from, *ballot, *promised, out),
            Message::State(state) => self.on_state(from, state, out),
            Message::StateReply(reply) => self.on_state_reply(from, reply, out),
            Message::Request(request) => self.on_request(request, out),
            Message::SessionRead(read) => self.on_session_read(read, out),
            Message::Reply(_) | Message::SessionReply(_) | Message::Invoke(_) => {}
        }
    }
}

impl Process for MultiPaxos {
    type Config = Config;
    type Message = Message;
    type Timer = MultiPaxosTimer;
    type Receipt = Receipt;
    type Durable = Durable;
    type Rule = Rule;
    type Mutation = Mutation;
    type Report = ();

    const ROLES: &'static [&'static str] = &["follower", "candidate", "leader"];

    fn mutations(&mut self) -> Option<&mut crate::process::Mutations<Mutation>> {
        Some(&mut self.config.mutations)
    }

    fn boot(seat: Seat, config: &Config, durable: &Durable, _: u32) -> Self {
        Self::restore(seat, *config, durable.clone())
    }

    fn handle(&mut self, _: Ticks, input: Input<'_, Self>, out: &mut Out) {
        match input {
            Input::Start => self.reset_election_timer(out),
            Input::Message { from, message } => self.handle_message(from, message, out),
            Input::Timer(MultiPaxosTimer::Election) => self.on_election_timeout(out),
            Input::Timer(MultiPaxosTimer::Heartbeat) => self.on_heartbeat_timeout(out),
            Input::Timer(MultiPaxosTimer::LeaderContact) => self.leader_recent = false,
            Input::Timer(MultiPaxosTimer::QuorumCheck) => self.on_quorum_check(out),
            Input::Persisted(Receipt::OwnPromise { ballot }) => self.on_own_promise_persisted(ballot, out),
            Input::Persisted(Receipt::OwnAcceptance { ballot, first, last }) => {
                self.on_own_acceptance_persisted(ballot, first, last, out)
            }
        }
    }

    fn epoch(&self) -> u64 {
        self.durable.promised.map_or(0, Ballot::as_epoch)
    }

    fn role(&self) -> u8 {
        match self.role {
            Role::Follower => 0,
            Role::Candidate(_) => 1,
            Role::Leader(_) => 2,
        }
    }

    fn decided(&self) -> u64 {
        self.machine.commit_index
    }

    fn view(&self) -> View {
        self.to_view()
    }
}

impl Replica for MultiPaxos {
    const PROTOCOL: &'static str = "multi-paxos";
    const EPOCH_PLACES: Option<u32> = Some(PROCESSES_MAX as u32);
}
