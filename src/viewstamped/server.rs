//! A replica as it boots, what it keeps, and how its status changes.

use super::config::Config;
use super::rule::{Mutation, Rule};
use super::state::{
    CrashVector, Durable, Log, Primary, Recovering, Status, ViewChange, ViewNumber, ViewstampedTimer, Write,
};
use super::{Out, Viewstamped};
use crate::process::{self, NodeId, Seat};
use crate::replicated_log::{Index, Reads, StateMachine};

impl Viewstamped {
    /// A replica as it boots: a new one, one that has all it needs on its disk, or one that must recover.
    pub(super) fn restore(seat: Seat, config: Config, disk: &Durable, life: u32) -> Self {
        let is_kept = config.on_disk && disk.begun;
        let is_new = life == 0 || config.mutations.has(Mutation::RecoverySkipped);
        let mut crash_vector = CrashVector::of(seat.replicas);
        crash_vector.note(seat.id, life);
        let durable = if is_kept { disk.clone() } else { Durable { crash_vector, ..Durable::default() } };
        let status = match &durable {
            durable if durable.view != durable.last_normal => Status::ViewChange(Box::default()),
            _ if !is_kept && !is_new => Status::Recovering(Box::default()),
            durable if primary_of(seat, durable.view) == seat.id => {
                Status::Primary(Box::new(nobody_has(seat, durable.log.last())))
            }
            _ => Status::Backup,
        };
        let machine = StateMachine::restored(durable.checkpoint.as_deref());
        Self { seat, config, life, durable, status, machine, behind: Reads::default() }
    }

    /// It begins to live.
    pub(super) fn on_start(&mut self, out: &mut Out) {
        match self.status {
            Status::Recovering(_) => return self.begin_recovery(out),
            Status::ViewChange(_) => return self.want_view(out),
            Status::Backup | Status::Primary(_) => {}
        }
        if !self.durable.begun {
            self.persist(Write::Begin(self.durable.crash_vector.clone()), out);
        }
        if self.is_primary() {
            self.next_commit(out);
        } else {
            self.await_primary(out);
        }
    }

    /// The primary of a view: the replicas take turns (VRR 4).
    pub(super) fn primary_of(&self, view: ViewNumber) -> NodeId {
        primary_of(self.seat, view)
    }

    /// Its log.
    #[inline]
    pub fn log(&self) -> &Log {
        &self.durable.log
    }

    /// The view that it is in, or wants to be in.
    #[inline]
    pub fn view_number(&self) -> ViewNumber {
        self.durable.view
    }

    /// The number of its last operation.
    #[inline]
    pub fn op_number(&self) -> Index {
        self.durable.log.last()
    }

    /// Whether it is the primary of its view.
    pub fn is_primary(&self) -> bool {
        matches!(self.status, Status::Primary(_))
    }

    /// Whether its status is normal.
    pub fn is_normal(&self) -> bool {
        matches!(self.status, Status::Primary(_) | Status::Backup)
    }

    /// Whether it has lost all that it knew, and takes part in nothing.
    pub fn is_recovering(&self) -> bool {
        matches!(self.status, Status::Recovering(_))
    }

    /// The primary, if it is in a view.
    pub(super) fn known_primary(&self) -> Option<NodeId> {
        self.is_normal().then(|| self.primary_of(self.view_number()))
    }

    /// f + 1.
    pub(super) fn quorum(&self) -> u32 {
        self.seat.majority()
    }

    /// Whether a rule is switched off.
    #[inline]
    pub(super) fn has(&self, mutation: Mutation) -> bool {
        self.config.mutations.has(mutation)
    }

    /// Changes what it must not forget; on the disk too, if it has one.
    pub(super) fn persist(&mut self, write: Write, out: &mut Out) {
        process::Durable::apply(&mut self.durable, &write);
        if self.config.on_disk && !self.is_kept_from_disk(&write) {
            out.persist(write);
        }
    }

    /// Waits for the primary, or for a view change to end, with a new random length.
    pub(super) fn await_primary(&self, out: &mut Out) {
        let Config { view_change_ticks_min, view_change_ticks_max, .. } = self.config;
        out.set_timer(ViewstampedTimer::Election, view_change_ticks_min, view_change_ticks_max);
    }

    /// The next COMMIT, or the next RECOVERY, is due after this time.
    pub(super) fn next_commit(&self, out: &mut Out) {
        out.set_timer(ViewstampedTimer::Heartbeat, self.config.commit_ticks, self.config.commit_ticks);
    }

    /// Follows the primary of its view.
    pub(super) fn become_backup(&mut self, out: &mut Out) {
        self.status = Status::Backup;
        out.clear_timer(ViewstampedTimer::Heartbeat);
        self.await_primary(out);
    }

    /// It is the primary of its view.
    pub(super) fn become_primary(&mut self, out: &mut Out) {
        self.status = Status::Primary(Box::new(nobody_has(self.seat, 0)));
        out.clear_timer(ViewstampedTimer::Election);
        self.next_commit(out);
    }

    /// Leaves its view for a later one.
    pub(super) fn become_view_changer(&mut self, view: ViewNumber, out: &mut Out) {
        self.persist(Write::JoinView(view), out);
        self.status = Status::ViewChange(Box::<ViewChange>::default());
        out.clear_timer(ViewstampedTimer::Heartbeat);
        self.want_view(out);
    }

    fn begin_recovery(&mut self, out: &mut Out) {
        out.rule(Rule::RecoveryBegun);
        self.status = Status::Recovering(Box::<Recovering>::default());
        self.ask_for_recovery(out);
    }
}

fn primary_of(seat: Seat, view: ViewNumber) -> NodeId {
    NodeId((view % u64::from(seat.replicas)) as u16)
}

fn nobody_has(seat: Seat, written: Index) -> Primary {
    Primary { prepared: vec![0; usize::from(seat.replicas)], written, overdue: 0 }
}
