//! What travels between proposers, acceptors and learners, and between them and clients.

use super::state::{Ballot, Proposal};
use crate::kv::{Answer, Command, Reply, Request, Value, plain_client_message};
use crate::process::{self, Alteration, Field, Liar, fingerprint_enum};

/// A message of Paxos. The letters are those of the paper's phases.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// 1a: a proposer asks for a promise.
    Prepare {
        /// Its ballot.
        ballot: Ballot,
    },
    /// 1b: an acceptor promises.
    Promise {
        /// The ballot that it promises.
        ballot: Ballot,
        /// The highest-numbered proposal that it has accepted, if any.
        accepted: Option<Proposal>,
    },
    /// 2a: a proposer asks for acceptance.
    Accept {
        /// Ballot and value.
        proposal: Proposal,
    },
    /// 2b: an acceptor has accepted; it tells all learners.
    Accepted {
        /// Ballot and value.
        proposal: Proposal,
    },
    /// An acceptor refuses, and says what it has promised.
    Refused {
        /// The ballot that it refuses.
        ballot: Ballot,
        /// The ballot that it has promised.
        promised: Ballot,
    },
    /// A client proposes a value.
    Request(Request),
    /// The answer to it.
    Reply(Reply),
    /// A client is asked to propose a value.
    Invoke(Command),
}

fingerprint_enum!(Message {
    0 => Prepare { ballot },
    1 => Promise { ballot, accepted },
    2 => Accept { proposal },
    3 => Accepted { proposal },
    4 => Refused { ballot, promised },
    5 => Request(request),
    6 => Reply(reply),
    7 => Invoke(command),
});

impl Message {
    /// Answers a client that proposed a value: chosen, or another was.
    pub fn outcome(sequence: u64, proposed: &Value, chosen: &Value) -> Self {
        let answer =
            if proposed == chosen { Answer::Swapped } else { Answer::Mismatch { found: Some(chosen.clone()) } };
        Self::answer(sequence, answer)
    }
}

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

plain_client_message!(Message);
