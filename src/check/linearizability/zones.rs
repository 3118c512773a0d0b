//! A second judge, for objects that are read and written whole: in O(n log n), without any search.
//!
//! Where each value is written once, every read says which write it saw. Gibbons and Korach 1997 ("Testing shared
//! memories", section 4, "the read-mapping is known") show that then intervals decide. A write and the reads of its
//! value form a *block*, whose operations stand side by side in every linearization. From the first completion in a
//! block to the last invocation in it, if they come in this order, the object must hold the block's value: a *forward
//! zone*. If they come in the other order, all operations of the block are open at once throughout a *backward zone*,
//! and can take effect at one instant of it. So a history is linearizable if and only if
//!
//! 1. no read completes before the write that it saw was invoked;
//! 2. no two forward zones overlap;
//! 3. no backward zone lies within a forward zone.
//!
//! **A compare-and-set** that found what it expected reads one value and writes another, with nothing between: it joins
//! the two blocks into a chain, in which the order is given. The chain stands side by side as a block does, and its
//! zone is that of all its operations; instead of (1) nothing in it may complete before something was invoked that
//! comes earlier in it. Two compare-and-sets that found one value contradict each other.
//!
//! **The content at first** is a block whose write comes before everything.
//!
//! **Unknown outcomes.** What somebody found was written, by whoever could have written it. Of what nobody found
//! nothing depends, and it is left out.
//!
//! A value that is found and that two operations may have written, such as the nothing that deletes leave, makes the
//! key one that this judge does not judge; so does an operation that neither reads nor writes the whole, such as an
//! append, or a refusal that does not say what was found.
//!
//! Operations that touch are concurrent: one that is invoked at the position where another completes may come before
//! it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::timeline::{in_order, span};
use super::{Report, Verdict};
use crate::check::history::{Operation, Outcome};
use crate::check::model::{Access, Readable};

/// What the judge says of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// It is linearizable.
    Linearizable,
    /// It is not, and why.
    NotLinearizable(&'static str),
    /// The judge cannot tell, and why.
    NotJudged(&'static str),
}

/// What the judge says of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinions {
    /// Key by key, in order.
    pub keys: Vec<(Option<Arc<str>>, Opinion)>,
}

impl Opinions {
    /// Whether the history is linearizable, if the judge can tell.
    pub fn is_linearizable(&self) -> Option<bool> {
        let judged = self.keys.iter().map(|(_, opinion)| match opinion {
            Opinion::Linearizable => Some(true),
            Opinion::NotLinearizable(_) => Some(false),
            Opinion::NotJudged(_) => None,
        });
        // One key that is not linearizable decides for all; a theorem of locality (Herlihy and Wing 1990, theorem 1).
        if judged.clone().any(|judged| judged == Some(false)) {
            Some(false)
        } else {
            judged.min().unwrap_or(Some(true))
        }
    }

    /// Where the judge and the search contradict each other, in a sentence: one of the two has a fault.
    pub fn disagreement(&self, report: &Report) -> Option<String> {
        let named =
            |key: &Option<Arc<str>>| key.as_ref().map_or("the history".to_string(), |key| format!("key {key:?}"));
        match &report.verdict {
            Verdict::Linearizable(_) => self.keys.iter().find_map(|(key, opinion)| match opinion {
                Opinion::NotLinearizable(why) => {
                    Some(format!("the search finds an order for {}, but {why}", named(key)))
                }
                _ => None,
            }),
            Verdict::NotLinearizable(violation) => {
                let is_blamed = |key: &Option<Arc<str>>| violation.key.is_none() || *key == violation.key;
                let mut blamed = self.keys.iter().filter(|(key, _)| is_blamed(key)).peekable();
                let (key, _) = blamed.peek()?;
                let key = named(key);
                let is_contradicted = blamed.all(|(_, opinion)| *opinion == Opinion::Linearizable);
                is_contradicted.then(|| format!("the search finds no order for {key}, but its zones allow one"))
            }
            Verdict::Undecided(_) => None,
        }
    }
}

/// Judges a history, key by key.
pub fn judge<M: Readable>(model: &M, operations: &[Operation<M::Command, M::Result>]) -> Opinions {
    let mut by_key: BTreeMap<Option<Arc<str>>, Vec<Seen<M::Content>>> = BTreeMap::new();
    for operation in operations {
        let result = match &operation.outcome {
            Outcome::Ok { result, .. } => Some(result),
            Outcome::Unknown => None,
            Outcome::Failed { .. } => continue,
        };
        let (start, end) = span(operation);
        let seen = Seen {
            access: model.access(&operation.command, result),
            start: start.saturating_add(1),
            end: end.map(|end| end.saturating_add(1)),
        };
        by_key.entry(model.key(&operation.command)).or_default().push(seen);
    }
    let keys = by_key
        .into_iter()
        .map(|(key, seen)| (key, judge_key(&model.initial_content(), &seen).unwrap_or_else(|opinion| opinion)));
    Opinions { keys: keys.collect() }
}

/// An operation on one key. Position 0 is before everything.
struct Seen<V> {
    access: Option<Access<V>>,
    start: u64,
    /// `None`: its outcome is unknown.
    end: Option<u64>,
}

/// From the invocation to the completion; without end where the outcome is unknown.
type Span = (u64, u64);

/// The operations around one write.
#[derive(Default)]
struct Block {
    write: Span,
    finds: Vec<Span>,
    /// The block that a compare-and-set makes of this one.
    next: Option<usize>,
    /// Whether a compare-and-set makes this of another.
    is_continued: bool,
}

fn judge_key<V: Clone + Ord>(initial: &V, seen: &[Seen<V>]) -> Result<Opinion, Opinion> {
    let accesses = happened(seen)?;
    let mut chains = chains(blocks(initial, &accesses)?)?;
    let zones: Vec<Span> = chains.iter_mut().map(|chain| zone(chain)).collect::<Result<_, _>>()?;
    // The first completion, and the last invocation.
    let forward: Vec<Span> = zones.iter().copied().filter(|(first, last)| first < last).collect();
    let forward: Vec<Span> = in_order(forward.len(), |index| forward[index].0).map(|index| forward[index]).collect();
    if forward.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err(Opinion::NotLinearizable("two values must be there at one time"));
    }
    let lies_within_one = |&(first, last): &Span| {
        let before = forward.partition_point(|&(begins, _)| begins < last);
        before.checked_sub(1).is_some_and(|index| first < forward[index].1)
    };
    if zones.iter().filter(|(first, last)| first >= last).any(lies_within_one) {
        return Err(Opinion::NotLinearizable("a value has no time at which another need not be there"));
    }
    Ok(Opinion::Linearizable)
}

/// What took effect, or must have: an operation of unknown outcome counts if somebody found what it writes.
fn happened<V: Clone + Ord>(seen: &[Seen<V>]) -> Result<Vec<(&Access<V>, Span)>, Opinion> {
    let mut found: BTreeSet<&V> = BTreeSet::new();
    let mut waiting: BTreeMap<&V, Vec<&Seen<V>>> = BTreeMap::new();
    let mut happened = Vec::new();
    let mut to_look_at = Vec::new();
    for operation in seen {
        let access = operation
            .access
            .as_ref()
            .ok_or(Opinion::NotJudged("an operation neither reads nor writes the whole value"))?;
        match (access, operation.end) {
            (Access::Nothing, _) => {}
            (_, Some(end)) => to_look_at.push((access, (operation.start, end))),
            (Access::Wrote(content) | Access::Replaced(_, content), None) => {
                waiting.entry(content).or_default().push(operation)
            }
            (Access::Found(_), None) => {}
        }
    }
    while let Some((access, span)) = to_look_at.pop() {
        happened.push((access, span));
        if let Access::Found(content) | Access::Replaced(content, _) = access
            && found.insert(content)
        {
            let writers = waiting.remove(content).unwrap_or_default();
            to_look_at.extend(
                writers.into_iter().filter_map(|writer| Some((writer.access.as_ref()?, (writer.start, u64::MAX)))),
            );
        }
    }
    Ok(happened)
}

/// A block for each value that was written.
fn blocks<V: Clone + Ord>(initial: &V, accesses: &[(&Access<V>, Span)]) -> Result<Vec<Block>, Opinion> {
    let found: BTreeSet<&V> = accesses
        .iter()
        .filter_map(|(access, _)| match access {
            Access::Found(content) | Access::Replaced(content, _) => Some(content),
            _ => None,
        })
        .collect();
    let mut blocks = vec![Block::default()];
    let mut of_content: BTreeMap<&V, usize> = BTreeMap::from([(initial, 0)]);
    let mut written = Vec::new();
    for (access, span) in accesses {
        let (Access::Wrote(content) | Access::Replaced(_, content)) = access else { continue };
        let is_again = of_content.insert(content, blocks.len()).is_some();
        if is_again && found.contains(content) {
            return Err(Opinion::NotJudged("a value that was found may have been written twice"));
        }
        written.push((*access, blocks.len()));
        blocks.push(Block { write: *span, ..Block::default() });
    }
    const UNWRITTEN: Opinion = Opinion::NotLinearizable("a value was found that nobody wrote");
    for (access, span) in accesses {
        if let Access::Found(content) = access {
            let &block = of_content.get(content).ok_or(UNWRITTEN)?;
            blocks[block].finds.push(*span);
        }
    }
    for (access, to) in written {
        if let Access::Replaced(from, _) = access {
            let &from = of_content.get(from).ok_or(UNWRITTEN)?;
            if blocks[from].next.replace(to).is_some() {
                return Err(Opinion::NotLinearizable("a value was replaced twice that was written once"));
            }
            blocks[to].is_continued = true;
        }
    }
    Ok(blocks)
}

/// The chains of blocks, each as the operations of its blocks in turn: what may be in any order among itself.
fn chains(mut blocks: Vec<Block>) -> Result<Vec<Vec<Vec<Span>>>, Opinion> {
    let heads: Vec<usize> = (0..blocks.len()).filter(|&block| !blocks[block].is_continued).collect();
    let mut chains = Vec::new();
    let mut reached = 0;
    for head in heads {
        let mut chain = Vec::new();
        let mut block = Some(head);
        while let Some(index) = block {
            reached += 1;
            chain.push(vec![blocks[index].write]);
            chain.push(std::mem::take(&mut blocks[index].finds));
            block = blocks[index].next;
        }
        chains.push(chain);
    }
    // Blocks that make each other in a circle begin nowhere.
    if reached < blocks.len() {
        Err(Opinion::NotLinearizable("values were each made of another, in a circle"))
    } else {
        Ok(chains)
    }
}

/// The first completion and the last invocation of a chain.
fn zone(chain: &mut [Vec<Span>]) -> Result<Span, Opinion> {
    let (mut first_end, mut last_start) = (u64::MAX, 0);
    for operations in chain {
        let earliest = operations.iter().map(|(_, end)| *end).min().unwrap_or(u64::MAX);
        if earliest < last_start {
            return Err(Opinion::NotLinearizable("a value was found before it was written, or after it was replaced"));
        }
        first_end = first_end.min(earliest);
        last_start = operations.iter().map(|(start, _)| *start).fold(last_start, u64::max);
    }
    Ok((first_end, last_start))
}
