//! What Multi-Paxos promises, after every event.
//!
//! Whether a value is chosen in a slot is a matter of the acceptors alone: it is, once a majority of them has written down that it accepted one
//! ballot there. The monitor therefore reads the disks, keeps for each slot and ballot who has ever accepted it, and holds what the
//! servers take for chosen, and apply, against that (Lamport, "Paxos Made Simple", 2001; "PMS").
//!
//! After an event only the process that handled it can have changed, and its disk; where disks take a while, any disk. What a disk holds in slots that its
//! process knew to be chosen when all its writes were done does not change any more, so it is not looked at again.

use super::invariant::{Finding, Findings, Invariant, Monitor, Watched};
use super::quorums::{SlotBallot, SlotVotes};
use crate::multi_paxos::log::{Accepted, Payload, Slot};
use crate::multi_paxos::{Ballot, MultiPaxos, Role};
use crate::process::{Fingerprint, Fingerprinter, NodeId};
use crate::sim::trace::{InputKind, flag};
use crate::sim::{Trace, World};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

const AGREEMENT: usize = 0;
const LEARNED_IS_CHOSEN: usize = 1;
const ONE_VALUE_A_BALLOT: usize = 2;
const ONE_LEADER_A_BALLOT: usize = 3;
const PROMISES_KEPT: usize = 4;
const STATE_MACHINE_SAFETY: usize = 5;
const INDEXES_IN_ORDER: usize = 6;
const GAPS_FILLED: usize = 7;
const TRANSITIONS: usize = 8;

const INVARIANTS: &[Invariant] = &[
    Invariant { name: "agreement", text: "In each slot at most one value is chosen, and it never changes.", source: "PMS 2.1, 3" },
    Invariant {
        name: "learned-is-chosen",
        text: "A server counts a slot as decided only if all up to it are chosen, and holds the values that are.",
        source: "PMS 2.1, 2.3, 3",
    },
    Invariant {
        name: "one-value-a-ballot",
        text: "All that is accepted in one slot and ballot is the same value.",
        source: "PMS 2.2, 2.5",
    },
    Invariant { name: "one-leader-a-ballot", text: "A ballot is led by the server that it names, and only once.", source: "PMS 2.5, 3" },
    Invariant {
        name: "promises-kept",
        text: "What an acceptor has promised never falls, crash or no crash, and it accepts nothing lower; to accept is to promise.",
        source: "PMS 2.2, 2.5",
    },
    Invariant { name: "state-machine-safety", text: "Servers that have applied up to the same slot have the same state.", source: "PMS 3" },
    Invariant {
        name: "indexes-in-order",
        text: "Forgotten, applied and committed slot are in this order, and what is committed and applied never falls.",
        source: "PMS 3",
    },
    Invariant {
        name: "gaps-filled",
        text: "A server that begins to lead proposes something in each slot up to the last that it was told of.",
        source: "PMS 3",
    },
    Invariant { name: "no-forbidden-transition", text: "No server sees what must not happen.", source: "PMS 2.2, 3" },
];

/// Who has accepted a ballot in a slot, and its value.
#[derive(Clone, Debug)]
struct Votes {
    ballot: Ballot,
    payload: Arc<Payload>,
    /// Acceptors, each with the event after which its acceptance was first seen.
    acceptors: Vec<(NodeId, u32)>,
}

/// What is known of a slot.
#[derive(Clone, Debug, Default)]
struct SlotSeen {
    votes: Vec<Votes>,
    /// The value that a majority accepted first, and the event after which it was chosen.
    chosen: Option<(Arc<Payload>, u32)>,
    /// The hash of the state after it, and the event after which it was first seen.
    state: Option<(u128, u32)>,
}

impl SlotSeen {
    /// What an onlooker knows of it before an event.
    fn votes_before(&self, slot: Slot, before: u32) -> SlotVotes {
        let chosen = self.chosen.as_ref().filter(|(_, event)| *event < before).map(|(payload, _)| payload);
        let ballot = |votes: &Votes| SlotBallot {
            epoch: votes.ballot.as_epoch(),
            value: votes.payload.to_string(),
            acceptors: votes.acceptors.iter().filter(|(_, event)| *event < before).map(|(acceptor, _)| *acceptor).collect(),
            is_chosen: chosen.is_some_and(|chosen| **chosen == *votes.payload),
        };
        let mut accepted: Vec<SlotBallot> = self.votes.iter().map(ballot).filter(|ballot| !ballot.acceptors.is_empty()).collect();
        accepted.sort_unstable_by_key(|ballot| ballot.epoch);
        SlotVotes { slot, chosen: chosen.map(ToString::to_string), accepted }
    }
}

/// What a server was like after its last event.
#[derive(Clone, Debug, Default)]
struct Seen {
    wipes: u32,
    /// What it had promised, as it knew itself.
    promised: Option<Ballot>,
    /// What its disk said that it had promised.
    promised_on_disk: Option<Ballot>,
    leads: Option<Ballot>,
    commit_index: Slot,
    last_applied: Slot,
    /// What its disk holds up to this slot does not change any more.
    settled: Slot,
}

/// Watches a run of Multi-Paxos.
#[derive(Clone, Debug)]
pub struct MultiPaxosMonitor {
    findings: Findings,
    majority: usize,
    /// By slot, from 1.
    slots: Vec<SlotSeen>,
    /// Who led a ballot first, and the event after which it did.
    leaders: BTreeMap<Ballot, (NodeId, u32)>,
    seen: Vec<Seen>,
    scratch: Fingerprinter,
}

fn name(place: usize) -> String {
    format!("n{}", place + 1)
}

impl MultiPaxosMonitor {
    fn slot(&mut self, slot: Slot) -> &mut SlotSeen {
        let place = slot.saturating_sub(1) as usize;
        if self.slots.len() <= place {
            self.slots.resize_with(place + 1, SlotSeen::default);
        }
        &mut self.slots[place]
    }

    fn chosen(&self, slot: Slot) -> Option<&Arc<Payload>> {
        self.slots.get(slot.checked_sub(1)? as usize)?.chosen.as_ref().map(|(payload, _)| payload)
    }

    /// What the acceptors have written down.
    fn look_at_disk(&mut self, event: u32, place: usize, world: &World<MultiPaxos>, from: Slot) {
        let Some(machine) = world.replicas().get(place) else { return };
        let durable = &machine.disk.durable;
        let was_promised = self.seen[place].promised_on_disk;
        if durable.promised < was_promised {
            self.findings.note(PROMISES_KEPT, event, || format!("{} has gone back on a promise", name(place)));
        }
        for (slot, accepted) in durable.log.after(from) {
            let breaks = Some(accepted.ballot) > durable.promised || Some(accepted.ballot) < was_promised;
            if self.count(event, place, slot, accepted) && breaks {
                self.findings.note(PROMISES_KEPT, event, || {
                    let ballot = accepted.ballot;
                    format!("{} accepts {ballot} in slot {slot}, and this is not what it has promised", name(place))
                });
            }
        }
        let seen = &mut self.seen[place];
        seen.promised_on_disk = durable.promised;
        if let Some(process) = machine.process.as_ref().filter(|_| machine.disk.pending.is_empty()) {
            seen.settled = process.commit_index();
        }
    }

    /// Counts an acceptance; says whether it is new.
    fn count(&mut self, event: u32, place: usize, slot: Slot, accepted: &Accepted) -> bool {
        let (acceptor, majority) = (NodeId(place as u16), self.majority);
        let known = self.slot(slot);
        let at = known.votes.iter().position(|votes| votes.ballot == accepted.ballot).unwrap_or_else(|| {
            known.votes.push(Votes { ballot: accepted.ballot, payload: accepted.payload.clone(), acceptors: Vec::new() });
            known.votes.len() - 1
        });
        let votes = &mut known.votes[at];
        if votes.acceptors.iter().any(|(known, _)| *known == acceptor) {
            return false;
        }
        if !Arc::ptr_eq(&votes.payload, &accepted.payload) && votes.payload != accepted.payload {
            self.findings.note(ONE_VALUE_A_BALLOT, event, || {
                format!(
                    "{} accepts {} in slot {slot}, and another value was accepted there in {}",
                    name(place),
                    accepted.payload,
                    accepted.ballot
                )
            });
            return false;
        }
        votes.acceptors.push((acceptor, event));
        if votes.acceptors.len() < majority {
            return true;
        }
        match &known.chosen {
            Some((chosen, _)) if *chosen != accepted.payload => {
                let chosen = chosen.clone();
                self.findings.note(AGREEMENT, event, || {
                    format!("{} is chosen in slot {slot} in {}, and {chosen} was chosen there before", accepted.payload, accepted.ballot)
                });
            }
            Some(_) => {}
            None => known.chosen = Some((accepted.payload.clone(), event)),
        }
        true
    }

    /// What a server takes for chosen, has applied, and leads.
    fn look_at_process(&mut self, event: u32, place: usize, world: &World<MultiPaxos>) {
        let Some(process) = world.replicas().get(place).and_then(|machine| machine.process.as_ref()) else { return };
        let seen = self.seen[place].clone();
        let (commit, applied) = (process.commit_index(), process.last_applied());
        if process.promised() < seen.promised {
            self.findings.note(PROMISES_KEPT, event, || format!("{} has forgotten or taken back a promise", name(place)));
        }
        if let Some(ballot) = process.leads().filter(|&ballot| seen.leads != Some(ballot)) {
            self.check_leader(event, place, ballot);
            self.check_gaps(event, place, process);
        }
        if process.log().base() > applied || applied > commit {
            self.findings.note(INDEXES_IN_ORDER, event, || {
                format!("{}: forgotten to {}, applied to {applied}, committed to {commit}", name(place), process.log().base())
            });
        }
        if commit < seen.commit_index || applied < seen.last_applied {
            self.findings
                .note(INDEXES_IN_ORDER, event, || format!("{}: what is committed or applied fell to {commit}, {applied}", name(place)));
        }
        for slot in seen.commit_index + 1..=commit {
            self.check_learned(event, place, slot, process.log().get(slot), slot <= process.log().base());
        }
        if applied > seen.last_applied {
            self.check_state(event, place, process);
        }
        let seen = &mut self.seen[place];
        seen.promised = process.promised();
        seen.leads = process.leads();
        seen.commit_index = commit;
        seen.last_applied = applied;
    }

    fn check_leader(&mut self, event: u32, place: usize, ballot: Ballot) {
        let node = NodeId(place as u16);
        if ballot.node != node {
            self.findings.note(ONE_LEADER_A_BALLOT, event, || format!("{} leads {ballot}, which is not its own", name(place)));
        } else if self.leaders.insert(ballot, (node, event)).is_some() {
            self.findings.note(ONE_LEADER_A_BALLOT, event, || format!("{} leads {ballot} for a second time", name(place)));
        }
    }

    fn check_gaps(&mut self, event: u32, place: usize, process: &MultiPaxos) {
        let Role::Leader(leader) = process.role_state() else { return };
        let is_open = |slot: &Slot| process.log().get(*slot).is_none();
        if let Some(slot) = (process.commit_index() + 1..leader.next_slot).find(is_open) {
            self.findings.note(GAPS_FILLED, event, || {
                let last = leader.next_slot - 1;
                format!("{} begins to lead with slots up to {last}, and has proposed nothing in slot {slot}", name(place))
            });
        }
    }

    fn check_learned(&mut self, event: u32, place: usize, slot: Slot, held: Option<&Accepted>, is_forgotten: bool) {
        let Some(chosen) = self.chosen(slot) else {
            self.findings.note(LEARNED_IS_CHOSEN, event, || format!("{} takes slot {slot} for chosen, and nothing is", name(place)));
            return;
        };
        if is_forgotten || held.is_some_and(|held| Arc::ptr_eq(&held.payload, chosen) || held.payload == *chosen) {
            return;
        }
        let chosen = chosen.clone();
        self.findings.note(LEARNED_IS_CHOSEN, event, || {
            let held = held.map_or("nothing".to_owned(), |held| held.payload.to_string());
            format!("{} takes {held} for chosen in slot {slot}, and {chosen} is", name(place))
        });
    }

    fn check_state(&mut self, event: u32, place: usize, process: &MultiPaxos) {
        self.scratch.clear();
        process.store().fingerprint(&mut self.scratch);
        let hash = self.scratch.finish();
        let slot = process.last_applied();
        let (known, _) = *self.slot(slot).state.get_or_insert((hash, event));
        if known != hash {
            self.findings.note(STATE_MACHINE_SAFETY, event, || {
                format!("{} has applied up to slot {slot}, and its state differs from another's there", name(place))
            });
        }
    }

    /// A process has booted or gone down, or its disk was wiped: what was volatile begins anew.
    fn forget_volatile(&mut self, place: usize, world: &World<MultiPaxos>) {
        let Some(machine) = world.replicas().get(place) else { return };
        let seen = &mut self.seen[place];
        if machine.wipes() > seen.wipes {
            *seen = Seen { wipes: machine.wipes(), ..Seen::default() };
        }
        if machine.process.is_none() && world.setup().flushes_take_time() {
            // What was on its way to the disk was promised to nobody, and may be forgotten.
            seen.promised = machine.disk.durable.promised;
        }
        seen.leads = None;
        seen.commit_index = 0;
        seen.last_applied = 0;
        seen.settled = 0;
    }
}

impl Monitor<MultiPaxos> for MultiPaxosMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        Self {
            findings: Findings::new(INVARIANTS),
            majority: usize::from(replicas) / 2 + 1,
            slots: Vec::new(),
            leaders: BTreeMap::new(),
            seen: vec![Seen::default(); usize::from(replicas)],
            scratch: Fingerprinter::new(),
        }
    }

    fn observe(&mut self, event: u32, world: &World<MultiPaxos>, trace: &Trace<MultiPaxos>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        let place = usize::from(record.node);
        let machine = world.replicas().get(place);
        if machine.is_some_and(|machine| machine.process.is_none()) || record.input == InputKind::Start {
            self.forget_volatile(place.min(self.seen.len()), world);
        }
        if record.flags & flag::VIOLATION != 0 {
            let sentence = trace.violation_at(event).unwrap_or_default();
            self.findings.note(TRANSITIONS, event, || format!("{}: {sentence}", name(place)));
        }
        if world.setup().flushes_take_time() {
            // A flush ends between two events, so any disk may have changed.
            for place in 0..self.seen.len() {
                self.look_at_disk(event, place, world, self.seen[place].settled);
            }
        } else if machine.is_some() && (record.flags & flag::PERSISTED != 0 || record.input == InputKind::Start) {
            self.look_at_disk(event, place, world, self.seen[place].settled);
        }
        self.look_at_process(event, place, world);
    }

    fn observe_everything(&mut self, event: u32, world: &World<MultiPaxos>) {
        for place in 0..self.seen.len() {
            self.look_at_disk(event, place, world, 0);
            self.seen[place].commit_index = 0;
        }
        for place in 0..self.seen.len() {
            self.look_at_process(event, place, world);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<MultiPaxos>) {
        self.findings.rewind(event);
        self.leaders.retain(|_, (_, seen)| *seen < event);
        for slot in &mut self.slots {
            slot.chosen.take_if(|(_, seen)| *seen >= event);
            slot.state.take_if(|(_, seen)| *seen >= event);
            for votes in &mut slot.votes {
                votes.acceptors.retain(|(_, seen)| *seen < event);
            }
            slot.votes.retain(|votes| !votes.acceptors.is_empty());
        }
        for (seen, machine) in self.seen.iter_mut().zip(world.replicas()) {
            let (process, on_disk) = (machine.process.as_ref(), machine.disk.durable.promised);
            *seen = Seen {
                wipes: machine.wipes(),
                promised: process.map_or(on_disk, MultiPaxos::promised),
                promised_on_disk: on_disk,
                leads: process.and_then(MultiPaxos::leads),
                commit_index: process.map_or(0, MultiPaxos::commit_index),
                last_applied: process.map_or(0, MultiPaxos::last_applied),
                settled: 0,
            };
        }
    }

    fn slots(&self, slots: RangeInclusive<Slot>, before: u32) -> Vec<SlotVotes> {
        let known = (1..).zip(&self.slots).skip(slots.start().saturating_sub(1) as usize);
        known.take_while(|(slot, _)| slot <= slots.end()).map(|(slot, known)| known.votes_before(slot, before)).collect()
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }
}

impl Watched for MultiPaxos {
    type Monitor = MultiPaxosMonitor;
}
