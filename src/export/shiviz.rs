//! A log for ShiViz (<https://bestchai.bitbucket.io/shiviz/>), as a file that it opens: the regular expression that reads
//! it, an empty line, as there is one run, and then two lines for each event.
//!
//! ```text
//! (?<event>.*)\n(?<host>\S+) (?<clock>\{.*\})
//!
//! 0.181628 election timer · election-timeout → n2 would you vote?
//! n1 {"n1":2}
//! 0.190001 would you vote? from n1
//! n2 {"n1":2,"n2":2}
//! ```
//!
//! The clocks are Fidge's and Mattern's vector clocks over the events of the log: each event counts one for its process,
//! and the one that handles a message knows what its sender knew. What is done from outside to no process in particular
//! has a host of its own.

use super::Exported;
use super::mermaid::is_unseen;
use crate::run::Run;
use crate::run::causality::sent_by;
use crate::scenario::Playable;
use crate::sim::EventRecord;
use serde_json::{Map, Value};
use std::fmt::Write;
use std::ops::Range;

/// What reads the log: named groups for the event, the host and its clock.
pub const REGULAR_EXPRESSION: &str = r"(?<event>.*)\n(?<host>\S+) (?<clock>\{.*\})";

/// Most events in a log.
pub const EVENTS_MAX: usize = 2_000;

/// The host of what is done to no process in particular.
const OUTSIDE: &str = "outside";

/// A part of a run as a log.
pub fn log<R: Playable>(run: &Run<R>, events: Range<u32>) -> Exported {
    let end = events.end.min(run.simulation().cursor());
    let mut names = run.process_names();
    names.push(OUTSIDE.to_owned());
    let mut clocks =
        Clocks { first: events.start, of_hosts: vec![vec![0; names.len()]; names.len()], after: Vec::new() };
    let mut text = format!("{REGULAR_EXPRESSION}\n\n");
    let mut left_out = None;
    for event in events.start..end {
        if clocks.after.len() == EVENTS_MAX {
            left_out = Some(run.shown_up_to("events", EVENTS_MAX, event - 1, end - 1));
            break;
        }
        let Some(record) = run.simulation().trace().events.get(event as usize) else { break };
        let host = usize::from(record.node).min(names.len() - 1);
        let clock = clocks.advance(run, record, host);
        let known = clock.iter().zip(&names).filter(|(count, _)| **count > 0);
        let known: Map<String, Value> = known.map(|(count, name)| (name.clone(), Value::from(*count))).collect();
        // The transcript's line, without the process.
        let line = run.transcript_line(event);
        let (time, rest) = line.trim_start().split_once(' ').unwrap_or((line.as_str(), ""));
        let what = rest.trim_start().split_once(' ').map_or("", |(_, what)| what.trim_start());
        let _ = writeln!(text, "{time} {}\n{} {}", escaped(what), names[host], Value::Object(known));
    }
    Exported { text, left_out }
}

/// The vector clocks of all hosts.
struct Clocks {
    /// The first event of the log.
    first: u32,
    of_hosts: Vec<Vec<u32>>,
    /// Right after each event.
    after: Vec<Vec<u32>>,
}

impl Clocks {
    /// Takes in an event, and gives the clock of its host after it.
    fn advance<R: Playable>(&mut self, run: &Run<R>, record: &EventRecord, host: usize) -> &[u32] {
        let mut clock = self.of_hosts[host].clone();
        if let Some(event) = sent_by(run.simulation().trace(), record)
            && let Some(sent) = event.checked_sub(self.first).and_then(|place| self.after.get(place as usize))
        {
            clock.iter_mut().zip(sent).for_each(|(own, known)| *own = (*own).max(*known));
        }
        clock[host] += 1;
        self.of_hosts[host].clone_from(&clock);
        self.after.push(clock);
        &self.of_hosts[host]
    }
}

/// A text on one line.
fn escaped(text: &str) -> String {
    text.chars().map(|character| if is_unseen(character) { ' ' } else { character }).collect()
}
