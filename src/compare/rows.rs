//! What was measured, in rows: what each tells, and the figure of a protocol as a person reads it. Whoever shows a table
//! takes them from here.

use super::summary::{PhaseSum, Quantiles, ReachedSum, Summary};
use crate::process::SECOND;

/// In place of a figure that no run has.
pub const NOTHING: &str = "-";

/// Milliseconds, to a tenth.
pub fn ms(ticks: u64) -> String {
    format!("{}.{}", ticks / 1_000, ticks % 1_000 / 100)
}

/// A share, to a hundredth.
fn per(number: u64, whole: u64) -> String {
    (number * 100).checked_div(whole).map_or(NOTHING.to_owned(), |share| format!("{}.{:02}", share / 100, share % 100))
}

type Which = fn(&Quantiles) -> u64;

/// Quantiles, with blanks between.
fn spread(quantiles: Option<Quantiles>, which: &[Which], unit: fn(u64) -> String) -> String {
    quantiles.map_or(NOTHING.to_owned(), |quantiles| {
        which.iter().map(|quantile| unit(quantile(&quantiles))).collect::<Vec<_>>().join(" ")
    })
}

const HALF: Which = |quantiles| quantiles.p50;
const MOST: Which = |quantiles| quantiles.p95;
const NEARLY_ALL: Which = |quantiles| quantiles.p99;
const ALL: Which = |quantiles| quantiles.max;
const THREE: &[Which] = &[HALF, MOST, NEARLY_ALL];

/// A row: what it tells, and the figure of a protocol; none where the script does not ask for it.
pub type Row = (&'static str, fn(&Summary) -> Option<String>);

fn plain(number: u64) -> String {
    number.to_string()
}

fn calm(summary: &Summary, figure: fn(&PhaseSum) -> String) -> Option<String> {
    summary.calm.as_ref().filter(|phase| phase.answered > 0).map(figure)
}

fn faults(summary: &Summary, figure: fn(&PhaseSum, &Summary) -> String) -> Option<String> {
    summary.faults.as_ref().map(|phase| figure(phase, summary))
}

fn after(summary: &Summary, figure: fn(&Summary) -> String) -> Option<String> {
    summary.after.as_ref().map(|_| figure(summary))
}

fn left(summary: &Summary, figure: fn(&Summary) -> String) -> Option<String> {
    summary.left.map(|_| figure(summary))
}

/// A figure of what came in some runs.
pub fn reached(reached: Option<ReachedSum>, figure: fn(&ReachedSum) -> String) -> String {
    reached.as_ref().map_or(NOTHING.to_owned(), figure)
}

fn in_runs(reached: Option<ReachedSum>, summary: &Summary) -> String {
    format!("{} of {}", reached.map_or(0, |reached| reached.runs), summary.runs)
}

const CALM: &[Row] = &[
    ("operations answered", |it| calm(it, |phase| phase.answered.to_string())),
    ("latency, ms: p50 p95 p99", |it| calm(it, |phase| spread(phase.latency_ticks, THREE, ms))),
    ("message delays: p50 p99", |it| calm(it, |phase| spread(phase.message_delays, &[HALF, NEARLY_ALL], plain))),
    ("messages between replicas, each operation", |it| calm(it, |phase| per(phase.traffic.messages, phase.answered))),
    ("bytes of these, each operation", |it| calm(it, |phase| per(phase.traffic.bytes, phase.answered))),
    ("messages with clients, each operation", |it| {
        calm(it, |phase| per(phase.traffic.client_messages, phase.answered))
    }),
    ("heartbeats a second", |it| calm(it, |phase| per(phase.traffic.heartbeats * SECOND, phase.ticks))),
    ("bytes on all disks, each operation", |it| {
        calm(it, |_| String::new()).map(|_| per(it.disk_bytes, it.answered_by_then))
    }),
];

const FAULTS: &[Row] = &[
    ("operations answered a second until it is undone", |it| {
        faults(it, |phase, _| per(phase.answered * SECOND, phase.ticks))
    }),
    ("served before it is undone, runs", |it| {
        faults(it, |_, it| format!("{} of {}", it.served_meanwhile_runs, it.runs))
    }),
    ("answered again, runs", |it| {
        faults(it, |_, it| format!("{} of {}", it.unserved_ticks.map_or(0, |ticks| ticks.count), it.runs))
    }),
    ("unserved, ms: p50 p95 p99", |it| faults(it, |_, it| spread(it.unserved_ticks, THREE, ms))),
    ("longest silence, ms: p50 max", |it| faults(it, |_, it| spread(it.silence_ticks, &[HALF, ALL], ms))),
    ("another leads, runs", |it| faults(it, |_, it| in_runs(it.elected, it))),
    ("until then, ms: p50 p99", |it| {
        faults(it, |_, it| reached(it.elected, |to| spread(Some(to.ticks), &[HALF, NEARLY_ALL], ms)))
    }),
    ("message delays of it: p50", |it| {
        faults(it, |_, it| reached(it.elected, |to| spread(Some(to.message_delays), &[HALF], plain)))
    }),
    ("messages between replicas until then: p50", |it| {
        faults(it, |_, it| reached(it.elected, |to| spread(Some(to.messages), &[HALF], plain)))
    }),
    ("times that one begins to lead until it is undone", |it| faults(it, |phase, it| per(phase.leaders, it.runs))),
];

const LEFT: &[Row] = &[
    ("entries that the leader was left with: p50", |it| left(it, |it| spread(it.left, &[HALF], plain))),
    ("carried out in the end: p50", |it| left(it, |it| spread(it.kept, &[HALF], plain))),
    ("all carried out, runs", |it| left(it, |it| in_runs(it.carried_out, it))),
    ("until then, ms: p50 p99", |it| {
        left(it, |it| reached(it.carried_out, |to| spread(Some(to.ticks), &[HALF, NEARLY_ALL], ms)))
    }),
    ("message delays: p50", |it| {
        left(it, |it| reached(it.carried_out, |to| spread(Some(to.message_delays), &[HALF], plain)))
    }),
    ("messages between replicas: p50", |it| {
        left(it, |it| reached(it.carried_out, |to| spread(Some(to.messages), &[HALF], plain)))
    }),
    ("bytes of these: p50", |it| left(it, |it| reached(it.carried_out, |to| spread(Some(to.bytes), &[HALF], plain)))),
];

const AFTER: &[Row] = &[
    ("served again, runs", |it| {
        after(it, |it| format!("{} of {}", it.unserved_after_ticks.map_or(0, |ticks| ticks.count), it.runs))
    }),
    ("until then, ms: p50 p99", |it| after(it, |it| spread(it.unserved_after_ticks, &[HALF, NEARLY_ALL], ms))),
    ("all replicas even, runs", |it| after(it, |it| in_runs(it.even, it))),
    ("until then, ms: p50 p99", |it| {
        after(it, |it| reached(it.even, |to| spread(Some(to.ticks), &[HALF, NEARLY_ALL], ms)))
    }),
    ("messages between replicas until then: p50", |it| {
        after(it, |it| reached(it.even, |to| spread(Some(to.messages), &[HALF], plain)))
    }),
    ("bytes of these: p50", |it| after(it, |it| reached(it.even, |to| spread(Some(to.bytes), &[HALF], plain)))),
];

const ALWAYS: &[Row] = &[("promises kept, runs", |it| Some(format!("{} of {}", it.runs - it.broken_runs, it.runs)))];

/// All rows, in parts of a table.
pub const SECTIONS: &[(&str, &[Row])] = &[
    ("in calm", CALM),
    ("from the first fault on", FAULTS),
    ("what the leader left uncommitted", LEFT),
    ("after the last fault is undone", AFTER),
    ("always", ALWAYS),
];

/// A part of a table: its title, and each row's name with its figure.
pub type Part = (&'static str, Vec<(&'static str, Option<String>)>);

/// The figures of one protocol: the parts of a table, each with its rows. None stands for what the script does not ask
/// for, which is left out where no protocol has it.
pub fn figures(summary: &Summary) -> Vec<Part> {
    let rows = |rows: &[Row]| rows.iter().map(|(label, figure)| (*label, figure(summary))).collect();
    SECTIONS.iter().map(|(title, all)| (*title, rows(all))).collect()
}
