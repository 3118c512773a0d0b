//! The promises of Viewstamped Replication that its monitor watches, and their indexes in the list of them.

use crate::check::invariant::Invariant;

pub(super) const AGREEMENT: usize = 0;
pub(super) const COMMITTED_ON_QUORUM: usize = 1;
pub(super) const COMMITTED_SURVIVES: usize = 2;
pub(super) const ONE_OPERATION_A_VIEWSTAMP: usize = 3;
pub(super) const STARTED_ON_QUORUM: usize = 4;
pub(super) const LATEST_LOG_TAKEN: usize = 5;
pub(super) const VIEWS_KEPT: usize = 6;
pub(super) const ACKNOWLEDGED_KEPT: usize = 7;
pub(super) const RECOVERED_ON_QUORUM: usize = 8;
pub(super) const ANSWERED_IN_NORMAL: usize = 9;
pub(super) const STATE_MACHINE_SAFETY: usize = 10;
pub(super) const NUMBERS_IN_ORDER: usize = 11;
pub(super) const TRANSITIONS: usize = 12;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "agreement",
        text: "At each op-number at most one operation is ever taken for committed.",
        source: "VRR 8.1",
    },
    Invariant {
        name: "committed-on-quorum",
        text: "A primary commits an operation only once f backups have said that they have it in this view.",
        source: "VRR 4.1, step 5",
    },
    Invariant {
        name: "committed-survives",
        text: "What was committed before a view begins is in the log that it begins with.",
        source: "VRR 8.1",
    },
    Invariant {
        name: "one-operation-a-viewstamp",
        text: "All that stands at one op-number and was put there in one view is the same operation.",
        source: "VRR 4.1, step 3; 8.1",
    },
    Invariant {
        name: "started-on-quorum",
        text: "A view begins once f + 1 replicas have reported, of lives that none of them knows to have ended.",
        source: "VRR 4.2, step 3; RSO 5",
    },
    Invariant {
        name: "latest-log-taken",
        text: "A view begins with the log of the latest normal view that was reported, the longest of those.",
        source: "VRR 4.2, step 3",
    },
    Invariant {
        name: "views-kept",
        text: "A replica that has reported for a view, and remembers it, acknowledges nothing in an earlier one.",
        source: "VRR 4.1; 4.2",
    },
    Invariant {
        name: "acknowledged-kept",
        text: "A replica keeps what it has acknowledged until the log of a later view takes its place.",
        source: "VRR 4.1, step 4; 5.2",
    },
    Invariant {
        name: "recovered-on-quorum",
        text: "A replica that has lost all takes part again once f + 1 have answered this life of it, and with the log \
               of the primary of the latest view among them.",
        source: "VRR 4.3, step 3; RSO 5",
    },
    Invariant {
        name: "answered-in-normal",
        text: "Only replicas in normal status answer one that recovers.",
        source: "VRR 4.3, step 2",
    },
    Invariant {
        name: "state-machine-safety",
        text: "Replicas that have carried out the same number of operations have the same state.",
        source: "VRR 8.1",
    },
    Invariant {
        name: "numbers-in-order",
        text: "A replica's log is dropped only as far as it was carried out, that only as far as it is committed, and \
               that only as far as the log goes; none of it falls while the replica is up.",
        source: "VRR 4; 5.1",
    },
    Invariant {
        name: "no-forbidden-transition",
        text: "No replica reports a transition that must not happen.",
        source: "VRR 4",
    },
];
