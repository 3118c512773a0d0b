//! How Multi-Paxos's messages are told apart and shown.

use super::log::Slot;
use super::message::{Message, Reported, State, StateReply};
use crate::kv::Request;
use crate::process::{self, Counted, Field};

/// One slot, or the first and last of several.
fn slots(first: Slot, last: Slot) -> String {
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

fn reported_text(reported: &Reported) -> String {
    format!("{}: {} {}", reported.slot, reported.accepted.ballot, reported.accepted.payload)
}

impl process::Message for Message {
    const KINDS: &'static [&'static str] = &[
        "prepare",
        "promise",
        "accept",
        "accepted",
        "heartbeat",
        "heartbeat reply",
        "refused",
        "state",
        "state reply",
        "request",
        "reply",
        "invoke",
        "session read",
        "session reply",
    ];

    fn kind(&self) -> u8 {
        match self {
            Self::Prepare { .. } => 0,
            Self::Promise(_) => 1,
            Self::Accept(_) => 2,
            Self::Accepted(_) => 3,
            Self::Heartbeat { .. } => 4,
            Self::HeartbeatReply { .. } => 5,
            Self::Refused { .. } => 6,
            Self::State(_) => 7,
            Self::StateReply(_) => 8,
            Self::Request(_) => 9,
            Self::Reply(_) => 10,
            Self::Invoke(_) => 11,
            Self::SessionRead(_) => 12,
            Self::SessionReply(_) => 13,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Self::Prepare { ballot, .. }
            | Self::Heartbeat { ballot, .. }
            | Self::HeartbeatReply { ballot, .. }
            | Self::Refused { ballot, .. } => ballot.as_epoch(),
            Self::State(body) => body.ballot.as_epoch(),
            Self::StateReply(body) => body.ballot.as_epoch(),
            Self::Promise(body) => body.ballot.as_epoch(),
            Self::Accept(body) => body.ballot.as_epoch(),
            Self::Accepted(body) => body.ballot.as_epoch(),
            Self::Request(_) | Self::Reply(_) | Self::Invoke(_) | Self::SessionRead(_) | Self::SessionReply(_) => 0,
        }
    }

    fn counted(&self) -> Option<Counted> {
        match self {
            Self::Promise(body) => Some(Counted::in_epoch(body.ballot.as_epoch())),
            Self::Accepted(body) => Some(Counted::of_indexes(body.ballot.as_epoch(), body.first, body.last)),
            _ => None,
        }
    }

    fn is_heartbeat(&self) -> bool {
        matches!(self, Self::Heartbeat { .. } | Self::HeartbeatReply { .. })
    }

    fn label(&self) -> String {
        match self {
            Self::Prepare { ballot, .. } => format!("prepare {ballot}"),
            Self::Promise(body) => match (&*body.reported, &body.snapshot) {
                ([], None) => format!("promise {}", body.ballot),
                ([first, .., last], _) => format!("promise {}, accepted {}", body.ballot, slots(first.slot, last.slot)),
                ([one], _) => format!("promise {}, accepted {}", body.ballot, one.slot),
                ([], Some(snapshot)) => format!("promise {}, state to {}", body.ballot, snapshot.up_to),
            },
            Self::Accept(body) => match &*body.values {
                [value] => format!("accept {}: {value}", body.first),
                values => format!("accept {}", slots(body.first, body.first + values.len() as u64 - 1)),
            },
            Self::Accepted(body) => format!("accepted {}", slots(body.first, body.last)),
            Self::Heartbeat { .. } => "heartbeat".into(),
            Self::HeartbeatReply { matched, .. } => format!("have to {matched}"),
            Self::Refused { promised, .. } => format!("no: promised {promised}"),
            Self::State(State { snapshot, piece: Some(piece), .. }) => {
                format!("state to {}, from item {}", snapshot.up_to, piece.offset)
            }
            Self::State(body) => format!("state to {}", body.snapshot.up_to),
            Self::StateReply(StateReply { piece: Some(piece), .. }) => format!("have {} items", piece.held),
            Self::StateReply(body) => format!("have to {}", body.matched),
            Self::Request(Request { command, .. }) | Self::Invoke(command) => command.to_string(),
            Self::Reply(reply) => reply.body.to_string(),
            Self::SessionRead(read) => read.label(),
            Self::SessionReply(session) => session.reply.body.to_string(),
        }
    }

    fn fields(&self) -> Vec<Field> {
        match self {
            Self::Prepare { ballot, after } => {
                vec![Field::new("ballot", ballot.to_string()), Field::new("for slots behind", *after)]
            }
            Self::Promise(body) => {
                let mut fields = vec![
                    Field::new("ballot", body.ballot.to_string()),
                    Field::new("accepted", body.reported.iter().map(reported_text).collect::<Vec<_>>()),
                    Field::new("state up to", body.snapshot.as_ref().map(|snapshot| snapshot.up_to)),
                ];
                if let Some(part) = body.part {
                    fields.extend([Field::new("part", part.number + 1), Field::new("of", part.of)]);
                }
                fields
            }
            Self::Accept(body) => vec![
                Field::new("ballot", body.ballot.to_string()),
                Field::new("first slot", body.first),
                Field::new("values", body.values.iter().map(ToString::to_string).collect::<Vec<_>>()),
                Field::new("commit index", body.commit_index),
            ],
            Self::Accepted(body) => vec![
                Field::new("ballot", body.ballot.to_string()),
                Field::new("first slot", body.first),
                Field::new("last slot", body.last),
                Field::new("has all up to", body.matched),
            ],
            Self::Heartbeat { ballot, commit_index, round } => {
                vec![
                    Field::new("ballot", ballot.to_string()),
                    Field::new("commit index", *commit_index),
                    Field::new("round", *round),
                ]
            }
            Self::HeartbeatReply { ballot, matched, round } => {
                vec![
                    Field::new("ballot", ballot.to_string()),
                    Field::new("has all up to", *matched),
                    Field::new("round", *round),
                ]
            }
            Self::Refused { ballot, promised } => {
                vec![Field::new("ballot", ballot.to_string()), Field::new("promised", promised.to_string())]
            }
            Self::State(body) => {
                let mut fields = vec![
                    Field::new("ballot", body.ballot.to_string()),
                    Field::new("up to", body.snapshot.up_to),
                    Field::new(
                        "state",
                        body.snapshot.store.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>(),
                    ),
                ];
                fields.extend(body.piece.iter().flat_map(|piece| piece.fields()));
                fields
            }
            Self::StateReply(body) => {
                let mut fields =
                    vec![Field::new("ballot", body.ballot.to_string()), Field::new("has all up to", body.matched)];
                fields.extend(body.piece.iter().flat_map(|piece| piece.fields()));
                fields
            }
            Self::Request(request) => request.fields(),
            Self::Reply(reply) => reply.fields(),
            Self::SessionRead(read) => read.fields(),
            Self::SessionReply(session) => session.fields(),
            Self::Invoke(command) => vec![Field::new("command", command.to_string())],
        }
    }
}
