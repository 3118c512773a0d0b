//! Links: a whole run in the part of a URL after the `#`, which no browser sends to any server.
//!
//! A link names the engine's version, the scenario with its seed, mutations and interventions, how many events the run
//! has, where its playhead stands, and the hash of its trace. Whoever opens it replays the run and compares the hash:
//! the same version must find the same one, and another version can say whether it does.
//!
//! ```text
//! #run=1.kq3vXY...          1 is the version of the format; what follows is base64 of
//!   checksum   4 bytes      the first of XXH3 over all that follows
//!   hash      16 bytes      the trace hash right after the last event of the run
//!   events, playhead        each as a number of 1 to 5 bytes, 7 bits in each, lowest first
//!   version                 the engine's, as a length and so many bytes
//!   length                  of the scenario's text
//!   scenario                its JSON, deflated
//! ```
//!
//! A field that has its protocol's default value is left out of the JSON, and deflate starts with a dictionary of the
//! words that scenarios are made of (`dictionary-1.txt`, which must never change: another one is another version of the
//! format). So an ordinary run takes a hundred characters or two. The text is canonical: the same run, written by the
//! same engine, is the same link.
//!
//! What is unpacked is bounded before it is: by the length that the link states, and that by the longest scenario.

mod packing;
#[cfg(test)]
mod tests;

use super::action::InterventionText;
use super::build::parse;
use super::error::ScenarioError;
use super::protocols::Playable;
use super::settings::Scenario;
use crate::run::Run;
use packing::{Reader, deflate, inflate, put_number};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::fmt;

/// The version of the format.
pub const FORMAT: u32 = 1;

/// Longest text of a link, in characters. It fits the command line, and every browser's address.
pub const TEXT_LENGTH_MAX: usize = 100_000;

/// What stands before the text of a link, after the `#` of a URL or after an `&`.
pub const KEY: &str = "run=";

/// Longest name of an engine's version.
const VERSION_LENGTH_MAX: usize = 40;

/// What is wrong with a link, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkError {
    /// Which part: `link`, `format`, `base64`, `checksum`, `engine`, or a path in the scenario.
    pub place: String,
    /// What is wrong with it.
    pub message: String,
}

impl LinkError {
    fn at(place: &str, message: impl Into<String>) -> Self {
        Self { place: place.to_owned(), message: message.into() }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for LinkError {}

/// A run as a link carries it, with its scenario as JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Packed {
    /// The version of the engine that made the link.
    pub engine_version: String,
    /// The scenario as JSON, without the fields that have their default values.
    pub scenario_json: String,
    /// How many events the run has.
    pub events: u32,
    /// How many of them lie before the playhead.
    pub playhead: u32,
    /// The trace hash right after the last of them.
    pub trace_hash: u128,
}

/// A run as a link carries it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The version of the engine that made the link.
    pub engine_version: String,
    /// The scenario with all interventions.
    pub scenario: Scenario,
    /// How many events the run has.
    pub events: u32,
    /// How many of them lie before the playhead.
    pub playhead: u32,
    /// The trace hash right after the last of them.
    pub trace_hash: u128,
}

impl Link {
    /// A link to a run of this engine.
    pub fn new(scenario: Scenario, events: u32, playhead: u32, trace_hash: u128) -> Self {
        let scenario = canonical(scenario);
        Self {
            engine_version: crate::ENGINE_VERSION.to_owned(),
            scenario,
            events,
            playhead: playhead.min(events),
            trace_hash,
        }
    }

    /// A link to a run as it is recorded, with all that was done to it.
    pub fn of_run<R: Playable>(run: &mut Run<R>, scenario: &Scenario, playhead: u32) -> Self {
        let events = run.simulation().events();
        let trace_hash = run.hash_after(events);
        let interventions = InterventionText::all_of(run.simulation());
        Self::new(Scenario { interventions, ..scenario.clone() }, events, playhead, trace_hash)
    }

    /// The link as a fragment: `#run=1.` and so on.
    ///
    /// # Errors
    ///
    /// If the scenario is too large for a link: says by how much.
    pub fn to_fragment(&self) -> Result<String, LinkError> {
        let scenario_json = serde_json::to_string(&WithoutDefaults(&self.scenario))
            .map_err(|error| LinkError::at("link", error.to_string()))?;
        let Self { engine_version, scenario: _, events, playhead, trace_hash } = self.clone();
        Packed { engine_version, scenario_json, events, playhead, trace_hash }.to_fragment()
    }

    /// Reads a link: a URL, its fragment, or the text after `run=`.
    ///
    /// # Errors
    ///
    /// Says what is wrong and where. What another version wrote may name something that this one does not know, and the
    /// error says so.
    pub fn read(text: &str) -> Result<Self, LinkError> {
        let Packed { engine_version, scenario_json, events, playhead, trace_hash } = Packed::read(text)?;
        let scenario = parse(&scenario_json).map_err(|error| wrong_scenario(&engine_version, error))?;
        Ok(Self { engine_version, scenario, events, playhead, trace_hash })
    }

    /// Whether this engine made the link.
    pub fn is_of_this_engine(&self) -> bool {
        self.engine_version == crate::ENGINE_VERSION
    }
}

/// The scenario in the one way that a link writes it: mutations by name, each once.
pub fn canonical(mut scenario: Scenario) -> Scenario {
    scenario.mutations.sort();
    scenario.mutations.dedup();
    scenario
}

/// What is wrong with the scenario of a link, and, if another engine wrote it, which one.
pub fn wrong_scenario(engine_version: &str, error: ScenarioError) -> LinkError {
    let place = if matches!(error.place.as_str(), "" | ".") {
        "scenario".to_owned()
    } else {
        format!("scenario.{}", error.place)
    };
    let by_another = if engine_version == crate::ENGINE_VERSION {
        String::new()
    } else {
        format!(" (the link was made by engine {engine_version}, and this is {})", crate::ENGINE_VERSION)
    };
    LinkError { place, message: format!("{}{by_another}", error.message) }
}

/// Whether a text is meant as a link, and not as the name of a file or a scenario.
pub fn is_link(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('#')
        || text.starts_with(KEY)
        || text.contains(&format!("#{KEY}"))
        || (text.contains("://") && text.contains(KEY))
}

/// What stands after `run=` in a URL or a fragment; or the whole, if that is already it.
fn payload(text: &str) -> Result<&str, LinkError> {
    let text = text.trim();
    let fragment = text.split_once('#').map_or(text, |(_, fragment)| fragment);
    if let Some(payload) = fragment.split('&').find_map(|part| part.strip_prefix(KEY)) {
        return Ok(payload);
    }
    let looks_bare = fragment
        .split_once('.')
        .is_some_and(|(format, _)| !format.is_empty() && format.bytes().all(|byte| byte.is_ascii_digit()));
    if looks_bare { Ok(fragment) } else { Err(LinkError::at("link", format!("there is no {KEY} behind the #"))) }
}

impl Packed {
    /// The link as a fragment.
    ///
    /// # Errors
    ///
    /// If the scenario is too large for a link.
    pub fn to_fragment(&self) -> Result<String, LinkError> {
        let scenario = self.scenario_json.as_bytes();
        if scenario.len() > super::build::LENGTH_MAX {
            return Err(LinkError::at(
                "link",
                format!("a scenario of {} bytes, and at most {} fit", scenario.len(), super::build::LENGTH_MAX),
            ));
        }
        let mut body = self.trace_hash.to_be_bytes().to_vec();
        put_number(&mut body, self.events);
        put_number(&mut body, self.playhead);
        put_number(&mut body, self.engine_version.len() as u32);
        body.extend_from_slice(self.engine_version.as_bytes());
        put_number(&mut body, scenario.len() as u32);
        deflate(scenario, &mut body);
        let text = format!("#{KEY}{FORMAT}.{}", packing::armour(&body));
        if text.len() > TEXT_LENGTH_MAX {
            return Err(LinkError::at(
                "link",
                format!("it would have {} characters, and at most {TEXT_LENGTH_MAX} are read", text.len()),
            ));
        }
        Ok(text)
    }

    /// Reads a link, and leaves its scenario as JSON.
    ///
    /// # Errors
    ///
    /// Says what is wrong and where.
    pub fn read(text: &str) -> Result<Self, LinkError> {
        if text.len() > TEXT_LENGTH_MAX {
            return Err(LinkError::at("link", format!("at most {TEXT_LENGTH_MAX} characters, not {}", text.len())));
        }
        let (format, armoured) = payload(text)?
            .split_once('.')
            .ok_or_else(|| LinkError::at("format", "the format's number and a point are missing"))?;
        if format != FORMAT.to_string() {
            let shown: String = format.chars().take(20).collect();
            return Err(LinkError::at(
                "format",
                format!("this engine ({}) reads links of format {FORMAT}, not {shown:?}", crate::ENGINE_VERSION),
            ));
        }
        let body = packing::disarm(armoured)?;
        let mut reader = Reader { rest: &body };
        let trace_hash = u128::from_be_bytes(reader.array("hash")?);
        let events = reader.number("events")?;
        let playhead = reader.number("playhead")?;
        if playhead > events {
            return Err(LinkError::at(
                "playhead",
                format!("it stands after {playhead} events, and the run has {events}"),
            ));
        }
        let length = reader.number("engine")? as usize;
        if length > VERSION_LENGTH_MAX {
            return Err(LinkError::at(
                "engine",
                format!("a version's name of {length} bytes, and at most {VERSION_LENGTH_MAX} are read"),
            ));
        }
        let version = reader.bytes("engine", length)?;
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-+".contains(byte);
        let engine_version =
            std::str::from_utf8(version).ok().filter(|version| version.bytes().all(|byte| is_plain(&byte)));
        let engine_version =
            engine_version.ok_or_else(|| LinkError::at("engine", "not the name of a version"))?.to_owned();
        let length = reader.number("scenario")? as usize;
        if length > super::build::LENGTH_MAX {
            return Err(LinkError::at(
                "scenario",
                format!("{length} bytes unpacked, and at most {} are read", super::build::LENGTH_MAX),
            ));
        }
        let scenario_json =
            String::from_utf8(inflate(reader.rest, length)?).map_err(|_| LinkError::at("scenario", "not UTF-8"))?;
        Ok(Self { engine_version, scenario_json, events, playhead, trace_hash })
    }
}

/// A scenario as a link writes it: without the fields that have their protocol's default values.
pub struct WithoutDefaults<'a>(pub &'a Scenario);

impl Serialize for WithoutDefaults<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let default = Scenario::of(&self.0.protocol);
        let mut fields = serializer.serialize_struct("Scenario", 1)?;
        fields.serialize_field("protocol", &self.0.protocol)?;
        // Every field is named here, so that a new one cannot be forgotten.
        macro_rules! unless_default {
            ($($field:ident),*) => {
                let Scenario { protocol: _, $($field),* } = self.0;
                $(if *$field != default.$field {
                    fields.serialize_field(stringify!($field), $field)?;
                })*
            };
        }
        unless_default!(
            seed,
            title,
            replicas,
            clients,
            network,
            disk,
            workload,
            client,
            reads,
            clock_rates_ppm,
            clock_drift_ppm,
            raft,
            paxos,
            multi_paxos,
            viewstamped,
            tendermint,
            pbft,
            mutations,
            interventions,
            limits,
            captions
        );
        fields.end()
    }
}
