//! What a liar may change in a message that its honest half wants to send.

use super::{Keyring, NodeId, fingerprint_enum};

/// One way to change a message. Each protocol says what it means for its own messages ([`super::Message::altered`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Alteration {
    /// Another value (command, request, block), the same one for the same number, so that a lie can be told to several
    /// peers; what depends on the value, such as its digest, is made to fit.
    Value(u8),
    /// A digest that fits nothing.
    Digest,
    /// A nil vote or a vote for nothing in place of one for a value.
    Nil,
    /// The next sequence number, slot, log index or height.
    SequenceUp,
    /// The one before.
    SequenceDown,
    /// The next term, ballot, view or round.
    EpochUp,
    /// The one before.
    EpochDown,
    /// The same content in the name of another replica: a forgery, unless that one colludes.
    Impersonate(u16),
}

fingerprint_enum!(Alteration {
    0 => Value(number),
    1 => Digest,
    2 => Nil,
    3 => SequenceUp,
    4 => SequenceDown,
    5 => EpochUp,
    6 => EpochDown,
    7 => Impersonate(node),
});

/// What a liar has to lie with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Liar {
    /// The keys that it and those who collude with it hold.
    pub keyring: Keyring,
    /// How many replicas the cluster has.
    pub replicas: u16,
    /// A client whose key is on the ring, and the number of its latest operation. What is signed in its name with the
    /// next number is new to all.
    pub accomplice: Option<(NodeId, u64)>,
}
