//! Rules that are switched off on purpose, where something else takes the papers' place: each beside the papers'
//! version, which comes last. Where a switched-off rule is one condition less, it stands where that condition is.

use super::Viewstamped;
use super::message::{DoViewChange, LogState, RecoveryResponse};
use super::rule::Mutation;
use super::state::{Entries, Status, ViewNumber, Write};
use crate::kv::{Answer, Request};
use crate::process::NodeId;
use crate::replicated_log::{Index, Sessions};
use std::sync::Arc;

/// Disks, and the client table.
impl Viewstamped {
    /// Whether a write stays in memory although there is a disk.
    pub(super) fn is_kept_from_disk(&self, write: &Write) -> bool {
        match write {
            Write::JoinView(_) => self.has(Mutation::ViewNotDurable),
            Write::Append(_) => self.has(Mutation::LogNotDurable),
            _ => false,
        }
    }

    /// The result that a request got when it was carried out, if it was (VRR 4.1, step 2).
    pub(super) fn answered(&self, request: &Request) -> Option<&Answer> {
        let answered = self.machine.store.answered(request.client, request.sequence);
        if self.has(Mutation::ClientTableLost) { None } else { answered }
    }

    /// Whether a request that has two op-numbers is carried out once (VRR 4.1).
    pub(super) fn sessions(&self) -> Sessions {
        if self.has(Mutation::ClientTableLost) { Sessions::Ignored } else { Sessions::Kept }
    }
}

/// Normal operation.
impl Viewstamped {
    /// The last operation that f backups have (VRR 4.1, step 5).
    pub(super) fn last_acknowledged(&self) -> Index {
        let Status::Primary(primary) = &self.status else { return 0 };
        let needed = self.quorum() - 1;
        let needed = if self.has(Mutation::CommitBeforeQuorum) { needed.saturating_sub(1) } else { needed };
        let mut prepared: Vec<Index> =
            self.seat.peers().filter_map(|peer| primary.prepared.get(peer.index()).copied()).collect();
        prepared.sort_unstable_by_key(|&op| std::cmp::Reverse(op));
        needed.checked_sub(1).map_or(self.op_number(), |last| prepared.get(last as usize).copied().unwrap_or(0))
    }

    /// Whether a replica that has left a view acknowledges its operations all the same. In the paper it never does
    /// (VRR 4.1).
    pub(super) fn still_accepts(&self, view: ViewNumber) -> bool {
        let has_left = matches!(self.status, Status::ViewChange(_)) && view == self.durable.last_normal;
        has_left && self.has(Mutation::OldViewPrepared)
    }
}

/// View changes.
impl Viewstamped {
    /// How many DOVIEWCHANGE messages are enough: f + 1 (VRR 4.2, step 3).
    pub(super) fn reports_needed(&self) -> u32 {
        if self.has(Mutation::StartViewWithoutQuorum) { (self.quorum() - 1).max(1) } else { self.quorum() }
    }

    /// The report whose log the new view begins with: of the latest normal view, and among those the longest (VRR 4.2,
    /// step 3).
    pub(super) fn report_with_log<'r>(&self, reports: &[(&NodeId, &'r Arc<DoViewChange>)]) -> Option<&'r DoViewChange> {
        let mut all = reports.iter();
        let best = if self.has(Mutation::OwnLogKept) {
            all.find(|(from, _)| **from == self.seat.id)
        } else if self.has(Mutation::HighestOpInsteadOfLatestView) {
            all.max_by_key(|(_, report)| report.state.op())
        } else {
            all.max_by_key(|(_, report)| (report.last_normal, report.state.op()))
        };
        best.map(|(_, report)| &***report)
    }

    /// The log that the new view begins with: all of it, since any of it may be committed (VRR 4.2, 8.1).
    pub(super) fn log_to_begin_with(&self, state: &LogState, commit: Index) -> LogState {
        let mut state = state.clone();
        if self.has(Mutation::UncommittedDropped) {
            let committed = commit.saturating_sub(state.after) as usize;
            state.entries = Entries::from(state.entries.get(..committed).unwrap_or(&state.entries));
        }
        state
    }
}

/// Recovery.
impl Viewstamped {
    /// Whether it answers a replica that recovers: in normal status alone (VRR 4.3, step 2).
    pub(super) fn may_answer_recovery(&self) -> bool {
        self.is_normal() || self.has(Mutation::RecoveringAnswers)
    }

    /// How many answers are enough: f + 1 (VRR 4.3, step 3).
    pub(super) fn responses_needed(&self) -> u32 {
        if self.has(Mutation::RecoveryWithoutQuorum) { 1 } else { self.quorum() }
    }

    /// The answer whose log the replica takes: that of the primary of the latest view in any answer (VRR 4.3, step 3).
    pub(super) fn response_with_log<'r>(
        &self,
        responses: &[(&NodeId, &'r Arc<RecoveryResponse>)],
    ) -> Option<&'r Arc<RecoveryResponse>> {
        let latest = responses.iter().map(|(_, response)| response.view).max()?;
        let is_latest = |response: &RecoveryResponse| response.view == latest;
        let may_be_any = self.has(Mutation::RecoveryFromAnyPrimary);
        let with_log = responses.iter().find(|(from, response)| {
            let is_primary = **from == self.primary_of(response.view) && response.state.is_some();
            is_primary && (is_latest(response) || may_be_any)
        });
        with_log.map(|(_, response)| *response)
    }
}
