//! What PBFT promises of honest replicas, after every event. What a liar has is not looked at.
//!
//! What a replica has *said* binds it, whatever became of it or its disk (`said`): it never contradicts itself, nor
//! falls back to an earlier view. What it *holds* is counted from the signatures up (`counted`).
//!
//! The monitor keeps the first sighting of what is committed at each number, executes it on a store of its own, and
//! compares the state of every honest replica with that: so a replica that executes something else, in another order,
//! twice, or before it is committed, is found. What a replica commits, executes and throws away in one event is in no
//! slot afterwards: it is taken from the message that the event handled, or from the certificate that the replica was
//! seen to have.
//!
//! Once honest replicas have disagreed, `blame` names the culprits. A replica whose disk was wiped has forgotten what
//! it said: that is beyond the model, no fault of the protocol, and said where something breaks.

mod blame;
mod counted;
mod held;
mod invariants;
mod said;

use super::accountability::{Culprits, HeldProof};
use super::invariant::{Finding, Findings, Found, Invariant, Monitor, Watched};
use crate::kv::{Request, Store};
use crate::pbft::message::SignedRequest;
use crate::pbft::{Digest, Message, Pbft, Said, Sequence, View};
use crate::process::{Fingerprint, Fingerprinter, NodeId};
use crate::sim::trace::{InputKind, flag};
use crate::sim::{Trace, World};
use invariants::{EXECUTION, INVARIANTS, VIEWS, VOTES_KEPT};
use said::{Contradiction, Fall, Ledger, own_saying};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How far a replica was seen to be.
#[derive(Clone, Debug, Default)]
struct Seen {
    wipes: u32,
    executed: Sequence,
    /// The certificates above its low water mark that were counted, by their view, and the commitments.
    prepared: BTreeMap<Sequence, View>,
    committed: BTreeMap<Sequence, ()>,
    stable: Sequence,
}

/// A first sighting: who was seen to have it, and when.
#[derive(Clone, Copy, Debug)]
struct Sighting {
    event: u32,
    node: NodeId,
}

/// The first sighting of what is committed at a number.
#[derive(Clone, Debug)]
struct Committed {
    seen: Sighting,
    view: View,
    digest: Digest,
    request: Option<Arc<SignedRequest>>,
}

/// The first sighting of what is prepared with a number in a view.
#[derive(Clone, Debug)]
struct Prepared {
    seen: Sighting,
    digest: Digest,
    request: Option<Arc<SignedRequest>>,
}

/// Watches a run of PBFT.
#[derive(Clone, Debug)]
pub struct PbftMonitor {
    findings: Findings,
    replicas: u16,
    seen: Vec<Seen>,
    ledger: Ledger,
    /// The message that was heard last.
    heard: Option<u32>,
    committed: BTreeMap<Sequence, Committed>,
    prepared: BTreeMap<(View, Sequence), Prepared>,
    stable: BTreeMap<Sequence, (Digest, Sighting)>,
    /// The number and the event of the first disagreement.
    disagreement: Option<(Sequence, u32)>,
    /// The state after each number, as far as nothing is missing.
    states: BTreeMap<Sequence, u128>,
    /// The number that the reference has executed last.
    tip: Sequence,
    reference: Store,
    scratch: Fingerprinter,
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

/// A replica that is looked at after an event.
#[derive(Clone, Copy)]
struct Look<'a> {
    event: u32,
    node: NodeId,
    pbft: &'a Pbft,
    world: &'a World<Pbft>,
}

impl Look<'_> {
    fn name(&self) -> String {
        name(self.node)
    }

    fn sighting(&self) -> Sighting {
        Sighting { event: self.event, node: self.node }
    }

    /// q, as the settings have it, whatever rule is off.
    fn quorum(&self) -> u32 {
        let setup = self.world.setup();
        setup.replica.quorum(setup.replicas)
    }

    /// What of this run is beyond the model: it may be why something does not hold.
    fn beyond(&self) -> String {
        let forgot = |(index, machine): (usize, &crate::sim::machine::Machine<Pbft>)| {
            let node = NodeId(index as u16);
            let how = machine.disk.forgot().filter(|_| self.world.is_honest(node))?;
            Some(format!("; beyond the model, the disk of {} {how}", name(node)))
        };
        self.world.replicas().iter().enumerate().filter_map(forgot).collect()
    }
}

impl PbftMonitor {
    /// Looks at a replica; `told`: the message that it has just handled.
    fn look(&mut self, event: u32, node: NodeId, world: &World<Pbft>, persisted: bool, told: Option<&Message>) {
        let Some(machine) = world.replicas().get(node.index()).filter(|_| world.is_honest(node)) else { return };
        let Some(pbft) = machine.process.as_ref() else { return };
        let look = Look { event, node, pbft, world };
        let seen = &mut self.seen[node.index()];
        if machine.wipes() > seen.wipes {
            *seen = Seen { wipes: machine.wipes(), ..Seen::default() };
        }
        let executed = seen.executed;
        if persisted {
            self.look_at_slots(look);
            self.look_at_collected(look, executed, told);
            self.look_at_stable(look);
            self.look_at_convictions(look);
        }
        if pbft.executed() != executed {
            self.look_at_state(look);
        }
        self.seen[node.index()].executed = pbft.executed();
    }

    /// Executes what is known to be committed and has no gap before it.
    fn advance(&mut self) {
        while let Some(next) = self.committed.get(&(self.tip + 1)) {
            if let Some(request) = &next.request {
                self.reference.apply(request.body());
            }
            self.tip += 1;
            self.states.insert(self.tip, fingerprint(&mut self.scratch, &self.reference));
        }
    }

    fn look_at_state(&mut self, look: Look<'_>) {
        let executed = look.pbft.executed();
        // Where those that executed a request have all lied at some time, nobody was looked at: from a checkpoint that
        // a quorum has signed it goes on.
        if let Some(stable) = look.pbft.durable().stable.as_ref().filter(|stable| stable.checkpoint.sequence > self.tip)
        {
            self.tip = stable.checkpoint.sequence;
            self.reference = stable.store.clone();
            self.states.insert(self.tip, fingerprint(&mut self.scratch, &self.reference));
            self.advance();
        }
        let problem = match self.states.get(&executed) {
            Some(expected) if *expected == fingerprint(&mut self.scratch, look.pbft.store()) => return,
            Some(_) => format!("the state of {} at {executed} is not that of the order", look.name()),
            None if executed < self.tip => return,
            None => format!("{} has executed up to {executed}, and not all of it is committed", look.name()),
        };
        let last = self.committed.get(&executed).map(|known| (known.seen, known.digest));
        self.findings.note(EXECUTION, look.event, || {
            let found = Found::new(format!("{problem}{}", look.beyond())).because(look.event, problem);
            match last {
                Some((seen, digest)) => {
                    found.because(seen.event, format!("{} commits {digest} with number {executed}", name(seen.node)))
                }
                None => found,
            }
        });
    }

    fn rebuild(&mut self) {
        self.states.clear();
        self.reference = Store::default();
        self.tip = 0;
        self.states.insert(0, fingerprint(&mut self.scratch, &self.reference));
        self.advance();
    }
}

fn fingerprint(scratch: &mut Fingerprinter, store: &Store) -> u128 {
    scratch.clear();
    store.fingerprint(scratch);
    scratch.finish()
}

impl Monitor<Pbft> for PbftMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        let mut monitor = Self {
            findings: Findings::new(INVARIANTS),
            replicas,
            seen: vec![Seen::default(); usize::from(replicas)],
            ledger: Ledger::default(),
            heard: None,
            disagreement: None,
            committed: BTreeMap::new(),
            prepared: BTreeMap::new(),
            stable: BTreeMap::new(),
            states: BTreeMap::new(),
            tip: 0,
            reference: Store::default(),
            scratch: Fingerprinter::new(),
        };
        monitor.rebuild();
        monitor
    }

    fn hear(&mut self, event: u32, message: u32, world: &World<Pbft>, trace: &Trace<Pbft>) {
        let Some(record) = trace.messages.get(message as usize).filter(|record| record.from.0 < self.replicas) else {
            return;
        };
        // A broadcast leaves once for each receiver, and is heard once. What a liar withholds from the first of them does
        // not leave: then it is the next one that is heard.
        let heard = self.heard.replace(message);
        let before = message.checked_sub(1).filter(|before| heard == Some(*before));
        if before.and_then(|before| trace.messages.get(before as usize)).is_some_and(|before| {
            (before.from, before.event) == (record.from, record.event) && before.body == record.body
        }) {
            return;
        }
        if let Message::Commit(vote) = &record.body {
            self.ledger.count_commit(vote, event);
        }
        let node = record.from;
        let forgot = world.replicas().get(node.index()).is_some_and(|machine| machine.disk.forgot().is_some());
        if !world.is_honest(node) || forgot {
            return;
        }
        let Some(said) = own_saying(node, &record.body) else { return };
        let (contradiction, fall) = self.ledger.note(&said, event, record.event);
        if let Some(Contradiction { proof, events }) = contradiction {
            self.findings.note(VOTES_KEPT, event, || {
                let says = |said: &Said| format!("{} says {}", name(node), said.text());
                let [first, second] = proof.said();
                Found::new(format!("{} {}", name(node), proof.charge()))
                    .because(events[0], says(first))
                    .because(events[1], says(second))
            });
        }
        if let Some(Fall { from, from_event, to }) = fall {
            self.findings.note(VIEWS, event, || {
                Found::new(format!("{} speaks in view {to}, and has spoken of view {from} before", name(node)))
                    .because(from_event, format!("{} speaks of view {from}", name(node)))
                    .because(record.event, format!("{} says {}", name(node), said.text()))
            });
        }
    }

    fn observe(&mut self, event: u32, world: &World<Pbft>, trace: &Trace<Pbft>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        let node = NodeId(record.node);
        let changes = record.flags & flag::PERSISTED != 0 || matches!(record.input, InputKind::Start);
        let told = trace.messages.get(record.cause as usize).filter(|_| record.input == InputKind::Message);
        self.look(event, node, world, changes, told.map(|message| &message.body));
    }

    fn observe_everything(&mut self, event: u32, world: &World<Pbft>) {
        for node in (0..self.seen.len() as u16).map(NodeId) {
            self.look(event, node, world, true, None);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<Pbft>) {
        self.findings.rewind(event);
        self.ledger.rewind(event);
        self.heard = None;
        self.committed.retain(|_, committed| committed.seen.event < event);
        self.prepared.retain(|_, prepared| prepared.seen.event < event);
        self.stable.retain(|_, (_, seen)| seen.event < event);
        self.disagreement = self.disagreement.filter(|(_, seen)| *seen < event);
        self.rebuild();
        for (seen, machine) in self.seen.iter_mut().zip(world.replicas()) {
            let executed = machine.process.as_ref().map_or(0, Pbft::executed);
            *seen = Seen { wipes: machine.wipes(), executed, ..Seen::default() };
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }

    fn carried_out(&self, before: u32, _: &World<Pbft>) -> Vec<Request> {
        let known = self.committed.values().filter(|committed| committed.seen.event < before);
        known.filter_map(|committed| committed.request.as_ref().map(|request| request.body().clone())).collect()
    }

    fn proofs(before: u32, world: &World<Pbft>, trace: &Trace<Pbft>) -> Vec<HeldProof> {
        blame::proofs(before, world, trace)
    }

    fn culprits(&self, before: u32, world: &World<Pbft>, trace: &Trace<Pbft>) -> Option<Culprits> {
        let (number, event) = self.disagreement.filter(|(_, event)| *event < before)?;
        Some(blame::culprits(event, number, before, world, trace))
    }
}

impl Watched for Pbft {
    type Monitor = PbftMonitor;
}
