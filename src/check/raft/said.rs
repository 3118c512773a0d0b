//! What servers have said: by every message that has left one, whatever its disk holds later.
//!
//! Three things that a server says bind it: the term that it is in, its vote, and that it holds the leader's entries up
//! to an index. Each is kept with the event that said it, and with the event before which it left; a crash takes
//! nothing of it back.

use crate::process::NodeId;
use crate::raft::Message;
use crate::raft::log::{Index, Term};

/// Something said: the event that said it, and the event before which it left, or with which.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    pub event: u32,
    pub left: u32,
}

/// A vote.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vote {
    pub term: Term,
    pub candidate: NodeId,
    pub when: When,
}

/// An acknowledgement: to the leader of a term, all of its entries up to an index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Acknowledgement {
    pub term: Term,
    pub index: Index,
    pub when: When,
}

/// The first and the last event that said a term.
#[derive(Clone, Copy, Debug)]
struct InTerm {
    term: Term,
    first: When,
    last: u32,
}

/// What one server has said.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// In the order of the terms.
    terms: Vec<InTerm>,
    /// In the order of the terms, one for each candidate.
    votes: Vec<Vote>,
    /// In the order of terms and indexes, each further than the one before.
    acknowledgements: Vec<Acknowledgement>,
}

/// A term that was said although a higher one had been said before.
pub(super) struct Fallen {
    pub from: (Term, u32),
    pub to: (Term, u32),
}

/// What a message says of its sender's term, vote and log.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Words {
    pub term: Option<Term>,
    pub vote: Option<NodeId>,
    pub acknowledged: Option<Index>,
}

impl Words {
    /// What a message from one process to another says. A pre-vote promises nothing, and speaks of a term that nobody
    /// is in yet.
    pub(super) fn of(message: &Message, from: NodeId, to: NodeId) -> Self {
        match message {
            Message::RequestVote(body) => Self { term: Some(body.term), vote: Some(from), acknowledged: None },
            Message::RequestVoteReply(body) => {
                Self { term: Some(body.term), vote: body.vote_granted.then_some(to), acknowledged: None }
            }
            Message::PreVoteReply(body) if !body.reply.vote_granted => {
                Self { term: Some(body.reply.term), ..Self::default() }
            }
            Message::AppendEntries(body) => Self { term: Some(body.term), ..Self::default() },
            Message::InstallSnapshot(body) => Self { term: Some(body.term), ..Self::default() },
            Message::AppendEntriesReply(body) => {
                Self { term: Some(body.term), vote: None, acknowledged: body.success.then_some(body.match_index) }
            }
            Message::InstallSnapshotReply(body) => {
                Self { term: Some(body.term), vote: None, acknowledged: Some(body.match_index) }
            }
            Message::PreVote(_) | Message::PreVoteReply(_) => Self::default(),
            Message::Request(_) | Message::Reply(_) | Message::Invoke(_) => Self::default(),
            Message::SessionRead(_) | Message::SessionReply(_) => Self::default(),
        }
    }
}

impl Said {
    /// Notes the term of a message, and says whether one of two terms that were said is lower than the one before it.
    /// What is said is ordered by the events that said it: a message that waits for a flush may leave after one that
    /// does not.
    pub(super) fn note_term(&mut self, term: Term, when: When) -> Option<Fallen> {
        let position = self.terms.partition_point(|in_term| in_term.term < term);
        match self.terms.get_mut(position).filter(|in_term| in_term.term == term) {
            Some(in_term) => {
                in_term.first.event = in_term.first.event.min(when.event);
                in_term.last = in_term.last.max(when.event);
            }
            None => self.terms.insert(position, InTerm { term, first: when, last: when.event }),
        }
        let lower = position
            .checked_sub(1)
            .and_then(|position| self.terms.get(position))
            .filter(|lower| lower.last > when.event);
        let higher = self.terms.get(position + 1).filter(|higher| higher.first.event < when.event);
        let after = lower.map(|lower| Fallen { from: (term, when.event), to: (lower.term, lower.last) });
        after
            .or_else(|| higher.map(|higher| Fallen { from: (higher.term, higher.first.event), to: (term, when.event) }))
    }

    /// The highest term that it has said.
    pub(super) fn last_term(&self) -> Term {
        self.terms.last().map_or(0, |in_term| in_term.term)
    }

    /// Notes a vote. Gives the first vote of the term.
    pub(super) fn note_vote(&mut self, vote: Vote) -> Vote {
        if self.votes(vote.term).all(|noted| noted.candidate != vote.candidate) {
            let position = self.votes.partition_point(|noted| noted.term <= vote.term);
            self.votes.insert(position, vote);
        }
        self.votes(vote.term).next().copied().unwrap_or(vote)
    }

    /// Its votes in a term, in the order in which they left: one, unless it has broken its word.
    pub(super) fn votes(&self, term: Term) -> impl Iterator<Item = &Vote> {
        let position = self.votes.partition_point(|vote| vote.term < term);
        self.votes.iter().skip(position).take_while(move |vote| vote.term == term)
    }

    /// Its vote for a candidate in a term.
    pub(super) fn vote_for(&self, candidate: NodeId, term: Term) -> Option<&Vote> {
        self.votes(term).find(|vote| vote.candidate == candidate)
    }

    /// Notes an acknowledgement, unless one of the same term reaches as far.
    pub(super) fn note_acknowledgement(&mut self, said: Acknowledgement) {
        let position =
            self.acknowledgements.partition_point(|noted| (noted.term, noted.index) < (said.term, said.index));
        if self.acknowledgements.get(position).is_none_or(|noted| noted.term != said.term) {
            self.acknowledgements.insert(position, said);
        }
    }

    /// How it first acknowledged an index to the leader of a term.
    pub(super) fn acknowledged(&self, term: Term, index: Index) -> Option<&Acknowledgement> {
        let position = self.acknowledgements.partition_point(|noted| (noted.term, noted.index) < (term, index));
        self.acknowledgements.get(position).filter(|noted| noted.term == term)
    }

    /// How it first acknowledged an index in any term but one.
    pub(super) fn acknowledged_elsewhere(&self, term: Term, index: Index) -> Option<&Acknowledgement> {
        self.acknowledgements.iter().find(|noted| noted.term != term && noted.index >= index)
    }

    /// The acknowledgement of the highest term, and within that of the highest index.
    pub(super) fn last_acknowledged(&self) -> Option<&Acknowledgement> {
        self.acknowledgements.last()
    }

    pub(super) fn rewind(&mut self, event: u32) {
        self.terms.retain(|in_term| in_term.first.left < event);
        for in_term in &mut self.terms {
            in_term.last = in_term.last.min(event.saturating_sub(1)).max(in_term.first.event);
        }
        self.votes.retain(|vote| vote.when.left < event);
        self.acknowledgements.retain(|said| said.when.left < event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(event: u32) -> When {
        When { event, left: event }
    }

    fn acknowledged(said: &mut Said, term: Term, index: Index, event: u32) {
        said.note_acknowledgement(Acknowledgement { term, index, when: at(event) });
    }

    #[test]
    fn a_term_falls_by_the_order_in_which_it_was_said_and_not_in_which_it_left() {
        let mut said = Said::default();
        assert!(said.note_term(2, at(7)).is_none());
        // It was said before, and had to wait for the disk.
        assert!(said.note_term(1, When { event: 5, left: 9 }).is_none());
        let fallen = said.note_term(1, at(8)).unwrap();
        assert_eq!((fallen.from, fallen.to), ((2, 7), (1, 8)));
        let mut said = Said::default();
        said.note_term(1, at(8));
        let fallen = said.note_term(2, When { event: 3, left: 9 }).unwrap();
        assert_eq!((fallen.from, fallen.to), ((2, 3), (1, 8)));
    }

    #[test]
    fn what_was_acknowledged_first_is_found_by_term_and_index() {
        let mut said = Said::default();
        for (term, index, event) in [(1, 2, 4), (1, 5, 6), (1, 3, 7), (3, 1, 9)] {
            acknowledged(&mut said, term, index, event);
        }
        let event = |term, index| said.acknowledged(term, index).map(|said| said.when.event);
        assert_eq!([event(1, 1), event(1, 3), event(1, 5), event(1, 6)], [Some(4), Some(6), Some(6), None]);
        assert_eq!([event(3, 1), event(3, 2), event(2, 1)], [Some(9), None, None]);
        assert_eq!(said.acknowledged_elsewhere(3, 4).map(|said| said.when.event), Some(6));
    }

    #[test]
    fn what_is_rewound_was_never_said() {
        let mut said = Said::default();
        said.note_term(1, at(3));
        said.note_term(2, at(8));
        let vote = |candidate, event| Vote { term: 2, candidate: NodeId(candidate), when: at(event) };
        said.note_vote(vote(0, 8));
        acknowledged(&mut said, 2, 1, 8);
        said.rewind(8);
        assert!(said.note_term(1, at(9)).is_none());
        assert_eq!(said.note_vote(vote(1, 9)).candidate, NodeId(1));
        assert!(said.acknowledged(2, 1).is_none());
    }
}
