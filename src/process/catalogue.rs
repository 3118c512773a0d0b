//! Closed lists of named things: the rules of a paper, and the mutations of a core that switch them off.

use std::fmt;

/// A closed list of named things: the rules of a paper, the mutations of a core.
pub trait Catalogue: Copy + Eq + Ord + fmt::Debug + 'static {
    /// All of them, in the order of their codes.
    const ALL: &'static [Self];

    /// Its index in [`Catalogue::ALL`].
    fn code(self) -> u8;

    /// A name in kebab-case, as links and the command line write it.
    fn name(self) -> &'static str;

    /// One sentence that states it.
    fn text(self) -> &'static str;

    /// Where the paper says so.
    fn source(self) -> &'static str;

    /// The one with that name.
    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|each| each.name() == name)
    }
}

/// The mutations that are switched on: empty in a sound core.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mutations<M> {
    bits: u64,
    of: std::marker::PhantomData<M>,
}

impl<M: Catalogue> Mutations<M> {
    /// No rule is switched off.
    pub const NONE: Self = Self { bits: 0, of: std::marker::PhantomData };

    /// Whether a rule is switched off.
    pub fn has(self, mutation: M) -> bool {
        self.bits >> mutation.code() & 1 == 1
    }

    /// Switches one more rule off.
    pub fn with(self, mutation: M) -> Self {
        Self { bits: self.bits | 1 << mutation.code(), ..self }
    }

    /// Whether none is switched on.
    pub fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// All that are switched on in one or the other.
    pub fn and(self, others: Self) -> Self {
        Self { bits: self.bits | others.bits, ..self }
    }

    /// The ones that are switched on, in order.
    pub fn iter(self) -> impl Iterator<Item = M> {
        M::ALL.iter().copied().filter(move |&mutation| self.has(mutation))
    }
}

impl<M: Catalogue> Default for Mutations<M> {
    fn default() -> Self {
        Self::NONE
    }
}

/// Declares a [`Catalogue`]: an enum with a name, a sentence and a source for each value. The sentence is its
/// documentation too.
///
/// ```
/// use consensus_playground::process::{Catalogue, catalogue};
///
/// catalogue! {
///     /// The rules of a protocol of one's own.
///     Rule {
///         AnswerWhenWritten = "answer-when-written", "our paper, 2.1", "A write is answered once it is on disk.";
///     }
/// }
///
/// assert_eq!(Rule::named("answer-when-written"), Some(Rule::AnswerWhenWritten));
/// assert_eq!(Rule::AnswerWhenWritten.source(), "our paper, 2.1");
/// ```
#[macro_export]
macro_rules! catalogue {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $kebab:literal, $source:literal, $text:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $(#[doc = concat!($text, " (", $source, ")")] $variant,)* }

        impl $crate::process::Catalogue for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)*];
            fn code(self) -> u8 { self as u8 }
            fn name(self) -> &'static str { match self { $(Self::$variant => $kebab,)* } }
            fn text(self) -> &'static str { match self { $(Self::$variant => $text,)* } }
            fn source(self) -> &'static str { match self { $(Self::$variant => $source,)* } }
        }
    };
}
pub use catalogue;
