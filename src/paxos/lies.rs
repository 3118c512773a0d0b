//! What a liar may say in Paxos. Nothing is signed, so whatever has the right form is believed: Paxos assumes that
//! processes only stop, and that messages are not corrupted ("Paxos Made Simple" 2.1).

use super::message::Message;
use super::state::{Ballot, Proposal};
use crate::kv::{Reply, ReplyBody, Value};
use crate::process::Alteration;

pub(super) fn altered(message: &Message, how: Alteration) -> Option<Message> {
    match message {
        Message::Prepare { ballot } => Some(Message::Prepare { ballot: moved(*ballot, how)? }),
        Message::Promise { ballot, accepted } => promise(*ballot, accepted.as_ref(), how),
        Message::Accept { proposal } => self::proposal(proposal, how).map(|proposal| Message::Accept { proposal }),
        Message::Accepted { proposal } => self::proposal(proposal, how).map(|proposal| Message::Accepted { proposal }),
        Message::Refused { ballot, promised } => {
            Some(Message::Refused { ballot: *ballot, promised: moved(*promised, how)? })
        }
        Message::Reply(Reply { sequence, body: ReplyBody::Answer(answer) }) => {
            let Alteration::Value(number) = how else { return None };
            Some(Message::Reply(Reply { sequence: *sequence, body: ReplyBody::Answer(answer.falsified(number)) }))
        }
        Message::Reply(_) | Message::Request(_) | Message::Invoke(_) => None,
    }
}

/// The next ballot of the same proposer, or the one before.
fn moved(ballot: Ballot, how: Alteration) -> Option<Ballot> {
    match how {
        Alteration::EpochUp => Some(Ballot { round: ballot.round.saturating_add(1), ..ballot }),
        Alteration::EpochDown => Some(Ballot { round: ballot.round.saturating_sub(1), ..ballot }),
        _ => None,
    }
}

fn other(number: u8) -> Value {
    format!("lie {number}").into()
}

fn proposal(body: &Proposal, how: Alteration) -> Option<Proposal> {
    match how {
        Alteration::Value(number) => Some(Proposal { value: other(number), ..body.clone() }),
        _ => Some(Proposal { ballot: moved(body.ballot, how)?, ..body.clone() }),
    }
}

/// Nil keeps secret what was accepted; another value is put in its place.
fn promise(ballot: Ballot, accepted: Option<&Proposal>, how: Alteration) -> Option<Message> {
    match how {
        Alteration::Nil => Some(Message::Promise { ballot, accepted: None }),
        Alteration::Value(_) => Some(Message::Promise { ballot, accepted: Some(proposal(accepted?, how)?) }),
        _ => Some(Message::Promise { ballot: moved(ballot, how)?, accepted: accepted.cloned() }),
    }
}
