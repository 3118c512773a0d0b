//! Who lies in a hunted run, and how: drawn from a stream of their own, so that the other faults of a seed stay as they are.

use super::aim::Aim;
use super::schedule::{Fault, Schedule};
use crate::process::{Alteration, MILLISECOND, Message, NodeId, NodeSet, Process, Ticks};
use crate::sim::adversary::any_alteration;
use crate::sim::random::Stream;
use crate::sim::{Action, Deed, Line, Strategy};

/// The stream of the liars among the streams of a seed.
const CONCERN: u64 = 101;

/// All have begun to lie by this time.
const LAST: Ticks = 2_500 * MILLISECOND;

/// The kinds of messages that a replica may send: all but the last, which asks a client for an operation and never travels.
pub fn kinds_of<R: Process>() -> u8 {
    (<R::Message as Message>::KINDS.len() as u8).saturating_sub(1)
}

/// Adds up to so many liars to a schedule. Some go on when all other faults are removed; with some a client plots. `kinds`: as [`kinds_of`] says.
pub fn add(schedule: &mut Schedule, seed: u64, replicas: u16, clients: u16, kinds: u8, most: u32) {
    let mut stream = Stream::new(seed, CONCERN);
    let drawing = Drawing { replicas, clients, kinds, victims: some(&mut stream, replicas) };
    let count = if stream.between(0, 4) == 0 { 0 } else { stream.between(1, u64::from(most)) };
    let liars = drawing.liars(&mut stream, count as u32);
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
    if let Some(first) = liars.iter().next().filter(|_| clients > 0 && stream.between(0, 5) == 0) {
        let client = NodeId(replicas + stream.between(0, u64::from(clients) - 1) as u16);
        schedule.faults.push(Fault { at: 0, aim: Aim::At(Action::Collude([first, client].into_iter().collect())) });
    }
    schedule.faults.sort_by_key(|fault| fault.at);
}

/// Lets so many liars plot together: they share their keys from the beginning, and all of them have two faces, the same for the same part of
/// the others, or fall silent as one.
pub fn plot(schedule: &mut Schedule, seed: u64, replicas: u16, count: u32) {
    let mut stream = Stream::new(seed, CONCERN);
    let drawing = Drawing { replicas, clients: 0, kinds: 0, victims: NodeSet::EMPTY };
    let liars = drawing.liars(&mut stream, count);
    let victims: NodeSet = some(&mut stream, replicas).iter().filter(|&victim| !liars.contains(victim)).collect();
    let strategy = if victims.is_empty() || stream.between(0, 3) == 0 {
        Strategy::Silence { to: NodeSet::EMPTY }
    } else {
        let say = if stream.between(0, 1) == 0 { Alteration::Value(0) } else { any_alteration(&mut stream, replicas) };
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

/// Some of the replicas, and not all.
fn some(stream: &mut Stream, replicas: u16) -> NodeSet {
    let mut set: NodeSet = (0..replicas).map(NodeId).filter(|_| stream.between(0, 1) == 0).collect();
    if set.is_empty() {
        set.insert(NodeId(stream.between(0, u64::from(replicas) - 1) as u16));
    }
    set
}

struct Drawing {
    replicas: u16,
    clients: u16,
    kinds: u8,
    /// Those to whom liars that plot together say something else.
    victims: NodeSet,
}

impl Drawing {
    /// The primary of the first view is often among them: a liar does most harm there.
    fn liars(&self, stream: &mut Stream, count: u32) -> NodeSet {
        let mut liars = NodeSet::EMPTY;
        if count > 0 && stream.between(0, 1) == 0 {
            liars.insert(NodeId(0));
        }
        while liars.len() < count.min(u32::from(self.replicas)) {
            liars.insert(NodeId(stream.between(0, u64::from(self.replicas) - 1) as u16));
        }
        liars
    }

    fn strategy(&self, stream: &mut Stream, liar: NodeId) -> Strategy {
        match stream.between(0, 10) {
            0 | 1 => Strategy::Drawn,
            2 => Strategy::Silence { to: NodeSet::EMPTY },
            3 => Strategy::Silence { to: self.some_processes(stream) },
            4 | 5 => Strategy::Equivocation { to: self.victims, say: Alteration::Value(0), others: None },
            6 => Strategy::Equivocation {
                to: some(stream, self.replicas),
                say: any_alteration(stream, self.replicas),
                others: (stream.between(0, 1) == 0).then(|| any_alteration(stream, self.replicas)),
            },
            7 => Strategy::Falsehood { say: any_alteration(stream, self.replicas) },
            8 => Strategy::Replay,
            9 => Strategy::Delay { by_ticks: stream.between(1, 600) * MILLISECOND },
            _ => self.by_hand(stream, liar),
        }
    }

    fn some_processes(&self, stream: &mut Stream) -> NodeSet {
        let mut set = some(stream, self.replicas);
        for client in (self.replicas..self.replicas + self.clients).map(NodeId) {
            if stream.between(0, 2) == 0 {
                set.insert(client);
            }
        }
        set
    }

    /// A line for some kinds of messages, each with its own deed.
    fn by_hand(&self, stream: &mut Stream, liar: NodeId) -> Strategy {
        let mut lines = Vec::new();
        for _ in 0..stream.between(1, 5) {
            let deed = match stream.between(0, 5) {
                0 => Deed::Withhold,
                1 => Deed::TwoFaced(any_alteration(stream, self.replicas)),
                2 => Deed::Delay(stream.between(1, 400) * MILLISECOND),
                3 => Deed::Replay,
                _ => Deed::Alter(any_alteration(stream, self.replicas)),
            };
            let mut to = some(stream, self.replicas);
            to.remove(liar);
            let kind = self.kinds.checked_sub(1).map(|last| stream.between(0, u64::from(last)) as u8);
            lines.push(Line { to, kind, deed, once: stream.between(0, 3) == 0 });
        }
        Strategy::ByHand { lines }
    }
}
