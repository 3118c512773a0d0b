//! Which promises a history keeps, a row for each: gathered once, and then printed as text or as JSON.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use consensus_playground::check::consistency::{
    Because, Broken, Case, End, Letters, Observed, Promise, Proof, Step, Verdict, Why, judge as judge_whole,
    judge_other,
};
use consensus_playground::check::formats::{
    HistoryError, HistoryFile, read_kv, read_mutex, read_queue, read_register, read_set,
};
use consensus_playground::check::history::Outcome;
use consensus_playground::check::judged::{Kind, describe};
use consensus_playground::check::linearizability::Options;
use consensus_playground::check::model::{FifoQueue, GrowOnlySet, Independent, Kv, Model, Mutex, Register, Scalar};
use schemars::JsonSchema;
use serde::Serialize;

/// Lines at either end of a long list that are printed as text. What lies between is counted.
const SHOWN_EACH_END: usize = 15;

/// A promise, as the command line names it, or all of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PromiseName {
    All,
    One(Promise),
}

impl PromiseName {
    fn is(self, promise: Promise) -> bool {
        self == PromiseName::All || self == PromiseName::One(promise)
    }
}

impl ValueEnum for PromiseName {
    fn value_variants<'a>() -> &'a [Self] {
        const NAMES: [PromiseName; Promise::ALL.len() + 1] = {
            let mut names = [PromiseName::All; Promise::ALL.len() + 1];
            let mut at = 0;
            while at < Promise::ALL.len() {
                names[at + 1] = PromiseName::One(Promise::ALL[at]);
                at += 1;
            }
            names
        };
        &NAMES
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, about) = match self {
            PromiseName::All => ("all", "All of them"),
            PromiseName::One(promise) => (promise.name(), promise.about()),
        };
        Some(PossibleValue::new(name).help(about))
    }
}

/// What `check --models --json` prints.
#[derive(Serialize, JsonSchema)]
pub struct PromisesReport {
    pub operations: usize,
    /// Operations of unknown outcome.
    pub unknown: usize,
    /// A row for each promise that was asked for.
    pub promises: Vec<PromiseRow>,
}

/// What is said of one promise.
#[derive(Serialize, JsonSchema)]
pub struct PromiseRow {
    pub promise: &'static str,
    pub verdict: Said,
    /// The stronger promise that is kept, where this one is kept since that is.
    pub since: Option<&'static str>,
    /// Why it is not known; or why it is broken, where there is no proof in steps.
    pub why: Option<String>,
    /// Operations that break it together.
    pub operations: Vec<LetteredOperation>,
    /// Whether none of them can be left out; null if the promise is not broken.
    pub is_minimal: Option<bool>,
    /// Operations that the proof speaks of besides, and of which it needs no more than that they were asked for.
    pub others: Vec<LetteredOperation>,
    pub proof: Option<ProofReport>,
}

/// Whether a promise is kept.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Holds,
    Broken,
    Undecided,
}

/// An operation, with the letter that the proof has for it.
#[derive(Serialize, JsonSchema)]
pub struct LetteredOperation {
    pub letter: String,
    /// The line of the file on which it was invoked.
    pub line: u64,
    pub description: String,
}

/// Steps up to a contradiction.
#[derive(Serialize, JsonSchema)]
pub struct ProofReport {
    pub steps: Vec<StepReport>,
    /// The operations that come one before the other, and the last before the first. Empty if it ends otherwise.
    pub circle: Vec<String>,
    /// The operation that found what nobody wrote.
    pub unwritten: Option<String>,
    /// The cases of which one must be, and none can.
    pub cases: Vec<CaseReport>,
}

/// One operation comes before another.
#[derive(Serialize, JsonSchema)]
pub struct StepReport {
    pub before: String,
    pub after: String,
    pub because: Reason,
    /// Who wrote what was found, or who found it, where the reason speaks of a third operation.
    pub of: Option<String>,
    pub sentence: String,
}

/// Why one operation comes before another.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// One client did both, in this order.
    Session,
    /// The first had completed when the second was invoked.
    RealTime,
    /// The second found what the first wrote.
    ReadsFrom,
    /// The first found what the second replaced.
    Replaced,
    /// What the second wrote was found after the first.
    NotReplaced,
    /// It is what the case assumes.
    Assumed,
}

/// A case, and why it cannot be.
#[derive(Serialize, JsonSchema)]
pub struct CaseReport {
    pub assumption: String,
    pub proof: ProofReport,
}

/// Judges the history in a file by the promises that are asked for. `initial`: what a register holds at first.
pub fn judge(
    bytes: &[u8],
    kind: Kind,
    initial: Option<Scalar>,
    options: &Options,
    asked: &[PromiseName],
) -> Result<PromisesReport, HistoryError> {
    Ok(match kind {
        Kind::Register => whole(&Independent::new(Register::new(initial)), &read_register(bytes)?, options, asked),
        Kind::Kv => {
            let file = read_kv(bytes)?;
            whole(&Kv::new(file.missing()), &file, options, asked)
        }
        Kind::Mutex => other(&Independent::new(Mutex), &read_mutex(bytes)?, options, asked),
        Kind::Set => other(&Independent::new(GrowOnlySet), &read_set(bytes)?, options, asked),
        Kind::Queue => other(&Independent::new(FifoQueue), &read_queue(bytes)?, options, asked),
    })
}

/// Judges a history of an object that is read and written whole.
fn whole<M: Observed>(
    model: &M,
    file: &HistoryFile<M::Command, M::Result>,
    options: &Options,
    asked: &[PromiseName],
) -> PromisesReport {
    PromisesReport::of(model, file, judge_whole(model, &file.operations, options), asked)
}

/// Judges a history of another object.
fn other<M: Model>(
    model: &M,
    file: &HistoryFile<M::Command, M::Result>,
    options: &Options,
    asked: &[PromiseName],
) -> PromisesReport {
    PromisesReport::of(model, file, judge_other(model, &file.operations, options), asked)
}

impl PromisesReport {
    /// The rows that are asked for.
    fn of<M: Model>(
        model: &M,
        file: &HistoryFile<M::Command, M::Result>,
        rows: Vec<(Promise, Verdict)>,
        asked: &[PromiseName],
    ) -> PromisesReport {
        let operations = &file.operations;
        let told = |index: usize| (operations[index].invoked_at, describe(model, &operations[index]));
        let is_asked = |promise: Promise| asked.iter().any(|name| name.is(promise));
        let rows = rows.into_iter().filter(|(promise, _)| is_asked(*promise));
        let judged = || operations.iter().filter(|operation| !matches!(operation.outcome, Outcome::Failed { .. }));
        PromisesReport {
            operations: judged().count(),
            unknown: judged().filter(|operation| matches!(operation.outcome, Outcome::Unknown)).count(),
            promises: rows.map(|(promise, verdict)| PromiseRow::of(promise, verdict, &told)).collect(),
        }
    }

    /// Whether all is kept, if that is known.
    pub fn all_hold(&self) -> Option<bool> {
        let says = |said| self.promises.iter().any(|row| row.verdict == said);
        if says(Said::Broken) { Some(false) } else { (!says(Said::Undecided)).then_some(true) }
    }

    /// The rows in words.
    pub fn text(&self) -> String {
        self.promises.iter().map(PromiseRow::text).collect()
    }
}

impl PromiseRow {
    fn of(promise: Promise, verdict: Verdict, told: &dyn Fn(usize) -> (u64, String)) -> PromiseRow {
        let row = |verdict, since, why| PromiseRow {
            promise: promise.name(),
            verdict,
            since,
            why,
            operations: Vec::new(),
            is_minimal: None,
            others: Vec::new(),
            proof: None,
        };
        match verdict {
            Verdict::Holds { since } => row(Said::Holds, since.map(Promise::name), None),
            Verdict::Undecided(why) => row(Said::Undecided, None, Some(reason(why))),
            Verdict::Broken(broken) => {
                let Broken { operations: broken_by, is_minimal, proof, sentence } = *broken;
                let spoken_of = proof.as_ref().map(Proof::operations).unwrap_or_default();
                let others: Vec<usize> = spoken_of.into_iter().filter(|other| !broken_by.contains(other)).collect();
                let letters = Letters::new(broken_by.iter().chain(&others).copied());
                let lettered = |listed: &[usize]| {
                    listed.iter().map(|&index| LetteredOperation::of(letters.of(index), told(index))).collect()
                };
                PromiseRow {
                    operations: lettered(&broken_by),
                    is_minimal: Some(is_minimal),
                    others: lettered(&others),
                    proof: proof.as_ref().map(|proof| ProofReport::of(proof, &letters)),
                    ..row(Said::Broken, None, sentence)
                }
            }
        }
    }

    fn text(&self) -> String {
        let Self { promise, verdict, since, why, operations, is_minimal, others, proof } = self;
        let mut text = match (verdict, since) {
            (Said::Holds, None) => format!("{promise}: holds\n"),
            (Said::Holds, Some(since)) => format!("{promise}: holds, as {since} does\n"),
            (Said::Undecided, _) => format!("{promise}: not known: {}\n", why.as_deref().unwrap_or_default()),
            (Said::Broken, _) => {
                let plural = if operations.len() == 1 { "" } else { "s" };
                let fewer = if *is_minimal == Some(true) { "" } else { " (fewer may do: a bound was reached)" };
                match operations.len() {
                    0 => format!("{promise}: broken\n"),
                    count => format!("{promise}: broken by {count} operation{plural}{fewer}\n"),
                }
            }
        };
        let own = operations.iter().map(LetteredOperation::text);
        let others = others.iter().map(|operation| format!("({})", operation.text()));
        text += &listed(&own.chain(others).collect::<Vec<_>>());
        match (proof, why) {
            (Some(proof), _) => {
                let mut lines = Vec::new();
                proof.tell("", &mut lines);
                text += &listed(&lines);
            }
            (None, Some(why)) if *verdict == Said::Broken => text += &format!("  {why}\n"),
            _ => {}
        }
        text
    }
}

impl LetteredOperation {
    fn of(letter: &str, (line, description): (u64, String)) -> LetteredOperation {
        LetteredOperation { letter: letter.to_owned(), line, description }
    }

    fn text(&self) -> String {
        let Self { letter, line, description } = self;
        format!("{letter}: line {line}, {description}")
    }
}

/// Lines, of which the middle of many is left out: nobody would read them.
fn listed(lines: &[String]) -> String {
    let hidden = SHOWN_EACH_END..lines.len().saturating_sub(SHOWN_EACH_END);
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        if !hidden.contains(&index) {
            text += &format!("  {line}\n");
        } else if index == hidden.start {
            text += &format!("  ... {} more, which --json tells ...\n", hidden.len());
        }
    }
    text
}

fn reason(why: Why) -> String {
    match why {
        Why::Bound(bound) => format!("undecided within {bound}"),
        Why::NotCovered(what) => format!("not covered: {what}"),
        Why::NotObserved(what) => what.to_owned(),
        Why::Contradiction => "two judges contradict each other, so one of them has a fault: check says how".to_owned(),
    }
}

impl ProofReport {
    fn of(Proof { steps, end }: &Proof, letters: &Letters) -> ProofReport {
        let letter = |operation: &usize| letters.of(*operation).to_owned();
        let case = |Case { assumption, proof }: &Case| CaseReport {
            assumption: letters.assumption(assumption),
            proof: ProofReport::of(proof, letters),
        };
        ProofReport {
            steps: steps.iter().map(|step| StepReport::of(step, letters)).collect(),
            circle: if let End::Circle(circle) = end { circle.iter().map(letter).collect() } else { Vec::new() },
            unwritten: if let End::Unwritten(operation) = end { Some(letter(operation)) } else { None },
            cases: if let End::Cases(cases) = end { cases.iter().map(case).collect() } else { Vec::new() },
        }
    }

    fn tell(&self, indent: &str, lines: &mut Vec<String>) {
        let Self { steps, circle, unwritten, cases } = self;
        for (index, StepReport { sentence, .. }) in steps.iter().enumerate() {
            let is_last = index + 1 == steps.len() && !circle.is_empty();
            let (but, so) = if is_last { ("but ", ": a contradiction") } else { ("", "") };
            lines.push(format!("{indent}{but}{sentence}{so}"));
        }
        if let Some(operation) = unwritten {
            lines.push(format!("{indent}{operation} found what nobody wrote: a contradiction"));
        }
        for CaseReport { assumption, proof } in cases {
            lines.push(format!("{indent}if {assumption}:"));
            proof.tell(&format!("{indent}  "), lines);
        }
    }
}

impl StepReport {
    fn of(step: &Step, letters: &Letters) -> StepReport {
        let letter = |operation: usize| letters.of(operation).to_owned();
        let (because, of) = match step.because {
            Because::Session => (Reason::Session, None),
            Because::RealTime => (Reason::RealTime, None),
            Because::ReadsFrom => (Reason::ReadsFrom, None),
            Because::Replaced { writer } => (Reason::Replaced, writer.map(letter)),
            Because::NotReplaced { reader } => (Reason::NotReplaced, Some(letter(reader))),
            Because::Assumed => (Reason::Assumed, None),
        };
        let (before, after) = (letter(step.before), letter(step.after));
        StepReport { before, after, because, of, sentence: letters.step(step) }
    }
}
