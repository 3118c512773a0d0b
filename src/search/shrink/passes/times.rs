//! When things are done: at times and not after numbers of events, sooner, and at round times.

use super::{Bounds, once};
use crate::process::{MILLISECOND, SECOND, Ticks};
use crate::search::shrink::case::{Case, Shown};

/// Steps that times are rounded to, roundest first.
const STEPS: [Ticks; 7] =
    [SECOND, 500 * MILLISECOND, 100 * MILLISECOND, 50 * MILLISECOND, 10 * MILLISECOND, 5 * MILLISECOND, MILLISECOND];

fn retimed(case: &Case, time: impl Fn(usize, Ticks) -> Ticks) -> Case {
    let mut case = case.clone();
    for (index, each) in case.interventions.iter_mut().enumerate() {
        each.at = time(index, each.at);
    }
    case.sort();
    case
}

/// What waits for a number of events has a time instead: all at once, or one after the other.
pub fn unpinned(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    let is_pinned = |index: &usize| shown.case.interventions[*index].after_event.is_some();
    let pinned: Vec<usize> = (0..shown.case.interventions.len()).filter(is_pinned).collect();
    let unpin = |indices: &[usize], exact: bool| {
        let mut case = shown.case.clone();
        let mut earliest = 0;
        for (index, each) in case.interventions.iter_mut().enumerate() {
            if indices.contains(&index) {
                each.after_event = None;
                each.at = if exact { shown.unpinned[index] } else { each.at };
            }
            each.at = each.at.max(earliest);
            earliest = each.at;
        }
        case
    };
    match level {
        _ if pinned.is_empty() => None,
        0 => Some(vec![unpin(&pinned, true), unpin(&pinned, false)]),
        1 => Some(pinned.iter().rev().flat_map(|&one| [unpin(&[one], true), unpin(&[one], false)]).collect()),
        _ => None,
    }
}

/// The gaps between things that are done become shorter, first all of them, then each.
pub fn sooner(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let case = &shown.case;
        let mut cases = vec![retimed(case, |_, at| at / 2), retimed(case, |_, at| at * 3 / 4)];
        let mut before = 0;
        for (which, each) in case.interventions.iter().enumerate() {
            let gap = each.at - before;
            before = each.at;
            if gap < 20 * MILLISECOND {
                continue;
            }
            for less in [gap - 10 * MILLISECOND, gap / 2, gap / 4] {
                // All that follows comes sooner with it.
                cases.push(retimed(case, |index, at| if index >= which { at - less } else { at }));
            }
        }
        cases
    })
}

/// Round times: all to the same step, then each to the roundest.
pub fn rounder(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let case = &shown.case;
        let all = STEPS.iter().flat_map(|&step| {
            [retimed(case, |_, at| at / step * step), retimed(case, |_, at| at.div_ceil(step) * step)]
        });
        let mut cases: Vec<Case> = all.collect();
        for which in 0..case.interventions.len() {
            let only = |time: fn(Ticks, Ticks) -> Ticks, step: Ticks| {
                retimed(case, |index, at| if index == which { time(at, step) } else { at })
            };
            cases.push(only(|_, _| 0, 0));
            for step in STEPS {
                cases.push(only(|at, step| at / step * step, step));
                cases.push(only(|at, step| at.div_ceil(step) * step, step));
            }
        }
        cases.retain(|rounder| rounder != case);
        cases
    })
}
