//! Messages from outside: what a page may say of one, and what a liar may send in its place.

use super::lies;
use super::message::{Certificate, Message, NewView, Reply, SignedRequest, Statement, ViewChange, Vote, request_text};
use crate::kv::ReplyBody;
use crate::process::{self, Alteration, Field, Liar, NodeId, Signed};
use std::sync::Arc;

fn vote_fields(vote: &Vote) -> Vec<Field> {
    let Statement { view, sequence, digest, .. } = *vote.body();
    vec![
        Field::new("view", view),
        Field::new("sequence", sequence),
        Field::new("digest", digest.to_string()),
        Field::new("signed by", vote.signer()),
        Field::new("signature is genuine", vote.is_genuine()),
    ]
}

fn request_fields(request: &SignedRequest) -> Vec<Field> {
    let body = request.body();
    vec![
        Field::new("client", body.client),
        Field::new("timestamp", body.sequence),
        Field::new("command", body.command.to_string()),
        Field::new("signature is genuine", request.is_genuine()),
    ]
}

impl ViewChange {
    fn fields(&self, signer: NodeId) -> Vec<Field> {
        let prepared = |certificate: &Arc<Certificate>| {
            let Statement { view, sequence, digest, .. } = *certificate.proposal.vote.body();
            format!("{sequence}: {digest} in view {view}")
        };
        vec![
            Field::new("view", self.view),
            Field::new("signed by", signer),
            Field::new("stable checkpoint", self.stable.sequence),
            Field::new("proved by", self.proof.iter().map(Signed::signer).collect::<Vec<_>>()),
            Field::new("prepared", self.prepared.iter().map(prepared).collect::<Vec<_>>()),
        ]
    }
}

impl NewView {
    fn fields(&self, signer: NodeId) -> Vec<Field> {
        let proposal = |vote: &Vote| format!("{}: {}", vote.body().sequence, vote.body().digest);
        vec![
            Field::new("view", self.view),
            Field::new("signed by", signer),
            Field::new("view-changes of", self.view_changes.iter().map(|each| each.signer()).collect::<Vec<_>>()),
            Field::new("proposed again", self.proposals.iter().map(proposal).collect::<Vec<_>>()),
        ]
    }
}

impl process::Message for Message {
    const KINDS: &'static [&'static str] = &[
        "request",
        "read",
        "pre-prepare",
        "prepare",
        "commit",
        "reply",
        "checkpoint",
        "view-change",
        "new-view",
        "status",
        "commitment",
        "state",
        "invoke",
    ];

    fn kind(&self) -> u8 {
        match self {
            Self::Request(_) => 0,
            Self::Read(_) => 1,
            Self::PrePrepare(_) => 2,
            Self::Prepare(_) => 3,
            Self::Commit(_) => 4,
            Self::Reply(_) => 5,
            Self::Checkpoint(_) => 6,
            Self::ViewChange(_) => 7,
            Self::NewView(_) => 8,
            Self::Status(_) => 9,
            Self::Commitment(_) => 10,
            Self::State(_) => 11,
            Self::Invoke(_) => 12,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Self::PrePrepare(proposal) => proposal.vote.body().view,
            Self::Prepare(vote) | Self::Commit(vote) => vote.body().view,
            Self::Reply(reply) => reply.body().view,
            Self::ViewChange(body) => body.body().view,
            Self::NewView(body) => body.body().view,
            Self::Status(status) => status.view,
            _ => 0,
        }
    }

    fn is_heartbeat(&self) -> bool {
        matches!(self, Self::Status(_))
    }

    fn label(&self) -> String {
        match self {
            Self::Request(request) => request.body().command.to_string(),
            Self::Read(request) => format!("{}?", request.body().command),
            Self::PrePrepare(proposal) => {
                format!("pre-prepare {}: {}", proposal.vote.body().sequence, request_text(proposal.request.as_deref()))
            }
            Self::Prepare(vote) => format!("prepare {}: {}", vote.body().sequence, vote.body().digest),
            Self::Commit(vote) => format!("commit {}: {}", vote.body().sequence, vote.body().digest),
            Self::Reply(reply) => match &reply.body().reply.body {
                ReplyBody::Answer(answer) => answer.to_string(),
                ReplyBody::NotLeader { .. } => "not primary".into(),
            },
            Self::Checkpoint(checkpoint) => {
                format!("checkpoint {}: {}", checkpoint.body().sequence, checkpoint.body().digest)
            }
            Self::ViewChange(body) => format!("view-change {}", body.body().view),
            Self::NewView(body) => format!("new-view {}", body.body().view),
            Self::Status(status) => format!("status: executed {}", status.executed),
            Self::Commitment(body) => {
                format!("committed {}", body.commits.first().map_or(0, |vote| vote.body().sequence))
            }
            Self::State(stable) => format!("state at {}", stable.checkpoint.sequence),
            Self::Invoke(command) => command.to_string(),
        }
    }

    fn fields(&self) -> Vec<Field> {
        match self {
            Self::Request(request) | Self::Read(request) => request_fields(request),
            Self::PrePrepare(proposal) => {
                let mut fields = vote_fields(&proposal.vote);
                fields.push(Field::new("request", request_text(proposal.request.as_deref())));
                fields
            }
            Self::Prepare(vote) | Self::Commit(vote) => vote_fields(vote),
            Self::Reply(reply) => {
                let Reply { view, reply: said, .. } = reply.body();
                let answer = match &said.body {
                    ReplyBody::Answer(answer) => answer.to_string(),
                    ReplyBody::NotLeader { .. } => "not primary".to_owned(),
                };
                vec![Field::new("view", *view), Field::new("timestamp", said.sequence), Field::new("result", answer)]
            }
            Self::Checkpoint(checkpoint) => vec![
                Field::new("sequence", checkpoint.body().sequence),
                Field::new("digest", checkpoint.body().digest.to_string()),
                Field::new("signed by", checkpoint.signer()),
                Field::new("signature is genuine", checkpoint.is_genuine()),
            ],
            Self::ViewChange(body) => body.body().fields(body.signer()),
            Self::NewView(body) => body.body().fields(body.signer()),
            Self::Status(status) => vec![
                Field::new("view", status.view),
                Field::new("waits for that view", status.is_changing),
                Field::new("stable checkpoint", status.stable),
                Field::new("executed", status.executed),
            ],
            Self::Commitment(body) => vec![
                Field::new("request", request_text(body.request.as_deref())),
                Field::new("commits of", body.commits.iter().map(Signed::signer).collect::<Vec<_>>()),
            ],
            Self::State(stable) => vec![
                Field::new("sequence", stable.checkpoint.sequence),
                Field::new("digest", stable.checkpoint.digest.to_string()),
                Field::new("proved by", stable.proof.iter().map(Signed::signer).collect::<Vec<_>>()),
            ],
            Self::Invoke(command) => vec![Field::new("command", command.to_string())],
        }
    }

    fn step(&self) -> Option<process::Step> {
        let said = match self {
            Self::PrePrepare(proposal) => proposal.vote.body(),
            Self::Prepare(vote) | Self::Commit(vote) => vote.body(),
            _ => return None,
        };
        Some(process::Step { index: said.sequence, round: said.view, phase: said.phase as u8, name: said.phase.name() })
    }

    fn altered(&self, liar: &Liar, how: Alteration) -> Option<Self> {
        lies::altered(self, liar, how, &mut std::iter::empty())
    }

    fn altered_knowing<'a>(
        &self,
        liar: &Liar,
        how: Alteration,
        known: &mut dyn Iterator<Item = &'a Self>,
    ) -> Option<Self>
    where
        Self: 'a,
    {
        lies::altered(self, liar, how, known)
    }
}
