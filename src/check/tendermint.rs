//! What Tendermint promises, after every event.
//!
//! Only validators that have been honest so far promise anything; the monitor asks the world who they are, and no validator does. Votes are
//! judged by what was signed and has arrived somewhere, so that a vote that was lost with its writer in a crash binds nobody. Locks
//! and precommits are judged when they are cast, against the log of votes of whoever casts them, and the monitor counts that log itself. With
//! the decision of a height a validator forgets that log: a vote that is cast in the event that decides is judged when it leaves, against the
//! prevotes that the monitor has seen arrive.

use super::accountability::{HeldProof, SignedText, carrier};
use super::invariant::{Finding, Findings, Invariant, Monitor, Watched};
use crate::kv::{ClientReport, Command, Request};
use crate::process::{Catalogue, Fingerprint, NodeId, NodeSet, Process, Signed};
use crate::sim::trace::{InputKind, flag};
use crate::sim::{EventRecord, Trace, World};
use crate::tendermint::{BlockId, Decision, Evidence, Height, Message, Proposal, Round, Rule, Step, Tendermint, Vote, VoteKind};
use std::collections::BTreeMap;

const AGREEMENT: usize = 0;
const ONE_VOTE: usize = 1;
const LOCKS_RESPECTED: usize = 2;
const PRECOMMIT_HAS_POLKA: usize = 3;
const DECIDED_ON_QUORUM: usize = 4;
const VALIDITY: usize = 5;
const CHAIN_UNBROKEN: usize = 6;
const STATE_EQUAL: usize = 7;
const DECIDED_IN_ANY_ROUND: usize = 8;
const LATE_POLKAS: usize = 9;
const SKIPS: usize = 10;
const ACCUSATIONS: usize = 11;

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
        name: "decided-in-any-round",
        text: "An honest validator that holds a valid proposal and precommits of more than two thirds for it, of whatever round, has decided.",
        source: "arXiv 1807.04938, algorithm 1, line 49",
    },
    Invariant {
        name: "late-polka-kept",
        text: "An honest validator that has voted in its round and holds a polka for the round's proposal has that as its valid value.",
        source: "arXiv 1807.04938, algorithm 1, lines 36-43",
    },
    Invariant {
        name: "skips-follow-an-honest-one",
        text: "An honest validator skips to a round only where others of more than a third of the voting power have voted.",
        source: "arXiv 1807.04938, algorithm 1, line 55",
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

/// What a validator has heard and said at the heights that are not decided on its disk.
#[derive(Clone, Debug, Default)]
struct Heard {
    /// Who has prevoted for a block, its own votes among them.
    prevotes: BTreeMap<(Height, Round, BlockId), NodeSet>,
    /// Its own precommits for blocks.
    locks: BTreeMap<(Height, Round), BlockId>,
}

impl Heard {
    fn note(&mut self, vote: &Signed<Vote>, own: bool) {
        let Vote { kind, height, round, id } = *vote.body();
        let Some(id) = id.filter(|_| vote.is_genuine()) else { return };
        if kind == VoteKind::Prevote {
            self.prevotes.entry((height, round, id)).or_default().insert(vote.signer());
        } else if own {
            self.locks.insert((height, round), id);
        }
    }

    /// All that a validator knows that has just booted, or to whose past the playhead has gone.
    fn of(node: NodeId, process: &Tendermint) -> Self {
        let mut heard = Self::default();
        let log = process.consensus().votes().rounds().flat_map(|(_, votes)| votes.prevotes.votes().iter().chain(votes.precommits.votes()));
        let early = process.early().iter().flat_map(Message::votes);
        for vote in log.chain(early).chain(&process.durable().progress.votes) {
            heard.note(vote, vote.signer() == node);
        }
        heard
    }

    /// Forgets what lies below a height.
    fn forget(&mut self, below: Height) {
        self.prevotes.retain(|(height, ..), _| *height >= below);
        self.locks.retain(|(height, _), _| *height >= below);
    }
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
    heard: Vec<Heard>,
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

/// Judges a vote that a validator casts, locked as it is: its round and block, if it is.
fn judge(
    findings: &mut Findings,
    event: u32,
    node: NodeId,
    vote: &Vote,
    lock: Option<(Round, BlockId)>,
    has_polka: impl Fn(Round, BlockId) -> bool,
) {
    let Vote { kind, height, round, id } = *vote;
    let Some(id) = id else { return };
    if kind == VoteKind::Precommit && !has_polka(round, id) {
        findings.note(PRECOMMIT_HAS_POLKA, event, || {
            format!("{} precommits {id} at height {height}, round {round}, and has seen no polka for it there", name(node))
        });
    }
    let Some((locked_round, locked)) = lock.filter(|(_, locked)| kind == VoteKind::Prevote && *locked != id) else { return };
    if !(locked_round..round).any(|later| has_polka(later, id)) {
        findings.note(LOCKS_RESPECTED, event, || {
            let who = name(node);
            format!("{who} precommitted {locked} at height {height}, round {locked_round}, and prevotes {id} in round {round} without a later polka")
        });
    }
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
        self.look_at_round(event, node, process);
        // What is not on its disk yet it has told nobody.
        let chain = &machine.disk.durable.chain;
        let first = self.seen[node.index()].decided.min(chain.len());
        for (place, decision) in chain.iter().enumerate().skip(first) {
            let previous = place.checked_sub(1).map_or(BlockId::GENESIS, |place| chain[place].block.id());
            self.look_at_decision(event, node, (place, previous), decision, world);
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

    /// Votes that leave, and what they may rest on. Those of the height that is still to be decided were judged when they were cast.
    fn look_at_messages(&mut self, event: u32, node: NodeId, world: &World<Tendermint>, trace: &Trace<Tendermint>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        let Some(machine) = world.replicas().get(node.index()).filter(|_| world.is_honest(node)) else { return };
        let Some(process) = &machine.process else { return };
        let told = trace.messages.get(record.cause as usize).filter(|_| record.input == InputKind::Message);
        for vote in told.iter().flat_map(|message| message.body.votes()) {
            self.heard[node.index()].note(vote, false);
        }
        let validators = &process.config().validators;
        for message in record.sent().filter_map(|message| trace.messages.get(message as usize)) {
            let (Message::Prevote(vote) | Message::Precommit(vote)) = &message.body else { continue };
            self.heard[node.index()].note(vote, true);
            if vote.body().height < process.consensus().height() {
                let Heard { prevotes, locks } = &self.heard[node.index()];
                let Vote { height, round, .. } = *vote.body();
                let polka =
                    |round, id| prevotes.get(&(height, round, id)).is_some_and(|who| validators.is_quorum(validators.power_of(*who)));
                let lock = locks.range((height, 0)..(height, round)).next_back().map(|((_, round), id)| (*round, *id));
                judge(&mut self.findings, event, node, vote.body(), lock, polka);
            }
        }
        self.heard[node.index()].forget(machine.disk.durable.height());
    }

    /// What follows from the log of votes at once: lines 36 to 43 and 49.
    fn look_at_round(&mut self, event: u32, node: NodeId, process: &Tendermint) {
        let (consensus, validators) = (process.consensus(), &process.config().validators);
        let (height, now) = (consensus.height(), consensus.round());
        for (round, votes) in consensus.votes().rounds() {
            let full =
                |powers: &[(Option<BlockId>, u64)]| powers.iter().find(|(_, power)| validators.is_quorum(*power)).and_then(|(id, _)| *id);
            let of_round = |id: &BlockId| consensus.has_valid_proposal(round, *id);
            if let Some(id) = full(votes.precommits.powers()).filter(of_round) {
                self.findings.note(DECIDED_IN_ANY_ROUND, event, || {
                    format!(
                        "{} has precommits of more than two thirds for {id} at height {height}, round {round}, and is in round {now}",
                        name(node)
                    )
                });
            }
            let is_late = round == now && consensus.step() >= Step::Prevote;
            let Some(id) = full(votes.prevotes.powers()).filter(|id| is_late && of_round(id)) else { continue };
            if consensus.valid().is_none_or(|valid| valid.round != round) {
                self.findings.note(LATE_POLKAS, event, || {
                    format!("{} has a polka for {id} at height {height}, round {round}, and would not propose it", name(node))
                });
            }
        }
    }

    /// Line 55: whoever skips a round has seen others there, one of them honest.
    fn look_at_skip(&mut self, event: u32, node: NodeId, world: &World<Tendermint>) {
        let process = world.replicas().get(node.index()).filter(|_| world.is_honest(node)).and_then(|machine| machine.process.as_ref());
        let Some(process) = process else { return };
        let (consensus, validators) = (process.consensus(), &process.config().validators);
        let round = consensus.round();
        let mut others = consensus.votes().round(round).map(|votes| votes.voters()).unwrap_or_default();
        others.remove(node);
        // With a decision the log is gone, and the next height is at its beginning.
        if consensus.step() != Step::Waiting && round > 0 && !validators.has_honest(validators.power_of(others)) {
            self.findings.note(SKIPS, event, || {
                let (power, total) = (validators.power_of(others), validators.total());
                format!("{} skips to round {round}, where it has seen votes of a power of {power} of {total}", name(node))
            });
        }
    }

    /// Votes that it finds on its disk were judged when it cast them; the log of votes that they rested on is gone.
    fn look_at_boot(&mut self, node: NodeId, world: &World<Tendermint>) {
        if let Some(process) = world.replicas().get(node.index()).and_then(|machine| machine.process.as_ref()) {
            self.seen[node.index()].voted = (process.consensus().height(), process.durable().progress.votes.len());
            self.heard[node.index()] = Heard::of(node, process);
        }
    }

    /// The own votes that are new since the last look.
    fn look_at_votes(&mut self, event: u32, node: NodeId, process: &Tendermint) {
        let height = process.consensus().height();
        let own = &process.durable().progress.votes;
        let (at, looked) = self.seen[node.index()].voted;
        let looked = if at == height { looked } else { 0 };
        for (place, vote) in own.iter().enumerate().skip(looked) {
            let locks = own[..place].iter().rev().map(Signed::body).filter(|vote| vote.kind == VoteKind::Precommit);
            let lock = locks.filter_map(|vote| Some((vote.round, vote.id?))).next();
            judge(&mut self.findings, event, node, vote.body(), lock, |round, id| has_polka(process, round, id));
        }
        self.seen[node.index()].voted = (height, own.len().max(looked));
    }

    fn look_at_decision(
        &mut self,
        event: u32,
        node: NodeId,
        (place, previous): (usize, BlockId),
        decision: &Decision,
        world: &World<Tendermint>,
    ) {
        let (block, height) = (&decision.block, place as u64 + 1);
        let validators = &world.setup().replica.validators;
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
            // In the name of a client that gave its keys away, anybody may have asked.
            if world.is_honest(request.client) && asked.is_none_or(|(command, _)| *command != request.command) {
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
            heard: vec![Heard::default(); usize::from(replicas)],
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
        if record.input == InputKind::Message
            && let Some(message) = trace.messages.get(record.cause as usize)
        {
            for vote in message.body.votes() {
                self.hear(event, vote, world);
            }
        }
        let node = NodeId(record.node);
        if record.input == InputKind::Start {
            self.look_at_boot(node, world);
        }
        if trace.rules_of(record).any(|rule| rule == Rule::RoundSkipped.code()) {
            self.look_at_skip(event, node, world);
        }
        self.look_at_messages(event, node, world, trace);
        self.look(event, node, world);
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
        for (place, (heard, machine)) in self.heard.iter_mut().zip(world.replicas()).enumerate() {
            *heard = machine.process.as_ref().map(|process| Heard::of(NodeId(place as u16), process)).unwrap_or_default();
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }

    fn carried_out(&self, _: u32, world: &World<Tendermint>) -> Vec<Request> {
        let replicas = world.replicas().iter().enumerate().filter(|(place, _)| world.is_honest(NodeId(*place as u16)));
        let chain = replicas.map(|(_, machine)| &machine.disk.durable.chain).max_by_key(|chain| chain.len());
        chain.into_iter().flatten().flat_map(|decision| decision.block.requests()).map(|request| request.body().clone()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::sim::Simulation;
    use crate::tendermint::Block;
    use std::sync::Arc;

    fn of_seed(seed: u64) -> Simulation<Tendermint> {
        let mut simulation = Scenario { seed, ..Scenario::of("tendermint") }.simulation::<Tendermint>().unwrap();
        while first(&simulation).is_none_or(|process| process.decided() < 3) {
            simulation.step();
        }
        simulation
    }

    fn first(simulation: &Simulation<Tendermint>) -> Option<&Tendermint> {
        simulation.world().replicas()[0].process.as_ref()
    }

    /// No rule's absence leads to such states: they follow from the blocks. The monitor is shown validators of two runs.
    #[test]
    fn another_state_at_the_same_height_is_found() {
        let mut monitor = TendermintMonitor::new(4);
        let (one, other) = (of_seed(1), of_seed(2));
        monitor.look_at_state(1, NodeId(0), first(&one).unwrap());
        assert_eq!(monitor.findings(), []);
        monitor.look_at_state(2, NodeId(1), first(&other).unwrap());
        assert_eq!(monitor.findings().iter().map(|finding| finding.invariant.name).collect::<Vec<_>>(), ["state-equal"]);
    }

    /// No rule's absence leads to such a chain: whoever adopts or proposes a block looks at the one before it.
    #[test]
    fn a_block_that_names_another_than_the_one_before_it_is_found() {
        let simulation = Scenario::of("tendermint").simulation::<Tendermint>().unwrap();
        let mut monitor = TendermintMonitor::new(4);
        let block = Arc::new(Block::new(2, BlockId::of(b"another"), NodeId(0), Vec::new()));
        let decision = Decision { block, round: 0, certificate: Vec::new() };
        monitor.look_at_decision(7, NodeId(1), (1, BlockId::GENESIS), &decision, simulation.world());
        assert!(monitor.findings().iter().any(|finding| finding.invariant.name == "chain-unbroken"));
    }
}
