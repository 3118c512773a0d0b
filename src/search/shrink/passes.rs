//! What is tried, in this order: each pass names the cases that may come next, boldest first.
//!
//! A pass that takes things away goes by halves (delta debugging; Zeller and Hildebrandt 2002): at its first level half of
//! the things at a time, then a quarter, in the end one. Where a run hangs on chance, a smaller one may break the promise
//! under another seed, or if its operations come a little sooner or later: removals are tried with a few of each.

mod cluster;
mod liars;
mod settings;
mod times;
mod values;

use super::case::{Case, Shown};
use crate::process::MILLISECOND;
use crate::sim::Action;

/// Something to try.
pub struct Pass {
    /// What it is after, for whoever watches.
    pub name: &'static str,
    /// The cases to try at a level; none after the last level.
    pub cases: fn(&Shown, &Bounds, u32) -> Option<Vec<Case>>,
}

/// What a protocol leaves no choice about.
pub struct Bounds {
    /// It chooses one value: its clients propose one, or ask for it.
    pub one_value: bool,
    /// The promise is that clients are served.
    pub is_service: bool,
    /// The kinds of its messages.
    pub kinds: u8,
}

/// Seeds that a removal is tried with, where chance decides.
const SEEDS: u64 = 8;

/// Where operations are asked for sooner or later instead, by so much.
const SHIFTS: [i64; 8] = [-200, -100, -50, -20, 20, 50, 100, 200];

/// All passes of a round.
pub const PASSES: &[Pass] = &[
    Pass { name: "operations asked for by hand", cases: values::asked_by_hand },
    Pass { name: "clients that wait longer", cases: values::patient },
    Pass { name: "times without events", cases: times::unpinned },
    Pass { name: "fewer interventions", cases: fewer_interventions },
    Pass { name: "fewer operations", cases: fewer_operations },
    Pass { name: "a calm network", cases: settings::network },
    Pass { name: "quick disks", cases: settings::disks },
    Pass { name: "settings by default", cases: settings::defaults },
    Pass { name: "fewer clients", cases: cluster::clients },
    Pass { name: "fewer servers", cases: cluster::servers },
    Pass { name: "liars by hand", cases: liars::by_hand },
    Pass { name: "fewer lies", cases: liars::fewer },
    Pass { name: "fewer interventions, by chance", cases: fewer_interventions_by_seed },
    Pass { name: "fewer operations, by chance", cases: fewer_operations_by_seed },
    Pass { name: "a calm network, by chance", cases: settings::network_by_seed },
    Pass { name: "fewer processes, by chance", cases: cluster::processes_by_seed },
    Pass { name: "simpler interventions", cases: cluster::simpler },
    Pass { name: "sooner", cases: times::sooner },
    Pass { name: "rounder times", cases: times::rounder },
    Pass { name: "simpler operations", cases: values::simpler },
    Pass { name: "fewer messages lost or late", cases: fewer_messages },
    Pass { name: "rounder delays", cases: rounder_delays },
    Pass { name: "a smaller seed", cases: settings::seed },
];

/// The passes after a network was taken apart, message by message.
pub const MESSAGE_PASSES: &[Pass] = &[
    Pass { name: "fewer messages lost or late", cases: fewer_messages },
    Pass { name: "rounder delays", cases: rounder_delays },
];

/// The runs of indices to be taken away at a level, of so many things: none after the last level.
fn chunks(things: usize, level: u32) -> Option<Vec<std::ops::Range<usize>>> {
    let size = |level: u32| things.div_ceil(1 << level.min(31));
    if things == 0 || (level > 0 && size(level) == 1) {
        return None;
    }
    let chunk = size(level + 1);
    Some((0..things).step_by(chunk).map(|start| start..(start + chunk).min(things)).collect())
}

/// The same, as cases without the interventions at some indices.
fn without_chunks(case: &Case, indices: &[usize], level: u32) -> Option<Vec<Case>> {
    let without = |chunk: std::ops::Range<usize>| {
        let gone = indices.get(chunk).unwrap_or_default();
        case.without(|index| gone.contains(&index))
    };
    Some(chunks(indices.len(), level)?.into_iter().map(without).collect())
}

fn is_operation(action: &Action) -> bool {
    matches!(action, Action::Invoke(..))
}

fn indices(case: &Case, is_wanted: impl Fn(&Action) -> bool) -> Vec<usize> {
    let wanted = case.interventions.iter().enumerate().filter(|(_, each)| is_wanted(&each.action));
    wanted.map(|(index, _)| index).collect()
}

fn fewer_interventions(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    without_chunks(&shown.case, &indices(&shown.case, |action| !is_operation(action)), level)
}

fn fewer_operations(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    without_chunks(&shown.case, &indices(&shown.case, is_operation), level)
}

fn fewer_messages(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    let messages = &shown.case.messages;
    let without = |chunk: std::ops::Range<usize>| {
        let kept = messages.iter().enumerate().filter(|(index, _)| !chunk.contains(index));
        Case { messages: kept.map(|(_, fate)| *fate).collect(), ..shown.case.clone() }
    };
    Some(chunks(messages.len(), level)?.into_iter().map(without).collect())
}

fn rounder_delays(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let mut cases = Vec::new();
        for (index, fate) in shown.case.messages.iter().enumerate() {
            let Some(late) = fate.late else { continue };
            for step in [100 * MILLISECOND, 10 * MILLISECOND, MILLISECOND] {
                let mut case = shown.case.clone();
                case.messages[index].late = Some(late.div_ceil(step) * step);
                cases.push(case);
            }
        }
        cases
    })
}

/// Each case with each of a few other seeds.
fn by_seed(cases: &[Case]) -> Vec<Case> {
    let with = |(seed, case): (u64, &Case)| {
        let mut other = case.clone();
        other.scenario.seed = seed;
        other
    };
    let all = (1..=SEEDS).flat_map(|seed| cases.iter().map(move |case| (seed, case)));
    all.filter(|(seed, case)| *seed != case.scenario.seed).map(with).collect()
}

fn single_removals(case: &Case, indices: &[usize]) -> Vec<Case> {
    indices.iter().map(|&which| case.without(|index| index == which)).collect()
}

fn fewer_interventions_by_seed(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    let all = indices(&shown.case, |action| !is_operation(action));
    match level {
        0 => Some(by_seed(&[shown.case.without(|index| all.contains(&index))])),
        1 => Some(by_seed(&single_removals(&shown.case, &all))),
        _ => None,
    }
}

fn fewer_operations_by_seed(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    let all = indices(&shown.case, is_operation);
    match level {
        0 => Some(by_seed(&without_chunks(&shown.case, &all, 0)?)),
        1 => Some(by_seed(&single_removals(&shown.case, &all))),
        2 => Some(single_removals(&shown.case, &all).iter().flat_map(with_operations_shifted).collect()),
        _ => None,
    }
}

/// With each operation, and all that are asked for after it, sooner or later.
fn with_operations_shifted(case: &Case) -> Vec<Case> {
    let shifted = |from: usize, by: i64| {
        let mut case = case.clone();
        for each in case.interventions.iter_mut().skip(from).filter(|each| is_operation(&each.action)) {
            each.at = each.at.saturating_add_signed(by * MILLISECOND as i64);
        }
        case.sort();
        case
    };
    let from = indices(case, is_operation).into_iter();
    from.flat_map(|from| SHIFTS.map(|by| shifted(from, by))).collect()
}

/// The cases of a pass that has one level.
fn once(level: u32, cases: impl FnOnce() -> Vec<Case>) -> Option<Vec<Case>> {
    (level == 0).then(cases)
}

#[cfg(test)]
mod tests {
    use super::chunks;

    #[test]
    fn things_are_taken_away_by_halves_and_in_the_end_one_by_one() {
        assert_eq!(chunks(5, 0).unwrap(), [0..3, 3..5]);
        assert_eq!(chunks(5, 1).unwrap(), [0..2, 2..4, 4..5]);
        assert_eq!(chunks(5, 2).unwrap(), [0..1, 1..2, 2..3, 3..4, 4..5]);
        assert_eq!(chunks(5, 3), None);
        assert_eq!(chunks(1, 0).unwrap().len(), 1);
        assert_eq!(chunks(1, 1), None);
        assert_eq!(chunks(0, 0), None);
    }
}
