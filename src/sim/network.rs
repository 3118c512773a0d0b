//! The network: how long a message takes, and whether it arrives.
//!
//! Fault model: asynchronous links that may delay, lose, duplicate and reorder messages, never invent or alter them. A
//! partition is a set of directed cuts: a message is lost if its link is cut when it leaves or when it would arrive.
//! Without reordering a link is first-in first-out; a message drawn for reordering may overtake and be overtaken.

use super::random::Streams;
use super::range::{Ratio, TicksRange};
use crate::process::{NodeId, NodeSet, Ticks};

/// The dials of the network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct NetworkDials {
    /// How long a message takes, on every link that has no range of its own.
    pub latency_ticks: TicksRange,
    /// How many messages are lost.
    pub loss: Ratio,
    /// How many arrive twice.
    pub duplication: Ratio,
    /// How many may overtake and be overtaken on their link.
    pub reordering: Ratio,
}

impl NetworkDials {
    /// The same latencies, with nothing lost, duplicated or reordered.
    #[must_use]
    pub fn without_faults(self) -> Self {
        Self { loss: Ratio::NEVER, duplication: Ratio::NEVER, reordering: Ratio::NEVER, ..self }
    }
}

impl Default for NetworkDials {
    fn default() -> Self {
        Self {
            latency_ticks: TicksRange::new(8_000, 14_000),
            loss: Ratio::NEVER,
            duplication: Ratio::NEVER,
            reordering: Ratio::NEVER,
        }
    }
}

/// What became of a message when it left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Departure {
    /// It is under way, and perhaps a copy of it too.
    UnderWay {
        /// When it arrives.
        due: Ticks,
        /// When the copy arrives.
        copy_due: Option<Ticks>,
    },
    /// It was lost by chance; it would have arrived then.
    Lost {
        /// When it would have arrived.
        due: Ticks,
    },
    /// Its link is cut; it would have arrived then.
    Cut {
        /// When it would have arrived.
        due: Ticks,
    },
}

impl Departure {
    /// The same, with everything so many ticks later.
    #[must_use]
    pub fn later_by(self, ticks: Ticks) -> Self {
        match self {
            Self::UnderWay { due, copy_due } => {
                Self::UnderWay { due: due + ticks, copy_due: copy_due.map(|due| due + ticks) }
            }
            Self::Lost { due } => Self::Lost { due: due + ticks },
            Self::Cut { due } => Self::Cut { due: due + ticks },
        }
    }
}

/// All links.
#[derive(Clone, Debug)]
pub struct Network {
    dials: NetworkDials,
    processes: usize,
    /// Ranges of single links, by sender and receiver.
    own_latency: Vec<Option<TicksRange>>,
    /// How many messages are lost on single links, by sender and receiver.
    own_loss: Vec<Option<Ratio>>,
    /// When the last first-in first-out message of a link arrives.
    last_due: Vec<Ticks>,
    /// For each sender the receivers that it cannot reach.
    cut: Vec<NodeSet>,
}

impl Network {
    /// Links between so many processes.
    pub fn new(dials: NetworkDials, processes: usize) -> Self {
        Self {
            dials,
            processes,
            own_latency: vec![None; processes * processes],
            own_loss: vec![None; processes * processes],
            last_due: vec![0; processes * processes],
            cut: vec![NodeSet::EMPTY; processes],
        }
    }

    /// The dials.
    pub fn dials(&self) -> NetworkDials {
        self.dials
    }

    /// Turns the dials, for messages that leave from now on.
    pub fn set_dials(&mut self, dials: NetworkDials) {
        self.dials = dials;
    }

    /// Gives one link a range of its own.
    pub fn set_link_latency(&mut self, from: NodeId, to: NodeId, latency_ticks: TicksRange) {
        let link = self.link(from, to);
        self.own_latency[link] = Some(latency_ticks);
    }

    /// Lets one link lose so many of its messages.
    pub fn set_link_loss(&mut self, from: NodeId, to: NodeId, loss: Ratio) {
        let link = self.link(from, to);
        self.own_loss[link] = Some(loss);
    }

    /// No link has a latency or a loss of its own any more. One whose latency is set back begins anew: what is still
    /// under way on it may be overtaken, or everything after it would have to wait for it.
    pub fn forget_own(&mut self) {
        for (last_due, _) in self.last_due.iter_mut().zip(&self.own_latency).filter(|(_, own)| own.is_some()) {
            *last_due = 0;
        }
        self.own_latency.fill(None);
        self.own_loss.fill(None);
    }

    /// Cuts a link, one way.
    pub fn cut(&mut self, from: NodeId, to: NodeId) {
        self.cut[from.index()].insert(to);
    }

    /// Restores a link, one way.
    pub fn restore(&mut self, from: NodeId, to: NodeId) {
        self.cut[from.index()].remove(to);
    }

    /// Restores all links.
    pub fn heal(&mut self) {
        self.cut.fill(NodeSet::EMPTY);
    }

    /// Cuts all links between groups and restores all links within them. Processes that no group names form one more
    /// group.
    pub fn partition(&mut self, groups: &[NodeSet]) {
        let side = |node: NodeId| groups.iter().position(|group| group.contains(node));
        for from in (0..self.processes as u16).map(NodeId) {
            self.cut[from.index()] =
                (0..self.processes as u16).map(NodeId).filter(|&to| side(from) != side(to)).collect();
        }
    }

    /// Whether a message from one process to another is lost.
    #[inline]
    pub fn is_cut(&self, from: NodeId, to: NodeId) -> bool {
        self.cut[from.index()].contains(to)
    }

    /// All links that are cut, by sender and receiver.
    pub fn cuts(&self) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        self.cut.iter().enumerate().flat_map(|(from, set)| set.iter().map(move |to| (NodeId(from as u16), to)))
    }

    #[inline]
    fn link(&self, from: NodeId, to: NodeId) -> usize {
        from.index() * self.processes + to.index()
    }

    /// Sends a message on its way. One to oneself arrives at once, whatever the network does, unless that link was
    /// given a range of its own.
    pub fn depart(&mut self, from: NodeId, to: NodeId, now: Ticks, streams: &mut Streams) -> Departure {
        let link = self.link(from, to);
        if from == to {
            let due = self.own_latency[link].map_or(now, |range| now + streams.latency.ticks(range));
            return Departure::UnderWay { due, copy_due: None };
        }
        let range = self.own_latency[link].unwrap_or(self.dials.latency_ticks);
        let mut due = now + streams.latency.ticks(range);
        let lost = streams.loss.happens(self.own_loss[link].unwrap_or(self.dials.loss));
        let copied = streams.duplication.happens(self.dials.duplication);
        let overtakes = streams.reordering.happens(self.dials.reordering);
        if self.is_cut(from, to) {
            return Departure::Cut { due };
        }
        if lost {
            return Departure::Lost { due };
        }
        if !overtakes {
            due = due.max(self.last_due[link]);
            self.last_due[link] = due;
        }
        let mut copy_due = copied.then(|| now + streams.duplication.ticks(range));
        if let Some(copy_due) = copy_due.as_mut().filter(|_| !overtakes) {
            // A copy keeps to the order of its link, too.
            *copy_due = due.max(*copy_due);
            self.last_due[link] = *copy_due;
        }
        Departure::UnderWay { due, copy_due }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NodeId = NodeId(0);
    const B: NodeId = NodeId(1);
    const C: NodeId = NodeId(2);

    fn network(dials: NetworkDials) -> (Network, Streams) {
        (Network::new(dials, 3), Streams::new(1))
    }

    fn dues(dials: NetworkDials) -> Vec<Ticks> {
        let (mut network, mut streams) = network(dials);
        (0..50)
            .map(|now| match network.depart(A, B, now, &mut streams) {
                Departure::UnderWay { due, .. } => due,
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn without_reordering_a_link_is_first_in_first_out() {
        assert!(dues(NetworkDials::default()).is_sorted());
    }

    #[test]
    fn with_reordering_messages_overtake() {
        let dials = NetworkDials { reordering: Ratio::percent(100), ..NetworkDials::default() };
        assert!(!dues(dials).is_sorted());
    }

    #[test]
    fn a_partition_cuts_between_its_groups_and_the_unnamed_form_one_more() {
        let (mut network, _) = network(NetworkDials::default());
        network.partition(&[[A].into_iter().collect()]);
        assert!(network.is_cut(A, B) && network.is_cut(C, A));
        assert!(!network.is_cut(B, C));
        network.heal();
        assert_eq!(network.cuts().count(), 0);
    }

    #[test]
    fn a_cut_is_one_way() {
        let (mut network, _) = network(NetworkDials::default());
        network.cut(A, B);
        assert!(network.is_cut(A, B) && !network.is_cut(B, A));
    }

    #[test]
    fn the_loss_dial_does_not_reshuffle_latencies() {
        let calm = dues(NetworkDials::default());
        let (mut lossy, mut streams) = network(NetworkDials { loss: Ratio::percent(30), ..NetworkDials::default() });
        lossy.set_link_latency(B, C, TicksRange::new(1, 1));
        for (now, expected) in calm.iter().enumerate() {
            let due = match lossy.depart(A, B, now as u64, &mut streams) {
                Departure::UnderWay { due, .. } | Departure::Lost { due } | Departure::Cut { due } => due,
            };
            assert!(due <= *expected, "only the wait behind a lost message can be missing");
        }
    }
}
