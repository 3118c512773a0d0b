//! Learning (PMS 2.3 and 3): the leader counts acceptances, followers learn by its commit index, and all apply in the
//! order of the slots.

use super::log::Slot;
use super::rule::Rule;
use super::state::Role;
use super::{Ballot, MultiPaxos, Out};
use crate::process::NodeId;
use crate::replicated_log::{AnswersAnywhere as _, to_client};

impl MultiPaxos {
    /// An acceptor has accepted slots in the leader's ballot. They may be chosen in any order.
    pub(super) fn count_acceptances(&mut self, from: NodeId, first: Slot, last: Slot, out: &mut Out) {
        let (quorum, commit_index) = (self.quorum(), self.machine.commit_index);
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
        let commit_index = self.last_committed(quorum);
        let Role::Leader(leader) = &mut self.role else { return };
        if commit_index > self.machine.commit_index {
            while leader.open.first_key_value().is_some_and(|(slot, _)| *slot <= commit_index) {
                leader.open.pop_first();
            }
            self.machine.commit_index = commit_index;
            self.apply_committed(out);
            self.serve_confirmed_reads(out);
        }
    }

    /// The leader of a ballot says up to where all is chosen. It is *its* values that are chosen: what was accepted
    /// here in another ballot may be something else, and the leader will offer its own.
    pub(super) fn learn_commit(&mut self, ballot: Ballot, leader_commit: Slot, out: &mut Out) {
        let index = self.last_known(ballot).min(leader_commit);
        if index > self.machine.commit_index {
            out.rule(Rule::CommitLearned);
            self.machine.commit_index = index;
            self.apply_committed(out);
        }
    }

    /// Applies what is chosen and not applied yet, in order. The leader answers the clients.
    fn apply_committed(&mut self, out: &mut Out) {
        out.rule(Rule::Applied);
        let (log, leads, sessions) = (&self.durable.log, self.is_leader(), self.sessions());
        let (reading, up_to) = (self.config.reading, self.machine.commit_index);
        let payload_at = |slot| log.get(slot).map(|accepted| &*accepted.payload);
        let applied = self.machine.apply_up_to(up_to, sessions, payload_at, |client, reply| {
            if leads {
                out.send(client, to_client(reading, reply, up_to));
            }
        });
        self.answer_who_waited(out);
        match applied {
            Ok(()) => self.maybe_take_snapshot(out),
            Err(slot) => out.violation(format!("slot {slot} is taken for chosen, and there is nothing in it")),
        }
    }
}
