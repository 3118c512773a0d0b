//! How a run ends, in words: what a fork of it is asked for.
//!
//! | Word | What it says |
//! |---|---|
//! | `broken:NAME` | The invariant of that name is broken, or `linearizability`: the clients' history. |
//! | `leader:n3` | n3 begins to lead. |
//! | `decided:VALUE` | VALUE is chosen, and an honest replica knows it: where one value is chosen. |
//! | `served:c1.3` | c1 is told that its third operation took effect. |
//! | `unserved:c1.3` | c1 begins its third operation, and is not told so. |
//! | `lost:c1.3` | c1 is told so, and most replicas have gone past it and never will carry it out. |
//! | `silent:1200-2400` | From 1.2 s to 2.4 s clients wait, and none is answered. |
//!
//! Who can tell is asked: the monitor, the checker, the history, the cores' own views.

use crate::check::linearizability::Verdict;
use crate::check::{Monitor, Watched};
use crate::kv::{Command, Ending};
use crate::process::{MILLISECOND, NodeId, Ticks};
use crate::run::Run;
use crate::run::history::ClientOperation;
use crate::run::transcript::short_seconds;
use crate::scenario::{Playable, ScenarioError};
use crate::search::aim::begins_to_lead;
use crate::sim::process_name;

/// The name of the promise that is no invariant.
const LINEARIZABILITY: &str = "linearizability";

/// Steps of the checker for the history of one fork. Where they do not suffice, nothing is known to be broken.
const STEPS_MAX: u64 = 2_000_000;

/// A shorter silence is none.
const SILENCE: Ticks = 400 * MILLISECOND;

/// Most operations of a kind that are listed, the last ones.
const OPERATIONS_MAX: usize = 20;

/// A client's operation: the same one only if it asks for the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    client: NodeId,
    /// Which of the client's operations, from 1.
    number: usize,
    command: Command,
}

/// How a run ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// An invariant is broken.
    Broken(&'static str),
    /// The clients' history is not linearizable.
    NotLinearizable,
    /// A replica begins to lead.
    Leader(NodeId),
    /// A value is chosen, and an honest replica knows it.
    Decided(String),
    /// A client is told that its operation took effect.
    Served(Asked),
    /// A client begins an operation, and is not told that it took effect.
    Unserved(Asked),
    /// A client is told that its operation took effect, and most replicas have gone past it.
    Lost(Asked),
    /// Clients wait, and none is answered.
    Silent {
        /// From then on.
        from: Ticks,
        /// Until then.
        to: Ticks,
    },
}

/// How a run did end, and when that was so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Had {
    /// How.
    pub outcome: Outcome,
    /// After which event it is so; none where only the end of the run says it.
    pub event: Option<u32>,
}

impl Outcome {
    /// Reads an outcome. What it says of an operation is said of that of the run.
    ///
    /// # Errors
    ///
    /// Says which words there are, or what it names that is not there.
    pub fn read<R: Playable>(text: &str, run: &mut Run<R>) -> Result<Self, ScenarioError> {
        let wrong = |message: String| Err(ScenarioError::at("outcome", message));
        let (word, of) = text.split_once(':').unwrap_or((text, ""));
        match word {
            "broken" if of == LINEARIZABILITY => Ok(Self::NotLinearizable),
            "broken" => {
                let invariants = <R as Watched>::Monitor::INVARIANTS;
                let known = invariants.iter().find(|invariant| invariant.name == of);
                known.map(|invariant| Self::Broken(invariant.name)).map_or_else(
                    || {
                        let names: Vec<&str> = invariants.iter().map(|invariant| invariant.name).collect();
                        wrong(format!("broken: one of {LINEARIZABILITY}, {}", names.join(", ")))
                    },
                    Ok,
                )
            }
            "leader" => match process(of, run).filter(|node| node.0 < run.simulation().world().setup().replicas) {
                Some(node) => Ok(Self::Leader(node)),
                None => wrong("leader: the name of a replica, such as n3".to_owned()),
            },
            "decided" if R::ONLY_KEY.is_none() => {
                wrong(format!("decided: {} does not choose one value; there is served:c1.1", R::PROTOCOL))
            }
            "decided" => Ok(Self::Decided(of.to_owned())),
            "served" => asked(of, run).map(Self::Served),
            "unserved" => asked(of, run).map(Self::Unserved),
            "lost" => asked(of, run).map(Self::Lost),
            "silent" => match window(of) {
                Some((from, to)) => Ok(Self::Silent { from, to }),
                None => wrong("silent: two times in milliseconds, such as silent:1200-2400".to_owned()),
            },
            _ => wrong(
                "one of broken:NAME, leader:n3, decided:VALUE, served:c1.3, unserved:c1.3, lost:c1.3, silent:1200-2400"
                    .to_owned(),
            ),
        }
    }

    /// The outcome as it is read.
    pub fn text(&self, replicas: u16) -> String {
        let operation = |Asked { client, number, .. }: &Asked| format!("{}.{number}", process_name(replicas, *client));
        match self {
            Self::Broken(name) => format!("broken:{name}"),
            Self::NotLinearizable => format!("broken:{LINEARIZABILITY}"),
            Self::Leader(node) => format!("leader:{}", process_name(replicas, *node)),
            Self::Decided(value) => format!("decided:{value}"),
            Self::Served(asked) => format!("served:{}", operation(asked)),
            Self::Unserved(asked) => format!("unserved:{}", operation(asked)),
            Self::Lost(asked) => format!("lost:{}", operation(asked)),
            Self::Silent { from, to } => format!("silent:{}-{}", from / MILLISECOND, to / MILLISECOND),
        }
    }

    /// What it says of a run, in a sentence without its point.
    pub fn sentence(&self, replicas: u16) -> String {
        let whose = |Asked { client, command, .. }: &Asked| format!("{command} of {}", process_name(replicas, *client));
        match self {
            Self::Broken(name) => format!("{name} is broken"),
            Self::NotLinearizable => "the history is not linearizable".to_owned(),
            Self::Leader(node) => format!("{} begins to lead", process_name(replicas, *node)),
            Self::Decided(value) => format!("{value} is chosen"),
            Self::Served(asked) => format!("{} is served", whose(asked)),
            Self::Unserved(asked) => format!("{} is not served", whose(asked)),
            Self::Lost(asked) => format!("{} is acknowledged, and lost", whose(asked)),
            Self::Silent { from, to } => {
                format!(
                    "clients wait from {} s to {} s, and none is answered",
                    short_seconds(*from),
                    short_seconds(*to)
                )
            }
        }
    }

    /// Whether a run that has ended so at some moment has ended so whatever comes later.
    pub fn stays(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::NotLinearizable | Self::Leader(_) | Self::Served(_))
    }

    /// Whether it takes little to look for it again and again.
    pub fn is_quick(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::Leader(_) | Self::Served(_))
    }

    /// Whether it is so at the playhead, which stands after all that happened. Of a replica that begins to lead, only
    /// the events from a number on are looked at.
    pub fn is_so<R: Playable>(&self, run: &mut Run<R>, since: u32) -> bool {
        match self {
            Self::Broken(name) => run.findings().iter().any(|finding| finding.invariant.name == *name),
            Self::NotLinearizable => matches!(run.verdict(STEPS_MAX).report.verdict, Verdict::NotLinearizable(_)),
            Self::Leader(node) => {
                let events = run.simulation().trace().events.get(since as usize..).unwrap_or_default();
                events.iter().any(|record| record.node == node.0 && begins_to_lead::<R>(record))
            }
            Self::Decided(value) => decided(run).as_ref() == Some(value),
            Self::Served(asked) => place(asked, run).is_some_and(|place| is_served(&run.history()[place])),
            Self::Unserved(asked) => place(asked, run).is_some_and(|place| !is_served(&run.history()[place])),
            Self::Lost(asked) => place(asked, run).is_some_and(|place| run.lost_writes().contains(&place)),
            Self::Silent { from, to } => is_silent(run.history(), *from, *to),
        }
    }

    /// How a run ends up to the playhead: what went wrong first.
    pub fn all_of<R: Playable>(run: &mut Run<R>) -> Vec<Had> {
        let mut all: Vec<Had> = Vec::new();
        let findings = run.findings_at_end().into_iter();
        all.extend(findings.map(|found| had(Self::Broken(found.invariant.name), Some(found.event))));
        if let Verdict::NotLinearizable(violation) = run.verdict(STEPS_MAX).report.verdict {
            let completed = run.history().get(violation.operation).and_then(|each| each.completed.as_ref());
            all.push(had(Self::NotLinearizable, completed.map(|(moment, _)| moment.event)));
        }
        let lost = run.lost_writes();
        let (now, patience) = {
            let world = run.simulation().world();
            (world.now(), world.setup().client.attempt_ticks)
        };
        let history = run.history().to_vec();
        all.extend(lost.into_iter().map(|place| had(Self::Lost(asked_at(&history, place)), None)));
        let is_left = |each: &ClientOperation| match &each.completed {
            Some((_, ending)) => !matches!(ending, Ending::Ok(_)),
            None => each.invoked.time + patience <= now,
        };
        all.extend(last_of(&history, is_left).map(|place| had(Self::Unserved(asked_at(&history, place)), None)));
        all.extend(longest_silence(&history, now).map(|(from, to)| had(Self::Silent { from, to }, None)));
        all.extend(decided(run).map(|value| had(Self::Decided(value), None)));
        all.extend(leaders(run));
        let is_written = |each: &ClientOperation| !each.command.is_read() && is_served(each);
        all.extend(last_of(&history, is_written).map(|place| {
            let event = history[place].completed.as_ref().map(|(moment, _)| moment.event);
            had(Self::Served(asked_at(&history, place)), event)
        }));
        all
    }
}

fn had(outcome: Outcome, event: Option<u32>) -> Had {
    Had { outcome, event }
}

fn process<R: Playable>(name: &str, run: &Run<R>) -> Option<NodeId> {
    let world = run.simulation().world();
    (0..world.processes()).map(NodeId).find(|&node| world.name(node) == name)
}

/// An operation of the run: its client, a point, and which of the client's operations it is.
fn asked<R: Playable>(text: &str, run: &mut Run<R>) -> Result<Asked, ScenarioError> {
    let named = text.split_once('.').and_then(|(name, number)| Some((process(name, run)?, number.parse().ok()?)));
    let (client, number): (NodeId, usize) = named.ok_or_else(|| {
        ScenarioError::at("outcome", "an operation is a client and a number from 1, such as c1.3".to_owned())
    })?;
    let own = run.history().iter().filter(|each| each.client == client);
    let found = number.checked_sub(1).and_then(|before| own.clone().nth(before));
    let command = found.map(|each| each.command.clone()).ok_or_else(|| {
        ScenarioError::at("outcome", format!("there is no operation {text}: the client begins {}", own.count()))
    })?;
    Ok(Asked { client, number, command })
}

fn asked_at(history: &[ClientOperation], place: usize) -> Asked {
    let ClientOperation { client, command, .. } = &history[place];
    let number = history[..=place].iter().filter(|each| each.client == *client).count();
    Asked { client: *client, number, command: command.clone() }
}

/// Where an operation stands in the history of a run, if it is there.
fn place<R: Playable>(asked: &Asked, run: &mut Run<R>) -> Option<usize> {
    let own = run.history().iter().enumerate().filter(|(_, each)| each.client == asked.client);
    let (place, found) = own.clone().nth(asked.number.checked_sub(1)?)?;
    (found.command == asked.command).then_some(place)
}

fn is_served(operation: &ClientOperation) -> bool {
    operation.completed.as_ref().is_some_and(|(_, ending)| ending.took_effect())
}

/// The last operations of a kind, oldest first.
fn last_of(history: &[ClientOperation], is_of_kind: impl Fn(&ClientOperation) -> bool) -> std::vec::IntoIter<usize> {
    let mut places: Vec<usize> = (0..history.len()).filter(|&place| is_of_kind(&history[place])).collect();
    places.drain(..places.len().saturating_sub(OPERATIONS_MAX));
    places.into_iter()
}

/// Two times in milliseconds, with a dash between.
fn window(text: &str) -> Option<(Ticks, Ticks)> {
    let (from, to) = text.split_once('-')?;
    let ticks = |text: &str| text.parse::<u64>().ok()?.checked_mul(MILLISECOND);
    Some((ticks(from)?, ticks(to)?)).filter(|(from, to)| from < to)
}

fn is_silent(history: &[ClientOperation], from: Ticks, to: Ticks) -> bool {
    let mut somebody_waits = false;
    for each in history {
        let end = each.completed.as_ref().map_or(Ticks::MAX, |(moment, _)| moment.time);
        if matches!(each.completed, Some((_, Ending::Ok(_)))) && (from..=to).contains(&end) {
            return false;
        }
        somebody_waits |= each.invoked.time <= to && end >= from;
    }
    somebody_waits
}

/// The longest time without an answer, in whole milliseconds, if it is long.
fn longest_silence(history: &[ClientOperation], now: Ticks) -> Option<(Ticks, Ticks)> {
    let answered = history.iter().filter_map(|each| match &each.completed {
        Some((moment, Ending::Ok(_))) => Some(moment.time),
        _ => None,
    });
    let mut times: Vec<Ticks> = answered.collect();
    times.extend(history.first().map(|each| each.invoked.time));
    times.push(now);
    times.sort_unstable();
    let (from, to) = times.windows(2).map(|pair| (pair[0], pair[1])).max_by_key(|(from, to)| to - from)?;
    let whole = (from / MILLISECOND * MILLISECOND + MILLISECOND, to.saturating_sub(1) / MILLISECOND * MILLISECOND);
    (to - from >= SILENCE && is_silent(history, whole.0, whole.1)).then_some(whole)
}

/// The value that is chosen, as an honest replica knows it.
fn decided<R: Playable>(run: &Run<R>) -> Option<String> {
    R::ONLY_KEY?;
    let world = run.simulation().world();
    let honest = (0..).map(NodeId).zip(world.replicas()).filter(|(node, _)| world.is_honest(*node));
    let mut known = honest.filter_map(|(_, machine)| machine.process.as_ref()?.view().store.pop());
    known.next().map(|(_, value)| value)
}

/// Each replica that begins to lead, when it first does.
fn leaders<R: Playable>(run: &Run<R>) -> Vec<Had> {
    let mut all: Vec<Had> = Vec::new();
    for (event, record) in (0..).zip(&run.simulation().trace().events) {
        let outcome = Outcome::Leader(NodeId(record.node));
        if begins_to_lead::<R>(record) && all.iter().all(|each| each.outcome != outcome) {
            all.push(had(outcome, Some(event)));
        }
    }
    all
}
