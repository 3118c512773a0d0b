//! What Tendermint promises, after every event.
//!
//! Only validators that have been honest so far promise anything; the monitor asks the world who they are, and no validator does. Votes are
//! judged by what was signed and has arrived somewhere, so that a vote that was lost with its writer in a crash binds nobody. Locks
//! and precommits are judged when they are cast, against the log of votes of whoever casts them, and the monitor counts that log itself.

use super::accountability::{HeldProof, SignedText, carrier};
use super::invariant::{Finding, Findings, Invariant, Monitor, Watched};
use crate::kv::{ClientReport, Command};
use crate::process::{Fingerprint, NodeId, NodeSet, Process, Signed};
use crate::sim::trace::{InputKind, flag};
use crate::sim::{EventRecord, Trace, World};
use crate::tendermint::{BlockId, Decision, Evidence, Height, Message, Proposal, Round, Tendermint, Validators, Vote, VoteKind};
use std::collections::BTreeMap;

const AGREEMENT: usize = 0;
const ONE_VOTE: usize = 1;
const LOCKS_RESPECTED: usize = 2;
const PRECOMMIT_HAS_POLKA: usize = 3;
const DECIDED_ON_QUORUM: usize = 4;
const VALIDITY: usize = 5;
const CHAIN_UNBROKEN: usize = 6;
const STATE_EQUAL: usize = 7;
const TRANSITIONS: usize = 8;
const ACCUSATIONS: usize = 9;

const PAPER: &str = "arXiv 1807.04938, section II-C";

const INVARIANTS: &[Invariant] = &[
    Invariant { name: "agreement", text: "No two honest validators decide different blocks at a height.", source: PAPER },
    Invariant {
        name: "one-vote-a-step",
        text: "An honest validator signs at most one prevote and one precommit in a round, crash or no crash.",
        source: "arXiv 1807.04938, algorithm 1",
    },
    Invariant {
        name: "locks-respected",
        text: "An honest validator that precommitted a block prevotes for another only upon a polka at least as late.",
        source: "arXiv 1807.04938, algorithm 1, lines 23 and 29",
    },
    Invariant {
        name: "precommit-has-polka",
        text: "An honest validator precommits a block only upon a polka for it in that round.",
        source: "arXiv 1807.04938, algorithm 1, line 36",
    },
    Invariant {
        name: "decided-on-quorum",
        text: "What an honest validator decides has genuine precommits of more than two thirds of the voting power.",
        source: "arXiv 1807.04938, algorithm 1, line 49",
    },
    Invariant { name: "validity", text: "A decided block holds only what clients have asked for.", source: PAPER },
    Invariant {
        name: "chain-unbroken",
        text: "Decided heights follow each other without a gap, and each block names the one before it.",
        source: "Buchman 2016, 4.2",
    },
    Invariant {
        name: "state-equal",
        text: "After the same height, honest validators have the same state.",
        source: "Buchman 2016, 4.2: state machine replication",
    },
    Invariant {
        name: "no-forbidden-transition",
        text: "No validator finds itself in a transition that must not happen.",
        source: "arXiv 1807.04938, algorithm 1",
    },
    Invariant {
        name: "only-liars-are-accused",
        text: "No honest validator has signed two things that contradict each other.",
        source: "not in the paper; Buchman 2016, 3.5",
    },
];

/// A step of a validator: who, height, round, kind.
type Ballot = (NodeId, Height, Round, VoteKind);

/// What a validator was like after its last event.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    wipes: u32,
    decided: usize,
    /// Its own votes at a height that were looked at.
    voted: (Height, usize),
}

/// Watches a run of Tendermint.
#[derive(Clone, Debug)]
pub struct TendermintMonitor {
    findings: Findings,
    seen: Vec<Seen>,
    /// By height, from 1: the first block that was decided, by whom, and the event.
    decided: Vec<(BlockId, NodeId, u32)>,
    /// By height: the first state after it, and the event.
    states: BTreeMap<Height, (u128, u32)>,
    votes: BTreeMap<Ballot, (Option<BlockId>, u32)>,
    /// What clients have asked for.
    invoked: BTreeMap<(NodeId, u64), (Command, u32)>,
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

fn value(id: Option<BlockId>) -> String {
    id.map_or_else(|| "nil".to_owned(), |id| id.to_string())
}

/// Whether there are genuine prevotes for a block of more than two thirds of the power.
fn has_polka(node: &Tendermint, round: Round, id: BlockId) -> bool {
    let validators = &node.config().validators;
    let Some(tally) = node.consensus().votes().tally(VoteKind::Prevote, round) else { return false };
    let genuine = tally.votes().iter().filter(|vote| vote.is_genuine() && vote.body().id == Some(id));
    validators.is_quorum(validators.power_of(genuine.map(Signed::signer).collect::<NodeSet>()))
}

impl TendermintMonitor {
    fn hear(&mut self, event: u32, vote: &Signed<Vote>, world: &World<Tendermint>) {
        let signer = vote.signer();
        let is_trusted = world.is_honest(signer) && world.replicas().get(signer.index()).is_some_and(|machine| machine.wipes() == 0);
        if !vote.is_genuine() || !is_trusted {
            return;
        }
        let Vote { kind, height, round, id } = *vote.body();
        let (first, _) = *self.votes.entry((signer, height, round, kind)).or_insert((id, event));
        if first != id {
            self.findings.note(ONE_VOTE, event, || {
                let (first, id) = (value(first), value(id));
                format!("{} has signed a {kind:?} for {first} and one for {id} at height {height}, round {round}", name(signer))
            });
        }
    }

    fn look(&mut self, event: u32, node: NodeId, world: &World<Tendermint>) {
        let Some(machine) = world.replicas().get(node.index()).filter(|_| world.is_honest(node)) else { return };
        let Some(process) = &machine.process else { return };
        if machine.wipes() > self.seen[node.index()].wipes {
            self.seen[node.index()] = Seen { wipes: machine.wipes(), ..Seen::default() };
        }
        self.look_at_votes(event, node, process);
        // What is not on its disk yet it has told nobody.
        let chain = &machine.disk.durable.chain;
        let first = self.seen[node.index()].decided.min(chain.len());
        for (place, decision) in chain.iter().enumerate().skip(first) {
            let previous = place.checked_sub(1).map_or(BlockId::GENESIS, |place| chain[place].block.id());
            self.look_at_decision(event, node, (place, previous), decision, &process.config().validators);
        }
        if chain.len() > first && chain.len() == process.durable().chain.len() {
            self.look_at_state(event, node, process);
        }
        self.seen[node.index()].decided = chain.len();
        // One whose disk was wiped has forgotten what it signed.
        let is_bound =
            |node: NodeId| world.is_honest(node) && world.replicas().get(node.index()).is_some_and(|machine| machine.wipes() == 0);
        let accused = process.durable().evidence.iter().map(|evidence| evidence.culprit()).find(|&culprit| is_bound(culprit));
        if let Some(culprit) = accused {
            self.findings.note(ACCUSATIONS, event, || format!("{} holds evidence against {}, which is honest", name(node), name(culprit)));
        }
    }

    /// Votes that it finds on its disk were judged when it cast them; the log of votes that they rested on is gone.
    fn look_at_boot(&mut self, node: NodeId, world: &World<Tendermint>) {
        if let Some(process) = world.replicas().get(node.index()).and_then(|machine| machine.process.as_ref()) {
            self.seen[node.index()].voted = (process.consensus().height(), process.durable().progress.votes.len());
        }
    }

    /// The own votes that are new since the last look.
    fn look_at_votes(&mut self, event: u32, node: NodeId, process: &Tendermint) {
        let height = process.consensus().height();
        let own = &process.durable().progress.votes;
        let (at, looked) = self.seen[node.index()].voted;
        let looked = if at == height { looked } else { 0 };
        for (place, vote) in own.iter().enumerate().skip(looked) {
            let Vote { kind, round, id, .. } = *vote.body();
            let Some(id) = id else { continue };
            if kind == VoteKind::Precommit && !has_polka(process, round, id) {
                self.findings.note(PRECOMMIT_HAS_POLKA, event, || {
                    format!("{} precommits {id} at height {height}, round {round}, and has seen no polka for it there", name(node))
                });
            }
            let lock = own[..place].iter().rev().map(Signed::body).find(|vote| vote.kind == VoteKind::Precommit && vote.id.is_some());
            let Some(lock) = lock.filter(|lock| kind == VoteKind::Prevote && lock.id != Some(id)) else { continue };
            if !(lock.round..round).any(|later| has_polka(process, later, id)) {
                self.findings.note(LOCKS_RESPECTED, event, || {
                    let (locked, locked_round) = (value(lock.id), lock.round);
                    format!(
                        "{} precommitted {locked} at height {height}, round {locked_round}, and prevotes {id} in round {round} without a later polka",
                        name(node)
                    )
                });
            }
        }
        self.seen[node.index()].voted = (height, own.len().max(looked));
    }

    fn look_at_decision(
        &mut self,
        event: u32,
        node: NodeId,
        (place, previous): (usize, BlockId),
        decision: &Decision,
        validators: &Validators,
    ) {
        let (block, height) = (&decision.block, place as u64 + 1);
        if block.height() != height || block.previous() != previous {
            self.findings.note(CHAIN_UNBROKEN, event, || {
                format!("{}'s block {height} says that it is block {} behind {}", name(node), block.height(), block.previous())
            });
        }
        let power = decision.power(validators);
        if !validators.is_quorum(power) {
            self.findings.note(DECIDED_ON_QUORUM, event, || {
                let total = validators.total();
                format!("{} decides {} at height {height} with precommits of power {power} of {total}", name(node), block.id())
            });
        }
        for request in block.requests().iter().map(Signed::body) {
            let asked = self.invoked.get(&(request.client, request.sequence));
            if asked.is_none_or(|(command, _)| *command != request.command) {
                self.findings.note(VALIDITY, event, || {
                    format!("{} decides {:?} at height {height}, which no client asked for", name(node), request.command.to_string())
                });
            }
        }
        match self.decided.get(place) {
            Some((first, by, _)) if *first != block.id() => {
                let (first, by) = (*first, *by);
                self.findings.note(AGREEMENT, event, || {
                    format!("{} decides {} at height {height}, and {} decided {first}", name(node), block.id(), name(by))
                });
            }
            None if self.decided.len() == place => self.decided.push((block.id(), node, event)),
            _ => {}
        }
    }

    fn look_at_state(&mut self, event: u32, node: NodeId, process: &Tendermint) {
        let (height, state) = (process.decided(), process.store().fingerprint_of());
        let (first, _) = *self.states.entry(height).or_insert((state, event));
        if first != state {
            self.findings.note(STATE_EQUAL, event, || format!("{} has another state after height {height} than others had", name(node)));
        }
    }
}

impl Monitor<Tendermint> for TendermintMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        Self {
            findings: Findings::new(INVARIANTS),
            seen: vec![Seen::default(); usize::from(replicas)],
            decided: Vec::new(),
            states: BTreeMap::new(),
            votes: BTreeMap::new(),
            invoked: BTreeMap::new(),
        }
    }

    fn observe(&mut self, event: u32, world: &World<Tendermint>, trace: &Trace<Tendermint>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        if record.flags & flag::INVOCATION != 0 {
            for report in trace.reports.iter().rev().take_while(|report| report.event == event) {
                if let ClientReport::Invoked { sequence, command } = &report.report {
                    self.invoked.insert((report.client, *sequence), (command.clone(), event));
                }
            }
        }
        if record.flags & flag::VIOLATION != 0 {
            self.findings.note(TRANSITIONS, event, || trace.violation_at(event).unwrap_or_default().to_owned());
        }
        if record.input == InputKind::Message
            && let Some(message) = trace.messages.get(record.cause as usize)
        {
            for vote in message.body.votes() {
                self.hear(event, vote, world);
            }
        }
        if record.input == InputKind::Start {
            self.look_at_boot(NodeId(record.node), world);
        }
        self.look(event, NodeId(record.node), world);
    }

    fn observe_everything(&mut self, event: u32, world: &World<Tendermint>) {
        for place in 0..self.seen.len() {
            self.look(event, NodeId(place as u16), world);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<Tendermint>) {
        self.findings.rewind(event);
        self.decided.retain(|(_, _, seen)| *seen < event);
        self.states.retain(|_, (_, seen)| *seen < event);
        self.votes.retain(|_, (_, seen)| *seen < event);
        self.invoked.retain(|_, (_, seen)| *seen < event);
        for (seen, machine) in self.seen.iter_mut().zip(world.replicas()) {
            let durable = machine.process.as_ref().map_or(&machine.disk.durable, Tendermint::durable);
            let voted = (durable.height(), durable.progress.votes.len());
            *seen = Seen { wipes: machine.wipes(), decided: machine.disk.durable.chain.len(), voted };
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }

    fn proofs(before: u32, world: &World<Tendermint>, trace: &Trace<Tendermint>) -> Vec<HeldProof> {
        let up = world.replicas().iter().enumerate().filter_map(|(place, machine)| Some((NodeId(place as u16), machine.process.as_ref()?)));
        let held = up.flat_map(|(holder, validator)| validator.durable().evidence.iter().map(move |evidence| (holder, evidence)));
        held.map(|(holder, evidence)| {
            let event = learned(holder, evidence, before, trace);
            let since = event.and_then(|event| trace.events.get(event as usize)).map_or(0, |event| event.time);
            let said = match &**evidence {
                Evidence::Votes { first, second } => [first, second].map(|vote| vote_text(vote, before, trace)),
                Evidence::Proposals { first, second } => [first, second].map(|proposal| proposal_text(proposal, before, trace)),
            };
            HeldProof { culprit: evidence.culprit(), holder, since, event, said }
        })
        .collect()
    }
}

impl Watched for Tendermint {
    type Monitor = TendermintMonitor;
}

/// A vote of a piece of evidence, and which message carried it.
fn vote_text(vote: &Signed<Vote>, before: u32, trace: &Trace<Tendermint>) -> SignedText {
    let Vote { kind, height, round, id } = *vote.body();
    let kind = if kind == VoteKind::Prevote { "prevote" } else { "precommit" };
    let carries = |message: &Message| matches!(message, Message::Prevote(said) | Message::Precommit(said) if said == vote);
    SignedText {
        text: format!("{kind} in round {round} of height {height}: {}", id.map_or_else(|| "nil".to_owned(), |id| id.to_string())),
        message: carrier(trace, before, vote.signer(), carries),
    }
}

/// A proposal of a piece of evidence, and which message carried it.
fn proposal_text(proposal: &Signed<Proposal>, before: u32, trace: &Trace<Tendermint>) -> SignedText {
    let Proposal { height, round, id, .. } = *proposal.body();
    let carries = |message: &Message| matches!(message, Message::Proposal(said) if said.proposal == *proposal);
    SignedText {
        text: format!("proposal in round {round} of height {height}: {id}"),
        message: carrier(trace, before, proposal.signer(), carries),
    }
}

/// The event by which a validator came to hold both halves: it heard the second one, or was shown both.
fn learned(holder: NodeId, evidence: &Evidence, before: u32, trace: &Trace<Tendermint>) -> Option<u32> {
    let has = |message: &Message| match (message, evidence) {
        (Message::Evidence(shown), _) => **shown == *evidence,
        (Message::Prevote(vote) | Message::Precommit(vote), Evidence::Votes { second, .. }) => vote == second,
        (Message::Status(status), Evidence::Votes { second, .. }) => status.votes.contains(second),
        (Message::Proposal(said), Evidence::Proposals { second, .. }) => said.proposal == *second,
        (Message::Status(status), Evidence::Proposals { second, .. }) => status.proposals.iter().any(|said| said.proposal == *second),
        _ => false,
    };
    let events = trace.events.iter().take(before as usize).enumerate();
    let heard = |event: &EventRecord| event.node == holder.0 && event.input == InputKind::Message;
    let messages =
        events.filter(|(_, event)| heard(event)).filter_map(|(place, event)| Some((place, trace.messages.get(event.cause as usize)?)));
    messages.filter(|(_, record)| has(&record.body)).map(|(place, _)| place as u32).next()
}
