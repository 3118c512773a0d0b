//! What leaves a liar in place of what its honest half wanted to send.

use super::Shared;
use crate::process::{Message, NodeId, NodeSet, Process, Seat};
use crate::sim::adversary::Deed;
use crate::sim::trace::{EventRecord, Fate, InputKind, Lie, LieRecord, Note, Trace};
use std::ops::Range;

impl Shared {
    /// Records what a liar says in place of a message. Gives what is to leave: nothing, one message, or two.
    pub fn new_messages_of_liar<R: Process>(
        &mut self,
        trace: &mut Trace<R>,
        seat: Seat,
        to: NodeId,
        honest: R::Message,
    ) -> impl Iterator<Item = u32> + use<R> {
        let from = seat.id;
        let deed = self.adversary.deed(from, to, honest.kind(), seat.replicas, &mut self.streams);
        let altered = match deed {
            Deed::Alter(how) | Deed::TwoFaced(how) => {
                let liar = self.adversary.tools(from, seat.replicas);
                let lie =
                    honest.altered_knowing(&liar, how, &mut known_to(trace, self.at.events, liar.keyring.owners()));
                lie.filter(|lie| *lie != honest).map(|lie| (lie, how))
            }
            _ => None,
        };
        let (first, second) = match (deed, altered) {
            (Deed::Alter(_), Some((body, how))) => {
                (self.new_lie(trace, (from, to), body, Lie::Altered(how), Some(honest)), None)
            }
            (Deed::TwoFaced(_), Some((body, how))) => {
                let truth = self.new_message(trace, from, to, honest.clone());
                (truth, Some(self.new_lie(trace, (from, to), body, Lie::Added(how), Some(honest))))
            }
            (Deed::Withhold, _) => {
                let message = self.new_lie(trace, (from, to), honest, Lie::Withheld, None);
                self.resolve(trace, message, Fate::Withheld);
                return None.into_iter().chain(None);
            }
            (Deed::Delay(by), _) => {
                let message = self.new_lie(trace, (from, to), honest, Lie::Delayed(by), None);
                self.adversary.hold_back(message, by);
                (message, None)
            }
            (Deed::Replay, _) => {
                let earlier = self.adversary.earlier(from, &mut self.streams);
                let earlier =
                    earlier.and_then(|message| trace.messages.get(message as usize)).map(|record| record.body.clone());
                let truth = self.new_message(trace, from, to, honest);
                (truth, earlier.map(|body| self.new_lie(trace, (from, to), body, Lie::Replayed, None)))
            }
            _ => (self.new_message(trace, from, to, honest), None),
        };
        self.adversary.remember(from, first);
        Some(first).into_iter().chain(second)
    }

    fn new_lie<R: Process>(
        &mut self,
        trace: &mut Trace<R>,
        (from, to): (NodeId, NodeId),
        body: R::Message,
        lie: Lie,
        honest: Option<R::Message>,
    ) -> u32 {
        let message = self.new_message(trace, from, to, body);
        let index = trace.put_lie(&mut self.at, || LieRecord { message, lie, honest });
        self.note(trace, Note::Lie(index));
        message
    }
}

/// Most events that liars look back over.
const REMEMBERED_EVENTS: u32 = 4_096;

/// What reached or left some processes before an event, the latest first.
fn known_to<R: Process>(trace: &Trace<R>, before: u32, who: NodeSet) -> Known<'_, R> {
    let events = trace.events.get(before.saturating_sub(REMEMBERED_EVENTS) as usize..before as usize);
    Known { trace, events: events.unwrap_or_default(), who, sent: 0..0, received: None }
}

/// A plain loop, for liars look back at every word: adapters put together take four times as long.
struct Known<'a, R: Process> {
    trace: &'a Trace<R>,
    /// Those that have not been looked at.
    events: &'a [EventRecord],
    who: NodeSet,
    /// Of the event that is looked at.
    sent: Range<u32>,
    received: Option<u32>,
}

impl<'a, R: Process> Iterator for Known<'a, R> {
    type Item = &'a R::Message;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(message) = self.sent.next_back().or_else(|| self.received.take()) {
                match self.trace.messages.get(message as usize) {
                    Some(record) => return Some(&record.body),
                    None => continue,
                }
            }
            let (event, earlier) = self.events.split_last()?;
            self.events = earlier;
            if self.who.contains(NodeId(event.node)) {
                self.sent = event.sent();
                self.received = (event.input == InputKind::Message).then_some(event.cause);
            }
        }
    }
}
