//! The proofs of misbehaviour that validators hold: two signatures that contradict each other.

use super::value;
use crate::check::accountability::{HeldProof, SignedText, carrier};
use crate::process::{NodeId, Signed};
use crate::sim::trace::InputKind;
use crate::sim::{EventRecord, Trace, World};
use crate::tendermint::{Evidence, Message, Proposal, Tendermint, Vote, VoteKind};

/// All that validators hold, the world being as it is before an event.
pub(super) fn held(before: u32, world: &World<Tendermint>, trace: &Trace<Tendermint>) -> Vec<HeldProof> {
    let up = world
        .replicas()
        .iter()
        .enumerate()
        .filter_map(|(index, machine)| Some((NodeId(index as u16), machine.process.as_ref()?)));
    let held =
        up.flat_map(|(holder, validator)| validator.durable().evidence.iter().map(move |evidence| (holder, evidence)));
    held.map(|(holder, evidence)| {
        let event = learned(holder, evidence, before, trace);
        let since = event.and_then(|event| trace.events.get(event as usize)).map_or(0, |event| event.time);
        let said = match &**evidence {
            Evidence::Votes { first, second } => [first, second].map(|vote| vote_text(vote, before, trace)),
            Evidence::Proposals { first, second } => {
                [first, second].map(|proposal| proposal_text(proposal, before, trace))
            }
        };
        HeldProof { culprit: evidence.culprit(), holder, since, event, said }
    })
    .collect()
}

/// A vote in words.
pub(super) fn vote_in_words(vote: &Vote) -> String {
    let kind = if vote.kind == VoteKind::Prevote { "prevote" } else { "precommit" };
    format!("{kind} in round {} of height {}: {}", vote.round, vote.height, value(vote.id))
}

/// A vote of a piece of evidence, and which message carried it.
fn vote_text(vote: &Signed<Vote>, before: u32, trace: &Trace<Tendermint>) -> SignedText {
    let carries =
        |message: &Message| matches!(message, Message::Prevote(said) | Message::Precommit(said) if said == vote);
    SignedText { text: vote_in_words(vote.body()), message: carrier(trace, before, vote.signer(), carries) }
}

/// A proposal of a piece of evidence, and which message carried it.
fn proposal_text(proposal: &Signed<Proposal>, before: u32, trace: &Trace<Tendermint>) -> SignedText {
    let Proposal { height, round, id, .. } = *proposal.body();
    let carries = |message: &Message| matches!(message, Message::Proposal(said) if said.proposal == *proposal);
    SignedText {
        text: format!("proposal in round {round} of height {height}: {id}"),
        message: carrier(trace, before, proposal.signer(), carries),
    }
}

/// The event by which a validator came to hold both halves: it heard the second one, or was shown both.
fn learned(holder: NodeId, evidence: &Evidence, before: u32, trace: &Trace<Tendermint>) -> Option<u32> {
    let has = |message: &Message| match (message, evidence) {
        (Message::Evidence(shown), _) => **shown == *evidence,
        (Message::Prevote(vote) | Message::Precommit(vote), Evidence::Votes { second, .. }) => vote == second,
        (Message::Status(status), Evidence::Votes { second, .. }) => status.votes.contains(second),
        (Message::Proposal(said), Evidence::Proposals { second, .. }) => said.proposal == *second,
        (Message::Status(status), Evidence::Proposals { second, .. }) => {
            status.proposals.iter().any(|said| said.proposal == *second)
        }
        _ => false,
    };
    let events = trace.events.iter().take(before as usize).enumerate();
    let heard = |event: &EventRecord| event.node == holder.0 && event.input == InputKind::Message;
    let messages = events
        .filter(|(_, event)| heard(event))
        .filter_map(|(index, event)| Some((index, trace.messages.get(event.cause as usize)?)));
    messages.filter(|(_, record)| has(&record.body)).map(|(index, _)| index as u32).next()
}
