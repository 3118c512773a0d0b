//! Goals of single-decree Paxos.

use super::{Goal, Limits, Moment, Seen, Shown, Watch, play};
use crate::paxos::{Ballot, Paxos, Rule};
use crate::process::{NodeId, NodeSet};
use crate::run::Run;
use std::collections::BTreeMap;

pub(super) const ANOTHERS_PROPOSAL: Goal = Goal {
    name: "finish-anothers-proposal",
    title: "Get another's value chosen",
    statement: "A proposer finds in its promises a value that another process had proposed, proposes that in place of its own, and it is chosen in its ballot.",
    source: "Lamport, Paxos Made Simple, 2.2",
    protocol: "paxos",
    limits: Limits::sound(3),
    play: play::<Paxos, AnothersProposal>,
};

pub(super) const DUEL: Goal = Goal {
    name: "duel",
    title: "A duel of two proposers",
    statement: "Before anything is chosen, two proposers outbid each other in turn, four times in a row.",
    source: "Lamport, Paxos Made Simple, 2.4",
    protocol: "paxos",
    limits: Limits::sound(3),
    play: play::<Paxos, Duel>,
};

/// How often the two must outbid each other.
const OUTBID_TIMES: usize = 4;

/// Ballots by which a process had to take over what others had accepted.
#[derive(Default)]
struct AnothersProposal {
    bound: Vec<NodeId>,
    shown: Option<Shown>,
    is_chosen: bool,
}

impl Watch<Paxos> for AnothersProposal {
    fn observe(&mut self, moment: &Moment<'_, Paxos>) {
        if moment.fired(Rule::ValueBound) {
            self.bound.push(moment.node());
        }
        if self.is_chosen || !moment.fired(Rule::Learned) {
            return;
        }
        let Some(chosen) = moment.process().and_then(Paxos::chosen) else { return };
        self.is_chosen = true;
        if self.bound.contains(&chosen.ballot.node) && self.proposed_first_by(moment, chosen) != Some(chosen.ballot.node) {
            let sentence =
                format!("{} is chosen, and {} had not been the first to propose it", chosen.value, moment.name(chosen.ballot.node));
            self.shown = Some(Shown { event: moment.event, sentence });
        }
    }

    fn conclude(self, _: &mut Run<Paxos>) -> Seen {
        self.shown.ok_or_else(|| match (self.is_chosen, self.bound.is_empty()) {
            (false, _) => "nothing was chosen".to_owned(),
            (true, true) => "no proposer found another's value in its promises".to_owned(),
            (true, false) => "the value that was chosen was its proposer's own".to_owned(),
        })
    }
}

impl AnothersProposal {
    /// Who asked the acceptors to accept a value before all others.
    fn proposed_first_by(&self, moment: &Moment<'_, Paxos>, chosen: &crate::paxos::Proposal) -> Option<NodeId> {
        let messages = &moment.run.simulation().trace().messages;
        messages.iter().find_map(|message| match &message.body {
            crate::paxos::Message::Accept { proposal } if proposal.value == chosen.value => Some(proposal.ballot.node),
            _ => None,
        })
    }
}

/// Who was outbid, in turn: of two processes, now one, now the other.
#[derive(Default)]
struct Duel {
    turns: Vec<NodeId>,
    longest: usize,
    /// Who has accepted each ballot, on disk. A ballot that a majority has accepted has chosen its value, whether anybody knows it or not.
    accepted: BTreeMap<Ballot, NodeSet>,
    is_chosen: bool,
    shown: Option<Shown>,
}

impl Watch<Paxos> for Duel {
    fn observe(&mut self, moment: &Moment<'_, Paxos>) {
        // A flush ends between two events, so any disk may have changed.
        for (machine, place) in moment.run.simulation().world().replicas().iter().zip(0..) {
            if let Some(proposal) = machine.disk.durable.accepted.as_ref().filter(|_| !self.is_chosen) {
                let acceptors = self.accepted.entry(proposal.ballot).or_default();
                acceptors.insert(NodeId(place));
                self.is_chosen = acceptors.len() >= moment.majority();
            }
        }
        if self.is_chosen || !moment.fired(Rule::Outbid) {
            return;
        }
        let node = moment.node();
        match self.turns[..] {
            // The same one again: the turns begin with it.
            [.., last] if last == node => self.turns = vec![node],
            [.., before, last] if before != node => self.turns = vec![last, node],
            _ => self.turns.push(node),
        }
        self.longest = self.longest.max(self.turns.len());
        if let [.., before, last] = self.turns[..]
            && self.turns.len() >= OUTBID_TIMES
            && self.shown.is_none()
        {
            let sentence = format!("{} and {} have outbid each other {OUTBID_TIMES} times in turn", moment.name(before), moment.name(last));
            self.shown = Some(Shown { event: moment.event, sentence });
        }
    }

    fn conclude(self, _: &mut Run<Paxos>) -> Seen {
        let longest = self.longest;
        self.shown.ok_or_else(|| {
            let end = if self.is_chosen { "then a value was chosen" } else { "nothing is chosen yet" };
            format!("two proposers were outbid in turn {longest} times, and it takes {OUTBID_TIMES}; {end}")
        })
    }
}
