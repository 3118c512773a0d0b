//! What Multi-Paxos says of its messages: promises, and acceptances of slots.

use super::speech::{Explained, Part, Phase, Place, Speech, in_store, is_same, majority};
use crate::kv::Request;
use crate::multi_paxos::{Message, MultiPaxos, Mutation, Payload, Rule, Slot};
use crate::process::NodeId;
use crate::sim::World;

const PROMISE: usize = 0;
const ACCEPTANCE: usize = 1;

impl Explained for MultiPaxos {
    const EPOCH: &'static str = "ballot";
    const PLACE: &'static str = "slot";
    const PHASES: &'static [Phase] =
        &[Phase { name: "promise", is_asked: true }, Phase { name: "acceptance", is_asked: true }];
    const BIDS: &'static [(Rule, &'static [usize])] = &[(Rule::BallotChosen, &[PROMISE])];
    const DECIDES: &'static [usize] = &[ACCEPTANCE];

    fn asked(message: &Message) -> Option<(NodeId, u64)> {
        if let Message::Request(request) = message { Some((request.client, request.sequence)) } else { None }
    }

    fn placed(message: &Message, request: &Request) -> Option<(Place, u64)> {
        let Message::Accept(body) = message else { return None };
        let found = body.values.iter().position(|value| is_of(value, request))?;
        let epoch = body.ballot.as_epoch();
        Some((Place { index: body.first + found as Slot, epoch }, epoch))
    }

    fn puts(message: &Message, index: u64) -> Option<u64> {
        let Message::Accept(body) = message else { return None };
        let place = index.checked_sub(body.first)?;
        body.values.get(place as usize).map(|_| body.ballot.as_epoch())
    }

    fn speech(message: &Message) -> Option<Speech> {
        Some(match message {
            Message::Prepare { ballot, .. } => Speech::of(PROMISE, Part::Asks, ballot.as_epoch()),
            Message::Promise(body) => Speech::of(PROMISE, Part::Says, body.ballot.as_epoch()),
            Message::Accept(body) => {
                let last = body.first + (body.values.len() as Slot).max(1) - 1;
                Speech::between(ACCEPTANCE, Part::Asks, body.ballot.as_epoch(), (body.first, last))
            }
            Message::Accepted(body) => {
                Speech::between(ACCEPTANCE, Part::Says, body.ballot.as_epoch(), (body.first, body.last))
            }
            // It is sent in answer to a prepare and to an accept: which of them it was, the trace says.
            Message::Refused { ballot, .. } => Speech::of(PROMISE, Part::Refuses, ballot.as_epoch()),
            _ => return None,
        })
    }

    fn held(&self, request: &Request) -> Option<Place> {
        let log = self.log();
        let mut slots = log.after(log.base()).filter(|(_, accepted)| is_of(&accepted.payload, request));
        slots.next().map(|(index, accepted)| Place { index, epoch: accepted.ballot.as_epoch() })
    }

    fn carried_out(&self, request: &Request) -> Option<bool> {
        in_store(self.store(), request)
    }

    fn refusal(&self, asked: &Message) -> Option<String> {
        let (Message::Prepare { ballot, .. } | Message::Accept(crate::multi_paxos::message::Accept { ballot, .. })) =
            asked
        else {
            return None;
        };
        let promised = self.promised().filter(|promised| promised > ballot)?;
        Some(format!("it has promised ballot {promised}, which is higher than {ballot}"))
    }

    fn needed(world: &World<Self>, _: usize) -> u64 {
        let majority = majority(world);
        if world.setup().replica.mutations.has(Mutation::MajorityOffByOne) { (majority - 1).max(1) } else { majority }
    }
}

fn is_of(payload: &Payload, request: &Request) -> bool {
    matches!(payload, Payload::Command(other) if is_same(other, request))
}
