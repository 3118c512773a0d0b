//! A run in the formats of other tools, and the clients' history in a file.

use std::ffi::OsStr;
use std::ops::Range;
use std::path::PathBuf;

use clap::ValueEnum;
use consensus_playground::export::shiviz::REGULAR_EXPRESSION;
use consensus_playground::export::{self, Format, history};
use consensus_playground::run::Run;
use consensus_playground::scenario::{Link, Playable};

use crate::cli::streams::remark;

/// The formats that the help lists.
#[derive(Clone, Copy, ValueEnum)]
enum FormatName {
    /// A sequence diagram: mermaid.live, and Markdown on many sites
    Mermaid,
    /// Events with vector clocks, for ShiViz; the first line of the file is the regular expression that reads it
    Shiviz,
    /// States in Apalache's ITF, for the ITF Trace Viewer
    Itf,
    /// The clients' history as Jepsen writes it, for `check` and Knossos
    Edn,
    /// The clients' history, a JSON object a line, for `check`
    Jsonl,
    /// A Rust test that replays the run
    Rust,
}

/// What a history is written in.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HistoryFormat {
    /// Maps as Jepsen writes them
    Edn,
    /// A JSON object a line
    Jsonl,
}

#[derive(clap::Args)]
pub struct Formats {
    /// Print the run in the format of another tool instead
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with_all = ["json", "transcript", "link"], long_help = formats_help())]
    format: Option<FormatName>,
    /// With --format mermaid, shiviz or itf: only events A up to but without B
    #[arg(long, value_name = "A..B", value_parser = events, requires = "format")]
    events: Option<Range<u32>>,
    /// Write what the clients saw to a file that `check --model kv` reads: EDN if its name ends in .edn, else JSON lines
    #[arg(long, value_name = "FILE")]
    history_out: Option<PathBuf>,
    /// Write the history in this format, whatever the name of the file
    #[arg(long, value_enum, value_name = "FORMAT", requires = "history_out")]
    history_format: Option<HistoryFormat>,
}

fn formats_help() -> String {
    format!("Print the run in the format of another tool instead. ShiViz reads the log by {REGULAR_EXPRESSION}")
}

fn events(text: &str) -> Result<Range<u32>, String> {
    let bounds = text.split_once("..").and_then(|(first, end)| Some(first.parse().ok()?..end.parse().ok()?));
    bounds.filter(|range: &Range<u32>| range.start < range.end).ok_or_else(|| "a range such as 0..1000".to_owned())
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Mermaid => Self::Mermaid,
            FormatName::Shiviz => Self::Shiviz,
            FormatName::Itf => Self::Itf,
            FormatName::Edn => Self::Edn,
            FormatName::Jsonl => Self::Jsonl,
            FormatName::Rust => Self::Rust,
        }
    }
}

impl Formats {
    /// The run in the format that is asked for; none if in no other than ours.
    pub fn text<R: Playable>(
        &self,
        run: &mut Run<R>,
        link: impl Fn(&mut Run<R>) -> Link,
    ) -> Result<Option<String>, String> {
        let Some(format) = self.format.map(Format::from) else { return Ok(None) };
        let all = run.simulation().events();
        if self.events.is_some() && !matches!(format, Format::Mermaid | Format::Shiviz | Format::Itf) {
            return Err("--events: a history and a test are of the whole run".to_owned());
        }
        let events = self.events.clone().unwrap_or(0..all);
        if events.start >= all {
            return Err(format!("--events: the run has {all} events, from 0 on"));
        }
        let link = link(run);
        let exported = export::export(run, format, events, &link)?;
        if let Some(left_out) = exported.left_out {
            remark(left_out);
        }
        Ok(Some(exported.text))
    }

    /// Writes the history to the file that is asked for.
    pub fn write_history<R: Playable>(&self, run: &mut Run<R>) -> Result<(), String> {
        let Some(file) = &self.history_out else { return Ok(()) };
        let by_name =
            if file.extension() == Some(OsStr::new("edn")) { HistoryFormat::Edn } else { HistoryFormat::Jsonl };
        let text = if self.history_format.unwrap_or(by_name) == HistoryFormat::Edn {
            let exported = history::edn(run)?;
            if let Some(left_out) = exported.left_out {
                remark(left_out);
            }
            exported.text
        } else {
            history::json_lines(run)?
        };
        std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
    }
}
