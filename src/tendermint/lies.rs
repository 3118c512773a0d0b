//! What a liar may say in place of an honest message.

use super::block::BlockId;
use super::decision::Decision;
use super::message::{Message, Status};
use super::state::Proposed;
use super::vote::{Evidence, Proposal, Vote};
use crate::kv::{Reply, ReplyBody, Request};
use crate::process::{Alteration, Liar, NodeId, Signed};
use std::sync::Arc;

/// The message that a liar sends in place of another. Value n of a block is the same block with seal n, for proposals
/// and votes alike: so a proposer and its accomplices can tell one half of the validators one thing and the other half
/// another.
pub(super) fn altered(message: &Message, liar: &Liar, how: Alteration) -> Option<Message> {
    match message {
        Message::Proposal(body) => proposal(body, liar, how).map(|body| Message::Proposal(Arc::new(body))),
        Message::Prevote(body) => vote(body, liar, how).map(Message::Prevote),
        Message::Precommit(body) => vote(body, liar, how).map(Message::Precommit),
        Message::Status(body) => status(body, liar, how).map(|body| Message::Status(Arc::new(body))),
        Message::Blocks(decisions) => {
            let decisions: Option<Vec<_>> =
                decisions.iter().map(|body| decision(body, liar, how).map(Arc::new)).collect();
            decisions.map(Message::Blocks)
        }
        Message::Reply(reply) => answer(reply, how).map(Message::Reply),
        Message::Evidence(body) => evidence(body, liar, how).map(|body| Message::Evidence(Arc::new(body))),
        Message::PassedOn(body) => request(body, liar, how).map(Message::PassedOn),
        Message::Request(_) | Message::Invoke(_) => None,
    }
}

/// Evidence against another, or of something else: a forgery, but for what the liar and its accomplices signed.
fn evidence(body: &Evidence, liar: &Liar, how: Alteration) -> Option<Evidence> {
    let frames = matches!(how, Alteration::Impersonate(_));
    match body {
        Evidence::Votes { first, second } => {
            let first = if frames { vote(first, liar, how)? } else { first.clone() };
            Some(Evidence::Votes { first, second: vote(second, liar, how)? })
        }
        Evidence::Proposals { first, second } => {
            let Alteration::Impersonate(node) = how else { return None };
            let framed = |half: &Signed<Proposal>| liar.keyring.sign(NodeId(node), *half.body());
            Some(Evidence::Proposals { first: framed(first), second: framed(second) })
        }
    }
}

/// Something else in the name of the client: a forgery, if that one does not collude.
fn request(body: &Signed<Request>, liar: &Liar, how: Alteration) -> Option<Signed<Request>> {
    let Alteration::Value(number) = how else { return None };
    let command = body.body().command.falsified(number)?;
    Some(liar.keyring.sign(body.signer(), Request { command, ..body.body().clone() }))
}

fn proposal(body: &Proposed, liar: &Liar, how: Alteration) -> Option<Proposed> {
    let honest = *body.proposal.body();
    let mut signer = body.proposal.signer();
    let mut block = body.block.clone();
    let mut lie = honest;
    match how {
        Alteration::Value(number) => {
            block = Arc::new(block.sealed(number));
            lie.id = block.id();
        }
        Alteration::Digest => lie.id = BlockId::of(b"a digest that fits nothing"),
        Alteration::Nil => return None,
        Alteration::SequenceUp | Alteration::SequenceDown => {
            lie.height =
                if how == Alteration::SequenceUp { honest.height + 1 } else { honest.height.checked_sub(1)? };
            block = Arc::new(block.moved(lie.height));
            lie.id = block.id();
        }
        Alteration::EpochUp => lie.round += 1,
        // A valid round that never was says more than a round that is over.
        Alteration::EpochDown => lie = Proposal { valid_round: Some(honest.round.checked_sub(1)?), ..honest },
        Alteration::Impersonate(node) => signer = NodeId(node),
    }
    Some(Proposed { proposal: liar.keyring.sign(signer, lie), block })
}

fn vote(body: &Signed<Vote>, liar: &Liar, how: Alteration) -> Option<Signed<Vote>> {
    let mut signer = body.signer();
    let mut lie = *body.body();
    match how {
        Alteration::Value(number) => lie.id = Some(lie.id?.sealed(number)),
        Alteration::Digest => lie.id = Some(BlockId::of(b"a digest that fits nothing")),
        Alteration::Nil => lie.id = None,
        Alteration::SequenceUp => lie.height += 1,
        Alteration::SequenceDown => lie.height = lie.height.checked_sub(1)?,
        Alteration::EpochUp => lie.round += 1,
        Alteration::EpochDown => lie.round = lie.round.checked_sub(1)?,
        Alteration::Impersonate(node) => signer = NodeId(node),
    }
    Some(liar.keyring.sign(signer, lie))
}

/// Its own votes in the status are altered, those of others cannot be. With nil it says nothing of rounds that are
/// over: what was decided in one stays hidden.
fn status(body: &Status, liar: &Liar, how: Alteration) -> Option<Status> {
    let mut lie = body.clone();
    match how {
        Alteration::SequenceUp => lie.height += 1,
        Alteration::SequenceDown => lie.height = lie.height.checked_sub(1)?,
        Alteration::Nil => {
            lie.proposals.retain(|proposed| Some(proposed.proposal.body().round) == body.round);
            lie.votes.retain(|vote| Some(vote.body().round) == body.round);
        }
        _ => {
            for known in lie.votes.iter_mut().filter(|known| liar.keyring.owners().contains(known.signer())) {
                if let Some(lie) = vote(known, liar, how) {
                    *known = lie;
                }
            }
        }
    }
    Some(lie)
}

/// Another block with the precommits of the honest one, or none at all.
fn decision(body: &Decision, _: &Liar, how: Alteration) -> Option<Decision> {
    match how {
        Alteration::Value(number) => Some(Decision { block: Arc::new(body.block.sealed(number)), ..body.clone() }),
        Alteration::Digest => Some(Decision { certificate: Vec::new(), ..body.clone() }),
        Alteration::EpochUp => Some(Decision { round: body.round + 1, ..body.clone() }),
        _ => None,
    }
}

fn answer(reply: &Reply, how: Alteration) -> Option<Reply> {
    let (ReplyBody::Answer(answer), Alteration::Value(number)) = (&reply.body, how) else { return None };
    Some(Reply { body: ReplyBody::Answer(answer.falsified(number)), ..reply.clone() })
}
