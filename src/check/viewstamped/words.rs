//! What replicas say: that they have operations, that they have left a view, what they answer one that recovers.

use super::*;
use crate::sim::trace::MessageRecord;

/// The operations that a message speaks of, with their numbers.
fn operations_in(message: &Message) -> impl Iterator<Item = (Index, &Arc<Entry>)> {
    let (after, entries) = match message {
        Message::Prepare { first, entries, .. } => (first.saturating_sub(1), &**entries),
        Message::StartView { state, .. } | Message::NewState { state, .. } => (state.after, &*state.entries),
        Message::DoViewChange(report) => (report.state.after, &*report.state.entries),
        Message::RecoveryResponse(response) => {
            response.state.as_ref().map_or((0, &[][..]), |(state, _)| (state.after, &*state.entries))
        }
        _ => (0, &[][..]),
    };
    (after + 1..).zip(entries)
}

impl ViewstampedMonitor {
    /// A message has left an honest replica.
    pub(super) fn hear_word(&mut self, left: u32, record: &MessageRecord<Message>, world: &World<Viewstamped>) {
        let (node, event) = (record.from, record.event);
        for (op, entry) in operations_in(&record.body) {
            self.hear_operation(Held { entry: entry.clone(), by: node, event, left }, op, world);
        }
        match &record.body {
            Message::PrepareOk { view, op } => {
                self.must_keep_view(node, *view, (event, left), world);
                let said = self.acknowledged.entry((*view, node)).or_default();
                if said.last().is_none_or(|last| last.op < *op) {
                    said.push(Acknowledged { op: *op, event, left });
                }
            }
            Message::StartView { view, .. } => self.hear_start(node, *view, (event, left), world),
            Message::DoViewChange(report) => self.hear_report(node, report.view, (event, left)),
            Message::RecoveryResponse(_) => self.must_be_normal(node, (event, left)),
            _ => {}
        }
    }

    /// At one op-number, one view has put one operation: who speaks of it rests on that.
    fn hear_operation(&mut self, said: Held, op: Index, world: &World<Viewstamped>) {
        let held = &mut self.operation(op).held;
        let Some(known) = held.iter().find(|known| known.entry.view == said.entry.view) else {
            return held.push(said);
        };
        if Arc::ptr_eq(&known.entry, &said.entry) || known.entry == said.entry {
            return;
        }
        let known = known.clone();
        self.findings.note(ONE_OPERATION_A_VIEWSTAMP, said.left, || {
            let has = |held: &Held| {
                let Entry { view, payload } = &*held.entry;
                format!("{} has {payload} at operation {op} of view {view}", name(held.by))
            };
            let sentence = format!("{}, where {} has {}", has(&said), name(known.by), known.entry.payload);
            Found::new(Self::excused(sentence, world)).because(said.event, has(&said)).because(known.event, has(&known))
        });
    }

    fn hear_report(&mut self, node: NodeId, view: ViewNumber, (event, left): (u32, u32)) {
        let Some(Standing { memory, .. }) = self.standing(node, event) else { return };
        let reported = &mut self.reported[node.index()];
        if reported.last().is_none_or(|last| last.memory != memory || last.view < view) {
            reported.push(Reported { view, memory, event, left });
        }
    }

    /// It acknowledges something in a view, and must not have left that view for a later one.
    fn must_keep_view(
        &mut self,
        node: NodeId,
        view: ViewNumber,
        (event, left): (u32, u32),
        world: &World<Viewstamped>,
    ) {
        let Some(Standing { memory, .. }) = self.standing(node, event) else { return };
        let broken = self.reported[node.index()]
            .iter()
            .find(|reported| reported.memory == memory && reported.view > view && reported.event < event);
        let Some(earlier) = broken.copied() else { return };
        self.findings.note(VIEWS_KEPT, left, || {
            let says = format!("{} acknowledges operations of view {view}", name(node));
            let before = format!("{} reports for view {}", name(node), earlier.view);
            let sentence = format!("{says}, though it has reported for view {}", earlier.view);
            Found::new(Self::excused(sentence, world)).because(event, says).because(earlier.event, before)
        });
    }

    fn must_be_normal(&mut self, node: NodeId, (event, left): (u32, u32)) {
        let Some(standing) = self.standing(node, event).filter(|standing| !standing.is_normal) else { return };
        self.findings.note(ANSWERED_IN_NORMAL, left, || {
            let says = format!("{} answers a replica that recovers, and is not in normal status itself", name(node));
            Found::new(says.clone())
                .because(event, says)
                .because(standing.since, format!("{} leaves normal status, or begins without it", name(node)))
        });
    }

    /// Notes what a replica was told that bears on a view or on its recovery.
    pub(super) fn note_told(&mut self, event: u32, ordinal: usize, cause: u32, trace: &Trace<Viewstamped>) {
        let Some(record) = trace.messages.get(cause as usize) else { return };
        match &record.body {
            // One that recovers takes part in no view change.
            Message::DoViewChange(report) if !self.seen[ordinal].is_recovering => {
                let told = self.reports.entry((report.view, record.to)).or_default();
                told.push(Told { from: record.from, body: report.clone(), event: record.event, handled: event });
            }
            Message::RecoveryResponse(response) => {
                let told = Told { from: record.from, body: response.clone(), event: record.event, handled: event };
                self.answers[ordinal].push(told);
            }
            _ => {}
        }
    }

    /// Which replicas have said that they have an operation in a view, each with the event.
    pub(super) fn acknowledgers(&self, view: ViewNumber, op: Index) -> impl Iterator<Item = (NodeId, Acknowledged)> {
        let of_view = self.acknowledged.range((view, NodeId(0))..=(view, NodeId(u16::MAX)));
        of_view
            .filter_map(move |((_, node), said)| Some((*node, *said.get(said.partition_point(|said| said.op < op))?)))
    }
}
