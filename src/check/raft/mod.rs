//! Raft's safety properties (figure 3), and what follows from them, after every event.
//!
//! A server is judged by two things. What it has *said* (`said`) is what has left it, and binds it whatever becomes of
//! its disk: its terms, its votes, its acknowledgements (`kept`). What it *is*, is looked at after each event of its
//! own: its role, its log, its state. What is known of the whole run is kept in tables of *first sightings*: the
//! leaders of each term (`commits`), the entry at each index and term (`logs`), the entry committed and the state
//! applied at each index. A second sighting that differs is a finding.

mod commits;
mod invariants;
mod kept;
mod leaders;
mod logs;
mod origins;
mod said;

use super::invariant::{Finding, Findings, Found, Invariant, Monitor, Origin, Overwritten, QuorumRule, Watched};
use super::passed::CarriedOut;
use super::quorums::SlotVotes;
use crate::kv::Request;
use crate::process::{Fingerprinter, Message as _, NodeId, NodeSet};
use crate::raft::log::{Index, Payload, Term};
use crate::raft::{Durable, Raft, Role, Rule};
use crate::sim::trace::{InputKind, STRUCK, flag};
use crate::sim::{Trace, World};
use commits::{Committed, Led};
use invariants::*;
use kept::{Forgotten, Owed};
use leaders::Leaders;
use logs::Sighting;
use origins::Replaced;
use said::{Acknowledgement, Said};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// What a server was like after its last event.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// How often its disk was wiped.
    wipes: u32,
    /// The event of its latest start.
    started: Option<u32>,
    term: Term,
    is_leader: bool,
    commit_index: Index,
    /// The event by which it got there.
    commit_event: u32,
    last_applied: Index,
    applied_event: u32,
    /// The term at each index, from 1; what a snapshot covers is not kept up.
    terms: Vec<Term>,
    /// The last index that its log had dropped.
    base_index: Index,
    /// The last entry that it has acknowledged.
    owes: Option<Owed>,
    /// A crash waits to tear the writes of its next step apart.
    to_be_torn: bool,
}

impl Seen {
    /// Whether its log has an entry, perhaps one that its snapshot covers.
    fn holds(&self, index: Index, term: Term) -> bool {
        index <= self.base_index || self.terms.get(index as usize - 1) == Some(&term)
    }
}

/// Watches a run of Raft.
#[derive(Clone, Debug)]
pub struct RaftMonitor {
    findings: Findings,
    /// By server: what it has said.
    said: Vec<Said>,
    /// What was acknowledged in the event that is about to be looked at.
    unweighed: Vec<(NodeId, Acknowledgement)>,
    /// Disks that no longer hold what was said, in the order of events.
    forgotten: Vec<Forgotten>,
    seen: Vec<Seen>,
    leaders: BTreeMap<(Term, NodeId), Led>,
    /// By index, from 1: the first entry seen there.
    entries: Vec<Option<Sighting>>,
    /// Further entries seen at an index, of other terms.
    other_entries: BTreeMap<(Index, Term), Sighting>,
    /// By index, from 1: what is committed there.
    committed: Vec<Option<Committed>>,
    /// By index, from 1: the hash of the state after it, and who had it first.
    states: Vec<Option<(u128, u32, NodeId)>>,
    /// Entries that are gone from a log, in the order of events.
    replaced: Vec<Replaced>,
    carried_out: CarriedOut,
    leads: Leaders,
    scratch: Fingerprinter,
}

/// The slot of an index in a table that begins with index 1.
fn slot<T>(table: &mut Vec<Option<T>>, index: Index) -> &mut Option<T> {
    let position = index.saturating_sub(1) as usize;
    if table.len() <= position {
        table.resize_with(position + 1, || None);
    }
    &mut table[position]
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

impl RaftMonitor {
    /// Notes what is found, unless something was before. To work it out it may look at everything.
    fn found(&mut self, invariant: usize, event: u32, found: impl FnOnce(&Self) -> Found) {
        if self.findings.lacks(invariant) {
            let found = found(self);
            self.findings.note(invariant, event, || found);
        }
    }

    fn look(&mut self, event: u32, node: NodeId, world: &World<Raft>, persisted: bool, boots: bool) {
        if !world.is_honest(node) {
            return;
        }
        let Some(raft) = world.replicas().get(node.index()).and_then(|machine| machine.process.as_ref()) else {
            return;
        };
        let is_leader = matches!(raft.role_state(), Role::Leader(_));
        let was = &self.seen[node.index()];
        if is_leader && (!was.is_leader || was.term != raft.current_term()) {
            self.check_new_leader(event, node, raft);
        }
        if persisted {
            self.check_log(event, node, raft, is_leader);
            self.check_acknowledged(event, node, raft.current_term(), boots);
        }
        self.check_order(event, node, raft);
        if raft.commit_index() > self.seen[node.index()].commit_index {
            self.check_commit(event, node, raft, is_leader, world);
            self.seen[node.index()].commit_event = event;
        }
        if raft.last_applied() > self.seen[node.index()].last_applied {
            self.check_state(event, node, raft);
            if !world.adversary().ever().is_empty() {
                self.note_carried_out(event, node, raft);
            }
            self.seen[node.index()].applied_event = event;
        }
        let seen = &mut self.seen[node.index()];
        seen.term = raft.current_term();
        seen.is_leader = is_leader;
        seen.commit_index = raft.commit_index();
        seen.last_applied = raft.last_applied();
    }

    /// Where somebody lies, servers carry out what differs: each is written down on its own.
    fn note_carried_out(&mut self, event: u32, node: NodeId, raft: &Raft) {
        let first = self.seen[node.index()].last_applied + 1;
        if raft.log().base_index() >= first {
            self.carried_out.forget(node);
        }
        for entry in raft.log().slice(first.max(raft.log().base_index() + 1), raft.last_applied()) {
            if let Payload::Command(request) = &*entry.payload {
                self.carried_out.note(event, node, request, raft.store().latest(request.client));
            }
        }
    }

    /// A process is down or has booted: what was volatile begins anew.
    fn forget_volatile(&mut self, event: u32, node: NodeId, world: &World<Raft>) {
        let Some(machine) = world.replicas().get(node.index()) else { return };
        let seen = &mut self.seen[node.index()];
        if machine.wipes() > seen.wipes {
            *seen = Seen { wipes: machine.wipes(), ..Seen::default() };
        }
        if machine.process.is_some() {
            seen.started = Some(event);
        }
        seen.is_leader = false;
        seen.commit_index = 0;
        seen.last_applied = 0;
        // What is on its disk it carries out again.
        self.carried_out.forget(node);
    }

    fn note_violation(&mut self, event: u32, node: NodeId, trace: &Trace<Raft>) {
        let sentence = trace.violation_at(event).unwrap_or_default();
        self.found(TRANSITIONS, event, |_| {
            let found =
                Found::new(format!("{}: {sentence}", name(node))).because(event, format!("{}: {sentence}", name(node)));
            let cause = trace.events.get(event as usize).filter(|record| record.input == InputKind::Message);
            match cause.and_then(|record| trace.messages.get(record.cause as usize)) {
                Some(message) => {
                    found.because(message.event, format!("{} sends it: {}", name(message.from), message.body.label()))
                }
                None => found,
            }
        });
    }
}

impl Monitor<Raft> for RaftMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        Self {
            findings: Findings::new(INVARIANTS),
            said: vec![Said::default(); usize::from(replicas)],
            unweighed: Vec::new(),
            forgotten: Vec::new(),
            seen: vec![Seen::default(); usize::from(replicas)],
            leaders: BTreeMap::new(),
            entries: Vec::new(),
            other_entries: BTreeMap::new(),
            committed: Vec::new(),
            states: Vec::new(),
            replaced: Vec::new(),
            carried_out: CarriedOut::default(),
            leads: Leaders::new(replicas),
            scratch: Fingerprinter::new(),
        }
    }

    fn hear(&mut self, event: u32, message: u32, world: &World<Raft>, trace: &Trace<Raft>) {
        let sender = trace.messages.get(message as usize).map(|record| record.from);
        if sender.is_some_and(|sender| sender.index() < self.said.len() && world.is_honest(sender)) {
            self.hear_words(event, message, trace);
        }
    }

    fn observe(&mut self, event: u32, world: &World<Raft>, trace: &Trace<Raft>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        let node = NodeId(record.node);
        if node.index() < self.seen.len() {
            let is_down = world.replicas().get(node.index()).is_some_and(|machine| machine.process.is_none());
            let boots = is_down || record.input == InputKind::Start;
            let is_torn = self.seen[node.index()].to_be_torn
                && record.input == InputKind::Intervention
                && record.detail == STRUCK;
            self.note_forgotten(event, node, world, is_torn);
            if boots {
                self.forget_volatile(event, node, world);
            }
            self.seen[node.index()].to_be_torn = Self::is_to_be_torn(node, world);
            if record.flags & flag::VIOLATION != 0 {
                self.note_violation(event, node, trace);
            }
            self.look(event, node, world, boots || record.flags & flag::PERSISTED != 0, boots);
            self.leads.look(event, node, world, trace, &mut self.findings);
        }
        for (node, said) in std::mem::take(&mut self.unweighed) {
            self.owe(event, node, said);
        }
    }

    fn observe_everything(&mut self, event: u32, world: &World<Raft>) {
        for (ordinal, machine) in world.replicas().iter().enumerate() {
            let Some(raft) = &machine.process else { continue };
            for (index, entry) in raft.log().iter() {
                self.check_entry(
                    event,
                    NodeId(ordinal as u16),
                    index,
                    entry,
                    raft.log().term_at(index - 1).unwrap_or_default(),
                );
            }
            self.look(event, NodeId(ordinal as u16), world, true, false);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<Raft>) {
        self.findings.rewind(event);
        self.carried_out.rewind(event);
        self.leads.rewind(event, world);
        self.said.iter_mut().for_each(|said| said.rewind(event));
        self.unweighed.clear();
        self.forgotten.retain(|forgotten| forgotten.event < event);
        self.leaders.retain(|_, led| led.event < event);
        self.other_entries.retain(|_, sighting| sighting.event < event);
        self.replaced.retain(|replaced| replaced.event < event);
        for slot in &mut self.entries {
            slot.take_if(|sighting| sighting.event >= event);
        }
        for slot in &mut self.committed {
            slot.take_if(|committed| committed.event >= event);
        }
        for slot in &mut self.states {
            slot.take_if(|(_, seen, _)| *seen >= event);
        }
        for (ordinal, machine) in world.replicas().iter().enumerate() {
            self.see_again(
                event,
                NodeId(ordinal as u16),
                world,
                machine.process.as_ref().map_or(&machine.disk.durable, Raft::durable),
            );
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }

    fn decided_in(&self, event: u32) -> Option<u64> {
        self.committed_in(event)
    }

    fn origin(&self, index: u64, epoch: u64, before: u32) -> Option<Origin> {
        self.origin_of(index, epoch, before)
    }

    fn slots(&self, slots: RangeInclusive<u64>, before: u32) -> Vec<SlotVotes> {
        let last = (*slots.end()).min(self.entries.len() as Index);
        (*slots.start()..=last).filter_map(|index| self.slot_of(index, before)).collect()
    }

    fn overwritten(&self, before: u32) -> Vec<Overwritten> {
        self.overwritten_before(before)
    }

    fn gone_past(&self, request: &Request, before: u32) -> NodeSet {
        self.carried_out.past(request, before)
    }
}

impl RaftMonitor {
    /// After a rewind: what a server is like now. When it got there is not known any more.
    fn see_again(&mut self, event: u32, node: NodeId, world: &World<Raft>, durable: &Durable) {
        let (Some(machine), Some(was)) = (world.replicas().get(node.index()), self.seen.get(node.index())) else {
            return;
        };
        let process = machine.process.as_ref();
        let mut terms = vec![0; durable.log.base_index() as usize];
        terms.extend(durable.log.iter().map(|(_, entry)| entry.term));
        self.seen[node.index()] = Seen {
            wipes: machine.wipes(),
            started: was.started.filter(|started| *started < event),
            term: durable.current_term,
            is_leader: process.is_some_and(|raft| matches!(raft.role_state(), Role::Leader(_))),
            commit_index: process.map_or(0, Raft::commit_index),
            commit_event: was.commit_event.min(event.saturating_sub(1)),
            last_applied: process.map_or(0, Raft::last_applied),
            applied_event: was.applied_event.min(event.saturating_sub(1)),
            terms,
            base_index: durable.log.base_index(),
            owes: None,
            to_be_torn: Self::is_to_be_torn(node, world),
        };
        let last = self.said[node.index()].last_acknowledged().copied();
        if let Some(said) = last.filter(|said| self.forgotten_between(node, said.when.event, event).is_none()) {
            self.owe(event, node, said);
        }
    }
}

impl Watched for Raft {
    type Monitor = RaftMonitor;

    const QUORUMS: &'static [QuorumRule<Self::Rule>] = &[
        QuorumRule::deciding(Rule::BecameLeader, "RequestVote reply"),
        QuorumRule::deciding(Rule::Committed, "AppendEntries reply"),
    ];
}
