//! What Tendermint says of its messages: the proposal of a round, prevotes and precommits.

use super::speech::{Explained, Part, Phase, Place, Speech, in_store, is_same};
use crate::kv::Request;
use crate::process::{NodeId, NodeSet, Signed};
use crate::sim::World;
use crate::tendermint::{Message, Rule, Tendermint, Vote, VoteKind};

const PROPOSAL: usize = 0;
const PREVOTE: usize = 1;
const PRECOMMIT: usize = 2;

impl Explained for Tendermint {
    const EPOCH: &'static str = "round";
    const PLACE: &'static str = "height";
    const PHASES: &'static [Phase] = &[
        Phase { name: "proposal", is_asked: false },
        Phase { name: "prevote", is_asked: false },
        Phase { name: "precommit", is_asked: false },
    ];
    const BIDS: &'static [(Rule, &'static [usize])] = &[(Rule::RoundStarted, &[PROPOSAL, PREVOTE, PRECOMMIT])];
    const DECIDES: &'static [usize] = &[PREVOTE, PRECOMMIT];

    fn asked(message: &Message) -> Option<(NodeId, u64)> {
        if let Message::Request(request) = message {
            Some((request.body().client, request.body().sequence))
        } else {
            None
        }
    }

    fn placed(message: &Message, request: &Request) -> Option<(Place, u64)> {
        let Message::Proposal(body) = message else { return None };
        let is_in = body.block.requests().iter().any(|other| is_same(other.body(), request));
        let said = body.proposal.body();
        is_in.then_some((Place { index: said.height, epoch: said.round }, said.round))
    }

    fn speech(message: &Message) -> Option<Speech> {
        match message {
            Message::Proposal(body) => {
                let said = body.proposal.body();
                Some(Speech::between(PROPOSAL, Part::Says, said.round, (said.height, said.height)))
            }
            Message::Prevote(said) | Message::Precommit(said) => Some(vote(said)),
            _ => None,
        }
    }

    /// Validators pass votes and proposals on.
    fn words(message: &Message, _: NodeId) -> Vec<(NodeId, Speech)> {
        let mut words: Vec<(NodeId, Speech)> =
            message.votes().into_iter().map(|said| (said.signer(), vote(said))).collect();
        match message {
            Message::Proposal(body) => {
                words.extend(Self::speech(message).map(|speech| (body.proposal.signer(), speech)));
            }
            Message::Status(status) => words.extend(status.proposals.iter().map(|body| {
                let said = body.proposal.body();
                let speech = Speech::between(PROPOSAL, Part::Says, said.round, (said.height, said.height));
                (body.proposal.signer(), speech)
            })),
            // Who passes proofs of misbehaviour on, passes no votes on.
            Message::Evidence(_) => words.clear(),
            _ => {}
        }
        words
    }

    fn speakers(world: &World<Self>, phase: usize, at: Place) -> NodeSet {
        if phase == PROPOSAL {
            return [proposer(world, at)].into_iter().collect();
        }
        (0..world.setup().replicas).map(NodeId).collect()
    }

    fn held(&self, request: &Request) -> Option<Place> {
        let decisions = self.durable().chain.iter();
        let mut blocks = decisions.map(|decision| &decision.block);
        let block = blocks.find(|block| block.requests().iter().any(|other| is_same(other.body(), request)))?;
        Some(Place { index: block.height(), epoch: 0 })
    }

    fn keeps(&self, request: &Request) -> bool {
        self.held(request).is_some() || self.pool().iter().any(|other| is_same(other.body(), request))
    }

    fn carried_out(&self, request: &Request) -> Option<bool> {
        in_store(self.store(), request)
    }

    fn bids_for(&self) -> Option<Place> {
        let consensus = self.consensus();
        Some(Place { index: consensus.height(), epoch: consensus.round() })
    }

    fn needed(world: &World<Self>, phase: usize) -> u64 {
        if phase == PROPOSAL { 1 } else { world.setup().replica.validators.total() * 2 / 3 + 1 }
    }

    fn weight(world: &World<Self>, node: NodeId) -> u64 {
        world.setup().replica.validators.power(node)
    }

    fn turn(world: &World<Self>, at: Place) -> Option<String> {
        let proposer = world.name(proposer(world, at));
        Some(format!("{proposer} is the proposer of round {} at height {}", at.epoch, at.index))
    }

    fn stage_text(epoch: u64) -> String {
        format!("height {epoch}")
    }
}

fn vote(said: &Signed<Vote>) -> Speech {
    let Vote { kind, height, round, .. } = *said.body();
    let phase = if kind == VoteKind::Prevote { PREVOTE } else { PRECOMMIT };
    Speech::between(phase, Part::Says, round, (height, height))
}

fn proposer(world: &World<Tendermint>, at: Place) -> NodeId {
    world.setup().replica.validators.proposer(at.index, at.epoch)
}
