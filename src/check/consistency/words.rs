//! The steps of a proof in words.

use std::collections::BTreeMap;

use super::proof::{Assumption, Because, Step};

/// A letter for each operation that a proof speaks of.
#[derive(Clone, Debug, Default)]
pub struct Letters {
    letters: BTreeMap<usize, String>,
}

impl Letters {
    /// Letters for these operations, in this order: A to Z, then A1 and so on.
    pub fn new(operations: impl IntoIterator<Item = usize>) -> Letters {
        let letter = |place: usize| {
            let letter = char::from(b'A' + (place % 26) as u8);
            if place < 26 { letter.to_string() } else { format!("{letter}{}", place / 26) }
        };
        let operations = operations.into_iter().enumerate();
        Letters { letters: operations.map(|(place, operation)| (operation, letter(place))).collect() }
    }

    /// The letter of an operation.
    pub fn of(&self, operation: usize) -> &str {
        self.letters.get(&operation).map_or("?", String::as_str)
    }

    /// A step as a sentence without its full stop.
    pub fn step(&self, Step { before, after, because }: &Step) -> String {
        let (first, second) = (self.of(*before), self.of(*after));
        let why = match because {
            Because::Session => "one client did both, in this order".to_owned(),
            Because::RealTime => format!("{first} had completed when {second} was invoked"),
            Because::ReadsFrom => format!("{second} found what {first} wrote"),
            Because::Replaced { writer: Some(writer) } => {
                format!("{first} found what {} wrote, and {second} replaced that", self.of(*writer))
            }
            Because::Replaced { writer: None } => {
                format!("{first} found what was there at first, and {second} replaced that")
            }
            Because::NotReplaced { reader } => {
                let reader = self.of(*reader);
                format!("{reader} comes after {first}, and still found what {second} wrote")
            }
            Because::Assumed => "that is assumed".to_owned(),
        };
        format!("{first} before {second}, because {why}")
    }

    /// What is assumed in a case.
    pub fn assumption(&self, assumption: &Assumption) -> String {
        match assumption {
            Assumption::Order(first, second) => format!("{} before {}", self.of(*first), self.of(*second)),
            Assumption::Source(reader, Some(writer)) => {
                format!("{} found what {} wrote", self.of(*reader), self.of(*writer))
            }
            Assumption::Source(reader, None) => format!("{} found what was there at first", self.of(*reader)),
        }
    }
}
