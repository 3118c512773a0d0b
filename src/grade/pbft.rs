//! Goals of PBFT: what a liar too many can do.

use super::{Deeds, Goal, Limits, Moment, Seen, Shown, Watch, play};
use crate::pbft::{Digest, Pbft, Sequence};
use crate::process::{NodeId, NodeSet};
use crate::run::Run;
use crate::sim::trace::flag;
use std::collections::BTreeMap;

pub(super) const BREAK_AGREEMENT: Goal = Goal {
    name: "break-agreement-with-n-3",
    title: "Break agreement with n = 3",
    statement: "Three replicas, one of which lies, and quorums of two, so that the two honest ones could go on without it. Have the honest two commit different \
                requests with one number.",
    source: "Castro and Liskov, PBFT, 3; Lamport, Shostak and Pease, The Byzantine Generals Problem, 2",
    protocol: "pbft",
    limits: Limits { liars_max: LIARS, ..Limits::sound(3) },
    play: play::<Pbft, BrokenAgreement>,
};

/// How many replicas there are, and how many of them lie: one too few to bear it.
const REPLICAS: u16 = 3;
const LIARS: u32 = 1;

/// What each replica has committed. Who was honest is known in the end: what a liar committed while it was still honest
/// is no honest replica's.
#[derive(Default)]
struct BrokenAgreement {
    /// By number and replica, what it has committed, and the event after which it had.
    committed: BTreeMap<Sequence, BTreeMap<NodeId, (Digest, u32)>>,
}

impl BrokenAgreement {
    /// The first number with which two honest replicas have committed different requests: it, who was the second and
    /// with what, and what the first had.
    fn broken(&self, liars: NodeSet) -> Option<(u32, Sequence, NodeId, Digest, Digest)> {
        let disagreements = self.committed.iter().filter_map(|(&sequence, by)| {
            let mut honest: Vec<_> = by.iter().filter(|(node, _)| !liars.contains(**node)).collect();
            honest.sort_by_key(|(_, (_, event))| *event);
            let (_, (first, _)) = honest.first()?;
            let (node, (second, event)) = honest.iter().find(|(_, (digest, _))| digest != first)?;
            Some((*event, sequence, **node, *second, *first))
        });
        disagreements.min_by_key(|(event, ..)| *event)
    }
}

impl Watch<Pbft> for BrokenAgreement {
    fn observe(&mut self, moment: &Moment<'_, Pbft>) {
        let Some(process) = moment.process().filter(|_| moment.record.flags & flag::PERSISTED != 0) else { return };
        for (&sequence, slot) in &process.durable().slots {
            if let Some(commitment) = &slot.committed {
                let digest = commitment.commits.first().map_or(Digest::NULL, |vote| vote.body().digest);
                self.committed.entry(sequence).or_default().entry(moment.node()).or_insert((digest, moment.event));
            }
        }
    }

    fn conclude(self, run: &mut Run<Pbft>) -> Seen {
        let setup = run.simulation().world().setup();
        let (replicas, quorum) = (setup.replicas, setup.replica.quorum(setup.replicas));
        if replicas != REPLICAS {
            return Err(format!("there are {replicas} replicas, and the goal is about {REPLICAS}"));
        }
        let honest = u32::from(REPLICAS) - LIARS;
        if quorum != honest {
            return Err(format!(
                "quorums have {quorum} replicas, and the goal is about quorums of {honest}, which the honest replicas can form alone"
            ));
        }
        let liars = Deeds::of(run.simulation()).liars;
        match self.broken(liars) {
            _ if liars.is_empty() => Err("nobody was told to lie, and the honest replicas agree".to_owned()),
            None => Err("one was told to lie, but so far the honest replicas agree".to_owned()),
            Some((event, sequence, node, second, first)) => {
                let node = run.simulation().world().name(node);
                Ok(Shown {
                    event,
                    sentence: format!("{node} commits {second} with number {sequence}, where {first} was committed"),
                })
            }
        }
    }
}
