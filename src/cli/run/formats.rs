//! A run in the formats of other tools, and the clients' history in a file.

use std::ffi::OsStr;
use std::ops::Range;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use consensus_playground::export::shiviz::REGULAR_EXPRESSION;
use consensus_playground::export::{self, Exported, Format, history};
use consensus_playground::run::Run;
use consensus_playground::scenario::{Link, Playable};

use crate::cli::streams::remark;

/// Reads the name of a format, of those that are meant.
fn format(is_meant: fn(Format) -> bool) -> impl TypedValueParser<Value = Format> {
    let all = Format::ALL.into_iter().filter(move |&(format, ..)| is_meant(format));
    let names = all.clone().map(|(_, name, about)| PossibleValue::new(name).help(about));
    PossibleValuesParser::new(names).try_map(move |given| {
        let found = all.clone().find(|(_, name, _)| *name == given);
        found.map(|(format, ..)| format).ok_or("no format")
    })
}

fn any_format() -> impl TypedValueParser<Value = Format> {
    format(|_| true)
}

fn history_format() -> impl TypedValueParser<Value = Format> {
    format(|format| matches!(format, Format::Edn | Format::Jsonl))
}

#[derive(clap::Args)]
pub struct Formats {
    /// Print the run in the format of another tool instead
    #[arg(long, value_parser = any_format(), value_name = "FORMAT", conflicts_with_all = ["json", "transcript", "link"], long_help = formats_help())]
    format: Option<Format>,
    /// With --format mermaid, shiviz or itf: only events A up to but without B
    #[arg(long, value_name = "A..B", value_parser = events, requires = "format")]
    events: Option<Range<u32>>,
    /// Write what the clients saw to a file that `check --model kv` reads: EDN if its name ends in .edn, else JSON lines
    #[arg(long, value_name = "FILE")]
    history_out: Option<PathBuf>,
    /// Write the history in this format, whatever the name of the file
    #[arg(long, value_parser = history_format(), value_name = "FORMAT", requires = "history_out")]
    history_format: Option<Format>,
}

fn formats_help() -> String {
    format!("Print the run in the format of another tool instead. ShiViz reads the log by {REGULAR_EXPRESSION}")
}

fn events(text: &str) -> Result<Range<u32>, String> {
    let bounds = text.split_once("..").and_then(|(first, end)| Some(first.parse().ok()?..end.parse().ok()?));
    bounds.filter(|range: &Range<u32>| range.start < range.end).ok_or_else(|| "a range such as 0..1000".to_owned())
}

/// The text of what was exported; what is left out is told.
fn text_of(exported: Exported) -> String {
    if let Some(left_out) = exported.left_out {
        remark(left_out);
    }
    exported.text
}

impl Formats {
    /// The run in the format that is asked for; none if in no other than ours.
    pub fn text<R: Playable>(
        &self,
        run: &mut Run<R>,
        link: impl Fn(&mut Run<R>) -> Link,
    ) -> Result<Option<String>, String> {
        let Some(format) = self.format else { return Ok(None) };
        let all = run.simulation().events();
        if self.events.is_some() && !matches!(format, Format::Mermaid | Format::Shiviz | Format::Itf) {
            return Err("--events: a history and a test are of the whole run".to_owned());
        }
        let events = self.events.clone().unwrap_or(0..all);
        if events.start >= all {
            return Err(format!("--events: the run has {all} events, from 0 on"));
        }
        let link = link(run);
        export::export(run, format, events, &link).map(|exported| Some(text_of(exported)))
    }

    /// Writes the history to the file that is asked for.
    pub fn write_history<R: Playable>(&self, run: &mut Run<R>) -> Result<(), String> {
        let Some(file) = &self.history_out else { return Ok(()) };
        let by_name = if file.extension() == Some(OsStr::new("edn")) { Format::Edn } else { Format::Jsonl };
        let exported = match self.history_format.unwrap_or(by_name) {
            Format::Edn => history::edn(run)?,
            _ => history::json_lines(run)?,
        };
        std::fs::write(file, text_of(exported)).map_err(|error| format!("{}: {error}", file.display()))
    }
}
