//! Side by side: one script, followed by several protocols, and what each of them made of it.
//!
//! A [`Script`] is a scenario without its protocol, with the protocols that are to follow it. Faults name parts and no
//! processes: the leader, the first of its followers. So they strike the same thing in each protocol, whoever plays that
//! part in a run. Each run is one of the protocol's own core, watched by its own monitor, and a run like any other: with
//! a seed, a trace and a link.
//!
//! All figures are read off the traces, none is worked out from a formula. Two of them want words:
//!
//! * **Bytes**: what the fields of a message take, by one rule for all ([`size`]).
//! * **Message delays**: how many messages, one after the other, led to an event. The chain of causes is followed back
//!   from it, to the client that asked, or to the fault. With one latency for all links that many latencies pass, besides
//!   what somebody waited for.
//!
//! What a protocol cannot follow is no run of it: [`fit`] says why. What no protocol can follow is an error.
//!
//! * [`script`]: the fields. * [`ready`]: scripts by name. * [`cast`]: who plays which part. * [`fit`]: what a protocol
//!   cannot follow. * [`stage`]: a run. * [`measure`]: what it came to. * [`size`]: bytes. * [`summary`]: many runs.
//! * [`rows`]: what a table has of them. * [`mod@column`]: which of a protocol's runs there are. * [`reads`]: one protocol,
//!   read in several ways.

pub mod cast;
pub mod column;
pub mod fit;
pub mod measure;
pub mod reads;
pub mod ready;
pub mod rows;
pub mod script;
pub mod size;
pub mod stage;
pub mod summary;

pub use column::Column;
pub use measure::{Measured, Phase, Reached, Shown, Traffic};
pub use script::{COMPARED, Script, parse};
pub use stage::Trouble;
pub use summary::{Quantiles, Summary};

use crate::scenario::{Playable, ScenarioError, WithProtocol, with_protocol};

struct Words<'a>(&'a Script);

impl WithProtocol for Words<'_> {
    type Output = Result<(), ScenarioError>;

    fn with<R: Playable>(self) -> Self::Output {
        fit::check_words::<R>(self.0)
    }
}

struct Fits<'a>(&'a Script);

impl WithProtocol for Fits<'_> {
    type Output = Result<(), Trouble>;

    fn with<R: Playable>(self) -> Self::Output {
        fit::check::<R>(self.0)
    }
}

/// For each protocol of a script why it cannot follow it, as far as that can be said beforehand; none where it can.
///
/// # Errors
///
/// If the script is wrong, or none of its protocols can follow it.
pub fn fits(script: &Script) -> Result<Vec<Option<String>>, ScenarioError> {
    script.check()?;
    // What one protocol has no word for, another may have. What none has is a mistake.
    let words: Result<Vec<_>, _> = COMPARED.iter().map(|protocol| with_protocol(protocol, Words(script))).collect();
    if let Some(Err(error)) = words?.into_iter().reduce(Result::or) {
        return Err(error);
    }
    let mut reasons = Vec::new();
    for protocol in &script.protocols {
        reasons.push(match with_protocol(protocol, Fits(script))? {
            Ok(()) => None,
            Err(Trouble::NotApplicable(reason)) => Some(reason),
            Err(Trouble::Wrong(error)) => return Err(error),
        });
    }
    refuse_if_none_fits(script, &reasons)?;
    Ok(reasons)
}

/// A script that none of its protocols can follow compares nothing.
///
/// # Errors
///
/// Says why none of them can, if so.
pub fn refuse_if_none_fits(script: &Script, reasons: &[Option<String>]) -> Result<(), ScenarioError> {
    let told = script
        .protocols
        .iter()
        .zip(reasons)
        .map(|(protocol, reason)| Some(format!("{protocol}: {}", reason.as_ref()?)));
    match told.collect::<Option<Vec<_>>>() {
        Some(told) => {
            Err(ScenarioError::at("protocols", format!("none of them can follow the script. {}", told.join("; "))))
        }
        None => Ok(()),
    }
}

struct Once<'a> {
    script: &'a Script,
    seed: u64,
    with_link: bool,
}

impl WithProtocol for Once<'_> {
    type Output = Result<Measured, Trouble>;

    fn with<R: Playable>(self) -> Self::Output {
        measure::measure::<R>(self.script, self.seed, self.with_link)
    }
}

/// Lets a protocol follow a script with a seed, and measures what comes of it.
///
/// # Errors
///
/// If the script is wrong, or beyond what the protocol can follow.
pub fn once(script: &Script, protocol: &str, seed: u64, with_link: bool) -> Result<Measured, Trouble> {
    with_protocol(protocol, Once { script, seed, with_link })?
}

struct Showing<'a> {
    script: &'a Script,
    seed: u64,
}

impl WithProtocol for Showing<'_> {
    type Output = Result<Shown, Trouble>;

    fn with<R: Playable>(self) -> Self::Output {
        measure::show::<R>(self.script, self.seed)
    }
}

/// Lets a protocol follow a script with a seed, to be looked at.
///
/// # Errors
///
/// As [`once`].
pub fn show(script: &Script, protocol: &str, seed: u64) -> Result<Shown, Trouble> {
    with_protocol(protocol, Showing { script, seed })?
}
