//! Learning (PMS 2.3 and 3): the leader counts acceptances, followers learn by its commit index, and all apply in the order of the slots.

use super::log::{Payload, Slot};
use super::rule::{Mutation, Rule};
use super::state::Role;
use super::{Ballot, Message, MultiPaxos, Out};
use crate::process::NodeId;

impl MultiPaxos {
    /// An acceptor has accepted slots in the leader's ballot. They may be chosen in any order.
    pub(super) fn count_acceptances(&mut self, from: NodeId, first: Slot, last: Slot, out: &mut Out) {
        let (quorum, commit_index) = (self.quorum(), self.commit_index);
        let Role::Leader(leader) = &mut self.role else { return };
        if first > last {
            return;
        }
        for (slot, acceptors) in leader.open.range_mut(first..=last) {
            if acceptors.insert(from) && acceptors.len() == quorum {
                out.rule(Rule::Chosen);
                if *slot != commit_index + 1 {
                    out.rule(Rule::ChosenOutOfOrder);
                }
            }
        }
        self.advance_commit(quorum, out);
    }

    /// The commit index is the last slot up to which all are chosen: a hole stops it (PMS 3).
    fn advance_commit(&mut self, quorum: u32, out: &mut Out) {
        let past_gaps = self.has(Mutation::AppliedPastGap);
        let Role::Leader(leader) = &mut self.role else { return };
        let mut commit_index = self.commit_index;
        if past_gaps {
            let last_chosen = leader.open.iter().rev().find(|(_, acceptors)| acceptors.len() >= quorum);
            commit_index = last_chosen.map_or(commit_index, |(slot, _)| *slot);
            leader.open = leader.open.split_off(&(commit_index + 1));
        }
        while leader.open.get(&(commit_index + 1)).is_some_and(|acceptors| acceptors.len() >= quorum) {
            commit_index += 1;
            leader.open.remove(&commit_index);
        }
        if commit_index > self.commit_index {
            self.commit_index = commit_index;
            self.apply_committed(out);
            self.serve_confirmed_reads(out);
        }
    }

    /// The leader of a ballot says up to where all is chosen. It is *its* values that are chosen: what was accepted here in another ballot may be
    /// something else, and the leader will offer its own.
    pub(super) fn learn_commit(&mut self, ballot: Ballot, leader_commit: Slot, out: &mut Out) {
        let known = if self.has(Mutation::AnotherBallotsValueLearned) {
            self.log().last_without_gap(self.commit_index)
        } else {
            self.log().last_of_ballot(self.commit_index, ballot)
        };
        let index = known.min(leader_commit);
        if index > self.commit_index {
            out.rule(Rule::CommitLearned);
            self.commit_index = index;
            self.apply_committed(out);
        }
    }

    /// Applies what is chosen and not applied yet, in order. The leader answers the clients.
    fn apply_committed(&mut self, out: &mut Out) {
        out.rule(Rule::Applied);
        while self.last_applied < self.commit_index {
            let Some(accepted) = self.log().get(self.last_applied + 1) else {
                out.violation(format!("slot {} is taken for chosen, and there is nothing in it", self.last_applied + 1));
                return;
            };
            let payload = accepted.payload.clone();
            self.last_applied += 1;
            if let Payload::Command(request) = &*payload {
                let answer = if self.has(Mutation::SessionsOff) {
                    Some(self.store.apply_without_session(&request.command))
                } else {
                    self.store.apply(request)
                };
                if let (Some(answer), Role::Leader(_)) = (answer, &self.role) {
                    out.send(request.client, Message::answer(request.sequence, answer));
                }
            }
        }
        self.maybe_take_snapshot(out);
    }
}
