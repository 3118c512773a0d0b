//! Reading a scenario or a run from what the command line names: a prepared run, a file, standard input, an address, a link.

use std::io::{ErrorKind, Read};

use consensus_playground::scenario::{Link, Scenario, build, parse};

use super::address::{Address, is_bare_link, is_name};
use super::prepared;

/// So many characters of a file's name are told in an error.
const NAME_SHOWN: usize = 200;

/// What the command line names: a scenario, or a whole run.
pub enum Named {
    /// A scenario, and where it came from.
    Scenario(Box<Scenario>),
    /// A run, by a link.
    Run(Box<Link>),
}

impl Named {
    fn scenario(scenario: Scenario) -> Self {
        Self::Scenario(Box::new(scenario))
    }

    /// A run by the text of a link. `what`: how an error calls it.
    fn link(text: &str, what: &str) -> Result<Self, String> {
        Link::read(text).map(|link| Self::Run(Box::new(link))).map_err(|error| format!("{what}: {error}"))
    }

    /// What an address asks for.
    fn at(address: &Address, what: &str) -> Result<Self, String> {
        match address.run.as_deref() {
            Some(run) if !is_name(run) => Self::link(&format!("#run={run}"), what),
            _ => prepared::addressed(address).map(Self::scenario),
        }
    }
}

/// Reads what a text names: an address, the name of a prepared run, a file, a bare link, or `-` for standard input; a file
/// may hold a scenario or an address. Without a text, the default scenario.
pub fn read_named(text: Option<&str>, protocol: &str) -> Result<Named, String> {
    let Some(text) = text else { return Ok(Named::scenario(Scenario::of(protocol))) };
    if let Some(scenario) = prepared::named(text) {
        return Ok(Named::scenario(scenario));
    }
    // What is too long for a file's name need not be looked for.
    if is_bare_link(text) && !std::path::Path::new(text).exists() {
        return Named::link(text, "the link");
    }
    if let Some(address) = Address::of(text) {
        return Named::at(&address, "the link");
    }
    if text.starts_with('#') {
        // No file is meant: what reads links says what is missing.
        return Named::link(text, "the link");
    }
    let content = content(text, |name| format!("neither a prepared run nor a file. {}", prepared::nearest(name)))?;
    if !content.trim_start().starts_with(['{', '[']) {
        if is_bare_link(&content) {
            return Named::link(&content, text);
        }
        if let Some(address) = Address::of(&content) {
            return Named::at(&address, text);
        }
    }
    parse(&content).map(Named::scenario).map_err(|error| format!("{text}: {error}"))
}

/// What a file holds, or standard input. `no_such`: what is said of a name that is no file's.
pub fn content(path: &str, no_such: impl FnOnce(&str) -> String) -> Result<String, String> {
    let mut content = String::new();
    // One byte more than is allowed tells that there is too much, without reading it all.
    let limit = build::LENGTH_MAX as u64 + 1;
    let read = if path == "-" {
        std::io::stdin().lock().take(limit).read_to_string(&mut content)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_string(&mut content))
    };
    let shown: String = path.chars().take(NAME_SHOWN).collect();
    match read {
        Ok(_) => Ok(content),
        Err(error) if error.kind() == ErrorKind::NotFound && is_name(path) => Err(format!("{path}: {}", no_such(path))),
        Err(error) => Err(format!("{shown}: {error}")),
    }
}

/// Reads the scenario that a text names, be it that of a link; where a protocol is asked for, it must be of that.
pub fn read(text: Option<&str>, protocol: Option<&str>) -> Result<Scenario, String> {
    let scenario = match read_named(text, protocol.unwrap_or("raft"))? {
        Named::Scenario(scenario) => *scenario,
        Named::Run(link) => link.scenario,
    };
    match protocol {
        Some(protocol) if protocol != scenario.protocol => {
            Err(format!("the scenario is one of {}, and --protocol says {protocol}", scenario.protocol))
        }
        _ => Ok(scenario),
    }
}
