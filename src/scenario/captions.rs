//! Captions: words that stand at moments of a run.
//!
//! A prepared run, the first visit, a lesson and a lecturer's story are all told by them. A caption says at which
//! moment it stands, what there is to read, what to look at, whether play halts there, and what the reader is asked to do. It
//! changes nothing in the run: captions are no part of a run's identity, and its trace and hash are the same without.
//!
//! The moment is a virtual time, or the n-th event of a kind. [`super::moments`] finds it in the trace as the run goes.

use super::action::ActionText;
use super::bounds::{check_ticks, shown};
use super::error::ScenarioError;
use super::names::Names;
use crate::process::{Process, Ticks};
use serde::{Deserialize, Serialize};

/// Most captions of a scenario.
pub const CAPTIONS_MAX: usize = 40;
/// Most characters of a caption's text, of a question, and of an answer.
pub const TEXT_MAX: usize = 600;
/// Most characters of a title, of a choice, and of what a button says.
pub const TITLE_MAX: usize = 80;
/// How many choices a question has.
pub const CHOICES: std::ops::RangeInclusive<usize> = 2..=6;
/// Largest n of an n-th event.
const NTH_MAX: u32 = 1_000_000;

/// Words at a moment of a run, as plain text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Caption {
    /// When.
    pub moment: Moment,
    /// A few words: at most 80 characters.
    pub title: String,
    /// Some sentences: at most 600 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What to look at.
    #[serde(default, skip_serializing_if = "Look::is_nothing")]
    pub look: Look,
    /// Whether play halts there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub halt: bool,
    /// What the reader is asked to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Ask>,
}

/// A moment: a virtual time, or the n-th event of a kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// What happens then.
    pub on: MomentKind,
    /// Where it happens: the replica, or the client; anywhere, if none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Who sent the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What the client asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationKind>,
    /// How the operation ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<EndingKind>,
    /// Which of such events: the first is 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub nth: u32,
}

/// What happens at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MomentKind {
    /// A virtual time has come, and all events of that tick have happened.
    At(Ticks),
    /// A replica takes a role, by its name in the protocol: `leader`, `candidate`.
    Role(String),
    /// A replica learns that something is decided: an entry, a slot, a height, a request.
    Decided,
    /// A replica follows a rule of the paper, by the rule's name.
    Rule(String),
    /// A message of a kind is handled.
    Message(String),
    /// A client begins an operation.
    Invoked,
    /// An operation of a client ends.
    Completed,
    /// Something is done to the run from outside.
    Intervention,
    /// The protocol's invariant of that name does not hold any more.
    Broken(String),
    /// The first violation: one of the invariants, whichever, does not hold any more.
    Violation,
    /// An answer contradicts what was answered before: from then on no order explains what the clients saw.
    Contradiction,
    /// A replica comes to hold a proof that another one lied.
    Proof,
}

impl Moment {
    /// The first event of a kind.
    pub fn first(on: MomentKind) -> Self {
        Self { on, node: None, from: None, operation: None, ending: None, nth: one() }
    }
}

/// What a client asks for, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the operations of the store")]
pub enum OperationKind {
    Get,
    Put,
    Delete,
    Cas,
}

/// How an operation ended, as its client saw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EndingKind {
    /// It was answered.
    Ok,
    /// It was not done.
    Failed,
    /// It may have been done.
    Unknown,
}

/// What to look at: what is named is selected, and the span of time is in view.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Look {
    /// A process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// A message, by its number in the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<u32>,
    /// An entry of a replica's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<Cell>,
    /// An operation, by its number in the history, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<u32>,
    /// How much time is in view, around the moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Whether the events that are responsible for what is wrong are shown, as by *Show why*.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub why: bool,
}

impl Look {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// An entry of a replica's log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The replica.
    pub node: String,
    /// The index, slot or height.
    pub index: u64,
}

/// How much time is in view, around a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// So long before it.
    pub before: Ticks,
    /// So long after it.
    pub after: Ticks,
}

/// What the reader is asked to do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// To do something to the run.
    Act {
        /// What the button says.
        words: String,
        /// What it does.
        action: ActionText,
    },
    /// To answer a question.
    Question {
        /// The question.
        question: String,
        /// 2 to 6 choices.
        choices: Vec<String>,
        /// The right one, counted from 0.
        right: u32,
        /// What is said once one is chosen.
        answer: String,
    },
}

const fn one() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_one(nth: &u32) -> bool {
    *nth == 1
}

/// Looks at all captions of a scenario, but for their moments: those are looked at where they are made into a watch.
pub(super) fn check<R: Process>(captions: &[Caption], names: &Names) -> Result<(), ScenarioError> {
    if captions.len() > CAPTIONS_MAX {
        return Err(ScenarioError::at("captions", format!("at most {CAPTIONS_MAX}, not {}", captions.len())));
    }
    for (ordinal, caption) in captions.iter().enumerate() {
        caption.check::<R>(names).map_err(|error| error.within(&format!("captions[{ordinal}]")))?;
    }
    Ok(())
}

impl Caption {
    fn check<R: Process>(&self, names: &Names) -> Result<(), ScenarioError> {
        words("title", &self.title, 1, TITLE_MAX)?;
        words("text", &self.text, 0, TEXT_MAX)?;
        self.look.check(names).map_err(|error| error.within("look"))?;
        self.ask.as_ref().map_or(Ok(()), |ask| ask.check::<R>(names).map_err(|error| error.within("ask")))
    }
}

impl Look {
    fn check(&self, names: &Names) -> Result<(), ScenarioError> {
        if let Some(node) = &self.node {
            names.process("node", node)?;
        }
        if let Some(cell) = &self.cell {
            names.replica("cell.node", &cell.node)?;
        }
        if let Some(span) = self.span {
            check_ticks("span.before", span.before)?;
            check_ticks("span.after", span.after)?;
            if span.before + span.after == 0 {
                return Err(ScenarioError::at("span", "it shows no time at all"));
            }
        }
        Ok(())
    }
}

impl Ask {
    fn check<R: Process>(&self, names: &Names) -> Result<(), ScenarioError> {
        match self {
            Self::Act { words: label, action } => {
                words("act.words", label, 1, TITLE_MAX)?;
                action.to_action::<R>(names).map(drop).map_err(|error| error.within("act.action"))
            }
            Self::Question { question, choices, right, answer } => {
                words("question.question", question, 1, TEXT_MAX)?;
                words("question.answer", answer, 1, TEXT_MAX)?;
                if !CHOICES.contains(&choices.len()) {
                    let (least, most) = CHOICES.into_inner();
                    let message = format!("{least} to {most} choices, not {}", choices.len());
                    return Err(ScenarioError::at("question.choices", message));
                }
                for (ordinal, choice) in choices.iter().enumerate() {
                    words(&format!("question.choices[{ordinal}]"), choice, 1, TITLE_MAX)?;
                }
                if *right as usize >= choices.len() {
                    let message = format!("there is no choice {right}: there are 0 to {}", choices.len() - 1);
                    return Err(ScenarioError::at("question.right", message));
                }
                Ok(())
            }
        }
    }
}

/// Plain text of bounded length: no control characters but the end of a line.
fn words(place: &str, text: &str, least: usize, most: usize) -> Result<(), ScenarioError> {
    let length = text.chars().count();
    if length < least {
        return Err(ScenarioError::at(place, "it says nothing"));
    }
    if length > most {
        return Err(ScenarioError::at(place, format!("at most {most} characters, not {length}")));
    }
    match text.chars().find(|character| character.is_control() && *character != '\n') {
        Some(control) => Err(ScenarioError::at(place, format!("plain text, without {control:?}"))),
        None => Ok(()),
    }
}

/// Which of equal events: the first is 1.
pub(super) fn check_nth(nth: u32) -> Result<u32, ScenarioError> {
    if (1..=NTH_MAX).contains(&nth) {
        Ok(nth)
    } else {
        Err(ScenarioError::at("nth", format!("1 to {NTH_MAX}, not {nth}")))
    }
}

/// There is no such name; says which there are.
pub(super) fn unknown<'a>(place: &str, what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> ScenarioError {
    let known: Vec<&str> = known.collect();
    ScenarioError::at(place, format!("there is no {what} {:?}: there are {}", shown(name), known.join(", ")))
}
