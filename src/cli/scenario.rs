//! Reading a scenario from a file, from standard input, or from the gallery.

use std::io::Read;

use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::{Scenario, build, parse};

/// Reads the scenario that a path names: a file, `-` for standard input, or the name of one of the gallery; without a path, the default.
pub fn read(path: Option<&str>, protocol: &str) -> Result<Scenario, String> {
    let Some(path) = path else { return Ok(Scenario::of(protocol)) };
    if let Some(entry) = gallery().into_iter().find(|entry| entry.name == path) {
        return Ok(entry.scenario);
    }
    let mut json = String::new();
    // One byte more than is allowed tells that there is too much, without reading it all.
    let limit = build::LENGTH_MAX as u64 + 1;
    let read = if path == "-" {
        std::io::stdin().lock().take(limit).read_to_string(&mut json)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_string(&mut json))
    };
    read.map_err(|error| format!("{path}: {error}"))?;
    parse(&json).map_err(|error| format!("{path}: {error}"))
}
