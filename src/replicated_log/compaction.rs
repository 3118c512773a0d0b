//! When a snapshot is due, and how much of the log it leaves (Raft 7; "Paxos Made Live" 5.5).

use super::Index;

/// A replica's settings for snapshots.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Compaction {
    /// A snapshot is due when so many entries have been applied since the last one. 0: never.
    pub threshold: u64,
    /// So many applied entries are kept before the snapshot's end, so that a follower that is a little late needs none.
    pub trailing: u64,
}

impl Compaction {
    /// Whether a snapshot is due, by what is applied and what the last one covers.
    pub fn is_due(self, applied: Index, covered: Index) -> bool {
        self.threshold > 0 && applied >= covered + self.threshold
    }

    /// The last index that a snapshot of all that is applied drops from the log.
    pub fn drops_up_to(self, applied: Index) -> Index {
        applied.saturating_sub(self.trailing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_after_so_many_entries_and_leaves_some() {
        let compaction = Compaction { threshold: 4, trailing: 3 };
        assert_eq!((compaction.is_due(9, 6), compaction.is_due(10, 6)), (false, true));
        assert_eq!((compaction.drops_up_to(2), compaction.drops_up_to(10)), (0, 7));
        assert!(!Compaction { threshold: 0, trailing: 0 }.is_due(u64::MAX, 0), "never");
    }
}
