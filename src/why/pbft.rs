//! What PBFT says of its messages: prepares, commits, and view-changes.

use super::speech::{Explained, Part, Phase, Place, Speech, in_store, is_same};
use crate::kv::Request;
use crate::pbft::{Message, Pbft, Rule, View};
use crate::process::NodeId;
use crate::sim::World;

const VIEW_CHANGE: usize = 0;
const PREPARE: usize = 1;
const COMMIT: usize = 2;

impl Explained for Pbft {
    const EPOCH: &'static str = "view";
    const PLACE: &'static str = "sequence number";
    const PHASES: &'static [Phase] = &[
        Phase { name: "view-change", is_asked: false },
        Phase { name: "prepare", is_asked: false },
        Phase { name: "commit", is_asked: false },
    ];
    const BIDS: &'static [(Rule, &'static [usize])] =
        &[(Rule::PrimarySuspected, &[VIEW_CHANGE]), (Rule::ViewChangeJoined, &[VIEW_CHANGE])];
    const DECIDES: &'static [usize] = &[PREPARE, COMMIT];

    fn asked(message: &Message) -> Option<(NodeId, u64)> {
        match message {
            Message::Request(request) | Message::Read(request) => {
                Some((request.body().client, request.body().sequence))
            }
            _ => None,
        }
    }

    fn placed(message: &Message, request: &Request) -> Option<(Place, u64)> {
        let Message::PrePrepare(proposal) = message else { return None };
        let is_it = proposal.request.as_ref().is_some_and(|other| is_same(other.body(), request));
        let said = proposal.vote.body();
        is_it.then_some((Place { index: said.sequence, epoch: said.view }, said.view))
    }

    /// A pre-prepare is the primary's own word for what it proposes.
    fn speech(message: &Message) -> Option<Speech> {
        let vote = |phase: usize, vote: &crate::process::Signed<crate::pbft::Statement>| {
            let said = vote.body();
            Speech::between(phase, Part::Says, said.view, (said.sequence, said.sequence))
        };
        Some(match message {
            Message::PrePrepare(proposal) => vote(PREPARE, &proposal.vote),
            Message::Prepare(said) => vote(PREPARE, said),
            Message::Commit(said) => vote(COMMIT, said),
            Message::ViewChange(body) => Speech::of(VIEW_CHANGE, Part::Says, body.body().view),
            _ => return None,
        })
    }

    fn words(message: &Message, from: NodeId) -> Vec<(NodeId, Speech)> {
        let signer = match message {
            Message::PrePrepare(proposal) => proposal.vote.signer(),
            Message::Prepare(vote) | Message::Commit(vote) => vote.signer(),
            Message::ViewChange(body) => body.signer(),
            _ => from,
        };
        Self::speech(message).map(|speech| (signer, speech)).into_iter().collect()
    }

    fn held(&self, request: &Request) -> Option<Place> {
        let accepted = self.durable().slots.values().filter_map(|slot| slot.accepted.as_ref());
        let mut of_request = accepted
            .filter(|proposal| proposal.request.as_ref().is_some_and(|other| is_same(other.body(), request)))
            .map(|proposal| proposal.vote.body());
        of_request.next_back().map(|said| Place { index: said.sequence, epoch: said.view })
    }

    fn carried_out(&self, request: &Request) -> Option<bool> {
        in_store(self.store(), request)
    }

    fn counter(world: &World<Self>, phase: usize, epoch: u64, bidder: NodeId) -> NodeId {
        if phase == VIEW_CHANGE { primary(world, epoch) } else { bidder }
    }

    fn needed(world: &World<Self>, _: usize) -> u64 {
        let setup = world.setup();
        u64::from(setup.replica.quorum(setup.replicas))
    }

    fn turn(world: &World<Self>, at: Place) -> Option<String> {
        Some(format!("{} is the primary of view {}", world.name(primary(world, at.epoch)), at.epoch))
    }
}

/// The replicas take turns (section 4.2).
fn primary(world: &World<Pbft>, view: View) -> NodeId {
    NodeId((view % u64::from(world.setup().replicas.max(1))) as u16)
}
