//! PBFT, as in Castro and Liskov, "Practical Byzantine Fault Tolerance" (OSDI 1999; "PBFT" below): the version with
//! signatures.
//!
//! # The algorithm
//!
//! Of n replicas, f may lie. Two *quorums* of q replicas must share an honest one: 2q - n >= f + 1. The honest ones
//! alone must be able to form one: q <= n - f. Both hold only where n >= 3f + 1; with n = 3f + 1 a quorum is 2f + 1.
//!
//! **The normal case** (`normal`, section 4.2). Replicas move through *views*; the primary of view v is replica v mod
//! n. A client signs its request and sends it to the primary, which gives it the next sequence number in a
//! *pre-prepare*. A backup that accepts it says so to all in a *prepare*. With the pre-prepare and matching prepares of
//! q - 1 backups the request is *prepared*: no other can be prepared with that number in that view, whatever liars say.
//! Then a replica sends a *commit* to all. With matching commits of q replicas the request is *committed*, which
//! outlives the view.
//!
//! **Execution** (`execution`, sections 4.1 and 4.2). Committed requests are executed in the order of their numbers.
//! Each replica answers the client, which waits for f + 1 equal replies: one of them is honest.
//!
//! **Checkpoints** (`checkpoint`, section 4.3). Every K requests a replica signs a digest of its state. Equal digests
//! of q replicas make the checkpoint stable: it is a proof for whoever was away, and all before it is thrown away.
//! Numbers are used between the *water marks* h (the stable checkpoint) and H = h + L only.
//!
//! **View changes** (`view_change`, `new_view`, section 4.4). A backup that waits too long for a request asks for the
//! next view: it signs what it has stable (C) and what it has prepared above that (P). The new primary needs q such
//! messages (V). They must contain every request that may have been committed, since a committed request was prepared
//! by a quorum, and two quorums share an honest replica. It proposes these again with their numbers, and the null
//! request for numbers in between (O). Backups check V, compute O themselves, and go on.
//!
//! **Catching up** (`catch_up`). Now and then a replica says how far it is; whoever is further sends what it lacks:
//! votes, proofs of commitment, a state, a view-change, a new-view. The paper assumes that messages are sent again
//! until they arrive, and leaves open how.
//!
//! **Proof of misbehaviour** (`proof`, `evidence`). Signed messages can be shown to others. A replica that holds two
//! that contradict each other keeps them. No rule depends on it.
//!
//! What a rule that is switched off on purpose does instead stands beside the paper's version in `departures`.
//!
//! # Deviations from the paper
//!
//! * A backup relays a request for which it starts its timer, wherever it came from (section 4.1 relays those of
//!   clients): else an honest primary is deposed for what it has never heard of.
//! * The timer runs for the one request that has waited longest (section 4.4 says "a request"), so that a primary
//!   cannot leave one client out for ever.
//! * A pre-prepare of the null request is accepted only where a new-view has it: the paper does not say how a backup
//!   tells such a one.
//! * Certificates in view-changes carry their requests, so that no request has to be fetched after a view change.
//! * A replica writes down what it has accepted, prepared and committed before it says so, and comes back from a crash
//!   with it: the paper's replicas do not crash, they are faulty then.
//! * A replica begins to wait for the primary of a view when a quorum wants that view or a later one (section 4.5.2:
//!   that view).
//! * Messages are sent again by need, as statuses show it; the paper leaves open how.
//! * A request is not batched with others. A state travels in one piece. Membership does not change. The tentative
//!   execution of section 5.1.2 is left out, and with it what a read waits for (5.1.3). Where reads are not ordered, a
//!   write needs a quorum of replies (Berger, Reiser and Bessani 2021).
//! * Signed messages that contradict each other are kept as proofs. No rule of the protocol depends on them.

pub mod config;
pub mod digest;
pub mod message;
pub mod rule;
pub mod state;

mod catch_up;
mod certificate;
mod checkpoint;
mod departures;
mod evidence;
mod execution;
mod inspection;
mod lies;
mod new_view;
mod normal;
mod proof;
mod view;
mod view_change;
mod votes;

pub use config::Config;
pub use digest::Digest;
pub use message::{Message, Phase, Sequence, Stable, Statement, View};
pub use proof::{Proof, Said};
pub use rule::{Mutation, Rule};
pub use state::{Durable, HeldProof, PbftTimer, Receipt, Slot, Tally};

use crate::kv::{Replica, Store};
use crate::process::{Fingerprint, Fingerprinter, Input, NodeId, Outbox, Process, Seat, Signed, Ticks};
use message::{Checkpoint, SignedRequest, SignedViewChange, Vote, primary_of};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// What a replica wants to happen.
pub(crate) type Out = Outbox<Pbft>;

/// A replica.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pbft {
    seat: Seat,
    config: Config,
    /// q.
    quorum: u32,
    /// f.
    faults: u32,
    durable: Durable,
    store: Store,
    executed: Sequence,
    /// The last number that this primary gave out in its view.
    assigned: Sequence,
    tallies: BTreeMap<Sequence, Tally>,
    /// Requests that wait to be executed, oldest first, one for each client.
    waiting: VecDeque<Arc<SignedRequest>>,
    /// The client for whose request the timer runs.
    timed: Option<NodeId>,
    /// How many views have failed since a client's request was executed that was not before.
    failed_views: u32,
    /// It has seen a quorum that wants its view, and waits for the primary to begin it.
    awaits_primary: bool,
    /// Checkpoint messages above the last stable one.
    checkpoints: BTreeMap<Sequence, Vec<Signed<Checkpoint>>>,
    /// Its own states at checkpoints that are not stable yet.
    snapshots: BTreeMap<Sequence, Arc<Store>>,
    /// For each replica the latest valid view-change.
    view_changes: BTreeMap<NodeId, SignedViewChange>,
    /// Messages of the next views, from those who are there already.
    early: Vec<(NodeId, Message)>,
    /// For each replica what it said last of how far it is.
    heard: BTreeMap<NodeId, Sequence>,
}

impl Fingerprint for Pbft {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self {
            seat, config: _, quorum: _, faults: _, durable, store, executed, assigned, tallies, waiting, ..
        } = self;
        seat.id.fingerprint(into);
        durable.fingerprint(into);
        store.fingerprint(into);
        executed.fingerprint(into);
        assigned.fingerprint(into);
        tallies.fingerprint(into);
        waiting.fingerprint(into);
        let Self { timed, failed_views, awaits_primary, checkpoints, snapshots, view_changes, early, heard, .. } = self;
        timed.fingerprint(into);
        failed_views.fingerprint(into);
        awaits_primary.fingerprint(into);
        checkpoints.fingerprint(into);
        snapshots.fingerprint(into);
        view_changes.fingerprint(into);
        early.fingerprint(into);
        heard.fingerprint(into);
    }
}

impl Pbft {
    /// Whether a rule is switched off.
    #[inline]
    pub(crate) fn has(&self, mutation: Mutation) -> bool {
        self.config.mutations.has(mutation)
    }

    /// Changes what survives a crash, here and on the disk.
    fn persist(&mut self, write: state::Write, out: &mut Out) {
        crate::process::Durable::apply(&mut self.durable, &write);
        if self.is_durable(&write) {
            out.persist(write);
        }
    }

    /// The primary of its view.
    pub fn primary(&self) -> NodeId {
        primary_of(self.current_view(), self.seat.replicas)
    }

    /// Whether it is the primary of a view that has begun.
    pub fn is_primary(&self) -> bool {
        !self.is_changing() && self.primary() == self.seat.id
    }

    fn broadcast(&self, message: &Message, out: &mut Out) {
        for peer in self.seat.peers() {
            out.send(peer, message.clone());
        }
    }

    fn say(&self, phase: Phase, sequence: Sequence, digest: Digest) -> Vote {
        self.seat.sign(Statement { phase, view: self.current_view(), sequence, digest })
    }

    fn handle_message(&mut self, now: Ticks, from: NodeId, message: &Message, out: &mut Out) {
        match message {
            Message::Request(request) => self.on_request(from, request, out),
            Message::Read(request) => self.on_read(request, out),
            Message::PrePrepare(proposal) => self.on_pre_prepare(now, from, proposal, out),
            Message::Prepare(vote) => self.on_prepare(now, from, vote, out),
            Message::Commit(vote) => self.on_commit(now, from, vote, out),
            Message::Checkpoint(checkpoint) => self.on_checkpoint(now, checkpoint, out),
            Message::ViewChange(view_change) => self.on_view_change(now, view_change, out),
            Message::NewView(new_view) => self.on_new_view(now, new_view, out),
            Message::Status(status) => self.on_status(from, status, out),
            Message::Commitment(commitment) => self.on_commitment(now, commitment, out),
            Message::State(stable) => self.on_state(stable, out),
            Message::Reply(_) | Message::Invoke(_) => {}
        }
        self.handle_early(now, out);
    }

    /// Messages of views that have begun in the meantime.
    fn handle_early(&mut self, now: Ticks, out: &mut Out) {
        let view = self.current_view();
        if self.early.is_empty() || self.is_changing() || self.early.iter().all(|(_, message)| epoch(message) > view) {
            return;
        }
        for (from, message) in std::mem::take(&mut self.early) {
            if epoch(&message) > view {
                self.early.push((from, message));
            } else {
                self.handle_message(now, from, &message, out);
            }
        }
    }

    /// Keeps a message of a view that has not begun here.
    fn keep_for_later(&mut self, from: NodeId, message: Message) {
        const EARLY_MAX: usize = 64;
        let of_sender = self.early.iter().filter(|(sender, _)| *sender == from).count();
        if of_sender < EARLY_MAX {
            self.early.push((from, message));
        }
    }

    /// Whether a message belongs to the present view. One of a later view is kept; so is one of a view that is about to
    /// begin.
    fn is_of_this_view(&mut self, from: NodeId, view: View, message: impl FnOnce() -> Message) -> bool {
        if view > self.current_view() || (view == self.current_view() && self.is_changing()) {
            self.keep_for_later(from, message());
            return false;
        }
        view == self.current_view()
    }
}

fn epoch(message: &Message) -> View {
    crate::process::Message::epoch(message)
}

impl Process for Pbft {
    type Config = Config;
    type Message = Message;
    type Timer = PbftTimer;
    type Receipt = Receipt;
    type Durable = Durable;
    type Rule = Rule;
    type Mutation = Mutation;
    type Report = ();

    const ROLES: &'static [&'static str] = &["backup", "primary", "view change"];

    fn mutations(&mut self) -> Option<&mut crate::process::Mutations<Mutation>> {
        Some(&mut self.config.mutations)
    }

    fn boot(seat: Seat, config: &Config, durable: &Durable, _: u32) -> Self {
        let stable = durable.stable.clone();
        let quorum = config.quorum(seat.replicas);
        let mut replica = Self {
            seat,
            config: *config,
            quorum,
            faults: config.faults(seat.replicas),
            executed: stable.as_ref().map_or(0, |stable| stable.checkpoint.sequence),
            store: stable.map(|stable| stable.store.clone()).unwrap_or_default(),
            // Of its own view alone: what an earlier primary proposed further up is no reason to leave numbers out.
            assigned: durable
                .slots
                .iter()
                .filter(|(_, slot)| slot.accepted_in(durable.view).is_some())
                .map(|(last, _)| *last)
                .max()
                .unwrap_or(0),
            durable: durable.clone(),
            tallies: BTreeMap::new(),
            waiting: VecDeque::new(),
            timed: None,
            failed_views: 0,
            awaits_primary: false,
            checkpoints: BTreeMap::new(),
            snapshots: BTreeMap::new(),
            view_changes: BTreeMap::new(),
            early: Vec::new(),
            heard: BTreeMap::new(),
        };
        // What its view began with it has proposed, whether or not it could take part itself.
        let of_view =
            durable.new_view.as_ref().map(|new_view| new_view.body()).filter(|body| body.view == durable.view);
        let proposed = of_view.and_then(|body| body.proposals.last()).map_or(0, |vote| vote.body().sequence);
        replica.assigned = replica.assigned.max(replica.executed).max(proposed).max(replica.floor());
        replica
    }

    fn handle(&mut self, now: Ticks, input: Input<'_, Self>, out: &mut Out) {
        match input {
            Input::Start => self.on_start(out),
            Input::Message { from, message } => self.handle_message(now, from, message, out),
            Input::Timer(PbftTimer::ViewChange) => self.on_view_change_timeout(out),
            Input::Timer(PbftTimer::Status) => self.on_status_timeout(out),
            Input::Persisted(Receipt::OwnAcceptance { view, sequence }) => {
                self.on_own_acceptance_persisted(view, sequence, out)
            }
            Input::Persisted(Receipt::OwnCertificate { view, sequence }) => {
                self.on_own_certificate_persisted(view, sequence, out)
            }
        }
    }

    fn epoch(&self) -> u64 {
        self.current_view()
    }

    fn role(&self) -> u8 {
        if self.is_changing() { 2 } else { u8::from(self.is_primary()) }
    }

    fn decided(&self) -> u64 {
        self.executed
    }

    fn view(&self) -> crate::process::View {
        self.to_view()
    }

    fn votes(&self) -> Vec<crate::process::VoteSet> {
        self.to_votes()
    }
}

impl Replica for Pbft {
    const PROTOCOL: &'static str = "pbft";
}
