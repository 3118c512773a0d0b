//! Finds the moments of a scenario's captions in its run.
//!
//! A [`Story`] reads the trace on as the run goes on: each event is looked at once, and each caption counts those of
//! its kind. When as many have happened as it waits for, the caption is reached, and keeps the number of events up to and
//! with that one: a playhead that stands there has just seen it. What the run forgets, because somebody acts in the
//! past, the story forgets too, and reads again: a moment that no longer happens is not reached.
//!
//! Violations, contradictions and proofs are not in the trace. They are asked of those who watch the run, where a
//! caption waits for one, and only when something has happened that may have brought one.

use super::captions::{self, Caption, EndingKind, Moment, MomentKind, OperationKind, check_nth, unknown};
use super::error::ScenarioError;
use super::names::Names;
use super::protocols::Playable;
use super::settings::Scenario;
use crate::check::linearizability::Verdict;
use crate::kv::{ClientReport, Command, Ending};
use crate::process::{Catalogue as _, Message as _, Ticks};
use crate::run::Run;
use crate::sim::EventRecord;
use crate::sim::trace::{InputKind, NONE, Trace, flag};

/// Steps that the checker may take when a story asks whether the answers contradict each other.
const VERDICT_STEPS_MAX: u64 = 100_000;

/// A history longer than this is judged only each time that it has grown by an eighth: a story must not slow a long
/// run down.
const JUDGED_EACH_TIME: u32 = 200;

/// Where the captions of a scenario stand in its run.
#[derive(Clone, Debug, Default)]
pub struct Story {
    watches: Vec<Watch>,
    /// So many events have been read.
    events: u32,
    /// So many operations had ended when the history was judged last.
    judged: u32,
    /// So many operations have ended.
    ended: u32,
}

/// A caption's moment, waited for.
#[derive(Clone, Debug)]
struct Watch {
    sign: Sign,
    node: Option<u16>,
    nth: u32,
    seen: u32,
    reached: Option<Reached>,
}

/// By what a moment is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sign {
    At(Ticks),
    Role(u8),
    Decided,
    Rule(u8),
    Message(u8, Option<u16>),
    Invoked(Option<OperationKind>),
    Completed(Option<OperationKind>, Option<EndingKind>),
    Intervention,
    Broken(Option<&'static str>),
    Contradiction,
    Proof,
}

/// Where a caption's moment is in the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reached {
    /// How many events have happened then: up to, and with, that of the moment.
    pub events: u32,
    /// When.
    pub time: Ticks,
}

impl Story {
    /// Waits for the moments of a scenario's captions.
    ///
    /// # Errors
    ///
    /// Says which part of a caption is too long, or names something that is not there.
    pub fn of<R: Playable>(scenario: &Scenario) -> Result<Self, ScenarioError> {
        let names = scenario.names()?;
        captions::check::<R>(&scenario.captions, &names)?;
        let watch = |(ordinal, caption): (usize, &Caption)| {
            Watch::of::<R>(&caption.moment, &names)
                .map_err(|error| error.within("moment").within(&format!("captions[{ordinal}]")))
        };
        let watches = scenario.captions.iter().enumerate().map(watch).collect::<Result<_, _>>()?;
        Ok(Self { watches, ..Self::default() })
    }

    /// Reads what has happened since, and says of each caption where it is; none for what is not reached.
    pub fn read<R: Playable>(&mut self, run: &mut Run<R>) -> Vec<Option<Reached>> {
        if self.watches.is_empty() {
            return Vec::new();
        }
        self.forget(run.simulation().events());
        let replicas = run.simulation().world().setup().replicas;
        let trace = run.simulation().trace();
        for (ordinal, event) in trace.events.iter().enumerate().skip(self.events as usize) {
            self.ended += u32::from(event.flags & flag::COMPLETION != 0);
            for watch in self.watches.iter_mut().filter(|watch| watch.reached.is_none()) {
                watch.look(trace, ordinal as u32, event, replicas);
            }
        }
        let events = trace.events.len() as u32;
        let is_new = events > self.events;
        self.events = events;
        self.read_time(run);
        if is_new {
            self.ask_watchers(run);
        }
        self.watches.iter().map(|watch| watch.reached).collect()
    }

    /// Forgets all events from an index on.
    pub fn forget(&mut self, from: u32) {
        if from >= self.events {
            return;
        }
        (self.events, self.judged, self.ended) = (0, 0, 0);
        for watch in &mut self.watches {
            // What those who watch have found before is not asked for again: they may not know it any more. A time that
            // has come stays, although the run may now end before it.
            let is_kept = watch.sign.is_asked_for() || matches!(watch.sign, Sign::At(_));
            let stays = is_kept && watch.reached.is_some_and(|reached| reached.events <= from);
            watch.seen = 0;
            watch.reached = watch.reached.filter(|_| stays);
        }
    }

    /// A time has come when the run is later: then all events of that tick are recorded. What is done from outside
    /// right there comes after the moment, for that is what a caption may ask for.
    fn read_time<R: Playable>(&mut self, run: &Run<R>) {
        let events = &run.simulation().trace().events;
        let world = run.simulation().world();
        // At the live end: the time before which all has happened.
        let now = if run.simulation().is_live() { world.action_time() } else { 0 };
        let until = events.last().map_or(0, |event| event.time).max(now);
        for watch in self.watches.iter_mut().filter(|watch| watch.reached.is_none()) {
            if let Sign::At(time) = watch.sign
                && until > time
            {
                let before = &events[..events.partition_point(|event| event.time <= time)];
                let done = before.iter().rev().take_while(|event| is_from_outside(event)).count();
                watch.reached = Some(Reached { events: (before.len() - done) as u32, time });
            }
        }
    }

    fn ask_watchers<R: Playable>(&mut self, run: &mut Run<R>) {
        let waits = |story: &Self, wanted: fn(Sign) -> bool| {
            story.watches.iter().any(|watch| watch.reached.is_none() && wanted(watch.sign))
        };
        if waits(self, |sign| matches!(sign, Sign::Broken(_))) {
            self.ask_monitor(run);
        }
        if waits(self, |sign| sign == Sign::Contradiction) && self.is_worth_judging() {
            self.judged = self.ended;
            let found = contradiction(run);
            self.note(|sign| sign == Sign::Contradiction, run, found);
        }
        if waits(self, |sign| sign == Sign::Proof) {
            let found = run.proofs().iter().filter_map(|proof| proof.event).min();
            self.note(|sign| sign == Sign::Proof, run, found);
        }
    }

    fn ask_monitor<R: Playable>(&mut self, run: &Run<R>) {
        let findings = run.findings();
        let reported = run.simulation().trace().violations.first().map(|violation| violation.event);
        let first = findings.iter().map(|finding| finding.event).chain(reported).min();
        self.note(|sign| sign == Sign::Broken(None), run, first);
        for finding in &findings {
            self.note(|sign| sign == Sign::Broken(Some(finding.invariant.name)), run, Some(finding.event));
        }
    }

    fn is_worth_judging(&self) -> bool {
        let grown = if self.ended > JUDGED_EACH_TIME { self.judged + self.judged / 8 } else { self.judged };
        self.ended > grown
    }

    fn note<R: Playable>(&mut self, wanted: impl Fn(Sign) -> bool, run: &Run<R>, event: Option<u32>) {
        let Some(event) = event else { return };
        let Some(record) = run.simulation().trace().events.get(event as usize) else { return };
        let reached = Reached { events: event + 1, time: record.time };
        for watch in self.watches.iter_mut().filter(|watch| watch.reached.is_none() && wanted(watch.sign)) {
            watch.reached = Some(reached);
        }
    }
}

/// The event at which an operation ended whose answer contradicts what was answered before.
fn contradiction<R: Playable>(run: &mut Run<R>) -> Option<u32> {
    let Verdict::NotLinearizable(violation) = run.verdict(VERDICT_STEPS_MAX).report.verdict else { return None };
    let (moment, _) = run.history().get(violation.operation)?.completed.as_ref()?;
    Some(moment.event)
}

impl Sign {
    /// Whether it is not in the trace, but asked of those who watch.
    fn is_asked_for(self) -> bool {
        matches!(self, Self::Broken(_) | Self::Contradiction | Self::Proof)
    }

    fn of<R: Playable>(moment: &Moment, names: &Names) -> Result<Self, ScenarioError> {
        let listed = |what: &str, name: &str, known: &'static [&'static str]| {
            let code = known.iter().position(|each| *each == name).map(|code| code as u8);
            code.ok_or_else(|| unknown(&format!("on.{what}"), what, name, known.iter().copied()))
        };
        Ok(match &moment.on {
            MomentKind::At(time) => Self::At(super::bounds::check_ticks("on.at", *time)?),
            MomentKind::Role(role) => Self::Role(listed("role", role, R::ROLES)?),
            MomentKind::Decided => Self::Decided,
            MomentKind::Rule(name) => {
                let rule = R::Rule::named(name);
                let rule =
                    rule.ok_or_else(|| unknown("on.rule", "rule", name, R::Rule::ALL.iter().map(|rule| rule.name())))?;
                Self::Rule(rule.code())
            }
            MomentKind::Message(kind) => {
                let from = moment.from.as_ref().map(|from| names.process("from", from)).transpose()?;
                Self::Message(listed("message", kind, R::Message::KINDS)?, from.map(|node| node.0))
            }
            MomentKind::Invoked => Self::Invoked(moment.operation),
            MomentKind::Completed => Self::Completed(moment.operation, moment.ending),
            MomentKind::Intervention => Self::Intervention,
            MomentKind::Broken(name) => {
                let known = <R::Monitor as crate::check::Monitor<R>>::INVARIANTS;
                let invariant = known.iter().find(|invariant| invariant.name == *name);
                let unknown = || unknown("on.broken", "invariant", name, known.iter().map(|invariant| invariant.name));
                Self::Broken(Some(invariant.ok_or_else(unknown)?.name))
            }
            MomentKind::Violation => Self::Broken(None),
            MomentKind::Contradiction => Self::Contradiction,
            MomentKind::Proof => Self::Proof,
        })
    }
}

impl Watch {
    fn of<R: Playable>(moment: &Moment, names: &Names) -> Result<Self, ScenarioError> {
        let sign = Sign::of::<R>(moment, names)?;
        let only = |place: &str, is_given: bool, holds: bool, what: &str| match is_given && !holds {
            true => Err(ScenarioError::at(place, format!("only {what} has one"))),
            false => Ok(()),
        };
        let is_operation = matches!(sign, Sign::Invoked(_) | Sign::Completed(..));
        only("from", moment.from.is_some(), matches!(sign, Sign::Message(..)), "a message")?;
        only("operation", moment.operation.is_some(), is_operation, "an operation that is invoked or completed")?;
        only("ending", moment.ending.is_some(), matches!(sign, Sign::Completed(..)), "an operation that is completed")?;
        let is_anywhere = matches!(sign, Sign::At(_) | Sign::Intervention) || sign.is_asked_for();
        only("node", moment.node.is_some(), !is_anywhere, "an event of one process")?;
        let is_once = matches!(sign, Sign::At(_)) || sign.is_asked_for();
        if is_once && moment.nth != 1 {
            return Err(ScenarioError::at("nth", format!("it happens once: 1, not {}", moment.nth)));
        }
        let node = match &moment.node {
            Some(name) if is_operation => Some(names.client("node", name)?.0),
            Some(name) if matches!(sign, Sign::Message(..)) => Some(names.process("node", name)?.0),
            Some(name) => Some(names.replica("node", name)?.0),
            None => None,
        };
        Ok(Self { sign, node, nth: check_nth(moment.nth)?, seen: 0, reached: None })
    }

    /// Looks at one more event.
    fn look<R: Playable>(&mut self, trace: &Trace<R>, ordinal: u32, event: &EventRecord, replicas: u16) {
        if self.node.is_some_and(|node| node != event.node) || !self.is_seen_in(trace, ordinal, event, replicas) {
            return;
        }
        self.seen += 1;
        if self.seen == self.nth {
            self.reached = Some(Reached { events: ordinal + 1, time: event.time });
        }
    }

    fn is_seen_in<R: Playable>(&self, trace: &Trace<R>, ordinal: u32, event: &EventRecord, replicas: u16) -> bool {
        let is_replica = event.node < replicas;
        let has = |bit: u8| event.flags & bit != 0;
        match self.sign {
            Sign::Role(role) => is_replica && has(flag::ROLE_CHANGED) && event.role == role,
            Sign::Decided => is_replica && has(flag::DECIDED),
            Sign::Rule(rule) => is_replica && trace.rules_of(event).any(|code| code == rule),
            Sign::Message(kind, from) => {
                let message =
                    (event.input == InputKind::Message).then(|| trace.messages.get(event.cause as usize)).flatten();
                message.is_some_and(|message| {
                    message.body.kind() == kind && from.is_none_or(|from| message.from.0 == from)
                })
            }
            Sign::Invoked(operation) => has(flag::INVOCATION) && is_asked(trace, ordinal, operation),
            Sign::Completed(operation, ending) => has(flag::COMPLETION) && is_ended(trace, ordinal, operation, ending),
            Sign::Intervention => is_from_outside(event),
            Sign::At(_) | Sign::Broken(_) | Sign::Contradiction | Sign::Proof => false,
        }
    }
}

/// Whether somebody did it to the run.
fn is_from_outside(event: &EventRecord) -> bool {
    event.input == InputKind::Intervention || (event.input == InputKind::Invoke && event.cause != NONE)
}

fn is_asked<R: Playable>(trace: &Trace<R>, event: u32, operation: Option<OperationKind>) -> bool {
    let first = trace.reports.partition_point(|record| record.event < event);
    let reports = trace.reports.iter().skip(first).take_while(|record| record.event == event);
    reports.into_iter().any(|record| match &record.report {
        ClientReport::Invoked { command, .. } => operation.is_none_or(|kind| kind == kind_of(command)),
        ClientReport::Completed { .. } => false,
    })
}

fn is_ended<R: Playable>(
    trace: &Trace<R>,
    event: u32,
    operation: Option<OperationKind>,
    wanted: Option<EndingKind>,
) -> bool {
    let first = trace.reports.partition_point(|record| record.event < event);
    let (before, from) = trace.reports.split_at(first);
    from.iter().take_while(|record| record.event == event).any(|record| {
        let ClientReport::Completed { ending, .. } = &record.report else { return false };
        let ends_so = match ending {
            Ending::Ok(_) => EndingKind::Ok,
            Ending::Failed => EndingKind::Failed,
            Ending::Unknown => EndingKind::Unknown,
        };
        let asked =
            || before.iter().rev().find(|earlier| earlier.client == record.client).map(|earlier| &earlier.report);
        let is_of_kind =
            |kind| matches!(asked(), Some(ClientReport::Invoked { command, .. }) if kind_of(command) == kind);
        wanted.is_none_or(|wanted| wanted == ends_so) && operation.is_none_or(is_of_kind)
    })
}

fn kind_of(command: &Command) -> OperationKind {
    match command {
        Command::Get { .. } => OperationKind::Get,
        Command::Put { .. } => OperationKind::Put,
        Command::Delete { .. } => OperationKind::Delete,
        Command::Cas { .. } | Command::CasOrCreate { .. } => OperationKind::Cas,
    }
}
