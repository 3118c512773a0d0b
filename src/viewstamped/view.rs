//! What a page or a checker may see of a replica.

use super::Viewstamped;
use super::state::{Durable, Primary, Recovering, Status, ViewChange};
use crate::process::{Field, LogView, NodeId, Process, View};

impl Viewstamped {
    pub(super) fn to_view(&self) -> View {
        let kept = self.kept_fields();
        let mut volatile = self.status_fields();
        let durable = if self.config.on_disk {
            kept
        } else {
            volatile.splice(0..0, kept);
            Vec::new()
        };
        View {
            role: Self::ROLES[usize::from(self.role())],
            epoch: self.epoch(),
            leader: self.known_primary(),
            durable,
            volatile,
            peers: self.peer_fields(),
            log: Some(self.log_view()),
            store: self.machine.rows(),
        }
    }

    fn kept_fields(&self) -> Vec<Field> {
        let Durable { view, last_normal, log, checkpoint, crash_vector, begun: _ } = &self.durable;
        vec![
            Field::new("view-number", *view),
            Field::new("latest normal view", *last_normal),
            Field::new("op-number", log.last()),
            Field::new("first operation kept", log.base() + 1),
            Field::new("checkpoint up to", checkpoint.as_ref().map(|checkpoint| checkpoint.up_to)),
            Field::new("crash vector", crash_vector.lives().iter().map(|&life| u64::from(life)).collect::<Vec<_>>()),
        ]
    }

    fn status_fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::new("commit-number", self.machine.commit_index),
            Field::new("carried out up to", self.machine.last_applied),
            Field::new("client table", self.client_table()),
        ];
        match &self.status {
            Status::Backup => {}
            Status::Primary(primary) => fields.push(Field::new("sent again up to", primary.overdue)),
            Status::ViewChange(view_change) => fields.extend(view_change_fields(view_change)),
            Status::Recovering(recovering) => fields.extend(self.recovery_fields(recovering)),
        }
        fields
    }

    /// Each client's latest request, with its result once it was carried out.
    fn client_table(&self) -> Vec<String> {
        let executed = self.machine.store.sessions();
        executed.map(|(client, sequence, answer)| format!("{}: {sequence} {answer}", self.client(client))).collect()
    }

    fn client(&self, client: NodeId) -> String {
        format!("c{}", client.0.saturating_sub(self.seat.replicas) + 1)
    }

    fn recovery_fields(&self, recovering: &Recovering) -> Vec<Field> {
        let answers = recovering.responses.iter();
        let text = |(from, response): (&NodeId, &std::sync::Arc<super::message::RecoveryResponse>)| {
            let log = if response.state.is_some() { format!(", log to {}", response.op()) } else { String::new() };
            format!("n{}: view {}{log}", from.0 + 1, response.view)
        };
        vec![Field::new("nonce", u64::from(self.life)), Field::new("answers", answers.map(text).collect::<Vec<_>>())]
    }

    fn peer_fields(&self) -> Vec<(NodeId, Vec<Field>)> {
        let Status::Primary(primary) = &self.status else { return Vec::new() };
        let row = |peer: NodeId| Some((peer, vec![Field::new("has all up to", prepared(primary, peer)?)]));
        self.seat.peers().filter_map(row).collect()
    }

    fn log_view(&self) -> LogView {
        let entries = self.log().iter().map(|(op, entry)| (op, entry.view, &entry.payload));
        self.machine.log_view((self.log().base(), 0), entries)
    }
}

fn prepared(primary: &Primary, peer: NodeId) -> Option<u64> {
    primary.prepared.get(peer.index()).copied()
}

fn view_change_fields(view_change: &ViewChange) -> Vec<Field> {
    let report = |(from, report): (&NodeId, &std::sync::Arc<super::message::DoViewChange>)| {
        format!("n{}: log of view {} to {}", from.0 + 1, report.last_normal, report.state.op())
    };
    vec![
        Field::new("wanted by", view_change.wanted_by.iter().collect::<Vec<_>>()),
        Field::new("has reported", view_change.is_done),
        Field::new("reports", view_change.reports.iter().map(report).collect::<Vec<_>>()),
    ]
}
