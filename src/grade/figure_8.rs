//! Figure 8 of the Raft paper: an entry that a majority holds, and that is overwritten all the same.

use super::{Goal, Limits, Moment, Seen, Shown, Watch, play};
use crate::process::{NodeId, NodeSet};
use crate::raft::Raft;
use crate::raft::log::{Index, Log, Term};
use crate::run::Run;
use std::collections::BTreeMap;

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
    fn look_at(&mut self, moment: &Moment<'_, Raft>, ordinal: usize, log: &Log) {
        let node = NodeId(ordinal as u16);
        let disk = &mut self.disks[ordinal];
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
        self.disks[ordinal].terms = terms;
    }
}

impl Watch<Raft> for Figure8 {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        let machines = moment.run.simulation().world().replicas();
        self.disks.resize_with(machines.len(), Disk::default);
        // A flush ends between two events, so any disk may have changed.
        for (index, machine) in machines.iter().enumerate() {
            let log = &machine.disk.durable.log;
            if self.disks[index].ends != (log.base_index(), log.last_index(), log.last_term()) {
                self.look_at(moment, index, log);
            }
        }
    }

    fn conclude(self, run: &mut Run<Raft>) -> Seen {
        let commit_index = run.simulation().world().replicas().iter().filter_map(|machine| machine.process.as_ref());
        let committed = commit_index.map(Raft::commit_index).max().unwrap_or(0);
        let open = self.on_majority.keys().find(|(index, _)| *index > committed);
        self.shown.ok_or_else(|| match open {
            Some((index, term)) => {
                format!("a majority holds the entry of term {term} at index {index}, and nobody has overwritten it yet")
            }
            None => "no entry was overwritten that a majority held".to_owned(),
        })
    }
}
