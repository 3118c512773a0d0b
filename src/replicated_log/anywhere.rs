//! Reads that any replica answers, from its own state as far as that has come.
//!
//! Nobody is asked, so such a read costs one round trip to whatever replica is near, and goes on being answered where a
//! partition leaves that replica with few others. What it finds may have been replaced.
//!
//! *In a session* a client carries along the last index that it has seen the effects of: of its own writes, and of all
//! that it has read. A replica that has not come so far keeps the read until it has. So what a client reads never goes
//! back, and contains what it has written (session guarantees: Terry et al. 1994; ZooKeeper and Raft's dissertation, in
//! 6.4.1, carry an index in the same way).
//!
//! *Local* reads carry nothing, and wait for nothing.

use super::{Index, Reads, StateMachine};
use crate::kv::{Answer, Reading, Reply, Request, SessionRead, SessionReply};
use crate::process::{Outbox, Process};

/// A reply, which says in a session how far its sender has applied the log.
pub fn to_client<M: From<Reply> + From<SessionReply>>(reading: Reading, reply: Reply, applied: Index) -> M {
    if reading == Reading::Session { SessionReply { reply, applied }.into() } else { reply.into() }
}

/// A replica that answers reads from its own state, where the settings have it.
pub trait AnswersAnywhere: Process<Message: From<Reply> + From<SessionReply>> {
    /// A read is answered from the own state.
    const FROM_OWN_STATE: Self::Rule;
    /// A read of a session waits until the own state has come so far.
    const WAITS: Self::Rule;

    /// How clients read.
    fn reading(&self) -> Reading;

    /// Its state machine.
    fn machine(&self) -> &StateMachine;

    /// Reads of sessions that wait until this replica has applied so far.
    fn behind(&mut self) -> &mut Reads<Index>;

    /// Whether a request is a read that is answered here and now, from whatever state there is.
    fn is_local_read(&self, request: &Request) -> bool {
        self.reading() == Reading::Local && request.command.is_read()
    }

    /// Answers a client.
    fn reply(&self, request: &Request, answer: Answer, out: &mut Outbox<Self>) {
        let reply = Reply::answer(request.sequence, answer);
        out.send(request.client, to_client(self.reading(), reply, self.machine().last_applied));
    }

    /// Answers a read.
    fn answer_from_own_state(&self, request: &Request, out: &mut Outbox<Self>) {
        out.rule(Self::FROM_OWN_STATE);
        self.reply(request, self.machine().store.read(request.command.key()), out);
    }

    /// A read of a session: whoever has applied what its client has seen answers it, and who has not, when it has.
    fn on_session_read(&mut self, read: &SessionRead, out: &mut Outbox<Self>) {
        if self.machine().last_applied >= read.seen {
            self.answer_from_own_state(&read.request, out);
        } else if self.behind().admit(&read.request, read.seen) {
            out.rule(Self::WAITS);
        }
    }

    /// The state has come further: reads of sessions may have waited for that.
    fn answer_who_waited(&mut self, out: &mut Outbox<Self>) {
        let applied = self.machine().last_applied;
        for request in self.behind().take_ready(|&seen| seen <= applied) {
            self.answer_from_own_state(&request, out);
        }
    }
}

/// Implements [`AnswersAnywhere`] for a replica with fields `config`, `machine` and `behind`, whose rules for it are
/// called `ReadServedFromOwnState` and `ReadWaitsForState`.
macro_rules! answers_anywhere {
    ($replica:ident) => {
        impl $crate::replicated_log::anywhere::AnswersAnywhere for $replica {
            const FROM_OWN_STATE: Rule = Rule::ReadServedFromOwnState;
            const WAITS: Rule = Rule::ReadWaitsForState;

            fn reading(&self) -> $crate::kv::Reading {
                self.config.reading
            }

            fn machine(&self) -> &$crate::replicated_log::StateMachine {
                &self.machine
            }

            fn behind(&mut self) -> &mut $crate::replicated_log::Reads<$crate::replicated_log::Index> {
                &mut self.behind
            }
        }
    };
}
pub(crate) use answers_anywhere;
