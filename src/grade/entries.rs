//! Goals about the log in Raft: entries that vanish, and entries that must not.

use super::{Goal, Limits, Moment, Seen, Shown, Watch, play};
use crate::kv::Command;
use crate::process::{NodeId, NodeSet};
use crate::raft::log::{Index, Log, Payload, Term};
use crate::raft::{Raft, Rule};
use crate::run::Run;
use crate::sim::trace::flag;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const MINORITY_WRITE: Goal = Goal {
    name: "minority-write-vanishes",
    title: "Make the minority's write disappear after healing",
    statement: "A leader that is cut off from a majority takes a client's write into its log. After the network has healed the entry is overwritten, and the \
                write never takes effect, then or later.",
    source: "Raft, 5.3 and figure 7",
    protocol: "raft",
    limits: Limits::sound(3),
    play: play::<Raft, MinorityWrite>,
};

pub(super) const SNAPSHOT: Goal = Goal {
    name: "catch-up-by-snapshot",
    title: "Catch up by snapshot",
    statement: "A follower falls so far behind that its leader has dropped the entries that it needs: it installs the leader's snapshot.",
    source: "Raft, 7",
    protocol: "raft",
    limits: Limits::sound(3),
    play: play::<Raft, CaughtUp>,
};

pub(super) const FIGURE_8: Goal = Goal {
    name: "figure-8",
    title: "Overwrite what a majority holds",
    statement: "An entry is on the disks of a majority, and is overwritten all the same: a leader of a later term had copied it there, but had committed nothing \
                of its own term. That is why counting replicas does not commit an entry of an old term.",
    source: "Raft, 5.4.2 and figure 8",
    protocol: "raft",
    limits: Limits::sound(3),
    play: play::<Raft, Figure8>,
};

pub(super) const COMMITTED_ENTRY_LOST: Goal = Goal {
    name: "lose-a-committed-entry",
    title: "Lose a committed entry with one rule less",
    statement: "Switch one rule of voting or counting off, and have a leader elected that lacks an entry which was committed before.",
    source: "Raft, 5.4",
    protocol: "raft",
    limits: Limits {
        mutations: &["election-restriction-off", "longer-log-wins", "old-term-committed", "commit-quorum-too-small", "vote-not-durable"],
        replicas_min: 3,
        crashes_max: None,
        liars_max: 0,
    },
    play: play::<Raft, CommittedEntryLost>,
};

/// A write that a leader took while it was cut off.
struct Taken {
    node: NodeId,
    index: Index,
    term: Term,
    client: NodeId,
    sequence: u64,
    command: Command,
    event: u32,
    overwritten: Option<u32>,
}

#[derive(Default)]
struct MinorityWrite {
    taken: Vec<Taken>,
    /// The requests whose entries some server knows to be committed, or whose clients were told so, by client and number.
    committed: BTreeSet<(NodeId, u64)>,
    /// How far each server's commit index was looked at.
    looked_at: BTreeMap<NodeId, Index>,
}

impl Watch<Raft> for MinorityWrite {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        self.committed.extend(moment.told_of_effect());
        let Some(process) = moment.process() else { return };
        let node = moment.node();
        if moment.record.flags & flag::DECIDED != 0 {
            let since = self.looked_at.insert(node, process.commit_index()).unwrap_or(0);
            // A server that was started again looks at all that it has once more.
            for entry in process.log().slice(since.min(process.commit_index()) + 1, process.commit_index()) {
                if let Payload::Command(request) = &*entry.payload {
                    self.committed.insert((request.client, request.sequence));
                }
            }
            // What went into a snapshot at once, the client's session knows.
            let store = process.store();
            let applied = self.taken.iter().filter(|taken| store.answered(taken.client, taken.sequence).is_some());
            self.committed.extend(applied.map(|taken| (taken.client, taken.sequence)));
        }
        for taken in self.taken.iter_mut().filter(|taken| taken.node == node && taken.overwritten.is_none()) {
            let is_gone = if taken.index <= process.log().base_index() {
                // It is in a snapshot, or another entry is. What was applied, the client's session knows.
                !process.store().is_past(taken.client, taken.sequence)
            } else {
                process.log().get(taken.index).is_none_or(|entry| entry.term != taken.term)
            };
            if is_gone {
                taken.overwritten = Some(moment.event);
            }
        }
        if moment.fired(Rule::CommandAppended) && !moment.reaches_majority(node) {
            let index = process.log().last_index();
            let Some(entry) = process.log().get(index) else { return };
            if let Payload::Command(request) = &*entry.payload {
                self.taken.push(Taken {
                    node,
                    index,
                    term: entry.term,
                    client: request.client,
                    sequence: request.sequence,
                    command: request.command.clone(),
                    event: moment.event,
                    overwritten: None,
                });
            }
        }
    }

    fn conclude(self, run: &mut Run<Raft>) -> Seen {
        let name = |node| run.simulation().world().name(node);
        let vanished = |taken: &&Taken| taken.overwritten.is_some() && !self.committed.contains(&(taken.client, taken.sequence));
        if let Some(taken) = self.taken.iter().find(vanished) {
            let event = taken.overwritten.unwrap_or(taken.event);
            let (node, client) = (name(taken.node), name(taken.client));
            let sentence = format!(
                "{node} took {client}'s {} at index {} while it was cut off (event {}); it was overwritten, and never took effect",
                taken.command, taken.index, taken.event
            );
            return Ok(Shown { event, sentence });
        }
        let Some(last) = self.taken.last() else {
            return Err("no leader took a write while it was cut off from a majority".to_owned());
        };
        let what = format!("{} took {} while it was cut off (event {})", name(last.node), last.command, last.event);
        Err(if last.overwritten.is_none() {
            format!("{what}, and still has it: let the network heal, and the run go on")
        } else {
            format!("{what}, and it was overwritten there, but it was committed all the same: its client had asked another leader")
        })
    }
}

#[derive(Default)]
struct CaughtUp {
    sent: bool,
    shown: Option<Shown>,
}

impl Watch<Raft> for CaughtUp {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        self.sent |= moment.fired(Rule::SnapshotSent);
        if self.shown.is_none() && moment.fired(Rule::SnapshotInstalled) {
            let index = moment.process().map_or(0, |process| process.log().base_index());
            let sentence =
                format!("{} installs a snapshot that covers what its log lacks, up to index {index}", moment.name(moment.node()));
            self.shown = Some(Shown { event: moment.event, sentence });
        }
    }

    fn conclude(self, _: &mut Run<Raft>) -> Seen {
        let missing = if self.sent { "a snapshot was sent, but none was installed" } else { "no leader had to send a snapshot" };
        self.shown.ok_or_else(|| missing.to_owned())
    }
}

/// What tells whether a log has changed: base, last index, last term.
type Ends = (Index, Index, Term);

/// One disk's log, as it was when it was looked at last.
#[derive(Default)]
struct Disk {
    ends: Ends,
    terms: BTreeMap<Index, Term>,
}

#[derive(Default)]
struct Figure8 {
    disks: Vec<Disk>,
    /// The disks that hold an entry, by index and term.
    holders: BTreeMap<(Index, Term), NodeSet>,
    /// Entries that a majority held, each with the first event after which it did.
    on_majority: BTreeMap<(Index, Term), u32>,
    shown: Option<Shown>,
}

impl Figure8 {
    fn look_at(&mut self, moment: &Moment<'_, Raft>, place: usize, log: &Log) {
        let node = NodeId(place as u16);
        let disk = &mut self.disks[place];
        disk.ends = (log.base_index(), log.last_index(), log.last_term());
        let terms: BTreeMap<Index, Term> = log.iter().map(|(index, entry)| (index, entry.term)).collect();
        for (&index, &term) in &disk.terms {
            if terms.get(&index) == Some(&term) || index <= log.base_index() {
                continue;
            }
            if let Some(holders) = self.holders.get_mut(&(index, term)) {
                holders.remove(node);
            }
            let replaced_by = terms.get(&index);
            if let (Some(since), Some(by), None) = (self.on_majority.get(&(index, term)), replaced_by, &self.shown) {
                let sentence = format!(
                    "the entry of term {term} at index {index} was on a majority's disks (event {since}), and {} has one of term {by} there now",
                    moment.name(node)
                );
                self.shown = Some(Shown { event: moment.event, sentence });
            }
        }
        for (&index, &term) in &terms {
            let holders = self.holders.entry((index, term)).or_default();
            if holders.insert(node) && holders.len() >= moment.majority() {
                self.on_majority.entry((index, term)).or_insert(moment.event);
            }
        }
        self.disks[place].terms = terms;
    }
}

impl Watch<Raft> for Figure8 {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        let machines = moment.run.simulation().world().replicas();
        self.disks.resize_with(machines.len(), Disk::default);
        // A flush ends between two events, so any disk may have changed.
        for (place, machine) in machines.iter().enumerate() {
            let log = &machine.disk.durable.log;
            if self.disks[place].ends != (log.base_index(), log.last_index(), log.last_term()) {
                self.look_at(moment, place, log);
            }
        }
    }

    fn conclude(self, run: &mut Run<Raft>) -> Seen {
        let commit_index = run.simulation().world().replicas().iter().filter_map(|machine| machine.process.as_ref());
        let committed = commit_index.map(Raft::commit_index).max().unwrap_or(0);
        let open = self.on_majority.keys().find(|(index, _)| *index > committed);
        self.shown.ok_or_else(|| match open {
            Some((index, term)) => format!("a majority holds the entry of term {term} at index {index}, and nobody has overwritten it yet"),
            None => "no entry was overwritten that a majority held".to_owned(),
        })
    }
}

#[derive(Default)]
struct CommittedEntryLost;

impl Watch<Raft> for CommittedEntryLost {
    fn observe(&mut self, _: &Moment<'_, Raft>) {}

    fn conclude(self, run: &mut Run<Raft>) -> Seen {
        let findings = run.findings_at_end();
        let lost = findings.into_iter().find(|finding| finding.invariant.name == "leader-completeness");
        lost.map(|finding| Shown { event: finding.event, sentence: finding.sentence })
            .ok_or_else(|| "every leader had all that was committed before its term".to_owned())
    }
}
