//! Schedules of faults, drawn from a seed: what a hunt does to a run.
//!
//! A schedule belongs to a scenario and a seed, and to nothing else: the faults have a stream of random numbers of their own, so that a mutated
//! core meets the very faults that the sound one met.

use crate::process::{MILLISECOND, NodeId, NodeSet, Ticks};
use crate::sim::random::Stream;
use crate::sim::{Action, Intervention, NetworkDials, Ratio, TicksRange};

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
    pub faults: Vec<Intervention>,
    /// When all faults are removed.
    pub end: Ticks,
    /// How long a write takes to reach a disk in this run.
    pub flush_ticks: Ticks,
    /// Every how many entries a snapshot is taken in this run.
    pub snapshot_threshold: u64,
    /// Replicas that are down while the run must make progress without faults: fewer than half.
    pub absent: Vec<NodeId>,
}

/// Draws a schedule for a cluster.
pub fn draw(seed: u64, replicas: u16, clients: u16, faults_max: u32, network: NetworkDials) -> Schedule {
    let mut stream = Stream::new(seed, CONCERN);
    let mut drawing = Drawing { replicas, clients, network, faults: Vec::new() };
    for _ in 0..stream.between(0, u64::from(faults_max)) {
        drawing.fault(&mut stream);
    }
    drawing.faults.sort_by_key(|fault| fault.at);
    let flush_ticks = [0, 0, 3 * MILLISECOND, 25 * MILLISECOND][stream.between(0, 3) as usize];
    let snapshot_threshold = [0, 4, 12, 64][stream.between(0, 3) as usize];
    let absent = if stream.between(0, 1) == 0 { Vec::new() } else { drawing.minority(&mut stream) };
    Schedule { faults: drawing.faults, end: LAST + LENGTH_MAX, flush_ticks, snapshot_threshold, absent }
}

struct Drawing {
    replicas: u16,
    clients: u16,
    network: NetworkDials,
    faults: Vec<Intervention>,
}

impl Drawing {
    fn push(&mut self, at: Ticks, action: Action) {
        self.faults.push(Intervention { at, after_event: None, action });
    }

    fn replica(&self, stream: &mut Stream) -> NodeId {
        NodeId(stream.between(0, u64::from(self.replicas) - 1) as u16)
    }

    fn process(&self, stream: &mut Stream) -> NodeId {
        NodeId(stream.between(0, u64::from(self.replicas + self.clients) - 1) as u16)
    }

    /// One fault, and its end.
    fn fault(&mut self, stream: &mut Stream) {
        let at = stream.between(FIRST, LAST);
        let end = at + stream.between(20 * MILLISECOND, LENGTH_MAX);
        match stream.between(0, 9) {
            0 | 1 => {
                let side: NodeSet = (0..self.replicas + self.clients).map(NodeId).filter(|_| stream.between(0, 1) == 1).collect();
                self.push(at, Action::Partition(vec![side]));
                self.push(end, Action::Heal);
            }
            2 => {
                // One replica alone, or with one client that goes on asking it.
                let mut side: NodeSet = [self.replica(stream)].into_iter().collect();
                if self.clients > 0 && stream.between(0, 1) == 1 {
                    side.insert(NodeId(self.replicas + stream.between(0, u64::from(self.clients) - 1) as u16));
                }
                self.push(at, Action::Partition(vec![side]));
                self.push(end, Action::Heal);
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
            8 => {
                let dials = NetworkDials {
                    loss: Ratio::percent(stream.between(0, 30) as u32),
                    duplication: Ratio::percent(stream.between(0, 40) as u32),
                    reordering: Ratio::percent(stream.between(0, 100) as u32),
                    ..self.network
                };
                self.push(at, Action::Network(dials));
                self.push(end, Action::Network(self.network));
            }
            _ => {
                let slow = stream.between(20, 200) * MILLISECOND;
                let reordering = Ratio::percent(100);
                self.push(
                    at,
                    Action::Network(NetworkDials { latency_ticks: TicksRange::new(MILLISECOND, slow), reordering, ..self.network }),
                );
                self.push(end, Action::Network(self.network));
            }
        }
    }

    /// A replica crashes and restarts, sometimes at once, or several do at the same time.
    fn crashes(&mut self, stream: &mut Stream, at: Ticks, end: Ticks) {
        let count = if stream.between(0, 3) == 0 { stream.between(2, u64::from(self.replicas.max(2))) } else { 1 };
        let quick = stream.between(0, 1) == 0;
        let crashed: NodeSet = (0..count).map(|_| self.replica(stream)).collect();
        for node in crashed.iter() {
            self.push(at, Action::Crash(node));
            let back = if quick { at + stream.between(1, 30 * MILLISECOND) } else { end };
            self.push(back, Action::Restart(node));
        }
    }

    fn minority(&self, stream: &mut Stream) -> Vec<NodeId> {
        let count = stream.between(0, u64::from(self.replicas - 1) / 2);
        let absent: NodeSet = (0..count).map(|_| self.replica(stream)).collect();
        absent.iter().collect()
    }
}
