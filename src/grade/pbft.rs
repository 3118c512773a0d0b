//! Goals of PBFT: what a liar too many can do.

use super::{Goal, Limits, Moment, Seen, Shown, Watch, play};
use crate::pbft::Pbft;
use crate::process::NodeSet;
use crate::run::Run;
use crate::sim::trace::InputKind;
use crate::sim::{Action, Simulation};

pub(super) const BREAK_AGREEMENT: Goal = Goal {
    name: "break-agreement-with-n-3",
    title: "Break agreement with n = 3",
    statement: "Three replicas, one of which lies, and quorums of two, so that the two honest ones could go on without it. Have the honest two commit different \
                requests with one number.",
    source: "Castro and Liskov, PBFT, 3; Lamport, Shostak and Pease, The Byzantine Generals Problem, 2",
    protocol: "pbft",
    limits: Limits::sound(3),
    play: play::<Pbft, BrokenAgreement>,
};

/// How many replicas there are, and how many of them lie: one too few to bear it.
const REPLICAS: u16 = 3;
const LIARS: u32 = 1;

/// Nothing to remember: the monitor watches for agreement.
#[derive(Default)]
struct BrokenAgreement;

/// The replicas that were told to lie, whether they found the occasion or not.
fn liars(simulation: &Simulation<Pbft>) -> NodeSet {
    let done = simulation.trace().events.iter().filter(|event| event.input == InputKind::Intervention);
    let mut liars = NodeSet::EMPTY;
    for intervention in done.filter_map(|event| simulation.interventions().get(event.cause as usize)) {
        match &intervention.action {
            Action::Corrupt(node, _) | Action::Say(node, _) => liars = liars.iter().chain([*node]).collect(),
            Action::Collude(plotters) => liars = liars.iter().chain(plotters.iter()).collect(),
            _ => {}
        }
    }
    liars
}

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
        let liars = liars(run.simulation()).len();
        if liars > LIARS {
            return Err(format!("{liars} processes were told to lie, and it must be done by {LIARS}"));
        }
        let broken = run.findings().into_iter().find(|finding| finding.invariant.name == "agreement");
        broken.map(|finding| Shown { event: finding.event, sentence: finding.sentence }).ok_or_else(|| {
            let why = if liars == 0 { "nobody was told to lie, and" } else { "one was told to lie, but so far" };
            format!("{why} the honest replicas agree")
        })
    }
}
