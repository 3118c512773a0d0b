//! What random numbers are drawn from: a range of ticks, and a probability.

use crate::process::Ticks;

/// A range of ticks, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TicksRange {
    /// The shortest.
    pub min: Ticks,
    /// The longest.
    pub max: Ticks,
}

impl TicksRange {
    /// A range.
    pub const fn new(min: Ticks, max: Ticks) -> Self {
        Self { min, max }
    }
}

/// A probability, as a ratio of whole numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// How often it happens
    pub numerator: u32,
    /// in so many cases. Not 0.
    pub denominator: u32,
}

impl Ratio {
    /// What never happens.
    pub const NEVER: Ratio = Ratio { numerator: 0, denominator: 100 };

    /// So many cases in a hundred.
    pub const fn percent(numerator: u32) -> Self {
        Self { numerator, denominator: 100 }
    }
}
