//! A run as a file in some format, and files that a person opens: scenarios and histories.

use super::error::PlaygroundError;
use super::js::{milliseconds, read, to_js};
use crate::check::formats::HistoryError;
use crate::check::judged::{CheckReport, Kind, OperationReport, ViolationReport, judge};
use crate::check::linearizability::{MEMORY_MAX_DEFAULT, Options, Partition, STEPS_MAX_DEFAULT};
use crate::export::any::{Wanted, export_wanted, try_scenario};
use crate::export::{Exported, Format};
use crate::scenario::parse;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A worker has not more than this for the search: 32-bit addresses end at 4 GB, and the file and its operations are there, too.
const MEMORY_MAX: u64 = 1 << 30;
/// So many operations that were in order before the one that was not are told.
const BEFORE_MAX: usize = 6;

#[derive(Serialize)]
struct FormatView {
    name: &'static str,
    about: &'static str,
}

/// What a run can be written in.
///
/// # Errors
///
/// Never, unless memory runs out.
#[wasm_bindgen(unchecked_return_type = "RunFormat[]")]
pub fn formats() -> Result<JsValue, JsValue> {
    to_js(&Format::ALL.map(|(_, name, about)| FormatView { name, about }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExportQuestion {
    scenario: String,
    events: u32,
    playhead: u32,
    from: u32,
    to: u32,
    format: String,
}

#[derive(Serialize)]
struct ExportedView {
    text: String,
    left_out: Option<String>,
}

/// A run in a format. The scenario is JSON, with all interventions.
///
/// # Errors
///
/// A `PlaygroundError` with code `argument` or `scenario` that says what is wrong.
#[wasm_bindgen(unchecked_return_type = "ExportedRun")]
pub fn export_run(
    #[wasm_bindgen(unchecked_param_type = "ExportQuestion")] question: JsValue,
) -> Result<JsValue, JsValue> {
    let export = || -> Result<ExportedView, PlaygroundError> {
        let ExportQuestion { scenario, events, playhead, from, to, format } = read(&question, "argument")?;
        let found = Format::ALL.into_iter().find(|(_, name, _)| *name == format);
        let (format, ..) =
            found.ok_or_else(|| PlaygroundError::new("argument", "format", "there is no such format"))?;
        let scenario = parse(&scenario)?;
        let Exported { text, left_out } =
            export_wanted(Wanted { scenario: &scenario, events, playhead, part: from..to, format })?;
        Ok(ExportedView { text, left_out })
    };
    to_js(&export().map_err(PlaygroundError::into_js)?)
}

/// Whether a text is a scenario that can be run, of whatever protocol.
///
/// # Errors
///
/// A `PlaygroundError` with code `scenario` that says what is wrong, and where.
#[wasm_bindgen]
pub fn check_scenario(text: &str) -> Result<(), JsValue> {
    let check = || -> Result<(), PlaygroundError> { Ok(try_scenario(&parse(text)?)?) };
    check().map_err(PlaygroundError::into_js)
}

#[derive(Serialize)]
struct LineOfHistory {
    line: u32,
    description: String,
}

impl LineOfHistory {
    fn of(OperationReport { line, description }: OperationReport) -> Self {
        Self { line: line as u32, description }
    }
}

#[derive(Serialize)]
struct BrokenHistory {
    sentence: String,
    invoked_in_line: u32,
    completed_in_line: u32,
    is_first: bool,
    until_then: Option<LineOfHistory>,
    before: Vec<LineOfHistory>,
}

impl BrokenHistory {
    fn of(violation: ViolationReport) -> Self {
        let mut before = violation.longest_linearization.unwrap_or_default();
        before.drain(..before.len().saturating_sub(BEFORE_MAX));
        Self {
            sentence: violation.sentence,
            invoked_in_line: violation.invoked_in_line as u32,
            completed_in_line: violation.completed_in_line as u32,
            is_first: violation.is_first,
            until_then: violation.until_then.map(LineOfHistory::of),
            before: before.into_iter().map(LineOfHistory::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct JudgedHistory {
    model: &'static str,
    linearizable: Option<bool>,
    operations: u32,
    unknown: u32,
    open_at_once: u32,
    bound: Option<String>,
    open_keys: Vec<String>,
    violation: Option<BrokenHistory>,
    second_judge: Option<String>,
    contradiction: Option<String>,
    milliseconds: f64,
}

impl JudgedHistory {
    fn of(kind: Kind, report: CheckReport, milliseconds: f64) -> Self {
        Self {
            model: kind.name(),
            linearizable: report.linearizable,
            operations: report.operations as u32,
            unknown: report.unknown as u32,
            open_at_once: report.open_at_once as u32,
            bound: report.bound,
            open_keys: report.open_keys,
            violation: report.violation.map(BrokenHistory::of),
            second_judge: report.second_judge,
            contradiction: report.contradiction,
            milliseconds,
        }
    }
}

impl From<HistoryError> for PlaygroundError {
    fn from(error: HistoryError) -> Self {
        Self::new("history", error.line.map_or(String::new(), |line| format!("line {line}")), error.problem.to_string())
    }
}

/// Judges the history in a file, as `consensus-playground check` does. `model`: what it is a history of; without it, the
/// first whose words the file speaks.
///
/// # Errors
///
/// A `PlaygroundError` with code `argument` or `history` that says what is wrong, and in which line.
#[wasm_bindgen(unchecked_return_type = "JudgedHistory")]
pub fn judge_history(bytes: &[u8], model: Option<String>) -> Result<JsValue, JsValue> {
    let judged = || -> Result<JudgedHistory, PlaygroundError> {
        let start = milliseconds();
        let kind = match model {
            Some(name) => {
                Kind::named(&name).ok_or_else(|| PlaygroundError::new("argument", "model", "there is no such model"))?
            }
            None => Kind::of(bytes)?,
        };
        let options = Options {
            partition: Partition::ByKey,
            steps_max: STEPS_MAX_DEFAULT,
            memory_max: MEMORY_MAX_DEFAULT.min(MEMORY_MAX),
        };
        let report = judge(bytes, kind, None, &options)?;
        Ok(JudgedHistory::of(kind, report, milliseconds() - start))
    };
    to_js(&judged().map_err(PlaygroundError::into_js)?)
}
