//! Viewstamped Replication: a log in the order of a primary, and no disk. Liskov and Cowling, "Viewstamped Replication
//! Revisited" (MIT-CSAIL-TR-2012-021, 2012; "VRR" below); recovery by Michael, Ports, Sharma and Szekeres, "Recovering
//! Shared Objects Without Stable Storage" (DISC 2017; "RSO"). The paper's state transfer can lose what is committed, as
//! Vanlightly found with TLA+ ("Vanlightly 2022").
//!
//! # The algorithm
//!
//! There are 2f + 1 replicas, which take turns as *primary*: that of view v is the replica v modulo 2f + 1. An
//! operation has an *op-number*, its index in the log, and was given it in a view: the two are its *viewstamp*.
//!
//! **Normal operation** (`normal`). The primary gives a client's request the next op-number and sends PREPARE. A backup
//! that has all earlier operations appends it and answers PREPAREOK. With f of these the operation is committed: it is
//! carried out, and the client is answered. Backups learn of it by the commit-number in the next PREPARE, or by COMMIT.
//! The *client table* has each client's latest request and its result, so that none is carried out twice.
//!
//! **View change** (`view_change`). A replica that hears from no primary wants the next view, and says so to all by
//! STARTVIEWCHANGE. Once f others want it too, it sends what it knows to the primary of that view by DOVIEWCHANGE: its
//! log, the latest view v' in which it was normal, its commit-number. With f + 1 of these the new primary takes the log
//! with the largest v', the longest of those, and begins the view by STARTVIEW. What was committed before was in the
//! logs of f + 1, so it is in the log of one that reports, and there in the latest view.
//!
//! **Recovery** (`recovery`). A crash forgets all. A replica that comes back takes part in nothing until f + 1 others
//! have answered it, the primary of the latest view among them, from which it takes the log.
//!
//! **State transfer** (`transfer`). A backup that has missed operations, or a whole view change, asks for them.
//! *Checkpoints* take the place of the log's beginning.
//!
//! **Reads** are operations like any other: they get an op-number. (VRR 6.3 lets a primary that holds a lease answer
//! them alone, which takes clocks whose rates are known.)
//!
//! # What it bears
//!
//! Messages may be lost, sent twice, late and in any order; replicas may stop and come back. At most f replicas may be
//! down *or recovering* at once: those that are neither must be f + 1, or nobody can recover any more, and all stands
//! still for ever. What is committed stays committed all the same. With a disk (`on_disk`) whoever comes back knows
//! what it knew, and any number may be down at once; one whose disk was wiped recovers from the others.
//!
//! # Deviations from the papers
//!
//! *Left out:*
//!
//! * **Reconfiguration** (VRR 7), **witnesses** (6.1), and **reads under a lease** (6.3).
//! * **Checkpoints are not fetched piece by piece** (VRR 5.1 compares Merkle trees): a log that travels has the
//!   checkpoint with it that covers the rest, in one message. In the same way DOVIEWCHANGE and STARTVIEW carry all of
//!   the log that is kept, and not a few entries of it (5.3).
//! * **A client asks one replica**, and the next one if no answer comes (VRR 4 has it ask all then). A replica that is
//!   not the primary of its view turns it away.
//!
//! *Added or changed:*
//!
//! * **Recovery is by crash vectors** (RSO 5), since the paper's is wrong: a replica that has sent DOVIEWCHANGE may
//!   recover in the earlier view, acknowledge operations there, and have its old report counted after that. The nonce
//!   is the number of the replica's life, which whoever starts it counts: RSO has it learn that from the others.
//! * **State transfer drops nothing** before the new log is there (Vanlightly 2022).
//! * **PREPAREOK says up to where** a backup has all of the view's log, so one answer stands for all before it; it is
//!   sent after STARTVIEW and NEWSTATE as well, also where nothing is uncommitted.
//! * **PREPARE is sent again** with the next COMMIT to a backup that has not acknowledged it, and may carry several
//!   operations then (6.2).
//! * **DOVIEWCHANGE counts as a STARTVIEWCHANGE too**: who sends it wants the view.
//! * **An even number of replicas** makes a quorum of more than half of them; f is what is left.
//! * **With a disk** (VRR 4.3 names it as an alternative, and does not spell it out): view-number, latest normal view,
//!   log, checkpoint and crash vector are written before what rests on them is sent. The commit-number is not.
//! * **The client table** is the store's sessions, with what is still uncommitted looked up in the log.

pub mod config;
pub mod message;
pub mod rule;
pub mod state;

mod departures;
mod describe;
mod normal;
mod recovery;
mod server;
mod transfer;
mod view;
mod view_change;

pub use crate::replicated_log::{Index, Payload};
pub use config::Config;
pub use message::Message;
pub use rule::{Mutation, Rule};
pub use state::{CrashVector, Durable, Entry, Status, ViewNumber, ViewstampedTimer, Written};

use crate::kv::{Replica, Store};
use crate::process::{Fingerprint, Fingerprinter, Input, NodeId, Outbox, Process, Seat, Ticks, View};
use crate::replicated_log::{AnswersAnywhere as _, Reads, StateMachine, answers_anywhere};

/// What a replica wants to happen.
pub(crate) type Out = Outbox<Viewstamped>;

/// A replica.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Viewstamped {
    seat: Seat,
    config: Config,
    /// Which of its lives this is, from 0: the nonce of its recovery.
    life: u32,
    /// What it must not forget while it takes part, whether or not it has a disk.
    durable: Durable,
    status: Status,
    machine: StateMachine,
    /// Reads of sessions that wait until this replica has carried out so much.
    behind: Reads<Index>,
}

answers_anywhere!(Viewstamped);

impl Fingerprint for Viewstamped {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { seat, config: _, life, durable, status, machine, behind } = self;
        seat.id.fingerprint(into);
        life.fingerprint(into);
        durable.fingerprint(into);
        status.fingerprint(into);
        machine.fingerprint(into);
        behind.fingerprint(into);
    }
}

impl Viewstamped {
    /// Its status, with what it knows only in that.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// What it must not forget, as it knows it.
    pub fn durable(&self) -> &Durable {
        &self.durable
    }

    /// The last operation up to which it knows all to be committed.
    pub fn commit_number(&self) -> Index {
        self.machine.commit_index
    }

    /// The last operation that it has carried out.
    pub fn last_executed(&self) -> Index {
        self.machine.last_applied
    }

    /// Its state.
    pub fn store(&self) -> &Store {
        &self.machine.store
    }

    fn handle_message(&mut self, from: NodeId, message: &Message, out: &mut Out) {
        match message {
            Message::Request(request) => self.on_request(request, out),
            Message::Reply(_) | Message::SessionReply(_) | Message::Invoke(_) => {}
            Message::Recovery { nonce } => self.on_recovery(from, *nonce, out),
            Message::RecoveryResponse(response) => self.on_recovery_response(from, response, out),
            // It takes part in nothing else (VRR 4.3).
            _ if self.is_recovering() => {}
            Message::SessionRead(read) => self.on_session_read(read, out),
            Message::Prepare { view, first, entries, commit } => {
                self.on_prepare(from, (*view, *commit), (*first, entries), out)
            }
            Message::PrepareOk { view, op } => self.on_prepare_ok(from, *view, *op, out),
            Message::Commit { view, commit } => self.on_commit(from, *view, *commit, out),
            Message::StartViewChange { view } => self.on_start_view_change(from, *view, out),
            Message::DoViewChange(report) => self.on_do_view_change(from, report, out),
            Message::StartView { view, state, commit } => self.on_start_view(from, (*view, *commit), state, out),
            Message::GetState { view, after } => self.on_get_state(from, *view, *after, out),
            Message::NewState { view, state, commit } => self.on_new_state(from, (*view, *commit), state, out),
        }
    }
}

impl Process for Viewstamped {
    type Config = Config;
    type Message = Message;
    type Timer = ViewstampedTimer;
    type Receipt = Written;
    type Durable = Durable;
    type Rule = Rule;
    type Mutation = Mutation;
    type Report = ();

    const ROLES: &'static [&'static str] = &["backup", "primary", "view change", "recovering"];

    const LIVES_DIFFER: bool = true;

    fn mutations(&mut self) -> Option<&mut crate::process::Mutations<Mutation>> {
        Some(&mut self.config.mutations)
    }

    fn boot(seat: Seat, config: &Config, durable: &Durable, incarnation: u32) -> Self {
        Self::restore(seat, *config, durable, incarnation)
    }

    fn handle(&mut self, _: Ticks, input: Input<'_, Self>, out: &mut Out) {
        match input {
            Input::Start => self.on_start(out),
            Input::Message { from, message } => self.handle_message(from, message, out),
            Input::Timer(ViewstampedTimer::Election) => self.on_view_change_timeout(out),
            Input::Timer(ViewstampedTimer::Heartbeat) => self.on_commit_timeout(out),
            Input::Timer(ViewstampedTimer::LeaderContact | ViewstampedTimer::QuorumCheck) => {}
            Input::Persisted(written) => self.on_written(written, out),
        }
    }

    fn epoch(&self) -> u64 {
        self.durable.view
    }

    fn role(&self) -> u8 {
        match self.status {
            Status::Backup => 0,
            Status::Primary(_) => 1,
            Status::ViewChange(_) => 2,
            Status::Recovering(_) => 3,
        }
    }

    fn decided(&self) -> u64 {
        self.machine.commit_index
    }

    fn view(&self) -> View {
        self.to_view()
    }
}

impl Replica for Viewstamped {
    const PROTOCOL: &'static str = "viewstamped";
}
