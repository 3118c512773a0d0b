//! A plot of liars that are as few as their protocol bears. It comes to nothing unless a rule is off: what one honest
//! replica alone has learned binds the others all the same.

use super::{Cast, links};
use crate::process::{MILLISECOND, NodeId, NodeSet};
use crate::search::aim::Aim;
use crate::search::schedule::{Fault, Schedule};
use crate::sim::random::Stream;
use crate::sim::{Action, Deed, Line, Strategy};

/// The stream of these plots: what other liars draw stays as it is.
const CONCERN: u64 = 104;

/// What liars can do so that one honest replica alone learns something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AroundOne {
    /// The kind of the votes that it takes to be bound, and of those that it takes to decide.
    pub votes: [u8; 2],
    /// The rules that the liars may depart from, by the codes of their mutations, when that replica is out of reach.
    pub departures: Vec<u8>,
}

/// Who is who in such a plot.
struct Plot {
    liars: NodeSet,
    honest: Vec<NodeId>,
}

/// In one seed of twelve, puts such a plot in place of the faults that the seed has drawn, and says so. As many honest
/// replicas as there are liars are out of reach, so that the others are a quorum with the liars' help alone, and the
/// liars vote before one of them only: it alone is bound by a value, or it alone decides. In the next act that one is
/// out of reach, and the others go on as if nothing had been. Often the replica lies that leads the second view.
pub(super) fn plot(schedule: &mut Schedule, seed: u64, cast: &Cast, around_one: &AroundOne) -> bool {
    let mut stream = Stream::new(seed, CONCERN);
    if stream.between(0, 11) > 0 {
        return false;
    }
    let mut liars = cast.liars(&mut stream, cast.liars_max());
    let next: NodeSet = liars.iter().map(|liar| NodeId((liar.0 + 1) % cast.replicas())).collect();
    if stream.between(0, 1) == 0 && cast.power(next) == cast.power(liars) {
        liars = next;
    }
    let honest: Vec<NodeId> = (0..cast.replicas()).map(NodeId).filter(|&node| !liars.contains(node)).collect();
    if honest.len() <= liars.len() as usize {
        return false;
    }
    let plot = Plot { liars, honest };
    schedule.faults.clear();
    let mut push = |at, action| schedule.faults.push(Fault { at, aim: Aim::At(action) });
    push(0, Action::Collude(liars));
    let [bind, decide] = around_one.votes;
    let acts = [Some(bind), Some(decide), None];
    let mut at = stream.between(50, 600) * MILLISECOND;
    let mut alone = None;
    for votes in acts.into_iter().skip(stream.between(0, 1) as usize) {
        let (told, actions) = plot.act(&mut stream, alone, votes);
        actions.into_iter().for_each(|action| push(at, action));
        let departs = |_: &&u8| votes.is_none() && stream.between(0, 3) > 0;
        for &departure in around_one.departures.iter().filter(departs) {
            liars.iter().for_each(|liar| push(at, Action::Depart(liar, departure)));
        }
        alone = Some(told);
        at += stream.between(100, 1_500) * MILLISECOND;
    }
    schedule.end = schedule.end.max(at);
    // What they have done stays with them: while the run must make progress, they count among those that lie.
    let stay = liars.iter().map(|liar| Action::Corrupt(liar, Strategy::ByHand { lines: Vec::new() }));
    schedule.still_lying.extend(stay);
    true
}

impl Plot {
    /// Who alone gets the liars' votes in an act, and what is done. One honest replica may be out of reach for certain.
    fn act(&self, stream: &mut Stream, away: Option<NodeId>, votes: Option<u8>) -> (NodeId, Vec<Action>) {
        let draw = |stream: &mut Stream, from: &[NodeId]| from[stream.between(0, from.len() as u64 - 1) as usize];
        let mut aside: NodeSet = away.into_iter().collect();
        while aside.len() < self.liars.len() {
            aside.insert(draw(stream, &self.honest));
        }
        let reached: Vec<NodeId> = self.honest.iter().copied().filter(|&node| !aside.contains(node)).collect();
        let told = draw(stream, &reached);
        let deaf: NodeSet = self.honest.iter().copied().filter(|&node| node != told).collect();
        let withheld = votes.map(|kind| Line { kind: Some(kind), ..Line::new(deaf, Deed::Withhold) });
        let strategy = Strategy::ByHand { lines: withheld.into_iter().collect() };
        let others = reached.into_iter().chain(self.liars.iter()).collect();
        let mut actions = vec![Action::Heal, Action::Cut(links(aside, others))];
        actions.extend(self.liars.iter().map(|liar| Action::Corrupt(liar, strategy.clone())));
        (told, actions)
    }
}
