//! What is wrong with a scenario, and where.

use std::fmt;

/// What is wrong, and where: a path such as `network.latency_ticks.min`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScenarioError {
    /// The path to the field, or "." for the whole.
    pub place: String,
    /// What is wrong with it.
    pub message: String,
}

impl ScenarioError {
    /// An error at a place.
    #[cold]
    #[inline(never)]
    pub fn at(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }

    /// The same error, seen from a level further up.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn within(self, outer: &str) -> Self {
        let place = match self.place.as_str() {
            "." | "" => outer.to_owned(),
            inner if inner.starts_with('[') => format!("{outer}{inner}"),
            inner => format!("{outer}.{inner}"),
        };
        Self { place, ..self }
    }
}

/// What serde says of a value, without the names of our types: whoever wrote the scenario has never seen them.
pub(super) fn in_words(message: &str) -> String {
    let message = message
        .replacen("unknown variant ", "unknown name ", 1)
        .replacen("invalid type: unit variant", "invalid type: a name alone", 1)
        .replacen("floating point `", "number `", 1);
    let Some((found, expected)) = message.split_once(", expected ") else { return message };
    let (expected, place) = expected.split_at(expected.find(" at line ").unwrap_or(expected.len()));
    let whole = |most: u64| format!("a whole number from 0 to {most}");
    let expected = match expected {
        "u8" => whole(u8::MAX.into()),
        "u16" => whole(u16::MAX.into()),
        "u32" => whole(u32::MAX.into()),
        "u64" => whole(u64::MAX),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        expected if expected.starts_with("struct ") => "an object".to_owned(),
        expected if expected.starts_with("enum ") => "a name, or an object of one field".to_owned(),
        expected if expected.contains("variant") => "an object".to_owned(),
        expected => expected.to_owned(),
    };
    format!("{found}, expected {expected}{place}")
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "." | "" => f.write_str(&self.message),
            place => write!(f, "{place}: {}", self.message),
        }
    }
}

impl std::error::Error for ScenarioError {}
