//! What a page or a checker may see of a server.

use super::Raft;
use super::log::Payload;
use super::state::Role;
use crate::process::{Field, LogCell, LogView, NodeId, Process, View};
use std::collections::BTreeMap;

impl Raft {
    pub(super) fn to_view(&self) -> View {
        View {
            role: Self::ROLES[usize::from(self.role())],
            epoch: self.current_term(),
            leader: self.leader,
            durable: self.durable_fields(),
            volatile: self.volatile_fields(),
            peers: self.peer_fields(),
            log: Some(self.log_view()),
            store: self.store.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect(),
        }
    }

    fn durable_fields(&self) -> Vec<Field> {
        let snapshot = self.durable.snapshot.as_ref();
        vec![
            Field::new("current term", self.current_term()),
            Field::new("voted for", self.durable.voted_for),
            Field::new("first log index", self.log().base_index() + 1),
            Field::new("last log index", self.log().last_index()),
            Field::new("snapshot index", snapshot.map(|snapshot| snapshot.last_included_index)),
            Field::new("snapshot term", snapshot.map(|snapshot| snapshot.last_included_term)),
        ]
    }

    fn volatile_fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::new("commit index", self.commit_index),
            Field::new("last applied", self.last_applied),
            Field::new("leader", self.leader),
            Field::new("heard from leader lately", self.leader_recent),
        ];
        let repeated = self.repeated_entries();
        if !repeated.is_empty() {
            fields.push(Field::new("retried entries", repeated));
        }
        match &self.role {
            Role::Follower => {}
            Role::PreCandidate { votes } => fields.push(Field::new("would vote for it", votes.iter().collect::<Vec<NodeId>>())),
            Role::Candidate { votes } => fields.push(Field::new("votes", votes.iter().collect::<Vec<NodeId>>())),
            Role::Leader(leader) => {
                fields.push(Field::new("own entries on disk to", leader.flushed_index));
                fields.push(Field::new("round", leader.round));
                fields.push(Field::new(
                    "reads waiting",
                    leader.reads.iter().map(|read| read.request.command.to_string()).collect::<Vec<_>>(),
                ));
            }
        }
        fields
    }

    fn peer_fields(&self) -> Vec<(NodeId, Vec<Field>)> {
        let Role::Leader(leader) = &self.role else { return Vec::new() };
        self.seat
            .peers()
            .zip(leader.progress.iter().enumerate().filter(|(place, _)| *place != self.seat.id.index()))
            .map(|(peer, (_, progress))| {
                let fields = vec![
                    Field::new("next index", progress.next_index),
                    Field::new("match index", progress.match_index),
                    Field::new("probing", progress.probing),
                    Field::new("round", progress.round),
                ];
                (peer, fields)
            })
            .collect()
    }

    /// Indexes of the entries whose command stands further up in the log, too: its client had no answer in time and sent it again. The
    /// sessions (dissertation, 6.3) see to it that it is applied once. A client's commands are numbered and come one after the other, so a
    /// number that is not above the highest before it is a command that was there.
    fn repeated_entries(&self) -> Vec<u64> {
        let mut highest: BTreeMap<NodeId, u64> = BTreeMap::new();
        let mut repeated = Vec::new();
        for (index, entry) in self.log().iter() {
            let Payload::Command(request) = &*entry.payload else { continue };
            let before = highest.entry(request.client).or_default();
            if request.sequence <= *before {
                repeated.push(index);
            }
            *before = request.sequence.max(*before);
        }
        repeated
    }

    fn log_view(&self) -> LogView {
        let log = self.log();
        LogView {
            snapshot_index: log.base_index(),
            snapshot_epoch: log.term_at(log.base_index()).unwrap_or_default(),
            cells: log.iter().map(|(index, entry)| LogCell { index, epoch: entry.term, text: entry.payload.to_string() }).collect(),
            commit_index: self.commit_index,
            last_applied: self.last_applied,
        }
    }
}
