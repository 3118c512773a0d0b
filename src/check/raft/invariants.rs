//! The promises of Raft that its monitor watches, and their indexes in the list of them.

use crate::check::invariant::Invariant;

pub(super) const ELECTION_SAFETY: usize = 0;
pub(super) const LEADER_APPEND_ONLY: usize = 1;
pub(super) const LOG_MATCHING: usize = 2;
pub(super) const LEADER_COMPLETENESS: usize = 3;
pub(super) const STATE_MACHINE_SAFETY: usize = 4;
pub(super) const COMMITTED_ON_QUORUM: usize = 5;
pub(super) const VOTES_KEPT: usize = 6;
pub(super) const ACKNOWLEDGED_KEPT: usize = 7;
pub(super) const INDEXES_IN_ORDER: usize = 8;
pub(super) const TRANSITIONS: usize = 9;
pub(super) const MATCH_INDEX_GROWS: usize = 10;
pub(super) const COMMITS_OWN_TERM: usize = 11;
pub(super) const LEADER_GRANTS_NO_VOTE: usize = 12;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "election-safety",
        text: "At most one leader is elected in a term.",
        source: "Raft, figure 3 and 5.2",
    },
    Invariant {
        name: "leader-append-only",
        text: "A leader never overwrites or deletes entries of its log; it only appends.",
        source: "Raft, figure 3 and 5.3",
    },
    Invariant {
        name: "log-matching",
        text: "Two logs that hold an entry of the same index and term are identical up to there.",
        source: "Raft, figure 3 and 5.3",
    },
    Invariant {
        name: "leader-completeness",
        text: "An entry that is committed in a term is in the logs of the leaders of all later terms.",
        source: "Raft, figure 3 and 5.4",
    },
    Invariant {
        name: "state-machine-safety",
        text: "No two servers apply different commands at the same index: their states are equal there.",
        source: "Raft, figure 3 and 5.4.3",
    },
    Invariant {
        name: "committed-on-quorum",
        text: "What a leader commits, a majority has acknowledged in its term, its own disk included.",
        source: "Raft, 5.3, dissertation, 10.2.1",
    },
    Invariant {
        name: "votes-kept",
        text: "A server's term never falls, and it votes once in a term, crash or no crash: what it has said binds it.",
        source: "Raft, 5.1, 5.2",
    },
    Invariant {
        name: "acknowledged-kept",
        text: "A server holds what it has acknowledged, crash or no crash, until the leader of a later term has it \
               replaced.",
        source: "Raft, 5.3, figure 2",
    },
    Invariant {
        name: "indexes-in-order",
        text: "Dropped, applied, committed and last index are in this order, and commit and applied index never fall.",
        source: "Raft, figure 2",
    },
    Invariant {
        name: "no-forbidden-transition",
        text: "No server finds itself in a transition that must not happen.",
        source: "Raft, figure 4",
    },
    Invariant {
        name: "match-index-grows",
        text: "What a leader knows to match in a follower's log never shrinks while it leads.",
        source: "Raft, figure 2: volatile state on leaders",
    },
    Invariant {
        name: "commits-own-term",
        text: "A leader commits by counting replicas only where the last entry is of its own term.",
        source: "Raft, 5.4.2 and figure 2",
    },
    Invariant {
        name: "leader-grants-no-vote",
        text: "A leader votes for nobody else in its term, and does not say that it would.",
        source: "Raft, 5.2; dissertation, 9.6",
    },
];
