//! Reading a scenario from a file, from standard input, from the gallery, or from a link.

use std::io::Read;

use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::{Link, Scenario, build, link, parse};

/// What the command line names: a scenario, or a whole run.
pub enum Named {
    /// A scenario, and where it came from.
    Scenario(Box<Scenario>),
    /// A run, by a link.
    Run(Box<Link>),
}

/// Reads what a text names: a link, the name of one of the gallery, a file, or `-` for standard input; a file may hold a scenario or a
/// link. Without a text, the default scenario.
pub fn read_named(text: Option<&str>, protocol: &str) -> Result<Named, String> {
    let Some(text) = text else { return Ok(Named::Scenario(Box::new(Scenario::of(protocol)))) };
    if link::is_link(text) {
        return Link::read(text).map(|link| Named::Run(Box::new(link))).map_err(|error| format!("the link: {error}"));
    }
    if let Some(entry) = gallery().into_iter().find(|entry| entry.name == text) {
        return Ok(Named::Scenario(Box::new(entry.scenario)));
    }
    let content = content(text)?;
    if link::is_link(&content) && !content.trim_start().starts_with('{') {
        return Link::read(&content).map(|link| Named::Run(Box::new(link))).map_err(|error| format!("{text}: {error}"));
    }
    parse(&content).map(|scenario| Named::Scenario(Box::new(scenario))).map_err(|error| format!("{text}: {error}"))
}

fn content(path: &str) -> Result<String, String> {
    let mut content = String::new();
    // One byte more than is allowed tells that there is too much, without reading it all.
    let limit = build::LENGTH_MAX as u64 + 1;
    let read = if path == "-" {
        std::io::stdin().lock().take(limit).read_to_string(&mut content)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_string(&mut content))
    };
    read.map_err(|error| format!("{path}: {error}")).map(|_| content)
}

/// Reads the scenario that a text names, be it that of a link.
pub fn read(text: Option<&str>, protocol: &str) -> Result<Scenario, String> {
    Ok(match read_named(text, protocol)? {
        Named::Scenario(scenario) => *scenario,
        Named::Run(link) => link.scenario,
    })
}

/// Reads a link: itself, or a file or standard input that holds it.
pub fn read_link(text: &str) -> Result<Link, String> {
    if link::is_link(text) {
        return Link::read(text).map_err(|error| format!("the link: {error}"));
    }
    Link::read(&content(text)?).map_err(|error| format!("{text}: {error}"))
}
