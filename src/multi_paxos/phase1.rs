//! Phase 1, once for all slots (PMS 2.2 and 3): a candidate asks for promises, and learns what may have been chosen.

use super::log::{Accepted, GAPS_MAX, Slot};
use super::message::{Part, Promise, Reported};
use super::rule::{Mutation, Rule};
use super::state::{Candidate, Leader, Progress, Receipt, Role, Snapshot, Write};
use super::{Ballot, Message, MultiPaxos, Out};
use crate::kv::Store;
use crate::kv::pieces::fitting;
use crate::process::{NodeId, NodeSet};
use crate::replicated_log::{Reads, Transfers};
use std::collections::BTreeMap;
use std::sync::Arc;

impl MultiPaxos {
    /// No leader was heard from, or the promises did not come.
    pub(super) fn on_election_timeout(&mut self, out: &mut Out) {
        if self.is_leader() {
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
        self.role = Role::Candidate(Box::new(Candidate {
            ballot,
            promises: NodeSet::EMPTY,
            reported: BTreeMap::new(),
            snapshot: None,
            incomplete: BTreeMap::new(),
        }));
        self.persist(Write::Candidacy(ballot), out);
        out.when_persisted(Receipt::OwnPromise { ballot });
        self.reset_election_timer(out);
        for peer in self.seat.peers() {
            out.send(peer, Message::Prepare { ballot, after: self.machine.commit_index });
        }
    }

    /// Whether it has heard from a leader lately, or is one: then it does not help another to depose it.
    fn protects_leader_from(&self, candidate: NodeId) -> bool {
        let believes = self.leader_recent || self.is_leader();
        self.config.check_quorum && believes && self.leader != Some(candidate)
    }

    /// Phase 1 (b): promises a ballot that is higher than any promised before, for all slots. A prepare of the very
    /// ballot that it has promised is a second copy, or comes because the promise was lost: it is answered again, and
    /// nothing changes. Only a higher promise refuses.
    pub(super) fn on_prepare(&mut self, from: NodeId, ballot: Ballot, after: Slot, out: &mut Out) {
        if let Some(promised) = self.promised().filter(|&promised| promised > ballot) {
            out.rule(Rule::PrepareRefused);
            out.send(from, Message::Refused { ballot, promised });
            return;
        }
        if self.promised() == Some(ballot) {
            out.rule(Rule::Promised);
            self.send_promise(from, ballot, after, out);
            return;
        }
        if self.protects_leader_from(from) {
            out.rule(Rule::PrepareUnheard);
            return;
        }
        if self.is_leader() {
            out.rule(Rule::BallotLost);
        }
        out.rule(Rule::Promised);
        self.become_follower(None, out);
        // Whoever led has lost: to go on keeping faith would be to hear nobody, not even this candidate.
        self.forget_leader(out);
        self.reset_election_timer(out);
        self.persist(Write::Promise(ballot), out);
        self.send_promise(from, ballot, after, out);
    }

    /// Says what it promises, in as many messages as it takes.
    fn send_promise(&mut self, to: NodeId, ballot: Ballot, after: Slot, out: &mut Out) {
        let promise = self.promise(ballot, after, out);
        for part in in_parts(promise, self.config.bytes_per_message_max) {
            out.send(to, Message::Promise(part));
        }
    }

    /// What the acceptor has accepted after a slot. Where it has forgotten some of it, the state that it led to.
    fn promise(&self, ballot: Ballot, after: Slot, out: &mut Out) -> Promise {
        let has_forgotten = after < self.log().base() && !self.has(Mutation::ForgottenSlotsRefilled);
        let snapshot = self.durable.snapshot.clone().filter(|_| has_forgotten);
        if snapshot.is_some() {
            out.rule(Rule::StatePromised);
        }
        Promise { ballot, reported: self.reported_after(after).into(), snapshot, part: None }
    }

    pub(super) fn accepted_after(&self, slot: Slot) -> Vec<Reported> {
        self.log().after(slot).map(|(slot, accepted)| Reported { slot, accepted: accepted.clone() }).collect()
    }

    /// The promise to itself is on disk: now it counts as another's would.
    pub(super) fn on_own_promise_persisted(&mut self, ballot: Ballot, out: &mut Out) {
        if self.promised() == Some(ballot) {
            let reported = self.accepted_after(self.machine.commit_index).into();
            self.on_promise(self.seat.id, &Promise { ballot, reported, snapshot: None, part: None }, out);
        }
    }

    /// A promise, or a part of one. One of another ballot is for another attempt, and means nothing. What a part
    /// reports was accepted, so it binds the candidate like all that is reported; but only all parts together are a
    /// promise.
    pub(super) fn on_promise(&mut self, from: NodeId, promise: &Promise, out: &mut Out) {
        let (quorum, binds, stale_counts) =
            (self.quorum(), self.later_report_binds(), self.has(Mutation::StalePromisesCounted));
        let Role::Candidate(candidate) = &mut self.role else { return };
        if promise.ballot != candidate.ballot && !stale_counts {
            return;
        }
        let known = self.machine.commit_index.max(promise.snapshot.as_ref().map_or(0, |snapshot| snapshot.up_to));
        let last = promise.reported.iter().map(|reported| reported.slot).max().unwrap_or(0);
        if last.saturating_sub(known) > GAPS_MAX + promise.reported.len() as u64 {
            out.violation(format!("a promise reports slot {last}, and more than {GAPS_MAX} slots up to it are empty"));
            return;
        }
        for Reported { slot, accepted } in promise.reported.iter() {
            let known = candidate.reported.entry(*slot).or_insert_with(|| accepted.clone());
            if binds(known.ballot, accepted.ballot) {
                *known = accepted.clone();
            }
        }
        let Some(snapshot) = candidate.whole_snapshot(from, promise) else { return };
        candidate.promises.insert(from);
        let is_later =
            |snapshot: &Arc<Snapshot>| candidate.snapshot.as_ref().is_none_or(|known| known.up_to < snapshot.up_to);
        if let Some(later) = snapshot.filter(is_later) {
            candidate.snapshot = Some(later);
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
        let last = candidate.reported.last_key_value().map_or(0, |(slot, _)| *slot).max(self.machine.commit_index);
        self.leader = Some(self.seat.id);
        self.role = Role::Leader(Box::new(Leader {
            ballot: candidate.ballot,
            next_slot: self.machine.commit_index + 1,
            inherited: last,
            open: BTreeMap::new(),
            overdue: self.machine.commit_index,
            progress: vec![Progress::default(); usize::from(self.seat.replicas)],
            heard: NodeSet::EMPTY,
            heard_before: NodeSet::EMPTY,
            round: 0,
            reads: Reads::default(),
            transfers: Transfers::default(),
        }));
        self.config.timing().begin_to_lead(out);
        self.propose_open_slots(&candidate.reported, last, out);
        self.broadcast_heartbeat(out);
    }

    /// In each open slot the value of the highest ballot that was reported, and in a gap a value that does nothing
    /// (PMS 3).
    fn propose_open_slots(&mut self, reported: &BTreeMap<Slot, Accepted>, last: Slot, out: &mut Out) {
        let mut row = Vec::new();
        for slot in self.machine.commit_index + 1..=last {
            match self.value_to_propose(reported.get(&slot), out) {
                Some(value) => row.push(value),
                None => {
                    self.propose(std::mem::take(&mut row), out);
                    self.skip_slot();
                }
            }
        }
        self.propose(row, out);
    }

    /// Only a departure does that: the next slot is left as it is.
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
            // The ballot is that of a server which nobody follows, or it would not itself refuse: a higher one brings
            // it back (PML 5.2).
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

    /// Whether a majority has heard the leader: since the last quorum check, or, as that may have been just now, in the
    /// period before it.
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
            self.config.timing().next_quorum_check(out);
        }
    }
}

impl Candidate {
    /// The state that a promise carries, if this is the whole promise or its last part to come.
    fn whole_snapshot(&mut self, from: NodeId, promise: &Promise) -> Option<Option<Arc<Snapshot>>> {
        let Some(part) = promise.part else { return Some(promise.snapshot.clone()) };
        let parts = self.incomplete.entry(from).or_default();
        parts.numbers.insert(part.number);
        if let Some(piece) = &promise.snapshot {
            let empty = || Snapshot { up_to: piece.up_to, store: Store::default() };
            parts.snapshot.get_or_insert_with(empty).store.add(&piece.store);
        }
        if (parts.numbers.len() as u64) < part.of {
            return None;
        }
        self.incomplete.remove(&from).map(|parts| parts.snapshot.map(Arc::new))
    }
}

/// A promise as it travels: whole if it fits into a message of so many bytes, else in parts that do. Each part names
/// the slot up to which the state goes, so that what it reports can be judged by itself.
fn in_parts(promise: Promise, bytes_max: u64) -> Vec<Promise> {
    let size = |reported: &Reported| reported.accepted.payload.bytes();
    let bytes: u64 = promise.reported.iter().map(size).sum();
    let fits =
        bytes <= bytes_max && promise.snapshot.as_ref().is_none_or(|snapshot| snapshot.store.fits(bytes_max - bytes));
    if fits {
        return vec![promise];
    }
    let Promise { ballot, reported, snapshot, part: _ } = promise;
    let mut rest = &*reported;
    let rows = std::iter::from_fn(|| {
        let (row, after) = rest.split_at(fitting(rest.iter().map(size), bytes_max) as usize);
        rest = after;
        (!row.is_empty()).then(|| row.to_vec())
    });
    let up_to = snapshot.as_ref().map(|snapshot| snapshot.up_to);
    let state = |store: Store| up_to.map(|up_to| Arc::new(Snapshot { up_to, store }));
    let part = |reported: Vec<Reported>, store| Promise {
        ballot,
        reported: reported.into(),
        snapshot: state(store),
        part: None,
    };
    let mut parts: Vec<Promise> = rows.map(|row| part(row, Store::default())).collect();
    let (mut offset, mut done) = (0, snapshot.is_none());
    while let Some(snapshot) = snapshot.as_ref().filter(|_| !done) {
        let (store, piece) = snapshot.store.piece(offset, bytes_max);
        (offset, done) = (offset + store.items(), piece.done);
        parts.push(part(Vec::new(), store));
    }
    let of = parts.len() as u64;
    for (number, promise) in (0..).zip(&mut parts) {
        promise.part = Some(Part { number, of });
    }
    parts
}
