//! The state machine at the end of the log: committed up to one index, applied up to another.

use super::transfer::Snapshot;
use super::{Index, Payload};
use crate::kv::{Reply, Store};
use crate::process::{Field, LogCell, LogView, NodeId, fingerprint_struct};

/// How far a replica knows the log to be committed, how far it has applied it, and the state that follows from it.
///
/// `last_applied <= commit_index`, and neither falls while the replica is up: what is committed stays. (Some
/// switched-off rules break both; so neither is asserted, and the checkers watch them.)
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StateMachine {
    /// The last index up to which the replica knows all to be committed.
    pub commit_index: Index,
    /// The last index that was applied.
    pub last_applied: Index,
    /// The state after that.
    pub store: Store,
}

fingerprint_struct!(StateMachine { commit_index, last_applied, store });

/// Whether a command that is applied a second time takes effect a second time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sessions {
    /// It does not: each client's latest command is known (Raft dissertation, 6.3).
    Kept,
    /// It does. Only a switched-off rule says so.
    Ignored,
}

impl StateMachine {
    /// As a replica boots: the state of its snapshot, if it has one. What is committed beyond it, others will say.
    pub fn restored(snapshot: Option<&impl Snapshot>) -> Self {
        let covered = snapshot.map_or(0, |snapshot| snapshot.covers().0);
        let store = snapshot.map(|snapshot| snapshot.store().clone()).unwrap_or_default();
        Self { commit_index: covered, last_applied: covered, store }
    }

    /// Another's snapshot takes the place of the own state.
    pub fn install(&mut self, snapshot: &impl Snapshot) {
        *self = Self::restored(Some(snapshot));
    }

    /// Applies the log up to an index, in order and each entry once. `reply` hears the clients' answers.
    ///
    /// # Errors
    ///
    /// The index at which there is no entry. All before it is applied.
    pub fn apply_up_to<'a>(
        &mut self,
        index: Index,
        sessions: Sessions,
        payload_at: impl Fn(Index) -> Option<&'a Payload>,
        mut reply: impl FnMut(NodeId, Reply),
    ) -> Result<(), Index> {
        while self.last_applied < index {
            let payload = payload_at(self.last_applied + 1).ok_or(self.last_applied + 1)?;
            self.last_applied += 1;
            let Payload::Command(request) = payload else { continue };
            let answer = match sessions {
                Sessions::Kept => self.store.apply(request),
                Sessions::Ignored => Some(self.store.apply_without_session(&request.command)),
            };
            if let Some(answer) = answer {
                reply(request.client, Reply::answer(request.sequence, answer));
            }
        }
        Ok(())
    }

    /// What a page shows of it.
    pub fn fields(&self) -> [Field; 2] {
        [Field::new("commit index", self.commit_index), Field::new("last applied", self.last_applied)]
    }

    /// Keys and values, as a page shows them.
    pub fn rows(&self) -> Vec<(String, String)> {
        self.store.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
    }

    /// The log as a page shows it: the last dropped index with its epoch, then a cell for each entry.
    pub fn log_view<'a>(
        &self,
        (snapshot_index, snapshot_epoch): (Index, u64),
        entries: impl Iterator<Item = (Index, u64, &'a Payload)>,
    ) -> LogView {
        let cell =
            |(index, epoch, payload): (Index, u64, &Payload)| LogCell { index, epoch, text: payload.to_string() };
        LogView {
            snapshot_index,
            snapshot_epoch,
            cells: entries.map(cell).collect(),
            commit_index: self.commit_index,
            last_applied: self.last_applied,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::{Answer, Command, Request};

    const CLIENT: NodeId = NodeId(3);

    fn put(sequence: u64) -> Payload {
        let command = Command::Put { key: "x".into(), value: "1".into() };
        Payload::Command(Request { client: CLIENT, sequence, command })
    }

    fn empty() -> StateMachine {
        StateMachine { commit_index: 0, last_applied: 0, store: Store::default() }
    }

    #[test]
    fn entries_are_applied_in_order_and_each_client_is_answered() {
        let log = [put(1), Payload::NoOp, put(2)];
        let (mut machine, mut replies) = (empty(), Vec::new());
        let payload_at = |index: Index| log.get(index as usize - 1);
        machine.apply_up_to(3, Sessions::Kept, payload_at, |client, reply| replies.push((client, reply))).unwrap();
        assert_eq!(machine.last_applied, 3);
        assert_eq!(replies, [1, 2].map(|sequence| (CLIENT, Reply::answer(sequence, Answer::Done))));
    }

    #[test]
    fn a_missing_entry_ends_it_and_what_was_before_it_is_applied() {
        let log = [put(1)];
        let mut machine = empty();
        let applied = machine.apply_up_to(9, Sessions::Kept, |index| log.get(index as usize - 1), |_, _| {});
        assert_eq!((applied, machine.last_applied), (Err(2), 1));
    }
}
