//! One protocol follows a script, read in one way: who was served on which side of a partition, how soon, and how old
//! what was read was.
//!
//! A read is *stale* if a write to its key is missing in it, and the client of that write had been told so before the
//! read began. How many such writes it missed is counted in the order of the log; it is *behind* by the time from when
//! the client of the first of them was told, to when the read began. All is read off histories and logs: no log is
//! compacted in such a run, so that the order of all writes is there at its end.
//!
//! The *minority* are the clients that a partition leaves with fewer than half of the replicas; without a partition all
//! are with the majority. What an operation is counted for is decided by when it began.

use super::fit;
use super::script::Script;
use super::stage::{Place, Stage, Trouble};
use super::summary::Quantiles;
use crate::kv::{Answer, Command, Ending, Reading, Value};
use crate::process::{NodeId, NodeSet, Ticks};
use crate::run::history::ClientOperation;
use crate::run::promise::{Promised, promised};
use crate::scenario::{Playable, Scenario, ScenarioError, WithProtocol, with_protocol};
use crate::sim::Action;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// Steps of the judges for one history.
const STEPS_MAX: u64 = 20_000_000;

/// The protocols that can be read in more than one way.
pub const READ: &[&str] = &["raft", "multi-paxos", "viewstamped"];

/// How operations of a kind fared.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Served {
    /// How many began.
    pub asked: u64,
    /// How many of them were answered before the phase was over.
    pub answered: u64,
    /// How long these took.
    pub latency_ticks: Option<Quantiles>,
    #[serde(skip)]
    latencies: Vec<u64>,
}

/// How clients fared in a phase of all runs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fared {
    /// Reads.
    pub reads: Served,
    /// Writes.
    pub writes: Served,
    /// Reads that were answered with what had been replaced.
    pub stale: u64,
    /// How many writes each of them missed.
    pub missed: Option<Quantiles>,
    /// By how much each of them was behind.
    pub behind_ticks: Option<Quantiles>,
    #[serde(skip)]
    all_missed: Vec<u64>,
    #[serde(skip)]
    all_behind: Vec<u64>,
}

/// What was measured of one way of reading, in all runs together.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadsMeasured {
    /// How many runs.
    pub runs: u64,
    /// Before the first fault.
    pub calm: Fared,
    /// On the side of the minority, from the first fault to what undid the last.
    pub minority: Fared,
    /// On the side of the majority, in the same time.
    pub majority: Fared,
    /// What the way promises of a history; null if nothing.
    pub promised: Option<&'static str>,
    /// In how many runs that was kept.
    pub kept_runs: u64,
    /// In how many runs the judges reached their bound before that was known.
    pub not_known_runs: u64,
    /// In how many runs the history was linearizable.
    pub linearizable_runs: u64,
    /// In how many runs an invariant of the protocol was broken.
    pub broken_runs: u64,
    /// What a lease counts on, and did not hold.
    pub beyond_the_model: Option<String>,
}

impl Served {
    fn add(&mut self, operation: &ClientOperation, end: Ticks) -> bool {
        self.asked += 1;
        let answered = match &operation.completed {
            Some((moment, Ending::Ok(_))) if moment.time < end => moment.time,
            _ => return false,
        };
        self.answered += 1;
        self.latencies.push(answered - operation.invoked.time);
        true
    }

    fn sum_up(&mut self) {
        self.latency_ticks = Quantiles::of(std::mem::take(&mut self.latencies));
    }
}

impl Fared {
    fn sum_up(&mut self) {
        self.reads.sum_up();
        self.writes.sum_up();
        self.missed = Quantiles::of(std::mem::take(&mut self.all_missed));
        self.behind_ticks = Quantiles::of(std::mem::take(&mut self.all_behind));
    }
}

impl ReadsMeasured {
    /// All runs are in: how the numbers are spread.
    pub fn sum_up(&mut self) {
        for fared in [&mut self.calm, &mut self.minority, &mut self.majority] {
            fared.sum_up();
        }
    }

    /// As much more, of other runs.
    pub fn add(&mut self, other: Self) {
        self.runs += other.runs;
        for (sum, more) in
            [(&mut self.calm, other.calm), (&mut self.minority, other.minority), (&mut self.majority, other.majority)]
        {
            for (sum, more) in [(&mut sum.reads, more.reads), (&mut sum.writes, more.writes)] {
                sum.asked += more.asked;
                sum.answered += more.answered;
                sum.latencies.extend(more.latencies);
            }
            sum.stale += more.stale;
            sum.all_missed.extend(more.all_missed);
            sum.all_behind.extend(more.all_behind);
        }
        self.promised = other.promised;
        self.kept_runs += other.kept_runs;
        self.not_known_runs += other.not_known_runs;
        self.linearizable_runs += other.linearizable_runs;
        self.broken_runs += other.broken_runs;
        self.beyond_the_model = other.beyond_the_model;
    }
}

/// The ways in which a protocol can be read.
///
/// # Errors
///
/// If there is no such protocol, or only one way to read it.
pub fn ways_of(protocol: &str) -> Result<&'static [Reading], ScenarioError> {
    struct Ways;
    impl WithProtocol for Ways {
        type Output = &'static [Reading];

        fn with<R: Playable>(self) -> Self::Output {
            R::READINGS
        }
    }
    let ways = with_protocol(protocol, Ways)?;
    if ways.len() < 2 {
        let problem = format!("{protocol} has one way to read: there are {}", READ.join(", "));
        return Err(ScenarioError::at("protocol", problem));
    }
    Ok(ways)
}

/// The script as it is followed for one way of reading.
///
/// # Errors
///
/// If it deletes: what is missing then was not there, or is not there any more.
pub fn read_in(script: &Script, way: Reading) -> Result<Script, ScenarioError> {
    if script.workload.mix.delete > 0 {
        return Err(ScenarioError::at("workload.mix.delete", "0 here: how old is it that nothing was found?"));
    }
    let mut script = Script { reads: Some(way.name().to_owned()), ..script.clone() };
    script.raft.snapshot_threshold = 0;
    script.multi_paxos.snapshot_threshold = 0;
    script.viewstamped.checkpoint_threshold = 0;
    Ok(script)
}

struct Once<'a> {
    script: &'a Script,
    seed: u64,
}

impl WithProtocol for Once<'_> {
    type Output = Result<ReadsMeasured, Trouble>;

    fn with<R: Playable>(self) -> Self::Output {
        measure::<R>(self.script, self.seed)
    }
}

/// Lets a protocol follow a script with a seed, which says how it is read, and measures how its clients fared.
///
/// # Errors
///
/// If the script is wrong, or beyond what the protocol can follow.
pub fn once(script: &Script, protocol: &str, seed: u64) -> Result<ReadsMeasured, Trouble> {
    with_protocol(protocol, Once { script, seed })?
}

fn measure<R: Playable>(script: &Script, seed: u64) -> Result<ReadsMeasured, Trouble> {
    fit::check::<R>(script)?;
    let mut stage = Stage::<R>::follow(script, seed)?;
    let broken = !stage.run.findings_at_end().is_empty();
    let operations = stage.run.history().to_vec();
    let promised = promised(stage.run.reading());
    let linearizable = stage.run.is_linearizable(STEPS_MAX);
    let kept = promised.map_or(Some(true), |promised| stage.run.keeps(promised, STEPS_MAX));
    let scenario: Scenario = stage.scenario();
    let places = places_in_log(&stage);
    let until = script.until_ticks;
    let fault = stage.marks.fault.map_or(until, |place: Place| place.time);
    let undone = match stage.marks.last {
        Some(last) if last.time > fault => last.time,
        _ => until,
    };
    let reader = Reader { operations: &operations, places, minority: minority(&stage) };
    let everybody = |_: NodeId| true;
    Ok(ReadsMeasured {
        runs: 1,
        calm: reader.fared(script.steady_ticks..fault, everybody),
        minority: reader.fared(fault..undone, |client| reader.minority.contains(client)),
        majority: reader.fared(fault..undone, |client| !reader.minority.contains(client)),
        promised: promised.map(Promised::name),
        kept_runs: u64::from(kept == Some(true)),
        not_known_runs: u64::from(kept.is_none()),
        linearizable_runs: u64::from(linearizable == Some(true)),
        broken_runs: u64::from(broken),
        beyond_the_model: scenario.clocks_beyond_the_lease(),
    })
}

/// Who was left with fewer than half of the replicas, by the first partition of the run.
fn minority<R: Playable>(stage: &Stage<'_, R>) -> NodeSet {
    let simulation = stage.run.simulation();
    let replicas = simulation.world().setup().replicas;
    let partition = simulation.interventions().iter().find_map(|each| match &each.action {
        Action::Partition(groups) => Some(groups),
        _ => None,
    });
    let is_small =
        |group: &&NodeSet| 2 * group.iter().filter(|node| node.0 < replicas).count() <= usize::from(replicas);
    partition.into_iter().flatten().filter(is_small).flat_map(|group| group.iter()).collect()
}

/// For each command that stands in the log at the end, by its words, where it stands first.
fn places_in_log<R: Playable>(stage: &Stage<'_, R>) -> BTreeMap<String, u64> {
    let running = stage.run.simulation().world().replicas().iter().filter_map(|each| each.process.as_ref());
    let furthest = running.max_by_key(|process| process.decided());
    let mut places = BTreeMap::new();
    if let Some(log) = furthest.and_then(|process| process.view().log) {
        for cell in log.cells.into_iter().filter(|cell| cell.index <= log.commit_index) {
            places.entry(cell.text).or_insert(cell.index);
        }
    }
    places
}

/// Reads a history.
struct Reader<'a> {
    operations: &'a [ClientOperation],
    places: BTreeMap<String, u64>,
    minority: NodeSet,
}

/// What a command writes, if it does.
fn written(command: &Command) -> Option<&Value> {
    match command {
        Command::Put { value, .. } | Command::Cas { new: value, .. } | Command::CasOrCreate { new: value, .. } => {
            Some(value)
        }
        Command::Get { .. } | Command::Delete { .. } => None,
    }
}

impl Reader<'_> {
    /// How those clients fared with what they asked for within these times.
    fn fared(&self, times: Range<Ticks>, counts: impl Fn(NodeId) -> bool) -> Fared {
        let mut fared = Fared::default();
        let began = self.operations.iter().filter(|operation| times.contains(&operation.invoked.time));
        for operation in began.filter(|operation| counts(operation.client)) {
            if !operation.command.is_read() {
                fared.writes.add(operation, times.end);
            } else if fared.reads.add(operation, times.end)
                && let Some((missed, behind)) = self.staleness(operation)
            {
                fared.stale += 1;
                fared.all_missed.push(missed);
                fared.all_behind.push(behind);
            }
        }
        fared
    }

    fn place(&self, operation: &ClientOperation) -> Option<u64> {
        self.places.get(&operation.command.to_string()).copied()
    }

    /// How many writes a read missed of which a client had been told before it began, and how long ago that of the
    /// first was; none of a read that missed none.
    fn staleness(&self, read: &ClientOperation) -> Option<(u64, Ticks)> {
        let Some((_, Ending::Ok(Answer::Value(found)))) = &read.completed else { return None };
        let key = read.command.key();
        let of_key = || self.operations.iter().filter(|operation| operation.command.key() == key);
        let found = match found {
            None => 0,
            Some(value) => {
                of_key().find(|each| written(&each.command) == Some(value)).and_then(|each| self.place(each))?
            }
        };
        let told = of_key().filter_map(|write| match &write.completed {
            Some((moment, ending)) if ending.took_effect() && moment.position < read.invoked.position => {
                written(&write.command)?;
                Some((self.place(write)?, moment.time))
            }
            _ => None,
        });
        let missed: Vec<Ticks> = told.filter(|(place, _)| *place > found).map(|(_, time)| time).collect();
        Some((missed.len() as u64, read.invoked.time - missed.iter().min()?))
    }
}
