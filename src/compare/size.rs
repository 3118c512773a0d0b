//! What a message takes, or a disk: one rule for all protocols.
//!
//! The size of a value is that of its canonical bytes ([`Fingerprint`]): a number takes its width, 1, 2, 4 or 8 bytes; a
//! text, a list or a map 4 for its length, and what is in it; a choice 1 for which it is, and what it carries; what may
//! be missing 1 for whether it is there, and itself; a process 2; a digest 32; a signature the 2 bytes of who signed and
//! 1 for whether the key was theirs, since signatures are idealised here. What every network adds (addresses, framing,
//! a cipher) is left out, and nothing is packed.

use crate::process::{Fingerprint, Fingerprinter};

/// The size of a value, in bytes.
pub fn of<T: Fingerprint>(value: &T) -> u64 {
    let mut bytes = Fingerprinter::new();
    value.fingerprint(&mut bytes);
    bytes.bytes().len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::{Command, Request};
    use crate::process::NodeId;
    use crate::raft::message::{AppendEntries, Message, RequestVoteReply};

    #[test]
    fn a_message_takes_what_its_fields_take() {
        // Which message it is, the term, and yes or no.
        assert_eq!(of(&Message::RequestVoteReply(RequestVoteReply { term: 7, vote_granted: true })), 1 + 8 + 1);
        let append = AppendEntries {
            term: 7,
            prev_log_index: 3,
            prev_log_term: 7,
            entries: Vec::new().into(),
            leader_commit: 3,
            round: 1,
        };
        assert_eq!(of(&Message::AppendEntries(append)), 1 + 3 * 8 + 4 + 2 * 8);
        // The client, its number, which command, and two texts with their lengths.
        let command = Command::Put { key: "x".into(), value: "12".into() };
        assert_eq!(of(&Message::Request(Request { client: NodeId(5), sequence: 1, command })), 1 + 2 + 8 + 1 + 5 + 6);
    }
}
