//! What Paxos says of its messages: promises, and acceptances of the one value.

use super::speech::{Explained, Part, Phase, Place, Speech, majority};
use crate::kv::{Command, Request, Value};
use crate::paxos::{Message, Mutation, Paxos, Rule};
use crate::process::NodeId;
use crate::sim::World;

const PROMISE: usize = 0;
const ACCEPTANCE: usize = 1;

/// Its one decision.
const ONLY: u64 = 1;

impl Explained for Paxos {
    const EPOCH: &'static str = "ballot";
    const PLACE: &'static str = "decision";
    const PHASES: &'static [Phase] =
        &[Phase { name: "promise", is_asked: true }, Phase { name: "acceptance", is_asked: true }];
    const BIDS: &'static [(Rule, &'static [usize])] = &[(Rule::BallotChosen, &[PROMISE, ACCEPTANCE])];
    const DECIDES: &'static [usize] = &[ACCEPTANCE];

    fn asked(message: &Message) -> Option<(NodeId, u64)> {
        if let Message::Request(request) = message { Some((request.client, request.sequence)) } else { None }
    }

    /// A proposal has a value and nobody's name: it is taken for the request's if it has its value.
    fn placed(message: &Message, request: &Request) -> Option<(Place, u64)> {
        let Message::Accept { proposal } = message else { return None };
        let epoch = proposal.ballot.as_epoch();
        (Some(&proposal.value) == value_of(request)).then_some((Place { index: ONLY, epoch }, epoch))
    }

    fn speech(message: &Message) -> Option<Speech> {
        Some(match message {
            Message::Prepare { ballot } => Speech::of(PROMISE, Part::Asks, ballot.as_epoch()),
            Message::Promise { ballot, .. } => Speech::of(PROMISE, Part::Says, ballot.as_epoch()),
            Message::Accept { proposal } => {
                Speech::between(ACCEPTANCE, Part::Asks, proposal.ballot.as_epoch(), (0, ONLY))
            }
            Message::Accepted { proposal } => {
                Speech::between(ACCEPTANCE, Part::Says, proposal.ballot.as_epoch(), (0, ONLY))
            }
            // As in Multi-Paxos.
            Message::Refused { ballot, .. } => Speech::of(PROMISE, Part::Refuses, ballot.as_epoch()),
            _ => return None,
        })
    }

    fn held(&self, request: &Request) -> Option<Place> {
        let accepted = self.durable().accepted.as_ref()?;
        let epoch = accepted.ballot.as_epoch();
        (Some(&accepted.value) == value_of(request)).then_some(Place { index: ONLY, epoch })
    }

    fn carried_out(&self, request: &Request) -> Option<bool> {
        Some(self.chosen().is_some_and(|chosen| Some(&chosen.value) == value_of(request)))
    }

    fn refusal(&self, asked: &Message) -> Option<String> {
        let ballot = match asked {
            Message::Prepare { ballot } => *ballot,
            Message::Accept { proposal } => proposal.ballot,
            _ => return None,
        };
        let promised = self.durable().promised.filter(|promised| *promised > ballot)?;
        Some(format!("it has promised ballot {promised}, which is higher than {ballot}"))
    }

    fn needed(world: &World<Self>, _: usize) -> u64 {
        let majority = majority(world);
        if world.setup().replica.mutations.has(Mutation::MajorityTooSmall) { (majority - 1).max(1) } else { majority }
    }
}

fn value_of(request: &Request) -> Option<&Value> {
    if let Command::Cas { expected: None, new, .. } = &request.command { Some(new) } else { None }
}
