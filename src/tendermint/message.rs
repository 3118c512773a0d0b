//! What travels between validators, and between them and clients.

use super::decision::Decision;
use super::state::Proposed;
use super::vote::{Evidence, Vote, VoteKind};
use super::{Height, Round};
use crate::kv::{Answer, ClientMessage, Command, Reply, ReplyBody, Request};
use crate::process::{Keyring, Signed, fingerprint_enum, fingerprint_struct};
use std::sync::Arc;

/// A message of Tendermint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// The proposer of a round proposes a block.
    Proposal(Arc<Proposed>),
    /// A validator's first vote in a round.
    Prevote(Signed<Vote>),
    /// A validator's second vote in a round.
    Precommit(Signed<Vote>),
    /// How far a validator has got, and what it knows there: its own word and that of others.
    Status(Arc<Status>),
    /// Decided blocks, for a validator that is behind.
    Blocks(Vec<Arc<Decision>>),
    /// Two votes, or two proposals, that prove that somebody lies.
    Evidence(Arc<Evidence>),
    /// A client's request, passed on.
    PassedOn(Signed<Request>),
    /// A client's request.
    Request(Signed<Request>),
    /// The answer to it.
    Reply(Reply),
    /// A client is asked to invoke a command.
    Invoke(Command),
}

fingerprint_enum!(Message {
    0 => Proposal(body),
    1 => Prevote(body),
    2 => Precommit(body),
    3 => Status(body),
    4 => Blocks(body),
    5 => Evidence(body),
    6 => PassedOn(body),
    7 => Request(body),
    8 => Reply(body),
    9 => Invoke(body),
});

/// What takes the place of gossip: everything that matters in the current round and, for the proof of a valid value, in
/// earlier ones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Status {
    /// The height that it wants to decide.
    pub height: Height,
    /// Its round; none before the height has begun.
    pub round: Option<Round>,
    /// Proposals that it knows.
    pub proposals: Vec<Arc<Proposed>>,
    /// Votes that it knows.
    pub votes: Vec<Signed<Vote>>,
    /// Requests that wait for a block.
    pub requests: Vec<Signed<Request>>,
}

fingerprint_struct!(Status { height, round, proposals, votes, requests });

impl Message {
    /// Answers a client.
    pub fn answer(sequence: u64, answer: Answer) -> Self {
        Self::Reply(Reply { sequence, body: ReplyBody::Answer(answer) })
    }

    /// A vote in its message.
    pub fn vote(vote: Signed<Vote>) -> Self {
        match vote.body().kind {
            VoteKind::Prevote => Self::Prevote(vote),
            VoteKind::Precommit => Self::Precommit(vote),
        }
    }

    /// All votes in it, whoever passes them on.
    pub fn votes(&self) -> Vec<&Signed<Vote>> {
        match self {
            Self::Prevote(vote) | Self::Precommit(vote) => vec![vote],
            Self::Status(status) => status.votes.iter().collect(),
            Self::Blocks(decisions) => decisions.iter().flat_map(|decision| &decision.certificate).collect(),
            Self::Evidence(evidence) => match &**evidence {
                Evidence::Votes { first, second } => vec![first, second],
                Evidence::Proposals { .. } => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

impl ClientMessage for Message {
    /// Called by the client that asks, and by nobody else: so it is the client's own key that signs.
    fn request(request: Request) -> Self {
        let client = request.client;
        Self::Request(Keyring::of([client].into_iter().collect()).sign(client, request))
    }

    fn as_reply(&self) -> Option<&Reply> {
        if let Self::Reply(reply) = self { Some(reply) } else { None }
    }

    fn invoke(command: Command) -> Self {
        Self::Invoke(command)
    }

    fn as_invoke(&self) -> Option<&Command> {
        if let Self::Invoke(command) = self { Some(command) } else { None }
    }
}
