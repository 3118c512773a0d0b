//! Side by side: a script that several protocols follow, some runs at a time: a worker or a page may stop in between.

use super::error::PlaygroundError;
use super::js::{milliseconds, read, to_js};
use crate::compare::script::ENTRIES_MAX;
use crate::compare::{COMPARED, Column, Quantiles, Script, Trouble, fits, once, parse, rows, show};
use crate::compare::{ready::READY, summary::ReachedSum};
use crate::process::Ticks;
use crate::scenario::{Scenario, ScenarioError};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[derive(Serialize)]
struct ReadyScript {
    name: &'static str,
    about: &'static str,
    json: &'static str,
}

#[derive(Serialize)]
struct ComparedProtocol {
    protocol: String,
    not_applicable: Option<String>,
}

#[derive(Serialize)]
struct ComparisonAbout {
    title: Option<String>,
    protocols: Vec<ComparedProtocol>,
    others: Vec<&'static str>,
    seed: u64,
    entries: Option<u32>,
    entries_max: u32,
    steady: Ticks,
    until: Ticks,
}

#[derive(Serialize, Default)]
struct ComparedRun {
    protocol: String,
    seed: u64,
    not_applicable: Option<String>,
    scenario: Option<Scenario>,
    events: u32,
    trace_hash: String,
    link: Option<String>,
    fault: Option<Ticks>,
    struck: Option<Ticks>,
    undone: Option<Ticks>,
    unserved: Option<Ticks>,
    elected: Option<Ticks>,
    carried_out: Option<Ticks>,
}

#[derive(Serialize)]
struct FigureView {
    label: &'static str,
    figure: Option<String>,
}

#[derive(Serialize)]
struct FiguresView {
    title: &'static str,
    rows: Vec<FigureView>,
}

#[derive(Serialize)]
struct ComparedColumn {
    protocol: String,
    runs: u64,
    not_applicable: Option<String>,
    not_applicable_runs: u64,
    remarks: Vec<String>,
    sections: Vec<FiguresView>,
    has_faults: bool,
    unserved: Vec<Option<Ticks>>,
    unserved_ticks: Option<Quantiles>,
    carried_out: Option<ReachedSum>,
}

impl ComparedColumn {
    fn of(protocol: &str, column: &Column) -> Self {
        let summary = column.summary();
        let section = |(title, rows): (_, Vec<(_, _)>)| FiguresView {
            title,
            rows: rows.into_iter().map(|(label, figure)| FigureView { label, figure }).collect(),
        };
        Self {
            protocol: protocol.to_owned(),
            runs: column.measured().len() as u64,
            not_applicable: column.not_applicable().map(str::to_owned),
            not_applicable_runs: column.not_applicable_runs(),
            remarks: column.remarks(),
            sections: summary.iter().flat_map(rows::figures).map(section).collect(),
            has_faults: column.measured().iter().any(|run| run.faults.is_some()),
            unserved: column.measured().iter().map(|run| run.unserved).collect(),
            unserved_ticks: summary.as_ref().and_then(|summary| summary.unserved_ticks),
            carried_out: summary.as_ref().and_then(|summary| summary.carried_out),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ComparisonQuestion {
    script: String,
    protocols: Option<Vec<String>>,
    seed: Option<u64>,
    entries: Option<u32>,
    batch: Option<u64>,
}

impl ComparisonQuestion {
    fn script(self) -> Result<Script, ScenarioError> {
        let Self { script, protocols, seed, entries, batch } = self;
        let mut script = parse(&script)?;
        script.protocols = protocols.unwrap_or(script.protocols);
        script.seed = seed.unwrap_or(script.seed);
        if let Some(entries) = entries {
            script.set_entries(entries)?;
        }
        if let Some(batch) = batch {
            script.set_batch(batch);
        }
        Ok(script)
    }
}

/// The scripts that are there by name.
///
/// # Errors
///
/// Never, unless memory runs out.
#[wasm_bindgen(unchecked_return_type = "ReadyScript[]")]
pub fn ready_scripts() -> Result<JsValue, JsValue> {
    to_js(
        &READY
            .iter()
            .map(|&ready| ReadyScript { name: ready.name, about: ready.about, json: ready.json })
            .collect::<Vec<_>>(),
    )
}

/// A script, and the runs of its protocols so far.
#[wasm_bindgen]
pub struct Comparison {
    script: Script,
    reasons: Vec<Option<String>>,
    columns: Vec<Column>,
}

impl Comparison {
    fn place(&self, protocol: &str) -> Result<usize, PlaygroundError> {
        let problem = || PlaygroundError::new("argument", "protocol", format!("the script does not name {protocol}"));
        self.script.protocols.iter().position(|each| each == protocol).ok_or_else(problem)
    }

    fn run(&mut self, protocol: &str) -> Result<ComparedRun, PlaygroundError> {
        let (place, seed) = (self.place(protocol)?, self.script.seed);
        let shown = match self.reasons[place].clone() {
            Some(reason) => Err(Trouble::NotApplicable(reason)),
            None => show(&self.script, protocol, seed),
        };
        self.columns[place].take(shown.as_ref().map(|shown| shown.measured.clone()).map_err(Trouble::clone))?;
        let none = ComparedRun { protocol: protocol.to_owned(), seed, ..ComparedRun::default() };
        match shown {
            Ok(shown) => Ok(ComparedRun {
                events: shown.measured.events,
                trace_hash: format!("{:032x}", shown.link.trace_hash),
                link: shown.link.to_fragment().ok(),
                scenario: Some(shown.link.scenario),
                fault: shown.fault,
                struck: shown.struck,
                undone: shown.undone,
                unserved: shown.measured.unserved,
                elected: shown.measured.elected.map(|elected| elected.ticks),
                carried_out: shown.measured.carried_out.map(|all| all.ticks),
                ..none
            }),
            Err(Trouble::NotApplicable(reason)) => Ok(ComparedRun { not_applicable: Some(reason), ..none }),
            Err(Trouble::Wrong(error)) => Err(error.into()),
        }
    }

    fn advance(
        &mut self,
        protocol: &str,
        from: u64,
        to: u64,
        is_over: impl Fn() -> bool,
    ) -> Result<u64, PlaygroundError> {
        let place = self.place(protocol)?;
        if let Some(reason) = &self.reasons[place] {
            self.columns[place] = Column::without_runs(reason.clone(), to);
            return Ok(to);
        }
        for number in from..to {
            let seed = self.script.seed.saturating_add(number);
            self.columns[place].take(once(&self.script, protocol, seed, false))?;
            if is_over() {
                return Ok(number + 1);
            }
        }
        Ok(to)
    }
}

#[wasm_bindgen]
impl Comparison {
    /// Prepares a comparison, as `consensus-playground compare` does.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` with code `scenario` that says what is wrong, and where in the script.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "ComparisonQuestion")] question: JsValue,
    ) -> Result<Comparison, JsValue> {
        let prepare = || -> Result<Comparison, PlaygroundError> {
            let question: ComparisonQuestion = read(&question, "argument")?;
            let script = question.script()?;
            let reasons = fits(&script)?;
            let columns = vec![Column::default(); reasons.len()];
            Ok(Comparison { script, reasons, columns })
        };
        prepare().map_err(PlaygroundError::into_js)
    }

    /// What is known before the first run.
    ///
    /// # Errors
    ///
    /// Never, unless memory runs out.
    #[wasm_bindgen(unchecked_return_type = "ComparisonAbout")]
    pub fn about(&self) -> Result<JsValue, JsValue> {
        let Script { title, protocols, seed, uncommitted, steady_ticks, until_ticks, .. } = &self.script;
        let compared = |(protocol, reason): (&String, &Option<String>)| ComparedProtocol {
            protocol: protocol.clone(),
            not_applicable: reason.clone(),
        };
        to_js(&ComparisonAbout {
            title: title.clone(),
            protocols: protocols.iter().zip(&self.reasons).map(compared).collect(),
            others: COMPARED.iter().copied().filter(|name| protocols.iter().all(|each| each != name)).collect(),
            seed: *seed,
            entries: uncommitted.map(|uncommitted| uncommitted.entries),
            entries_max: ENTRIES_MAX,
            steady: *steady_ticks,
            until: *until_ticks,
        })
    }

    /// The run of a protocol with the script's seed, to be looked at. It is one of those that were measured.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` that says what is wrong with the script.
    #[wasm_bindgen(unchecked_return_type = "ComparedRun")]
    pub fn show(&mut self, protocol: &str) -> Result<JsValue, JsValue> {
        to_js(&self.run(protocol).map_err(PlaygroundError::into_js)?)
    }

    /// Measures runs of a protocol, one at least, and more as long as the budget of milliseconds allows: those of the
    /// script's seed and `from` more, up to, but without, `to` more. Gives the first that is left. Calls go on where the
    /// one before has stopped.
    ///
    /// # Errors
    ///
    /// A `PlaygroundError` that says what is wrong with the script.
    pub fn measure(&mut self, protocol: &str, from: u32, to: u32, budget_ms: f64) -> Result<u32, JsValue> {
        let start = milliseconds();
        let is_over = || milliseconds() - start >= budget_ms;
        let next = self.advance(protocol, u64::from(from), u64::from(to), is_over);
        next.map(|next| next as u32).map_err(PlaygroundError::into_js)
    }

    /// What the runs of a protocol that were measured came to.
    ///
    /// # Errors
    ///
    /// If the script does not name the protocol.
    #[wasm_bindgen(unchecked_return_type = "ComparedColumn")]
    pub fn column(&self, protocol: &str) -> Result<JsValue, JsValue> {
        let place = self.place(protocol).map_err(PlaygroundError::into_js)?;
        to_js(&ComparedColumn::of(protocol, &self.columns[place]))
    }
}
