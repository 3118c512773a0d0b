//! Faults that are drawn one by one, each with its end.

use super::{Fault, LENGTH_MAX};
use crate::process::{MILLISECOND, NodeId, NodeSet, Ticks};
use crate::search::aim::{Aim, Blow};
use crate::sim::random::Stream;
use crate::sim::{Action, CrashPoint, NetworkDials, Ratio, TicksRange};

/// Draws faults for a cluster.
pub(super) struct Drawing {
    pub replicas: u16,
    pub clients: u16,
    /// The network between two faults.
    pub network: NetworkDials,
    /// What was drawn, in no order.
    pub faults: Vec<Fault>,
}

impl Drawing {
    pub(super) fn push(&mut self, at: Ticks, action: Action) {
        self.faults.push(Fault { at, aim: Aim::At(action) });
    }

    pub(super) fn strike(&mut self, at: Ticks, otherwise: NodeId, blow: Blow) {
        self.faults.push(Fault { at, aim: Aim::AtLeader { blow, otherwise } });
    }

    pub(super) fn one_in(&self, stream: &mut Stream, cases: u64) -> bool {
        stream.between(1, cases) == 1
    }

    pub(super) fn replica(&self, stream: &mut Stream) -> NodeId {
        NodeId(stream.between(0, u64::from(self.replicas) - 1) as u16)
    }

    pub(super) fn process(&self, stream: &mut Stream) -> NodeId {
        NodeId(stream.between(0, u64::from(self.replicas + self.clients) - 1) as u16)
    }

    /// Each client, or not.
    pub(super) fn some_clients(&self, stream: &mut Stream) -> NodeSet {
        (self.replicas..self.replicas + self.clients).map(NodeId).filter(|_| stream.between(0, 2) > 0).collect()
    }

    /// One fault, and its end.
    pub(super) fn fault(&mut self, stream: &mut Stream, first: Ticks, last: Ticks) {
        let at = stream.between(first, last);
        let end = at + stream.between(20 * MILLISECOND, LENGTH_MAX);
        match stream.between(0, 15) {
            0 | 1 => {
                let side: NodeSet =
                    (0..self.replicas + self.clients).map(NodeId).filter(|_| stream.between(0, 1) == 1).collect();
                self.push(at, Action::Partition(vec![side]));
                self.heal(stream, end);
            }
            2 => {
                // The leader alone, or with clients that go on asking it.
                let (otherwise, companions) = (self.replica(stream), self.some_clients(stream));
                self.strike(at, otherwise, Blow::Isolate { companions });
                self.heal(stream, end);
            }
            3 => {
                let links: Vec<_> =
                    (0..stream.between(1, 8)).map(|_| (self.process(stream), self.process(stream))).collect();
                self.push(at, Action::Cut(links.clone()));
                self.push(end, Action::Restore(links));
            }
            4..=6 => self.crashes(stream, at, end),
            7 => {
                let node = self.replica(stream);
                self.push(at, Action::Pause(node));
                self.push(end, Action::Resume(node));
            }
            8 => self.bad_network(stream, at, end),
            9 => {
                let slow = stream.between(20, 200) * MILLISECOND;
                let reordering = Ratio::percent(100);
                self.push(
                    at,
                    Action::Network(NetworkDials {
                        latency_ticks: TicksRange::new(MILLISECOND, slow),
                        reordering,
                        ..self.network
                    }),
                );
                self.push(end, Action::Network(self.network));
            }
            10 => self.one_way(stream, at, end),
            11 => self.pauses(stream, at, end),
            12 => self.disk(stream, at, end),
            13 => self.bad_links(stream, at, end),
            14 => self.between_write_and_send(stream, at, end),
            _ => self.quick_succession(stream, at),
        }
    }

    /// The network heals; sometimes every replica crashes and restarts at that moment, so that nobody leads and all
    /// logs compete.
    fn heal(&mut self, stream: &mut Stream, at: Ticks) {
        self.push(at, Action::Heal);
        if self.one_in(stream, 4) {
            self.crash(at, (0..self.replicas).map(NodeId).collect(), at + MILLISECOND);
        }
    }

    fn crash(&mut self, at: Ticks, nodes: NodeSet, back: Ticks) {
        for node in nodes.iter() {
            self.push(at, Action::Crash(node));
            self.push(back, Action::Restart(node));
        }
    }

    /// A replica crashes and restarts, sometimes at once, or several do at the same time.
    fn crashes(&mut self, stream: &mut Stream, at: Ticks, end: Ticks) {
        let count = if self.one_in(stream, 4) { stream.between(2, u64::from(self.replicas.max(2))) } else { 1 };
        let back = if self.one_in(stream, 2) { at + stream.between(1, 30 * MILLISECOND) } else { end };
        let crashed: NodeSet = (0..count).map(|_| self.replica(stream)).collect();
        self.crash(at, crashed, back);
    }

    /// Messages are lost, sent twice, and overtake each other.
    fn bad_network(&mut self, stream: &mut Stream, at: Ticks, end: Ticks) {
        let dials = NetworkDials {
            loss: Ratio::percent(stream.between(0, 30) as u32),
            duplication: Ratio::percent(stream.between(0, 40) as u32),
            reordering: Ratio::percent(stream.between(0, 100) as u32),
            ..self.network
        };
        self.push(at, Action::Network(dials));
        self.push(end, Action::Network(self.network));
    }

    /// A disk stands still for a while, or is slow.
    fn disk(&mut self, stream: &mut Stream, at: Ticks, end: Ticks) {
        let otherwise = self.replica(stream);
        if self.one_in(stream, 2) {
            self.strike(at, otherwise, Blow::StallDisk);
        } else {
            self.push(at, Action::StallDisk(otherwise));
        }
        for node in (0..self.replicas).map(NodeId) {
            self.push(end, Action::ReleaseDisk(node));
        }
    }

    /// Single links lose what others carry, one way.
    fn bad_links(&mut self, stream: &mut Stream, at: Ticks, end: Ticks) {
        for _ in 0..stream.between(1, 6) {
            let (from, to) = (self.process(stream), self.process(stream));
            self.push(at, Action::LinkLoss(from, to, Ratio::percent(stream.between(10, 100) as u32)));
            self.push(end, Action::LinkLoss(from, to, self.network.loss));
        }
    }

    /// A replica crashes when it has written and not yet sent, or its process dies, or a client crashes.
    fn between_write_and_send(&mut self, stream: &mut Stream, at: Ticks, end: Ticks) {
        let node = self.replica(stream);
        match stream.between(0, 3) {
            0 => self.strike(at, node, Blow::CrashAtWrite),
            1 => self.push(at, Action::CrashAt(node, CrashPoint::BetweenWriteAndSend)),
            2 => self.push(at, Action::Kill(node)),
            _ => {
                let client = self.process(stream);
                self.push(at, Action::Crash(client));
                self.push(at + stream.between(1, 200 * MILLISECOND), Action::Restart(client));
            }
        }
        let back = if self.one_in(stream, 2) { at + stream.between(20 * MILLISECOND, 80 * MILLISECOND) } else { end };
        for node in (0..self.replicas).map(NodeId) {
            self.push(back, Action::Restart(node));
        }
    }

    /// The leader is heard by no other replica, or hears none. What the others say to it may take long, so that it
    /// still hears what they said before they turned to another.
    fn one_way(&mut self, stream: &mut Stream, at: Ticks, end: Ticks) {
        let otherwise = self.replica(stream);
        if self.one_in(stream, 4) {
            self.strike(at, otherwise, Blow::Deafen);
        } else {
            if self.one_in(stream, 2) {
                let longest = stream.between(100, 800) * MILLISECOND;
                let before = at.saturating_sub(stream.between(0, 300 * MILLISECOND));
                self.strike(
                    before,
                    otherwise,
                    Blow::SlowAnswers { latency_ticks: TicksRange::new(longest / 2, longest) },
                );
                for from in (0..self.replicas).map(NodeId) {
                    for to in (0..self.replicas).map(NodeId) {
                        self.push(end, Action::LinkLatency(from, to, self.network.latency_ticks));
                    }
                }
            }
            self.strike(at, otherwise, Blow::Mute);
        }
        self.push(end, Action::Heal);
    }

    /// The leader is paused for a while, perhaps in a network that sends everything twice.
    fn pauses(&mut self, stream: &mut Stream, at: Ticks, end: Ticks) {
        let otherwise = self.replica(stream);
        if self.one_in(stream, 2) {
            let duplication = Ratio::percent(100);
            let latency_ticks = TicksRange::new(MILLISECOND, stream.between(10, 300) * MILLISECOND);
            self.push(
                at.saturating_sub(50 * MILLISECOND),
                Action::Network(NetworkDials { duplication, latency_ticks, reordering: duplication, ..self.network }),
            );
            self.push(end + 100 * MILLISECOND, Action::Network(self.network));
        }
        self.strike(at, otherwise, Blow::Pause);
        for node in (0..self.replicas).map(NodeId) {
            self.push(end, Action::Resume(node));
        }
    }

    /// Leaders follow each other quickly. Each is cut off with a client or two and perhaps a follower, takes a few
    /// entries, and crashes; it is back a little later (figure 8 of the Raft paper is one such course of events).
    fn quick_succession(&mut self, stream: &mut Stream, at: Ticks) {
        let mut at = at;
        for _ in 0..stream.between(2, 5) {
            let mut companions = self.some_clients(stream);
            for _ in 0..stream.between(0, 2) {
                companions.insert(self.replica(stream));
            }
            let otherwise = self.replica(stream);
            if self.one_in(stream, 3) {
                // The blow falls as soon as somebody leads: nothing of its term has gone far.
                self.strike(at, otherwise, Blow::Isolate { companions });
                at += stream.between(1, 120 * MILLISECOND);
            }
            self.strike(at, otherwise, Blow::Crash);
            self.push(at, Action::Heal);
            let back = at + stream.between(1, 400 * MILLISECOND);
            for node in (0..self.replicas).map(NodeId) {
                self.push(back, Action::Restart(node));
            }
            at += stream.between(150 * MILLISECOND, 450 * MILLISECOND);
        }
    }

    pub(super) fn minority(&self, stream: &mut Stream) -> Vec<NodeId> {
        let count = stream.between(0, u64::from(self.replicas - 1) / 2);
        let absent: NodeSet = (0..count).map(|_| self.replica(stream)).collect();
        absent.iter().collect()
    }
}
