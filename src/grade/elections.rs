//! Goals about elections in Raft.

use super::{Goal, Limits, Moment, Seen, Shown, Watch, play};
use crate::process::{NodeId, NodeSet};
use crate::raft::{Raft, Role, Rule};
use crate::run::Run;
use std::collections::BTreeMap;

pub(super) const WITHOUT_SPLIT_VOTE: Goal = Goal {
    name: "elect-a-leader-without-split-vote",
    title: "Elect a leader at the first try",
    statement: "The first server that hears from no leader stands as a candidate, and becomes the leader at that try. Nobody else has stood before it did, and where \
                there are pre-votes, none were in vain.",
    source: "Raft, 5.2",
    protocol: "raft",
    limits: Limits::sound(3),
    play: play::<Raft, FirstElection>,
};

pub(super) const SPLIT_VOTE: Goal = Goal {
    name: "split-vote",
    title: "Split the vote",
    statement: "Two candidates stand in the same term and take the votes from each other: each is refused by somebody who has voted for another, all votes together would \
                have been enough for one, and neither has enough. A later term has a leader.",
    source: "Raft, 5.2",
    protocol: "raft",
    limits: Limits::sound(2),
    play: play::<Raft, SplitVote>,
};

pub(super) const TWO_LEADERS: Goal = Goal {
    name: "two-leaders-at-once",
    title: "Two leaders at once",
    statement: "Two servers, neither of which has crashed, take themselves for leaders at the same time, the older one of an earlier term; it may be cut off, or stand \
                still. No rule is broken by it.",
    source: "Raft, 5.2 and figure 3 (one leader in each term, not at each time)",
    protocol: "raft",
    limits: Limits::sound(3),
    play: play::<Raft, TwoLeaders>,
};

#[derive(Default)]
struct FirstElection {
    /// Who heard from no leader and tried to become one, pre-votes included, oldest first.
    tries: Vec<(NodeId, u32)>,
    /// How many of them stood as candidates.
    candidates: u32,
    leader: Option<(NodeId, u32)>,
}

impl Watch<Raft> for FirstElection {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        if self.leader.is_some() {
            return;
        }
        if moment.fired(Rule::ElectionTimeout) {
            self.tries.push((moment.node(), moment.event));
        }
        self.candidates += u32::from(moment.fired(Rule::BecameCandidate));
        if moment.fired(Rule::BecameLeader) {
            self.leader = Some((moment.node(), moment.event));
        }
    }

    fn conclude(self, run: &mut Run<Raft>) -> Seen {
        let name = |node| run.simulation().world().name(node);
        let Some((leader, event)) = self.leader else { return Err("nobody has become a leader".to_owned()) };
        let own_tries = self.tries.iter().filter(|(node, _)| *node == leader).count();
        let was_first = self.tries.first().is_some_and(|(node, _)| *node == leader);
        if self.candidates == 1 && own_tries == 1 && was_first {
            return Ok(Shown { event, sentence: format!("{} stood alone, and became the leader", name(leader)) });
        }
        let tried: Vec<String> =
            self.tries.iter().map(|(node, event)| format!("{} (event {event})", name(*node))).collect();
        Err(format!("it took {} candidacies to elect {}: {}", tried.len(), name(leader), tried.join(", ")))
    }
}

/// An election.
#[derive(Default)]
struct Election {
    stood: NodeSet,
    /// Whom each voter has voted for, on disk.
    votes: BTreeMap<NodeId, NodeId>,
    /// Candidates that were refused a vote since another had it.
    refused: NodeSet,
    is_won: bool,
}

impl Election {
    /// Why the vote was not split; nothing if it was.
    fn not_split(&self, majority: usize) -> Option<String> {
        let most =
            self.stood.iter().map(|candidate| self.votes.values().filter(|voted| **voted == candidate).count()).max();
        if self.is_won {
            Some("one of them won it".to_owned())
        } else if self.votes.len() < majority {
            Some(format!("only {} voted: nobody could have won", self.votes.len()))
        } else if most.is_some_and(|most| most >= majority) {
            Some("one of them was given enough votes".to_owned())
        } else if self.stood.iter().filter(|candidate| self.refused.contains(*candidate)).count() < 2 {
            Some("they did not take the votes from each other".to_owned())
        } else {
            None
        }
    }
}

#[derive(Default)]
struct SplitVote {
    terms: BTreeMap<u64, Election>,
    majority: usize,
    /// The first term that followed a split one and had a leader, and the event.
    shown: Option<(u64, u64, u32)>,
}

impl Watch<Raft> for SplitVote {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        self.majority = moment.majority() as usize;
        // A flush ends between two events, so any disk may have changed.
        for (machine, index) in moment.run.simulation().world().replicas().iter().zip(0..) {
            let disk = &machine.disk.durable;
            if let Some(candidate) = disk.voted_for {
                self.terms.entry(disk.current_term).or_default().votes.insert(NodeId(index), candidate);
            }
        }
        let Some(process) = moment.process() else { return };
        let term = process.current_term();
        let election = self.terms.entry(term).or_default();
        if moment.fired(Rule::BecameCandidate) {
            election.stood.insert(moment.node());
        }
        if moment.fired(Rule::VoteRefusedAlreadyVoted)
            && let Some(asked) = moment.handled()
        {
            election.refused.insert(asked.from);
        }
        if moment.fired(Rule::BecameLeader) {
            election.is_won = true;
            let mut earlier = self.terms.range(..term).filter(|(_, election)| election.stood.len() > 1);
            if let Some((split, _)) = earlier.find(|(_, election)| election.not_split(self.majority).is_none()) {
                self.shown.get_or_insert((*split, term, moment.event));
            }
        }
    }

    fn conclude(self, _: &mut Run<Raft>) -> Seen {
        if let Some((split, term, event)) = self.shown {
            return Ok(Shown {
                event,
                sentence: format!("the vote of term {split} was split, and term {term} has a leader"),
            });
        }
        let contested = self.terms.iter().find(|(_, election)| election.stood.len() > 1);
        Err(match contested.map(|(term, election)| (term, election.not_split(self.majority))) {
            None => "in no term did two candidates stand".to_owned(),
            Some((term, Some(why))) => format!("two stood in term {term}, but {why}"),
            Some((term, None)) => format!("the vote of term {term} was split, but nobody has been elected since"),
        })
    }
}

#[derive(Default)]
struct TwoLeaders {
    shown: Option<Shown>,
}

impl Watch<Raft> for TwoLeaders {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        if self.shown.is_some() || !moment.fired(Rule::BecameLeader) {
            return;
        }
        let Some(newer) = moment.process().map(Raft::current_term) else { return };
        let machines = moment.run.simulation().world().replicas().iter().zip(0..);
        let older = machines.filter(|(_, index)| *index != moment.record.node).find_map(|(machine, index)| {
            let process = machine.process.as_ref().filter(|process| matches!(process.role_state(), Role::Leader(_)))?;
            (process.current_term() < newer).then(|| (NodeId(index), process.current_term()))
        });
        if let Some((node, term)) = older {
            let sentence = format!(
                "{} becomes the leader of term {newer} while {} leads in term {term}",
                moment.name(moment.node()),
                moment.name(node)
            );
            self.shown = Some(Shown { event: moment.event, sentence });
        }
    }

    fn conclude(self, _: &mut Run<Raft>) -> Seen {
        self.shown.ok_or_else(|| "whenever somebody became a leader, nobody else led".to_owned())
    }
}
