//! Single-decree Paxos: the node's own acceptor (tasks 11 and 12), and why a chosen value stays (task 13).
//!
//! A proposal's number is the round of a ballot. The course's numbers say nothing of who proposes, so all of them get
//! the same proposer: then two equal numbers are equal ballots.

use super::State;
use super::host::{Cluster, Host};
use super::message::{Answer, Answered, Count, Refusal, Request};
use super::values::{from_text, present, to_text};
use crate::kv::{self, Command, Value as Text};
use crate::paxos::{Ballot, Config, Durable, Message, Paxos, Proposal, Rule};
use crate::process::{NodeId, NodeSet, Seat};
use serde::Deserialize;
use serde_json::{Value, json};

/// Whoever proposes, in the node's eyes.
const PROPOSER: NodeId = NodeId(62);
/// Another proposer, whose ballots are lower.
const RIVAL: NodeId = NodeId(61);
/// A client.
const CLIENT: NodeId = NodeId(63);
/// Most servers of a simulated cluster.
const NODES_MAX: u64 = 31;
/// Most proposals and acceptances of a question.
const PROPOSALS_MAX: usize = 10_000;

/// The node's own process.
#[derive(Debug)]
pub(super) struct Acceptor {
    host: Host<Paxos>,
    names: Vec<String>,
}

impl Acceptor {
    pub(super) fn new(node_id: &str, node_ids: &[String]) -> Self {
        let place = node_ids.iter().position(|name| name == node_id).unwrap_or_default();
        let seat = Seat { id: NodeId(place as u16), replicas: node_ids.len() as u16 };
        Self { host: Host::boot(seat, Config::default(), Durable::default(), 1), names: node_ids.to_vec() }
    }

    /// Hands a proposer's message over: the answer to the proposer.
    fn ask(&mut self, message: &Message) -> (Option<Message>, Answer) {
        self.host.receive(PROPOSER, message);
        let mut answer = Answer::none();
        let mut told = None;
        for (to, sent) in self.host.take_sent() {
            match (&sent, self.names.get(to.index())) {
                (Message::Accepted { proposal }, Some(learner)) => {
                    let body = json!({
                        "type": "paxos_accepted", "accepted": true, "proposal_n": proposal.ballot.round, "value": from_text(&proposal.value),
                    });
                    answer.to_peers.push((learner.clone(), body));
                }
                _ if to == PROPOSER => told = Some(sent),
                _ => {}
            }
        }
        answer.diagnostics = self.host.take_violations();
        (told, answer)
    }
}

fn ballot(round: u64) -> Ballot {
    Ballot { round, node: PROPOSER }
}

/// The ballot of a prepare. In the course a number that is promised already comes from somebody else, who is refused;
/// the core would answer a second copy of the same proposer's prepare again. So it is told that somebody else asks,
/// with the lower ballot of the same round.
fn asked(round: u64, promised: Option<Ballot>) -> Ballot {
    if promised.is_some_and(|promised| promised.round == round) { Ballot { round, node: RIVAL } } else { ballot(round) }
}

/// `paxos_prepare`.
pub(super) fn paxos_prepare(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        proposal_n: Count,
    }
    let Body { proposal_n } = request.read()?;
    let ballot = asked(proposal_n.0, state.paxos.host.process().durable().promised);
    let (told, mut answer) = state.paxos.ask(&Message::Prepare { ballot });
    let fields = match told {
        Some(Message::Promise { accepted, .. }) => json!({
            "promised": true, "accepted_n": accepted.as_ref().map(|accepted| accepted.ballot.round),
            "accepted_value": accepted.as_ref().map(|accepted| from_text(&accepted.value)),
        }),
        Some(Message::Refused { promised, .. }) => {
            json!({ "promised": false, "reason": "already_promised_higher", "highest_promised": promised.round })
        }
        _ => return Err(Refusal::precondition("the core gave no answer")),
    };
    answer.reply = Some(("paxos_promise", fields));
    Ok(answer)
}

/// `paxos_accept`.
pub(super) fn paxos_accept(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        proposal_n: Count,
        #[serde(default, deserialize_with = "present")]
        value: Option<Value>,
    }
    let Body { proposal_n, value } = request.read()?;
    let value = value.ok_or_else(|| Refusal::malformed("value", "missing"))?;
    let proposal = Proposal { ballot: ballot(proposal_n.0), value: to_text(&value, "value")? };
    let accepted = state.paxos.host.process().durable().accepted.as_ref();
    if let Some(other) =
        accepted.filter(|accepted| accepted.ballot == proposal.ballot && accepted.value != proposal.value)
    {
        let held: String = other.value.chars().take(64).collect();
        let problem = format!(
            "{} was proposed with the value {held}, and a number has one proposer, and one value",
            proposal_n.0
        );
        return Err(Refusal::precondition(format!("proposal_n: {problem}")));
    }
    let (told, mut answer) = state.paxos.ask(&Message::Accept { proposal: proposal.clone() });
    let fields = match told {
        Some(Message::Refused { promised, .. }) => {
            json!({ "accepted": false, "reason": "promised_higher", "highest_promised": promised.round })
        }
        _ if state.paxos.host.process().durable().accepted.as_ref() == Some(&proposal) => {
            json!({ "accepted": true, "proposal_n": proposal.ballot.round, "value": value })
        }
        _ => return Err(Refusal::precondition("the core gave no answer")),
    };
    answer.reply = Some(("paxos_accepted", fields));
    Ok(answer)
}

/// `paxos_accepted` of another acceptor: the node's learner counts it. It gets no reply.
pub(super) fn paxos_accepted(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        accepted: bool,
        proposal_n: Count,
        #[serde(default, deserialize_with = "present")]
        value: Option<Value>,
    }
    let body: Body = request.read()?;
    let place = state.paxos.names.iter().position(|name| name == request.src);
    let place = place.ok_or_else(|| Refusal::malformed("src", format!("{} is not of this cluster", request.src)))?;
    let mut answer = Answer::none();
    if body.accepted {
        let value = body.value.ok_or_else(|| Refusal::malformed("value", "missing"))?;
        let proposal = Proposal { ballot: ballot(body.proposal_n.0), value: to_text(&value, "value")? };
        state.paxos.host.receive(NodeId(place as u16), &Message::Accepted { proposal });
        answer.diagnostics = state.paxos.host.take_violations();
    }
    Ok(answer)
}

/// `paxos_chosen`: what the node's learner knows. Before a majority has accepted, nothing.
pub(super) fn paxos_chosen(state: &mut State, _: &Request<'_>) -> Answered {
    let chosen = state.paxos.host.process().chosen();
    let fields = json!({
        "value": chosen.map(|chosen| from_text(&chosen.value)), "chosen_at_n": chosen.map(|chosen| chosen.ballot.round),
    });
    Ok(Answer::reply("paxos_chosen_ok", fields))
}

/// A cluster in which a majority has accepted a value.
pub(super) struct Chosen {
    pub(super) cluster: Cluster<Paxos>,
    /// What the first proposer's process took for chosen.
    pub(super) chosen: Option<Proposal>,
}

/// Has a proposer propose a value to a quorum alone, under a round: whoever else is asked hears nothing.
pub(super) fn propose(
    cluster: &mut Cluster<Paxos>,
    proposer: NodeId,
    round: u64,
    value: &Text,
    quorum: NodeSet,
    mut see: impl FnMut(NodeId, NodeId, &Message) -> Option<Message>,
) {
    cluster.with(proposer, |host| {
        // It has forgotten what it learned, and takes the round behind the highest that it has used.
        let disk = Durable { round: round - 1, ..host.process().durable().clone() };
        host.restart(disk);
        let command = Command::Cas { key: "value".into(), expected: None, new: value.clone() };
        host.receive(CLIENT, &Message::Request(kv::Request { client: CLIENT, sequence: round, command }));
    });
    cluster.run(|mail| {
        let both =
            quorum.contains(mail.to) && (quorum.contains(mail.from) || mail.from == proposer) || mail.to == proposer;
        if both { see(mail.from, mail.to, &mail.message) } else { None }
    });
}

/// The first quorum of so many nodes, and the last.
pub(super) fn quorums(nodes: u16) -> (NodeSet, NodeSet) {
    let majority = Seat { id: NodeId(0), replicas: nodes }.majority() as u16;
    ((0..majority).map(NodeId).collect(), (nodes - majority..nodes).map(NodeId).collect())
}

/// Lets the first node get a value chosen by the first quorum.
pub(super) fn choose(nodes: u16, round: u64, value: &Text) -> Chosen {
    let mut cluster = Cluster::boot(&Config::default(), vec![Durable::default(); usize::from(nodes)]);
    propose(&mut cluster, NodeId(0), round, value, quorums(nodes).0, |_, _, message| Some(message.clone()));
    let chosen = cluster.host(NodeId(0)).process().chosen().cloned();
    Chosen { cluster, chosen }
}

/// Whether a process' own acceptor would refuse its proposer this round.
fn refuses_itself(host: &Host<Paxos>, round: u64) -> bool {
    let mut copy = host.clone();
    copy.receive(PROPOSER, &Message::Prepare { ballot: Ballot { round, node: host.seat().id } });
    copy.take_sent().iter().any(|(_, sent)| matches!(sent, Message::Refused { .. }))
}

/// `paxos_safety_test`: a value is chosen by the first quorum; then another proposer proposes another value to the last
/// one.
pub(super) fn paxos_safety_test(_: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        nodes: Count,
        chosen_value: String,
        chosen_at_n: Count,
        new_proposal_n: Count,
    }
    let body: Body = request.read()?;
    if !(1..=NODES_MAX).contains(&body.nodes.0) {
        return Err(Refusal::malformed("nodes", format!("1 to {NODES_MAX}, not {}", body.nodes.0)));
    }
    let (first, second) = (body.chosen_at_n.0, body.new_proposal_n.0);
    for (field, number) in [("chosen_at_n", first), ("new_proposal_n", second)] {
        if number == 0 {
            return Err(Refusal::malformed(field, "numbers of proposals begin with 1"));
        }
    }
    if first == second {
        return Err(Refusal::malformed("new_proposal_n", "no two proposals have the same number"));
    }
    let nodes = body.nodes.0 as u16;
    let value: Text = body.chosen_value.as_str().into();
    let rival: Text = format!("{value} (another)").into();
    let Chosen { mut cluster, chosen } = choose(nodes, first, &value);
    let (rival_by, mut source, mut proposed, mut refused_by) = (NodeId(nodes - 1), None, None, None);
    cluster.take_rules(rival_by);
    let mut highest: Option<Ballot> = None;
    // The proposer's own acceptor is part of its quorum, and talks to it within the process.
    let own = cluster.host(rival_by).process().durable().accepted.clone();
    if let Some(own) = own.filter(|_| second > first) {
        highest = Some(own.ballot);
        source = Some(rival_by);
    }
    let mut see = |from: NodeId, to: NodeId, message: &Message| {
        match message {
            Message::Promise { accepted: Some(accepted), .. } if to == rival_by && highest < Some(accepted.ballot) => {
                highest = Some(accepted.ballot);
                source = Some(from);
            }
            Message::Accept { proposal } if from == rival_by => proposed = Some(proposal.value.clone()),
            Message::Refused { .. } if to == rival_by => refused_by = Some(from),
            _ => {}
        }
        Some(message.clone())
    };
    if refuses_itself(cluster.host(rival_by), second) {
        // A process never proposes below what it has promised itself.
        refused_by = Some(rival_by);
    } else {
        propose(&mut cluster, rival_by, second, &rival, quorums(nodes).1, &mut see);
    }
    let host = cluster.host(rival_by).process();
    let proposed =
        proposed.or_else(|| host.chosen().filter(|_| refused_by.is_none()).map(|chosen| chosen.value.clone()));
    let is_same = |known: Option<&Proposal>| known.is_none_or(|known| known.value == value);
    let agree = cluster.hosts().iter().all(|host| is_same(host.process().chosen()));
    let forced = cluster.take_rules(rival_by).contains(&Rule::ValueBound);
    let safe = is_same(chosen.as_ref()) && agree && proposed.as_ref().is_none_or(|proposed| *proposed == value);
    let violations = cluster.take_violations();
    let name = |node: NodeId| format!("n{}", node.0 + 1);
    let mut answer = Answer::reply(
        "paxos_safety_test_ok",
        json!({
            "new_proposal_value": proposed.as_deref(), "forced_by_promise": forced,
            "promise_source": source.filter(|_| forced).map(name), "safe": safe && violations.is_empty(),
            "refused_by": refused_by.map(name),
        }),
    );
    answer.diagnostics = violations;
    Ok(answer)
}

/// One proposal, and who accepted it.
#[derive(Deserialize)]
struct ProposalText {
    n: Count,
    value: String,
    accepted_by: Vec<String>,
}

/// `paxos_invariant_check`: a learner hears of all acceptances, in the order of the numbers.
pub(super) fn paxos_invariant_check(_: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        proposals: Vec<ProposalText>,
    }
    let Body { mut proposals } = request.read()?;
    if proposals.iter().map(|proposal| proposal.accepted_by.len() + 1).sum::<usize>() > PROPOSALS_MAX {
        return Err(Refusal::malformed("proposals", format!("more than {PROPOSALS_MAX} proposals and acceptances")));
    }
    let mut names: Vec<String> = proposals.iter().flat_map(|proposal| proposal.accepted_by.iter().cloned()).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() as u64 > NODES_MAX {
        return Err(Refusal::malformed("proposals", format!("more than {NODES_MAX} acceptors")));
    }
    proposals.sort_by_key(|proposal| proposal.n);
    let seat = Seat { id: NodeId(0), replicas: names.len().max(1) as u16 };
    let mut learner = Host::<Paxos>::boot(seat, Config::default(), Durable::default(), 1);
    for proposal in &proposals {
        let accepted = Proposal { ballot: ballot(proposal.n.0), value: proposal.value.as_str().into() };
        for name in &proposal.accepted_by {
            let place = names.binary_search(name).unwrap_or_default();
            learner.receive(NodeId(place as u16), &Message::Accepted { proposal: accepted.clone() });
        }
    }
    let violations = learner.take_violations();
    let chosen = learner.process().chosen();
    let later_match = chosen.is_none_or(|chosen| {
        let later = proposals.iter().filter(|proposal| proposal.n.0 >= chosen.ballot.round);
        later.into_iter().all(|proposal| *proposal.value == *chosen.value)
    });
    let mut answer = Answer::reply(
        "paxos_invariant_check_ok",
        json!({
            "chosen_value": chosen.map(|chosen| chosen.value.to_string()), "chosen_at_n": chosen.map(|chosen| chosen.ballot.round),
            "all_subsequent_match": later_match, "safe": later_match && violations.is_empty(), "violations": violations.clone(),
        }),
    );
    answer.diagnostics = violations;
    Ok(answer)
}
