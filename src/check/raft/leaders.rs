//! What figure 2 of the Raft paper asks of leaders: what they know of their followers, what they commit, and whom they
//! grant a vote.
//!
//! Nothing here is lost at once when it is broken. A match index that falls commits nothing wrong by itself, and an
//! entry of an old term that is committed may well stay; but each is a step off the rules from which the safety proof
//! follows, and some run goes wrong because of it.

use super::{COMMITS_OWN_TERM, LEADER_GRANTS_NO_VOTE, MATCH_INDEX_GROWS};
use crate::check::invariant::{Findings, Found};
use crate::process::NodeId;
use crate::raft::log::{Index, Term};
use crate::raft::state::Leader;
use crate::raft::{Message, Raft, Role};
use crate::sim::{InputKind, Trace, World};

/// A leader after its last event.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// The term that it leads; none while it does not lead.
    leads: Option<Term>,
    commit_index: Index,
    /// What it knows to match in each log, and since which event.
    matches: Vec<(Index, u32)>,
}

impl Seen {
    fn note(&mut self, event: u32, raft: &Raft, leader: &Leader) {
        if self.leads != Some(raft.current_term()) {
            self.matches.clear();
        }
        self.leads = Some(raft.current_term());
        self.commit_index = raft.commit_index();
        self.matches.resize(leader.progress.len(), (0, event));
        for (known, progress) in self.matches.iter_mut().zip(&leader.progress) {
            if known.0 != progress.match_index() {
                *known = (progress.match_index(), event);
            }
        }
    }
}

/// All replicas, as leaders.
#[derive(Clone, Debug)]
pub(super) struct Leaders {
    seen: Vec<Seen>,
}

/// The leader's part of a replica, if it is up and leads.
fn leading(world: &World<Raft>, node: NodeId) -> Option<(&Raft, &Leader)> {
    let raft = world.replicas().get(node.index())?.process.as_ref()?;
    let Role::Leader(leader) = raft.role_state() else { return None };
    Some((raft, leader))
}

impl Leaders {
    pub(super) fn new(replicas: u16) -> Self {
        Self { seen: vec![Seen::default(); usize::from(replicas)] }
    }

    /// Looks at the replica that an event concerned.
    pub(super) fn look(
        &mut self,
        event: u32,
        node: NodeId,
        world: &World<Raft>,
        trace: &Trace<Raft>,
        findings: &mut Findings,
    ) {
        let Some(seen) = self.seen.get_mut(node.index()) else { return };
        let Some((raft, leader)) = leading(world, node).filter(|_| world.is_honest(node)) else {
            seen.leads = None;
            return;
        };
        if seen.leads == Some(raft.current_term()) {
            check_matches(event, node, leader, seen, world, findings);
            check_commit(event, node, raft, seen, findings);
        }
        check_votes(event, node, raft, trace, findings);
        seen.note(event, raft, leader);
    }

    /// The world stands somewhere else: what leaders are like there is what is known.
    pub(super) fn rewind(&mut self, event: u32, world: &World<Raft>) {
        for (ordinal, seen) in self.seen.iter_mut().enumerate() {
            match leading(world, NodeId(ordinal as u16)) {
                Some((raft, leader)) => seen.note(event.saturating_sub(1), raft, leader),
                None => seen.leads = None,
            }
        }
    }
}

/// A follower whose disk was wiped holds less than it had acknowledged: what a leader then knows of it may shrink.
fn check_matches(event: u32, node: NodeId, leader: &Leader, seen: &Seen, world: &World<Raft>, findings: &mut Findings) {
    for (ordinal, (progress, (was, since))) in leader.progress.iter().zip(&seen.matches).enumerate() {
        if progress.match_index() < *was
            && world
                .replicas()
                .get(ordinal)
                .is_some_and(|machine| machine.wipes() == 0 && !machine.disk.loses_flushes())
        {
            findings.note(MATCH_INDEX_GROWS, event, || {
                let (leads, follower) = (node.0 + 1, ordinal + 1);
                let now = progress.match_index();
                Found::new(format!("n{leads} knew that n{follower} matches up to {was}, and takes it for {now} now"))
                    .because(event, format!("n{leads} takes n{follower} to match up to {now}"))
                    .because(*since, format!("n{leads} knows that n{follower} matches up to {was}"))
            });
        }
    }
}

fn check_commit(event: u32, node: NodeId, raft: &Raft, seen: &Seen, findings: &mut Findings) {
    let index = raft.commit_index();
    let of = raft.log().term_at(index);
    if index > seen.commit_index && of.is_some() && of != Some(raft.current_term()) {
        findings.note(COMMITS_OWN_TERM, event, || {
            let term = of.unwrap_or_default();
            let (leader, leads) = (node.0 + 1, raft.current_term());
            Found::new(format!("n{leader} leads term {leads} and commits up to entry {index} of term {term}"))
                .at(node, index)
                .because(event, format!("n{leader} commits entry {index} of term {term} by counting, in term {leads}"))
        });
    }
}

/// What the leader has said in this event. A vote of an earlier term may still wait for its disk; it was said when it
/// was given.
fn check_votes(event: u32, node: NodeId, raft: &Raft, trace: &Trace<Raft>, findings: &mut Findings) {
    let Some(record) = trace.events.get(event as usize) else { return };
    let first = record.first_message as usize;
    let said = trace.messages.get(first..first + record.messages as usize).unwrap_or_default();
    for message in said {
        let reply = match &message.body {
            Message::RequestVoteReply(reply) => reply,
            Message::PreVoteReply(answer) => &answer.reply,
            _ => continue,
        };
        if reply.vote_granted && message.from == node {
            let to = message.to.0 + 1;
            findings.note(LEADER_GRANTS_NO_VOTE, event, || {
                let (leader, leads) = (node.0 + 1, raft.current_term());
                let found = Found::new(format!("n{leader} leads term {leads} and grants n{to} a vote"))
                    .because(event, format!("n{leader}, which leads term {leads}, grants n{to} a vote"));
                let cause = trace.messages.get(record.cause as usize).filter(|_| record.input == InputKind::Message);
                cause.map_or(found.clone(), |asked| {
                    found.because(asked.event, format!("n{to} asks n{leader} for its vote"))
                })
            });
        }
    }
}
