//! What is measured, and drawn as curves: the same run twice, with a mistake and without.
//!
//! Time on a curve is virtual. The figures are those of the runs named, on this engine; nothing is smoothed, and
//! nothing is extrapolated.

use super::lock_held;
use super::runs::run;
use crate::kv::Ending;
use crate::process::{MILLISECOND, Process, Ticks};
use crate::raft::Raft;
use crate::run::Run;
use crate::scenario::Scenario;
use serde::Serialize;

/// A line of a curve.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Series {
    /// What it is.
    pub name: &'static str,
    /// Whether it is the one with the mistake.
    pub is_mistaken: bool,
    /// Its points, from left to right.
    pub points: Vec<(u64, u64)>,
}

/// Two lines over the same axis.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Curve {
    /// A few words.
    pub title: &'static str,
    /// What goes to the right, with its unit.
    pub x: &'static str,
    /// What goes up, with its unit.
    pub y: &'static str,
    /// The lines.
    pub series: Vec<Series>,
    /// What there is to see, with the figures.
    pub sentence: String,
}

/// The names of the curves.
pub const CURVES: &[&str] = &["log-size", "throughput", "commit-index", "refusals"];

/// Measures the curve with a name.
pub fn curve(name: &str) -> Option<Curve> {
    match name {
        "log-size" => log_size(),
        "throughput" => throughput(),
        "commit-index" => commit_index(),
        "refusals" => refusals(),
        _ => None,
    }
}

/// Runs a scenario and looks at it every so often.
fn sampled(
    scenario: &Scenario,
    until_ms: u64,
    every_ms: u64,
    mut look: impl FnMut(&Run<Raft>) -> u64,
) -> Option<Vec<(u64, u64)>> {
    let mut run: Run<Raft> = Run::new(scenario.simulation().ok()?);
    let mut points = Vec::new();
    for milliseconds in (0..=until_ms).step_by(every_ms as usize) {
        run.run_until(milliseconds * MILLISECOND, u32::MAX);
        points.push((milliseconds, look(&run)));
    }
    Some(points)
}

fn last(points: &[(u64, u64)]) -> u64 {
    points.last().map_or(0, |&(_, y)| y)
}

/// The most entries that any server has in its log.
fn longest_log(run: &Run<Raft>) -> u64 {
    let lengths = run.simulation().world().replicas().iter().filter_map(|machine| machine.process.as_ref());
    lengths.map(|raft| raft.view().log.map_or(0, |log| log.cells.len() as u64)).max().unwrap_or_default()
}

fn log_size() -> Option<Curve> {
    let without = run("no-compaction")?.scenario;
    let mut with = without.clone();
    with.raft.snapshot_threshold = 64;
    with.raft.snapshot_trailing = 8;
    let (grown, kept) = (sampled(&without, 5_000, 100, longest_log)?, sampled(&with, 5_000, 100, longest_log)?);
    let highest = kept.iter().map(|&(_, entries)| entries).max().unwrap_or_default();
    Some(Curve {
        title: "Entries in the longest log",
        x: "virtual time, ms",
        y: "entries",
        sentence: format!(
            "After five seconds the longest log has {} entries without compaction; with a snapshot every 64 entries it never has more than {highest}.",
            last(&grown)
        ),
        series: vec![
            Series { name: "no compaction", is_mistaken: true, points: grown },
            Series { name: "a snapshot every 64 entries", is_mistaken: false, points: kept },
        ],
    })
}

/// Operations that were answered by a time.
fn answered(run: &mut Run<Raft>) -> u64 {
    run.history().iter().filter(|operation| matches!(operation.completed, Some((_, Ending::Ok(_))))).count() as u64
}

/// How long each throughput is measured.
const THROUGHPUT_MS: u64 = 2_000;

fn throughput() -> Option<Curve> {
    const SLOW_MS: &[u64] = &[2, 20, 40, 60, 80, 100];
    let (mut held, mut free) = (Vec::new(), Vec::new());
    for &slow_ms in SLOW_MS {
        let scenario = lock_held::cluster(slow_ms);
        let until: Ticks = THROUGHPUT_MS * MILLISECOND;
        let rate = |run: &mut Run<Raft>| answered(run) * 1_000 / THROUGHPUT_MS;
        held.push((slow_ms, rate(&mut lock_held::drive(&scenario, until)?)));
        let mut run: Run<Raft> = Run::new(scenario.simulation().ok()?);
        run.run_until(until, u32::MAX);
        free.push((slow_ms, rate(&mut run)));
    }
    Some(Curve {
        title: "Answers with one slow link",
        x: "latency to n3, one way, ms",
        y: "operations answered a second",
        sentence: format!(
            "With n3 {} ms away {} operations a second are answered if servers hold their locks during calls, and {} if they do not: a majority is near.",
            SLOW_MS.last()?,
            last(&held),
            last(&free)
        ),
        series: vec![
            Series { name: "lock held during the call", is_mistaken: true, points: held },
            Series { name: "lock released before the call", is_mistaken: false, points: free },
        ],
    })
}

fn highest_commit_index(run: &Run<Raft>) -> u64 {
    run.simulation()
        .world()
        .replicas()
        .iter()
        .filter_map(|machine| machine.process.as_ref())
        .map(Process::decided)
        .max()
        .unwrap_or_default()
}

fn commit_index() -> Option<Curve> {
    let waiting = run("everyone-must-acknowledge")?.scenario;
    let majority = Scenario { mutations: Vec::new(), ..waiting.clone() };
    let (stuck, free) =
        (sampled(&waiting, 2_500, 50, highest_commit_index)?, sampled(&majority, 2_500, 50, highest_commit_index)?);
    let during = |points: &[(u64, u64)]| {
        let at = |milliseconds: u64| points.iter().find(|&&(x, _)| x >= milliseconds).map_or(0, |&(_, y)| y);
        at(1_950) - at(1_050)
    };
    Some(Curve {
        title: "The highest commit index, with n5 cut off from 1 s to 2 s",
        x: "virtual time, ms",
        y: "commit index",
        sentence: format!(
            "While n5 is cut off, {} entries are committed if the leader waits for everybody, and {} if it waits for a majority.",
            during(&stuck),
            during(&free)
        ),
        series: vec![
            Series { name: "waits for every follower", is_mistaken: true, points: stuck },
            Series { name: "waits for a majority", is_mistaken: false, points: free },
        ],
    })
}

/// How many appends were refused.
fn refused(run: &Run<Raft>) -> u64 {
    use crate::process::Catalogue;
    let trace = run.simulation().trace();
    let replicas = run.simulation().world().setup().replicas;
    let code = crate::raft::Rule::AppendRefused.code();
    trace.events.iter().filter(|event| event.node < replicas && trace.rules_of(event).any(|rule| rule == code)).count()
        as u64
}

fn refusals() -> Option<Curve> {
    let stubborn = run("never-backs-up")?.scenario;
    let sound = Scenario { mutations: Vec::new(), ..stubborn.clone() };
    let (many, few) = (sampled(&stubborn, 4_000, 100, refused)?, sampled(&sound, 4_000, 100, refused)?);
    Some(Curve {
        title: "Appends refused so far",
        x: "virtual time, ms",
        y: "refusals",
        sentence: format!(
            "After four seconds {} appends were refused if the leader never steps back, and {} if it does.",
            last(&many),
            last(&few)
        ),
        series: vec![
            Series { name: "offers the same again", is_mistaken: true, points: many },
            Series { name: "steps back", is_mistaken: false, points: few },
        ],
    })
}
