//! Goals about elections in Raft.

use super::{Goal, Limits, Moment, Seen, Shown, Watch, play};
use crate::process::NodeId;
use crate::raft::{Raft, Role, Rule};
use crate::run::Run;
use std::collections::BTreeMap;

pub(super) const WITHOUT_SPLIT_VOTE: Goal = Goal {
    name: "elect-a-leader-without-split-vote",
    title: "Elect a leader at the first try",
    statement: "The first server that stands as a candidate becomes the leader, and nobody else has stood before it did.",
    source: "Raft, 5.2",
    protocol: "raft",
    limits: Limits::sound(3),
    play: play::<Raft, FirstElection>,
};

pub(super) const SPLIT_VOTE: Goal = Goal {
    name: "split-vote",
    title: "Split the vote",
    statement: "Two candidates stand in the same term, neither of them wins it, and a later term has a leader.",
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
    candidacies: Vec<(NodeId, u32)>,
    leader: Option<(NodeId, u32)>,
}

impl Watch<Raft> for FirstElection {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        if self.leader.is_none() && moment.fired(Rule::BecameCandidate) {
            self.candidacies.push((moment.node(), moment.event));
        }
        if self.leader.is_none() && moment.fired(Rule::BecameLeader) {
            self.leader = Some((moment.node(), moment.event));
        }
    }

    fn conclude(self, run: &mut Run<Raft>) -> Seen {
        let name = |node| run.simulation().world().name(node);
        let Some((leader, event)) = self.leader else { return Err("nobody has become a leader".to_owned()) };
        match self.candidacies[..] {
            [_] => Ok(Shown { event, sentence: format!("{} stood alone, and became the leader", name(leader)) }),
            _ => {
                let stood: Vec<String> = self.candidacies.iter().map(|(node, event)| format!("{} (event {event})", name(*node))).collect();
                Err(format!("it took {} candidacies to elect {}: {}", stood.len(), name(leader), stood.join(", ")))
            }
        }
    }
}

#[derive(Default)]
struct SplitVote {
    /// Who stood, and whether one of them won, in each term.
    terms: BTreeMap<u64, (Vec<NodeId>, bool)>,
    /// The first term that followed a split one and had a leader, and the event.
    shown: Option<(u64, u64, u32)>,
}

impl Watch<Raft> for SplitVote {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        let Some(process) = moment.process() else { return };
        let term = process.current_term();
        if moment.fired(Rule::BecameCandidate) {
            self.terms.entry(term).or_default().0.push(moment.node());
        }
        if moment.fired(Rule::BecameLeader) {
            self.terms.entry(term).or_default().1 = true;
            let split = self.terms.range(..term).find(|(_, (stood, won))| stood.len() > 1 && !won);
            if let Some((split, _)) = split {
                self.shown.get_or_insert((*split, term, moment.event));
            }
        }
    }

    fn conclude(self, _: &mut Run<Raft>) -> Seen {
        if let Some((split, term, event)) = self.shown {
            return Ok(Shown { event, sentence: format!("the vote of term {split} was split, and term {term} has a leader") });
        }
        let contested = self.terms.iter().find(|(_, (stood, _))| stood.len() > 1);
        Err(match contested {
            None => "in no term did two candidates stand".to_owned(),
            Some((term, (_, true))) => format!("two stood in term {term}, but one of them won it"),
            Some((term, _)) => format!("the vote of term {term} was split, but nobody has been elected since"),
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
        let older = machines.filter(|(_, place)| *place != moment.record.node).find_map(|(machine, place)| {
            let process = machine.process.as_ref().filter(|process| matches!(process.role_state(), Role::Leader(_)))?;
            (process.current_term() < newer).then(|| (NodeId(place), process.current_term()))
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
