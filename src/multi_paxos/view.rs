//! What a page or a checker may see of a server.

use super::state::{Leader, Role};
use super::{Ballot, MultiPaxos};
use crate::process::{Field, LogView, NodeId, Process, View};

fn shown(ballot: Option<Ballot>) -> Option<String> {
    ballot.map(|ballot| ballot.to_string())
}

impl MultiPaxos {
    pub(super) fn to_view(&self) -> View {
        View {
            role: Self::ROLES[usize::from(self.role())],
            epoch: self.epoch(),
            leader: self.leader,
            durable: self.durable_fields(),
            volatile: self.volatile_fields(),
            peers: self.peer_fields(),
            log: Some(self.log_view()),
            store: self.machine.rows(),
        }
    }

    fn durable_fields(&self) -> Vec<Field> {
        vec![
            Field::new("promised", shown(self.promised())),
            Field::new("highest round used", self.durable.round),
            Field::new("first slot kept", self.log().base() + 1),
            Field::new("last slot", self.log().last_slot()),
            Field::new("state saved up to", self.durable.snapshot.as_ref().map(|snapshot| snapshot.up_to)),
        ]
    }

    fn volatile_fields(&self) -> Vec<Field> {
        let mut fields = self.machine.fields().to_vec();
        fields.push(Field::new("leader", self.leader));
        fields.push(Field::new("heard from leader lately", self.leader_recent));
        match &self.role {
            Role::Follower => {}
            Role::Candidate(candidate) => {
                fields.push(Field::new("own ballot", candidate.ballot.to_string()));
                fields.push(Field::new("promises from", candidate.promises.iter().collect::<Vec<NodeId>>()));
                let reported = candidate
                    .reported
                    .iter()
                    .map(|(slot, accepted)| format!("{slot}: {} {}", accepted.ballot, accepted.payload));
                fields.push(Field::new("reported", reported.collect::<Vec<_>>()));
            }
            Role::Leader(leader) => self.leader_fields(leader, &mut fields),
        }
        fields
    }

    fn leader_fields(&self, leader: &Leader, fields: &mut Vec<Field>) {
        let acceptors = |(slot, acceptors): (&u64, &crate::process::NodeSet)| {
            let names: Vec<String> = acceptors.iter().map(|node| format!("n{}", node.0 + 1)).collect();
            format!("{slot}: {}", names.join(" "))
        };
        fields.push(Field::new("own ballot", leader.ballot.to_string()));
        fields.push(Field::new("next slot", leader.next_slot));
        fields.push(Field::new("found in phase 1 up to", leader.inherited));
        fields.push(Field::new("open slots, accepted by", leader.open.iter().map(acceptors).collect::<Vec<_>>()));
        fields.push(Field::new("round", leader.round));
        fields.push(Field::new("reads waiting", leader.reads.texts()));
    }

    fn peer_fields(&self) -> Vec<(NodeId, Vec<Field>)> {
        let Role::Leader(leader) = &self.role else { return Vec::new() };
        let row = |peer: NodeId| {
            let progress = leader.progress.get(peer.index())?;
            let again = (progress.sent_again > 0).then_some(progress.sent_again);
            let fields = vec![
                Field::new("has all up to", progress.matched),
                Field::new("sent again up to", again),
                Field::new("round", progress.round),
            ];
            Some((peer, fields))
        };
        self.seat.peers().filter_map(row).collect()
    }

    /// The acceptor's slots. A gap is a slot without a cell.
    fn log_view(&self) -> LogView {
        let slots = self.log().after(0).map(|(slot, accepted)| (slot, accepted.ballot.as_epoch(), &*accepted.payload));
        self.machine.log_view((self.log().base(), 0), slots)
    }
}
