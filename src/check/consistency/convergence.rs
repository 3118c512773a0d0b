//! Did the replicas agree in the end, as far as anybody looked?
//!
//! Eventual consistency (Vogels, "Eventually consistent", 2009) promises that all reads return the last write some time
//! after the last write. No history that ends can break that: what did not agree yet may have agreed later. So three
//! things are told apart. *Observed*: after the last write to each key two clients or more read it, and what each of
//! them read last is the same. *Broken, as far as was seen*: what two clients read last differs, and the history ends.
//! *Not observed*: nobody looked, or a write of unknown outcome may still take effect.

use std::collections::BTreeMap;

use super::effect::Finds;
use super::facts::{Fact, Facts};
use super::{Broken, Verdict, Why};

pub(super) fn judge(facts: &Facts) -> Verdict {
    let mut by_key: BTreeMap<usize, Vec<&Fact>> = BTreeMap::new();
    for fact in &facts.facts {
        by_key.entry(fact.key).or_default().push(fact);
    }
    let written = by_key.values().filter(|facts| facts.iter().any(|fact| fact.writes.is_some()));
    let ends: Vec<Ended> = written.map(|facts| ended(facts)).collect();
    let disagreement = ends.iter().find_map(|end| if let Ended::Differ(pair) = end { Some(*pair) } else { None });
    if let Some(pair) = disagreement {
        return Verdict::Broken(Box::new(Broken {
            operations: pair.to_vec(),
            is_minimal: true,
            proof: None,
            sentence: Some(
                "both clients read after the last write had completed, and what each read last differs".to_owned(),
            ),
        }));
    }
    let not_seen = ends.iter().find_map(|end| if let Ended::Open(why) = end { Some(*why) } else { None });
    not_seen
        .or(if ends.is_empty() { Some("nothing was written") } else { None })
        .map_or(Verdict::Holds { since: None }, |why| Verdict::Undecided(Why::NotObserved(why)))
}

/// How it ended for one key.
enum Ended {
    Same,
    Differ([usize; 2]),
    Open(&'static str),
}

fn ended(facts: &[&Fact]) -> Ended {
    let mut last_write = 0;
    for fact in facts.iter().filter(|fact| fact.writes.is_some()) {
        let Some(end) = fact.completed else {
            return Ended::Open("a write of unknown outcome may still take effect");
        };
        last_write = end.max(last_write);
    }
    let mut last_reads: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.completed.is_some() && fact.invoked > last_write) {
        if let Finds::OneOf(contents) = &fact.finds
            && let [content] = contents[..]
        {
            last_reads.insert(fact.client, (content, fact.operation));
        }
    }
    let mut reads = last_reads.values();
    let Some((content, operation)) = reads.next().filter(|_| last_reads.len() > 1) else {
        return Ended::Open("not every key was read by two clients after its last write");
    };
    let other = reads.find(|(other, _)| other != content);
    other.map_or(Ended::Same, |(_, other)| Ended::Differ([*operation.min(other), *operation.max(other)]))
}
