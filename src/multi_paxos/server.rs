//! A server as it boots, what it writes, and how it becomes a follower. The other changes of roles are in `phase1`.

use super::config::Config;
use super::log::Log;
use super::rule::{Mutation, Rule};
use super::state::{Durable, MultiPaxosTimer, Role, Write};
use super::{Ballot, Message, MultiPaxos, Out};
use crate::process::{self, NodeId, Seat};
use crate::replicated_log::{Incoming, Reads, StateMachine};

impl MultiPaxos {
    /// A server as it boots: nothing but its disk and the state machine that was saved there.
    pub(super) fn restore(seat: Seat, config: Config, durable: Durable) -> Self {
        Self {
            seat,
            config,
            role: Role::Follower,
            leader: None,
            leader_recent: false,
            round_seen: 0,
            machine: StateMachine::restored(durable.snapshot.as_deref()),
            incoming: Incoming::default(),
            behind: Reads::default(),
            durable,
        }
    }

    /// What it has accepted.
    #[inline]
    pub fn log(&self) -> &Log {
        &self.durable.log
    }

    /// The highest ballot that it has promised.
    #[inline]
    pub fn promised(&self) -> Option<Ballot> {
        self.durable.promised
    }

    /// The ballot that it leads.
    pub fn leads(&self) -> Option<Ballot> {
        if let Role::Leader(leader) = &self.role { Some(leader.ballot) } else { None }
    }

    /// Whether a rule is switched off.
    #[inline]
    pub(super) fn has(&self, mutation: Mutation) -> bool {
        self.config.mutations.has(mutation)
    }

    /// Changes what survives a crash, here and on the disk.
    pub(super) fn persist(&mut self, write: Write, out: &mut Out) {
        debug_assert!(self.fits(&write), "{write:?} does not go on from {:?}", self.durable.promised);
        process::Durable::apply(&mut self.durable, &write);
        if !self.is_kept_from_disk(&write) {
            out.persist(write);
        }
    }

    /// What the server must see to before it writes: no promise is taken back, and a row of values is not empty.
    fn fits(&self, write: &Write) -> bool {
        match write {
            Write::Candidacy(ballot) => ballot.round > self.durable.round && Some(*ballot) > self.promised(),
            Write::Promise(ballot) => Some(*ballot) > self.promised(),
            Write::Accept { values, .. } => !values.is_empty(),
            Write::TakeSnapshot { snapshot, forget_up_to } => *forget_up_to <= snapshot.up_to,
            Write::InstallSnapshot(_) => true,
        }
    }

    /// Starts the wait for a leader anew, with a new random length.
    pub(super) fn reset_election_timer(&self, out: &mut Out) {
        self.config.timing().await_leader(out);
    }

    /// Follows whoever leads, if anybody does. Reads that wait are turned away: what it led is over (PML 5.3).
    pub(super) fn become_follower(&mut self, leader: Option<NodeId>, out: &mut Out) {
        let was = std::mem::replace(&mut self.role, Role::Follower);
        self.leader = leader;
        if matches!(was, Role::Follower) {
            return;
        }
        self.reset_election_timer(out);
        if let Role::Leader(was) = was {
            self.config.timing().cease_to_lead(out);
            was.reads.turn_away(Rule::NotLeaderAnswered, leader, out);
        }
    }

    /// The leader of a ballot has spoken: whether it may be heard. A higher ballot is promised, a lower one refused.
    pub(super) fn follow(&mut self, from: NodeId, ballot: Ballot, out: &mut Out) -> bool {
        if let Some(promised) = self.promised().filter(|&promised| promised > ballot) {
            out.rule(Rule::AcceptRefused);
            out.send(from, Message::Refused { ballot, promised });
            return false;
        }
        if !matches!(self.role, Role::Follower) {
            out.rule(Rule::LeaderFound);
            self.become_follower(Some(from), out);
        }
        self.leader = Some(from);
        self.leader_recent = true;
        self.config.timing().hear_leader(out);
        true
    }

    /// Whether it leads.
    pub(super) fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }

    /// Believes in no leader any more, and so keeps no faith with one.
    pub(super) fn forget_leader(&mut self, out: &mut Out) {
        self.leader = None;
        if std::mem::take(&mut self.leader_recent) {
            out.clear_timer(MultiPaxosTimer::LeaderContact);
        }
    }

    /// Promises a ballot, unless it is promised already.
    pub(super) fn raise_promise(&mut self, ballot: Ballot, out: &mut Out) {
        if self.promised().is_none_or(|promised| promised < ballot) {
            self.persist(Write::Promise(ballot), out);
        }
    }
}
