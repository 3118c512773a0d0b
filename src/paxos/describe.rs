//! How Paxos's messages are told apart and shown, and what a liar may make of them.

use super::message::Message;
use crate::kv::Request;
use crate::process::{self, Alteration, Counted, Field, Liar};

impl process::Message for Message {
    const KINDS: &'static [&'static str] =
        &["prepare", "promise", "accept", "accepted", "refused", "request", "reply", "invoke"];

    fn kind(&self) -> u8 {
        match self {
            Self::Prepare { .. } => 0,
            Self::Promise { .. } => 1,
            Self::Accept { .. } => 2,
            Self::Accepted { .. } => 3,
            Self::Refused { .. } => 4,
            Self::Request(_) => 5,
            Self::Reply(_) => 6,
            Self::Invoke(_) => 7,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Self::Prepare { ballot } | Self::Promise { ballot, .. } | Self::Refused { ballot, .. } => ballot.as_epoch(),
            Self::Accept { proposal } | Self::Accepted { proposal } => proposal.ballot.as_epoch(),
            Self::Request(_) | Self::Reply(_) | Self::Invoke(_) => 0,
        }
    }

    fn is_heartbeat(&self) -> bool {
        false
    }

    fn counted(&self) -> Option<Counted> {
        match self {
            Self::Promise { ballot, .. } => Some(Counted::in_epoch(ballot.as_epoch())),
            Self::Accepted { proposal } => Some(Counted::in_epoch(proposal.ballot.as_epoch())),
            _ => None,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Prepare { ballot } => format!("prepare {ballot}"),
            Self::Promise { ballot, accepted: None } => format!("promise {ballot}"),
            Self::Promise { ballot, accepted: Some(accepted) } => format!("promise {ballot}, accepted {accepted}"),
            Self::Accept { proposal } => format!("accept {proposal}"),
            Self::Accepted { proposal } => format!("accepted {proposal}"),
            Self::Refused { promised, .. } => format!("no: promised {promised}"),
            Self::Request(Request { command, .. }) | Self::Invoke(command) => command.to_string(),
            Self::Reply(reply) => reply.body.to_string(),
        }
    }

    fn fields(&self) -> Vec<Field> {
        match self {
            Self::Prepare { ballot } => vec![Field::new("ballot", ballot.to_string())],
            Self::Promise { ballot, accepted } => vec![
                Field::new("ballot", ballot.to_string()),
                Field::new("accepted ballot", accepted.as_ref().map(|accepted| accepted.ballot.to_string())),
                Field::new("accepted value", accepted.as_ref().map(|accepted| accepted.value.to_string())),
            ],
            Self::Accept { proposal } | Self::Accepted { proposal } => {
                vec![Field::new("ballot", proposal.ballot.to_string()), Field::new("value", proposal.value.to_string())]
            }
            Self::Refused { ballot, promised } => {
                vec![Field::new("ballot", ballot.to_string()), Field::new("promised", promised.to_string())]
            }
            Self::Request(request) => request.fields(),
            Self::Reply(reply) => vec![Field::new("sequence", reply.sequence), Field::new("answer", self.label())],
            Self::Invoke(command) => vec![Field::new("command", command.to_string())],
        }
    }

    fn altered(&self, _: &Liar, how: Alteration) -> Option<Self> {
        super::lies::altered(self, how)
    }
}
