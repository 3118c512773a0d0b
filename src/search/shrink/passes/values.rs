//! What clients ask for: by hand instead of by chance, less of it, and in small words.

use super::{Bounds, indices, is_operation, once};
use crate::kv::Command;
use crate::process::{NodeId, SECOND};
use crate::search::hunt::BOUND;
use crate::search::shrink::case::{Case, Shown};
use crate::sim::Action;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the workload drew, as interventions; or a workload that draws less.
pub fn asked_by_hand(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let drawn = shown.case.scenario.workload.operations_per_client;
        if drawn == Some(0) {
            return Vec::new();
        }
        let mut by_hand = shown.case.clone();
        by_hand.scenario.workload = Default::default();
        by_hand.scenario.workload.operations_per_client = Some(0);
        by_hand.interventions.retain(|each| !matches!(each.action, Action::Workload(_)));
        by_hand.interventions.extend(shown.drawn_operations.iter().cloned());
        by_hand.sort();
        let fewer = [1, 2, 3, 5, 10].into_iter().filter(|&fewer| drawn.is_none_or(|drawn| fewer < drawn));
        let fewer = fewer.map(|fewer| {
            let mut case = shown.case.clone();
            case.scenario.workload.operations_per_client = Some(fewer);
            case
        });
        std::iter::once(by_hand).chain(fewer).collect()
    })
}

/// A client that waits as long as the bound is asked once instead of again and again.
pub fn patient(shown: &Shown, bounds: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let case = &shown.case;
        let long = BOUND + 2 * SECOND;
        if !bounds.is_service || case.scenario.client.deadline_ticks >= long {
            return Vec::new();
        }
        let operations = indices(case, is_operation);
        let faults_end = case.interventions.iter().rposition(|each| each.action == Action::RemoveFaults).unwrap_or(0);
        let client_of = |which: usize| case.interventions[which].action.node();
        let clients: std::collections::BTreeSet<Option<NodeId>> =
            operations.iter().map(|&which| client_of(which)).collect();
        // For each client one of its operations that is the last, and all that came before it.
        let mut cases = Vec::new();
        for client in clients {
            for &kept in operations.iter().filter(|&&which| client_of(which) == client && which >= faults_end) {
                let mut patient = case.without(|index| operations.contains(&index) && index > kept);
                patient.scenario.client.deadline_ticks = long;
                cases.push(patient);
            }
        }
        cases
    })
}

/// The same operations in smaller words: one key, values counted from 1, and each as plain as it may be.
pub fn simpler(shown: &Shown, bounds: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let case = &shown.case;
        let mut cases = vec![with_values_counted(case)];
        if !bounds.one_value {
            cases.push(with_commands(case, |_, command| with_key(command, "x")));
            for which in indices(case, is_operation) {
                let Action::Invoke(_, command) = &case.interventions[which].action else { continue };
                for plainer in plainer(command, which) {
                    cases.push(with_commands(
                        case,
                        |index, command| {
                            if index == which { plainer.clone() } else { command.clone() }
                        },
                    ));
                }
            }
        }
        cases.retain(|simpler| simpler != case);
        cases
    })
}

fn with_commands(case: &Case, command: impl Fn(usize, &Command) -> Command) -> Case {
    let mut case = case.clone();
    for (index, each) in case.interventions.iter_mut().enumerate() {
        if let Action::Invoke(_, old) = &mut each.action {
            *old = command(index, old);
        }
    }
    case
}

fn with_key(command: &Command, key: &str) -> Command {
    let key = key.into();
    match command.clone() {
        Command::Get { .. } => Command::Get { key },
        Command::Put { value, .. } => Command::Put { key, value },
        Command::Delete { .. } => Command::Delete { key },
        Command::Cas { expected, new, .. } => Command::Cas { key, expected, new },
        Command::CasOrCreate { expected, new, .. } => Command::CasOrCreate { key, expected, new },
    }
}

/// Values by the order in which they are first named.
fn with_values_counted(case: &Case) -> Case {
    let mut numbers: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    let mut counted = |value: &Arc<str>| -> Arc<str> {
        let next = numbers.len() + 1;
        numbers.entry(value.clone()).or_insert_with(|| next.to_string().into()).clone()
    };
    let mut case = case.clone();
    for each in &mut case.interventions {
        let Action::Invoke(_, command) = &mut each.action else { continue };
        match command {
            Command::Get { .. } | Command::Delete { .. } => {}
            Command::Put { value, .. } => *value = counted(value),
            Command::Cas { expected, new, .. } => {
                *expected = expected.as_ref().map(&mut counted);
                *new = counted(new);
            }
            Command::CasOrCreate { expected, new, .. } => {
                *expected = counted(expected);
                *new = counted(new);
            }
        }
    }
    case
}

fn plainer(command: &Command, which: usize) -> Vec<Command> {
    let key = command.key().clone();
    match command {
        Command::Get { .. } => Vec::new(),
        Command::Put { .. } => vec![Command::Get { key }],
        Command::Delete { .. } => vec![Command::Get { key: key.clone() }, Command::Put { key, value: value(which) }],
        Command::Cas { new, .. } | Command::CasOrCreate { new, .. } => {
            vec![Command::Get { key: key.clone() }, Command::Put { key, value: new.clone() }]
        }
    }
}

/// A value that no other operation writes.
fn value(which: usize) -> Arc<str> {
    format!("v{which}").into()
}
