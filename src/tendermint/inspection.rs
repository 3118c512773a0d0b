//! Messages from outside: what a page may say of one, and what a liar may send in its place.

use super::decision::Decision;
use super::lies;
use super::message::Message;
use super::state::Proposed;
use super::vote::{Evidence, Proposal, Vote, VoteKind};
use crate::kv::ReplyBody;
use crate::process::{self, Alteration, Counted, Field, FieldValue, Fingerprint as _, Liar, Signed};
use std::sync::Arc;

fn vote_text(vote: &Signed<Vote>) -> String {
    let Vote { kind, height, round, id } = *vote.body();
    let kind = match kind {
        VoteKind::Prevote => "prevote",
        VoteKind::Precommit => "precommit",
    };
    let value = id.map_or_else(|| "nil".to_owned(), |id| id.to_string());
    let forged = if vote.is_genuine() { "" } else { ", forged" };
    format!("n{}: {kind} {value} at {height}/{round}{forged}", vote.signer().0 + 1)
}

fn proposal_text(signed: &Signed<Proposal>) -> String {
    let Proposal { height, round, id, valid_round } = *signed.body();
    let again = valid_round.map_or_else(String::new, |valid| format!(", polka in round {valid}"));
    let forged = if signed.is_genuine() { "" } else { ", forged" };
    format!("n{}: propose {id} at {height}/{round}{again}{forged}", signed.signer().0 + 1)
}

fn vote_label(kind: &str, vote: &Signed<Vote>) -> String {
    vote.body().id.map_or_else(|| format!("{kind} nil"), |id| format!("{kind} {id}"))
}

impl process::Message for Message {
    const KINDS: &'static [&'static str] =
        &["Proposal", "Prevote", "Precommit", "Status", "Blocks", "Evidence", "PassedOn", "Request", "Reply", "Invoke"];

    fn kind(&self) -> u8 {
        match self {
            Self::Proposal(_) => 0,
            Self::Prevote(_) => 1,
            Self::Precommit(_) => 2,
            Self::Status(_) => 3,
            Self::Blocks(_) => 4,
            Self::Evidence(_) => 5,
            Self::PassedOn(_) => 6,
            Self::Request(_) => 7,
            Self::Reply(_) => 8,
            Self::Invoke(_) => 9,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Self::Proposal(body) => body.proposal.body().height,
            Self::Prevote(vote) | Self::Precommit(vote) => vote.body().height,
            Self::Status(status) => status.height,
            Self::Blocks(decisions) => decisions.last().map_or(0, |decision| decision.block.height()),
            Self::Evidence(evidence) => evidence.place().0,
            Self::PassedOn(_) | Self::Request(_) | Self::Reply(_) | Self::Invoke(_) => 0,
        }
    }

    fn is_heartbeat(&self) -> bool {
        matches!(self, Self::Status(status) if status.round.is_none() && status.requests.is_empty())
    }

    fn label(&self) -> String {
        match self {
            Self::Proposal(body) => format!("propose {}", body.block.label()),
            Self::Prevote(vote) => vote_label("prevote", vote),
            Self::Precommit(vote) => vote_label("precommit", vote),
            Self::Status(status) => match status.round {
                Some(round) => format!("at {}/{round}, {} votes", status.height, status.votes.len()),
                None => format!("at {}", status.height),
            },
            Self::Blocks(decisions) => match &**decisions {
                [only] => format!("block {}", only.block.height()),
                several => format!("{} blocks", several.len()),
            },
            Self::Evidence(evidence) => evidence.label(),
            Self::PassedOn(request) | Self::Request(request) => request.body().command.to_string(),
            Self::Reply(reply) => match &reply.body {
                ReplyBody::Answer(answer) => answer.to_string(),
                ReplyBody::NotLeader { .. } => "not leader".into(),
            },
            Self::Invoke(command) => command.to_string(),
        }
    }

    fn fields(&self) -> Vec<Field> {
        match self {
            Self::Proposal(body) => proposal_fields(body),
            Self::Prevote(vote) | Self::Precommit(vote) => vec![
                Field::new("height", vote.body().height),
                Field::new("round", vote.body().round),
                Field::new("for", vote.body().id.map_or_else(|| "nil".to_owned(), |id| id.to_string())),
                Field::new("signed by", vote.signer()),
                Field::new("genuine", vote.is_genuine()),
            ],
            Self::Status(status) => vec![
                Field::new("height", status.height),
                Field::new("round", status.round),
                Field::new("proposals", status.proposals.iter().map(|body| body.block.label()).collect::<Vec<_>>()),
                Field::new("votes", status.votes.iter().map(vote_text).collect::<Vec<_>>()),
                Field::new(
                    "requests",
                    status.requests.iter().map(|request| request.body().command.to_string()).collect::<Vec<_>>(),
                ),
            ],
            Self::Blocks(decisions) => {
                let text = |decision: &Arc<Decision>| {
                    let precommits: Vec<String> = decision.certificate.iter().map(vote_text).collect();
                    format!("{} {}: {}", decision.block.height(), decision.block.label(), precommits.join("; "))
                };
                vec![Field::new("blocks", decisions.iter().map(text).collect::<Vec<_>>())]
            }
            Self::Evidence(evidence) => {
                let said = match &**evidence {
                    Evidence::Votes { first, second } => Field::new("votes", vec![vote_text(first), vote_text(second)]),
                    Evidence::Proposals { first, second } => {
                        Field::new("proposals", vec![proposal_text(first), proposal_text(second)])
                    }
                };
                vec![Field::new("against", evidence.culprit()), said]
            }
            Self::PassedOn(request) | Self::Request(request) => vec![
                Field::new("client", request.body().client),
                Field::new("sequence", request.body().sequence),
                Field::new("command", request.body().command.to_string()),
                Field::new("genuine", request.is_genuine()),
            ],
            Self::Reply(reply) => match &reply.body {
                ReplyBody::Answer(answer) => {
                    vec![Field::new("sequence", reply.sequence), Field::new("answer", answer.to_string())]
                }
                ReplyBody::NotLeader { leader } => {
                    vec![Field::new("sequence", reply.sequence), Field::new("leader", *leader)]
                }
            },
            Self::Invoke(command) => vec![Field::new("command", command.to_string())],
        }
    }

    fn counted(&self) -> Option<Counted> {
        match self {
            Self::Prevote(vote) | Self::Precommit(vote) => {
                let said = vote.body();
                let value = said.id.map_or(0, |id| id.fingerprint_of());
                Some(Counted { value, ..Counted::of_indexes(said.round, said.height, said.height) })
            }
            _ => None,
        }
    }

    fn step(&self) -> Option<process::Step> {
        let (height, round, phase, name) = match self {
            Self::Proposal(body) => (body.proposal.body().height, body.proposal.body().round, 0, "propose"),
            Self::Prevote(vote) => (vote.body().height, vote.body().round, 1, "prevote"),
            Self::Precommit(vote) => (vote.body().height, vote.body().round, 2, "precommit"),
            _ => return None,
        };
        Some(process::Step { index: height, round, phase, name })
    }

    fn altered(&self, liar: &Liar, how: Alteration) -> Option<Self> {
        lies::altered(self, liar, how)
    }
}

fn proposal_fields(body: &Proposed) -> Vec<Field> {
    let proposal = body.proposal.body();
    let requests = body.block.requests().iter().map(|request| FieldValue::Text(request.body().command.to_string()));
    vec![
        Field::new("height", proposal.height),
        Field::new("round", proposal.round),
        Field::new("block", proposal.id.to_string()),
        Field::new("valid round", proposal.valid_round),
        Field::new("signed by", body.proposal.signer()),
        Field::new("genuine", body.proposal.is_genuine()),
        Field::new("previous block", body.block.previous().to_string()),
        Field { name: "requests", value: FieldValue::List(requests.collect()) },
    ]
}
