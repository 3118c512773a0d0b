//! What PBFT promises, in words.

use crate::check::invariant::Invariant;

pub(super) const AGREEMENT: usize = 0;
pub(super) const ONE_PREPARED: usize = 1;
pub(super) const EXECUTION: usize = 2;
pub(super) const CHECKPOINTS: usize = 3;
pub(super) const VIEWS: usize = 4;
pub(super) const WATER_MARKS: usize = 5;
pub(super) const VALIDITY: usize = 6;
pub(super) const CONVICTIONS: usize = 7;
pub(super) const VOTES_KEPT: usize = 8;
pub(super) const CERTIFICATES: usize = 9;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "agreement",
        text: "No two honest replicas commit different requests with one number.",
        source: "PBFT 4.5.1",
    },
    Invariant {
        name: "one-prepared",
        text: "No two honest replicas prepare different requests with one number in one view.",
        source: "PBFT 4.2 and 4.5.1",
    },
    Invariant {
        name: "execution",
        text: "The state of an honest replica is that of the committed requests, each executed once, in order.",
        source: "PBFT 4.1, 4.2",
    },
    Invariant {
        name: "checkpoints-agree",
        text: "Stable checkpoints of honest replicas with one number are of one state.",
        source: "PBFT 4.3",
    },
    Invariant {
        name: "views-rise",
        text: "An honest replica that has spoken of a view never speaks in an earlier one, crash or no crash.",
        source: "PBFT 4.4",
    },
    Invariant {
        name: "water-marks",
        text: "An honest replica keeps promises only for numbers between its water marks.",
        source: "PBFT 4.2, 4.3",
    },
    Invariant {
        name: "validity",
        text: "What is committed was signed by a client, or is the null request.",
        source: "PBFT 2, 4.2",
    },
    Invariant {
        name: "only-liars-are-convicted",
        text: "No honest replica is convicted of misbehaviour.",
        source: "not in the paper",
    },
    Invariant {
        name: "votes-kept",
        text: "An honest replica never contradicts what it has said: one digest for each number in a view, one state at each number, one view-change and one \
               new-view for each view, and no view-change hides what it had prepared when it said commit.",
        source: "PBFT 4.2, 4.4",
    },
    Invariant {
        name: "certificates",
        text: "What an honest replica holds as prepared, committed or stable bears the genuine signatures of a quorum of different replicas.",
        source: "PBFT 4.2, 4.3",
    },
];
