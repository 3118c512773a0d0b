//! What a run broke, and whether another run breaks the same.

use super::case::Case;
use super::messages::Driver;
use crate::check::Finding;
use crate::check::linearizability::Verdict;
use crate::kv::Ending;
use crate::process::{MILLISECOND, NodeId, NodeSet, SECOND, Ticks};
use crate::run::Run;
use crate::run::history::ClientOperation;
use crate::run::promise::{Promised, promised};
use crate::scenario::Playable;
use crate::search::hunt::{BOUND, Failure, SETTLE, STEPS_MAX};
use crate::sim::{Action, Stepped};

/// Events between two looks at what the monitor found: it keeps the event of each finding, so a late look loses nothing.
const LOOK_EVENTS: u32 = 16;

/// A client that is asked again as soon as it gives up is without an operation for no longer than this, all together.
const UNASKED_MAX: Ticks = BOUND / 20;

/// Those that stay away when the faults are over go within this time.
const AWAY_WITHIN: Ticks = 100 * MILLISECOND;

/// What is promised, and was broken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Promise {
    /// An invariant of the protocol holds after every event.
    Invariant(&'static str),
    /// What the clients saw can be put into one order.
    Linearizability,
    /// Once the faults are over, every client is served.
    Service,
    /// The two judges of a history agree.
    Judges,
}

/// How a run broke a promise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// After which event.
    pub event: u32,
    /// How many events of the run it takes to see it.
    pub events: u32,
    /// When that is.
    pub time: Ticks,
    /// What was seen, in a sentence.
    pub sentence: String,
}

impl Promise {
    /// What a failure of a hunt broke; none for a run that came to a limit, which broke nothing.
    pub fn of(failure: &Failure) -> Option<Self> {
        match failure.kind {
            "invariant" => Some(Self::Invariant(failure.name)),
            "linearizability" => Some(Self::Linearizability),
            "liveness" => Some(Self::Service),
            "judges" => Some(Self::Judges),
            _ => None,
        }
    }

    /// What a run up to the playhead broke first: an invariant, or else linearizability.
    pub fn broken_by<R: Playable>(run: &mut Run<R>) -> Option<Self> {
        let first = run.findings_at_end().into_iter().min_by_key(|finding| finding.event);
        if let Some(finding) = first {
            return Some(Self::Invariant(finding.invariant.name));
        }
        if promised(run.reading()) != Some(Promised::Linearizable) {
            return None;
        }
        let judgement = run.verdict(STEPS_MAX);
        if judgement.disagreement.is_some() {
            return Some(Self::Judges);
        }
        matches!(judgement.report.verdict, Verdict::NotLinearizable(_)).then_some(Self::Linearizability)
    }

    /// Its name, as a hunt writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invariant(name) => name,
            Self::Linearizability => "linearizability",
            Self::Service => "every-client-is-served",
            Self::Judges => "judges",
        }
    }

    /// Runs a case up to a time, and over at most so many events. How the promise was broken, if it was.
    pub(super) fn broken_in<R: Playable>(
        self,
        case: &Case,
        driver: &mut Driver<R>,
        until: Ticks,
        events_max: u32,
    ) -> Option<Broken> {
        match self {
            Self::Invariant(name) => invariant(driver, name, until, events_max),
            Self::Linearizability | Self::Judges => {
                driver.run_until(until, events_max);
                history(&mut driver.run, self == Self::Judges)
            }
            Self::Service => service(case, driver, until, events_max),
        }
    }
}

fn invariant<R: Playable>(driver: &mut Driver<R>, name: &str, until: Ticks, events_max: u32) -> Option<Broken> {
    let mut left = events_max;
    loop {
        let stepped = driver.run_until(until, left.min(LOOK_EVENTS));
        let run = &mut driver.run;
        left = left.saturating_sub(LOOK_EVENTS);
        let is_over = stepped != Stepped::Event || left == 0;
        let findings = if is_over { run.findings_at_end() } else { run.findings() };
        if let Some(finding) = findings.into_iter().find(|finding| finding.invariant.name == name) {
            run.seek(finding.event + 1);
            let time = run.simulation().world().now();
            let Finding { event, sentence, .. } = finding;
            return Some(Broken { event, events: event + 1, time, sentence });
        }
        if is_over {
            return None;
        }
    }
}

/// What the clients saw is judged at the playhead, and once more right after the answer that cannot be: nothing after
/// it matters.
fn history<R: Playable>(run: &mut Run<R>, judges: bool) -> Option<Broken> {
    let judgement = run.verdict(STEPS_MAX);
    let cursor = run.simulation().cursor();
    let now = run.simulation().world().now();
    if judges {
        let sentence = judgement.disagreement?;
        return Some(Broken { event: cursor.saturating_sub(1), events: cursor, time: now, sentence });
    }
    let Verdict::NotLinearizable(violation) = &judgement.report.verdict else { return None };
    let completed = run.history().get(violation.operation)?.completed.as_ref().map(|(moment, _)| *moment);
    let end = completed.map_or((cursor, now), |moment| (moment.event + 1, moment.time));
    run.seek(end.0);
    let again = run.verdict(STEPS_MAX);
    let is_enough = matches!(again.report.verdict, Verdict::NotLinearizable(_));
    let (events, time) = if is_enough { end } else { (cursor, now) };
    run.seek(events);
    let sentence = if is_enough { again.sentence } else { judgement.sentence };
    Some(Broken { event: events.saturating_sub(1), events, time, sentence })
}

/// When the faults are over, if what a case leaves is what a protocol must bear: fewer are down or lie than may be.
fn calm<R: Playable>(case: &Case) -> Option<Ticks> {
    let removed = case.interventions.iter().rposition(|each| each.action == Action::RemoveFaults);
    let network = case.scenario.network;
    if removed.is_none() && network != network.without_faults() {
        return None;
    }
    let after = &case.interventions[removed.map_or(0, |index| index + 1)..];
    let mut calm = removed.and_then(|index| case.interventions.get(index)).map_or(0, |each| each.at);
    let mut absent = NodeSet::EMPTY;
    for each in after {
        match &each.action {
            Action::Invoke(..) | Action::Workload(_) | Action::Collude(_) => continue,
            Action::Crash(node) | Action::Corrupt(node, _) | Action::Say(node, _) | Action::Depart(node, _) => {
                absent.insert(*node);
            }
            _ => return None,
        }
        calm = calm.max(each.at.saturating_sub(AWAY_WITHIN));
    }
    // One that did not keep to its rules may be stuck where that has brought it.
    for each in &case.interventions {
        if let Action::Depart(node, _) = each.action {
            absent.insert(node);
        }
    }
    let replicas = case.scenario.replicas as u16;
    let config = R::config(&case.scenario).ok()?;
    let powers = R::powers(&config, replicas);
    let power: u64 = absent.iter().filter_map(|node| powers.get(node.index())).sum();
    (power <= R::power_that_may_be_absent(&config, replicas)).then_some(calm)
}

/// As in a hunt: some time after the faults an operation is asked for, again and again, and is not served within the
/// bound.
fn service<R: Playable>(case: &Case, driver: &mut Driver<R>, until: Ticks, events_max: u32) -> Option<Broken> {
    let from = calm::<R>(case)? + SETTLE;
    driver.run_until(until.max(from + BOUND), events_max);
    let run = &mut driver.run;
    let now = run.simulation().world().now();
    let replicas = run.simulation().world().setup().replicas;
    let clients = run.simulation().world().setup().clients;
    let honest = (replicas..replicas + clients).map(NodeId).filter(|&client| {
        let world = run.simulation().world();
        world.is_honest(client) && world.is_up(client)
    });
    let honest: Vec<NodeId> = honest.collect();
    let history = run.history();
    let unserved = honest.into_iter().find_map(|client| {
        let own: Vec<&ClientOperation> = history.iter().filter(|operation| operation.client == client).collect();
        [true, false].into_iter().find_map(|is_read| {
            let end = unserved(&own, is_read, from).filter(|&end| end <= now)?;
            Some((client, is_read, end))
        })
    });
    let (client, is_read, end) = unserved?;
    let events = run.simulation().trace().events.partition_point(|event| event.time <= end) as u32;
    run.seek(events);
    let kind = if is_read { "read" } else { "write" };
    let name = run.simulation().world().name(client);
    let sentence =
        format!("{name} got no {kind} served within {} s, {} s after the faults", BOUND / SECOND, SETTLE / SECOND);
    Some(Broken { event: events.saturating_sub(1), events, time: end, sentence })
}

/// When the bound is over, if none of a client's operations of a kind was served within it, although it was asked all
/// the time.
fn unserved(own: &[&ClientOperation], is_read: bool, from: Ticks) -> Option<Ticks> {
    let is_of_kind =
        |operation: &&&ClientOperation| operation.invoked.time >= from && operation.command.is_read() == is_read;
    let start = own.iter().find(is_of_kind)?.invoked.time;
    let end = start + BOUND;
    let ended =
        |operation: &ClientOperation| operation.completed.as_ref().map_or(end, |(moment, _)| moment.time.min(end));
    let is_served = own
        .iter()
        .filter(is_of_kind)
        .any(|operation| matches!(&operation.completed, Some((moment, Ending::Ok(_))) if moment.time <= end));
    let open: Ticks = own
        .iter()
        .filter(|operation| operation.invoked.time < end)
        .map(|operation| ended(operation).saturating_sub(operation.invoked.time.max(start)))
        .sum();
    (!is_served && open + UNASKED_MAX >= BOUND).then_some(end)
}
