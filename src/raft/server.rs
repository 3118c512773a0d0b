//! A server as it boots, what it writes, and how it becomes a follower. The other changes of roles are in `election`.

use super::config::Config;
use super::log::{Log, Term};
use super::rule::{Mutation, Rule};
use super::state::{Durable, Life, Role, Write};
use super::{Out, Raft};
use crate::kv::Reading;
use crate::process::{self, NodeId, Seat};
use crate::replicated_log::{Incoming, Reads, Snapshot as _, StateMachine};

impl Raft {
    /// A server as it boots: nothing but its disk and the state machine of its snapshot.
    pub(super) fn restore(seat: Seat, config: Config, durable: Durable, incarnation: u32) -> Self {
        Self {
            seat,
            config,
            role: Role::Follower,
            leader: None,
            leader_recent: incarnation > 0 && config.reading == Reading::Lease,
            life: Life(incarnation),
            campaigns: 0,
            machine: StateMachine::restored(durable.snapshot.as_deref()),
            incoming: Incoming::default(),
            behind: Reads::default(),
            clock: 0,
            durable,
        }
    }

    /// The number of its latest pre-vote campaign.
    pub(super) fn campaign(&self) -> u64 {
        u64::from(self.life.0) << 32 | u64::from(self.campaigns)
    }

    /// The current term.
    #[inline]
    pub fn current_term(&self) -> Term {
        self.durable.current_term
    }

    /// Its log.
    #[inline]
    pub fn log(&self) -> &Log {
        &self.durable.log
    }

    /// Changes what survives a crash, here and on the disk.
    pub(super) fn persist(&mut self, write: Write, out: &mut Out) {
        debug_assert!(self.fits(&write), "{write:?} does not fit a log up to {}", self.log().last_index());
        process::Durable::apply(&mut self.durable, &write);
        if !self.is_kept_from_disk(&write) {
            out.persist(write);
        }
    }

    /// What the server must see to before it writes: no gap comes into the log, and no snapshot is of something else.
    fn fits(&self, write: &Write) -> bool {
        match write {
            Write::Vote { .. } | Write::InstallSnapshot { .. } => true,
            Write::Append { after, .. } => (self.log().base_index()..=self.log().last_index()).contains(after),
            Write::TakeSnapshot { snapshot, drop_up_to } => *drop_up_to <= snapshot.covers().0,
        }
    }

    /// Whether a rule is switched off.
    #[inline]
    pub(super) fn has(&self, mutation: Mutation) -> bool {
        self.config.mutations.has(mutation)
    }

    /// Whether it leads.
    pub(super) fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }

    /// Starts the wait for a leader anew, with a new random length (section 5.2).
    pub(super) fn reset_election_timer(&self, out: &mut Out) {
        self.config.timing().await_leader(out);
    }

    /// Becomes a follower, in the same term or a higher one. A lower one is not possible.
    pub(super) fn become_follower(&mut self, term: Term, leader: Option<NodeId>, out: &mut Out) {
        if term < self.current_term() {
            out.violation(format!("the term would go back from {} to {term}", self.current_term()));
            return;
        }
        if term > self.current_term() || self.forgets_its_vote() {
            self.persist(Write::Vote { current_term: term, voted_for: None }, out);
        }
        let was = std::mem::replace(&mut self.role, Role::Follower);
        self.leader = leader;
        if !matches!(was, Role::Follower) {
            self.reset_election_timer(out);
        }
        if let Role::Leader(was) = was {
            self.config.timing().cease_to_lead(out);
            was.reads.turn_away(Rule::NotLeaderAnswered, leader, out);
        }
    }
}
