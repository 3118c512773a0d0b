//! What a page or a checker may see of a replica.

use super::Pbft;
use super::message::request_text;
use crate::process::{Field, FieldValue, LogCell, LogView, NodeId, Process, View};

impl Pbft {
    pub(super) fn to_view(&self) -> View {
        View {
            role: Self::ROLES[usize::from(self.role())],
            epoch: self.current_view(),
            leader: (!self.is_changing()).then(|| self.primary()),
            durable: self.durable_fields(),
            volatile: self.volatile_fields(),
            peers: self.peer_fields(),
            log: Some(self.log_view()),
            store: self.store.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect(),
        }
    }

    fn durable_fields(&self) -> Vec<Field> {
        let numbers = |which: &dyn Fn(&super::Slot) -> bool| -> Vec<u64> {
            self.durable.slots.iter().filter(|(_, slot)| which(slot)).map(|(sequence, _)| *sequence).collect()
        };
        let proofs = self.durable.proofs.iter().map(|(culprit, held)| {
            FieldValue::List(vec![
                FieldValue::Process(*culprit),
                FieldValue::Text(held.proof.text()),
                FieldValue::Number(held.since),
            ])
        });
        vec![
            Field::new("view", self.current_view()),
            Field::new("waits for that view", self.is_changing()),
            Field::new("low water mark h", self.low_water_mark()),
            Field::new("high water mark H", self.high_water_mark()),
            Field::new("prepared", numbers(&|slot| slot.prepared.is_some())),
            Field::new("committed", numbers(&|slot| slot.committed.is_some())),
            Field { name: "proofs of misbehaviour", value: FieldValue::List(proofs.collect()) },
        ]
    }

    fn volatile_fields(&self) -> Vec<Field> {
        vec![
            Field::new("quorum q", u64::from(self.quorum)),
            Field::new("liars counted on f", u64::from(self.faults)),
            Field::new("executed", self.executed),
            Field::new("tallies", self.tally_texts()),
            Field::new("waiting", self.waiting.iter().map(|request| request_text(Some(request))).collect::<Vec<_>>()),
            Field::new("views failed in a row", u64::from(self.failed_views)),
            Field::new("view-changes of", self.view_changes.keys().copied().collect::<Vec<NodeId>>()),
        ]
    }

    /// The tallies written out: how many of how many, for each number that is not committed.
    fn tally_texts(&self) -> Vec<String> {
        let view = self.current_view();
        let open = self.durable.slots.iter().filter(|(_, slot)| slot.committed.is_none());
        let text = |(sequence, slot): (&u64, &super::Slot)| {
            let digest = slot.accepted_in(view)?.vote.body().digest;
            let tally = self.tallies.get(sequence)?;
            let matching = |votes: &[super::Vote]| votes.iter().filter(|vote| vote.body().digest == digest).count();
            let (prepares, commits) = (matching(&tally.prepares), matching(&tally.commits));
            let (q, n) = (self.quorum, self.seat.replicas);
            Some(format!(
                "{sequence}: prepares {prepares}, need q - 1 = {}; commits {commits}, need q = {q} of n = {n}",
                q.saturating_sub(1)
            ))
        };
        open.filter_map(text).collect()
    }

    fn peer_fields(&self) -> Vec<(NodeId, Vec<Field>)> {
        let row = |peer: NodeId| {
            let wanted = self.view_changes.get(&peer).map(|each| each.body().view);
            let fields = vec![
                Field::new("executed, as it said", self.heard.get(&peer).copied()),
                Field::new("asks for view", wanted),
                Field::new("convicted", self.durable.proofs.contains_key(&peer)),
            ];
            (peer, fields)
        };
        self.seat.peers().map(row).collect()
    }

    fn log_view(&self) -> LogView {
        let cell = |(sequence, slot): (&u64, &super::Slot)| {
            let (epoch, request) = match (&slot.committed, &slot.accepted) {
                (Some(commitment), _) => (commitment.commits.first()?.body().view, commitment.request.as_deref()),
                (None, Some(proposal)) => (proposal.vote.body().view, proposal.request.as_deref()),
                (None, None) => return None,
            };
            Some(LogCell { index: *sequence, epoch, text: request_text(request) })
        };
        LogView {
            snapshot_index: self.low_water_mark(),
            snapshot_epoch: 0,
            cells: self.durable.slots.iter().filter_map(cell).collect(),
            commit_index: self.executed,
            last_applied: self.executed,
        }
    }
}
