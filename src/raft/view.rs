//! What a page or a checker may see of a server.

use super::Raft;
use super::log::Payload;
use super::progress::Flow;
use super::state::Role;
use crate::process::{Field, LogView, NodeId, Process, View};
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
            store: self.machine.rows(),
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
        let mut fields = self.machine.fields().to_vec();
        fields.push(Field::new("leader", self.leader));
        fields.push(Field::new("heard from leader lately", self.leader_recent));
        let repeated = self.repeated_entries();
        if !repeated.is_empty() {
            fields.push(Field::new("retried entries", repeated));
        }
        match &self.role {
            Role::Follower => {}
            Role::PreCandidate { votes } => {
                fields.push(Field::new("would vote for it", votes.iter().collect::<Vec<NodeId>>()))
            }
            Role::Candidate { votes } => fields.push(Field::new("votes", votes.iter().collect::<Vec<NodeId>>())),
            Role::Leader(leader) => {
                fields.push(Field::new("own entries on disk to", leader.flushed_index));
                fields.push(Field::new("round", leader.round));
                fields.push(Field::new("reads waiting", leader.reads.texts()));
            }
        }
        fields
    }

    fn peer_fields(&self) -> Vec<(NodeId, Vec<Field>)> {
        let Role::Leader(leader) = &self.role else { return Vec::new() };
        let row = |peer: NodeId| {
            let progress = leader.progress.get(peer.index())?;
            let fields = vec![
                Field::new("next index", progress.next_index()),
                Field::new("match index", progress.match_index()),
                Field::new("probing", progress.flow() != Flow::Replicate),
                Field::new("round", progress.round()),
            ];
            Some((peer, fields))
        };
        self.seat.peers().filter_map(row).collect()
    }

    /// Indexes of the entries whose command stands earlier in the log, too: its client had no answer in time and sent
    /// it again. The sessions (dissertation, 6.3) see to it that it is applied once. A client's commands are numbered
    /// and come one after the other, so a number that is not above the highest before it is a command that was there.
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
        let base = (log.base_index(), log.term_at(log.base_index()).unwrap_or_default());
        self.machine.log_view(base, log.iter().map(|(index, entry)| (index, entry.term, &*entry.payload)))
    }
}
