//! Prepared runs by their names: those of the gallery, and those of the course.

use std::io::{self, Write};

use consensus_playground::lesson::runs::runs;
use consensus_playground::scenario::gallery::GalleryEntry;
use consensus_playground::scenario::{PROTOCOLS, Scenario};

use super::address::Address;

/// So many names are told to whoever asks for one that there is not.
const NEAREST: usize = 3;

/// A prepared run, as `run --list --json` prints it.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct PreparedReport {
    name: &'static str,
    protocol: String,
    /// A few words.
    title: &'static str,
    /// What there is to see, in a sentence or two.
    about: &'static str,
    /// What to watch for while it plays, in a sentence or two.
    watch: &'static str,
}

/// Prints all of them: a line each.
pub fn list(out: &mut impl Write, as_json: bool) -> io::Result<()> {
    let runs = runs();
    if !as_json {
        let rows: Vec<_> =
            runs.iter().map(|run| ([run.name, &run.scenario.protocol], first_sentence(run.about))).collect();
        return table(out, &rows);
    }
    for GalleryEntry { name, title, about, watch, scenario } in runs {
        let report = PreparedReport { name, protocol: scenario.protocol, title, about, watch };
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    }
    Ok(())
}

/// Rows of words, each followed by a sentence: what a list prints.
pub fn table<const N: usize>(out: &mut impl Write, rows: &[([&str; N], &str)]) -> io::Result<()> {
    let width = |column: usize| rows.iter().map(|(words, _)| words[column].len()).max().unwrap_or_default();
    let widths: [usize; N] = std::array::from_fn(width);
    for (words, sentence) in rows {
        for (word, width) in words.iter().zip(widths) {
            write!(out, "{word:width$}  ")?;
        }
        writeln!(out, "{sentence}")?;
    }
    Ok(())
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// The run with a name.
pub fn named(name: &str) -> Option<Scenario> {
    runs().into_iter().find(|run| run.name == name).map(|run| run.scenario)
}

/// The run that an address names; without a name, its protocol's first.
pub fn addressed(address: &Address) -> Result<Scenario, String> {
    let Address { run, protocol, seed } = address;
    if let Some(protocol) = protocol.as_deref().filter(|protocol| !PROTOCOLS.contains(protocol)) {
        return Err(format!("there is no protocol {protocol:?}: there are {}", PROTOCOLS.join(", ")));
    }
    let is_wanted = |each: &GalleryEntry| {
        run.as_ref().is_none_or(|name| each.name == name)
            && protocol.as_ref().is_none_or(|protocol| each.scenario.protocol == *protocol)
    };
    let found = runs().into_iter().find(is_wanted).map(|each| each.scenario);
    let mut scenario = match (found, run.as_deref().and_then(named)) {
        (Some(scenario), _) => scenario,
        (None, Some(other)) => {
            let (asked, name) = (protocol.as_deref().unwrap_or_default(), run.as_deref().unwrap_or_default());
            return Err(format!("{asked} has no prepared run {name:?}: it is one of {}", other.protocol));
        }
        (None, None) => {
            let name = run.as_deref().unwrap_or_default();
            return Err(format!("there is no prepared run {name:?}. {}", nearest(name)));
        }
    };
    if let Some(seed) = seed {
        let problem = |_| format!("a seed is a whole number, not {seed:?}");
        scenario.seed = seed.parse().map_err(problem)?;
    }
    Ok(scenario)
}

/// Which names are nearest to one that there is not, and how to see all.
pub fn nearest(name: &str) -> String {
    nearest_of(runs().iter().map(|run| run.name).collect(), name, "run --list")
}

/// The same of other names, which a command prints.
pub fn nearest_of(mut names: Vec<&str>, name: &str, command: &str) -> String {
    names.sort_by_key(|known| strsim::damerau_levenshtein(known, name));
    let shown = names.iter().take(NEAREST).copied().collect::<Vec<_>>().join(", ");
    format!("The nearest of the {} names: {shown}. `{command}` prints all", names.len())
}
