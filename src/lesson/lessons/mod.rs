//! The lessons beside the tasks: interview questions, common mistakes, comparisons and demonstrations, each with its
//! sources, and beside a run, a curve or a model that shows it.

mod comparisons;
mod mistakes;
mod questions;

use super::Source;
use serde::Serialize;

/// What kind of lesson it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LessonKind {
    /// What one may be asked, and what a good answer contains.
    Question,
    /// What goes wrong often, and how one sees it.
    Mistake,
    /// Two or three things side by side.
    Comparison,
}

/// What stands beside a lesson, besides runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Demo {
    /// The lock with a lease ([`super::lock`]).
    Lock,
    /// Two protocols on one script ([`super::measured`]).
    Measured,
}

/// A table: a head, and rows that begin with what they are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Table {
    /// What the columns are; the first is that of the rows' names.
    pub head: &'static [&'static str],
    /// The rows.
    pub rows: &'static [&'static [&'static str]],
    /// For each row the script that measures what it says, as `compare --list` names it; empty for none.
    pub scripts: &'static [&'static str],
}

/// A lesson.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Lesson {
    /// In kebab-case, for links.
    pub name: &'static str,
    /// What kind it is.
    pub kind: LessonKind,
    /// A few words.
    pub title: &'static str,
    /// The question, or what the mistake is.
    pub asks: &'static str,
    /// The answer, a paragraph each.
    pub answer: &'static [&'static str],
    /// What the text or the demonstration simplifies; empty where there is nothing to say.
    pub simplified: &'static str,
    /// Where it is stated.
    pub sources: &'static [Source],
    /// Prepared runs, by name.
    pub runs: &'static [&'static str],
    /// The rule that is switched off in the first run, by protocol and name.
    pub switch: Option<(&'static str, &'static str)>,
    /// A curve, by name.
    pub curve: Option<&'static str>,
    /// A demonstration.
    pub demo: Option<Demo>,
    /// A table.
    pub table: Option<Table>,
}

/// A lesson with nothing in it: the others are made from it.
const EMPTY: Lesson = Lesson {
    name: "",
    kind: LessonKind::Question,
    title: "",
    asks: "",
    answer: &[],
    simplified: "",
    sources: &[],
    runs: &[],
    switch: None,
    curve: None,
    demo: None,
    table: None,
};

/// All lessons, in order.
pub fn lessons() -> impl Iterator<Item = &'static Lesson> {
    questions::QUESTIONS.iter().chain(mistakes::MISTAKES).chain(comparisons::COMPARISONS)
}
