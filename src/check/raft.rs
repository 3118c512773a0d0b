//! Raft's safety properties (figure 3), and what follows from them, after every event.
//!
//! After an event only the process that handled it can have changed, so only it is looked at. What is known of the whole run is kept in
//! tables of *first sightings*: the leader of each term, the entry at each (index, term), the entry committed and the
//! state applied at each index. A second sighting that differs is a finding. Log Matching needs no comparison of whole logs: if
//! an index and a term always come with the same command *and the same term before it*, then by induction two logs that share
//! an entry are identical up to there.

use super::invariant::{Finding, Findings, Invariant, Monitor, Watched};
use super::passed::CarriedOut;
use super::raft_leaders::Leaders;
use crate::kv::Request;
use crate::process::{Fingerprint, Fingerprinter, NodeId, NodeSet};
use crate::raft::log::{Entry, Index, Payload, Term};
use crate::raft::{Raft, Role};
use crate::sim::trace::{InputKind, flag};
use crate::sim::{Trace, World};
use std::collections::BTreeMap;
use std::sync::Arc;

const ELECTION_SAFETY: usize = 0;
const LEADER_APPEND_ONLY: usize = 1;
const LOG_MATCHING: usize = 2;
const LEADER_COMPLETENESS: usize = 3;
const STATE_MACHINE_SAFETY: usize = 4;
const COMMITTED_ON_QUORUM: usize = 5;
const VOTES_KEPT: usize = 6;
const INDEXES_IN_ORDER: usize = 7;
const TRANSITIONS: usize = 8;
pub(super) const MATCH_INDEX_GROWS: usize = 9;
pub(super) const COMMITS_OWN_TERM: usize = 10;
pub(super) const LEADER_GRANTS_NO_VOTE: usize = 11;

const INVARIANTS: &[Invariant] = &[
    Invariant { name: "election-safety", text: "At most one leader is elected in a term.", source: "Raft, figure 3 and 5.2" },
    Invariant {
        name: "leader-append-only",
        text: "A leader never overwrites or deletes entries of its log; it only appends.",
        source: "Raft, figure 3 and 5.3",
    },
    Invariant {
        name: "log-matching",
        text: "Two logs that hold an entry of the same index and term are identical up to there.",
        source: "Raft, figure 3 and 5.3",
    },
    Invariant {
        name: "leader-completeness",
        text: "An entry that is committed in a term is in the logs of the leaders of all later terms.",
        source: "Raft, figure 3 and 5.4",
    },
    Invariant {
        name: "state-machine-safety",
        text: "No two servers apply different commands at the same index: their states are equal there.",
        source: "Raft, figure 3 and 5.4.3",
    },
    Invariant {
        name: "committed-on-quorum",
        text: "What a leader commits is on the disks of a majority, and stays committed.",
        source: "Raft, 5.3",
    },
    Invariant {
        name: "votes-kept",
        text: "A server's term never falls, and it votes once in a term, crash or no crash.",
        source: "Raft, 5.1, 5.2",
    },
    Invariant {
        name: "indexes-in-order",
        text: "Dropped, applied, committed and last index are in this order, and commit and applied index never fall.",
        source: "Raft, figure 2",
    },
    Invariant {
        name: "no-forbidden-transition",
        text: "No server finds itself in a transition that must not happen.",
        source: "Raft, figure 4",
    },
    Invariant {
        name: "match-index-grows",
        text: "What a leader knows to match in a follower's log never shrinks while it leads.",
        source: "Raft, figure 2: volatile state on leaders",
    },
    Invariant {
        name: "commits-own-term",
        text: "A leader commits by counting replicas only where the last entry is of its own term.",
        source: "Raft, 5.4.2 and figure 2",
    },
    Invariant {
        name: "leader-grants-no-vote",
        text: "A leader votes for nobody else in its term, and does not say that it would.",
        source: "Raft, 5.2; dissertation, 9.6",
    },
];

/// The first sighting of an entry.
#[derive(Clone, Debug)]
struct Sighting {
    event: u32,
    term: Term,
    prev_term: Term,
    payload: Arc<Payload>,
}

/// The first time that an entry was known to be committed.
#[derive(Clone, Copy, Debug)]
struct Committed {
    event: u32,
    /// The entry's term.
    term: Term,
    /// The term in which it was committed: leaders of later terms must have it.
    in_term: Term,
}

/// What a server was like after its last event.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// How often its disk was wiped.
    wipes: u32,
    term: Term,
    voted_for: Option<NodeId>,
    is_leader: bool,
    commit_index: Index,
    last_applied: Index,
    /// The term at each index, from 1; what lies behind a snapshot is not kept up.
    terms: Vec<Term>,
    /// The last index that its log had dropped.
    base_index: Index,
}

/// Watches a run of Raft.
#[derive(Clone, Debug)]
pub struct RaftMonitor {
    findings: Findings,
    seen: Vec<Seen>,
    leaders: BTreeMap<Term, (NodeId, u32)>,
    /// By index, from 1: the first entry seen there.
    entries: Vec<Option<Sighting>>,
    /// Further entries seen at an index, of other terms.
    other_entries: BTreeMap<(Index, Term), Sighting>,
    /// By index, from 1: what is committed there.
    committed: Vec<Option<Committed>>,
    /// By index, from 1: the hash of the state after it.
    states: Vec<Option<(u128, u32)>>,
    carried_out: CarriedOut,
    leads: Leaders,
    scratch: Fingerprinter,
}

/// The slot of an index in a table that begins with index 1.
fn slot<T>(table: &mut Vec<Option<T>>, index: Index) -> &mut Option<T> {
    let place = index.saturating_sub(1) as usize;
    if table.len() <= place {
        table.resize_with(place + 1, || None);
    }
    &mut table[place]
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

impl RaftMonitor {
    fn look(&mut self, event: u32, node: NodeId, world: &World<Raft>, persisted: bool) {
        if !world.is_honest(node) {
            return;
        }
        let Some(raft) = world.replicas().get(node.index()).and_then(|machine| machine.process.as_ref()) else { return };
        let is_leader = matches!(raft.role_state(), Role::Leader(_));
        let was = &self.seen[node.index()];
        let new_leader = is_leader && (!was.is_leader || was.term != raft.current_term());
        let same_leader = is_leader && !new_leader;
        self.check_votes(event, node, raft);
        if new_leader {
            self.check_new_leader(event, node, raft);
        }
        if persisted {
            self.check_log(event, node, raft, same_leader);
        }
        self.check_order(event, node, raft);
        if raft.commit_index() > self.seen[node.index()].commit_index {
            self.check_commit(event, node, raft, is_leader, world);
        }
        if raft.last_applied() > self.seen[node.index()].last_applied {
            self.check_state(event, node, raft);
            if !world.adversary().ever().is_empty() {
                self.note_carried_out(event, node, raft);
            }
        }
        let seen = &mut self.seen[node.index()];
        seen.term = raft.current_term();
        seen.voted_for = raft.durable().voted_for;
        seen.is_leader = is_leader;
        seen.commit_index = raft.commit_index();
        seen.last_applied = raft.last_applied();
    }

    fn check_votes(&mut self, event: u32, node: NodeId, raft: &Raft) {
        let seen = &self.seen[node.index()];
        let (term, voted_for) = (raft.current_term(), raft.durable().voted_for);
        if term < seen.term {
            let was = seen.term;
            self.findings.note(VOTES_KEPT, event, || format!("{} was in term {was} and is in term {term} now", name(node)));
        } else if term == seen.term && seen.voted_for.is_some() && voted_for != seen.voted_for {
            self.findings.note(VOTES_KEPT, event, || format!("{} has changed or forgotten its vote in term {term}", name(node)));
        }
    }

    /// Election Safety, and Leader Completeness for what is committed already.
    fn check_new_leader(&mut self, event: u32, node: NodeId, raft: &Raft) {
        let term = raft.current_term();
        let (first, _) = *self.leaders.entry(term).or_insert((node, event));
        if first != node {
            self.findings.note(ELECTION_SAFETY, event, || format!("{} and {} both lead term {term}", name(first), name(node)));
        }
        let base = raft.log().base_index();
        for (place, committed) in self.committed.iter().enumerate().skip(base as usize) {
            let index = place as u64 + 1;
            if let Some(committed) = committed.filter(|committed| committed.in_term < term)
                && raft.log().term_at(index) != Some(committed.term)
            {
                self.findings.note(LEADER_COMPLETENESS, event, || {
                    let Committed { term: of, in_term, .. } = committed;
                    format!("{} leads term {term} without entry {index} of term {of}, which was committed in term {in_term}", name(node))
                });
                return;
            }
        }
    }

    /// Leader Append-Only, and Log Matching for entries that are new in this log.
    fn check_log(&mut self, event: u32, node: NodeId, raft: &Raft, same_leader: bool) {
        let log = raft.log();
        let seen = &mut self.seen[node.index()];
        let kept = (seen.terms.len() as u64).min(log.last_index());
        let mut first_new = log.last_index() + 1;
        while first_new > log.base_index() + 1 {
            let index = first_new - 1;
            if index <= kept && log.term_at(index) == seen.terms.get(index as usize - 1).copied() {
                break;
            }
            first_new = index;
        }
        if same_leader && first_new <= seen.terms.len() as u64 {
            self.findings.note(LEADER_APPEND_ONLY, event, || format!("{} leads and has changed its entry {first_new}", name(node)));
        }
        let base_moved = std::mem::replace(&mut seen.base_index, log.base_index()) != log.base_index();
        seen.terms.resize(first_new as usize - 1, 0);
        for entry in log.slice(first_new, log.last_index()) {
            seen.terms.push(entry.term);
        }
        for (place, entry) in log.slice(first_new, log.last_index()).iter().enumerate() {
            let index = first_new + place as u64;
            self.check_entry(event, node, index, entry, log.term_at(index - 1).unwrap_or_default());
        }
        // A snapshot may have put another term before an entry that is not new.
        if let Some(entry) = log.get(log.base_index() + 1).filter(|_| base_moved && first_new > log.base_index() + 1) {
            self.check_entry(event, node, log.base_index() + 1, entry, log.term_at(log.base_index()).unwrap_or_default());
        }
    }

    fn check_entry(&mut self, event: u32, node: NodeId, index: Index, entry: &Entry, prev_term: Term) {
        let sighting = || Sighting { event, term: entry.term, prev_term, payload: entry.payload.clone() };
        let first = slot(&mut self.entries, index).get_or_insert_with(sighting);
        let known = if first.term == entry.term { first } else { self.other_entries.entry((index, entry.term)).or_insert_with(sighting) };
        let same_command = Arc::ptr_eq(&known.payload, &entry.payload) || known.payload == entry.payload;
        if !same_command || known.prev_term != prev_term {
            self.findings.note(LOG_MATCHING, event, || {
                format!("{} holds another entry {index} of term {} than others, or others before it", name(node), entry.term)
            });
        }
    }

    fn check_order(&mut self, event: u32, node: NodeId, raft: &Raft) {
        let seen = &self.seen[node.index()];
        let (base, applied) = (raft.log().base_index(), raft.last_applied());
        let (commit, last) = (raft.commit_index(), raft.log().last_index());
        if base > applied || applied > commit || commit > last {
            self.findings.note(INDEXES_IN_ORDER, event, || {
                format!("{}: dropped to {base}, applied to {applied}, committed to {commit}, last {last}", name(node))
            });
        }
        if commit < seen.commit_index || applied < seen.last_applied {
            self.findings.note(INDEXES_IN_ORDER, event, || format!("{}: commit or applied index fell to {commit}, {applied}", name(node)));
        }
    }

    /// What is committed is committed once, on a majority of disks, and in the logs of later leaders.
    fn check_commit(&mut self, event: u32, node: NodeId, raft: &Raft, is_leader: bool, world: &World<Raft>) {
        let (from, to) = (self.seen[node.index()].commit_index + 1, raft.commit_index());
        for index in from.max(raft.log().base_index() + 1)..=to {
            let Some(term) = raft.log().term_at(index) else { continue };
            let known = slot(&mut self.committed, index);
            match *known {
                Some(committed) if committed.term != term => {
                    self.findings.note(STATE_MACHINE_SAFETY, event, || {
                        let of = committed.term;
                        format!("{} commits entry {index} of term {term}; of term {of} it is committed already", name(node))
                    });
                }
                Some(_) => {}
                None => {
                    *known = Some(Committed { event, term, in_term: raft.current_term() });
                    self.check_later_leaders(event, index, term, raft.current_term(), world);
                }
            }
        }
        if is_leader {
            self.check_quorum(event, node, to, raft.log().term_at(to), world);
        }
    }

    fn check_later_leaders(&mut self, event: u32, index: Index, term: Term, commit_term: Term, world: &World<Raft>) {
        for (place, machine) in world.replicas().iter().enumerate() {
            let Some(other) = machine.process.as_ref().filter(|other| other.current_term() > commit_term) else { continue };
            if !matches!(other.role_state(), Role::Leader(_)) || index <= other.log().base_index() {
                continue;
            }
            if other.log().term_at(index) != Some(term) {
                let leads = other.current_term();
                self.findings.note(LEADER_COMPLETENESS, event, || {
                    format!("entry {index} of term {term} is committed, and n{} leads term {leads} without it", place + 1)
                });
            }
        }
    }

    fn check_quorum(&mut self, event: u32, node: NodeId, index: Index, term: Option<Term>, world: &World<Raft>) {
        let holds = |log: &crate::raft::log::Log| index <= log.base_index() || (term.is_some() && log.term_at(index) == term);
        let copies = world.replicas().iter().filter(|machine| holds(&machine.disk.durable.log)).count();
        if copies * 2 <= world.replicas().len() {
            self.findings.note(COMMITTED_ON_QUORUM, event, || {
                format!("{} commits entry {index}, which is on {copies} of {} disks", name(node), world.replicas().len())
            });
        }
    }

    fn check_state(&mut self, event: u32, node: NodeId, raft: &Raft) {
        self.scratch.clear();
        raft.store().fingerprint(&mut self.scratch);
        let hash = self.scratch.finish();
        let index = raft.last_applied();
        let (known, _) = *slot(&mut self.states, index).get_or_insert((hash, event));
        if known != hash {
            self.findings.note(STATE_MACHINE_SAFETY, event, || {
                format!("{} has applied up to entry {index}, and its state differs from another's there", name(node))
            });
        }
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

    /// A process has booted, or its disk was wiped: what was volatile begins anew.
    fn forget_volatile(&mut self, node: NodeId, world: &World<Raft>) {
        let Some(machine) = world.replicas().get(node.index()) else { return };
        let seen = &mut self.seen[node.index()];
        let durable = &machine.disk.durable;
        if machine.wipes() > seen.wipes {
            *seen = Seen { wipes: machine.wipes(), ..Seen::default() };
        }
        if machine.process.is_none() && world.setup().flushes_take_time() {
            // What was on its way to the disk was promised to nobody, and may be forgotten.
            seen.term = durable.current_term;
            seen.voted_for = durable.voted_for;
        }
        seen.is_leader = false;
        seen.commit_index = 0;
        seen.last_applied = 0;
        // What is on its disk it carries out again.
        self.carried_out.forget(node);
    }
}

impl Monitor<Raft> for RaftMonitor {
    const INVARIANTS: &'static [Invariant] = INVARIANTS;

    fn new(replicas: u16) -> Self {
        Self {
            findings: Findings::new(INVARIANTS),
            seen: vec![Seen::default(); usize::from(replicas)],
            leaders: BTreeMap::new(),
            entries: Vec::new(),
            other_entries: BTreeMap::new(),
            committed: Vec::new(),
            states: Vec::new(),
            carried_out: CarriedOut::default(),
            leads: Leaders::new(replicas),
            scratch: Fingerprinter::new(),
        }
    }

    fn observe(&mut self, event: u32, world: &World<Raft>, trace: &Trace<Raft>) {
        let Some(record) = trace.events.get(event as usize) else { return };
        let node = NodeId(record.node);
        if node.index() >= self.seen.len() {
            return;
        }
        let is_down = world.replicas().get(node.index()).is_some_and(|machine| machine.process.is_none());
        let boots = is_down || record.input == InputKind::Start;
        if boots {
            self.forget_volatile(node, world);
        }
        if record.flags & flag::VIOLATION != 0 {
            let sentence = trace.violation_at(event).unwrap_or_default();
            self.findings.note(TRANSITIONS, event, || format!("{}: {sentence}", name(node)));
        }
        self.look(event, node, world, boots || record.flags & flag::PERSISTED != 0);
        self.leads.look(event, node, world, trace, &mut self.findings);
    }

    fn observe_everything(&mut self, event: u32, world: &World<Raft>) {
        for (place, machine) in world.replicas().iter().enumerate() {
            let Some(raft) = &machine.process else { continue };
            for (index, entry) in raft.log().iter() {
                self.check_entry(event, NodeId(place as u16), index, entry, raft.log().term_at(index - 1).unwrap_or_default());
            }
            self.look(event, NodeId(place as u16), world, true);
        }
    }

    fn rewind(&mut self, event: u32, world: &World<Raft>) {
        self.findings.rewind(event);
        self.carried_out.rewind(event);
        self.leads.rewind(world);
        self.leaders.retain(|_, (_, seen)| *seen < event);
        self.other_entries.retain(|_, sighting| sighting.event < event);
        for slot in &mut self.entries {
            slot.take_if(|sighting| sighting.event >= event);
        }
        for slot in &mut self.committed {
            slot.take_if(|committed| committed.event >= event);
        }
        for slot in &mut self.states {
            slot.take_if(|(_, seen)| *seen >= event);
        }
        for (seen, machine) in self.seen.iter_mut().zip(world.replicas()) {
            let durable = machine.process.as_ref().map_or(&machine.disk.durable, Raft::durable);
            let mut terms = vec![0; durable.log.base_index() as usize];
            terms.extend(durable.log.iter().map(|(_, entry)| entry.term));
            *seen = Seen {
                wipes: machine.wipes(),
                term: durable.current_term,
                voted_for: durable.voted_for,
                is_leader: machine.process.as_ref().is_some_and(|raft| matches!(raft.role_state(), Role::Leader(_))),
                commit_index: machine.process.as_ref().map_or(0, Raft::commit_index),
                last_applied: machine.process.as_ref().map_or(0, Raft::last_applied),
                terms,
                base_index: durable.log.base_index(),
            };
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.findings.list()
    }

    fn gone_past(&self, request: &Request, before: u32) -> NodeSet {
        self.carried_out.past(request, before)
    }
}

impl Watched for Raft {
    type Monitor = RaftMonitor;
}
