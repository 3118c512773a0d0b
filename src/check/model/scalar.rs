//! What registers, sets and queues hold: an integer or a string.

use std::fmt;
use std::sync::Arc;

/// An integer or a string. The integer 1 and the string "1" are two values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    /// An integer.
    Integer(i64),
    /// A string.
    Text(Arc<str>),
}

impl From<i64> for Scalar {
    fn from(value: i64) -> Scalar {
        Scalar::Integer(value)
    }
}

impl From<&str> for Scalar {
    fn from(value: &str) -> Scalar {
        Scalar::Text(value.into())
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Integer(value) => write!(formatter, "{value}"),
            Scalar::Text(text) => write!(formatter, "{text:?}"),
        }
    }
}
