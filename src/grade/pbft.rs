//! Goals of PBFT: what a liar too many can do.

use super::{Goal, Limits, Moment, Seen, Shown, Watch, liars, play};
use crate::pbft::Pbft;
use crate::run::Run;

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

/// Nothing to remember: the monitor watches for agreement.
#[derive(Default)]
struct BrokenAgreement;

impl Watch<Pbft> for BrokenAgreement {
    fn observe(&mut self, _: &Moment<'_, Pbft>) {}

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
        let broken = run.findings().into_iter().find(|finding| finding.invariant.name == "agreement");
        broken.map(|finding| Shown { event: finding.event, sentence: finding.sentence }).ok_or_else(|| {
            let why = if liars(run.simulation()).is_empty() { "nobody was told to lie, and" } else { "one was told to lie, but so far" };
            format!("{why} the honest replicas agree")
        })
    }
}
