//! A store in pieces: how a state that is too large for one message travels (Raft, figure 13: offset and done).
//!
//! A store is a row of *items*: its keys with their values, in order, then its sessions. A piece is a store of some
//! neighbouring items, and its offset says how many items come before it. The receiver puts pieces together in their
//! order, and answers each with the number of items that it holds, so that the sender knows what to send next: the
//! piece that follows, or the first one if a crash took what was there. A piece that comes twice, or late, changes
//! nothing. A sender keeps to the state that it has begun to send.

use super::command::{Key, Value};
use super::store::Store;
use crate::process::{Field, Fingerprint, Fingerprinter, fingerprint_struct};
use std::sync::Arc;

/// What an item of a message costs besides its texts, in bytes.
pub const ITEM_BYTES: u64 = 64;

/// How many of the first items a message of so many bytes holds, by their sizes: one at least, if there is any.
pub fn fitting(sizes: impl IntoIterator<Item = u64>, bytes_max: u64) -> u64 {
    let (mut bytes, mut count) = (0, 0);
    for size in sizes {
        bytes += size;
        if bytes > bytes_max && count > 0 {
            break;
        }
        count += 1;
    }
    count
}

/// Where a piece belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// How many items come before it.
    pub offset: u64,
    /// Whether it is the last one.
    pub done: bool,
}

fingerprint_struct!(Piece { offset, done });

impl Piece {
    /// As fields of a message.
    pub fn fields(&self) -> [Field; 2] {
        [Field::new("offset", self.offset), Field::new("done", self.done)]
    }
}

/// The answer to a piece that was not the last one, or came out of turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PieceReply {
    /// The last index that the state covers.
    pub covers: u64,
    /// The piece's offset.
    pub offset: u64,
    /// How many items of this state the receiver holds.
    pub held: u64,
}

fingerprint_struct!(PieceReply { covers, offset, held });

impl PieceReply {
    /// As fields of a message.
    pub fn fields(&self) -> [Field; 2] {
        [Field::new("offset", self.offset), Field::new("items held", self.held)]
    }
}

/// Adds what only a message in pieces has. One that travels whole keeps the bytes that it always had.
pub(crate) fn fingerprint_pieces<T: Fingerprint>(pieces: Option<&T>, into: &mut Fingerprinter) {
    if let Some(pieces) = pieces {
        pieces.fingerprint(into);
    }
}

/// The pieces of a state that have come so far.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assembly {
    /// Which state: the last index that it covers, and that index' term where it has one.
    of: (u64, u64),
    store: Store,
}

fingerprint_struct!(Assembly { of, store });

impl Assembly {
    /// Takes a piece in. The first piece of another state begins it anew.
    ///
    /// # Errors
    ///
    /// While something is missing: how many items of this state are there.
    pub fn take_in(assembly: &mut Option<Self>, of: (u64, u64), piece: Piece, part: &Store) -> Result<Store, u64> {
        if piece.offset == 0 && assembly.as_ref().is_none_or(|begun| begun.of != of) {
            *assembly = Some(Self { of, store: Store::default() });
        }
        let Some(begun) = assembly.as_mut().filter(|begun| begun.of == of) else { return Err(0) };
        if piece.offset != begun.store.items() {
            return Err(begun.store.items());
        }
        begun.store.add(part);
        if !piece.done {
            return Err(begun.store.items());
        }
        Ok(assembly.take().map(|whole| whole.store).unwrap_or_default())
    }
}

/// A state on its way to a peer, a piece at a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transfer<S> {
    /// The state.
    pub snapshot: Arc<S>,
    /// The offset of the piece that is under way.
    pub offset: u64,
    /// Whether the peer has answered a piece since the last heartbeat: then the one that is under way is not late yet.
    pub answered: bool,
}

impl<S: Fingerprint> Fingerprint for Transfer<S> {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { snapshot, offset, answered } = self;
        snapshot.fingerprint(into);
        offset.fingerprint(into);
        answered.fingerprint(into);
    }
}

impl<S> Transfer<S> {
    /// The peer has answered. Says whether that was the piece that is under way: then another is to be sent.
    pub fn on_reply(&mut self, covers: u64, reply: &PieceReply) -> bool {
        let is_answer = reply.covers == covers && reply.offset == self.offset;
        if is_answer {
            self.offset = reply.held;
            self.answered = true;
        }
        is_answer
    }
}

impl Store {
    /// How many items it has.
    pub fn items(&self) -> u64 {
        let (values, sessions) = self.counts();
        (values + sessions) as u64
    }

    /// The sizes of the items, in order, in bytes.
    fn sizes(&self) -> impl Iterator<Item = u64> {
        let value = |(key, value): (&Key, &Value)| ITEM_BYTES + (key.len() + value.len()) as u64;
        self.iter().map(value).chain(self.sessions().map(|(_, _, answer)| ITEM_BYTES + answer.bytes()))
    }

    /// Whether it travels in one message of so many bytes.
    pub fn fits(&self, bytes_max: u64) -> bool {
        let mut left = bytes_max;
        self.sizes().all(|size| {
            let fits = size <= left;
            left = left.saturating_sub(size);
            fits
        })
    }

    /// The items after an offset, as many as so many bytes hold, and one at least if there is any; and where they
    /// belong.
    pub fn piece(&self, offset: u64, bytes_max: u64) -> (Self, Piece) {
        let end = offset + fitting(self.sizes().skip(offset as usize), bytes_max);
        let values = self.counts().0 as u64;
        let within = |start: u64, end: u64| (start as usize, end.saturating_sub(start) as usize);
        let (skipped, taken) = within(offset.min(values), end.min(values));
        let part = self.iter().skip(skipped).take(taken).map(|(key, value)| (key.clone(), value.clone()));
        let (skipped, taken) = within(offset.saturating_sub(values), end.saturating_sub(values));
        let sessions = self.sessions().skip(skipped).take(taken);
        let store =
            Self::from_parts(part, sessions.map(|(client, sequence, answer)| (client, sequence, answer.clone())));
        (store, Piece { offset, done: end >= self.items() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::{Answer, Command, Request};
    use crate::process::NodeId;

    fn store(keys: u64) -> Store {
        let mut store = Store::default();
        for sequence in 1..=keys {
            let key = format!("key {sequence:03}").into();
            let command = Command::Put { key, value: "v".repeat(sequence as usize * 7 % 50).into() };
            store.apply(&Request { client: NodeId(sequence as u16 % 5), sequence, command });
        }
        store
    }

    #[test]
    fn pieces_of_every_size_put_together_are_the_store_again() {
        let store = store(40);
        for bytes_max in [0, 1, 64, 100, 200, 1_000, 1 << 20] {
            let (mut assembly, mut offset, mut pieces) = (None, 0, 0);
            let whole = loop {
                let (part, piece) = store.piece(offset, bytes_max);
                assert!(part.items() == 1 || part.fits(bytes_max), "{bytes_max}: {}", part.items());
                pieces += 1;
                match Assembly::take_in(&mut assembly, (7, 1), piece, &part) {
                    Ok(whole) => break whole,
                    Err(held) => offset = held,
                }
            };
            assert_eq!(whole, store);
            assert_eq!(assembly, None);
            assert_eq!(pieces == 1, store.fits(bytes_max), "{bytes_max}");
        }
    }

    #[test]
    fn a_piece_that_comes_twice_or_early_or_of_another_state_changes_nothing() {
        let store = store(9);
        let part = |offset: u64| store.piece(offset, 200);
        let (first, at_first) = part(0);
        let (second, at_second) = part(first.items());
        let mut assembly = None;
        let mut hear = |of, piece, part: &Store| Assembly::take_in(&mut assembly, of, piece, part);
        assert_eq!(hear((7, 1), at_second, &second), Err(0), "nothing has begun");
        assert_eq!(hear((7, 1), at_first, &first), Err(first.items()));
        assert_eq!(hear((7, 1), at_first, &first), Err(first.items()), "twice");
        assert_eq!(hear((7, 2), at_second, &second), Err(0), "of another state");
        let both = first.items() + second.items();
        assert_eq!(hear((7, 1), at_second, &second), Err(both));
        assert_eq!(hear((7, 1), at_second, &second), Err(both), "twice");
        assert_eq!(hear((9, 1), at_first, &first), Err(first.items()), "another state begins anew");
    }

    #[test]
    fn an_offset_beyond_the_end_is_an_empty_piece() {
        let (part, piece) = store(3).piece(1 << 40, 100);
        assert_eq!((part.items(), piece.done), (0, true));
    }

    #[test]
    fn an_empty_store_travels_whole() {
        assert!(Store::default().fits(0));
        assert_eq!(Answer::Done.bytes(), 0);
    }
}
