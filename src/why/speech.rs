//! What a protocol says of its own messages, so that it can be told who was asked for what and who answered.

use crate::kv::{Request, Store};
use crate::process::{NodeId, NodeSet, Seat};
use crate::scenario::Playable;
use crate::sim::World;

/// A step towards a decision or a leader: many say the same to one who counts.
#[derive(Clone, Copy, Debug)]
pub struct Phase {
    /// What is said, in the paper's word: an acknowledgement, a vote, a promise.
    pub name: &'static str,
    /// Whether the one who counts asks for it; else all say it to all.
    pub is_asked: bool,
}

/// What a message has to do with a phase.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// It asks for the word.
    Asks,
    /// It is the word.
    Says,
    /// It refuses it.
    Refuses,
}

/// What a message says in a phase.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Speech {
    /// Which of [`Explained::PHASES`].
    pub phase: usize,
    /// What it does.
    pub part: Part,
    /// The term, ballot, view or round that it speaks of.
    pub epoch: u64,
    /// The first index that it speaks of; 0 where it speaks of none.
    pub first: u64,
    /// The last.
    pub last: u64,
}

impl Speech {
    /// A word that speaks of no index.
    pub fn of(phase: usize, part: Part, epoch: u64) -> Self {
        Self { phase, part, epoch, first: 0, last: 0 }
    }

    /// A word that speaks of all indexes between two.
    pub fn between(phase: usize, part: Part, epoch: u64, (first, last): (u64, u64)) -> Self {
        Self { phase, part, epoch, first, last }
    }
}

/// Where a request stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// Its index, slot or number.
    pub index: u64,
    /// The term, ballot, view or round in which it got it.
    pub epoch: u64,
}

/// A protocol whose runs can be explained.
pub trait Explained: Playable {
    /// What counts time in it: a term, a ballot, a view, a round.
    const EPOCH: &'static str;
    /// What an entry's place is called.
    const PLACE: &'static str;
    /// The steps that are counted.
    const PHASES: &'static [Phase];
    /// The rules by which a replica begins to bid, each with the phases that it needs, in order.
    const BIDS: &'static [(Self::Rule, &'static [usize])];
    /// The phases that decide what has a place, in order.
    const DECIDES: &'static [usize];

    /// Whose request a message of a client carries, and which.
    fn asked(message: &Self::Message) -> Option<(NodeId, u64)>;

    /// The place that a message gives to a request, and the term, view or round of who speaks.
    fn placed(message: &Self::Message, request: &Request) -> Option<(Place, u64)>;

    /// The term or ballot of what a message puts at an index.
    fn puts(_message: &Self::Message, _index: u64) -> Option<u64> {
        None
    }

    /// What a message says in a phase.
    fn speech(message: &Self::Message) -> Option<Speech>;

    /// The words in a message, each with whose it is: one may pass on those of others.
    fn words(message: &Self::Message, from: NodeId) -> Vec<(NodeId, Speech)> {
        Self::speech(message).map(|speech| (from, speech)).into_iter().collect()
    }

    /// Whose word a phase needs.
    fn speakers(world: &World<Self>, _phase: usize, _at: Place) -> NodeSet {
        (0..world.setup().replicas).map(NodeId).collect()
    }

    /// Where the log of a replica has a request.
    fn held(&self, request: &Request) -> Option<Place>;

    /// Whether a replica still has a request to decide or to carry out, in its log or among what waits.
    fn keeps(&self, request: &Request) -> bool {
        self.held(request).is_some()
    }

    /// Whether a replica has carried a request out: yes, no, or it has gone on and one cannot say.
    fn carried_out(&self, request: &Request) -> Option<bool>;

    /// Why a replica refuses what it was asked, in a few words about its own state right after.
    fn refusal(&self, _asked: &Self::Message) -> Option<String> {
        None
    }

    /// What a replica bids for now where its events do not say: the index and the epoch.
    fn bids_for(&self) -> Option<Place> {
        None
    }

    /// Who counts the words of a phase: who bids, unless a protocol has another one.
    fn counter(_world: &World<Self>, _phase: usize, _epoch: u64, bidder: NodeId) -> NodeId {
        bidder
    }

    /// How much is needed: words, or voting power.
    fn needed(world: &World<Self>, phase: usize) -> u64;

    /// How much the word of a replica counts.
    fn weight(_world: &World<Self>, _node: NodeId) -> u64 {
        1
    }

    /// Whose turn it is in a view or round, where replicas take turns, in a sentence.
    fn turn(_world: &World<Self>, _at: Place) -> Option<String> {
        None
    }

    /// What counts time in the record of an event, as [`Explained::epoch_text`].
    fn stage_text(epoch: u64) -> String {
        Self::epoch_text(epoch)
    }

    /// An epoch as the papers write it: a ballot with its owner.
    fn epoch_text(epoch: u64) -> String {
        match Self::EPOCH_PLACES {
            Some(places) => format!("{} {}.n{}", Self::EPOCH, epoch / u64::from(places), epoch % u64::from(places) + 1),
            None => format!("{} {epoch}", Self::EPOCH),
        }
    }
}

/// More than half of the replicas.
pub(super) fn majority<R: Playable>(world: &World<R>) -> u64 {
    u64::from(Seat { id: NodeId(0), replicas: world.setup().replicas }.majority())
}

/// Whether a store has a request behind it: yes or no where it is the client's latest or yet to come; of one before the
/// client's latest it keeps nothing.
pub(super) fn in_store(store: &Store, request: &Request) -> Option<bool> {
    let latest = store.latest(request.client);
    if latest > request.sequence { None } else { Some(latest == request.sequence) }
}

/// Whether two are the same request.
pub(super) fn is_same(one: &Request, other: &Request) -> bool {
    (one.client, one.sequence) == (other.client, other.sequence)
}
