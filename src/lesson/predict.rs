//! Questions that a reader answers before the run is seen: what will happen, to whom, how often.
//!
//! What is right nobody has written down. A question names a fact of a run ([`Claim`], [`Deed`]), the run is made, and what
//! is true of it is the right answer. Of the choices of a question exactly one must be true; a test holds all questions to
//! that.
//!
//! * `facts`: what is true of a run. * `raft`, `others`, `lessons`: the questions of tasks and lessons.

mod facts;
mod lessons;
mod others;
mod raft;

use super::runs::run;
use facts::Facts;
use serde::Serialize;

/// Something that replicas do by a rule of their core, in a part of the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deed {
    rule: &'static str,
    by: Option<&'static str>,
    from_ms: u32,
    to_ms: u32,
}

/// All runs are looked at up to here, in milliseconds.
const END_MS: u32 = 4_000;

/// What a rule makes happen, in the whole run and by whomever.
const fn deed(rule: &'static str) -> Deed {
    Deed { rule, by: None, from_ms: 0, to_ms: END_MS }
}

impl Deed {
    const fn by(self, node: &'static str) -> Self {
        Self { by: Some(node), ..self }
    }

    const fn after(self, ms: u32) -> Self {
        Self { from_ms: ms, ..self }
    }

    const fn until(self, ms: u32) -> Self {
        Self { to_ms: ms, ..self }
    }

    /// The rule, by its name in the core's catalogue.
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

/// What may be true of a run.
#[derive(Clone, Copy, Debug)]
pub enum Claim {
    /// It happens.
    Happens(Deed),
    /// It does not.
    Never(Deed),
    /// Each happens, and for the first time later than the one before.
    InOrder(&'static [Deed]),
    /// The first happens more often than the second.
    More(Deed, Deed),
    /// The promise of this name is broken.
    Breaks(&'static str),
    /// A promise is broken, whichever.
    BreaksSome,
    /// No promise is broken.
    KeepsAll,
    /// What clients saw is linearizable.
    Linearizable,
    /// It is not.
    NotLinearizable,
}

impl Claim {
    fn deeds(&self) -> Vec<Deed> {
        match *self {
            Self::Happens(deed) | Self::Never(deed) => vec![deed],
            Self::InOrder(deeds) => deeds.to_vec(),
            Self::More(deed, other) => vec![deed, other],
            _ => Vec::new(),
        }
    }
}

/// What is to be answered.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// One of these, of which one is true.
    Choose(&'static [(&'static str, Claim)]),
    /// How often it happens.
    Times(Deed),
    /// By how many replicas it happens.
    Replicas(Deed),
    /// Which replica does it first.
    Node(Deed),
}

/// A question about a run.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The task or lesson that asks it.
    pub of: &'static str,
    /// The prepared run.
    pub run: &'static str,
    /// What is asked.
    pub ask: &'static str,
    /// What is to be answered.
    pub kind: Kind,
    /// Said to the answer.
    pub why: &'static str,
}

/// A question with the answer that its run gave.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Posed {
    /// The prepared run.
    pub run: &'static str,
    /// What is asked.
    pub ask: &'static str,
    /// How it is answered: `choose`, `number` or `node`.
    pub kind: &'static str,
    /// The choices, or the replicas of the run; none where a number is asked for.
    pub choices: Vec<String>,
    /// The place of the right choice, or the number.
    pub right: u32,
    /// Said to the answer.
    pub why: &'static str,
    /// Just after so many events it can be seen; none where it is what does not happen.
    pub events: Option<u32>,
}

/// All questions.
pub fn questions() -> impl Iterator<Item = &'static Question> {
    raft::QUESTIONS.iter().chain(others::QUESTIONS).chain(lessons::QUESTIONS)
}

/// The questions of a task or lesson, with what their runs answer.
///
/// # Errors
///
/// Says which question has no answer, or more than one.
pub fn posed(name: &str) -> Result<Vec<Posed>, String> {
    let mut known: Vec<(&str, Facts)> = Vec::new();
    let mut all = Vec::new();
    for question in questions().filter(|question| question.of == name) {
        if known.iter().all(|(run, _)| *run != question.run) {
            known.push((question.run, facts_of(question.run)?));
        }
        let facts = known.iter().find(|(run, _)| *run == question.run).map(|(_, facts)| facts);
        all.extend(facts.map(|facts| question.pose(facts)));
    }
    all.into_iter().collect()
}

fn facts_of(name: &str) -> Result<Facts, String> {
    let entry = run(name).ok_or_else(|| format!("there is no run {name}"))?;
    Facts::of(&entry.scenario, END_MS)
}

impl Question {
    /// What it asks after.
    pub fn deeds(&self) -> Vec<Deed> {
        match self.kind {
            Kind::Choose(choices) => choices.iter().flat_map(|(_, claim)| claim.deeds()).collect(),
            Kind::Times(deed) | Kind::Replicas(deed) | Kind::Node(deed) => vec![deed],
        }
    }

    fn pose(&self, facts: &Facts) -> Result<Posed, String> {
        let posed = |kind, choices: Vec<String>, right, events| Posed {
            run: self.run,
            ask: self.ask,
            kind,
            choices,
            right,
            why: self.why,
            events,
        };
        match self.kind {
            Kind::Choose(choices) => {
                let is_true =
                    |(place, (_, claim)): (usize, &(&str, Claim))| facts.holds(claim).then_some((place, *claim));
                let right: Vec<(usize, Claim)> = choices.iter().enumerate().filter_map(is_true).collect();
                let &[(place, claim)] = &right[..] else {
                    return Err(format!("{:?}: {} of the choices are true in {}", self.ask, right.len(), self.run));
                };
                let texts = choices.iter().map(|(text, _)| (*text).to_owned()).collect();
                Ok(posed("choose", texts, place as u32, facts.seen_after(&claim)))
            }
            Kind::Times(deed) => Ok(posed("number", Vec::new(), facts.times(&deed), facts.last(&deed))),
            Kind::Replicas(deed) => Ok(posed("number", Vec::new(), facts.replicas(&deed), facts.last(&deed))),
            Kind::Node(deed) => {
                let (event, node) = facts
                    .first(&deed)
                    .ok_or_else(|| format!("{:?}: nobody does {} in {}", self.ask, deed.rule, self.run))?;
                Ok(posed("node", facts.names().to_vec(), u32::from(node), Some(event + 1)))
            }
        }
    }
}
