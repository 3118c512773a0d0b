//! Whether servers keep what they have said: terms do not fall, votes are not given twice, and what was acknowledged
//! stays.
//!
//! A disk that was wiped, or has lost what it called written, takes a server's word with it. Raft does not bear that
//! (section 2: servers keep what is on their disks), so a finding says where it is the cause.

use super::said::{Acknowledgement, Vote, When, Words};
use super::{ACKNOWLEDGED_KEPT, RaftMonitor, VOTES_KEPT, name};
use crate::check::invariant::Found;
use crate::process::NodeId;
use crate::raft::Raft;
use crate::raft::log::{Index, Term};
use crate::sim::{CrashPoint, Trace, World};

/// An acknowledged entry: the server that said so owes it to the leader of that term, and to those whom the leader told
/// that it is committed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owed {
    /// The leader's term.
    term: Term,
    index: Index,
    /// The entry's own term.
    of: Term,
    event: u32,
}

/// A disk that no longer holds what its server has said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Forgotten {
    pub node: NodeId,
    pub event: u32,
    pub how: &'static str,
}

impl Forgotten {
    /// As the end of a sentence.
    fn excuse(self) -> String {
        format!("; the disk of {} {} in between, which is beyond what Raft bears", name(self.node), self.how)
    }

    fn sentence(self) -> String {
        format!("The disk of {} {}", name(self.node), self.how)
    }
}

impl RaftMonitor {
    /// Notes what an honest server has said, and looks whether it keeps with what it had said before.
    pub(super) fn hear_words(&mut self, event: u32, message: u32, trace: &Trace<Raft>) {
        let Some(record) = trace.messages.get(message as usize) else { return };
        let (node, when) = (record.from, When { event: record.event, left: event });
        let Words { term, vote, acknowledged } = Words::of(&record.body, node, record.to);
        let Some(term) = term else { return };
        self.hear_term(event, node, term, when);
        if let Some(candidate) = vote {
            self.hear_vote(event, node, Vote { term, candidate, when });
        }
        if let Some(index) = acknowledged {
            let said = Acknowledgement { term, index, when };
            self.said[node.index()].note_acknowledgement(said);
            if record.event < event {
                self.owe(event, node, said);
            } else {
                // What it holds after this event is looked at when the event is.
                self.unweighed.push((node, said));
            }
        }
    }

    fn hear_term(&mut self, event: u32, node: NodeId, term: Term, when: When) {
        let Some(fallen) = self.said[node.index()].note_term(term, when) else { return };
        let ((from, before), (to, after)) = (fallen.from, fallen.to);
        // One whose disk is empty begins with no term, and harms nobody by that: only a vote that it gives twice does.
        if self.forgotten_between(node, before, after).is_none() {
            self.found(VOTES_KEPT, event, |monitor| {
                let found = Found::new(format!("{} was in term {from} and is in term {to} now", name(node)))
                    .because(after, format!("{} says that it is in term {to}", name(node)))
                    .because(before, format!("{} says that it is in term {from}", name(node)));
                monitor.with_start(found, node, before, after)
            });
        }
    }

    fn hear_vote(&mut self, event: u32, node: NodeId, vote: Vote) {
        let first = self.said[node.index()].note_vote(vote);
        if first.candidate != vote.candidate {
            self.found(VOTES_KEPT, event, |monitor| {
                let (before, after) = (first.when.event.min(vote.when.event), first.when.event.max(vote.when.event));
                let forgotten = monitor.forgotten_between(node, before, after);
                let excuse = forgotten.map(Forgotten::excuse).unwrap_or_default();
                let (one, other) = (name(first.candidate), name(vote.candidate));
                let found =
                    Found::new(format!("{} votes for {one} and for {other} in term {}{excuse}", name(node), vote.term))
                        .because(vote.when.event, vote_given(node, &vote))
                        .because(first.when.event, vote_given(node, &first));
                monitor.with_start(with_forgotten(found, forgotten), node, before, after)
            });
        }
    }

    /// A server owes what it has acknowledged, from when that has left it.
    pub(super) fn owe(&mut self, event: u32, node: NodeId, said: Acknowledgement) {
        let Some(of) = self.term_of_leaders_entry(said.term, said.index) else { return };
        let owed = Owed { term: said.term, index: said.index, of, event: said.when.event };
        let seen = &mut self.seen[node.index()];
        if seen.owes.is_some_and(|owes| (owes.term, owes.index) >= (owed.term, owed.index)) {
            return;
        }
        if seen.holds(owed.index, owed.of) {
            seen.owes = Some(owed);
        } else if seen.term <= owed.term && self.forgotten_between(node, owed.event, event).is_none() {
            let missing =
                format!("{} acknowledges entry {} of term {of}, and does not hold it", name(node), owed.index);
            self.found(ACKNOWLEDGED_KEPT, event, |_| {
                Found::new(missing.clone()).at(node, owed.index).because(owed.event, missing)
            });
        }
    }

    /// The term of an entry in the log of the leader of a term. None if nobody was seen to lead it, or the leader had
    /// dropped the entry.
    fn term_of_leaders_entry(&self, term: Term, index: Index) -> Option<Term> {
        let (_, led) =
            self.leaders.range((term, NodeId(0))..=(term, NodeId(u16::MAX))).min_by_key(|(_, led)| led.event)?;
        if index <= led.log.last { led.log.term_at(index) } else { Some(term) }
    }

    /// A server's log has changed, or it has booted: what it has acknowledged must still be there, unless the leader of
    /// a later term had it replaced.
    pub(super) fn check_acknowledged(&mut self, event: u32, node: NodeId, term: Term, boots: bool) {
        let seen = &mut self.seen[node.index()];
        let Some(owed) = seen.owes.filter(|owed| !seen.holds(owed.index, owed.of)) else { return };
        seen.owes = None;
        if !boots && term > owed.term {
            return;
        }
        self.found(ACKNOWLEDGED_KEPT, event, |_| {
            let Owed { term: to, index, of, event: before } = owed;
            let server = name(node);
            let lost = if boots {
                format!("{server} starts without it")
            } else {
                format!("{server} deletes it, in term {term}")
            };
            Found::new(format!(
                "{server} has acknowledged entry {index} of term {of} to the leader of term {to}, and holds it no more"
            ))
            .at(node, index)
            .because(event, lost)
            .because(before, format!("{server} acknowledges entry {index} to the leader of term {to}"))
        });
    }

    /// A server is down: does its disk hold what it has said? If not, the disk was wiped, or did not do what it said.
    pub(super) fn note_forgotten(&mut self, event: u32, node: NodeId, world: &World<Raft>, torn: bool) {
        let (Some(machine), Some(seen)) = (world.replicas().get(node.index()), self.seen.get(node.index())) else {
            return;
        };
        let (disk, said) = (&machine.disk.durable, &self.said[node.index()]);
        let how = if machine.wipes() > seen.wipes {
            "was wiped"
        } else if torn {
            "has a part of one step's writes"
        } else if machine.process.is_none() && machine.disk.loses_flushes() {
            let lacks_term = said.last_term() > disk.current_term;
            let lacks_vote = said.votes(disk.current_term).any(|vote| disk.voted_for != Some(vote.candidate));
            let lacks_entry = seen.owes.is_some_and(|owed| {
                owed.index > disk.log.base_index() && disk.log.term_at(owed.index) != Some(owed.of)
            });
            if !(lacks_term || lacks_vote || lacks_entry) {
                return;
            }
            "lost what it had called written"
        } else {
            return;
        };
        self.forgotten.push(Forgotten { node, event, how });
        self.seen[node.index()].owes = None;
    }

    /// How a server's disk came to forget after one event and before another, if it did.
    pub(super) fn forgotten_between(&self, node: NodeId, after: u32, before: u32) -> Option<Forgotten> {
        self.forgotten.iter().find(|each| each.node == node && each.event > after && each.event <= before).copied()
    }

    /// Adds that the server started anew in between, if it did.
    fn with_start(&self, found: Found, node: NodeId, after: u32, before: u32) -> Found {
        match self.seen[node.index()].started {
            Some(start) if start > after && start < before => {
                found.because(start, format!("{} starts again, from its disk", name(node)))
            }
            _ => found,
        }
    }

    /// Whether a crash waits to tear the writes of a server's step apart.
    pub(super) fn is_to_be_torn(node: NodeId, world: &World<Raft>) -> bool {
        world
            .replicas()
            .get(node.index())
            .is_some_and(|machine| machine.disk.crash_point() == Some(CrashPoint::BetweenWrites))
    }
}

/// A vote, in a sentence.
pub(super) fn vote_given(node: NodeId, vote: &Vote) -> String {
    let (voter, candidate, term) = (name(node), name(vote.candidate), vote.term);
    if node == vote.candidate {
        format!("{voter} stands in term {term}, which is a vote for itself")
    } else {
        format!("{voter} grants {candidate} its vote in term {term}")
    }
}

/// Adds that a disk has forgotten, to sentence and reasons.
pub(super) fn with_forgotten(found: Found, forgotten: Option<Forgotten>) -> Found {
    match forgotten {
        Some(forgotten) => found.because(forgotten.event, forgotten.sentence()),
        None => found,
    }
}

/// As the end of a sentence: why Raft is not to blame, if it is not.
pub(super) fn excuse(forgotten: Option<Forgotten>) -> String {
    forgotten.map(Forgotten::excuse).unwrap_or_default()
}
