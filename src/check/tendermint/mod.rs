//! What Tendermint promises, after every event.
//!
//! Only validators that have been honest so far promise anything; the monitor asks the world who they are, and no
//! validator does.
//!
//! # What is watched
//!
//! * **What a validator says** (`said`): its proposals, prevotes and precommits, from when they have *left* it, crash
//!   or no crash. Whether it might say so is judged by what it had *heard* when it signed them (`heard`): the monitor
//!   keeps each validator's words and counts them itself.
//! * **What it decides** (`chain`): the blocks on its disk, each with its precommits, which are counted here.
//! * **What follows at once** from what it has (`rounds`): a decision, a valid value, a later round.
//!
//! A disk that was wiped, or has lost what it called written, has forgotten what its validator said. That is beyond the
//! model: nothing that was said before is held against such a validator, and where agreement breaks, the finding says
//! so.
//!
//! Two signatures that contradict each other are kept by validators (`proofs`). After a disagreement of honest
//! validators what they received names more culprits: those who gave up a lock (`culprits`).

mod chain;
mod culprits;
mod heard;
mod proofs;
mod rounds;
mod said;

use super::accountability::{Culprits, HeldProof};
use super::invariant::{Finding, Findings, Found, Invariant, Monitor, QuorumRule, Watched};
use crate::kv::{ClientReport, Command, Request};
use crate::process::NodeId;
use crate::sim::trace::{InputKind, flag};
use crate::sim::{EventRecord, Trace, World};
use crate::tendermint::{BlockId, Decision, Height, Message, Round, Rule, Tendermint};
use heard::Heard;
use said::Words;
use std::collections::BTreeMap;
use std::sync::Arc;

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
const TURNS: usize = 12;
const VALID_PROPOSED: usize = 13;

const PAPER: &str = "arXiv 1807.04938, section II-C";

const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "agreement",
        text: "No two honest validators decide different blocks at a height.",
        source: PAPER,
    },
    Invariant {
        name: "one-vote-a-step",
        text: "An honest validator signs at most one proposal, one prevote and one precommit in a round, crash or no crash.",
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
        text: "An honest validator goes to a round only if others of more than a third are there, or more than two thirds precommitted in the one before.",
        source: "arXiv 1807.04938, algorithm 1, lines 47, 55 and 65",
    },
    Invariant {
        name: "only-liars-are-accused",
        text: "No honest validator has signed two things that contradict each other.",
        source: "not in the paper; Buchman 2016, 3.5",
    },
    Invariant {
        name: "proposed-in-turn",
        text: "An honest validator proposes only in the rounds in which it is the proposer.",
        source: "arXiv 1807.04938, algorithm 1, line 14",
    },
    Invariant {
        name: "valid-value-proposed",
        text: "An honest proposer that precommitted a block proposes one with a polka at least as late, and has seen the polka that it names.",
        source: "arXiv 1807.04938, algorithm 1, lines 15-16",
    },
];

/// What has been looked at of a validator's disk.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    decided: usize,
    evidence: usize,
}

/// The first decision of a height.
#[derive(Clone, Debug)]
struct First {
    decision: Arc<Decision>,
    node: NodeId,
    /// The event by which it decided, and the one after which that was seen.
    by: u32,
    seen: u32,
}

/// The first disagreement of two honest validators.
#[derive(Clone, Debug)]
struct Split {
    event: u32,
    height: Height,
    one: (NodeId, Arc<Decision>),
    other: (NodeId, Arc<Decision>),
}

/// Watches a run of Tendermint.
#[derive(Clone, Debug)]
pub struct TendermintMonitor {
    findings: Findings,
    /// The next event whose words are to be taken in.
    next: u32,
    heard: Vec<Heard>,
    words: Words,
    /// The height and round in which each validator stands, where it is up.
    places: Vec<Option<(Height, Round)>>,
    /// Rounds that were entered for no good reason: the event, and what is wrong with it.
    entered: BTreeMap<(NodeId, Height, Round), (u32, Found)>,
    seen: Vec<Seen>,
    /// By height, from 1: the first decision.
    decided: Vec<First>,
    /// The events in which validators decided.
    decided_at: BTreeMap<(NodeId, Height), u32>,
    split: Option<Split>,
    /// By height: the first state after it, whose it is, and the event.
    states: BTreeMap<Height, (u128, NodeId, u32)>,
    /// What clients have asked for.
    invoked: BTreeMap<(NodeId, u64), (Command, u32)>,
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

fn value(id: Option<BlockId>) -> String {
    id.map_or_else(|| "nil".to_owned(), |id| id.to_string())
}

impl TendermintMonitor {
    /// Takes in what an event brought to its validator, and what that said in it. It has left only when that is heard.
    fn take_in(&mut self, event: u32, world: &World<Tendermint>, trace: &Trace<Tendermint>) {
        if event < self.next {
            return;
        }
        self.next = event + 1;
        let Some(record) = trace.events.get(event as usize) else { return };
        if record.flags & flag::INVOCATION != 0 {
            for report in trace.reports.iter().rev().take_while(|report| report.event == event) {
                if let ClientReport::Invoked { sequence, command } = &report.report {
                    self.invoked.insert((report.client, *sequence), (command.clone(), event));
                }
            }
        }
        let node = NodeId(record.node);
        let Some(machine) = world.replicas().get(node.index()).filter(|_| world.is_honest(node)) else { return };
        let Some(process) = &machine.process else {
            self.places[node.index()] = None;
            return;
        };
        let validators = &world.setup().replica.validators;
        let heard = &mut self.heard[node.index()];
        match record.input {
            InputKind::Start => heard.boot(event, process),
            InputKind::Message => {
                if let Some(message) = trace.messages.get(record.cause as usize) {
                    heard.take(event, &message.body, validators);
                }
            }
            _ => {}
        }
        self.take_in_words(event, node, record, trace, world);
        if record.flags & flag::DECIDED != 0 {
            for height in self.seen[node.index()].decided + 1..=process.durable().chain.len() {
                self.decided_at.insert((node, height as Height), event);
            }
        }
        self.look_at_place(event, node, process, record.input == InputKind::Start);
    }

    /// What a validator casts goes to all others: once is enough.
    fn take_in_words(
        &mut self,
        event: u32,
        node: NodeId,
        record: &EventRecord,
        trace: &Trace<Tendermint>,
        world: &World<Tendermint>,
    ) {
        let validators = &world.setup().replica.validators;
        let mut last: Option<&Message> = None;
        for message in record.sent().filter_map(|message| trace.messages.get(message as usize)) {
            if last != Some(&message.body) {
                self.cast(event, node, &message.body, validators);
                last = Some(&message.body);
            }
        }
    }

    fn look(&mut self, event: u32, node: NodeId, world: &World<Tendermint>) {
        self.look_at_disk(event, node, world);
        let process = world
            .replicas()
            .get(node.index())
            .filter(|_| world.is_honest(node))
            .and_then(|machine| machine.process.as_ref());
        if let Some(process) = process {
            self.look_at_round(event, node, process);
        }
    }
}

impl Monitor<Tendermint> for TendermintMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        let count = usize::from(replicas);
        Self {
            findings: Findings::new(INVARIANTS),
            next: 0,
            heard: vec![Heard::default(); count],
            words: Words::default(),
            places: vec![None; count],
            entered: BTreeMap::new(),
            seen: vec![Seen::default(); count],
            decided: Vec::new(),
            decided_at: BTreeMap::new(),
            split: None,
            states: BTreeMap::new(),
            invoked: BTreeMap::new(),
        }
    }

    fn hear(&mut self, event: u32, message: u32, world: &World<Tendermint>, trace: &Trace<Tendermint>) {
        self.take_in(event, world, trace);
        let Some(record) = trace.messages.get(message as usize) else { return };
        self.leave(event, record.event, record.from, &record.body, world);
        self.look_at_disk(event, record.from, world);
    }

    fn observe(&mut self, event: u32, world: &World<Tendermint>, trace: &Trace<Tendermint>) {
        self.take_in(event, world, trace);
        if let Some(record) = trace.events.get(event as usize) {
            self.look(event, NodeId(record.node), world);
        }
    }

    fn observe_everything(&mut self, event: u32, world: &World<Tendermint>) {
        for place in 0..self.seen.len() {
            self.look(event, NodeId(place as u16), world);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<Tendermint>) {
        self.findings.rewind(event);
        self.next = self.next.min(event);
        self.heard.iter_mut().for_each(|heard| heard.rewind(event));
        self.words.rewind(event);
        self.entered.retain(|_, (entered, _)| *entered < event);
        self.decided.retain(|first| first.seen < event);
        self.decided_at.retain(|_, decided| *decided < event);
        self.split = self.split.take().filter(|split| split.event < event);
        self.states.retain(|_, (_, _, seen)| *seen < event);
        self.invoked.retain(|_, (_, seen)| *seen < event);
        for ((seen, place), machine) in self.seen.iter_mut().zip(&mut self.places).zip(world.replicas()) {
            let durable = &machine.disk.durable;
            *seen = Seen { decided: durable.chain.len(), evidence: durable.evidence.len() };
            *place =
                machine.process.as_ref().map(|process| (process.consensus().height(), process.consensus().round()));
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }

    fn carried_out(&self, _: u32, world: &World<Tendermint>) -> Vec<Request> {
        let replicas = world.replicas().iter().enumerate().filter(|(place, _)| world.is_honest(NodeId(*place as u16)));
        let chain = replicas.map(|(_, machine)| &machine.disk.durable.chain).max_by_key(|chain| chain.len());
        chain
            .into_iter()
            .flatten()
            .flat_map(|decision| decision.block.requests())
            .map(|request| request.body().clone())
            .collect()
    }

    fn proofs(before: u32, world: &World<Tendermint>, trace: &Trace<Tendermint>) -> Vec<HeldProof> {
        proofs::held(before, world, trace)
    }

    fn culprits(&self, before: u32, world: &World<Tendermint>, trace: &Trace<Tendermint>) -> Option<Culprits> {
        let split = self.split.as_ref().filter(|split| split.event < before)?;
        Some(culprits::of(split, (&self.heard, &self.words), before, world, trace))
    }
}

impl Watched for Tendermint {
    type Monitor = TendermintMonitor;

    const QUORUMS: &'static [QuorumRule<Self::Rule>] =
        &[QuorumRule::step(Rule::LockedAndPrecommitted, "Prevote"), QuorumRule::deciding(Rule::Decided, "Precommit")];
}

#[cfg(test)]
mod tests;
