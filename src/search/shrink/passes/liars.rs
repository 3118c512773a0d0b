//! Liars whose lies are written down, and fewer of them.

use super::{Bounds, chunks, once};
use crate::process::{NodeId, NodeSet};
use crate::search::shrink::case::{Case, Shown};
use crate::sim::{Action, Intervention, Line, Strategy};

fn told(case: &Case, which: usize, strategy: Strategy) -> Case {
    let mut case = case.clone();
    if let Action::Corrupt(_, old) = &mut case.interventions[which].action {
        *old = strategy;
    }
    case
}

fn liars(case: &Case) -> impl Iterator<Item = (usize, NodeId, &Strategy)> {
    case.interventions.iter().enumerate().filter_map(|(which, Intervention { action, .. })| match action {
        Action::Corrupt(node, strategy) => Some((which, *node, strategy)),
        _ => None,
    })
}

/// A liar that lies by chance, or by a rule, says one of the things that it said, and nothing else; or all of them.
pub fn by_hand(shown: &Shown, bounds: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let mut cases = Vec::new();
        for (which, node, strategy) in liars(&shown.case) {
            if matches!(strategy, Strategy::ByHand { .. }) {
                continue;
            }
            let mut lines: Vec<Line> = Vec::new();
            for (_, line) in shown.lies.iter().filter(|(liar, _)| *liar == node) {
                match lines.iter_mut().find(|each| (each.kind, each.deed) == (line.kind, line.deed)) {
                    Some(known) => known.to = known.to.iter().chain(line.to.iter()).collect(),
                    None => lines.push(*line),
                }
            }
            lines.retain(|line| line.kind.is_none_or(|kind| kind < bounds.kinds));
            let one = |line: Line| told(&shown.case, which, Strategy::ByHand { lines: vec![line] });
            cases.extend(lines.iter().map(|line| one(Line { to: NodeSet::EMPTY, ..*line })));
            cases.extend(lines.iter().map(|line| one(*line)));
            lines.truncate(crate::scenario::lies::LINES_MAX);
            cases.push(told(&shown.case, which, Strategy::ByHand { lines }));
        }
        cases
    })
}

/// Fewer lines, to fewer receivers.
pub fn fewer(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    let mut cases = Vec::new();
    let mut is_over = true;
    for (which, _, strategy) in liars(&shown.case) {
        let Strategy::ByHand { lines } = strategy else { continue };
        for gone in chunks(lines.len(), level).into_iter().flatten() {
            is_over = false;
            let kept = lines.iter().enumerate().filter(|(index, _)| !gone.contains(index)).map(|(_, line)| *line);
            let kept: Vec<Line> = kept.collect();
            if !kept.is_empty() {
                cases.push(told(&shown.case, which, Strategy::ByHand { lines: kept }));
            }
        }
        if level == 0 {
            is_over = false;
            cases.extend(
                fewer_receivers(lines).into_iter().map(|lines| told(&shown.case, which, Strategy::ByHand { lines })),
            );
        }
    }
    (!is_over).then_some(cases)
}

fn fewer_receivers(lines: &[Line]) -> Vec<Vec<Line>> {
    let mut all = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let to_all = (!line.to.is_empty()).then_some(NodeSet::EMPTY);
        let fewer = line.to.iter().filter(|_| line.to.len() > 1);
        let fewer = fewer.map(|gone| line.to.iter().filter(|&node| node != gone).collect::<NodeSet>());
        for to in to_all.into_iter().chain(fewer) {
            let mut lines = lines.to_vec();
            lines[index] = Line { to, ..*line };
            all.push(lines);
        }
    }
    all
}
