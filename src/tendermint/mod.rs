//! Tendermint, as in Buchman, Kwon and Milosevic, "The latest gossip on BFT consensus" (arXiv 1807.04938, 2018), with
//! what a chain needs around it, after Buchman's thesis (2016).
//!
//! # The algorithm
//!
//! Validators agree on one block after another. Block h is decided at *height* h, in one of its *rounds*. Each
//! validator has a *voting power*; as long as liars have less than a third of it, no two honest validators decide
//! different blocks, and once messages come in time again, a block is decided.
//!
//! **A round** (`consensus`) has three steps. Its *proposer*, whose turn it is by weight, proposes a block. Every
//! validator *prevotes* for it, or nil if the block is no good or did not come in time. Who sees prevotes for a block
//! of more than two thirds of the power (a *polka*) *locks* on it and *precommits* it; who does not, precommits nil.
//! Precommits of more than two thirds for one block, of any round, decide it.
//!
//! **Locks** keep what may have been decided. A validator that is locked prevotes for another block only with proof
//! that more than two thirds prevoted for that block later than it locked. So the next proposer proposes the latest
//! block that had a polka (the *valid value*), with its round, even where it saw the polka too late to lock.
//!
//! **Timeouts** move a round on: no proposal, no polka, no decision. They grow with the round. Who sees more than a
//! third in a later round goes there.
//!
//! Rules fire by what is in the log of messages, whatever the order in which it came.
//!
//! **The chain** (`chain`). A decided block is kept with its precommits, its requests are carried out by the key-value
//! store, and the clients are told; a client believes what validators of more than a third of the power say. A height
//! begins when a request waits (or after a long idle time).
//!
//! **In place of gossip** (`gossip`), which the paper assumes: a validator for which nothing has moved on for a while
//! says again what it knows of its round, the words of others included. Who is seen to be behind gets decided blocks,
//! each with its precommits.
//!
//! **Accountability.** Two signed votes of one validator for the same step that differ, or two proposals for one round,
//! are kept for ever, and shown to all.
//!
//! What a rule that is switched off on purpose does instead stands beside the paper's version in `departures`.
//!
//! # Deviations from the paper
//!
//! * The paper assumes gossip that delivers in the end what one honest validator has seen. Here validators say again
//!   what they know (`gossip`), and whoever is late gets decided blocks with their precommits.
//! * Of several rules that may fire the paper lets any go first; here the order is fixed (`consensus`, `advance`), and
//!   line 55 goes to the latest round that it may go to.
//! * A height begins when a request waits, and not at once after the last (line 54): there are no empty blocks, but for
//!   one after a long idle time.
//! * Timeouts of a round that is over are cleared, where the paper lets them fire and do nothing (lines 57 to 67).
//! * Of one validator at most eight different votes in a round are counted, but for values that others have voted for:
//!   the paper's log of messages has no end. Messages of the next height are kept, those of later ones are not.
//! * A crash is added: votes, proposals, the lock and the valid value are on disk before a message rests on them. The
//!   state machine is built anew from the chain.
//! * Validators do not change, and are not punished; signatures are idealised ([`crate::process::Signed`]); a block
//!   travels in one piece.

pub mod block;
pub mod config;
pub mod consensus;
pub mod decision;
pub mod message;
pub mod rule;
pub mod state;
pub mod vote;

mod chain;
mod departures;
mod gossip;
mod inspection;
mod lies;
mod requests;
mod view;

pub use block::{Block, BlockId};
pub use config::{Config, Timeout, Validators};
pub use consensus::{Act, Consensus, Polka, Step};
pub use decision::Decision;
pub use message::{Message, Status};
pub use rule::{Mutation, Rule};
pub use state::{Durable, Proposed, Timer, Write};
pub use vote::{Evidence, Proposal, Tally, Vote, VoteKind, VoteLog};

use crate::kv::{Replica, Request, Store};
use crate::process::{Input, NodeId, Outbox, Process, Seat, Signed, Ticks, View, fingerprint_struct};
use std::sync::Arc;

/// A height: a block's number in the chain, from 1.
pub type Height = u64;

/// A round of a height, from 0.
pub type Round = u64;

/// What a validator wants to happen.
pub(crate) type Out = Outbox<Tendermint>;

/// Most messages of the next height that are kept for later.
const EARLY_MAX: usize = 1_024;

/// A validator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tendermint {
    seat: Seat,
    durable: Durable,
    consensus: Consensus,
    /// The proposals of this height, with their blocks.
    proposals: Vec<Arc<Proposed>>,
    /// Messages of the next height.
    early: Vec<Message>,
    /// Requests that wait for a block.
    pool: Vec<Signed<Request>>,
    store: Store,
    /// Timeouts of the current round that are set.
    armed: Vec<Timer>,
    /// It has asked somebody who is ahead for blocks, and waits for them.
    asked: bool,
}

// The seat's number is in the state of the height.
fingerprint_struct!(Tendermint { durable, consensus, proposals, early, pool, store, armed, asked } skip { seat });

impl Tendermint {
    /// What survives a crash, as the validator knows it.
    pub fn durable(&self) -> &Durable {
        &self.durable
    }

    /// Where it stands in the height that is to be decided.
    pub fn consensus(&self) -> &Consensus {
        &self.consensus
    }

    /// Its settings.
    pub fn config(&self) -> &Config {
        self.consensus.config()
    }

    /// Its state machine, after the last decided block.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Messages of the next height, which wait for it to begin.
    pub fn early(&self) -> &[Message] {
        &self.early
    }

    /// Requests that wait for a block.
    pub fn pool(&self) -> &[Signed<Request>] {
        &self.pool
    }

    fn height(&self) -> Height {
        self.consensus.height()
    }

    fn has(&self, mutation: Mutation) -> bool {
        self.config().mutations.has(mutation)
    }

    /// Whether a signature may be believed.
    fn believes<T>(&self, signed: &Signed<T>, out: &mut Out) -> bool {
        let believed = self.is_believed(signed);
        if !believed {
            out.rule(Rule::ForgeryRejected);
        }
        believed
    }

    /// Changes what survives a crash, here and on the disk.
    fn persist(&mut self, write: Write, out: &mut Out) {
        crate::process::Durable::apply(&mut self.durable, &write);
        let forgotten = matches!(write, Write::Voted(_)) && self.has(Mutation::VotesNotDurable);
        if !forgotten {
            out.persist(write);
        }
    }

    fn broadcast(&self, message: &Message, out: &mut Out) {
        for peer in self.seat.peers() {
            out.send(peer, message.clone());
        }
    }

    fn handle_message(&mut self, from: NodeId, message: &Message, out: &mut Out) {
        match message {
            Message::Proposal(proposed) => self.on_proposal(from, proposed, out),
            Message::Prevote(vote) | Message::Precommit(vote) => self.on_vote(from, vote, out),
            Message::Status(status) => self.on_status(from, status, out),
            Message::Blocks(decisions) => self.on_blocks(from, decisions, out),
            Message::Evidence(evidence) => self.on_evidence(evidence, out),
            Message::PassedOn(request) => self.on_request(request, false, out),
            Message::Request(request) => self.on_request(request, from == request.body().client, out),
            Message::Reply(_) | Message::Invoke(_) => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Out) {
        let (step, height, round) = match timer {
            Timer::Propose(height, round) => (Step::Propose, height, round),
            Timer::Prevote(height, round) => (Step::Prevote, height, round),
            Timer::Precommit(height, round) => (Step::Precommit, height, round),
            Timer::Gossip => return self.on_gossip_timer(out),
            Timer::Idle(height) => {
                if height == self.height() {
                    self.begin(out);
                }
                return;
            }
        };
        self.armed.retain(|armed| *armed != timer);
        if height == self.height() {
            let mut acts = Vec::new();
            self.consensus.on_timeout(step, round, &mut acts);
            self.perform(acts, out);
        }
    }
}

impl Process for Tendermint {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Receipt = ();
    type Durable = Durable;
    type Rule = Rule;
    type Mutation = Mutation;
    type Report = ();

    const ROLES: &'static [&'static str] = &["validator", "proposer"];

    fn mutations(&mut self) -> Option<&mut crate::process::Mutations<Mutation>> {
        Some(self.consensus.mutations())
    }

    fn boot(seat: Seat, config: &Config, durable: &Durable, _: u32) -> Self {
        Self::restore(seat, config.clone(), durable.clone())
    }

    fn handle(&mut self, _: Ticks, input: Input<'_, Self>, out: &mut Out) {
        match input {
            Input::Start => self.resume(out),
            Input::Message { from, message } => self.handle_message(from, message, out),
            Input::Timer(timer) => self.on_timer(timer, out),
            Input::Persisted(()) => {}
        }
    }

    fn epoch(&self) -> u64 {
        self.height()
    }

    fn role(&self) -> u8 {
        u8::from(self.consensus.proposer() == self.seat.id)
    }

    fn decided(&self) -> u64 {
        self.durable.chain.len() as u64
    }

    fn view(&self) -> View {
        self.to_view()
    }

    fn votes(&self) -> Vec<crate::process::VoteSet> {
        self.to_votes()
    }
}

impl Replica for Tendermint {
    const PROTOCOL: &'static str = "tendermint";
}
