//! Goals of single-decree Paxos.

use super::{Goal, Limits, Moment, Seen, Shown, Watch, play};
use crate::kv::{Command, Request};
use crate::paxos::proposer::Attempt;
use crate::paxos::{Ballot, Message, Paxos, Proposal, Rule};
use crate::process::{NodeId, NodeSet};
use crate::run::Run;
use crate::sim::trace::MessageRecord;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const ANOTHERS_PROPOSAL: Goal = Goal {
    name: "finish-anothers-proposal",
    title: "Get another's value chosen",
    statement: "A proposer finds in its promises a value that another process had proposed, proposes that in place of its own, and gets it chosen: it had not been \
                chosen before, and is in its ballot.",
    source: "Lamport, Paxos Made Simple, 2.2",
    protocol: "paxos",
    limits: Limits::sound(3),
    play: play::<Paxos, AnothersProposal>,
};

pub(super) const DUEL: Goal = Goal {
    name: "duel",
    title: "A duel of two proposers",
    statement: "Before anything is chosen, two proposers outbid each other in turn, four times in a row: an acceptor that both of them ask refuses the one since it has \
                promised the other's higher ballot.",
    source: "Lamport, Paxos Made Simple, 2.4",
    protocol: "paxos",
    limits: Limits::sound(3),
    play: play::<Paxos, Duel>,
};

/// How often the two must outbid each other.
const OUTBID_TIMES: usize = 4;

/// Which ballots have chosen their values, whether anybody knows it or not.
#[derive(Default)]
struct Acceptances {
    /// Who has accepted each ballot, on disk.
    acceptors: BTreeMap<Ballot, NodeSet>,
    /// The first ballot that a majority had accepted.
    chosen: Option<Ballot>,
}

impl Acceptances {
    fn look(&mut self, moment: &Moment<'_, Paxos>) {
        // A flush ends between two events, so any disk may have changed.
        for (machine, index) in moment.run.simulation().world().replicas().iter().zip(0..) {
            if let Some(proposal) = machine.disk.durable.accepted.as_ref().filter(|_| self.chosen.is_none()) {
                let acceptors = self.acceptors.entry(proposal.ballot).or_default();
                acceptors.insert(NodeId(index));
                self.chosen = Some(proposal.ballot).filter(|_| acceptors.len() >= moment.majority());
            }
        }
    }
}

#[derive(Default)]
struct AnothersProposal {
    /// Ballots in which a process had to propose what its promises told.
    bound: BTreeSet<Ballot>,
    acceptances: Acceptances,
    /// What came of it once a process had learned what was chosen.
    learned: Option<Seen>,
}

impl Watch<Paxos> for AnothersProposal {
    fn observe(&mut self, moment: &Moment<'_, Paxos>) {
        self.acceptances.look(moment);
        if moment.fired(Rule::ValueBound) {
            self.bound.extend(moment.process().and_then(Paxos::attempt).map(Attempt::ballot));
        }
        if moment.fired(Rule::Learned)
            && self.learned.is_none()
            && let Some(chosen) = moment.process().and_then(Paxos::chosen)
        {
            let finished = self.finished(moment, chosen).map(|sentence| Shown { event: moment.event, sentence });
            self.learned = Some(finished);
        }
    }

    fn conclude(self, _: &mut Run<Paxos>) -> Seen {
        self.learned.unwrap_or_else(|| Err("nothing was chosen".to_owned()))
    }
}

impl AnothersProposal {
    /// Whether the proposer of what is chosen finished what another had begun; if not, why not.
    fn finished(&self, moment: &Moment<'_, Paxos>, chosen: &Proposal) -> Result<String, String> {
        let Proposal { ballot, value } = chosen;
        let messages = &moment.run.simulation().trace().messages;
        if self.bound.is_empty() {
            return Err("no proposer found another's value in its promises".to_owned());
        }
        if let Some(first) = self.acceptances.chosen.filter(|first| first != ballot) {
            return Err(format!("{value} was chosen before, in ballot {first}"));
        }
        let proposed = |message: &MessageRecord<Message>| match &message.body {
            Message::Accept { proposal } if proposal.value == *value => Some(proposal.ballot.node),
            _ => None,
        };
        if !self.bound.contains(ballot) || messages.iter().find_map(proposed) == Some(ballot.node) {
            return Err("the value that was chosen was its proposer's own".to_owned());
        }
        let asks = |message: &MessageRecord<Message>| match &message.body {
            Message::Request(Request { command: Command::Cas { new, .. }, .. }) => {
                message.to == ballot.node && new == value
            }
            _ => false,
        };
        let name = moment.name(ballot.node);
        if messages.iter().any(asks) {
            return Err(format!(
                "{name} was asked for {value} itself: what was chosen did not take the place of its own value"
            ));
        }
        Ok(format!("{value} is chosen, and {name} had not been the first to propose it"))
    }
}

/// One of two proposers was outbid by the other.
struct Turn {
    loser: NodeId,
    /// What it was outbid by: the other's ballot, which an acceptor had promised that it had asked, too.
    by: Ballot,
}

/// Who was outbid, in turn: of two processes, now one by the other, now the other by the one.
#[derive(Default)]
struct Duel {
    turns: Vec<Turn>,
    longest: usize,
    acceptances: Acceptances,
    shown: Option<Shown>,
}

impl Watch<Paxos> for Duel {
    fn observe(&mut self, moment: &Moment<'_, Paxos>) {
        self.acceptances.look(moment);
        if self.acceptances.chosen.is_some() || !moment.fired(Rule::Outbid) {
            return;
        }
        let loser = moment.node();
        let Some(Message::Refused { ballot, promised }) = moment.handled().map(|message| &message.body) else { return };
        let by = *promised;
        if by.node == loser || by <= *ballot {
            // Its own ballot, or none that is higher: nobody has outbid it.
            return;
        }
        // The one who was outbid last has come back with a higher ballot, and it is the other's turn to lose.
        let follows = |last: &Turn| last.loser == by.node && last.by.node == loser && last.by <= *ballot;
        if !self.turns.last().is_some_and(follows) {
            self.turns.clear();
        }
        self.turns.push(Turn { loser, by });
        self.longest = self.longest.max(self.turns.len());
        if self.turns.len() >= OUTBID_TIMES && self.shown.is_none() {
            let sentence = format!(
                "{} and {} have outbid each other {OUTBID_TIMES} times in turn",
                moment.name(by.node),
                moment.name(loser)
            );
            self.shown = Some(Shown { event: moment.event, sentence });
        }
    }

    fn conclude(self, _: &mut Run<Paxos>) -> Seen {
        let longest = self.longest;
        self.shown.ok_or_else(|| {
            let end =
                if self.acceptances.chosen.is_some() { "then a value was chosen" } else { "nothing is chosen yet" };
            format!("two proposers were outbid in turn {longest} times, and it takes {OUTBID_TIMES}; {end}")
        })
    }
}
