//! The adversary: what Byzantine processes say in place of what their honest halves want to say.
//!
//! A Byzantine replica is an honest one whose outgoing envelopes are rewritten here, for each receiver, replies to
//! clients included. So a liar keeps up with the run, and its lies fit it; what it cannot do is sign in another's name,
//! unless that one shares its keys ([`Adversary::collude`]). What it says to itself is left alone. The process is never
//! told, and neither is any other.
//!
//! A [`Strategy`] is a list of [`Line`]s, or chance. The first line that speaks of a receiver and a kind of message
//! says what becomes of the envelope; where no line does, the truth leaves. By chance, each envelope meets its own
//! [`Deed`], from a stream of numbers of its own: a run without liars draws nothing from it, and is the same with and
//! without this module.
//!
//! A liar may depart from rules of its own as well (`Action::Depart`): its half that stays inside is then not honest
//! either. It votes for a block that it refused, forgets its lock, or hides a certificate, and all that it says fits
//! what it did.
//!
//! A liar acts on its own as well: with each envelope it may say the truth and a lie to the same receiver, or say again
//! what it said before.

use super::random::{Stream, Streams};
use crate::process::{Alteration, Keyring, Liar, MILLISECOND, NodeId, NodeSet, Ticks};
use std::collections::{BTreeMap, VecDeque};

/// What a liar does with one envelope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// The honest half's words leave as they are.
    Truth,
    /// Nothing leaves.
    Withhold,
    /// Something else leaves. What cannot be altered so leaves as it is.
    Alter(Alteration),
    /// The truth leaves, and a lie after it: two faces to one receiver.
    TwoFaced(Alteration),
    /// The truth leaves later.
    Delay(Ticks),
    /// The truth leaves, and something that the liar said earlier, to whomever.
    Replay,
}

/// What becomes of the envelopes to some receivers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    /// To whom; nobody named: to everybody.
    pub to: NodeSet,
    /// Of which kind, as an index into the protocol's list of kinds; none: of every kind.
    pub kind: Option<u8>,
    /// What.
    pub deed: Deed,
    /// For the next such envelope to each receiver only.
    pub once: bool,
}

impl Line {
    /// A line about all kinds of messages, for good.
    pub fn new(to: NodeSet, deed: Deed) -> Self {
        Self { to, kind: None, deed, once: false }
    }
}

/// How a liar lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Strategy {
    /// It says nothing to these; nobody named: to nobody.
    Silence {
        /// To whom.
        to: NodeSet,
    },
    /// It has two faces.
    Equivocation {
        /// Who is told one thing.
        to: NodeSet,
        /// What they are told.
        say: Alteration,
        /// What the others are told; none: the truth.
        others: Option<Alteration>,
    },
    /// It tells everybody the same lie.
    Falsehood {
        /// Which.
        say: Alteration,
    },
    /// It says again, with all that it says, something that it said before.
    Replay,
    /// It says everything later.
    Delay {
        /// By so much.
        by_ticks: Ticks,
    },
    /// Each envelope meets a deed by chance.
    Drawn,
    /// As somebody wrote it down, line by line.
    ByHand {
        /// The lines; the first that speaks of an envelope counts.
        lines: Vec<Line>,
    },
}

impl Strategy {
    fn lines(&self) -> Vec<Line> {
        let everybody = NodeSet::EMPTY;
        match self {
            Self::Silence { to } => vec![Line::new(*to, Deed::Withhold)],
            Self::Equivocation { to, say, others } => {
                let one = Line::new(*to, Deed::Alter(*say));
                let other = others.map(|other| Line::new(everybody, Deed::Alter(other)));
                std::iter::once(one).chain(other).collect()
            }
            Self::Falsehood { say } => vec![Line::new(everybody, Deed::Alter(*say))],
            Self::Replay => vec![Line::new(everybody, Deed::Replay)],
            Self::Delay { by_ticks } => vec![Line::new(everybody, Deed::Delay(*by_ticks))],
            Self::Drawn => Vec::new(),
            Self::ByHand { lines } => lines.clone(),
        }
    }
}

/// Most messages of its own that a liar remembers to say again.
const REMEMBERED_MAX: usize = 64;

/// One liar.
#[derive(Clone, Debug, Default)]
struct Conduct {
    lines: Vec<Line>,
    drawn: bool,
    /// By line: who has heard it, where it counts once.
    heard: Vec<NodeSet>,
    /// What it said, as indices into the trace.
    said: VecDeque<u32>,
}

/// All liars of a run.
#[derive(Clone, Debug, Default)]
pub struct Adversary {
    liars: NodeSet,
    ever: NodeSet,
    coalition: NodeSet,
    /// How each liar behaves. Liars are few: a list will do, and adds least to what the page loads.
    conducts: Vec<(NodeId, Conduct)>,
    held_back: BTreeMap<u32, Ticks>,
    /// The number of each client's latest operation: one that gives its keys away tells that too.
    sequences: BTreeMap<NodeId, u64>,
}

impl Adversary {
    /// Who lies now.
    pub fn liars(&self) -> NodeSet {
        self.liars
    }

    /// Who has ever lied, or given its keys away. Promises are made by the others.
    pub fn ever(&self) -> NodeSet {
        self.ever
    }

    /// Whether a process lies now.
    #[inline]
    pub fn lies(&self, node: NodeId) -> bool {
        self.liars.contains(node)
    }

    /// Whether a process has given its keys away to others, and has theirs.
    pub fn colludes(&self, node: NodeId) -> bool {
        self.coalition.contains(node)
    }

    fn conduct_mut(&mut self, node: NodeId) -> Option<&mut Conduct> {
        self.conducts.iter_mut().find(|(liar, _)| *liar == node).map(|(_, conduct)| conduct)
    }

    /// The conduct of a process that is to lie.
    fn conduct_of(&mut self, node: NodeId) -> &mut Conduct {
        let index = self.conducts.iter().position(|(liar, _)| *liar == node).unwrap_or_else(|| {
            self.conducts.push((node, Conduct::default()));
            self.conducts.len() - 1
        });
        &mut self.conducts[index].1
    }

    /// Makes a process lie. What it did before is forgotten, but not what it said.
    pub fn corrupt(&mut self, node: NodeId, strategy: &Strategy) {
        let lines = strategy.lines();
        let conduct = self.conduct_of(node);
        conduct.heard = vec![NodeSet::EMPTY; lines.len()];
        conduct.lines = lines;
        conduct.drawn = *strategy == Strategy::Drawn;
        self.liars.insert(node);
        self.ever.insert(node);
    }

    /// Makes a process lie that departs from a rule of its own: what it says is true to what it did.
    pub fn depart(&mut self, node: NodeId) {
        self.conduct_of(node);
        self.liars.insert(node);
        self.ever.insert(node);
    }

    /// Puts a line before all others that a process lies by.
    pub fn add_line(&mut self, node: NodeId, line: Line) {
        let conduct = self.conduct_of(node);
        conduct.lines.insert(0, line);
        conduct.heard.insert(0, NodeSet::EMPTY);
        self.liars.insert(node);
        self.ever.insert(node);
    }

    /// These share their keys from now on: each can sign in the name of all. A client's key may be among them.
    pub fn collude(&mut self, nodes: NodeSet) {
        for node in nodes.iter() {
            self.coalition.insert(node);
            self.ever.insert(node);
        }
    }

    /// A process says what its honest half wants to say, from now on.
    pub fn reform(&mut self, node: NodeId) {
        self.liars.remove(node);
        self.conducts.retain(|(liar, _)| *liar != node);
    }

    /// Nobody lies any more.
    pub fn reform_all(&mut self) {
        self.liars = NodeSet::EMPTY;
        self.conducts.clear();
    }

    /// What a liar has to lie with.
    pub fn tools(&self, node: NodeId, replicas: u16) -> Liar {
        let own: NodeSet = [node].into_iter().collect();
        let owners = if self.coalition.contains(node) { self.coalition } else { own };
        let client = owners.iter().find(|owner| owner.0 >= replicas);
        let accomplice = client.map(|client| (client, self.sequences.get(&client).copied().unwrap_or(0)));
        Liar { keyring: Keyring::of(owners), replicas, accomplice }
    }

    /// A client begins an operation with this number.
    pub(super) fn note_operation(&mut self, client: NodeId, sequence: u64) {
        self.sequences.insert(client, sequence);
    }

    /// What becomes of an envelope.
    pub(super) fn deed(&mut self, from: NodeId, to: NodeId, kind: u8, replicas: u16, streams: &mut Streams) -> Deed {
        let Some(conduct) = self.conduct_mut(from) else { return Deed::Truth };
        for (line, heard) in conduct.lines.iter().zip(&mut conduct.heard) {
            let speaks = (line.to.is_empty() || line.to.contains(to)) && line.kind.is_none_or(|of| of == kind);
            if speaks && !(line.once && heard.contains(to)) {
                heard.insert(to);
                return line.deed;
            }
        }
        if conduct.drawn { drawn(&mut streams.adversary, replicas) } else { Deed::Truth }
    }

    /// Something that a liar said before, to whomever.
    pub(super) fn earlier(&self, from: NodeId, streams: &mut Streams) -> Option<u32> {
        let (_, Conduct { said, .. }) = self.conducts.iter().find(|(liar, _)| *liar == from)?;
        let last = said.len().checked_sub(1)?;
        said.get(streams.adversary.between(0, last as u64) as usize).copied()
    }

    pub(super) fn remember(&mut self, from: NodeId, message: u32) {
        let Some(conduct) = self.conduct_mut(from) else { return };
        if conduct.said.len() == REMEMBERED_MAX {
            conduct.said.pop_front();
        }
        conduct.said.push_back(message);
    }

    pub(super) fn hold_back(&mut self, message: u32, by: Ticks) {
        self.held_back.insert(message, by);
    }

    /// How much later than usual a message arrives.
    #[inline]
    pub(super) fn release(&mut self, message: u32) -> Ticks {
        if self.held_back.is_empty() { 0 } else { self.held_back.remove(&message).unwrap_or(0) }
    }
}

/// A deed by chance: half of what is said is true.
fn drawn(stream: &mut Stream, replicas: u16) -> Deed {
    match stream.between(0, 15) {
        0..=7 => Deed::Truth,
        8 | 9 => Deed::Withhold,
        10..=12 => Deed::Alter(any_alteration(stream, replicas)),
        13 => Deed::TwoFaced(any_alteration(stream, replicas)),
        14 => Deed::Delay(stream.between(1, 300) * MILLISECOND),
        _ => Deed::Replay,
    }
}

/// Any alteration, by chance.
pub fn any_alteration(stream: &mut Stream, replicas: u16) -> Alteration {
    match stream.between(0, 8) {
        0 => Alteration::Value(0),
        1 => Alteration::Value(1),
        2 => Alteration::Digest,
        3 => Alteration::Nil,
        4 => Alteration::SequenceUp,
        5 => Alteration::SequenceDown,
        6 => Alteration::EpochUp,
        7 => Alteration::EpochDown,
        _ => Alteration::Impersonate(stream.between(0, u64::from(replicas) - 1) as u16),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NodeId = NodeId(0);
    const B: NodeId = NodeId(1);
    const C: NodeId = NodeId(2);

    fn set(nodes: &[NodeId]) -> NodeSet {
        nodes.iter().copied().collect()
    }

    #[test]
    fn two_faces_show_each_receiver_its_own() {
        let (mut adversary, mut streams) = (Adversary::default(), Streams::new(1));
        adversary.corrupt(A, &Strategy::Equivocation { to: set(&[B]), say: Alteration::Value(1), others: None });
        assert_eq!(adversary.deed(A, B, 0, 4, &mut streams), Deed::Alter(Alteration::Value(1)));
        assert_eq!(adversary.deed(A, C, 0, 4, &mut streams), Deed::Truth);
        assert_eq!(
            adversary.deed(B, C, 0, 4, &mut streams),
            Deed::Truth,
            "an honest process says what it wants to say"
        );
    }

    #[test]
    fn a_line_that_counts_once_counts_once_for_each_receiver() {
        let (mut adversary, mut streams) = (Adversary::default(), Streams::new(1));
        adversary.add_line(A, Line { kind: Some(3), once: true, ..Line::new(NodeSet::EMPTY, Deed::Withhold) });
        let deeds: Vec<Deed> =
            [(B, 2), (B, 3), (B, 3), (C, 3)].map(|(to, kind)| adversary.deed(A, to, kind, 4, &mut streams)).into();
        assert_eq!(deeds, [Deed::Truth, Deed::Withhold, Deed::Truth, Deed::Withhold]);
    }

    #[test]
    fn who_lied_is_remembered_and_keys_are_shared_within_the_coalition_only() {
        let mut adversary = Adversary::default();
        adversary.corrupt(A, &Strategy::Drawn);
        adversary.reform(A);
        assert!(!adversary.lies(A) && adversary.ever().contains(A));
        adversary.collude(set(&[A, B]));
        assert_eq!(adversary.tools(A, 4).keyring.owners(), set(&[A, B]));
        assert_eq!(adversary.tools(C, 4).keyring.owners(), set(&[C]));
    }
}
