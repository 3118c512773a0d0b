//! Reads by a lease (dissertation, 6.4.1): while nobody else can have been elected, the leader need not ask.
//!
//! Every heartbeat begins a round. Once a majority has answered it, the leader's lease lasts an election timeout, the
//! shortest, from the moment at which the round *began*, shortened by the bound of the clocks
//! ([`crate::replicated_log::lease`] says why). Without a lease, it asks a majority as ever.

use super::Raft;
use super::state::Role;
use crate::kv::Reading;
use crate::replicated_log::Lease;
use crate::replicated_log::reads::majority_confirms;

impl Raft {
    /// Whether leaders answer reads by leases.
    pub(super) fn reads_by_lease(&self) -> bool {
        self.config.reading == Reading::Lease
    }

    /// A round begins whose answers may renew the lease.
    pub(super) fn begin_lease_round(&mut self) {
        if let (true, Role::Leader(leader)) = (self.reads_by_lease(), &mut self.role) {
            leader.round += 1;
            leader.lease.begin_round(leader.round, self.clock);
        }
    }

    /// A follower has answered a round.
    pub(super) fn renew_lease(&mut self) {
        if let (true, Role::Leader(leader)) = (self.reads_by_lease(), &mut self.role) {
            let progress = &leader.progress;
            leader.lease.renew(|round| {
                majority_confirms(self.seat, |peer| {
                    progress.get(peer.index()).is_some_and(|each| each.round() >= round)
                })
            });
        }
    }

    /// Whether its lease holds, and its state machine has all that it knows to be committed, in its own term too.
    pub(super) fn may_answer_by_lease(&self) -> bool {
        let Role::Leader(leader) = &self.role else { return false };
        let index = self.machine.commit_index;
        let lasts = Lease::lasts(self.config.election_timeout_ticks_min, self.config.clock_drift_ppm);
        self.reads_by_lease()
            && leader.lease.holds(self.clock, lasts)
            && self.log().term_at(index) == Some(self.current_term())
            && self.machine.last_applied == index
    }
}
