//! What a liar may say in PBFT. Whatever it changes it signs again: in its own name, or, where it changes what another
//! signed, with that one's key, if those two collude; else it is a forgery, and seen to be.

use super::digest::Digest;
use super::message::{
    Checkpoint, Commitment, Message, NewView, Phase, Proposal, Reply, Sequence, SignedRequest, SignedViewChange,
    Stable, Statement, Status, ViewChange, Vote, primary_of,
};
use super::new_view::plan;
use crate::kv::{Answer, Command, ReplyBody, Request, Store};
use crate::process::{Alteration, Liar, Mutations, NodeId, Signed};
use std::sync::Arc;

/// What a liar and those who share its keys have received and sent, the latest first.
type Known<'a, 'b> = &'b mut dyn Iterator<Item = &'a Message>;

pub(super) fn altered(message: &Message, liar: &Liar, how: Alteration, known: Known<'_, '_>) -> Option<Message> {
    match message {
        Message::PrePrepare(proposal) => {
            self::proposal(proposal, liar, how, known).map(|lie| Message::PrePrepare(Arc::new(lie)))
        }
        Message::Prepare(vote) => voted(vote, liar, how, known).map(Message::Prepare),
        Message::Commit(vote) => voted(vote, liar, how, known).map(Message::Commit),
        Message::Reply(reply) => self::reply(reply, liar, how).map(Message::Reply),
        Message::Checkpoint(body) => checkpoint(body, liar, how).map(Message::Checkpoint),
        Message::ViewChange(body) => view_change(body, liar, how).map(|lie| Message::ViewChange(Arc::new(lie))),
        Message::NewView(body) => new_view(body, liar, how).map(|lie| Message::NewView(Arc::new(lie))),
        Message::Status(body) => status(body, how).map(Message::Status),
        Message::State(stable) => state(stable, how).map(|lie| Message::State(Arc::new(lie))),
        Message::Commitment(body) => commitment(body, liar, how).map(|lie| Message::Commitment(Arc::new(lie))),
        Message::Request(_) | Message::Read(_) | Message::Invoke(_) => None,
    }
}

/// The other request that a liar speaks of with a number in a view: the one that it has proposed there besides, or the
/// latest other one that it has from a client. It is a client's own, so whoever is shown it alone has no reason to
/// refuse it.
enum Other {
    Proposed(Option<Arc<SignedRequest>>),
    Asked(Arc<SignedRequest>),
}

/// The request that a message of the liar's, or to it, proposes there besides the truth.
fn proposed_besides(truth: &Statement, message: &Message) -> Option<Option<Arc<SignedRequest>>> {
    let Message::PrePrepare(proposal) = message else { return None };
    let said = proposal.vote.body();
    let is_other = (said.view, said.sequence) == (truth.view, truth.sequence) && said.digest != truth.digest;
    is_other.then(|| proposal.request.clone())
}

/// Looks for it in what the liar knows, given what the truth is.
fn other_request(truth: &Statement, known: Known<'_, '_>) -> Option<Other> {
    let mut asked = None;
    for message in known {
        match message {
            Message::PrePrepare(_) => {
                if let Some(request) = proposed_besides(truth, message) {
                    return Some(Other::Proposed(request));
                }
            }
            Message::Request(request)
                if asked.is_none() && request.is_genuine() && Digest::of(Some(request)) != truth.digest =>
            {
                asked = Some(request.clone());
            }
            _ => {}
        }
    }
    asked.map(Other::Asked)
}

/// Signs in the name of whoever signed before, or of whom the liar wants to be taken for.
fn sign<T, U>(was: &Signed<T>, liar: &Liar, how: Alteration, body: U) -> Signed<U> {
    let signer = if let Alteration::Impersonate(node) = how { NodeId(node) } else { was.signer() };
    liar.keyring.sign(signer, body)
}

fn moved(number: u64, how: Alteration) -> u64 {
    match how {
        Alteration::SequenceUp | Alteration::EpochUp => number.saturating_add(1),
        _ => number.saturating_sub(1),
    }
}

/// The request that a liar makes up, the same for the same number: the null request for 0; else one in the name of a
/// client, which is a forgery if no client colludes. One that does is given a number that it has not used yet, and will
/// use next: a far one would make all that it asks for later look old.
fn false_request(number: u8, liar: &Liar) -> Option<Arc<SignedRequest>> {
    if number == 0 {
        return None;
    }
    let forged = || (NodeId(liar.replicas), 1_000_000 + u64::from(number));
    let (client, sequence) = liar.accomplice.map_or_else(forged, |(client, latest)| (client, latest + 1));
    let command = Command::Put { key: "x".into(), value: format!("lie {number}").into() };
    Some(Arc::new(liar.keyring.sign(client, Request { client, sequence, command })))
}

fn statement(of: &Statement, liar: &Liar, how: Alteration) -> Statement {
    match how {
        Alteration::Value(number) => Statement { digest: Digest::of(false_request(number, liar).as_deref()), ..*of },
        Alteration::Nil => Statement { digest: Digest::NULL, ..*of },
        Alteration::Digest => Statement { digest: of.digest.of_nothing(), ..*of },
        Alteration::SequenceUp | Alteration::SequenceDown => Statement { sequence: moved(of.sequence, how), ..*of },
        Alteration::EpochUp | Alteration::EpochDown => Statement { view: moved(of.view, how), ..*of },
        Alteration::Impersonate(_) => *of,
    }
}

fn vote(vote: &Vote, liar: &Liar, how: Alteration) -> Option<Vote> {
    Some(sign(vote, liar, how, statement(vote.body(), liar, how)))
}

/// A prepare or commit: for 0, of what the liar has proposed besides, so that its two faces vote as they propose. Where
/// it might have proposed something else and has not, it has one face, and says the truth; where another proposes, it
/// votes for nothing.
fn voted(vote: &Vote, liar: &Liar, how: Alteration, mut known: Known<'_, '_>) -> Option<Vote> {
    if how != Alteration::Value(0) {
        return self::vote(vote, liar, how);
    }
    let truth = vote.body();
    match Iterator::find_map(&mut known, |message| proposed_besides(truth, message)) {
        Some(request) => Some(sign(vote, liar, how, Statement { digest: Digest::of(request.as_deref()), ..*truth })),
        _ if liar.keyring.owners().contains(primary_of(truth.view, liar.replicas)) => None,
        _ => self::vote(vote, liar, how),
    }
}

/// A pre-prepare: for 0, of another client's request; the truth, if the liar knows of none.
fn proposal(proposal: &Proposal, liar: &Liar, how: Alteration, known: Known<'_, '_>) -> Option<Proposal> {
    let request = match how {
        Alteration::Value(0) => match other_request(proposal.vote.body(), known)? {
            Other::Proposed(request) => request,
            Other::Asked(request) => Some(request),
        },
        Alteration::Value(number) => false_request(number, liar),
        Alteration::Nil => None,
        _ => return Some(Proposal { vote: vote(&proposal.vote, liar, how)?, request: proposal.request.clone() }),
    };
    let said = Statement { digest: Digest::of(request.as_deref()), ..*proposal.vote.body() };
    Some(Proposal { vote: sign(&proposal.vote, liar, how, said), request })
}

/// Commits to something else, in the names of those who committed; or one commit too few.
fn commitment(body: &Commitment, liar: &Liar, how: Alteration) -> Option<Commitment> {
    let (request, mut commits) = (body.request.clone(), body.commits.clone());
    if how == Alteration::Digest {
        commits.pop();
        return Some(Commitment { request, commits });
    }
    let request = match how {
        Alteration::Value(number) => false_request(number, liar),
        Alteration::Nil => None,
        _ => request,
    };
    let commits = commits.iter().filter_map(|each| vote(each, liar, how)).collect();
    Some(Commitment { request, commits })
}

fn reply(reply: &Signed<Reply>, liar: &Liar, how: Alteration) -> Option<Signed<Reply>> {
    let mut body = reply.body().clone();
    match how {
        Alteration::Value(number) => {
            let ReplyBody::Answer(answer) = &body.reply.body else { return None };
            body.reply.body = ReplyBody::Answer(answer.falsified(number));
        }
        Alteration::SequenceUp | Alteration::SequenceDown => body.reply.sequence = moved(body.reply.sequence, how),
        Alteration::EpochUp | Alteration::EpochDown => body.view = moved(body.view, how),
        Alteration::Impersonate(_) => {}
        // Nothing is there, whatever is.
        Alteration::Nil => match &mut body.reply.body {
            ReplyBody::Answer(Answer::Value(value)) => *value = None,
            _ => return None,
        },
        Alteration::Digest => return None,
    }
    Some(sign(reply, liar, how, body))
}

fn checkpoint(signed: &Signed<Checkpoint>, liar: &Liar, how: Alteration) -> Option<Signed<Checkpoint>> {
    let body = *signed.body();
    let lie = match how {
        Alteration::Value(_) | Alteration::Digest => Checkpoint { digest: body.digest.of_nothing(), ..body },
        Alteration::SequenceUp | Alteration::SequenceDown => Checkpoint { sequence: moved(body.sequence, how), ..body },
        Alteration::Impersonate(_) => body,
        Alteration::Nil | Alteration::EpochUp | Alteration::EpochDown => return None,
    };
    Some(sign(signed, liar, how, lie))
}

fn view_change(signed: &Signed<ViewChange>, liar: &Liar, how: Alteration) -> Option<Signed<ViewChange>> {
    let body = signed.body();
    let lie = match how {
        // What was prepared is kept secret.
        Alteration::Nil | Alteration::Value(0) => ViewChange { prepared: Vec::new(), ..body.clone() },
        // One certificate is spoilt: its prepares do not fit any more.
        Alteration::Digest | Alteration::Value(_) => {
            let mut prepared = body.prepared.clone();
            let last = prepared.pop()?;
            let proposal = Proposal { request: None, ..(*last.proposal).clone() };
            let spoilt = super::message::Certificate { proposal: Arc::new(proposal), prepares: last.prepares.clone() };
            prepared.push(Arc::new(spoilt));
            ViewChange { prepared, ..body.clone() }
        }
        Alteration::SequenceUp | Alteration::SequenceDown => {
            let stable = Checkpoint { sequence: moved(body.stable.sequence, how), ..body.stable };
            ViewChange { stable, ..body.clone() }
        }
        Alteration::EpochUp | Alteration::EpochDown => ViewChange { view: moved(body.view, how), ..body.clone() },
        Alteration::Impersonate(_) => body.clone(),
    };
    Some(sign(signed, liar, how, lie))
}

fn new_view(signed: &Signed<NewView>, liar: &Liar, how: Alteration) -> Option<Signed<NewView>> {
    let body = signed.body();
    let votes = |body: &NewView| body.proposals.iter().filter_map(|each| vote(each, liar, how)).collect();
    let lie = match how {
        Alteration::Value(0) => other_new_view(signed, liar),
        // Nothing is carried over.
        Alteration::Nil => NewView { proposals: Vec::new(), ..body.clone() },
        // The proof is too short.
        Alteration::Digest => {
            let kept = body.view_changes.len().saturating_sub(1);
            NewView { view_changes: body.view_changes.iter().take(kept).cloned().collect(), ..body.clone() }
        }
        Alteration::Value(_) | Alteration::SequenceUp | Alteration::SequenceDown => {
            NewView { proposals: votes(body), ..body.clone() }
        }
        Alteration::EpochUp | Alteration::EpochDown => NewView { view: moved(body.view, how), ..body.clone() },
        Alteration::Impersonate(_) => body.clone(),
    };
    Some(sign(signed, liar, how, lie))
}

/// A second new-view that is as valid as the first: the liar, and those who share their keys with it, say in their
/// view-changes that they have prepared nothing, and what must be proposed again follows from that.
fn other_new_view(signed: &Signed<NewView>, liar: &Liar) -> NewView {
    let body = signed.body();
    let told = |each: &SignedViewChange| {
        if !liar.keyring.owners().contains(each.signer()) {
            return each.clone();
        }
        Arc::new(liar.keyring.sign(each.signer(), ViewChange { prepared: Vec::new(), ..each.body().clone() }))
    };
    let view_changes: Vec<SignedViewChange> = body.view_changes.iter().map(told).collect();
    let propose = |(sequence, request): (Sequence, Option<Arc<SignedRequest>>)| {
        let said =
            Statement { phase: Phase::PrePrepare, view: body.view, sequence, digest: Digest::of(request.as_deref()) };
        liar.keyring.sign(signed.signer(), said)
    };
    let proposals = plan(&view_changes, Mutations::NONE).proposals.into_iter().map(propose).collect();
    NewView { view: body.view, view_changes, proposals }
}

fn status(body: &Status, how: Alteration) -> Option<Status> {
    match how {
        Alteration::SequenceUp | Alteration::SequenceDown => {
            Some(Status { executed: moved(body.executed, how), ..*body })
        }
        Alteration::EpochUp | Alteration::EpochDown => Some(Status { view: moved(body.view, how), ..*body }),
        _ => None,
    }
}

/// Another state under the same proof.
fn state(stable: &Stable, how: Alteration) -> Option<Stable> {
    match how {
        Alteration::Value(_) | Alteration::Digest | Alteration::Nil => {
            Some(Stable { store: Store::default(), ..stable.clone() })
        }
        Alteration::SequenceUp | Alteration::SequenceDown => {
            let checkpoint = Checkpoint { sequence: moved(stable.checkpoint.sequence, how), ..stable.checkpoint };
            Some(Stable { checkpoint, ..stable.clone() })
        }
        _ => None,
    }
}
