//! The promises of Multi-Paxos that its monitor watches, and their indexes in the list of them.

use crate::check::invariant::Invariant;

pub(super) const AGREEMENT: usize = 0;
pub(super) const LEARNED_IS_CHOSEN: usize = 1;
pub(super) const ONE_VALUE_A_BALLOT: usize = 2;
pub(super) const ONE_LEADER_A_BALLOT: usize = 3;
pub(super) const PROMISES_KEPT: usize = 4;
pub(super) const ACCEPTANCES_REPORTED: usize = 5;
pub(super) const PROPOSALS_BOUND: usize = 6;
pub(super) const BALLOTS_USED_ONCE: usize = 7;
pub(super) const STATE_MACHINE_SAFETY: usize = 8;
pub(super) const INDEXES_IN_ORDER: usize = 9;
pub(super) const GAPS_FILLED: usize = 10;
pub(super) const TRANSITIONS: usize = 11;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "agreement",
        text: "In each slot at most one value is chosen, and it never changes.",
        source: "PMS 2.1, 3",
    },
    Invariant {
        name: "learned-is-chosen",
        text: "A server counts a slot as decided only if all up to it are chosen, and holds the values that are.",
        source: "PMS 2.1, 2.3, 3",
    },
    Invariant {
        name: "one-value-a-ballot",
        text: "All that is accepted in one slot and ballot is the same value.",
        source: "PMS 2.2, 2.5",
    },
    Invariant {
        name: "one-leader-a-ballot",
        text: "A ballot is led by the server that it names, and only once.",
        source: "PMS 2.5, 3",
    },
    Invariant {
        name: "promises-kept",
        text: "An acceptor that has promised a ballot, or accepted in it, promises and accepts nothing lower in any \
               slot, crash or no crash.",
        source: "PMS 2.2, 2.5",
    },
    Invariant {
        name: "acceptances-reported",
        text: "A promise reports what its acceptor has accepted in the slots that it is asked for, or the state that \
               they led to, crash or no crash.",
        source: "PMS 2.2, phase 1 (b); 2.5; 3",
    },
    Invariant {
        name: "proposals-bound",
        text: "A new leader rests on promises from a majority, and proposes in each slot that they report the value of \
               the highest ballot there.",
        source: "PMS 2.2, P2c and phase 2 (a); 3",
    },
    Invariant {
        name: "ballots-used-once",
        text: "A candidate asks for promises of a ballot of its own, higher than all that it has used, crash or no \
               crash.",
        source: "PMS 2.2, phase 1 (a); 2.5",
    },
    Invariant {
        name: "state-machine-safety",
        text: "Servers that have applied up to the same slot have the same state.",
        source: "PMS 3",
    },
    Invariant {
        name: "indexes-in-order",
        text: "Forgotten, applied and committed slot are in this order, and what is committed and applied never falls.",
        source: "PMS 3",
    },
    Invariant {
        name: "gaps-filled",
        text: "A server that begins to lead proposes something in each slot up to the last that it was told of.",
        source: "PMS 3",
    },
    Invariant { name: "no-forbidden-transition", text: "No server sees what must not happen.", source: "PMS 2.2, 3" },
];
