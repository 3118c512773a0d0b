//! A run as text for other tools. Nothing here computes anything of a run: it is read from the trace, from the clients'
//! history, and from what the processes show of themselves.
//!
//! * [`mermaid`]: a sequence diagram. * [`shiviz`]: events with vector clocks. * [`itf`]: states, as Apalache writes them.
//! * [`history`]: what the clients saw, as Jepsen writes it, or a JSON object a line. * [`rust_test`]: a test that replays
//!   the run.
//!
//! Words that come from a person (keys, values, names of all kinds) are escaped as each format asks for. Where a format
//! has a bound, [`Exported::left_out`] says what lies beyond it.

pub mod any;
pub mod history;
pub mod itf;
pub mod mermaid;
pub mod rust_test;
pub mod shiviz;

use crate::process::NodeId;
use crate::run::Run;
use crate::run::transcript::seconds;
use crate::scenario::{Link, Playable};
use std::ops::Range;

/// What a run can be written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// A sequence diagram of Mermaid's.
    Mermaid,
    /// A log for ShiViz.
    Shiviz,
    /// A trace in Apalache's ITF.
    Itf,
    /// The clients' history as Clojure maps, as Jepsen writes it.
    Edn,
    /// The clients' history, a JSON object a line.
    Jsonl,
    /// A test in Rust that replays the run.
    Rust,
}

impl Format {
    /// All of them, each with its name and what it is for.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Mermaid, "mermaid", "A sequence diagram: mermaid.live, and Markdown on many sites"),
        (
            Self::Shiviz,
            "shiviz",
            "Events with vector clocks, for ShiViz; the first line of the file is the regular expression that reads it",
        ),
        (Self::Itf, "itf", "States in Apalache's ITF, for the ITF Trace Viewer"),
        (Self::Edn, "edn", "The clients' history as Jepsen writes it, for `check` and Knossos"),
        (Self::Jsonl, "jsonl", "The clients' history, a JSON object a line, for `check`"),
        (Self::Rust, "rust", "A Rust test that replays the run"),
    ];
}

/// A run in some format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exported {
    /// The text, with the end of its last line.
    pub text: String,
    /// What of the run is not in it, in a sentence; none where all is.
    pub left_out: Option<String>,
}

impl Exported {
    fn whole(text: String) -> Self {
        Self { text, left_out: None }
    }
}

/// A run in a format. `events`: of diagrams, logs and states only this part; `link`: a link to the run, for a test.
///
/// # Errors
///
/// Says what of the run the format has no words for.
pub fn export<R: Playable>(
    run: &mut Run<R>,
    format: Format,
    events: Range<u32>,
    link: &Link,
) -> Result<Exported, String> {
    match format {
        Format::Mermaid => Ok(mermaid::diagram(run, events)),
        Format::Shiviz => Ok(shiviz::log(run, events)),
        Format::Itf => Ok(itf::trace(run, events)),
        Format::Edn => history::edn(run),
        Format::Jsonl => history::json_lines(run),
        Format::Rust => rust_test::of_run(link).map(Exported::whole),
    }
}

impl<R: Playable> Run<R> {
    /// The names of all processes, in order.
    fn process_names(&self) -> Vec<String> {
        let world = self.simulation().world();
        (0..world.processes()).map(|process| world.name(NodeId(process))).collect()
    }

    /// The sentence that says how far an export with a bound goes.
    fn shown_up_to(&self, what: &str, shown: usize, event: u32, end: u32) -> String {
        let time = |event: u32| self.simulation().trace().events.get(event as usize).map_or(0, |record| record.time);
        format!(
            "only the first {shown} {what} are shown, up to event {event} at {} s; the run goes on to event {end} at {} s",
            seconds(time(event)),
            seconds(time(end)),
        )
    }
}
