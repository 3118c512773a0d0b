//! A client's attempts: when it asked whom, what became of the question, and of the answer.

use super::replay::Replay;
use super::speech::Explained;
use super::{Fact, bounded};
use crate::kv::{ClientMessage, ReplyBody, Request};
use crate::process::NodeId;
use crate::run::history::ClientOperation;

/// Most attempts that are told; the others are counted.
const ATTEMPTS_MAX: usize = 12;

/// The client's messages that carry the request, each with what became of it.
pub(super) fn attempts<R: Explained>(
    replay: &Replay<R>,
    operation: &ClientOperation,
    request: &Request,
) -> (Vec<Fact>, u32) {
    let trace = replay.run.simulation().trace();
    let own = (0..).zip(&trace.messages).skip_while(|(_, record)| record.event < operation.invoked.event);
    let is_attempt = |body: &R::Message| R::asked(body) == Some((request.client, request.sequence));
    let sent = own.filter(|(_, record)| record.from == request.client && is_attempt(&record.body));
    let numbers: Vec<u32> = sent.map(|(number, _)| number).collect();
    let (numbers, more) = bounded(numbers, ATTEMPTS_MAX);
    (numbers.into_iter().map(|message| attempt(replay, request, message)).collect(), more)
}

fn attempt<R: Explained>(replay: &Replay<R>, request: &Request, message: u32) -> Fact {
    let trace = replay.run.simulation().trace();
    let record = &trace.messages[message as usize];
    let (client, asked) = (replay.name(record.from), replay.name(record.to));
    let begin = format!("{client} asked {asked} at {}", replay.at(record.event));
    let Some(event) = replay.handled(message) else {
        let sentence = format!("{begin}; that {}", replay.fate(message));
        return match replay.end(message) {
            Some(_) => Fact::did_not(Some(record.event), sentence),
            None => Fact::not_known(Some(record.event), sentence),
        };
    };
    let Some(handled) = replay.record(event) else { return Fact::not_known(Some(record.event), begin) };
    let rules: Vec<String> =
        replay.rules(handled).into_iter().map(|rule| format!("{}, {}", rule.name, rule.source)).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(" ({})", rules.join("; ")) };
    let got = format!("{begin}; {asked} got it at {}{rules}", replay.at(event));
    let reply = replies(replay, request, NodeId(handled.node)).into_iter().find(|reply| reply.after >= event);
    match reply {
        Some(reply) => Fact::happened(Some(record.event), format!("{got}, and {}", reply.sentence)),
        None => Fact::happened(Some(record.event), format!("{got}, and has not answered when the run ends")),
    }
}

struct Told {
    /// The event that sent it.
    after: u32,
    sentence: String,
}

/// What a replica said to a request, in order.
fn replies<R: Explained>(replay: &Replay<R>, request: &Request, replica: NodeId) -> Vec<Told> {
    let trace = replay.run.simulation().trace();
    let own = (0..).zip(&trace.messages).filter(|(_, record)| record.from == replica && record.to == request.client);
    let told = own.filter_map(|(message, record)| {
        let reply = record.body.as_reply().filter(|reply| reply.sequence == request.sequence)?;
        let said = match &reply.body {
            ReplyBody::Answer(answer) => format!("answered {answer}"),
            ReplyBody::NotLeader { leader: Some(leader) } => format!("turned it away to {}", replay.name(*leader)),
            ReplyBody::NotLeader { leader: None } => "turned it away, and knew no leader".to_owned(),
        };
        let sentence = format!("{said} at {}; the answer {}", replay.at(record.event), replay.fate(message));
        Some(Told { after: record.event, sentence })
    });
    told.collect()
}
