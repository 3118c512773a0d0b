//! Which messages made a quorum, and which came too late to matter: what the page draws strong and thin.
//!
//! Nothing is counted anew. A replica says by a rule ([`Watched::QUORUMS`]) that enough others have said the same; the
//! messages that were counted are those of that kind that had reached it by then and speak of the same
//! ([`Counted`]): the first of each sender. What such a message answers belongs to it. Later
//! ones that say nothing beyond what was decided came too late.

use super::Run;
use crate::check::{Monitor, QuorumRule, Watched};
use crate::process::{Catalogue as _, Counted, Message as _, NodeId};
use crate::sim::EventRecord;
use crate::sim::trace::InputKind;
use std::collections::{BTreeMap, VecDeque};

/// What a message was good for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// It came when all was decided.
    Late = 1,
    /// It is one of those by which something was decided.
    Quorum = 2,
}

/// By message: its weight, and the event after which that shows.
pub type Weights = BTreeMap<u32, (Weight, u32)>;

/// Events before a span in which messages may have come that count for a quorum within it.
const BEFORE: u32 = 600;
/// So many messages of others are remembered for each replica, and so many quorums.
const REMEMBERED: usize = 128;

/// A message that is counted, as its receiver got it.
#[derive(Clone, Copy)]
struct Heard {
    message: u32,
    from: NodeId,
    kind: u8,
    counted: Counted,
}

/// A quorum that is complete.
#[derive(Clone, Copy)]
struct Complete {
    kind: u8,
    counted: Counted,
    index: u64,
}

impl Complete {
    /// Whether a message says nothing beyond what was decided.
    fn needs_no_more(&self, heard: &Heard) -> bool {
        let Counted { epoch, value, last, .. } = heard.counted;
        self.kind == heard.kind && self.counted.epoch == epoch && self.counted.value == value && last <= self.index
    }
}

/// What one replica has heard lately.
#[derive(Default)]
struct Ear {
    heard: VecDeque<Heard>,
    complete: VecDeque<Complete>,
}

fn remember<T>(list: &mut VecDeque<T>, one: T) {
    if list.len() == REMEMBERED {
        list.pop_front();
    }
    list.push_back(one);
}

impl Ear {
    /// The first message of each sender that counts for an index.
    fn members(&self, complete: &Complete) -> impl Iterator<Item = &Heard> {
        let mut senders = crate::process::NodeSet::EMPTY;
        let counts = move |heard: &&Heard| {
            heard.kind == complete.kind && heard.counted.counts_with(&complete.counted, complete.index)
        };
        self.heard.iter().filter(counts).filter(move |heard| senders.insert(heard.from))
    }
}

impl<R: Watched> Run<R> {
    /// What messages were good for that were handled in a span of events, and those that make a quorum in it, as far as
    /// the run is recorded; and after which event that shows. Messages without a weight are left out.
    pub fn weights(&self, events: std::ops::Range<u32>) -> Weights {
        let mut weights = Weights::new();
        if R::QUORUMS.is_empty() {
            return weights;
        }
        let trace = self.simulation().trace();
        let replicas = self.simulation().world().setup().replicas;
        let mut ears: Vec<Ear> = (0..replicas).map(|_| Ear::default()).collect();
        // Where all tell all, the first replica that decides stands for them: else every line would be strong.
        let mut decided: Vec<Complete> = Vec::new();
        let first = events.start.saturating_sub(BEFORE);
        let last = (events.end as usize).min(trace.events.len()) as u32;
        for event in first..last {
            let record = &trace.events[event as usize];
            let Some(ear) = ears.get_mut(usize::from(record.node)) else { continue };
            let Some(heard) = self.heard_in(record) else { continue };
            let is_wanted = event >= events.start;
            if is_wanted && ear.complete.iter().any(|complete| complete.needs_no_more(&heard)) {
                self.weigh(&mut weights, heard.message, (Weight::Late, event));
            }
            remember(&mut ear.heard, heard);
            let Some(rule) = self.completed_in(record, heard.kind) else { continue };
            let index = self.monitor.decided_in(event).unwrap_or(heard.counted.last);
            let index = index.clamp(heard.counted.first, heard.counted.last);
            let complete = Complete { kind: heard.kind, counted: heard.counted, index };
            let is_first =
                !decided.iter().any(|other| other.kind == complete.kind && other.counted == complete.counted);
            if rule.decides && is_first {
                decided.push(complete);
                if is_wanted {
                    let weight = (Weight::Quorum, event);
                    ear.members(&complete).for_each(|member| self.weigh(&mut weights, member.message, weight));
                }
            }
            remember(&mut ear.complete, complete);
        }
        weights
    }

    /// The message that an event handled, if a replica sent it and it is counted.
    fn heard_in(&self, record: &EventRecord) -> Option<Heard> {
        let message = self.simulation().trace().messages.get(record.cause as usize)?;
        if record.input != InputKind::Message || message.from.0 >= self.simulation().world().setup().replicas {
            return None;
        }
        let counted = message.body.counted()?;
        Some(Heard { message: record.cause, from: message.from, kind: message.body.kind(), counted })
    }

    /// The rule by which an event says that enough messages of a kind have come.
    fn completed_in(&self, record: &EventRecord, kind: u8) -> Option<QuorumRule<R::Rule>> {
        let name = *<R::Message as crate::process::Message>::KINDS.get(usize::from(kind))?;
        let of_kind = R::QUORUMS.iter().filter(|quorum| quorum.kind == name);
        let fired = |quorum: &&QuorumRule<R::Rule>| {
            self.simulation().trace().rules_of(record).any(|code| code == quorum.rule.code())
        };
        of_kind.into_iter().find(fired).copied()
    }

    /// Gives a message its weight, and what it answers, where it goes back to who asked. A quorum weighs more.
    fn weigh(&self, weights: &mut Weights, message: u32, weight: (Weight, u32)) {
        let trace = self.simulation().trace();
        let raise = |weights: &mut Weights, message| {
            let known = weights.entry(message).or_insert(weight);
            if weight.0 > known.0 {
                *known = weight;
            }
        };
        raise(weights, message);
        let Some(answer) = trace.messages.get(message as usize) else { return };
        let asked = trace.events.get(answer.event as usize).filter(|event| event.input == InputKind::Message);
        if let Some(cause) = asked.map(|event| event.cause)
            && trace.messages.get(cause as usize).is_some_and(|question| question.from == answer.to)
        {
            raise(weights, cause);
        }
    }

    /// Who said what made a quorum complete in an event; nobody where it completed none.
    pub fn quorum_of(&self, event: u32) -> Vec<u32> {
        let weights = self.weights(event..event + 1);
        let trace = self.simulation().trace();
        let node = trace.events.get(event as usize).map_or(u16::MAX, |record| record.node);
        let is_answer = |message: &u32| trace.messages.get(*message as usize).is_some_and(|record| record.to.0 == node);
        weights
            .into_iter()
            .filter(|(_, (weight, _))| *weight == Weight::Quorum)
            .map(|(message, _)| message)
            .filter(is_answer)
            .collect()
    }
}
