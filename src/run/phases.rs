//! The phases of each decision, as the papers draw them: when the request left, when each step was said for the first
//! time, when it was answered.

use super::Run;
use crate::check::Watched;
use crate::process::{Message, NodeId, Step, Ticks};
use crate::sim::trace::InputKind;
use std::collections::BTreeMap;

/// A phase, from the first message that belongs to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phase {
    /// Its name in the paper.
    pub name: &'static str,
    /// When it begins.
    pub from: Ticks,
}

/// The phases of one decision in one view or round.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// What is decided on: a sequence number, a height.
    pub index: u64,
    /// The view or the round.
    pub round: u64,
    /// In order of time.
    pub phases: Vec<Phase>,
    /// When the last message that belongs to it has arrived, as far as that is known.
    pub until: Ticks,
}

/// What is known of a decision while messages are gone through.
#[derive(Default)]
struct Known {
    request: Option<Ticks>,
    steps: BTreeMap<u8, (&'static str, Ticks)>,
    reply: Option<Ticks>,
    until: Ticks,
}

impl Known {
    fn phases(self) -> Vec<Phase> {
        let request = self.request.map(|from| Phase { name: "request", from });
        let steps = self.steps.into_values().map(|(name, from)| Phase { name, from });
        let reply = self.reply.map(|from| Phase { name: "reply", from });
        request.into_iter().chain(steps).chain(reply).collect()
    }
}

impl<R: Watched> Run<R> {
    /// The phases of all decisions of which something was said within a span of time, up to the playhead, in order.
    pub fn phases(&self, from: Ticks, to: Ticks) -> Vec<Decision> {
        let (trace, cursor) = (self.simulation().trace(), self.simulation().cursor());
        let first = trace.messages.partition_point(|record| record.sent < from);
        let mut known: BTreeMap<(u64, u64), Known> = BTreeMap::new();
        for record in trace.messages.iter().skip(first).take_while(|record| record.sent <= to && record.event < cursor)
        {
            if let Some(step) = record.body.step() {
                let entry = known.entry((step.index, step.round)).or_default();
                entry.steps.entry(step.phase).or_insert((step.name, record.sent));
                entry.until = entry.until.max(record.due);
                if step.phase == 0 && entry.request.is_none() {
                    entry.request = self.asked_at(record.event);
                }
            } else if !self.is_replica(record.to)
                && let Some(step) = self.handled(record.event)
                && let Some(entry) = known.get_mut(&(step.index, step.round))
            {
                entry.reply.get_or_insert(record.sent);
                entry.until = entry.until.max(record.due);
            }
        }
        let decision = |((index, round), known): ((u64, u64), Known)| Decision {
            index,
            round,
            until: known.until,
            phases: known.phases(),
        };
        known.into_iter().map(decision).collect()
    }

    fn is_replica(&self, node: NodeId) -> bool {
        node.0 < self.simulation().world().setup().replicas
    }

    /// Which step of which decision an event handled.
    fn handled(&self, event: u32) -> Option<Step> {
        self.cause(event)?.body.step()
    }

    /// When the message left a client that an event handled.
    fn asked_at(&self, event: u32) -> Option<Ticks> {
        self.cause(event).filter(|cause| !self.is_replica(cause.from)).map(|cause| cause.sent)
    }

    fn cause(&self, event: u32) -> Option<&crate::sim::MessageRecord<R::Message>> {
        let trace = self.simulation().trace();
        let event = trace.events.get(event as usize).filter(|event| event.input == InputKind::Message)?;
        trace.messages.get(event.cause as usize)
    }
}
