//! Goals: what a run is to show, and whether it does.
//!
//! A goal is met by a run, not by an answer: the run comes as a link ([`crate::scenario::link`]), is replayed here from
//! its scenario, and must come out with the link's trace hash. Then the goal's limits are looked at (which rules may be
//! switched off, how many crashes, who may lie), and what a [`watch`](self) of the goal has seen along the way says
//! that the goal is met and where, or what is missing.
//!
//! * `elections`, `entries`, `figure_8`, `clients`: goals of Raft. * `paxos`: goals of single-decree Paxos. * `pbft`:
//!   what a liar too many can do. * `deeds`: what was done to a run that a goal may not allow.

mod clients;
mod deeds;
mod elections;
mod entries;
mod figure_8;
mod paxos;
mod pbft;

use crate::kv::ClientReport;
use crate::process::{Catalogue, NodeId};
use crate::run::Run;
use crate::scenario::{Link, Playable, ScenarioError};
use crate::sim::trace::{InputKind, MessageRecord, ReportRecord, flag};
use crate::sim::{EventRecord, Stepped};
use deeds::Deeds;
use serde::Serialize;
use std::fmt;

/// Something that a run is to show.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Goal {
    /// In kebab-case, as links and the command line write it.
    pub name: &'static str,
    /// A few words.
    pub title: &'static str,
    /// What the run is to show, in a sentence or two.
    pub statement: &'static str,
    /// Where the paper speaks of it.
    pub source: &'static str,
    /// The protocol of the run.
    pub protocol: &'static str,
    /// What the run may not go beyond.
    pub limits: Limits,
    #[serde(skip)]
    play: fn(&Link, &Limits) -> Result<Seen, GradeError>,
}

/// What a run may not go beyond.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limits {
    /// Rules that may be switched off, one of them at a time. None: the core is sound.
    pub mutations: &'static [&'static str],
    /// The fewest replicas.
    pub replicas_min: u32,
    /// Most crashes of replicas; none: as many as one likes. A disk is never wiped.
    pub crashes_max: Option<u32>,
    /// Most processes that may be told to lie.
    pub liars_max: u32,
}

impl Limits {
    /// A sound core, of at least so many replicas.
    const fn sound(replicas_min: u32) -> Self {
        Self { mutations: &[], replicas_min, crashes_max: None, liars_max: 0 }
    }
}

/// All goals, the easier ones of each protocol first.
pub const GOALS: &[Goal] = &[
    elections::WITHOUT_SPLIT_VOTE,
    elections::SPLIT_VOTE,
    elections::TWO_LEADERS,
    clients::MINORITY_DOWN,
    entries::MINORITY_WRITE,
    entries::SNAPSHOT,
    clients::READ_CONFIRMED,
    clients::STALE_READ,
    figure_8::FIGURE_8,
    entries::COMMITTED_ENTRY_LOST,
    paxos::ANOTHERS_PROPOSAL,
    paxos::DUEL,
    pbft::BREAK_AGREEMENT,
];

/// A run's grade.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grade {
    /// Which goal.
    pub goal: &'static str,
    /// Whether the run meets it.
    pub met: bool,
    /// The event after which it is met.
    pub event: Option<u32>,
    /// What was seen, or what is missing.
    pub sentence: String,
}

/// Why a link cannot be graded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GradeError {
    /// Its scenario cannot be run.
    Scenario(ScenarioError),
    /// Its run comes out another way than it says.
    AnotherRun(String),
    /// There is no such goal.
    NoSuchGoal(String),
}

impl fmt::Display for GradeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scenario(error) => error.fmt(f),
            Self::AnotherRun(message) | Self::NoSuchGoal(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for GradeError {}

/// The goal with a name.
///
/// # Errors
///
/// Says which goals there are.
pub fn goal(name: &str) -> Result<&'static Goal, GradeError> {
    GOALS.iter().find(|goal| goal.name == name).ok_or_else(|| {
        let shown: String = name.chars().take(60).collect();
        let names: Vec<&str> = GOALS.iter().map(|goal| goal.name).collect();
        GradeError::NoSuchGoal(format!("there is no goal {shown:?}: there are {}", names.join(", ")))
    })
}

impl Goal {
    /// Replays the run of a link, and says whether it meets the goal.
    ///
    /// # Errors
    ///
    /// If the link's run cannot be replayed to the link's hash.
    pub fn grade(&self, link: &Link) -> Result<Grade, GradeError> {
        let seen = if link.scenario.protocol == self.protocol {
            (self.play)(link, &self.limits)?
        } else {
            Err(format!("the goal is one of {}, and the run is one of {}", self.protocol, link.scenario.protocol))
        };
        let (met, event, sentence) = match seen {
            Ok(Shown { event, sentence }) => (true, Some(event), sentence),
            Err(missing) => (false, None, missing),
        };
        Ok(Grade { goal: self.name, met, event, sentence })
    }
}

/// What meets a goal: the event after which it is met, and what was seen.
struct Shown {
    event: u32,
    sentence: String,
}

/// What meets a goal, or what is missing.
type Seen = Result<Shown, String>;

/// Watches one run with one goal in mind.
trait Watch<R: Playable>: Default {
    /// Looks at the run right after an event.
    fn observe(&mut self, moment: &Moment<'_, R>);

    /// Whether what was seen so far may still turn out otherwise. The run then goes on by itself after its end, under
    /// the watch's eyes, until it cannot.
    fn is_open(&self, _: &Run<R>) -> bool {
        false
    }

    /// Says whether the goal is met, at the end of the run.
    fn conclude(self, run: &mut Run<R>) -> Seen;
}

/// A run right after an event.
struct Moment<'a, R: Playable> {
    run: &'a Run<R>,
    event: u32,
    record: &'a EventRecord,
}

impl<R: Playable> Moment<'_, R> {
    /// Whether a line of the paper made something happen in this event.
    fn fired(&self, rule: R::Rule) -> bool {
        self.is_of_replica() && self.run.simulation().trace().rules_of(self.record).any(|code| code == rule.code())
    }

    fn is_of_replica(&self) -> bool {
        self.record.node < self.replicas()
    }

    fn replicas(&self) -> u16 {
        self.run.simulation().world().setup().replicas
    }

    fn majority(&self) -> u32 {
        u32::from(self.replicas()) / 2 + 1
    }

    fn node(&self) -> NodeId {
        NodeId(self.record.node)
    }

    /// The process whose event this is, if it is a replica that is up.
    fn process(&self) -> Option<&R> {
        self.run
            .simulation()
            .world()
            .replicas()
            .get(usize::from(self.record.node))
            .and_then(|machine| machine.process.as_ref())
    }

    /// Whether a replica can talk, both ways, with a majority that counts itself.
    fn reaches_majority(&self, node: NodeId) -> bool {
        let network = self.run.simulation().world().network();
        let reached = (0..self.replicas())
            .map(NodeId)
            .filter(|&other| other == node || !(network.is_cut(node, other) || network.is_cut(other, node)));
        reached.count() as u32 >= self.majority()
    }

    /// The message that is handled in this event, if it handles one.
    fn handled(&self) -> Option<&MessageRecord<R::Message>> {
        let is_message = self.record.input == InputKind::Message;
        self.run.simulation().trace().messages.get(self.record.cause as usize).filter(|_| is_message)
    }

    fn name(&self, node: NodeId) -> String {
        self.run.simulation().world().name(node)
    }

    /// What clients report of this event, oldest first.
    fn reports(&self) -> Vec<&ReportRecord> {
        if self.record.flags & (flag::INVOCATION | flag::COMPLETION) == 0 {
            return Vec::new();
        }
        let latest = self.run.simulation().trace().reports.iter().rev();
        let mut reports: Vec<_> = latest.take_while(|record| record.event == self.event).collect();
        reports.reverse();
        reports
    }

    /// The commands whose clients are told in this event that they took effect, by client and number.
    fn told_of_effect(&self) -> Vec<(NodeId, u64)> {
        let told = |record: &&ReportRecord| match &record.report {
            ClientReport::Completed { sequence, ending } if ending.took_effect() => Some((record.client, *sequence)),
            _ => None,
        };
        self.reports().iter().filter_map(told).collect()
    }
}

/// Most events that a run goes on after its end.
const AFTERWARDS_EVENTS_MAX: u32 = 20_000;

/// Replays a link under a watch.
fn play<R: Playable, W: Watch<R>>(link: &Link, limits: &Limits) -> Result<Seen, GradeError> {
    let mut run = Run::new(link.scenario.simulation::<R>().map_err(GradeError::Scenario)?);
    let mut watch = W::default();
    while run.simulation().cursor() < link.events {
        let event = run.simulation().cursor();
        if run.step_until(u64::MAX) != Stepped::Event {
            return Err(another_run(
                link,
                &format!("here the run ends after {event} events, and the link has {}", link.events),
            ));
        }
        if let Some(record) = run.simulation().trace().events.get(event as usize) {
            watch.observe(&Moment { run: &run, event, record });
        }
    }
    if run.hash_after(link.events) != link.trace_hash {
        return Err(another_run(link, "here the run has another trace hash than the link says"));
    }
    if let Err(beyond) = within(limits, link, &run) {
        return Ok(Err(beyond));
    }
    for _ in 0..AFTERWARDS_EVENTS_MAX {
        let event = run.simulation().cursor();
        if !watch.is_open(&run) || run.step_until(u64::MAX) != Stepped::Event {
            break;
        }
        if let Some(record) = run.simulation().trace().events.get(event as usize) {
            watch.observe(&Moment { run: &run, event, record });
        }
    }
    Ok(watch.conclude(&mut run))
}

fn another_run(link: &Link, what: &str) -> GradeError {
    let version = if link.is_of_this_engine() {
        String::new()
    } else {
        format!(" (the link was made by engine {}, and this is {})", link.engine_version, crate::ENGINE_VERSION)
    };
    GradeError::AnotherRun(format!("{what}{version}"))
}

/// Whether a run keeps within a goal's limits; if not, what goes beyond them.
fn within<R: Playable>(limits: &Limits, link: &Link, run: &Run<R>) -> Result<(), String> {
    let scenario = &link.scenario;
    if let Some(mutation) = scenario.mutations.iter().find(|name| !limits.mutations.contains(&name.as_str())) {
        let allowed = if limits.mutations.is_empty() {
            "none may be".to_owned()
        } else {
            format!("only {} may be", limits.mutations.join(" or "))
        };
        return Err(format!("{mutation} is switched on, and {allowed}"));
    }
    if scenario.mutations.len() > 1 {
        return Err("only one rule may be switched off".to_owned());
    }
    if scenario.replicas < limits.replicas_min {
        return Err(format!("there are {} replicas, and it takes {} or more", scenario.replicas, limits.replicas_min));
    }
    let Deeds { crashes, wipes, liars } = Deeds::of(run.simulation());
    if wipes > 0 {
        return Err("a disk was wiped: no protocol here promises anything then".to_owned());
    }
    let liars = liars.len();
    if liars > limits.liars_max {
        let told = if liars == 1 { "1 process was".to_owned() } else { format!("{liars} processes were") };
        let allowed = if limits.liars_max == 0 {
            "none may be".to_owned()
        } else {
            format!("it must be done by {}", limits.liars_max)
        };
        return Err(format!("{told} told to lie, and {allowed}"));
    }
    match limits.crashes_max {
        Some(most) if crashes > most => Err(format!("{crashes} crashes, and at most {most} are allowed")),
        _ => Ok(()),
    }
}
