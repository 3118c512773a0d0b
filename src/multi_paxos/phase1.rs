//! Phase 1, once for all slots (PMS 2.2 and 3): a candidate asks for promises, and learns what may have been chosen.

use super::log::{Accepted, GAPS_MAX, Payload, Slot};
use super::message::{Promise, Reported};
use super::rule::{Mutation, Rule};
use super::state::{Candidate, Leader, MultiPaxosTimer, Progress, Receipt, Role, Snapshot, Write};
use super::{Ballot, Message, MultiPaxos, Out};
use crate::process::{NodeId, NodeSet};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

impl MultiPaxos {
    /// No leader was heard from, or the promises did not come.
    pub(super) fn on_election_timeout(&mut self, out: &mut Out) {
        if matches!(self.role, Role::Leader(_)) {
            return;
        }
        out.rule(Rule::ElectionTimeout);
        self.leader_recent = false;
        self.become_candidate(out);
    }

    /// Phase 1 (a). The ballot is on disk before anybody hears of it, so that no ballot is used twice (PMS 2.5).
    pub(super) fn become_candidate(&mut self, out: &mut Out) {
        out.rule(Rule::BallotChosen);
        let known = self.durable.round.max(self.round_seen).max(self.promised().map_or(0, |promised| promised.round));
        let ballot = Ballot { round: known + 1, node: self.seat.id };
        self.leader = None;
        self.role = Role::Candidate(Box::new(Candidate { ballot, promises: NodeSet::EMPTY, reported: BTreeMap::new(), snapshot: None }));
        self.persist(Write::Candidacy(ballot), out);
        out.when_persisted(Receipt::OwnPromise { ballot });
        self.reset_election_timer(out);
        for peer in self.seat.peers() {
            out.send(peer, Message::Prepare { ballot, after: self.commit_index });
        }
    }

    /// Whether it has heard from a leader lately, or is one: then it does not help another to depose it.
    fn protects_leader_from(&self, candidate: NodeId) -> bool {
        let believes = self.leader_recent || matches!(self.role, Role::Leader(_));
        self.config.check_quorum && believes && self.leader != Some(candidate)
    }

    /// Phase 1 (b): promises a ballot that is higher than any promised before, for all slots. A prepare of the very ballot that it has promised is a
    /// second copy, or comes because the promise was lost: it is answered again, and nothing changes. Only a higher promise refuses.
    pub(super) fn on_prepare(&mut self, from: NodeId, ballot: Ballot, after: Slot, out: &mut Out) {
        if let Some(promised) = self.promised().filter(|&promised| promised > ballot) {
            out.rule(Rule::PrepareRefused);
            out.send(from, Message::Refused { ballot, promised });
            return;
        }
        if self.promised() == Some(ballot) {
            out.rule(Rule::Promised);
            let promise = self.promise(ballot, after, out);
            out.send(from, Message::Promise(promise));
            return;
        }
        if self.protects_leader_from(from) {
            out.rule(Rule::PrepareUnheard);
            return;
        }
        if matches!(self.role, Role::Leader(_)) {
            out.rule(Rule::BallotLost);
        }
        out.rule(Rule::Promised);
        self.become_follower(None, out);
        // Whoever led has lost: to go on keeping faith would be to hear nobody, not even this candidate.
        self.forget_leader(out);
        self.reset_election_timer(out);
        self.persist(Write::Promise(ballot), out);
        let promise = self.promise(ballot, after, out);
        out.send(from, Message::Promise(promise));
    }

    /// What the acceptor has accepted behind a slot. Where it has forgotten some of it, the state that it led to.
    fn promise(&self, ballot: Ballot, after: Slot, out: &mut Out) -> Promise {
        let report = |(slot, accepted): (Slot, &Accepted)| Reported { slot, accepted: accepted.clone() };
        let reported = if self.has(Mutation::PromiseWithoutAccepted) { Vec::new() } else { self.log().after(after).map(report).collect() };
        let has_forgotten = after < self.log().base();
        let snapshot = self.durable.snapshot.clone().filter(|_| has_forgotten && !self.has(Mutation::ForgottenSlotsRefilled));
        if snapshot.is_some() {
            out.rule(Rule::StatePromised);
        }
        Promise { ballot, reported: reported.into(), snapshot }
    }

    /// The promise to itself is on disk: now it counts as another's would.
    pub(super) fn on_own_promise_persisted(&mut self, ballot: Ballot, out: &mut Out) {
        if self.promised() == Some(ballot) {
            let own: Vec<Reported> =
                self.log().after(self.commit_index).map(|(slot, accepted)| Reported { slot, accepted: accepted.clone() }).collect();
            self.on_promise(self.seat.id, &Promise { ballot, reported: own.into(), snapshot: None }, out);
        }
    }

    /// A promise. One of another ballot is for another attempt, and means nothing.
    pub(super) fn on_promise(&mut self, from: NodeId, promise: &Promise, out: &mut Out) {
        let (quorum, stale_counts, latest) =
            (self.quorum(), self.has(Mutation::StalePromisesCounted), self.has(Mutation::LatestInsteadOfHighestBallot));
        let Role::Candidate(candidate) = &mut self.role else { return };
        if promise.ballot != candidate.ballot && !stale_counts {
            return;
        }
        let known = self.commit_index.max(promise.snapshot.as_ref().map_or(0, |snapshot| snapshot.up_to));
        let last = promise.reported.iter().map(|reported| reported.slot).max().unwrap_or(0);
        if last.saturating_sub(known) > GAPS_MAX + promise.reported.len() as u64 {
            out.violation(format!("a promise reports slot {last}, and more than {GAPS_MAX} slots up to it are empty"));
            return;
        }
        candidate.promises.insert(from);
        for Reported { slot, accepted } in promise.reported.iter() {
            let known = candidate.reported.entry(*slot).or_insert_with(|| accepted.clone());
            if known.ballot < accepted.ballot || latest {
                *known = accepted.clone();
            }
        }
        let is_later = |snapshot: &&Arc<Snapshot>| candidate.snapshot.as_ref().is_none_or(|known| known.up_to < snapshot.up_to);
        if let Some(later) = promise.snapshot.as_ref().filter(is_later) {
            candidate.snapshot = Some(later.clone());
        }
        if candidate.promises.len() >= quorum {
            self.become_leader(out);
        }
    }

    /// A majority has promised: it leads its ballot, and proposes what it must in all open slots.
    fn become_leader(&mut self, out: &mut Out) {
        let Role::Candidate(candidate) = std::mem::replace(&mut self.role, Role::Follower) else {
            out.violation("only a candidate can become leader");
            return;
        };
        out.rule(Rule::BecameLeader);
        if let Some(snapshot) = candidate.snapshot.as_ref() {
            self.install(snapshot, out);
        }
        let last = candidate.reported.last_key_value().map_or(0, |(slot, _)| *slot).max(self.commit_index);
        self.leader = Some(self.seat.id);
        self.role = Role::Leader(Box::new(Leader {
            ballot: candidate.ballot,
            next_slot: self.commit_index + 1,
            inherited: last,
            open: BTreeMap::new(),
            overdue: self.commit_index,
            progress: vec![Progress::default(); usize::from(self.seat.replicas)],
            heard: NodeSet::EMPTY,
            heard_before: NodeSet::EMPTY,
            round: 0,
            reads: VecDeque::new(),
        }));
        out.clear_timer(MultiPaxosTimer::Election);
        out.clear_timer(MultiPaxosTimer::LeaderContact);
        let heartbeat = self.config.heartbeat_ticks;
        out.set_timer(MultiPaxosTimer::Heartbeat, heartbeat, heartbeat);
        if self.config.check_quorum {
            let patience = self.config.election_timeout_ticks_max;
            out.set_timer(MultiPaxosTimer::QuorumCheck, patience, patience);
        }
        self.propose_open_slots(&candidate.reported, last, out);
        self.broadcast_heartbeat(out);
    }

    /// In each open slot the value of the highest ballot that was reported, and in a gap a value that does nothing (PMS 3).
    fn propose_open_slots(&mut self, reported: &BTreeMap<Slot, Accepted>, last: Slot, out: &mut Out) {
        let overwrites = self.has(Mutation::PossiblyChosenOverwritten);
        let mut values = Vec::new();
        for slot in self.commit_index + 1..=last {
            match reported.get(&slot).filter(|_| !overwrites) {
                Some(accepted) => {
                    out.rule(Rule::ValueBound);
                    values.push(accepted.payload.clone());
                }
                None if self.has(Mutation::GapSkipped) => {
                    self.propose(std::mem::take(&mut values), out);
                    self.skip_slot();
                }
                None => {
                    out.rule(Rule::GapFilled);
                    values.push(Arc::new(Payload::NoOp));
                }
            }
        }
        self.propose(values, out);
    }

    /// Only a mutation does that: the next slot is left as it is.
    fn skip_slot(&mut self) {
        if let Role::Leader(leader) = &mut self.role {
            leader.next_slot += 1;
        }
    }

    /// A higher ballot is about. A candidate waits a random time before it tries a still higher one (PMS 2.4).
    pub(super) fn on_refused(&mut self, from: NodeId, ballot: Ballot, promised: Ballot, out: &mut Out) {
        let own = match &self.role {
            Role::Follower => return,
            Role::Candidate(candidate) => candidate.ballot,
            Role::Leader(leader) => leader.ballot,
        };
        if ballot != own || promised <= own {
            return;
        }
        self.round_seen = self.round_seen.max(promised.round);
        if let Role::Leader(leader) = &self.role {
            out.rule(Rule::BallotLost);
            // The ballot is that of a server which nobody follows, or it would not itself refuse: a higher one brings it back (PML 5.2).
            let boosts = self.config.check_quorum && from == promised.node && self.is_heard(leader);
            self.become_follower(None, out);
            if boosts {
                out.rule(Rule::BallotBoosted);
                self.become_candidate(out);
            }
        } else {
            out.rule(Rule::Outbid);
            self.become_follower(None, out);
        }
    }

    /// Whether a majority has heard the leader: since the last quorum check, or, as that may have been just now, in the period before it.
    fn is_heard(&self, leader: &Leader) -> bool {
        let majority = self.seat.majority();
        leader.heard.len() + 1 >= majority || leader.heard_before.len() >= majority
    }

    /// Has the leader heard from a majority since it last asked itself? If not, it steps down.
    pub(super) fn on_quorum_check(&mut self, out: &mut Out) {
        let (own, majority) = (self.seat.id, self.seat.majority());
        let Role::Leader(leader) = &mut self.role else { return };
        leader.heard.insert(own);
        let heard = std::mem::take(&mut leader.heard);
        if heard.len() < majority {
            out.rule(Rule::QuorumLost);
            self.become_follower(None, out);
        } else {
            leader.heard_before = heard;
            let patience = self.config.election_timeout_ticks_max;
            out.set_timer(MultiPaxosTimer::QuorumCheck, patience, patience);
        }
    }
}
