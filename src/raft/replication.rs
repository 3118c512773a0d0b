//! Replication (section 5.3): what the leader sends, what a follower does with it, and what the leader learns.

use super::log::{Entries, Index, Term};
use super::message::{AppendEntries, AppendEntriesReply, Conflict};
use super::progress::{Flow, Progress, Refusal};
use super::rule::{Mutation, Rule};
use super::state::{Role, Write};
use super::{Message, Out, Raft};
use crate::process::NodeId;

/// So many full messages may be under way to a follower.
const MESSAGES_UNDER_WAY_MAX: u64 = 8;

impl Raft {
    /// Sends each follower what it lacks, as far as is known.
    pub(super) fn replicate_to_all(&mut self, out: &mut Out) {
        for peer in self.seat.peers() {
            self.replicate_to(peer, out);
        }
    }

    /// Sends one follower what it lacks: all of it where the logs are known to agree, as far as the window allows, else
    /// one message to find out.
    pub(super) fn replicate_to(&mut self, peer: NodeId, out: &mut Out) {
        while let Some(progress) = self.progress(peer) {
            let has_all = progress.next_index() > self.log().last_index();
            if progress.flow() == Flow::Wait || has_all || self.is_window_full(progress) {
                return;
            }
            self.send_append(peer, out);
            if progress.flow() == Flow::Probe {
                return;
            }
        }
    }

    /// Whether as many bytes are under way to a follower as may be. More of them would only wait in its queue, and
    /// every heartbeat after them.
    fn is_window_full(&self, progress: Progress) -> bool {
        if progress.flow() != Flow::Replicate || self.config.bytes_per_message_max == u64::MAX {
            return false;
        }
        let (first, next) = (progress.match_index().max(self.log().base_index()) + 1, progress.next_index());
        let window = self.config.bytes_per_message_max.saturating_mul(MESSAGES_UNDER_WAY_MAX);
        next > first && (self.log().slice_within(first, next - 1, window).len() as u64) < next - first
    }

    fn progress(&self, peer: NodeId) -> Option<Progress> {
        match &self.role {
            Role::Leader(leader) => leader.progress.get(peer.index()).copied(),
            _ => None,
        }
    }

    pub(super) fn progress_mut(&mut self, peer: NodeId) -> Option<&mut Progress> {
        match &mut self.role {
            Role::Leader(leader) => leader.progress.get_mut(peer.index()),
            _ => None,
        }
    }

    pub(super) fn round(&self) -> u64 {
        if let Role::Leader(leader) = &self.role { leader.round } else { 0 }
    }

    /// One AppendEntries from the follower's next index, or the snapshot if the leader has dropped what it needs.
    fn send_append(&mut self, peer: NodeId, out: &mut Out) {
        let Some(progress) = self.progress(peer) else { return };
        let prev_log_index = progress.next_index() - 1;
        let Some(prev_log_term) = self.log().term_at(prev_log_index) else {
            self.send_snapshot(peer, out);
            return;
        };
        let last = self.log().last_index().min(prev_log_index.saturating_add(self.config.entries_per_message_max));
        let entries = self.log().slice_within(progress.next_index(), last, self.config.bytes_per_message_max);
        let (entries, sent_up_to) = (Entries::from(entries), prev_log_index + entries.len() as u64);
        let message = self.append_entries(prev_log_index, prev_log_term, entries);
        out.send_now(peer, message);
        if let Some(progress) = self.progress_mut(peer) {
            progress.sent(sent_up_to);
        }
    }

    fn append_entries(&self, prev_log_index: Index, prev_log_term: Term, entries: Entries) -> Message {
        Message::AppendEntries(AppendEntries {
            term: self.current_term(),
            prev_log_index,
            prev_log_term,
            entries,
            leader_commit: self.machine.commit_index,
            round: self.round(),
        })
    }

    /// The heartbeat timer fired: what is missing is sent again, and who lacks nothing hears that the leader is there.
    pub(super) fn on_heartbeat_timeout(&mut self, out: &mut Out) {
        if !self.is_leader() {
            return;
        }
        self.config.timing().next_heartbeat(out);
        out.rule(Rule::Heartbeat);
        self.begin_lease_round();
        for peer in self.seat.peers() {
            if self.transfer_on_heartbeat(peer, out) {
                continue;
            }
            if let Some(progress) = self.progress_mut(peer) {
                progress.waited_long_enough();
            }
            match self.progress(peer) {
                // If all that is under way was lost, only a heartbeat finds out.
                Some(progress)
                    if progress.next_index() <= self.log().last_index() && !self.is_window_full(progress) =>
                {
                    self.replicate_to(peer, out);
                }
                _ => self.send_heartbeat(peer, out),
            }
        }
    }

    /// Says to all followers that the leader is there, and asks them to confirm it.
    pub(super) fn broadcast_heartbeat(&mut self, out: &mut Out) {
        for peer in self.seat.peers() {
            self.send_heartbeat(peer, out);
        }
    }

    /// An empty AppendEntries right before the follower's next index. A gap shows there, and is then filled.
    pub(super) fn send_heartbeat(&mut self, peer: NodeId, out: &mut Out) {
        let Some(progress) = self.progress(peer) else { return };
        let wanted = progress.next_index() - 1;
        // A follower that waits for a snapshot gets what the leader still knows: even its refusal confirms the leader.
        let prev_log_index = if self.log().term_at(wanted).is_some() { wanted } else { self.log().base_index() };
        let prev_log_term = self.log().term_at(prev_log_index).unwrap_or_default();
        let message = self.append_entries(prev_log_index, prev_log_term, Entries::default());
        out.send_now(peer, message);
    }

    /// A follower hears from the leader of its term.
    pub(super) fn follow(&mut self, leader: NodeId, out: &mut Out) {
        match self.role {
            Role::Leader(_) => {
                out.violation(format!("two leaders in term {}", self.current_term()));
                return;
            }
            Role::Follower => {}
            Role::PreCandidate { .. } | Role::Candidate { .. } => {
                out.rule(Rule::SteppedDownLeaderFound);
                self.become_follower(self.current_term(), Some(leader), out);
            }
        }
        self.leader = Some(leader);
        self.leader_recent = true;
        self.config.timing().hear_leader(out);
    }

    /// AppendEntries of the current term.
    pub(super) fn on_append_entries(&mut self, from: NodeId, request: &AppendEntries, out: &mut Out) {
        self.follow(from, out);
        if self.is_leader() {
            return;
        }
        if let Some(conflict) = self.conflict_before(request) {
            out.rule(Rule::AppendRefused);
            self.reply_append(from, request, false, 0, Some(conflict), out);
            return;
        }
        let last_new = request.prev_log_index + request.entries.len() as u64;
        self.append_missing(request, out);
        self.learn_commit(request.leader_commit, last_new, out);
        self.reply_append(from, request, true, last_new, None, out);
    }

    /// Whether the entry before the new ones is missing or differs, and where the conflict may begin.
    fn conflict_before(&self, request: &AppendEntries) -> Option<Conflict> {
        let (index, log) = (request.prev_log_index, self.log());
        // What the snapshot covers is committed, and a leader has all that is committed: it matches.
        if index < log.base_index() || (self.has(Mutation::ConsistencyCheckOff) && index <= log.last_index()) {
            return None;
        }
        match log.term_at(index) {
            Some(term) if term == request.prev_log_term => None,
            Some(term) => Some(Conflict { term: Some(term), index: log.first_index_of_term_at(index) }),
            None => Some(Conflict { term: None, index: log.last_index() + 1 }),
        }
    }

    /// Appends what is missing. Only a real conflict deletes anything: a late, shorter message must not (section 5.3).
    fn append_missing(&mut self, request: &AppendEntries, out: &mut Out) {
        if self.appends_covered(request, out) {
            return;
        }
        let mut index = request.prev_log_index;
        for (position, entry) in request.entries.iter().enumerate() {
            index += 1;
            if index <= self.log().base_index() {
                continue;
            }
            match self.log().term_at(index) {
                Some(term) if term == entry.term => continue,
                Some(_) => {
                    out.rule(Rule::ConflictTruncated);
                    if index <= self.machine.commit_index {
                        out.violation(format!("the leader's entry {index} conflicts with a committed one"));
                    }
                }
                None => {}
            }
            out.rule(Rule::EntriesAppended);
            let new = if position == 0 { request.entries.clone() } else { Entries::from(&request.entries[position..]) };
            self.persist(Write::Append { after: index - 1, entries: new }, out);
            return;
        }
        self.truncate_after(index, out);
    }

    fn reply_append(
        &self,
        to: NodeId,
        request: &AppendEntries,
        success: bool,
        match_index: Index,
        conflict: Option<Conflict>,
        out: &mut Out,
    ) {
        let reply = Message::AppendEntriesReply(AppendEntriesReply {
            term: self.current_term(),
            success,
            prev_log_index: request.prev_log_index,
            match_index,
            conflict,
            round: request.round,
        });
        self.acknowledge(to, reply, out);
    }

    /// AppendEntries or InstallSnapshot of an old term: refused, with the new one, so that the old leader steps down.
    pub(super) fn refuse_stale_leader(&self, to: NodeId, prev_log_index: Index, out: &mut Out) {
        out.rule(Rule::StaleTermRefused);
        let reply = AppendEntriesReply {
            term: self.current_term(),
            success: false,
            prev_log_index,
            match_index: 0,
            conflict: None,
            round: 0,
        };
        out.send(to, Message::AppendEntriesReply(reply));
    }

    /// An answer of the current term: the follower is there, and the logs agree up to an index, or not.
    pub(super) fn on_append_reply(&mut self, from: NodeId, reply: &AppendEntriesReply, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        leader.heard.insert(from);
        if reply.success {
            self.on_match(from, reply.match_index, reply.round, out);
        } else {
            self.confirm_round(from, reply.round, out);
            self.back_up(from, reply, out);
        }
    }

    /// The logs agree up to an index. Acknowledgements may come late and out of order: what is known never shrinks.
    pub(super) fn on_match(&mut self, from: NodeId, match_index: Index, round: u64, out: &mut Out) {
        let (last_index, falls) = (self.log().last_index(), self.lets_match_index_fall());
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(from.index()) else { return };
        if match_index > last_index {
            out.violation(format!("n{} acknowledges entry {match_index}, which the leader does not have", from.0 + 1));
            return;
        }
        if falls {
            progress.forget_match();
        }
        let grows = progress.matched(match_index, round);
        leader.transfers.end_up_to(from, match_index);
        if grows || falls {
            self.maybe_commit(out);
        }
        self.replicate_to(from, out);
        self.confirm_round(from, round, out);
    }

    /// The follower denies what it had acknowledged. That may be a late copy of an old refusal; or its disk was wiped,
    /// and then nobody but the leader can see to it that it gets its log again. The answer to a new round tells the one
    /// from the other.
    fn doubt(&mut self, from: NodeId, out: &mut Out) {
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(from.index()).filter(|progress| !progress.is_doubted()) else {
            return;
        };
        leader.round += 1;
        progress.doubt(leader.round);
        out.rule(Rule::AcknowledgementDoubted);
        self.send_heartbeat(from, out);
    }

    /// The follower refused: go back to where the logs may agree. A refusal of an older message says nothing new.
    fn back_up(&mut self, from: NodeId, reply: &AppendEntriesReply, out: &mut Out) {
        if self.is_transferring_to(from) {
            // It lacks what is on its way.
            return;
        }
        let Some(mut progress) = self.progress(from) else { return };
        let refusal = progress.judge(reply.prev_log_index, reply.round);
        if refusal == Refusal::Doubtful {
            return self.doubt(from, out);
        }
        let Some(conflict) = reply.conflict.as_ref().filter(|_| refusal != Refusal::Stale) else { return };
        out.rule(Rule::BackedUp);
        if refusal == Refusal::Forgotten {
            progress.forgotten();
        }
        let back_to = self.index_to_go_back_to(conflict, reply.prev_log_index);
        progress.refused(self.next_after_refusal(&progress, back_to));
        if let Some(known) = self.progress_mut(from) {
            *known = progress;
        }
        if !self.has(Mutation::NeverBacksUp) {
            self.replicate_to(from, out);
        }
    }

    /// The index from which a refused leader offers entries: a term further back, and not an entry (section 5.3).
    ///
    /// Terms never fall along a log. Where the leader has entries of the follower's term, the logs may agree up to the
    /// last of them; where it has none, they cannot agree anywhere in that term.
    ///
    /// ```text
    /// index        1   2   3   4   5   6   7   8
    ///            ┌───┬───┬───┬───┬───┬───┬───┬───┐
    /// leader     │ 1 │ 1 │ 1 │ 4 │ 4 │ 5 │ 6 │ 6 │  sends 8, and before it stands 7, of term 6
    ///            └───┴───┴───┴───┴───┴───┴───┴───┘
    ///            ┌───┬───┬───┬───┬───┬───┬───┐
    /// follower   │ 1 │ 1 │ 1 │ 4 │ 4 │ 4 │ 4 │       refuses: its entry 7 is of term 4, which begins at 4
    ///            └───┴───┴───┴───┴───┴───┴───┘
    ///                              ▲   ▲ next: the leader's last entry of term 4 is 5, so it offers 6
    ///                              └──── and they agree up to 5
    /// ```
    ///
    /// Without an entry of term 4, the leader would offer 4, or what comes after its last entry of an older term if
    /// that is less. A follower whose log is too short names the index after its last entry.
    fn index_to_go_back_to(&self, conflict: &Conflict, prev_log_index: Index) -> Index {
        let hinted = match conflict.term {
            Some(term) => {
                let last = self.log().last_index_up_to_term(term, prev_log_index.saturating_sub(1));
                if self.log().term_at(last) == Some(term) { last + 1 } else { conflict.index.min(last + 1) }
            }
            None => conflict.index,
        };
        hinted.min(prev_log_index)
    }
}
