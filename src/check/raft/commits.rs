//! Who leads and what is committed: Election Safety, Leader Completeness, State Machine Safety, and majorities that
//! have acknowledged.
//!
//! A leader may commit what a majority *has acknowledged* in its term (section 5.3). What the followers' disks hold at
//! that moment is another matter: one may hold an entry and not have said so yet, and one may have been wiped since.

use super::kept::{Forgotten, excuse, vote_given, with_forgotten};
use super::logs::Outline;
use super::{COMMITTED_ON_QUORUM, ELECTION_SAFETY, LEADER_COMPLETENESS, RaftMonitor, STATE_MACHINE_SAFETY, name, slot};
use crate::check::invariant::Found;
use crate::process::{Fingerprint as _, NodeId};
use crate::raft::Raft;
use crate::raft::log::{Index, Term};
use crate::sim::World;

/// The first time that an entry was known to be committed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Committed {
    pub event: u32,
    by: NodeId,
    /// The entry's term.
    term: Term,
    /// The term in which it was committed: leaders of later terms must have it.
    in_term: Term,
}

/// A server that leads a term, as it was when it was elected.
#[derive(Clone, Debug)]
pub(super) struct Led {
    pub event: u32,
    pub log: Outline,
}

impl Committed {
    pub(super) fn by(&self) -> NodeId {
        self.by
    }

    pub(super) fn term(&self) -> Term {
        self.term
    }
}

impl RaftMonitor {
    /// Election Safety, and Leader Completeness for what is committed already.
    pub(super) fn check_new_leader(&mut self, event: u32, node: NodeId, raft: &Raft) {
        let term = raft.current_term();
        let first =
            self.leaders.range((term, NodeId(0))..=(term, NodeId(u16::MAX))).find(|((_, other), _)| *other != node);
        let first = first.map(|((_, other), led)| (*other, led.event));
        self.leaders.entry((term, node)).or_insert_with(|| Led { event, log: Outline::of(raft.log()) });
        if let Some(first) = first {
            self.found(ELECTION_SAFETY, event, |monitor| monitor.two_leaders(term, first, (node, event)));
        }
        let base = raft.log().base_index();
        for (position, committed) in self.committed.iter().enumerate().skip(base as usize) {
            let index = position as u64 + 1;
            if let Some(committed) = committed.filter(|committed| committed.in_term < term)
                && raft.log().term_at(index) != Some(committed.term)
            {
                self.found(LEADER_COMPLETENESS, event, |monitor| {
                    monitor.lacks_committed((term, node), event, index, committed)
                });
                return;
            }
        }
    }

    /// Two leaders of one term, and why: those who voted for both come first.
    fn two_leaders(&self, term: Term, one: (NodeId, u32), other: (NodeId, u32)) -> Found {
        let leads = |(leader, _): (NodeId, u32)| format!("{} becomes the leader of term {term}", name(leader));
        let servers = || (0..self.said.len()).map(|ordinal| NodeId(ordinal as u16));
        let votes = |server: NodeId| [one.0, other.0].map(|leader| self.said[server.index()].vote_for(leader, term));
        let torn = servers().find_map(|server| match votes(server) {
            [Some(a), Some(b)] => Some((server, a.when.event.min(b.when.event), a.when.event.max(b.when.event))),
            _ => None,
        });
        let forgotten = torn.and_then(|(server, before, after)| self.forgotten_between(server, before, after));
        let sentence = format!("{} and {} both lead term {term}{}", name(one.0), name(other.0), excuse(forgotten));
        let mut found = Found::new(sentence).because(other.1, leads(other)).because(one.1, leads(one));
        found = with_forgotten(found, forgotten);
        let gave_both = |server: &NodeId| votes(*server).iter().all(Option::is_some);
        for server in servers().filter(gave_both).chain(servers().filter(|server| !gave_both(server))) {
            for vote in votes(server).into_iter().flatten() {
                found = found.because(vote.when.event, vote_given(server, vote));
            }
        }
        found
    }

    /// A leader without a committed entry, and why: those who voted for it although they had acknowledged the entry
    /// come first.
    fn lacks_committed(
        &self,
        (term, leader): (Term, NodeId),
        elected: u32,
        index: Index,
        committed: Committed,
    ) -> Found {
        let Committed { event, by, term: of, in_term } = committed;
        let servers = || (0..self.said.len()).map(|ordinal| NodeId(ordinal as u16));
        let held = |server: NodeId| self.said[server.index()].acknowledged(in_term, index);
        let voters =
            || servers().filter_map(|server| Some((server, self.said[server.index()].vote_for(leader, term)?)));
        let forgotten: Option<Forgotten> = voters().find_map(|(server, vote)| {
            let since = if server == by { event } else { held(server)?.when.event };
            self.forgotten_between(server, since, vote.when.event)
        });
        let sentence = format!(
            "{} leads term {term} without entry {index} of term {of}, which was committed in term {in_term}{}",
            name(leader),
            excuse(forgotten)
        );
        let mut found = Found::new(sentence)
            .at(leader, index)
            .at(by, index)
            .because(
                elected,
                format!("{} becomes the leader of term {term} without entry {index} of term {of}", name(leader)),
            )
            .because(event, format!("{} commits entry {index} of term {of}, in term {in_term}", name(by)));
        found = with_forgotten(found, forgotten);
        for (server, vote) in voters() {
            if let Some(held) = held(server) {
                found = found.because(vote.when.event, vote_given(server, vote)).because(
                    held.when.event,
                    format!("{} acknowledges entry {index}, in term {in_term}", name(server)),
                );
            } else if server == by {
                found = found.because(vote.when.event, vote_given(server, vote));
            }
        }
        for (server, vote) in voters() {
            found = found.because(vote.when.event, vote_given(server, vote));
        }
        found
    }

    /// What is committed is committed once, acknowledged by a majority, and in the logs of later leaders.
    pub(super) fn check_commit(&mut self, event: u32, node: NodeId, raft: &Raft, is_leader: bool, world: &World<Raft>) {
        let (from, to) = (self.seen[node.index()].commit_index + 1, raft.commit_index());
        let in_term = raft.current_term();
        for index in from.max(raft.log().base_index() + 1)..=to {
            let Some(term) = raft.log().term_at(index) else { continue };
            let now = Committed { event, by: node, term, in_term };
            let known = *slot(&mut self.committed, index).get_or_insert(now);
            if known.term != term {
                self.found(STATE_MACHINE_SAFETY, event, |monitor| monitor.committed_twice(index, known, now));
            } else if known.event == event {
                self.check_later_leaders(event, index, now, Term::MAX);
            } else if is_leader && in_term < known.in_term {
                self.check_later_leaders(event, index, now, known.in_term);
            }
        }
        if is_leader {
            self.check_quorum(event, node, (to, raft.log().term_at(to)), in_term, world);
        }
    }

    /// Leaders of later terms, before another term, must have had the entry, also those that lead no more.
    fn check_later_leaders(&mut self, event: u32, index: Index, committed: Committed, before: Term) {
        let later = self.leaders.range((committed.in_term.saturating_add(1), NodeId(0))..);
        let lacking = later
            .take_while(|((term, _), _)| *term < before)
            .find(|(_, led)| !led.log.holds(index, committed.term))
            .map(|(leader, led)| (*leader, led.event));
        if let Some((leader, elected)) = lacking {
            self.found(LEADER_COMPLETENESS, event, |monitor| {
                monitor.lacks_committed(leader, elected, index, committed)
            });
        }
    }

    fn committed_twice(&self, index: Index, known: Committed, now: Committed) -> Found {
        let tell = |committed: &Committed| {
            let Committed { by, term, in_term, .. } = committed;
            format!("{} commits entry {index} of term {term}, in term {in_term}", name(*by))
        };
        let found = Found::new(format!(
            "{} commits entry {index} of term {}; of term {} it is committed already",
            name(now.by),
            now.term,
            known.term
        ))
        .at(now.by, index)
        .at(known.by, index)
        .because(now.event, tell(&now))
        .because(known.event, tell(&known));
        self.with_origin(self.with_origin(found, index, now.term), index, known.term)
    }

    fn with_origin(&self, found: Found, index: Index, term: Term) -> Found {
        match self.first_seen(index, term) {
            Some((event, node)) => {
                found.because(event, format!("{} is the first to hold entry {index} of term {term}", name(node)))
            }
            None => found,
        }
    }

    /// A leader commits what a majority has acknowledged to it. Its own acknowledgement is its disk; and of a liar,
    /// whose word proves nothing, the disk is asked as well.
    fn check_quorum(
        &mut self,
        event: u32,
        node: NodeId,
        (index, of): (Index, Option<Term>),
        term: Term,
        world: &World<Raft>,
    ) {
        let has_acknowledged = |ordinal: usize| {
            let server = NodeId(ordinal as u16);
            if server != node && world.is_honest(server) {
                return self.said[ordinal].acknowledged(term, index).is_some();
            }
            let log = &world.replicas()[ordinal].disk.durable.log;
            index <= log.base_index() || (of.is_some() && log.term_at(index) == of)
        };
        let count = (0..self.said.len()).filter(|&ordinal| has_acknowledged(ordinal)).count();
        if count * 2 > self.said.len() {
            return;
        }
        self.found(COMMITTED_ON_QUORUM, event, |monitor| {
            let (leader, all) = (name(node), monitor.said.len());
            let sentence =
                format!("{leader} commits entry {index} in term {term}; {count} of {all} servers have acknowledged it");
            let mut found = Found::new(sentence)
                .at(node, index)
                .because(event, format!("{leader} commits entry {index}, held by {count} of {all}"));
            let others = || monitor.said.iter().enumerate().filter(|(ordinal, _)| *ordinal != node.index());
            for (ordinal, said) in others() {
                if let (None, Some(stale)) = (said.acknowledged(term, index), said.acknowledged_elsewhere(term, index))
                {
                    let server = name(NodeId(ordinal as u16));
                    let of_old =
                        format!("{server} acknowledges entry {index} in term {}, which is not term {term}", stale.term);
                    found = found.because(stale.when.event, of_old);
                }
            }
            for (ordinal, said) in others() {
                if let Some(said) = said.acknowledged(term, index) {
                    let server = name(NodeId(ordinal as u16));
                    found = found.because(
                        said.when.event,
                        format!("{server} acknowledges entries up to {} in term {term}", said.index),
                    );
                }
            }
            match monitor.leaders.get(&(term, node)) {
                Some(led) => found.because(led.event, format!("{leader} becomes the leader of term {term}")),
                None => found,
            }
        });
    }

    pub(super) fn check_state(&mut self, event: u32, node: NodeId, raft: &Raft) {
        self.scratch.clear();
        raft.store().fingerprint(&mut self.scratch);
        let hash = self.scratch.finish();
        let index = raft.last_applied();
        let (known, first, by) = *slot(&mut self.states, index).get_or_insert((hash, event, node));
        if known != hash {
            self.found(STATE_MACHINE_SAFETY, event, |monitor| {
                let found = Found::new(format!(
                    "{} has applied up to entry {index}, and its state differs from another's there",
                    name(node)
                ))
                .at(node, index)
                .at(by, index)
                .because(event, format!("{} applies up to entry {index}, and has another state then", name(node)))
                .because(first, format!("{} applies up to entry {index}", name(by)));
                monitor.with_difference(found, index, raft)
            });
        }
    }

    /// Adds where the entry that differs comes from: the first one that is committed with another term.
    fn with_difference(&self, found: Found, up_to: Index, raft: &Raft) -> Found {
        let other = (raft.log().base_index() + 1..=up_to).find_map(|index| {
            let committed = self.committed.get(index as usize - 1)?.as_ref()?;
            let held = raft.log().term_at(index).filter(|held| *held != committed.term)?;
            Some((index, held, committed.term))
        });
        match other {
            Some((index, held, committed)) => self.with_origin(self.with_origin(found, index, held), index, committed),
            None => found,
        }
    }
}
