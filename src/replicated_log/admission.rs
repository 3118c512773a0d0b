//! What becomes of a client's request at the replica that it reaches, before the protocol has anything to do with it.

use crate::kv::{Answer, Request};

/// What a replica does with a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission<'a> {
    /// It does not lead: the client is turned away.
    Elsewhere,
    /// A read, which needs no index in the log.
    Read,
    /// The command was applied before: the client gets the answer that it got then.
    Duplicate(&'a Answer),
    /// The command gets the next index.
    New,
}

impl<'a> Admission<'a> {
    /// Only who leads takes a request. A retry of what was applied is not applied again (Raft dissertation, 6.3): the
    /// store's session knows what was `answered`.
    pub fn of(request: &Request, leads: bool, reads_through_log: bool, answered: Option<&'a Answer>) -> Self {
        match answered {
            _ if !leads => Self::Elsewhere,
            _ if request.command.is_read() && !reads_through_log => Self::Read,
            Some(answer) => Self::Duplicate(answer),
            None => Self::New,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::Command;
    use crate::process::NodeId;

    fn request(command: Command) -> Request {
        Request { client: NodeId(5), sequence: 1, command }
    }

    #[test]
    fn a_read_passes_by_the_log_unless_the_settings_send_it_through() {
        let read = request(Command::Get { key: "x".into() });
        let answer = Answer::Value(None);
        assert_eq!(Admission::of(&read, true, false, Some(&answer)), Admission::Read);
        assert_eq!(Admission::of(&read, true, true, Some(&answer)), Admission::Duplicate(&answer));
        assert_eq!(Admission::of(&read, true, true, None), Admission::New);
        assert_eq!(Admission::of(&read, false, false, None), Admission::Elsewhere);
    }

    #[test]
    fn a_retry_is_answered_by_the_leader_alone() {
        let write = request(Command::Delete { key: "x".into() });
        let answer = Answer::Done;
        assert_eq!(Admission::of(&write, true, false, Some(&answer)), Admission::Duplicate(&answer));
        assert_eq!(Admission::of(&write, true, false, None), Admission::New);
        assert_eq!(Admission::of(&write, false, false, Some(&answer)), Admission::Elsewhere);
    }
}
