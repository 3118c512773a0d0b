//! Goals about the log in Raft: entries that vanish, and entries that must not.

use super::{Goal, Limits, Moment, Seen, Shown, Watch, play};
use crate::kv::{ClientReport, Command};
use crate::process::NodeId;
use crate::raft::log::{Index, Log, Payload, Term};
use crate::raft::{Message, Raft, Rule};
use crate::run::Run;
use crate::sim::trace::flag;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const MINORITY_WRITE: Goal = Goal {
    name: "minority-write-vanishes",
    title: "Make the minority's write disappear after healing",
    statement: "A leader that is cut off from a majority takes a client's write into its log. After the network has healed the entry is overwritten, and the \
                write never takes effect, then or later: its client has given it up, and nobody holds it or is about to get it.",
    source: "Raft, 5.3 and figure 7",
    protocol: "raft",
    limits: Limits::sound(3),
    play: play::<Raft, MinorityWrite>,
};

pub(super) const SNAPSHOT: Goal = Goal {
    name: "catch-up-by-snapshot",
    title: "Catch up by snapshot",
    statement: "A follower falls so far behind that its leader has dropped the entries that it lacks: it installs the leader's snapshot, and has it on disk.",
    source: "Raft, 7",
    protocol: "raft",
    limits: Limits::sound(3),
    play: play::<Raft, CaughtUp>,
};

pub(super) const COMMITTED_ENTRY_LOST: Goal = Goal {
    name: "lose-a-committed-entry",
    title: "Lose a committed entry with one rule less",
    statement: "Switch one rule of voting or counting off, and have a leader elected that lacks an entry which was committed before.",
    source: "Raft, 5.4",
    protocol: "raft",
    limits: Limits {
        mutations: &[
            "election-restriction-off",
            "longer-log-wins",
            "old-term-committed",
            "commit-quorum-too-small",
            "vote-not-durable",
        ],
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
    /// When a leader of a majority put something else in its place.
    overwritten: Option<u32>,
    /// Its server has lost it in another way: in a crash, before it was on disk.
    is_forgotten: bool,
}

#[derive(Default)]
struct MinorityWrite {
    taken: Vec<Taken>,
    /// Requests that their clients have given up, or had answered, by client and number.
    ended: BTreeSet<(NodeId, u64)>,
    /// Requests on their way, by client and number.
    on_their_way: BTreeMap<(NodeId, u64), BTreeSet<u32>>,
    /// How many messages, and ends of messages, were looked at.
    followed: (usize, usize),
    /// The requests whose entries some server knows to be committed, or whose clients were told so, by client and
    /// number.
    committed: BTreeSet<(NodeId, u64)>,
    /// How far each server's commit index was looked at.
    looked_at: BTreeMap<NodeId, Index>,
}

/// Whether a log has the request, committed or not.
fn holds(log: &Log, client: NodeId, sequence: u64) -> bool {
    log.iter()
        .any(|(_, entry)| matches!(&*entry.payload, Payload::Command(request) if (request.client, request.sequence) == (client, sequence)))
}

impl MinorityWrite {
    /// Keeps up which requests are on their way.
    fn follow_requests(&mut self, run: &Run<Raft>) {
        let trace = run.simulation().trace();
        let (messages, ends) = std::mem::replace(&mut self.followed, (trace.messages.len(), trace.resolutions.len()));
        let request_of = |message: usize| match trace.messages.get(message).map(|message| &message.body) {
            Some(Message::Request(request)) => Some((request.client, request.sequence)),
            _ => None,
        };
        for message in messages..trace.messages.len() {
            if let Some(request) = request_of(message) {
                self.on_their_way.entry(request).or_default().insert(message as u32);
            }
        }
        for end in trace.resolutions.iter().skip(ends) {
            if let Some(request) = request_of(end.message as usize) {
                self.on_their_way.entry(request).or_default().remove(&end.message);
            }
        }
    }

    /// Whether a write that was overwritten may take effect in spite of that: somebody asks for it, has it, or is about
    /// to get it.
    fn may_take_effect(&self, taken: &Taken, run: &Run<Raft>) -> bool {
        let world = run.simulation().world();
        let of = (taken.client, taken.sequence);
        !self.ended.contains(&of)
            || self.on_their_way.get(&of).is_some_and(|messages| !messages.is_empty())
            || world.replicas().iter().any(|machine| {
                let log = machine.process.as_ref().map(Raft::log);
                log.into_iter().chain([&machine.disk.durable.log]).any(|log| holds(log, taken.client, taken.sequence))
            })
    }

    /// Writes that were overwritten, and have not taken effect so far.
    fn vanished(&self) -> impl Iterator<Item = &Taken> {
        self.taken
            .iter()
            .filter(|taken| taken.overwritten.is_some() && !self.committed.contains(&(taken.client, taken.sequence)))
    }
}

impl Watch<Raft> for MinorityWrite {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        self.follow_requests(moment.run);
        self.committed.extend(moment.told_of_effect());
        self.ended.extend(moment.reports().into_iter().filter_map(|record| match record.report {
            ClientReport::Completed { sequence, .. } => Some((record.client, sequence)),
            ClientReport::Invoked { .. } => None,
        }));
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
        // A leader that a majority follows has put something else there: what a crash has lost was not overwritten.
        let is_overwritten = (moment.fired(Rule::ConflictTruncated) || moment.fired(Rule::SnapshotInstalled))
            && moment.reaches_majority(node);
        let lasts = |taken: &&mut Taken| taken.node == node && taken.overwritten.is_none() && !taken.is_forgotten;
        for taken in self.taken.iter_mut().filter(lasts) {
            let is_gone = if taken.index <= process.log().base_index() {
                // It is in a snapshot, or another entry is. What was applied, the client's session knows.
                !process.store().is_past(taken.client, taken.sequence)
            } else {
                process.log().get(taken.index).is_none_or(|entry| entry.term != taken.term)
            };
            if is_gone && is_overwritten {
                taken.overwritten = Some(moment.event);
            } else if is_gone {
                taken.is_forgotten = true;
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
                    is_forgotten: false,
                });
            }
        }
    }

    fn is_open(&self, run: &Run<Raft>) -> bool {
        self.vanished().any(|taken| self.may_take_effect(taken, run))
    }

    fn conclude(self, run: &mut Run<Raft>) -> Seen {
        let name = |node| run.simulation().world().name(node);
        if let Some(taken) = self.vanished().find(|taken| !self.may_take_effect(taken, run)) {
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
        Err(if self.vanished().next().is_some() {
            format!(
                "{what}, and it was overwritten there, but it may still take effect: somebody has it, or asks for it"
            )
        } else if last.is_forgotten {
            format!("{what}, and lost it, but no leader of a majority has overwritten it")
        } else if last.overwritten.is_none() {
            format!("{what}, and still has it: let the network heal, and the run go on")
        } else {
            format!(
                "{what}, and it was overwritten there, but it was committed all the same: its client had asked another leader"
            )
        })
    }
}

#[derive(Default)]
struct CaughtUp {
    sent: bool,
    /// The last index of each server's log after the event before, while it is up.
    last_indexes: Vec<Option<Index>>,
    /// Snapshots that cover what their followers lacked, up to an index: they count once they are on disk.
    installed: BTreeMap<NodeId, Index>,
    /// A snapshot was installed by a follower that had it all.
    was_of_no_use: bool,
    shown: Option<Shown>,
}

impl Watch<Raft> for CaughtUp {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        self.sent |= moment.fired(Rule::SnapshotSent);
        let machines = moment.run.simulation().world().replicas();
        let node = moment.node();
        if moment.fired(Rule::SnapshotInstalled) {
            let index = moment.process().map_or(0, |process| process.log().base_index());
            let had = self.last_indexes.get(node.index()).copied().flatten();
            if had.is_some_and(|had| had < index) {
                self.installed.insert(node, index);
            } else {
                self.was_of_no_use = true;
            }
        }
        if let Some((&node, &index)) =
            self.installed.iter().find(|(node, index)| machines[node.index()].disk.durable.log.base_index() >= **index)
            && self.shown.is_none()
        {
            let sentence = format!(
                "{} installs a snapshot that covers what its log lacks, up to index {index}",
                moment.name(node)
            );
            self.shown = Some(Shown { event: moment.event, sentence });
        }
        if machines.get(node.index()).is_some_and(|machine| machine.process.is_none()) {
            self.installed.remove(&node);
        }
        self.last_indexes =
            machines.iter().map(|machine| machine.process.as_ref().map(|process| process.log().last_index())).collect();
    }

    fn conclude(self, _: &mut Run<Raft>) -> Seen {
        let missing = match (self.sent, self.installed.is_empty(), self.was_of_no_use) {
            (_, false, _) => "a snapshot was installed, and is not on its follower's disk yet",
            (_, _, true) => "a snapshot was installed, but its follower had all the entries that it covers",
            (true, ..) => "a snapshot was sent, but none was installed",
            (false, ..) => "no leader had to send a snapshot",
        };
        self.shown.ok_or_else(|| missing.to_owned())
    }
}

#[derive(Default)]
struct CommittedEntryLost {
    /// For each index that somebody knew to be committed: the entry's term, and the term in which it was first known.
    committed: BTreeMap<Index, (Term, Term)>,
    /// How far each server's commit index was looked at.
    looked_at: BTreeMap<NodeId, Index>,
    shown: Option<Shown>,
}

impl Watch<Raft> for CommittedEntryLost {
    fn observe(&mut self, moment: &Moment<'_, Raft>) {
        let Some(process) = moment.process() else { return };
        let (node, log, term) = (moment.node(), process.log(), process.current_term());
        if moment.fired(Rule::BecameLeader) && self.shown.is_none() {
            let lacks = |(index, (of, in_term)): &(&Index, &(Term, Term))| {
                **index > log.base_index() && *in_term < term && log.term_at(**index) != Some(*of)
            };
            if let Some((index, (of, in_term))) = self.committed.iter().find(lacks) {
                let leader = moment.name(node);
                let sentence = format!(
                    "{leader} leads term {term} without entry {index} of term {of}, which was committed in term {in_term}"
                );
                self.shown = Some(Shown { event: moment.event, sentence });
            }
        }
        let commit_index = process.commit_index();
        let since = self.looked_at.insert(node, commit_index).unwrap_or(0);
        for index in since.max(log.base_index()) + 1..=commit_index {
            if let Some(of) = log.term_at(index) {
                self.committed.entry(index).or_insert((of, term));
            }
        }
    }

    fn conclude(self, _: &mut Run<Raft>) -> Seen {
        self.shown.ok_or_else(|| "every leader had all that was committed before its term".to_owned())
    }
}
