//! What a replica remembers: what it must not forget, and what it knows only in one status.

use super::message::{DoViewChange, RecoveryResponse};
use crate::process::{self, Fingerprint, Fingerprinter, NodeId, NodeSet, fingerprint_enum, fingerprint_struct};
use crate::replicated_log::{Index, LeaderTimer, Payload, Shared, StateUpTo, Suffix};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A view-number.
pub type ViewNumber = u64;

/// The timers of a replica: the election timer is the one that starts view changes, the heartbeat says COMMIT, or asks
/// again where a replica recovers.
pub type ViewstampedTimer = LeaderTimer;

/// What stands at an op-number. The two together are its viewstamp: there is one entry for each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The view in which a primary gave it its op-number.
    pub view: ViewNumber,
    /// A client's request.
    pub payload: Payload,
}

fingerprint_struct!(Entry { view, payload });

/// A log, without what a checkpoint covers.
pub type Log = Suffix<Arc<Entry>>;

/// Neighbouring entries on their way.
pub type Entries = Shared<Arc<Entry>>;

/// The state after an operation, with the client table that belongs to it.
pub type Checkpoint = StateUpTo;

/// For each replica the latest of its lives that is known to have lost what the one before it knew: its crash vector
/// (Michael and others 2017).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CrashVector(Vec<u32>);

impl Fingerprint for CrashVector {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        self.0.fingerprint(into);
    }
}

impl CrashVector {
    /// Of replicas none of which is known to have lost anything.
    pub fn of(replicas: u16) -> Self {
        Self(vec![0; usize::from(replicas)])
    }

    /// The life that a replica is known to be in.
    pub fn life(&self, of: NodeId) -> u32 {
        self.0.get(of.index()).copied().unwrap_or(0)
    }

    /// A replica is in this life, or in a later one.
    pub fn note(&mut self, of: NodeId, life: u32) {
        if let Some(known) = self.0.get_mut(of.index()) {
            *known = life.max(*known);
        }
    }

    /// All that another one knows is known here too.
    pub fn merge(&mut self, other: &Self) {
        for (known, life) in self.0.iter_mut().zip(&other.0) {
            *known = (*known).max(*life);
        }
    }

    /// The lives, by replica.
    pub fn lives(&self) -> &[u32] {
        &self.0
    }
}

/// What a replica must not forget while it takes part. With a disk it survives a crash.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Durable {
    /// Whether anything was ever written: a disk without is a new one, or was lost.
    pub begun: bool,
    /// view-number: the view that it is in, or wants to be in.
    pub view: ViewNumber,
    /// v': the latest view in which its status was normal. Its log is that view's.
    pub last_normal: ViewNumber,
    /// The log. Its last index is the op-number.
    pub log: Log,
    /// The latest checkpoint.
    pub checkpoint: Option<Arc<Checkpoint>>,
    /// Whose lives it knows to have ended.
    pub crash_vector: CrashVector,
}

fingerprint_struct!(Durable { begun, view, last_normal, log, checkpoint, crash_vector });

/// One atomic change of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// A life begins that remembers nothing.
    Begin(CrashVector),
    /// Operations are appended.
    Append(Entries),
    /// All operations after one are dropped. Only a switched-off rule does that.
    Truncate(Index),
    /// It leaves its view, for a later one.
    JoinView(ViewNumber),
    /// It is in a view, in normal status, with that view's log.
    EnterView {
        /// The view.
        view: ViewNumber,
        /// The log.
        log: Log,
        /// The checkpoint that covers what the log lacks.
        checkpoint: Option<Arc<Checkpoint>>,
    },
    /// Lives have ended.
    Crashed(CrashVector),
    /// A checkpoint takes the place of operations.
    TakeCheckpoint {
        /// The checkpoint.
        checkpoint: Arc<Checkpoint>,
        /// The last operation that the log loses.
        drop_up_to: Index,
    },
}

impl process::Durable for Durable {
    type Write = Write;

    fn apply(&mut self, write: &Write) {
        match write {
            Write::Begin(crash_vector) => {
                self.begun = true;
                self.crash_vector = crash_vector.clone();
            }
            Write::Append(entries) => self.log.replace_after(self.log.last(), entries),
            Write::Truncate(op) => self.log.replace_after(*op, &[]),
            Write::JoinView(view) => self.view = *view,
            Write::EnterView { view, log, checkpoint } => {
                self.view = *view;
                self.last_normal = *view;
                self.log = log.clone();
                self.checkpoint = checkpoint.clone();
            }
            Write::Crashed(crash_vector) => self.crash_vector.merge(crash_vector),
            Write::TakeCheckpoint { checkpoint, drop_up_to } => {
                self.checkpoint = Some(checkpoint.clone());
                self.log.drop_up_to((*drop_up_to).max(self.log.base()));
            }
        }
    }
}

/// The status of a replica (VRR 4, figure 2), with what it knows only in that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Status {
    /// Normal, and not the primary of its view.
    Backup,
    /// Normal, and the primary of its view.
    Primary(Box<Primary>),
    /// Between two views.
    ViewChange(Box<ViewChange>),
    /// It has lost all that it knew.
    Recovering(Box<Recovering>),
}

fingerprint_enum!(Status {
    0 => Backup,
    1 => Primary(primary),
    2 => ViewChange(view_change),
    3 => Recovering(recovering),
});

/// What a primary knows of its backups.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Primary {
    /// For each replica, the last operation up to which it has said that it has all of this view's log.
    pub prepared: Vec<Index>,
    /// The last operation that is on its own disk: none counts as committed before. Without a disk, the last of all.
    pub written: Index,
    /// The last operation that everybody should have by now: what is missing up to there is sent again.
    pub overdue: Index,
}

fingerprint_struct!(Primary { prepared, written, overdue });

/// What a primary is told when its log is on its disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Written {
    /// Its view then.
    pub view: ViewNumber,
    /// The last operation then.
    pub op: Index,
}

fingerprint_struct!(Written { view, op });

/// What a replica has heard between two views.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ViewChange {
    /// The other replicas that want the same view.
    pub wanted_by: NodeSet,
    /// Whether it has sent its own DOVIEWCHANGE.
    pub is_done: bool,
    /// As the primary of the view: the DOVIEWCHANGE of each replica.
    pub reports: BTreeMap<NodeId, Arc<DoViewChange>>,
}

fingerprint_struct!(ViewChange { wanted_by, is_done, reports });

/// What a recovering replica was answered.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Recovering {
    /// The latest answer of each replica.
    pub responses: BTreeMap<NodeId, Arc<RecoveryResponse>>,
}

fingerprint_struct!(Recovering { responses });
