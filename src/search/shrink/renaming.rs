//! A case with fewer processes: who is left takes the names that are free.

use super::case::Case;
use super::messages::MessageFate;
use crate::process::{Alteration, NodeId, NodeSet};
use crate::sim::{Action, Deed, Intervention, Line, Strategy};
use std::collections::BTreeMap;

/// For each process its new name, or none if it is gone.
struct Names<F>(F);

/// A case without one replica; what was done to it is not done.
pub fn without_replica(case: &Case, replica: u16) -> Case {
    let mut smaller = renamed(case, |NodeId(node)| match node {
        node if node == replica => None,
        node if node > replica => Some(NodeId(node - 1)),
        node => Some(NodeId(node)),
    });
    let scenario = &mut smaller.scenario;
    scenario.replicas -= 1;
    let disks = std::mem::take(&mut scenario.disk.own_flush_ticks);
    let number = |name: &str| name.strip_prefix('n').and_then(|number| number.parse::<u16>().ok());
    let kept = disks.into_iter().filter_map(|(name, range)| match number(&name)? {
        number if number == replica + 1 => None,
        number if number > replica + 1 => Some((format!("n{}", number - 1), range)),
        number => Some((format!("n{number}"), range)),
    });
    scenario.disk.own_flush_ticks = kept.collect::<BTreeMap<_, _>>();
    if usize::from(replica) < scenario.clock_rates_ppm.len() {
        scenario.clock_rates_ppm.remove(usize::from(replica));
    }
    if usize::from(replica) < scenario.tendermint.powers.len() {
        scenario.tendermint.powers.remove(usize::from(replica));
    }
    smaller
}

/// A case without one client. What it asked for, another one asks for, or nobody.
pub fn without_client(case: &Case, client: u16, heir: Option<u16>) -> Case {
    let replicas = case.scenario.replicas as u16;
    let gone = replicas + client;
    let renamed_one = |NodeId(node): NodeId| if node > gone { NodeId(node - 1) } else { NodeId(node) };
    let mut inherited = case.clone();
    if let Some(heir) = heir {
        for each in &mut inherited.interventions {
            if let Action::Invoke(node, _) = &mut each.action
                && node.0 == gone
            {
                *node = NodeId(replicas + heir);
            }
        }
    }
    let mut smaller = renamed(&inherited, |node| (node.0 != gone).then(|| renamed_one(node)));
    smaller.scenario.clients -= 1;
    smaller
}

fn renamed(case: &Case, name: impl Fn(NodeId) -> Option<NodeId>) -> Case {
    let names = Names(name);
    let interventions = case.interventions.iter().filter_map(|each| {
        let action = names.action(&each.action)?;
        Some(Intervention { action, ..each.clone() })
    });
    let messages = case
        .messages
        .iter()
        .filter_map(|fate| Some(MessageFate { from: names.of(fate.from)?, to: names.of(fate.to)?, ..*fate }));
    Case { scenario: case.scenario.clone(), interventions: interventions.collect(), messages: messages.collect() }
}

impl<F: Fn(NodeId) -> Option<NodeId>> Names<F> {
    fn of(&self, node: NodeId) -> Option<NodeId> {
        (self.0)(node)
    }

    fn set(&self, set: NodeSet) -> NodeSet {
        set.iter().filter_map(|node| self.of(node)).collect()
    }

    /// The same set; none if nobody of it is left, where an empty one would stand for everybody.
    fn some(&self, set: NodeSet) -> Option<NodeSet> {
        let left = self.set(set);
        (set.is_empty() || !left.is_empty()).then_some(left)
    }

    fn links(&self, links: &[(NodeId, NodeId)]) -> Option<Vec<(NodeId, NodeId)>> {
        let left: Vec<_> = links.iter().filter_map(|&(from, to)| Some((self.of(from)?, self.of(to)?))).collect();
        (!left.is_empty()).then_some(left)
    }

    fn alteration(&self, alteration: Alteration) -> Option<Alteration> {
        match alteration {
            Alteration::Impersonate(node) => Some(Alteration::Impersonate(self.of(NodeId(node))?.0)),
            other => Some(other),
        }
    }

    fn line(&self, line: &Line) -> Option<Line> {
        let deed = match line.deed {
            Deed::Alter(how) => Deed::Alter(self.alteration(how)?),
            Deed::TwoFaced(how) => Deed::TwoFaced(self.alteration(how)?),
            other => other,
        };
        Some(Line { to: self.some(line.to)?, deed, ..*line })
    }

    fn strategy(&self, strategy: &Strategy) -> Option<Strategy> {
        Some(match strategy {
            Strategy::Silence { to } => Strategy::Silence { to: self.some(*to)? },
            Strategy::Equivocation { to, say, others } => Strategy::Equivocation {
                to: self.some(*to)?,
                say: self.alteration(*say)?,
                others: others.and_then(|others| self.alteration(others)),
            },
            Strategy::Falsehood { say } => Strategy::Falsehood { say: self.alteration(*say)? },
            Strategy::ByHand { lines } => {
                Strategy::ByHand { lines: lines.iter().filter_map(|line| self.line(line)).collect() }
            }
            Strategy::Replay | Strategy::Delay { .. } | Strategy::Drawn => strategy.clone(),
        })
    }

    fn action(&self, action: &Action) -> Option<Action> {
        Some(match action {
            Action::Partition(groups) => {
                let left: Vec<NodeSet> = groups.iter().map(|group| self.set(*group)).collect();
                Action::Partition(left.into_iter().filter(|group| !group.is_empty()).collect())
            }
            Action::Cut(links) => Action::Cut(self.links(links)?),
            Action::Restore(links) => Action::Restore(self.links(links)?),
            Action::Crash(node) => Action::Crash(self.of(*node)?),
            Action::Kill(node) => Action::Kill(self.of(*node)?),
            Action::CrashAt(node, point) => Action::CrashAt(self.of(*node)?, *point),
            Action::Restart(node) => Action::Restart(self.of(*node)?),
            Action::Disk(node, flush) => Action::Disk(self.of(*node)?, *flush),
            Action::StallDisk(node) => Action::StallDisk(self.of(*node)?),
            Action::ReleaseDisk(node) => Action::ReleaseDisk(self.of(*node)?),
            Action::LoseFlushes(node) => Action::LoseFlushes(self.of(*node)?),
            Action::KeepFlushes(node) => Action::KeepFlushes(self.of(*node)?),
            Action::Pause(node) => Action::Pause(self.of(*node)?),
            Action::Resume(node) => Action::Resume(self.of(*node)?),
            Action::WipeDisk(node) => Action::WipeDisk(self.of(*node)?),
            Action::LinkLatency(from, to, latency) => Action::LinkLatency(self.of(*from)?, self.of(*to)?, *latency),
            Action::LinkLoss(from, to, loss) => Action::LinkLoss(self.of(*from)?, self.of(*to)?, *loss),
            Action::Invoke(client, command) => Action::Invoke(self.of(*client)?, command.clone()),
            Action::FireTimer(node, kind) => Action::FireTimer(self.of(*node)?, *kind),
            Action::Corrupt(node, strategy) => Action::Corrupt(self.of(*node)?, self.strategy(strategy)?),
            Action::Say(node, line) => Action::Say(self.of(*node)?, self.line(line)?),
            Action::Depart(node, mutation) => Action::Depart(self.of(*node)?, *mutation),
            Action::Collude(nodes) => Action::Collude(self.some(*nodes)?),
            Action::Reform(node) => Action::Reform(self.of(*node)?),
            Action::Misstep(node, mutation) => Action::Misstep(self.of(*node)?, *mutation),
            Action::Heal
            | Action::DropMessage(_)
            | Action::DelayMessage(..)
            | Action::DuplicateMessage(_)
            | Action::DeliverMessageNow(_)
            | Action::Network(_)
            | Action::Workload(_)
            | Action::Reseed(_)
            | Action::RemoveFaults => action.clone(),
        })
    }
}
