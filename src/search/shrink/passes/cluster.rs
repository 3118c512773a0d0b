//! Fewer processes, and simpler words for what is done to them.

use super::{Bounds, by_seed, once};
use crate::process::{NodeId, NodeSet};
use crate::search::shrink::case::{Case, Shown};
use crate::search::shrink::renaming::{without_client, without_replica};
use crate::sim::{Action, Intervention};

/// Without a client: what it asks for, another one asks for, or nobody.
pub fn clients(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let count = shown.case.scenario.clients as u16;
        let heirs = |client: u16| (0..count).filter(move |&heir| heir != client).map(Some);
        let one = |client: u16| std::iter::once(None).chain(heirs(client)).map(move |heir| (client, heir));
        (0..count).rev().flat_map(one).map(|(client, heir)| without_client(&shown.case, client, heir)).collect()
    })
}

/// Without a replica.
pub fn servers(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || fewer_servers(&shown.case))
}

fn fewer_servers(case: &Case) -> Vec<Case> {
    let count = case.scenario.replicas as u16;
    if count < 2 { Vec::new() } else { (0..count).rev().map(|replica| without_replica(case, replica)).collect() }
}

fn by_seed_of(shown: &Shown) -> Vec<Case> {
    let mut cases = fewer_servers(&shown.case);
    let count = shown.case.scenario.clients as u16;
    if count > 1 {
        cases.extend((1..count).rev().map(|client| without_client(&shown.case, client, Some(0))));
    }
    by_seed(&cases)
}

/// The same under a few other seeds.
pub fn processes_by_seed(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || by_seed_of(shown))
}

/// Each intervention in simpler words: a cut of one side only, a link the less, a fault that lasts.
pub fn simpler(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let mut cases = Vec::new();
        for (which, each) in shown.case.interventions.iter().enumerate() {
            cases.extend(simpler_actions(&each.action).into_iter().map(|action| {
                let mut case = shown.case.clone();
                case.interventions[which] = Intervention { action, ..each.clone() };
                case
            }));
        }
        cases
    })
}

fn simpler_actions(action: &Action) -> Vec<Action> {
    match action {
        Action::Partition(groups) => simpler_groups(groups),
        Action::Cut(links) if links.len() > 1 => fewer_links(links).map(Action::Cut).collect(),
        Action::Restore(links) if links.len() > 1 => fewer_links(links).map(Action::Restore).collect(),
        Action::Kill(node) => vec![Action::Crash(*node)],
        Action::CrashAt(node, _) => vec![Action::Crash(*node)],
        Action::Collude(nodes) => nodes.iter().map(|node| Action::Collude(without(*nodes, node))).collect(),
        _ => Vec::new(),
    }
}

fn simpler_groups(groups: &[NodeSet]) -> Vec<Action> {
    let fewer_groups = (0..groups.len()).filter(|_| groups.len() > 1).map(|gone| {
        groups.iter().enumerate().filter(|(index, _)| *index != gone).map(|(_, group)| *group).collect::<Vec<_>>()
    });
    let fewer_members = groups.iter().enumerate().flat_map(|(index, group)| {
        let smaller = group.iter().filter(|_| group.len() > 1).map(|node| without(*group, node));
        smaller.map(move |smaller| (index, smaller)).collect::<Vec<_>>()
    });
    let fewer_members = fewer_members.map(|(index, smaller)| {
        let mut groups = groups.to_vec();
        groups[index] = smaller;
        groups
    });
    fewer_groups.chain(fewer_members).map(Action::Partition).collect()
}

fn without(set: NodeSet, node: NodeId) -> NodeSet {
    set.iter().filter(|&each| each != node).collect()
}

fn fewer_links(links: &[(NodeId, NodeId)]) -> impl Iterator<Item = Vec<(NodeId, NodeId)>> {
    (0..links.len())
        .map(|gone| links.iter().enumerate().filter(|(index, _)| *index != gone).map(|(_, link)| *link).collect())
}
