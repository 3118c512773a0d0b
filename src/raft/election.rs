//! Elections (sections 5.2 and 5.4.1; pre-vote and check-quorum as in the dissertation, 9.6, 6.2 and 4.2.3).

use super::log::{Entries, Entry, Term};
use super::message::{PreVote, PreVoteReply, RequestVote, RequestVoteReply};
use super::progress::Progress;
use super::rule::Rule;
use super::state::{Leader, Receipt, Role, Write};
use super::{Message, Out, Raft};
use crate::process::{NodeId, NodeSet};
use crate::replicated_log::{Lease, Reads, Transfers};

impl Raft {
    /// No leader was heard from: start a pre-vote, or an election.
    pub(super) fn on_election_timeout(&mut self, out: &mut Out) {
        if self.is_leader() {
            return;
        }
        if self.leader_recent && self.reads_by_lease() {
            // Only somebody who fires timers by hand gets here. A vote for itself would break a lease like any other.
            out.rule(Rule::VoteRefusedLeaderRecent);
            return self.reset_election_timer(out);
        }
        out.rule(Rule::ElectionTimeout);
        self.leader_recent = false;
        if self.config.pre_vote { self.become_pre_candidate(out) } else { self.become_candidate(out) }
    }

    /// Asks whether it could win, in the same term. It believes in no leader any more.
    fn become_pre_candidate(&mut self, out: &mut Out) {
        out.rule(Rule::PreVoteRequested);
        self.leader = None;
        self.role = Role::PreCandidate { votes: NodeSet::EMPTY };
        self.campaigns = self.campaigns.wrapping_add(1);
        self.reset_election_timer(out);
        let ask = PreVote { campaign: self.campaign(), request: self.vote_request(self.current_term() + 1) };
        for peer in self.seat.peers() {
            out.send(peer, Message::PreVote(ask.clone()));
        }
        self.count_vote(self.seat.id, out);
    }

    /// Raises its term, votes for itself and asks for votes. Its own vote counts when it is on disk.
    fn become_candidate(&mut self, out: &mut Out) {
        out.rule(Rule::BecameCandidate);
        let term = self.current_term() + 1;
        self.leader = None;
        self.role = Role::Candidate { votes: NodeSet::EMPTY };
        self.persist(Write::Vote { current_term: term, voted_for: Some(self.seat.id) }, out);
        out.when_persisted(Receipt::OwnVote { term });
        self.reset_election_timer(out);
        let request = self.vote_request(term);
        for peer in self.seat.peers() {
            out.send(peer, Message::RequestVote(request.clone()));
        }
    }

    fn vote_request(&self, term: Term) -> RequestVote {
        RequestVote { term, last_log_index: self.log().last_index(), last_log_term: self.log().last_term() }
    }

    /// The own vote is on disk.
    pub(super) fn on_own_vote_persisted(&mut self, term: Term, out: &mut Out) {
        if term == self.current_term() && matches!(self.role, Role::Candidate { .. }) {
            self.count_vote(self.seat.id, out);
        }
    }

    fn count_vote(&mut self, voter: NodeId, out: &mut Out) {
        let majority = self.seat.majority();
        match &mut self.role {
            Role::PreCandidate { votes } => {
                votes.insert(voter);
                if votes.len() >= majority {
                    self.become_candidate(out);
                }
            }
            Role::Candidate { votes } => {
                votes.insert(voter);
                if votes.len() >= majority {
                    self.become_leader(out);
                }
            }
            Role::Follower | Role::Leader(_) => {}
        }
    }

    /// Leads its term: from a candidate only. Appends an entry that does nothing, and sends it to all (section 8).
    fn become_leader(&mut self, out: &mut Out) {
        if !matches!(self.role, Role::Candidate { .. }) {
            out.violation("only a candidate can become leader");
            return;
        }
        out.rule(Rule::BecameLeader);
        let progress = Progress::unknown(self.log().last_index() + 1);
        self.role = Role::Leader(Box::new(Leader {
            progress: vec![progress; usize::from(self.seat.replicas)],
            flushed_index: 0,
            heard: NodeSet::EMPTY,
            round: 0,
            reads: Reads::default(),
            transfers: Transfers::default(),
            lease: Lease::default(),
        }));
        self.leader = Some(self.seat.id);
        self.config.timing().begin_to_lead(out);
        self.truncate_as_new_leader(out);
        self.begin_lease_round();
        self.open_term(out);
    }

    /// Appends an entry to the leader's own log, and sends it to all followers. It may leave before it is on the own
    /// disk, and counts for commitment only after (dissertation, 10.2.1).
    pub(super) fn append_own(&mut self, entry: Entry, out: &mut Out) {
        let after = self.log().last_index();
        let term = self.current_term();
        self.persist(Write::Append { after, entries: Entries::from([entry].as_slice()) }, out);
        out.when_persisted(Receipt::OwnEntries { term, index: after + 1 });
        self.count_own_entries_early(after + 1, out);
        self.replicate_to_all(out);
    }

    /// Whether it has heard from a leader lately, or is one: then it does not help to depose it (dissertation, 4.2.3).
    fn believes_in_leader(&self) -> bool {
        self.leader_recent || self.is_leader()
    }

    /// Why a candidate of the current term cannot have this server's vote, whatever its log.
    fn refusal_of(&self, candidate: NodeId) -> Option<Rule> {
        let other = |chosen: Option<NodeId>| chosen.is_some_and(|chosen| chosen != candidate);
        if other(self.durable.voted_for) {
            Some(Rule::VoteRefusedAlreadyVoted)
        } else if other(self.leader) {
            Some(Rule::VoteRefusedLeaderKnown)
        } else {
            None
        }
    }

    /// Whether a vote request of a higher term is left unheard because there is a leader. A pre-vote is then refused.
    pub(super) fn protects_leader(&self) -> bool {
        self.config.check_quorum && self.believes_in_leader()
    }

    /// A pre-vote changes nothing at the server that is asked.
    pub(super) fn on_pre_vote(&mut self, from: NodeId, PreVote { campaign, request }: &PreVote, out: &mut Out) {
        let own_term = self.current_term();
        let could_vote = request.term > own_term || (request.term == own_term && self.refusal_of(from).is_none());
        let vote_granted = if self.would_vote_though_it_leads() {
            true
        } else if self.believes_in_leader() {
            out.rule(Rule::VoteRefusedLeaderRecent);
            false
        } else if !self.accepts_log_of(request) {
            out.rule(Rule::VoteRefusedLogBehind);
            false
        } else {
            could_vote
        };
        if vote_granted {
            out.rule(Rule::PreVoteGranted);
        }
        // A refusal carries the own term, so that a server of an older one learns it; a grant carries the term asked
        // for.
        let term = if vote_granted { request.term } else { own_term };
        let reply = RequestVoteReply { term, vote_granted };
        out.send(from, Message::PreVoteReply(PreVoteReply { campaign: *campaign, reply }));
    }

    /// A vote request of the current term.
    pub(super) fn on_request_vote(&mut self, from: NodeId, request: &RequestVote, out: &mut Out) {
        let voted_for = self.durable.voted_for;
        let vote_granted = if let Some(refusal) = self.refusal_of(from) {
            out.rule(refusal);
            false
        } else if !self.accepts_log_of(request) {
            out.rule(Rule::VoteRefusedLogBehind);
            false
        } else {
            true
        };
        if vote_granted {
            out.rule(Rule::VoteGranted);
            if voted_for.is_none() {
                self.persist(Write::Vote { current_term: self.current_term(), voted_for: Some(from) }, out);
            }
            self.reset_election_timer(out);
        }
        out.send(from, Message::RequestVoteReply(RequestVoteReply { term: self.current_term(), vote_granted }));
    }

    /// An answer to a vote request of the current term.
    pub(super) fn on_vote_reply(&mut self, from: NodeId, reply: &RequestVoteReply, out: &mut Out) {
        if reply.vote_granted && matches!(self.role, Role::Candidate { .. }) {
            self.count_vote(from, out);
        }
    }

    /// A granted pre-vote. One of an earlier campaign means nothing, even in the same term: whoever gave it may have
    /// heard from a leader since.
    pub(super) fn on_pre_vote_reply(&mut self, from: NodeId, body: &PreVoteReply, out: &mut Out) {
        let is_for_this_campaign = body.campaign == self.campaign() && body.reply.term == self.current_term() + 1;
        if is_for_this_campaign && matches!(self.role, Role::PreCandidate { .. }) {
            self.count_vote(from, out);
        }
    }

    /// Has the leader heard from a majority since it last asked itself? If not, it steps down (dissertation, 6.2).
    pub(super) fn on_quorum_check(&mut self, out: &mut Out) {
        let (own, majority) = (self.seat.id, self.seat.majority());
        let Role::Leader(leader) = &mut self.role else { return };
        leader.heard.insert(own);
        let heard = std::mem::take(&mut leader.heard);
        if heard.len() < majority {
            out.rule(Rule::SteppedDownQuorumLost);
            self.become_follower(self.current_term(), None, out);
        } else {
            self.config.timing().next_quorum_check(out);
        }
    }
}
