//! Who lies in a hunted run, and how: drawn from a stream of their own, so that the other faults of a seed stay as they
//! are.
//!
//! Three kinds of liars are drawn. Some act *each on its own*, by a strategy of the adversary's. Some have *two faces*
//! together, the same for the same part of the others. And some *plot* over several views or rounds, which is how
//! agreement falls where it can: while one part of the honest is out of reach, the liars help the other to decide; then
//! that one is out of reach, and the liars hide from the first what was decided, by departing from rules of their
//! protocol's ([`Repertoire`]). As few as a protocol bears plot around one honest replica ([`AroundOne`]).
//!
//! Liars are counted by power: where some replicas weigh more than others, fewer of these may lie.

mod around_one;

pub use around_one::AroundOne;

use super::aim::Aim;
use super::schedule::{Fault, Schedule};
use crate::process::{Alteration, MILLISECOND, Message, NodeId, NodeSet, Process, Ticks};
use crate::sim::adversary::any_alteration;
use crate::sim::random::Stream;
use crate::sim::{Action, Deed, Line, Strategy};

/// The stream of the liars among the streams of a seed.
const CONCERN: u64 = 101;

/// The stream of plots: what other liars draw stays as it is.
const PLOTS: u64 = 102;

/// All have begun to lie by this time.
const LAST: Ticks = 2_500 * MILLISECOND;

/// What the liars of a protocol can do in a plot, besides what any liar can.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Repertoire {
    /// The rules that they may depart from, by the codes of their mutations: those by which a decision of an earlier
    /// view or round binds.
    pub departures: Vec<u8>,
    /// Those of them that help in the first act too: what is to be hidden later must not be decided by the liars
    /// themselves. Where there are such, an act may be short, and the liars may show either part a face of its own.
    pub standing: Vec<u8>,
    /// What they may do with a kind of message that goes to one part of the honest and not to the other: what its
    /// receiver takes for valid.
    pub faces: Vec<(u8, Deed)>,
    /// The kinds of messages by which one part would learn what was decided in the other.
    pub telling: Vec<u8>,
    /// What they can do in a plot around one honest replica; none where there is no such plot.
    pub around_one: Option<AroundOne>,
}

/// The cluster whose liars are drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cast {
    /// How many clients.
    pub clients: u16,
    /// The kinds of messages that a replica may send, as [`kinds_of`] says.
    pub kinds: u8,
    /// The power of each replica, in order.
    pub powers: Vec<u64>,
    /// The most power that liars have together.
    pub power_max: u64,
    /// So many lie, whatever their power; none: as many as are drawn, within that power.
    pub count: Option<u32>,
    /// What they can do in a plot.
    pub repertoire: Repertoire,
}

/// The kinds of messages that a replica may send: all but the last, which asks a client for an operation and never
/// travels.
pub fn kinds_of<R: Process>() -> u8 {
    (<R::Message as Message>::KINDS.len() as u8).saturating_sub(1)
}

impl Cast {
    /// A cluster of equals of which so many may lie.
    pub fn of_equals(replicas: u16, clients: u16, kinds: u8, liars: u32) -> Self {
        let powers = vec![1; usize::from(replicas)];
        Self { clients, kinds, powers, power_max: u64::from(liars), count: None, repertoire: Repertoire::default() }
    }

    fn replicas(&self) -> u16 {
        self.powers.len() as u16
    }

    fn power(&self, nodes: NodeSet) -> u64 {
        nodes.iter().map(|node| self.powers.get(node.index()).copied().unwrap_or(0)).sum()
    }

    /// Draws liars: so many as are wanted, or up to so many as their power allows. The primary of the first view is
    /// often among them: a liar does most harm there.
    fn liars(&self, stream: &mut Stream, at_most: u32) -> NodeSet {
        let mut liars = NodeSet::EMPTY;
        let mut others: Vec<NodeId> = (0..self.replicas()).map(NodeId).collect();
        if at_most > 0 && stream.between(0, 1) == 0 {
            others.rotate_left(1);
            others.pop();
            self.join(&mut liars, NodeId(0));
        }
        while liars.len() < at_most && !others.is_empty() {
            let index = stream.between(0, others.len() as u64 - 1) as usize;
            self.join(&mut liars, others.swap_remove(index));
        }
        liars
    }

    /// One more lies, if that is not too much.
    fn join(&self, liars: &mut NodeSet, node: NodeId) {
        let mut more = *liars;
        more.insert(node);
        if self.count.is_some() || self.power(more) <= self.power_max {
            *liars = more;
        }
    }

    /// The most liars that there can be.
    fn liars_max(&self) -> u32 {
        let mut powers = self.powers.clone();
        powers.sort_unstable();
        let mut left = self.power_max;
        let fits = |power: &u64| left.checked_sub(*power).map(|rest| left = rest).is_some();
        self.count.unwrap_or_else(|| powers.iter().copied().take_while(fits).count() as u32)
    }
}

/// Adds liars to a schedule. Some go on when all other faults are removed; with some a client plots.
pub fn add(schedule: &mut Schedule, seed: u64, cast: &Cast) {
    let most = cast.liars_max();
    if most == 0 {
        return;
    }
    if cast.repertoire.around_one.as_ref().is_some_and(|each| around_one::plot(schedule, seed, cast, each)) {
        return;
    }
    if !cast.repertoire.departures.is_empty() && Stream::new(seed, PLOTS).between(0, 3) == 0 {
        plot_over_views(schedule, seed, cast);
        return;
    }
    let mut stream = Stream::new(seed, CONCERN);
    let drawing = Drawing { cast, victims: some(&mut stream, cast.replicas()) };
    let drawn = if stream.between(0, 4) == 0 { 0 } else { stream.between(1, u64::from(most)) };
    let liars = cast.liars(&mut stream, cast.count.unwrap_or(drawn as u32));
    if liars.len() > 1 && stream.between(0, 1) == 0 {
        schedule.faults.push(Fault { at: 0, aim: Aim::At(Action::Collude(liars)) });
    }
    for liar in liars.iter() {
        let from_birth = stream.between(0, 1) == 0;
        let mut at = if from_birth { 0 } else { stream.between(1, LAST) };
        let mut strategy = drawing.strategy(&mut stream, liar);
        schedule.faults.push(Fault { at, aim: Aim::At(Action::Corrupt(liar, strategy.clone())) });
        if stream.between(0, 2) == 0 {
            at = stream.between(at, LAST);
            strategy = drawing.strategy(&mut stream, liar);
            schedule.faults.push(Fault { at, aim: Aim::At(Action::Corrupt(liar, strategy.clone())) });
        }
        if stream.between(0, 1) == 0 {
            schedule.still_lying.push(Action::Corrupt(liar, strategy));
        }
    }
    if let Some(first) = liars.iter().next().filter(|_| cast.clients > 0 && stream.between(0, 5) == 0) {
        let client = NodeId(cast.replicas() + stream.between(0, u64::from(cast.clients) - 1) as u16);
        schedule.faults.push(Fault { at: 0, aim: Aim::At(Action::Collude([first, client].into_iter().collect())) });
    }
    schedule.faults.sort_by_key(|fault| fault.at);
}

/// Lets so many liars plot together: they share their keys from the beginning, and all of them have two faces, the same
/// for the same part of the others, or fall silent as one.
pub fn plot(schedule: &mut Schedule, seed: u64, cast: &Cast) {
    let mut stream = Stream::new(seed, CONCERN);
    let liars = cast.liars(&mut stream, cast.liars_max());
    let victims: NodeSet =
        some(&mut stream, cast.replicas()).iter().filter(|&victim| !liars.contains(victim)).collect();
    let strategy = if victims.is_empty() || stream.between(0, 3) == 0 {
        Strategy::Silence { to: NodeSet::EMPTY }
    } else {
        let say =
            if stream.between(0, 1) == 0 { Alteration::Value(0) } else { any_alteration(&mut stream, cast.replicas()) };
        Strategy::Equivocation { to: victims, say, others: None }
    };
    schedule.faults.push(Fault { at: 0, aim: Aim::At(Action::Collude(liars)) });
    let at = if stream.between(0, 1) == 0 { 0 } else { stream.between(1, LAST) };
    for liar in liars.iter() {
        schedule.faults.push(Fault { at, aim: Aim::At(Action::Corrupt(liar, strategy.clone())) });
        schedule.still_lying.push(Action::Corrupt(liar, strategy.clone()));
    }
    schedule.faults.sort_by_key(|fault| fault.at);
}

/// A plot over several views or rounds, in place of the faults that the seed has drawn. The liars share their keys. In
/// each of its acts one part of the honest replicas hears nothing of the others, and perhaps nothing of the liars; in
/// the next act the parts are exchanged. From the second act on the liars depart from rules, and tell nobody what was
/// decided.
fn plot_over_views(schedule: &mut Schedule, seed: u64, cast: &Cast) {
    let mut stream = Stream::new(seed, PLOTS);
    stream.between(0, 3);
    let liars = cast.liars(&mut stream, cast.liars_max());
    let honest: Vec<NodeId> = (0..cast.replicas()).map(NodeId).filter(|&node| !liars.contains(node)).collect();
    let mut aside: NodeSet = honest.iter().copied().filter(|_| stream.between(0, 1) == 0).collect();
    schedule.faults.clear();
    let mut push = |at: Ticks, action: Action| schedule.faults.push(Fault { at, aim: Aim::At(action) });
    push(0, Action::Collude(liars));
    let early = !cast.repertoire.standing.is_empty();
    let mut at = stream.between(0, 200) * MILLISECOND;
    for act in 0..stream.between(2, 3) {
        let others: NodeSet = honest.iter().copied().filter(|&node| !aside.contains(node)).collect();
        let reached = if stream.between(0, if early { 3 } else { 1 }) == 0 {
            others
        } else {
            others.iter().chain(liars.iter()).collect()
        };
        push(at, Action::Heal);
        push(at, Action::Cut(links(aside, reached)));
        let lines = if early {
            faces(&mut stream, &cast.repertoire, aside, others)
        } else {
            lines(&mut stream, &cast.repertoire, aside, act)
        };
        let departs = |departure: &u8, stream: &mut Stream| match early {
            true => (act > 0 || cast.repertoire.standing.contains(departure)) && stream.between(0, 1) == 0,
            false => act > 0 && stream.between(0, 3) > 0,
        };
        let departures = cast.repertoire.departures.iter().copied().filter(|departure| departs(departure, &mut stream));
        let departures: Vec<u8> = departures.collect();
        for liar in liars.iter() {
            push(at, Action::Corrupt(liar, Strategy::ByHand { lines: lines.clone() }));
            departures.iter().for_each(|&departure| push(at, Action::Depart(liar, departure)));
        }
        at += MILLISECOND
            * match (early, act) {
                (true, _) => stream.between(50, 1_200),
                (false, 0) => stream.between(50, 600),
                (false, _) => stream.between(400, 2_500),
            };
        aside = others;
    }
    schedule.end = schedule.end.max(at);
    // What they have done stays with them: while the run must make progress, they count among those that lie.
    let stay = liars.iter().map(|liar| Action::Corrupt(liar, Strategy::ByHand { lines: Vec::new() }));
    schedule.still_lying.extend(stay);
}

/// All links between two parts, both ways.
fn links(one: NodeSet, other: NodeSet) -> Vec<(NodeId, NodeId)> {
    one.iter().flat_map(|a| other.iter().flat_map(move |b| [(a, b), (b, a)])).collect()
}

/// What plotters say in an act: to the part that is aside the truth, nothing, or another face; and to nobody what was
/// decided in earlier acts.
fn lines(stream: &mut Stream, repertoire: &Repertoire, aside: NodeSet, act: u64) -> Vec<Line> {
    let of_kind = |kind: u8, to: NodeSet, deed: Deed| Line { kind: Some(kind), ..Line::new(to, deed) };
    let mut lines = Vec::new();
    if act > 0 && stream.between(0, 3) > 0 {
        lines.extend(repertoire.telling.iter().map(|&kind| of_kind(kind, NodeSet::EMPTY, Deed::Withhold)));
    }
    if aside.is_empty() {
        return lines;
    }
    match stream.between(0, 3) {
        0 => lines.push(Line::new(aside, Deed::Withhold)),
        1 => lines.extend(repertoire.faces.iter().map(|&(kind, deed)| of_kind(kind, aside, deed))),
        2 => {
            let some = repertoire.faces.iter().filter(|_| stream.between(0, 1) == 0);
            lines.extend(some.map(|&(kind, deed)| of_kind(kind, aside, deed)));
        }
        _ => {}
    }
    lines
}

/// What plotters say where a protocol's liars may show either part a face of its own.
fn faces(stream: &mut Stream, repertoire: &Repertoire, aside: NodeSet, others: NodeSet) -> Vec<Line> {
    let mut lines = Vec::new();
    if !aside.is_empty() && stream.between(0, 1) == 0 {
        lines.push(Line::new(aside, Deed::Withhold));
    }
    for &(kind, deed) in &repertoire.faces {
        let to = if stream.between(0, 1) == 0 { aside } else { others };
        if !to.is_empty() && stream.between(0, 3) == 0 {
            lines.push(Line { kind: Some(kind), ..Line::new(to, deed) });
        }
    }
    lines
}

/// Some of the replicas, and not all.
fn some(stream: &mut Stream, replicas: u16) -> NodeSet {
    let mut set: NodeSet = (0..replicas).map(NodeId).filter(|_| stream.between(0, 1) == 0).collect();
    if set.is_empty() {
        set.insert(NodeId(stream.between(0, u64::from(replicas) - 1) as u16));
    }
    set
}

struct Drawing<'a> {
    cast: &'a Cast,
    /// Those to whom liars that plot together say something else.
    victims: NodeSet,
}

impl Drawing<'_> {
    fn strategy(&self, stream: &mut Stream, liar: NodeId) -> Strategy {
        let replicas = self.cast.replicas();
        match stream.between(0, 10) {
            0 | 1 => Strategy::Drawn,
            2 => Strategy::Silence { to: NodeSet::EMPTY },
            3 => Strategy::Silence { to: self.some_processes(stream) },
            4 | 5 => Strategy::Equivocation { to: self.victims, say: Alteration::Value(0), others: None },
            6 => Strategy::Equivocation {
                to: some(stream, replicas),
                say: any_alteration(stream, replicas),
                others: (stream.between(0, 1) == 0).then(|| any_alteration(stream, replicas)),
            },
            7 => Strategy::Falsehood { say: any_alteration(stream, replicas) },
            8 => Strategy::Replay,
            9 => Strategy::Delay { by_ticks: stream.between(1, 600) * MILLISECOND },
            _ => self.by_hand(stream, liar),
        }
    }

    fn some_processes(&self, stream: &mut Stream) -> NodeSet {
        let replicas = self.cast.replicas();
        let mut set = some(stream, replicas);
        for client in (replicas..replicas + self.cast.clients).map(NodeId) {
            if stream.between(0, 2) == 0 {
                set.insert(client);
            }
        }
        set
    }

    /// A line for some kinds of messages, each with its own deed.
    fn by_hand(&self, stream: &mut Stream, liar: NodeId) -> Strategy {
        let replicas = self.cast.replicas();
        let mut lines = Vec::new();
        for _ in 0..stream.between(1, 5) {
            let deed = match stream.between(0, 5) {
                0 => Deed::Withhold,
                1 => Deed::TwoFaced(any_alteration(stream, replicas)),
                2 => Deed::Delay(stream.between(1, 400) * MILLISECOND),
                3 => Deed::Replay,
                _ => Deed::Alter(any_alteration(stream, replicas)),
            };
            let mut to = some(stream, replicas);
            to.remove(liar);
            let kind = self.cast.kinds.checked_sub(1).map(|last| stream.between(0, u64::from(last)) as u8);
            lines.push(Line { to, kind, deed, once: stream.between(0, 3) == 0 });
        }
        Strategy::ByHand { lines }
    }
}
