//! Fingerprints: 128 bits of a value's canonical bytes, the same on every target.
//!
//! `std::hash::Hash` writes `usize` lengths and derives its own framing, so it differs between 64-bit and wasm32. Here
//! every number has a fixed width, little-endian, and every sequence is preceded by its length as `u32`.

use super::{NodeId, NodeSet};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// Collects the canonical bytes of values, and hashes them.
#[derive(Clone, Debug, Default)]
pub struct Fingerprinter {
    bytes: Vec<u8>,
}

impl Fingerprinter {
    /// An empty collector.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets all bytes and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Adds one byte.
    #[inline]
    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// Adds two bytes.
    #[inline]
    pub fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Adds four bytes.
    #[inline]
    pub fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Adds eight bytes.
    #[inline]
    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Adds sixteen bytes.
    #[inline]
    pub fn u128(&mut self, value: u128) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Adds a length. No value here is long enough to be cut.
    #[inline]
    pub fn length(&mut self, length: usize) {
        self.u32(length as u32);
    }

    /// Adds a text with its length.
    #[inline]
    pub fn text(&mut self, text: &str) {
        self.length(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// The bytes so far, for a hash that nobody can find collisions of.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// XXH3-128 of all bytes so far.
    pub fn finish(&self) -> u128 {
        xxhash_rust::xxh3::xxh3_128(&self.bytes)
    }
}

/// A value with canonical bytes: equal values have equal bytes, and values that may behave differently have different
/// ones. What never changes in a run (settings) is left out.
pub trait Fingerprint {
    /// Adds the canonical bytes.
    fn fingerprint(&self, into: &mut Fingerprinter);

    /// The 128 bits of this value alone.
    fn fingerprint_of(&self) -> u128 {
        let mut into = Fingerprinter::new();
        self.fingerprint(&mut into);
        into.finish()
    }
}

macro_rules! fixed_width {
    ($($type:ident),*) => { $(
        impl Fingerprint for $type {
            fn fingerprint(&self, into: &mut Fingerprinter) { into.$type(*self); }
        }
    )* };
}
fixed_width!(u8, u16, u32, u64, u128);

impl Fingerprint for bool {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.u8(u8::from(*self));
    }
}

impl Fingerprint for () {
    fn fingerprint(&self, _: &mut Fingerprinter) {}
}

impl Fingerprint for str {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.text(self);
    }
}

impl Fingerprint for String {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.text(self);
    }
}

impl Fingerprint for NodeId {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.u16(self.0);
    }
}

impl Fingerprint for NodeSet {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.u64(self.0);
    }
}

impl<T: Fingerprint + ?Sized> Fingerprint for Arc<T> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        (**self).fingerprint(into);
    }
}

impl<T: Fingerprint + ?Sized> Fingerprint for Box<T> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        (**self).fingerprint(into);
    }
}

impl<T: Fingerprint> Fingerprint for Option<T> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        match self {
            None => into.u8(0),
            Some(value) => {
                into.u8(1);
                value.fingerprint(into);
            }
        }
    }
}

impl<A: Fingerprint, B: Fingerprint> Fingerprint for (A, B) {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        self.0.fingerprint(into);
        self.1.fingerprint(into);
    }
}

impl<T: Fingerprint> Fingerprint for [T] {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.length(self.len());
        for each in self {
            each.fingerprint(into);
        }
    }
}

impl<T: Fingerprint> Fingerprint for Vec<T> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        self.as_slice().fingerprint(into);
    }
}

impl<T: Fingerprint> Fingerprint for VecDeque<T> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.length(self.len());
        for each in self {
            each.fingerprint(into);
        }
    }
}

impl<T: Fingerprint> Fingerprint for BTreeSet<T> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.length(self.len());
        for each in self {
            each.fingerprint(into);
        }
    }
}

impl<K: Fingerprint, V: Fingerprint> Fingerprint for BTreeMap<K, V> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.length(self.len());
        for (key, value) in self {
            key.fingerprint(into);
            value.fingerprint(into);
        }
    }
}

/// Implements [`Fingerprint`] for a struct from the list of its fields. A field that is left out does not compile.
///
/// ```
/// use consensus_playground::process::{Fingerprint, fingerprint_struct};
///
/// struct Ballot {
///     round: u64,
///     owner: u16,
/// }
///
/// fingerprint_struct!(Ballot { round, owner });
///
/// let ballot = |round, owner| Ballot { round, owner }.fingerprint_of();
/// assert_eq!(ballot(1, 2), ballot(1, 2));
/// assert_ne!(ballot(1, 2), ballot(2, 1));
/// ```
#[macro_export]
macro_rules! fingerprint_struct {
    ($name:ident { $($field:ident),* $(,)? } $(skip { $($skipped:ident),* })?) => {
        impl $crate::process::Fingerprint for $name {
            fn fingerprint(&self, into: &mut $crate::process::Fingerprinter) {
                let Self { $($field,)* $($($skipped: _,)*)? } = self;
                $($crate::process::Fingerprint::fingerprint($field, into);)*
            }
        }
    };
}

/// Implements [`Fingerprint`] for an enum from its variants, each with a tag that must never change.
///
/// ```
/// use consensus_playground::process::{Fingerprint, fingerprint_enum};
///
/// enum Vote {
///     Nobody,
///     For(u16),
/// }
///
/// fingerprint_enum!(Vote {
///     0 => Nobody,
///     1 => For(candidate),
/// });
///
/// assert_ne!(Vote::Nobody.fingerprint_of(), Vote::For(0).fingerprint_of());
/// ```
#[macro_export]
macro_rules! fingerprint_enum {
    ($name:ident { $($tag:literal => $variant:ident $(($($item:ident),*))? $({ $($field:ident),* })?),* $(,)? }) => {
        impl $crate::process::Fingerprint for $name {
            fn fingerprint(&self, into: &mut $crate::process::Fingerprinter) {
                match self { $(
                    Self::$variant $(($($item),*))? $({ $($field),* })? => {
                        into.u8($tag);
                        $($($crate::process::Fingerprint::fingerprint($item, into);)*)?
                        $($($crate::process::Fingerprint::fingerprint($field, into);)*)?
                    }
                )* }
            }
        }
    };
}
pub use {fingerprint_enum, fingerprint_struct};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_is_told_apart_from_its_parts() {
        assert_ne!(vec![vec![1u8], vec![2]].fingerprint_of(), vec![vec![1u8, 2], vec![]].fingerprint_of());
        assert_ne!(Some(0u8).fingerprint_of(), None::<u8>.fingerprint_of());
    }

    #[test]
    fn the_bits_are_the_same_on_every_target() {
        assert_eq!((7u64, NodeId(3)).fingerprint_of(), 0x9fcf2553a0792dc8b6d409cfdc944770);
    }
}
