//! Schedules of faults, drawn from a seed: what a hunt does to a run.
//!
//! The faults have a stream of random numbers of their own, so that a mutated core meets the schedule that the sound one met.
//! Most are drawn blindly. Some are aimed at *the leader*, whoever that is when the time comes: the bugs that real
//! implementations had hide where leaders follow each other quickly and leave logs behind that differ, and a blind fault seldom hits one.

use super::aim::{Aim, Blow};
use crate::process::{MILLISECOND, NodeId, NodeSet, Ticks};
use crate::scenario::Scenario;
use crate::sim::random::Stream;
use crate::sim::{Action, NetworkDials, Ratio, TicksRange};

/// The stream of the faults among the streams of a seed.
const CONCERN: u64 = 100;

/// Faults begin after this time: a cluster has had time to elect a leader.
const FIRST: Ticks = 100 * MILLISECOND;

/// All faults have begun by this time.
const LAST: Ticks = 3_000 * MILLISECOND;

/// Longest that one fault lasts.
const LENGTH_MAX: Ticks = 1_200 * MILLISECOND;

/// What a hunt does to one run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Schedule {
    /// The faults, in the order of their times.
    pub faults: Vec<Fault>,
    /// When all faults are removed.
    pub end: Ticks,
    /// What this run has of its own, besides the faults.
    pub settings: Settings,
    /// Replicas that are down while the run must make progress without faults: fewer than half.
    pub absent: Vec<NodeId>,
    /// What makes those lie again who lie while the run must make progress without other faults: fewer than the protocol bears.
    pub still_lying: Vec<Action>,
}

impl Schedule {
    /// Of those that are down while the run must make progress, keeps as many as have, with those that lie, no more power than this.
    pub fn leave_out_within(&mut self, powers: &[u64], power: u64) {
        let of = |node: NodeId| powers.get(node.index()).copied().unwrap_or(0);
        let liars: NodeSet = self.still_lying.iter().filter_map(Action::node).collect();
        let mut left = power.saturating_sub(liars.iter().map(of).sum());
        self.absent.retain(|&node| {
            let stays_away = !liars.contains(node) && of(node) <= left;
            left -= if stays_away { of(node) } else { 0 };
            stays_away
        });
    }
}

/// A fault, or the end of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// When.
    pub at: Ticks,
    /// What.
    pub aim: Aim,
}

/// What a run has of its own. Nothing of it may make a sound core fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// How long a write takes to reach a disk.
    pub flush_ticks: Ticks,
    /// Every how many entries a snapshot is taken; 0: as the scenario says.
    pub snapshot_threshold: u64,
    /// How many entries travel in one message; 0: as the scenario says.
    pub entries_per_message_max: u64,
    /// Pre-vote is off, whatever the scenario says.
    pub without_pre_vote: bool,
    /// Check-quorum is off, whatever the scenario says.
    pub without_check_quorum: bool,
    /// Clients hardly think between operations, and all want the same key.
    pub eager_clients: bool,
}

impl Settings {
    /// Gives a scenario what its run has of its own.
    pub fn put_into(&self, scenario: &mut Scenario) {
        scenario.disk.flush_ticks = scenario.disk.flush_ticks.max(self.flush_ticks);
        let raft = &mut scenario.raft;
        if self.snapshot_threshold > 0 {
            raft.snapshot_threshold = self.snapshot_threshold;
            raft.snapshot_trailing = self.snapshot_threshold / 4;
        }
        if self.entries_per_message_max > 0 {
            raft.entries_per_message_max = self.entries_per_message_max;
        }
        raft.pre_vote &= !self.without_pre_vote;
        raft.check_quorum &= !self.without_check_quorum;
        let multi_paxos = &mut scenario.multi_paxos;
        if self.snapshot_threshold > 0 {
            multi_paxos.snapshot_threshold = self.snapshot_threshold;
            multi_paxos.snapshot_trailing = self.snapshot_threshold / 4;
        }
        if self.entries_per_message_max > 0 {
            multi_paxos.slots_per_message_max = self.entries_per_message_max;
        }
        multi_paxos.check_quorum &= !self.without_check_quorum;
        if self.eager_clients {
            scenario.workload.keys = 1;
            scenario.workload.think_ticks = TicksRange::new(1, 20 * MILLISECOND);
        }
    }
}

/// Draws a schedule for a cluster.
pub fn draw(seed: u64, replicas: u16, clients: u16, faults_max: u32, network: NetworkDials) -> Schedule {
    let mut stream = Stream::new(seed, CONCERN);
    let mut drawing = Drawing { replicas, clients, network, faults: Vec::new() };
    let eager_clients = drawing.one_in(&mut stream, 3);
    // Eager clients have soon done all that they want: the faults come early, or they would meet nobody.
    let last = if eager_clients { LAST / 2 } else { LAST };
    for _ in 0..stream.between(0, u64::from(faults_max)) {
        drawing.fault(&mut stream, last);
    }
    drawing.faults.sort_by_key(|fault| fault.at);
    let settings = Settings {
        flush_ticks: [0, 0, 3 * MILLISECOND, 25 * MILLISECOND][stream.between(0, 3) as usize],
        snapshot_threshold: [0, 1, 4, 12, 64][stream.between(0, 4) as usize],
        entries_per_message_max: [0, 0, 1, 3][stream.between(0, 3) as usize],
        without_pre_vote: drawing.one_in(&mut stream, 4),
        without_check_quorum: drawing.one_in(&mut stream, 4),
        eager_clients,
    };
    let absent = if stream.between(0, 1) == 0 { Vec::new() } else { drawing.minority(&mut stream) };
    let end = drawing.faults.last().map_or(0, |fault| fault.at).max(LAST) + LENGTH_MAX / 4;
    Schedule { faults: drawing.faults, end, settings, absent, still_lying: Vec::new() }
}

struct Drawing {
    replicas: u16,
    clients: u16,
    network: NetworkDials,
    faults: Vec<Fault>,
}

impl Drawing {
    fn push(&mut self, at: Ticks, action: Action) {
        self.faults.push(Fault { at, aim: Aim::At(action) });
    }

    fn strike(&mut self, at: Ticks, otherwise: NodeId, blow: Blow) {
        self.faults.push(Fault { at, aim: Aim::AtLeader { blow, otherwise } });
    }

    fn one_in(&self, stream: &mut Stream, cases: u64) -> bool {
        stream.between(1, cases) == 1
    }

    fn replica(&self, stream: &mut Stream) -> NodeId {
        NodeId(stream.between(0, u64::from(self.replicas) - 1) as u16)
    }

    fn process(&self, stream: &mut Stream) -> NodeId {
        NodeId(stream.between(0, u64::from(self.replicas + self.clients) - 1) as u16)
    }

    /// Each client, or not.
    fn some_clients(&self, stream: &mut Stream) -> NodeSet {
        (self.replicas..self.replicas + self.clients).map(NodeId).filter(|_| stream.between(0, 2) > 0).collect()
    }

    /// One fault, and its end.
    fn fault(&mut self, stream: &mut Stream, last: Ticks) {
        let at = stream.between(FIRST, last);
        let end = at + stream.between(20 * MILLISECOND, LENGTH_MAX);
        match stream.between(0, 12) {
            0 | 1 => {
                let side: NodeSet = (0..self.replicas + self.clients).map(NodeId).filter(|_| stream.between(0, 1) == 1).collect();
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
                let links: Vec<_> = (0..stream.between(1, 8)).map(|_| (self.process(stream), self.process(stream))).collect();
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
                    Action::Network(NetworkDials { latency_ticks: TicksRange::new(MILLISECOND, slow), reordering, ..self.network }),
                );
                self.push(end, Action::Network(self.network));
            }
            10 => self.one_way(stream, at, end),
            11 => self.pauses(stream, at, end),
            _ => self.quick_succession(stream, at),
        }
    }

    /// The network heals; sometimes every replica crashes and restarts at that moment, so that nobody leads and all logs compete.
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

    /// The leader is heard by no other replica, or hears none. What the others say to it may take long, so that it still hears what
    /// they said before they turned to another.
    fn one_way(&mut self, stream: &mut Stream, at: Ticks, end: Ticks) {
        let otherwise = self.replica(stream);
        if self.one_in(stream, 4) {
            self.strike(at, otherwise, Blow::Deafen);
        } else {
            if self.one_in(stream, 2) {
                let longest = stream.between(100, 800) * MILLISECOND;
                let before = at.saturating_sub(stream.between(0, 300 * MILLISECOND));
                self.strike(before, otherwise, Blow::SlowAnswers { latency_ticks: TicksRange::new(longest / 2, longest) });
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

    /// Leaders follow each other quickly. Each is cut off with a client or two and perhaps a follower, takes a few entries, and crashes;
    /// it is back a little later (figure 8 of the Raft paper is one such course of events).
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

    fn minority(&self, stream: &mut Stream) -> Vec<NodeId> {
        let count = stream.between(0, u64::from(self.replicas - 1) / 2);
        let absent: NodeSet = (0..count).map(|_| self.replica(stream)).collect();
        absent.iter().collect()
    }
}
