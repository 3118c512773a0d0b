//! What travels between proposers, acceptors and learners, and between them and clients.

use super::state::{Ballot, Proposal};
use crate::kv::{Answer, Command, Reply, Request, Value, plain_client_message};
use crate::process::fingerprint_enum;

/// A message of Paxos. The letters are those of the paper's phases.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// 1a: a proposer asks for a promise.
    Prepare {
        /// Its ballot.
        ballot: Ballot,
    },
    /// 1b: an acceptor promises.
    Promise {
        /// The ballot that it promises.
        ballot: Ballot,
        /// The highest-numbered proposal that it has accepted, if any.
        accepted: Option<Proposal>,
    },
    /// 2a: a proposer asks for acceptance.
    Accept {
        /// Ballot and value.
        proposal: Proposal,
    },
    /// 2b: an acceptor has accepted; it tells all learners.
    Accepted {
        /// Ballot and value.
        proposal: Proposal,
    },
    /// An acceptor refuses, and says what it has promised.
    Refused {
        /// The ballot that it refuses.
        ballot: Ballot,
        /// The ballot that it has promised.
        promised: Ballot,
    },
    /// A client proposes a value.
    Request(Request),
    /// The answer to it.
    Reply(Reply),
    /// A client is asked to propose a value.
    Invoke(Command),
}

fingerprint_enum!(Message {
    0 => Prepare { ballot },
    1 => Promise { ballot, accepted },
    2 => Accept { proposal },
    3 => Accepted { proposal },
    4 => Refused { ballot, promised },
    5 => Request(request),
    6 => Reply(reply),
    7 => Invoke(command),
});

impl Message {
    /// Answers a client that proposed a value: chosen, or another was.
    pub fn outcome(sequence: u64, proposed: &Value, chosen: &Value) -> Self {
        let answer =
            if proposed == chosen { Answer::Swapped } else { Answer::Mismatch { found: Some(chosen.clone()) } };
        Self::answer(sequence, answer)
    }
}

plain_client_message!(Message);
